//! Words and pairs of words, counted.

use std::collections::HashMap;

use unicode_normalization::UnicodeNormalization;

/// How often each word, and each pair of neighbouring words, occurs in a text.
#[derive(Default, Clone)]
pub(crate) struct Counts {
    /// Words.
    pub(crate) words: HashMap<String, usize>,
    /// A word and the one after it.
    pub(crate) pairs: HashMap<String, usize>,
}

impl Counts {
    /// Counts a text.
    pub(crate) fn of(text: &str) -> Self {
        let mut counts = Self::default();
        let mut before = String::new();
        for word in words(text) {
            if !before.is_empty() {
                *counts.pairs.entry(format!("{before} {word}")).or_default() += 1;
            }
            *counts.words.entry(word.clone()).or_default() += 1;
            before = word;
        }
        counts
    }

    /// What at least two of these agree on; all, when there is only one.
    pub(crate) fn agreed(all: &[&Self]) -> Self {
        let of = |part: fn(&Self) -> &HashMap<String, usize>| {
            let mut agreed = HashMap::new();
            for key in all.iter().flat_map(|counts| part(counts).keys()) {
                let mut counts: Vec<usize> =
                    all.iter().map(|one| part(one).get(key).copied().unwrap_or(0)).collect();
                counts.sort_unstable_by(|a, b| b.cmp(a));
                if let Some(&count) = counts.get(1).or(counts.first())
                    && count > 0
                {
                    agreed.insert(key.clone(), count);
                }
            }
            agreed
        };
        Self { words: of(|counts| &counts.words), pairs: of(|counts| &counts.pairs) }
    }
}

/// The words of a text: compatibility forms, quotes and dashes folded, case kept,
/// words broken at the end of a line joined, the mark of a note apart from the
/// word before it, for every reader alike.
fn words(text: &str) -> impl Iterator<Item = String> {
    let text = text.replace(['\u{fffe}', '\u{2}', '\u{ad}'], "-").replace('\r', "");
    let text = text.replace(['‘', '’'], "'").replace(['“', '”'], "\"");
    let text = text.replace(['‐', '‑', '–', '—'], "-").replace('⁄', "/");
    let text = text.replace(['\u{200b}', '\u{feff}', '\u{25cc}'], "");
    let mut joined = String::with_capacity(text.len());
    for line in text.split('\n') {
        let line = line.trim();
        match joined.trim_end().strip_suffix('-') {
            Some(start) if start.ends_with(char::is_alphabetic) && begins_small(line) => {
                let length = start.len();
                joined.truncate(length);
            }
            _ => joined.push(' '),
        }
        joined.push_str(line);
    }
    let joined: String = joined.nfkc().collect();
    let parts = joined.split_whitespace().flat_map(|word| match mark(word) {
        Some(at) => [&word[..at], &word[at..]],
        None => [word, ""],
    });
    let words = parts.filter(|part| !part.is_empty()).map(str::to_owned);
    words.collect::<Vec<_>>().into_iter()
}

/// Where the mark of a note begins in a word: one or two digits after letters.
fn mark(word: &str) -> Option<usize> {
    let end = word.trim_end_matches(|c: char| c.is_ascii_punctuation()).len();
    let at = word[..end].trim_end_matches(|c: char| c.is_ascii_digit()).len();
    let letters = word[..at].trim_end_matches(|c: char| c.is_ascii_punctuation());
    let count = letters.chars().rev().take_while(|c| c.is_alphabetic()).count();
    (count >= 2 && (1..=2).contains(&(end - at))).then_some(at)
}

fn begins_small(line: &str) -> bool {
    line.chars().next().is_some_and(char::is_lowercase)
}

/// How many of the words of one count are in another.
pub(crate) fn common(one: &HashMap<String, usize>, other: &HashMap<String, usize>) -> usize {
    one.iter().map(|(key, count)| other.get(key).map_or(0, |found| *found.min(count))).sum()
}

/// How many there are.
pub(crate) fn total(counts: &HashMap<String, usize>) -> usize {
    counts.values().sum()
}
