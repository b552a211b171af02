//! One's own second factors, and an admin's rules.

use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use super::cookie;
use super::viewer::{Nothing, sentence};
use super::{Allowed, Failure, Form, Viewer, letters};
use crate::api::problem::Problem;
use crate::app::App;
use crate::auth::{AuthError, Factors, Offer, PersonFactors, Proof, Renewed, Way};
use crate::kernel::permission::permit::ManagePeople;
use crate::kernel::{PasskeyId, Role, UserId};
use crate::web::page::Area;
use crate::web::parts::Field;
use crate::web::security::{
    AppPage, CodesPage, FactorsRow, PasskeyRow, RuleRow, SecurityPage, SignInRulesPage,
};
use crate::web::show::counted;

/// Where the page is.
const HERE: &str = "/account/security";

#[derive(Deserialize)]
pub(super) struct Shown {
    #[serde(default)]
    phone: bool,
}

pub(super) async fn page(
    State(app): State<App>,
    viewer: Viewer,
    Query(Shown { phone }): Query<Shown>,
) -> Result<SecurityPage, Failure> {
    shown(&app, &viewer, phone, None).await
}

async fn shown(
    app: &App,
    viewer: &Viewer,
    phone_asked: bool,
    problem: Option<String>,
) -> Result<SecurityPage, Failure> {
    let told = letters::told(app, viewer).await?;
    let factors = app.auth.factors(&viewer.caller).await;
    let factors = factors.map_err(|error| viewer.failure(error))?;
    let Factors { app, passkeys, phone, backup_codes, required, proven, passkeys_work, sms_works } =
        factors;
    let passkeys = passkeys.into_iter().map(|passkey| PasskeyRow {
        id: passkey.id,
        name: passkey.name,
        created: passkey.created_at.into(),
        used: passkey.last_used_at.map(Into::into),
    });
    let layout = viewer.layout("Security", Area::Elsewhere).with_notices(told);
    Ok(SecurityPage {
        layout,
        proven,
        app,
        passkeys: passkeys.collect(),
        passkeys_work,
        phone,
        sms_works,
        phone_asked,
        backup_codes,
        required,
        problem,
    })
}

/// The page again after what renews the session, or with why nothing was done.
async fn after_change(
    app: &App,
    viewer: &Viewer,
    phone: bool,
    done: Result<Renewed<()>, AuthError>,
) -> Result<Response, Failure> {
    match done {
        Ok(renewed) => {
            let cookie = renewed.cookie.as_ref();
            Ok(cookie::renewed(app, cookie, Redirect::to(HERE)))
        }
        Err(error) => after(app, viewer, phone, Err(error)).await,
    }
}

/// The page again: as it is now, or with why nothing was done.
async fn after(
    app: &App,
    viewer: &Viewer,
    phone: bool,
    done: Result<(), AuthError>,
) -> Result<Response, Failure> {
    let Err(error) = done else {
        let to = if phone { "/account/security?phone=true" } else { HERE };
        return Ok(Redirect::to(to).into_response());
    };
    let problem = Problem::from(error);
    let status = problem.status();
    if status.is_server_error() {
        return Err(viewer.failure(problem));
    }
    let words = problem.detail.as_deref().map(sentence);
    let mut response = shown(app, viewer, phone, words).await?.into_response();
    *response.status_mut() = status;
    Ok(response)
}

#[derive(Deserialize)]
pub(super) struct Confirm {
    #[serde(default)]
    password: String,
    #[serde(default)]
    code: String,
}

pub(super) async fn confirm(
    State(app): State<App>,
    viewer: Viewer,
    Form(Confirm { password, code }): Form<Confirm>,
) -> Result<Response, Failure> {
    let proof = if code.trim().is_empty() {
        Proof::Password(password)
    } else {
        Proof::Code(Way::App, code)
    };
    let done = app.auth.prove(&viewer.caller, proof).await;
    after_change(&app, &viewer, false, done).await
}

pub(super) async fn offer_app(
    State(app): State<App>,
    viewer: Viewer,
    Form(Nothing {}): Form<Nothing>,
) -> Result<Response, Failure> {
    match app.auth.offer_app(&viewer.caller).await {
        Ok(offer) => Ok(offered(&viewer, &offer, Field::default()).into_response()),
        Err(error) => after(&app, &viewer, false, Err(error)).await,
    }
}

fn offered(viewer: &Viewer, offer: &Offer, code: Field) -> AppPage {
    AppPage {
        layout: viewer.layout("Authenticator app", Area::Elsewhere),
        enrol: false,
        picture: offer.picture(),
        secret: offer.secret.clone(),
        offer: offer.sealed.clone(),
        code,
        next: None,
    }
}

#[derive(Deserialize)]
pub(super) struct Accepted {
    offer: String,
    code: String,
}

pub(super) async fn accept_app(
    State(app): State<App>,
    viewer: Viewer,
    Form(Accepted { offer, code }): Form<Accepted>,
) -> Result<Response, Failure> {
    match app.auth.accept_app(&viewer.caller, &offer, &code).await {
        Ok(renewed) => Ok(codes_page(&app, &viewer, renewed)),
        Err(error @ AuthError::WrongCode) => match app.auth.same_offer(&viewer.caller, &offer) {
            Ok(offer) => {
                let code = Field::refused("", "That code is not right. Try the next one.");
                Ok(offered(&viewer, &offer, code).into_response())
            }
            Err(_) => after(&app, &viewer, false, Err(error)).await,
        },
        Err(error) => after(&app, &viewer, false, Err(error)).await,
    }
}

fn codes_page(app: &App, viewer: &Viewer, renewed: Renewed<Vec<String>>) -> Response {
    let Renewed { value: codes, cookie } = renewed;
    let layout = viewer.layout("Backup codes", Area::Elsewhere);
    cookie::renewed(app, cookie.as_ref(), CodesPage { layout, codes, next: HERE.to_owned() })
}

pub(super) async fn remove_app(
    State(app): State<App>,
    viewer: Viewer,
    Form(Nothing {}): Form<Nothing>,
) -> Result<Response, Failure> {
    let done = app.auth.remove_app(&viewer.caller).await;
    after_change(&app, &viewer, false, done).await
}

pub(super) async fn make_codes(
    State(app): State<App>,
    viewer: Viewer,
    Form(Nothing {}): Form<Nothing>,
) -> Result<Response, Failure> {
    match app.auth.make_backup_codes(&viewer.caller).await {
        Ok(renewed) => Ok(codes_page(&app, &viewer, renewed)),
        Err(error) => after(&app, &viewer, false, Err(error)).await,
    }
}

#[derive(Deserialize)]
pub(super) struct Number {
    number: String,
}

pub(super) async fn add_phone(
    State(app): State<App>,
    viewer: Viewer,
    Form(Number { number }): Form<Number>,
) -> Result<Response, Failure> {
    let done = app.auth.add_phone(&viewer.caller, &number).await;
    let asked = done.is_ok();
    after(&app, &viewer, asked, done).await
}

#[derive(Deserialize)]
pub(super) struct PhoneCode {
    code: String,
}

pub(super) async fn verify_phone(
    State(app): State<App>,
    viewer: Viewer,
    Form(PhoneCode { code }): Form<PhoneCode>,
) -> Result<Response, Failure> {
    let done = app.auth.verify_phone(&viewer.caller, &code).await;
    after_change(&app, &viewer, true, done).await
}

pub(super) async fn remove_phone(
    State(app): State<App>,
    viewer: Viewer,
    Form(Nothing {}): Form<Nothing>,
) -> Result<Response, Failure> {
    let done = app.auth.remove_phone(&viewer.caller).await;
    after_change(&app, &viewer, false, done).await
}

pub(super) async fn remove_passkey(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<PasskeyId>,
    Form(Nothing {}): Form<Nothing>,
) -> Result<Response, Failure> {
    let done = app.auth.remove_passkey(&viewer.caller, id).await;
    after_change(&app, &viewer, false, done).await
}

/// The roles a rule can be made for, with their words.
const ROLES: [(Role, &str); 4] = [
    (Role::Admin, "Admins"),
    (Role::Advocate, "Advocates"),
    (Role::Staff, "Staff"),
    (Role::Billing, "Billing"),
];

pub(super) async fn rules(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<ManagePeople>,
) -> Result<SignInRulesPage, Failure> {
    let scope = viewer.scope();
    let required = app.auth.factor_rules(scope).await.map_err(|error| viewer.failure(error))?;
    let users = app.auth.users(scope).await.map_err(|error| viewer.failure(error))?;
    let factors = app.auth.people_factors(scope).await.map_err(|error| viewer.failure(error))?;
    let people = users.into_iter().filter(|user| user.active && user.role != Role::Client);
    let row = |user: crate::auth::User| {
        let has = factors.iter().find(|factors| factors.user_id == user.id);
        let words = has.map_or_else(|| "none".to_owned(), in_words);
        FactorsRow {
            id: user.id,
            name: user.name,
            role: user.role.to_string(),
            resettable: words != "none",
            has: words,
        }
    };
    Ok(SignInRulesPage {
        layout: viewer.layout("Sign-in rules", Area::SignInRules),
        rules: ROLES
            .iter()
            .map(|&(role, label)| RuleRow { role, label, required: required.contains(&role) })
            .collect(),
        people: people.map(row).collect(),
    })
}

fn in_words(factors: &PersonFactors) -> String {
    let app = (factors.apps > 0).then(|| "authenticator app".to_owned());
    let passkeys = u64::try_from(factors.passkeys).unwrap_or(0);
    let passkeys = (passkeys > 0).then(|| counted(passkeys, "passkey", "passkeys"));
    let both: Vec<String> = app.into_iter().chain(passkeys).collect();
    if both.is_empty() { "none".to_owned() } else { both.join(", ") }
}

#[derive(Deserialize)]
pub(super) struct Rule {
    required: String,
}

pub(super) async fn set_rule(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<ManagePeople>,
    Path(role): Path<Role>,
    Form(Rule { required }): Form<Rule>,
) -> Result<Redirect, Failure> {
    let set = app.auth.set_factor_rule(&viewer.caller, role, required == "true").await;
    set.map_err(|error| viewer.failure(error))?;
    Ok(Redirect::to("/admin/sign-in"))
}

pub(super) async fn reset(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<ManagePeople>,
    Path(id): Path<UserId>,
    Form(Nothing {}): Form<Nothing>,
) -> Result<Redirect, Failure> {
    let reset = app.auth.reset_factors(viewer.scope(), id).await;
    reset.map_err(|error| viewer.failure(error))?;
    Ok(Redirect::to("/admin/sign-in"))
}
