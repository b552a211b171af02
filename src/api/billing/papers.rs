//! The files of bills, credit notes, receipts and statements.

use axum::extract::State;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::accounts::SpanQuery;
use crate::api::caller::May;
use crate::api::extract::{Path, Query};
use crate::api::problem::Problem;
use crate::app::App;
use crate::billing::Kept;
use crate::kernel::permission::permit::ReadBilling;
use crate::kernel::{ClientId, CreditNoteId, InvoiceId, PaymentId};

/// A file to take away, with a name made of a number.
pub(crate) fn pdf(number: &str, bytes: Vec<u8>) -> Response {
    let plain = |c: char| if c.is_ascii_alphanumeric() { c } else { '-' };
    let name: String = number.chars().map(plain).collect();
    let headers = [
        (CONTENT_TYPE, "application/pdf".to_owned()),
        (CONTENT_DISPOSITION, format!("attachment; filename=\"{name}.pdf\"")),
    ];
    (headers, bytes).into_response()
}

/// Download a bill
///
/// As it was sent; of a draft, as it would be, marked so. For those who may see its money.
#[utoipa::path(get, path = "/api/v1/invoices/{id}/paper", tag = "billing",
    params(("id" = Uuid, Path, description = "The bill.")),
    responses((status = 200, description = "The file.", body = Vec<u8>,
               content_type = "application/pdf"), Problem))]
pub(super) async fn invoice_paper(
    State(app): State<App>,
    May(caller, ..): May<ReadBilling>,
    Path(id): Path<InvoiceId>,
) -> Result<Response, Problem> {
    let Kept { number, bytes, .. } = app.billing.paper(&caller.scope, id).await?;
    app.audit.viewed(&caller.scope, "invoice.paper.view", json!({ "invoice": id })).await?;
    Ok(pdf(&number, bytes))
}

/// Download a credit note
///
/// As it was sent. For those who may see the money of its bill.
#[utoipa::path(get, path = "/api/v1/credit-notes/{id}/paper", tag = "billing",
    params(("id" = Uuid, Path, description = "The credit note.")),
    responses((status = 200, description = "The file.", body = Vec<u8>,
               content_type = "application/pdf"), Problem))]
pub(super) async fn credit_note_paper(
    State(app): State<App>,
    May(caller, ..): May<ReadBilling>,
    Path(id): Path<CreditNoteId>,
) -> Result<Response, Problem> {
    let Kept { number, bytes, .. } = app.billing.credit_paper(&caller.scope, id).await?;
    Ok(pdf(&number, bytes))
}

/// Download the receipt of a payment
///
/// As it was given. For admins and the books.
#[utoipa::path(get, path = "/api/v1/payments/{id}/receipt", tag = "billing",
    params(("id" = Uuid, Path, description = "The payment.")),
    responses((status = 200, description = "The file.", body = Vec<u8>,
               content_type = "application/pdf"), Problem))]
pub(super) async fn receipt_paper(
    State(app): State<App>,
    May(caller, ..): May<ReadBilling>,
    Path(id): Path<PaymentId>,
) -> Result<Response, Problem> {
    let Kept { number, bytes, .. } = app.billing.receipt(&caller.scope, id).await?;
    Ok(pdf(&number, bytes))
}

/// Download the account of a client
///
/// For admins and the books.
#[utoipa::path(get, path = "/api/v1/clients/{id}/statement.pdf", tag = "billing",
    params(("id" = Uuid, Path, description = "The client."), SpanQuery),
    responses((status = 200, description = "The file.", body = Vec<u8>,
               content_type = "application/pdf"), Problem))]
pub(super) async fn statement_paper(
    State(app): State<App>,
    May(caller, ..): May<ReadBilling>,
    Path(id): Path<ClientId>,
    Query(query): Query<SpanQuery>,
) -> Result<Response, Problem> {
    let span = query.span(&app);
    let bytes = app.billing.statement_paper(&caller.scope, id, span).await?;
    let details = json!({ "client": id, "from": span.0, "to": span.1 });
    app.audit.acted(&caller.scope, "statement.export", details).await?;
    Ok(pdf(&format!("statement {}", span.1), bytes))
}
