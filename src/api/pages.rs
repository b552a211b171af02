//! Pages of a version: text with marks, image, ledger; and the original file.

use std::ops::Range;

use axum::body::Body;
use axum::extract::State;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::caller::May;
use super::extract::{Json, Path, Query};
use super::problem::{Code, Problem};
use super::watched::{Carried, watched};
use crate::app::App;
use crate::documents::reading::{Finding, Format, Rect};
use crate::documents::{Page, PassageText};
use crate::kernel::permission::permit::{DownloadOriginals, ReadCases, ReadDocuments};
use crate::kernel::{DocumentId, PassageId};

/// The resolutions a page is drawn in, in dots an inch; a fixed set, since each
/// drawing is kept.
pub(crate) const RESOLUTIONS: [u32; 6] = [40, 72, 96, 110, 144, 200];

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::default()
        .routes(routes!(show_page))
        .routes(routes!(draw_page))
        .routes(routes!(show_ledger))
        .routes(routes!(download_original))
}

/// What to mark on a page: a passage, or a span of the page's text.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct MarkQuery {
    /// Where the span begins, in bytes of the page's text.
    start: Option<usize>,
    /// Where it ends.
    end: Option<usize>,
    /// A passage; it goes before the span.
    #[param(value_type = Option<Uuid>)]
    passage: Option<PassageId>,
}

/// A page as read.
#[derive(Serialize, ToSchema)]
#[schema(as = Page)]
struct PageView {
    /// Its number, from 1.
    number: u32,
    /// Its width in points, when its words' places are known.
    width: Option<f32>,
    /// Its height in points.
    height: Option<f32>,
    /// Its text in reading order.
    text: String,
    /// How it was read: from its text, or by recognising its image.
    method: String,
    /// Its language.
    language: Option<String>,
    /// How sure the recognition was, 0 to 100.
    confidence: Option<f64>,
    /// Why it could not be read.
    error: Option<String>,
    /// Whether there is an image of it.
    has_image: bool,
    /// Where the marked words stand.
    marks: Vec<MarkView>,
    /// Where the marked span begins, in bytes of the text.
    mark_start: Option<usize>,
    /// Where it ends.
    mark_end: Option<usize>,
}

/// A rectangle on a page, in points from the top left.
#[derive(Serialize, ToSchema)]
#[schema(as = Mark)]
pub(super) struct MarkView {
    /// From the left.
    x: f32,
    /// From the top.
    y: f32,
    /// To the right.
    width: f32,
    /// Down.
    height: f32,
}

impl From<Rect> for MarkView {
    fn from(rect: Rect) -> Self {
        let Rect { x, y, width, height } = rect;
        Self { x, y, width, height }
    }
}

impl PageView {
    fn new(page: Page, has_image: bool, marked: Option<Range<usize>>) -> Self {
        let marks = marked.as_ref().map_or_else(Vec::new, |span| page.rects(span.start, span.end));
        let (mark_start, mark_end) = marked.map(|span| (span.start, span.end)).unzip();
        let Page { number, text, width, height, method, language, confidence, error, .. } = page;
        let marks = marks.into_iter().map(MarkView::from).collect();
        Self {
            number,
            width,
            height,
            text,
            method,
            language,
            confidence,
            error,
            has_image,
            marks,
            mark_start,
            mark_end,
        }
    }
}

/// Show a page
///
/// Its text, and where the words of a span or passage stand. The view is recorded.
/// For those who work on the case, admins, and the client it is shared with.
#[utoipa::path(get, path = "/api/v1/documents/{id}/versions/{number}/pages/{page}",
    tag = "documents",
    params(("id" = Uuid, Path, description = "The document."),
           ("number" = i64, Path, description = "The version's number."),
           ("page" = u32, Path, description = "The page's number."),
           MarkQuery),
    responses((status = 200, description = "The page.", body = PageView), Problem))]
async fn show_page(
    State(app): State<App>,
    May(caller, ..): May<ReadDocuments>,
    Path((id, number, page)): Path<(DocumentId, i64, u32)>,
    Query(query): Query<MarkQuery>,
) -> Result<Json<PageView>, Problem> {
    let scope = &caller.scope;
    let version = app.documents.version(scope, id, number).await?;
    let page = app.documents.read_page(scope, id, number, page).await?;
    let passages = app.documents.passages(scope, query.passage.as_slice()).await?;
    app.documents.viewed(scope, id, number).await?;
    let passage = passages.iter().find(|passage| passage.version == version.version_id);
    let marked = passage
        .map_or_else(|| query.span(), |passage| on_page(passage, page.number))
        .and_then(|span| within(&page.text, span));
    Ok(Json(PageView::new(page, has_pictures(&version.format), marked)))
}

impl MarkQuery {
    fn span(&self) -> Option<Range<usize>> {
        Some(self.start?..self.end?)
    }
}

/// Whether the pages of a format can be drawn.
pub(crate) fn has_pictures(format: &str) -> bool {
    Format::parse(format).is_some_and(Format::has_pictures)
}

/// The part of a passage that stands on a page.
fn on_page(passage: &PassageText, number: u32) -> Option<Range<usize>> {
    let place = passage.pages.iter().position(|page| page.number == number)?;
    let start = if place == 0 { passage.start } else { 0 };
    let last = place + 1 == passage.pages.len();
    Some(start..if last { passage.end } else { usize::MAX })
}

/// A span brought within a text, at the borders of characters; none when nothing
/// of it is left.
fn within(text: &str, span: Range<usize>) -> Option<Range<usize>> {
    let span = text.floor_char_boundary(span.start)..text.ceil_char_boundary(span.end);
    (span.start < span.end).then_some(span)
}

/// Bytes of a file or an image.
#[derive(ToSchema)]
#[schema(value_type = String, format = Binary)]
#[expect(dead_code, reason = "it describes an answer; the bytes go out as they are")]
pub(super) struct Bytes(Vec<u8>);

/// How a page is to be drawn.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct ImageQuery {
    /// Dots an inch: 40, 72, 96, 110, 144 or 200.
    #[serde(default = "usual_resolution")]
    #[param(default = 110)]
    dpi: u32,
}

const fn usual_resolution() -> u32 {
    110
}

/// Draw a page
///
/// For those who work on the case, admins, and the client it is shared with.
#[utoipa::path(get, path = "/api/v1/documents/{id}/versions/{number}/pages/{page}/image",
    tag = "documents",
    params(("id" = Uuid, Path, description = "The document."),
           ("number" = i64, Path, description = "The version's number."),
           ("page" = u32, Path, description = "The page's number."),
           ImageQuery),
    responses((status = 200, description = "The image.", body = Bytes,
               content_type = "image/png"), Problem))]
async fn draw_page(
    State(app): State<App>,
    May(caller, ..): May<ReadDocuments>,
    Path((id, number, page)): Path<(DocumentId, i64, u32)>,
    Query(ImageQuery { dpi }): Query<ImageQuery>,
) -> Result<impl IntoResponse, Problem> {
    if !RESOLUTIONS.contains(&dpi) {
        let words = "`dpi` must be one of 40, 72, 96, 110, 144, 200";
        return Err(Problem::shown(Code::BadRequest, words));
    }
    let image = app.documents.page_image(&caller.scope, id, number, page, dpi).await?;
    let headers = [(CONTENT_TYPE, "image/png")];
    Ok((headers, image))
}

/// How one page was read.
#[derive(Serialize, ToSchema)]
struct LedgerLine {
    /// Its number, from 1.
    number: u32,
    /// Its width in points, when its words' places are known.
    width: Option<f32>,
    /// Its height in points.
    height: Option<f32>,
    /// How it was read.
    method: String,
    /// Its language.
    language: Option<String>,
    /// How sure the recognition was, 0 to 100.
    confidence: Option<f64>,
    /// How long it took, in milliseconds.
    took_ms: i64,
    /// Why it could not be read.
    error: Option<String>,
    /// Why the text stored in the file was not relied on.
    reason: Option<String>,
    /// What its reader should know.
    findings: Vec<FindingView>,
    /// Whether it waits to be read anew.
    being_reread: bool,
}

/// Something on a page besides its visible text.
#[derive(Serialize, ToSchema)]
#[schema(as = PageFinding)]
struct FindingView {
    /// What it is, in words.
    what: &'static str,
    /// More of it; for hidden text, its beginning.
    detail: String,
}

impl From<Finding> for FindingView {
    fn from(Finding { kind, detail }: Finding) -> Self {
        Self { what: kind.label(), detail }
    }
}

impl From<Page> for LedgerLine {
    fn from(page: Page) -> Self {
        Self {
            number: page.number,
            width: page.width,
            height: page.height,
            method: page.method,
            language: page.language,
            confidence: page.confidence,
            took_ms: page.took_ms,
            error: page.error,
            reason: page.reason,
            findings: page.findings.into_iter().map(FindingView::from).collect(),
            being_reread: page.being_reread,
        }
    }
}

/// Show how each page was read
///
/// For those who work on the case, and admins.
#[utoipa::path(get, path = "/api/v1/documents/{id}/versions/{number}/ledger", tag = "documents",
    params(("id" = Uuid, Path, description = "The document."),
           ("number" = i64, Path, description = "The version's number.")),
    responses((status = 200, description = "The pages.", body = [LedgerLine]), Problem))]
async fn show_ledger(
    State(app): State<App>,
    May(caller, ..): May<ReadCases>,
    Path((id, number)): Path<(DocumentId, i64)>,
) -> Result<Json<Vec<LedgerLine>>, Problem> {
    let pages = app.documents.ledger(&caller.scope, id, number).await?;
    Ok(Json(pages.into_iter().map(LedgerLine::from).collect()))
}

/// Download the original file
///
/// The download is recorded. For those who work on the case, and admins.
#[utoipa::path(get, path = "/api/v1/documents/{id}/versions/{number}/original", tag = "documents",
    params(("id" = Uuid, Path, description = "The document."),
           ("number" = i64, Path, description = "The version's number.")),
    responses((status = 200, description = "The file.", body = Bytes,
               content_type = "*/*"), Problem))]
async fn download_original(
    State(app): State<App>,
    May(caller, ..): May<DownloadOriginals>,
    Path((id, number)): Path<(DocumentId, i64)>,
) -> Result<Response, Problem> {
    let (version, bytes) = app.documents.original(&caller.scope, id, number).await?;
    let headers = [
        (CONTENT_TYPE, Format::parse(&version.format).map_or(UNKNOWN, Format::mime).to_owned()),
        (CONTENT_LENGTH, version.size_bytes.to_string()),
        (CONTENT_DISPOSITION, attachment(&version.file_name)),
    ];
    let bytes = watched(app, &caller.scope, Carried::Document(id), bytes);
    Ok((headers, Body::from_stream(bytes)).into_response())
}

/// The media type of what is in no table.
pub(crate) const UNKNOWN: &str = "application/octet-stream";

/// A `Content-Disposition` for a download: the name in plain letters for old
/// programs, and whole as RFC 5987 has it.
pub(crate) fn attachment(file_name: &str) -> String {
    let name: String = file_name.chars().filter(|c| !c.is_control()).collect();
    let plain: String = name
        .chars()
        .map(|c| if c.is_ascii() && !matches!(c, '"' | '\\' | '/' | '%') { c } else { '_' })
        .collect();
    let whole: String = name
        .bytes()
        .map(|byte| match byte {
            b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' | b'-' | b'.' | b'_' | b'~' => {
                char::from(byte).to_string()
            }
            _ => format!("%{byte:02X}"),
        })
        .collect();
    format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{whole}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_download_keeps_its_name_in_any_script() {
        assert_eq!(
            attachment("आदेश 3.pdf"),
            "attachment; filename=\"____ 3.pdf\"; \
             filename*=UTF-8''%E0%A4%86%E0%A4%A6%E0%A5%87%E0%A4%B6%203.pdf"
        );
    }

    #[test]
    fn a_name_cannot_add_headers_or_parameters() {
        assert_eq!(
            attachment("a\"; x=\"\r\nb.pdf"),
            "attachment; filename=\"a_; x=_b.pdf\"; filename*=UTF-8''a%22%3B%20x%3D%22b.pdf"
        );
    }

    #[test]
    fn a_span_is_brought_within_the_text() {
        assert_eq!(within("धारा 138", 1..4), Some(0..6));
        assert_eq!(within("abc", 1..usize::MAX), Some(1..3));
        assert_eq!(within("abc", 3..9), None);
        let (start, end) = (2, 1);
        assert_eq!(within("abc", start..end), None);
    }
}
