//! The command line: one binary that serves, works, and does by hand what the
//! pages do.
//!
//! Commands that only ask (`search`, `ask`, `user`, `doctor`) take the data folder
//! for themselves when they can, and read it beside the process that has it when
//! they cannot; see `open.rs`. Whoever can read the data folder can read everything
//! in it, so they act as the chamber's first admin.
//!
//! What a command gives goes to standard output (`out.rs`); the log, progress and
//! complaints go to standard error.

mod ask;
mod audit;
mod doctor;
mod embeddings;
mod eval;
mod ingest;
mod keys;
mod open;
mod out;
mod prices;
mod progress;
mod reindex;
pub mod sample;
mod search;
mod serve;
mod user;
mod vectors;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;
use clap::{Args, Parser, Subcommand};

use crate::config::Config;
use crate::documents::reading::worker_main;
use crate::edge::redaction::redacted;
use progress::Progress;

/// Document intelligence for Indian law practice.
#[derive(Debug, Parser)]
#[command(name = "munshi", version, about, max_term_width = 100)]
struct Cli {
    #[command(flatten)]
    settings: Settings,
    #[command(subcommand)]
    command: Command,
}

/// What every command takes.
#[derive(Debug, Args)]
struct Settings {
    /// A file of settings over the defaults; `munshi config check` shows the result.
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// The data folder, in place of the one in the settings.
    #[arg(long, global = true, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Log what `[log] filter` says; `serve` and `worker` always do.
    #[arg(short, long, global = true)]
    verbose: bool,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run the service: pages, API and background work.
    Serve(serve::Options),
    /// Do background work only, beside a `serve` with `[jobs] run = false`.
    Worker,
    /// Take files and folders into a case, and read, index and embed them.
    Ingest(ingest::Options),
    /// Search the documents.
    Search(search::Options),
    /// Ask the assistant.
    Ask(ask::Options),
    /// Measure search on sets that say what should be found.
    #[command(subcommand)]
    Eval(eval::Command),
    /// Make the full-text index and the vectors anew from the tables.
    Reindex,
    /// Take, list and put back snapshots of the vectors.
    #[command(subcommand)]
    Vectors(vectors::Command),
    /// Change to another embedding model without a gap in search.
    #[command(subcommand)]
    Embeddings(embeddings::Command),
    /// List and change the keys that seal files and secrets, and those that sign tokens.
    #[command(subcommand)]
    Keys(keys::Command),
    /// Add, list and switch off accounts.
    #[command(subcommand)]
    User(user::Command),
    /// Bring prices of models into the price book, and print it.
    #[command(subcommand)]
    Prices(prices::Command),
    /// Check the record of who did what.
    #[command(subcommand)]
    Audit(audit::Command),
    /// Check what the service needs, and say how to get what is missing.
    Doctor(doctor::Options),
    /// Look at the settings.
    #[command(subcommand)]
    Config(ConfigCommand),
}

/// The hidden command by which the service starts its children.
const READ_WORKER: &str = "read-worker";

#[derive(Debug, Subcommand)]
enum ConfigCommand {
    /// Print the merged settings, with secrets masked.
    Check,
}

/// Runs the command line; the whole program.
#[must_use]
pub fn main() -> ExitCode {
    // The child that reads a document must stay small and quiet: no runtime, no log,
    // no settings, and no command line that would take them.
    if std::env::args_os().nth(1).is_some_and(|word| word == READ_WORKER) {
        return worker_main();
    }
    let cli = Cli::parse();
    match start(cli) {
        Ok(code) => code,
        Err(error) if out::is_closed(&error) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("munshi: {}", redacted(&format!("{error:#}")));
            ExitCode::FAILURE
        }
    }
}

fn start(cli: Cli) -> anyhow::Result<ExitCode> {
    let config = cli.settings.load()?;
    let progress = Progress::default();
    let serves = matches!(cli.command, Command::Serve(_) | Command::Worker);
    let filter = if serves || cli.settings.verbose { config.log.filter.as_str() } else { "error" };
    progress.start_log(filter).context("`log.filter`")?;
    let runtime = tokio::runtime::Runtime::new().context("starting the runtime")?;
    let code = runtime.block_on(run(cli.command, config, &progress));
    // A thread still busy with an index or a model does not hold up the end.
    runtime.shutdown_background();
    code
}

async fn run(command: Command, config: Config, progress: &Progress) -> anyhow::Result<ExitCode> {
    match command {
        Command::Serve(options) => Box::pin(serve::serve(config, options)).await,
        Command::Worker => Box::pin(serve::work(config)).await,
        Command::Ingest(options) => Box::pin(ingest::ingest(config, options, progress)).await,
        Command::Search(options) => Box::pin(search::search(config, options)).await,
        Command::Ask(options) => Box::pin(ask::ask(config, options, progress)).await,
        Command::Eval(command) => Box::pin(eval::eval(config, command, progress)).await,
        Command::Reindex => Box::pin(reindex::reindex(config, progress)).await,
        Command::Vectors(command) => Box::pin(vectors::vectors(config, command)).await,
        Command::Embeddings(command) => {
            Box::pin(embeddings::embeddings(config, command, progress)).await
        }
        Command::Keys(command) => Box::pin(keys::keys(config, command)).await,
        Command::User(command) => Box::pin(user::user(config, command)).await,
        Command::Prices(command) => Box::pin(prices::prices(config, command)).await,
        Command::Audit(command) => audit::audit(config, command).await,
        Command::Doctor(options) => Box::pin(doctor::doctor(config, &options)).await,
        Command::Config(ConfigCommand::Check) => {
            out::text(&config.masked())?;
            Ok(ExitCode::SUCCESS)
        }
    }
}

impl Settings {
    fn load(&self) -> anyhow::Result<Config> {
        let mut config = Config::load(self.config.as_deref())?;
        if let Some(dir) = &self.data {
            config.data.dir.clone_from(dir);
        }
        Ok(config)
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_well_formed() {
        Cli::command().debug_assert();
    }

    #[test]
    fn settings_may_stand_before_and_after_the_command() {
        let before = Cli::parse_from(["munshi", "--data", "a", "serve"]);
        let after = Cli::parse_from(["munshi", "serve", "--data", "a"]);
        assert_eq!(before.settings.data, after.settings.data);
    }

    #[test]
    fn a_data_folder_on_the_command_line_wins() {
        let cli = Cli::parse_from(["munshi", "--data", "elsewhere", "worker"]);
        assert_eq!(cli.settings.load().unwrap().data.dir, PathBuf::from("elsewhere"));
    }
}
