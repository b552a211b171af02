//! Who works on a data folder: one process at a time.

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};

use anyhow::Context;

/// Why a data folder could not be taken.
#[derive(Debug, thiserror::Error)]
#[error(
    "another process works on `{}`; use its pages, stop it first, or name another data folder", .0.display()
)]
pub struct Busy(PathBuf);

/// The data folder, held by this process.
///
/// The lock is given back in so many words: a program that is just being started holds
/// a copy of every open file until it runs, and closing ours would leave it locked.
pub(super) struct Owner(File);

impl Drop for Owner {
    fn drop(&mut self) {
        if let Err(error) = self.0.unlock() {
            tracing::warn!(%error, "the data folder's lock cannot be given back");
        }
    }
}

/// Takes the data folder for this process.
pub(super) fn take(dir: &Path) -> anyhow::Result<Owner> {
    let file = File::create(dir.join("owner.lock")).context("creating the data folder's lock")?;
    match file.try_lock() {
        Ok(()) => Ok(Owner(file)),
        Err(TryLockError::WouldBlock) => Err(Busy(dir.to_owned()).into()),
        Err(TryLockError::Error(error)) => Err(error).context("locking the data folder"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_given_back_is_free_though_a_copy_of_the_open_file_lives_on() {
        let dir = tempfile::tempdir().unwrap();
        let owner = take(dir.path()).unwrap();
        assert!(take(dir.path()).is_err_and(|busy| busy.is::<Busy>()));
        let copy = owner.0.try_clone().unwrap();
        drop(owner);
        take(dir.path()).unwrap();
        drop(copy);
    }
}
