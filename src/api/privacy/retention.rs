//! How long cases are kept.

use axum::extract::State;
use axum::http::StatusCode;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::super::caller::May;
use super::super::extract::Json;
use super::super::problem::Problem;
use crate::app::App;
use crate::kernel::CaseId;
use crate::kernel::permission::permit::ProtectData;
use crate::privacy::{Due, Rule};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::default().routes(routes!(list_retention, set_retention))
}

/// How long a case is kept.
#[derive(Debug, Serialize, ToSchema)]
struct RetentionView {
    /// The case.
    case_id: CaseId,
    /// How it is called.
    title: String,
    /// The day it ended.
    ended_on: String,
    /// How many years it is kept from then.
    years: i64,
    /// How many documents would go.
    documents: i64,
    /// The first day on which it may be erased.
    from: NaiveDate,
    /// Whether that day has come.
    is_due: bool,
    /// The reason of a legal hold that keeps it all the same.
    held: Option<String>,
}

impl From<Due> for RetentionView {
    fn from(due: Due) -> Self {
        let Due { rule, from, is_due, held } = due;
        let Rule { case_id, title, ended_on, years, documents } = rule;
        Self { case_id, title, ended_on, years, documents, from, is_due, held }
    }
}

/// A rule for a case.
#[derive(Debug, Deserialize, ToSchema)]
struct NewRetention {
    /// The case.
    case_id: CaseId,
    /// The day it ended.
    ended_on: NaiveDate,
    /// How many years it is kept from then.
    years: i64,
}

/// List retention rules
///
/// The first due first. Nothing is erased by a rule. For admins.
#[utoipa::path(get, path = "/api/v1/retention", tag = "privacy",
    responses((status = 200, description = "The rules.", body = [RetentionView]), Problem))]
async fn list_retention(
    State(app): State<App>,
    May(caller, ..): May<ProtectData>,
) -> Result<Json<Vec<RetentionView>>, Problem> {
    let due = app.privacy.retention(&caller.scope).await?;
    Ok(Json(due.into_iter().map(Into::into).collect()))
}

/// Set how long a case is kept
///
/// For admins.
#[utoipa::path(put, path = "/api/v1/retention", tag = "privacy", request_body = NewRetention,
    responses((status = 204, description = "It is set."), Problem))]
async fn set_retention(
    State(app): State<App>,
    May(caller, ..): May<ProtectData>,
    Json(new): Json<NewRetention>,
) -> Result<StatusCode, Problem> {
    let NewRetention { case_id, ended_on, years } = new;
    app.privacy.keep_for(&caller.scope, case_id, ended_on, years).await?;
    Ok(StatusCode::NO_CONTENT)
}
