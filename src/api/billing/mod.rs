//! Invoices, payments, client money and reports.

mod accounts;
mod chamber;
mod drafts;
mod invoices;
pub(crate) mod papers;
mod payments;
pub(crate) mod reports;
mod views;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;

pub(crate) use views::charge;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::default()
        .routes(routes!(chamber::show_chamber, chamber::set_chamber))
        .routes(routes!(invoices::list_invoices, drafts::begin_draft))
        .routes(routes!(invoices::show_invoice, drafts::set_draft, drafts::delete_draft))
        .routes(routes!(drafts::add_lines))
        .routes(routes!(drafts::change_line, drafts::remove_line))
        .routes(routes!(drafts::move_line))
        .routes(routes!(drafts::add_clerkage))
        .routes(routes!(invoices::issue_invoice))
        .routes(routes!(invoices::credit_invoice))
        .routes(routes!(invoices::apply_advance))
        .routes(routes!(papers::invoice_paper))
        .routes(routes!(papers::credit_note_paper))
        .routes(routes!(payments::list_payments, payments::enter_payment))
        .routes(routes!(payments::reverse_payment))
        .routes(routes!(papers::receipt_paper))
        .routes(routes!(accounts::show_client_ledger, accounts::enter_ledger))
        .routes(routes!(accounts::show_statement))
        .routes(routes!(papers::statement_paper))
        .routes(routes!(accounts::list_tds, accounts::enter_certificate))
        .routes(routes!(reports::ageing))
        .routes(routes!(reports::monthly))
        .routes(routes!(reports::by_case))
        .routes(routes!(reports::unbilled))
        .routes(routes!(reports::download_report))
}
