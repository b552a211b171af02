//! Passages that say the same, shown once; and documents that take turns.
//!
//! A paragraph quoted in ten files is ten passages of nearly the same words. Whoever
//! searches wants to read it once and to know where else it stands. Likewise, one
//! document's passages should not fill the page when others have as good ones.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use super::fuse::Fused;

/// How many words stand side by side in a shingle: enough that two texts share few by
/// chance.
const SHINGLE: usize = 5;

/// Which share of the shorter text's shingles the longer must have, in hundredths. What
/// is left is for scanning errors, paragraph numbers and marks of emphasis.
const SHARED: usize = 80;

/// How many times longer the longer text may be. A sentence quoted in a page of other
/// words is not the same passage.
const LONGER: usize = 2;

/// How many passages of one document may follow each other while others wait.
const IN_A_ROW: usize = 3;

/// A text and the later ones that say the same, as places in the list they came in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Group {
    /// The first of them.
    pub(super) first: usize,
    /// The others.
    pub(super) others: Vec<usize>,
}

/// Groups the texts that say nearly the same, in the order of the first of each.
#[must_use]
pub(super) fn collapse<'t>(texts: impl Iterator<Item = &'t str>) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    let mut sizes: Vec<usize> = Vec::new();
    let mut holders: HashMap<u64, Vec<usize>> = HashMap::new();
    for (place, text) in texts.enumerate() {
        let shingles = shingles(text);
        let mut shared: HashMap<usize, usize> = HashMap::new();
        for group in shingles.iter().filter_map(|shingle| holders.get(shingle)).flatten() {
            *shared.entry(*group).or_default() += 1;
        }
        let same = |(group, shared): (usize, usize)| {
            let (short, long) =
                (sizes[group].min(shingles.len()), sizes[group].max(shingles.len()));
            (shared * 100 >= short * SHARED && long <= short * LONGER).then_some(group)
        };
        // The best of those that say the same is the first.
        if let Some(group) = shared.into_iter().filter_map(same).min() {
            groups[group].others.push(place);
            continue;
        }
        for shingle in &shingles {
            holders.entry(*shingle).or_default().push(groups.len());
        }
        sizes.push(shingles.len());
        groups.push(Group { first: place, others: Vec::new() });
    }
    groups
}

/// The hashes of a text's shingles, each once. A text shorter than a shingle is one.
fn shingles(text: &str) -> Vec<u64> {
    let lower = text.to_lowercase();
    let words: Vec<&str> =
        lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let hash = |words: &[&str]| {
        let mut hasher = DefaultHasher::new();
        words.hash(&mut hasher);
        hasher.finish()
    };
    if words.is_empty() {
        return Vec::new();
    }
    let mut hashes: Vec<u64> = words.windows(SHINGLE.min(words.len())).map(hash).collect();
    hashes.sort_unstable();
    hashes.dedup();
    hashes
}

/// Lets documents take turns: after [`IN_A_ROW`] passages of one document the best of
/// another comes, if it is not much worse. The order of the documents by their best
/// passages stays as it was.
#[must_use]
pub(super) fn take_turns(ranking: Vec<Fused>) -> Vec<Fused> {
    let mut waiting: std::collections::VecDeque<Fused> = ranking.into();
    let mut taken: Vec<Fused> = Vec::with_capacity(waiting.len());
    let mut row = 0;
    while let Some(next) = waiting.front() {
        let last = taken.last().map(|found| found.document);
        let same = last == Some(next.document);
        let other = (same && row >= IN_A_ROW)
            .then(|| {
                let enough = next.score / 2.0;
                waiting
                    .iter()
                    .position(|found| found.document != next.document)
                    .filter(|place| waiting[*place].score >= enough)
            })
            .flatten();
        let Some(found) = waiting.remove(other.unwrap_or(0)) else { break };
        row = if last == Some(found.document) { row + 1 } else { 1 };
        taken.push(found);
    }
    taken
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::{DocumentId, PassageId};
    use crate::search::FoundBy;

    const PARAGRAPH: &str = "12. The object of Section 138 is to enhance the acceptability of \
        cheques in settlement of liabilities by making the drawer liable for penalties in case \
        of bouncing of cheques due to insufficiency of funds.";

    #[test]
    fn a_paragraph_quoted_elsewhere_is_shown_once() {
        let quoted = PARAGRAPH.replace("12. The", "“The").to_uppercase() + "” (emphasis ours)";
        let other = "The complaint was filed within a month of the cause of action, and the \
            cheque was presented within its validity.";
        let long = format!(
            "{PARAGRAPH} {other} The accused answered that the cheque was given as security for \
             goods never delivered, that the account had been closed by agreement of both sides, \
             and that the notice was sent to a house he had left years before the demand was made."
        );
        let texts = [PARAGRAPH, other, &quoted, &long, PARAGRAPH];
        let groups = collapse(texts.into_iter());
        assert_eq!(
            groups,
            [
                Group { first: 0, others: vec![2, 4] },
                Group { first: 1, others: vec![] },
                Group { first: 3, others: vec![] },
            ]
        );
    }

    #[test]
    fn short_texts_are_the_same_only_when_their_words_are() {
        let texts = ["Dismissed.", "DISMISSED", "Allowed.", "", ""];
        let firsts: Vec<usize> = collapse(texts.into_iter()).iter().map(|one| one.first).collect();
        assert_eq!(firsts, [0, 2, 3, 4]);
    }

    fn ranking(documents: &[(u128, f32)]) -> Vec<Fused> {
        let found = |(document, score): &(u128, f32)| Fused {
            passage: PassageId::new(),
            document: DocumentId::from(uuid::Uuid::from_u128(*document)),
            score: *score,
            by: FoundBy::default(),
        };
        documents.iter().map(found).collect()
    }

    fn documents(ranking: &[Fused]) -> Vec<u128> {
        ranking.iter().map(|found| found.document.uuid().as_u128()).collect()
    }

    #[test]
    fn documents_take_turns_unless_the_others_are_much_worse() {
        let one = ranking(&[(1, 1.0), (1, 0.9), (1, 0.8), (1, 0.7), (1, 0.6), (2, 0.5), (3, 0.1)]);
        assert_eq!(documents(&take_turns(one)), [1, 1, 1, 2, 1, 1, 3]);
        let far = ranking(&[(1, 1.0), (1, 0.9), (1, 0.8), (1, 0.7), (2, 0.2)]);
        assert_eq!(documents(&take_turns(far)), [1, 1, 1, 1, 2]);
    }

    proptest::proptest! {
        #[test]
        fn nothing_is_lost_and_documents_keep_their_order(
            drawn in proptest::collection::vec((0_u128..6, 0.0_f32..1.0), 0..40)
        ) {
            let mut drawn = drawn;
            drawn.sort_by(|a, b| b.1.total_cmp(&a.1));
            let before = ranking(&drawn);
            let after = take_turns(before.clone());
            let firsts = |ranking: &[Fused]| {
                let mut seen = Vec::new();
                for document in documents(ranking) {
                    if !seen.contains(&document) {
                        seen.push(document);
                    }
                }
                seen
            };
            proptest::prop_assert_eq!(firsts(&before), firsts(&after));
            let sorted = |ranking: &[Fused]| {
                let mut ids: Vec<_> = ranking.iter().map(|found| found.passage).collect();
                ids.sort();
                ids
            };
            proptest::prop_assert_eq!(sorted(&before), sorted(&after));
        }
    }
}
