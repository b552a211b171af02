//! Taking documents out of every store of vectors for good.

use std::collections::BTreeSet;

use super::{StoreError, Vectors};
use crate::kernel::{DocumentId, OrganisationId, VersionId};

impl Vectors {
    /// Removes documents from the stores of all generations, and every snapshot, since
    /// they would bring them back; gives how many snapshots there were. May be done
    /// twice.
    ///
    /// # Errors
    /// Fails when a store does.
    pub async fn forget(
        &self,
        organisation: OrganisationId,
        documents: &[DocumentId],
    ) -> Result<u64, StoreError> {
        let mut snapshots = 0;
        for generation in self.inner.stores.generations().await? {
            let Some(dimensions) = self.inner.stores.dimensions(&generation).await? else {
                continue;
            };
            let store = self.inner.stores.open(&generation, dimensions).await?;
            snapshots += store.erase(organisation, documents).await?;
        }
        Ok(snapshots)
    }

    /// How many of these versions a store still holds, and how many snapshots there are.
    ///
    /// # Errors
    /// Fails when a store does.
    pub async fn held_of(
        &self,
        organisation: OrganisationId,
        versions: &BTreeSet<VersionId>,
    ) -> Result<u64, StoreError> {
        let mut held = 0;
        for generation in self.inner.stores.generations().await? {
            let Some(dimensions) = self.inner.stores.dimensions(&generation).await? else {
                continue;
            };
            let store = self.inner.stores.open(&generation, dimensions).await?;
            held += store.versions(organisation).await?.intersection(versions).count();
        }
        Ok(held as u64)
    }
}
