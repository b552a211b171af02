//! The first page after signing in.

use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};

use super::cases::{case_row, state_of};
use super::{Failure, Viewer, letters};
use crate::app::App;
use crate::documents::Document;
use crate::kernel::Role;
use crate::web::Area;
use crate::web::home::{HomePage, RecentDocument};
use crate::web::parts::{CaseRef, DocumentRef};

/// How many of each list the page shows.
const SHOWN: usize = 8;

pub(super) async fn show(
    State(app): State<App>,
    viewer: Result<Viewer, Failure>,
) -> Result<Response, Failure> {
    let viewer = match viewer {
        Ok(viewer) => viewer,
        Err(failure) if app.auth.needs_setup().await.unwrap_or(false) => {
            drop(failure);
            return Ok(Redirect::to("/setup").into_response());
        }
        Err(failure) => return Err(failure),
    };
    if viewer.caller.user.role == Role::Client {
        return Ok(Redirect::to("/portal").into_response());
    }
    if viewer.caller.user.role == Role::Billing {
        return Ok(Redirect::to("/cases").into_response());
    }
    let scope = viewer.scope();
    let cases = app.cases.list(scope).await.map_err(|error| viewer.failure(error))?;
    let documents = app.documents.recent(scope).await.map_err(|error| viewer.failure(error))?;
    let dead = app.documents.dead_work(scope, None).await.map_err(|error| viewer.failure(error))?;
    let recent = |document: &Document| RecentDocument {
        document: DocumentRef { id: document.id, title: document.title.clone() },
        case: CaseRef { id: document.case_id, title: document.case_title.clone() },
        state: state_of(document, &dead),
        added: document.created_at.into(),
    };
    let mut layout = viewer.layout("Home", Area::Home);
    layout.notices.extend(letters::told(&app, &viewer).await?);
    let page = HomePage {
        layout,
        cases: cases.into_iter().take(SHOWN).map(case_row).collect(),
        recent: documents.iter().take(SHOWN).map(recent).collect(),
        reading: documents
            .iter()
            .map(recent)
            .filter(|row| row.state.is_busy())
            .take(SHOWN)
            .collect(),
        failed: dead.len() as u64,
    };
    Ok(page.into_response())
}
