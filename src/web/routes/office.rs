//! The start page of running the chamber.

use super::Allowed;
use crate::kernel::permission::permit::RunService;
use crate::web::Area;
use crate::web::office::OfficePage;

pub(super) async fn show(Allowed(viewer, ..): Allowed<RunService>) -> OfficePage {
    OfficePage::new(viewer.layout("Chamber", Area::Office))
}
