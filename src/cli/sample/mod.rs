//! The sample chamber: invented people, cases and papers to try Munshi on.
//!
//! It is described by `fixtures/chamber/chamber.toml` and embedded with its papers.
//! It goes in through the same doors as everything else (accounts, cases, uploads,
//! shares, questions), so what a visitor sees is what the service really did.

mod chamber;
mod dealings;
mod office;
mod papers;
mod practice;

use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::Context;
use bytes::Bytes;

use crate::app::App;
use crate::assistant::{Page, Question};
use crate::auth::{AuthError, NewUser, one_time_password};
use crate::cases::NewCase;
use crate::clients::NewContact;
use crate::documents::{NewShare, Target};
use crate::kernel::{CaseId, CaseRole, ClientId, Role, Scope, UserId};
use chamber::{Chamber, Paper, SampleCase, SampleUser};

/// How long the papers may take before the questions are asked all the same.
const PATIENCE: Duration = Duration::from_mins(10);

/// Loads people, clients, cases and papers; false when someone has an account
/// already, and then nothing is touched. Reading the papers is background work.
///
/// # Errors
/// Fails when the embedded description is not sound or a part cannot be stored.
pub async fn load(app: &App) -> anyhow::Result<bool> {
    if !app.auth.needs_setup().await? {
        return Ok(false);
    }
    let chamber = Chamber::embedded()?;
    let admin = chamber.admin()?;
    app.auth.set_up(&chamber.organisation, new_user(admin, None)).await?;
    let scope = app.auth.scope_of(&admin.email).await?;
    app.billing.set_profile(&scope, chamber.profile.clone()).await?;
    let clients = add_clients(app, &scope, &chamber).await?;
    let users = add_users(app, &scope, &chamber, &clients).await?;
    office::add_calendars(app, &scope, &chamber.calendars).await.context("the holidays")?;
    for case in &chamber.cases {
        add_case(app, &scope, case, &clients, &users)
            .await
            .with_context(|| format!("the sample case `{}`", case.title))?;
    }
    // The time of the sample was worked before there were rates.
    office::set_rates(app, &scope, &chamber.rates, &users).await.context("the rates")?;
    Ok(true)
}

/// Whether the sample chamber lives in this data folder.
///
/// # Errors
/// Fails when the database does.
pub async fn is_loaded(app: &App) -> anyhow::Result<bool> {
    let chamber = Chamber::embedded()?;
    match app.auth.scope_of(&chamber.admin()?.email).await {
        Ok(_) => Ok(true),
        Err(AuthError::NotFound) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// Who can sign in to the sample: email, password and role. A client has no password
/// but the words that say so.
///
/// # Errors
/// Fails when the embedded description is not sound.
pub fn sign_ins() -> anyhow::Result<Vec<(String, String, Role)>> {
    let users = Chamber::embedded()?.users;
    let how =
        |password: Option<String>| password.unwrap_or_else(|| "by code (/portal/sign-in)".into());
    Ok(users.into_iter().map(|user| (user.email, how(user.password), user.role)).collect())
}

/// Waits until the papers are read and then asks the sample questions.
///
/// # Errors
/// As [`ask`].
pub async fn ask_when_read(app: &App) -> anyhow::Result<()> {
    let quiet = async {
        while app.jobs.pending().await? > 0 {
            tokio::time::sleep(Duration::from_millis(250)).await;
        }
        anyhow::Ok(())
    };
    if let Ok(waited) = tokio::time::timeout(PATIENCE, quiet).await {
        waited?;
    }
    ask(app).await
}

/// Asks the sample questions that have not been asked, each in the name of the
/// first member of its case.
///
/// # Errors
/// Fails when a question cannot be asked; how it is answered is no matter.
pub async fn ask(app: &App) -> anyhow::Result<()> {
    let chamber = Chamber::embedded()?;
    for sample in &chamber.questions {
        let scope = app.auth.scope_of(chamber.case(&sample.case)?.first_member()?).await?;
        let case = app.cases.find_titled(&scope, &sample.case).await?.id;
        let page = Page { case: Some(case), limit: 200, ..Page::default() };
        let asked = app.assistant.conversations(&scope, &page).await?;
        if asked.iter().any(|conversation| {
            sample.question.starts_with(conversation.title.trim_end_matches('…'))
        }) {
            continue;
        }
        let text = sample.question.clone();
        let question = Question { text, case: Some(case), conversation: None };
        app.assistant.ask_and_wait(&scope, question).await?;
    }
    Ok(())
}

fn new_user(user: &SampleUser, client: Option<ClientId>) -> NewUser {
    let SampleUser { name, email, role, password, client: _ } = user.clone();
    let password = password.unwrap_or_else(one_time_password);
    NewUser { name, email, role, client, password }
}

async fn add_clients(
    app: &App,
    scope: &Scope,
    chamber: &Chamber,
) -> anyhow::Result<BTreeMap<String, ClientId>> {
    let mut clients = BTreeMap::new();
    for client in &chamber.clients {
        let added = app.clients.add(scope, client.clone()).await?;
        clients.insert(added.name, added.id);
    }
    Ok(clients)
}

async fn add_users(
    app: &App,
    scope: &Scope,
    chamber: &Chamber,
    clients: &BTreeMap<String, ClientId>,
) -> anyhow::Result<BTreeMap<String, UserId>> {
    let admin = chamber.admin()?;
    let mut users = BTreeMap::new();
    for user in chamber.users.iter().filter(|user| user.email != admin.email) {
        let client = match &user.client {
            Some(name) => Some(*clients.get(name).with_context(|| format!("no client `{name}`"))?),
            None => None,
        };
        let added = app.auth.add_user(scope, new_user(user, client)).await?;
        users.insert(user.email.clone(), added.id);
        if let Some(client) = client {
            app.clients.add_contact(scope, client, contact(user)).await?;
        }
    }
    Ok(users)
}

/// Somebody who reads the portal, among the contacts of their client.
fn contact(user: &SampleUser) -> NewContact {
    NewContact {
        name: user.name.clone(),
        post: None,
        email: Some(user.email.clone()),
        phone: None,
        gets_portal_mail: false,
        gets_invoices: true,
    }
}

async fn add_case(
    app: &App,
    scope: &Scope,
    sample: &SampleCase,
    clients: &BTreeMap<String, ClientId>,
    users: &BTreeMap<String, UserId>,
) -> anyhow::Result<()> {
    let client =
        clients.get(&sample.client).with_context(|| format!("no client `{}`", sample.client))?;
    let case = app
        .cases
        .open(
            scope,
            NewCase {
                title: sample.title.clone(),
                number: Some(sample.number.clone()),
                court: Some(sample.court.clone()),
                cnr: Some(sample.cnr.clone()),
                client_id: Some(*client),
                summary: Some(sample.summary.clone()),
                opened_on: Some(sample.opened_on()?),
            },
        )
        .await?;
    for (place, email) in sample.members.iter().enumerate() {
        let user = users.get(email).with_context(|| format!("no user `{email}`"))?;
        let role = if place == 0 { CaseRole::Lead } else { CaseRole::Member };
        app.cases.set_member(scope, case, *user, role).await?;
    }
    let member = app.auth.scope_of(sample.first_member()?).await?;
    practice::add(app, (scope, &member), case, &sample.days, users).await?;
    for paper in &sample.documents {
        add_paper(app, &member, case, paper).await.with_context(|| format!("`{}`", paper.file))?;
    }
    if sample.documents.iter().any(|paper| paper.shared_with_client) {
        app.portal.show(scope, case).await?;
    }
    dealings::add(app, &member, case, &sample.dealings).await
}

/// Uploads a paper under a file name that says what it is, as a careful clerk would.
async fn add_paper(app: &App, scope: &Scope, case: CaseId, paper: &Paper) -> anyhow::Result<()> {
    let bytes = papers::find(&paper.file).context("this paper is not embedded")?;
    let extension = paper.file.rsplit('.').next().unwrap_or_default();
    let name = format!("{}.{extension}", paper.title);
    let stream = futures_util::stream::iter([Ok(Bytes::from_static(bytes))]);
    let received = app.documents.receive(scope, Target::Case(case), &name, stream).await?;
    if paper.shared_with_client {
        app.portal.share(scope, received.document, &NewShare::default()).await?;
    }
    Ok(())
}
