//! The manifest: what an index was built with.
//!
//! It lies beside the entries. An index whose manifest says anything else than
//! this binary would write is not read: it is dropped and built again.

use std::fs;
use std::io;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::super::analysis::FINGERPRINT;

const VERSION: &str = include_str!("../../../index/version.toml");
const FILE: &str = "manifest.toml";
const DAMAGED: &str = "damaged";
const BUILDING: &str = "building";

/// Whether an index can be read, by what it was built with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    /// It was built as this binary builds.
    Fits,
    /// Its fields are this binary's, its words were cut by another analyser or other
    /// tables: it can be read until it is built again.
    Outdated,
    /// It cannot be read: other fields, damage, or no index at all.
    Unreadable,
}

/// What an index was built with.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Manifest {
    /// The version of the fields.
    schema: u32,
    /// The version of the analyser's code.
    analyser: u32,
    /// What the analyser's tables add up to.
    #[serde(default)]
    tables: u32,
}

impl Manifest {
    /// What this binary builds an index with.
    pub(super) fn current() -> Self {
        let versions: Self = toml::from_str(VERSION).unwrap_or_else(|error| {
            tracing::error!(error = %error, "the version of the index cannot be read");
            Self::default()
        });
        Self { tables: *FINGERPRINT, ..versions }
    }

    /// Whether the index in a directory can be read as it is.
    pub(super) fn fits(&self, dir: &Path) -> bool {
        self.standing(dir) == Standing::Fits
    }

    /// Whether the index in a directory can be read at all.
    pub(super) fn standing(&self, dir: &Path) -> Standing {
        let written = fs::read_to_string(dir.join(FILE)).ok();
        let read = written.and_then(|text| toml::from_str::<Self>(&text).ok());
        match read {
            _ if is_marked_damaged(dir) => Standing::Unreadable,
            Some(read) if read == *self => Standing::Fits,
            Some(read) if read.schema == self.schema => Standing::Outdated,
            _ => Standing::Unreadable,
        }
    }

    /// Writes the manifest, whole or not at all.
    pub(super) fn write(&self, dir: &Path) -> io::Result<()> {
        let text = toml::to_string(self).map_err(io::Error::other)?;
        place(&dir.join(FILE), &text)
    }

    /// Takes the manifest away, and with it the mark of damage.
    pub(super) fn clear(dir: &Path) -> io::Result<()> {
        remove(&dir.join(FILE))?;
        remove(&dir.join(DAMAGED))
    }

    /// Marks an index as damaged, so that the next writer builds it again.
    pub(super) fn mark_damaged(dir: &Path) -> io::Result<()> {
        fs::write(dir.join(DAMAGED), "")
    }

    /// Takes the mark of damage away: the files were found whole.
    pub(super) fn unmark_damaged(dir: &Path) -> io::Result<()> {
        remove(&dir.join(DAMAGED))
    }
}

/// Whether somebody met damage in an index.
pub(super) fn is_marked_damaged(dir: &Path) -> bool {
    dir.join(DAMAGED).exists()
}

/// Notes that an index is being filled, and how far that is: documents done, of all.
pub(super) fn mark_building(dir: &Path, (done, total): (usize, usize)) -> io::Result<()> {
    place(&dir.join(BUILDING), &format!("{done} {total}"))
}

/// Notes that an index holds everything.
pub(super) fn mark_complete(dir: &Path) -> io::Result<()> {
    remove(&dir.join(BUILDING))
}

/// How far an index that is being filled is; nothing when it is complete.
pub(super) fn building(dir: &Path) -> Option<(usize, usize)> {
    let text = fs::read_to_string(dir.join(BUILDING)).ok()?;
    let counts = text.split_once(' ').map(|(done, total)| (done.parse(), total.parse()));
    match counts {
        Some((Ok(done), Ok(total))) => Some((done, total)),
        _ => Some((0, 0)),
    }
}

/// Writes a small file, whole or not at all.
pub(super) fn place(path: &Path, text: &str) -> io::Result<()> {
    let draft = path.with_extension("new");
    let mut file = fs::File::create(&draft)?;
    io::Write::write_all(&mut file, text.as_bytes())?;
    file.sync_all()?;
    fs::rename(draft, path)
}

/// Removes a file, if it is there.
fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_version_can_be_read() {
        let current = Manifest::current();
        assert!(current.schema > 0 && current.analyser > 0 && current.tables > 0);
    }
}
