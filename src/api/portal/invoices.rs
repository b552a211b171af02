//! The invoices a client was sent.

use axum::extract::State;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::caller::May;
use crate::api::extract::{Json, Path};
use crate::api::pages::{Bytes, attachment};
use crate::api::problem::Problem;
use crate::app::App;
use crate::billing::ClientInvoice;
use crate::kernel::InvoiceId;
use crate::kernel::permission::permit::UsePortal;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::default().routes(routes!(list_my_invoices)).routes(routes!(fetch_my_invoice))
}

/// An invoice as its client sees it.
#[derive(Serialize, ToSchema)]
#[schema(as = ClientInvoice)]
struct ClientInvoiceView {
    /// Its id.
    id: InvoiceId,
    /// Its number.
    number: String,
    /// Whether it was taken back.
    cancelled: bool,
    /// The day of issue.
    issued_on: NaiveDate,
    /// When it is to be paid.
    due_on: Option<NaiveDate>,
    /// What was billed, in paise.
    total_paise: i64,
    /// What is still to be paid, in paise.
    outstanding_paise: i64,
    /// Whether there is a file of it.
    has_paper: bool,
    /// What a camera reads to pay what is open.
    upi: Option<String>,
}

impl From<ClientInvoice> for ClientInvoiceView {
    fn from(invoice: ClientInvoice) -> Self {
        let ClientInvoice { id, number, kind: _, cancelled, issued_on, due_on, .. } = invoice;
        Self {
            id,
            number,
            cancelled,
            issued_on,
            due_on,
            total_paise: invoice.total.0,
            outstanding_paise: invoice.outstanding.0,
            has_paper: invoice.has_paper,
            upi: invoice.upi,
        }
    }
}

/// List the invoices sent to you
///
/// The latest first. For clients.
#[utoipa::path(get, path = "/api/v1/portal/invoices", tag = "portal",
    responses((status = 200, description = "The invoices.", body = [ClientInvoiceView]),
              Problem))]
async fn list_my_invoices(
    State(app): State<App>,
    May(caller, ..): May<UsePortal>,
) -> Result<Json<Vec<ClientInvoiceView>>, Problem> {
    let invoices = app.billing.for_client(&caller.scope).await?;
    Ok(Json(invoices.into_iter().map(ClientInvoiceView::from).collect()))
}

/// Fetch an invoice sent to you
///
/// As it was sent, a PDF. It is recorded. For the client it was sent to.
#[utoipa::path(get, path = "/api/v1/portal/invoices/{id}/pdf", tag = "portal",
    params(("id" = Uuid, Path, description = "The invoice.")),
    responses((status = 200, description = "The file.", body = Bytes,
               content_type = "application/pdf"), Problem))]
async fn fetch_my_invoice(
    State(app): State<App>,
    May(caller, ..): May<UsePortal>,
    Path(id): Path<InvoiceId>,
) -> Result<Response, Problem> {
    let kept = app.billing.paper_for_client(&caller.scope, id).await?;
    let name = attachment(&format!("{}.pdf", kept.number.replace('/', "-")));
    let headers = [(CONTENT_TYPE, "application/pdf".to_owned()), (CONTENT_DISPOSITION, name)];
    Ok((headers, kept.bytes).into_response())
}
