//! Messages as the chamber reads and writes them.

use axum::extract::State;
use axum::http::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::views::{
    ConversationView, FindQuery, FoundView, NewMessageBody, ReadBody, SentView, ThreadQuery,
    ThreadView,
};
use crate::api::caller::May;
use crate::api::extract::{Json, Path, Query};
use crate::api::problem::Problem;
use crate::app::App;
use crate::kernel::permission::permit::{ReadCases, ReadRecord, SendMessages};
use crate::kernel::{CaseId, CaseMessageId};
use crate::messages::NewMessage;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::default()
        .routes(routes!(list_conversations_of_cases))
        .routes(routes!(search_messages))
        .routes(routes!(list_case_messages, send_case_message))
        .routes(routes!(mark_case_messages_read))
        .routes(routes!(withdraw_message))
        .routes(routes!(show_withdrawn_message))
}

/// List the channels in which something was written
///
/// The newest first, with how much the caller has not read. Of the cases open to the
/// caller, for the chamber's people.
#[utoipa::path(get, path = "/api/v1/case-messages", tag = "messages",
    responses((status = 200, description = "The channels.", body = [ConversationView]), Problem))]
async fn list_conversations_of_cases(
    State(app): State<App>,
    May(caller, ..): May<ReadCases>,
) -> Result<Json<Vec<ConversationView>>, Problem> {
    let inbox = app.messages.inbox(&caller.scope).await?;
    Ok(Json(inbox.into_iter().map(ConversationView::from).collect()))
}

/// Search messages
///
/// Those in which every word stands, the newest first, 50 at most. Of the cases open to
/// the caller, for the chamber's people.
#[utoipa::path(get, path = "/api/v1/case-messages/search", tag = "messages", params(FindQuery),
    responses((status = 200, description = "The messages.", body = [FoundView]), Problem))]
async fn search_messages(
    State(app): State<App>,
    May(caller, ..): May<ReadCases>,
    Query(FindQuery { q, case, before }): Query<FindQuery>,
) -> Result<Json<Vec<FoundView>>, Problem> {
    let found = app.messages.search(&caller.scope, &q, case, before).await?;
    Ok(Json(found.into_iter().map(FoundView::from).collect()))
}

/// List the messages of a case
///
/// Of one channel, the last 50 or those before one, the oldest of them first, with how
/// far the others have read. For those to whom the case is open.
#[utoipa::path(get, path = "/api/v1/cases/{id}/messages", tag = "messages",
    params(("id" = Uuid, Path, description = "The case."), ThreadQuery),
    responses((status = 200, description = "The messages.", body = ThreadView), Problem))]
async fn list_case_messages(
    State(app): State<App>,
    May(caller, ..): May<ReadCases>,
    Path(id): Path<CaseId>,
    Query(ThreadQuery { channel, before }): Query<ThreadQuery>,
) -> Result<Json<ThreadView>, Problem> {
    let thread = app.messages.thread(&caller.scope, id, channel.into(), before).await?;
    Ok(Json(thread.into()))
}

/// Write a message in a case
///
/// To the team alone, or to the client too. In the client's channel only documents go
/// along that the client may read, unless `share` says to share them. For those who work
/// on the case.
#[utoipa::path(post, path = "/api/v1/cases/{id}/messages", tag = "messages",
    params(("id" = Uuid, Path, description = "The case.")), request_body = NewMessageBody,
    responses((status = 201, description = "It is sent.", body = SentView), Problem))]
async fn send_case_message(
    State(app): State<App>,
    May(caller, ..): May<SendMessages>,
    Path(id): Path<CaseId>,
    Json(body): Json<NewMessageBody>,
) -> Result<(StatusCode, Json<SentView>), Problem> {
    let NewMessageBody { channel, text, documents, share } = body;
    let channel = channel.into();
    let new = NewMessage { case: id, channel, text, files: Vec::new(), documents, share };
    let id = app.messages.post(&caller.scope, new).await?;
    Ok((StatusCode::CREATED, Json(SentView { id })))
}

/// Say how far one has read
///
/// In a channel of a case; it never goes back. The next message is told by mail again.
/// For those to whom the case is open.
#[utoipa::path(post, path = "/api/v1/cases/{id}/messages/read", tag = "messages",
    params(("id" = Uuid, Path, description = "The case.")), request_body = ReadBody,
    responses((status = 204, description = "It is noted."), Problem))]
async fn mark_case_messages_read(
    State(app): State<App>,
    May(caller, ..): May<ReadCases>,
    Path(id): Path<CaseId>,
    Json(ReadBody { channel, up_to }): Json<ReadBody>,
) -> Result<StatusCode, Problem> {
    app.messages.mark_read(&caller.scope, id, channel.into(), up_to).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Take a message back
///
/// One's own, within 15 minutes. Its place stays. For those who work on the case.
#[utoipa::path(post, path = "/api/v1/case-messages/{id}/withdraw", tag = "messages",
    params(("id" = Uuid, Path, description = "The message.")),
    responses((status = 204, description = "It is taken back."), Problem))]
async fn withdraw_message(
    State(app): State<App>,
    May(caller, ..): May<SendMessages>,
    Path(id): Path<CaseMessageId>,
) -> Result<StatusCode, Problem> {
    app.messages.withdraw(&caller.scope, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What a message said that was taken back.
#[derive(Serialize, ToSchema)]
struct WithdrawnMessage {
    /// Its text.
    text: String,
}

/// Read a message that was taken back
///
/// The reading is recorded. For admins to whom the case is open.
#[utoipa::path(get, path = "/api/v1/case-messages/{id}/withdrawn", tag = "messages",
    params(("id" = Uuid, Path, description = "The message.")),
    responses((status = 200, description = "What it said.", body = WithdrawnMessage), Problem))]
async fn show_withdrawn_message(
    State(app): State<App>,
    May(caller, ..): May<ReadRecord>,
    Path(id): Path<CaseMessageId>,
) -> Result<Json<WithdrawnMessage>, Problem> {
    let text = app.messages.withdrawn(&caller.scope, id).await?;
    Ok(Json(WithdrawnMessage { text }))
}
