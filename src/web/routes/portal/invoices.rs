//! The invoices a client was sent.

use axum::extract::{Path, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};

use crate::api::pages::attachment;
use crate::app::App;
use crate::billing::ClientInvoice;
use crate::kernel::permission::permit::UsePortal;
use crate::kernel::{InvoiceId, Paise};
use crate::web::Area;
use crate::web::portal::invoices::{InvoiceRow, PortalInvoicesPage};
use crate::web::portal::words::{Speak, fill};
use crate::web::routes::viewer::Viewer;
use crate::web::routes::{Allowed, Failure};

pub(super) async fn list(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<UsePortal>,
) -> Result<PortalInvoicesPage, Failure> {
    let language = viewer.language;
    let invoices = app.billing.for_client(viewer.scope()).await;
    let invoices = invoices.map_err(|error| viewer.failure(error))?;
    let owed = open_in(&invoices);
    let standing = invoices.into_iter().filter(|invoice| !invoice.cancelled);
    let row = |invoice: ClientInvoice| InvoiceRow {
        id: invoice.id,
        name: fill(language.words().invoice, &invoice.number),
        issued: language.day(invoice.issued_on),
        due: invoice.due_on.map(|due| language.day(due)),
        total: invoice.total.to_string(),
        outstanding: (invoice.outstanding > Paise(0)).then(|| invoice.outstanding.to_string()),
        has_paper: invoice.has_paper,
    };
    Ok(PortalInvoicesPage {
        layout: viewer.layout(language.words().invoices_title, Area::PortalInvoices),
        owed,
        invoices: standing.map(row).collect(),
    })
}

/// What is still to be paid of them, as an amount; none when nothing is.
fn open_in(invoices: &[ClientInvoice]) -> Option<String> {
    let standing = invoices.iter().filter(|invoice| !invoice.cancelled);
    let open: Paise = standing.map(|invoice| invoice.outstanding).sum();
    (open > Paise(0)).then(|| open.to_string())
}

/// What the client owes in all.
pub(super) async fn owed(app: &App, viewer: &Viewer) -> Result<Option<String>, Failure> {
    let invoices = app.billing.for_client(viewer.scope()).await;
    Ok(open_in(&invoices.map_err(|error| viewer.failure(error))?))
}

pub(super) async fn paper(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<UsePortal>,
    Path(id): Path<InvoiceId>,
) -> Result<Response, Failure> {
    let kept = app.billing.paper_for_client(viewer.scope(), id).await;
    let kept = kept.map_err(|error| viewer.failure(error))?;
    let name = attachment(&format!("{}.pdf", kept.number.replace('/', "-")));
    let headers = [(CONTENT_TYPE, "application/pdf".to_owned()), (CONTENT_DISPOSITION, name)];
    Ok((headers, kept.bytes).into_response())
}
