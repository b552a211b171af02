//! The portal: what a client sees.

use axum::extract::State;

use super::{Failure, Viewer, letters};
use crate::app::App;
use crate::web::Area;
use crate::web::page::{Link, Notice};
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
    let asked = app.privacy.to_be_asked(viewer.scope()).await;
    let asked = asked.map_err(|error| viewer.failure(error))?;
    let notice = Notice {
        text: "Your advocate asks for your consent.".to_owned(),
        link: Some(Link::new("Read what it is about", "/portal/privacy")),
    };
    let mut notices = if asked.is_empty() { Vec::new() } else { vec![notice] };
    notices.extend(letters::told(&app, &viewer).await?);
    let layout = viewer.layout("Documents", Area::Portal).with_notices(notices);
    Ok(PortalPage { layout, cases })
}
