//! The assistant's pages: global and inside a case.

use axum::extract::{Path, Query, State};
use axum::response::Redirect;
use serde::Deserialize;

use super::viewer::Viewer;
use super::{Allowed, Failure, Form, proposals};
use crate::app::App;
use crate::assistant::chain::Now;
use crate::assistant::live::{Cited, Source as Offered, Struck};
use crate::assistant::proposals::Which;
use crate::assistant::{Asked, Conversation, Fact, Message, Page, Pinned, Question, Reason};
use crate::kernel::permission::permit::Ask;
use crate::kernel::{CaseId, ConversationId, MessageId, Permission, Role};
use crate::web::Area;
use crate::web::answer::{self, Citation, Known, Source};
use crate::web::assistant::{
    AnswerView, AssistantPage, ConversationRow, JudgedView, MessageView, PinnedView, Removed,
    Variants,
};
use crate::web::parts::{CaseRef, Choice, Place};

/// How many conversations the list shows at once.
const LISTED: i64 = 50;

#[derive(Deserialize)]
pub(super) struct Asking {
    question: String,
    conversation: Option<ConversationId>,
    after: Option<MessageId>,
}

/// Which conversations are listed, and which branch of one is shown.
#[derive(Default, Deserialize)]
pub(super) struct Wanted {
    #[serde(default)]
    words: String,
    after: Option<ConversationId>,
    through: Option<MessageId>,
}

pub(super) async fn everywhere(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<Ask>,
    Query(wanted): Query<Wanted>,
) -> Result<AssistantPage, Failure> {
    page(&app, &viewer, None, None, wanted).await
}

pub(super) async fn talk_everywhere(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<Ask>,
    Path(conversation): Path<ConversationId>,
    Query(wanted): Query<Wanted>,
) -> Result<AssistantPage, Failure> {
    page(&app, &viewer, None, Some(conversation), wanted).await
}

pub(super) async fn in_case(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<Ask>,
    Path(id): Path<CaseId>,
    Query(wanted): Query<Wanted>,
) -> Result<AssistantPage, Failure> {
    let case = case(&app, &viewer, id).await?;
    page(&app, &viewer, Some(case), None, wanted).await
}

pub(super) async fn talk_in_case(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<Ask>,
    Path((id, conversation)): Path<(CaseId, ConversationId)>,
    Query(wanted): Query<Wanted>,
) -> Result<AssistantPage, Failure> {
    let case = case(&app, &viewer, id).await?;
    page(&app, &viewer, Some(case), Some(conversation), wanted).await
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
    let Asking { question: text, conversation, after } = asking;
    let question = Question { text, case, conversation };
    let asked = app.assistant.ask_after(viewer.scope(), question, after).await;
    asked.map_err(|error| viewer.failure(error))
}

async fn page(
    app: &App,
    viewer: &Viewer,
    mut case: Option<CaseRef>,
    conversation: Option<ConversationId>,
    wanted: Wanted,
) -> Result<AssistantPage, Failure> {
    let scope = viewer.scope();
    let Wanted { words, after, through } = wanted;
    let mut shown = None;
    if let Some(id) = conversation {
        let found = app.assistant.conversation(scope, id, through).await;
        let (found, messages) = found.map_err(|error| viewer.failure(error))?;
        if let Some(case) = &case
            && found.case_id != Some(case.id)
        {
            return Err(viewer.not_found());
        }
        // A conversation about a case is shown there, whatever its address.
        if let (Some(id), Some(title)) = (found.case_id, found.case_title.clone()) {
            case = Some(CaseRef { id, title });
        }
        shown = Some((found, messages));
    }
    let within = case.as_ref().map(|case| case.id);
    let listing = Page { case: within, words: words.clone(), after, limit: LISTED };
    let rows = app.assistant.conversations(scope, &listing).await;
    let rows = rows.map_err(|error| viewer.failure(error))?;
    let (title, reach) = match &case {
        Some(case) => (format!("Ask about {}", case.title), case.title.clone()),
        None => ("Ask".to_owned(), "every case open to you".to_owned()),
    };
    let base = match within {
        Some(case) => format!("/cases/{case}/assistant"),
        None => "/assistant".to_owned(),
    };
    let (name, messages) =
        shown.map(|(found, messages)| (found.title, messages)).unwrap_or_default();
    let last = messages.iter().rev().find(|message| message.role == "answer");
    let last = last.map(|message| message.id);
    let address = conversation.map(|id| format!("{base}/{id}")).unwrap_or_default();
    let mut messages: Vec<MessageView> =
        messages.into_iter().map(|shown| message(&address, shown)).collect();
    propose(app, viewer, within.is_none(), &mut messages).await?;
    Ok(AssistantPage {
        layout: viewer.layout(title, Area::Assistant),
        case,
        reach,
        older: older(&base, &words, &rows),
        words,
        conversations: rows.into_iter().map(conversation_row).collect(),
        conversation,
        title: name,
        last,
        messages,
        reasons: reasons(),
        draft: String::new(),
        examples: examples(),
        without_model: matches!(app.chain.now(), Now::Documents(_)),
        shows_cost: viewer.caller.user.role == Role::Admin,
    })
}

/// Adds to each answer what was proposed in it; `named` with the names of the cases.
async fn propose(
    app: &App,
    viewer: &Viewer,
    named: bool,
    messages: &mut [MessageView],
) -> Result<(), Failure> {
    for shown in messages {
        let MessageView::Answer(answer) = shown else { continue };
        let which = Which { message: Some(answer.id), ..Which::default() };
        let made = app.proposals.list(viewer.scope(), which).await;
        let made = made.map_err(|error| viewer.failure(error))?;
        answer.proposals =
            made.into_iter().map(|proposal| proposals::row(proposal, named)).collect();
    }
    Ok(())
}

fn conversation_row(row: Conversation) -> ConversationRow {
    ConversationRow {
        id: row.id,
        title: row.title,
        case: row.case_title,
        touched: row.updated_at.into(),
    }
}

/// The address of the next page of the list.
fn older(base: &str, words: &str, rows: &[Conversation]) -> Option<String> {
    let last = rows.last().filter(|_| i64::try_from(rows.len()).is_ok_and(|n| n == LISTED))?;
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.append_pair("after", &last.id.to_string());
    if !words.is_empty() {
        query.append_pair("words", words);
    }
    Some(format!("{base}?{}", query.finish()))
}

fn reasons() -> Vec<Choice> {
    let choice = |reason: Reason| Choice {
        value: reason.as_str().to_owned(),
        label: reason.words().to_owned(),
        chosen: false,
    };
    Reason::ALL.into_iter().map(choice).collect()
}

/// The answers pinned in a case, for those who may read them.
pub(super) async fn pinned(
    app: &App,
    viewer: &Viewer,
    case: CaseId,
) -> Result<Vec<PinnedView>, Failure> {
    let scope = viewer.scope();
    if !scope.may(Permission::Ask) || !scope.opens(case) {
        return Ok(Vec::new());
    }
    let pinned = app.assistant.pinned(scope, case).await;
    let pinned = pinned.map_err(|error| viewer.failure(error))?;
    let view = |pinned: Pinned| PinnedView {
        question: pinned.question,
        answer: answer("", pinned.answer),
        by: pinned.pinned_by,
        at: pinned.pinned_at.into(),
        may_unpin: pinned.may_unpin,
    };
    Ok(pinned.into_iter().map(view).collect())
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

/// A message as a page shows it; `base` is the address of its conversation.
pub(super) fn message(base: &str, message: Message) -> MessageView {
    let (id, variants) = (message.id, variants(base, &message));
    if message.role == "question" {
        let (text, asked) = (message.text, message.created_at.into());
        return MessageView::Question { id, text, asked, variants };
    }
    match message.status.as_str() {
        "running" => MessageView::Pending { id },
        "failed" if message.ended.is_none() => {
            MessageView::Failed { id, reason: message.text, variants }
        }
        _ => MessageView::Answer(Box::new(answer(base, message))),
    }
}

fn variants(base: &str, message: &Message) -> Variants {
    let all = &message.variants;
    let place = all.iter().position(|id| *id == message.id).unwrap_or(0);
    let address = |id: &MessageId| format!("{base}?through={id}#message-{id}");
    Variants {
        number: place + 1,
        count: all.len(),
        earlier: place.checked_sub(1).and_then(|before| all.get(before)).map(address),
        later: all.get(place + 1).map(address),
    }
}

fn answer(base: &str, message: Message) -> AnswerView {
    let variants = variants(base, &message);
    let citations: Vec<Citation> = message.citations.iter().map(citation).collect();
    let cited = |number| citations.iter().any(|citation| citation.number == number);
    let known: Vec<Known> =
        message.facts.into_iter().map(|fact| known(fact, &message.text)).collect();
    let sources: Vec<Source> = message
        .sources
        .into_iter()
        .map(|offered| {
            let cited = cited(offered.number);
            source(offered, cited)
        })
        .collect();
    let ended = message.ended.as_deref().map(|ended| match ended {
        "stopped" => "Stopped by you. What had come is kept; it is not the whole answer.",
        _ => "Interrupted: the service stopped while this was being written. It is not whole.",
    });
    AnswerView {
        id: message.id,
        blocks: answer::blocks_with(&message.text, &sources, &citations, &known),
        sources,
        removed: message
            .removed
            .into_iter()
            .map(|Struck { what, text, reason }| Removed { what, text, reason })
            .collect(),
        label: message.label.unwrap_or_default(),
        coverage: message.coverage.unwrap_or_default(),
        verified: message.verification.map(|counts| counts.in_words()).unwrap_or_default(),
        usage: None,
        proposals: Vec::new(),
        may_pin: message.status == "done" && known.is_empty(),
        known,
        ended: ended.map(str::to_owned),
        variants,
        judged: message.feedback.map(|feedback| {
            let reason = feedback.reason.as_deref().map(Reason::in_words);
            let parts = [reason.unwrap_or_default(), feedback.words.as_str()];
            let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
            JudgedView { helpful: feedback.helpful, words: parts.join(": ") }
        }),
        pinned: message.pinned_at.is_some(),
    }
}

/// What the tables said, as the page shows it; only an address of the service is linked.
fn known(fact: Fact, text: &str) -> Known {
    let Fact { number, title, href, text: lines } = fact;
    let is_ours = href.starts_with('/') && !href.starts_with("//");
    Known {
        number,
        title,
        href: if is_ours { href } else { String::from("/") },
        lines: lines.lines().map(str::to_owned).collect(),
        cited: text.contains(&format!("[{number}]")),
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
        newer: offered.newer,
    }
}
