//! The fields of an entry, and how our tokens become terms.
//!
//! A word with a loose form becomes two terms at one position, the exact form and
//! the loose one behind a [`STEM_MARK`], so that both are found and neither is
//! mistaken for the other.

use tantivy::schema::{
    BytesOptions, Field, IndexRecordOption, NumericOptions, STORED, STRING, Schema,
    TextFieldIndexing, TextOptions,
};
use tantivy::tokenizer::{BoxTokenStream, Token as TantivyToken, TokenStream, Tokenizer};

use super::super::analysis::analyse;

/// The name the analyser has in the index.
pub(super) const ANALYSER: &str = "munshi";

/// What the terms of loose forms begin with; no word does.
const STEM_MARK: char = '~';

/// The kinds an entry is of; it may be of two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A whole document; phrases and operators are true of it.
    Document,
    /// A passage; what a search finds.
    Passage,
    /// The first passage of its document, or a document without passages: found
    /// when no passage stands out.
    First,
}

impl Kind {
    /// The term of the kind.
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Document => "document",
            Self::Passage => "passage",
            Self::First => "first",
        }
    }
}

/// The fields of an entry.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fields {
    pub(super) kind: Field,
    pub(super) organisation: Field,
    pub(super) case: Field,
    pub(super) document: Field,
    pub(super) version: Field,
    pub(super) passage: Field,
    pub(super) page: Field,
    pub(super) ordinal: Field,
    pub(super) title: Field,
    pub(super) text: Field,
}

/// The name of the version field, whose column is read.
pub(super) const VERSION: &str = "version";

/// Builds the schema.
pub(super) fn schema() -> (Schema, Fields) {
    let mut schema = Schema::builder();
    let id = || BytesOptions::default().set_indexed().set_stored();
    let indexing = TextFieldIndexing::default()
        .set_tokenizer(ANALYSER)
        .set_index_option(IndexRecordOption::WithFreqsAndPositions);
    let text = TextOptions::default().set_indexing_options(indexing);
    let number = NumericOptions::default() | STORED;
    let fields = Fields {
        kind: schema.add_text_field("kind", STRING),
        organisation: schema.add_bytes_field("organisation", BytesOptions::default().set_indexed()),
        case: schema.add_bytes_field("case", id()),
        document: schema.add_bytes_field("document", id()),
        version: schema.add_bytes_field(VERSION, id().set_fast()),
        passage: schema.add_bytes_field("passage", BytesOptions::default().set_stored()),
        page: schema.add_u64_field("page", number.clone()),
        ordinal: schema.add_u64_field("ordinal", number),
        title: schema.add_text_field("title", text.clone()),
        text: schema.add_text_field("text", text),
    };
    (schema.build(), fields)
}

/// The term of a loose form.
pub(super) fn stem_term(stem: &str) -> String {
    format!("{STEM_MARK}{stem}")
}

/// Our analyser, as the index calls it.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Analyser;

impl Tokenizer for Analyser {
    type TokenStream<'a> = BoxTokenStream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Self::TokenStream<'a> {
        let mut terms = Vec::with_capacity(text.len() / 3);
        for token in analyse(text) {
            let term = |text: String| TantivyToken {
                offset_from: token.start,
                offset_to: token.end,
                position: token.position as usize,
                text,
                position_length: 1,
            };
            if let Some(stem) = &token.stem {
                terms.push(term(stem_term(stem)));
            }
            terms.push(term(token.exact.clone()));
        }
        BoxTokenStream::new(Terms { terms, next: 0 })
    }
}

/// The terms of one text.
struct Terms {
    terms: Vec<TantivyToken>,
    /// One past the term being looked at.
    next: usize,
}

impl TokenStream for Terms {
    fn advance(&mut self) -> bool {
        self.next += 1;
        self.next <= self.terms.len()
    }

    fn token(&self) -> &TantivyToken {
        &self.terms[self.next - 1]
    }

    fn token_mut(&mut self) -> &mut TantivyToken {
        &mut self.terms[self.next - 1]
    }
}
