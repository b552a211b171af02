//! Putting two rankings together.

use std::collections::BTreeMap;

use crate::kernel::PassageId;

/// The constant of reciprocal rank fusion: how much the very first places count
/// over the next ones. 60 is the value of Cormack, Clarke and Büttcher (SIGIR 2009).
const K: f32 = 60.0;

/// Which ranking found a passage.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct FoundBy {
    /// Its words.
    pub words: bool,
    /// Its meaning.
    pub meaning: bool,
}

/// A passage in the fused ranking.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Fused {
    /// The passage.
    pub(super) passage: PassageId,
    /// The sum of its reciprocal ranks.
    pub(super) score: f32,
    /// Who found it.
    pub(super) by: FoundBy,
}

/// Fuses two rankings, best first, by reciprocal rank.
#[must_use]
pub(super) fn fuse(words: &[PassageId], meaning: &[PassageId]) -> Vec<Fused> {
    let mut fused: BTreeMap<PassageId, Fused> = BTreeMap::new();
    let rankings = [
        (words, FoundBy { words: true, meaning: false }),
        (meaning, FoundBy { words: false, meaning: true }),
    ];
    for (ranking, by) in rankings {
        for (&passage, rank) in ranking.iter().zip(1_u16..) {
            let entry = fused.entry(passage).or_insert(Fused {
                passage,
                score: 0.0,
                by: FoundBy::default(),
            });
            entry.score += 1.0 / (K + f32::from(rank));
            entry.by.words |= by.words;
            entry.by.meaning |= by.meaning;
        }
    }
    let mut fused: Vec<Fused> = fused.into_values().collect();
    fused.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.passage.cmp(&b.passage)));
    fused
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn found_twice_beats_found_once() {
        let [a, b, c] = [(); 3].map(|()| PassageId::new());
        let fused = fuse(&[a, b], &[c, b]);
        assert_eq!(fused[0].passage, b);
        assert_eq!(fused[0].by, FoundBy { words: true, meaning: true });
        assert_eq!(fused.len(), 3);
    }

    #[test]
    fn one_ranking_alone_keeps_its_order() {
        let ids = [(); 5].map(|()| PassageId::new());
        let order: Vec<PassageId> = fuse(&ids, &[]).into_iter().map(|f| f.passage).collect();
        assert_eq!(order, ids);
    }
}
