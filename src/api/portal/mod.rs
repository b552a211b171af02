//! The portal: what a client is shown, asked for and sends; and what the chamber decides
//! on it.

mod cases;
mod deliveries;
pub(crate) mod documents;
mod invoices;
mod news;
mod requests;
mod showing;

use utoipa_axum::router::OpenApiRouter;

use crate::app::App;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::default()
        .merge(cases::routes())
        .merge(deliveries::routes())
        .merge(documents::routes())
        .merge(invoices::routes())
        .merge(news::routes())
        .merge(requests::routes())
        .merge(showing::routes())
}
