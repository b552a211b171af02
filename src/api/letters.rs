//! Letters: mail and text messages on their way out.

use axum::extract::State;
use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::caller::May;
use super::extract::{Json, Path, Query};
use super::problem::{Code, Problem};
use crate::app::App;
use crate::kernel::LetterId;
use crate::kernel::permission::permit::ManagePeople;
use crate::outbox::{Filter, Line, MOST, Status};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::default()
        .routes(routes!(list_letters))
        .routes(routes!(retry_failed_letters))
        .routes(routes!(retry_letter))
}

/// How a letter stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum LetterState {
    /// It waits to be sent.
    Waiting,
    /// It was sent; what it said is gone.
    Sent,
    /// It was given up; it can be tried again.
    Failed,
}

impl From<Status> for LetterState {
    fn from(status: Status) -> Self {
        match status {
            Status::Waiting => Self::Waiting,
            Status::Sent => Self::Sent,
            Status::Failed => Self::Failed,
        }
    }
}

impl From<LetterState> for Status {
    fn from(state: LetterState) -> Self {
        match state {
            LetterState::Waiting => Self::Waiting,
            LetterState::Sent => Self::Sent,
            LetterState::Failed => Self::Failed,
        }
    }
}

/// How a letter goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum LetterChannel {
    /// By mail.
    Mail,
    /// As a text message.
    Sms,
}

impl LetterChannel {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Mail => "mail",
            Self::Sms => "sms",
        }
    }
}

/// Which letters are wanted.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct LettersQuery {
    /// Those that stand so.
    #[param(inline)]
    state: Option<LetterState>,
    /// Those that go so.
    #[param(inline)]
    channel: Option<LetterChannel>,
    /// Those of this kind, such as `invitation`.
    kind: Option<String>,
    /// Those written before this letter: the last one of the page before.
    #[param(value_type = Option<Uuid>)]
    before: Option<LetterId>,
    /// How many, 1 to 200.
    #[param(minimum = 1, maximum = 200, default = 200)]
    limit: Option<usize>,
}

/// A letter; never what it says.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Letter)]
struct LetterView {
    /// Its id.
    id: LetterId,
    /// How it goes: `mail` or `sms`.
    channel: String,
    /// To whom.
    recipient: String,
    /// What kind it is.
    #[schema(example = "invitation")]
    kind: String,
    /// How it stands.
    state: LetterState,
    /// How often it was tried.
    attempts: i64,
    /// When it is tried next, while it waits.
    next_at: Option<DateTime<Utc>>,
    /// Why the last try failed.
    last_error: Option<String>,
    /// When it was written.
    created_at: DateTime<Utc>,
    /// When it was sent.
    sent_at: Option<DateTime<Utc>>,
}

impl From<Line> for LetterView {
    fn from(line: Line) -> Self {
        let state = LetterState::from(line.status());
        let Line {
            id,
            channel,
            recipient,
            kind,
            attempts,
            next_at,
            last_error,
            created_at,
            sent_at,
            ..
        } = line;
        let next_at = Some(next_at).filter(|_| state == LetterState::Waiting);
        Self {
            id,
            channel,
            recipient,
            kind,
            state,
            attempts,
            next_at,
            last_error,
            created_at,
            sent_at,
        }
    }
}

/// List letters
///
/// Mail and text messages the service wrote, newest first; the next page begins before
/// the last one's id. What they say is not told: it holds links and codes. For admins.
#[utoipa::path(get, path = "/api/v1/letters", tag = "admin", params(LettersQuery),
    responses((status = 200, description = "The letters.", body = [LetterView]), Problem))]
async fn list_letters(
    State(app): State<App>,
    May(caller, ..): May<ManagePeople>,
    Query(query): Query<LettersQuery>,
) -> Result<Json<Vec<LetterView>>, Problem> {
    let LettersQuery { state, channel, kind, before, limit } = query;
    let limit = limit.unwrap_or(MOST);
    if !(1..=MOST).contains(&limit) {
        let words = format!("`limit` must be from 1 to {MOST}");
        return Err(Problem::shown(Code::BadRequest, &words));
    }
    if kind.as_ref().is_some_and(|kind| kind.contains('\0')) {
        return Err(Problem::shown(Code::BadRequest, "`kind` holds a null character"));
    }
    let channel = channel.map(|it| it.as_str().to_owned());
    let filter = Filter { status: state.map(Into::into), channel, kind, before };
    let letters = app.outbox.list(&caller.scope, &filter).await?;
    Ok(Json(letters.into_iter().take(limit).map(LetterView::from).collect()))
}

/// What is tried again.
#[derive(Serialize, ToSchema)]
struct RetriedLetters {
    /// How many letters that are.
    letters: u64,
}

/// Try every letter again that was given up
///
/// At once. The record says so. For admins.
#[utoipa::path(post, path = "/api/v1/letters/retry", tag = "admin",
    responses((status = 202, description = "They are tried.", body = RetriedLetters), Problem))]
async fn retry_failed_letters(
    State(app): State<App>,
    May(caller, ..): May<ManagePeople>,
) -> Result<(StatusCode, Json<RetriedLetters>), Problem> {
    let letters = app.outbox.retry_failed(&caller.scope).await?;
    Ok((StatusCode::ACCEPTED, Json(RetriedLetters { letters })))
}

/// Try a letter again
///
/// One that waits or was given up; it is tried at once. Without anything that delivers
/// it waits. The record says so. For admins.
#[utoipa::path(post, path = "/api/v1/letters/{id}/retry", tag = "admin",
    params(("id" = Uuid, Path, description = "The letter.")),
    responses((status = 202, description = "It is tried again."), Problem))]
async fn retry_letter(
    State(app): State<App>,
    May(caller, ..): May<ManagePeople>,
    Path(id): Path<LetterId>,
) -> Result<StatusCode, Problem> {
    app.outbox.retry(&caller.scope, id).await?;
    Ok(StatusCode::ACCEPTED)
}
