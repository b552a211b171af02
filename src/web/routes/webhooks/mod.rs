//! Other systems that are told of events.

mod acts;
mod show;

use axum::Router;
use axum::routing::{get, post};

use crate::app::App;

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/admin/webhooks", get(show::list).post(acts::add))
        .route("/admin/webhooks/{id}", get(show::one).post(acts::change))
        .route("/admin/webhooks/{id}/test", post(acts::test))
        .route("/admin/webhooks/{id}/switch", post(acts::switch))
        .route("/admin/webhooks/{id}/secret", post(acts::rotate))
        .route("/admin/webhooks/{id}/remove", post(acts::remove))
        .route("/admin/webhooks/{id}/replay", post(acts::replay_since))
        .route("/admin/webhooks/{id}/deliveries/{event}/replay", post(acts::replay))
}
