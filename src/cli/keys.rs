//! `munshi keys`: which master key seals what, and changing it.

use std::process::ExitCode;

use anyhow::Context;
use clap::Subcommand;
use serde_json::json;

use super::{open, out};
use crate::app::{App, Duty};
use crate::config::Config;
use crate::privacy::KeyUse;
use crate::vault::{KeySource, Keys};

/// How many files are sealed anew between two words about it.
const TOLD_EVERY: u64 = 1000;

/// What can be done with the master keys.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// List the keys and how much each still seals.
    List {
        /// Print one JSON document.
        #[arg(long)]
        json: bool,
    },
    /// Make a new key and have it seal everything; stop the service first. With keys in
    /// the environment, put the new line there before the others and run this.
    Rotate,
    /// Sign the API's access tokens with a new key from now on; those out there stay
    /// good for their ten minutes.
    RotateTokens,
}

/// Does what a command asks for.
pub(super) async fn keys(config: Config, command: Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::List { json } => {
            let app = open::alone_or_beside(config).await?.0;
            let listed = list(&app, json).await;
            app.close().await;
            listed?;
        }
        Command::Rotate => Box::pin(rotate(config)).await?,
        Command::RotateTokens => {
            let app = open::alone_or_beside(config).await?.0;
            let scope = app.auth.local_admin().await?;
            let key = app.auth.rotate_token_keys(&scope).await?;
            app.close().await;
            out::line(&format!("Access tokens are signed with the new key {key} from now on."))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

async fn list(app: &App, json: bool) -> anyhow::Result<()> {
    let uses = app.privacy.key_uses().await?;
    if json {
        let listed: Vec<_> = uses
            .iter()
            .map(|KeyUse { number, is_newest, is_here, values, files }| {
                json!({ "key": number, "newest": is_newest, "here": is_here, "values": values,
                        "files": files })
            })
            .collect();
        return Ok(out::json(&json!({ "keys": listed }))?);
    }
    for key in &uses {
        out::line(&line(key))?;
    }
    Ok(())
}

/// A key as a line.
fn line(key: &KeyUse) -> String {
    let KeyUse { number, is_newest, is_here, values, files } = key;
    let what = match (is_newest, is_here, values + files) {
        (true, ..) => "seals what is new",
        (_, false, _) => "is MISSING: what it seals cannot be opened",
        (_, _, 0) => "is no longer used; its line can be removed",
        _ => "is still needed; `munshi keys rotate` ends that",
    };
    format!("key {number}  {files:>8} files  {values:>8} values  {what}")
}

async fn rotate(config: Config) -> anyhow::Result<()> {
    // Whoever seals with the old key meanwhile would bring it back, so the data folder is
    // taken first. A process takes it once: it is given back before the keys are read anew.
    let app = open::open(config.clone(), Duty::Work).await?;
    app.close().await;
    drop(app);
    if let source @ KeySource::File(_) = config.key_source() {
        let number = Keys::add(&source).context("making a new key")?;
        out::line(&format!("Made key {number}."))?;
    }
    let app = open::open(config, Duty::Work).await?;
    let mut next = TOLD_EVERY;
    let told = move |done: crate::privacy::Rotated| {
        if done.files >= next {
            next += TOLD_EVERY;
            eprintln!("{} files sealed anew", done.files);
        }
    };
    let done = app.privacy.seal_anew(told).await;
    let listed = match done {
        Ok(done) => {
            out::line(&format!("Sealed {} files and {} values anew.", done.files, done.values))?;
            list(&app, false).await
        }
        Err(error) => Err(error).context("not everything is sealed anew; run this again"),
    };
    app.close().await;
    listed
}
