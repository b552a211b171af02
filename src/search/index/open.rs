//! Opening: the entries of a directory, or new ones when those there do not fit.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use tantivy::directory::{Directory as _, INDEX_WRITER_LOCK, MmapDirectory};
use tantivy::schema::Schema;
use tantivy::{ReloadPolicy, TantivyError};

use super::commits::Commits;
use super::manifest::Manifest;
use super::{Index, IndexError, Mode, Opened, schema};

/// Where the entries lie in the directory of the index.
pub(super) const ENTRIES: &str = "entries";

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
    pub(super) fn attach(dir: &Path, mode: Mode) -> Result<Self, IndexError> {
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
            Mode::Writer => Some(Arc::new(Commits::of(&index, reader.clone())?)),
            Mode::ReaderOnly => None,
        };
        Ok(Self { dir: dir.to_owned(), fields, reader, writer })
    }

    pub(super) fn check_schema(index: &tantivy::Index, schema: &Schema) -> Result<(), IndexError> {
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
    pub(super) fn make_anew(dir: &Path, manifest: &Manifest) -> Result<(), IndexError> {
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
    pub(super) fn note<T>(&self, outcome: Result<T, IndexError>) -> Result<T, IndexError> {
        if let Err(IndexError::Damaged(error)) = &outcome {
            tracing::error!(error = %error, "the full-text index is damaged");
            if let Err(error) = Manifest::mark_damaged(&self.dir) {
                tracing::error!(error = %error, "the damage cannot be noted");
            }
        }
        outcome
    }

    pub(super) fn writer(&self) -> Result<&Arc<Commits>, IndexError> {
        self.writer.as_ref().ok_or(IndexError::ReadOnly)
    }
}
