//! Letters on their way out.

use axum::extract::{Path, Query, State};
use serde::Deserialize;

use super::viewer::Nothing;
use super::{Allowed, Failure, Form, Viewer};
use crate::app::App;
use crate::kernel::LetterId;
use crate::kernel::permission::permit::ManagePeople;
use crate::outbox::{Filter, Line, MOST, Opened, ReadByOther, Status};
use crate::web::Area;
use crate::web::letters::{LetterPage, LetterRow, LettersPage};
use crate::web::page::{Flash, Link, Notice};
use crate::web::parts::Choice;
use crate::web::portal::words::{Speak, fill};
use crate::web::show::{Moment, counted};

/// Which letters are shown.
#[derive(Deserialize, Default)]
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
    Query(wanted): Query<Wanted>,
) -> Result<LettersPage, Failure> {
    page(&app, &viewer, wanted).await
}

async fn page(
    app: &App,
    viewer: &Viewer,
    Wanted { state, before }: Wanted,
) -> Result<LettersPage, Failure> {
    let status = STATES.iter().map(|(status, _)| *status).find(|it| it.as_str() == state);
    let filter = Filter { status, before, ..Filter::default() };
    let letters = app.outbox.list(viewer.scope(), &filter).await;
    let letters = letters.map_err(|error| viewer.failure(error))?;
    let (mail, sms) = app.outbox.delivers();
    let failed = app.outbox.failed(viewer.scope()).await;
    let failed = failed.map_err(|error| viewer.failure(error))?;
    let last = letters.last().filter(|_| letters.len() == MOST);
    let only = status.map(|it| format!("state={}&", it.as_str())).unwrap_or_default();
    Ok(LettersPage {
        layout: viewer.layout("Letters", Area::Letters),
        mail,
        sms,
        failed,
        states: STATES
            .iter()
            .map(|(it, label)| Choice {
                value: it.as_str().to_owned(),
                label: (*label).to_owned(),
                chosen: Some(*it) == status,
            })
            .collect(),
        older: last.map(|line| format!("/admin/letters?{only}before={}", line.id)),
        letters: letters.into_iter().map(|line| row(line, (mail, sms))).collect(),
    })
}

fn row(line: Line, (mail, sms): (bool, bool)) -> LetterRow {
    let goes_out = if line.channel == "sms" { sms } else { mail };
    // One that goes when its turn comes has no later time than that of its writing.
    let is_held = line.status() == Status::Waiting && line.next_at > line.created_at;
    LetterRow {
        next: Some(line.next_at.into()).filter(|_| is_held && goes_out),
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
        "notice-digest" => "Digest of a day",
        "notice-hearings" => "What is listed",
        "notice-dates" => "Dates to check",
        "notice-next-date" => "Next date of a client's case",
        "notice-task" => "Something to do",
        "notice-due" => "What is due",
        "notice-message" => "A message with a client",
        "notice-team-message" => "A message of the team",
        "notice-mention" => "Named in a message",
        "notice-documents" => "Documents shared",
        "notice-needed" => "Something needed from a client",
        "notice-news" => "News of a case",
        "notice-invoice" => "An invoice",
        "notice-payment" => "A payment",
        "notice-file" => "A file from a client",
        other => other,
    }
}

/// Tells the viewer of letters to them that somebody else has read.
pub(super) async fn told(app: &App, viewer: &Viewer) -> Result<Vec<Notice>, Failure> {
    let read = app.outbox.read_by_others(viewer.scope(), &viewer.caller.user.email).await;
    let read = read.map_err(|error| viewer.failure(error))?;
    if viewer.scope().client().is_some() {
        let words = viewer.language.words();
        let notice = |letter: ReadByOther| {
            let by = fill(words.letter_opened, &letter.reader);
            let text = fill(&by, &viewer.language.day_of(letter.read_at));
            Notice { text, link: Some(Link::new(words.devices, "/account/devices")) }
        };
        return Ok(read.into_iter().map(notice).collect());
    }
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
) -> Result<LettersPage, Failure> {
    let retried = app.outbox.retry(viewer.scope(), id).await;
    retried.map_err(|error| viewer.failure(error))?;
    done(&app, &viewer, "The letter is tried again.").await
}

/// Lets every letter that was given up be tried again.
pub(super) async fn retry_failed(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<ManagePeople>,
    Form(Nothing {}): Form<Nothing>,
) -> Result<LettersPage, Failure> {
    let retried = app.outbox.retry_failed(viewer.scope()).await;
    let count = retried.map_err(|error| viewer.failure(error))?;
    let words = counted(count, "letter is", "letters are");
    done(&app, &viewer, &format!("{words} tried again.")).await
}

/// The letters as they are now, with what was done.
async fn done(app: &App, viewer: &Viewer, words: &str) -> Result<LettersPage, Failure> {
    let mut page = page(app, viewer, Wanted::default()).await?;
    let flash = Flash { done: true, text: words.to_owned() };
    page.layout = page.layout.with_flash(Some(flash));
    Ok(page)
}
