//! Limitation, court holidays, and what is to be done.

mod holidays;
mod limitation;
mod tasks;

use utoipa_axum::router::OpenApiRouter;

use crate::app::App;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::default()
        .merge(tasks::routes())
        .merge(limitation::routes())
        .merge(holidays::routes())
}
