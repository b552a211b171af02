//! Messages with the chamber, as a client reads and writes them.

use axum::extract::{Multipart, Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use super::forms::{self, Sent};
use super::rows;
use crate::app::App;
use crate::kernel::permission::permit::UsePortal;
use crate::kernel::{CaseId, CaseMessageId};
use crate::messages::{Channel, MessageError, NewMessage};
use crate::web::messages::{PortalMessagesPage, message_words};
use crate::web::page::{Area, render};
use crate::web::parts::{CaseRef, Field};
use crate::web::routes::viewer::Nothing;
use crate::web::routes::{Allowed, Failure, Form, Viewer};

/// Which messages are shown.
#[derive(Deserialize)]
pub(super) struct Wanted {
    before: Option<CaseMessageId>,
}

pub(super) async fn show(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<UsePortal>,
    Path(case): Path<CaseId>,
    Query(Wanted { before }): Query<Wanted>,
) -> Result<PortalMessagesPage, Failure> {
    page(&app, &viewer, case, before).await
}

async fn page(
    app: &App,
    viewer: &Viewer,
    case: CaseId,
    before: Option<CaseMessageId>,
) -> Result<PortalMessagesPage, Failure> {
    let scope = viewer.scope();
    let fail = |error: MessageError| viewer.failure(error);
    let thread = app.messages.thread(scope, case, Channel::Client, before).await.map_err(fail)?;
    let last = thread.messages.last().map(|message| message.id);
    if let Some(last) = last.filter(|last| thread.read_up_to.is_none_or(|read| read < *last)) {
        app.messages.mark_read(scope, case, Channel::Client, last).await.map_err(fail)?;
    }
    let first = thread.messages.first().map(|message| message.id).filter(|_| thread.older);
    let shown = app.messages.shown_cases(scope).await.map_err(fail)?;
    let title = shown.into_iter().find(|(id, _)| *id == case).map(|(_, title)| title);
    let (language, newest) = (viewer.language, before.is_none());
    let reading = rows::Reading { language, may_write: true, newest };
    let (messages, receipts) = rows::of_thread(app, scope, thread, reading);
    let words = message_words(viewer.language);
    Ok(PortalMessagesPage {
        layout: viewer.layout(words.title, Area::PortalMessages),
        words,
        case: CaseRef { id: case, title: title.ok_or_else(|| viewer.not_found())? },
        messages,
        older: first.map(|id| format!("/portal/messages/{case}?before={id}")),
        receipts,
        problem: None,
        text: Field::default(),
    })
}

pub(super) async fn send(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<UsePortal>,
    Path(case): Path<CaseId>,
    form: Multipart,
) -> Result<Response, Failure> {
    let (scope, channel) = (viewer.scope(), Channel::Client);
    let open = app.messages.is_open(scope, case, channel).await;
    open.map_err(|error| viewer.failure(error))?;
    let Sent { text, files, .. } = forms::read(&viewer, form).await?;
    let documents = Vec::new();
    let new = NewMessage { case, channel, text: text.clone(), files, documents, share: false };
    match app.messages.post(scope, new).await {
        Ok(_) => Ok(Redirect::to(&format!("/portal/messages/{case}")).into_response()),
        Err(error) => {
            let words = message_words(viewer.language);
            let Some(problem) = words.refusal(&error) else { return Err(viewer.failure(error)) };
            let mut page = page(&app, &viewer, case, None).await?;
            page.problem = Some(format!("{problem} {}", words.error_files));
            page.text = Field::of(text);
            Ok(render(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
    }
}

pub(super) async fn withdraw(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<UsePortal>,
    Path(id): Path<CaseMessageId>,
    Form(Nothing {}): Form<Nothing>,
) -> Result<Redirect, Failure> {
    let place = app.messages.withdraw(viewer.scope(), id).await;
    let (case, _) =
        place.map_err(|error| match message_words(viewer.language).refusal(&error) {
            Some(words) => viewer.refused(&words),
            None => viewer.failure(error),
        })?;
    Ok(Redirect::to(&format!("/portal/messages/{case}")))
}
