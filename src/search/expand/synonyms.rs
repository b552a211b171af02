//! Synonyms: other words for the same thing, and other names of a statute.

use std::sync::LazyLock;

use super::super::query::Node;
use super::line::{self, Line};
use super::tables::{SETS, STATUTE_LIST, Statute, Terms};
use super::{Expansion, ExpansionKind, Found, slug};

/// Sets of terms by each of their terms.
static TERMS: LazyLock<Terms<usize>> = LazyLock::new(|| {
    let terms = |(nth, set): (usize, &'static Vec<String>)| {
        set.iter().map(move |term| (term.as_str(), nth))
    };
    Terms::new(SETS.iter().enumerate().flat_map(terms))
});

/// Statutes by each of their names.
static STATUTES: LazyLock<Terms<&'static Statute>> = LazyLock::new(|| {
    Terms::new(STATUTE_LIST.values().flat_map(|row| row.forms().map(move |form| (form, row))))
});

/// What means the same as the words of a line.
pub(super) fn find(line: &Line) -> Vec<Found> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < line.words.len() {
        let (in_set, sets) = TERMS.at(line, at);
        let (in_name, statutes) = STATUTES.at(line, at);
        let count = in_set.max(in_name).max(1);
        let words: Vec<usize> = (at..at + count).collect();
        let mut others: Vec<&str> = Vec::new();
        if in_set == count {
            others.extend(sets.into_iter().flat_map(|nth| &SETS[nth]).map(String::as_str));
        }
        if in_name == count {
            // Two statutes of one name, of other years, are not told apart here.
            others.extend(statutes.into_iter().flat_map(names));
        }
        found.extend(others_of(line, &words, others));
        at += count;
    }
    found
}

/// The full name, the key and the abbreviations of a statute, and its names in
/// another script. Shorter names of it are also names of other statutes.
fn names(statute: &Statute) -> impl Iterator<Item = &str> {
    let whole = line::keys(&statute.name);
    statute.forms().filter(move |form| {
        let keys = line::keys(form);
        keys == whole || !holds(&whole, &keys)
    })
}

/// Whether some of the words are the others, side by side.
fn holds(words: &[String], others: &[String]) -> bool {
    words.windows(others.len().max(1)).any(|part| part == others)
}

fn others_of(line: &Line, words: &[usize], others: Vec<&str>) -> Vec<Found> {
    let typed = line.typed(words);
    let keys: Vec<String> =
        words.iter().map(|&nth| line::key_of_word(line.words[nth]).to_owned()).collect();
    let mut found: Vec<Found> = Vec::new();
    let mut seen: Vec<Node> = Vec::new();
    for other in others {
        // What holds the words typed is found by them.
        if holds(&line::keys(other), &keys) {
            continue;
        }
        let Some(node) = line::node(other).filter(|node| !seen.contains(node)) else { continue };
        seen.push(node.clone());
        found.push(Found {
            expansion: Expansion {
                id: format!("synonym:{}:{}", keys.join("-").replace('.', ""), slug(other)),
                kind: ExpansionKind::Synonym,
                typed: typed.clone(),
                other: other.to_owned(),
                caution: None,
            },
            node: Some(node),
            words: words.to_vec(),
            references: Vec::new(),
        });
    }
    found
}
