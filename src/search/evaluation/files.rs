//! The files of a retrieval set: found by the beginning of their names, compressed or not.

use std::fs::{self, File};
use std::io::{self, BufReader, Read};
use std::path::{Path, PathBuf};

use flate2::read::MultiGzDecoder;

/// Why a retrieval set could not be read.
#[derive(Debug, thiserror::Error)]
pub enum SetError {
    /// A file that the set needs is not there.
    #[error("`{}` has no {what}: it needs a file named {names}", dir.display())]
    Missing {
        /// The folder.
        dir: PathBuf,
        /// What is missing: `documents`, `queries`, `judgments`.
        what: &'static str,
        /// The names that are looked for.
        names: &'static str,
    },
    /// A file cannot be read.
    #[error("`{}` cannot be read", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the disk or the decompressor said.
        #[source]
        source: io::Error,
    },
    /// A line is not what the format says.
    #[error("`{}`, line {line}: {reason}", path.display())]
    Line {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// What is wrong.
        reason: String,
    },
    /// Nothing can be measured.
    #[error("`{}` has nothing to measure: {reason}", dir.display())]
    Nothing {
        /// The folder.
        dir: PathBuf,
        /// Why not.
        reason: &'static str,
    },
}

/// The first file in a folder whose name is one of `stems`, whatever its ending.
/// Stems may name a folder below: `qrels/test`.
pub(super) fn find(dir: &Path, stems: &[&str], endings: &[&str]) -> Option<PathBuf> {
    for stem in stems {
        for ending in endings {
            for packed in ["", ".gz", ".xz"] {
                let path = dir.join(format!("{stem}.{ending}{packed}"));
                if path.is_file() {
                    return Some(path);
                }
            }
        }
    }
    None
}

/// The whole text of a file, unpacked by its ending: `.gz`, `.xz` or none.
pub(super) fn read(path: &Path) -> Result<String, SetError> {
    let unreadable = |source| SetError::Unreadable { path: path.to_owned(), source };
    let mut file = BufReader::new(File::open(path).map_err(unreadable)?);
    let mut bytes = Vec::new();
    match path.extension().and_then(|ending| ending.to_str()) {
        Some("gz") => {
            MultiGzDecoder::new(file).read_to_end(&mut bytes).map_err(unreadable)?;
        }
        Some("xz") => {
            let unpacked = lzma_rs::xz_decompress(&mut file, &mut bytes);
            unpacked.map_err(|error| {
                unreadable(io::Error::new(io::ErrorKind::InvalidData, format!("{error:?}")))
            })?;
        }
        _ => {
            file.read_to_end(&mut bytes).map_err(unreadable)?;
        }
    }
    String::from_utf8(bytes)
        .map_err(|error| unreadable(io::Error::new(io::ErrorKind::InvalidData, error)))
}

/// Every text file below a folder, with its path from there, in the order of paths.
pub(super) fn texts(dir: &Path) -> Result<Vec<(String, String)>, SetError> {
    let mut found = Vec::new();
    collect(dir, dir, &mut found)?;
    found.sort();
    Ok(found)
}

fn collect(root: &Path, dir: &Path, found: &mut Vec<(String, String)>) -> Result<(), SetError> {
    let unreadable = |source| SetError::Unreadable { path: dir.to_owned(), source };
    for entry in fs::read_dir(dir).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        if path.is_dir() {
            collect(root, &path, found)?;
        } else if path.extension().is_some_and(|ending| ending == "txt") {
            let name = path.strip_prefix(root).unwrap_or(&path).to_string_lossy().into_owned();
            found.push((name, read(&path)?));
        }
    }
    Ok(())
}
