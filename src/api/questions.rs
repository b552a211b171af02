//! Questions to the assistant, answers as they are written, and conversations.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::sse::{Event as SseEvent, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
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
use crate::assistant::live::Event;
use crate::assistant::{Asked, Conversation, Events, Message, Question};
use crate::kernel::permission::permit::Ask;
use crate::kernel::{CaseId, ConversationId, MessageId, UserId};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::default()
        .routes(routes!(ask_question))
        .routes(routes!(ask_and_wait))
        .routes(routes!(show_message))
        .routes(routes!(follow_message))
        .routes(routes!(list_conversations))
        .routes(routes!(show_conversation))
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
}

impl From<QuestionBody> for Question {
    fn from(body: QuestionBody) -> Self {
        let QuestionBody { question, case_id, conversation_id } = body;
        Self { text: question, case: case_id, conversation: conversation_id }
    }
}

/// A question that is being answered.
#[derive(Serialize, ToSchema)]
#[schema(as = Asked)]
struct AskedView {
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

/// A conversation.
#[derive(Serialize, ToSchema)]
#[schema(as = Conversation)]
struct ConversationView {
    /// Its id.
    id: ConversationId,
    /// The case it is about.
    case_id: Option<CaseId>,
    /// The case's title.
    case_title: Option<String>,
    /// Its first question.
    title: String,
    /// When something was last asked.
    updated_at: DateTime<Utc>,
}

impl From<Conversation> for ConversationView {
    fn from(conversation: Conversation) -> Self {
        let Conversation { id, case_id, case_title, title, updated_at } = conversation;
        Self { id, case_id, case_title, title, updated_at }
    }
}

/// A conversation with its messages.
#[derive(Serialize, ToSchema)]
struct ConversationDetails {
    /// The conversation.
    #[serde(flatten)]
    conversation: ConversationView,
    /// Its questions and answers, oldest first.
    messages: Vec<Message>,
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
    let asked = app.assistant.ask(&caller.scope, body.into()).await?;
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
    let asked = app.assistant.ask(&caller.scope, body.into()).await?;
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
/// Server-sent events named `status`, `passages` (a bare array), `delta`,
/// `citation`, `removed`, `usage`, and last `done` or `error`. A dropped connection
/// goes on after `Last-Event-ID`; 204 says that there is nothing to go on with, and
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

/// How many events the caller has seen.
fn last_seen(headers: &HeaderMap) -> usize {
    let id = headers.get("last-event-id").and_then(|value| value.to_str().ok());
    id.and_then(|id| id.parse().ok()).unwrap_or(0)
}

/// Where to go on. The events of a stored answer are not those of its writing: who
/// has seen some of these can be told of a failure, and otherwise nothing that fits.
fn resume(events: &Events, seen: usize) -> Option<usize> {
    match events {
        Events::Live(_) => Some(seen),
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

/// Which conversations to list.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct ConversationsQuery {
    /// The case they are about; all of yours when left out.
    #[param(value_type = Option<Uuid>)]
    case: Option<CaseId>,
}

/// List your conversations
///
/// Newest first. For the chamber's own people, each their own.
#[utoipa::path(get, path = "/api/v1/conversations", tag = "assistant", params(ConversationsQuery),
    responses((status = 200, description = "The conversations.", body = [ConversationView]),
              Problem))]
async fn list_conversations(
    State(app): State<App>,
    May(caller, ..): May<Ask>,
    Query(ConversationsQuery { case }): Query<ConversationsQuery>,
) -> Result<Json<Vec<ConversationView>>, Problem> {
    let conversations = app.assistant.conversations(&caller.scope, case).await?;
    Ok(Json(conversations.into_iter().map(ConversationView::from).collect()))
}

/// Show a conversation with its messages
///
/// The view is recorded. For whoever had it.
#[utoipa::path(get, path = "/api/v1/conversations/{id}", tag = "assistant",
    params(("id" = Uuid, Path, description = "The conversation.")),
    responses((status = 200, description = "The conversation.", body = ConversationDetails),
              Problem))]
async fn show_conversation(
    State(app): State<App>,
    May(caller, ..): May<Ask>,
    Path(id): Path<ConversationId>,
) -> Result<Json<ConversationDetails>, Problem> {
    let (conversation, messages) = app.assistant.conversation(&caller.scope, id).await?;
    Ok(Json(ConversationDetails { conversation: conversation.into(), messages }))
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
