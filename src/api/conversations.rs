//! Conversations: lists, search, names, deletion, and taking them away.

use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CONTENT_DISPOSITION;
use axum::response::IntoResponse;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::caller::May;
use super::extract::{Json, Path, Query};
use super::problem::Problem;
use crate::app::App;
use crate::assistant::{Conversation, Kept, Message, Page};
use crate::kernel::permission::permit::Ask;
use crate::kernel::{CaseId, ConversationId, MessageId};

/// How many conversations are listed when nothing is said.
const PAGE: i64 = 50;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::default()
        .routes(routes!(list_conversations))
        .routes(routes!(show_conversation, rename_conversation, delete_conversation))
        .routes(routes!(export_conversation))
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
    /// Its first question, shortened, or what it was named.
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
    /// Its questions and answers, oldest first: the newest branch, or the one asked for.
    messages: Vec<Message>,
}

/// A conversation with everything that was said in it.
#[derive(Serialize, ToSchema)]
struct ConversationExport {
    /// The conversation.
    #[serde(flatten)]
    conversation: ConversationView,
    /// Its questions and answers on every branch, oldest first, with their sources.
    messages: Vec<Message>,
    /// When it was taken away.
    exported_at: DateTime<Utc>,
}

/// Which conversations to list.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct ConversationsQuery {
    /// The case they are about; all of yours when left out.
    #[param(value_type = Option<Uuid>)]
    case: Option<CaseId>,
    /// Words that all stand in their questions and answers, up to five.
    words: Option<String>,
    /// The last conversation of the page before.
    #[param(value_type = Option<Uuid>)]
    after: Option<ConversationId>,
    /// How many, at most 200; 50 when left out.
    limit: Option<i64>,
}

/// List your conversations
///
/// Newest first, a page at a time. An answer that rests on what is closed to you is not
/// found by its words. For the chamber's own people, each their own.
#[utoipa::path(get, path = "/api/v1/conversations", tag = "assistant", params(ConversationsQuery),
    responses((status = 200, description = "The conversations.", body = [ConversationView]),
              Problem))]
async fn list_conversations(
    State(app): State<App>,
    May(caller, ..): May<Ask>,
    Query(query): Query<ConversationsQuery>,
) -> Result<Json<Vec<ConversationView>>, Problem> {
    let ConversationsQuery { case, words, after, limit } = query;
    let (words, limit) = (words.unwrap_or_default(), limit.unwrap_or(PAGE));
    let page = Page { case, words, after, limit };
    let conversations = app.assistant.conversations(&caller.scope, &page).await?;
    Ok(Json(conversations.into_iter().map(ConversationView::from).collect()))
}

/// Which branch of a conversation to show.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct BranchQuery {
    /// A message on it; the newest branch when left out.
    #[param(value_type = Option<Uuid>)]
    through: Option<MessageId>,
}

/// Show a conversation with its messages
///
/// One branch of it; `variants` of a message name the others. The view is recorded. For
/// whoever had it.
#[utoipa::path(get, path = "/api/v1/conversations/{id}", tag = "assistant",
    params(("id" = Uuid, Path, description = "The conversation."), BranchQuery),
    responses((status = 200, description = "The conversation.", body = ConversationDetails),
              Problem))]
async fn show_conversation(
    State(app): State<App>,
    May(caller, ..): May<Ask>,
    Path(id): Path<ConversationId>,
    Query(BranchQuery { through }): Query<BranchQuery>,
) -> Result<Json<ConversationDetails>, Problem> {
    let (conversation, messages) = app.assistant.conversation(&caller.scope, id, through).await?;
    Ok(Json(ConversationDetails { conversation: conversation.into(), messages }))
}

/// A conversation's name.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ConversationName {
    /// The title, shortened to 200 characters.
    title: String,
}

/// Name a conversation
///
/// For whoever had it.
#[utoipa::path(put, path = "/api/v1/conversations/{id}", tag = "assistant",
    params(("id" = Uuid, Path, description = "The conversation.")),
    request_body = ConversationName,
    responses((status = 204, description = "It is called so."), Problem))]
async fn rename_conversation(
    State(app): State<App>,
    May(caller, ..): May<Ask>,
    Path(id): Path<ConversationId>,
    Json(ConversationName { title }): Json<ConversationName>,
) -> Result<StatusCode, Problem> {
    app.assistant.rename(&caller.scope, id, &title).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Delete a conversation
///
/// With its answers, pins and feedback; what it cost stays in the ledger, and that it was
/// deleted in the record. Not while a legal hold stands on its case. For whoever had it.
#[utoipa::path(delete, path = "/api/v1/conversations/{id}", tag = "assistant",
    params(("id" = Uuid, Path, description = "The conversation.")),
    responses((status = 204, description = "It is gone."), Problem))]
async fn delete_conversation(
    State(app): State<App>,
    May(caller, ..): May<Ask>,
    Path(id): Path<ConversationId>,
) -> Result<StatusCode, Problem> {
    app.assistant.delete_conversation(&caller.scope, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Export a conversation with its sources
///
/// Every branch of it. Recorded. For whoever had it.
#[utoipa::path(get, path = "/api/v1/conversations/{id}/export", tag = "assistant",
    params(("id" = Uuid, Path, description = "The conversation.")),
    responses((status = 200, description = "The conversation.", body = ConversationExport),
              Problem))]
async fn export_conversation(
    State(app): State<App>,
    May(caller, ..): May<Ask>,
    Path(id): Path<ConversationId>,
) -> Result<impl IntoResponse, Problem> {
    let Kept { conversation, messages, exported_at } =
        app.assistant.take_away(&caller.scope, id).await?;
    let name = format!("attachment; filename=\"conversation-{id}.json\"");
    let conversation = conversation.into();
    let body = ConversationExport { conversation, messages, exported_at };
    Ok(([(CONTENT_DISPOSITION, name)], Json(body)))
}
