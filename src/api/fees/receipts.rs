//! Receipts of expenses.

use axum::extract::{DefaultBodyLimit, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE,
    X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::IntoResponse;
use utoipa::ToSchema;
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouterExt};
use utoipa_axum::routes;

use crate::api::caller::May;
use crate::api::extract::{Multipart, Path, unreadable};
use crate::api::problem::{Code, Problem};
use crate::app::App;
use crate::fees::{FeeError, LARGEST_RECEIPT, Receipt};
use crate::kernel::ExpenseId;
use crate::kernel::permission::permit::ReadCases;

/// What the form around the file may add.
const FORM: usize = 64 << 10;

pub(super) fn routes() -> OpenApiRouter<App> {
    let limit = DefaultBodyLimit::max(LARGEST_RECEIPT + FORM);
    OpenApiRouter::default()
        .routes(routes!(keep_receipt).layer(limit))
        .routes(routes!(fetch_receipt))
}

/// A form with the receipt.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it describes the form; the bytes are read from its part")]
struct ReceiptForm {
    /// The file, with its name: a PDF or a picture.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
}

/// Keep the receipt of an expense
///
/// A PDF, JPEG, PNG or WEBP of at most 10 MB, in the place of one that was there, while the
/// expense is not billed. It is kept sealed, and apart from the documents of the case. For
/// those who may change the expense.
#[utoipa::path(post, path = "/api/v1/expenses/{id}/receipt", tag = "fees",
    params(("id" = Uuid, Path, description = "The expense.")),
    request_body(content = ReceiptForm, content_type = "multipart/form-data"),
    responses((status = 204, description = "It is kept."), Problem))]
async fn keep_receipt(
    State(app): State<App>,
    May(caller, ..): May<ReadCases>,
    Path(id): Path<ExpenseId>,
    Multipart(mut form): Multipart,
) -> Result<StatusCode, Problem> {
    let broken = |error: axum::extract::multipart::MultipartError| match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => FeeError::TooLarge.into(),
        status => unreadable(status, &error.body_text()),
    };
    while let Some(field) = form.next_field().await.map_err(broken)? {
        if field.name() == Some("file") {
            let name = field.file_name().unwrap_or_default().to_owned();
            let bytes = field.bytes().await.map_err(broken)?;
            app.fees.keep_receipt(&caller.scope, id, (&name, &bytes)).await?;
            return Ok(StatusCode::NO_CONTENT);
        }
    }
    let words = "send the receipt as the field `file` of a multipart form";
    Err(Problem::shown(Code::BadRequest, words))
}

/// Fetch the receipt of an expense
///
/// That it was opened is recorded. For those who may see the expense.
#[utoipa::path(get, path = "/api/v1/expenses/{id}/receipt", tag = "fees",
    params(("id" = Uuid, Path, description = "The expense.")),
    responses((status = 200, description = "The receipt.",
               content((String = "application/pdf"), (String = "image/jpeg"),
                       (String = "image/png"), (String = "image/webp"))), Problem))]
async fn fetch_receipt(
    State(app): State<App>,
    May(caller, ..): May<ReadCases>,
    Path(id): Path<ExpenseId>,
) -> Result<impl IntoResponse, Problem> {
    let (receipt, bytes) = app.fees.receipt(&caller.scope, id).await?;
    Ok((headers(&receipt), bytes))
}

/// How a receipt is sent: as a file, never as a page.
fn headers(receipt: &Receipt) -> HeaderMap {
    let named: String = receipt.file_name.chars().filter(|c| c.is_ascii() && *c != '"').collect();
    let disposition = format!(
        "attachment; filename=\"{named}\"; filename*=UTF-8''{}",
        url::form_urlencoded::byte_serialize(receipt.file_name.as_bytes())
            .collect::<String>()
            .replace('+', "%20")
    );
    let mut headers = HeaderMap::new();
    let plain = HeaderValue::from_static;
    headers.insert(CONTENT_SECURITY_POLICY, plain("default-src 'none'; sandbox"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, plain("nosniff"));
    headers.insert(CACHE_CONTROL, plain("no-store"));
    let kind = HeaderValue::from_str(&receipt.media_type);
    headers.insert(CONTENT_TYPE, kind.unwrap_or(plain("application/octet-stream")));
    if let Ok(disposition) = HeaderValue::from_str(&disposition) {
        headers.insert(CONTENT_DISPOSITION, disposition);
    }
    headers
}
