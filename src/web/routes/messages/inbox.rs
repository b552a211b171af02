//! Every channel in which something was written, and the search over messages.

use axum::extract::{Query, State};
use serde::Deserialize;

use super::rows;
use crate::app::App;
use crate::kernel::permission::permit::{ReadCases, UsePortal};
use crate::messages::MessageError;
use crate::portal::Language;
use crate::web::Area;
use crate::web::messages::{InboxPage, message_words};
use crate::web::parts::CaseRef;
use crate::web::routes::{Allowed, Failure, Viewer};

/// What is searched for.
#[derive(Deserialize)]
pub(super) struct Wanted {
    #[serde(default)]
    q: String,
}

pub(super) async fn show(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<ReadCases>,
    Query(Wanted { q }): Query<Wanted>,
) -> Result<InboxPage, Failure> {
    inbox(&app, &viewer, q, false).await
}

pub(super) async fn show_portal(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<UsePortal>,
    Query(Wanted { q }): Query<Wanted>,
) -> Result<InboxPage, Failure> {
    inbox(&app, &viewer, q, true).await
}

async fn inbox(
    app: &App,
    viewer: &Viewer,
    query: String,
    portal: bool,
) -> Result<InboxPage, Failure> {
    let scope = viewer.scope();
    let fail = |error: MessageError| viewer.failure(error);
    let found = if query.trim().is_empty() {
        None
    } else {
        let found = app.messages.search(scope, &query, None, None).await.map_err(fail)?;
        Some(found.into_iter().map(|found| rows::found(found, portal)).collect())
    };
    let conversations = app.messages.inbox(scope).await.map_err(fail)?.into_iter();
    let cases = if portal {
        let shown = app.messages.shown_cases(scope).await.map_err(fail)?.into_iter();
        shown.map(|(id, title)| CaseRef { id, title }).collect()
    } else {
        Vec::new()
    };
    let area = if portal { Area::PortalMessages } else { Area::Messages };
    let language = if portal { viewer.language } else { Language::English };
    let words = message_words(language);
    Ok(InboxPage {
        layout: viewer.layout(words.title, area),
        words,
        portal,
        query: query.trim().to_owned(),
        conversations: conversations.map(|one| rows::conversation(one, portal)).collect(),
        found,
        cases,
    })
}
