//! What the viewer asks for beside a page: its words' places, what is found in the
//! document, what it names and where else that stands.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::caller::May;
use super::extract::{Json, Path, Query};
use super::problem::Problem;
use crate::app::App;
use crate::documents::find::Needle;
use crate::documents::reading::{OutlineEntry, Word};
use crate::documents::{Elsewhere, EntityRow, Hit, Hits, Occurrence, Page};
use crate::kernel::permission::permit::{ReadCases, ReadDocuments};
use crate::kernel::{CaseId, DocumentId};
use crate::search::{Query as WordQuery, highlight};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::default()
        .routes(routes!(show_words))
        .routes(routes!(show_outline))
        .routes(routes!(find_in_document))
        .routes(routes!(list_entities))
        .routes(routes!(list_occurrences))
}

/// A page's text and where each of its words stands.
#[derive(Serialize, ToSchema)]
struct PageWords {
    /// The page's number, from 1.
    number: u32,
    /// Its width in points, when its words' places are known.
    width: Option<f32>,
    /// Its height in points.
    height: Option<f32>,
    /// Its text in reading order.
    text: String,
    /// Its words, in the order of the text; none for a page without an image.
    words: Vec<WordView>,
    /// Whether it waits to be read anew.
    being_reread: bool,
}

/// A word: a span of the page's text in bytes, and its box in points from the top
/// left.
#[derive(Serialize, ToSchema)]
#[schema(as = Word)]
struct WordView {
    /// Where it begins in the text.
    start: u32,
    /// Where it ends.
    end: u32,
    /// Its left edge.
    x0: f32,
    /// Its top edge.
    y0: f32,
    /// Its right edge.
    x1: f32,
    /// Its bottom edge.
    y1: f32,
}

impl From<Word> for WordView {
    fn from(word: Word) -> Self {
        let Word { start, end, x0, y0, x1, y1, .. } = word;
        Self { start, end, x0, y0, x1, y1 }
    }
}

impl From<Page> for PageWords {
    fn from(page: Page) -> Self {
        let words = page.words().into_iter().map(WordView::from).collect();
        let Page { number, width, height, text, being_reread, .. } = page;
        Self { number, width, height, text, words, being_reread }
    }
}

/// Show where a page's words stand
///
/// Its text with the box of each word, to select and mark text over the page's
/// image. For those who work on the case, admins, and the client it is shared with.
#[utoipa::path(get, path = "/api/v1/documents/{id}/versions/{number}/pages/{page}/words",
    tag = "documents",
    params(("id" = Uuid, Path, description = "The document."),
           ("number" = i64, Path, description = "The version's number."),
           ("page" = u32, Path, description = "The page's number.")),
    responses((status = 200, description = "The words.", body = PageWords), Problem))]
async fn show_words(
    State(app): State<App>,
    May(caller, ..): May<ReadDocuments>,
    Path((id, number, page)): Path<(DocumentId, i64, u32)>,
) -> Result<Json<PageWords>, Problem> {
    Ok(Json(app.documents.read_page(&caller.scope, id, number, page).await?.into()))
}

/// An entry of the outline a document carries.
#[derive(Serialize, ToSchema)]
struct OutlineLine {
    /// What it says.
    title: String,
    /// The page it leads to, from 1.
    page: u32,
    /// How deep it stands, from 0.
    depth: u32,
}

impl From<OutlineEntry> for OutlineLine {
    fn from(entry: OutlineEntry) -> Self {
        let OutlineEntry { title, page, depth } = entry;
        Self { title, page, depth }
    }
}

/// Show the outline of a document
///
/// The bookmarks the file carries. For those who work on the case, admins, and the
/// client it is shared with.
#[utoipa::path(get, path = "/api/v1/documents/{id}/versions/{number}/outline", tag = "documents",
    params(("id" = Uuid, Path, description = "The document."),
           ("number" = i64, Path, description = "The version's number.")),
    responses((status = 200, description = "The entries, in order.", body = [OutlineLine]),
              Problem))]
async fn show_outline(
    State(app): State<App>,
    May(caller, ..): May<ReadDocuments>,
    Path((id, number)): Path<(DocumentId, i64)>,
) -> Result<Json<Vec<OutlineLine>>, Problem> {
    let outline = app.documents.outline(&caller.scope, id, number).await?;
    Ok(Json(outline.into_iter().map(OutlineLine::from).collect()))
}

/// What to look for.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct FindQuery {
    /// Words as they stand in the document; when they stand nowhere, the query is read
    /// as in a search: inflections, "phrases", `w/5`, `word*`.
    q: String,
}

/// What was found in a document.
#[derive(Serialize, ToSchema)]
struct FoundView {
    /// Whether the places hold exactly what was typed; otherwise they hold its words
    /// in some form.
    as_typed: bool,
    /// Whether there are more places than are given.
    more: bool,
    /// The places, in order; at most 1000.
    hits: Vec<PlaceView>,
}

/// A span of a page's text.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Place)]
struct PlaceView {
    /// The page, from 1.
    page: u32,
    /// Where it begins, in bytes of the page's text.
    start: usize,
    /// Where it ends.
    end: usize,
}

impl FoundView {
    fn new(found: Hits, as_typed: bool) -> Self {
        let place = |hit: Hit| {
            let Hit { page, start, end } = hit;
            PlaceView { page, start, end }
        };
        let Hits { hits, more } = found;
        Self { as_typed, more, hits: hits.into_iter().map(place).collect() }
    }
}

/// Find words inside a document
///
/// The search is recorded. For those who work on the case, admins, and the client it is shared with.
#[utoipa::path(get, path = "/api/v1/documents/{id}/versions/{number}/find", tag = "documents",
    params(("id" = Uuid, Path, description = "The document."),
           ("number" = i64, Path, description = "The version's number."),
           FindQuery),
    responses((status = 200, description = "The places.", body = FoundView), Problem))]
async fn find_in_document(
    State(app): State<App>,
    May(caller, ..): May<ReadDocuments>,
    Path((id, number)): Path<(DocumentId, i64)>,
    Query(FindQuery { q }): Query<FindQuery>,
) -> Result<Json<FoundView>, Problem> {
    if let Some(needle) = Needle::new(&q) {
        let look = move |text: &str| needle.find(text);
        let found = app.documents.find_in(&caller.scope, id, number, &q, look).await?;
        if !found.hits.is_empty() {
            return Ok(Json(FoundView::new(found, true)));
        }
    }
    let query = WordQuery::parse(&q);
    let look = move |text: &str| highlight(text, &query);
    let found = app.documents.find_in(&caller.scope, id, number, &q, look).await?;
    Ok(Json(FoundView::new(found, false)))
}

/// Something a document names, with every place it is named.
#[derive(Debug, Serialize, ToSchema)]
struct EntityView {
    /// What it is: `citation`, `section`, `article`, `case_number`, `cnr`, `date`,
    /// `amount`.
    kind: String,
    /// As written where it first stands.
    text: String,
    /// What makes two mentions equal.
    normal: String,
    /// Where it stands, in order.
    places: Vec<PlaceView>,
    /// In how many other documents open to the caller it stands too; 20 stands for 20
    /// or more. Dates and amounts are not counted.
    elsewhere: i64,
}

/// Puts the mentions of the same thing together, in the order of the text.
fn grouped(rows: Vec<EntityRow>, elsewhere: Vec<Elsewhere>) -> Vec<EntityView> {
    let mut others: HashMap<(String, String), i64> =
        elsewhere.into_iter().map(|row| ((row.kind, row.normal), row.documents)).collect();
    let mut at: HashMap<(String, String), usize> = HashMap::new();
    let mut groups: Vec<EntityView> = Vec::new();
    for EntityRow { kind, page, start, end, text, normal } in rows {
        let place = PlaceView { page, start, end };
        match at.entry((kind.clone(), normal.clone())) {
            Entry::Occupied(known) => {
                if let Some(group) = groups.get_mut(*known.get()) {
                    group.places.push(place);
                }
            }
            Entry::Vacant(new) => {
                let elsewhere = others.remove(new.key()).unwrap_or(0);
                new.insert(groups.len());
                groups.push(EntityView { kind, text, normal, places: vec![place], elsewhere });
            }
        }
    }
    groups
}

/// List what a document names
///
/// Citations, sections, case numbers, dates and amounts, each with its places. For
/// those who work on the case, and admins.
#[utoipa::path(get, path = "/api/v1/documents/{id}/versions/{number}/entities",
    tag = "documents",
    params(("id" = Uuid, Path, description = "The document."),
           ("number" = i64, Path, description = "The version's number.")),
    responses((status = 200, description = "What it names, in the order of the text.",
               body = [EntityView]), Problem))]
async fn list_entities(
    State(app): State<App>,
    May(caller, ..): May<ReadCases>,
    Path((id, number)): Path<(DocumentId, i64)>,
) -> Result<Json<Vec<EntityView>>, Problem> {
    let rows = app.documents.entities(&caller.scope, id, number).await?;
    let elsewhere = app.documents.elsewhere(&caller.scope, id, number).await?;
    Ok(Json(grouped(rows, elsewhere)))
}

/// What to look for in all files.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct OccurrenceQuery {
    /// What it is: `citation`, `section`, …
    kind: String,
    /// What makes two mentions equal, as a document's list gives it.
    normal: String,
    /// A document to leave out: the one that is open.
    #[param(value_type = Option<Uuid>)]
    except: Option<DocumentId>,
}

/// A mention in a document open to the caller.
#[derive(Serialize, ToSchema)]
#[schema(as = Occurrence)]
struct OccurrenceView {
    /// The document.
    document_id: DocumentId,
    /// Its title.
    title: String,
    /// Its case.
    case_id: CaseId,
    /// The case's title.
    case_title: String,
    /// The version's number.
    version: i64,
    /// The page, from 1.
    page: u32,
    /// Where it begins, in bytes of the page's text.
    start: usize,
    /// Where it ends.
    end: usize,
    /// What stands before it.
    before: String,
    /// As written.
    text: String,
    /// What follows it.
    after: String,
    /// The page of this service that shows it.
    link: String,
}

impl From<Occurrence> for OccurrenceView {
    fn from(found: Occurrence) -> Self {
        let Occurrence { document, version, page, start, end, .. } = found;
        let link = format!(
            "/documents/{document}?version={version}&page={page}&start={start}&end={end}#page-{page}"
        );
        Self {
            document_id: document,
            title: found.title,
            case_id: found.case,
            case_title: found.case_title,
            version,
            page,
            start,
            end,
            before: found.before,
            text: found.text,
            after: found.after,
            link,
        }
    }
}

/// List where something is named in all files
///
/// In the newest version read of every document open to the caller: the first five
/// places of each, at most 200 in all. For the chamber's own people.
#[utoipa::path(get, path = "/api/v1/occurrences", tag = "documents",
    params(OccurrenceQuery),
    responses((status = 200, description = "The places, the newest documents first.",
               body = [OccurrenceView]), Problem))]
async fn list_occurrences(
    State(app): State<App>,
    May(caller, ..): May<ReadCases>,
    Query(OccurrenceQuery { kind, normal, except }): Query<OccurrenceQuery>,
) -> Result<Json<Vec<OccurrenceView>>, Problem> {
    let found = app.documents.occurrences(&caller.scope, &kind, &normal, except).await?;
    Ok(Json(found.into_iter().map(OccurrenceView::from).collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(kind: &str, normal: &str, page: u32) -> EntityRow {
        let (kind, normal) = (kind.to_owned(), normal.to_owned());
        EntityRow { kind, page, start: 3, end: 9, text: normal.to_lowercase(), normal }
    }

    #[test]
    fn mentions_of_the_same_thing_come_together_in_order() {
        let rows = vec![
            row("section", "S 138", 1),
            row("citation", "2024 INSC 835", 1),
            row("section", "S 138", 4),
        ];
        let elsewhere = Elsewhere { kind: "section".into(), normal: "S 138".into(), documents: 2 };
        let groups = grouped(rows, vec![elsewhere]);
        assert_eq!(groups.len(), 2);
        assert_eq!((groups[0].text.as_str(), groups[0].elsewhere), ("s 138", 2));
        let pages: Vec<u32> = groups[0].places.iter().map(|place| place.page).collect();
        assert_eq!(pages, [1, 4]);
        assert_eq!(groups[1].elsewhere, 0);
    }
}
