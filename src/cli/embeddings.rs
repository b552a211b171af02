//! `munshi embeddings`: which model made the vectors, and changing to another.

use std::process::ExitCode;
use std::time::Duration;

use clap::Subcommand;
use serde_json::json;
use tokio_util::sync::CancellationToken;

use super::progress::Progress;
use super::{open, out};
use crate::app::{App, Duty};
use crate::config::Config;
use crate::kernel::Scope;
use crate::vectors::{Estimate, Stage, Standing};

/// How often the work is looked at.
const PAUSE: Duration = Duration::from_millis(500);

/// What can be done with embedding models.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Show the models, and the vectors they made.
    Status {
        /// Print one JSON document.
        #[arg(long)]
        json: bool,
    },
    /// Estimate what making the vectors anew with a model would take.
    Estimate {
        /// The model's name in the settings.
        model: String,
    },
    /// Make the vectors anew with a model, beside those that are searched.
    Start {
        /// The model's name in the settings.
        model: String,
    },
    /// Stop making them for a while.
    Pause,
    /// Go on making them.
    Resume,
    /// Give them up and drop what there is of them.
    Cancel,
    /// Search with them, once they are complete.
    Switch,
    /// Go back to the vectors searched before.
    Rollback,
}

/// Runs a command on embedding models.
pub(super) async fn embeddings(
    config: Config,
    command: Command,
    progress: &Progress,
) -> anyhow::Result<ExitCode> {
    let (app, duty) = open::alone_or_beside(config).await?;
    let scope = app.auth.local_admin().await?;
    match command {
        Command::Status { json } => status(&app, &scope, json).await?,
        Command::Estimate { model } => {
            out::text(&words(&app.vectors.estimate(&scope, &model).await?))?;
        }
        Command::Start { model } => {
            out::text(&words(&app.vectors.start(&scope, &model).await?))?;
            Box::pin(fill(&app, &scope, duty, progress)).await?;
        }
        Command::Resume => {
            app.vectors.resume(&scope).await?;
            Box::pin(fill(&app, &scope, duty, progress)).await?;
        }
        Command::Pause => {
            app.vectors.pause(&scope).await?;
            out::line("Paused; `munshi embeddings resume` goes on.")?;
        }
        Command::Cancel => {
            app.vectors.cancel(&scope).await?;
            out::line("Given up; search goes on as before.")?;
        }
        Command::Switch => {
            app.vectors.switch(&scope).await?;
            let model = app.vectors.model().unwrap_or_default();
            out::line(&format!("Search by meaning uses {model} now."))?;
        }
        Command::Rollback => {
            app.vectors.roll_back(&scope).await?;
            let model = app.vectors.model().unwrap_or_default();
            out::line(&format!("Search by meaning uses {model} again."))?;
        }
    }
    app.close().await;
    Ok(ExitCode::SUCCESS)
}

async fn status(app: &App, scope: &Scope, as_json: bool) -> anyhow::Result<()> {
    let all = app.vectors.generations(scope).await?;
    if as_json {
        let view = |one: &Standing| {
            json!({
                "id": one.generation.id, "model": one.generation.model,
                "provider": one.generation.provider, "stage": one.generation.stage.as_str(),
                "documents": one.held.versions, "documents_held": one.held.versions_held,
                "complete": one.complete, "reason": one.generation.reason,
            })
        };
        out::json(&all.iter().map(view).collect())?;
        return Ok(());
    }
    if let Some(notice) = app.vectors.differs().or_else(|| app.vectors.missing()) {
        out::line(&format!("{notice}."))?;
    }
    for one in &all {
        let model = out::bold(&one.generation.model);
        let (held, versions) = (one.held.versions_held, one.held.versions);
        let stage = one.generation.stage.as_str();
        out::line(&format!("{model}  {stage}, {held} of {}", out::count(versions, "document")))?;
        if let Some(reason) = &one.generation.reason {
            out::line(&format!("  {reason}"))?;
        }
    }
    let names: Vec<_> = app.vectors.models().iter().map(|model| model.name.as_str()).collect();
    out::line(&format!("Models in the settings: {}", names.join(", ")))?;
    Ok(())
}

/// An estimate in words.
fn words(estimate: &Estimate) -> String {
    let Estimate { versions, passages, tokens, sampled, cost, secs, .. } = estimate;
    let about = if *sampled { "about " } else { "" };
    let cost = cost.map_or_else(
        || "at a price the price book does not know".to_owned(),
        |cost| format!("for {} ({})", cost.microdollars, cost.paise),
    );
    let time = secs.map_or_else(String::new, |secs| format!(", {secs} s of the model's time"));
    let documents = out::count(i64::try_from(*versions).unwrap_or(i64::MAX), "document");
    format!("{documents}, {passages} passages, {about}{tokens} tokens {cost}{time}.\n")
}

/// Fills the shadow here, or leaves it to the process that works on the data folder.
async fn fill(app: &App, scope: &Scope, duty: Duty, progress: &Progress) -> anyhow::Result<()> {
    if duty == Duty::Read {
        out::line("Begun; the service does it in the background.")?;
        return Ok(());
    }
    let stop = CancellationToken::new();
    let bar = progress.counts("embedding");
    let waiting = async {
        let waited = wait(app, scope, |standing| {
            bar.set_length(u64::try_from(standing.held.versions).unwrap_or(0));
            bar.set_position(u64::try_from(standing.held.versions_held).unwrap_or(0));
        });
        let waited = waited.await;
        stop.cancel();
        waited
    };
    let (waited, ()) = tokio::join!(waiting, app.work(stop.clone()));
    bar.finish_and_clear();
    waited?;
    out::line("Complete; compare on the page Search quality, then `munshi embeddings switch`.")?;
    Ok(())
}

/// Waits until the shadow is complete.
async fn wait(app: &App, scope: &Scope, show: impl Fn(&Standing)) -> anyhow::Result<()> {
    loop {
        let Some(shadow) = app.vectors.shadow(scope).await? else {
            anyhow::bail!("it was given up")
        };
        show(&shadow);
        if shadow.complete {
            return Ok(());
        }
        match shadow.generation.stage {
            Stage::Filling => tokio::time::sleep(PAUSE).await,
            Stage::Paused => anyhow::bail!("it was paused"),
            _ => anyhow::bail!(shadow.generation.reason.unwrap_or_default()),
        }
    }
}
