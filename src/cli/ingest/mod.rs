//! `munshi ingest`: files and folders into a case, and everything that follows,
//! until each document can be found or it is known why not.

mod files;
mod report;
mod watch;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;
use clap::Args;
use futures_util::TryStreamExt;
use indicatif::ProgressBar;
use tokio::fs::File;
use tokio_util::io::ReaderStream;
use tokio_util::sync::CancellationToken;

use super::progress::Progress;
use super::user::random_password;
use super::{open, out};
use crate::app::{App, Duty};
use crate::auth::{AuthError, NewUser};
use crate::cases::{Case, CaseError, NewCase};
use crate::config::Config;
use crate::documents::{Received, Target};
use crate::kernel::{CaseId, Role, Scope};
use report::{Arrival, Report};

/// How long a job under way may take to end when all documents are done.
const FAREWELL: std::time::Duration = std::time::Duration::from_secs(5);

/// What `ingest` takes.
#[derive(Debug, Args)]
pub(super) struct Options {
    /// Files, and folders with everything in them.
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// The case they belong to; it is opened when there is none of that name.
    #[arg(long, value_name = "NAME")]
    case: String,
    /// Print one JSON document when all is done.
    #[arg(long)]
    json: bool,
}

/// Takes the files in and sees them through.
pub(super) async fn ingest(
    config: Config,
    options: Options,
    progress: &Progress,
) -> anyhow::Result<ExitCode> {
    let found = files::collect(&options.paths);
    anyhow::ensure!(!found.is_empty(), "there are no files in what was named");
    let (app, duty) = open::alone_or_beside(config).await?;
    let scope = first_scope(&app, progress).await?;
    let (case, opened) = find_or_open(&app, &scope, &options.case).await?;

    let stop = CancellationToken::new();
    let worker = match duty {
        Duty::Work => {
            let (app, stop) = (app.clone(), stop.clone());
            Some(tokio::spawn(async move { app.work(stop).await }))
        }
        Duty::Read => {
            progress.say("Another process works on this data folder and will read the documents.");
            None
        }
    };
    let arrivals = upload_all(&app, &scope, case.id, found, progress).await;
    let documents = watch::until_done(&app, &scope, &arrivals, progress).await?;
    stop.cancel();
    if let Some(worker) = worker
        && tokio::time::timeout(FAREWELL, worker).await.is_err()
    {
        tracing::info!("other work was left for later");
    }
    let report = Report::new(&case, opened, arrivals, documents);
    if options.json {
        out::json(&report.as_json())?;
    } else {
        report.print()?;
    }
    app.close().await;
    Ok(if report.failed() == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The scope to work in; sets the chamber up when nobody has yet.
async fn first_scope(app: &App, progress: &Progress) -> anyhow::Result<Scope> {
    match app.auth.local_admin().await {
        Err(AuthError::NotSetUp) => {}
        other => return Ok(other?),
    }
    let admin = NewUser {
        name: "Local admin".to_owned(),
        email: "admin@localhost.local".to_owned(),
        role: Role::Admin,
        client: None,
        password: random_password(),
    };
    let admin = app.auth.set_up("My chamber", admin).await?;
    progress.say(&format!(
        "Nothing was set up yet, so `My chamber` was created with the account {}, whose \
         password nobody knows.\nTo sign in on the pages, add an account of your own: \
         munshi user add --role admin --name NAME --email EMAIL",
        admin.email
    ));
    Ok(app.auth.local_admin().await?)
}

/// The case of a title, and whether it was opened just now.
async fn find_or_open(app: &App, scope: &Scope, title: &str) -> anyhow::Result<(Case, bool)> {
    match app.cases.find_titled(scope, title).await {
        Err(CaseError::NotFound) => {}
        found => return Ok((found?, false)),
    }
    let new = NewCase {
        title: title.to_owned(),
        number: None,
        court: None,
        cnr: None,
        client_id: None,
        summary: None,
        opened_on: None,
    };
    let id = app.cases.open(scope, new).await.context("opening the case")?;
    Ok((app.cases.find(scope, id).await?, true))
}

/// Uploads one file after the other; a failure is that file's alone.
async fn upload_all(
    app: &App,
    scope: &Scope,
    case: CaseId,
    found: Vec<files::Found>,
    progress: &Progress,
) -> Vec<Arrival> {
    let bar = progress.bytes("uploading");
    bar.set_length(found.iter().map(|file| file.size).sum());
    let mut arrivals = Vec::with_capacity(found.len());
    for files::Found { path, size: _, problem } in found {
        bar.set_message(path.display().to_string());
        let received = match problem {
            Some(problem) => Err(problem),
            None => upload(app, scope, case, &path, &bar).await.map_err(|e| format!("{e:#}")),
        };
        arrivals.push(Arrival { path, received });
    }
    bar.finish_and_clear();
    arrivals
}

async fn upload(
    app: &App,
    scope: &Scope,
    case: CaseId,
    path: &Path,
    bar: &ProgressBar,
) -> anyhow::Result<Received> {
    let name = path.file_name().map(|name| name.to_string_lossy()).unwrap_or_default();
    let file = File::open(path).await.context("cannot be opened")?;
    let bytes = ReaderStream::new(file).inspect_ok(|piece| bar.inc(piece.len() as u64));
    Ok(app.documents.receive(scope, Target::Case(case), &name, bytes).await?)
}
