//! The office: users, background work, the system, the API.

use axum::extract::{Path, State};
use axum::response::Redirect;
use serde::Deserialize;

use super::cases::{failed_work, what_of};
use super::viewer::{Nothing, Viewer, sentence};
use super::{Allowed, Failure, Form};
use crate::app::App;
use crate::auth::{Activity, AuthError, Invitee, LinkKind, Standing};
use crate::kernel::permission::permit::{ManagePeople, RunService};
use crate::kernel::{Role, UserId};
use crate::web::Area;
use crate::web::admin::{
    DeadWork, EmailState, Health, RunningWork, SystemPage, SystemPart, UserRow, UsersPage, WorkPage,
};
use crate::web::api_docs::ApiDocsPage;
use crate::web::page::Flash;
use crate::web::parts::{CaseRef, Choice, Field};

#[derive(Deserialize)]
pub(super) struct NewUserForm {
    name: String,
    email: String,
    role: Role,
    #[serde(default)]
    client: String,
}

pub(super) async fn users(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<ManagePeople>,
) -> Result<UsersPage, Failure> {
    users_page(&app, &viewer, (Field::default(), Field::default())).await
}

async fn users_page(
    app: &App,
    viewer: &Viewer,
    (name, email): (Field, Field),
) -> Result<UsersPage, Failure> {
    let scope = viewer.scope();
    let users = app.auth.users(scope).await.map_err(|error| viewer.failure(error))?;
    let activity = app.auth.activity(scope).await.map_err(|error| viewer.failure(error))?;
    let standings = app.auth.standings(scope).await.map_err(|error| viewer.failure(error))?;
    let clients = app.clients.list(scope).await.map_err(|error| viewer.failure(error))?;
    let of = |id: UserId| activity.iter().find(|activity: &&Activity| activity.user_id == id);
    let stands = |id: UserId| standings.iter().find(|stands: &&Standing| stands.user_id == id);
    let role = |role: Role, label: &str| Choice {
        value: role.as_str().to_owned(),
        label: label.to_owned(),
        chosen: role == Role::Advocate,
    };
    Ok(UsersPage {
        layout: viewer.layout("People", Area::Users),
        users: users
            .into_iter()
            .map(|user| UserRow {
                is_me: user.id == scope.user(),
                last_seen: of(user.id).and_then(|activity| activity.last_seen).map(Into::into),
                cases: of(user.id).map_or(0, |activity| u64::try_from(activity.cases).unwrap_or(0)),
                email_is: stands(user.id).map_or(EmailState::Unconfirmed, email_state),
                locked_until: stands(user.id)
                    .and_then(|stands| stands.locked_until)
                    .map(Into::into),
                id: user.id,
                name: user.name,
                email: user.email,
                role: user.role.to_string(),
                active: user.active,
            })
            .collect(),
        name,
        email,
        roles: vec![
            role(Role::Advocate, "Advocate"),
            role(Role::Staff, "Staff"),
            role(Role::Billing, "Billing"),
            role(Role::Admin, "Admin"),
            role(Role::Client, "Client (portal only)"),
        ],
        clients: clients
            .into_iter()
            .map(|client| Choice {
                value: client.id.to_string(),
                label: client.name,
                chosen: false,
            })
            .collect(),
    })
}

pub(super) async fn add_user(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<ManagePeople>,
    Form(filled): Form<NewUserForm>,
) -> Result<UsersPage, Failure> {
    let client = filled.client.parse().ok().filter(|_| filled.role == Role::Client);
    let NewUserForm { name, email, role, client: _ } = filled;
    let invitee = Invitee { name: name.clone(), email: email.clone(), role, client };
    match app.auth.invite(viewer.scope(), invitee).await {
        Ok(user) => {
            let page = users_page(&app, &viewer, (Field::default(), Field::default())).await?;
            Ok(with_flash(page, on_its_way(&app, "The invitation", &user.email)))
        }
        Err(
            error @ (AuthError::NoName
            | AuthError::Email(_)
            | AuthError::EmailTaken(_)
            | AuthError::ClientMismatch),
        ) => {
            let words = sentence(&error.to_string());
            let fields = match error {
                AuthError::NoName => (Field::refused(name, words), Field::of(email)),
                _ => (Field::of(name), Field::refused(email, words)),
            };
            users_page(&app, &viewer, fields).await
        }
        Err(error) => Err(viewer.failure(error)),
    }
}

fn email_state(stands: &Standing) -> EmailState {
    match (stands.has_password, stands.email_verified_at) {
        (false, _) => EmailState::Invited,
        (true, None) => EmailState::Unconfirmed,
        (true, Some(_)) => EmailState::Confirmed,
    }
}

/// What an admin is told of a letter.
fn on_its_way(app: &App, what: &str, email: &str) -> String {
    if app.outbox.delivers().0 {
        format!("{what} for {email} is on its way to them.")
    } else {
        format!("{what} for {email} waits under Letters: no mail server is set up.")
    }
}

fn with_flash(mut page: UsersPage, text: String) -> UsersPage {
    page.layout = page.layout.with_flash(Some(Flash { done: true, text }));
    page
}

pub(super) async fn send_link(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<ManagePeople>,
    Path(id): Path<UserId>,
    Form(Nothing {}): Form<Nothing>,
) -> Result<UsersPage, Failure> {
    let sent = app.auth.send_link(viewer.scope(), id).await;
    let kind = sent.map_err(|error| viewer.failure(error))?;
    let page = users_page(&app, &viewer, (Field::default(), Field::default())).await?;
    let email = page.users.iter().find(|user| user.id == id).map(|user| user.email.clone());
    let what = match kind {
        LinkKind::Invitation => "The invitation",
        LinkKind::Reset | LinkKind::Verification => "The link",
    };
    let text = on_its_way(&app, what, &email.unwrap_or_default());
    Ok(with_flash(page, text))
}

pub(super) async fn unlock(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<ManagePeople>,
    Path(id): Path<UserId>,
    Form(Nothing {}): Form<Nothing>,
) -> Result<Redirect, Failure> {
    let unlocked = app.auth.unlock(viewer.scope(), id).await;
    unlocked.map_err(|error| viewer.failure(error))?;
    Ok(Redirect::to("/admin/users"))
}

pub(super) async fn activate(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<ManagePeople>,
    Path(id): Path<UserId>,
    Form(Nothing {}): Form<Nothing>,
) -> Result<Redirect, Failure> {
    set_active(&app, &viewer, id, true).await
}

pub(super) async fn deactivate(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<ManagePeople>,
    Path(id): Path<UserId>,
    Form(Nothing {}): Form<Nothing>,
) -> Result<Redirect, Failure> {
    set_active(&app, &viewer, id, false).await
}

async fn set_active(
    app: &App,
    viewer: &Viewer,
    id: UserId,
    active: bool,
) -> Result<Redirect, Failure> {
    let set = app.auth.set_active(viewer.scope(), id, active).await;
    set.map_err(|error| viewer.failure(error))?;
    Ok(Redirect::to("/admin/users"))
}

pub(super) async fn reset_password(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<ManagePeople>,
    Path(id): Path<UserId>,
    Form(Nothing {}): Form<Nothing>,
) -> Result<UsersPage, Failure> {
    let reset = app.auth.reset_password(viewer.scope(), id).await;
    let user = reset.map_err(|error| viewer.failure(error))?;
    let page = users_page(&app, &viewer, (Field::default(), Field::default())).await?;
    Ok(with_flash(page, on_its_way(&app, "The link for another password", &user.email)))
}

pub(super) async fn work(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<RunService>,
) -> Result<WorkPage, Failure> {
    let scope = viewer.scope();
    let listed = app.jobs.list(scope).await.map_err(|error| viewer.failure(error))?;
    let dead = app.documents.dead_work(scope, None).await.map_err(|error| viewer.failure(error))?;
    let queued: Vec<_> = listed.iter().filter(|job| job.status == "queued").collect();
    let running = listed.iter().filter(|job| job.status == "running");
    Ok(WorkPage {
        layout: viewer.layout("Background work", Area::Work),
        queued: queued.len() as u64,
        oldest: queued
            .iter()
            .map(|job| job.run_at)
            .min()
            .map(|time| crate::web::show::Moment(time).to_string()),
        running: running
            .map(|job| RunningWork {
                what: what_of(&job.kind).to_owned(),
                subject: None,
                since: job.run_at.into(),
                attempt: u32::try_from(job.attempts).unwrap_or(0),
            })
            .collect(),
        dead: dead
            .into_iter()
            .map(|work| DeadWork {
                case: Some(CaseRef { id: work.case_id, title: work.case_title.clone() }),
                work: failed_work(work),
            })
            .collect(),
    })
}

pub(super) async fn system(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<RunService>,
) -> SystemPage {
    let missing = |start: &str| app.missing.iter().find(|line| line.starts_with(start)).cloned();
    let part = |name: &str, fine: String, lacking: Option<String>| SystemPart {
        name: name.to_owned(),
        health: if lacking.is_none() { Health::Working } else { Health::Limited },
        detail: lacking.unwrap_or(fine),
        remedy: None,
        command: None,
    };
    let parts = vec![
        part("Tables", app.engine().to_owned(), None),
        part(
            "Search by meaning",
            app.vectors.model().unwrap_or_default(),
            missing("Search by meaning"),
        ),
        part("Text recognition", "tesseract".to_owned(), missing("Scanned pages")),
        part(
            "Language model",
            app.assistant.model().unwrap_or_default(),
            missing("Answers are put together"),
        ),
    ];
    SystemPage {
        layout: viewer.layout("System", Area::System),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        parts,
    }
}

pub(super) async fn api_docs(viewer: Viewer) -> ApiDocsPage {
    let openapi = serde_json::to_value(crate::api::openapi()).unwrap_or_default();
    let layout = viewer.layout("API", Area::ApiDocs);
    ApiDocsPage::read(layout, "/api/openapi.json".to_owned(), &openapi)
}
