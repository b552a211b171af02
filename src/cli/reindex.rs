//! `munshi reindex`: the derived stores, made anew from the tables.

use std::process::ExitCode;
use std::time::{Duration, Instant};

use indicatif::{HumanDuration, ProgressBar};
use tokio_util::sync::CancellationToken;

use super::progress::Progress;
use super::{open, out};
use crate::app::{App, Duty};
use crate::config::Config;
use crate::documents::work;
use crate::kernel::Scope;

/// How often the queue is asked.
const PAUSE: Duration = Duration::from_millis(200);
/// After so many failures a job that waits for something is not waited for here.
const TRIES: i64 = 3;
/// How long the process that works on a folder may need to take a request.
const TAKEN_UP: Duration = Duration::from_secs(30);
/// How long it may need to begin.
const BEGUN: Duration = Duration::from_secs(3);

/// Builds a new full-text index beside the live one and has every passage embedded
/// again. Where another process works on the folder, that one is asked to.
pub(super) async fn reindex(config: Config, progress: &Progress) -> anyhow::Result<ExitCode> {
    let (app, duty) = open::alone_or_beside(config).await?;
    let scope = app.auth.local_admin().await?;
    let versions = app.documents.current_versions().await?;
    match duty {
        Duty::Work => build(&app, progress).await?,
        Duty::Read => ask(&app, progress).await?,
    }
    let count = i64::try_from(versions.len()).unwrap_or(i64::MAX);
    out::line(&format!("{} made searchable anew.", out::count(count, "document")))?;
    let mut stuck = Vec::new();
    if let Some(reason) = app.vectors.missing() {
        out::line(&format!("Vectors were left out: {reason}"))?;
    } else {
        app.documents.queue(work::EMBED, &versions).await?;
        stuck = Box::pin(embed(&app, duty, &scope, progress)).await?;
    }
    for reason in &stuck {
        out::line(&format!("Not done: {reason}"))?;
    }
    app.close().await;
    Ok(if stuck.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Builds the index in this process.
async fn build(app: &App, progress: &Progress) -> anyhow::Result<()> {
    let bar = progress.counts("indexing");
    app.search.want_new_index();
    let stop = CancellationToken::new();
    let building = app.search.build_index(&stop);
    tokio::pin!(building);
    loop {
        tokio::select! {
            built = &mut building => {
                bar.finish_and_clear();
                return Ok(built?);
            }
            () = tokio::time::sleep(PAUSE) => show(app, &bar),
        }
    }
}

/// Has the process that works on the folder build the index, and waits for it.
async fn ask(app: &App, progress: &Progress) -> anyhow::Result<()> {
    let bar = progress.counts("indexing");
    app.search.request_new_index()?;
    let mut begun = Instant::now();
    while app.search.is_index_requested() {
        anyhow::ensure!(
            begun.elapsed() < TAKEN_UP,
            "the process that works on this folder does not answer; stop it and try again"
        );
        tokio::time::sleep(PAUSE).await;
    }
    begun = Instant::now();
    // The request is taken a moment before the building begins.
    while app.search.index_progress().is_some() || begun.elapsed() < BEGUN {
        show(app, &bar);
        tokio::time::sleep(PAUSE).await;
    }
    bar.finish_and_clear();
    Ok(())
}

/// Shows how far the index is.
fn show(app: &App, bar: &ProgressBar) {
    let Some(progress) = app.search.index_progress() else { return };
    bar.set_length(progress.total as u64);
    bar.set_position(progress.done as u64);
    if let Some(left) = progress.left() {
        let (rate, left) = (progress.rate(), HumanDuration(left));
        bar.set_message(format!("{rate:.0} a second, {left} left"));
    }
}

/// Works the queue off, or leaves it to the process that does; gives what is stuck.
async fn embed(
    app: &App,
    duty: Duty,
    scope: &Scope,
    progress: &Progress,
) -> anyhow::Result<Vec<String>> {
    if duty == Duty::Read {
        out::line("The vectors follow in the background.")?;
        return Ok(Vec::new());
    }
    let stop = CancellationToken::new();
    let bar = progress.counts("embedding");
    let waiting = async {
        let waited = work_off(app, scope, &bar).await;
        stop.cancel();
        waited
    };
    let (stuck, ()) = tokio::join!(waiting, app.work(stop.clone()));
    bar.finish_and_clear();
    stuck
}

/// Waits until nothing is left that will end by itself; gives why the rest did not.
async fn work_off(app: &App, scope: &Scope, bar: &ProgressBar) -> anyhow::Result<Vec<String>> {
    let whole = |number: i64| u64::try_from(number).unwrap_or(0);
    let total = app.jobs.pending().await?;
    bar.set_length(whole(total));
    loop {
        let pending = app.jobs.pending().await?;
        bar.set_position(whole(total - pending));
        let listed = app.jobs.list(scope).await?;
        let stuck: Vec<String> = listed
            .into_iter()
            .filter(|job| job.status == "dead" || (job.status == "queued" && job.attempts >= TRIES))
            .map(|job| format!("{}: {}", job.kind, job.last_error.unwrap_or_default()))
            .collect();
        let waiting = stuck.len() as u64;
        if pending == 0 || waiting >= whole(pending) {
            return Ok(stuck);
        }
        tokio::time::sleep(PAUSE).await;
    }
}
