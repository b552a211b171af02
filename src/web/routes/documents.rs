//! What is done with a document: its original fetched, shared, tried again; uploads.

use axum::extract::{Multipart, Path, State};
use axum::response::Redirect;
use futures_util::TryStreamExt;

use super::viewer::{Nothing, Viewer};
use super::{Failure, Form, Practice};
use crate::api::problem::{Code, Problem};
use crate::app::App;
use crate::documents::{DocumentError, Target as Destination};
use crate::kernel::{CaseId, DocumentId, JobId};

pub(super) async fn original(
    viewer: Viewer,
    Path((id, number)): Path<(DocumentId, i64)>,
) -> Redirect {
    drop(viewer);
    Redirect::to(&format!("/api/v1/documents/{id}/versions/{number}/original"))
}

pub(super) async fn share(
    State(app): State<App>,
    Practice(viewer): Practice,
    Path(id): Path<DocumentId>,
    Form(Nothing {}): Form<Nothing>,
) -> Result<Redirect, Failure> {
    set_shared(&app, &viewer, id, true).await
}

pub(super) async fn unshare(
    State(app): State<App>,
    Practice(viewer): Practice,
    Path(id): Path<DocumentId>,
    Form(Nothing {}): Form<Nothing>,
) -> Result<Redirect, Failure> {
    set_shared(&app, &viewer, id, false).await
}

async fn set_shared(
    app: &App,
    viewer: &Viewer,
    id: DocumentId,
    shared: bool,
) -> Result<Redirect, Failure> {
    let fail = |error: DocumentError| viewer.failure(error);
    app.documents.share(viewer.scope(), id, shared).await.map_err(fail)?;
    let document = app.documents.find(viewer.scope(), id).await.map_err(fail)?;
    Ok(Redirect::to(&format!("/cases/{}", document.case_id)))
}

pub(super) async fn retry(
    State(app): State<App>,
    Practice(viewer): Practice,
    Path(id): Path<JobId>,
    Form(Nothing {}): Form<Nothing>,
) -> Result<Redirect, Failure> {
    app.documents.retry(viewer.scope(), id).await.map_err(|error| viewer.failure(error))?;
    Ok(Redirect::to("/"))
}

/// Uploads of a browser without scripts: the token comes first in the form.
pub(super) async fn upload(
    State(app): State<App>,
    Practice(viewer): Practice,
    Path(id): Path<CaseId>,
    form: Multipart,
) -> Result<Redirect, Failure> {
    receive(&app, &viewer, Destination::Case(id), form).await?;
    Ok(Redirect::to(&format!("/cases/{id}")))
}

pub(super) async fn upload_version(
    State(app): State<App>,
    Practice(viewer): Practice,
    Path(id): Path<DocumentId>,
    form: Multipart,
) -> Result<Redirect, Failure> {
    receive(&app, &viewer, Destination::Document(id), form).await?;
    Ok(Redirect::to(&format!("/documents/{id}")))
}

/// Takes the files of a form in.
async fn receive(
    app: &App,
    viewer: &Viewer,
    destination: Destination,
    mut form: Multipart,
) -> Result<(), Failure> {
    let broken = |error: axum::extract::multipart::MultipartError| {
        viewer.failure(Problem::shown(Code::BadRequest, &error.body_text()))
    };
    let mut trusted = false;
    while let Some(field) = form.next_field().await.map_err(broken)? {
        match field.name() {
            Some("csrf") => trusted = viewer.sent(&field.text().await.map_err(broken)?),
            Some("file") if trusted => {
                let name = field.file_name().unwrap_or("").to_owned();
                if name.is_empty() {
                    continue;
                }
                let bytes = field.map_err(std::io::Error::other);
                let received = app.documents.receive(viewer.scope(), destination, &name, bytes);
                received.await.map_err(|error| viewer.failure(error))?;
            }
            _ => {}
        }
    }
    if trusted { Ok(()) } else { Err(viewer.stale()) }
}
