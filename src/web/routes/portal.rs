//! The portal: what a client sees.

use axum::extract::State;

use super::{Failure, Viewer};
use crate::app::App;
use crate::web::Area;
use crate::web::parts::DocumentRef;
use crate::web::portal::{PortalPage, SharedCase, SharedDocument};

pub(super) async fn show(State(app): State<App>, viewer: Viewer) -> Result<PortalPage, Failure> {
    let shared = app.portal.shared(viewer.scope()).await.map_err(|error| viewer.failure(error))?;
    let mut cases: Vec<SharedCase> = Vec::new();
    for document in shared {
        let entry = SharedDocument {
            document: DocumentRef { id: document.id, title: document.title },
            pages: document.version.pages_total.and_then(|pages| u32::try_from(pages).ok()),
            shared: document.version.uploaded_at.into(),
            shared_by: document.version.uploaded_by,
        };
        match cases.iter_mut().find(|case| case.title == document.case_title) {
            Some(case) => case.documents.push(entry),
            None => cases.push(SharedCase {
                title: document.case_title,
                number: None,
                court: None,
                documents: vec![entry],
            }),
        }
    }
    Ok(PortalPage { layout: viewer.layout("Documents", Area::Portal), cases })
}
