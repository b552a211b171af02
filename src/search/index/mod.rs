//! The index: entries for documents and for their passages, in tantivy.
//!
//! What a caller may see is a part of every query, as clauses that filter and do
//! not score; nothing is removed from results afterwards, and counts are counted
//! with the same clauses. One process writes; others read and follow its commits.

mod manifest;
mod rank;
mod schema;
mod scope;
mod search;
mod translate;
mod write;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use tantivy::directory::error::{LockError, OpenReadError};
use tantivy::directory::{Directory as _, INDEX_WRITER_LOCK, MmapDirectory};
use tantivy::schema::Schema;
use tantivy::{IndexReader, IndexWriter, ReloadPolicy, TantivyError};

use super::query::Query;
use crate::kernel::{CaseId, DocumentId, OrganisationId, PassageId, VersionId};
use manifest::Manifest;
use schema::Fields;

/// What the writer may hold in memory before it writes a segment.
const WRITER_BYTES: usize = 50_000_000;

/// Where the entries lie in the directory of the index.
const ENTRIES: &str = "entries";

/// The full-text index.
pub struct Index {
    dir: PathBuf,
    fields: Fields,
    reader: IndexReader,
    /// `None` in a process that only reads.
    writer: Option<Mutex<IndexWriter>>,
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
    /// The whole text: the pages, with an empty line between them.
    pub text: String,
    /// The passages of the text, in order.
    pub passages: Vec<IndexedPassage>,
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

impl Index {
    /// Opens the index in a directory, making it if there is none.
    ///
    /// An index that was built with another schema, analyser or table, or that is
    /// damaged, is dropped: it is derived, and [`Opened::rebuilt`] says that it is
    /// to be filled again.
    ///
    /// # Errors
    /// Fails when another process writes the index, when the directory cannot be
    /// used, or, in a process that only reads, when no index fits.
    pub fn open(dir: &Path, mode: Mode) -> Result<Opened, IndexError> {
        let current = Manifest::current();
        if current.fits(dir) {
            match Self::attach(dir, mode) {
                Ok(index) => return Ok(Opened { index, rebuilt: false }),
                Err(IndexError::Damaged(error)) if mode == Mode::Writer => {
                    tracing::warn!(error = %error, "the full-text index is damaged and is built again");
                }
                Err(error) => return Err(error),
            }
        }
        match mode {
            Mode::ReaderOnly => Err(IndexError::NotReady),
            Mode::Writer => {
                Self::make_anew(dir, &current)?;
                Ok(Opened { index: Self::attach(dir, mode)?, rebuilt: true })
            }
        }
    }

    /// Opens the entries that are there.
    fn attach(dir: &Path, mode: Mode) -> Result<Self, IndexError> {
        let (schema, fields) = schema::schema();
        let index = tantivy::Index::open_in_dir(dir.join(ENTRIES))?;
        Self::check_schema(&index, &schema)?;
        index.tokenizers().register(schema::ANALYSER, schema::Analyser);
        let policy = match mode {
            Mode::Writer => ReloadPolicy::Manual,
            Mode::ReaderOnly => ReloadPolicy::OnCommitWithDelay,
        };
        let reader = index.reader_builder().reload_policy(policy).try_into()?;
        let writer = match mode {
            Mode::Writer => Some(Mutex::new(index.writer_with_num_threads(1, WRITER_BYTES)?)),
            Mode::ReaderOnly => None,
        };
        Ok(Self { dir: dir.to_owned(), fields, reader, writer })
    }

    fn check_schema(index: &tantivy::Index, schema: &Schema) -> Result<(), IndexError> {
        if index.schema() == *schema {
            return Ok(());
        }
        let error = TantivyError::SchemaError("the index has other fields".to_owned());
        Err(IndexError::Damaged(error))
    }

    /// Drops what is there and makes an empty index.
    ///
    /// The manifest goes first and comes last, so that a stop in between leaves an
    /// index that is made anew again.
    fn make_anew(dir: &Path, manifest: &Manifest) -> Result<(), IndexError> {
        let entries = dir.join(ENTRIES);
        fs::create_dir_all(&entries).map_err(IndexError::Directory)?;
        let directory = MmapDirectory::open(&entries).map_err(TantivyError::from)?;
        let lock = directory
            .acquire_lock(&INDEX_WRITER_LOCK)
            .map_err(|error| TantivyError::LockFailure(error, None))?;
        Manifest::clear(dir).map_err(IndexError::Directory)?;
        fs::remove_dir_all(&entries).map_err(IndexError::Directory)?;
        fs::create_dir_all(&entries).map_err(IndexError::Directory)?;
        drop(lock);
        tantivy::Index::create_in_dir(&entries, schema::schema().0)?;
        manifest.write(dir).map_err(IndexError::Directory)
    }

    /// Notes damage for the next opening, and passes the error on.
    fn note<T>(&self, outcome: Result<T, IndexError>) -> Result<T, IndexError> {
        if let Err(IndexError::Damaged(error)) = &outcome {
            tracing::error!(error = %error, "the full-text index is damaged");
            if let Err(error) = Manifest::mark_damaged(&self.dir) {
                tracing::error!(error = %error, "the damage cannot be noted");
            }
        }
        outcome
    }

    fn writer(&self) -> Result<std::sync::MutexGuard<'_, IndexWriter>, IndexError> {
        let writer = self.writer.as_ref().ok_or(IndexError::ReadOnly)?;
        Ok(writer.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[cfg(test)]
mod tests;
