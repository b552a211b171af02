//! A document: its viewer, its images, its original, and what is done with it.

use axum::extract::{Multipart, Path, Query, State};
use axum::http::header;
use axum::response::{IntoResponse, Redirect, Response};
use futures_util::TryStreamExt;
use serde::Deserialize;

use super::cases::kind_of;
use super::viewer::{Nothing, Viewer, sentence};
use super::{Failure, Form, Practice};
use crate::api::problem::{Code, Problem};
use crate::app::App;
use crate::documents::{Document, DocumentError, Page, Target as Destination, Version};
use crate::kernel::{CaseId, DocumentId, JobId, PassageId};
use crate::web::Area;
use crate::web::parts::{CaseRef, DocumentRef};
use crate::web::viewer::{DocumentPage, MarkedText, PageRow, Target, VersionRow};

/// The size page images are drawn at, in dots per inch.
const DPI: u32 = 110;

#[derive(Deserialize)]
pub(super) struct At {
    version: Option<i64>,
    page: Option<u32>,
    start: Option<u32>,
    end: Option<u32>,
    passage: Option<PassageId>,
}

pub(super) async fn show(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<DocumentId>,
    Query(at): Query<At>,
) -> Result<DocumentPage, Failure> {
    let scope = viewer.scope();
    let fail = |error: DocumentError| viewer.failure(error);
    let document = app.documents.find(scope, id).await.map_err(fail)?;
    let versions = app.documents.versions(scope, id).await.map_err(fail)?;
    let number = at.version.unwrap_or(document.version.number);
    let version = versions.iter().find(|version| version.number == number);
    let version = version.ok_or_else(|| viewer.not_found())?.clone();
    let target = target(&app, &viewer, &at).await?;
    let ledger = app.documents.ledger(scope, id, number).await.map_err(fail)?;
    let attachments = app.documents.attachments(scope, id).await.map_err(fail)?;
    app.documents.viewed(scope, id, number).await.map_err(fail)?;
    let parent = match document.parent_id {
        Some(parent) => app.documents.find(scope, parent).await.ok(),
        None => None,
    };
    let mut pages = Vec::with_capacity(ledger.len());
    for page in ledger {
        pages.push(page_row(&app, &viewer, (id, &version), page, &target).await?);
    }
    let practice = scope.client().is_none();
    let area = if practice { Area::Cases } else { Area::Portal };
    let refer = |document: Document| DocumentRef { id: document.id, title: document.title };
    Ok(DocumentPage {
        layout: viewer.layout(document.title.clone(), area),
        id,
        title: document.title,
        case: practice.then_some(CaseRef { id: document.case_id, title: document.case_title }),
        parent: parent.map(refer),
        kind: kind_of(&version.format).to_owned(),
        version: small(version.number),
        warnings: warnings(&version),
        versions: versions.iter().map(version_row).collect(),
        pages,
        target,
        attachments: attachments.into_iter().map(refer).collect(),
        may_download: practice,
    })
}

fn small(number: i64) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

fn version_row(version: &Version) -> VersionRow {
    VersionRow {
        number: small(version.number),
        added: version.uploaded_at.into(),
        added_by: version.uploaded_by.clone(),
    }
}

fn warnings(version: &Version) -> Vec<String> {
    version.error.as_deref().map(sentence).into_iter().collect()
}

/// Where the link points: a span, or a passage found first.
async fn target(app: &App, viewer: &Viewer, at: &At) -> Result<Target, Failure> {
    let mut target = Target { page: at.page, span: at.start.zip(at.end), passage: None };
    if let Some(id) = at.passage {
        let found = app.documents.passages(viewer.scope(), &[id]).await;
        let found = found.map_err(|error| viewer.failure(error))?;
        if let Some(passage) = found.first() {
            let (start, end) = passage.span_on_first_page();
            target.page = Some(passage.page());
            target.span = u32::try_from(start).ok().zip(u32::try_from(end).ok());
        }
    }
    Ok(target)
}

/// A page of the ledger; the text comes along where there is no image to show.
async fn page_row(
    app: &App,
    viewer: &Viewer,
    (id, version): (DocumentId, &Version),
    page: Page,
    target: &Target,
) -> Result<PageRow, Failure> {
    let has_image = version.format == "pdf";
    let text = if has_image {
        None
    } else {
        let whole = app.documents.page(viewer.scope(), id, version.number, page.number).await;
        let text = whole.map_err(|error| viewer.failure(error))?.text;
        let here = target.page == Some(page.number);
        Some(marked(&text, target.span.filter(|_| here)))
    };
    // Pages without boxes are shown at the proportions of A4.
    let size = |length: Option<f32>, usual: f32| {
        let points = length.filter(|length| length.is_finite()).unwrap_or(usual);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "clamped first"
        )]
        let whole = points.clamp(1.0, 20_000.0).round() as u32;
        whole
    };
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped first")]
    let percent = |sure: f64| sure.clamp(0.0, 100.0).round() as u8;
    Ok(PageRow {
        number: page.number,
        width: size(page.width, 595.0),
        height: size(page.height, 842.0),
        has_image,
        method: method_words(&page.method).to_owned(),
        confidence: page.confidence.map(percent),
        error: page.error.as_deref().map(sentence),
        text,
    })
}

fn method_words(method: &str) -> &'static str {
    match method {
        "text_layer" => "text in the file",
        "ocr" => "recognised from the picture",
        "source" => "text of the document",
        _ => "no text",
    }
}

/// A text with a span of it marked; the whole text when the span does not fit.
fn marked(text: &str, span: Option<(u32, u32)>) -> MarkedText {
    let cut = span.and_then(|(start, end)| {
        let (start, end) = (usize::try_from(start).ok()?, usize::try_from(end).ok()?);
        Some((text.get(..start)?, text.get(start..end)?, text.get(end..)?))
    });
    let (before, marked, after) = cut.unwrap_or((text, "", ""));
    MarkedText { before: before.to_owned(), marked: marked.to_owned(), after: after.to_owned() }
}

pub(super) async fn image(
    State(app): State<App>,
    viewer: Viewer,
    Path((id, number, page)): Path<(DocumentId, i64, u32)>,
) -> Result<Response, Failure> {
    let image = app.documents.page_image(viewer.scope(), id, number, page, DPI).await;
    let image = image.map_err(|error| viewer.failure(error))?;
    let headers =
        [(header::CONTENT_TYPE, "image/png"), (header::CACHE_CONTROL, "private, max-age=3600")];
    Ok((headers, image).into_response())
}

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
    mut form: Multipart,
) -> Result<Redirect, Failure> {
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
                let received =
                    app.documents.receive(viewer.scope(), Destination::Case(id), &name, bytes);
                received.await.map_err(|error| viewer.failure(error))?;
            }
            _ => {}
        }
    }
    if trusted { Ok(Redirect::to(&format!("/cases/{id}"))) } else { Err(viewer.stale()) }
}
