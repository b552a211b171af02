//! The composition root: the one place where areas are put together.

mod background;
mod dates;
mod entering;
mod outages;
mod owner;
mod papers;
mod parts;
mod platform;
mod practice;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use tokio_util::sync::CancellationToken;

use crate::assistant::chain::Chain;
use crate::assistant::{Assistant, Proposals};
use crate::audit::Audit;
use crate::auth::Auth;
use crate::billing::Billing;
use crate::cases::Cases;
use crate::clients::Clients;
use crate::config::Config;
use crate::conflicts::Conflicts;
use crate::db::Db;
use crate::deadlines::Deadlines;
use crate::documents::Documents;
use crate::events::Events;
use crate::fees::Fees;
use crate::hearings::Hearings;
use crate::jobs::{Jobs, Runner};
use crate::kernel::{Clock, SystemClock};
use crate::messages::Messages;
use crate::notices::Notices;
use crate::outbox::Outbox;
use crate::portal::Portal;
use crate::privacy::Privacy;
use crate::search::golden::Golden;
use crate::search::{SavedSearches, Schedule, Search};
use crate::usage::Usage;
use crate::vectors::{VectorError, VectorStores, Vectors};
use crate::walls::Walls;
pub use dates::CalendarError;
pub use owner::Busy;
use owner::{Owner, take};
use papers::Papers;
pub(crate) use parts::embedder;
pub(crate) use parts::sign_in_rules;
use parts::{assistant, language_models, proposals};
use platform::Platform;
use practice::{Practice, portal};

/// The service: every area, cheap to clone.
#[derive(Clone)]
pub struct App {
    /// The settings.
    pub config: Arc<Config>,
    /// The record.
    pub audit: Audit,
    /// People and sessions.
    pub auth: Auth,
    /// Ethical walls.
    pub walls: Walls,
    /// Clients.
    pub clients: Clients,
    /// Cases.
    pub cases: Cases,
    /// Hearings, cause lists and calendars.
    pub hearings: Hearings,
    /// Limitation, holidays and what is to be done.
    pub deadlines: Deadlines,
    /// Conflicts of interest.
    pub conflicts: Conflicts,
    /// Documents.
    pub documents: Documents,
    /// Search.
    pub search: Search,
    /// The searches people keep.
    pub saved_searches: SavedSearches,
    /// Vectors.
    pub vectors: Vectors,
    /// Where vectors are kept.
    pub vector_stores: Arc<dyn VectorStores>,
    /// Golden questions.
    pub golden: Golden,
    /// The assistant.
    pub assistant: Assistant,
    /// The language models that answer.
    pub chain: Chain,
    /// What the assistant proposes to write.
    pub proposals: Proposals,
    /// Time, agreed fees and expenses.
    pub fees: Fees,
    /// Billing.
    pub billing: Billing,
    /// Messages of cases.
    pub messages: Messages,
    /// What other systems are told.
    pub events: Events,
    /// What people are told.
    pub notices: Notices,
    /// What clients see.
    pub portal: Portal,
    /// Consent, exports, erasure, holds and retention.
    pub privacy: Privacy,
    /// Mail and text messages on their way out.
    pub outbox: Outbox,
    /// The ledger.
    pub usage: Usage,
    /// Background work.
    pub jobs: Jobs,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// What is missing on this machine, and how to get it.
    pub missing: Arc<Vec<String>>,
    runner: Runner,
    db: Db,
    /// Held while this process writes to the data folder.
    _owner: Option<Arc<Owner>>,
}

/// What tests put in the place of the real world.
pub struct Seams {
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// The program that reads documents: this one.
    pub program: PathBuf,
}

impl Seams {
    /// The real world.
    ///
    /// # Errors
    /// Fails when the program cannot find itself.
    pub fn real() -> anyhow::Result<Self> {
        let program = std::env::current_exe().context("the program cannot find itself")?;
        Ok(Self { clock: Arc::new(SystemClock), program })
    }
}

/// What a process does with the data folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Duty {
    /// It writes the derived stores and does background work. One process only.
    Work,
    /// It reads them; another process works.
    Read,
}

impl App {
    /// Opens the data folder and puts every area together.
    ///
    /// # Errors
    /// Fails when the folder is in use, or the tables or stores cannot be opened.
    pub async fn open(config: Config, seams: Seams, duty: Duty) -> anyhow::Result<Self> {
        // In a box: this future is large, and so would be whatever awaits it.
        Box::pin(Self::put_together(config, seams, duty)).await
    }

    async fn put_together(config: Config, seams: Seams, duty: Duty) -> anyhow::Result<Self> {
        let dir = config.data.dir.clone();
        std::fs::create_dir_all(&dir)
            .with_context(|| format!("the data folder `{}` cannot be created", dir.display()))?;
        let owner = match duty {
            Duty::Work => Some(Arc::new(take(&dir)?)),
            Duty::Read => None,
        };
        let Seams { clock, program } = seams;
        let platform = Platform::open(&config, clock).await?;
        let mut missing = Vec::new();
        let Platform { db, clock, audit, usage, .. } = &platform;
        let practice = Practice::new(&platform);
        let papers =
            Papers::open(&config, &platform, &practice.cases, program, duty, &mut missing).await?;
        let walls = Walls::new(db.clone(), Arc::clone(clock), audit.clone());
        let saved_searches = SavedSearches::new(db.clone(), Arc::clone(clock), audit.clone());
        let kept = (db.clone(), Arc::clone(clock), audit.clone(), usage.clone());
        let chain = language_models(&config, kept, &mut missing)?;
        let proposals = proposals(&platform, &practice);
        let assistant = assistant(&config, &platform, &papers, &practice, &proposals, &chain);
        let portal = portal(&platform, &practice, &papers.documents);
        let privacy = background::privacy(&platform, &papers, dir.join("exports"));
        let runner = background::runner(&platform, &papers, &privacy, config.jobs.workers);
        let Papers { blobs, documents, messages, vectors, vector_stores, search, golden, .. } =
            papers;
        let Practice { cases, clients, hearings, deadlines, conflicts, fees, billing } = practice;
        let Platform { db, clock, audit, events, outbox, notices, auth, jobs, usage, .. } =
            platform;
        let app = Self {
            config: Arc::new(config),
            audit,
            auth,
            walls,
            clients,
            cases,
            hearings,
            deadlines,
            conflicts,
            documents,
            search,
            saved_searches,
            vectors,
            vector_stores,
            golden,
            assistant,
            chain,
            proposals,
            fees,
            billing,
            messages,
            events,
            notices,
            portal,
            privacy,
            outbox,
            usage,
            jobs,
            clock,
            missing: Arc::new(missing),
            runner,
            db,
            _owner: owner,
        };
        app.usage.seed_prices().await?;
        app.usage.seed_rate().await?;
        if duty == Duty::Work {
            blobs.clear_incoming().context("clearing unfinished uploads")?;
            app.take_up().await?;
        }
        Ok(app)
    }

    /// Goes on where a predecessor stopped or was killed.
    async fn take_up(&self) -> anyhow::Result<()> {
        let alone = matches!(self.db, Db::Sqlite(_));
        if alone {
            self.jobs.release_all().await?;
            self.chain.end_interrupted().await?;
            self.usage.sweep(Duration::ZERO).await?;
        }
        self.assistant.end_interrupted(alone).await?;
        self.cases.complete_numbers().await?;
        self.cases.clear_lists().await?;
        self.search.settle_empty_index().await?;
        let words = self.search.reconcile().await?;
        // A store or model that is away is no reason not to start: search goes by words.
        let meaning = match self.vectors.reconcile().await {
            Ok(queued) => queued,
            Err(VectorError::Db(error)) => return Err(error.into()),
            Err(error) => {
                tracing::warn!(%error, "the vectors cannot be compared with the documents");
                0
            }
        };
        if words + meaning > 0 {
            tracing::info!(words, meaning, "queued what the derived stores lack");
        }
        Ok(())
    }

    /// Does background work and looks after the index until told to stop.
    pub async fn work(&self, stop: CancellationToken) {
        Box::pin(self.work_on(stop)).await;
    }

    async fn work_on(&self, stop: CancellationToken) {
        let hours = |hours: u32| Duration::from_secs(u64::from(hours) * 3600);
        let every = Schedule {
            reconcile: hours(self.config.search.reconcile_minutes) / 60,
            check: hours(self.config.search.check_hours),
        };
        tokio::join!(
            self.runner.clone().run(stop.clone()),
            self.search.care(every, &stop),
            self.audit.care(&stop),
            self.outbox.deliver(&stop),
            self.events.deliver(&stop),
            self.notices.care(&stop),
            self.protect(&stop),
            self.watch_outages(&stop),
            self.usage.care(&stop),
            self.deadlines.care(&stop),
            self.conflicts.care(&stop),
            self.hearings.care(&stop),
        );
    }

    /// Seals what an earlier release left readable, and removes exports in time.
    async fn protect(&self, stop: &CancellationToken) {
        let sealing = self.documents.seal_former();
        tokio::select! {
            () = stop.cancelled() => return,
            sealed = sealing => {
                if let Err(error) = sealed {
                    tracing::error!(error = &error as &dyn std::error::Error, "files not sealed");
                }
            }
        }
        loop {
            if let Err(error) = self.privacy.remove_expired_exports().await {
                tracing::error!(error = &error as &dyn std::error::Error, "exports not removed");
            }
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(Duration::from_hours(1)) => {}
            }
        }
    }

    /// Does background work until none is left.
    ///
    /// # Errors
    /// Fails when the database does.
    pub async fn work_off(&self) -> anyhow::Result<()> {
        self.search.build_index(&CancellationToken::new()).await?;
        Ok(self.runner.drain().await?)
    }

    /// Which engine the tables are on.
    #[must_use]
    pub const fn engine(&self) -> &'static str {
        match self.db {
            Db::Sqlite(_) => "SQLite",
            Db::Postgres(_) => "PostgreSQL",
        }
    }

    /// Gives up the answers that are being written and closes the tables; for an orderly
    /// end.
    pub async fn close(&self) {
        self.assistant.close().await;
        self.db.close().await;
    }
}
