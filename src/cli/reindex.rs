//! `munshi reindex`: the derived stores, made anew from the tables.

use std::process::ExitCode;
use std::time::Duration;

use indicatif::ProgressBar;
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

/// Queues every current version for the index and the vectors, and works it off.
pub(super) async fn reindex(config: Config, progress: &Progress) -> anyhow::Result<ExitCode> {
    let app = open::open(config, Duty::Work).await?;
    let scope = app.auth.local_admin().await?;
    let versions = app.documents.current_versions().await?;
    app.documents.queue(work::INDEX, &versions).await?;
    if app.vectors.missing().is_none() {
        app.documents.queue(work::EMBED, &versions).await?;
    }

    let stop = CancellationToken::new();
    let bar = progress.counts("reindexing");
    let waiting = async {
        let waited = work_off(&app, &scope, &bar).await;
        stop.cancel();
        waited
    };
    let (stuck, ()) = tokio::join!(waiting, app.work(stop.clone()));
    bar.finish_and_clear();
    let stuck = stuck?;
    let count = i64::try_from(versions.len()).unwrap_or(i64::MAX);
    out::line(&format!("{} made searchable anew.", out::count(count, "document")))?;
    if let Some(reason) = app.vectors.missing() {
        out::line(&format!("Vectors were left out: {reason}"))?;
    }
    for reason in &stuck {
        out::line(&format!("Not done: {reason}"))?;
    }
    app.close().await;
    Ok(if stuck.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
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
