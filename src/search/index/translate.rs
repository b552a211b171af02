//! Translation: our tree into the engine's queries.

use tantivy::query::{
    AllQuery, BooleanQuery, BoostQuery, EmptyQuery, Occur, PhraseQuery, Query as Engine,
    RegexPhraseQuery, RegexQuery, TermQuery,
};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{Result, Term};

use super::super::query::{Node, Phrase, Plain, Slot, Word};
use super::schema::stem_term;

/// How many words the wildcards of one phrase may stand for.
const MAX_EXPANSIONS: u32 = 1 << 20;

/// How much more a match in a title counts.
const TITLE_BOOST: f32 = 2.0;

/// Where a part of a query is looked for.
#[derive(Debug, Clone)]
pub(super) struct Places(Vec<(Field, f32)>);

impl Places {
    /// In one field.
    pub(super) fn only(field: Field) -> Self {
        Self(vec![(field, 1.0)])
    }

    /// In a title and a text.
    pub(super) fn titled(title: Field, text: Field) -> Self {
        Self(vec![(text, 1.0), (title, TITLE_BOOST)])
    }

    /// The entries of which a part of a query is true.
    pub(super) fn holds(&self, node: &Node) -> Result<Box<dyn Engine>> {
        match node {
            Node::Plain(plain) => self.plain(plain),
            Node::And(parts) => self.all(parts.iter()),
            Node::Or(parts) => {
                let parts: Result<Vec<_>> = parts.iter().map(|part| self.holds(part)).collect();
                Ok(Box::new(BooleanQuery::union(parts?)))
            }
            Node::Not(_) => self.all(std::iter::once(node)),
            Node::Near { left, right, words } => self.near(left, right, *words),
            Node::Word(word) => self.anywhere(|field| Ok(term(field, &word_term(word)))),
            Node::Prefix(prefix) => self.anywhere(|field| begins(field, &prefix.begins)),
            Node::Phrase(phrase) => self.phrase(phrase),
        }
    }

    /// All the words and one of the references of a plain query.
    pub(super) fn all_words(&self, plain: &Plain) -> Result<Box<dyn Engine>> {
        let mut parts = Vec::new();
        for word in &plain.words {
            parts.push(self.word(word)?);
        }
        for phrase in &plain.references {
            parts.push(self.phrase(phrase)?);
        }
        Ok(Box::new(BooleanQuery::intersection(parts)))
    }

    /// A word in any of its inflections.
    pub(super) fn word(&self, word: &Word) -> Result<Box<dyn Engine>> {
        self.anywhere(|field| Ok(term(field, &word_term(word))))
    }

    /// Words side by side.
    pub(super) fn phrase(&self, phrase: &Phrase) -> Result<Box<dyn Engine>> {
        self.anywhere(|field| side_by_side(field, &phrase.slots, 0))
    }

    /// Words of a plain query as they stand in it, with up to `slop` others between.
    pub(super) fn in_order(&self, words: &[Word], slop: u32) -> Result<Box<dyn Engine>> {
        let first = words.first().map_or(0, |word| word.position);
        self.anywhere(|field| {
            let terms: Vec<(usize, Term)> = words
                .iter()
                .map(|word| {
                    (
                        (word.position - first) as usize,
                        Term::from_field_text(field, &word_term(word)),
                    )
                })
                .collect();
            if terms.len() < 2 {
                return Ok(Box::new(EmptyQuery));
            }
            Ok(Box::new(PhraseQuery::new_with_offset_and_slop(terms, slop)))
        })
    }

    /// Any of the words; one of the references, if there are any.
    fn plain(&self, plain: &Plain) -> Result<Box<dyn Engine>> {
        let occur = if plain.references.is_empty() { Occur::Must } else { Occur::Should };
        let words: Result<Vec<_>> = plain.words.iter().map(|word| self.word(word)).collect();
        let references: Result<Vec<_>> =
            plain.references.iter().map(|phrase| self.phrase(phrase)).collect();
        let (words, references) = (words?, references?);
        let mut clauses: Vec<(Occur, Box<dyn Engine>)> = Vec::new();
        if !words.is_empty() {
            clauses.push((occur, Box::new(BooleanQuery::union(words))));
        }
        if !references.is_empty() {
            clauses.push((Occur::Must, Box::new(BooleanQuery::union(references))));
        }
        Ok(Box::new(BooleanQuery::new(clauses)))
    }

    /// Every part; what must not hold is taken from all there is.
    fn all<'q>(&self, parts: impl Iterator<Item = &'q Node>) -> Result<Box<dyn Engine>> {
        let mut clauses: Vec<(Occur, Box<dyn Engine>)> = Vec::new();
        for part in parts {
            clauses.push(match part {
                Node::Not(inner) => (Occur::MustNot, self.holds(inner)?),
                part => (Occur::Must, self.holds(part)?),
            });
        }
        if clauses.iter().all(|(occur, _)| *occur == Occur::MustNot) {
            clauses.push((Occur::Must, Box::new(AllQuery)));
        }
        Ok(Box::new(BooleanQuery::new(clauses)))
    }

    /// Both parts, at most so many words apart, in either order.
    ///
    /// The parts are words, prefixes and phrases, or alternatives of them. A part
    /// that is more stands for each of its words, and must itself hold.
    fn near(&self, left: &Node, right: &Node, words: u32) -> Result<Box<dyn Engine>> {
        let (lefts, rights) = (ends(left), ends(right));
        let mut pairs: Vec<Box<dyn Engine>> = Vec::new();
        for l in &lefts {
            for r in &rights {
                let reach = words + l.width.max(r.width);
                let slots = [l.slot.clone(), r.slot.clone()];
                pairs.push(self.anywhere(|field| side_by_side(field, &slots, reach))?);
            }
        }
        let mut clauses: Vec<(Occur, Box<dyn Engine>)> =
            vec![(Occur::Must, Box::new(BooleanQuery::union(pairs)))];
        for part in [left, right] {
            if !matches!(part, Node::Word(_) | Node::Prefix(_)) {
                clauses.push((Occur::Must, self.holds(part)?));
            }
        }
        Ok(Box::new(BooleanQuery::new(clauses)))
    }

    /// A query in each place.
    fn anywhere(
        &self,
        query: impl Fn(Field) -> Result<Box<dyn Engine>>,
    ) -> Result<Box<dyn Engine>> {
        let mut queries: Vec<Box<dyn Engine>> = Vec::with_capacity(self.0.len());
        for (field, boost) in &self.0 {
            queries.push(Box::new(BoostQuery::new(query(*field)?, *boost)));
        }
        match queries.len() {
            1 => Ok(queries.swap_remove(0)),
            _ => Ok(Box::new(BooleanQuery::union(queries))),
        }
    }
}

/// A word that a part of a proximity may stand by.
struct End {
    slot: Slot,
    /// How many words the part is wider than one.
    width: u32,
}

/// The words that a part of a proximity may stand by.
fn ends(node: &Node) -> Vec<End> {
    let end = |form: String, prefix: bool, width: u32| End {
        slot: Slot { offset: 0, form, prefix },
        width,
    };
    match node {
        Node::Word(word) => vec![end(word_term(word), false, 0)],
        Node::Prefix(prefix) => vec![end(prefix.begins.clone(), true, 0)],
        Node::Phrase(phrase) => {
            let width = phrase.slots.last().map_or(0, |slot| slot.offset);
            let wide = |slot: &Slot| end(slot.form.clone(), slot.prefix, width);
            phrase.slots.iter().map(wide).collect()
        }
        Node::Plain(plain) => {
            plain.words.iter().map(|word| end(word_term(word), false, 0)).collect()
        }
        Node::And(parts) | Node::Or(parts) => parts.iter().flat_map(ends).collect(),
        Node::Near { left, right, .. } => {
            let mut both = ends(left);
            both.extend(ends(right));
            both
        }
        Node::Not(_) => Vec::new(),
    }
}

/// The term of a word: the loose form where there is one.
fn word_term(word: &Word) -> String {
    word.stem.as_deref().map_or_else(|| word.exact.clone(), stem_term)
}

fn term(field: Field, text: &str) -> Box<dyn Engine> {
    let term = Term::from_field_text(field, text);
    Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs))
}

fn begins(field: Field, prefix: &str) -> Result<Box<dyn Engine>> {
    Ok(Box::new(RegexQuery::from_pattern(&pattern(prefix, true), field)?))
}

/// Terms at their offsets, give or take `slop` positions.
fn side_by_side(field: Field, slots: &[Slot], slop: u32) -> Result<Box<dyn Engine>> {
    if let [only] = slots {
        return if only.prefix { begins(field, &only.form) } else { Ok(term(field, &only.form)) };
    }
    if slots.iter().all(|slot| !slot.prefix) {
        let terms = slots
            .iter()
            .map(|slot| (slot.offset as usize, Term::from_field_text(field, &slot.form)))
            .collect();
        return Ok(Box::new(PhraseQuery::new_with_offset_and_slop(terms, slop)));
    }
    let patterns =
        slots.iter().map(|slot| (slot.offset as usize, pattern(&slot.form, slot.prefix))).collect();
    let mut query = RegexPhraseQuery::new_with_offset_and_slop(field, patterns, slop);
    query.set_max_expansions(MAX_EXPANSIONS);
    Ok(Box::new(query))
}

/// The pattern of a term. A prefix holds only what can be in a word.
fn pattern(form: &str, prefix: bool) -> String {
    let mut pattern = String::with_capacity(form.len() + 2);
    for c in form.chars() {
        if c.is_ascii_punctuation() {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern.push_str(if prefix { ".*" } else { "" });
    pattern
}
