//! Questions to the assistant, answers as they are written, and conversations.

use axum::extract::State;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::sse::{Event as SseEvent, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::caller::{May, Watching};
use super::extract::{EventView, Json, Path, Query};
use super::problem::Problem;
use super::progress::{HEARTBEAT, UNBUFFERED};
use crate::app::App;
use crate::assistant::export::Format;
use crate::assistant::live::Event;
use crate::assistant::{Asked, Events, Message, Question};
use crate::auth::Caller;
use crate::kernel::permission::permit::Ask;
use crate::kernel::{CaseId, ConversationId, MessageId, UserId};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::default()
        .routes(routes!(ask_question))
        .routes(routes!(ask_and_wait))
        .routes(routes!(show_message))
        .routes(routes!(follow_message))
        .routes(routes!(export_message))
        .routes(routes!(stop_answer))
        .routes(routes!(ask_again))
        .routes(routes!(edit_question))
}

/// A question to be asked.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Question)]
struct QuestionBody {
    /// Its text.
    question: String,
    /// The case it is about; everything open to you when left out.
    case_id: Option<CaseId>,
    /// The conversation it goes on; a new one when left out.
    conversation_id: Option<ConversationId>,
    /// The answer in it that it goes on after; the newest when left out.
    after: Option<MessageId>,
}

/// Begins to answer a question.
async fn begin(app: &App, caller: &Caller, body: QuestionBody) -> Result<Asked, Problem> {
    let QuestionBody { question, case_id, conversation_id, after } = body;
    let question = Question { text: question, case: case_id, conversation: conversation_id };
    Ok(app.assistant.ask_after(&caller.scope, question, after).await?)
}

/// A question that is being answered.
#[derive(Serialize, ToSchema)]
#[schema(as = Asked)]
pub(super) struct AskedView {
    /// The conversation.
    conversation_id: ConversationId,
    /// The answer's message.
    message_id: MessageId,
    /// Where to follow the answer.
    events: String,
}

impl From<Asked> for AskedView {
    fn from(asked: Asked) -> Self {
        let Asked { conversation, message } = asked;
        let events = format!("/api/v1/messages/{message}/events");
        Self { conversation_id: conversation, message_id: message, events }
    }
}

/// Ask a question
///
/// Begins to answer; `events` tells where to follow. For the chamber's own people.
#[utoipa::path(post, path = "/api/v1/questions", tag = "assistant", request_body = QuestionBody,
    responses((status = 202, description = "It is being answered.", body = AskedView), Problem))]
async fn ask_question(
    State(app): State<App>,
    May(caller, ..): May<Ask>,
    Json(body): Json<QuestionBody>,
) -> Result<(StatusCode, Json<AskedView>), Problem> {
    let asked = begin(&app, &caller, body).await?;
    Ok((StatusCode::ACCEPTED, Json(asked.into())))
}

/// Ask a question and wait for the answer
///
/// For the chamber's own people.
#[utoipa::path(post, path = "/api/v1/ask", tag = "assistant", request_body = QuestionBody,
    responses((status = 200, description = "The answer.", body = Message), Problem))]
async fn ask_and_wait(
    State(app): State<App>,
    May(caller, ..): May<Ask>,
    Json(body): Json<QuestionBody>,
) -> Result<Json<Message>, Problem> {
    let asked = begin(&app, &caller, body).await?;
    app.assistant.finished(asked).await;
    // A wall may have been raised while it was being answered.
    let scope = app.auth.scope_now(caller.scope.user()).await?;
    let message = app.assistant.message(&scope, asked.message).await?;
    Ok(Json(message))
}

/// Show a question or an answer
///
/// For whoever asked.
#[utoipa::path(get, path = "/api/v1/messages/{id}", tag = "assistant",
    params(("id" = Uuid, Path, description = "The message.")),
    responses((status = 200, description = "The message.", body = Message), Problem))]
async fn show_message(
    State(app): State<App>,
    May(caller, ..): May<Ask>,
    Path(id): Path<MessageId>,
) -> Result<Json<Message>, Problem> {
    let message = app.assistant.message(&caller.scope, id).await?;
    Ok(Json(message))
}

/// Follow an answer
///
/// Server-sent events named `status`, `passages` (a bare array), `facts`, `delta`,
/// `citation`, `removed`, `usage`, `verified`, and last `done` or `error`. A dropped connection
/// goes on after `Last-Event-ID`, within a day with any process of the service, also when
/// the one that wrote the answer has ended; 204 says that there is nothing to go on with, and
/// the message is to be fetched whole. For whoever asked.
#[utoipa::path(get, path = "/api/v1/messages/{id}/events", tag = "assistant",
    params(("id" = Uuid, Path, description = "The answer's message."),
           ("Last-Event-ID" = Option<usize>, Header, description = "The last event seen.")),
    responses((status = 200, description = "Events; the data of each is an `Event`.",
               body = EventView,
               content_type = "text/event-stream"),
              (status = 204, description = "Fetch the message instead."), Problem))]
async fn follow_message(
    State(app): State<App>,
    Watching(caller, ..): Watching<Ask>,
    Path(id): Path<MessageId>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let events = app.assistant.events(&caller.scope, id).await?;
    let Some(place) = resume(&events, last_seen(&headers)) else {
        return Ok(StatusCode::NO_CONTENT.into_response());
    };
    let follower = Follower { app, user: caller.scope.user(), id, events, closed: false };
    let events = stream::unfold((follower, place), async |(mut follower, place)| {
        let event = follower.next(place).await?;
        Some((on_the_wire(&event, place), (follower, place + 1)))
    });
    let heartbeat = KeepAlive::new().interval(HEARTBEAT).text("still here");
    Ok((UNBUFFERED, Sse::new(events).keep_alive(heartbeat)).into_response())
}

/// Someone who follows an answer.
struct Follower {
    app: App,
    user: UserId,
    id: MessageId,
    events: Events,
    closed: bool,
}

impl Follower {
    /// The next event, if what it shows is still open to the reader at this moment; a
    /// last one that says that it is not.
    async fn next(&mut self, place: usize) -> Option<Event> {
        if self.closed {
            return None;
        }
        let event = self.events.next(place).await?;
        if self.may_see().await {
            self.closed = event.is_last();
            return Some(event);
        }
        self.closed = true;
        let detail = "What this answer rests on is no longer open to you.".to_owned();
        Some(Event::Error { detail })
    }

    async fn may_see(&self) -> bool {
        let Ok(scope) = self.app.auth.scope_now(self.user).await else { return false };
        let open = self.app.assistant.still_open(&scope, self.id, &self.events).await;
        open.unwrap_or(false)
    }
}

/// What to export an answer as.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct ExportQuery {
    /// The kind of file.
    #[param(inline)]
    format: Format,
}

/// Export an answer
///
/// As a file for filing: question and answer, a table of sources with the SHA-256 of each
/// original, what was searched and checked, what was removed, and a record of the use of
/// AI. For whoever asked, while all its sources are open to them. The export is recorded.
#[utoipa::path(get, path = "/api/v1/messages/{id}/export", tag = "assistant",
    params(("id" = Uuid, Path, description = "The answer's message."), ExportQuery),
    responses((status = 200, description = "The file.", content(
        (Vec<u8> = "application/pdf"),
        (Vec<u8> = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"))),
              Problem))]
async fn export_message(
    State(app): State<App>,
    May(caller, ..): May<Ask>,
    Path(id): Path<MessageId>,
    Query(ExportQuery { format }): Query<ExportQuery>,
) -> Result<impl IntoResponse, Problem> {
    let exported = app.assistant.export(&caller.scope, id, format).await?;
    let name = format!("attachment; filename=\"{}\"", exported.name);
    let headers = [(CONTENT_TYPE, format.mime().to_owned()), (CONTENT_DISPOSITION, name)];
    Ok((headers, exported.bytes))
}

/// How many events the caller has seen.
fn last_seen(headers: &HeaderMap) -> usize {
    let id = headers.get("last-event-id").and_then(|value| value.to_str().ok());
    id.and_then(|id| id.parse().ok()).unwrap_or(0)
}

/// Where to go on. The events of a stored answer are not those of its writing: who
/// has seen some of these can be told of a failure, and otherwise nothing that fits.
fn resume(events: &Events, seen: usize) -> Option<usize> {
    match events {
        Events::Live(_) | Events::Followed(_) => Some(seen),
        Events::Stored(_) if seen == 0 => Some(0),
        Events::Stored(events) => {
            events.iter().position(|event| matches!(event, Event::Error { .. }))
        }
    }
}

fn on_the_wire(event: &Event, place: usize) -> Result<SseEvent, axum::Error> {
    let named = SseEvent::default().event(event.name()).id((place + 1).to_string());
    match event {
        Event::Passages { passages } => named.json_data(passages),
        other => named.json_data(other),
    }
}

/// Stop an answer
///
/// Nothing more is spent on it, and what had come is kept. Nothing happens when it has
/// ended. For whoever asked.
#[utoipa::path(post, path = "/api/v1/messages/{id}/stop", tag = "assistant",
    params(("id" = Uuid, Path, description = "The answer's message.")),
    responses((status = 204, description = "It stops."), Problem))]
async fn stop_answer(
    State(app): State<App>,
    May(caller, ..): May<Ask>,
    Path(id): Path<MessageId>,
) -> Result<StatusCode, Problem> {
    app.assistant.stop_answer(&caller.scope, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Answer a question again
///
/// The earlier answer stays as a variant of the new one. For whoever asked.
#[utoipa::path(post, path = "/api/v1/messages/{id}/again", tag = "assistant",
    params(("id" = Uuid, Path, description = "The answer's message.")),
    responses((status = 202, description = "It is being answered.", body = AskedView), Problem))]
async fn ask_again(
    State(app): State<App>,
    May(caller, ..): May<Ask>,
    Path(id): Path<MessageId>,
) -> Result<(StatusCode, Json<AskedView>), Problem> {
    let asked = app.assistant.ask_again(&caller.scope, id).await?;
    Ok((StatusCode::ACCEPTED, Json(asked.into())))
}

/// A question in other words.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct EditedQuestion {
    /// Its text.
    question: String,
}

/// Ask a question in other words
///
/// The earlier wording stays as a variant, with all that followed it. For whoever asked.
#[utoipa::path(post, path = "/api/v1/messages/{id}/edit", tag = "assistant",
    params(("id" = Uuid, Path, description = "The question's message.")),
    request_body = EditedQuestion,
    responses((status = 202, description = "It is being answered.", body = AskedView), Problem))]
async fn edit_question(
    State(app): State<App>,
    May(caller, ..): May<Ask>,
    Path(id): Path<MessageId>,
    Json(EditedQuestion { question }): Json<EditedQuestion>,
) -> Result<(StatusCode, Json<AskedView>), Problem> {
    let asked = app.assistant.edit(&caller.scope, id, &question).await?;
    Ok((StatusCode::ACCEPTED, Json(asked.into())))
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn delta() -> Event {
        Event::Delta { text: "a".into() }
    }

    #[test]
    fn a_stored_answer_is_told_whole_or_not_at_all() {
        let stored = Events::Stored(vec![delta(), delta()]);
        assert_eq!(resume(&stored, 0), Some(0));
        assert_eq!(resume(&stored, 1), None);
    }

    #[test]
    fn a_failure_is_told_to_whoever_comes_back() {
        let failed = Events::Stored(vec![Event::Error { detail: "it failed".into() }]);
        assert_eq!(resume(&failed, 7), Some(0));
    }

    #[test]
    fn what_was_seen_last_is_read_or_taken_as_nothing() {
        let mut headers = HeaderMap::new();
        assert_eq!(last_seen(&headers), 0);
        headers.insert("last-event-id", HeaderValue::from_static("12"));
        assert_eq!(last_seen(&headers), 12);
        headers.insert("last-event-id", HeaderValue::from_static("x"));
        assert_eq!(last_seen(&headers), 0);
    }
}
