//! Tasks and deadlines.

use std::str::FromStr;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::{CaseError, Cases, Source, diary, filled};
use crate::db::Tx;
use crate::kernel::{CaseId, Permission, Scope, TaskId, UserId};

/// What something to be done is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = CaseTaskKind)]
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

/// Something to be done, to be entered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = NewCaseTask)]
pub struct NewTask {
    /// In which case; none for the chamber's own work.
    pub case: Option<CaseId>,
    /// What it is.
    pub kind: TaskKind,
    /// What is to be done.
    pub title: String,
    /// By when, in India.
    pub due_on: Option<NaiveDate>,
    /// By whom.
    pub assignee: Option<UserId>,
    /// Where it is known from; none when it was entered by hand.
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
    /// By when.
    pub due_on: Option<NaiveDate>,
    /// The name of whom it is given to.
    pub assignee: Option<String>,
    /// When it was done.
    pub done_at: Option<DateTime<Utc>>,
}

/// Which tasks and deadlines are asked for: those that are not done.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tasks {
    /// Of one case; of all when left out, with the caller's own that are of none.
    pub case: Option<CaseId>,
    /// Due from this day on.
    pub from: Option<NaiveDate>,
    /// Due until this day, with it; without one, also what has no day.
    pub to: Option<NaiveDate>,
    /// At most so many; more than 1,000 are never given.
    pub limit: u32,
}

impl Cases {
    /// Enters something to be done.
    ///
    /// # Errors
    /// Fails when the case is not the caller's to change, nothing is said to be done, a
    /// text is too long, the case is not open to whom it is given to, or the document it is
    /// taken from is not one of the case.
    pub async fn add_task(&self, scope: &Scope, new: NewTask) -> Result<TaskId, CaseError> {
        let mut tx = self.db.write().await?;
        let id = self.add_task_in(&mut tx, scope, new).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// Enters something to be done in a transaction of the caller's.
    ///
    /// # Errors
    /// As [`Cases::add_task`].
    pub async fn add_task_in(
        &self,
        tx: &mut Tx,
        scope: &Scope,
        new: NewTask,
    ) -> Result<TaskId, CaseError> {
        let title = filled(Some(new.title))?;
        let title = title.ok_or(CaseError::Unfit("say what is to be done"))?;
        let new = NewTask { title, ..new };
        match new.case {
            Some(case) => {
                self.changes(tx, scope, case).await?;
                diary::source_is_of(tx, case, new.source.as_ref()).await?;
            }
            None if !scope.may(Permission::WorkOnCases) => return Err(CaseError::NotAllowed),
            None if new.source.is_some() => {
                return Err(CaseError::Unfit("name the case the document belongs to"));
            }
            None => {}
        }
        if let Some(assignee) = new.assignee
            && !diary::may_be_given_to(tx, scope, new.case, assignee).await?
        {
            return Err(CaseError::Unfit("give the work to someone to whom the case is open"));
        }
        let id = TaskId::new();
        diary::insert_task(tx, scope, id, &new, self.clock.now()).await?;
        self.record(tx, scope, "task.add", json!({ "case": new.case, "task": id })).await?;
        Ok(id)
    }

    /// What is to be done in the cases open to the caller, and their own work that is
    /// of no case, by day; what has no day comes last.
    ///
    /// # Errors
    /// Fails when the database does.
    pub async fn open_tasks(&self, scope: &Scope, asked: Tasks) -> Result<Vec<Task>, CaseError> {
        let mut tx = self.db.read().await?;
        Ok(diary::open_tasks(&mut tx, scope, asked).await?)
    }
}
