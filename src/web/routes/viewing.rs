//! The document viewer and its images.

use axum::extract::{Path, Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::Value;

use super::Failure;
use super::cases::{kind_of, state_of};
use super::portal::documents::shown_at_chamber;
use super::viewer::{Viewer, sentence};
use crate::api::pages::{RESOLUTIONS, has_pictures};
use crate::app::App;
use crate::documents::reading::{Finding, OutlineEntry};
use crate::documents::{Copy, Document, DocumentError, Page, Share, Version};
use crate::kernel::{DocumentId, PassageId, Permission};
use crate::web::Area;
use crate::web::parts::{CaseRef, DocumentRef};
use crate::web::viewer::{
    CopyRow, DEEPEST, DocumentPage, MarkedText, OutlineRow, PageRow, ShareRow, Target, VersionRow,
    language_name, took,
};

/// The resolution page images are drawn at unless another is asked for, in dots an
/// inch.
const USUAL_DPI: u32 = 110;

/// A document without images of its pages brings the texts of so many along; the
/// others follow as they come near.
const TEXTS_AT_ONCE: usize = 40;

/// So many things found on pages are told of at the top; the ledger has them all.
const MOST_TOLD: usize = 20;

#[derive(Deserialize)]
pub(super) struct At {
    version: Option<i64>,
    page: Option<u32>,
    start: Option<u32>,
    end: Option<u32>,
    passage: Option<PassageId>,
    #[serde(default)]
    find: String,
}

pub(super) async fn show(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<DocumentId>,
    Query(at): Query<At>,
) -> Result<Response, Failure> {
    if viewer.scope().client().is_some() {
        // A client reads what was shared, and not in the viewer.
        return shown_at_chamber(&app, &viewer, id).await.map(IntoResponse::into_response);
    }
    document(&app, &viewer, id, at).await.map(IntoResponse::into_response)
}

async fn document(
    app: &App,
    viewer: &Viewer,
    id: DocumentId,
    at: At,
) -> Result<DocumentPage, Failure> {
    let scope = viewer.scope();
    let fail = |error: DocumentError| viewer.failure(error);
    let document = app.documents.find(scope, id).await.map_err(fail)?;
    let versions = app.documents.versions(scope, id).await.map_err(fail)?;
    let number = at.version.unwrap_or(document.version.number);
    let version = versions.iter().find(|version| version.number == number);
    let version = version.ok_or_else(|| viewer.not_found())?.clone();
    let target = target(app, viewer, at).await?;
    let outline = app.documents.outline(scope, id, number).await.map_err(fail)?;
    let attachments = app.documents.attachments(scope, id).await.map_err(fail)?;
    app.documents.viewed(scope, id, number).await.map_err(fail)?;
    let parent = match document.parent_id {
        Some(parent) => app.documents.find(scope, parent).await.ok(),
        None => None,
    };
    let pages = page_rows(app, viewer, (id, &version), &target).await?;
    let refer = |document: Document| DocumentRef { id: document.id, title: document.title };
    let mut told = warnings(&version);
    told.extend(pages.iter().flat_map(on_page).take(MOST_TOLD));
    let copies = app.documents.copies(scope, id).await.map_err(fail)?;
    let shares = app.documents.shares(scope, id).await.map_err(fail)?;
    Ok(DocumentPage {
        layout: viewer.layout(document.title.clone(), Area::Cases),
        id,
        progress: progress(&document, &version),
        title: document.title,
        case: Some(CaseRef { id: document.case_id, title: document.case_title }),
        parent: parent.map(refer),
        kind: kind_of(&version.format).to_owned(),
        sort: version.kind.as_deref().map(in_words),
        about: version.about.as_deref().map(about).unwrap_or_default(),
        version: small(version.number),
        warnings: told,
        versions: versions.iter().rev().map(version_row).collect(),
        pages,
        outline: outline.into_iter().map(outline_row).collect(),
        target,
        attachments: attachments.into_iter().map(refer).collect(),
        copies: copies.into_iter().map(copy_row).collect(),
        needs_password: version.needs_password,
        may_download: true,
        may_change: scope.works_on(document.case_id),
        may_explain: scope.leads(document.case_id),
        may_erase: scope.may(Permission::ProtectData),
        shares: shares.into_iter().map(share_row).collect(),
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

fn share_row(share: Share) -> ShareRow {
    let Share { client, shared_by: by, shared_at, expires_at, ended, .. } = share;
    ShareRow { client, by, at: shared_at.into(), until: expires_at.map(Into::into), ended }
}

fn copy_row(copy: Copy) -> CopyRow {
    let Copy { document: id, title, case_title, percent, .. } = copy;
    CopyRow { document: DocumentRef { id, title }, case_title, percent }
}

/// What was found on a page, with its number.
fn on_page(page: &PageRow) -> impl Iterator<Item = String> {
    page.findings.iter().map(|finding| format!("Page {}: {finding}", page.number))
}

fn outline_row(entry: OutlineEntry) -> OutlineRow {
    let OutlineEntry { title, page, depth } = entry;
    OutlineRow { title, page, depth: depth.min(DEEPEST) }
}

/// A stored name as a person would say it: `case_diary` as `Case diary`.
fn in_words(name: &str) -> String {
    let words = sentence(&name.replace('_', " "));
    words.trim_end_matches('.').to_owned()
}

/// What the text of a document tells of it: a JSON object of words and lists of words.
fn about(json: &str) -> Vec<(String, String)> {
    let fields: serde_json::Map<String, Value> = serde_json::from_str(json).unwrap_or_default();
    let words = |value: &Value| match value {
        Value::String(words) => Some(words.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Array(parts) => {
            let parts: Vec<&str> = parts.iter().filter_map(Value::as_str).collect();
            (!parts.is_empty()).then(|| parts.join("; "))
        }
        Value::Null | Value::Bool(_) | Value::Object(_) => None,
    };
    let field = |(name, value): (&String, &Value)| Some((in_words(name), words(value)?));
    // The kind stands in the line above.
    fields.iter().filter(|(name, _)| *name != "kind").filter_map(field).collect()
}

/// A finding as a person would say it.
fn finding(found: &Finding) -> String {
    sentence(&format!("{}: {}", found.kind.label(), found.detail))
}

/// What is to be known of the whole: why it could not be read, what it carries.
fn warnings(version: &Version) -> Vec<String> {
    let error = version.error.as_deref().map(sentence);
    error.into_iter().chain(version.known_findings().iter().map(finding)).collect()
}

/// How far reading has come, while the version shown is being read.
fn progress(document: &Document, version: &Version) -> Option<String> {
    let reading = matches!(version.status.as_str(), "queued" | "reading");
    let latest = document.version.number == version.number;
    (reading && latest).then(|| state_of(document, &[]).words())
}

/// Where the link points: a span, or a passage found first.
async fn target(app: &App, viewer: &Viewer, at: At) -> Result<Target, Failure> {
    let span = at.start.zip(at.end);
    let mut target = Target { page: at.page, span, find: at.find };
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

/// The pages of the ledger; texts come along where there are no images to show.
async fn page_rows(
    app: &App,
    viewer: &Viewer,
    (id, version): (DocumentId, &Version),
    target: &Target,
) -> Result<Vec<PageRow>, Failure> {
    let scope = viewer.scope();
    let fail = |error: DocumentError| viewer.failure(error);
    let ledger = app.documents.ledger(scope, id, version.number).await.map_err(fail)?;
    let practice = scope.client().is_none();
    let has_image = has_pictures(&version.format);
    let mut rows: Vec<PageRow> =
        ledger.iter().map(|page| page_row(page, has_image, practice)).collect();
    if has_image {
        return Ok(rows);
    }
    let numbers = rows.iter().map(|row| row.number).enumerate();
    let shown = numbers.filter(|&(place, page)| place < TEXTS_AT_ONCE || target.page == Some(page));
    let shown: Vec<u32> = shown.map(|(_, page)| page).collect();
    let read = app.documents.read_texts(scope, id, version.number, &shown).await.map_err(fail)?;
    for page in read {
        let span = target.span.filter(|_| target.page == Some(page.number));
        if let Some(row) = rows.iter_mut().find(|row| row.number == page.number) {
            row.text = Some(marked(&page.text, span));
        }
    }
    Ok(rows)
}

/// A page as the viewer shows it; how it was read is the practice's own matter.
fn page_row(page: &Page, has_image: bool, practice: bool) -> PageRow {
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
    PageRow {
        number: page.number,
        width: size(page.width, 595.0),
        height: size(page.height, 842.0),
        has_image,
        method: method_words(&page.method).to_owned(),
        language: page.language.as_deref().map(|code| language_name(code).to_owned()),
        confidence: page.confidence.map(percent),
        took: took(page.took_ms),
        error: page.error.as_deref().map(sentence),
        reason: page.reason.as_deref().filter(|_| practice).map(sentence),
        findings: page.findings.iter().filter(|_| practice).map(finding).collect(),
        being_reread: page.being_reread,
        text: None,
    }
}

fn method_words(method: &str) -> &'static str {
    match method {
        "text_layer" => "text in the file",
        "ocr" => "recognised from the picture",
        "source" => "text of the document",
        "transcript" => "typed in by hand",
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

#[derive(Deserialize)]
pub(super) struct Drawn {
    dpi: Option<u32>,
}

pub(super) async fn image(
    State(app): State<App>,
    viewer: Viewer,
    Path((id, number, page)): Path<(DocumentId, i64, u32)>,
    Query(Drawn { dpi }): Query<Drawn>,
) -> Result<Response, Failure> {
    let dpi = dpi.unwrap_or(USUAL_DPI);
    if !RESOLUTIONS.contains(&dpi) {
        return Ok(StatusCode::BAD_REQUEST.into_response());
    }
    let image = app.documents.page_image(viewer.scope(), id, number, page, dpi).await;
    let image = image.map_err(|error| viewer.failure(error))?;
    let headers = [(header::CONTENT_TYPE, "image/png")];
    Ok((headers, image).into_response())
}
