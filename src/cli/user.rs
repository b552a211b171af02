//! `munshi user`: accounts from the command line.

use std::io::Read;
use std::process::ExitCode;

use anyhow::Context;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use clap::{Args, Subcommand};
use serde_json::json;

use super::{open, out};
use crate::app::App;
use crate::auth::{Invitee, NewUser, User};
use crate::config::Config;
use crate::kernel::{ClientId, Role, Scope};

/// How much of standard input is read, in bytes: more than the longest password has, so
/// that too long a one is refused and not cut.
const LONGEST_INPUT: u64 = 8192;

/// What can be done with accounts.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Add an account; the first one creates the chamber and is an admin.
    Add(Add),
    /// List the accounts.
    List {
        /// Print one JSON document.
        #[arg(long)]
        json: bool,
    },
    /// Switch an account off; its sessions end at once.
    Deactivate {
        /// What the person signs in with.
        email: String,
    },
}

/// What `user add` takes.
#[derive(Debug, Args)]
pub(super) struct Add {
    /// How the person is called.
    #[arg(long)]
    name: String,
    /// What they will sign in with.
    #[arg(long)]
    email: String,
    /// What they are: admin, advocate, staff, billing or client.
    #[arg(long)]
    role: Role,
    /// The client they are, for the role `client`.
    #[arg(long, value_name = "NAME")]
    client: Option<String>,
    /// What the chamber is called, for its first account.
    #[arg(long, value_name = "NAME")]
    organisation: Option<String>,
    /// Read the password from standard input, in place of making one up.
    #[arg(long)]
    password_stdin: bool,
    /// Send a letter with a link to choose a password, in place of making one up.
    #[arg(long, conflicts_with = "password_stdin")]
    invite: bool,
}

/// Runs a command on accounts.
pub(super) async fn user(config: Config, command: Command) -> anyhow::Result<ExitCode> {
    let (app, _) = open::alone_or_beside(config).await?;
    match command {
        Command::Add(new) => add(&app, new).await?,
        Command::List { json } => list(&app, json).await?,
        Command::Deactivate { email } => deactivate(&app, &email).await?,
    }
    app.close().await;
    Ok(ExitCode::SUCCESS)
}

async fn add(app: &App, add: Add) -> anyhow::Result<()> {
    let Add { name, email, role, client, organisation, password_stdin, invite } = add;
    let password = if password_stdin { read_password()? } else { random_password() };
    let user = if app.auth.needs_setup().await? {
        let organisation = organisation
            .context("this is the first account: name the chamber with `--organisation NAME`")?;
        anyhow::ensure!(role == Role::Admin, "the first account must have `--role admin`");
        anyhow::ensure!(!invite, "the first account needs a password");
        let new = NewUser { name, email, role, client: None, password: password.clone() };
        app.auth.set_up(&organisation, new).await?
    } else {
        anyhow::ensure!(organisation.is_none(), "the chamber has a name already");
        let scope = app.auth.local_admin().await?;
        let client = match client {
            Some(name) => Some(find_client(app, &scope, &name).await?),
            None => None,
        };
        if invite {
            let user = app.auth.invite(&scope, Invitee { name, email, role, client }).await?;
            out::line(&format!("Invited {} <{}> as {}.", user.name, user.email, user.role))?;
            if !app.outbox.delivers().0 {
                out::line("No mail server is set up: the letter waits on the page Letters.")?;
            }
            return Ok(());
        }
        let new = NewUser { name, email, role, client, password: password.clone() };
        app.auth.add_user(&scope, new).await?
    };
    out::line(&format!("Added {} <{}> as {}.", user.name, user.email, user.role))?;
    if !password_stdin {
        out::line(&format!("Password, shown this once: {password}"))?;
    }
    Ok(())
}

async fn list(app: &App, json: bool) -> anyhow::Result<()> {
    let scope = app.auth.local_admin().await?;
    let users = app.auth.users(&scope).await?;
    if json {
        out::json(&json!(users.iter().map(as_json).collect::<Vec<_>>()))?;
        return Ok(());
    }
    for User { name, email, role, active, .. } in &users {
        let off = if *active { "" } else { "  (switched off)" };
        out::line(&format!("{email:<36} {:<9} {name}{off}", role.as_str()))?;
    }
    Ok(())
}

fn as_json(user: &User) -> serde_json::Value {
    let User { id, organisation_id: _, name, email, role, client_id, active } = user;
    json!({
        "id": id, "name": name, "email": email, "role": role, "client_id": client_id,
        "active": active,
    })
}

async fn deactivate(app: &App, email: &str) -> anyhow::Result<()> {
    let scope = app.auth.local_admin().await?;
    let users = app.auth.users(&scope).await?;
    let found = users.iter().find(|user| user.email.eq_ignore_ascii_case(email.trim()));
    let user = found.with_context(|| format!("nobody signs in with `{email}`"))?;
    app.auth.set_active(&scope, user.id, false).await?;
    out::line(&format!("{} <{}> can no longer sign in.", user.name, user.email))?;
    Ok(())
}

async fn find_client(app: &App, scope: &Scope, name: &str) -> anyhow::Result<ClientId> {
    let clients = app.clients.list(scope).await?;
    let found = clients.iter().find(|client| client.name.to_lowercase() == name.to_lowercase());
    found.map(|client| client.id).with_context(|| {
        let names: Vec<_> = clients.iter().map(|client| client.name.as_str()).collect();
        format!("there is no client `{name}`; the clients are: {}", names.join(", "))
    })
}

/// The first line of standard input.
fn read_password() -> anyhow::Result<String> {
    let mut text = String::new();
    std::io::stdin()
        .lock()
        .take(LONGEST_INPUT)
        .read_to_string(&mut text)
        .context("reading the password")?;
    Ok(text.lines().next().unwrap_or_default().to_owned())
}

/// 120 random bits in 20 characters.
pub(super) fn random_password() -> String {
    URL_SAFE_NO_PAD.encode(rand::random::<[u8; 15]>())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::auth::SHORTEST_PASSWORD;

    #[test]
    fn made_up_passwords_are_long_and_differ() {
        assert!(random_password().len() >= SHORTEST_PASSWORD);
        assert_ne!(random_password(), random_password());
    }
}
