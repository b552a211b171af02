//! What changed between two versions of a document.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::caller::May;
use super::extract::{Json, Path, Query};
use super::problem::Problem;
use crate::app::App;
use crate::documents::{Change, ChangeKind, Paragraph};
use crate::kernel::DocumentId;
use crate::kernel::permission::permit::ReadCases;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::default().routes(routes!(compare_versions))
}

/// The version to compare with.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Against {
    /// The number of the version that came before.
    against: i64,
}

/// What became of a paragraph.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Became {
    /// It says the same.
    Same,
    /// Its words changed.
    Changed,
    /// It is new.
    Added,
    /// It is gone.
    Removed,
}

/// A stretch of a paragraph.
#[derive(Serialize, ToSchema)]
struct Piece {
    /// Its words.
    text: String,
    /// Whether the other version lacks them.
    differs: bool,
}

/// A paragraph of one version.
#[derive(Serialize, ToSchema)]
struct ParagraphView {
    /// The page it begins on.
    page: u32,
    /// Its text, in stretches.
    pieces: Vec<Piece>,
}

impl From<Paragraph> for ParagraphView {
    fn from(paragraph: Paragraph) -> Self {
        let Paragraph { page, pieces } = paragraph;
        let pieces = pieces.into_iter().map(|(text, differs)| Piece { text, differs }).collect();
        Self { page, pieces }
    }
}

/// A paragraph in two versions.
#[derive(Serialize, ToSchema)]
struct ChangeView {
    /// What became of it.
    kind: Became,
    /// What it said; nothing when it is new.
    before: Option<ParagraphView>,
    /// What it says; nothing when it is gone.
    after: Option<ParagraphView>,
}

impl From<Change> for ChangeView {
    fn from(change: Change) -> Self {
        let Change { kind, before, after } = change;
        let kind = match kind {
            ChangeKind::Same => Became::Same,
            ChangeKind::Changed => Became::Changed,
            ChangeKind::Added => Became::Added,
            ChangeKind::Removed => Became::Removed,
        };
        Self { kind, before: before.map(Into::into), after: after.map(Into::into) }
    }
}

/// Compare two versions
///
/// Paragraph by paragraph, in the order of the document. The view is recorded. For those
/// who work on the case, and admins.
#[utoipa::path(get, path = "/api/v1/documents/{id}/versions/{number}/changes",
    tag = "documents",
    params(("id" = Uuid, Path, description = "The document."),
           ("number" = i64, Path, description = "The number of the later version."),
           Against),
    responses((status = 200, description = "The paragraphs.", body = [ChangeView]), Problem))]
async fn compare_versions(
    State(app): State<App>,
    May(caller, ..): May<ReadCases>,
    Path((id, number)): Path<(DocumentId, i64)>,
    Query(Against { against }): Query<Against>,
) -> Result<Json<Vec<ChangeView>>, Problem> {
    let changes = app.documents.changes(&caller.scope, id, against, number).await?;
    Ok(Json(changes.into_iter().map(ChangeView::from).collect()))
}
