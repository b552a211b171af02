//! The embedded vector store: every vector compared, none left out.
//!
//! Each organisation has one append-only file (`record.rs`) and, in memory, one
//! [`Block`] of eight-bit codes for each version of a document
//! (`stock.rs`). A search picks the blocks the caller's scope opens, compares the
//! codes, and reads the exact numbers of the best from the file (`scan.rs`). What
//! the scope does not open is never touched, so nothing has to be filtered out.
//!
//! One process writes. Others may read the same directory: before each search the
//! file is looked at, and what was appended meanwhile is taken in.
//!
//! The methods block on files and processor; call them off the async threads.

mod record;
mod scan;
mod stock;

use std::collections::{BTreeSet, HashMap};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use self::stock::{Block, Stock};
use crate::kernel::{CaseId, DocumentId, OrganisationId, PassageId, Reach, Scope, VersionId};

/// The version of the files' format. Raise it when `record.rs` changes.
const FORMAT: u32 = 1;

/// The file that says what the others were made with.
const MANIFEST: &str = "manifest.json";

/// The ending of the organisations' files.
const ENDING: &str = "vectors";

/// One vector and what the scope needs to know of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The passage the vector stands for.
    pub passage: PassageId,
    /// The document it is in.
    pub document: DocumentId,
    /// The version of the document it is in.
    pub version: VersionId,
    /// The case the document belongs to.
    pub case: CaseId,
    /// The vector, of length one (L2).
    pub vector: Vec<f32>,
}

/// A passage near to a query.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Near {
    /// The passage.
    pub passage: PassageId,
    /// The document it is in.
    pub document: DocumentId,
    /// The case the document belongs to.
    pub case: CaseId,
    /// The dot product with the query: the cosine, as both have length one.
    pub score: f32,
}

/// A store that was opened.
pub struct Opened {
    /// The store.
    pub store: FlatStore,
    /// Whether vectors of another model or format were dropped: every document
    /// has to be embedded again.
    pub rebuilt: bool,
}

/// Why the vector store could not do something.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The disk said no.
    #[error("the vector file `{}` cannot be used", path.display())]
    Io {
        /// The file or directory.
        path: PathBuf,
        /// What the disk said.
        #[source]
        source: io::Error,
    },
    /// A vector is of another length than the store's.
    #[error("the vector has `{actual}` dimensions instead of `{expected}`")]
    WrongDimension {
        /// The length of the store's vectors.
        expected: usize,
        /// The length of the vector given.
        actual: usize,
    },
    /// A vector holds something that is not a number.
    #[error("the vector holds a number that is not finite")]
    NotFinite,
    /// The entries given together are not of one version, document and case.
    #[error("the entries are not all of version `{0}` and of one document and case")]
    Mixed(VersionId),
    /// A version has more passages than one record holds.
    #[error("version `{0}` has too many passages for one record")]
    TooLarge(VersionId),
}

/// What the files of a store were made with.
#[derive(PartialEq, Serialize, Deserialize)]
struct Manifest {
    format: u32,
    model: String,
    dimensions: usize,
}

/// The embedded vector store.
pub struct FlatStore {
    dir: PathBuf,
    dimensions: usize,
    stocks: Mutex<HashMap<OrganisationId, Arc<RwLock<Stock>>>>,
}

impl FlatStore {
    /// Opens the store in a directory, and loads what is there. Vectors made by
    /// another model, with other dimensions or in another format are dropped.
    ///
    /// # Errors
    /// Fails when the directory cannot be read or written.
    pub fn open(dir: &Path, model: &str, dimensions: usize) -> Result<Opened, StoreError> {
        let io = |source| StoreError::Io { path: dir.into(), source };
        fs::create_dir_all(dir).map_err(io)?;
        let wanted = Manifest { format: FORMAT, model: model.into(), dimensions };
        let path = dir.join(MANIFEST);
        // A manifest that cannot be read says as little as none.
        let found = fs::read(&path).ok().and_then(|text| serde_json::from_slice(&text).ok());
        let mut rebuilt = false;
        if found.as_ref() != Some(&wanted) {
            for (_, file) in organisations(dir).map_err(io)? {
                fs::remove_file(file).map_err(io)?;
                rebuilt = true;
            }
            let text = serde_json::to_vec(&wanted).map_err(|error| io(error.into()))?;
            stock::place(&path, |file| io::Write::write_all(file, &text))
                .map_err(|source| StoreError::Io { path, source })?;
        }
        let store = Self { dir: dir.into(), dimensions, stocks: Mutex::default() };
        for (organisation, _) in organisations(dir).map_err(io)? {
            store.fresh(organisation)?;
        }
        Ok(Opened { store, rebuilt })
    }

    /// Replaces the entries of a version by these; by none, to forget the version.
    /// They are on the disk when this returns, all or none of them.
    ///
    /// # Errors
    /// Fails when the entries do not fit the store, or on a failing disk.
    pub fn replace(
        &self,
        org: OrganisationId,
        version: VersionId,
        entries: &[Entry],
    ) -> Result<(), StoreError> {
        for entry in entries {
            self.check(&entry.vector)?;
        }
        let record = record::replace(version, entries)?;
        let stock = self.stock(org);
        let mut stock = write(&stock);
        if entries.is_empty() && !stock.refreshed()?.holds(version) {
            return Ok(());
        }
        stock.append(&record)
    }

    /// Removes every entry of a document, whatever its version.
    ///
    /// # Errors
    /// Fails on a failing disk.
    pub fn remove_document(
        &self,
        org: OrganisationId,
        document: DocumentId,
    ) -> Result<(), StoreError> {
        let stock = self.stock(org);
        let mut stock = write(&stock);
        if stock.refreshed()?.of_document(document).next().is_none() {
            return Ok(());
        }
        stock.append(&record::remove(document))
    }

    /// The `k` passages nearest to a query among those the scope opens, nearest
    /// first; of one case, if `within` names it.
    ///
    /// # Errors
    /// Fails when the query does not fit the store, or on a failing disk.
    pub fn search(
        &self,
        scope: &Scope,
        within: Option<CaseId>,
        query: &[f32],
        k: usize,
    ) -> Result<Vec<Near>, StoreError> {
        self.check(query)?;
        let stock = self.fresh(scope.organisation())?;
        let stock = read(&stock);
        scan::nearest(&stock, &open_to(&stock, scope, within), query, k)
    }

    /// The versions that have entries, to be compared with the documents.
    #[must_use]
    pub fn versions(&self, org: OrganisationId) -> BTreeSet<VersionId> {
        read(&self.newest(org)).blocks().map(|block| block.stub.version).collect()
    }

    /// How many entries an organisation has.
    #[must_use]
    pub fn len(&self, org: OrganisationId) -> usize {
        read(&self.newest(org)).blocks().map(|block| block.passages.len()).sum()
    }

    /// Whether an organisation has no entries.
    #[must_use]
    pub fn is_empty(&self, org: OrganisationId) -> bool {
        read(&self.newest(org)).blocks().next().is_none()
    }

    /// The stock of an organisation, as it was when last looked at.
    fn stock(&self, org: OrganisationId) -> Arc<RwLock<Stock>> {
        let mut stocks = self.stocks.lock().unwrap_or_else(PoisonError::into_inner);
        let path = || self.dir.join(org.to_string()).with_extension(ENDING);
        let new = || Arc::new(RwLock::new(Stock::new(path(), self.dimensions)));
        stocks.entry(org).or_insert_with(new).clone()
    }

    /// The stock of an organisation, with what another process appended.
    fn fresh(&self, org: OrganisationId) -> Result<Arc<RwLock<Stock>>, StoreError> {
        let stock = self.stock(org);
        if read(&stock).is_stale()? {
            write(&stock).refreshed()?;
        }
        Ok(stock)
    }

    /// The same for callers that can do with an older one.
    fn newest(&self, org: OrganisationId) -> Arc<RwLock<Stock>> {
        self.fresh(org).unwrap_or_else(|error| {
            tracing::warn!(%org, error = &error as &dyn std::error::Error, "vectors not reread");
            self.stock(org)
        })
    }

    fn check(&self, vector: &[f32]) -> Result<(), StoreError> {
        if vector.len() != self.dimensions {
            let (expected, actual) = (self.dimensions, vector.len());
            return Err(StoreError::WrongDimension { expected, actual });
        }
        if vector.iter().all(|number| number.is_finite()) {
            Ok(())
        } else {
            Err(StoreError::NotFinite)
        }
    }
}

/// The blocks a scope opens: the whole decision about who may see what.
fn open_to<'a>(stock: &'a Stock, scope: &Scope, within: Option<CaseId>) -> Vec<&'a Block> {
    match (scope.reach(), within) {
        (Reach::Organisation, None) => stock.blocks().collect(),
        (Reach::Organisation, Some(case)) => stock.of_case(case).collect(),
        (Reach::Cases(cases), None) => cases.iter().flat_map(|case| stock.of_case(*case)).collect(),
        (Reach::Cases(cases), Some(case)) if cases.contains(&case) => stock.of_case(case).collect(),
        (Reach::Cases(_), Some(_)) => Vec::new(),
        (Reach::Shared { documents, .. }, within) => documents
            .iter()
            .flat_map(|document| stock.of_document(*document))
            .filter(|block| within.is_none_or(|case| block.stub.case == case))
            .collect(),
    }
}

/// The organisations that have a file in a directory.
fn organisations(dir: &Path) -> io::Result<Vec<(OrganisationId, PathBuf)>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(dir)? {
        let path = entry?.path();
        let stem = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
        if let (Ok(id), true) =
            (stem.parse::<Uuid>(), path.extension().is_some_and(|e| e == ENDING))
        {
            found.push((id.into(), path));
        }
    }
    Ok(found)
}

// A panic while a stock is locked leaves it as the file says or behind it, and
// the next look at the file brings it up to date: the lock can be used on.

fn read(stock: &RwLock<Stock>) -> RwLockReadGuard<'_, Stock> {
    stock.read().unwrap_or_else(PoisonError::into_inner)
}

fn write(stock: &RwLock<Stock>) -> RwLockWriteGuard<'_, Stock> {
    stock.write().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests;
