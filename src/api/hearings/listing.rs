//! Hearings as they are listed, and what is wrong with dates.

use axum::extract::State;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::views::{ChangeView, HearingView, WarningView};
use crate::api::caller::May;
use crate::api::extract::{Json, Path, Query};
use crate::api::problem::Problem;
use crate::app::App;
use crate::hearings::{AdjournedBy, HearingQuery, Reason, adjourned_counts, reasons};
use crate::kernel::permission::permit::ReadCases;
use crate::kernel::{CaseId, HearingId};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::default()
        .routes(routes!(list_hearings))
        .routes(routes!(case_hearings, super::changing::add_hearing))
        .routes(routes!(show_hearing))
        .routes(routes!(hearing_warnings))
        .routes(routes!(adjournment_reasons))
}

/// Which hearings are asked for.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct DiaryQuery {
    /// From this day on.
    from: Option<NaiveDate>,
    /// Until this day, with it.
    to: Option<NaiveDate>,
    /// Whether those alone of cases you are a member of.
    mine: Option<bool>,
}

/// List hearings
///
/// By day, of the cases open to you; at most 1,000. For those who read cases.
#[utoipa::path(get, path = "/api/v1/hearings", tag = "hearings", params(DiaryQuery),
    responses((status = 200, description = "The hearings.", body = [HearingView]), Problem))]
async fn list_hearings(
    State(app): State<App>,
    May(caller, ..): May<ReadCases>,
    Query(DiaryQuery { from, to, mine }): Query<DiaryQuery>,
) -> Result<Json<Vec<HearingView>>, Problem> {
    let asked = HearingQuery {
        from,
        to,
        mine: mine.unwrap_or(false),
        limit: 1_000,
        ..HearingQuery::default()
    };
    let found = app.hearings.list(&caller.scope, asked).await?;
    Ok(Json(found.into_iter().map(Into::into).collect()))
}

/// The hearings of a case and what they come to.
#[derive(Serialize, ToSchema)]
#[schema(as = CaseHearings)]
struct CaseHearingsView {
    /// The hearings, the latest first, with those that were withdrawn.
    hearings: Vec<HearingView>,
    /// Days that were moved, the latest first.
    changes: Vec<ChangeView>,
    /// How many were heard.
    effective: u32,
    /// How many the court did not come to.
    not_reached: u32,
    /// How many were put off.
    adjourned: u32,
    /// All of it in words.
    words: String,
}

/// List the hearings of a case
///
/// With those withdrawn, the days that were moved, and how often and by whom it was
/// adjourned. For those to whom the case is open.
#[utoipa::path(get, path = "/api/v1/cases/{id}/hearings", tag = "hearings",
    params(("id" = Uuid, Path, description = "The case.")),
    responses((status = 200, description = "The hearings.", body = CaseHearingsView), Problem))]
async fn case_hearings(
    State(app): State<App>,
    May(caller, ..): May<ReadCases>,
    Path(id): Path<CaseId>,
) -> Result<Json<CaseHearingsView>, Problem> {
    let scope = &caller.scope;
    app.cases.find(scope, id).await?;
    if !scope.opens(id) {
        return Err(Problem::hidden());
    }
    let asked = HearingQuery {
        case: Some(id),
        latest_first: true,
        withdrawn: true,
        limit: 1_000,
        ..HearingQuery::default()
    };
    let found = app.hearings.list(scope, asked).await?;
    let changes = app.hearings.changes(scope, id).await?;
    let history = adjourned_counts(&found);
    Ok(Json(CaseHearingsView {
        effective: history.effective,
        not_reached: history.not_reached,
        adjourned: history.adjournments(),
        words: history.words(),
        hearings: found.into_iter().map(Into::into).collect(),
        changes: changes.into_iter().map(Into::into).collect(),
    }))
}

/// Show a hearing
///
/// For those to whom its case is open.
#[utoipa::path(get, path = "/api/v1/hearings/{id}", tag = "hearings",
    params(("id" = Uuid, Path, description = "The hearing.")),
    responses((status = 200, description = "The hearing.", body = HearingView), Problem))]
async fn show_hearing(
    State(app): State<App>,
    May(caller, ..): May<ReadCases>,
    Path(id): Path<HearingId>,
) -> Result<Json<HearingView>, Problem> {
    Ok(Json(app.hearings.find(&caller.scope, id).await?.into()))
}

/// Whose warnings are asked for.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct WarningQuery {
    /// Those of one case.
    case: Option<CaseId>,
}

/// List what is wrong with dates
///
/// Open cases without a next date, days that passed without an outcome, sources that
/// disagree, two courts at once, court holidays. For those who read cases.
#[utoipa::path(get, path = "/api/v1/hearing-warnings", tag = "hearings", params(WarningQuery),
    responses((status = 200, description = "The warnings.", body = [WarningView]), Problem))]
async fn hearing_warnings(
    State(app): State<App>,
    May(caller, ..): May<ReadCases>,
    Query(WarningQuery { case }): Query<WarningQuery>,
) -> Result<Json<Vec<WarningView>>, Problem> {
    if let Some(case) = case {
        app.cases.find(&caller.scope, case).await?;
    }
    let found = app.date_warnings(&caller.scope, case).await?;
    Ok(Json(found.into_iter().map(Into::into).collect()))
}

/// A reason for which hearings are put off.
#[derive(Serialize, ToSchema)]
#[schema(as = AdjournmentReason)]
struct ReasonView {
    /// What is sent.
    key: &'static str,
    /// In words.
    words: &'static str,
    /// For whose sake, as a rule.
    usually: AdjournedBy,
    /// Where it is taken from.
    source: &'static str,
}

/// List reasons of adjournments
///
/// For those who read cases.
#[utoipa::path(get, path = "/api/v1/adjournment-reasons", tag = "hearings",
    responses((status = 200, description = "The reasons.", body = [ReasonView]), Problem))]
async fn adjournment_reasons(May(..): May<ReadCases>) -> Json<Vec<ReasonView>> {
    let view = |reason: &'static Reason| {
        let Reason { key, words, usually, source } = reason;
        ReasonView { key, words, usually: *usually, source }
    };
    Json(reasons().iter().map(view).collect())
}
