//! Messages of cases.

mod forms;
mod inbox;
mod portal;
mod rows;
mod team;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};

use crate::app::App;

pub(super) fn routes() -> Router<App> {
    let limit = DefaultBodyLimit::max(forms::LARGEST_FORM);
    Router::new()
        .route("/messages", get(inbox::show))
        .route("/cases/{id}/messages", get(team::show).post(team::send).layer(limit))
        .route("/case-messages/{id}/withdraw", post(team::withdraw))
        .route("/attachments/{id}/keep", post(team::keep))
        .route("/portal/messages", get(inbox::show_portal))
        .route("/portal/messages/{case}", get(portal::show).post(portal::send).layer(limit))
        .route("/portal/case-messages/{id}/withdraw", post(portal::withdraw))
}
