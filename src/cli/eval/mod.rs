//! `munshi eval`: measuring search and answers on sets that say what should be found.

mod answers;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context;
use clap::{Args, Subcommand};

use super::progress::Progress;
use super::user::random_password;
use super::{open, out};
use crate::app;
use crate::audit::{self, Audit};
use crate::auth::{self, Auth, NewUser};
use crate::config::Config;
use crate::db::Db;
use crate::kernel::{Clock, Role, Scope, SystemClock};
use crate::outbox::{self, Outbox};
use crate::search::evaluation::{Bench, Meaning, Report, RetrievalSet, Row};
use crate::vault::{KeySource, Vault};
use crate::vectors::{FlatStores, VectorStores};

/// What can be measured.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Measure search on a retrieval set: by words, by meaning, and by both.
    Retrieval(Retrieval),
    /// Measure answers on a set of questions that says where the answers stand.
    Answers(answers::Options),
}

/// What `eval retrieval` takes.
#[derive(Debug, Args)]
pub(super) struct Retrieval {
    /// The folder of the set: `queries.jsonl` with `qrels.tsv`, or `tests.json`, and
    /// `corpus.jsonl`.
    dir: PathBuf,
    /// The folder of the documents, when they are not beside the queries.
    #[arg(long, value_name = "DIR")]
    corpus: Option<PathBuf>,
    /// Where vectors are kept, so that a set is embedded once.
    #[arg(long, value_name = "DIR")]
    cache: Option<PathBuf>,
    /// Measure search by words only.
    #[arg(long)]
    words_only: bool,
    /// Print one JSON document.
    #[arg(long)]
    json: bool,
}

/// Runs a measurement.
pub(super) async fn eval(
    config: Config,
    command: Command,
    progress: &Progress,
) -> anyhow::Result<ExitCode> {
    match command {
        Command::Retrieval(options) => retrieval(config, options, progress).await,
        Command::Answers(options) => Box::pin(answers::answers(config, options, progress)).await,
    }
}

async fn retrieval(
    config: Config,
    options: Retrieval,
    progress: &Progress,
) -> anyhow::Result<ExitCode> {
    let set = RetrievalSet::read(&options.dir, options.corpus.as_deref())?;
    let folder = tempfile::tempdir().context("making a temporary folder")?;
    let scope = chamber(folder.path(), &config).await?;
    let cache = cache(options.cache)?;
    let meaning = if options.words_only {
        None
    } else {
        let embedder = app::embedder(&config).await.map_err(|reason| {
            anyhow::anyhow!("{reason}; `--words-only` measures without a model")
        })?;
        let stores = FlatStores::new(folder.path().join("vectors"));
        let store = stores.open("evaluation", embedder.dimensions()).await?;
        Some(Meaning { embedder, store, cache: &cache })
    };
    let bar = progress.counts("embedding");
    let count = |done: usize, all: usize| {
        bar.set_length(all as u64);
        bar.set_position(done as u64);
    };
    let index = folder.path().join("index");
    let bench = Bench::build(&scope, &set, &index, meaning, &count).await?;
    bar.finish_and_clear();
    let bar = progress.counts("searching");
    let count = |done: usize, all: usize| {
        bar.set_length(all as u64);
        bar.set_position(done as u64);
    };
    let report = bench.measure(&set, &count).await?;
    bar.finish_and_clear();
    if options.json {
        out::json(&serde_json::to_value(&report)?)?;
    } else {
        print(&report)?;
    }
    Ok(ExitCode::SUCCESS)
}

/// A chamber with nothing in it, and the scope of its admin.
async fn chamber(folder: &Path, config: &Config) -> anyhow::Result<Scope> {
    let address = format!("sqlite://{}", folder.join("tables.sqlite").display());
    let db = Db::open(&address).await.context("opening temporary tables")?;
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let vault = Vault::open(&KeySource::File(folder.join("keys")))?;
    let audit = Audit::new(audit::Parts {
        db: db.clone(),
        clock: Arc::clone(&clock),
        vault: vault.clone(),
        settings: audit::Settings::default(),
    });
    let outbox = Outbox::new(outbox::Parts {
        db: db.clone(),
        clock: Arc::clone(&clock),
        vault: vault.clone(),
        audit: audit.clone(),
        carriers: outbox::Carriers::default(),
    });
    let settings = app::sign_in_rules(config);
    let auth = Auth::new(auth::Parts { db: db.clone(), clock, audit, vault, outbox, settings });
    auth.set_up("Evaluation", admin()).await?;
    let scope = auth.local_admin().await?;
    db.close().await;
    Ok(scope)
}

/// The admin of a chamber made to measure in.
fn admin() -> NewUser {
    NewUser {
        name: "Evaluation".to_owned(),
        email: "evaluation@munshi.invalid".to_owned(),
        role: Role::Admin,
        client: None,
        password: random_password(),
    }
}

/// The folder where vectors are kept: the one given, or the user's.
fn cache(given: Option<PathBuf>) -> anyhow::Result<PathBuf> {
    match given {
        Some(dir) => Ok(dir),
        None => std::env::home_dir()
            .map(|home| home.join(".cache/munshi/evaluation"))
            .context("there is no home folder; name one for the vectors with `--cache DIR`"),
    }
}

fn print(report: &Report) -> anyhow::Result<()> {
    let Report { documents, passages, queries, without, unknown, model, rows } = report;
    out::line(&format!(
        "{documents} documents, {passages} passages, {queries} queries; {}",
        model.as_ref().map_or("words only".to_owned(), |model| format!("model {model}"))
    ))?;
    if *without > 0 {
        out::line(&format!("{without} queries with nothing relevant are left out."))?;
    }
    if *unknown > 0 {
        out::line(&format!("{unknown} judgments of documents that are not there are left out."))?;
    }
    let Some(first) = rows.first() else { return Ok(()) };
    let mut heads: Vec<String> =
        first.figures.recall.iter().map(|at| format!("R@{}", at.k)).collect();
    heads.extend(first.figures.precision.iter().map(|at| format!("P@{}", at.k)));
    heads.extend(["nDCG@10", "MRR", "ms", "p50", "p99"].map(ToOwned::to_owned));
    out::line(&format!("\n{:<9}{}", "", columns(heads.into_iter())))?;
    for row in rows {
        out::line(&format!("{:<9}{}", row.side.name(), columns(numbers(row))))?;
    }
    if first.figures.characters.is_empty() {
        return Ok(());
    }
    let budgets = first.figures.characters.iter();
    let heads = budgets.flat_map(|at| [format!("P {}", at.budget), format!("R {}", at.budget)]);
    out::line(&format!("\n{:<9}{}", "", columns(heads)))?;
    for row in rows {
        let shares = row.figures.characters.iter();
        let shares = shares.flat_map(|at| [at.precision, at.recall]).map(share);
        out::line(&format!("{:<9}{}", row.side.name(), columns(shares)))?;
    }
    Ok(())
}

fn numbers(row: &Row) -> impl Iterator<Item = String> {
    let figures = &row.figures;
    let shares = figures.recall.iter().chain(&figures.precision).map(|at| at.value);
    let shares = shares.chain([figures.ndcg_10, figures.mrr]).map(share);
    let times = [row.mean_ms, row.median_ms, row.p99_ms].map(|ms| format!("{ms:.1}"));
    shares.chain(times)
}

fn share(value: f64) -> String {
    format!("{value:.4}")
}

fn columns(cells: impl Iterator<Item = String>) -> String {
    cells.fold(String::new(), |line, cell| format!("{line}{cell:>9}"))
}
