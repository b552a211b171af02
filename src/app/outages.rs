//! Watching what the assistant leans on beside its models, so that its outages are in the
//! history too: the embedding model and what holds the vectors.

use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::App;
use crate::db::DbError;

/// How often it is looked.
const EVERY: Duration = Duration::from_secs(20);

impl App {
    /// Looks whether search by meaning is there, and keeps it where that changed.
    ///
    /// # Errors
    /// Fails when the database does.
    pub async fn notice_outages(&self) -> Result<(), DbError> {
        let store = self.vectors.store_name();
        self.chain.note_part("vectors", store, self.vectors.missing().as_deref()).await?;
        // The ledger has every call of an embedding model, so the last one tells.
        if let Some((name, failed)) = self.chain.last_embedding().await? {
            let missing = failed.then_some("its last call failed; search goes by words");
            self.chain.note_part("embeddings", &name, missing).await?;
        }
        Ok(())
    }

    /// Looks now and then, until told to stop.
    pub(super) async fn watch_outages(&self, stop: &CancellationToken) {
        loop {
            if let Err(error) = self.notice_outages().await {
                tracing::error!(error = &error as &dyn std::error::Error, "outages not kept");
            }
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(EVERY) => {}
            }
        }
    }
}
