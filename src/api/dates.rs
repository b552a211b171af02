//! Dates read from documents: the directions of an order, and a case's list of dates.

use axum::extract::State;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::caller::May;
use super::extract::{Json, Path, Query};
use super::problem::{Code, Problem};
use crate::app::App;
use crate::assistant::tasks::chronology::Chronology;
use crate::assistant::tasks::directions::Directions;
use crate::kernel::permission::permit::{Ask, WorkOnCases};
use crate::kernel::{CaseId, DocumentId};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::default()
        .routes(routes!(read_directions, propose_directions))
        .routes(routes!(chronology))
}

/// Which documents are read.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Chosen {
    /// Ids of documents of the case, separated by commas; all when left out.
    documents: Option<String>,
}

/// Read the directions of an order
///
/// Every dated entry of an order sheet, or a single order, is read for hearings and last
/// days, each with its words, its page, and how the day was come by. Works without a
/// language model. For those who may ask, about documents open to them.
#[utoipa::path(get, path = "/api/v1/documents/{id}/directions", tag = "assistant",
    params(("id" = Uuid, Path, description = "The document.")),
    responses((status = 200, description = "The directions.", body = Directions), Problem))]
async fn read_directions(
    State(app): State<App>,
    May(caller, ..): May<Ask>,
    Path(id): Path<DocumentId>,
) -> Result<Json<Directions>, Problem> {
    Ok(Json(app.assistant.directions(&caller.scope, id, &|_| ()).await?))
}

/// Propose the directions of an order
///
/// As reading them; each is proposed as a hearing or deadline of the case, and waits for
/// a person's approval. What was proposed of the same words before keeps the proposal it
/// has. For those who work on the case.
#[utoipa::path(post, path = "/api/v1/documents/{id}/directions", tag = "assistant",
    params(("id" = Uuid, Path, description = "The document.")),
    responses((status = 200, description = "The directions, each with its proposal.",
               body = Directions), Problem))]
async fn propose_directions(
    State(app): State<App>,
    May(caller, ..): May<WorkOnCases>,
    Path(id): Path<DocumentId>,
) -> Result<Json<Directions>, Problem> {
    Ok(Json(app.assistant.propose_directions(&caller.scope, id, &|_| ()).await?))
}

/// Make the list of dates of a case
///
/// Every dated sentence of its documents, by day, each with its words and pages; what is
/// not dated to the day stands apart. Works without a language model. For those who may
/// ask, about cases open to them.
#[utoipa::path(get, path = "/api/v1/cases/{id}/chronology", tag = "assistant",
    params(("id" = Uuid, Path, description = "The case."), Chosen),
    responses((status = 200, description = "The list of dates.", body = Chronology), Problem))]
async fn chronology(
    State(app): State<App>,
    May(caller, ..): May<Ask>,
    Path(id): Path<CaseId>,
    Query(Chosen { documents }): Query<Chosen>,
) -> Result<Json<Chronology>, Problem> {
    let documents = documents.unwrap_or_default();
    let chosen = documents.split(',').map(str::trim).filter(|id| !id.is_empty());
    let chosen: Result<Vec<DocumentId>, _> = chosen.map(str::parse).collect();
    let wrong = |_| Problem::shown(Code::BadRequest, "`documents` takes ids separated by commas");
    let chosen = chosen.map_err(wrong)?;
    Ok(Json(app.assistant.chronology(&caller.scope, id, &chosen, &|_| ()).await?))
}
