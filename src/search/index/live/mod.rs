//! The index that is searched, and the one that is built to take its place.
//!
//! Each index has a folder of its own, numbered; a file beside them names the one
//! that is searched. A new index is filled in a folder beside the live one, gets
//! everything that is written meanwhile, and takes the live one's place by a change
//! of that file. When there is none that can be read, the new one is searched while
//! it is being filled, and [`LiveIndex::notice`] says how far that is.

mod care;
mod progress;

pub use progress::{Progress, Writing};

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use std::time::{Duration, Instant};

use super::commits::Added;
use super::files::{is_of_the_machine, unpanicked};
use super::folders::{Folders, remove};
use super::manifest::{self, Manifest, Standing};
use super::{Index, IndexError, IndexedVersion, Mode};
use crate::kernel::DocumentId;

/// How often a process that only reads looks which index is the live one.
const LOOK: Duration = Duration::from_millis(500);

/// The index that is searched, whichever that is at the moment.
pub struct LiveIndex {
    folders: Folders,
    mode: Mode,
    state: RwLock<State>,
    /// Held while a version is read from the tables and added, so that an older
    /// state of a document is never added after a newer one.
    order: tokio::sync::Mutex<()>,
    /// Held while damage is looked for.
    checking: Mutex<()>,
    /// Woken when an index is to be built.
    wanted: tokio::sync::Notify,
}

/// The indexes there are.
struct State {
    /// What is searched.
    live: Arc<Index>,
    /// What is being filled: the live index itself, or one beside it.
    filling: Option<Arc<Index>>,
    /// Whether another index is to be built.
    is_wanted: bool,
    /// Whether the live index was built with another analyser or other tables.
    is_outdated: bool,
    progress: Progress,
    noted: Instant,
    looked: Instant,
}

impl LiveIndex {
    /// Opens the live index in a folder. A process that writes makes a new one when
    /// there is none that can be read, and goes on with one it began to build.
    ///
    /// # Errors
    /// Fails when another process writes, when the folder cannot be used, or, in a
    /// process that only reads, when there is no index that can be read.
    pub fn open(root: &Path, mode: Mode) -> Result<Self, IndexError> {
        let folders = Folders::new(root);
        let standing = folders.live().map(|dir| (Manifest::current().standing(&dir), dir));
        let readable = match standing {
            Some((standing, dir)) => Self::readable(&dir, mode, standing)?,
            None => None,
        };
        let (live, standing) = match (readable, mode) {
            (Some(readable), _) => readable,
            (None, Mode::ReaderOnly) => return Err(IndexError::NotReady),
            (None, Mode::Writer) => {
                let live = Self::begin(&folders)?;
                folders.point_to(&live.dir).map_err(IndexError::Directory)?;
                (live, Standing::Fits)
            }
        };
        let filling = match mode {
            Mode::Writer => Self::begun(&folders, &live),
            Mode::ReaderOnly => None,
        };
        let state = State {
            is_wanted: filling.is_some() || standing == Standing::Outdated,
            is_outdated: standing == Standing::Outdated,
            progress: Progress::begun(0, 0),
            live,
            filling,
            noted: Instant::now(),
            looked: Instant::now(),
        };
        Ok(Self {
            folders,
            mode,
            state: RwLock::new(state),
            order: tokio::sync::Mutex::default(),
            checking: Mutex::default(),
            wanted: tokio::sync::Notify::new(),
        })
    }

    /// The index in a folder, unless it cannot be read.
    fn readable(
        dir: &Path,
        mode: Mode,
        standing: Standing,
    ) -> Result<Option<(Arc<Index>, Standing)>, IndexError> {
        if standing == Standing::Unreadable {
            return Ok(None);
        }
        match unpanicked(|| Index::attach(dir, mode)) {
            Ok(index) => Ok(Some((Arc::new(index), standing))),
            Err(IndexError::Engine(error)) if is_of_the_machine(&error) => {
                Err(IndexError::Engine(error))
            }
            Err(IndexError::Damaged(error) | IndexError::Engine(error)) => {
                tracing::warn!(error = %error, "the full-text index is damaged and is built again");
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    /// The index that was being filled when the process ended, the live one or one
    /// beside it; what else is there goes.
    fn begun(folders: &Folders, live: &Arc<Index>) -> Option<Arc<Index>> {
        folders.remove_former();
        let mut begun = manifest::building(&live.dir).map(|_| Arc::clone(live));
        for dir in folders.others(&live.dir) {
            let goes_on = begun.is_none()
                && manifest::building(&dir).is_some()
                && Manifest::current().fits(&dir);
            match goes_on.then(|| unpanicked(|| Index::attach(&dir, Mode::Writer))) {
                Some(Ok(index)) => begun = Some(Arc::new(index)),
                Some(Err(_)) | None => remove(&dir),
            }
        }
        begun
    }

    /// Makes an empty index to be filled.
    fn begin(folders: &Folders) -> Result<Arc<Index>, IndexError> {
        let dir = folders.fresh().map_err(IndexError::Directory)?;
        manifest::mark_building(&dir, (0, 0)).map_err(IndexError::Directory)?;
        Index::make_anew(&dir, &Manifest::current())?;
        Ok(Arc::new(Index::attach(&dir, Mode::Writer)?))
    }

    /// The index to search now.
    #[must_use]
    pub fn current(&self) -> Arc<Index> {
        if self.mode == Mode::ReaderOnly && self.read().looked.elapsed() > LOOK {
            self.follow();
        }
        Arc::clone(&self.read().live)
    }

    /// Follows the writer to another index.
    fn follow(&self) {
        let mut state = self.write();
        state.looked = Instant::now();
        let Some(dir) = self.folders.live().filter(|dir| *dir != state.live.dir) else { return };
        match Self::readable(&dir, self.mode, Manifest::current().standing(&dir)) {
            Ok(Some((index, _))) => state.live = index,
            Ok(None) => {}
            Err(error) => tracing::warn!(error = %error, "the new full-text index is not read"),
        }
    }

    /// Asks the index something. Where damage shows, the index is built again from
    /// the tables, and the question is put to the new one. Blocks.
    ///
    /// # Errors
    /// Fails when the index cannot be read.
    pub fn ask<T>(
        &self,
        question: impl Fn(&Index) -> Result<T, IndexError>,
    ) -> Result<T, IndexError> {
        let index = self.current();
        let asked = unpanicked(|| question(&index));
        match asked {
            Err(error @ (IndexError::Damaged(_) | IndexError::Engine(_))) => {
                if self.check(&index)? {
                    Err(error)
                } else {
                    unpanicked(|| question(&self.current()))
                }
            }
            asked => asked,
        }
    }

    /// What limits searches at the moment, in plain words.
    #[must_use]
    pub fn notice(&self) -> Option<String> {
        let (is_live, Progress { done, total, .. }) = self.filling()?;
        Some(match (is_live, total) {
            (true, 0) => "The index is being built: not everything is found yet.".to_owned(),
            (true, _) => format!(
                "The index is being built, {done} of {total} documents: not everything is found yet."
            ),
            (false, 0) => {
                "The index is being brought up to date: some words may not be found yet.".to_owned()
            }
            (false, _) => format!(
                "The index is being brought up to date, {done} of {total} documents: some words \
                 may not be found yet."
            ),
        })
    }

    /// Whether what is being filled is what is searched, and how far it is; nothing
    /// when searches are not limited by it.
    fn filling(&self) -> Option<(bool, Progress)> {
        let state = self.read();
        if self.mode == Mode::ReaderOnly {
            let (done, total) = manifest::building(&state.live.dir)?;
            return Some((true, Progress::begun(done, total)));
        }
        let is_live =
            state.filling.as_ref().is_some_and(|filling| Arc::ptr_eq(filling, &state.live));
        (is_live || state.is_outdated).then_some((is_live, state.progress))
    }

    /// How far the building of a new index is, if one is being built. Beside the
    /// process that builds it, as it was written down half a second ago.
    #[must_use]
    pub fn progress(&self) -> Option<Progress> {
        if self.mode == Mode::Writer {
            let state = self.read();
            return state.filling.as_ref().map(|_| state.progress);
        }
        let (done, total) = self.folders.all().iter().find_map(|dir| manifest::building(dir))?;
        Some(Progress::begun(done, total))
    }

    /// Waits for one's turn to read a version from the tables and add it.
    pub async fn turn(&self) -> tokio::sync::MutexGuard<'_, ()> {
        self.order.lock().await
    }

    /// Adds versions, each in the place of whatever version of its document is there,
    /// to the live index and to one that is being filled. Blocks for a moment.
    ///
    /// # Errors
    /// Fails when this process only reads.
    pub fn add(&self, versions: &[IndexedVersion]) -> Result<Writing, IndexError> {
        self.to_each(|index| index.add_versions(versions))
    }

    /// Removes documents in the same way.
    ///
    /// # Errors
    /// Fails when this process only reads.
    pub fn remove(&self, documents: &[DocumentId]) -> Result<Writing, IndexError> {
        self.to_each(|index| index.drop_documents(documents))
    }

    fn to_each(
        &self,
        add: impl Fn(&Index) -> Result<Added, IndexError>,
    ) -> Result<Writing, IndexError> {
        let (live, filling) = {
            let state = self.read();
            (Arc::clone(&state.live), state.filling.clone())
        };
        let filling = filling.filter(|filling| !Arc::ptr_eq(filling, &live));
        let mut added = Vec::new();
        for index in std::iter::once(live).chain(filling) {
            let one = add(&index)?;
            added.push((index, one));
        }
        Ok(Writing(added))
    }

    /// The live index, and one that is being filled.
    pub(super) fn all(&self) -> Vec<Arc<Index>> {
        let state = self.read();
        let filling = state.filling.clone().filter(|filling| !Arc::ptr_eq(filling, &state.live));
        std::iter::once(Arc::clone(&state.live)).chain(filling).collect()
    }

    /// Asks for a new index, to be built beside the live one.
    pub fn want(&self) {
        self.write().is_wanted = true;
        self.wanted.notify_one();
    }

    /// Whether an index is to be built.
    #[must_use]
    pub fn is_wanted(&self) -> bool {
        self.read().is_wanted
    }

    /// Whether the live index itself is still being filled.
    #[must_use]
    pub fn is_partial(&self) -> bool {
        let state = self.read();
        state.filling.as_ref().is_some_and(|filling| Arc::ptr_eq(filling, &state.live))
    }

    /// Returns when an index is asked for.
    pub async fn wanted(&self) {
        self.wanted.notified().await;
    }

    fn read(&self) -> RwLockReadGuard<'_, State> {
        self.state.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, State> {
        self.state.write().unwrap_or_else(PoisonError::into_inner)
    }
}

impl std::fmt::Debug for LiveIndex {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LiveIndex").field("mode", &self.mode).finish_non_exhaustive()
    }
}
