//! Rows older than the settings keep are removed from the beginning of the record;
//! its sealed end remembers the last of them, so that the rest still fits.

use std::time::Duration;

use chrono::TimeDelta;
use serde_json::json;
use tokio_util::sync::CancellationToken;

use super::{Audit, AuditError, store};
use crate::kernel::OrganisationId;

/// How often the record is walked and old rows are removed.
const EVERY: Duration = Duration::from_hours(24);

impl Audit {
    /// Walks every record once a day and removes what is too old, until told to stop.
    pub async fn care(&self, stop: &CancellationToken) {
        loop {
            if let Err(error) = self.care_once().await {
                tracing::error!(
                    error = &error as &dyn std::error::Error,
                    "the record could not be checked"
                );
            }
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(EVERY) => {}
            }
        }
    }

    /// Walks every record, and removes what is too old from those that are whole.
    /// Gives the number of rows removed.
    ///
    /// # Errors
    /// Fails when the database does.
    pub async fn care_once(&self) -> Result<u64, AuditError> {
        let mut removed = 0;
        for (organisation, _) in self.organisations().await? {
            match self.verify(organisation, None).await?.finding {
                // What was tampered with is evidence: nothing of it is removed.
                Some(finding) => tracing::error!(%organisation, %finding, "the record is broken"),
                None => removed += self.remove_old(organisation).await?,
            }
        }
        Ok(removed)
    }

    async fn remove_old(&self, organisation: OrganisationId) -> Result<u64, AuditError> {
        let kept_from = self.clock.now() - TimeDelta::days(i64::from(self.settings.keep_days));
        let mut tx = self.db.write().await?;
        let mut head = self.head(&mut tx, organisation).await?;
        let Some(through) = store::last_before(&mut tx, organisation, kept_from).await? else {
            return Ok(0);
        };
        let Some(last) = store::at(&mut tx, organisation, through).await? else { return Ok(0) };
        let rows = store::remove_through(&mut tx, organisation, through).await?;
        (head.removed, head.removed_hash) = (through, last.hash);
        let row = (None, "record.retain", json!({ "through": through, "rows": rows }));
        self.append(&mut tx, organisation, &mut head, row).await?;
        let sealed = head.seal(&self.vault, organisation)?;
        store::keep_head(&mut tx, organisation, sealed).await?;
        tx.commit().await?;
        tracing::info!(%organisation, rows, "removed rows of the record that were too old");
        Ok(rows)
    }
}
