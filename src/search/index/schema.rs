//! The fields of an entry, and how our tokens become terms.
//!
//! A word with a loose form becomes two terms at one position, the exact form and
//! the loose one behind a [`STEM_MARK`], so that both are found and neither is
//! mistaken for the other. At the first word of each sentence and paragraph stands a
//! mark, a term of its own, by which words in one sentence are found.

use tantivy::schema::{
    BytesOptions, Field, IndexRecordOption, NumericOptions, STRING, Schema, TextFieldIndexing,
    TextOptions,
};
use tantivy::tokenizer::{BoxTokenStream, Token as TantivyToken, TokenStream, Tokenizer};

use super::super::analysis::{Token, analyse};
use super::super::boundaries::boundaries;
use super::super::query::FieldName;
use super::super::request::FacetName;

/// The name the analyser has in the index.
pub(super) const ANALYSER: &str = "munshi";

/// What the terms of loose forms begin with; no word does.
const STEM_MARK: char = '~';

/// The term at the first word of each sentence; no word is so.
pub(super) const SENTENCE: &str = "\u{1}s";

/// The term at the first word of each paragraph.
pub(super) const PARAGRAPH: &str = "\u{1}p";

/// The fields of an entry. An entry is a whole document or a passage of one; the
/// two have no text field in common, so that a term is looked for among one kind
/// only and the lengths of the one do not weigh on the scores of the other.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fields {
    /// Of documents only: whose it is.
    pub(super) organisation: Field,
    /// Of documents only: the case it is filed in.
    pub(super) case: Field,
    /// Of passages only: the case of their document.
    pub(super) passage_case: Field,
    /// Of both: by which the entries of a document are replaced.
    pub(super) document: Field,
    pub(super) title: Field,
    pub(super) court: Field,
    pub(super) judge: Field,
    pub(super) party: Field,
    /// What the document is: `type:order`.
    pub(super) type_: Field,
    pub(super) cites: Field,
    pub(super) section: Field,
    /// The title and numbers of the case, and the case numbers the document names.
    pub(super) case_name: Field,
    pub(super) client: Field,
    pub(super) language: Field,
    /// Days from 1970-01-01 to the date of the document.
    pub(super) date: Field,
    /// The citations of a document, each as its [key](super::authority::key).
    pub(super) authority: Field,
    /// The whole text of a document; phrases and operators are true of it.
    pub(super) text: Field,
    /// The text of a passage with its heading; what a search finds.
    pub(super) passage_text: Field,
    /// Columns, which no query names.
    pub(super) columns: Columns,
}

/// The columns of an entry: what is read of it without searching.
#[derive(Debug, Clone, Copy)]
pub(super) struct Columns {
    /// The upper and the lower half of an id each: of the entry, which is a
    /// document's or a passage's; and of a document's version and case.
    pub(super) id: [Field; 2],
    pub(super) version: [Field; 2],
    pub(super) case: [Field; 2],
    /// Of a passage: the lower half of its document's id.
    pub(super) of_document: Field,
    /// Of a document: how many passages follow it.
    pub(super) passages: Field,
    /// Of a passage: the page it begins on.
    pub(super) page: Field,
    /// Of a document: citations of one decision, joined.
    pub(super) parallel: Field,
    /// Of a document: its values, by the order of [`FacetName`].
    pub(super) facets: [Option<Field>; FACETS.len()],
}

/// The names of columns.
pub(super) const ID: [&str; 2] = ["id_high", "id_low"];
pub(super) const VERSION: [&str; 2] = ["version_high", "version_low"];
pub(super) const CASE: [&str; 2] = ["case_high", "case_low"];
pub(super) const OF_DOCUMENT: &str = "of_document";
pub(super) const PASSAGES: &str = "passages";
pub(super) const PAGE: &str = "page";
pub(super) const PARALLEL: &str = "parallel";
pub(super) const DATE: &str = "date";

/// The facets, in the order they are shown, with their columns; years are read of
/// the date.
pub(super) const FACETS: [(FacetName, Option<&str>); 10] = [
    (FacetName::Case, Some("facet_case")),
    (FacetName::Client, Some("facet_client")),
    (FacetName::Kind, Some("facet_kind")),
    (FacetName::Court, Some("facet_court")),
    (FacetName::Judge, Some("facet_judge")),
    (FacetName::Year, None),
    (FacetName::Party, Some("facet_party")),
    (FacetName::Language, Some("facet_language")),
    (FacetName::Statute, Some("facet_statute")),
    (FacetName::Cited, Some("facet_cited")),
];

/// What stands between an id and its label, or between the parts of a list, in a
/// column.
pub(super) const SEPARATOR: char = '\u{1f}';

impl Fields {
    /// The field a query names.
    pub(super) const fn named(&self, name: FieldName) -> Field {
        match name {
            FieldName::Title => self.title,
            FieldName::Court => self.court,
            FieldName::Judge => self.judge,
            FieldName::Party => self.party,
            FieldName::Type => self.type_,
            FieldName::Cites => self.cites,
            FieldName::Section => self.section,
            FieldName::Case => self.case_name,
            FieldName::Client => self.client,
            FieldName::Language => self.language,
        }
    }
}

/// Builds the schema.
pub(super) fn schema() -> (Schema, Fields) {
    let mut schema = Schema::builder();
    let id = || BytesOptions::default().set_indexed();
    let indexing = TextFieldIndexing::default()
        .set_tokenizer(ANALYSER)
        .set_index_option(IndexRecordOption::WithFreqsAndPositions);
    let text = TextOptions::default().set_indexing_options(indexing);
    let column = || NumericOptions::default().set_fast();
    let values = || TextOptions::default().set_fast("raw");
    let columns = Columns {
        id: ID.map(|name| schema.add_u64_field(name, column())),
        version: VERSION.map(|name| schema.add_u64_field(name, column())),
        case: CASE.map(|name| schema.add_u64_field(name, column())),
        of_document: schema.add_u64_field(OF_DOCUMENT, column()),
        passages: schema.add_u64_field(PASSAGES, column()),
        page: schema.add_u64_field(PAGE, column()),
        parallel: schema.add_text_field(PARALLEL, values()),
        facets: FACETS.map(|(_, name)| name.map(|name| schema.add_text_field(name, values()))),
    };
    let fields = Fields {
        columns,
        organisation: schema.add_bytes_field("organisation", id()),
        case: schema.add_bytes_field("case", id()),
        passage_case: schema.add_bytes_field("passage_case", id()),
        document: schema.add_bytes_field("document", id()),
        title: schema.add_text_field("title", text.clone()),
        court: schema.add_text_field("court", text.clone()),
        judge: schema.add_text_field("judge", text.clone()),
        party: schema.add_text_field("party", text.clone()),
        type_: schema.add_text_field("type", text.clone()),
        cites: schema.add_text_field("cites", text.clone()),
        section: schema.add_text_field("section", text.clone()),
        case_name: schema.add_text_field("case_name", text.clone()),
        client: schema.add_text_field("client", text.clone()),
        language: schema.add_text_field("language", text.clone()),
        date: schema.add_i64_field(DATE, NumericOptions::default().set_indexed().set_fast()),
        authority: schema.add_text_field("authority", STRING),
        text: schema.add_text_field("text", text.clone()),
        passage_text: schema.add_text_field("passage_text", text),
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
        let tokens = analyse(text);
        let mut starts = boundaries(text, &tokens).into_iter().peekable();
        let mut terms = Vec::with_capacity(text.len() / 3);
        for token in tokens {
            while let Some(start) = starts.next_if(|start| start.position <= token.position) {
                terms.push(term(&token, SENTENCE.to_owned()));
                if start.paragraph {
                    terms.push(term(&token, PARAGRAPH.to_owned()));
                }
            }
            if let Some(stem) = &token.stem {
                terms.push(term(&token, stem_term(stem)));
            }
            terms.push(term(&token, token.exact.clone()));
        }
        BoxTokenStream::new(Terms { terms, next: 0 })
    }
}

/// A term at the position of a word.
fn term(token: &Token, text: String) -> TantivyToken {
    TantivyToken {
        offset_from: token.start,
        offset_to: token.end,
        position: token.position as usize,
        text,
        position_length: 1,
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
