//! The diary, hearings of a case, cause lists and calendars.

mod calendars;
mod case;
mod cause_lists;
mod diary;
mod fields;
mod rows;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};

use crate::app::App;

/// The largest file of a cause list, in bytes.
const LARGEST_FILE: usize = 32 << 20;
/// The largest pasted list, in bytes: its text as a form sends it.
const LARGEST_TEXT: usize = 16 << 20;

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/diary", get(diary::show))
        .route("/cases/{id}/hearings", get(case::show).post(case::add))
        .route("/hearings/{id}/outcome", post(case::outcome))
        .route("/hearings/{id}/change", post(case::change))
        .route("/hearings/{id}/withdraw", post(case::withdraw))
        .route("/hearing-claims/{id}/decide", post(case::decide))
        .route(
            "/cause-lists",
            get(cause_lists::list)
                .post(cause_lists::add)
                .layer(DefaultBodyLimit::max(LARGEST_TEXT)),
        )
        .route(
            "/cause-lists/file",
            post(cause_lists::upload).layer(DefaultBodyLimit::max(LARGEST_FILE)),
        )
        .route("/cause-lists/{id}", get(cause_lists::show))
        .route("/cause-lists/{id}/head", post(cause_lists::head))
        .route("/cause-lists/{id}/entries", post(cause_lists::take))
        .route("/cause-lists/{id}/forget", post(cause_lists::forget))
        .route("/account/calendar", get(calendars::list).post(calendars::make))
        .route("/account/calendar/{id}/renew", post(calendars::renew))
        .route("/account/calendar/{id}/revoke", post(calendars::revoke))
        .route("/calendar/{file}", get(calendars::fetch))
}
