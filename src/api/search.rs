//! Search: finding passages.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::caller::Staffed;
use super::extract::{Json, Query};
use super::problem::Problem;
use crate::app::App;
use crate::kernel::{CaseId, DocumentId, PassageId};
use crate::search::{Hit, Part, Results, Snippet};

/// The most hits one search gives.
const MOST_HITS: usize = 100;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::default().routes(routes!(search_documents))
}

/// What to search for.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct SearchQuery {
    /// Words, "phrases", `AND OR NOT ( )`, `w/5`; nothing is an error.
    q: String,
    /// The case to search in; all that is open to you when left out.
    #[param(value_type = Option<Uuid>)]
    case: Option<CaseId>,
    /// How many passages, at most 100.
    #[serde(default = "usual_limit")]
    #[param(default = 20, minimum = 1, maximum = 100)]
    limit: usize,
}

const fn usual_limit() -> usize {
    20
}

/// What a search found.
#[derive(Serialize, ToSchema)]
#[schema(as = SearchResults)]
struct ResultsView {
    /// How the query was read, in plain words.
    reading: String,
    /// What limited the search, in plain words.
    notice: Option<String>,
    /// How many documents hold the words.
    documents: usize,
    /// The passages, best first.
    hits: Vec<HitView>,
}

/// A passage that was found.
#[derive(Serialize, ToSchema)]
#[schema(as = Hit)]
struct HitView {
    /// The document.
    document_id: DocumentId,
    /// The version's number.
    version: i64,
    /// The case.
    case_id: CaseId,
    /// The case's title.
    case_title: String,
    /// The document's title.
    title: String,
    /// The page to point at.
    page: u32,
    /// The passage.
    passage: PassageId,
    /// Where what was found begins, in bytes of the page's text.
    start: usize,
    /// Where it ends.
    end: usize,
    /// The heading above it.
    heading: Option<String>,
    /// Why it was found.
    found_by: Vec<FoundByView>,
    /// An excerpt, what matched and what did not in turn.
    snippet: Vec<SnippetPart>,
    /// Whether the passage goes on before the excerpt.
    cut_before: bool,
    /// Whether it goes on after it.
    cut_after: bool,
    /// The page of this service that shows it.
    link: String,
}

/// Why a passage was found.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = FoundBy)]
enum FoundByView {
    /// Its words.
    Words,
    /// Its meaning.
    Meaning,
}

/// A part of an excerpt.
#[derive(Serialize, ToSchema)]
struct SnippetPart {
    /// The text, exactly as it stands.
    text: String,
    /// Whether it is what matched.
    marked: bool,
}

impl From<Part> for SnippetPart {
    fn from(part: Part) -> Self {
        let Part { text, marked } = part;
        Self { text, marked }
    }
}

impl From<Hit> for HitView {
    fn from(hit: Hit) -> Self {
        let (page, start, end) = hit.place();
        let Hit { passage, by, marks: _, snippet } = hit;
        let Snippet { parts, cut_before, cut_after } = snippet;
        let found_by = [(by.words, FoundByView::Words), (by.meaning, FoundByView::Meaning)];
        Self {
            document_id: passage.document,
            version: passage.version_number,
            case_id: passage.case,
            case_title: passage.case_title,
            title: passage.title,
            page,
            passage: passage.id,
            start,
            end,
            heading: passage.heading,
            found_by: found_by.into_iter().filter(|(found, _)| *found).map(|(_, by)| by).collect(),
            snippet: parts.into_iter().map(SnippetPart::from).collect(),
            cut_before,
            cut_after,
            link: link(passage.document, passage.version_number, page, start, end),
        }
    }
}

/// Where the pages show a span.
fn link(document: DocumentId, version: i64, page: u32, start: usize, end: usize) -> String {
    format!(
        "/documents/{document}?version={version}&page={page}&start={start}&end={end}#page-{page}"
    )
}

impl From<Results> for ResultsView {
    fn from(results: Results) -> Self {
        let Results { reading, hits, documents, notice } = results;
        Self { reading, notice, documents, hits: hits.into_iter().map(HitView::from).collect() }
    }
}

/// Search the documents open to you
///
/// By words and by meaning together; a query in exact syntax by its words only. For
/// the chamber's own people.
#[utoipa::path(get, path = "/api/v1/search", tag = "search", params(SearchQuery),
    responses((status = 200, description = "What was found.", body = ResultsView), Problem))]
async fn search_documents(
    State(app): State<App>,
    Staffed(caller): Staffed,
    Query(SearchQuery { q, case, limit }): Query<SearchQuery>,
) -> Result<Json<ResultsView>, Problem> {
    if let Some(case) = case {
        app.cases.find(&caller.scope, case).await?;
    }
    let limit = limit.clamp(1, MOST_HITS);
    let results = app.search.search(&caller.scope, case, &q, limit).await?;
    Ok(Json(results.into()))
}
