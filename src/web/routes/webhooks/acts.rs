//! What is done with webhooks.

use axum::extract::{Path, RawForm, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use secrecy::ExposeSecret;
use serde::Deserialize;

use super::show::{self, Shown, fields};
use crate::app::App;
use crate::events::{EventError, NewWebhook};
use crate::kernel::permission::permit::ManageWebhooks;
use crate::kernel::{EventId, WebhookId};
use crate::web::page::{Flash, render};
use crate::web::parts::Field;
use crate::web::routes::viewer::{Nothing, sentence};
use crate::web::routes::{Allowed, Failure, Form, Viewer};
use crate::web::show::counted;
use crate::web::webhooks::WebhookPage;

/// Reads a form that sends one name several times, if its token is this session's.
fn read(viewer: &Viewer, form: &[u8]) -> Result<NewWebhook, Failure> {
    let mut new = NewWebhook { name: String::new(), url: String::new(), kinds: Vec::new() };
    let mut csrf = String::new();
    for (name, value) in url::form_urlencoded::parse(form) {
        match name.as_ref() {
            "csrf" => csrf = value.into_owned(),
            "name" => new.name = value.into_owned(),
            "url" => new.url = value.into_owned(),
            "kind" => new.kinds.extend(value.parse::<crate::events::EventKind>()),
            _ => {}
        }
    }
    if viewer.sent(&csrf) { Ok(new) } else { Err(viewer.stale()) }
}

/// Whether a failure is one of the form, which comes back filled.
const fn of_form(error: &EventError) -> bool {
    matches!(
        error,
        EventError::Name | EventError::NoKinds | EventError::Address(_) | EventError::TooMany
    )
}

pub(super) async fn add(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<ManageWebhooks>,
    RawForm(form): RawForm,
) -> Result<Response, Failure> {
    let new = read(&viewer, &form)?;
    match app.events.add_webhook(viewer.scope(), new.clone()).await {
        Ok(made) => {
            let mut page = show::page(&app, &viewer, made.id, Shown::default()).await?;
            page.secret = Some(made.secret.expose_secret().to_owned());
            Ok(page.into_response())
        }
        Err(error) if of_form(&error) => {
            let page = show::all(&app, &viewer, fields(&new, Some(&error))).await?;
            Ok(render(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
        Err(error) => Err(viewer.failure(error)),
    }
}

pub(super) async fn change(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<ManageWebhooks>,
    Path(id): Path<WebhookId>,
    RawForm(form): RawForm,
) -> Result<Response, Failure> {
    let new = read(&viewer, &form)?;
    // Whether it is there is asked before what is wrong with the form.
    let mut page = show::page(&app, &viewer, id, Shown::default()).await?;
    match app.events.change_webhook(viewer.scope(), id, new.clone()).await {
        Ok(()) => Ok(done(&app, &viewer, id, "The changes are kept.").await?.into_response()),
        Err(error) if of_form(&error) => {
            page.form = fields(&new, Some(&error));
            Ok(render(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
        Err(error) => Err(viewer.failure(error)),
    }
}

pub(super) async fn rotate(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<ManageWebhooks>,
    Path(id): Path<WebhookId>,
    Form(Nothing {}): Form<Nothing>,
) -> Result<Response, Failure> {
    let made = app.events.rotate_secret(viewer.scope(), id).await;
    let made = made.map_err(|error| viewer.failure(error))?;
    let mut page = show::page(&app, &viewer, id, Shown::default()).await?;
    page.secret = Some(made.secret.expose_secret().to_owned());
    Ok(page.into_response())
}

pub(super) async fn test(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<ManageWebhooks>,
    Path(id): Path<WebhookId>,
    Form(Nothing {}): Form<Nothing>,
) -> Result<Response, Failure> {
    match app.events.test_webhook(viewer.scope(), id).await {
        Ok(_) => {
            let words = "A test is on its way; reload the page to see what became of it.";
            Ok(done(&app, &viewer, id, words).await?.into_response())
        }
        Err(error @ EventError::Off) => {
            let mut page = show::page(&app, &viewer, id, Shown::default()).await?;
            let flash = Flash { done: false, text: sentence(&error.to_string()) };
            page.layout = page.layout.with_flash(Some(flash));
            Ok(render(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
        Err(error) => Err(viewer.failure(error)),
    }
}

/// Whether a webhook is to be told.
#[derive(Deserialize)]
pub(super) struct Switch {
    #[serde(default)]
    active: String,
}

pub(super) async fn switch(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<ManageWebhooks>,
    Path(id): Path<WebhookId>,
    Form(Switch { active }): Form<Switch>,
) -> Result<WebhookPage, Failure> {
    let on = active == "yes";
    let switched = app.events.switch_webhook(viewer.scope(), id, on).await;
    switched.map_err(|error| viewer.failure(error))?;
    let words = if on {
        "It is on again. What happened meanwhile can be told below."
    } else {
        "It is off. What happens from now on is not sent."
    };
    done(&app, &viewer, id, words).await
}

pub(super) async fn remove(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<ManageWebhooks>,
    Path(id): Path<WebhookId>,
    Form(Nothing {}): Form<Nothing>,
) -> Result<Redirect, Failure> {
    let removed = app.events.remove_webhook(viewer.scope(), id).await;
    removed.map_err(|error| viewer.failure(error))?;
    Ok(Redirect::to("/admin/webhooks"))
}

pub(super) async fn replay(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<ManageWebhooks>,
    Path((id, event)): Path<(WebhookId, EventId)>,
    Form(Nothing {}): Form<Nothing>,
) -> Result<WebhookPage, Failure> {
    let replayed = app.events.replay(viewer.scope(), id, event).await;
    replayed.map_err(|error| viewer.failure(error))?;
    done(&app, &viewer, id, "It is told again of this event.").await
}

/// Since when everything is told once more.
#[derive(Deserialize)]
pub(super) struct Since {
    #[serde(default)]
    since: String,
}

pub(super) async fn replay_since(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<ManageWebhooks>,
    Path(id): Path<WebhookId>,
    Form(Since { since }): Form<Since>,
) -> Result<Response, Failure> {
    let mut page = show::page(&app, &viewer, id, Shown::default()).await?;
    let replayed = match since.trim().parse() {
        Ok(day) => app.events.replay_since(viewer.scope(), id, day).await,
        Err(_) => Err(EventError::Since),
    };
    match replayed {
        Ok(count) => {
            let words = format!("It is told again of {}.", counted(count, "event", "events"));
            Ok(done(&app, &viewer, id, &words).await?.into_response())
        }
        Err(error @ EventError::Since) => {
            page.since = Field::refused(since, sentence(&error.to_string()));
            Ok(render(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
        Err(error) => Err(viewer.failure(error)),
    }
}

/// The webhook as it is now, with what was done.
async fn done(
    app: &App,
    viewer: &Viewer,
    id: WebhookId,
    words: &str,
) -> Result<WebhookPage, Failure> {
    let mut page = show::page(app, viewer, id, Shown::default()).await?;
    let flash = Flash { done: true, text: words.to_owned() };
    page.layout = page.layout.with_flash(Some(flash));
    Ok(page)
}
