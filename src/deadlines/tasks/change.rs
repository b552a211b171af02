//! Changing, doing, reopening and cancelling.

use chrono::NaiveDate;
use serde_json::json;

use super::{NewTask, Task, TaskStatus, store};
use crate::cases::Source;
use crate::db::Tx;
use crate::deadlines::{DeadlineError, Deadlines};
use crate::events::EventKind;
use crate::kernel::{Scope, TaskId, UserId};

/// What something to be done becomes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaskChange {
    /// What is to be done.
    pub title: String,
    /// What else to know of it.
    pub note: Option<String>,
    /// By when, in India.
    pub due_on: Option<NaiveDate>,
    /// By whom.
    pub assignee: Option<UserId>,
    /// The page it is about; as it was when left out.
    pub source: Option<Source>,
    /// The day it had when the caller read it; not compared when left out.
    pub read: Option<ReadDue>,
}

/// The day a task had when somebody read it, so that a day which moved meanwhile is not put
/// back by whoever changes something else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReadDue(pub Option<NaiveDate>);

impl Deadlines {
    /// Changes something that is to be done. Whom it is given to anew is told.
    ///
    /// # Errors
    /// Fails when it is not there or not the caller's to change, when it is done or
    /// cancelled or its day is not the one they read, and as [`Deadlines::add`] otherwise.
    pub async fn change(
        &self,
        scope: &Scope,
        id: TaskId,
        change: TaskChange,
    ) -> Result<(), DeadlineError> {
        let mut tx = self.parts.db.write().await?;
        let found = self.to_be_changed(&mut tx, scope, id).await?;
        let TaskChange { title, note, due_on, assignee, source, read } = change;
        let (case, kind) = (found.case_id, found.kind);
        let new = NewTask { case, kind, title, note, due_on, assignee, source };
        let given = new.assignee.is_some() && new.assignee != found.assignee_id;
        let kept = new.assignee == found.assignee_id;
        // Whoever had it keeps it, also when the case was closed to them since.
        let new = if kept {
            let asked = NewTask { assignee: None, ..new };
            NewTask { assignee, ..self.fit(&mut tx, scope, asked).await? }
        } else {
            self.fit(&mut tx, scope, new).await?
        };
        if !store::change(&mut tx, id, &new, read).await? {
            let now = store::find(&mut tx, scope, id).await?.ok_or(DeadlineError::NotFound)?;
            let moved = read.is_some_and(|read| read.0 != now.due_on);
            return Err(if moved { MOVED } else { SETTLED });
        }
        let kind = if given { "given" } else { "changed" };
        self.noted(&mut tx, scope, &found, (kind, "task.change")).await?;
        if given {
            self.tell_given(&mut tx, scope, id, &new).await?;
        }
        tx.commit().await?;
        Ok(())
    }

    /// Says that something was done.
    ///
    /// # Errors
    /// Fails when it is not there or not the caller's to change, or was done or
    /// cancelled before.
    pub async fn done(&self, scope: &Scope, id: TaskId) -> Result<(), DeadlineError> {
        let mut tx = self.parts.db.write().await?;
        let found = self.to_be_changed(&mut tx, scope, id).await?;
        if !store::done(&mut tx, id, self.parts.clock.now()).await? {
            return Err(SETTLED);
        }
        self.noted(&mut tx, scope, &found, ("done", "task.done")).await?;
        let about = json!({ "task": id, "kind": found.kind.as_str(), "due": found.due_on });
        self.emit(&mut tx, scope, EventKind::TaskDone, (found.case_id, about)).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Says that something that was done or cancelled is to be done after all.
    ///
    /// # Errors
    /// Fails when it is not there or not the caller's to change, or is open.
    pub async fn reopen(&self, scope: &Scope, id: TaskId) -> Result<(), DeadlineError> {
        let mut tx = self.parts.db.write().await?;
        let found = self.to_be_changed(&mut tx, scope, id).await?;
        if !store::reopen(&mut tx, id).await? {
            return Err(DeadlineError::Settled("it is open already; nothing was changed"));
        }
        self.noted(&mut tx, scope, &found, ("reopened", "task.reopen")).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Says that something need not be done any more.
    ///
    /// # Errors
    /// As [`Deadlines::done`].
    pub async fn cancel(&self, scope: &Scope, id: TaskId) -> Result<(), DeadlineError> {
        let mut tx = self.parts.db.write().await?;
        let found = self.to_be_changed(&mut tx, scope, id).await?;
        if !store::cancel(&mut tx, id, self.parts.clock.now()).await? {
            return Err(SETTLED);
        }
        self.noted(&mut tx, scope, &found, ("cancelled", "task.cancel")).await?;
        tx.commit().await?;
        Ok(())
    }

    /// A task the caller may change at this moment.
    async fn to_be_changed(
        &self,
        tx: &mut Tx,
        scope: &Scope,
        id: TaskId,
    ) -> Result<Task, DeadlineError> {
        let found = store::find(tx, scope, id).await?.ok_or(DeadlineError::NotFound)?;
        match found.case_id {
            Some(case) => self.parts.cases.changes(tx, scope, case).await?,
            None if !Self::may_change(scope, &found) => return Err(DeadlineError::NotFound),
            None => {}
        }
        Ok(found)
    }

    async fn noted(
        &self,
        tx: &mut Tx,
        scope: &Scope,
        task: &Task,
        (kind, action): (&'static str, &'static str),
    ) -> Result<(), DeadlineError> {
        store::note_change(tx, scope, (task.id, kind), self.parts.clock.now()).await?;
        let details = json!({ "case": task.case_id, "task": task.id });
        self.record(tx, scope, action, details).await?;
        Ok(())
    }
}

const SETTLED: DeadlineError =
    DeadlineError::Settled("it is done or cancelled already; open it again first");

const MOVED: DeadlineError =
    DeadlineError::Settled("its day was changed meanwhile; look at it and save again");

impl Task {
    /// Whether its day has passed on a day, and it is still to be done.
    #[must_use]
    pub fn is_overdue(&self, today: NaiveDate) -> bool {
        self.status == TaskStatus::Open && self.due_on.is_some_and(|due| due < today)
    }
}
