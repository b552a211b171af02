//! Copies of a store's files, as they stood at one moment.
//!
//! ```text
//! <store>/snapshots/<name>/manifest.json     what the files were made with, how long they are
//! <store>/snapshots/<name>/<org>.vectors     the same file as the store's (a hard link)
//! <store>/restored/                          a snapshot on its way back
//! ```
//!
//! A vector file is only appended to or replaced by another, so a link to it and the
//! length of its whole records are a copy: it is taken at once, while others write,
//! and costs room on the disk only when the store has rewritten its own file. Each
//! organisation is copied as it stands at one moment; they share nothing.
//!
//! Going back, the files are copied and checked in a folder of their own first. It
//! gets its name when it is whole; from then on the store is the snapshot's, and a
//! process that stops while the files are being moved finishes when it starts.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::stores::folders;
use super::{ENDING, FlatStore, MANIFEST, Manifest, organisations, record, stock, write};
use crate::kernel::{Clock, OrganisationId, SystemClock};
use crate::vectors::store::{Snapshot, StoreError, check_name};

/// The folder of the snapshots.
pub(super) const SNAPSHOTS: &str = "snapshots";
/// The folder of a snapshot that is whole and on its way back.
const RESTORED: &str = "restored";
/// What a folder's name begins with while it is being filled.
const UNFINISHED: &str = ".unfinished-";

/// What a snapshot is of.
#[derive(Serialize, Deserialize)]
struct Contents {
    made_with: Manifest,
    /// How many bytes of each organisation's file belong to it.
    files: BTreeMap<OrganisationId, u64>,
}

impl FlatStore {
    /// Takes a copy of every organisation's vectors, and removes the oldest copies but
    /// `keep`.
    ///
    /// # Errors
    /// Fails on a failing disk.
    pub fn snapshot(&self, keep: usize) -> Result<Snapshot, StoreError> {
        self.alive()?;
        let folder = self.dir.join(SNAPSHOTS);
        let name = SystemClock.now().format("%Y%m%d-%H%M%S-%6f").to_string();
        let taken = self.take(&folder, &name);
        taken.map_err(|source| StoreError::Io { path: folder.join(&name), source })?;
        let all = self.snapshots()?;
        for old in &all[..all.len().saturating_sub(keep.max(1))] {
            let path = folder.join(&old.name);
            fs::remove_dir_all(&path).map_err(|source| StoreError::Io { path, source })?;
        }
        all.into_iter().next_back().ok_or(StoreError::NoSnapshot(name))
    }

    fn take(&self, folder: &Path, name: &str) -> io::Result<()> {
        let unfinished = empty_folder(&folder.join(format!("{UNFINISHED}{name}")))?;
        let mut files = BTreeMap::new();
        for (org, path) in organisations(&self.dir)? {
            let link = unfinished.join(org.to_string()).with_extension(ENDING);
            fs::hard_link(path, &link)?;
            // What is being written just now is cut off: it is not whole yet.
            files.insert(org, record::whole(&File::open(link)?, self.made_with.dimensions)?);
        }
        let contents = Contents { made_with: self.made_with.clone(), files };
        finish_folder(&unfinished, &contents, &folder.join(name))
    }

    /// The copies that there are, oldest first.
    ///
    /// # Errors
    /// Fails on a failing disk.
    pub fn snapshots(&self) -> Result<Vec<Snapshot>, StoreError> {
        self.alive()?;
        let folder = self.dir.join(SNAPSHOTS);
        let mut found = Vec::new();
        let names = folders(&folder).map_err(|source| StoreError::Io { path: folder, source })?;
        for name in names.into_iter().filter(|name| check_name(name).is_ok()) {
            let bytes = self.contents(&name)?.files.values().sum();
            found.push(Snapshot { name, bytes });
        }
        found.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(found)
    }

    /// Puts back what a copy holds, in the place of what is there.
    ///
    /// # Errors
    /// Fails when there is no such copy, it is damaged, or the disk fails; then what was
    /// there is kept.
    pub fn restore(&self, name: &str) -> Result<(), StoreError> {
        self.alive()?;
        check_name(name)?;
        let contents = self.contents(name)?;
        if contents.made_with != self.made_with {
            return Err(StoreError::BadSnapshot(name.to_owned()));
        }
        let unfinished = self.dir.join(format!("{UNFINISHED}{RESTORED}"));
        let copied = self.copy_back(name, &contents, &unfinished);
        if copied.is_err() {
            // What cannot be removed now is when the next one is restored.
            fs::remove_dir_all(&unfinished).ok();
        }
        let failed = |source: io::Error| match source.kind() {
            io::ErrorKind::InvalidData => StoreError::BadSnapshot(name.to_owned()),
            _ => StoreError::Io { path: unfinished.clone(), source },
        };
        copied.map_err(failed)?;

        // Nobody writes while the files change places.
        let stocks: Vec<_> = {
            let stocks = self.stocks.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            stocks.values().cloned().collect()
        };
        let mut held: Vec<_> = stocks.iter().map(|stock| write(stock)).collect();
        finish_folder(&unfinished, &contents, &self.dir.join(RESTORED)).map_err(failed)?;
        finish(&self.dir, &self.made_with).map_err(failed)?;
        held.iter_mut().try_for_each(|stock| stock.refreshed().map(drop))
    }

    fn copy_back(&self, name: &str, contents: &Contents, to: &Path) -> io::Result<()> {
        empty_folder(to)?;
        for (org, length) in &contents.files {
            let file = Path::new(&org.to_string()).with_extension(ENDING);
            let from = File::open(self.dir.join(SNAPSHOTS).join(name).join(&file))?;
            let mut copy = File::create_new(to.join(&file))?;
            io::copy(&mut from.take(*length), &mut copy)?;
            copy.sync_all()?;
            let whole = record::whole(&File::open(to.join(&file))?, self.made_with.dimensions)?;
            if whole != *length {
                return Err(io::ErrorKind::InvalidData.into());
            }
        }
        Ok(())
    }

    fn contents(&self, name: &str) -> Result<Contents, StoreError> {
        match read_contents(&self.dir.join(SNAPSHOTS).join(name)) {
            Ok(contents) => Ok(contents),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                Err(StoreError::NoSnapshot(name.to_owned()))
            }
            Err(_) => Err(StoreError::BadSnapshot(name.to_owned())),
        }
    }
}

/// Moves the files of a snapshot that is on its way back into the place of the store's;
/// nothing, when there is none.
pub(super) fn finish(dir: &Path, made_with: &Manifest) -> io::Result<()> {
    let restored = dir.join(RESTORED);
    if !restored.exists() {
        return Ok(());
    }
    let contents = read_contents(&restored)?;
    if contents.made_with == *made_with {
        for org in contents.files.keys() {
            let file = Path::new(&org.to_string()).with_extension(ENDING);
            match fs::rename(restored.join(&file), dir.join(&file)) {
                // Moved when this was tried before.
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                moved => moved?,
            }
        }
        for (org, path) in organisations(dir)? {
            if !contents.files.contains_key(&org) {
                fs::remove_file(path)?;
            }
        }
        File::open(dir)?.sync_all()?;
    }
    fs::remove_dir_all(restored)
}

fn read_contents(folder: &Path) -> io::Result<Contents> {
    Ok(serde_json::from_slice(&fs::read(folder.join(MANIFEST))?)?)
}

/// Makes a folder with nothing in it.
fn empty_folder(path: &Path) -> io::Result<PathBuf> {
    match fs::remove_dir_all(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => fs::create_dir_all(path)?,
    }
    Ok(path.to_path_buf())
}

/// Says what a folder holds and gives it its name, durably.
fn finish_folder(unfinished: &Path, contents: &Contents, name: &Path) -> io::Result<()> {
    let text = serde_json::to_vec(contents)?;
    stock::place(&unfinished.join(MANIFEST), |file| file.write_all(&text))?;
    fs::rename(unfinished, name)?;
    name.parent().map_or(Ok(()), |parent| File::open(parent)?.sync_all())
}
