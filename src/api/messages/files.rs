//! Files that go with messages: sent as a form, fetched as downloads.

use axum::extract::{DefaultBodyLimit, State};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouterExt};
use utoipa_axum::routes;

use super::views::SentView;
use crate::api::caller::May;
use crate::api::extract::{Json, Multipart, Path, unreadable};
use crate::api::problem::{Code, Problem};
use crate::app::App;
use crate::kernel::permission::permit::{ReadCases, SendMessages, UsePortal};
use crate::kernel::{AttachmentId, CaseId, DocumentId, Scope};
use crate::messages::{
    Channel, Fetched, LARGEST_FILE, MOST_ATTACHMENTS, MessageError, NewFile, NewMessage,
};

/// How large a form with files may be: two of the largest, and the words around them.
const LARGEST_FORM: usize = 2 * LARGEST_FILE + (1 << 20);

pub(super) fn routes() -> OpenApiRouter<App> {
    let limit = || DefaultBodyLimit::max(LARGEST_FORM);
    OpenApiRouter::default()
        .routes(routes!(send_case_files).layer(limit()))
        .routes(routes!(send_portal_files).layer(limit()))
        .routes(routes!(fetch_attachment))
        .routes(routes!(fetch_portal_attachment))
        .routes(routes!(keep_attachment))
}

/// A form with a message and its files.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it describes the form; the parts are read by hand")]
struct MessageForm {
    /// Who is to read it: `team` or `client`; the team when left out.
    channel: Option<String>,
    /// What it says; may be left out.
    text: Option<String>,
    /// A file with its name; up to five times, 10 MiB each.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
}

/// A document that a file was kept as.
#[derive(Serialize, ToSchema)]
struct KeptDocument {
    /// The document.
    document_id: DocumentId,
}

/// Reads a form's parts; the channel as it was sent.
async fn read(Multipart(mut form): Multipart) -> Result<(String, String, Vec<NewFile>), Problem> {
    let broken = |error: axum::extract::multipart::MultipartError| match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => {
            Problem::shown(Code::FileTooLarge, "send at most 20 MiB with one message")
        }
        status => unreadable(status, &error.body_text()),
    };
    let (mut channel, mut text, mut files) = (String::new(), String::new(), Vec::new());
    while let Some(field) = form.next_field().await.map_err(broken)? {
        match field.name() {
            Some("channel") => channel = field.text().await.map_err(broken)?,
            Some("text") => text = field.text().await.map_err(broken)?,
            Some("file") => {
                if files.len() == MOST_ATTACHMENTS {
                    return Err(MessageError::TooMany.into());
                }
                let name = field.file_name().unwrap_or_default().to_owned();
                let bytes = field.bytes().await.map_err(broken)?.to_vec();
                files.push(NewFile { name, bytes });
            }
            _ => {}
        }
    }
    Ok((channel, text, files))
}

/// Write a message with files in a case
///
/// A file is kept sealed and only ever downloaded; what it is is told from its bytes, and
/// programs are not taken. For those who work on the case.
#[utoipa::path(post, path = "/api/v1/cases/{id}/messages/files", tag = "messages",
    params(("id" = Uuid, Path, description = "The case.")),
    request_body(content = MessageForm, content_type = "multipart/form-data"),
    responses((status = 201, description = "It is sent.", body = SentView), Problem))]
async fn send_case_files(
    State(app): State<App>,
    May(caller, ..): May<SendMessages>,
    Path(case): Path<CaseId>,
    form: Multipart,
) -> Result<(StatusCode, Json<SentView>), Problem> {
    // Whoever may not see the case learns nothing from what is wrong with a form.
    app.messages.is_open(&caller.scope, case, Channel::Team).await?;
    let (channel, text, files) = read(form).await?;
    let channel = if channel.is_empty() { Ok(Channel::Team) } else { channel.parse() };
    let channel = channel.map_err(|words: String| Problem::shown(Code::BadRequest, &words))?;
    let new = NewMessage { case, channel, text, files, documents: Vec::new(), share: false };
    let id = app.messages.post(&caller.scope, new).await?;
    Ok((StatusCode::CREATED, Json(SentView { id })))
}

/// Write to the chamber with files
///
/// In a case shown to the client who writes. For clients.
#[utoipa::path(post, path = "/api/v1/portal/cases/{id}/messages/files", tag = "messages",
    params(("id" = Uuid, Path, description = "The case.")),
    request_body(content = MessageForm, content_type = "multipart/form-data"),
    responses((status = 201, description = "It is sent.", body = SentView), Problem))]
async fn send_portal_files(
    State(app): State<App>,
    May(caller, ..): May<UsePortal>,
    Path(case): Path<CaseId>,
    form: Multipart,
) -> Result<(StatusCode, Json<SentView>), Problem> {
    let channel = Channel::Client;
    app.messages.is_open(&caller.scope, case, channel).await?;
    let (_, text, files) = read(form).await?;
    let new = NewMessage { case, channel, text, files, documents: Vec::new(), share: false };
    let id = app.messages.post(&caller.scope, new).await?;
    Ok((StatusCode::CREATED, Json(SentView { id })))
}

/// Fetch a file of a message
///
/// As a download, never to be shown by a browser; the fetching is recorded. For those to
/// whom the case is open.
#[utoipa::path(get, path = "/api/v1/attachments/{id}", tag = "messages",
    params(("id" = Uuid, Path, description = "The file.")),
    responses((status = 200, description = "Its bytes.",
        content_type = "application/octet-stream", body = Vec<u8>), Problem))]
async fn fetch_attachment(
    State(app): State<App>,
    May(caller, ..): May<ReadCases>,
    Path(id): Path<AttachmentId>,
) -> Result<Response, Problem> {
    fetch(&app, &caller.scope, id).await
}

/// Fetch a file of a message with the chamber
///
/// As a download; the fetching is recorded. For clients.
#[utoipa::path(get, path = "/api/v1/portal/attachments/{id}", tag = "messages",
    params(("id" = Uuid, Path, description = "The file.")),
    responses((status = 200, description = "Its bytes.",
        content_type = "application/octet-stream", body = Vec<u8>), Problem))]
async fn fetch_portal_attachment(
    State(app): State<App>,
    May(caller, ..): May<UsePortal>,
    Path(id): Path<AttachmentId>,
) -> Result<Response, Problem> {
    fetch(&app, &caller.scope, id).await
}

async fn fetch(app: &App, scope: &Scope, id: AttachmentId) -> Result<Response, Problem> {
    let Fetched { name, bytes, .. } = app.messages.fetch(scope, id).await?;
    let headers = [
        (CONTENT_TYPE, "application/octet-stream".to_owned()),
        (CONTENT_DISPOSITION, as_download(&name)),
    ];
    Ok((headers, bytes).into_response())
}

/// The header that has a browser save a file under its name.
fn as_download(name: &str) -> String {
    let encoded: String = url::form_urlencoded::byte_serialize(name.as_bytes()).collect();
    let encoded = encoded.replace('+', "%20").replace('*', "%2A");
    format!("attachment; filename=\"file\"; filename*=UTF-8''{encoded}")
}

/// Keep a file of a message as a document
///
/// It is read and searched from then on like any other document of the case. For those
/// who work on the case.
#[utoipa::path(post, path = "/api/v1/attachments/{id}/keep", tag = "messages",
    params(("id" = Uuid, Path, description = "The file.")),
    responses((status = 202, description = "It was taken.", body = KeptDocument), Problem))]
async fn keep_attachment(
    State(app): State<App>,
    May(caller, ..): May<SendMessages>,
    Path(id): Path<AttachmentId>,
) -> Result<(StatusCode, Json<KeptDocument>), Problem> {
    let document_id = app.messages.keep(&caller.scope, id).await?;
    Ok((StatusCode::ACCEPTED, Json(KeptDocument { document_id })))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_can_add_no_header() {
        assert_eq!(
            as_download("order 1 \"x\"\r\n.pdf"),
            "attachment; filename=\"file\"; filename*=UTF-8''order%201%20%22x%22%0D%0A.pdf"
        );
    }
}
