//! The cases a client is shown, and the language they read them in.

use axum::extract::State;
use axum::http::StatusCode;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::requests::ClientRequestView;
use crate::api::caller::May;
use crate::api::extract::{Json, Path};
use crate::api::problem::Problem;
use crate::app::App;
use crate::kernel::permission::permit::UsePortal;
use crate::kernel::{CaseId, NewsId, Scope};
use crate::portal::{Approved, CourtDay, CourtOutcome, Language, PortalError, ShownCase};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::default()
        .routes(routes!(list_shown_cases))
        .routes(routes!(show_shown_case))
        .routes(routes!(show_portal_language))
        .routes(routes!(choose_portal_language))
}

/// A case as its client reads it.
#[derive(Serialize, ToSchema)]
pub(super) struct ClientCase {
    /// Its id.
    id: CaseId,
    /// How it is called.
    title: String,
    /// The court's number for it.
    number: Option<String>,
    /// The court.
    court: Option<String>,
    /// Whether it has ended.
    closed: bool,
    /// The last day in court.
    last: Option<CourtDayView>,
    /// The next.
    next: Option<CourtDayView>,
    /// What the chamber needs, and what was needed.
    requests: Vec<ClientRequestView>,
    /// News an advocate approved, the latest first.
    news: Vec<ClientNews>,
}

/// A day in court.
#[derive(Serialize, ToSchema)]
#[schema(as = CourtDay)]
struct CourtDayView {
    /// The day.
    on: NaiveDate,
    /// The court.
    court: Option<String>,
    /// The hall.
    hall: Option<String>,
    /// How it went; nothing before it was held.
    outcome: Option<CourtOutcome>,
}

impl From<CourtDay> for CourtDayView {
    fn from(CourtDay { on, court, hall, outcome }: CourtDay) -> Self {
        Self { on, court, hall, outcome }
    }
}

/// News of a case as its client reads it.
#[derive(Serialize, ToSchema)]
struct ClientNews {
    /// Its id.
    id: NewsId,
    /// In English.
    english: Option<String>,
    /// In Hindi.
    hindi: Option<String>,
    /// The advocate who approved it.
    approved_by: String,
    /// When.
    approved_at: DateTime<Utc>,
}

impl From<Approved> for ClientNews {
    fn from(news: Approved) -> Self {
        let Approved { id, case_id: _, english, hindi, approved_by, approved_at } = news;
        Self { id, english, hindi, approved_by, approved_at }
    }
}

impl ClientCase {
    pub(super) async fn of(app: &App, scope: &Scope, case: ShownCase) -> Result<Self, PortalError> {
        let ShownCase { id, title, number, court, status, created_at: _ } = case;
        let (last, next) = app.portal.court_days(scope, id).await?;
        let requests = app.portal.requests(scope, Some(id)).await?;
        let news = app.portal.approved_news(scope, id).await?;
        Ok(Self {
            id,
            title,
            number,
            court,
            closed: status == "closed",
            last: last.map(CourtDayView::from),
            next: next.map(CourtDayView::from),
            requests: requests
                .into_iter()
                .filter(|request| !request.withdrawn)
                .map(ClientRequestView::from)
                .collect(),
            news: news.into_iter().map(ClientNews::from).collect(),
        })
    }
}

/// List your cases
///
/// Those the chamber shows you: the open ones first. The view is recorded. For clients.
#[utoipa::path(get, path = "/api/v1/portal/cases", tag = "portal",
    responses((status = 200, description = "The cases.", body = [ClientCase]), Problem))]
async fn list_shown_cases(
    State(app): State<App>,
    May(caller, ..): May<UsePortal>,
) -> Result<Json<Vec<ClientCase>>, Problem> {
    let mut cases = Vec::new();
    for case in app.portal.cases(&caller.scope).await? {
        cases.push(ClientCase::of(&app, &caller.scope, case).await?);
    }
    Ok(Json(cases))
}

/// Show a case of yours
///
/// Its last and next day in court, what the chamber needs from you, and news. The view is
/// recorded. For the client it is shown to.
#[utoipa::path(get, path = "/api/v1/portal/cases/{id}", tag = "portal",
    params(("id" = Uuid, Path, description = "The case.")),
    responses((status = 200, description = "The case.", body = ClientCase), Problem))]
async fn show_shown_case(
    State(app): State<App>,
    May(caller, ..): May<UsePortal>,
    Path(id): Path<CaseId>,
) -> Result<Json<ClientCase>, Problem> {
    let case = app.portal.case(&caller.scope, id).await?;
    Ok(Json(ClientCase::of(&app, &caller.scope, case).await?))
}

/// The language of the portal's pages and letters.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct LanguageChoice {
    /// The language.
    language: Language,
}

/// Show the language you read
///
/// For clients.
#[utoipa::path(get, path = "/api/v1/portal/language", tag = "portal",
    responses((status = 200, description = "The language.", body = LanguageChoice), Problem))]
async fn show_portal_language(
    State(app): State<App>,
    May(caller, ..): May<UsePortal>,
) -> Result<Json<LanguageChoice>, Problem> {
    let language = app.portal.language(&caller.scope).await?;
    Ok(Json(LanguageChoice { language }))
}

/// Choose the language you read
///
/// English or Hindi. For clients.
#[utoipa::path(put, path = "/api/v1/portal/language", tag = "portal",
    request_body = LanguageChoice,
    responses((status = 204, description = "It is kept."), Problem))]
async fn choose_portal_language(
    State(app): State<App>,
    May(caller, ..): May<UsePortal>,
    Json(LanguageChoice { language }): Json<LanguageChoice>,
) -> Result<StatusCode, Problem> {
    app.portal.speak(&caller.scope, language).await?;
    Ok(StatusCode::NO_CONTENT)
}
