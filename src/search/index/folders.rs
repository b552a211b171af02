//! The folders of indexes, and the file that names the one that is searched.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::manifest::place;

/// The file that names the folder of the live index.
const LIVE: &str = "live";

/// The file by which another process asks for a new index.
const REQUEST: &str = "rebuild-wanted";

/// What the name of an index's folder begins with; its number follows.
const PREFIX: &str = "index-";

/// Where the indexes are.
#[derive(Debug)]
pub(super) struct Folders {
    root: PathBuf,
}

impl Folders {
    /// Those in a folder.
    pub(super) fn new(root: &Path) -> Self {
        Self { root: root.to_owned() }
    }

    /// The folder of the live index, if one is named.
    pub(super) fn live(&self) -> Option<PathBuf> {
        let name = fs::read_to_string(self.root.join(LIVE)).ok()?;
        number(Path::new(&name)).map(|_| self.root.join(name))
    }

    /// Makes the index in a folder the live one, at once for everybody.
    pub(super) fn point_to(&self, dir: &Path) -> io::Result<()> {
        let name = dir.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        place(&self.root.join(LIVE), name)
    }

    /// The folders of all indexes, the newest first.
    pub(super) fn all(&self) -> Vec<PathBuf> {
        let entries = fs::read_dir(&self.root).into_iter().flatten().flatten();
        let mut found: Vec<PathBuf> =
            entries.map(|entry| entry.path()).filter(|path| number(path).is_some()).collect();
        found.sort_by_key(|path| std::cmp::Reverse(number(path)));
        found
    }

    /// Every folder but one, the newest first.
    pub(super) fn others(&self, dir: &Path) -> Vec<PathBuf> {
        let mut others = self.all();
        others.retain(|other| other != dir);
        others
    }

    /// Makes an empty folder for a new index.
    pub(super) fn fresh(&self) -> io::Result<PathBuf> {
        let last = self.all().first().and_then(|path| number(path)).unwrap_or(0);
        let dir = self.root.join(format!("{PREFIX}{}", last + 1));
        fs::create_dir_all(&dir)?;
        Ok(dir)
    }

    /// Removes an index of the time when there was one and it had no folder of its own.
    pub(super) fn remove_former(&self) {
        for name in ["entries", "manifest.toml", "damaged"] {
            let path = self.root.join(name);
            let _ = if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) };
        }
    }

    /// Asks the process that writes for a new index.
    pub(super) fn request(&self) -> io::Result<()> {
        place(&self.root.join(REQUEST), "")
    }

    /// Whether a request is waiting.
    pub(super) fn is_requested(&self) -> bool {
        self.root.join(REQUEST).exists()
    }

    /// Takes a request, if there is one.
    pub(super) fn take_request(&self) -> bool {
        fs::remove_file(self.root.join(REQUEST)).is_ok()
    }
}

/// Removes the folder of an index that is not searched any more. What cannot be
/// removed now goes at the next start.
pub(super) fn remove(dir: &Path) {
    if let Err(error) = fs::remove_dir_all(dir)
        && error.kind() != io::ErrorKind::NotFound
    {
        tracing::warn!(dir = %dir.display(), error = %error, "an old index is still there");
    }
}

/// The number of an index's folder.
fn number(dir: &Path) -> Option<u64> {
    dir.file_name()?.to_str()?.strip_prefix(PREFIX)?.parse().ok()
}
