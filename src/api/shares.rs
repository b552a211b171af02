//! Shares: what a case's client reads in the portal, on what terms, and until when.

use axum::extract::State;
use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::caller::May;
use super::extract::{Json, Path};
use super::problem::{Code, Problem};
use crate::app::App;
use crate::documents::{NewShare, Receipt, Share};
use crate::kernel::permission::permit::ShareDocuments;
use crate::kernel::{CaseId, ClientId, DocumentId, UserId};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::default()
        .routes(routes!(list_shares))
        .routes(routes!(list_case_shares))
        .routes(routes!(list_receipts))
        .routes(routes!(share_document))
        .routes(routes!(unshare_document))
}

/// A share of a document with a client.
#[derive(Serialize, ToSchema)]
#[schema(as = Share)]
#[expect(clippy::struct_excessive_bools, reason = "each is a term of the share of its own")]
struct ShareView {
    /// The document.
    document_id: DocumentId,
    /// With whom.
    client_id: ClientId,
    /// How the client is called.
    client: String,
    /// Who shared it.
    shared_by: String,
    /// When, or when its terms were last changed.
    shared_at: DateTime<Utc>,
    /// When it ends; nothing when it lasts until it is taken back.
    expires_at: Option<DateTime<Utc>>,
    /// Whether it has ended, and the client sees nothing of the document.
    ended: bool,
    /// Which pages are shared, as `1-3,7`; nothing for all.
    pages: Option<String>,
    /// Whether the pictures of pages carry the reader's name.
    watermark: bool,
    /// Whether the client may take a file away.
    download: bool,
    /// The version that was shared; nothing for every one.
    version: Option<i64>,
    /// Whether versions after it are shared too.
    later_versions: bool,
}

impl From<Share> for ShareView {
    fn from(share: Share) -> Self {
        let Share { document, client_id, client, shared_by, shared_at, expires_at, ended, .. } =
            share;
        let Share { pages, watermark, download, version, later_versions, .. } = share;
        Self {
            document_id: document,
            client_id,
            client,
            shared_by,
            shared_at,
            expires_at,
            ended,
            pages: pages.stored(),
            watermark,
            download,
            version,
            later_versions,
        }
    }
}

/// How to share a document.
#[derive(Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewShare)]
struct ShareBody {
    /// When the share ends, to come; until it is taken back when left out.
    expires_at: Option<DateTime<Utc>>,
    /// Which pages, as `1-3,7`; all when left out.
    pages: Option<String>,
    /// Whether the pictures of pages carry the reader's name, the day and the chamber; yes
    /// when left out.
    watermark: Option<bool>,
    /// Whether the client may take a file away: the original when every page is shared
    /// without a watermark, else a copy of the pages shown; no when left out.
    download: Option<bool>,
    /// The version to share; the latest when left out.
    version: Option<i64>,
    /// Whether versions after it are shared too; no when left out.
    later_versions: Option<bool>,
}

impl ShareBody {
    fn terms(self) -> Result<NewShare, Problem> {
        let usual = NewShare::default();
        let pages = self.pages.unwrap_or_default().parse();
        Ok(NewShare {
            until: self.expires_at,
            pages: pages.map_err(|error| Problem::shown(Code::BadRequest, &error))?,
            watermark: self.watermark.unwrap_or(usual.watermark),
            download: self.download.unwrap_or(usual.download),
            version: self.version,
            later_versions: self.later_versions.unwrap_or(usual.later_versions),
        })
    }
}

/// What somebody of a client looked at of one version of a shared document.
#[derive(Serialize, ToSchema)]
#[schema(as = ViewReceipt)]
struct ReceiptView {
    /// The document.
    document_id: DocumentId,
    /// Who.
    user_id: UserId,
    /// How they are called.
    name: String,
    /// Which version.
    version: i64,
    /// The pages they looked at.
    pages: Vec<PageViews>,
    /// How often they took the file away.
    downloads: i64,
    /// When they first looked.
    first_at: DateTime<Utc>,
    /// When they last did.
    last_at: DateTime<Utc>,
}

/// How often a page was looked at.
#[derive(Serialize, ToSchema)]
#[schema(as = PageViews)]
struct PageViews {
    /// The page, from 1.
    page: u32,
    /// How often.
    views: i64,
}

impl From<Receipt> for ReceiptView {
    fn from(receipt: Receipt) -> Self {
        let Receipt { document, user, name, version, pages, taken, first_at, last_at } = receipt;
        let pages = pages.into_iter().map(|(page, views)| PageViews { page, views }).collect();
        let (document_id, user_id, downloads) = (document, user, taken);
        Self { document_id, user_id, name, version, pages, downloads, first_at, last_at }
    }
}

/// List whom a document is shared with
///
/// Also the shares that have run out. For those to whom the case is open.
#[utoipa::path(get, path = "/api/v1/documents/{id}/shares", tag = "documents",
    params(("id" = Uuid, Path, description = "The document.")),
    responses((status = 200, description = "The shares.", body = [ShareView]), Problem))]
async fn list_shares(
    State(app): State<App>,
    May(caller, ..): May<ShareDocuments>,
    Path(id): Path<DocumentId>,
) -> Result<Json<Vec<ShareView>>, Problem> {
    let shares = app.documents.shares(&caller.scope, id).await?;
    Ok(Json(shares.into_iter().map(ShareView::from).collect()))
}

/// List what of a case is shared with its client
///
/// Also the shares that have run out. For those to whom the case is open.
#[utoipa::path(get, path = "/api/v1/cases/{id}/shares", tag = "portal",
    params(("id" = Uuid, Path, description = "The case.")),
    responses((status = 200, description = "The shares.", body = [ShareView]), Problem))]
async fn list_case_shares(
    State(app): State<App>,
    May(caller, ..): May<ShareDocuments>,
    Path(id): Path<CaseId>,
) -> Result<Json<Vec<ShareView>>, Problem> {
    app.portal.showing(&caller.scope, id).await?;
    let shares = app.documents.shares_of_case(&caller.scope, id).await?;
    Ok(Json(shares.into_iter().map(ShareView::from).collect()))
}

/// List what the client of a case looked at
///
/// Which pages of its shared documents, who, when and how often. A page counts when its
/// picture or its text was fetched. For those to whom the case is open.
#[utoipa::path(get, path = "/api/v1/cases/{id}/receipts", tag = "portal",
    params(("id" = Uuid, Path, description = "The case.")),
    responses((status = 200, description = "The last look first.", body = [ReceiptView]),
              Problem))]
async fn list_receipts(
    State(app): State<App>,
    May(caller, ..): May<ShareDocuments>,
    Path(id): Path<CaseId>,
) -> Result<Json<Vec<ReceiptView>>, Problem> {
    app.portal.showing(&caller.scope, id).await?;
    let receipts = app.documents.receipts(&caller.scope, id).await?;
    Ok(Json(receipts.into_iter().map(ReceiptView::from).collect()))
}

/// Share a document with the case's client
///
/// The client can then read it in the portal, on these terms, until the share ends or is
/// taken back. A document shared already is shared on the new terms. For those who work on
/// the case, and admins.
#[utoipa::path(post, path = "/api/v1/documents/{id}/share", tag = "documents",
    params(("id" = Uuid, Path, description = "The document.")),
    request_body = Option<ShareBody>,
    responses((status = 204, description = "It is shared."), Problem))]
async fn share_document(
    State(app): State<App>,
    May(caller, ..): May<ShareDocuments>,
    Path(id): Path<DocumentId>,
    body: Option<Json<ShareBody>>,
) -> Result<StatusCode, Problem> {
    let terms = body.map(|Json(body)| body).unwrap_or_default().terms()?;
    app.portal.share(&caller.scope, id, &terms).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Share a document no longer
///
/// At once. For those who work on the case, and admins.
#[utoipa::path(post, path = "/api/v1/documents/{id}/unshare", tag = "documents",
    params(("id" = Uuid, Path, description = "The document.")),
    responses((status = 204, description = "It is not shared."), Problem))]
async fn unshare_document(
    State(app): State<App>,
    May(caller, ..): May<ShareDocuments>,
    Path(id): Path<DocumentId>,
) -> Result<StatusCode, Problem> {
    app.documents.unshare(&caller.scope, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
