//! The start page of running the chamber.

use axum::extract::State;

use super::{Allowed, Failure};
use crate::app::App;
use crate::kernel::permission::permit::RunService;
use crate::web::Area;
use crate::web::office::OfficePage;

pub(super) async fn show(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<RunService>,
) -> Result<OfficePage, Failure> {
    let failed = app.outbox.failed(viewer.scope()).await;
    let failed = failed.map_err(|error| viewer.failure(error))?;
    Ok(OfficePage::new(viewer.layout("Chamber", Area::Office), failed))
}
