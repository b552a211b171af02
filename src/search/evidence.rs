//! Passages to answer a question from: several ways of asking it, put together.
//!
//! The first way is searched as any search is: by words, by meaning and by documents as
//! wholes. Further ways go by their words, and count less. Where the question names a
//! document, what it asks is also looked for in the few documents that fit the name best;
//! the others are not left out, since the name may be of no document.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::Switches;
use super::fuse::{Fused, Rankings, fuse};
use super::hybrid::{Search, grouped, in_order};
use super::index::Found;
use super::query::Query;
use super::rankings::{self, DEPTH};
use super::request::Wanted;
use super::results::SearchError;
use crate::documents::PassageText;
use crate::kernel::{CaseId, DocumentId, PassageId, Scope};
use crate::vectors::{Narrow, Near};

/// How many passages are looked through.
const LEADS: usize = 60;
/// What the first place of a further way counts, where that of the first way by words
/// counts one.
const FURTHER: f32 = 0.5;
/// What the ranking within the documents named counts.
const NAMED: f32 = 1.5;
/// How many documents a name may fit.
const FITTING: usize = 4;
/// The share of the best document's score that the others must have to fit a name.
const FITS: f32 = 0.6;
/// How deep the words of a further way are looked at.
const SHALLOW: usize = 200;
/// Reciprocal rank's constant, as in `fuse`.
const K: f32 = 10.0;

/// What is looked for.
#[derive(Debug, Clone, Default)]
pub struct Sought<'q> {
    /// The case; everything the caller may see when left out.
    pub within: Option<CaseId>,
    /// These documents only.
    pub documents: Option<Arc<BTreeSet<DocumentId>>>,
    /// Ways of asking, the first counting most.
    pub ways: &'q [String],
    /// The document asked about, as the question names it.
    pub about: Option<&'q str>,
    /// What is asked of that document.
    pub asked: &'q str,
}

/// A passage that may answer.
#[derive(Debug, Clone)]
pub struct Lead {
    /// The passage.
    pub passage: PassageText,
    /// What it is ranked by; comparable within one search.
    pub score: f32,
    /// Its cosine with the question, where it was found by meaning.
    pub nearness: Option<f32>,
    /// Whether it stands in a document that fits the name in the question.
    pub named: bool,
}

impl Search {
    /// The passages to answer a question from, the best first, each said once.
    ///
    /// # Errors
    /// Fails when the index or the database does.
    pub async fn evidence(
        &self,
        scope: &Scope,
        sought: &Sought<'_>,
    ) -> Result<Vec<Lead>, SearchError> {
        let Some((first, further)) = sought.ways.split_first() else { return Ok(Vec::new()) };
        let (first, further, named) = tokio::join!(
            self.first_way(scope, sought, first),
            self.further_ways(scope, sought, further),
            self.named(scope, sought),
        );
        let (mut nearness, mut all) = (BTreeMap::new(), BTreeMap::new());
        let (fused, near) = first?;
        note(&mut nearness, &near);
        for found in fused {
            add(&mut all, found, 1.0);
        }
        for found in further? {
            add(&mut all, found, FURTHER);
        }
        let (fused, near, fitting) = named?;
        note(&mut nearness, &near);
        for found in fused {
            add(&mut all, found, NAMED);
        }
        let mut ranking: Vec<Fused> = all.into_values().collect();
        ranking.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.passage.cmp(&b.passage)));
        ranking.truncate(LEADS);
        let scores: BTreeMap<PassageId, f32> =
            ranking.iter().map(|found| (found.passage, found.score)).collect();
        let passages = self.fetch(scope, &ranking).await?;
        let firsts = grouped(&passages);
        let mut passages: Vec<Option<PassageText>> = passages.into_iter().map(Some).collect();
        let each_once = firsts.iter().filter_map(|group| passages.get_mut(group.first)?.take());
        Ok(each_once
            .map(|passage| Lead {
                score: scores.get(&passage.id).copied().unwrap_or_default(),
                nearness: nearness.get(&passage.id).copied(),
                named: fitting.contains(&passage.document),
                passage,
            })
            .collect())
    }

    /// The question as it is, by words and by meaning.
    async fn first_way(
        &self,
        scope: &Scope,
        sought: &Sought<'_>,
        text: &str,
    ) -> Result<(Vec<Fused>, Vec<Near>), SearchError> {
        let query = self.read(text);
        if query.is_empty() {
            return Ok((Vec::new(), Vec::new()));
        }
        let wanted = wanted(sought, sought.documents.clone(), DEPTH);
        let narrow = Narrow { case: sought.within, documents: sought.documents.clone() };
        let (words, near) = tokio::join!(
            self.by_words(scope, &query, wanted, true),
            self.vectors.near(scope, &narrow, text, DEPTH)
        );
        let (found, wholes) = words?;
        // A model that is away is no reason not to answer by words.
        let near = near.unwrap_or_default();
        Ok((fuse(&Rankings::of(text, &found, wholes, &near)), near))
    }

    /// Further ways of asking, by their words: each passage by its places.
    async fn further_ways(
        &self,
        scope: &Scope,
        sought: &Sought<'_>,
        ways: &[String],
    ) -> Result<Vec<Fused>, SearchError> {
        let mut all = Vec::new();
        for way in ways {
            let query = self.read(way).expanded(&Switches::default());
            if query.is_empty() {
                continue;
            }
            let wanted = wanted(sought, sought.documents.clone(), SHALLOW);
            let (found, _) = self.by_words(scope, &query, wanted, false).await?;
            all.extend(places(&found));
        }
        Ok(all)
    }

    /// What is asked, within the documents that fit the name in the question best.
    async fn named(
        &self,
        scope: &Scope,
        sought: &Sought<'_>,
    ) -> Result<(Vec<Fused>, Vec<Near>, BTreeSet<DocumentId>), SearchError> {
        let nothing = (Vec::new(), Vec::new(), BTreeSet::new());
        let Some(about) = sought.about else { return Ok(nothing) };
        let (name, asked) = (Query::question(about), self.read(sought.asked));
        if name.is_empty() || asked.is_empty() {
            return Ok(nothing);
        }
        let titled = wanted(sought, sought.documents.clone(), 1);
        let (_, wholes) = self.by_words(scope, &name, titled, true).await?;
        let best = wholes.first().map_or(0.0, |(_, score)| *score);
        let fits = |(document, score): &(DocumentId, f32)| {
            let open = sought.documents.as_ref().is_none_or(|only| only.contains(document));
            (open && *score >= best * FITS).then_some(*document)
        };
        let fitting: BTreeSet<DocumentId> = wholes.iter().filter_map(fits).take(FITTING).collect();
        if fitting.is_empty() {
            return Ok(nothing);
        }
        // The best fitting document counts in full, those after it by their share.
        let shares =
            wholes.into_iter().filter(|(document, _)| fitting.contains(document)).collect();
        let only = Some(Arc::new(fitting.clone()));
        let narrow = Narrow { case: sought.within, documents: only.clone() };
        let (words, near) = tokio::join!(
            self.by_words(scope, &asked, wanted(sought, only, SHALLOW), false),
            self.vectors.near(scope, &narrow, sought.asked, SHALLOW)
        );
        let (found, _) = words?;
        let near = near.unwrap_or_default();
        Ok((fuse(&Rankings::of(sought.asked, &found, shares, &near)), near, fitting))
    }

    fn read(&self, text: &str) -> Query {
        if Query::is_prose(text) {
            rankings::read(&self.index.current(), text)
        } else {
            Query::question(text)
        }
    }
}

fn wanted(
    sought: &Sought<'_>,
    documents: Option<Arc<BTreeSet<DocumentId>>>,
    limit: usize,
) -> Wanted {
    Wanted { within: sought.within, documents, limit, ..Wanted::default() }
}

fn note(nearness: &mut BTreeMap<PassageId, f32>, near: &[Near]) {
    for found in near {
        let known = nearness.entry(found.passage).or_insert(found.score);
        *known = known.max(found.score);
    }
}

fn add(all: &mut BTreeMap<PassageId, Fused>, found: Fused, worth: f32) {
    let score = found.score * worth;
    all.entry(found.passage)
        .and_modify(|known| known.score += score)
        .or_insert(Fused { score, ..found });
}

/// Passages by their places among what words found, the first having one.
fn places(found: &Found) -> Vec<Fused> {
    let mut ranked = in_order(found);
    for (found, rank) in ranked.iter_mut().zip(1_u16..) {
        found.score = (K + 1.0) / (K + f32::from(rank));
    }
    ranked
}
