//! The two channels of a case, as the team reads and writes them.

use axum::extract::{Multipart, Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use super::forms::{self, Sent};
use super::rows;
use crate::app::App;
use crate::kernel::permission::permit::{ReadCases, SendMessages};
use crate::kernel::{AttachmentId, CaseId, CaseMessageId};
use crate::messages::{Channel, MessageError, NewMessage};
use crate::portal::Language;
use crate::web::cases::CaseTab;
use crate::web::messages::{CaseMessagesPage, message_words};
use crate::web::page::{Area, render};
use crate::web::parts::{Choice, Field};
use crate::web::routes::viewer::{Nothing, sentence};
use crate::web::routes::{Allowed, Failure, Form, Viewer};

/// How many documents the form offers.
const MOST_DOCUMENTS: usize = 300;

/// Which messages are shown.
#[derive(Deserialize)]
pub(super) struct Wanted {
    #[serde(default)]
    with: String,
    before: Option<CaseMessageId>,
}

pub(super) async fn show(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<ReadCases>,
    Path(case): Path<CaseId>,
    Query(Wanted { with, before }): Query<Wanted>,
) -> Result<CaseMessagesPage, Failure> {
    let channel = with.parse().unwrap_or(Channel::Team);
    page(&app, &viewer, (case, channel), before).await
}

async fn page(
    app: &App,
    viewer: &Viewer,
    (case, channel): (CaseId, Channel),
    before: Option<CaseMessageId>,
) -> Result<CaseMessagesPage, Failure> {
    let scope = viewer.scope();
    let fail = |error: MessageError| viewer.failure(error);
    let thread = app.messages.thread(scope, case, channel, before).await.map_err(fail)?;
    let last = thread.messages.last().map(|message| message.id);
    if let Some(last) = last.filter(|last| thread.read_up_to.is_none_or(|read| read < *last)) {
        app.messages.mark_read(scope, case, channel, last).await.map_err(fail)?;
    }
    let closed = match app.messages.may_write(scope, case, channel).await {
        Ok(()) => None,
        Err(MessageError::NotFound) => Some("You may read this, not write here.".to_owned()),
        Err(MessageError::Db(error)) => return Err(viewer.failure(error)),
        Err(error) => Some(sentence(&error.to_string())),
    };
    let first = thread.messages.first().map(|message| message.id).filter(|_| thread.older);
    let with = channel.as_str();
    let older = first.map(|id| format!("/cases/{case}/messages?with={with}&before={id}"));
    let (language, may_write) = (Language::English, closed.is_none());
    let reading = rows::Reading { language, may_write, newest: before.is_none() };
    let (messages, receipts) = rows::of_thread(app, scope, thread, reading);
    let documents = app.documents.list(scope, case).await;
    let documents = documents.map_err(|error| viewer.failure(error))?.into_iter();
    let documents = documents.take(MOST_DOCUMENTS).map(|document| Choice {
        value: document.id.to_string(),
        label: document.title,
        chosen: false,
    });
    let members = app.cases.members(scope, case).await.map_err(|error| viewer.failure(error))?;
    let known = app.cases.find(scope, case).await.map_err(|error| viewer.failure(error))?;
    let others = members.into_iter().filter(|one| one.has_access && one.user_id != scope.user());
    Ok(CaseMessagesPage {
        layout: viewer.layout("Messages", Area::Cases),
        words: message_words(Language::English),
        tabs: viewer.case_tabs(app, case, CaseTab::Messages).await?,
        to_client: channel == Channel::Client,
        client: known.client_name,
        messages,
        older,
        receipts,
        closed,
        problem: None,
        text: Field::default(),
        documents: documents.collect(),
        names: others.map(|one| one.name).collect(),
    })
}

pub(super) async fn send(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<SendMessages>,
    Path(case): Path<CaseId>,
    form: Multipart,
) -> Result<Response, Failure> {
    let scope = viewer.scope();
    // Whoever may not see the case learns nothing from what is wrong with a form.
    let open = app.messages.is_open(scope, case, Channel::Team).await;
    open.map_err(|error| viewer.failure(error))?;
    let Sent { with, text, confirmed, share, documents, files } =
        forms::read(&viewer, form).await?;
    let channel = with.parse().unwrap_or(Channel::Team);
    let refused = if channel == Channel::Client && !confirmed {
        Some("Tick “Send it to the client”: the client reads what you write here.".to_owned())
    } else {
        let new = NewMessage { case, channel, text: text.clone(), files, documents, share };
        match app.messages.post(scope, new).await {
            Ok(_) => None,
            Err(error @ (MessageError::NotFound | MessageError::Db(_))) => {
                return Err(viewer.failure(error));
            }
            Err(MessageError::Case(error)) => return Err(viewer.failure(error)),
            Err(error) => Some(sentence(&error.to_string())),
        }
    };
    let Some(problem) = refused else {
        let with = channel.as_str();
        return Ok(Redirect::to(&format!("/cases/{case}/messages?with={with}")).into_response());
    };
    let mut page = page(&app, &viewer, (case, channel), None).await?;
    page.problem = Some(format!("{problem} Choose files again if you had chosen some."));
    page.text = Field::of(text);
    Ok(render(StatusCode::UNPROCESSABLE_ENTITY, &page))
}

pub(super) async fn withdraw(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<SendMessages>,
    Path(id): Path<CaseMessageId>,
    Form(Nothing {}): Form<Nothing>,
) -> Result<Redirect, Failure> {
    let place = app.messages.withdraw(viewer.scope(), id).await;
    let (case, channel) = place.map_err(|error| viewer.failure(error))?;
    Ok(Redirect::to(&format!("/cases/{case}/messages?with={}", channel.as_str())))
}

pub(super) async fn keep(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<SendMessages>,
    Path(id): Path<AttachmentId>,
    Form(Nothing {}): Form<Nothing>,
) -> Result<Redirect, Failure> {
    let kept = app.messages.keep(viewer.scope(), id).await;
    let document = kept.map_err(|error| viewer.failure(error))?;
    Ok(Redirect::to(&format!("/documents/{document}")))
}
