//! `munshi doctor`: what the service needs, part by part.

use std::path::Path;
use std::process::{Command, ExitCode};

use anyhow::Context;
use clap::Args;
use serde::Serialize;
use serde_json::json;

use super::{open, out};
use crate::app::App;
use crate::auth::AuthError;
use crate::config::Config;
use crate::documents::reading::{Confinement, Limits, Ocr, OcrStatus, Reader};

/// Less free disk than this is worth a word, in MiB.
const LITTLE_DISK: u64 = 2048;

/// What `doctor` takes.
#[derive(Debug, Args)]
pub(super) struct Options {
    /// Print one JSON document.
    #[arg(long)]
    json: bool,
}

/// How a part is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Health {
    /// As it should be.
    Ok,
    /// Not there or not right; the service runs without it.
    Missing,
    /// The service cannot run like this.
    Stops,
}

/// One part as found.
#[derive(Debug, Serialize)]
struct Check {
    part: &'static str,
    health: Health,
    detail: String,
}

impl Check {
    fn ok(part: &'static str, detail: impl Into<String>) -> Self {
        Self { part, health: Health::Ok, detail: detail.into() }
    }

    fn missing(part: &'static str, detail: impl Into<String>) -> Self {
        Self { part, health: Health::Missing, detail: detail.into() }
    }

    fn stops(part: &'static str, detail: impl Into<String>) -> Self {
        Self { part, health: Health::Stops, detail: detail.into() }
    }
}

/// Looks at every part; fails only for what stops the service.
pub(super) async fn doctor(config: Config, options: &Options) -> anyhow::Result<ExitCode> {
    let mut checks = vec![
        folder(&config.data.dir),
        disk(&config.data.dir),
        confinement().await,
        recognition(&config),
    ];
    match open::alone_or_beside(config).await {
        Err(error) => checks.push(Check::stops("tables and stores", format!("{error:#}"))),
        Ok((app, _)) => {
            let engine = if app.config.database_address().starts_with("sqlite:") {
                "SQLite"
            } else {
                "PostgreSQL"
            };
            checks.push(Check::ok("tables and stores", engine));
            checks.push(record(&app).await);
            checks.push(work(&app).await);
            checks.push(index(&app).await);
            checks.push(meaning(&app));
            checks.push(vectors(&app).await);
            checks.push(language_model(&app));
            app.close().await;
        }
    }
    let stops = checks.iter().any(|check| check.health == Health::Stops);
    if options.json {
        out::json(&json!({ "runs": !stops, "checks": checks }))?;
    } else {
        for Check { part, health, detail } in &checks {
            let health = match health {
                Health::Ok => "ok",
                Health::Missing => "missing",
                Health::Stops => "STOPS",
            };
            out::line(&format!("{health:<8} {part:<20} {detail}"))?;
        }
    }
    Ok(if stops { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

fn folder(dir: &Path) -> Check {
    let part = "data folder";
    let writes = std::fs::create_dir_all(dir).and_then(|()| tempfile::NamedTempFile::new_in(dir));
    match writes {
        Ok(_) => Check::ok(part, dir.display().to_string()),
        Err(error) => Check::stops(
            part,
            format!("`{}` cannot be written: {error}; name another with `--data`", dir.display()),
        ),
    }
}

fn disk(dir: &Path) -> Check {
    let part = "free disk";
    match free_mib(dir) {
        Ok(mib) if mib < LITTLE_DISK => Check::missing(
            part,
            format!("only {mib} MiB are left; make room or move the data folder"),
        ),
        Ok(mib) => Check::ok(part, format!("{} GiB", mib / 1024)),
        Err(error) => Check::missing(part, format!("could not be found out: {error:#}")),
    }
}

/// Free space for a folder, as the standard program `df` sees it.
fn free_mib(dir: &Path) -> anyhow::Result<u64> {
    let output = Command::new("df").arg("-Pk").arg(dir).output().context("running `df`")?;
    let text = String::from_utf8_lossy(&output.stdout);
    available_kib(&text).map(|kib| kib / 1024).context("`df` gave no answer")
}

/// The fourth column of the second line.
fn available_kib(df: &str) -> Option<u64> {
    df.lines().nth(1)?.split_whitespace().nth(3)?.parse().ok()
}

/// Asks a reading process what holds it.
async fn confinement() -> Check {
    let part = "confined reading";
    let asked = match std::env::current_exe() {
        Ok(program) => Reader::new(program, Limits::default(), Ocr::default()).confinement().await,
        Err(error) => Err(error.into()),
    };
    match asked {
        Ok(held) => walls(part, &held),
        Err(error) => Check::missing(part, format!("could not be found out: {error}")),
    }
}

/// What stands between a hostile document and the service.
fn walls(part: &'static str, held: &Confinement) -> Check {
    let Confinement { limits, files, calls, escapes } = held;
    let walls = [("limits", limits), ("Landlock", files), ("seccomp", calls)];
    let mut lacking: Vec<_> = walls
        .iter()
        .filter(|(_, hold)| !hold.is_in_force())
        .map(|(name, hold)| format!("{name} is not in force: {}", hold.detail()))
        .collect();
    if !escapes.is_empty() {
        lacking.push(format!("a reading process can still {}", escapes.join(", ")));
    }
    if lacking.is_empty() {
        let covered = walls.map(|(name, hold)| format!("{name} ({})", hold.detail()));
        return Check::ok(part, covered.join("; "));
    }
    Check::missing(part, lacking.join("; "))
}

fn recognition(config: &Config) -> Check {
    let part = "text recognition";
    let ocr = Ocr {
        enabled: config.ocr.enabled,
        binary: config.ocr.binary.clone(),
        languages: config.ocr.languages.clone(),
        ..Ocr::default()
    };
    match ocr.detect() {
        OcrStatus::Ready { version, languages } => {
            Check::ok(part, format!("tesseract {version}, {}", languages.join(", ")))
        }
        OcrStatus::Incomplete { reason, .. } | OcrStatus::Missing { reason } => {
            Check::missing(part, format!("scanned pages are not read well: {reason}"))
        }
    }
}

/// Walks the record's chain of hashes.
async fn record(app: &App) -> Check {
    let part = "audit record";
    let scope = match app.auth.local_admin().await {
        Ok(scope) => scope,
        Err(AuthError::NotSetUp) => return Check::ok(part, "empty: nothing is set up yet"),
        Err(error) => return Check::stops(part, error.to_string()),
    };
    match app.audit.check(scope.organisation()).await {
        Ok(None) => Check::ok(part, "whole"),
        Ok(Some(row)) => Check::missing(
            part,
            format!("row {row} was changed, removed or inserted; compare with your backups"),
        ),
        Err(error) => Check::stops(part, format!("{:#}", anyhow::Error::from(error))),
    }
}

async fn work(app: &App) -> Check {
    let part = "background work";
    let Ok(scope) = app.auth.local_admin().await else { return Check::ok(part, "none") };
    match app.jobs.list(&scope).await {
        Ok(jobs) => {
            let dead = jobs.iter().filter(|job| job.status == "dead").count();
            let waiting = jobs.len() - dead;
            if dead == 0 {
                Check::ok(part, format!("{waiting} waiting"))
            } else {
                Check::missing(
                    part,
                    format!("{waiting} waiting, {dead} put aside; see the page Work"),
                )
            }
        }
        Err(error) => Check::stops(part, format!("{:#}", anyhow::Error::from(error))),
    }
}

/// Compares the full-text index with the tables.
async fn index(app: &App) -> Check {
    let part = "full-text index";
    if let Some(progress) = app.search.index_progress() {
        return Check::missing(
            part,
            format!("is being built, {} of {} documents", progress.done, progress.total),
        );
    }
    match app.search.differences().await {
        Ok(found) if found.count() == 0 => Check::ok(part, "holds what the tables say"),
        Ok(found) => Check::missing(
            part,
            format!(
                "{} missing, {} too many; the service repairs this by itself",
                found.missing.len(),
                found.extra.len()
            ),
        ),
        Err(error) => Check::missing(part, format!("{:#}", anyhow::Error::from(error))),
    }
}

fn meaning(app: &App) -> Check {
    let part = "search by meaning";
    match (app.vectors.missing(), app.vectors.model()) {
        (Some(reason), _) => Check::missing(part, reason),
        (None, model) => {
            let path = app.vectors.path().map(|path| format!(", {path}"));
            Check::ok(part, model.unwrap_or_default() + &path.unwrap_or_default())
        }
    }
}

/// Which store keeps the vectors, and whether it answers.
async fn vectors(app: &App) -> Check {
    let part = "vectors";
    let stores = &app.vector_stores;
    match stores.generations().await {
        Ok(generations) => {
            let count = i64::try_from(generations.len()).unwrap_or(i64::MAX);
            Check::ok(part, format!("{}, {}", stores.name(), out::count(count, "generation")))
        }
        Err(error) => {
            let name = stores.name();
            Check::missing(part, format!("search goes by words alone; {name} says: {error}"))
        }
    }
}

fn language_model(app: &App) -> Check {
    let part = "language model";
    app.assistant.model().map_or_else(
        || {
            let how = "answers come from the documents alone; set `[llm] base_url`, `model` and \
                       `api_key` to use one";
            Check::missing(part, how)
        },
        |model| Check::ok(part, model),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::documents::reading::Hold;

    #[test]
    fn free_space_is_the_fourth_column() {
        let df = "Filesystem 1024-blocks Used Available Capacity Mounted on\n\
                  /dev/vda 264212084 18221536 77064352 20% /\n";
        assert_eq!(available_kib(df), Some(77_064_352));
        assert_eq!(available_kib(""), None);
    }

    #[test]
    fn a_missing_wall_is_named_with_what_to_do() {
        let in_force = || Hold::InForce("all".into());
        let mut held = Confinement {
            limits: in_force(),
            files: in_force(),
            calls: in_force(),
            escapes: Vec::new(),
        };
        assert_eq!(walls("reading", &held).health, Health::Ok);
        held.files = Hold::Lacking("no Landlock; use Linux 5.13".into());
        held.escapes = vec!["open a file".into()];
        let check = walls("reading", &held);
        assert_eq!(check.health, Health::Missing);
        assert_eq!(
            check.detail,
            "Landlock is not in force: no Landlock; use Linux 5.13; a reading process can still \
             open a file"
        );
    }

    #[test]
    fn a_folder_that_cannot_be_written_stops_the_service() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("file");
        std::fs::write(&file, "").unwrap();
        assert_eq!(folder(&file).health, Health::Stops);
        assert_eq!(folder(dir.path()).health, Health::Ok);
    }
}
