//! What is done with a document: its original fetched, shared, tried again; uploads.

use axum::extract::{Multipart, Path, State};
use axum::response::Redirect;
use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeDelta, Utc};
use futures_util::TryStreamExt;
use serde::Deserialize;

use super::viewer::{Nothing, Viewer};
use super::{Allowed, Failure, Form};
use crate::api::problem::{Code, Problem};
use crate::app::App;
use crate::documents::{NewShare, Target as Destination};
use crate::kernel::permission::permit::{ShareDocuments, WorkOnCases};
use crate::kernel::{CaseId, DocumentId, JobId};

pub(super) async fn original(
    viewer: Viewer,
    Path((id, number)): Path<(DocumentId, i64)>,
) -> Redirect {
    drop(viewer);
    Redirect::to(&format!("/api/v1/documents/{id}/versions/{number}/original"))
}

/// How to share a document.
#[derive(Deserialize)]
pub(super) struct ShareForm {
    /// The last day of it, in India; empty for no end.
    #[serde(default)]
    until: String,
    /// Whether the form stands beside the document, and not in the list of a case.
    #[serde(default)]
    from_document: bool,
}

/// When a share ends whose last day was typed: as the day after it begins in India. None
/// when nothing was typed.
pub(super) fn end_of_day(typed: &str) -> Result<Option<DateTime<Utc>>, ()> {
    if typed.trim().is_empty() {
        return Ok(None);
    }
    let last: NaiveDate = typed.trim().parse().map_err(|_| ())?;
    let after = last.checked_add_days(Days::new(1)).ok_or(())?;
    let midnight = after.and_time(NaiveTime::MIN).and_utc();
    midnight.checked_sub_signed(TimeDelta::minutes(330)).map(Some).ok_or(())
}

pub(super) async fn share(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<ShareDocuments>,
    Path(id): Path<DocumentId>,
    Form(form): Form<ShareForm>,
) -> Result<Redirect, Failure> {
    let until = end_of_day(&form.until).map_err(|()| {
        viewer.failure(Problem::shown(Code::BadRequest, "write the last day as 2026-12-31"))
    })?;
    let terms = NewShare { until, ..NewShare::default() };
    let shared = app.portal.share(viewer.scope(), id, &terms).await;
    shared.map_err(|error| viewer.failure(error))?;
    back(&app, &viewer, id, form.from_document).await
}

pub(super) async fn unshare(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<ShareDocuments>,
    Path(id): Path<DocumentId>,
    Form(form): Form<ShareForm>,
) -> Result<Redirect, Failure> {
    let done = app.documents.unshare(viewer.scope(), id).await;
    done.map_err(|error| viewer.failure(error))?;
    back(&app, &viewer, id, form.from_document).await
}

/// Leads back to where a document was shared from.
async fn back(
    app: &App,
    viewer: &Viewer,
    id: DocumentId,
    from_document: bool,
) -> Result<Redirect, Failure> {
    if from_document {
        return Ok(Redirect::to(&format!("/documents/{id}#about")));
    }
    let document = app.documents.find(viewer.scope(), id).await;
    let document = document.map_err(|error| viewer.failure(error))?;
    Ok(Redirect::to(&format!("/cases/{}", document.case_id)))
}

pub(super) async fn retry(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<WorkOnCases>,
    Path(id): Path<JobId>,
    Form(Nothing {}): Form<Nothing>,
) -> Result<Redirect, Failure> {
    app.documents.retry(viewer.scope(), id).await.map_err(|error| viewer.failure(error))?;
    Ok(Redirect::to("/"))
}

/// Uploads of a browser without scripts: the token comes first in the form.
pub(super) async fn upload(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<WorkOnCases>,
    Path(id): Path<CaseId>,
    form: Multipart,
) -> Result<Redirect, Failure> {
    receive(&app, &viewer, Destination::Case(id), form).await?;
    Ok(Redirect::to(&format!("/cases/{id}")))
}

pub(super) async fn upload_version(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<WorkOnCases>,
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_lasts_to_the_end_of_its_last_day_in_india() {
        let end = end_of_day;
        let midnight = "2026-12-31T18:30:00Z".parse().unwrap();
        assert_eq!(end("2026-12-31"), Ok(Some(midnight)));
        assert_eq!(end(" "), Ok(None));
        assert_eq!(end("31 December"), Err(()));
    }
}
