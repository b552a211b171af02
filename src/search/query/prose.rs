//! Prose: a long text put in as a query, such as the facts of a case.
//!
//! Nobody types a hundred words as a query; whoever puts in so many looks for what is
//! like them. Such a text has no syntax, and most of its words say nothing about it. It
//! is searched for by its weightiest words: those that it has often and few documents
//! have.

use std::collections::BTreeMap;

use super::super::analysis::{Token, analyse, is_stop};
use super::{Node, Query, Word};

/// From how many words on a text without quotes is prose.
const FROM_WORDS: usize = 40;

/// The most that is read of a text, in bytes.
const MAX_BYTES: usize = 1 << 20;

/// By how many of its words prose is searched for.
const WORDS: usize = 60;

/// How many of them the reading names.
const SHOWN: usize = 8;

impl Query {
    /// Whether a text is too long to be typed as a query.
    #[must_use]
    pub(in crate::search) fn is_prose(text: &str) -> bool {
        text.split_whitespace().nth(FROM_WORDS - 1).is_some()
    }

    /// Reads prose. `rarity` says how rare a word is among the documents, as the inverse
    /// document frequency: 0 for a word that none of them has.
    #[must_use]
    pub(in crate::search) fn prose(text: &str, rarity: impl Fn(&Word) -> f32) -> Self {
        let read = &text[..text.floor_char_boundary(MAX_BYTES)];
        let mut words: Vec<(f32, u16, Word)> = counted(analyse(read))
            .into_iter()
            .map(|(count, word)| {
                let often = f32::from(count);
                (often / (often + 2.0) * rarity(&word), count, word)
            })
            .filter(|(weight, ..)| *weight > 0.0)
            .collect();
        words.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.2.position.cmp(&b.2.position)));
        words.truncate(WORDS);
        let mut parts = Vec::with_capacity(words.len());
        for (_, count, word) in words {
            // A word that the text has often counts more: once again for each doubling.
            for _ in 0..=count.ilog2().min(3) {
                parts.push(Node::Word(word.clone()));
            }
        }
        Self {
            root: (!parts.is_empty()).then_some(Node::Or(parts)),
            syntax: false,
            identifier: false,
            cut: read.len() < text.len(),
            expansions: Vec::new(),
            suggestions: Vec::new(),
        }
    }

    /// The words that prose is searched for by, the weightiest first, a few of them.
    #[must_use]
    pub(in crate::search) fn weightiest(&self) -> Vec<&str> {
        let Some(Node::Or(parts)) = &self.root else { return Vec::new() };
        let mut words: Vec<&str> = Vec::new();
        for part in parts {
            if let Node::Word(word) = part
                && !words.contains(&word.typed.as_str())
                && words.len() < SHOWN
            {
                words.push(&word.typed);
            }
        }
        words
    }
}

/// The words of a text that carry meaning, each once, with how often it has them.
fn counted(tokens: Vec<Token>) -> Vec<(u16, Word)> {
    let mut counts: BTreeMap<String, (u16, Word)> = BTreeMap::new();
    for token in tokens.into_iter().filter(|token| !token.implied && !is_stop(&token.exact)) {
        if token.exact.chars().nth(1).is_none() {
            continue;
        }
        let key = token.stem.clone().unwrap_or_else(|| token.exact.clone());
        let word = || Word {
            typed: token.exact.clone(),
            exact: token.exact.clone(),
            stem: token.stem.clone(),
            position: token.position,
            also: Vec::new(),
        };
        let entry = counts.entry(key).or_insert_with(|| (0, word()));
        entry.0 = entry.0.saturating_add(1);
    }
    counts.into_values().collect()
}
