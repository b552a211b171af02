//! Limitation, holidays, and what is to be done.

mod calculator;
mod forms;
mod holidays;
mod kept;
mod lists;
mod task;

use axum::Router;
use axum::routing::{get, post};

use crate::app::App;

pub(in crate::web) use lists::rows_of;

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/deadlines", get(lists::everywhere).post(lists::add))
        .route("/deadlines/{id}", get(task::show).post(task::change))
        .route("/deadlines/{id}/done", post(task::done))
        .route("/deadlines/{id}/reopen", post(task::reopen))
        .route("/deadlines/{id}/cancel", post(task::cancel))
        .route("/cases/{id}/deadlines", get(lists::of_case).post(lists::add_in_case))
        .route("/limitation", get(calculator::show))
        .route("/limitation/keep", post(calculator::keep))
        .route("/limitation/rules", get(kept::rules))
        .route("/limitation/rules/{rule}/review", post(kept::review))
        .route("/limitation/rules/{rule}/unreview", post(kept::unreview))
        .route("/limitations/{id}", get(kept::show))
        .route("/limitations/{id}/again", post(kept::again))
        .route("/limitations/{id}/drop", post(kept::drop_kept))
        .route("/admin/holidays", get(holidays::list).post(holidays::make))
        .route("/admin/holidays/{id}", get(holidays::show).post(holidays::change))
        .route("/admin/holidays/{id}/days", post(holidays::add))
        .route("/admin/holidays/{id}/remove", post(holidays::remove))
        .route("/admin/holidays/{id}/import", post(holidays::import))
}
