//! `munshi prices`: the price book from the command line.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;
use clap::{Args, Subcommand};

use super::{open, out};
use crate::app::App;
use crate::config::Config;
use crate::usage::Change;

/// What can be done with prices.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Add the rows of a price list (CSV or TOML) to the price book.
    Import(Import),
    /// Print the price book as CSV, which can be imported again.
    Export,
}

/// What `prices import` takes.
#[derive(Debug, Args)]
pub(super) struct Import {
    /// The price list.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Say what would change, and change nothing.
    #[arg(long)]
    dry_run: bool,
}

/// Runs a command on prices.
pub(super) async fn prices(config: Config, command: Command) -> anyhow::Result<ExitCode> {
    let (app, _) = open::alone_or_beside(config).await?;
    match command {
        Command::Import(import) => bring_in(&app, &import).await?,
        Command::Export => {
            let scope = app.auth.local_admin().await?;
            let book = app.usage.price_book(&scope).await?.context("an admin is needed")?;
            out::text(&book.csv())?;
        }
    }
    app.close().await;
    Ok(ExitCode::SUCCESS)
}

async fn bring_in(app: &App, import: &Import) -> anyhow::Result<()> {
    let file = import.file.display();
    let list =
        std::fs::read_to_string(&import.file).with_context(|| format!("reading `{file}`"))?;
    let scope = app.auth.local_admin().await?;
    let preview = app.usage.preview_prices(&scope, &list).await?;
    for (row, change) in &preview.rows {
        let words = match change {
            Change::Added { .. } => "new".to_owned(),
            Change::There => "there already".to_owned(),
            Change::Refused(why) => format!("refused: {why}"),
        };
        let from = row.valid_from.date_naive();
        out::line(&format!("{} / {} from {from}: {words}", row.provider, row.model))?;
    }
    for (line, why) in &preview.unread {
        out::line(&format!("line {line}: not read: {why}"))?;
    }
    if import.dry_run {
        return Ok(out::line("Nothing was changed.")?);
    }
    let added = app.usage.import_prices(&scope, &list).await?;
    Ok(out::line(&format!("{added} added."))?)
}
