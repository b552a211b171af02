//! News of a case in plain words.

use axum::extract::State;
use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::caller::May;
use crate::api::extract::{Json, Path};
use crate::api::problem::Problem;
use crate::app::App;
use crate::kernel::permission::permit::{ReadDocuments, WorkOnCases};
use crate::kernel::{CaseId, NewsId};
use crate::portal::{News, NewsTexts, Wording};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::default()
        .routes(routes!(list_news))
        .routes(routes!(draft_news))
        .routes(routes!(reword_news))
        .routes(routes!(approve_news))
        .routes(routes!(withdraw_news))
}

/// News of a case, with every wording it had.
#[derive(Serialize, ToSchema)]
#[schema(as = CaseNews)]
struct NewsView {
    /// Its id.
    id: NewsId,
    /// Of which case.
    case_id: CaseId,
    /// When it was drafted.
    created_at: DateTime<Utc>,
    /// When it was withdrawn.
    withdrawn_at: Option<DateTime<Utc>>,
    /// Its wordings, the newest first. The client reads the newest that is approved.
    wordings: Vec<WordingView>,
}

/// A wording of news.
#[derive(Serialize, ToSchema)]
#[schema(as = NewsWording)]
struct WordingView {
    /// Its number, from 1.
    number: i64,
    /// In English.
    english: Option<String>,
    /// In Hindi.
    hindi: Option<String>,
    /// Who wrote it.
    written_by: String,
    /// When.
    written_at: DateTime<Utc>,
    /// The advocate who approved it.
    approved_by: Option<String>,
    /// When.
    approved_at: Option<DateTime<Utc>>,
}

impl From<Wording> for WordingView {
    fn from(wording: Wording) -> Self {
        let Wording { number, english, hindi, written_by, written_at, approved_by, approved_at } =
            wording;
        Self { number, english, hindi, written_by, written_at, approved_by, approved_at }
    }
}

impl From<News> for NewsView {
    fn from(news: News) -> Self {
        let News { id, case_id, created_at, withdrawn_at, wordings } = news;
        let wordings = wordings.into_iter().map(WordingView::from).collect();
        Self { id, case_id, created_at, withdrawn_at, wordings }
    }
}

/// List the news of a case
///
/// With every wording. For those to whom the case is open.
#[utoipa::path(get, path = "/api/v1/cases/{id}/news", tag = "portal",
    params(("id" = Uuid, Path, description = "The case.")),
    responses((status = 200, description = "The latest first.", body = [NewsView]), Problem))]
async fn list_news(
    State(app): State<App>,
    May(caller, ..): May<ReadDocuments>,
    Path(id): Path<CaseId>,
) -> Result<Json<Vec<NewsView>>, Problem> {
    app.portal.preview(&caller.scope, id).await?;
    let news = app.portal.news(&caller.scope, id).await?;
    Ok(Json(news.into_iter().map(NewsView::from).collect()))
}

/// What news says, in one language or both.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewsTexts)]
struct TextsBody {
    /// In English.
    english: Option<String>,
    /// In Hindi.
    hindi: Option<String>,
}

impl From<TextsBody> for NewsTexts {
    fn from(TextsBody { english, hindi }: TextsBody) -> Self {
        Self { english, hindi }
    }
}

/// What was drafted.
#[derive(Serialize, ToSchema)]
struct DraftedNews {
    /// The news.
    id: NewsId,
}

/// Draft news of a case
///
/// Its client reads nothing of it before an advocate has approved it. For those who work on
/// the case, and admins.
#[utoipa::path(post, path = "/api/v1/cases/{id}/news", tag = "portal",
    params(("id" = Uuid, Path, description = "The case.")),
    request_body = TextsBody,
    responses((status = 201, description = "It is drafted.", body = DraftedNews), Problem))]
async fn draft_news(
    State(app): State<App>,
    May(caller, ..): May<WorkOnCases>,
    Path(case): Path<CaseId>,
    Json(texts): Json<TextsBody>,
) -> Result<(StatusCode, Json<DraftedNews>), Problem> {
    let id = app.portal.draft_news(&caller.scope, case, texts.into()).await?;
    Ok((StatusCode::CREATED, Json(DraftedNews { id })))
}

/// Word news anew
///
/// The new wording needs an approval of its own; until then the client reads the one
/// approved before. For those who work on the case, and admins.
#[utoipa::path(put, path = "/api/v1/news/{id}", tag = "portal",
    params(("id" = Uuid, Path, description = "The news.")),
    request_body = TextsBody,
    responses((status = 204, description = "It has a new wording."), Problem))]
async fn reword_news(
    State(app): State<App>,
    May(caller, ..): May<WorkOnCases>,
    Path(id): Path<NewsId>,
    Json(texts): Json<TextsBody>,
) -> Result<StatusCode, Problem> {
    app.portal.reword_news(&caller.scope, id, texts.into()).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Which wording is approved.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ApproveNews {
    /// The number of the wording that was read; it must be the newest.
    wording: i64,
}

/// Approve news
///
/// The client reads this wording from now on, and is told. For advocates who work on the
/// case, and admins; never for staff.
#[utoipa::path(post, path = "/api/v1/news/{id}/approve", tag = "portal",
    params(("id" = Uuid, Path, description = "The news.")),
    request_body = ApproveNews,
    responses((status = 204, description = "It is approved."), Problem))]
async fn approve_news(
    State(app): State<App>,
    May(caller, ..): May<WorkOnCases>,
    Path(id): Path<NewsId>,
    Json(ApproveNews { wording }): Json<ApproveNews>,
) -> Result<StatusCode, Problem> {
    app.portal.approve_news(&caller.scope, id, wording).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Withdraw news
///
/// The client reads it no more; what it said is kept. For those who work on the case, and
/// admins.
#[utoipa::path(post, path = "/api/v1/news/{id}/withdraw", tag = "portal",
    params(("id" = Uuid, Path, description = "The news.")),
    responses((status = 204, description = "It is withdrawn."), Problem))]
async fn withdraw_news(
    State(app): State<App>,
    May(caller, ..): May<WorkOnCases>,
    Path(id): Path<NewsId>,
) -> Result<StatusCode, Problem> {
    app.portal.withdraw_news(&caller.scope, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
