//! The other script: `jamanat` is `जमानत`, `रमेश` is `ramesh`.
//!
//! A Latin word becomes a Hindi one only if it sounds like a word of
//! `index/hinglish.toml`: any other would make Hindi of English words. A word in
//! Devanagari is no English word, so it becomes each way it may be written in Latin.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::super::analysis::fold;
use super::super::query::{Node, Word};
use super::line::{self, Line};
use super::sounds::{latin, sounds, sounds_of_hindi};
use super::tables::WORDS;
use super::{Expansion, ExpansionKind, Found};

/// A shorter Latin word sounds like too many.
const SHORTEST: usize = 4;

/// The words of the table by their sounds.
static BY_SOUND: LazyLock<HashMap<String, Vec<&'static str>>> = LazyLock::new(|| {
    let mut by_sound: HashMap<String, Vec<&str>> = HashMap::new();
    let mut put = |sound: String, hindi: &'static str| {
        let words = by_sound.entry(sound).or_default();
        if !words.contains(&hindi) {
            words.push(hindi);
        }
    };
    for word in WORDS.iter() {
        for sound in sounds_of_hindi(&word.hindi) {
            put(sound, &word.hindi);
        }
        for typed in &word.typed {
            put(sounds(typed), &word.hindi);
        }
    }
    by_sound
});

/// The words of a line in the other script.
pub(super) fn find(line: &Line) -> Vec<Found> {
    let mut found = Vec::new();
    for (nth, word) in line.words.iter().enumerate() {
        let latin_letters = word.exact.bytes().all(|byte| byte.is_ascii_lowercase());
        if latin_letters && word.exact.len() >= SHORTEST {
            found.extend(in_devanagari(word, nth));
        } else if word.exact.chars().all(|c| ('\u{0900}'..='\u{0963}').contains(&c)) {
            found.extend(in_latin(word, nth));
        }
    }
    found
}

fn in_devanagari(word: &Word, nth: usize) -> Vec<Found> {
    let words = BY_SOUND.get(&sounds(&word.exact)).map_or(&[][..], Vec::as_slice);
    let found = words.iter().filter_map(|hindi| {
        Some(Found {
            expansion: expansion(word, hindi),
            node: Some(line::node(hindi)?),
            words: vec![nth],
            references: Vec::new(),
        })
    });
    found.collect()
}

fn in_latin(word: &Word, nth: usize) -> Option<Found> {
    let spellings = latin(&fold(&word.exact));
    let nodes: Vec<Node> = spellings.iter().filter_map(|spelling| line::node(spelling)).collect();
    let first = spellings.first()?;
    Some(Found {
        expansion: expansion(word, first),
        node: Some(if nodes.len() > 1 { Node::Or(nodes) } else { nodes.into_iter().next()? }),
        words: vec![nth],
        references: Vec::new(),
    })
}

fn expansion(word: &Word, other: &str) -> Expansion {
    Expansion {
        id: format!("script:{}:{other}", word.exact),
        kind: ExpansionKind::Script,
        typed: word.typed.clone(),
        other: other.to_owned(),
        caution: None,
    }
}
