//! Conflicts of interest.

mod views;

use axum::extract::State;
use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use self::views::{CheckLine, CheckView};
use super::caller::May;
use super::extract::{Json, Path, Query};
use super::problem::Problem;
use crate::app::App;
use crate::conflicts::{Asked, AskedName, CheckQuery, Decision, Identifiers, Occasion};
use crate::kernel::permission::permit::CheckConflicts;
use crate::kernel::{CaseId, ClientId, ConflictCheckId};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::default()
        .routes(routes!(list_checks, make_check))
        .routes(routes!(find_check))
        .routes(routes!(decide_check))
}

/// Which checks are wanted.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct CheckFilter {
    /// Of one case.
    case: Option<CaseId>,
    /// Of one client.
    client: Option<ClientId>,
    /// Those alone that wait for a decision.
    #[serde(default)]
    #[param(required = false)]
    undecided: bool,
    /// Made before this moment: the `asked_at` of the last of the page before.
    before: Option<DateTime<Utc>>,
}

/// List conflict checks
///
/// The newest first, 50 at a time: one's own, for an admin those of all, for others those of
/// the cases they lead. A check with a match behind a wall that keeps the caller out is not
/// among them, unless they asked it. For the chamber's own people.
#[utoipa::path(get, path = "/api/v1/conflicts", tag = "conflicts", params(CheckFilter),
    responses((status = 200, description = "The checks.", body = [CheckLine]), Problem))]
async fn list_checks(
    State(app): State<App>,
    May(caller, ..): May<CheckConflicts>,
    Query(filter): Query<CheckFilter>,
) -> Result<Json<Vec<CheckLine>>, Problem> {
    let CheckFilter { case, client, undecided, before } = filter;
    let query = CheckQuery { case, client, undecided, before };
    let checks = app.conflicts.list(&caller.scope, &query).await?;
    Ok(Json(checks.into_iter().map(CheckLine::from).collect()))
}

/// A name that is looked for.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NameToCheck {
    /// The name.
    name: String,
    /// Whether the chamber would act for them.
    #[serde(default)]
    ours: bool,
    /// Their father or husband.
    father: Option<String>,
    /// Where they are.
    city: Option<String>,
    /// Their PAN.
    pan: Option<String>,
    /// Their GSTIN.
    gstin: Option<String>,
    /// A company's number in the register of companies.
    cin: Option<String>,
    /// Their telephone number.
    phone: Option<String>,
    /// Their email address.
    email: Option<String>,
}

impl From<NameToCheck> for AskedName {
    fn from(name: NameToCheck) -> Self {
        let NameToCheck { name, ours, father, city, pan, gstin, cin, phone, email } = name;
        let identifiers = Identifiers { pan, gstin, cin, phone, email };
        Self { name, ours, father, city, identifiers }
    }
}

/// Names that are looked for.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewConflictCheck {
    /// The names of all sides; 20 at most.
    names: Vec<NameToCheck>,
    /// The case it is for.
    case_id: Option<CaseId>,
    /// The client it is for.
    client_id: Option<ClientId>,
    /// Whether counsel of other sides are looked among too.
    #[serde(default)]
    with_counsel: bool,
}

/// Check for conflicts
///
/// Looks for names among all clients, contacts, parties and names looked for that there ever
/// were, and keeps what was found. A match in what is not open to the caller is counted and
/// not shown. For whoever a wall keeps out of anything the answer says that an admin
/// confirms it, whether or not there is more. For the chamber's own people.
#[utoipa::path(post, path = "/api/v1/conflicts", tag = "conflicts",
    request_body = NewConflictCheck,
    responses((status = 201, description = "The check.", body = CheckView), Problem))]
async fn make_check(
    State(app): State<App>,
    May(caller, ..): May<CheckConflicts>,
    Json(body): Json<NewConflictCheck>,
) -> Result<(StatusCode, Json<CheckView>), Problem> {
    let NewConflictCheck { names, case_id, client_id, with_counsel } = body;
    let asked = Asked {
        names: names.into_iter().map(AskedName::from).collect(),
        case: case_id,
        client: client_id,
        occasion: Occasion::Asked,
        with_counsel,
    };
    let check = app.conflicts.ask(&caller.scope, asked).await?;
    Ok((StatusCode::CREATED, Json(check.into())))
}

/// Show a conflict check
///
/// With its matches as far as they are open to the caller, and what was decided. For who
/// asked it, admins, and those who lead its case.
#[utoipa::path(get, path = "/api/v1/conflicts/{id}", tag = "conflicts",
    params(("id" = Uuid, Path, description = "The check.")),
    responses((status = 200, description = "The check.", body = CheckView), Problem))]
async fn find_check(
    State(app): State<App>,
    May(caller, ..): May<CheckConflicts>,
    Path(id): Path<ConflictCheckId>,
) -> Result<Json<CheckView>, Problem> {
    Ok(Json(app.conflicts.find(&caller.scope, id).await?.into()))
}

/// What is decided on a check.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewConflictDecision {
    /// What.
    decision: Decision,
    /// Why; it is recorded, and whoever asked reads it.
    #[schema(max_length = 1000)]
    reason: String,
}

/// Decide on a conflict check
///
/// A later decision takes the place of one before, and both are kept. For admins, those who
/// lead the check's case, and the advocate who asked where it is for no case; where every
/// match is open to them.
#[utoipa::path(post, path = "/api/v1/conflicts/{id}/decisions", tag = "conflicts",
    params(("id" = Uuid, Path, description = "The check.")),
    request_body = NewConflictDecision,
    responses((status = 204, description = "It is decided."), Problem))]
async fn decide_check(
    State(app): State<App>,
    May(caller, ..): May<CheckConflicts>,
    Path(id): Path<ConflictCheckId>,
    Json(NewConflictDecision { decision, reason }): Json<NewConflictDecision>,
) -> Result<StatusCode, Problem> {
    app.conflicts.decide(&caller.scope, id, decision, &reason).await?;
    Ok(StatusCode::NO_CONTENT)
}
