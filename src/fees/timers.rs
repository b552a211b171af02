//! Timers: a clock on a person's work, which becomes a time entry when they say so.
//!
//! One timer is open for each person, running or paused, on whichever device. Stopped, it
//! is a draft: nothing is billed until its person enters it as time. A timer that ran for
//! more than twelve hours at a stretch was forgotten, and its length is asked for anew.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;

use super::{FeeError, Fees, fit, store};
use crate::db::Tx;
use crate::kernel::{CaseId, Permission, Scope, TimerId};

/// A timer that runs longer at a stretch was forgotten.
pub const FORGOTTEN_AFTER: TimeDelta = TimeDelta::hours(12);

/// A timer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Timer {
    /// Its id.
    pub id: TimerId,
    /// On which case.
    pub case_id: CaseId,
    /// The case's title.
    pub case_title: String,
    /// What is done.
    pub note: String,
    /// When it was started.
    pub started_at: DateTime<Utc>,
    /// Since when it runs; nothing while it is paused or stopped.
    pub running_since: Option<DateTime<Utc>>,
    /// When it was stopped: then it is a draft.
    pub stopped_at: Option<DateTime<Utc>>,
    /// How many seconds it ran until now.
    pub seconds: i64,
    /// Whether it ran longer at a stretch than anybody works.
    pub is_forgotten: bool,
}

impl Timer {
    /// The minutes it ran, each begun minute in full.
    #[must_use]
    pub const fn minutes(&self) -> i64 {
        if self.seconds <= 0 { 1 } else { (self.seconds - 1) / 60 + 1 }
    }
}

/// A person's timers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Timers {
    /// The one that is open, running or paused.
    pub open: Option<Timer>,
    /// Those that were stopped and wait to be entered, the latest first.
    pub drafts: Vec<Timer>,
}

/// An open timer as it is stored.
pub(super) struct Open {
    pub(super) id: TimerId,
    pub(super) ran_seconds: i64,
    pub(super) running_since: Option<DateTime<Utc>>,
}

impl Open {
    /// How long it ran in all, at a moment.
    fn ran(&self, now: DateTime<Utc>) -> i64 {
        self.ran_seconds.saturating_add(stretch(self.running_since, now))
    }
}

/// How many seconds a timer has run since it was last started.
pub(super) fn stretch(since: Option<DateTime<Utc>>, now: DateTime<Utc>) -> i64 {
    since.map_or(0, |since| now.signed_duration_since(since).num_seconds().max(0))
}

/// Whether a timer that ran in all for so many seconds was forgotten: it ran for more than
/// twelve hours.
pub(super) const fn is_forgotten(seconds: i64) -> bool {
    seconds > FORGOTTEN_AFTER.num_seconds()
}

impl Fees {
    /// Starts a timer on a case. One that is open is stopped, and stays as a draft.
    ///
    /// # Errors
    /// Fails when the case is not the caller's to work on, the note is too long, or they
    /// start another at the same moment.
    pub async fn start_timer(
        &self,
        scope: &Scope,
        case: CaseId,
        note: &str,
    ) -> Result<TimerId, FeeError> {
        let note = fit("note", note)?;
        let now = self.parts.clock.now();
        let mut tx = self.parts.db.write().await?;
        store::timers::lock(&mut tx, scope).await?;
        self.enters(&mut tx, scope, case).await?;
        if let Some(open) = store::timers::open(&mut tx, scope).await? {
            self.stop(&mut tx, scope, &open, now).await?;
        }
        let id = TimerId::new();
        match store::timers::insert(&mut tx, scope, id, (case, &note), now).await {
            Err(error) if error.is_conflict() => return Err(FeeError::TimerRuns),
            done => done?,
        }
        self.record(&mut tx, scope, "timer.start", json!({ "case": case, "timer": id })).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// Pauses the caller's timer; one that is paused stays so.
    ///
    /// # Errors
    /// Fails with [`FeeError::NotFound`] when none is open.
    pub async fn pause_timer(&self, scope: &Scope) -> Result<(), FeeError> {
        let now = self.parts.clock.now();
        let mut tx = self.parts.db.write().await?;
        let open = open_timer(&mut tx, scope).await?;
        if open.running_since.is_some() {
            store::timers::pause(&mut tx, open.id, open.ran(now)).await?;
        }
        Ok(tx.commit().await?)
    }

    /// Lets the caller's paused timer run again.
    ///
    /// # Errors
    /// Fails with [`FeeError::NotFound`] when none is open.
    pub async fn resume_timer(&self, scope: &Scope) -> Result<(), FeeError> {
        let now = self.parts.clock.now();
        let mut tx = self.parts.db.write().await?;
        let open = open_timer(&mut tx, scope).await?;
        if open.running_since.is_none() {
            store::timers::resume(&mut tx, open.id, now).await?;
        }
        Ok(tx.commit().await?)
    }

    /// Stops the caller's timer: it becomes a draft, which waits to be entered as time.
    ///
    /// # Errors
    /// Fails with [`FeeError::NotFound`] when none is open.
    pub async fn stop_timer(&self, scope: &Scope) -> Result<TimerId, FeeError> {
        let now = self.parts.clock.now();
        let mut tx = self.parts.db.write().await?;
        let open = open_timer(&mut tx, scope).await?;
        self.stop(&mut tx, scope, &open, now).await?;
        tx.commit().await?;
        Ok(open.id)
    }

    /// Throws a draft of the caller's away.
    ///
    /// # Errors
    /// Fails with [`FeeError::NotFound`] when it is not one of theirs.
    pub async fn discard_draft(&self, scope: &Scope, id: TimerId) -> Result<(), FeeError> {
        let mut tx = self.parts.db.write().await?;
        if store::timers::delete_draft(&mut tx, scope, id).await? != 1 {
            return Err(FeeError::NotFound);
        }
        self.record(&mut tx, scope, "timer.discard", json!({ "timer": id })).await?;
        Ok(tx.commit().await?)
    }

    /// The caller's timers, without those on cases that are not open to them any more.
    ///
    /// # Errors
    /// Fails when the database does.
    pub async fn timers(&self, scope: &Scope) -> Result<Timers, FeeError> {
        if !scope.may(Permission::KeepTime) {
            return Ok(Timers::default());
        }
        let mut tx = self.parts.db.read().await?;
        let found = store::timers::list(&mut tx, scope, self.parts.clock.now()).await?;
        let (drafts, mut open): (Vec<Timer>, Vec<Timer>) =
            found.into_iter().partition(|timer| timer.stopped_at.is_some());
        Ok(Timers { open: open.pop(), drafts })
    }

    async fn stop(
        &self,
        tx: &mut Tx,
        scope: &Scope,
        open: &Open,
        now: DateTime<Utc>,
    ) -> Result<(), FeeError> {
        let seconds = open.ran(now);
        store::timers::stop(tx, open.id, seconds, now).await?;
        let details = json!({ "timer": open.id, "seconds": seconds });
        Ok(self.record(tx, scope, "timer.stop", details).await?)
    }
}

/// The caller's open timer.
async fn open_timer(tx: &mut Tx, scope: &Scope) -> Result<Open, FeeError> {
    store::timers::open(tx, scope).await?.ok_or(FeeError::NotFound)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_timer_counts_what_it_ran_before_a_pause_and_since() {
        let now: DateTime<Utc> = "2026-11-02T09:30:00Z".parse().unwrap();
        let since = Some(now - TimeDelta::minutes(10));
        let open = Open { id: TimerId::new(), ran_seconds: 90, running_since: since };
        assert_eq!(open.ran(now), 690);
        let paused = Open { running_since: None, ..open };
        assert_eq!(paused.ran(now), 90);
        assert_eq!(stretch(Some(now + TimeDelta::minutes(1)), now), 0, "a clock set back");
    }

    #[test]
    fn a_timer_is_forgotten_after_twelve_hours() {
        assert!(!is_forgotten(12 * 3600));
        assert!(is_forgotten(12 * 3600 + 1));
    }
}
