//! Ten thousand small worlds, and a caller in each who must not notice the rest.
//!
//! A world is a few chambers with cases, documents, versions that were replaced and
//! documents that were moved. Its caller is an admin, a member of some cases with
//! walls before others, a client with shared documents, or nobody. What the index
//! answers over the whole world must be what it answers to an admin over a world
//! that holds only what the caller may see: the same passages on all pages together,
//! counts, totals, facets, and the same who cites what and what is alike.
//!
//! Many worlds lie in one index, each with chambers of its own, so that every world
//! is also strange to the others.

mod world;

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::kernel::{CaseId, DocumentId, PassageId, Scope};
use crate::search::{Filters, Index, LexicalHit, Mode, Query, Wanted};
use crate::vectors::{FlatStore, Narrow};
use world::{ASKED, DIMENSIONS, World};

/// How many worlds there are, and how many lie in one index.
const WORLDS: u64 = 10_000;
const TOGETHER: u64 = 250;

/// More than any world holds.
const ALL: usize = 200;

/// Everything the index says to a caller. What another question answers is compared
/// by adding it here.
#[derive(Debug, PartialEq)]
struct Answer {
    /// The passages; only their order may depend on what the caller cannot see.
    hits: BTreeSet<String>,
    /// How many documents are said to match.
    documents: usize,
    /// How many documents and passages are said to have been searched.
    totals: (usize, usize),
    /// How many passages a short page holds.
    cut: usize,
    /// What the results can be narrowed by, with the counts.
    facets: BTreeSet<String>,
    /// The documents that a search by meaning would be narrowed to.
    narrowed: BTreeSet<DocumentId>,
    /// The citations of an authority, and who cites it.
    citing: (BTreeSet<String>, BTreeSet<String>),
    /// What is like the words of the query.
    alike: BTreeSet<String>,
}

fn answer(
    index: &Index,
    scope: &Scope,
    within: Option<CaseId>,
    (query, typed): (&Query, &str),
) -> Answer {
    let wanted = Wanted { within, limit: ALL, facets: true, ..Wanted::default() };
    let found = index.find(scope, query, &wanted).unwrap();
    let hits = names(&found.hits);
    let page = |after| {
        let wanted = Wanted { within, limit: 2, after, ..Wanted::default() };
        index.find(scope, query, &wanted).unwrap()
    };
    let short = page(None);
    let (mut paged, mut next) = (names(&short.hits), short.next.clone());
    while let Some(after) = next {
        let more = page(Some(after));
        assert_eq!(more.documents, found.documents);
        paged.extend(names(&more.hits));
        next = more.next;
    }
    assert_eq!(paged, hits, "the pages show something else");
    assert_eq!(short.documents, found.documents);
    let filters = Filters { courts: vec!["Kerala".to_owned()], ..Filters::default() };
    let citing = index.citing(scope, within, ASKED, ALL, None).unwrap();
    let alike = index.similar(scope, within, typed, None, ALL).unwrap();
    Answer {
        hits,
        documents: found.documents,
        totals: (
            index.documents_total(scope, within).unwrap(),
            index.passages_total(scope, within).unwrap(),
        ),
        cut: short.hits.len(),
        facets: found.facets.iter().map(|facet| format!("{facet:?}")).collect(),
        narrowed: index.matching_documents(scope, within, &filters).unwrap(),
        citing: (citing.citations.into_iter().collect(), names(&citing.found.hits)),
        alike: names(&alike),
    }
}

/// All of a hit but its score.
fn names(hits: &[LexicalHit]) -> BTreeSet<String> {
    let name = |hit: &LexicalHit| {
        format!("{:?}", (hit.passage, hit.document, hit.version, hit.case, hit.page))
    };
    hits.iter().map(name).collect()
}

/// The nearest vectors of what the caller may see, found by comparing all.
fn nearest(world: &World, within: Option<CaseId>, query: &[f32], k: usize) -> Vec<PassageId> {
    let mut near: Vec<(f32, PassageId)> = world
        .visible()
        .flat_map(|(_, entries)| entries)
        .filter(|entry| within.is_none_or(|case| entry.case == case))
        .map(|entry| (entry.vector.iter().zip(query).map(|(a, b)| a * b).sum(), entry.passage))
        .collect();
    near.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    near.truncate(k);
    near.into_iter().map(|(_, passage)| passage).collect()
}

fn check_vectors(world: &World, store: &FlatStore, within: Option<CaseId>, query: &[f32]) {
    let narrow = Narrow { case: within, documents: None };
    for k in [2, ALL] {
        let near = store.search(&world.scope, &narrow, query, k).unwrap();
        let found: BTreeSet<PassageId> = near.iter().map(|near| near.passage).collect();
        let expected: BTreeSet<PassageId> = nearest(world, within, query, k).into_iter().collect();
        assert_eq!(found, expected, "vectors, {k} of world {}", world.seed);
    }
}

/// Puts worlds into one index, and what their callers see into another, and asks both.
fn check(seeds: std::ops::Range<u64>) -> usize {
    let worlds: Vec<World> = seeds.map(World::new).collect();
    let (dir, seen_dir) = (fast_dir(), fast_dir());
    let whole = Index::open(dir.path(), Mode::Writer).unwrap().index;
    let seen = Index::open(seen_dir.path(), Mode::Writer).unwrap().index;
    let store = FlatStore::open(&dir.path().join("vectors"), "model", DIMENSIONS).unwrap().store;

    let written: Vec<_> = worlds.iter().flat_map(|world| world.written.clone()).collect();
    whole.replace(&written).unwrap();
    let visible: Vec<_> = worlds
        .iter()
        .flat_map(|world| world.visible().map(|(version, _)| version.clone()))
        .collect();
    seen.replace(&visible).unwrap();
    for (version, entries) in worlds.iter().flat_map(|world| &world.standing) {
        store.replace(version.organisation, version.version, entries).unwrap();
    }

    let mut found = 0;
    for world in &worlds {
        for (query, typed, within) in &world.queries {
            let answered = answer(&whole, &world.scope, *within, (query, typed));
            let expected = answer(&seen, &world.admin(), *within, (query, typed));
            assert_eq!(answered, expected, "{typed:?} in world {}", world.seed);
            found += answered.hits.len();
        }
        let (_, _, within) = &world.queries[0];
        let query = world.standing.iter().find_map(|(_, entries)| entries.first());
        if let Some(entry) = query {
            check_vectors(world, &store, *within, &entry.vector);
        }
    }
    found
}

/// A directory in memory, where the machine has one.
fn fast_dir() -> tempfile::TempDir {
    tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).unwrap()
}

#[test]
fn nothing_out_of_scope_shows_in_ten_thousand_worlds() {
    let (next, found) = (AtomicUsize::new(0), AtomicUsize::new(0));
    std::thread::scope(|threads| {
        for _ in 0..2 {
            threads.spawn(|| {
                loop {
                    let nth = next.fetch_add(1, Ordering::Relaxed) as u64;
                    if nth * TOGETHER >= WORLDS {
                        break;
                    }
                    let hits = check(nth * TOGETHER..(nth + 1) * TOGETHER);
                    found.fetch_add(hits, Ordering::Relaxed);
                }
            });
        }
    });
    // Callers find things: the worlds are not empty for them.
    assert!(found.into_inner() > 10_000);
}
