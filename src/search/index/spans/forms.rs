//! Forms: which terms of the index a word of a query may be.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use levenshtein_automata::{DFA, Distance, SINK_STATE};
use tantivy::schema::Field;
use tantivy::{Result, Searcher, Term};
use tantivy_fst::Automaton;

use super::super::super::query::{beginning, matches};
use super::{Form, Terms};

/// How many terms a word may be, the most frequent first.
const MOST_TERMS: usize = 1024;

/// What words with wildcards and misspelt words may be in a field, looked up once in a
/// search: its passes ask for the same words.
#[derive(Debug, Clone, Default)]
pub(in crate::search::index) struct Looked(Arc<Mutex<Vec<Known>>>);

/// The terms a word may be in a field.
#[derive(Debug)]
struct Known {
    field: Field,
    form: Form,
    terms: Arc<Terms>,
}

impl Looked {
    /// The terms of the index a word may be.
    pub(super) fn terms(
        &self,
        searcher: &Searcher,
        field: Field,
        form: &Form,
    ) -> Result<Arc<Terms>> {
        if matches!(form, Form::Term(_)) {
            return terms(searcher, field, form).map(Arc::new);
        }
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = known.iter().find(|known| known.field == field && known.form == *form)
        {
            return Ok(Arc::clone(&known.terms));
        }
        let terms = Arc::new(terms(searcher, field, form)?);
        known.push(Known { field, form: form.clone(), terms: Arc::clone(&terms) });
        Ok(terms)
    }
}

/// The terms of the index a word may be.
fn terms(searcher: &Searcher, field: Field, form: &Form) -> Result<Terms> {
    let mut found: Vec<(String, u64)> = match form {
        Form::Term(text) => {
            let term = Term::from_field_text(field, text);
            let entries = searcher.doc_freq(&term)?;
            return Ok(Terms { terms: vec![term], entries });
        }
        Form::Pattern(form) => of_form(searcher, field, form)?,
        Form::Fuzzy(fuzzy) => spelt_like(searcher, field, fuzzy.automaton())?,
    };
    found.sort_by(|one, other| other.1.cmp(&one.1).then_with(|| one.0.cmp(&other.0)));
    found.truncate(MOST_TERMS);
    Ok(Terms {
        entries: found.iter().map(|(_, entries)| entries).sum(),
        terms: found.iter().map(|(text, _)| Term::from_field_text(field, text)).collect(),
    })
}

fn of_form(searcher: &Searcher, field: Field, form: &str) -> Result<Vec<(String, u64)>> {
    let begins = beginning(form);
    let mut found = HashMap::new();
    for reader in searcher.segment_readers() {
        let index = reader.inverted_index(field)?;
        let mut stream = index.terms().range().ge(begins).into_stream()?;
        while stream.advance() {
            if !stream.key().starts_with(begins.as_bytes()) {
                break;
            }
            note(&mut found, stream.key(), stream.value().doc_freq, |word| matches(form, word));
        }
    }
    Ok(found.into_iter().collect())
}

fn spelt_like(searcher: &Searcher, field: Field, automaton: DFA) -> Result<Vec<(String, u64)>> {
    let automaton = Spelling(automaton);
    let mut found = HashMap::new();
    for reader in searcher.segment_readers() {
        let index = reader.inverted_index(field)?;
        let mut stream = index.terms().search(&automaton).into_stream()?;
        while stream.advance() {
            note(&mut found, stream.key(), stream.value().doc_freq, |_| true);
        }
    }
    Ok(found.into_iter().collect())
}

/// Adds a term, if it is a word as it is written and fits.
fn note(found: &mut HashMap<String, u64>, key: &[u8], entries: u32, fits: impl Fn(&str) -> bool) {
    let Ok(word) = std::str::from_utf8(key) else { return };
    // Loose forms and the marks of sentences begin with what no word begins with.
    if !word.starts_with(char::is_alphanumeric) || !fits(word) {
        return;
    }
    if let Some(sum) = found.get_mut(word) {
        *sum += u64::from(entries);
    } else {
        found.insert(word.to_owned(), u64::from(entries));
    }
}

/// The automaton of a misspelt word, as the dictionary of the index walks it.
struct Spelling(DFA);

impl Automaton for &Spelling {
    type State = u32;

    fn start(&self) -> u32 {
        self.0.initial_state()
    }

    fn is_match(&self, state: &u32) -> bool {
        matches!(self.0.distance(*state), Distance::Exact(_))
    }

    fn can_match(&self, state: &u32) -> bool {
        *state != SINK_STATE
    }

    fn accept(&self, state: &u32, byte: u8) -> u32 {
        self.0.transition(*state, byte)
    }
}
