//! Asking for something of whole documents of a case.

use std::collections::HashMap;

use axum::extract::{Path, Query, State};
use axum::response::Redirect;
use serde::Deserialize;

use super::{Allowed, Failure, Form};
use crate::app::App;
use crate::assistant::AskError;
use crate::assistant::tasks::{DraftKind, NewTask, Order, TaskKind, checklists};
use crate::kernel::permission::permit::Ask;
use crate::kernel::{CaseId, DocumentId};
use crate::web::Area;
use crate::web::parts::{CaseRef, Choice};
use crate::web::tasks::{TaskChoice, TasksPage};

#[derive(Deserialize)]
pub(super) struct Chosen {
    kind: Option<TaskKind>,
    document: Option<DocumentId>,
}

pub(super) async fn form(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<Ask>,
    Path(id): Path<CaseId>,
    Query(Chosen { kind, document }): Query<Chosen>,
) -> Result<TasksPage, Failure> {
    let scope = viewer.scope();
    let case = app.cases.find(scope, id).await.map_err(|error| viewer.failure(error))?;
    let documents = app.documents.list(scope, id).await.map_err(|error| viewer.failure(error))?;
    let kind = kind.unwrap_or(TaskKind::Summary);
    let kinds = TaskKind::ALL.map(|it| TaskChoice {
        value: it.key(),
        label: it.words(),
        gives: gives(it),
        chosen: it == kind,
    });
    Ok(TasksPage {
        layout: viewer.layout(format!("Ask for: {}", case.title), Area::Cases),
        case: CaseRef { id, title: case.title },
        kinds: kinds.to_vec(),
        documents: documents
            .into_iter()
            .map(|it| Choice {
                chosen: document == Some(it.id),
                value: it.id.to_string(),
                label: it.title,
            })
            .collect(),
        checklists: checklists()
            .iter()
            .map(|list| Choice { value: list.key.clone(), label: list.name.clone(), chosen: false })
            .collect(),
        drafts: DraftKind::ALL
            .iter()
            .map(|draft| Choice {
                value: draft.key().to_owned(),
                label: draft.words().to_owned(),
                chosen: false,
            })
            .collect(),
        has_model: app.assistant.model().is_some(),
    })
}

fn gives(kind: TaskKind) -> &'static str {
    match kind {
        TaskKind::Summary => "What the documents say, in short.",
        TaskKind::Chronology => "Every dated sentence, in the order of the dates.",
        TaskKind::Holdings => "The questions a judgment put, what it held, and the result.",
        TaskKind::Compare => "Two documents, or two versions of one, compared in words.",
        TaskKind::Directions => "What orders direct, and by when.",
        TaskKind::Review => "An agreement against a checklist: found, unusual, not found.",
        TaskKind::Draft => "A notice or a list of dates from the file, with blanks for the rest.",
    }
}

/// The form as sent. Each document chosen is a field of its own, `document.` and its id.
#[derive(Deserialize)]
pub(super) struct Sent {
    kind: String,
    #[serde(default)]
    checklist: String,
    #[serde(default)]
    draft: String,
    #[serde(default)]
    from: String,
    #[serde(default)]
    to: String,
    #[serde(default)]
    instructions: String,
    #[serde(flatten)]
    rest: HashMap<String, String>,
}

impl Sent {
    fn order(self) -> Result<Order, AskError> {
        let kind = TaskKind::named(&self.kind);
        let kind = kind.ok_or_else(|| AskError::Task("choose what to ask for".to_owned()))?;
        let mut documents: Vec<DocumentId> = Vec::new();
        for name in self.rest.keys() {
            if let Some(id) = name.strip_prefix("document.").and_then(|id| id.parse().ok()) {
                documents.push(id);
            }
        }
        // Ids are in order of time: of two documents the older is compared to the newer.
        documents.sort();
        let number = |text: &str| text.trim().parse::<i64>().ok();
        let versions = number(&self.from).zip(number(&self.to));
        Ok(Order {
            kind,
            documents,
            versions: versions.filter(|_| kind == TaskKind::Compare),
            checklist: Some(self.checklist).filter(|_| kind == TaskKind::Review),
            draft: DraftKind::named(&self.draft).filter(|_| kind == TaskKind::Draft),
            instructions: Some(self.instructions),
        })
    }
}

pub(super) async fn run(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<Ask>,
    Path(case): Path<CaseId>,
    Form(sent): Form<Sent>,
) -> Result<Redirect, Failure> {
    let order = sent.order().map_err(|error| viewer.failure(error))?;
    let new = NewTask { case, conversation: None, order };
    let asked = app.assistant.run_task(viewer.scope(), new).await;
    let asked = asked.map_err(|error| viewer.failure(error))?;
    Ok(Redirect::to(&format!("/cases/{case}/assistant/{}", asked.conversation)))
}
