//! Hearings, cause lists and calendar addresses.

mod calendars;
mod cause_lists;
mod changing;
mod claims;
mod listing;
mod views;

use utoipa_axum::router::OpenApiRouter;

use crate::app::App;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::default()
        .merge(listing::routes())
        .merge(changing::routes())
        .merge(claims::routes())
        .merge(cause_lists::routes())
        .merge(calendars::routes())
}
