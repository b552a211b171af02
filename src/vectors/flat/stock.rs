//! One organisation's vectors: its file, and what of it is kept in memory.
//!
//! A file is only ever appended to or replaced by another; no byte in it changes.
//! So a reader in another process needs no lock: it sees a whole record or none.

use std::collections::{BTreeSet, HashMap};
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{FileExt, MetadataExt};
use std::path::{Path, PathBuf};

use super::record::{self, FILE_HEAD, Record, Stub};
use super::rows::{Rows, Run};
use crate::kernel::{CaseId, DocumentId, VersionId};
use crate::vectors::store::StoreError;

/// A file with less than this is not worth rewriting, however much of it is dead.
const WORTH_REWRITING: u64 = 1 << 20;

/// The entries of one version.
pub(super) struct Block {
    pub(super) stub: Stub,
    /// The row of its first entry.
    first: usize,
}

impl Block {
    /// Where its entries are.
    pub(super) fn run(&self) -> Run {
        self.first..self.first + self.stub.count
    }
}

/// One organisation's vectors.
pub(super) struct Stock {
    path: PathBuf,
    pub(super) dimensions: usize,
    /// The file the blocks were read from; `None` while there is none.
    file: Option<File>,
    /// Up to where the file was taken in.
    loaded: u64,
    /// How long the file was when last looked at; more than `loaded` when it ends
    /// in a record that is torn, or still being written.
    seen: u64,
    /// The codes of the entries.
    pub(super) rows: Rows,
    /// Every block there was since the file was opened; the rows know them by number.
    blocks: Vec<Block>,
    /// The numbers of those that are still there.
    live: HashMap<VersionId, u32>,
    by_case: HashMap<CaseId, BTreeSet<VersionId>>,
    by_document: HashMap<DocumentId, BTreeSet<VersionId>>,
}

impl Stock {
    /// A stock that has not looked at its file yet.
    pub(super) fn new(path: PathBuf, dimensions: usize) -> Self {
        Self {
            path,
            dimensions,
            file: None,
            loaded: 0,
            seen: 0,
            rows: Rows::default(),
            blocks: Vec::new(),
            live: HashMap::new(),
            by_case: HashMap::new(),
            by_document: HashMap::new(),
        }
    }

    pub(super) fn blocks(&self) -> impl Iterator<Item = &Block> {
        self.live.values().map(|number| &self.blocks[*number as usize])
    }

    pub(super) fn of_case(&self, case: CaseId) -> impl Iterator<Item = &Block> {
        self.named(self.by_case.get(&case))
    }

    pub(super) fn of_document(&self, document: DocumentId) -> impl Iterator<Item = &Block> {
        self.named(self.by_document.get(&document))
    }

    fn named<'a>(
        &'a self,
        versions: Option<&'a BTreeSet<VersionId>>,
    ) -> impl Iterator<Item = &'a Block> {
        versions
            .into_iter()
            .flatten()
            .filter_map(|version| self.live.get(version))
            .map(|number| &self.blocks[*number as usize])
    }

    pub(super) fn holds(&self, version: VersionId) -> bool {
        self.live.contains_key(&version)
    }

    /// The block a row belongs to; none, when it is nobody's any more.
    pub(super) fn owner(&self, row: usize) -> Option<&Block> {
        self.rows.owner(row).map(|number| &self.blocks[number])
    }

    /// The exact numbers of a row of a block.
    pub(super) fn vector(&self, block: &Block, row: usize) -> Result<Vec<f32>, StoreError> {
        let at = block.stub.vector_at(row - block.first, self.dimensions);
        self.file
            .as_ref()
            .ok_or_else(|| io::ErrorKind::NotFound.into())
            .and_then(|file| record::read_vector(file, at, self.dimensions))
            .map_err(|source| self.failed(source))
    }

    /// Whether the file is no longer what was last looked at.
    pub(super) fn is_stale(&self) -> Result<bool, StoreError> {
        Ok(self.on_disk()? != self.known()?)
    }

    /// Takes in what the file holds and memory does not.
    pub(super) fn refreshed(&mut self) -> Result<&mut Self, StoreError> {
        let on_disk = self.on_disk()?;
        let known = self.known()?;
        if on_disk == known {
            return Ok(self);
        }
        let same = on_disk.map(|(inode, _)| inode) == known.map(|(inode, _)| inode);
        let shrunk = on_disk.is_some_and(|(_, length)| length < self.loaded);
        if !same || shrunk {
            *self = Self::new(self.path.clone(), self.dimensions);
        }
        self.take_in().map_err(|source| self.failed(source))?;
        Ok(self)
    }

    /// Adds a record to the file, durably, and to memory.
    pub(super) fn append(&mut self, record: &[u8]) -> Result<(), StoreError> {
        self.refreshed()?;
        if self.loaded < FILE_HEAD || self.seen != self.loaded {
            // There is no file yet, or its end was torn when the process that wrote
            // it stopped.
            self.rewrite()?;
        }
        self.write_out(record).map_err(|source| self.failed(source))?;
        self.refreshed()?;
        if self.seen != self.loaded {
            return Err(self.failed(io::ErrorKind::InvalidData.into()));
        }
        let live: u64 = self.blocks().map(|block| block.stub.length).sum();
        let dead = self.loaded - FILE_HEAD - live;
        if dead > live
            && self.loaded > WORTH_REWRITING
            && let Err(error) = self.rewrite()
        {
            // The record is safe; the dead ones can go another time.
            tracing::warn!(error = &error as &dyn std::error::Error, "vectors not compacted");
        }
        Ok(())
    }

    fn write_out(&self, record: &[u8]) -> io::Result<()> {
        let mut file = OpenOptions::new().append(true).open(&self.path)?;
        file.write_all(record)?;
        file.sync_data()
    }

    /// Replaces the file by one that holds the live records alone.
    pub(super) fn rewrite(&mut self) -> Result<(), StoreError> {
        let mut live: Vec<Stub> = self.blocks().map(|block| block.stub).collect();
        live.sort_by_key(|stub| stub.start);
        place(&self.path, |new| {
            new.write_all(&record::file_head(self.dimensions))?;
            for stub in &live {
                new.write_all(&self.bytes(stub)?)?;
            }
            Ok(())
        })
        .map_err(|source| self.failed(source))?;
        *self = Self::new(self.path.clone(), self.dimensions);
        self.refreshed().map(drop)
    }

    /// A record as it is in the file.
    fn bytes(&self, stub: &Stub) -> io::Result<Vec<u8>> {
        let file = self.file.as_ref().ok_or(io::ErrorKind::NotFound)?;
        let length = usize::try_from(stub.length).map_err(io::Error::other)?;
        let mut bytes = vec![0; length];
        file.read_exact_at(&mut bytes, stub.start)?;
        Ok(bytes)
    }

    /// Reads on from where the last look ended, as far as whole records go.
    fn take_in(&mut self) -> io::Result<()> {
        let file = match self.file.take() {
            Some(file) => file,
            None => match File::open(&self.path) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
                opened => opened?,
            },
        };
        let length = file.metadata()?.len();
        let before = self.loaded;
        if self.loaded == 0 && length >= FILE_HEAD {
            let head = record::file_head(self.dimensions);
            let mut found = vec![0; head.len()];
            file.read_exact_at(&mut found, 0)?;
            self.loaded = if found == head { FILE_HEAD } else { 0 };
        }
        while self.loaded >= FILE_HEAD
            && let Some(read) = record::read(&file, self.loaded, length, self.dimensions)?
        {
            self.loaded = read.end;
            self.apply(&read);
        }
        if before == 0 && self.loaded < length {
            let (path, bytes) = (self.path.display(), length - self.loaded);
            tracing::warn!(%path, bytes, "the vector file ends in a torn record, left out");
        }
        self.seen = length;
        self.file = Some(file);
        Ok(())
    }

    fn apply(&mut self, read: &record::Read) {
        match read.record {
            Record::Remove(document) => {
                for version in self.by_document.remove(&document).unwrap_or_default() {
                    self.forget(version);
                }
            }
            Record::Replace(stub) => {
                self.forget(stub.version);
                if stub.count > 0
                    && let Ok(number) = u32::try_from(self.blocks.len())
                {
                    self.by_case.entry(stub.case).or_default().insert(stub.version);
                    self.by_document.entry(stub.document).or_default().insert(stub.version);
                    let first = self.rows.add(read, number);
                    self.blocks.push(Block { stub, first });
                    self.live.insert(stub.version, number);
                }
            }
        }
    }

    fn forget(&mut self, version: VersionId) {
        if let Some(number) = self.live.remove(&version) {
            let block = &self.blocks[number as usize];
            let stub = block.stub;
            self.rows.leave(block.run());
            leave(&mut self.by_case, &stub.case, version);
            leave(&mut self.by_document, &stub.document, version);
        }
    }

    /// What identifies the file at the path now, and its length.
    fn on_disk(&self) -> Result<Option<(u64, u64)>, StoreError> {
        match fs::metadata(&self.path) {
            Ok(metadata) => Ok(Some((metadata.ino(), metadata.len()))),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(source) => Err(self.failed(source)),
        }
    }

    /// The same of the file in use, when last looked at. As it is held open, its
    /// number is not given to another file.
    fn known(&self) -> Result<Option<(u64, u64)>, StoreError> {
        let inode = |file: &File| Ok((file.metadata()?.ino(), self.seen));
        self.file.as_ref().map(inode).transpose().map_err(|source| self.failed(source))
    }

    fn failed(&self, source: io::Error) -> StoreError {
        StoreError::Io { path: self.path.clone(), source }
    }
}

/// Takes a version out of a set, and an empty set out of the map.
fn leave<K: std::hash::Hash + Eq>(
    sets: &mut HashMap<K, BTreeSet<VersionId>>,
    key: &K,
    version: VersionId,
) {
    if let Some(set) = sets.get_mut(key) {
        set.remove(&version);
        if set.is_empty() {
            sets.remove(key);
        }
    }
}

/// Puts a file in its place whole and durably, or not at all.
pub(super) fn place(path: &Path, fill: impl FnOnce(&mut File) -> io::Result<()>) -> io::Result<()> {
    let new = path.with_extension("new");
    let mut written = File::create(&new)?;
    fill(&mut written)?;
    written.sync_all()?;
    fs::rename(&new, path)?;
    match path.parent() {
        Some(dir) => File::open(dir)?.sync_all(),
        None => Ok(()),
    }
}
