//! The embedded stores of a data folder: a folder for each generation.
//!
//! A generation that is open is open once: whoever opens it again is given the same
//! store.

use std::collections::{BTreeSet, HashMap};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use tokio::sync::OnceCell;

use super::{FlatStore, MANIFEST, Manifest, organisations};
use crate::kernel::{DocumentId, OrganisationId, Scope, VersionId};
use crate::vectors::store::{
    Entry, Narrow, Near, Snapshot, StoreError, VectorStore, VectorStores, check_name,
};

/// What the name of a folder begins with whose generation was dropped.
const DROPPED: &str = ".dropped-";
/// How many snapshots are kept when nothing else is said.
const SNAPSHOTS: usize = 3;

/// The embedded stores of a data folder.
pub struct FlatStores {
    dir: PathBuf,
    snapshots: usize,
    open: Mutex<HashMap<String, Slot>>,
}

/// A store, from the moment somebody began to open it.
type Slot = Arc<OnceCell<Arc<FlatStore>>>;

impl FlatStores {
    /// The stores in a folder, made when the first is opened.
    #[must_use]
    pub fn new(dir: PathBuf) -> Self {
        Self { dir, snapshots: SNAPSHOTS, open: Mutex::default() }
    }

    /// Keeps so many snapshots of a store instead of three.
    #[must_use]
    pub fn keeping(self, snapshots: usize) -> Self {
        Self { snapshots, ..self }
    }

    fn slot(&self, generation: &str) -> Slot {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(open.entry(generation.to_owned()).or_default())
    }
}

#[async_trait]
impl VectorStores for FlatStores {
    fn name(&self) -> &'static str {
        "embedded"
    }

    async fn open(
        &self,
        generation: &str,
        dimensions: usize,
    ) -> Result<Arc<dyn VectorStore>, StoreError> {
        check_name(generation)?;
        let slot = self.slot(generation);
        let store = slot.get_or_try_init(|| {
            let (dir, name) = (self.dir.clone(), generation.to_owned());
            blocking(move || load(&dir, &name, dimensions))
        });
        let store = Arc::clone(store.await?);
        if store.made_with.dimensions != dimensions {
            let (expected, actual) = (store.made_with.dimensions, dimensions);
            return Err(StoreError::WrongDimension { expected, actual });
        }
        Ok(Arc::new(Held { store, snapshots: self.snapshots }))
    }

    async fn dimensions(&self, generation: &str) -> Result<Option<usize>, StoreError> {
        check_name(generation)?;
        let dir = self.dir.join(generation);
        blocking(move || Ok(Manifest::of(&dir).map(|manifest| manifest.dimensions))).await
    }

    async fn generations(&self) -> Result<BTreeSet<String>, StoreError> {
        let dir = self.dir.clone();
        blocking(move || {
            let holds_vectors =
                |name: &String| check_name(name).is_ok() && dir.join(name).join(MANIFEST).exists();
            let found =
                folders(&dir).map_err(|source| StoreError::Io { path: dir.clone(), source })?;
            Ok(found.into_iter().filter(holds_vectors).collect())
        })
        .await
    }

    async fn drop_generation(&self, generation: &str) -> Result<(), StoreError> {
        check_name(generation)?;
        let slot = {
            let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
            open.remove(generation)
        };
        if let Some(store) = slot.as_ref().and_then(|slot| slot.get()) {
            store.drop_out();
        }
        let (dir, name) = (self.dir.clone(), generation.to_owned());
        blocking(move || remove(&dir, &name).map_err(|source| StoreError::Io { path: dir, source }))
            .await
    }
}

/// Opens the store of a generation.
fn load(dir: &Path, generation: &str, dimensions: usize) -> Result<Arc<FlatStore>, StoreError> {
    clear(dir).map_err(|source| StoreError::Io { path: dir.into(), source })?;
    let opened = FlatStore::open(&dir.join(generation), generation, dimensions)?;
    if opened.rebuilt {
        tracing::warn!(generation, "the vectors were in another format; they are made again");
    }
    Ok(Arc::new(opened.store))
}

/// Removes files that lie beside the generations: before there were generations, the
/// one store was there.
fn clear(dir: &Path) -> io::Result<()> {
    if dir.join(MANIFEST).exists() {
        for (_, file) in organisations(dir)? {
            fs::remove_file(file)?;
        }
        fs::remove_file(dir.join(MANIFEST))?;
        tracing::warn!(path = %dir.display(), "vectors of an earlier release were removed; they are made again");
    }
    Ok(())
}

/// Takes a generation's folder away under another name, so that nobody writes to it
/// any more, and removes it and what was left of others.
fn remove(dir: &Path, generation: &str) -> io::Result<()> {
    let left_over = || -> io::Result<()> {
        for name in folders(dir)?.iter().filter(|name| name.starts_with(DROPPED)) {
            fs::remove_dir_all(dir.join(name))?;
        }
        Ok(())
    };
    left_over()?;
    match fs::rename(dir.join(generation), dir.join(format!("{DROPPED}{generation}"))) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        moved => moved?,
    }
    left_over()
}

/// The names of the folders in a folder.
pub(super) fn folders(dir: &Path) -> io::Result<Vec<String>> {
    let entries = match fs::read_dir(dir) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries?,
    };
    let mut names = Vec::new();
    for entry in entries {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            names.extend(entry.file_name().into_string());
        }
    }
    Ok(names)
}

/// A store, shared with the threads that block on it.
struct Held {
    store: Arc<FlatStore>,
    snapshots: usize,
}

impl Held {
    async fn off<T: Send + 'static>(
        &self,
        work: impl FnOnce(&FlatStore) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let store = Arc::clone(&self.store);
        blocking(move || work(&store)).await
    }
}

#[async_trait]
impl VectorStore for Held {
    async fn replace(
        &self,
        organisation: OrganisationId,
        version: VersionId,
        entries: Vec<Entry>,
    ) -> Result<(), StoreError> {
        self.off(move |store| store.replace(organisation, version, &entries)).await
    }

    async fn remove_document(
        &self,
        organisation: OrganisationId,
        document: DocumentId,
    ) -> Result<(), StoreError> {
        self.off(move |store| store.remove_document(organisation, document)).await
    }

    async fn erase(
        &self,
        organisation: OrganisationId,
        documents: &[DocumentId],
    ) -> Result<u64, StoreError> {
        let documents = documents.to_vec();
        self.off(move |store| store.erase(organisation, &documents)).await
    }

    async fn search(
        &self,
        scope: &Scope,
        narrow: &Narrow,
        query: &[f32],
        k: usize,
    ) -> Result<Vec<Near>, StoreError> {
        let (scope, narrow, query) = (scope.clone(), narrow.clone(), query.to_vec());
        self.off(move |store| store.search(&scope, &narrow, &query, k)).await
    }

    async fn versions(
        &self,
        organisation: OrganisationId,
    ) -> Result<BTreeSet<VersionId>, StoreError> {
        self.off(move |store| store.versions(organisation)).await
    }

    async fn count(&self, organisation: OrganisationId) -> Result<usize, StoreError> {
        self.off(move |store| store.count(organisation)).await
    }

    async fn snapshot(&self) -> Result<Snapshot, StoreError> {
        let keep = self.snapshots;
        self.off(move |store| store.snapshot(keep)).await
    }

    async fn snapshots(&self) -> Result<Vec<Snapshot>, StoreError> {
        self.off(FlatStore::snapshots).await
    }

    async fn restore(&self, name: &str) -> Result<(), StoreError> {
        let name = name.to_owned();
        self.off(move |store| store.restore(&name)).await
    }
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, StoreError> + Send + 'static,
) -> Result<T, StoreError> {
    tokio::task::spawn_blocking(work).await.map_err(|_| StoreError::Interrupted)?
}
