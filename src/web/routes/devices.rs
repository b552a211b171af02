//! Where someone is signed in, and their personal API tokens.

use axum::extract::{Path, RawForm, State};
use axum::response::{IntoResponse, Redirect, Response};

use super::viewer::{Nothing, sentence};
use super::{Failure, Form, Viewer, cookie};
use crate::api::origin::From as CameFrom;
use crate::app::App;
use crate::auth::{
    ApiToken, AuthError, Device, LONGEST_DAYS, NewApiToken, agent_in_words, place_in_words,
};
use crate::kernel::{ApiTokenId, Origin, Realm, SessionId, TokenScope};
use crate::web::Area;
use crate::web::devices::{DeviceRow, DevicesPage, TokenRow, TokensPage};
use crate::web::page::Flash;
use crate::web::parts::{Choice, Field};

pub(super) async fn show(
    State(app): State<App>,
    CameFrom(origin): CameFrom,
    viewer: Viewer,
) -> Result<DevicesPage, Failure> {
    devices(&app, &viewer, &origin, None).await
}

async fn devices(
    app: &App,
    viewer: &Viewer,
    origin: &Origin,
    flash: Option<Flash>,
) -> Result<DevicesPage, Failure> {
    let found = app.auth.devices(&viewer.caller).await.map_err(|error| viewer.failure(error))?;
    let row = |device: Device| DeviceRow {
        id: device.id,
        is_this: device.id == viewer.caller.session,
        what: agent_in_words(&device.agent),
        is_program: device.kind == "bearer",
        place: place_in_words(&device.address, origin.address),
        address: device.address,
        since: device.created_at.into(),
        last_used: device.last_used_at.into(),
    };
    let layout = viewer.layout("Devices", Area::Elsewhere).with_flash(flash);
    Ok(DevicesPage { layout, devices: found.into_iter().map(row).collect() })
}

/// Ends one session; the viewer's own signs them out.
pub(super) async fn end(
    State(app): State<App>,
    CameFrom(origin): CameFrom,
    viewer: Viewer,
    Path(id): Path<SessionId>,
    Form(Nothing {}): Form<Nothing>,
) -> Result<Response, Failure> {
    app.auth.end_device(&viewer.caller, id).await.map_err(|error| viewer.failure(error))?;
    if id == viewer.caller.session {
        return Ok(cookie::without_session(&app, viewer.caller.realm));
    }
    let flash = Flash { done: true, text: "That device was signed out.".to_owned() };
    Ok(devices(&app, &viewer, &origin, Some(flash)).await?.into_response())
}

pub(super) async fn end_others(
    State(app): State<App>,
    CameFrom(origin): CameFrom,
    viewer: Viewer,
    Form(Nothing {}): Form<Nothing>,
) -> Result<DevicesPage, Failure> {
    app.auth.end_other_devices(&viewer.caller).await.map_err(|error| viewer.failure(error))?;
    let flash = Flash { done: true, text: "Every other device was signed out.".to_owned() };
    devices(&app, &viewer, &origin, Some(flash)).await
}

pub(super) async fn show_tokens(
    State(app): State<App>,
    viewer: Viewer,
) -> Result<TokensPage, Failure> {
    tokens(&app, &viewer).await
}

/// What a personal API token can be for, in words.
const fn scope_words(scope: TokenScope) -> &'static str {
    match scope {
        TokenScope::Read => "Look at cases, clients, people and documents",
        TokenScope::Search => "Search",
        TokenScope::Ask => "Ask the assistant",
        TokenScope::Write => "Add and change",
        TokenScope::Costs => "See what the models cost",
        TokenScope::Manage => "Run the chamber",
    }
}

async fn tokens(app: &App, viewer: &Viewer) -> Result<TokensPage, Failure> {
    if viewer.caller.realm != Realm::Practice {
        return Err(viewer.not_found());
    }
    let found = app.auth.tokens(&viewer.caller).await.map_err(|error| viewer.failure(error))?;
    let now = app.clock.now();
    let row = |token: ApiToken| TokenRow {
        id: token.id,
        name: token.name,
        scopes: token.scopes.iter().map(|scope| scope_words(*scope)).collect::<Vec<_>>().join("; "),
        ended: token.expires_at <= now,
        expires: token.expires_at.into(),
        last_used: token.last_used_at.map(Into::into),
        address: token.last_address,
    };
    let choice = |scope: TokenScope| Choice {
        value: scope.as_str().to_owned(),
        label: scope_words(scope).to_owned(),
        chosen: matches!(scope, TokenScope::Read | TokenScope::Search),
    };
    Ok(TokensPage {
        layout: viewer.layout("API tokens", Area::Elsewhere),
        tokens: found.into_iter().map(row).collect(),
        made: None,
        problem: None,
        name: Field::default(),
        days: Field::of("90"),
        longest: LONGEST_DAYS,
        scopes: TokenScope::ALL.into_iter().map(choice).collect(),
    })
}

/// What the form for a token sends.
#[derive(Default)]
struct Wanted {
    csrf: String,
    name: String,
    days: String,
    scopes: Vec<TokenScope>,
}

impl Wanted {
    fn of(form: &[u8]) -> Self {
        let mut wanted = Self::default();
        for (name, value) in url::form_urlencoded::parse(form) {
            match name.as_ref() {
                "csrf" => wanted.csrf = value.into_owned(),
                "name" => wanted.name = value.into_owned(),
                "days" => wanted.days = value.into_owned(),
                "scope" => {
                    let scope = TokenScope::ALL.into_iter().find(|scope| scope.as_str() == value);
                    wanted.scopes.extend(scope);
                }
                _ => {}
            }
        }
        wanted
    }
}

/// Makes a token. A form that sends one name several times is read here by hand.
pub(super) async fn make_token(
    State(app): State<App>,
    viewer: Viewer,
    RawForm(form): RawForm,
) -> Result<TokensPage, Failure> {
    let Wanted { csrf, name, days, scopes } = Wanted::of(&form);
    if !viewer.sent(&csrf) {
        return Err(viewer.stale());
    }
    let new = NewApiToken { name: name.clone(), scopes, days: days.trim().parse().unwrap_or(0) };
    match app.auth.make_token(&viewer.caller, new).await {
        Ok((_, token)) => {
            let mut page = tokens(&app, &viewer).await?;
            page.made = Some(token.expose().to_owned());
            Ok(page)
        }
        Err(error @ AuthError::BadToken(_)) => {
            let mut page = tokens(&app, &viewer).await?;
            page.problem = Some(sentence(&error.to_string()));
            (page.name, page.days) = (Field::of(name), Field::of(days));
            Ok(page)
        }
        Err(error) => Err(viewer.failure(error)),
    }
}

pub(super) async fn revoke_token(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<ApiTokenId>,
    Form(Nothing {}): Form<Nothing>,
) -> Result<Redirect, Failure> {
    app.auth.revoke_token(&viewer.caller, id).await.map_err(|error| viewer.failure(error))?;
    Ok(Redirect::to("/account/tokens"))
}
