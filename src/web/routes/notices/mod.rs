//! What one wants to be told of.

use std::collections::BTreeMap;

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use super::viewer::sentence;
use super::{Allowed, Failure, Form, Viewer};
use crate::app::App;
use crate::kernel::permission::permit::UsePortal;
use crate::notices::{Choice as Chosen, How, NewSettings, NoticeError, clock_time};
use crate::portal::Language;
use crate::web::Area;
use crate::web::notices::{NoticeKindRow, NoticesPage, how_words, kind_words, notice_words};
use crate::web::page::{Flash, render};
use crate::web::parts::{Choice, Field};

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/account/notices", get(show).post(set))
        .route("/portal/notices", get(show_portal).post(set_portal))
}

async fn show(State(app): State<App>, viewer: Viewer) -> Result<NoticesPage, Failure> {
    practice(&viewer)?;
    page(&app, &viewer).await
}

async fn show_portal(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<UsePortal>,
) -> Result<NoticesPage, Failure> {
    page(&app, &viewer).await
}

async fn set(
    State(app): State<App>,
    viewer: Viewer,
    Form(form): Form<BTreeMap<String, String>>,
) -> Result<Response, Failure> {
    practice(&viewer)?;
    keep(&app, &viewer, &form).await
}

async fn set_portal(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<UsePortal>,
    Form(form): Form<BTreeMap<String, String>>,
) -> Result<Response, Failure> {
    keep(&app, &viewer, &form).await
}

/// Clients have a page of their own.
fn practice(viewer: &Viewer) -> Result<(), Failure> {
    if viewer.scope().client().is_some() { Err(viewer.not_found()) } else { Ok(()) }
}

async fn page(app: &App, viewer: &Viewer) -> Result<NoticesPage, Failure> {
    let settings = app.notices.settings(viewer.scope()).await;
    let settings = settings.map_err(|error| viewer.failure(error))?;
    let portal = viewer.scope().client().is_some();
    let time = |minute: Option<u16>| Field::of(minute.map(clock_time).unwrap_or_default());
    let (area, action) = if portal {
        (Area::Portal, "/portal/notices")
    } else {
        (Area::Elsewhere, "/account/notices")
    };
    let language = if portal { viewer.language } else { Language::English };
    let words = notice_words(language);
    Ok(NoticesPage {
        layout: viewer.layout(words.title, area),
        words,
        action,
        email: viewer.caller.user.email.clone(),
        kinds: settings.choices.iter().map(|chosen| row(*chosen, language)).collect(),
        quiet_from: time(settings.quiet.map(|quiet| quiet.from)),
        quiet_until: time(settings.quiet.map(|quiet| quiet.until)),
        digest_at: time(Some(settings.digest_at)),
        problem: None,
    })
}

fn row(chosen: Chosen, language: Language) -> NoticeKindRow {
    let way = |how: How| Choice {
        value: how.as_str().to_owned(),
        label: how_words(how, language).to_owned(),
        chosen: how == chosen.how,
    };
    NoticeKindRow {
        name: chosen.kind.as_str(),
        words: kind_words(chosen.kind, language),
        ways: How::ALL.into_iter().map(way).collect(),
    }
}

/// Keeps a form, or shows it with what was wrong.
async fn keep(
    app: &App,
    viewer: &Viewer,
    form: &BTreeMap<String, String>,
) -> Result<Response, Failure> {
    let typed = |name: &str| form.get(name).cloned().unwrap_or_default();
    let choices = form.iter().filter_map(|(name, how)| {
        let kind = name.strip_prefix("kind-")?;
        Some((kind.to_owned(), how.clone()))
    });
    let new = NewSettings {
        choices: choices.collect(),
        quiet_from: typed("quiet_from"),
        quiet_until: typed("quiet_until"),
        digest_at: typed("digest_at"),
    };
    let kept = app.notices.set(viewer.scope(), &new).await;
    let refused = match kept {
        Ok(()) => None,
        Err(error @ (NoticeError::Kind(_) | NoticeError::Time)) => Some(error),
        Err(error) => return Err(viewer.failure(error)),
    };
    let mut page = page(app, viewer).await?;
    let Some(error) = refused else {
        let flash = Flash { done: true, text: page.words.kept.to_owned() };
        page.layout = page.layout.with_flash(Some(flash));
        return Ok(page.into_response());
    };
    if matches!(error, NoticeError::Time) {
        page.quiet_from = Field::refused(new.quiet_from, page.words.error_time);
    } else {
        page.problem = Some(sentence(&error.to_string()));
        page.quiet_from = Field::of(new.quiet_from);
    }
    page.quiet_until = Field::of(new.quiet_until);
    page.digest_at = Field::of(new.digest_at);
    for (kind, how) in &new.choices {
        if let Some(row) = page.kinds.iter_mut().find(|row| row.name == kind) {
            row.ways.iter_mut().for_each(|way| way.chosen = way.value == *how);
        }
    }
    Ok(render(StatusCode::UNPROCESSABLE_ENTITY, &page))
}
