//! The documents shared with a client, read page by page.

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::refused;
use super::rows::{last_day, shared_row};
use crate::api::pages::has_pictures;
use crate::api::portal::documents::taken;
use crate::app::App;
use crate::documents::DocumentError;
use crate::kernel::DocumentId;
use crate::kernel::permission::permit::UsePortal;
use crate::portal::PortalError;
use crate::web::Area;
use crate::web::page::render;
use crate::web::portal::words::Speak;
use crate::web::portal::{PortalDocumentPage, PortalDocumentsPage, SharedRow};
use crate::web::routes::viewer::Viewer;
use crate::web::routes::{Allowed, Failure};

/// So many pages are shown as text at once; a link leads on to the next.
const TEXTS_AT_ONCE: usize = 100;

pub(super) async fn list(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<UsePortal>,
) -> Result<PortalDocumentsPage, Failure> {
    let language = viewer.language;
    let shared = app.portal.shared(viewer.scope(), None).await;
    let mut cases: Vec<(String, Vec<SharedRow>)> = Vec::new();
    for document in shared.map_err(|error| viewer.failure(error))? {
        let title = document.document.case_title.clone();
        let row = shared_row(language, document);
        match cases.iter_mut().find(|(case, _)| *case == title) {
            Some((_, rows)) => rows.push(row),
            None => cases.push((title, vec![row])),
        }
    }
    let layout = viewer.layout(language.words().documents_title, Area::PortalDocuments);
    Ok(PortalDocumentsPage { layout, cases })
}

#[derive(Deserialize)]
pub(super) struct How {
    /// Whether the pages are wanted as text.
    text: Option<String>,
    /// From which page on.
    from: Option<u32>,
}

/// What of a document is wanted.
#[derive(Clone, Copy, Default)]
struct Wanted {
    as_text: bool,
    from: u32,
}

/// The page of a document for a client who came by the chamber's address of it.
pub(in crate::web::routes) async fn shown_at_chamber(
    app: &App,
    viewer: &Viewer,
    id: DocumentId,
) -> Result<PortalDocumentPage, Failure> {
    page(app, viewer, id, Wanted::default(), None).await
}

pub(super) async fn show(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<UsePortal>,
    Path(id): Path<DocumentId>,
    Query(How { text, from }): Query<How>,
) -> Result<PortalDocumentPage, Failure> {
    let wanted = Wanted { as_text: text.is_some(), from: from.unwrap_or_default() };
    page(&app, &viewer, id, wanted, None).await
}

async fn page(
    app: &App,
    viewer: &Viewer,
    id: DocumentId,
    Wanted { as_text, from }: Wanted,
    problem: Option<String>,
) -> Result<PortalDocumentPage, Failure> {
    let (scope, language) = (viewer.scope(), viewer.language);
    let fail = |error: DocumentError| viewer.failure(error);
    let terms = app.documents.terms(scope, id).await.map_err(fail)?;
    let document = app.documents.find(scope, id).await.map_err(fail)?;
    let number = document.version.number;
    let has_pictures = has_pictures(&document.version.format);
    let (mut pictures, mut texts, mut more) = (Vec::new(), Vec::new(), None);
    if has_pictures && !as_text {
        pictures = app.documents.pictured(scope, id, number).await.map_err(fail)?;
    } else {
        let ledger = app.documents.ledger(scope, id, number).await.map_err(fail)?;
        let open = ledger.iter().map(|page| page.number).filter(|page| *page >= from);
        let mut pages: Vec<u32> = open.take(TEXTS_AT_ONCE + 1).collect();
        more = if pages.len() > TEXTS_AT_ONCE { pages.pop() } else { None };
        let read = app.documents.read_texts(scope, id, number, &pages).await.map_err(fail)?;
        texts = read.into_iter().map(|page| (page.number, page.text)).collect();
    }
    app.documents.viewed(scope, id, number).await.map_err(fail)?;
    Ok(PortalDocumentPage {
        layout: viewer.layout(document.title, Area::PortalDocuments),
        id,
        version: number,
        case_title: document.case_title,
        pictures,
        texts,
        more,
        has_pictures,
        marked: terms.watermark && has_pictures,
        download: terms.download,
        until: terms.until.map(|until| language.day_of(last_day(until))),
        problem,
    })
}

pub(super) async fn take(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<UsePortal>,
    Path(id): Path<DocumentId>,
) -> Result<Response, Failure> {
    // What cannot be copied is said beside the document; the rest is as in the API.
    match app.documents.take_away_fits(viewer.scope(), id).await {
        Ok(()) => {}
        Err(error @ DocumentError::Invalid(_)) => {
            let words = refused(&viewer, PortalError::Documents(error))?;
            let page = page(&app, &viewer, id, Wanted::default(), Some(words)).await?;
            return Ok(render(StatusCode::UNPROCESSABLE_ENTITY, &page).into_response());
        }
        Err(error) => return Err(viewer.failure(error)),
    }
    taken(&app, viewer.scope(), id).await.map_err(|problem| viewer.failure(problem))
}
