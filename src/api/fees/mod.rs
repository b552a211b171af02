//! Time, rates, agreed fees and expenses.

mod agreements;
mod expenses;
mod falling_due;
mod rates;
mod receipts;
mod time;
mod timers;

use utoipa_axum::router::OpenApiRouter;

use crate::app::App;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::default()
        .merge(time::routes())
        .merge(timers::routes())
        .merge(rates::routes())
        .merge(agreements::routes())
        .merge(falling_due::routes())
        .merge(expenses::routes())
        .merge(receipts::routes())
}
