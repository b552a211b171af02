//! Search pages: everywhere and inside a case.

use std::time::Instant;

use axum::extract::{Path, Query, State};
use serde::Deserialize;

use super::viewer::Viewer;
use super::{Failure, Practice};
use crate::app::App;
use crate::kernel::CaseId;
use crate::search::{FoundBy, Hit};
use crate::web::Area;
use crate::web::parts::{CaseRef, DocumentRef, Piece, Place};
use crate::web::search::{Hit as DocumentHit, HitPassage, SearchPage, Why};

/// How many passages a page of results holds.
const SHOWN: usize = 30;
/// How many passages of one document are shown before "more in this document".
const PER_DOCUMENT: usize = 3;

#[derive(Deserialize)]
pub(super) struct Wanted {
    #[serde(default)]
    q: String,
}

pub(super) async fn everywhere(
    State(app): State<App>,
    Practice(viewer): Practice,
    Query(wanted): Query<Wanted>,
) -> Result<SearchPage, Failure> {
    search(&app, &viewer, None, wanted.q).await
}

pub(super) async fn in_case(
    State(app): State<App>,
    Practice(viewer): Practice,
    Path(id): Path<CaseId>,
    Query(wanted): Query<Wanted>,
) -> Result<SearchPage, Failure> {
    let case = app.cases.find(viewer.scope(), id).await.map_err(|error| viewer.failure(error))?;
    search(&app, &viewer, Some(CaseRef { id, title: case.title }), wanted.q).await
}

async fn search(
    app: &App,
    viewer: &Viewer,
    case: Option<CaseRef>,
    query: String,
) -> Result<SearchPage, Failure> {
    let started = Instant::now();
    let within = case.as_ref().map(|case| case.id);
    let found = app.search.search(viewer.scope(), within, &query, SHOWN).await;
    let found = found.map_err(|error| viewer.failure(error))?;
    let asked = !query.trim().is_empty();
    let hits = by_document(found.hits);
    let total = (found.documents as u64).max(hits.len() as u64);
    Ok(SearchPage {
        layout: viewer.layout("Search", Area::Search),
        case,
        query,
        reading: asked.then(|| {
            let reading = found.reading.trim_end_matches('.');
            reading
                .strip_prefix("searched for ")
                .or(reading.strip_prefix("Searched for "))
                .unwrap_or(reading)
                .to_owned()
        }),
        notice: found.notice,
        total,
        took_ms: u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX),
        facets: Vec::new(),
        hits,
        next: None,
    })
}

/// Groups passages under their documents, in the order of each one's best.
fn by_document(hits: Vec<Hit>) -> Vec<DocumentHit> {
    let mut grouped: Vec<DocumentHit> = Vec::new();
    for hit in hits {
        let place = place_of(&hit);
        let group = grouped.iter().position(|group| group.document.id == hit.passage.document);
        let Some(group) = group else {
            grouped.push(DocumentHit {
                document: DocumentRef {
                    id: hit.passage.document,
                    title: hit.passage.title.clone(),
                },
                case: CaseRef { id: hit.passage.case, title: hit.passage.case_title.clone() },
                kind: format!("page {}", place.page),
                href: place.href(),
                passages: vec![passage(place, hit)],
                more: 0,
            });
            continue;
        };
        let group = &mut grouped[group];
        if group.passages.len() < PER_DOCUMENT {
            group.passages.push(passage(place, hit));
        } else {
            group.more += 1;
        }
    }
    grouped
}

fn place_of(hit: &Hit) -> Place {
    let (page, start, end) = hit.place();
    let small = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    Place {
        document: hit.passage.document,
        version: u32::try_from(hit.passage.version_number).unwrap_or(1),
        page,
        start: small(start),
        end: small(end),
    }
}

fn passage(place: Place, hit: Hit) -> HitPassage {
    let snippet = hit.snippet;
    let mut pieces: Vec<Piece> = snippet
        .parts
        .into_iter()
        .map(|part| Piece { text: part.text, marked: part.marked })
        .collect();
    let dots = || Piece { text: "… ".to_owned(), marked: false };
    if snippet.cut_before {
        pieces.insert(0, dots());
    }
    if snippet.cut_after {
        pieces.push(Piece { text: " …".to_owned(), marked: false });
    }
    HitPassage {
        place,
        heading: hit.passage.heading,
        snippet: pieces,
        why: match hit.by {
            FoundBy { words: true, meaning: true } => Why::Both,
            FoundBy { words: false, meaning: true } => Why::Meaning,
            FoundBy { .. } => Why::Words,
        },
    }
}
