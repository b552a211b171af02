//! Money set aside by a process that was killed.
//!
//! Whether the provider did its work, and bills it, nobody can tell. So the call is
//! booked as *lost*, at the worst it may have cost, marked as estimated: a budget is kept
//! rather too strictly than not, and the drift against the provider's report shows it.

use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::{Usage, store};
use crate::db::DbError;

/// How long money may be set aside. No answer takes so long.
const AT_MOST: Duration = Duration::from_hours(1);
/// How often it is looked for.
const EVERY: Duration = Duration::from_mins(10);

impl Usage {
    /// Books what was set aside for longer than this as lost; says how many calls.
    ///
    /// # Errors
    /// Fails when the database does.
    pub async fn sweep(&self, longer_than: Duration) -> Result<usize, DbError> {
        let before = self.clock.now() - longer_than;
        let mut tx = self.db.write().await?;
        let mut booked = 0;
        for held in store::budgets::held_since(&mut tx, before).await? {
            // Another process may sweep too, and the call may settle meanwhile.
            if store::budgets::release(&mut tx, held.id).await? {
                store::budgets::book_lost(&mut tx, held).await?;
                booked += 1;
            }
        }
        tx.commit().await?;
        if booked > 0 {
            tracing::warn!(booked, "calls whose end is not known were booked at their worst");
        }
        Ok(booked)
    }

    /// Looks for money set aside too long, until told to stop.
    pub async fn care(&self, stop: &CancellationToken) {
        loop {
            if let Err(error) = self.sweep(AT_MOST).await {
                let error = &error as &dyn std::error::Error;
                tracing::error!(error, "money set aside could not be looked through");
            }
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(EVERY) => {}
            }
        }
    }
}
