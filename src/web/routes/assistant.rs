//! The assistant's pages: global and inside a case.

use axum::extract::{Path, State};
use axum::response::Redirect;
use serde::Deserialize;

use super::viewer::Viewer;
use super::{Allowed, Failure, Form};
use crate::app::App;
use crate::assistant::live::{Cited, Source as Offered, Struck};
use crate::assistant::{Asked, Message, Question};
use crate::kernel::permission::permit::Ask;
use crate::kernel::{CaseId, ConversationId, Role};
use crate::web::Area;
use crate::web::answer::{self, Citation, Source};
use crate::web::assistant::{AnswerView, AssistantPage, ConversationRow, MessageView, Removed};
use crate::web::parts::{CaseRef, Place};

#[derive(Deserialize)]
pub(super) struct Asking {
    question: String,
    conversation: Option<ConversationId>,
}

pub(super) async fn everywhere(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<Ask>,
) -> Result<AssistantPage, Failure> {
    page(&app, &viewer, None, None).await
}

pub(super) async fn talk_everywhere(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<Ask>,
    Path(conversation): Path<ConversationId>,
) -> Result<AssistantPage, Failure> {
    page(&app, &viewer, None, Some(conversation)).await
}

pub(super) async fn in_case(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<Ask>,
    Path(id): Path<CaseId>,
) -> Result<AssistantPage, Failure> {
    let case = case(&app, &viewer, id).await?;
    page(&app, &viewer, Some(case), None).await
}

pub(super) async fn talk_in_case(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<Ask>,
    Path((id, conversation)): Path<(CaseId, ConversationId)>,
) -> Result<AssistantPage, Failure> {
    let case = case(&app, &viewer, id).await?;
    page(&app, &viewer, Some(case), Some(conversation)).await
}

pub(super) async fn ask_everywhere(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<Ask>,
    Form(asking): Form<Asking>,
) -> Result<Redirect, Failure> {
    let asked = ask(&app, &viewer, None, asking).await?;
    Ok(Redirect::to(&format!("/assistant/{}", asked.conversation)))
}

pub(super) async fn ask_in_case(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<Ask>,
    Path(id): Path<CaseId>,
    Form(asking): Form<Asking>,
) -> Result<Redirect, Failure> {
    let asked = ask(&app, &viewer, Some(id), asking).await?;
    Ok(Redirect::to(&format!("/cases/{id}/assistant/{}", asked.conversation)))
}

async fn case(app: &App, viewer: &Viewer, id: CaseId) -> Result<CaseRef, Failure> {
    let case = app.cases.find(viewer.scope(), id).await.map_err(|error| viewer.failure(error))?;
    Ok(CaseRef { id, title: case.title })
}

async fn ask(
    app: &App,
    viewer: &Viewer,
    case: Option<CaseId>,
    asking: Asking,
) -> Result<Asked, Failure> {
    let Asking { question: text, conversation } = asking;
    let asked = app.assistant.ask(viewer.scope(), Question { text, case, conversation }).await;
    asked.map_err(|error| viewer.failure(error))
}

async fn page(
    app: &App,
    viewer: &Viewer,
    case: Option<CaseRef>,
    conversation: Option<ConversationId>,
) -> Result<AssistantPage, Failure> {
    let scope = viewer.scope();
    let within = case.as_ref().map(|case| case.id);
    let rows = app.assistant.conversations(scope, within).await;
    let rows = rows.map_err(|error| viewer.failure(error))?;
    let mut messages = Vec::new();
    if let Some(id) = conversation {
        let shown = app.assistant.conversation(scope, id).await;
        let (found, shown) = shown.map_err(|error| viewer.failure(error))?;
        if within.is_some() && found.case_id != within {
            return Err(viewer.not_found());
        }
        messages = shown.into_iter().map(message).collect();
    }
    let (title, reach) = match &case {
        Some(case) => (format!("Ask about {}", case.title), case.title.clone()),
        None => ("Ask".to_owned(), "every case open to you".to_owned()),
    };
    Ok(AssistantPage {
        layout: viewer.layout(title, Area::Assistant),
        case,
        reach,
        conversations: rows
            .into_iter()
            .map(|row| ConversationRow {
                id: row.id,
                title: row.title,
                case: row.case_title,
                touched: row.updated_at.into(),
            })
            .collect(),
        conversation,
        messages,
        draft: String::new(),
        examples: examples(),
        shows_cost: viewer.caller.user.role == Role::Admin,
    })
}

fn examples() -> Vec<String> {
    [
        "What did the court hold, and why?",
        "What did the last order direct?",
        "What is the relief claimed?",
    ]
    .map(str::to_owned)
    .to_vec()
}

fn message(message: Message) -> MessageView {
    if message.role == "question" {
        return MessageView::Question { text: message.text, asked: message.created_at.into() };
    }
    match message.status.as_str() {
        "running" => MessageView::Pending { id: message.id },
        "failed" => MessageView::Failed { reason: message.text },
        _ => MessageView::Answer(Box::new(answer(message))),
    }
}

fn answer(message: Message) -> AnswerView {
    let citations: Vec<Citation> = message.citations.iter().map(citation).collect();
    let cited = |number| citations.iter().any(|citation| citation.number == number);
    let sources: Vec<Source> = message
        .sources
        .into_iter()
        .map(|offered| {
            let cited = cited(offered.number);
            source(offered, cited)
        })
        .collect();
    AnswerView {
        id: message.id,
        blocks: answer::blocks(&message.text, &sources, &citations),
        sources,
        removed: message
            .removed
            .into_iter()
            .map(|Struck { what, text, reason }| Removed { what, text, reason })
            .collect(),
        label: message.label.unwrap_or_default(),
        coverage: message.coverage.unwrap_or_default(),
        usage: None,
    }
}

fn small(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

fn citation(cited: &Cited) -> Citation {
    Citation {
        number: cited.number,
        place: Place {
            document: cited.document_id,
            version: u32::try_from(cited.version).unwrap_or(1),
            page: cited.page,
            start: small(cited.start),
            end: small(cited.end),
        },
    }
}

fn source(offered: Offered, cited: bool) -> Source {
    Source {
        number: offered.number,
        title: offered.title,
        place: Place {
            document: offered.document_id,
            version: u32::try_from(offered.version).unwrap_or(1),
            page: offered.page,
            start: small(offered.start),
            end: small(offered.end),
        },
        excerpt: offered.excerpt,
        cited,
    }
}
