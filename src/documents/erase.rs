//! Taking the files of erased documents from the disk. The rows go in the
//! transaction of the erasure, which asks here what goes with them.

use std::collections::BTreeSet;
use std::io;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::Documents;
use super::blobs::Resealed;
use crate::db::{DbError, Tx};
use crate::kernel::OrganisationId;
use crate::statement;

/// A file of an organisation, by the SHA-256 of its bytes, and what it is called on
/// the disk.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct File {
    /// What it is called on the disk.
    pub(crate) name: String,
}

/// What was found of files that should be gone.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Removed {
    /// Files.
    pub(crate) files: u64,
    /// Images of their pages.
    pub(crate) images: u64,
}

#[derive(sqlx::FromRow)]
struct Sha {
    sha256: String,
}

impl Documents {
    /// The files no version would use any more if these were gone, and those of these
    /// deliveries.
    ///
    /// # Errors
    /// Fails when the database does.
    pub(crate) async fn files_of(
        &self,
        tx: &mut Tx,
        organisation: OrganisationId,
        versions: &BTreeSet<Uuid>,
        deliveries: &BTreeSet<Uuid>,
    ) -> Result<BTreeSet<File>, DbError> {
        let mut files = BTreeSet::new();
        for &delivery in deliveries {
            let select = statement!("SELECT sha256 FROM deliveries WHERE id = $1");
            let found = tx.optional::<Sha>(select.bind(delivery)).await?;
            files.extend(found.map(|row| File { name: self.delivery_name(delivery, &row.sha256) }));
        }
        for &version in versions {
            let select = statement!("SELECT sha256 FROM versions WHERE id = $1");
            let Some(Sha { sha256 }) = tx.optional(select.bind(version)).await? else { continue };
            let select = statement!(
                "SELECT v.id FROM versions v JOIN documents d ON d.id = v.document_id
                 WHERE v.sha256 = $1 AND d.organisation_id = $2"
            );
            let users = tx.all::<Id>(select.bind(sha256.as_str()).bind(organisation)).await?;
            if users.iter().all(|user| versions.contains(&user.id)) {
                files.insert(File { name: self.blobs.name(organisation, &sha256) });
            }
        }
        Ok(files)
    }

    /// Removes files and the images of their pages. May be done twice.
    ///
    /// # Errors
    /// Fails when the disk does.
    pub(crate) async fn remove_files(&self, files: &BTreeSet<File>) -> io::Result<Removed> {
        let (documents, files) = (self.clone(), files.clone());
        let remove = move || {
            let mut removed = Removed::default();
            for file in &files {
                removed.files += u64::from(documents.blobs.remove_named(&file.name)?);
                removed.files += u64::from(documents.delivered.remove_named(&file.name)?);
                removed.images += documents.images.remove(&file.name)?;
            }
            Ok(removed)
        };
        tokio::task::spawn_blocking(remove).await.map_err(io::Error::other)?
    }

    /// How many of these files, and page images of them, are still there.
    pub(crate) fn files_left(&self, files: &BTreeSet<File>) -> Removed {
        let count = |is_there: &dyn Fn(&str) -> bool| {
            files.iter().filter(|file| is_there(&file.name)).count() as u64
        };
        Removed {
            files: count(&|name| self.blobs.has_named(name) || self.delivered.has_named(name)),
            images: count(&|name| self.images.has(name)),
        }
    }

    /// The bytes of a version's file, for an export of its organisation.
    ///
    /// # Errors
    /// Fails when the file is not there or damaged.
    pub(crate) async fn file_of(
        &self,
        organisation: OrganisationId,
        sha256: &str,
    ) -> io::Result<std::fs::File> {
        self.blobs.plain(organisation, sha256).await?.open()
    }

    /// The master keys that seal the files, one for each file.
    ///
    /// # Errors
    /// Fails when a file cannot be read.
    pub(crate) async fn file_keys(&self) -> io::Result<Vec<u32>> {
        let (blobs, delivered) = (self.blobs.clone(), self.delivered.clone());
        let keys = move || {
            let mut keys = blobs.keys()?;
            keys.extend(delivered.keys()?);
            Ok(keys)
        };
        tokio::task::spawn_blocking(keys).await.map_err(io::Error::other)?
    }

    /// Has the newest master key seal every file.
    ///
    /// # Errors
    /// Fails when a file cannot be read, opened or written.
    pub(crate) async fn reseal_files(
        &self,
        mut told: impl FnMut(Resealed) + Send + 'static,
    ) -> io::Result<Resealed> {
        let (blobs, delivered) = (self.blobs.clone(), self.delivered.clone());
        let reseal = move || {
            let kept = blobs.reseal(&mut told)?;
            let came = delivered.reseal(&mut |_| {})?;
            let (files, changed) = (kept.files + came.files, kept.changed + came.changed);
            Ok(Resealed { files, changed })
        };
        tokio::task::spawn_blocking(reseal).await.map_err(io::Error::other)?
    }

    /// Removes the images of pages; they are drawn anew as they are looked at.
    ///
    /// # Errors
    /// Fails when the disk does.
    pub(crate) async fn clear_images(&self) -> io::Result<()> {
        let images = self.images.clone();
        tokio::task::spawn_blocking(move || images.clear()).await.map_err(io::Error::other)?
    }
}

#[derive(sqlx::FromRow)]
struct Id {
    id: Uuid,
}
