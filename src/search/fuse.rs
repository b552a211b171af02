//! Putting rankings together.
//!
//! A passage's score is a sum of three parts, each from 0 to 1: its place by words
//! (reciprocal rank, since the scores of the index have steps), how well its document
//! matches as a whole (as a share of the best document's score), and how near it is in
//! meaning (its cosine between the last and the best of the ranking). The first two count
//! alike; the meaning of a sentence counts more than that of keywords. The constants were
//! chosen on retrieval sets; `docs/evaluation.md` has the figures.

use std::collections::{BTreeMap, BTreeSet};

use crate::kernel::{DocumentId, PassageId};

/// Which ranking found a passage.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct FoundBy {
    /// Its words.
    pub words: bool,
    /// Its meaning.
    pub meaning: bool,
}

/// A passage in one ranking.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Ranked {
    /// The passage.
    pub(super) passage: PassageId,
    /// The document it is in.
    pub(super) document: DocumentId,
    /// How well it matches; comparable within the ranking.
    pub(super) score: f32,
}

/// Documents with how well they match as wholes, the best first.
pub(super) type Wholes = Vec<(DocumentId, f32)>;

/// The rankings of one search, each the best first.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Rankings {
    /// Passages by their words.
    pub(super) words: Vec<Ranked>,
    /// Documents by the words of the whole of them.
    pub(super) wholes: Wholes,
    /// Passages by their meaning: the cosine with the query.
    pub(super) meaning: Vec<Ranked>,
    /// What was asked for.
    pub(super) asked: Asked,
}

/// What kind of text was put in, which says how much its meaning counts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Asked {
    /// A sentence, a question or a text: what it says is more than its words.
    #[default]
    Sentence,
    /// A few words, or a list of them: they are what is looked for.
    Keywords,
}

impl Asked {
    /// What nearness in meaning counts, where the words count one.
    const fn meaning(self) -> f32 {
        match self {
            Self::Sentence => 0.8,
            Self::Keywords => 0.25,
        }
    }
}

/// A passage in the fused ranking.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Fused {
    /// The passage.
    pub(super) passage: PassageId,
    /// The document it is in.
    pub(super) document: DocumentId,
    /// What it is ranked by.
    pub(super) score: f32,
    /// Who found it.
    pub(super) by: FoundBy,
}

impl Fused {
    /// A passage found by its words alone, with their score.
    pub(super) const fn by_words(found: Ranked) -> Self {
        let Ranked { passage, document, score } = found;
        Self { passage, document, score, by: FoundBy { words: true, meaning: false } }
    }
}

/// The constant of reciprocal rank: how much the very first places count over the next
/// ones.
const K: f32 = 10.0;

/// Fuses rankings. Ties fall to the passage with the lower id, so that the same search
/// gives the same order every time.
#[must_use]
pub(super) fn fuse(rankings: &Rankings) -> Vec<Fused> {
    let mut fused: BTreeMap<PassageId, Fused> = BTreeMap::new();
    let mut add = |found: &Ranked, worth: f32, by: FoundBy| {
        let Ranked { passage, document, .. } = *found;
        let entry = fused.entry(passage).or_insert(Fused {
            passage,
            document,
            score: 0.0,
            by: FoundBy::default(),
        });
        entry.score += worth;
        entry.by.words |= by.words;
        entry.by.meaning |= by.meaning;
    };
    for (found, rank) in rankings.words.iter().zip(1_u16..) {
        let place = (K + 1.0) / (K + f32::from(rank));
        add(found, place, FoundBy { words: true, meaning: false });
    }
    let first = rankings.meaning.first().map_or(0.0, |found| found.score);
    let last = rankings.meaning.last().map_or(0.0, |found| found.score);
    for found in &rankings.meaning {
        let nearness = if first > last { (found.score - last) / (first - last) } else { 1.0 };
        add(found, rankings.asked.meaning() * nearness, FoundBy { words: false, meaning: true });
    }
    let best = rankings.wholes.first().map_or(0.0, |(_, score)| *score);
    if best > 0.0 {
        let shares: BTreeMap<DocumentId, f32> =
            rankings.wholes.iter().map(|(document, score)| (*document, score / best)).collect();
        for found in fused.values_mut() {
            found.score += shares.get(&found.document).copied().unwrap_or(0.0);
        }
    }
    let mut fused: Vec<Fused> = fused.into_values().collect();
    fused.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.passage.cmp(&b.passage)));
    fused
}

/// The documents of a ranking of passages, each at the place of its best passage.
#[must_use]
pub(super) fn documents(fused: &[Fused]) -> Vec<DocumentId> {
    let mut seen = BTreeSet::new();
    fused.iter().map(|found| found.document).filter(|document| seen.insert(*document)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ranked(passages: &[(PassageId, DocumentId)]) -> Vec<Ranked> {
        let one = |(passage, document): &(PassageId, DocumentId)| Ranked {
            passage: *passage,
            document: *document,
            score: 1.0,
        };
        passages.iter().map(one).collect()
    }

    fn new() -> (PassageId, DocumentId) {
        (PassageId::new(), DocumentId::new())
    }

    #[test]
    fn found_twice_beats_found_once() {
        let [a, b, c] = [(); 3].map(|()| new());
        let rankings =
            Rankings { words: ranked(&[a, b]), meaning: ranked(&[c, b]), ..Rankings::default() };
        let fused = fuse(&rankings);
        assert_eq!(fused[0].passage, b.0);
        assert_eq!(fused[0].by, FoundBy { words: true, meaning: true });
        assert_eq!(fused.len(), 3);
    }

    #[test]
    fn one_ranking_alone_keeps_its_order() {
        let ids = [(); 5].map(|()| new());
        let fused = fuse(&Rankings { words: ranked(&ids), ..Rankings::default() });
        let order: Vec<PassageId> = fused.iter().map(|found| found.passage).collect();
        assert_eq!(order, ids.map(|(passage, _)| passage));
        assert_eq!(documents(&fused), ids.map(|(_, document)| document));
    }

    #[test]
    fn the_whole_document_outweighs_the_first_place_in_meaning() {
        let [a, b] = [(); 2].map(|()| new());
        let mut meaning = ranked(&[a, b]);
        meaning[1].score = 0.5;
        let wholes = vec![(b.1, 30.0), (a.1, 3.0)];
        let rankings = Rankings { wholes, meaning, ..Rankings::default() };
        assert_eq!(documents(&fuse(&rankings)), [b.1, a.1]);
    }

    #[test]
    fn a_document_that_matches_as_a_whole_lifts_its_passages() {
        let [a, b] = [(); 2].map(|()| new());
        let wholes = vec![(b.1, 30.0), (a.1, 3.0)];
        let fused = fuse(&Rankings { words: ranked(&[a, b]), wholes, ..Rankings::default() });
        assert_eq!(documents(&fused), [b.1, a.1]);
        let unknown = vec![(DocumentId::new(), 30.0)];
        let rankings = Rankings { wholes: unknown, ..Rankings::default() };
        assert!(fuse(&rankings).is_empty(), "a whole alone is no passage");
    }
}
