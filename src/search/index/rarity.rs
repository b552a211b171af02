//! How rare words are.

use tantivy::Term;

use super::super::query::Word;
use super::Index;
use super::translate::word_term;

impl Index {
    /// A function that says how rare a word is: the logarithm of the entries there are
    /// over those that have it (inverse document frequency); 0 when none has it.
    ///
    /// It tells of words and of no document, and is the same for every caller, as the
    /// ranking's own weights are.
    pub(in crate::search) fn rarity(&self) -> impl Fn(&Word) -> f32 + use<> {
        let (searcher, field) = (self.reader.searcher(), self.fields.passage_text);
        move |word| {
            let term = Term::from_field_text(field, &word_term(word));
            let have = searcher.doc_freq(&term).unwrap_or(0);
            if have == 0 { 0.0 } else { ratio(searcher.num_docs(), have).ln_1p() }
        }
    }
}

/// How many times one count is the other. Both are far below what an `f32` rounds badly
/// enough to matter for a logarithm.
#[expect(clippy::cast_precision_loss, reason = "a logarithm of it is taken")]
fn ratio(all: u64, some: u64) -> f32 {
    all as f32 / some as f32
}
