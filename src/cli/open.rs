//! Opening the data folder from the command line.

use anyhow::Context;

use crate::app::{App, Busy, Duty, Seams};
use crate::cases::{Case, CaseError};
use crate::config::Config;
use crate::kernel::{CaseId, Scope};

/// Opens the data folder to work on it, or beside the process that does.
///
/// Says which it became: beside another process nothing may be written to the
/// index and the vectors, and queued work is that process's to do.
pub(super) async fn alone_or_beside(config: Config) -> anyhow::Result<(App, Duty)> {
    match open(config.clone(), Duty::Work).await {
        Err(error) if error.is::<Busy>() => Ok((open(config, Duty::Read).await?, Duty::Read)),
        opened => Ok((opened?, Duty::Work)),
    }
}

/// Opens the data folder for a duty. Opening is a large future, kept off the stack.
pub(super) async fn open(config: Config, duty: Duty) -> anyhow::Result<App> {
    Box::pin(App::open(config, Seams::real()?, duty)).await
}

/// The case of a title, or a sentence that names the cases there are.
pub(super) async fn case(app: &App, scope: &Scope, title: &str) -> anyhow::Result<Case> {
    match app.cases.find_titled(scope, title).await {
        Ok(case) => Ok(case),
        Err(CaseError::NotFound) => {
            let cases = app.cases.list(scope).await?;
            let titles: Vec<_> = cases.iter().map(|case| format!("  {}", case.title)).collect();
            let known = if titles.is_empty() { "  none yet".into() } else { titles.join("\n") };
            anyhow::bail!("there is no case `{title}`; the cases are:\n{known}")
        }
        Err(error) => Err(error).context("looking up the case"),
    }
}

/// The id of the case a command was narrowed to, if it was.
pub(super) async fn within(
    app: &App,
    scope: &Scope,
    title: Option<&str>,
) -> anyhow::Result<Option<CaseId>> {
    match title {
        Some(title) => Ok(Some(case(app, scope, title).await?.id)),
        None => Ok(None),
    }
}
