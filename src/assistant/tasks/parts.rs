//! Cutting what is too long for a model into parts, at pages, and saying which.

use std::fmt::Write as _;
use std::ops::Range;

use crate::assistant::llm::count_tokens;
use crate::documents::PassageText;

/// What the element around a passage takes, in tokens.
const AROUND: u64 = 40;

/// Cuts passages into parts of at most so many tokens, where a page ends if one does.
/// Every passage is in one part; one too long for any part is a part of its own.
pub(super) fn cut(passages: &[PassageText], budget: u64) -> Vec<Range<usize>> {
    let sizes: Vec<u64> =
        passages.iter().map(|passage| count_tokens(&passage.text) + AROUND).collect();
    let turns: Vec<bool> = (0..passages.len())
        .map(|at| {
            at == 0
                || passages[at].document != passages[at - 1].document
                || passages[at].version != passages[at - 1].version
                || passages[at].page() != passages[at - 1].page()
        })
        .collect();
    sized(&sizes, &turns, budget)
}

/// The same over sizes, and whether a page begins with each.
fn sized(sizes: &[u64], turns: &[bool], budget: u64) -> Vec<Range<usize>> {
    let mut parts = Vec::new();
    let mut from = 0;
    while from < sizes.len() {
        let mut to = from + 1;
        let mut sum = sizes[from];
        while to < sizes.len() && sum + sizes[to] <= budget {
            sum += sizes[to];
            to += 1;
        }
        if to < sizes.len() {
            // Back to the last page that began, if that leaves half of the part.
            let page = (from + (to - from) / 2 + 1..=to).rev().find(|&at| turns[at]);
            to = page.unwrap_or(to);
        }
        parts.push(from..to);
        from = to;
    }
    parts
}

/// Puts texts together until they are so many tokens.
pub(super) fn together(texts: Vec<String>, budget: u64) -> Vec<Vec<String>> {
    let mut groups: Vec<Vec<String>> = Vec::new();
    let mut room = 0;
    for text in texts {
        let size = count_tokens(&text) + AROUND;
        match groups.last_mut() {
            Some(group) if size <= room => {
                room -= size;
                group.push(text);
            }
            _ => {
                room = budget.saturating_sub(size);
                groups.push(vec![text]);
            }
        }
    }
    groups
}

/// The pages passages stand on, in words: `pages 3–8 of Plaint; page 1 of Order`.
pub(super) fn pages_in_words(passages: &[PassageText]) -> String {
    let mut words = String::new();
    for of_one in passages.chunk_by(|one, other| one.version == other.version) {
        let (Some(first), Some(last)) = (of_one.first(), of_one.last()) else { continue };
        let to = last.pages.last().map_or(last.page(), |page| page.number);
        if !words.is_empty() {
            words.push_str("; ");
        }
        // Writing to a string cannot fail.
        let _ = if first.page() == to {
            write!(words, "page {to} of {}", first.title)
        } else {
            write!(words, "pages {}–{to} of {}", first.page(), first.title)
        };
    }
    words
}

/// Page numbers as runs: `3, 5–7`.
pub(super) fn runs(numbers: &[u32]) -> String {
    let of_a_run = |one: &u32, other: &u32| one.checked_add(1) == Some(*other);
    let runs = numbers.chunk_by(of_a_run).filter_map(|run| match run {
        [] => None,
        [only] => Some(only.to_string()),
        [first, .., last] => Some(format!("{first}–{last}")),
    });
    runs.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_hold_everything_once_and_end_at_pages() {
        let sizes = [30, 30, 30, 30, 30, 30, 30];
        let turns = [true, false, true, false, true, false, false];
        assert_eq!(sized(&sizes, &turns, 100), [0..2, 2..4, 4..7]);
        assert_eq!(sized(&sizes, &[false; 7], 100), [0..3, 3..6, 6..7]);
        assert_eq!(sized(&[500, 10], &[true, true], 100), [0..1, 1..2]);
        assert!(sized(&[], &[], 100).is_empty());
    }

    #[test]
    fn every_text_is_in_one_group() {
        let texts: Vec<String> =
            (0..9).map(|number| format!("note {number} ").repeat(30)).collect();
        let groups = together(texts.clone(), 300);
        assert!(groups.len() > 2);
        assert_eq!(groups.concat(), texts);
    }

    #[test]
    fn runs_of_pages_are_short() {
        assert_eq!(runs(&[1, 3, 4, 5, 9]), "1, 3–5, 9");
        assert_eq!(runs(&[]), "");
    }
}
