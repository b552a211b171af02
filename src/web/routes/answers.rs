//! What is done with answers and conversations on their pages.

use axum::extract::{Path, State};
use axum::response::Redirect;
use serde::Deserialize;

use super::viewer::{Nothing, Viewer};
use super::{Allowed, Failure, Form, assistant};
use crate::app::App;
use crate::assistant::{AskError, Asked, Kept, Reason};
use crate::kernel::permission::permit::Ask;
use crate::kernel::{ConversationId, MessageId};
use crate::web::Area;
use crate::web::assistant::TalkPage;

/// Back to a message of a conversation.
fn back(conversation: ConversationId, message: MessageId) -> Redirect {
    Redirect::to(&format!("/assistant/{conversation}?through={message}#message-{message}"))
}

/// Back to one of the viewer's messages.
async fn back_to(app: &App, viewer: &Viewer, id: MessageId) -> Result<Redirect, Failure> {
    let conversation = app.assistant.conversation_of(viewer.scope(), id).await;
    Ok(back(conversation.map_err(|error| viewer.failure(error))?, id))
}

fn to_new(viewer: &Viewer, asked: Result<Asked, AskError>) -> Result<Redirect, Failure> {
    let Asked { conversation, message } = asked.map_err(|error| viewer.failure(error))?;
    Ok(back(conversation, message))
}

pub(super) async fn stop(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<Ask>,
    Path(id): Path<MessageId>,
    Form(Nothing {}): Form<Nothing>,
) -> Result<Redirect, Failure> {
    let stopped = app.assistant.stop_answer(viewer.scope(), id).await;
    stopped.map_err(|error| viewer.failure(error))?;
    back_to(&app, &viewer, id).await
}

pub(super) async fn again(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<Ask>,
    Path(id): Path<MessageId>,
    Form(Nothing {}): Form<Nothing>,
) -> Result<Redirect, Failure> {
    to_new(&viewer, app.assistant.ask_again(viewer.scope(), id).await)
}

#[derive(Deserialize)]
pub(super) struct Edited {
    #[serde(default)]
    question: String,
}

pub(super) async fn edit(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<Ask>,
    Path(id): Path<MessageId>,
    Form(Edited { question }): Form<Edited>,
) -> Result<Redirect, Failure> {
    to_new(&viewer, app.assistant.edit(viewer.scope(), id, &question).await)
}

#[derive(Deserialize)]
pub(super) struct Judged {
    #[serde(default)]
    helpful: String,
    #[serde(default)]
    reason: String,
    #[serde(default)]
    words: String,
}

pub(super) async fn judge(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<Ask>,
    Path(id): Path<MessageId>,
    Form(Judged { helpful, reason, words }): Form<Judged>,
) -> Result<Redirect, Failure> {
    let reason = Reason::ALL.into_iter().find(|known| known.as_str() == reason);
    let helpful = helpful == "yes";
    let judged = app.assistant.judge(viewer.scope(), id, helpful, reason, &words).await;
    judged.map_err(|error| viewer.failure(error))?;
    back_to(&app, &viewer, id).await
}

pub(super) async fn pin(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<Ask>,
    Path(id): Path<MessageId>,
    Form(Nothing {}): Form<Nothing>,
) -> Result<Redirect, Failure> {
    let pinned = app.assistant.pin(viewer.scope(), id).await;
    pinned.map_err(|error| viewer.failure(error))?;
    back_to(&app, &viewer, id).await
}

/// Takes an answer down, and shows the case it was pinned in: not everybody who may do so
/// has the conversation.
pub(super) async fn unpin(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<Ask>,
    Path(id): Path<MessageId>,
    Form(Nothing {}): Form<Nothing>,
) -> Result<Redirect, Failure> {
    let case = app.assistant.unpin(viewer.scope(), id).await;
    let case = case.map_err(|error| viewer.failure(error))?;
    Ok(Redirect::to(&format!("/cases/{case}")))
}

#[derive(Deserialize)]
pub(super) struct Named {
    #[serde(default)]
    title: String,
}

pub(super) async fn rename(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<Ask>,
    Path(id): Path<ConversationId>,
    Form(Named { title }): Form<Named>,
) -> Result<Redirect, Failure> {
    let named = app.assistant.rename(viewer.scope(), id, &title).await;
    named.map_err(|error| viewer.failure(error))?;
    Ok(Redirect::to(&format!("/assistant/{id}")))
}

pub(super) async fn delete(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<Ask>,
    Path(id): Path<ConversationId>,
    Form(Nothing {}): Form<Nothing>,
) -> Result<Redirect, Failure> {
    let deleted = app.assistant.delete_conversation(viewer.scope(), id).await;
    deleted.map_err(|error| viewer.failure(error))?;
    Ok(Redirect::to("/assistant"))
}

/// The whole conversation, to be printed.
pub(super) async fn print(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<Ask>,
    Path(id): Path<ConversationId>,
) -> Result<TalkPage, Failure> {
    let kept = app.assistant.take_away(viewer.scope(), id).await;
    let Kept { conversation, messages, exported_at } =
        kept.map_err(|error| viewer.failure(error))?;
    let base = format!("/assistant/{id}");
    Ok(TalkPage {
        layout: viewer.layout(conversation.title, Area::Assistant),
        messages: messages.into_iter().map(|message| assistant::message(&base, message)).collect(),
        back: base,
        case: conversation.case_title,
        made: exported_at.into(),
    })
}
