//! What is asked: queries of every kind, made of the words of the corpus, and the
//! nearest that the engine's own query types have to each.

use munshi::search::{Query, Sort, Wanted, analyse};
use rand::prelude::*;
use rand::rngs::SmallRng;
use tantivy::Term;
use tantivy::query::{
    BooleanQuery, FuzzyTermQuery, Occur, PhraseQuery, Query as Engine, RegexQuery, TermQuery,
};
use tantivy::schema::{Field, IndexRecordOption};

use crate::corpus::Corpus;

/// The kinds of queries, in the order they are printed.
pub(crate) const KINDS: [Kind; 12] = [
    Kind::Word,
    Kind::Words,
    Kind::Phrase,
    Kind::Boolean,
    Kind::Near,
    Kind::Wildcard,
    Kind::Fuzzy,
    Kind::Citation,
    Kind::Section,
    Kind::Field,
    Kind::Facets,
    Kind::Newest,
];

/// A kind of query.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Word,
    Words,
    Phrase,
    Boolean,
    Near,
    Wildcard,
    Fuzzy,
    Citation,
    Section,
    Field,
    Facets,
    Newest,
}

impl Kind {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Word => "one word",
            Self::Words => "three words",
            Self::Phrase => "phrase",
            Self::Boolean => "boolean",
            Self::Near => "w/5",
            Self::Wildcard => "wildcard",
            Self::Fuzzy => "fuzzy",
            Self::Citation => "citation",
            Self::Section => "section",
            Self::Field => "field and word",
            Self::Facets => "words, facets",
            Self::Newest => "words, by date",
        }
    }
}

/// A query as it is typed, with the words it was made of.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    pub(crate) kind: Kind,
    pub(crate) typed: String,
    words: Vec<String>,
}

impl Asked {
    pub(crate) fn query(&self) -> Query {
        Query::parse(&self.typed)
    }

    pub(crate) fn wanted(&self) -> Wanted {
        let sort = if self.kind == Kind::Newest { Sort::Newest } else { Sort::Relevance };
        Wanted { limit: 20, sort, facets: self.kind == Kind::Facets, ..Wanted::default() }
    }

    /// The nearest query of the engine's own types. `court` is the field of courts.
    pub(crate) fn raw(&self, field: Field, court: Field) -> Box<dyn Engine> {
        let word = |at: usize| -> Box<dyn Engine> { term(field, &self.words[at]) };
        match self.kind {
            Kind::Words | Kind::Facets | Kind::Newest => {
                Box::new(BooleanQuery::union((0..self.words.len()).map(word).collect()))
            }
            Kind::Boolean => Box::new(BooleanQuery::new(vec![
                (Occur::Must, word(0)),
                (Occur::Must, word(1)),
                (Occur::MustNot, word(2)),
            ])),
            Kind::Phrase | Kind::Citation | Kind::Section => phrase(field, &self.typed, 0),
            Kind::Near => {
                let backwards = format!("{} {}", self.words[1], self.words[0]);
                let forwards = format!("{} {}", self.words[0], self.words[1]);
                let either = [forwards, backwards].map(|typed| phrase(field, &typed, 5));
                Box::new(BooleanQuery::union(either.into()))
            }
            Kind::Wildcard => {
                let pattern = format!("{}.*", self.words[0]);
                Box::new(RegexQuery::from_pattern(&pattern, field).expect("a pattern"))
            }
            Kind::Fuzzy => {
                let word = exact(&self.words[0]).into_iter().next().unwrap_or_default();
                // As many letters as `word~` stands for.
                let wrong = if word.chars().count() > 5 { 2 } else { 1 };
                Box::new(FuzzyTermQuery::new(Term::from_field_text(field, &word), wrong, true))
            }
            Kind::Field if field == court => phrase(field, "delhi", 0),
            Kind::Word | Kind::Field => word(0),
        }
    }
}

/// The term the index has of a word: its loose form, if it has one.
fn term(field: Field, word: &str) -> Box<dyn Engine> {
    let token = analyse(word).into_iter().next();
    let text = token.map_or_else(String::new, |token| {
        token.stem.map_or(token.exact, |stem| format!("~{stem}"))
    });
    Box::new(TermQuery::new(Term::from_field_text(field, &text), IndexRecordOption::WithFreqs))
}

fn phrase(field: Field, typed: &str, slop: u32) -> Box<dyn Engine> {
    let terms: Vec<Term> =
        exact(typed).iter().map(|word| Term::from_field_text(field, word)).collect();
    match <[Term; 1]>::try_from(terms) {
        Ok([only]) => Box::new(TermQuery::new(only, IndexRecordOption::WithFreqs)),
        Err(terms) => {
            let terms = terms.into_iter().enumerate().collect();
            Box::new(PhraseQuery::new_with_offset_and_slop(terms, slop))
        }
    }
}

/// The words of a text that stand in it.
fn exact(text: &str) -> Vec<String> {
    analyse(text).into_iter().filter(|token| !token.implied).map(|token| token.exact).collect()
}

/// Queries of a kind, made of passages drawn at random.
pub(crate) fn make(corpus: &Corpus, kind: Kind, count: usize) -> Vec<Asked> {
    let mut random = SmallRng::seed_from_u64(7);
    let mut asked = Vec::with_capacity(count);
    while asked.len() < count {
        let Some(passage) = corpus.passages.choose(&mut random) else { break };
        asked.extend(of(corpus, kind, passage, &mut random));
    }
    asked
}

fn of(corpus: &Corpus, kind: Kind, passage: &str, random: &mut SmallRng) -> Option<Asked> {
    let all: Vec<&str> = passage.split_whitespace().collect();
    let plain = |word: &&str| word.len() > 4 && word.chars().all(|c| c.is_ascii_lowercase());
    let at = random.random_range(0..all.len().max(1));
    let near: Vec<&str> = all.iter().skip(at).take(12).copied().filter(plain).collect();
    let pair = || -> Option<[&str; 2]> {
        let window = all.get(at..at + 2)?;
        window.iter().all(plain).then_some([window[0], window[1]])
    };
    let (typed, words) = match kind {
        Kind::Word => (near.first()?.to_string(), vec![*near.first()?]),
        Kind::Words | Kind::Facets | Kind::Newest => {
            let three = near.get(..3)?;
            (three.join(" "), three.to_vec())
        }
        Kind::Phrase => {
            let [first, second] = pair()?;
            (format!("\"{first} {second}\""), vec![first, second])
        }
        Kind::Boolean => {
            let three = near.get(..3)?;
            (format!("{} AND {} NOT {}", three[0], three[1], three[2]), three.to_vec())
        }
        Kind::Near => {
            let two = near.get(..2)?;
            (format!("{} w/5 {}", two[0], two[1]), two.to_vec())
        }
        Kind::Wildcard => {
            let begins = near.iter().find(|word| word.len() > 7)?.get(..6)?;
            (format!("{begins}*"), vec![begins])
        }
        Kind::Fuzzy => {
            let word = near.iter().find(|word| word.len() > 6)?;
            (format!("{word}~"), vec![*word])
        }
        Kind::Citation => (corpus.citations(passage).first()?.clone(), Vec::new()),
        Kind::Section => (format!("section {}", corpus.sections(passage).first()?), Vec::new()),
        Kind::Field => (format!("court:delhi {}", near.first()?), vec![*near.first()?]),
    };
    Some(Asked { kind, typed, words: words.into_iter().map(str::to_owned).collect() })
}
