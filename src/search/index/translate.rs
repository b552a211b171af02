//! Translation: our tree into the engine's queries.

use std::ops::Bound;
use std::sync::LazyLock;

use chrono::NaiveDate;
use tantivy::query::{
    AllQuery, BooleanQuery, BoostQuery, EmptyQuery, Occur, PhraseQuery, Query as Engine,
    RangeQuery, TermQuery,
};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{Result, Term};

use super::super::query::{Dates, Node, Other, Phrase, Plain, Slot, Word};
use super::except::except;
use super::schema::{Fields, schema, stem_term};
use super::spans::{Form, Looked, SpanQuery, Tree};

/// The fields, which are the same in every index that fits.
static FIELDS: LazyLock<Fields> = LazyLock::new(|| schema().1);

/// How much more a match in a title counts.
const TITLE_BOOST: f32 = 2.0;

/// How much a match in what means the same counts.
const OTHER_BOOST: f32 = 0.5;

/// Where a part of a query is looked for.
#[derive(Debug, Clone)]
pub(super) struct Places {
    fields: Vec<(Field, f32)>,
    /// What words with wildcards and misspelt words may be in these fields.
    looked: Looked,
}

impl Places {
    /// In one field.
    pub(super) fn only(field: Field) -> Self {
        Self { fields: vec![(field, 1.0)], looked: Looked::default() }
    }

    /// In a title and a text.
    pub(super) fn titled(title: Field, text: Field) -> Self {
        Self { fields: vec![(text, 1.0), (title, TITLE_BOOST)], looked: Looked::default() }
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
            Node::Word(word) => self.word(word),
            Node::Phrase(phrase) => self.phrase(phrase),
            Node::Pattern(_) | Node::Fuzzy(_) | Node::Near { .. } => match tree(node) {
                Some(tree) => Ok(self.anywhere(|field| self.spans(field, tree.clone()))),
                None => Ok(Box::new(EmptyQuery)),
            },
            Node::Field { name, value } => Self::only(FIELDS.named(*name)).holds(value),
            Node::Dates(dates) => Ok(dated(*dates)),
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
        let typed = self.anywhere(|field| term(field, &word_term(word)));
        self.or_else(typed, &word.also)
    }

    /// Words side by side.
    pub(super) fn phrase(&self, phrase: &Phrase) -> Result<Box<dyn Engine>> {
        let typed = self.anywhere(|field| self.side_by_side(field, &phrase.slots));
        self.or_else(typed, &phrase.also)
    }

    /// What was typed, or what means the same, which counts less.
    fn or_else(&self, typed: Box<dyn Engine>, also: &[Other]) -> Result<Box<dyn Engine>> {
        if also.is_empty() {
            return Ok(typed);
        }
        let mut queries = vec![typed];
        for other in also {
            queries.push(Box::new(BoostQuery::new(self.holds(&other.node)?, OTHER_BOOST)));
        }
        Ok(Box::new(BooleanQuery::union(queries)))
    }

    /// Words of a plain query as they stand in it, with up to `slop` others between.
    #[expect(clippy::unnecessary_wraps, reason = "all of the places are asked in one way")]
    pub(super) fn in_order(&self, words: &[Word], slop: u32) -> Result<Box<dyn Engine>> {
        let first = words.first().map_or(0, |word| word.position);
        Ok(self.anywhere(|field| {
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
                return Box::new(EmptyQuery);
            }
            Box::new(PhraseQuery::new_with_offset_and_slop(terms, slop))
        }))
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
                Node::Not(inner) => except(self.holds(inner)?),
                part => (Occur::Must, self.holds(part)?),
            });
        }
        if clauses.iter().all(|(occur, _)| *occur == Occur::MustNot) {
            clauses.push((Occur::Must, Box::new(AllQuery)));
        }
        Ok(Box::new(BooleanQuery::new(clauses)))
    }

    /// A query in each place.
    fn anywhere(&self, query: impl Fn(Field) -> Box<dyn Engine>) -> Box<dyn Engine> {
        let boosted = |(field, boost): &(Field, f32)| -> Box<dyn Engine> {
            Box::new(BoostQuery::new(query(*field), *boost))
        };
        let mut queries: Vec<Box<dyn Engine>> = self.fields.iter().map(boosted).collect();
        match queries.len() {
            1 => queries.swap_remove(0),
            _ => Box::new(BooleanQuery::union(queries)),
        }
    }

    /// Words that are looked up or compared by their positions.
    fn spans(&self, field: Field, tree: Tree) -> Box<dyn Engine> {
        Box::new(SpanQuery::new(field, tree, self.looked.clone()))
    }

    /// Terms at their offsets.
    fn side_by_side(&self, field: Field, slots: &[Slot]) -> Box<dyn Engine> {
        if slots.iter().any(|slot| slot.pattern) {
            return self.spans(field, phrase_tree(slots));
        }
        if let [only] = slots {
            return term(field, &only.form);
        }
        let at = |slot: &Slot| (slot.offset as usize, Term::from_field_text(field, &slot.form));
        Box::new(PhraseQuery::new_with_offset(slots.iter().map(at).collect()))
    }
}

/// The term of a word: the loose form where there is one.
pub(super) fn word_term(word: &Word) -> String {
    word.stem.as_deref().map_or_else(|| word.exact.clone(), stem_term)
}

fn term(field: Field, text: &str) -> Box<dyn Engine> {
    let term = Term::from_field_text(field, text);
    Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs))
}

/// The tree of a part that stands somewhere in a text; `None` for one that does not.
fn tree(node: &Node) -> Option<Tree> {
    match node {
        Node::Word(word) => Some(with_others(Tree::Word(Form::Term(word_term(word))), &word.also)),
        Node::Pattern(pattern) => Some(Tree::Word(Form::Pattern(pattern.form.clone()))),
        Node::Fuzzy(fuzzy) => Some(Tree::Word(Form::Fuzzy(fuzzy.clone()))),
        Node::Phrase(phrase) => Some(with_others(phrase_tree(&phrase.slots), &phrase.also)),
        Node::Or(parts) => parts.iter().map(tree).collect::<Option<_>>().map(Tree::Any),
        Node::Near { left, right, how } => Some(Tree::Near {
            left: Box::new(tree(left)?),
            right: Box::new(tree(right)?),
            how: *how,
        }),
        Node::Plain(_) | Node::And(_) | Node::Not(_) | Node::Field { .. } | Node::Dates(_) => None,
    }
}

fn phrase_tree(slots: &[Slot]) -> Tree {
    let form = |slot: &Slot| {
        let form = slot.form.clone();
        if slot.pattern { Form::Pattern(form) } else { Form::Term(form) }
    };
    match slots {
        [only] => Tree::Word(form(only)),
        slots => Tree::Phrase(slots.iter().map(|slot| (slot.offset, form(slot))).collect()),
    }
}

/// What was typed, or what means the same.
fn with_others(typed: Tree, also: &[Other]) -> Tree {
    if also.is_empty() {
        return typed;
    }
    let others = also.iter().filter_map(|other| tree(&other.node));
    Tree::Any(std::iter::once(typed).chain(others).collect())
}

/// The documents of some days.
fn dated(dates: Dates) -> Box<dyn Engine> {
    let day = |date: NaiveDate| {
        let days = date.signed_duration_since(NaiveDate::default()).num_days();
        Bound::Included(Term::from_field_i64(FIELDS.date, days))
    };
    match (dates.from.map(day), dates.to.map(day)) {
        (None, None) => Box::new(AllQuery),
        (from, to) => {
            let open = || Bound::Unbounded;
            Box::new(RangeQuery::new(from.unwrap_or_else(open), to.unwrap_or_else(open)))
        }
    }
}
