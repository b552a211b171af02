//! Highlights: what in a text made it match.
//!
//! A phrase is marked as a phrase, from its first word to its last, and its words
//! are not marked elsewhere; a word is marked in each of its inflections. Words in
//! proximity are marked only where they are near. What must not be there, the
//! fields and the dates mark nothing, nor does an alternative that is ruled out by
//! what the text holds: `(bail NOT refused) OR parole` marks no `bail` in a text
//! with `refused`.

mod snippet;

use std::ops::Range;

use super::analysis::{Token, analyse};
use super::boundaries::boundaries;
use super::nearness::{Near, Place, Starts};
use super::query::{Nearness, Node, Other, Phrase, Query, Slot, Word, matches, takes};
pub use snippet::{Part, Snippet, snippet};

/// A span of a text that made it match.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Highlight {
    /// Where it is, in bytes.
    pub span: Range<usize>,
    /// Which of the query's expansions it is, as an index of
    /// [`Query::expansions`]; `None` for what was typed.
    pub expansion: Option<usize>,
}

/// The spans of a text that made it match, in bytes, in order and apart.
#[must_use]
pub fn highlight(text: &str, query: &Query) -> Vec<Range<usize>> {
    highlights(text, query).into_iter().map(|highlight| highlight.span).collect()
}

/// The spans of a text that made it match, in order and apart, with what they are.
#[must_use]
pub fn highlights(text: &str, query: &Query) -> Vec<Highlight> {
    let Some(root) = query.root() else { return Vec::new() };
    let tokens = analyse(text);
    let starts = Starts::of(&boundaries(text, &tokens));
    let reader = Reader { tokens, starts };
    let mut marks = Vec::new();
    reader.mark(root, None, &mut marks);
    merge(marks)
}

/// A part of a query where it stands in the text.
#[derive(Debug, Clone)]
struct Found {
    place: Place,
    /// What to mark of it.
    marks: Vec<Highlight>,
}

impl Found {
    fn word(token: &Token, expansion: Option<usize>) -> Self {
        let span = token.start..token.end;
        Self { place: Place::at(token.position), marks: vec![Highlight { span, expansion }] }
    }

    fn with(&self, other: &Self) -> Self {
        let marks = self.marks.iter().chain(&other.marks).cloned().collect();
        Self { place: self.place.with(&other.place), marks }
    }
}

/// A text and where its words and sentences are.
struct Reader {
    /// Ordered by position.
    tokens: Vec<Token>,
    starts: Starts,
}

impl Reader {
    /// Marks what of a part is in the text.
    fn mark(&self, node: &Node, expansion: Option<usize>, marks: &mut Vec<Highlight>) {
        match node {
            Node::Plain(plain) => {
                for word in &plain.words {
                    self.mark_found(self.word(word, expansion), &word.also, marks);
                }
                for phrase in &plain.references {
                    self.mark_found(self.phrase(phrase, expansion), &phrase.also, marks);
                }
            }
            Node::Word(word) => self.mark_found(self.word(word, expansion), &word.also, marks),
            Node::Phrase(phrase) => {
                self.mark_found(self.phrase(phrase, expansion), &phrase.also, marks);
            }
            Node::And(parts) => {
                for part in parts {
                    self.mark(part, expansion, marks);
                }
            }
            Node::Or(parts) => {
                for part in parts.iter().filter(|part| !self.is_ruled_out(part)) {
                    self.mark(part, expansion, marks);
                }
            }
            Node::Near { left, right, how } => {
                let (left, right) = (self.find(left, expansion), self.find(right, expansion));
                let pairs = self.near(&left, &right, *how);
                let mut lefts = vec![false; left.len()];
                let mut rights = vec![false; right.len()];
                for (one, other) in pairs {
                    lefts[one] = true;
                    rights[other] = true;
                }
                let both = left.into_iter().zip(lefts).chain(right.into_iter().zip(rights));
                marks.extend(both.filter(|(_, near)| *near).flat_map(|(found, _)| found.marks));
            }
            node => marks.extend(self.find(node, expansion).into_iter().flat_map(|f| f.marks)),
        }
    }

    /// Marks where a part stands, and what means the same but stands in no one place.
    fn mark_found(&self, found: Vec<Found>, also: &[Other], marks: &mut Vec<Highlight>) {
        marks.extend(found.into_iter().flat_map(|found| found.marks));
        for other in also.iter().filter(|other| !other.node.is_placed()) {
            self.mark(&other.node, Some(other.expansion), marks);
        }
    }

    /// Where a part stands in the text, ordered by place.
    fn find(&self, node: &Node, expansion: Option<usize>) -> Vec<Found> {
        let mut found = match node {
            Node::Word(word) => self.word(word, expansion),
            Node::Pattern(pattern) => {
                self.words_where(expansion, |token| pattern.matches(&token.exact))
            }
            Node::Fuzzy(fuzzy) => {
                let automaton = fuzzy.automaton();
                self.words_where(expansion, |token| takes(&automaton, &token.exact))
            }
            Node::Phrase(phrase) => self.phrase(phrase, expansion),
            Node::Or(parts) => parts.iter().flat_map(|part| self.find(part, expansion)).collect(),
            Node::Near { left, right, how } => {
                let (left, right) = (self.find(left, expansion), self.find(right, expansion));
                let pairs = self.near(&left, &right, *how);
                pairs.into_iter().map(|(one, other)| left[one].with(&right[other])).collect()
            }
            Node::Plain(_) | Node::And(_) | Node::Not(_) | Node::Field { .. } | Node::Dates(_) => {
                Vec::new()
            }
        };
        found.sort_by(|one, other| one.place.cmp(&other.place));
        found
    }

    /// The pairs of places that are near each other.
    fn near(&self, left: &[Found], right: &[Found], how: Nearness) -> Vec<(usize, usize)> {
        let places = |found: &[Found]| -> Vec<Place> {
            found.iter().map(|found| found.place.clone()).collect()
        };
        Near { how, starts: &self.starts }.pairs(&places(left), &places(right))
    }

    fn word(&self, word: &Word, expansion: Option<usize>) -> Vec<Found> {
        let mut found = self.words_where(expansion, |token| match &word.stem {
            Some(stem) => token.stem.as_ref() == Some(stem),
            None => token.exact == word.exact,
        });
        found.extend(self.others(&word.also));
        found
    }

    fn words_where(&self, expansion: Option<usize>, fits: impl Fn(&Token) -> bool) -> Vec<Found> {
        let fitting = self.tokens.iter().filter(|token| fits(token));
        fitting.map(|token| Found::word(token, expansion)).collect()
    }

    fn phrase(&self, phrase: &Phrase, expansion: Option<usize>) -> Vec<Found> {
        let mut found = Vec::new();
        if let Some((first, rest)) = phrase.slots.split_first() {
            let begins = self.tokens.iter().filter(|token| fits(first, token));
            found.extend(begins.filter_map(|begin| self.phrase_at(begin, rest, expansion)));
        }
        found.extend(self.others(&phrase.also));
        found
    }

    /// The phrase that begins with a word, if its other words follow.
    fn phrase_at(&self, begin: &Token, rest: &[Slot], expansion: Option<usize>) -> Option<Found> {
        let mut span = begin.start..begin.end;
        let mut last = begin.position;
        for slot in rest {
            last = begin.position + slot.offset;
            let token = self.at(last).iter().find(|token| fits(slot, token))?;
            span = span.start.min(token.start)..span.end.max(token.end);
        }
        let place = Place::from_to(begin.position, last);
        Some(Found { place, marks: vec![Highlight { span, expansion }] })
    }

    /// Where what means the same stands, as far as it stands in one place.
    fn others(&self, also: &[Other]) -> Vec<Found> {
        also.iter().flat_map(|other| self.find(&other.node, Some(other.expansion))).collect()
    }

    /// Whether an alternative asks that a part not be there which is.
    fn is_ruled_out(&self, alternative: &Node) -> bool {
        match alternative {
            Node::And(parts) => parts.iter().any(|part| match part {
                Node::Not(inner) => self.surely(inner),
                part => self.is_ruled_out(part),
            }),
            _ => false,
        }
    }

    /// Whether a part is true of every document with this text in it.
    fn surely(&self, node: &Node) -> bool {
        match node {
            Node::And(parts) => parts.iter().all(|part| self.surely(part)),
            Node::Or(parts) => parts.iter().any(|part| self.surely(part)),
            Node::Not(_) | Node::Field { .. } | Node::Dates(_) | Node::Plain(_) => false,
            placed => !self.find(placed, None).is_empty(),
        }
    }

    /// The tokens at a position.
    fn at(&self, position: u32) -> &[Token] {
        let from = self.tokens.partition_point(|token| token.position < position);
        let to = self.tokens.partition_point(|token| token.position <= position);
        self.tokens.get(from..to).unwrap_or(&[])
    }
}

/// Whether a word can stand at a place of a phrase.
fn fits(slot: &Slot, token: &Token) -> bool {
    if slot.pattern { matches(&slot.form, &token.exact) } else { token.exact == slot.form }
}

/// Orders marks and joins those that touch; what was typed counts before what means
/// the same.
fn merge(mut marks: Vec<Highlight>) -> Vec<Highlight> {
    marks.sort_by_key(|mark| (mark.span.start, mark.span.end));
    let mut merged: Vec<Highlight> = Vec::with_capacity(marks.len());
    for mark in marks {
        match merged.last_mut() {
            Some(last) if mark.span.start <= last.span.end => {
                last.span.end = last.span.end.max(mark.span.end);
                last.expansion = last.expansion.and(mark.expansion).and(last.expansion);
            }
            _ => merged.push(mark),
        }
    }
    merged
}

#[cfg(test)]
mod tests;
