//! What was found, shaped for the page.

use super::{address, link};
use crate::search::{
    Expansion as Other, ExpansionKind, Facet as Counted, FacetName, FoundBy, Hit, Request, Results,
    Sort,
};
use crate::web::page::{Layout, Link};
use crate::web::parts::{CaseRef, DocumentRef, Piece, Place};
use crate::web::routes::viewer::sentence;
use crate::web::search::{
    AlsoIn, Expansion, Facet, FacetValue, Hit as DocumentHit, HitPassage, Order, SearchPage,
    Suggestion, Why,
};

/// How many passages of one document are shown before "more in this document".
const PER_DOCUMENT: usize = 3;
/// How many values of a property are shown.
const VALUES: usize = 8;

/// The page before anything was found.
pub(super) fn page(
    layout: Layout,
    case: Option<CaseRef>,
    request: &Request,
    asked: bool,
) -> SearchPage {
    SearchPage {
        layout,
        case,
        query: request.text.clone(),
        asked,
        reading: None,
        suggestions: Vec::new(),
        expansions: Vec::new(),
        switched_off: switched_off(request),
        notice: None,
        total: 0,
        took_ms: 0,
        orders: orders(request),
        narrowed: Vec::new(),
        facets: Vec::new(),
        hits: Vec::new(),
        first: None,
        next: None,
        save: asked.then(|| Request { after: None, ..request.clone() }.address()),
        saved: Vec::new(),
    }
}

/// Puts what was found on the page.
pub(super) fn fill(page: &mut SearchPage, request: &Request, found: Results) {
    let Results { reading, suggestions, expansions, hits, documents, facets, next, notice } = found;
    page.reading = Some(sentence(&reading));
    page.suggestions = suggestions
        .into_iter()
        .map(|suggestion| Suggestion {
            says: sentence(&suggestion.says),
            instead: suggestion.instead.map(|text| {
                let instead = Request { text: text.clone(), after: None, ..request.clone() };
                link(text, &instead)
            }),
        })
        .collect();
    page.expansions = grouped(request, &expansions);
    page.narrowed = narrowed(request, &facets);
    page.facets = facets
        .into_iter()
        .filter(|facet| page.case.is_none() || facet.name != FacetName::Case)
        .filter_map(|facet| shown(request, facet))
        .collect();
    page.hits = by_document(request, hits, &expansions);
    page.total = (documents as u64).max(page.hits.len() as u64);
    page.first =
        request.after.as_ref().map(|_| address(&Request { after: None, ..request.clone() }));
    page.next = next.map(|after| address(&Request { after: Some(after), ..request.clone() }));
    page.notice = notice;
}

fn orders(request: &Request) -> Vec<Order> {
    [(Sort::Relevance, "Best first"), (Sort::Newest, "Newest"), (Sort::Oldest, "Oldest")]
        .into_iter()
        .map(|(sort, label)| Order {
            label,
            href: address(&Request { sort, after: None, ..request.clone() }),
            on: request.sort == sort,
        })
        .collect()
}

const fn kind_words(kind: ExpansionKind) -> &'static str {
    match kind {
        ExpansionKind::Crosswalk => "the other code’s number",
        ExpansionKind::Synonym => "another word",
        ExpansionKind::Script => "the other script",
    }
}

/// The expansions, those of one kind for the same words on one line.
fn grouped(request: &Request, expansions: &[Other]) -> Vec<Expansion> {
    let mut lines: Vec<(&Other, Vec<&Other>)> = Vec::new();
    for other in expansions {
        let line = lines.iter_mut().find(|(first, _)| {
            let plain = first.caution.is_none() && other.caution.is_none();
            plain && (first.kind, &first.typed) == (other.kind, &other.typed)
        });
        match line {
            Some((_, others)) => others.push(other),
            None => lines.push((other, vec![other])),
        }
    }
    lines.into_iter().map(|(first, others)| line(request, first, &others)).collect()
}

fn line(request: &Request, first: &Other, others: &[&Other]) -> Expansion {
    let mut without = Request { after: None, ..request.clone() };
    without.switches.ids.extend(others.iter().map(|other| other.id.clone()));
    let named: Vec<&str> = others.iter().map(|other| other.other.as_str()).collect();
    Expansion {
        kind: kind_words(first.kind),
        typed: first.typed.clone(),
        other: named.join(", "),
        caution: first.caution.as_deref().map(sentence),
        without: address(&without),
    }
}

/// What is off, each with the search that has it on again.
fn switched_off(request: &Request) -> Vec<Link> {
    let kinds = request.switches.kinds.iter().map(|&kind| {
        let mut on = Request { after: None, ..request.clone() };
        on.switches.kinds.remove(&kind);
        link(kind_words(kind), &on)
    });
    let ids = request.switches.ids.iter().map(|id| {
        let mut on = Request { after: None, ..request.clone() };
        on.switches.ids.remove(id);
        let name = id.split_once(':').map_or(id.as_str(), |(_, name)| name);
        link(name.replace(':', " → "), &on)
    });
    kinds.chain(ids).collect()
}

const fn facet_words(name: FacetName) -> &'static str {
    match name {
        FacetName::Case => "Case",
        FacetName::Client => "Client",
        FacetName::Kind => "Kind",
        FacetName::Court => "Court",
        FacetName::Judge => "Judge",
        FacetName::Year => "Year",
        FacetName::Party => "Party",
        FacetName::Language => "Language",
        FacetName::Statute => "Provision",
        FacetName::Cited => "Cites",
    }
}

/// What the results are narrowed to, each with the search without it.
fn narrowed(request: &Request, facets: &[Counted]) -> Vec<Link> {
    let mut links = Vec::new();
    for name in FacetName::ALL {
        for value in request.filters.values(name) {
            let counted = facets.iter().find(|facet| facet.name == name);
            let held = counted.and_then(|facet| facet.values.iter().find(|v| v.value == value));
            let label = held.map_or(value.as_str(), |held| held.label.as_str());
            if let Ok(without) = request.toggled(name, &value) {
                links.push(link(format!("{}: {label}", facet_words(name)), &without));
            }
        }
    }
    links
}

fn shown(request: &Request, facet: Counted) -> Option<Facet> {
    let on = request.filters.values(facet.name);
    let mut values = Vec::new();
    for value in facet.values.into_iter().take(VALUES) {
        let Ok(toggled) = request.toggled(facet.name, &value.value) else { continue };
        values.push(FacetValue {
            label: match facet.name {
                FacetName::Kind => sentence(&value.label.replace('_', " ")).replace('.', ""),
                _ => value.label,
            },
            count: value.count as u64,
            href: address(&toggled),
            on: on.contains(&value.value),
        });
    }
    let tells = values.len() > 1 || values.iter().any(|value| value.on);
    tells.then(|| Facet { name: facet_words(facet.name).to_owned(), values })
}

/// Groups passages under their documents, in the order of each one's best.
fn by_document(request: &Request, hits: Vec<Hit>, expansions: &[Other]) -> Vec<DocumentHit> {
    let mut grouped: Vec<DocumentHit> = Vec::new();
    for hit in hits {
        let place = place_of(&hit);
        let document = hit.passage.document;
        let Some(group) = grouped.iter_mut().find(|group| group.document.id == document) else {
            grouped.push(DocumentHit {
                document: DocumentRef { id: document, title: hit.passage.title.clone() },
                case: CaseRef { id: hit.passage.case, title: hit.passage.case_title.clone() },
                kind: format!("page {}", place.page),
                href: place.href(),
                passages: vec![passage(request, place, hit, expansions)],
                more: 0,
            });
            continue;
        };
        if group.passages.len() < PER_DOCUMENT {
            group.passages.push(passage(request, place, hit, expansions));
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

fn passage(request: &Request, place: Place, hit: Hit, expansions: &[Other]) -> HitPassage {
    let snippet = hit.snippet;
    let mut pieces: Vec<Piece> = snippet
        .parts
        .into_iter()
        .map(|part| Piece { text: part.text, marked: part.marked })
        .collect();
    if snippet.cut_before {
        pieces.insert(0, Piece { text: "… ".to_owned(), marked: false });
    }
    if snippet.cut_after {
        pieces.push(Piece { text: " …".to_owned(), marked: false });
    }
    let by: Vec<String> = hit
        .expansions
        .iter()
        .filter_map(|&number| expansions.get(number))
        .map(|other| format!("{}, {}", other.other, kind_words(other.kind)))
        .collect();
    let within = request.within.map(|case| format!("&in={case}")).unwrap_or_default();
    HitPassage {
        place,
        heading: hit.passage.heading,
        snippet: pieces,
        why: match hit.by {
            FoundBy { words: true, meaning: true } => Why::Both,
            FoundBy { words: false, meaning: true } => Why::Meaning,
            FoundBy { .. } => Why::Words,
        },
        by_other: (!by.is_empty()).then(|| by.join("; ")),
        also_in: hit
            .also_in
            .into_iter()
            .map(|also| AlsoIn {
                href: format!("/documents/{}?passage={}", also.document, also.passage),
                title: also.title,
            })
            .collect(),
        similar: format!("/search/similar?passage={}{within}", hit.passage.id),
    }
}
