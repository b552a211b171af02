//! What people want to be told of.

use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::caller::Signed;
use super::extract::Json;
use super::problem::Problem;
use crate::app::App;
use crate::notices::{Choice, NewSettings, Settings, clock_time};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::default().routes(routes!(show_notice_settings, set_notice_settings))
}

/// How one is told of a kind of thing.
#[derive(Serialize, ToSchema)]
struct NoticeChoice {
    /// The kind.
    #[schema(example = "mention")]
    kind: &'static str,
    /// What it tells of, in words.
    words: &'static str,
    /// How: `at_once`, `digest` or `never`.
    how: &'static str,
}

impl From<Choice> for NoticeChoice {
    fn from(choice: Choice) -> Self {
        let Choice { kind, how } = choice;
        Self { kind: kind.as_str(), words: kind.words(), how: how.as_str() }
    }
}

/// What one is told of, and when.
#[derive(Serialize, ToSchema)]
struct NoticeSettings {
    /// A choice for each kind.
    choices: Vec<NoticeChoice>,
    /// When quiet begins, by the clock of India; none for no quiet.
    #[schema(example = "21:00")]
    quiet_from: Option<String>,
    /// When it ends.
    #[schema(example = "07:00")]
    quiet_until: Option<String>,
    /// When the daily digest comes.
    #[schema(example = "08:00")]
    digest_at: String,
}

impl From<Settings> for NoticeSettings {
    fn from(settings: Settings) -> Self {
        let Settings { choices, quiet, digest_at } = settings;
        Self {
            choices: choices.into_iter().map(NoticeChoice::from).collect(),
            quiet_from: quiet.map(|quiet| clock_time(quiet.from)),
            quiet_until: quiet.map(|quiet| clock_time(quiet.until)),
            digest_at: clock_time(digest_at),
        }
    }
}

/// How one wants to be told of a kind of thing.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewNoticeChoice {
    /// The kind.
    #[schema(example = "mention")]
    kind: String,
    /// How: `at_once`, `digest` or `never`.
    #[schema(example = "at_once")]
    how: String,
}

/// What one wants to be told of, and when.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewNoticeSettings {
    /// The kinds that are to be told otherwise; those left out stay as they are.
    #[serde(default)]
    choices: Vec<NewNoticeChoice>,
    /// When quiet begins, as `21:00` by the clock of India; none for no quiet.
    quiet_from: Option<String>,
    /// When it ends.
    quiet_until: Option<String>,
    /// When the daily digest comes.
    #[schema(example = "08:00")]
    digest_at: String,
}

/// Show what one is told of
///
/// Every kind of notice the caller may get, how it comes, when they want quiet, and when
/// their digest comes. For everybody signed in.
#[utoipa::path(get, path = "/api/v1/notice-settings", tag = "notices",
    responses((status = 200, description = "The settings.", body = NoticeSettings), Problem))]
async fn show_notice_settings(
    State(app): State<App>,
    Signed(caller): Signed,
) -> Result<Json<NoticeSettings>, Problem> {
    Ok(Json(app.notices.settings(&caller.scope).await?.into()))
}

/// Say what one wants to be told of
///
/// And when: quiet hours and the hour of the digest are set anew. For everybody signed in.
#[utoipa::path(put, path = "/api/v1/notice-settings", tag = "notices",
    request_body = NewNoticeSettings,
    responses((status = 204, description = "It is kept."), Problem))]
async fn set_notice_settings(
    State(app): State<App>,
    Signed(caller): Signed,
    Json(body): Json<NewNoticeSettings>,
) -> Result<StatusCode, Problem> {
    let NewNoticeSettings { choices, quiet_from, quiet_until, digest_at } = body;
    let new = NewSettings {
        choices: choices.into_iter().map(|choice| (choice.kind, choice.how)).collect(),
        quiet_from: quiet_from.unwrap_or_default(),
        quiet_until: quiet_until.unwrap_or_default(),
        digest_at,
    };
    app.notices.set(&caller.scope, &new).await?;
    Ok(StatusCode::NO_CONTENT)
}
