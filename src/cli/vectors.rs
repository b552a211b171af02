//! `munshi vectors`: snapshots of the vectors, so that what took hours to embed need not
//! be embedded again.

use std::process::ExitCode;

use anyhow::Context;
use clap::{Args, Subcommand};
use serde_json::json;

use super::{open, out};
use crate::app::{App, Duty};
use crate::config::Config;
use crate::vectors::{Snapshot, VectorStore};

/// What can be done with snapshots.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Take a snapshot of every generation; of the older ones `[vectors] snapshots` stay.
    Snapshot,
    /// List the snapshots, oldest first.
    List {
        /// Print one JSON document.
        #[arg(long)]
        json: bool,
    },
    /// Put a snapshot back in the place of what is there; stop the service first.
    Restore(Restore),
}

/// What `vectors restore` takes.
#[derive(Debug, Args)]
pub(super) struct Restore {
    /// The snapshot, as `munshi vectors list` names it.
    name: String,
    /// The generation it is of, when several have one of that name.
    #[arg(long)]
    generation: Option<String>,
}

/// A generation, its store and its snapshots.
struct Kept {
    generation: String,
    store: std::sync::Arc<dyn VectorStore>,
    snapshots: Vec<Snapshot>,
}

/// Does what a command asks for.
pub(super) async fn vectors(config: Config, command: Command) -> anyhow::Result<ExitCode> {
    let app = match command {
        Command::Restore(_) => open::open(config, Duty::Work).await?,
        Command::Snapshot | Command::List { .. } => open::alone_or_beside(config).await?.0,
    };
    let done = match command {
        Command::Snapshot => take(&app).await,
        Command::List { json } => list(&app, json).await,
        Command::Restore(restore) => put_back(&app, &restore).await,
    };
    app.close().await;
    done.map(|()| ExitCode::SUCCESS)
}

async fn kept(app: &App) -> anyhow::Result<Vec<Kept>> {
    let mut kept = Vec::new();
    for generation in app.vector_stores.generations().await? {
        let Some(dimensions) = app.vector_stores.dimensions(&generation).await? else { continue };
        let store = app.vector_stores.open(&generation, dimensions).await?;
        let snapshots = store.snapshots().await?;
        kept.push(Kept { generation, store, snapshots });
    }
    Ok(kept)
}

async fn take(app: &App) -> anyhow::Result<()> {
    let generations = kept(app).await?;
    if generations.is_empty() {
        out::line("There are no vectors yet.")?;
    }
    for Kept { generation, store, .. } in generations {
        let taken = store.snapshot().await.with_context(|| format!("generation `{generation}`"))?;
        out::line(&line(&generation, &taken))?;
    }
    Ok(())
}

async fn list(app: &App, json: bool) -> anyhow::Result<()> {
    let mut listed = Vec::new();
    for Kept { generation, snapshots, .. } in kept(app).await? {
        for snapshot in snapshots {
            if !json {
                out::line(&line(&generation, &snapshot))?;
            }
            let Snapshot { name, bytes } = snapshot;
            listed.push(json!({ "generation": generation, "name": name, "bytes": bytes }));
        }
    }
    if json {
        out::json(&json!({ "snapshots": listed }))?;
    } else if listed.is_empty() {
        out::line("There are no snapshots; `munshi vectors snapshot` takes one.")?;
    }
    Ok(())
}

async fn put_back(app: &App, restore: &Restore) -> anyhow::Result<()> {
    let Restore { name, generation } = restore;
    let asked = |kept: &Kept| generation.as_ref().is_none_or(|asked| *asked == kept.generation);
    let holds = |kept: &Kept| kept.snapshots.iter().any(|snapshot| snapshot.name == *name);
    let mut found: Vec<Kept> = kept(app).await?;
    found.retain(|kept| asked(kept) && holds(kept));
    match &found[..] {
        [] => anyhow::bail!("there is no snapshot `{name}`; `munshi vectors list` names them"),
        [Kept { generation, store, .. }] => {
            store.restore(name).await?;
            out::line(&format!("`{generation}` is as it was in snapshot `{name}`."))?;
            out::line("What was uploaded since is embedded when the service starts.")?;
            Ok(())
        }
        _ => anyhow::bail!("several generations have a snapshot `{name}`; add `--generation`"),
    }
}

/// A snapshot as a line.
fn line(generation: &str, snapshot: &Snapshot) -> String {
    let Snapshot { name, bytes } = snapshot;
    format!("{name}  {:>8} MiB  {generation}", bytes.div_ceil(1 << 20))
}
