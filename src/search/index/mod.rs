//! The index: entries for documents and for their passages, in tantivy.
//!
//! A search is two passes. The first finds the documents: what a caller may see is
//! a part of its query, and so are the filters. The second looks for passages, in
//! the documents of the first and nowhere else; nothing is removed from results
//! afterwards. One process writes; others read and follow its commits.

mod authority;
mod best;
mod column;
mod commits;
mod cursor;
mod entry;
mod except;
mod facet;
mod files;
mod filter;
mod folders;
mod held;
mod live;
mod manifest;
mod matching;
mod open;
mod passages;
mod purge;
mod rank;
mod rarity;
mod schema;
mod scope;
mod search;
mod similar;
mod spans;
mod translate;
mod wholes;
mod write;

use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use chrono::NaiveDate;
use tantivy::directory::error::{LockError, OpenReadError};
use tantivy::{IndexReader, TantivyError};

use super::query::Query;
use super::request::{Cursor, Facet};
use crate::kernel::{CaseId, ClientId, DocumentId, OrganisationId, PassageId, VersionId};
use commits::Commits;
pub use held::Held;
pub use live::{LiveIndex, Progress, Writing};
use schema::Fields;

/// The full-text index.
pub struct Index {
    dir: PathBuf,
    fields: Fields,
    reader: IndexReader,
    /// `None` in a process that only reads.
    writer: Option<Arc<Commits>>,
}

/// What a process does with the index.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Reads and writes; one process at a time.
    Writer,
    /// Reads, and follows what another process writes.
    ReaderOnly,
}

/// An index that has been opened.
#[derive(Debug)]
pub struct Opened {
    /// The index.
    pub index: Index,
    /// Whether the index starts empty, because there was none, or because the one
    /// there was built with other versions or is damaged. Everything is to be
    /// indexed again.
    pub rebuilt: bool,
}

/// A version of a document, to be indexed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndexedVersion {
    /// Whose document it is.
    pub organisation: OrganisationId,
    /// The case it belongs to.
    pub case: CaseId,
    /// The document.
    pub document: DocumentId,
    /// The version of it.
    pub version: VersionId,
    /// What the document is called.
    pub title: String,
    /// What it is and names.
    pub about: IndexedAbout,
    /// The whole text: the pages, with an empty line between them.
    pub text: String,
    /// The passages of the text, in order.
    pub passages: Vec<IndexedPassage>,
}

/// What a document is and names, by which it is found and narrowed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct IndexedAbout {
    /// `judgment`, `order`, `agreement` and so on; empty when it was not told.
    pub kind: String,
    /// The court it is of.
    pub court: Option<String>,
    /// Its judges.
    pub judges: Vec<String>,
    /// Its parties.
    pub parties: Vec<String>,
    /// Its date.
    pub date: Option<NaiveDate>,
    /// The languages of its pages: `English`, `Hindi`.
    pub languages: Vec<String>,
    /// The title of the case it is filed in, and its numbers.
    pub case_title: String,
    /// The numbers of cases it names.
    pub case_numbers: Vec<String>,
    /// The client whose case it is filed in.
    pub client: Option<(ClientId, String)>,
    /// The statutes and sections it names, in their normal form: `NI Act s. 138`.
    pub statutes: Vec<String>,
    /// The authorities it cites; those of one decision side by side:
    /// `2024 INSC 835`, `(2024) 9 SCC 1`.
    pub cited: Vec<Vec<String>>,
}

/// A passage, to be indexed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndexedPassage {
    /// The passage.
    pub id: PassageId,
    /// The page it begins on, counted from 1.
    pub page: u32,
    /// Which passage of its document it is.
    pub ordinal: u32,
    /// Its text.
    pub text: String,
    /// The heading it stands under; its words count as the passage's.
    pub heading: Option<String>,
}

/// What a search found.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Found {
    /// The passages, the best first.
    pub hits: Vec<LexicalHit>,
    /// How many documents match, whether or not a passage of theirs is a hit.
    pub documents: usize,
    /// Values to narrow by, where they were asked for, in the order to show them.
    pub facets: Vec<Facet>,
    /// Where to go on; `None` when there is no more.
    pub next: Option<Cursor>,
}

/// A passage that was found.
#[derive(Debug, Clone, PartialEq)]
pub struct LexicalHit {
    /// The passage; `None` for a document without passages.
    pub passage: Option<PassageId>,
    /// The document.
    pub document: DocumentId,
    /// The version of it that was indexed.
    pub version: VersionId,
    /// The case.
    pub case: CaseId,
    /// The page the passage begins on, counted from 1.
    pub page: u32,
    /// The date of the document.
    pub date: Option<NaiveDate>,
    /// How well it matches; comparable within one search only.
    pub score: f32,
}

/// Why something could not be done with the index.
#[derive(Debug, thiserror::Error)]
pub enum IndexError {
    /// Another process writes; one may.
    #[error("another process is writing the index")]
    Busy,
    /// This process only reads, and no writer has made an index it can read.
    #[error("there is no index that can be read yet")]
    NotReady,
    /// This process only reads.
    #[error("the index is open for reading only")]
    ReadOnly,
    /// The index is damaged; the next writer to open it builds it again.
    #[error("the index is damaged")]
    Damaged(#[source] TantivyError),
    /// The directory of the index cannot be used.
    #[error("the directory of the index cannot be used")]
    Directory(#[source] io::Error),
    /// The search engine failed.
    #[error("the search engine failed")]
    Engine(#[source] TantivyError),
}

impl From<TantivyError> for IndexError {
    fn from(error: TantivyError) -> Self {
        match error {
            TantivyError::LockFailure(LockError::LockBusy, _) => Self::Busy,
            error if is_damage(&error) => Self::Damaged(error),
            error => Self::Engine(error),
        }
    }
}

/// Whether an error says that the files are not what was written.
fn is_damage(error: &TantivyError) -> bool {
    match error {
        TantivyError::DataCorruption(_)
        | TantivyError::IncompatibleIndex(_)
        | TantivyError::DeserializeError(_)
        | TantivyError::SchemaError(_)
        | TantivyError::FieldNotFound(_) => true,
        TantivyError::OpenReadError(error) => match error {
            OpenReadError::FileDoesNotExist(_) | OpenReadError::IncompatibleIndex(_) => true,
            OpenReadError::IoError { io_error, .. } => is_torn(io_error),
        },
        TantivyError::IoError(error) => is_torn(error),
        _ => false,
    }
}

fn is_torn(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::UnexpectedEof | io::ErrorKind::InvalidData | io::ErrorKind::NotFound
    )
}

impl std::fmt::Debug for Index {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Index").field("dir", &self.dir).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
