//! Measures of a ranking, as the textbooks define them.
//!
//! A ranking is a list of documents, the best first, each once. *Judged* documents
//! have a grade; a grade above 0 is relevant. Chapter 8 of Manning, Raghavan and
//! Schütze, "Introduction to Information Retrieval" (2008) defines each measure here
//! but the last, which is that of `LegalBench-RAG` (Pipitone and Alami, 2024).

use std::collections::BTreeMap;
use std::ops::Range;

/// The grades of the documents judged for a query, by the document's place in its set.
pub type Judged = BTreeMap<usize, u32>;

/// How many of a query's relevant documents are among the first `k`, of all there are.
/// 0 when none is relevant.
#[must_use]
pub fn recall(ranking: &[usize], judged: &Judged, k: usize) -> f64 {
    let relevant = judged.values().filter(|grade| **grade > 0).count();
    share(found(ranking, judged, k), relevant)
}

/// How many of the first `k` places hold a relevant document. A ranking shorter than
/// `k` has empty places.
#[must_use]
pub fn precision(ranking: &[usize], judged: &Judged, k: usize) -> f64 {
    share(found(ranking, judged, k), k)
}

/// One over the place of the first relevant document, counted from 1; 0 without one.
#[must_use]
pub fn reciprocal_rank(ranking: &[usize], judged: &Judged) -> f64 {
    let first = ranking.iter().position(|document| grade(judged, *document) > 0);
    first.map_or(0.0, |place| 1.0 / real(place + 1))
}

/// Normalised discounted cumulated gain of the first `k` places: the gain of a document
/// is its grade (linear gain, as in Järvelin and Kekäläinen 2002 and `trec_eval`), the
/// discount of place `i` is log2(i + 1), and the best order of the judged documents
/// has 1. 0 when none is relevant.
#[must_use]
pub fn ndcg(ranking: &[usize], judged: &Judged, k: usize) -> f64 {
    let mut grades: Vec<u32> = judged.values().copied().collect();
    grades.sort_unstable_by(|a, b| b.cmp(a));
    let best = gain(grades.into_iter().take(k));
    let had = gain(ranking.iter().take(k).map(|document| grade(judged, *document)));
    if best > 0.0 { had / best } else { 0.0 }
}

/// How much of what was retrieved is asked for, and how much of what is asked for was
/// retrieved, in characters.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Characters {
    /// The share of the retrieved characters that are asked for.
    pub precision: f64,
    /// The share of the asked-for characters that were retrieved.
    pub recall: f64,
}

/// Compares retrieved spans with those asked for. Both are of a document by its place
/// in the set, in characters (Unicode code points); the retrieved are taken in order
/// until `budget` characters are full, the last cut to fit.
#[must_use]
pub fn characters(
    retrieved: &[(usize, Range<usize>)],
    asked: &[(usize, Range<usize>)],
    budget: usize,
) -> Characters {
    let mut taken: Vec<(usize, Range<usize>)> = Vec::new();
    let mut left = budget;
    for (document, span) in retrieved {
        let length = span.len().min(left);
        taken.push((*document, span.start..span.start + length));
        left -= length;
        if left == 0 {
            break;
        }
    }
    let (taken, asked) = (apart(&taken), apart(asked));
    let size = |spans: &[(usize, Range<usize>)]| spans.iter().map(|(_, span)| span.len()).sum();
    let (size_taken, size_asked) = (size(&taken), size(&asked));
    let mut both = 0;
    for (document, one) in &taken {
        for (other_document, other) in &asked {
            if document == other_document {
                both += one.end.min(other.end).saturating_sub(one.start.max(other.start));
            }
        }
    }
    Characters { precision: share(both, size_taken), recall: share(both, size_asked) }
}

/// Spans joined where they overlap, so that no character counts twice.
fn apart(spans: &[(usize, Range<usize>)]) -> Vec<(usize, Range<usize>)> {
    let mut sorted = spans.to_vec();
    sorted.sort_by_key(|(document, span)| (*document, span.start, span.end));
    let mut joined: Vec<(usize, Range<usize>)> = Vec::with_capacity(sorted.len());
    for (document, span) in sorted {
        match joined.last_mut() {
            Some((last, before)) if *last == document && span.start <= before.end => {
                before.end = before.end.max(span.end);
            }
            _ => joined.push((document, span)),
        }
    }
    joined
}

fn found(ranking: &[usize], judged: &Judged, k: usize) -> usize {
    ranking.iter().take(k).filter(|document| grade(judged, **document) > 0).count()
}

fn grade(judged: &Judged, document: usize) -> u32 {
    judged.get(&document).copied().unwrap_or(0)
}

fn gain(grades: impl Iterator<Item = u32>) -> f64 {
    grades.zip(1_u32..).map(|(grade, place)| f64::from(grade) / f64::from(place + 1).log2()).sum()
}

fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { real(part) / real(whole) }
}

/// A count as a number with a fraction; counts here are far below 2^52.
pub(super) fn real(count: usize) -> f64 {
    u32::try_from(count).map_or(f64::MAX, f64::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    const RANKING: [usize; 5] = [7, 3, 9, 1, 4];

    fn judged() -> Judged {
        // 8 is relevant and was not found; 9 was judged and is not relevant.
        Judged::from([(3, 2), (4, 1), (8, 3), (9, 0)])
    }

    fn close(left: f64, right: f64) -> bool {
        (left - right).abs() < 1e-9
    }

    #[test]
    fn recall_counts_the_relevant_among_the_first() {
        assert!(close(recall(&RANKING, &judged(), 1), 0.0));
        assert!(close(recall(&RANKING, &judged(), 2), 1.0 / 3.0));
        assert!(close(recall(&RANKING, &judged(), 100), 2.0 / 3.0));
        assert!(close(recall(&RANKING, &Judged::from([(7, 0)]), 10), 0.0));
    }

    #[test]
    fn precision_counts_empty_places_too() {
        assert!(close(precision(&RANKING, &judged(), 1), 0.0));
        assert!(close(precision(&RANKING, &judged(), 5), 0.4));
        assert!(close(precision(&RANKING, &judged(), 10), 0.2));
    }

    #[test]
    fn the_reciprocal_rank_is_of_the_first_relevant_document() {
        assert!(close(reciprocal_rank(&RANKING, &judged()), 0.5));
        assert!(close(reciprocal_rank(&[4, 3], &judged()), 1.0));
        assert!(close(reciprocal_rank(&[1, 2], &judged()), 0.0));
    }

    #[test]
    fn gain_is_the_grade_and_is_discounted_by_the_place() {
        // Had: 2/log2(3) + 1/log2(6). Best: 3/log2(2) + 2/log2(3) + 1/log2(4).
        let had = 2.0 / 3_f64.log2() + 1.0 / 6_f64.log2();
        let best = 3.0 + 2.0 / 3_f64.log2() + 0.5;
        assert!(close(ndcg(&RANKING, &judged(), 10), had / best));
        assert!(close(ndcg(&[8, 3, 4], &judged(), 10), 1.0));
        // Among the first two: 2/log2(3) of 3 + 2/log2(3).
        let two = (2.0 / 3_f64.log2()) / (3.0 + 2.0 / 3_f64.log2());
        assert!(close(ndcg(&RANKING, &judged(), 2), two));
    }

    #[test]
    fn characters_are_counted_once_and_up_to_the_budget() {
        let retrieved = [(0, 0..10), (0, 5..15), (1, 0..10)];
        let asked = [(0, 8..12), (1, 5..25)];
        // 30 characters: 0..15 of the first and 0..10 of the second; 4 + 5 are asked for.
        let all = characters(&retrieved, &asked, 100);
        assert!(close(all.precision, 9.0 / 25.0) && close(all.recall, 9.0 / 24.0), "{all:?}");
        // 12 characters: 0..10 and 5..7; 8..10 is asked for.
        let few = characters(&retrieved, &asked, 12);
        assert!(close(few.precision, 0.2) && close(few.recall, 2.0 / 24.0), "{few:?}");
    }

    #[test]
    fn nothing_retrieved_has_no_precision_and_no_recall() {
        assert_eq!(characters(&[], &[(0, 0..5)], 100), Characters::default());
    }
}
