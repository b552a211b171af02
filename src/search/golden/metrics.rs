//! How good a ranking is, by where what was expected stands in it.
//!
//! Relevance is yes or no: each expected thing counts once, where it is found first.
//! The definitions are those of the TREC evaluations.

/// How good the ranking for one question is.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Scores {
    /// The rank of the first right passage, from 1.
    pub(super) first_rank: Option<usize>,
    /// The share of what was expected that is among the first ten.
    pub(super) recall_10: f64,
    /// The same among the first hundred.
    pub(super) recall_100: f64,
    /// One divided by the first rank; nothing found is nothing.
    pub(super) reciprocal_rank: f64,
    /// Normalised discounted cumulative gain of the first ten.
    pub(super) ndcg_10: f64,
}

/// Scores a ranking by the rank, from 1, at which each expected thing was found.
pub(super) fn scores(ranks: &[Option<usize>]) -> Scores {
    let first_rank = ranks.iter().flatten().min().copied();
    let within = |k: usize| ranks.iter().flatten().filter(|&&rank| rank <= k).count();
    let share = |k: usize| ratio(within(k), ranks.len());
    // Two things found in one passage share its rank; the gain of a rank counts once.
    let mut found: Vec<usize> =
        ranks.iter().flatten().copied().filter(|&rank| rank <= 10).collect();
    found.sort_unstable();
    found.dedup();
    let gain: f64 = found.iter().map(|&rank| discount(rank)).sum();
    let ideal: f64 = (1..=ranks.len().min(10)).map(discount).sum();
    Scores {
        first_rank,
        recall_10: share(10),
        recall_100: share(100),
        reciprocal_rank: first_rank.map_or(0.0, |rank| ratio(1, rank)),
        ndcg_10: if ideal > 0.0 { gain / ideal } else { 0.0 },
    }
}

/// The mean of one score over questions; nothing for no questions.
pub(super) fn mean(scores: &[Scores], score: impl Fn(&Scores) -> f64) -> f64 {
    let sum: f64 = scores.iter().map(score).sum();
    if scores.is_empty() { 0.0 } else { sum / count(scores.len()) }
}

fn discount(rank: usize) -> f64 {
    1.0 / (count(rank) + 1.0).log2()
}

fn ratio(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { count(part) / count(whole) }
}

/// A small count as a number to reckon with.
fn count(number: usize) -> f64 {
    f64::from(u32::try_from(number).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(left: f64, right: f64) -> bool {
        (left - right).abs() < 1e-9
    }

    #[test]
    fn the_only_answer_at_the_top_is_perfect() {
        let scores = scores(&[Some(1)]);
        assert_eq!(scores.first_rank, Some(1));
        for score in [scores.recall_10, scores.recall_100, scores.reciprocal_rank, scores.ndcg_10] {
            assert!(near(score, 1.0), "{scores:?}");
        }
    }

    #[test]
    fn a_third_place_is_a_third_by_rank_and_half_by_gain() {
        let scores = scores(&[Some(3)]);
        assert!(near(scores.reciprocal_rank, 1.0 / 3.0));
        assert!(near(scores.ndcg_10, 0.5));
    }

    #[test]
    fn what_stands_beyond_ten_counts_for_a_hundred_only() {
        let scores = scores(&[Some(11), None]);
        assert!(near(scores.recall_10, 0.0) && near(scores.recall_100, 0.5));
        assert!(near(scores.ndcg_10, 0.0) && near(scores.reciprocal_rank, 1.0 / 11.0));
    }

    #[test]
    fn two_of_two_at_first_and_third_fall_short_of_perfect() {
        let expected = 1.5 / (1.0 + 1.0 / 3.0_f64.log2());
        assert!(near(scores(&[Some(3), Some(1)]).ndcg_10, expected));
    }

    #[test]
    fn nothing_found_and_nothing_asked_are_zero() {
        assert_eq!(scores(&[None]), Scores::default());
        assert!(near(mean(&[], |scores| scores.ndcg_10), 0.0));
        let two = [scores(&[Some(1)]), scores(&[None])];
        assert!(near(mean(&two, |scores| scores.reciprocal_rank), 0.5));
    }
}
