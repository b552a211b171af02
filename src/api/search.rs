//! Search: finding passages.

use axum::extract::{RawQuery, State};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::caller::May;
use super::extract::Json;
use super::pages::MarkView;
use super::problem::Problem;
use crate::app::App;
use crate::kernel::permission::permit::Search;
use crate::kernel::{CaseId, ClientId, DocumentId, PassageId, Scope};
use crate::search::{
    Cursor, Expansion, Facet, FacetValue, Hit, Part, Request, Results, Snippet, Suggestion,
};

/// The most hits one search gives.
pub(super) const MOST_HITS: usize = 100;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::default().routes(routes!(search_documents))
}

/// What to search for. Filters may be given several times: one of the values.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes the query; it is read by `Request::from_address`")]
struct SearchQuery {
    /// Words, "phrases", `AND OR NOT ( )`, `w/5 pre/5 /s /p`, `*`, `~`, `court:` and other
    /// fields; nothing is an error. Left out, what the filters leave is listed.
    q: Option<String>,
    /// Cases to search in; all that is open to you when left out.
    #[param(value_type = Option<Vec<Uuid>>)]
    case: Option<Vec<CaseId>>,
    /// Clients whose cases to search in.
    #[param(value_type = Option<Vec<Uuid>>)]
    client: Option<Vec<ClientId>>,
    /// Kinds of document: `judgment`, `order`, `agreement`.
    kind: Option<Vec<String>>,
    /// Courts, as the facet names them.
    court: Option<Vec<String>>,
    /// Judges, as the facet names them.
    judge: Option<Vec<String>>,
    /// Years of the documents' dates.
    year: Option<Vec<i32>>,
    /// Parties, as the facet names them.
    party: Option<Vec<String>>,
    /// Languages: `English`, `Hindi`.
    language: Option<Vec<String>>,
    /// Provisions named: `NI Act s. 138`.
    statute: Option<Vec<String>>,
    /// Authorities cited: `(2019) 4 SCC 1`.
    cited: Option<Vec<String>>,
    /// `relevance`, `newest` or `oldest`.
    #[param(default = "relevance")]
    sort: Option<String>,
    /// How many passages, at most 100.
    #[param(default = 20, minimum = 1, maximum = 100)]
    limit: Option<usize>,
    /// The `next` of the page before.
    after: Option<String>,
    /// Whether to count the values results can be narrowed by.
    #[param(default = false)]
    facets: Option<bool>,
    /// Expansions that are not wanted: `crosswalk`, `synonym`, `script`, or the id of one.
    off: Option<Vec<String>>,
    /// Whether to give the rectangles of what matched on the page's image.
    #[param(default = false)]
    rectangles: Option<bool>,
}

/// How many passages are given when nothing is said.
pub(super) const USUAL_LIMIT: usize = 20;

/// What a search found.
#[derive(Serialize, ToSchema)]
#[schema(as = SearchResults)]
pub(super) struct ResultsView {
    /// How the query was read, in plain words.
    reading: String,
    /// Slips the query may hold.
    suggestions: Vec<SuggestionView>,
    /// What was searched for besides what was typed.
    expansions: Vec<ExpansionView>,
    /// What limited the search, in plain words.
    notice: Option<String>,
    /// How many documents hold the words.
    documents: usize,
    /// What the results can be narrowed by.
    facets: Vec<FacetView>,
    /// The passages, best first.
    hits: Vec<HitView>,
    /// Where the next page begins; nothing when this is the last.
    next: Option<String>,
}

/// A slip a query may hold.
#[derive(Serialize, ToSchema)]
#[schema(as = Suggestion)]
struct SuggestionView {
    /// What may be wrong, in plain words.
    says: String,
    /// The query that was perhaps meant.
    instead: Option<String>,
}

/// Something searched for besides what was typed.
#[derive(Serialize, ToSchema)]
#[schema(as = Expansion)]
struct ExpansionView {
    /// By what it is switched off.
    id: String,
    /// Why: `crosswalk`, `synonym` or `script`.
    kind: &'static str,
    /// What was typed.
    typed: String,
    /// What was searched for besides.
    other: String,
    /// What to beware of.
    caution: Option<String>,
}

/// A property results can be narrowed by.
#[derive(Serialize, ToSchema)]
#[schema(as = Facet)]
struct FacetView {
    /// The filter that takes its values: `court`.
    name: &'static str,
    /// Its values, the most frequent first.
    values: Vec<FacetValueView>,
}

/// A value and how many of the documents found have it.
#[derive(Serialize, ToSchema)]
#[schema(as = FacetValue)]
struct FacetValueView {
    /// What to filter by.
    value: String,
    /// What to show.
    label: String,
    /// How many of the documents found have it.
    count: usize,
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
    /// Which of the expansions it was found by, as places in `expansions`.
    expansions: Vec<usize>,
    /// How well it matches; comparable within one search only.
    score: f32,
    /// Other documents that say the same in nearly the same words.
    also_in: Vec<AlsoInView>,
    /// What matched, on the pages' images, when it was asked for.
    rectangles: Vec<MarkedPage>,
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

/// A passage of another document that says the same.
#[derive(Serialize, ToSchema)]
struct AlsoInView {
    /// The document.
    document_id: DocumentId,
    /// Its title.
    title: String,
    /// The passage.
    passage: PassageId,
}

/// What matched on one page.
#[derive(Serialize, ToSchema)]
struct MarkedPage {
    /// The page.
    page: u32,
    /// Rectangles in points from the top left.
    rectangles: Vec<MarkView>,
}

impl From<Hit> for HitView {
    fn from(hit: Hit) -> Self {
        let (page, start, end) = hit.place();
        let Hit { passage, by, score, expansions, marks: _, snippet, also_in } = hit;
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
            expansions,
            score,
            also_in: also_in
                .into_iter()
                .map(|also| AlsoInView {
                    document_id: also.document,
                    title: also.title,
                    passage: also.passage,
                })
                .collect(),
            rectangles: Vec::new(),
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

/// Shapes what was found, with the rectangles of what matched if they are wanted.
pub(super) async fn shaped(
    app: &App,
    scope: &Scope,
    found: Results,
    rectangles: bool,
) -> Result<ResultsView, Problem> {
    let Results { reading, suggestions, expansions, hits, documents, facets, next, notice } = found;
    let mut views = Vec::with_capacity(hits.len());
    for hit in hits {
        let marked =
            if rectangles { app.search.rectangles(scope, &hit).await? } else { Vec::new() };
        let mut view = HitView::from(hit);
        view.rectangles = marked
            .into_iter()
            .map(|(page, rects)| MarkedPage {
                page,
                rectangles: rects.into_iter().map(MarkView::from).collect(),
            })
            .collect();
        views.push(view);
    }
    Ok(ResultsView {
        reading,
        suggestions: suggestions
            .into_iter()
            .map(|Suggestion { says, instead }| SuggestionView { says, instead })
            .collect(),
        expansions: expansions
            .into_iter()
            .map(|Expansion { id, kind, typed, other, caution }| ExpansionView {
                id,
                kind: kind.key(),
                typed,
                other,
                caution,
            })
            .collect(),
        notice,
        documents,
        facets: facets.into_iter().map(FacetView::from).collect(),
        hits: views,
        next: next.map(|Cursor(after)| after),
    })
}

impl From<Facet> for FacetView {
    fn from(facet: Facet) -> Self {
        let Facet { name, values } = facet;
        let value = |FacetValue { value, label, count }| FacetValueView { value, label, count };
        Self { name: name.key(), values: values.into_iter().map(value).collect() }
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
    May(caller, ..): May<Search>,
    RawQuery(query): RawQuery,
) -> Result<Json<ResultsView>, Problem> {
    let query = query.unwrap_or_default();
    let mut request = Request::from_address(&query)?;
    for &case in &request.filters.cases {
        app.cases.find(&caller.scope, case).await?;
    }
    if let [case] = request.filters.cases[..] {
        request.filters.cases.clear();
        request.within = Some(case);
    }
    request.limit = if request.limit == 0 { USUAL_LIMIT } else { request.limit.min(MOST_HITS) };
    let rectangles = wants_rectangles(&query);
    let found = app.search.search(&caller.scope, &request).await?;
    Ok(Json(shaped(&app, &caller.scope, found, rectangles).await?))
}

fn wants_rectangles(query: &str) -> bool {
    url::form_urlencoded::parse(query.as_bytes())
        .any(|(key, value)| key == "rectangles" && value == "true")
}
