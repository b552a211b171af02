//! The plain bytes of a file while they are worked on: in memory alone.

use std::fs::File;
use std::io::{self, Write};
use std::os::fd::AsRawFd;
use std::path::PathBuf;

use rustix::fs::{MemfdFlags, SealFlags, fcntl_add_seals, memfd_create};

/// The plain bytes of a file, in memory that no folder names and nobody can change.
/// They are gone when this is dropped.
#[derive(Debug)]
pub struct Plain(File);

impl Plain {
    /// Takes the bytes of a file, piece by piece until there is none.
    ///
    /// # Errors
    /// Fails when a piece cannot be had, or there is no memory for it.
    pub fn of<P: AsRef<[u8]>>(mut next: impl FnMut() -> io::Result<Option<P>>) -> io::Result<Self> {
        let flags = MemfdFlags::CLOEXEC | MemfdFlags::ALLOW_SEALING;
        let mut file = File::from(memfd_create("munshi-plain", flags)?);
        while let Some(piece) = next()? {
            file.write_all(piece.as_ref())?;
        }
        let seals = SealFlags::WRITE | SealFlags::GROW | SealFlags::SHRINK | SealFlags::SEAL;
        fcntl_add_seals(&file, seals)?;
        Ok(Self(file))
    }

    /// Where this process alone can open them, while this is held.
    #[must_use]
    pub fn path(&self) -> PathBuf {
        PathBuf::from(format!("/proc/self/fd/{}", self.0.as_raw_fd()))
    }

    /// Opens them for reading, from the first byte.
    ///
    /// # Errors
    /// Fails when no more files can be opened.
    pub fn open(&self) -> io::Result<File> {
        File::open(self.path())
    }
}
