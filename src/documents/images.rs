//! The images of pages, drawn once and kept sealed. Losing them costs time only.

use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use crate::vault::Vault;

/// What images are sealed as.
const PURPOSE: &str = "page image";
/// The folder of the sealed images.
const SEALED: &str = "sealed";

/// The folder of the page images.
#[derive(Debug, Clone)]
pub struct Images {
    dir: PathBuf,
    vault: Vault,
}

impl Images {
    /// Opens the folder and removes what an earlier release kept there unsealed.
    ///
    /// # Errors
    /// Fails when the disk does.
    pub fn open(dir: &Path, vault: Vault) -> io::Result<Self> {
        std::fs::create_dir_all(dir.join(SEALED))?;
        for entry in std::fs::read_dir(dir)? {
            let path = entry?.path();
            if path.file_name().is_some_and(|name| name == SEALED) {
                continue;
            }
            if path.is_dir() {
                std::fs::remove_dir_all(path)?;
            } else {
                std::fs::remove_file(path)?;
            }
        }
        Ok(Self { dir: dir.join(SEALED), vault })
    }

    fn path(&self, blob: &str, page: u32, dpi: u32) -> PathBuf {
        self.dir.join(blob).join(format!("{page}@{dpi}"))
    }

    /// The image of a page, if it is kept and can be opened.
    pub(super) async fn find(&self, blob: &str, page: u32, dpi: u32) -> Option<Vec<u8>> {
        let sealed = tokio::fs::read(self.path(blob, page, dpi)).await.ok()?;
        match self.vault.unseal(PURPOSE, &sealed) {
            Ok(image) => Some(image.to_vec()),
            Err(error) => {
                tracing::warn!(page, error = %error, "a page image cannot be opened; it is drawn anew");
                None
            }
        }
    }

    /// Keeps a page image, whole or not at all.
    pub(super) async fn keep(
        &self,
        blob: &str,
        page: u32,
        dpi: u32,
        image: &[u8],
    ) -> io::Result<()> {
        let path = self.path(blob, page, dpi);
        let Some(folder) = path.parent() else { return Ok(()) };
        tokio::fs::create_dir_all(folder).await?;
        let temporary = folder.join(uuid::Uuid::new_v4().to_string());
        tokio::fs::write(&temporary, self.vault.seal(PURPOSE, image)?).await?;
        tokio::fs::rename(&temporary, &path).await
    }

    /// Removes the images of a file's pages, and says how many there were.
    ///
    /// # Errors
    /// Fails when the disk does.
    pub(super) fn remove(&self, blob: &str) -> io::Result<u64> {
        let folder = self.dir.join(blob);
        let count = match std::fs::read_dir(&folder) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(0),
            entries => entries?.count(),
        };
        std::fs::remove_dir_all(folder)?;
        Ok(count as u64)
    }

    /// Whether images of a file's pages are kept.
    pub(super) fn has(&self, blob: &str) -> bool {
        self.dir.join(blob).exists()
    }

    /// Removes every image; they are drawn anew as they are looked at.
    ///
    /// # Errors
    /// Fails when the disk does.
    pub fn clear(&self) -> io::Result<()> {
        std::fs::remove_dir_all(&self.dir)?;
        std::fs::create_dir_all(&self.dir)
    }
}
