//! Removing documents so that no file holds their vectors any more.

use std::fs;

use super::snapshot::SNAPSHOTS;
use super::{FlatStore, StoreError, record, write};
use crate::kernel::{DocumentId, OrganisationId};

impl FlatStore {
    /// Removes documents, writes the organisation's file anew without what is removed,
    /// and removes every snapshot; gives how many snapshots there were.
    ///
    /// # Errors
    /// Fails on a failing disk.
    pub fn erase(&self, org: OrganisationId, documents: &[DocumentId]) -> Result<u64, StoreError> {
        self.alive()?;
        let snapshots = self.snapshots()?.len() as u64;
        let stock = self.stock(org);
        let mut stock = write(&stock);
        for &document in documents {
            if stock.refreshed()?.of_document(document).next().is_some() {
                stock.append(&record::remove(document))?;
            }
        }
        if self.has_file(org) {
            stock.refreshed()?.rewrite()?;
        }
        let folder = self.dir.join(SNAPSHOTS);
        if folder.exists() {
            fs::remove_dir_all(&folder)
                .map_err(|source| StoreError::Io { path: folder.clone(), source })?;
        }
        Ok(snapshots)
    }

    fn has_file(&self, org: OrganisationId) -> bool {
        self.dir.join(org.to_string()).with_extension(super::ENDING).exists()
    }
}
