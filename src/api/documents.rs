//! Documents, their versions, and sharing them with the client.

use axum::extract::State;
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::caller::May;
use super::extract::{Json, Path};
use super::problem::Problem;
use crate::app::App;
use crate::documents::reading::Finding;
use crate::documents::{About, Document, Version};
use crate::kernel::permission::permit::ReadDocuments;
use crate::kernel::{CaseId, DocumentId, VersionId};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::default().routes(routes!(list_documents)).routes(routes!(show_document))
}

/// How far a version has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum DocumentStatus {
    /// It waits to be read.
    Queued,
    /// Its pages are being read.
    Reading,
    /// It is read; search or meaning follow.
    Indexing,
    /// Nothing is left to do.
    Ready,
    /// It could not be read.
    Failed,
}

/// How far a version has come, in figures.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct ReadingState {
    /// How far it has come.
    pub(super) status: DocumentStatus,
    /// Why it could not be read.
    error: Option<String>,
    /// How many pages it has, once known.
    pages_total: Option<i64>,
    /// How many are read.
    pages_done: i64,
    /// How many of them could not be read.
    pages_unreadable: i64,
    /// Whether its words can be found.
    searchable: bool,
    /// Whether it can be found by meaning.
    semantic: bool,
}

impl ReadingState {
    /// The state of a version; `meaning` says whether search by meaning is on.
    pub(super) fn of(version: &Version, meaning: bool) -> Self {
        let (searchable, semantic) = (version.indexed_at.is_some(), version.embedded_at.is_some());
        let status = match version.status.as_str() {
            "reading" => DocumentStatus::Reading,
            "failed" => DocumentStatus::Failed,
            "read" if searchable && (semantic || !meaning) => DocumentStatus::Ready,
            "read" => DocumentStatus::Indexing,
            _ => DocumentStatus::Queued,
        };
        Self {
            status,
            error: version.error.clone(),
            pages_total: version.pages_total,
            pages_done: version.pages_done,
            pages_unreadable: version.pages_unreadable,
            searchable,
            semantic,
        }
    }
}

/// A document with its latest version.
#[derive(Serialize, ToSchema)]
#[schema(as = Document)]
struct DocumentView {
    /// Its id.
    id: DocumentId,
    /// The case it belongs to.
    case_id: CaseId,
    /// The case's title.
    case_title: String,
    /// The mail it was attached to.
    parent_id: Option<DocumentId>,
    /// How it is called.
    title: String,
    /// When it was first uploaded.
    created_at: DateTime<Utc>,
    /// How many clients it is shared with now.
    shares: i64,
    /// Its latest version.
    #[serde(flatten)]
    latest: VersionView,
}

/// One version of a document: certain bytes.
#[derive(Serialize, ToSchema)]
#[schema(as = Version)]
struct VersionView {
    /// The version's id.
    version_id: VersionId,
    /// The version's number, from 1.
    version: i64,
    /// The name the file came with.
    file_name: String,
    /// The SHA-256 of its bytes.
    sha256: String,
    /// How many bytes.
    size_bytes: i64,
    /// What the bytes are: `pdf`, `docx`, `text`, `mail`.
    format: String,
    /// When this version was uploaded.
    uploaded_at: DateTime<Utc>,
    /// By whom.
    uploaded_by: String,
    /// What kind of document it is: `judgment`, `order`, `agreement`, …
    kind: Option<String>,
    /// What its first pages say of it: court, parties, judges, date.
    about: Option<About>,
    /// What its reader should know: scripts, files inside it, macros.
    findings: Vec<FindingView>,
    /// The languages its pages are recognised in, when somebody chose.
    languages: Option<String>,
    /// Whether only a password stands in the way of reading it.
    needs_password: bool,
    /// How far it has come.
    #[serde(flatten)]
    state: ReadingState,
}

/// Something a document carries besides its visible text. Nothing is ever run.
#[derive(Serialize, ToSchema)]
#[schema(as = Finding)]
pub(super) struct FindingView {
    /// What kind of thing: `hidden_text`, `script`, `embedded_file`, …
    kind: String,
    /// The kind in words.
    label: String,
    /// What it is.
    detail: String,
}

impl From<Finding> for FindingView {
    fn from(finding: Finding) -> Self {
        let Finding { kind, detail } = finding;
        let name = serde_json::to_value(kind).ok();
        let name = name.as_ref().and_then(serde_json::Value::as_str).unwrap_or_default();
        Self { kind: name.to_owned(), label: kind.label().to_owned(), detail }
    }
}

impl DocumentView {
    fn new(document: Document, meaning: bool) -> Self {
        let Document { id, case_id, case_title, parent_id, title, created_at, shares, version } =
            document;
        let latest = VersionView::new(version, meaning);
        Self { id, case_id, case_title, parent_id, title, created_at, shares, latest }
    }

    fn list(documents: Vec<Document>, meaning: bool) -> Vec<Self> {
        documents.into_iter().map(|document| Self::new(document, meaning)).collect()
    }
}

impl VersionView {
    fn new(version: Version, meaning: bool) -> Self {
        let state = ReadingState::of(&version, meaning);
        let about = version.told();
        let findings = version.known_findings().into_iter().map(FindingView::from).collect();
        let Version {
            version_id,
            number,
            file_name,
            sha256,
            size_bytes,
            format,
            uploaded_at,
            uploaded_by,
            kind,
            about: _,
            languages,
            needs_password,
            findings: _,
            status: _,
            error: _,
            pages_total: _,
            pages_done: _,
            pages_unreadable: _,
            page_ms: _,
            indexed_at: _,
            embedded_at: _,
        } = version;
        let version = number;
        Self {
            version_id,
            version,
            file_name,
            sha256,
            size_bytes,
            format,
            uploaded_at,
            uploaded_by,
            kind,
            about,
            findings,
            languages,
            needs_password,
            state,
        }
    }
}

/// A document with all its versions and what was attached to it.
#[derive(Serialize, ToSchema)]
struct DocumentDetails {
    /// The document.
    #[serde(flatten)]
    document: DocumentView,
    /// Its versions, oldest first.
    versions: Vec<VersionView>,
    /// The documents that came attached to it, when it is a mail.
    attachments: Vec<DocumentView>,
}

/// Whether search by meaning is on, so that documents are not ready without it.
pub(super) fn finds_meaning(app: &App) -> bool {
    app.vectors.missing().is_none()
}

/// List the documents of a case
///
/// Newest first. For those who work on the case, and admins.
#[utoipa::path(get, path = "/api/v1/cases/{id}/documents", tag = "documents",
    params(("id" = Uuid, Path, description = "The case.")),
    responses((status = 200, description = "The documents.", body = [DocumentView]), Problem))]
async fn list_documents(
    State(app): State<App>,
    May(caller, ..): May<ReadDocuments>,
    Path(id): Path<CaseId>,
) -> Result<Json<Vec<DocumentView>>, Problem> {
    let documents = app.documents.list(&caller.scope, id).await?;
    Ok(Json(DocumentView::list(documents, finds_meaning(&app))))
}

/// Show a document
///
/// The view is recorded. For those who work on its case, admins, and the client it
/// is shared with.
#[utoipa::path(get, path = "/api/v1/documents/{id}", tag = "documents",
    params(("id" = Uuid, Path, description = "The document.")),
    responses((status = 200, description = "The document.", body = DocumentDetails), Problem))]
async fn show_document(
    State(app): State<App>,
    May(caller, ..): May<ReadDocuments>,
    Path(id): Path<DocumentId>,
) -> Result<Json<DocumentDetails>, Problem> {
    let scope = &caller.scope;
    let document = app.documents.find(scope, id).await?;
    let versions = app.documents.versions(scope, id).await?;
    let attachments = app.documents.attachments(scope, id).await?;
    app.documents.viewed(scope, id, document.version.number).await?;
    let meaning = finds_meaning(&app);
    Ok(Json(DocumentDetails {
        document: DocumentView::new(document, meaning),
        versions: versions.into_iter().map(|it| VersionView::new(it, meaning)).collect(),
        attachments: DocumentView::list(attachments, meaning),
    }))
}
