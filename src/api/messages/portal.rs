//! Messages as clients read and write them.

use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::views::{
    ConversationView, FindQuery, FoundView, NewPortalBody, PortalThreadQuery, SentView, ThreadView,
};
use crate::api::caller::May;
use crate::api::extract::{Json, Path, Query};
use crate::api::problem::Problem;
use crate::app::App;
use crate::kernel::permission::permit::UsePortal;
use crate::kernel::{CaseId, CaseMessageId};
use crate::messages::{Channel, NewMessage};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::default()
        .routes(routes!(list_portal_conversations))
        .routes(routes!(search_portal_messages))
        .routes(routes!(list_portal_messages, send_portal_message))
        .routes(routes!(mark_portal_messages_read))
        .routes(routes!(withdraw_portal_message))
}

/// List one's cases with messages
///
/// Those shown to the client who asks, the newest message first. For clients.
#[utoipa::path(get, path = "/api/v1/portal/messages", tag = "messages",
    responses((status = 200, description = "The cases.", body = [ConversationView]), Problem))]
async fn list_portal_conversations(
    State(app): State<App>,
    May(caller, ..): May<UsePortal>,
) -> Result<Json<Vec<ConversationView>>, Problem> {
    let inbox = app.messages.inbox(&caller.scope).await?;
    Ok(Json(inbox.into_iter().map(ConversationView::from).collect()))
}

/// Search the messages with the chamber
///
/// Those in which every word stands, the newest first, 50 at most. For clients.
#[utoipa::path(get, path = "/api/v1/portal/messages/search", tag = "messages", params(FindQuery),
    responses((status = 200, description = "The messages.", body = [FoundView]), Problem))]
async fn search_portal_messages(
    State(app): State<App>,
    May(caller, ..): May<UsePortal>,
    Query(FindQuery { q, case, before }): Query<FindQuery>,
) -> Result<Json<Vec<FoundView>>, Problem> {
    let found = app.messages.search(&caller.scope, &q, case, before).await?;
    Ok(Json(found.into_iter().map(FoundView::from).collect()))
}

/// List the messages with the chamber in a case
///
/// The last 50 or those before one, the oldest of them first. Of a case shown to the
/// client who asks; the reading is recorded. For clients.
#[utoipa::path(get, path = "/api/v1/portal/cases/{id}/messages", tag = "messages",
    params(("id" = Uuid, Path, description = "The case."), PortalThreadQuery),
    responses((status = 200, description = "The messages.", body = ThreadView), Problem))]
async fn list_portal_messages(
    State(app): State<App>,
    May(caller, ..): May<UsePortal>,
    Path(id): Path<CaseId>,
    Query(PortalThreadQuery { before }): Query<PortalThreadQuery>,
) -> Result<Json<ThreadView>, Problem> {
    let thread = app.messages.thread(&caller.scope, id, Channel::Client, before).await?;
    Ok(Json(thread.into()))
}

/// Write to the chamber
///
/// In a case shown to the client who writes; ten messages a minute. For clients.
#[utoipa::path(post, path = "/api/v1/portal/cases/{id}/messages", tag = "messages",
    params(("id" = Uuid, Path, description = "The case.")), request_body = NewPortalBody,
    responses((status = 201, description = "It is sent.", body = SentView), Problem))]
async fn send_portal_message(
    State(app): State<App>,
    May(caller, ..): May<UsePortal>,
    Path(id): Path<CaseId>,
    Json(NewPortalBody { text, documents }): Json<NewPortalBody>,
) -> Result<(StatusCode, Json<SentView>), Problem> {
    let (channel, files) = (Channel::Client, Vec::new());
    let new = NewMessage { case: id, channel, text, files, documents, share: false };
    let id = app.messages.post(&caller.scope, new).await?;
    Ok((StatusCode::CREATED, Json(SentView { id })))
}

/// How far a client has read.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PortalReadUpTo {
    /// The last message that was read.
    up_to: CaseMessageId,
}

/// Say how far one has read the chamber's messages
///
/// It never goes back. The next message is told by mail again. For clients.
#[utoipa::path(post, path = "/api/v1/portal/cases/{id}/messages/read", tag = "messages",
    params(("id" = Uuid, Path, description = "The case.")), request_body = PortalReadUpTo,
    responses((status = 204, description = "It is noted."), Problem))]
async fn mark_portal_messages_read(
    State(app): State<App>,
    May(caller, ..): May<UsePortal>,
    Path(id): Path<CaseId>,
    Json(PortalReadUpTo { up_to }): Json<PortalReadUpTo>,
) -> Result<StatusCode, Problem> {
    app.messages.mark_read(&caller.scope, id, Channel::Client, up_to).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Take back a message to the chamber
///
/// One's own, within 15 minutes. Its place stays. For clients.
#[utoipa::path(post, path = "/api/v1/portal/case-messages/{id}/withdraw", tag = "messages",
    params(("id" = Uuid, Path, description = "The message.")),
    responses((status = 204, description = "It is taken back."), Problem))]
async fn withdraw_portal_message(
    State(app): State<App>,
    May(caller, ..): May<UsePortal>,
    Path(id): Path<CaseMessageId>,
) -> Result<StatusCode, Problem> {
    app.messages.withdraw(&caller.scope, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
