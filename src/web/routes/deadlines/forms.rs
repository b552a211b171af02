//! What is entered of a task, and what it can be chosen from.

use chrono::NaiveDate;
use serde::Deserialize;

use crate::app::App;
use crate::cases::Source;
use crate::deadlines::{NewTask, TaskKind};
use crate::kernel::{CaseId, CaseRole, Role};
use crate::web::deadlines::lists::TaskForm;
use crate::web::parts::{Choice, Field};
use crate::web::routes::{Failure, Viewer};

/// What is said of a day that cannot be read.
pub(super) const NO_DAY: &str = "Give the day as the calendar has it, such as 2026-05-04.";

/// What was typed; nothing of it is lost when it is refused.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct TaskFields {
    #[serde(default)]
    pub(super) title: String,
    #[serde(default)]
    pub(super) note: String,
    #[serde(default)]
    pub(super) due: String,
    #[serde(default)]
    pub(super) kind: String,
    #[serde(default)]
    pub(super) case: String,
    #[serde(default)]
    pub(super) assignee: String,
    #[serde(default)]
    pub(super) document: String,
    #[serde(default)]
    pub(super) page: String,
    /// The day it had when the page was shown; left out where something is entered anew.
    #[serde(default)]
    pub(super) was_due: Option<String>,
}

/// What was wrong with one field, or with none in particular.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Wrong {
    pub(super) due: Option<&'static str>,
    pub(super) page: Option<&'static str>,
}

/// A day as it was typed; none where the field is empty.
pub(super) fn day(text: &str) -> Result<Option<NaiveDate>, ()> {
    let text = text.trim();
    if text.is_empty() { Ok(None) } else { text.parse().map(Some).map_err(drop) }
}

fn filled(text: &str) -> Option<String> {
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

impl TaskFields {
    /// What was entered, in a case or in that which was chosen.
    pub(super) fn read(&self, case: Option<CaseId>) -> Result<NewTask, Wrong> {
        let mut wrong = Wrong::default();
        let due_on = day(&self.due).unwrap_or_else(|()| {
            wrong.due = Some(NO_DAY);
            None
        });
        let page = filled(&self.page).map(|page| page.parse::<u32>());
        let page = page.transpose().unwrap_or_else(|_| {
            wrong.page = Some("Give the page as a number, from 1.");
            None
        });
        if wrong.due.is_some() || wrong.page.is_some() {
            return Err(wrong);
        }
        let version = self.document.parse().ok();
        Ok(NewTask {
            case: case.or_else(|| self.case.parse().ok()),
            kind: self.kind.parse().unwrap_or(TaskKind::Task),
            title: self.title.clone(),
            note: filled(&self.note),
            due_on,
            assignee: self.assignee.parse().ok(),
            source: version.map(|version| Source { version, page, quote: None }),
        })
    }

    /// The form as it was typed.
    pub(super) fn form(&self, choices: Choices, wrong: Wrong) -> TaskForm {
        let field = |value: &str, error: Option<&str>| Field {
            value: value.to_owned(),
            error: error.map(str::to_owned),
        };
        let kind = |kind: TaskKind| Choice {
            value: kind.as_str().to_owned(),
            label: kind.words().to_owned(),
            chosen: self.kind == kind.as_str(),
        };
        TaskForm {
            title: field(&self.title, None),
            note: field(&self.note, None),
            due: field(&self.due, wrong.due),
            kinds: [TaskKind::Task, TaskKind::Deadline].map(kind).to_vec(),
            cases: chosen(choices.cases, &self.case),
            people: chosen(choices.people, &self.assignee),
            documents: chosen(choices.documents, &self.document),
            page: field(&self.page, wrong.page),
        }
    }
}

/// The choices with the one that was made.
pub(super) fn chosen(choices: Vec<Choice>, value: &str) -> Vec<Choice> {
    let mark = |choice: Choice| Choice { chosen: choice.value == value, ..choice };
    choices.into_iter().map(mark).collect()
}

pub(super) fn choice(value: impl Into<String>, label: impl Into<String>) -> Choice {
    Choice { value: value.into(), label: label.into(), chosen: false }
}

/// What a task can be chosen from.
#[derive(Debug, Clone, Default)]
pub(super) struct Choices {
    pub(super) cases: Vec<Choice>,
    pub(super) people: Vec<Choice>,
    pub(super) documents: Vec<Choice>,
}

/// The cases the viewer works on.
pub(super) async fn cases(app: &App, viewer: &Viewer) -> Result<Vec<Choice>, Failure> {
    let scope = viewer.scope();
    let cases = app.cases.list(scope).await.map_err(|error| viewer.failure(error))?;
    let cases = cases.into_iter().filter(|case| scope.works_on(case.id));
    Ok(cases.map(|case| choice(case.id.to_string(), case.title)).collect())
}

/// Everybody of the chamber who can be given work.
pub(super) async fn people(app: &App, viewer: &Viewer) -> Result<Vec<Choice>, Failure> {
    let users = app.auth.users(viewer.scope()).await.map_err(|error| viewer.failure(error))?;
    let works = |role| matches!(role, Role::Admin | Role::Advocate | Role::Staff);
    let users = users.into_iter().filter(|user| user.active && works(user.role));
    Ok(users.map(|user| choice(user.id.to_string(), user.name)).collect())
}

/// What a task of no case yet can be chosen from.
pub(super) async fn everywhere(app: &App, viewer: &Viewer) -> Result<Choices, Failure> {
    let cases = cases(app, viewer).await?;
    Ok(Choices { cases, people: people(app, viewer).await?, documents: Vec::new() })
}

/// What a task of a case can be chosen from: who works on it, admins, and its documents.
pub(super) async fn of_case(app: &App, viewer: &Viewer, id: CaseId) -> Result<Choices, Failure> {
    let scope = viewer.scope();
    let members = app.cases.members(scope, id).await.map_err(|error| viewer.failure(error))?;
    let works = |role| matches!(role, CaseRole::Lead | CaseRole::Member);
    let members = members.into_iter().filter(|one| one.has_access && works(one.role));
    let mut people: Vec<Choice> =
        members.map(|one| choice(one.user_id.to_string(), one.name)).collect();
    let me = scope.user().to_string();
    if people.iter().all(|one| one.value != me) {
        people.insert(0, choice(me, viewer.caller.user.name.clone()));
    }
    let documents = app.documents.list(scope, id).await.map_err(|error| viewer.failure(error))?;
    let documents =
        documents.into_iter().map(|one| choice(one.version.version_id.to_string(), one.title));
    Ok(Choices { cases: Vec::new(), people, documents: documents.collect() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_wrongly_is_said_beside_its_field_and_kept() {
        let typed = TaskFields {
            title: "File the reply".into(),
            due: "soon".into(),
            page: "two".into(),
            ..TaskFields::default()
        };
        let wrong = typed.read(None).unwrap_err();
        let form = typed.form(Choices::default(), wrong);
        assert_eq!(form.title.value, "File the reply");
        assert_eq!(form.due.value, "soon");
        assert!(form.due.error.is_some() && form.page.error.is_some());
        let right = TaskFields { due: "2026-05-04".into(), page: String::new(), ..typed };
        let read = right.read(None).unwrap();
        assert_eq!(read.due_on, "2026-05-04".parse().ok());
        assert_eq!((read.kind, read.case, read.source), (TaskKind::Task, None, None));
    }
}
