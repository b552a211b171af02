//! What every area stands on: tables, time, keys, the record, letters, people, the
//! queue and the ledger.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;

use super::parts;
use crate::audit::{self, Audit};
use crate::auth::{self, Auth};
use crate::config::Config;
use crate::db::Db;
use crate::events::Events;
use crate::jobs::Jobs;
use crate::kernel::Clock;
use crate::notices::Notices;
use crate::outbox::Outbox;
use crate::usage::{self, Usage};
use crate::vault::Vault;

pub(super) struct Platform {
    pub(super) db: Db,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) vault: Vault,
    pub(super) audit: Audit,
    pub(super) events: Events,
    pub(super) outbox: Outbox,
    pub(super) notices: Notices,
    pub(super) auth: Auth,
    pub(super) jobs: Jobs,
    pub(super) usage: Usage,
}

impl Platform {
    pub(super) async fn open(config: &Config, clock: Arc<dyn Clock>) -> anyhow::Result<Self> {
        let db = Db::open(&config.database_address()).await.context("opening the tables")?;
        let vault = Vault::open(&config.key_source()).context("opening the master keys")?;
        let audit = Audit::new(audit::Parts {
            db: db.clone(),
            clock: Arc::clone(&clock),
            vault: vault.clone(),
            settings: config.audit.settings(),
        });
        let events = Events::new(
            db.clone(),
            Arc::clone(&clock),
            audit.clone(),
            vault.clone(),
            config.outside.rule(),
        );
        let outbox = parts::outbox(config, &db, &clock, &vault, &audit)?;
        let notices = Notices::new(
            db.clone(),
            Arc::clone(&clock),
            audit.clone(),
            outbox.clone(),
            config.http.public_url.clone(),
        );
        let auth = Auth::new(auth::Parts {
            db: db.clone(),
            clock: Arc::clone(&clock),
            audit: audit.clone(),
            vault: vault.clone(),
            outbox: outbox.clone(),
            settings: parts::sign_in_rules(config),
        });
        let lease = Duration::from_secs(u64::from(config.jobs.lease_secs));
        let jobs = Jobs::new(db.clone(), Arc::clone(&clock), lease, config.jobs.max_attempts);
        let usage = Usage::new(usage::Parts {
            db: db.clone(),
            clock: Arc::clone(&clock),
            audit: audit.clone(),
            outbox: outbox.clone(),
            paise_per_dollar: config.usage.paise_per_dollar,
        });
        Ok(Self { db, clock, vault, audit, events, outbox, notices, auth, jobs, usage })
    }
}
