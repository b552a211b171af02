//! Erasing: what would go, the form that confirms it, and the certificate.

use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use super::super::viewer::sentence;
use super::super::{Allowed, Failure, Form, Viewer};
use super::{Asked, subject};
use crate::app::App;
use crate::kernel::ErasureId;
use crate::kernel::permission::permit::ProtectData;
use crate::privacy::{Certificate, PrivacyError, Subject};
use crate::web::privacy::{CertificatePage, ErasePage};
use crate::web::{Area, tables};

pub(super) async fn preview(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<ProtectData>,
    Query(asked): Query<Asked>,
) -> Result<ErasePage, Failure> {
    preview_page(&app, &viewer, &asked.subject, None).await
}

async fn preview_page(
    app: &App,
    viewer: &Viewer,
    text: &str,
    problem: Option<String>,
) -> Result<ErasePage, Failure> {
    let subject = subject(text).ok_or_else(|| viewer.not_found())?;
    let preview = app.privacy.preview_erasure(viewer.scope(), subject).await;
    let preview = preview.map_err(|error| viewer.failure(error))?;
    let mut counts = preview.counts;
    counts.sort_by_key(|(table, _)| tables::place(table));
    let kept = preview.books.iter().map(|(table, rows)| (tables::words(table), *rows));
    let kept = kept.collect();
    let files = ("Original files".to_owned(), preview.files);
    let people = ("Names taken out of accounts".to_owned(), preview.people);
    let rows = counts.into_iter().map(|(table, rows)| (tables::words(&table), rows));
    let counts = rows.chain([files, people]).filter(|(_, count)| *count > 0).collect();
    Ok(ErasePage {
        layout: viewer.layout("Erase", Area::Privacy),
        document: matches!(subject, Subject::Document(_)).then(|| subject.id().to_string()),
        subject: text.to_owned(),
        kind: noun(subject.kind()).to_owned(),
        name: preview.name,
        held: preview.held,
        counts,
        kept,
        problem,
    })
}

/// What a kind of subject is called.
pub(super) fn noun(kind: &str) -> &str {
    if kind == "user" { "person" } else { kind }
}

#[derive(Deserialize)]
pub(super) struct Confirmed {
    subject: String,
    name: String,
    #[serde(default)]
    words: String,
}

pub(super) async fn erase(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<ProtectData>,
    Form(form): Form<Confirmed>,
) -> Result<Response, Failure> {
    let what = subject(&form.subject).ok_or_else(|| viewer.not_found())?;
    let words: Vec<String> = form.words.lines().map(str::to_owned).collect();
    match app.privacy.erase(viewer.scope(), what, &form.name, &words).await {
        Ok(id) => Ok(Redirect::to(&format!("/admin/privacy/erasures/{id}")).into_response()),
        Err(error @ (PrivacyError::NotConfirmed(_) | PrivacyError::Invalid(_))) => {
            let problem = Some(sentence(&error.to_string()));
            Ok(preview_page(&app, &viewer, &form.subject, problem).await?.into_response())
        }
        Err(error) => Err(viewer.failure(error)),
    }
}

pub(super) async fn certificate(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<ProtectData>,
    Path(id): Path<ErasureId>,
) -> Result<CertificatePage, Failure> {
    let erasure = app.privacy.erasure(viewer.scope(), id).await;
    let erasure = erasure.map_err(|error| viewer.failure(error))?;
    let certificate: Option<Certificate> =
        erasure.certificate.as_deref().and_then(|text| serde_json::from_str(text).ok());
    let (mut removed, mut probes, mut mentions) = (Vec::new(), Vec::new(), Vec::new());
    let mut kept = Vec::new();
    if let Some(told) = certificate {
        let mut rows: Vec<_> = told.rows.iter().collect();
        rows.sort_by_key(|(table, _)| tables::place(table));
        removed.extend(rows.into_iter().map(|(table, rows)| (tables::words(table), *rows)));
        kept.extend(told.books.iter().map(|(table, rows)| (tables::words(table), *rows)));
        removed.push(("Original files".to_owned(), told.files));
        removed.push(("Images of pages".to_owned(), told.page_images));
        removed.push(("Files of copies made earlier".to_owned(), told.exports));
        removed.push(("Snapshots of the vectors".to_owned(), told.snapshots));
        removed.push(("Names taken out of accounts".to_owned(), told.people));
        probes.extend(
            told.probes.into_iter().map(|it| (tables::words(&it.store), it.looked, it.found)),
        );
        mentions.extend(told.mentions.iter().map(|(table, rows)| (tables::words(table), *rows)));
    }
    let people = app.auth.users(viewer.scope()).await.map_err(|error| viewer.failure(error))?;
    let asker = people.into_iter().find(|person| person.id == erasure.asked_by);
    Ok(CertificatePage {
        layout: viewer.layout("Certificate of erasure", Area::Privacy),
        id: erasure.id.to_string(),
        status: erasure_words(&erasure.status, erasure.error.as_deref()),
        is_running: erasure.status == "running",
        kind: noun(&erasure.subject_kind).to_owned(),
        subject: erasure.subject_id.to_string(),
        asked_by: asker.map_or_else(|| erasure.asked_by.to_string(), |person| person.name),
        asked: erasure.asked_at.into(),
        done: erasure.done_at.map(Into::into),
        removed,
        kept,
        probes,
        mentions,
        hash: erasure.hash,
    })
}

/// How an erasure stands, in words.
pub(super) fn erasure_words(status: &str, error: Option<&str>) -> String {
    match (status, error) {
        (_, Some(error)) => format!("failed: {error}"),
        ("running", None) => "under way".to_owned(),
        (status, None) => status.to_owned(),
    }
}
