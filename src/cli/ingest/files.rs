//! Which files are meant by the paths on a command line.

use std::fs;
use std::path::{Path, PathBuf};

/// A file to be taken in, or why it cannot be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) path: PathBuf,
    /// In bytes.
    pub(super) size: u64,
    pub(super) problem: Option<String>,
}

/// Every file named, and every file in the folders named, in order of name. Hidden
/// files, and links inside folders, are left out unless named themselves.
pub(super) fn collect(paths: &[PathBuf]) -> Vec<Found> {
    let mut found = Vec::new();
    for path in paths {
        match fs::metadata(path) {
            Ok(metadata) if metadata.is_dir() => walk(path, &mut found),
            Ok(metadata) => found.push(file(path.clone(), metadata.len())),
            Err(error) => found.push(problem(path, &error)),
        }
    }
    found
}

fn walk(folder: &Path, found: &mut Vec<Found>) {
    let entries = fs::read_dir(folder).and_then(Iterator::collect::<Result<Vec<_>, _>>);
    let mut entries = match entries {
        Ok(entries) => entries,
        Err(error) => return found.push(problem(folder, &error)),
    };
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        if entry.file_name().to_string_lossy().starts_with('.') {
            continue;
        }
        // This metadata is the link's own, so a link is neither file nor folder here.
        match entry.metadata() {
            Ok(metadata) if metadata.is_dir() => walk(&entry.path(), found),
            Ok(metadata) if metadata.is_file() => found.push(file(entry.path(), metadata.len())),
            Ok(_) => {}
            Err(error) => found.push(problem(&entry.path(), &error)),
        }
    }
}

fn file(path: PathBuf, size: u64) -> Found {
    Found { path, size, problem: None }
}

fn problem(path: &Path, error: &std::io::Error) -> Found {
    Found { path: path.to_owned(), size: 0, problem: Some(format!("cannot be opened: {error}")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(found: &[Found], root: &Path) -> Vec<String> {
        let name = |found: &Found| found.path.strip_prefix(root).unwrap().display().to_string();
        found.iter().map(name).collect()
    }

    #[test]
    fn folders_are_walked_in_order_without_hidden_files_and_links() {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path();
        fs::create_dir_all(root.join("b/deep")).unwrap();
        for name in ["c.pdf", "a.pdf", ".DS_Store", "b/deep/order.pdf"] {
            fs::write(root.join(name), "x").unwrap();
        }
        std::os::unix::fs::symlink(root, root.join("b/round")).unwrap();

        let found = collect(&[root.to_owned()]);
        assert_eq!(names(&found, root), ["a.pdf", "b/deep/order.pdf", "c.pdf"]);
    }

    #[test]
    fn a_path_that_is_not_there_is_an_outcome_of_its_own() {
        let dir = tempfile::tempdir().unwrap();
        let found = collect(&[dir.path().join("missing.pdf")]);
        assert!(found[0].problem.as_deref().unwrap().starts_with("cannot be opened"));
    }
}
