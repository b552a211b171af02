//! Tasks and deadlines: what is to be done, by whom and by when, and what became of it.

mod change;
mod remind;
mod store;

use std::str::FromStr;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::{DeadlineError, Deadlines, filled};
use crate::cases::Source;
use crate::db::Tx;
use crate::events::{Event, EventKind};
use crate::kernel::{CaseId, DocumentId, LimitationId, Permission, Scope, TaskId, UserId};
use crate::notices::{Notice, Reader};

pub use change::{ReadDue, TaskChange};

/// What something to be done is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = DeadlineKind)]
pub enum TaskKind {
    /// Work somebody has set.
    Task,
    /// A day that law or an order sets.
    Deadline,
}

impl TaskKind {
    /// The stored form.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Task => "task",
            Self::Deadline => "deadline",
        }
    }

    /// The word on pages.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Task => "Task",
            Self::Deadline => "Deadline",
        }
    }
}

impl FromStr for TaskKind {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "task" => Ok(Self::Task),
            "deadline" => Ok(Self::Deadline),
            other => Err(other.to_owned()),
        }
    }
}

/// How far something to be done is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = DeadlineStatus)]
pub enum TaskStatus {
    /// It is to be done.
    #[default]
    Open,
    /// It was done.
    Done,
    /// It need not be done any more.
    Cancelled,
}

impl TaskStatus {
    /// The word on pages.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Done => "done",
            Self::Cancelled => "cancelled",
        }
    }
}

/// Something to be done, to be entered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewTask {
    /// In which case; none for the chamber's own work.
    pub case: Option<CaseId>,
    /// What it is.
    pub kind: TaskKind,
    /// What is to be done.
    pub title: String,
    /// What else to know of it.
    pub note: Option<String>,
    /// By when, in India.
    pub due_on: Option<NaiveDate>,
    /// By whom.
    pub assignee: Option<UserId>,
    /// Where it is known from, or the page it is about; none when it was entered by hand.
    pub source: Option<Source>,
}

/// Something to be done that the caller may see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Task {
    /// Its id.
    pub id: TaskId,
    /// In which case.
    pub case_id: Option<CaseId>,
    /// The case's title.
    pub case_title: Option<String>,
    /// What it is.
    pub kind: TaskKind,
    /// What is to be done.
    pub title: String,
    /// What else to know of it.
    pub note: Option<String>,
    /// By when.
    pub due_on: Option<NaiveDate>,
    /// Whom it is given to.
    pub assignee_id: Option<UserId>,
    /// Their name.
    pub assignee: Option<String>,
    /// How far it is.
    pub status: TaskStatus,
    /// When it was done.
    pub done_at: Option<DateTime<Utc>>,
    /// The page it is about or known from.
    pub page: Option<TaskPage>,
    /// The limitation it was kept from.
    pub limitation_id: Option<LimitationId>,
}

/// The page of a document that something to be done is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = DeadlinePage)]
pub struct TaskPage {
    /// The document.
    pub document_id: DocumentId,
    /// Its title.
    pub title: String,
    /// The version that was read, from 1.
    pub version: u32,
    /// The page, from 1.
    pub page: Option<u32>,
    /// Its words.
    pub quote: Option<String>,
}

/// Which tasks and deadlines are asked for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct TaskQuery {
    /// Of one case; of all when left out, with the caller's own that are of none.
    pub case: Option<CaseId>,
    /// Given to one person.
    pub assignee: Option<UserId>,
    /// With the deadlines nobody has who works on the case, of the cases the caller leads;
    /// nobody else will see to those.
    pub or_nobodys: bool,
    /// How far they are.
    pub status: TaskStatus,
    /// Due from this day on.
    pub from: Option<NaiveDate>,
    /// Due until this day, with it; without both, also what has no day.
    pub to: Option<NaiveDate>,
    /// At most so many; more than 1,000 are never given.
    pub limit: u32,
}

/// What became of something to be done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema, sqlx::FromRow)]
#[schema(as = DeadlineEvent)]
pub struct TaskEvent {
    /// `changed`, `given`, `done`, `reopened` or `cancelled`.
    pub kind: String,
    /// By whom.
    pub by_name: String,
    /// When.
    pub changed_at: DateTime<Utc>,
}

impl Deadlines {
    /// Enters something to be done.
    ///
    /// # Errors
    /// Fails when the case is not the caller's to change, nothing is said to be done, a
    /// text is too long, a deadline has no day, whom it is given to does not work on the
    /// case, or the document it is about is not one of the case.
    pub async fn add(&self, scope: &Scope, new: NewTask) -> Result<TaskId, DeadlineError> {
        let mut tx = self.parts.db.write().await?;
        let id = self.add_in(&mut tx, scope, new).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// Enters something to be done in a transaction of the caller's.
    ///
    /// # Errors
    /// As [`Deadlines::add`].
    pub async fn add_in(
        &self,
        tx: &mut Tx,
        scope: &Scope,
        new: NewTask,
    ) -> Result<TaskId, DeadlineError> {
        self.enter(tx, scope, new, None).await
    }

    /// Enters something to be done, which may be the last day of a limitation.
    pub(super) async fn enter(
        &self,
        tx: &mut Tx,
        scope: &Scope,
        new: NewTask,
        limitation: Option<LimitationId>,
    ) -> Result<TaskId, DeadlineError> {
        match new.case {
            Some(case) => self.parts.cases.changes(tx, scope, case).await?,
            None if !scope.may(Permission::WorkOnCases) => return Err(DeadlineError::NotAllowed),
            None => {}
        }
        let new = self.fit(tx, scope, new).await?;
        let id = TaskId::new();
        store::insert(tx, scope, (id, limitation), &new, self.parts.clock.now()).await?;
        let details = json!({ "case": new.case, "task": id });
        self.record(tx, scope, "task.add", details).await?;
        let about = json!({ "task": id, "kind": new.kind.as_str(), "due": new.due_on });
        self.emit(tx, scope, EventKind::TaskAdded, (new.case, about)).await?;
        self.tell_given(tx, scope, id, &new).await?;
        Ok(id)
    }

    /// Makes sure that what is entered can be, and cleans its texts.
    async fn fit(
        &self,
        tx: &mut Tx,
        scope: &Scope,
        new: NewTask,
    ) -> Result<NewTask, DeadlineError> {
        let title = filled(Some(new.title))?;
        let title = title.ok_or(DeadlineError::Unfit("say what is to be done"))?;
        let note = filled(new.note)?;
        let source = new.source.as_ref();
        if new.kind == TaskKind::Deadline && new.due_on.is_none() {
            return Err(DeadlineError::Unfit("give the deadline a day, or enter it as a task"));
        }
        if let Some(source) = source {
            let case = new.case;
            let case = case.ok_or(DeadlineError::Unfit("name the case the document belongs to"))?;
            if !store::is_of(tx, case, source.version).await? {
                let words = "the document it is about is not in this case";
                return Err(DeadlineError::Unfit(words));
            }
        }
        if let Some(assignee) = new.assignee
            && !store::may_be_given_to(tx, scope, new.case, assignee).await?
        {
            let words = "give the work to someone who works on the case";
            return Err(DeadlineError::Unfit(words));
        }
        Ok(NewTask { title, note, ..new })
    }

    /// Tells somebody else that they were given something to do.
    async fn tell_given(
        &self,
        tx: &mut Tx,
        scope: &Scope,
        id: TaskId,
        new: &NewTask,
    ) -> Result<(), DeadlineError> {
        let Some(assignee) = new.assignee.filter(|assignee| *assignee != scope.user()) else {
            return Ok(());
        };
        let case_title = match new.case {
            Some(case) => store::case_title(tx, scope, case).await?,
            None => None,
        };
        let notice = Notice::TaskGiven { title: new.title.clone(), case_title, due: new.due_on };
        // The case stands in the address for the letter: whether it is open to its reader is
        // asked again before it goes.
        let of_case = new.case.map(|case| format!("?case={case}")).unwrap_or_default();
        let link = format!("/deadlines/{id}{of_case}");
        let (organisation, reader) = (scope.organisation(), Reader::Person(assignee));
        self.parts.notices.tell(tx, organisation, reader, &notice, &link).await?;
        Ok(())
    }

    async fn emit(
        &self,
        tx: &mut Tx,
        scope: &Scope,
        kind: EventKind,
        (case, about): (Option<CaseId>, serde_json::Value),
    ) -> Result<(), DeadlineError> {
        let event = Event { organisation: scope.organisation(), kind, case, about };
        self.parts.events.emit(tx, event).await?;
        Ok(())
    }

    /// What is to be done, or was, in the cases open to the caller, and their own work
    /// that is of no case, by day; what has no day comes last.
    ///
    /// # Errors
    /// Fails when the database does.
    pub async fn list(&self, scope: &Scope, asked: TaskQuery) -> Result<Vec<Task>, DeadlineError> {
        let mut tx = self.parts.db.read().await?;
        Ok(store::list(&mut tx, scope, asked).await?)
    }

    /// A task or deadline the caller may see.
    ///
    /// # Errors
    /// Fails with [`DeadlineError::NotFound`] when it is not there or not open to them.
    pub async fn find(&self, scope: &Scope, id: TaskId) -> Result<Task, DeadlineError> {
        let mut tx = self.parts.db.read().await?;
        store::find(&mut tx, scope, id).await?.ok_or(DeadlineError::NotFound)
    }

    /// What became of a task or deadline, in order.
    ///
    /// # Errors
    /// As [`Deadlines::find`].
    pub async fn history(
        &self,
        scope: &Scope,
        id: TaskId,
    ) -> Result<Vec<TaskEvent>, DeadlineError> {
        let mut tx = self.parts.db.read().await?;
        store::find(&mut tx, scope, id).await?.ok_or(DeadlineError::NotFound)?;
        Ok(store::history(&mut tx, id).await?)
    }

    /// Whether the caller may change a task they see.
    #[must_use]
    pub fn may_change(scope: &Scope, task: &Task) -> bool {
        match task.case_id {
            Some(case) => scope.works_on(case),
            None => scope.may(Permission::WorkOnCases),
        }
    }
}
