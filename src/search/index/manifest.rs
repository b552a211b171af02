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
        let written = fs::read_to_string(dir.join(FILE)).ok();
        let read = written.and_then(|text| toml::from_str::<Self>(&text).ok());
        read.as_ref() == Some(self) && !dir.join(DAMAGED).exists()
    }

    /// Writes the manifest, whole or not at all.
    pub(super) fn write(&self, dir: &Path) -> io::Result<()> {
        let text = toml::to_string(self).map_err(io::Error::other)?;
        let draft = dir.join("manifest.toml.new");
        fs::write(&draft, text)?;
        fs::rename(draft, dir.join(FILE))
    }

    /// Takes the manifest away, and with it the mark of damage.
    pub(super) fn clear(dir: &Path) -> io::Result<()> {
        for file in [FILE, DAMAGED] {
            match fs::remove_file(dir.join(file)) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                _ => {}
            }
        }
        Ok(())
    }

    /// Marks an index as damaged, so that the next writer builds it again.
    pub(super) fn mark_damaged(dir: &Path) -> io::Result<()> {
        fs::write(dir.join(DAMAGED), "")
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
