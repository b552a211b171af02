//! Other systems that are told of events.

mod deliveries;
mod hooks;

use utoipa_axum::router::OpenApiRouter;

use crate::app::App;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::default().merge(hooks::routes()).merge(deliveries::routes())
}
