//! Taking documents out of the index for good: their entries, and the files of the
//! index in which their words still stand.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::hybrid::Search;
use super::index::IndexError;
use super::results::SearchError;
use crate::kernel::DocumentId;

impl Search {
    /// Removes documents and writes the parts of the index that held them anew, so that
    /// none of their words stays in a file. May be done twice.
    ///
    /// # Errors
    /// Fails when the index cannot be written.
    pub async fn forget(&self, documents: &[DocumentId]) -> Result<(), SearchError> {
        // Whoever indexes reads the tables in this turn too, so nothing comes back.
        let _turn = self.index.turn().await;
        let (index, documents) = (Arc::clone(&self.index), documents.to_vec());
        let forget = move || -> Result<(), IndexError> {
            index.remove(&documents)?.wait()?;
            index.purge()
        };
        let done = tokio::task::spawn_blocking(forget).await;
        Ok(done.map_err(|_| SearchError::Interrupted)??)
    }

    /// How many of these documents the index still holds.
    ///
    /// # Errors
    /// Fails when the index cannot be read.
    pub async fn held_of(&self, documents: &[DocumentId]) -> Result<u64, SearchError> {
        let wanted: BTreeSet<DocumentId> = documents.iter().copied().collect();
        let index = Arc::clone(&self.index);
        let held = tokio::task::spawn_blocking(move || index.ask(super::Index::held)).await;
        let held = held.map_err(|_| SearchError::Interrupted)??;
        Ok(held.iter().filter(|held| wanted.contains(&held.document)).count() as u64)
    }
}
