//! The composition root: the one place where areas are put together.

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use secrecy::ExposeSecret;
use tokio_util::sync::CancellationToken;
use url::Url;

use crate::assistant::{self, Assistant, llm};
use crate::audit::Audit;
use crate::auth::Auth;
use crate::cases::Cases;
use crate::clients::Clients;
use crate::config::{self, Config};
use crate::db::Db;
use crate::documents::blobs::Blobs;
use crate::documents::ingest::Ingest;
use crate::documents::reading::{Limits, Ocr, OcrStatus, Reader};
use crate::documents::{self, Documents};
use crate::jobs::{Handler, Jobs, Runner};
use crate::kernel::{Clock, SystemClock};
use crate::portal::Portal;
use crate::search::{Index, Indexing, Mode, Search};
use crate::usage::Usage;
use crate::vectors::{Embedder, Embedding, FlatStore, MiniLm, Model, Remote, Vectors};

/// The service: every area, cheap to clone.
#[derive(Clone)]
pub struct App {
    /// The settings.
    pub config: Arc<Config>,
    /// The record.
    pub audit: Audit,
    /// People and sessions.
    pub auth: Auth,
    /// Clients.
    pub clients: Clients,
    /// Cases.
    pub cases: Cases,
    /// Documents.
    pub documents: Documents,
    /// Search.
    pub search: Search,
    /// Vectors.
    pub vectors: Vectors,
    /// The assistant.
    pub assistant: Assistant,
    /// What clients see.
    pub portal: Portal,
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
    _owner: Option<Arc<File>>,
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
        let dir = config.data.dir.clone();
        std::fs::create_dir_all(&dir)
            .with_context(|| format!("the data folder `{}` cannot be created", dir.display()))?;
        let owner = match duty {
            Duty::Work => Some(Arc::new(take(&dir)?)),
            Duty::Read => None,
        };
        let Seams { clock, program } = seams;
        let db = Db::open(&config.database_address()).await.context("opening the tables")?;
        let mut missing = Vec::new();

        let audit = Audit::new(db.clone(), Arc::clone(&clock));
        let auth =
            Auth::new(db.clone(), Arc::clone(&clock), audit.clone(), config.http.session_length());
        let lease = Duration::from_secs(u64::from(config.jobs.lease_secs));
        let jobs = Jobs::new(db.clone(), Arc::clone(&clock), lease, config.jobs.max_attempts);
        let usage = Usage::new(db.clone(), Arc::clone(&clock), config.usage.paise_per_dollar);
        let clients = Clients::new(db.clone(), Arc::clone(&clock), audit.clone());
        let cases = Cases::new(db.clone(), Arc::clone(&clock), audit.clone());
        let blobs = Blobs::open(&dir.join("blobs")).context("opening the original files")?;
        let documents = Documents::new(documents::Parts {
            db: db.clone(),
            clock: Arc::clone(&clock),
            audit: audit.clone(),
            jobs: jobs.clone(),
            cases: cases.clone(),
            blobs: blobs.clone(),
            reader: reader(&config, program, duty, &mut missing),
            images: dir.join("images"),
            max_upload_bytes: config.http.max_upload_mib << 20,
        });
        let index = Arc::new(open_index(&dir, duty)?);
        let model = open_model(&config, &dir).map_err(|reason| {
            missing.push(format!("Search by meaning is off: {reason}"));
            reason
        });
        let vectors = Vectors::new(documents.clone(), usage.clone(), model);
        let search = Search::new(documents.clone(), vectors.clone(), Arc::clone(&index));
        let llm = language_model(&config, &mut missing)?;
        let assistant = Assistant::new(assistant::Parts {
            db: db.clone(),
            clock: Arc::clone(&clock),
            audit: audit.clone(),
            cases: cases.clone(),
            documents: documents.clone(),
            search: search.clone(),
            usage: usage.clone(),
            llm,
            max_tokens: config.llm.max_tokens,
        });
        let handlers: Vec<Arc<dyn Handler>> = vec![
            Arc::new(Ingest::new(documents.clone())),
            Arc::new(Indexing::new(documents.clone(), index)),
            Arc::new(Embedding::new(vectors.clone())),
        ];
        let runner = Runner::new(jobs.clone(), handlers, config.jobs.workers);
        let portal = Portal::new(documents.clone());
        let app = Self {
            config: Arc::new(config),
            audit,
            auth,
            clients,
            cases,
            documents,
            search,
            vectors,
            assistant,
            portal,
            usage,
            jobs,
            clock,
            missing: Arc::new(missing),
            runner,
            db,
            _owner: owner,
        };
        app.usage.seed_prices().await?;
        if duty == Duty::Work {
            blobs.clear_incoming().context("clearing unfinished uploads")?;
            app.take_up().await?;
        }
        Ok(app)
    }

    /// Goes on where a predecessor stopped or was killed.
    async fn take_up(&self) -> anyhow::Result<()> {
        if matches!(self.db, Db::Sqlite(_)) {
            self.jobs.release_all().await?;
            self.assistant.end_interrupted().await?;
        }
        let words = self.search.reconcile().await?;
        let meaning = self.vectors.reconcile().await?;
        if words + meaning > 0 {
            tracing::info!(words, meaning, "queued what the derived stores lack");
        }
        Ok(())
    }

    /// Does background work until told to stop.
    pub async fn work(&self, stop: CancellationToken) {
        self.runner.clone().run(stop).await;
    }

    /// Does background work until none is left.
    ///
    /// # Errors
    /// Fails when the database does.
    pub async fn work_off(&self) -> anyhow::Result<()> {
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

    /// Closes the tables; for an orderly end.
    pub async fn close(&self) {
        self.db.close().await;
    }
}

/// Takes the data folder for this process.
fn take(dir: &Path) -> anyhow::Result<File> {
    let file = File::create(dir.join("owner.lock")).context("creating the data folder's lock")?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(Busy(dir.to_owned()).into()),
        Err(TryLockError::Error(error)) => Err(error).context("locking the data folder"),
    }
}

fn reader(config: &Config, program: PathBuf, duty: Duty, missing: &mut Vec<String>) -> Reader {
    let config::Reading { memory_mib, page_secs, document_secs, output_mib, warm } = config.reading;
    let limits =
        Limits { memory_mib, page_secs, document_secs, output_mib, warm, ..Limits::default() };
    let ocr = Ocr {
        enabled: config.ocr.enabled,
        binary: config.ocr.binary.clone(),
        languages: config.ocr.languages.clone(),
        ..Ocr::default()
    };
    if ocr.enabled
        && let OcrStatus::Missing { reason } | OcrStatus::Incomplete { reason, .. } = ocr.detect()
    {
        missing.push(format!("Scanned pages are not read: {reason}"));
    }
    let reader = Reader::new(program, limits, ocr);
    if duty == Duty::Work {
        reader.warm();
    }
    reader
}

fn open_index(dir: &Path, duty: Duty) -> anyhow::Result<Index> {
    let mode = match duty {
        Duty::Work => Mode::Writer,
        Duty::Read => Mode::ReaderOnly,
    };
    let folder = dir.join("index");
    let existed = folder.exists();
    let opened = Index::open(&folder, mode).context("opening the full-text index")?;
    if opened.rebuilt && existed {
        tracing::warn!("the full-text index was made anew; documents are being indexed again");
    }
    Ok(opened.index)
}

/// The model and its store, or why there is none.
fn open_model(config: &Config, dir: &Path) -> Result<Model, String> {
    let settings = &config.embeddings;
    let embedder: Arc<dyn Embedder> = if settings.base_url.is_empty() {
        Arc::new(MiniLm::load(&settings.model_dir).map_err(|error| error.to_string())?)
    } else {
        let key = settings.api_key.clone();
        let remote = Remote::new(&settings.base_url, key, &settings.model, settings.dimensions);
        Arc::new(remote.map_err(|error| error.to_string())?)
    };
    let opened = FlatStore::open(&dir.join("vectors"), embedder.model(), embedder.dimensions())
        .map_err(|error| error.to_string())?;
    if opened.rebuilt {
        tracing::warn!("the vectors are of another model; passages are being embedded again");
    }
    Ok(Model { embedder, store: opened.store })
}

fn language_model(
    config: &Config,
    missing: &mut Vec<String>,
) -> anyhow::Result<Option<Arc<dyn llm::Llm>>> {
    let settings = &config.llm;
    if settings.base_url.is_empty() {
        missing.push(
            "Answers are put together from the documents, without a language model: set `[llm]` \
             `base_url`, `model` and `api_key` to use one"
                .to_owned(),
        );
        return Ok(None);
    }
    let timeouts = llm::Timeouts {
        connect: Duration::from_secs(settings.connect_secs),
        first_token: Duration::from_secs(settings.first_token_secs),
        idle: Duration::from_secs(settings.idle_secs),
        total: Duration::from_secs(settings.total_secs),
    };
    let base_url = Url::parse(&settings.base_url).context("`llm.base_url`")?;
    let key = &settings.api_key;
    let endpoint = llm::Endpoint {
        provider: base_url.host_str().unwrap_or("unknown").to_owned(),
        base_url,
        model: settings.model.clone(),
        key: (!key.expose_secret().is_empty()).then(|| key.clone()),
        timeouts,
    };
    Ok(Some(Arc::new(llm::OpenAi::new(endpoint)?)))
}
