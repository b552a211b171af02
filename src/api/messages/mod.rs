//! Messages of cases, for the chamber and for clients.

mod files;
mod portal;
mod team;
mod views;

use utoipa_axum::router::OpenApiRouter;

use crate::app::App;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::default().merge(team::routes()).merge(portal::routes()).merge(files::routes())
}
