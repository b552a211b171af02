//! Files clients send.

use std::io;

use axum::body::Body;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use futures_util::TryStreamExt;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouterExt};
use utoipa_axum::routes;

use crate::api::caller::May;
use crate::api::extract::{Json, Multipart, Path, unreadable};
use crate::api::pages::{Bytes, UNKNOWN, attachment};
use crate::api::problem::{Code, Problem};
use crate::app::App;
use crate::documents::DocumentError;
use crate::documents::reading::Format;
use crate::kernel::permission::permit::{ReadDocuments, UsePortal, WorkOnCases};
use crate::kernel::{CaseId, DeliveryId, DocumentId, RequestId};
use crate::portal::{Delivery, DeliveryStatus, LARGEST_MIB, NewDelivery, PortalError};

/// What a form may hold beside the largest file.
const SLACK: usize = 8 << 20;

pub(super) fn routes() -> OpenApiRouter<App> {
    let most = usize::try_from(LARGEST_MIB << 20).unwrap_or(usize::MAX).saturating_add(SLACK);
    OpenApiRouter::default()
        .routes(routes!(list_my_deliveries))
        .routes(routes!(send_delivery).layer(DefaultBodyLimit::max(most)))
        .routes(routes!(list_deliveries))
        .routes(routes!(fetch_delivery))
        .routes(routes!(accept_delivery))
        .routes(routes!(refuse_delivery))
}

/// A file a client sent.
#[derive(Serialize, ToSchema)]
#[schema(as = Delivery)]
struct DeliveryView {
    /// Its id.
    id: DeliveryId,
    /// For which case.
    case_id: CaseId,
    /// The case's title.
    case_title: String,
    /// The request it was sent for.
    request_id: Option<RequestId>,
    /// What that asks.
    request: Option<String>,
    /// Who sent it.
    sent_by: String,
    /// When.
    sent_at: DateTime<Utc>,
    /// What the file is called.
    file_name: String,
    /// How many bytes.
    size_bytes: i64,
    /// What the bytes are.
    format: String,
    /// What the client says of it.
    note: Option<String>,
    /// How it stands.
    status: DeliveryStatus,
    /// When it was decided on.
    decided_at: Option<DateTime<Utc>>,
    /// Why it was refused.
    reason: Option<String>,
    /// Who decided; for the chamber's own people.
    decided_by: Option<String>,
    /// What it became; for the chamber's own people.
    document_id: Option<DocumentId>,
}

impl DeliveryView {
    fn new(delivery: Delivery, of_chamber: bool) -> Self {
        let (request_id, request) = delivery.request.unzip();
        Self {
            id: delivery.id,
            case_id: delivery.case_id,
            case_title: delivery.case_title,
            request_id,
            request,
            sent_by: delivery.sent_by,
            sent_at: delivery.sent_at,
            file_name: delivery.file_name,
            size_bytes: delivery.size_bytes,
            format: delivery.format,
            note: delivery.note,
            status: delivery.status,
            decided_at: delivery.decided_at,
            reason: delivery.reason,
            decided_by: delivery.decided_by.filter(|_| of_chamber),
            document_id: delivery.document.filter(|_| of_chamber),
        }
    }
}

/// List what you sent
///
/// The latest first, with what became of it. For clients.
#[utoipa::path(get, path = "/api/v1/portal/deliveries", tag = "portal",
    responses((status = 200, description = "The files.", body = [DeliveryView]), Problem))]
async fn list_my_deliveries(
    State(app): State<App>,
    May(caller, ..): May<UsePortal>,
) -> Result<Json<Vec<DeliveryView>>, Problem> {
    let deliveries = app.portal.deliveries(&caller.scope, None).await?;
    Ok(Json(deliveries.into_iter().map(|one| DeliveryView::new(one, false)).collect()))
}

/// A form with a file for the chamber.
#[derive(ToSchema)]
#[schema(as = DeliveryForm)]
#[expect(dead_code, reason = "it describes the form; the bytes are streamed")]
struct DeliveryForm {
    /// The case; it comes before the file.
    case_id: CaseId,
    /// The request it is for, before the file too.
    request_id: Option<RequestId>,
    /// What is to be said of it, before the file too.
    note: Option<String>,
    /// The file, with its name.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
}

/// What was sent.
#[derive(Serialize, ToSchema)]
struct SentDelivery {
    /// The delivery.
    id: DeliveryId,
}

/// Send a file to the chamber
///
/// Up to 50 MiB, of the kinds the service reads. It is kept apart from the case until the
/// chamber takes it in. For clients, in a case shown to them.
#[utoipa::path(post, path = "/api/v1/portal/deliveries", tag = "portal",
    request_body(content = DeliveryForm, content_type = "multipart/form-data"),
    responses((status = 202, description = "It came.", body = SentDelivery), Problem))]
async fn send_delivery(
    State(app): State<App>,
    May(caller, ..): May<UsePortal>,
    Multipart(mut form): Multipart,
) -> Result<(StatusCode, Json<SentDelivery>), Problem> {
    let (mut case, mut request, mut note) = (None, None, None);
    let broken = |error: axum::extract::multipart::MultipartError| match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => DocumentError::TooLarge(LARGEST_MIB).into(),
        status => unreadable(status, &error.body_text()),
    };
    while let Some(field) = form.next_field().await.map_err(broken)? {
        match field.name() {
            Some("case_id") => case = Some(id(&field.text().await.map_err(broken)?)?),
            Some("request_id") => request = Some(id(&field.text().await.map_err(broken)?)?),
            Some("note") => note = Some(field.text().await.map_err(broken)?),
            Some("file") => {
                let case = case.ok_or_else(|| {
                    Problem::shown(Code::BadRequest, "send `case_id` before the file")
                })?;
                let file_name = field.file_name().unwrap_or_default().to_owned();
                let new = NewDelivery { case, request, note, file_name };
                let bytes = field.map_err(io::Error::other);
                let id = app.portal.deliver(&caller.scope, new, bytes).await?;
                return Ok((StatusCode::ACCEPTED, Json(SentDelivery { id })));
            }
            _ => {}
        }
    }
    Err(PortalError::NoFile.into())
}

fn id<T: std::str::FromStr>(text: &str) -> Result<T, Problem> {
    let words = "`case_id` and `request_id` are ids";
    text.trim().parse().map_err(|_| Problem::shown(Code::BadRequest, words))
}

/// List what the client of a case sent
///
/// What waits first, the latest first. For those to whom the case is open.
#[utoipa::path(get, path = "/api/v1/cases/{id}/deliveries", tag = "portal",
    params(("id" = Uuid, Path, description = "The case.")),
    responses((status = 200, description = "The files.", body = [DeliveryView]), Problem))]
async fn list_deliveries(
    State(app): State<App>,
    May(caller, ..): May<ReadDocuments>,
    Path(id): Path<CaseId>,
) -> Result<Json<Vec<DeliveryView>>, Problem> {
    app.portal.preview(&caller.scope, id).await?;
    let deliveries = app.portal.deliveries(&caller.scope, Some(id)).await?;
    Ok(Json(deliveries.into_iter().map(|one| DeliveryView::new(one, true)).collect()))
}

/// Fetch a file a client sent
///
/// While nobody has decided on it. The look at it is recorded. For those to whom the case
/// is open.
#[utoipa::path(get, path = "/api/v1/deliveries/{id}/file", tag = "portal",
    params(("id" = Uuid, Path, description = "The delivery.")),
    responses((status = 200, description = "The file.", body = Bytes,
               content_type = "*/*"), Problem))]
async fn fetch_delivery(
    State(app): State<App>,
    May(caller, ..): May<ReadDocuments>,
    Path(id): Path<DeliveryId>,
) -> Result<Response, Problem> {
    let (delivery, bytes) = app.portal.delivered_file(&caller.scope, id).await?;
    let mime = Format::parse(&delivery.format).map_or(UNKNOWN, Format::mime);
    let headers =
        [(CONTENT_TYPE, mime.to_owned()), (CONTENT_DISPOSITION, attachment(&delivery.file_name))];
    Ok((headers, Body::from_stream(bytes)).into_response())
}

/// What a delivery became.
#[derive(Serialize, ToSchema)]
struct AcceptedDelivery {
    /// The document.
    document_id: DocumentId,
}

/// Take a delivery into the case
///
/// It becomes a document and is read like any other. For those who work on the case, and
/// admins.
#[utoipa::path(post, path = "/api/v1/deliveries/{id}/accept", tag = "portal",
    params(("id" = Uuid, Path, description = "The delivery.")),
    responses((status = 200, description = "It is a document.", body = AcceptedDelivery),
              Problem))]
async fn accept_delivery(
    State(app): State<App>,
    May(caller, ..): May<WorkOnCases>,
    Path(id): Path<DeliveryId>,
) -> Result<Json<AcceptedDelivery>, Problem> {
    let document_id = app.portal.accept(&caller.scope, id).await?;
    Ok(Json(AcceptedDelivery { document_id }))
}

/// Why a delivery is refused.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct RefuseDelivery {
    /// The reason, as the client reads it.
    reason: String,
}

/// Refuse a delivery
///
/// The client reads why; the bytes are removed, and a request it was for is open again. For
/// those who work on the case, and admins.
#[utoipa::path(post, path = "/api/v1/deliveries/{id}/refuse", tag = "portal",
    params(("id" = Uuid, Path, description = "The delivery.")),
    request_body = RefuseDelivery,
    responses((status = 204, description = "It is refused."), Problem))]
async fn refuse_delivery(
    State(app): State<App>,
    May(caller, ..): May<WorkOnCases>,
    Path(id): Path<DeliveryId>,
    Json(RefuseDelivery { reason }): Json<RefuseDelivery>,
) -> Result<StatusCode, Problem> {
    app.portal.refuse(&caller.scope, id, &reason).await?;
    Ok(StatusCode::NO_CONTENT)
}
