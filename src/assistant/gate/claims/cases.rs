//! Names of cases: `Sharma v. Kapoor`, `State of Kerala vs Raman Nair`.

use std::sync::LazyLock;

use regex::Regex;

use super::{Claim, Stated};

/// What stands between the parties, as a word.
const VERSUS: [&str; 10] = ["v.", "v", "vs.", "vs", "versus", "v/s", "V.", "Vs.", "VS.", "Versus"];
/// Words inside a name that have no capital.
const INSIDE: [&str; 5] = ["of", "the", "and", "&", "for"];
/// Words before a name that have a capital where a sentence begins and are none of it.
const LEADS: [&str; 30] = [
    "in",
    "see",
    "the",
    "also",
    "however",
    "thus",
    "per",
    "under",
    "following",
    "unlike",
    "as",
    "but",
    "when",
    "while",
    "and",
    "like",
    "relying",
    "on",
    "compare",
    "cf",
    "from",
    "this",
    "that",
    "both",
    "since",
    "applying",
    "case",
    "court",
    "judgment",
    "of",
];
/// How many words beside the `v.` of a document may be its parties.
const WINDOW: usize = 14;
/// The most words of a party that are awaited.
const LONGEST: usize = 12;

static NAMES: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let word = r"(?:[A-Z][\w.&'’/-]*|M/[Ss]\.?)";
    let party = format!(r"{word}(?:\s+(?:(?:of|the|and|&|for)\s+)*{word})*");
    let second = format!(r"{word}(?:\s+(?:(?:of|the|&)\s+)*{word})*");
    Regex::new(&format!(
        r"(?P<l>{party})\s+(?:v|vs|V|Vs|VS|v/s|versus|Versus|VERSUS)\.?\s+(?P<r>{second})"
    ))
    .ok()
});

/// Finds the names of cases in a text.
pub(super) fn find(text: &str) -> Vec<Claim> {
    let hits = NAMES.iter().flat_map(|shape| shape.captures_iter(text));
    hits.filter_map(|hit| {
        let (left, right) = (hit.name("l")?, hit.name("r")?);
        // What leads into the name is the sentence's: `In Sharma v. Kapoor`.
        let mut start = left.start();
        loop {
            let word = text[start..left.end()].split_whitespace().next()?;
            let plain = word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
            if !LEADS.contains(&plain.as_str()) || start + word.len() >= left.end() {
                break;
            }
            let rest = &text[start + word.len()..left.end()];
            start = left.end() - rest.trim_start().len();
        }
        let end = left.end().max(right.end());
        let end = start + text[start..end].trim_end_matches(['.', '\'', '’', '-', '/']).len();
        let what = Stated::Case(parties(&text[start..left.end()]), parties(right.as_str()));
        Some(Claim { at: start..end, what })
    })
    .collect()
}

/// The words of a party's name that tell it from another.
fn parties(name: &str) -> Vec<String> {
    let skip = |word: &String| {
        word.is_empty()
            || INSIDE.contains(&word.as_str())
            || matches!(
                word.as_str(),
                "ors" | "anr" | "others" | "another" | "ms" | "mr" | "mrs" | "smt" | "shri" | "dr"
            )
    };
    name.split(|c: char| c.is_whitespace() || c == '-')
        .map(plain)
        .filter(|word| !skip(word))
        .collect()
}

/// A word as names are compared: its letters and digits, in lower case.
fn plain(word: &str) -> String {
    let word = word.strip_suffix("'s").or_else(|| word.strip_suffix("’s")).unwrap_or(word);
    word.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// The words around each `v.` of a text: those before and those after it.
pub(super) fn around(text: &str) -> Vec<(Vec<String>, Vec<String>)> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let is_versus = |word: &&str| {
        let word = word.trim_matches(|c: char| matches!(c, '(' | ')' | ',' | '-' | '…' | '*'));
        VERSUS.contains(&word) || word.to_lowercase().trim_end_matches([':', '.']) == "versus"
    };
    let plain_words = |words: &[&str]| -> Vec<String> {
        words
            .iter()
            .flat_map(|word| word.split('-'))
            .map(plain)
            .filter(|word| !word.is_empty())
            .collect()
    };
    words
        .iter()
        .enumerate()
        .filter(|(_, word)| is_versus(word))
        .map(|(at, _)| {
            let before = plain_words(&words[at.saturating_sub(WINDOW)..at]);
            let after = plain_words(&words[at + 1..(at + 1 + WINDOW).min(words.len())]);
            (before, after)
        })
        .collect()
}

/// Whether the name of a case begins with a text; none while that is not known.
pub(in crate::assistant::gate) fn may_begin(text: &str, finished: bool) -> Option<bool> {
    for (place, word) in text.split_inclusive(char::is_whitespace).enumerate() {
        let whole = finished || word.ends_with(char::is_whitespace);
        if !whole {
            return None;
        }
        let word = word.trim();
        if place > 0 && VERSUS.contains(&word) {
            return Some(true);
        }
        let part = word.starts_with(|c: char| c.is_uppercase())
            || (place > 0 && (INSIDE.contains(&word) || word.is_empty()));
        // A name does not run over the end of a clause.
        if !part || word.ends_with([',', ';', ':']) || place >= LONGEST {
            return Some(false);
        }
    }
    finished.then_some(false)
}
