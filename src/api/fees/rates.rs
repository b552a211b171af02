//! What an hour costs.

use axum::extract::State;
use axum::http::StatusCode;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::caller::May;
use crate::api::extract::{Json, Path, Query};
use crate::api::problem::Problem;
use crate::app::App;
use crate::fees::{Applied, NewRate, Rate, Rounding, Work};
use crate::kernel::permission::permit::{ReadBilling, ReadCases};
use crate::kernel::{CaseId, ClientId, Paise, RateId, UserId, day_in_india};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::default().routes(routes!(list_rates, set_rate)).routes(routes!(show_rate))
}

/// Which rates are asked for.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct RateParams {
    /// Those of one case; all of the chamber when left out.
    case: Option<CaseId>,
}

/// What an hour costs.
#[derive(Serialize, ToSchema)]
#[schema(as = HourlyRate)]
struct RateView {
    /// Its id.
    id: RateId,
    /// In one case.
    case_id: Option<CaseId>,
    /// Its title.
    case_title: Option<String>,
    /// For one client.
    client_id: Option<ClientId>,
    /// Their name.
    client_name: Option<String>,
    /// Of one person.
    user_id: Option<UserId>,
    /// Their name.
    user_name: Option<String>,
    /// For one class of work.
    work: Option<Work>,
    /// What an hour costs, in paise; none where it ends the rate that was there.
    paise_per_hour: Option<Paise>,
    /// In what steps time is billed.
    rounding: Rounding,
    /// From which day on.
    valid_from: NaiveDate,
    /// Who set it.
    set_by: String,
    /// When.
    set_at: DateTime<Utc>,
}

impl From<Rate> for RateView {
    fn from(rate: Rate) -> Self {
        let Rate { id, case, client, user, work, per_hour, rounding, valid_from, set_by, set_at } =
            rate;
        let (case_id, case_title) = case.unzip();
        let (client_id, client_name) = client.unzip();
        let (user_id, user_name) = user.unzip();
        Self {
            id,
            case_id,
            case_title,
            client_id,
            client_name,
            user_id,
            user_name,
            work,
            paise_per_hour: per_hour,
            rounding,
            valid_from,
            set_by,
            set_at,
        }
    }
}

/// A rate to be set, for whatever is named: a person, a case or a client, a class of work;
/// for the whole chamber when nothing is.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewHourlyRate)]
struct RateBody {
    /// In one case.
    case_id: Option<CaseId>,
    /// Or for one client.
    client_id: Option<ClientId>,
    /// Of one person.
    user_id: Option<UserId>,
    /// For one class of work.
    work: Option<Work>,
    /// What an hour costs, in paise; left out, the rate that was there ends.
    paise_per_hour: Option<Paise>,
    /// In what steps time is billed; by the minute when left out.
    #[serde(default)]
    #[schema(required = false)]
    rounding: Rounding,
    /// From which day on.
    valid_from: NaiveDate,
}

/// A rate that was set.
#[derive(Serialize, ToSchema)]
struct RateSet {
    /// Its id.
    id: RateId,
}

/// Whose rate is asked for.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct RateOf {
    /// Whose; one's own when left out.
    user: Option<UserId>,
    /// The class of work; advice and representation when left out.
    #[param(value_type = Option<String>)]
    work: Option<Work>,
    /// The day; today when left out.
    on: Option<NaiveDate>,
}

/// The rate that applies, and why.
#[derive(Serialize, ToSchema)]
#[schema(as = AppliedRate)]
struct AppliedView {
    /// Which rate; none when none applies.
    id: Option<RateId>,
    /// What an hour costs, in paise.
    paise_per_hour: Option<Paise>,
    /// In what steps time is billed.
    rounding: Rounding,
    /// Which rate it is and why it applies, in words.
    why: String,
}

/// List rates
///
/// The latest to begin first. All of the chamber for admins and billing; those of one case
/// also for who leads it.
#[utoipa::path(get, path = "/api/v1/rates", tag = "fees", params(RateParams),
    responses((status = 200, description = "The rates.", body = [RateView]), Problem))]
async fn list_rates(
    State(app): State<App>,
    May(caller, ..): May<ReadBilling>,
    Query(RateParams { case }): Query<RateParams>,
) -> Result<Json<Vec<RateView>>, Problem> {
    let rates = app.fees.rates(&caller.scope, case).await?;
    Ok(Json(rates.into_iter().map(RateView::from).collect()))
}

/// Set a rate
///
/// From its day on it takes the place of the one for the same. Time that was entered keeps
/// what it costs. For admins and billing; those of a case also for who leads it.
#[utoipa::path(post, path = "/api/v1/rates", tag = "fees", request_body = RateBody,
    responses((status = 201, description = "It is set.", body = RateSet), Problem))]
async fn set_rate(
    State(app): State<App>,
    May(caller, ..): May<ReadBilling>,
    Json(body): Json<RateBody>,
) -> Result<(StatusCode, Json<RateSet>), Problem> {
    let RateBody { case_id, client_id, user_id, work, paise_per_hour, rounding, valid_from } = body;
    let new = NewRate {
        case: case_id,
        client: client_id,
        user: user_id,
        work,
        per_hour: paise_per_hour,
        rounding,
        valid_from,
    };
    let id = app.fees.set_rate(&caller.scope, new).await?;
    Ok((StatusCode::CREATED, Json(RateSet { id })))
}

/// Show which rate applies
///
/// To somebody's work in a case on a day, and why: the most specific of those set. One's
/// own for who works on the case; anybody's for who sees its money.
#[utoipa::path(get, path = "/api/v1/cases/{id}/rate", tag = "fees",
    params(("id" = Uuid, Path, description = "The case."), RateOf),
    responses((status = 200, description = "The rate.", body = AppliedView), Problem))]
async fn show_rate(
    State(app): State<App>,
    May(caller, ..): May<ReadCases>,
    Path(id): Path<CaseId>,
    Query(RateOf { user, work, on }): Query<RateOf>,
) -> Result<Json<AppliedView>, Problem> {
    let user = user.unwrap_or_else(|| caller.scope.user());
    let on = on.unwrap_or_else(|| day_in_india(app.clock.now()));
    let asked = (user, work.unwrap_or_default(), on);
    let found = app.fees.rate_of(&caller.scope, id, asked).await?;
    Ok(Json(AppliedView {
        id: found.map(|rate| rate.id),
        paise_per_hour: found.map(|rate| rate.per_hour),
        rounding: found.map(|rate| rate.rounding).unwrap_or_default(),
        why: found.as_ref().map_or_else(
            || "no rate is set; what an hour costs is said with the entry".to_owned(),
            Applied::why,
        ),
    }))
}
