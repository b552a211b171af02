//! Where the bytes of documents are: a folder, one file per content.
//!
//! A *blob* is named by the SHA-256 of its bytes, so the same bytes are kept once
//! and a damaged file shows. It is written to a temporary file, synced, and only
//! then given its name: a blob that can be opened is whole.

use std::io;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};
use tokio::fs;
use tokio::io::AsyncWriteExt;
use uuid::Uuid;

/// The blob folder.
#[derive(Debug, Clone)]
pub struct Blobs {
    dir: PathBuf,
}

/// A blob being written.
pub struct Writing {
    file: fs::File,
    temporary: PathBuf,
    hash: Sha256,
    head: Vec<u8>,
    size: u64,
}

/// A blob as written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Blob {
    /// The SHA-256 of its bytes, in hexadecimal.
    pub sha256: String,
    /// How many bytes.
    pub size: u64,
    /// Its first bytes, for telling what it is.
    pub head: Vec<u8>,
}

/// How many first bytes a blob's writer keeps.
const HEAD: usize = 8192;

impl Blobs {
    /// Opens the folder, creating it if need be.
    ///
    /// # Errors
    /// Fails when the folder cannot be created.
    pub fn open(dir: &Path) -> io::Result<Self> {
        std::fs::create_dir_all(dir.join("incoming"))?;
        Ok(Self { dir: dir.to_owned() })
    }

    /// Starts a blob.
    ///
    /// # Errors
    /// Fails when the disk does.
    pub async fn start(&self) -> io::Result<Writing> {
        let temporary = self.dir.join("incoming").join(Uuid::new_v4().to_string());
        let file = fs::File::create(&temporary).await?;
        Ok(Writing { file, temporary, hash: Sha256::new(), head: Vec::new(), size: 0 })
    }

    /// Where a blob is.
    #[must_use]
    pub fn path(&self, sha256: &str) -> PathBuf {
        let (first, _) = sha256.split_at(sha256.len().min(2));
        self.dir.join(first).join(sha256)
    }

    /// Finishes a blob: synced and named, or recognised as one there already.
    ///
    /// # Errors
    /// Fails when the disk does; then nothing has the blob's name.
    pub async fn finish(&self, writing: Writing) -> io::Result<Blob> {
        let Writing { mut file, temporary, hash, head, size } = writing;
        file.flush().await?;
        file.sync_all().await?;
        drop(file);
        let sha256 = hex(&hash.finalize());
        let path = self.path(&sha256);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).await?;
            fs::rename(&temporary, &path).await?;
            fs::File::open(folder).await?.sync_all().await?;
        }
        Ok(Blob { sha256, size, head })
    }

    /// Gives up a blob.
    pub async fn abandon(&self, writing: Writing) {
        drop(writing.file);
        if let Err(error) = fs::remove_file(&writing.temporary).await {
            tracing::warn!(%error, "an abandoned upload stays on disk");
        }
    }

    /// Removes what a process that was killed left half-written.
    ///
    /// # Errors
    /// Fails when the folder cannot be read.
    pub fn clear_incoming(&self) -> io::Result<()> {
        for entry in std::fs::read_dir(self.dir.join("incoming"))? {
            std::fs::remove_file(entry?.path())?;
        }
        Ok(())
    }

    /// Writes bytes that are in memory already.
    ///
    /// # Errors
    /// Fails when the disk does.
    pub async fn put(&self, bytes: &[u8]) -> io::Result<Blob> {
        let mut writing = self.start().await?;
        writing.write(bytes).await?;
        self.finish(writing).await
    }
}

impl Writing {
    /// Adds bytes.
    ///
    /// # Errors
    /// Fails when the disk does.
    pub async fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        let wanted = HEAD.saturating_sub(self.head.len()).min(bytes.len());
        self.head.extend_from_slice(&bytes[..wanted]);
        self.hash.update(bytes);
        self.size += bytes.len() as u64;
        self.file.write_all(bytes).await
    }

    /// Hands what was written so far to the operating system, so that it can be read.
    ///
    /// # Errors
    /// Fails when the disk does.
    pub async fn settle(&mut self) -> io::Result<()> {
        self.file.flush().await
    }

    /// How many bytes so far.
    #[must_use]
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// The file being written, and its first bytes, for telling what it is.
    #[must_use]
    pub fn so_far(&self) -> (&Path, &[u8]) {
        (&self.temporary, &self.head)
    }
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_same_bytes_are_kept_once() {
        let dir = tempfile::tempdir().unwrap();
        let blobs = Blobs::open(dir.path()).unwrap();
        let first = blobs.put(b"abc").await.unwrap();
        let second = blobs.put(b"abc").await.unwrap();
        assert_eq!(first, second);
        assert_eq!(std::fs::read(blobs.path(&first.sha256)).unwrap(), b"abc");
        assert!(first.sha256.starts_with("ba7816bf"));
        assert_eq!(std::fs::read_dir(dir.path().join("incoming")).unwrap().count(), 0);
    }
}
