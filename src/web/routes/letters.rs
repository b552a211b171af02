//! Letters on their way out.

use axum::extract::{Path, Query, State};
use axum::response::Redirect;
use serde::Deserialize;

use super::viewer::Nothing;
use super::{Allowed, Failure, Form, Viewer};
use crate::app::App;
use crate::kernel::LetterId;
use crate::kernel::permission::permit::ManagePeople;
use crate::outbox::{Filter, Line, MOST, Opened, ReadByOther, Status};
use crate::web::Area;
use crate::web::letters::{LetterPage, LetterRow, LettersPage};
use crate::web::page::{Link, Notice};
use crate::web::parts::Choice;
use crate::web::show::Moment;

/// Which letters are shown.
#[derive(Deserialize)]
pub(super) struct Wanted {
    #[serde(default)]
    state: String,
    before: Option<LetterId>,
}

/// The states a letter can be in, and what they are called.
const STATES: [(Status, &str); 3] =
    [(Status::Waiting, "Waiting"), (Status::Failed, "Not delivered"), (Status::Sent, "Sent")];

pub(super) async fn list(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<ManagePeople>,
    Query(Wanted { state, before }): Query<Wanted>,
) -> Result<LettersPage, Failure> {
    let status = STATES.iter().map(|(status, _)| *status).find(|it| it.as_str() == state);
    let filter = Filter { status, before, ..Filter::default() };
    let letters = app.outbox.list(viewer.scope(), &filter).await;
    let letters = letters.map_err(|error| viewer.failure(error))?;
    let (mail, sms) = app.outbox.delivers();
    let last = letters.last().filter(|_| letters.len() == MOST);
    let only = status.map(|it| format!("state={}&", it.as_str())).unwrap_or_default();
    Ok(LettersPage {
        layout: viewer.layout("Letters", Area::Letters),
        mail,
        sms,
        states: STATES
            .iter()
            .map(|(it, label)| Choice {
                value: it.as_str().to_owned(),
                label: (*label).to_owned(),
                chosen: Some(*it) == status,
            })
            .collect(),
        older: last.map(|line| format!("/admin/letters?{only}before={}", line.id)),
        letters: letters.into_iter().map(row).collect(),
    })
}

fn row(line: Line) -> LetterRow {
    LetterRow {
        failed: line.status() == Status::Failed,
        id: line.id,
        about: about(&line.kind).to_owned(),
        recipient: line.recipient,
        written: line.created_at.into(),
        sent: line.sent_at.map(Into::into),
        error: line.last_error,
        attempts: line.attempts,
    }
}

/// What a kind of letter is about.
fn about(kind: &str) -> &str {
    match kind {
        "invitation" => "Invitation",
        "reset" => "Forgotten password",
        "verification" => "Confirmation of an email",
        "budget" => "A budget for AI",
        "client-code" => "Client's sign-in code",
        "sign-in-code" => "Sign-in code",
        "sign-in-change" => "Change of how they sign in",
        "new-device" => "Sign-in on a new device",
        "security" => "Warning about a stolen session",
        "locked" => "Wrong passwords",
        "password_changed" => "Password changed",
        "email_changed" => "Email changed",
        "client-welcome" => "Where a client gets in",
        other => other,
    }
}

/// Tells the viewer of letters to them that somebody else has read.
pub(super) async fn told(app: &App, viewer: &Viewer) -> Result<Vec<Notice>, Failure> {
    let read = app.outbox.read_by_others(viewer.scope(), &viewer.caller.user.email).await;
    let read = read.map_err(|error| viewer.failure(error))?;
    let notice = |letter: ReadByOther| Notice {
        text: format!(
            "{} opened a letter to you with a link or code for your account ({}) on {}, to pass it \
             on. If nobody gave it to you, tell an admin and look where you are signed in.",
            letter.reader,
            about(&letter.kind),
            Moment(letter.read_at),
        ),
        link: Some(Link::new("Where you are signed in", "/account/devices")),
    };
    Ok(read.into_iter().map(notice).collect())
}

pub(super) async fn open(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<ManagePeople>,
    Path(id): Path<LetterId>,
    Form(Nothing {}): Form<Nothing>,
) -> Result<LetterPage, Failure> {
    let opened = app.outbox.read(viewer.scope(), id).await;
    let Opened { recipient, kind, created_at, words } =
        opened.map_err(|error| viewer.failure(error))?;
    Ok(LetterPage {
        layout: viewer.layout("Letter", Area::Letters),
        about: about(&kind).to_owned(),
        recipient,
        written: created_at.into(),
        subject: words.subject,
        text: words.text,
    })
}

pub(super) async fn retry(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<ManagePeople>,
    Path(id): Path<LetterId>,
    Form(Nothing {}): Form<Nothing>,
) -> Result<Redirect, Failure> {
    let retried = app.outbox.retry(viewer.scope(), id).await;
    retried.map_err(|error| viewer.failure(error))?;
    Ok(Redirect::to("/admin/letters"))
}
