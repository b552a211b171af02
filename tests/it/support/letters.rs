//! Letters, as an admin reads them.

use munshi::outbox::{Filter, Line, Status};

use super::TestApp;

/// The letters of the chamber, newest first.
pub(crate) async fn letters(app: &TestApp) -> Vec<Line> {
    let scope = app.app.auth.local_admin().await.unwrap();
    app.app.outbox.list(&scope, &Filter::default()).await.unwrap()
}

/// The token of the link in the newest letter of a kind to somebody.
pub(crate) async fn link_to(app: &TestApp, email: &str, kind: &str) -> String {
    let scope = app.app.auth.local_admin().await.unwrap();
    let letters = letters(app).await;
    let wanted = |line: &&Line| {
        line.recipient == email && line.kind == kind && line.status() == Status::Waiting
    };
    let line = letters.iter().find(wanted).unwrap_or_else(|| panic!("no {kind} to {email}"));
    let opened = app.app.outbox.read(&scope, line.id).await.unwrap();
    token_in(&opened.words.text)
}

/// The token of the link in a text.
pub(crate) fn token_in(text: &str) -> String {
    let (_, rest) = text.split_once("?token=").unwrap();
    rest.lines().next().unwrap().trim().to_owned()
}
