//! `munshi audit`: checking the record of who did what.

use std::process::ExitCode;

use anyhow::Context;
use clap::{Args, Subcommand};

use super::out;
use crate::audit::{Audit, Noted, Parts};
use crate::config::Config;
use crate::db::Db;
use crate::kernel::SystemClock;
use crate::vault::Vault;

/// What can be done.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Walk the record of every organisation; name the first row that was changed,
    /// removed, moved, inserted or cut off, and why. Ends with 1 when there is one.
    Verify(Options),
}

/// What `verify` takes.
#[derive(Debug, Args)]
pub(super) struct Options {
    /// A row as an earlier check printed it: the record must still hold it. Shows when
    /// the tables were put back to an older state, or the whole record made anew.
    #[arg(long, value_name = "NUMBER:HASH")]
    noted: Option<Noted>,
}

/// Does it. Works beside a running service, and on PostgreSQL from any machine that has
/// the master keys.
pub(super) async fn audit(config: Config, command: Command) -> anyhow::Result<ExitCode> {
    let Command::Verify(Options { noted }) = command;
    let db = Db::open(&config.database_address()).await.context("opening the tables")?;
    let vault = Vault::open(&config.key_source()).context("opening the master keys")?;
    let clock = std::sync::Arc::new(SystemClock);
    let settings = config.audit.settings();
    let audit = Audit::new(Parts { db: db.clone(), clock, vault, settings });
    let mut broken = false;
    for (organisation, name) in audit.organisations().await? {
        let verdict = audit.verify(organisation, noted.as_ref()).await?;
        let removed = match verdict.removed {
            0 => String::new(),
            rows => format!(", {rows} older rows removed after their time"),
        };
        let unkeyed = match verdict.unkeyed {
            0 => String::new(),
            rows => format!(", the first {rows} from before the record had a key"),
        };
        let (last, hash) = &verdict.last;
        match verdict.finding {
            None => {
                out::line(&format!("{name}: whole; {} rows{removed}{unkeyed}", verdict.rows))?;
                out::line(&format!("  note this row elsewhere: {last}:{hash}"))?;
            }
            Some(finding) => {
                broken = true;
                out::line(&format!("{name}: BROKEN: {finding}"))?;
                out::line(&format!("  the rows before it fit; the last is {last}:{hash}"))?;
            }
        }
    }
    db.close().await;
    Ok(if broken { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}
