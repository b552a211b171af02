//! Two versions of a document, side by side.

use axum::extract::{Path, Query, State};
use serde::Deserialize;

use super::{Allowed, Failure};
use crate::app::App;
use crate::documents::{Change, ChangeKind, DocumentError};
use crate::kernel::DocumentId;
use crate::kernel::permission::permit::ReadCases;
use crate::web::Area;
use crate::web::changes::{ChangeRow, ChangesPage, Paragraph};
use crate::web::parts::{CaseRef, Piece};

/// The versions compared, by their numbers.
#[derive(Deserialize)]
pub(super) struct Versions {
    from: i64,
    to: i64,
}

pub(super) async fn show(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<ReadCases>,
    Path(id): Path<DocumentId>,
    Query(Versions { from, to }): Query<Versions>,
) -> Result<ChangesPage, Failure> {
    let scope = viewer.scope();
    let fail = |error: DocumentError| viewer.failure(error);
    let document = app.documents.find(scope, id).await.map_err(fail)?;
    let changes = app.documents.changes(scope, id, from, to).await.map_err(fail)?;
    let number = |number: i64| u32::try_from(number).unwrap_or(u32::MAX);
    Ok(ChangesPage {
        layout: viewer.layout(format!("Changes in {}", document.title), Area::Cases),
        id,
        title: document.title,
        case: Some(CaseRef { id: document.case_id, title: document.case_title }),
        from: number(from),
        to: number(to),
        rows: rows(changes),
    })
}

/// The paragraphs as rows; those that stayed as they were are only counted.
fn rows(changes: Vec<Change>) -> Vec<ChangeRow> {
    let mut rows = Vec::new();
    for Change { kind, before, after } in changes {
        match kind {
            ChangeKind::Same => ChangeRow::push_same(&mut rows),
            ChangeKind::Changed | ChangeKind::Added | ChangeKind::Removed => {
                let (before, after) = (before.map(paragraph), after.map(paragraph));
                rows.push(ChangeRow::Changed { before, after });
            }
        }
    }
    rows
}

fn paragraph(paragraph: crate::documents::Paragraph) -> Paragraph {
    let piece = |(text, marked)| Piece { text, marked };
    Paragraph { page: paragraph.page, pieces: paragraph.pieces.into_iter().map(piece).collect() }
}
