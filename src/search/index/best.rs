//! The best of what is ranked, in an order that does not depend on the page.

use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;

use tantivy::DocId;

/// Scores are rounded to this part, so that an order of adding up is not an order
/// of ranking.
const PARTS: f32 = 256.0;

/// A place in a ranking: the score, then the newer document, then the earlier
/// passage.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Key {
    pub(super) score: f32,
    /// The id of the document, as a number; ids grow with time.
    pub(super) document: u128,
    /// Which entry of its document it is; 0 for the document itself.
    pub(super) nth: u32,
}

impl Eq for Key {}

impl PartialOrd for Key {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Key {
    /// What is better is greater.
    fn cmp(&self, other: &Self) -> Ordering {
        self.score
            .total_cmp(&other.score)
            .then(self.document.cmp(&other.document))
            .then(other.nth.cmp(&self.nth))
    }
}

/// An entry with its place in the ranking.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Ranked {
    pub(super) key: Key,
    pub(super) segment: usize,
    /// The passage; the document itself when it has none.
    pub(super) entry: DocId,
    /// The entry of its document.
    pub(super) document: DocId,
}

/// The best so far.
#[derive(Debug)]
pub(super) struct Best {
    wanted: usize,
    /// Only what comes after this.
    after: Option<Key>,
    kept: BinaryHeap<Reverse<Ranked>>,
}

impl Best {
    /// Keeps as many as are wanted of those after a place.
    pub(super) fn new(wanted: usize, after: Option<Key>) -> Self {
        Self { wanted, after, kept: BinaryHeap::with_capacity(wanted.min(1024) + 1) }
    }

    /// How many are kept.
    pub(super) fn len(&self) -> usize {
        self.kept.len()
    }

    /// The score that is needed to be kept; the very lowest while there is room.
    pub(super) fn floor(&self) -> f32 {
        match self.kept.peek() {
            Some(Reverse(worst)) if self.kept.len() >= self.wanted => worst.key.score,
            _ => f32::MIN,
        }
    }

    /// Keeps an entry if it is among the best. The id of its document is asked for
    /// only when the score does not decide.
    pub(super) fn offer(
        &mut self,
        score: f32,
        nth: u32,
        document: impl FnOnce() -> u128,
        place: (usize, DocId, DocId),
    ) {
        let score = round(score);
        let beyond = self.after.is_some_and(|after| score > after.score);
        if self.wanted == 0 || beyond || score < self.floor() {
            return;
        }
        let key = Key { score, document: document(), nth };
        if self.after.is_some_and(|after| key >= after) {
            return;
        }
        let (segment, entry, document) = place;
        self.kept.push(Reverse(Ranked { key, segment, entry, document }));
        if self.kept.len() > self.wanted {
            self.kept.pop();
        }
    }

    /// Those kept, the best first.
    pub(super) fn into_sorted(self) -> Vec<Ranked> {
        self.kept.into_sorted_vec().into_iter().map(|Reverse(ranked)| ranked).collect()
    }
}

/// A score as it is compared.
pub(super) fn round(score: f32) -> f32 {
    (score * PARTS).round() / PARTS
}

/// How much less than a rounded score a score may be that becomes it.
pub(super) const ROUNDING: f32 = 1.0 / PARTS;
