//! The embedded vector store: every vector compared, none left out.
//!
//! Each organisation has one append-only file (`record.rs`) and, in memory, a row of
//! eight-bit codes for each passage (`rows.rs`); the rows of a version of a document
//! are its [`Block`] (`stock.rs`). A search picks the rows the caller's scope opens,
//! compares the codes, and reads the exact numbers of the best from the file
//! (`scan.rs`). What the scope does not open is never touched, so nothing has to be
//! filtered out. Snapshots are links to the files (`snapshot.rs`).
//!
//! One process writes. Others may read the same directory: before each search the
//! file is looked at, and what was appended meanwhile is taken in.
//!
//! The methods block on files and processor; call them off the async threads.

mod erase;
mod record;
mod rows;
mod scan;
mod snapshot;
mod stock;
mod stores;

pub use stores::FlatStores;

use std::collections::{BTreeSet, HashMap};
use std::fs;
use std::io;
use std::iter;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use self::rows::Run;
use self::stock::{Block, Stock};
use super::store::{Entry, Narrow, Near, StoreError, check_entries, check_vector};
use crate::kernel::{DocumentId, OrganisationId, Reach, Scope, VersionId};

/// The version of the files' format. Raise it when `record.rs` changes.
const FORMAT: u32 = 1;

/// The file that says what the others were made with.
const MANIFEST: &str = "manifest.json";

/// The ending of the organisations' files.
const ENDING: &str = "vectors";

/// A store that was opened.
pub struct Opened {
    /// The store.
    pub store: FlatStore,
    /// Whether vectors of another model or format were dropped: every document
    /// has to be embedded again.
    pub rebuilt: bool,
}

/// What the files of a store were made with.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Manifest {
    format: u32,
    model: String,
    dimensions: usize,
}

impl Manifest {
    /// The manifest of a store; one that cannot be read says as little as none.
    fn of(dir: &Path) -> Option<Self> {
        serde_json::from_slice(&fs::read(dir.join(MANIFEST)).ok()?).ok()
    }
}

/// The embedded vector store.
pub struct FlatStore {
    dir: PathBuf,
    made_with: Manifest,
    stocks: Mutex<HashMap<OrganisationId, Arc<RwLock<Stock>>>>,
    dropped: AtomicBool,
}

impl FlatStore {
    /// Opens the store in a directory, and loads what is there. Vectors made by
    /// another model or in another format are dropped.
    ///
    /// # Errors
    /// Fails when the model's vectors there have another dimension, or when the
    /// directory cannot be read or written.
    pub fn open(dir: &Path, model: &str, dimensions: usize) -> Result<Opened, StoreError> {
        let io = |source| StoreError::Io { path: dir.into(), source };
        fs::create_dir_all(dir).map_err(io)?;
        let made_with = Manifest { format: FORMAT, model: model.into(), dimensions };
        let path = dir.join(MANIFEST);
        let found = Manifest::of(dir);
        if let Some(found) = &found
            && found.model == model
            && found.dimensions != dimensions
        {
            let (expected, actual) = (found.dimensions, dimensions);
            return Err(StoreError::WrongDimension { expected, actual });
        }
        let mut rebuilt = false;
        if found.as_ref() != Some(&made_with) {
            for (_, file) in organisations(dir).map_err(io)? {
                fs::remove_file(file).map_err(io)?;
                rebuilt = true;
            }
            let text = serde_json::to_vec(&made_with).map_err(|error| io(error.into()))?;
            stock::place(&path, |file| io::Write::write_all(file, &text))
                .map_err(|source| StoreError::Io { path, source })?;
        }
        snapshot::finish(dir, &made_with).map_err(io)?;
        let (stocks, dropped) = (Mutex::default(), AtomicBool::new(false));
        let store = Self { dir: dir.into(), made_with, stocks, dropped };
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
        check_entries(self.made_with.dimensions, version, entries)?;
        let record = record::replace(version, entries)?;
        self.alive()?;
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
        self.alive()?;
        let stock = self.stock(org);
        let mut stock = write(&stock);
        if stock.refreshed()?.of_document(document).next().is_none() {
            return Ok(());
        }
        stock.append(&record::remove(document))
    }

    /// The `k` passages nearest to a query among those the scope opens, nearest
    /// first.
    ///
    /// # Errors
    /// Fails when the query does not fit the store, or on a failing disk.
    pub fn search(
        &self,
        scope: &Scope,
        narrow: &Narrow,
        query: &[f32],
        k: usize,
    ) -> Result<Vec<Near>, StoreError> {
        check_vector(self.made_with.dimensions, query)?;
        let stock = self.fresh(scope.organisation())?;
        let stock = read(&stock);
        scan::nearest(&stock, &open_to(&stock, scope, narrow), query, k)
    }

    /// The versions that have entries, to be compared with the documents.
    ///
    /// # Errors
    /// Fails on a failing disk.
    pub fn versions(&self, org: OrganisationId) -> Result<BTreeSet<VersionId>, StoreError> {
        let stock = self.fresh(org)?;
        Ok(read(&stock).blocks().map(|block| block.stub.version).collect())
    }

    /// How many entries an organisation has.
    ///
    /// # Errors
    /// Fails on a failing disk.
    pub fn count(&self, org: OrganisationId) -> Result<usize, StoreError> {
        let stock = self.fresh(org)?;
        Ok(read(&stock).blocks().map(|block| block.stub.count).sum())
    }

    /// Says that the directory is gone: whoever still uses the store is told so.
    fn drop_out(&self) {
        self.dropped.store(true, Ordering::Release);
    }

    fn alive(&self) -> Result<(), StoreError> {
        if self.dropped.load(Ordering::Acquire) {
            Err(StoreError::Dropped(self.made_with.model.clone()))
        } else {
            Ok(())
        }
    }

    /// The stock of an organisation, as it was when last looked at.
    fn stock(&self, org: OrganisationId) -> Arc<RwLock<Stock>> {
        let mut stocks = self.stocks.lock().unwrap_or_else(PoisonError::into_inner);
        let path = || self.dir.join(org.to_string()).with_extension(ENDING);
        let new = || Arc::new(RwLock::new(Stock::new(path(), self.made_with.dimensions)));
        stocks.entry(org).or_insert_with(new).clone()
    }

    /// The stock of an organisation, with what another process appended.
    fn fresh(&self, org: OrganisationId) -> Result<Arc<RwLock<Stock>>, StoreError> {
        self.alive()?;
        let stock = self.stock(org);
        if read(&stock).is_stale()? {
            write(&stock).refreshed()?;
        }
        Ok(stock)
    }
}

/// The rows a scope opens, and of them those asked for: the whole decision about who
/// may see what.
fn open_to(stock: &Stock, scope: &Scope, narrow: &Narrow) -> Vec<Run> {
    let opened: Vec<&Block> = match (scope.reach(), narrow.case) {
        (Reach::Organisation, None) if narrow.documents.is_none() => {
            return iter::once(0..stock.rows.len()).collect();
        }
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
    };
    let wanted = |block: &&Block| {
        narrow.documents.as_ref().is_none_or(|documents| documents.contains(&block.stub.document))
    };
    rows::joined(opened.into_iter().filter(wanted).map(Block::run).collect())
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
mod snapshot_tests;
#[cfg(test)]
mod tests;
