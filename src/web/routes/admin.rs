//! The office: costs, users, background work, the system, the API.

use axum::extract::{Path, Query, State};
use axum::http::header;
use axum::response::{IntoResponse, Redirect, Response};
use chrono::{Days, NaiveDate};
use serde::Deserialize;

use super::cases::{failed_work, what_of};
use super::viewer::{Nothing, Viewer, sentence};
use super::{Failure, Form, Office};
use crate::app::App;
use crate::auth::{Activity, AuthError, NewUser, one_time_password};
use crate::kernel::{Role, UserId};
use crate::usage::{By, Line, Period, Report};
use crate::web::Area;
use crate::web::admin::{
    DeadWork, Health, Issued, RunningWork, SystemPage, SystemPart, UserRow, UsersPage, WorkPage,
};
use crate::web::api_docs::ApiDocsPage;
use crate::web::costs::{CostBy, CostRow, CostsPage};
use crate::web::page::Notice;
use crate::web::parts::{CaseRef, Choice, Field};
use crate::web::show::Day;

/// How many days the cost report covers unless told otherwise.
const DAYS: u64 = 30;

#[derive(Deserialize)]
pub(super) struct Range {
    from: Option<NaiveDate>,
    to: Option<NaiveDate>,
    #[serde(default)]
    by: By,
}

impl Range {
    fn period(&self, app: &App) -> Period {
        let to = self.to.unwrap_or_else(|| app.clock.now().date_naive());
        let from =
            self.from.unwrap_or_else(|| to.checked_sub_days(Days::new(DAYS - 1)).unwrap_or(to));
        Period { from, to }
    }
}

async fn report(app: &App, viewer: &Viewer, range: &Range) -> Result<(Period, Report), Failure> {
    let period = range.period(app);
    let report = app.usage.report(viewer.scope(), period, range.by).await;
    let report = report.map_err(|error| viewer.failure(error))?;
    Ok((period, report.ok_or_else(|| viewer.not_found())?))
}

pub(super) async fn costs(
    State(app): State<App>,
    Office(viewer): Office,
    Query(range): Query<Range>,
) -> Result<CostsPage, Failure> {
    let (period, report) = report(&app, &viewer, &range).await?;
    let unpriced = (report.total.unpriced > 0).then(|| Notice {
        text: format!(
            "{} calls were of models the price book does not know; they count as zero here.",
            report.total.unpriced
        ),
        link: None,
    });
    Ok(CostsPage {
        layout: viewer.layout("AI costs", Area::Costs).with_notices(unpriced.into_iter().collect()),
        from: Day(period.from),
        to: Day(period.to),
        by: match report.by {
            By::Day => CostBy::Day,
            By::User => CostBy::User,
            By::Case => CostBy::Case,
            By::Model => CostBy::Model,
        },
        rows: report.lines.into_iter().map(cost_row).collect(),
        total: cost_row(report.total),
    })
}

fn cost_row(line: Line) -> CostRow {
    let count = |number: i64| u64::try_from(number).unwrap_or(0);
    CostRow {
        label: line.label,
        href: None,
        calls: count(line.calls),
        failed: count(line.failed),
        fallbacks: count(line.extractive),
        tokens_in: count(line.tokens_in),
        tokens_cached: count(line.tokens_cached),
        tokens_out: count(line.tokens_out),
        tokens_embedded: count(line.tokens_embedded),
        dollars: line.cost_microdollars,
        rupees: line.cost_paise,
        estimated: line.estimated > 0,
    }
}

pub(super) async fn costs_csv(
    State(app): State<App>,
    Office(viewer): Office,
    Query(range): Query<Range>,
) -> Result<Response, Failure> {
    let (period, report) = report(&app, &viewer, &range).await?;
    let name = format!("ai-costs-{}-{}-by-{}.csv", period.from, period.to, report.by.as_str());
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
    ];
    Ok((headers, report.csv()).into_response())
}

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
    Office(viewer): Office,
) -> Result<UsersPage, Failure> {
    users_page(&app, &viewer, None, (Field::default(), Field::default())).await
}

async fn users_page(
    app: &App,
    viewer: &Viewer,
    issued: Option<Issued>,
    (name, email): (Field, Field),
) -> Result<UsersPage, Failure> {
    let scope = viewer.scope();
    let users = app.auth.users(scope).await.map_err(|error| viewer.failure(error))?;
    let activity = app.auth.activity(scope).await.map_err(|error| viewer.failure(error))?;
    let clients = app.clients.list(scope).await.map_err(|error| viewer.failure(error))?;
    let of = |id: UserId| activity.iter().find(|activity: &&Activity| activity.user_id == id);
    let role = |role: Role, label: &str| Choice {
        value: role.as_str().to_owned(),
        label: label.to_owned(),
        chosen: role == Role::Advocate,
    };
    Ok(UsersPage {
        layout: viewer.layout("Users", Area::Users),
        users: users
            .into_iter()
            .map(|user| UserRow {
                is_me: user.id == scope.user(),
                last_seen: of(user.id).and_then(|activity| activity.last_seen).map(Into::into),
                cases: of(user.id).map_or(0, |activity| u64::try_from(activity.cases).unwrap_or(0)),
                id: user.id,
                name: user.name,
                email: user.email,
                role: user.role.to_string(),
                active: user.active,
            })
            .collect(),
        issued,
        name,
        email,
        roles: vec![
            role(Role::Advocate, "Advocate"),
            role(Role::Staff, "Staff"),
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
    Office(viewer): Office,
    Form(filled): Form<NewUserForm>,
) -> Result<UsersPage, Failure> {
    let password = one_time_password();
    let client = filled.client.parse().ok().filter(|_| filled.role == Role::Client);
    let new = NewUser {
        name: filled.name.clone(),
        email: filled.email.clone(),
        role: filled.role,
        client,
        password: password.clone(),
    };
    match app.auth.add_user(viewer.scope(), new).await {
        Ok(user) => {
            let issued = Issued { email: user.email, password };
            users_page(&app, &viewer, Some(issued), (Field::default(), Field::default())).await
        }
        Err(
            error @ (AuthError::NoName
            | AuthError::Email(_)
            | AuthError::EmailTaken(_)
            | AuthError::ClientMismatch),
        ) => {
            let words = sentence(&error.to_string());
            let fields = match error {
                AuthError::NoName => (Field::refused(filled.name, words), Field::of(filled.email)),
                _ => (Field::of(filled.name), Field::refused(filled.email, words)),
            };
            users_page(&app, &viewer, None, fields).await
        }
        Err(error) => Err(viewer.failure(error)),
    }
}

pub(super) async fn activate(
    State(app): State<App>,
    Office(viewer): Office,
    Path(id): Path<UserId>,
    Form(Nothing {}): Form<Nothing>,
) -> Result<Redirect, Failure> {
    set_active(&app, &viewer, id, true).await
}

pub(super) async fn deactivate(
    State(app): State<App>,
    Office(viewer): Office,
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
    Office(viewer): Office,
    Path(id): Path<UserId>,
    Form(Nothing {}): Form<Nothing>,
) -> Result<UsersPage, Failure> {
    let scope = viewer.scope();
    let password = app.auth.reset_password(scope, id).await;
    let password = password.map_err(|error| viewer.failure(error))?;
    let users = app.auth.users(scope).await.map_err(|error| viewer.failure(error))?;
    let email = users.into_iter().find(|user| user.id == id).map(|user| user.email);
    let issued = email.map(|email| Issued { email, password });
    users_page(&app, &viewer, issued, (Field::default(), Field::default())).await
}

pub(super) async fn work(
    State(app): State<App>,
    Office(viewer): Office,
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

pub(super) async fn system(State(app): State<App>, Office(viewer): Office) -> SystemPage {
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
    let layout = viewer.layout("API", Area::Elsewhere);
    ApiDocsPage::read(layout, "/api/openapi.json".to_owned(), &openapi)
}
