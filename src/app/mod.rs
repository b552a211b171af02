//! The composition root: the one place where areas are put together.

mod outages;
mod papers;
mod parts;
mod platform;

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
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
use crate::db::Db;
use crate::documents::Documents;
use crate::documents::ingest::Ingest;
use crate::jobs::{Handler, Jobs, Runner};
use crate::kernel::{Clock, SystemClock};
use crate::outbox::Outbox;
use crate::portal::Portal;
use crate::privacy::{self, Erasing, Exporting, Privacy};
use crate::search::golden::Golden;
use crate::search::{Indexing, LiveIndex, SavedSearches, Schedule, Search};
use crate::usage::Usage;
use crate::vectors::{Embedding, Reembedding, VectorError, VectorStores, Vectors};
use crate::walls::Walls;
use papers::Papers;
pub(crate) use parts::embedder;
pub(crate) use parts::sign_in_rules;
use parts::{assistant, language_models};
use platform::Platform;

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
    /// Billing.
    pub billing: Billing,
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

/// Why a data folder could not be taken.
#[derive(Debug, thiserror::Error)]
#[error(
    "another process works on `{}`; use its pages, stop it first, or name another data folder", .0.display()
)]
pub struct Busy(PathBuf);

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
        let cases = Cases::new(db.clone(), Arc::clone(clock), audit.clone());
        let papers = Papers::open(&config, &platform, &cases, program, duty, &mut missing).await?;
        let walls = Walls::new(db.clone(), Arc::clone(clock), audit.clone());
        let clients = Clients::new(db.clone(), Arc::clone(clock), audit.clone());
        let saved_searches = SavedSearches::new(db.clone(), Arc::clone(clock), audit.clone());
        let billing = Billing::new(db.clone(), Arc::clone(clock), audit.clone(), cases.clone());
        let kept = (db.clone(), Arc::clone(clock), audit.clone(), usage.clone());
        let chain = language_models(&config, kept, &mut missing)?;
        let proposals = Proposals::new(
            db.clone(),
            Arc::clone(clock),
            audit.clone(),
            cases.clone(),
            billing.clone(),
        );
        let told = (&cases, &clients, &billing);
        let assistant = assistant(&config, &platform, &papers, told, &proposals, &chain);
        let Papers { blobs, documents, index, vectors, vector_stores, search, golden } = papers;
        let Platform { db, clock, vault, audit, outbox, auth, jobs, usage } = platform;
        let privacy = Privacy::new(privacy::Parts {
            db: db.clone(),
            clock: Arc::clone(&clock),
            audit: audit.clone(),
            jobs: jobs.clone(),
            vault,
            documents: documents.clone(),
            search: search.clone(),
            vectors: vectors.clone(),
            exports: dir.join("exports"),
        });
        let mut handlers = handlers(&documents, index, &vectors);
        handlers.push(Arc::new(Erasing::new(privacy.clone())));
        handlers.push(Arc::new(Exporting::new(privacy.clone())));
        let runner = Runner::new(jobs.clone(), handlers, config.jobs.workers);
        let portal = Portal::new(documents.clone());
        let app = Self {
            config: Arc::new(config),
            audit,
            auth,
            walls,
            clients,
            cases,
            documents,
            search,
            saved_searches,
            vectors,
            vector_stores,
            golden,
            assistant,
            chain,
            proposals,
            billing,
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
            self.protect(&stop),
            self.watch_outages(&stop),
            self.usage.care(&stop),
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

/// What does the background work.
fn handlers(
    documents: &Documents,
    index: Arc<LiveIndex>,
    vectors: &Vectors,
) -> Vec<Arc<dyn Handler>> {
    vec![
        Arc::new(Ingest::new(documents.clone())),
        Arc::new(Indexing::new(documents.clone(), index)),
        Arc::new(Embedding::new(vectors.clone())),
        Arc::new(Reembedding::new(vectors.clone())),
    ]
}

/// The data folder, held by this process.
///
/// The lock is given back in so many words: a program that is just being started holds
/// a copy of every open file until it runs, and closing ours would leave it locked.
struct Owner(File);

impl Drop for Owner {
    fn drop(&mut self) {
        if let Err(error) = self.0.unlock() {
            tracing::warn!(%error, "the data folder's lock cannot be given back");
        }
    }
}

/// Takes the data folder for this process.
fn take(dir: &Path) -> anyhow::Result<Owner> {
    let file = File::create(dir.join("owner.lock")).context("creating the data folder's lock")?;
    match file.try_lock() {
        Ok(()) => Ok(Owner(file)),
        Err(TryLockError::WouldBlock) => Err(Busy(dir.to_owned()).into()),
        Err(TryLockError::Error(error)) => Err(error).context("locking the data folder"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_given_back_is_free_though_a_copy_of_the_open_file_lives_on() {
        let dir = tempfile::tempdir().unwrap();
        let owner = take(dir.path()).unwrap();
        assert!(take(dir.path()).is_err_and(|busy| busy.is::<Busy>()));
        let copy = owner.0.try_clone().unwrap();
        drop(owner);
        take(dir.path()).unwrap();
        drop(copy);
    }
}
