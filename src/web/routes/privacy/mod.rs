//! The pages of data protection.

mod erasing;
mod own;

use axum::Router;
use axum::extract::{Path, State};
use axum::response::Redirect;
use axum::routing::{get, post};
use chrono::NaiveDate;
use serde::Deserialize;
use uuid::Uuid;

use super::viewer::Nothing;
use super::{Allowed, Failure, Form, Viewer};
use crate::app::App;
use crate::kernel::permission::permit::ProtectData;
use crate::kernel::{CaseId, ClientId, ConsentId, HoldId, WordingId};
use crate::privacy::{Consent, Export, Given, How, On, PrivacyError, Subject};
use crate::web::Area;
use crate::web::parts::Choice;
use crate::web::privacy::{ConsentRow, ErasureRow, ExportRow, HoldRow, PrivacyPage, RuleRow};
use crate::web::show::Day;

/// Where the admin's page is.
const OFFICE: &str = "/admin/privacy";
/// Where the client's page is.
const PORTAL: &str = "/portal/privacy";

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/admin/privacy", get(show))
        .route("/admin/privacy/erase", get(erasing::preview).post(erasing::erase))
        .route("/admin/privacy/erasures/{id}", get(erasing::certificate))
        .route("/admin/privacy/holds", post(hold))
        .route("/admin/privacy/holds/{id}/lift", post(lift))
        .route("/admin/privacy/wordings", post(add_wording))
        .route("/admin/privacy/consents", post(consent))
        .route("/admin/privacy/consents/{id}/withdraw", post(withdraw))
        .route("/admin/privacy/retention", post(retain))
        .route("/admin/privacy/exports", post(export))
        .route("/portal/privacy", get(own::show))
        .route("/portal/privacy/consents", post(own::agree))
        .route("/portal/privacy/consents/{id}/withdraw", post(own::withdraw))
        .route("/portal/privacy/exports", post(own::export))
}

/// A stored day as a page shows it.
fn day(stored: &str) -> String {
    stored.parse().map_or_else(|_| stored.to_owned(), |day| Day(day).to_string())
}

/// A subject as forms send it: `client:ID`.
fn subject(text: &str) -> Option<Subject> {
    let (kind, id) = text.split_once(':')?;
    Subject::of(kind, id.parse::<Uuid>().ok()?)
}

fn choice(value: String, label: String) -> Choice {
    Choice { value, label, chosen: false }
}

fn consent_row(consent: Consent) -> ConsentRow {
    let how = match consent.how.as_str() {
        "portal" => "in the portal",
        "paper" => "on paper",
        "mail" => "by mail",
        "phone" => "by telephone",
        _ => "in person",
    };
    ConsentRow {
        id: consent.id.to_string(),
        client: consent.client_name,
        wording: format!("{} {}", consent.language, consent.number),
        how: how.to_owned(),
        given: consent.given_at.into(),
        withdrawn: consent.withdrawn_at.map(Into::into),
    }
}

/// An export in a list; `of` is whom it is of, where that is not the reader.
fn export_row(export: Export, of: Option<String>) -> ExportRow {
    let status = match (export.status.as_str(), export.error) {
        ("done", _) => "ready".to_owned(),
        ("failed", Some(error)) => format!("failed: {error}"),
        _ => format!("{} of {} files so far", export.done, export.total),
    };
    ExportRow {
        id: export.id.to_string(),
        of,
        asked: export.asked_at.into(),
        status,
        is_done: export.status == "done",
        until: export.expires_at.into(),
    }
}

async fn show(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<ProtectData>,
) -> Result<PrivacyPage, Failure> {
    let scope = viewer.scope();
    let cases = app.cases.list(scope).await.map_err(|error| viewer.failure(error))?;
    let clients = app.clients.list(scope).await.map_err(|error| viewer.failure(error))?;
    let people = app.auth.users(scope).await.map_err(|error| viewer.failure(error))?;
    let failed = |error: PrivacyError| viewer.failure(error);
    let erasures = app.privacy.erasures(scope).await.map_err(failed)?;
    let exports = app.privacy.exports(scope).await.map_err(failed)?;
    let holds = app.privacy.holds(scope).await.map_err(failed)?;
    let consents = app.privacy.consents(scope).await.map_err(failed)?;
    let wordings = app.privacy.wordings(scope).await.map_err(failed)?;
    let rules = app.privacy.retention(scope).await.map_err(failed)?;
    let named = |export: &Export| {
        let client = clients.iter().find(|it| Some(it.id) == export.client_id);
        let person = people.iter().find(|it| Some(it.id) == export.user_id);
        client.map(|it| it.name.clone()).or_else(|| person.map(|it| it.name.clone()))
    };
    let of_clients = clients
        .iter()
        .map(|it| choice(format!("client:{}", it.id), format!("Client: {}", it.name)));
    let of_cases =
        cases.iter().map(|it| choice(format!("case:{}", it.id), format!("Case: {}", it.title)));
    let of_people = people
        .iter()
        .filter(|it| it.id != scope.user() && it.role != crate::kernel::Role::Client)
        .map(|it| choice(format!("user:{}", it.id), format!("Person: {}", it.name)));
    Ok(PrivacyPage {
        erasable: of_clients.clone().chain(of_cases.clone()).chain(of_people.clone()).collect(),
        exportable: of_clients.clone().chain(of_people).collect(),
        holdable: of_clients.chain(of_cases).collect(),
        cases: cases.iter().map(|it| choice(it.id.to_string(), it.title.clone())).collect(),
        clients: clients.iter().map(|it| choice(it.id.to_string(), it.name.clone())).collect(),
        wordings: wordings
            .iter()
            .map(|it| choice(it.id.to_string(), format!("{} {}", it.language, it.number)))
            .collect(),
        erasures: erasures
            .into_iter()
            .map(|it| ErasureRow {
                id: it.id.to_string(),
                what: erasing::noun(&it.subject_kind).to_owned(),
                asked: it.asked_at.into(),
                status: erasing::erasure_words(&it.status, it.error.as_deref()),
            })
            .collect(),
        exports: exports
            .into_iter()
            .map(|it| {
                let of = named(&it);
                export_row(it, of)
            })
            .collect(),
        holds: holds
            .into_iter()
            .map(|it| HoldRow {
                id: it.id.to_string(),
                name: it.name,
                reason: it.reason,
                placed: it.placed_at.into(),
                lifted: it.lifted_at.map(Into::into).zip(it.lifted_reason),
            })
            .collect(),
        consents: consents.into_iter().map(consent_row).collect(),
        rules: rules
            .into_iter()
            .map(|it| RuleRow {
                subject: format!("case:{}", it.rule.case_id),
                title: it.rule.title,
                ended_on: day(&it.rule.ended_on),
                years: it.rule.years,
                documents: u64::try_from(it.rule.documents).unwrap_or_default(),
                from: Day(it.from).to_string(),
                is_due: it.is_due,
                held: it.held,
            })
            .collect(),
        layout: viewer.layout("Data protection", Area::Privacy),
    })
}

#[derive(Deserialize)]
struct Asked {
    subject: String,
}

/// Goes back to the admin's page, or says why not.
fn back(viewer: &Viewer, done: Result<(), PrivacyError>) -> Result<Redirect, Failure> {
    done.map(|()| Redirect::to(OFFICE)).map_err(|error| viewer.failure(error))
}

#[derive(Deserialize)]
struct NewHold {
    subject: String,
    reason: String,
}

async fn hold(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<ProtectData>,
    Form(form): Form<NewHold>,
) -> Result<Redirect, Failure> {
    let on = match subject(&form.subject) {
        Some(Subject::Case(id)) => On::Case(id),
        Some(Subject::Client(id)) => On::Client(id),
        _ => return Err(viewer.not_found()),
    };
    back(&viewer, app.privacy.hold(viewer.scope(), on, &form.reason).await.map(drop))
}

#[derive(Deserialize)]
struct Lifted {
    reason: String,
}

async fn lift(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<ProtectData>,
    Path(id): Path<HoldId>,
    Form(form): Form<Lifted>,
) -> Result<Redirect, Failure> {
    back(&viewer, app.privacy.lift(viewer.scope(), id, &form.reason).await)
}

#[derive(Deserialize)]
struct NewWording {
    language: String,
    text: String,
}

async fn add_wording(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<ProtectData>,
    Form(form): Form<NewWording>,
) -> Result<Redirect, Failure> {
    let added = app.privacy.add_wording(viewer.scope(), &form.language, &form.text).await;
    back(&viewer, added.map(drop))
}

#[derive(Deserialize)]
struct NewConsent {
    client: ClientId,
    wording: WordingId,
    how: How,
}

async fn consent(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<ProtectData>,
    Form(NewConsent { client, wording, how }): Form<NewConsent>,
) -> Result<Redirect, Failure> {
    let given = Given { client, wording, how };
    back(&viewer, app.privacy.consent(viewer.scope(), given).await.map(drop))
}

async fn withdraw(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<ProtectData>,
    Path(id): Path<ConsentId>,
    Form(Nothing {}): Form<Nothing>,
) -> Result<Redirect, Failure> {
    back(&viewer, app.privacy.withdraw(viewer.scope(), id).await)
}

#[derive(Deserialize)]
struct NewRule {
    case: CaseId,
    ended_on: NaiveDate,
    years: String,
}

async fn retain(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<ProtectData>,
    Form(form): Form<NewRule>,
) -> Result<Redirect, Failure> {
    let years = form.years.parse().unwrap_or(-1);
    back(&viewer, app.privacy.keep_for(viewer.scope(), form.case, form.ended_on, years).await)
}

async fn export(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<ProtectData>,
    Form(form): Form<Asked>,
) -> Result<Redirect, Failure> {
    let subject = subject(&form.subject).ok_or_else(|| viewer.not_found())?;
    back(&viewer, app.privacy.export(viewer.scope(), subject).await.map(drop))
}
