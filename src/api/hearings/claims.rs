//! Days that sources give differently.

use axum::extract::State;
use axum::http::StatusCode;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::views::{Entered, SourceBody};
use crate::api::caller::May;
use crate::api::extract::{Json, Path, Query};
use crate::api::problem::Problem;
use crate::app::App;
use crate::hearings::{Claim, ClaimDecision, NewClaim, SourceKind};
use crate::kernel::permission::permit::{ReadCases, WorkOnCases};
use crate::kernel::{CaseId, HearingClaimId, HearingId};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::default()
        .routes(routes!(list_claims))
        .routes(routes!(claim_day))
        .routes(routes!(decide_claim))
}

/// Another day that a source gives for a hearing.
#[derive(Serialize, ToSchema)]
#[schema(as = HearingClaim)]
struct ClaimView {
    /// Its id.
    id: HearingClaimId,
    /// The hearing.
    hearing_id: HearingId,
    /// The case.
    case_id: CaseId,
    /// The case's title.
    case_title: String,
    /// The day known so far.
    known_date: NaiveDate,
    /// How that is known.
    known_kind: SourceKind,
    /// The other day.
    on_date: NaiveDate,
    /// How that is known.
    source_kind: SourceKind,
    /// The words it is known from.
    quote: Option<String>,
    /// The hearing entered for that day already.
    became_id: Option<HearingId>,
    /// Who noted it.
    by: String,
    /// When.
    at: DateTime<Utc>,
}

impl From<Claim> for ClaimView {
    fn from(claim: Claim) -> Self {
        let Claim {
            id,
            hearing,
            case_id,
            case_title,
            known_date,
            known_kind,
            claimed,
            became,
            by,
            at,
        } = claim;
        let NewClaim { on_date, court_hall: _, item: _, source_kind, source, quote } = claimed;
        Self {
            id,
            hearing_id: hearing,
            case_id,
            case_title,
            known_date,
            known_kind,
            on_date,
            source_kind,
            quote: source.and_then(|source| source.quote).or(quote),
            became_id: became,
            by,
            at,
        }
    }
}

/// Whose claims are asked for.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct ClaimQuery {
    /// Those of one case.
    case: Option<CaseId>,
}

/// List days that sources give differently
///
/// Those nobody has decided on, in the cases open to you. For those who read cases.
#[utoipa::path(get, path = "/api/v1/hearing-claims", tag = "hearings", params(ClaimQuery),
    responses((status = 200, description = "The days.", body = [ClaimView]), Problem))]
async fn list_claims(
    State(app): State<App>,
    May(caller, ..): May<ReadCases>,
    Query(ClaimQuery { case }): Query<ClaimQuery>,
) -> Result<Json<Vec<ClaimView>>, Problem> {
    if let Some(case) = case {
        app.cases.find(&caller.scope, case).await?;
    }
    let found = app.hearings.claims(&caller.scope, case).await?;
    Ok(Json(found.into_iter().map(Into::into).collect()))
}

/// Another day for a hearing.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewHearingClaim)]
struct ClaimBody {
    /// The day.
    on_date: NaiveDate,
    /// The page it is known from; none when somebody heard of it.
    source: Option<SourceBody>,
}

/// Note another day for a hearing
///
/// Both are kept and shown until somebody decides. For those who work on the case.
#[utoipa::path(post, path = "/api/v1/hearings/{id}/claims", tag = "hearings",
    params(("id" = Uuid, Path, description = "The hearing.")),
    request_body = ClaimBody,
    responses((status = 201, description = "It was noted.", body = Entered), Problem))]
async fn claim_day(
    State(app): State<App>,
    May(caller, ..): May<WorkOnCases>,
    Path(id): Path<HearingId>,
    Json(ClaimBody { on_date, source }): Json<ClaimBody>,
) -> Result<(StatusCode, Json<Entered>), Problem> {
    let new = NewClaim {
        on_date,
        court_hall: None,
        item: None,
        source_kind: SourceKind::Manual,
        source: source.map(Into::into),
        quote: None,
    };
    let id = app.hearings.claim(&caller.scope, id, new).await?;
    Ok((StatusCode::CREATED, Json(Entered { id: id.uuid() })))
}

/// What is decided.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = HearingClaimDecided)]
struct DecisionBody {
    /// Which day holds.
    decision: ClaimDecision,
}

/// Decide between two days
///
/// The hearing is moved, stays, or there is one on each day. For those who work on the
/// case; the first decision holds.
#[utoipa::path(post, path = "/api/v1/hearing-claims/{id}/decide", tag = "hearings",
    params(("id" = Uuid, Path, description = "The claim.")),
    request_body = DecisionBody,
    responses((status = 204, description = "It was decided."), Problem))]
async fn decide_claim(
    State(app): State<App>,
    May(caller, ..): May<WorkOnCases>,
    Path(id): Path<HearingClaimId>,
    Json(DecisionBody { decision }): Json<DecisionBody>,
) -> Result<StatusCode, Problem> {
    app.hearings.decide_claim(&caller.scope, id, decision).await?;
    Ok(StatusCode::NO_CONTENT)
}
