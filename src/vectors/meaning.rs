//! Finding passages by meaning, in the vectors of the live generation.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};

use super::generations::store::all;
use super::generations::{Generation, Stage, not_named};
use super::models::Source;
use super::{
    EmbedError, Embedded, Embedder, Narrow, Near, Purpose, StoreError, VectorStore, VectorStores,
    mean, windows,
};
use crate::audit::Audit;
use crate::db::{Db, DbError};
use crate::documents::Documents;
use crate::jobs::Jobs;
use crate::kernel::{CaseId, Clock, OrganisationId, Scope, UserId};
use crate::usage::{Account, Cost, Ended, Outcome, ReserveError, Tokens, Usage, is_free};

/// Below this cosine a passage is not about the query; found by looking at the
/// nearest passages of unrelated questions.
pub const NEAR_ENOUGH: f32 = 0.25;
/// How long a process may go by what the tables said before.
pub(super) const FRESH: Duration = Duration::from_secs(2);

/// What can be done with vectors.
#[derive(Clone)]
pub struct Vectors {
    pub(super) inner: Arc<Inner>,
    view: View,
}

/// Which vectors a search looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum View {
    /// Those of the live generation.
    Live,
    /// Those of its shadow, to compare.
    Shadow,
    /// None.
    Off,
}

/// What vectors are made of.
pub struct VectorParts {
    /// The tables.
    pub db: Db,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// The record.
    pub audit: Audit,
    /// Background work.
    pub jobs: Jobs,
    /// What is embedded.
    pub documents: Documents,
    /// The ledger.
    pub usage: Usage,
    /// Where vectors are kept.
    pub stores: Arc<dyn VectorStores>,
    /// The models of the settings, the configured one first.
    pub sources: Vec<Source>,
}

pub(super) struct Inner {
    pub(super) db: Db,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) audit: Audit,
    pub(super) jobs: Jobs,
    pub(super) documents: Documents,
    pub(super) usage: Usage,
    pub(super) stores: Arc<dyn VectorStores>,
    pub(super) sources: Vec<Source>,
    known: RwLock<Known>,
    /// The stores that are open, by the names of their generations.
    opened: tokio::sync::Mutex<BTreeMap<String, Arc<dyn VectorStore>>>,
}

/// What the tables said when they were last asked.
struct Known {
    live: Result<Arc<Model>, Arc<str>>,
    shadow: Result<Arc<Model>, Arc<str>>,
    at: Instant,
}

/// A generation, ready to be used: its model and its store.
pub(super) struct Model {
    pub(super) generation: Generation,
    pub(super) embedder: Arc<dyn Embedder>,
    pub(super) store: Arc<dyn VectorStore>,
}

/// For whom a model is asked, and what for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Asked {
    pub(super) organisation: OrganisationId,
    pub(super) user: Option<UserId>,
    pub(super) case: Option<CaseId>,
    /// As the ledger says it: `embed.query`, `embed.passages`.
    pub(super) purpose: &'static str,
}

/// What a model gave, and what it took.
pub(super) struct Given {
    pub(super) embedded: Embedded,
    pub(super) cost: Cost,
    /// In milliseconds.
    pub(super) ms: u64,
}

/// Why nothing could be found by meaning.
#[derive(Debug, thiserror::Error)]
pub enum VectorError {
    /// There is no model.
    #[error("{0}")]
    NoModel(Arc<str>),
    /// The model did not answer.
    #[error("the embedding model did not answer ({0})")]
    Embed(#[from] EmbedError),
    /// The store failed.
    #[error("the vectors could not be read")]
    Store(#[from] StoreError),
    /// A budget of money stands in the way. The words say which.
    #[error("{0}")]
    OverBudget(String),
    /// The ledger failed.
    #[error("the ledger could not be written")]
    Db(#[from] DbError),
}

impl From<ReserveError> for VectorError {
    fn from(error: ReserveError) -> Self {
        match error {
            ReserveError::Over(words) => Self::OverBudget(words),
            ReserveError::Db(error) => Self::Db(error),
        }
    }
}

impl Vectors {
    /// Puts the area together. Nothing is found before [`Vectors::refresh`].
    #[must_use]
    pub fn new(parts: VectorParts) -> Self {
        let VectorParts { db, clock, audit, jobs, documents, usage, stores, sources } = parts;
        let known = Known { live: Err(none_yet()), shadow: Err(no_shadow()), at: Instant::now() };
        let inner = Inner {
            db,
            clock,
            audit,
            jobs,
            documents,
            usage,
            stores,
            sources,
            known: RwLock::new(known),
            opened: tokio::sync::Mutex::default(),
        };
        Self { inner: Arc::new(inner), view: View::Live }
    }

    /// The same vectors, but of the shadow in the place of the live generation.
    #[must_use]
    pub fn of_shadow(&self) -> Self {
        Self { inner: Arc::clone(&self.inner), view: View::Shadow }
    }

    /// No vectors: a search with these goes by words only.
    #[must_use]
    pub fn off(&self) -> Self {
        Self { inner: Arc::clone(&self.inner), view: View::Off }
    }

    /// Why passages cannot be found by meaning; none when they can.
    #[must_use]
    pub fn missing(&self) -> Option<String> {
        self.known().err().map(|why| why.to_string())
    }

    /// The model queries are embedded by, if there is one.
    #[must_use]
    pub fn model(&self) -> Option<String> {
        self.known().ok().map(|model| model.generation.model.clone())
    }

    /// How that model is run, where that is known.
    #[must_use]
    pub fn path(&self) -> Option<String> {
        self.known().ok().and_then(|model| model.embedder.path().map(str::to_owned))
    }

    /// The generation that is searched, if there is one.
    #[must_use]
    pub fn generation(&self) -> Option<Generation> {
        self.known().ok().map(|model| model.generation.clone())
    }

    /// What holds the vectors, in a word or two: `embedded`, `Qdrant`.
    #[must_use]
    pub fn store_name(&self) -> &str {
        self.inner.stores.name()
    }

    /// The passages nearest in meaning, best first, under the caller's scope.
    ///
    /// # Errors
    /// Fails when there is no model or it does not answer.
    pub async fn near(
        &self,
        scope: &Scope,
        narrow: &Narrow,
        text: &str,
        k: usize,
    ) -> Result<Vec<Near>, VectorError> {
        let model = self.current().await.map_err(VectorError::NoModel)?;
        let asked = Asked {
            organisation: scope.organisation(),
            user: Some(scope.user()),
            case: narrow.case,
            purpose: "embed.query",
        };
        let given = self.ask(&model, &windows(text), Purpose::Query, asked).await?;
        let vector = mean(given.embedded.vectors);
        if vector.is_empty() {
            return Ok(Vec::new());
        }
        let near = model.store.search(scope, narrow, &vector, k).await?;
        Ok(near.into_iter().filter(|found| found.score >= NEAR_ENOUGH).collect())
    }

    /// Calls a model and writes the call down.
    pub(super) async fn ask(
        &self,
        model: &Model,
        texts: &[String],
        purpose: Purpose,
        asked: Asked,
    ) -> Result<Given, VectorError> {
        let embedder = model.embedder.as_ref();
        ask(&self.inner.usage, embedder, texts, purpose, asked).await
    }

    /// What the tables said when they were last asked.
    fn known(&self) -> Result<Arc<Model>, Arc<str>> {
        let known = self.inner.known.read().unwrap_or_else(PoisonError::into_inner);
        match self.view {
            View::Live => known.live.clone(),
            View::Shadow => known.shadow.clone(),
            View::Off => Err(Arc::from("search by meaning was left out")),
        }
    }

    /// The generation to search, as the tables say or said a moment ago.
    pub(super) async fn current(&self) -> Result<Arc<Model>, Arc<str>> {
        let at = self.inner.known.read().unwrap_or_else(PoisonError::into_inner).at;
        if self.view != View::Off && at.elapsed() > FRESH {
            // Whoever searches is better served by what was true than by nothing.
            if let Err(error) = self.refresh().await {
                tracing::warn!(error = &error as &dyn std::error::Error, "generations not read");
            }
        }
        self.known()
    }

    /// Asks the tables which generation is live and which is its shadow, and opens
    /// them.
    ///
    /// # Errors
    /// Fails when the database does.
    pub async fn refresh(&self) -> Result<(), DbError> {
        let mut tx = self.inner.db.read().await?;
        let generations = all(&mut tx).await?;
        drop(tx);
        let find = |wanted: fn(Stage) -> bool| generations.iter().find(|one| wanted(one.stage));
        let live = match find(|stage| stage == Stage::Live) {
            Some(generation) => self.open(generation).await.map_err(Arc::from),
            None => Err(self.nothing_live().await),
        };
        let shadow = match find(Stage::is_shadow) {
            Some(generation) => self.open(generation).await.map_err(Arc::from),
            None => Err(no_shadow()),
        };
        let known = Known { live, shadow, at: Instant::now() };
        *self.inner.known.write().unwrap_or_else(PoisonError::into_inner) = known;
        Ok(())
    }

    /// Why there is no live generation.
    async fn nothing_live(&self) -> Arc<str> {
        match self.inner.sources.first() {
            Some(source) => source.ready().await.err().map_or_else(none_yet, Arc::from),
            None => none_yet(),
        }
    }

    /// The model of a generation, if the settings name it.
    pub(super) fn source_of(&self, generation: &Generation) -> Option<&Source> {
        let Generation { provider, model, dimensions, .. } = generation;
        self.inner.sources.iter().find(|source| source.makes(provider, model, *dimensions))
    }

    /// Makes a generation ready to be used.
    pub(super) async fn open(&self, generation: &Generation) -> Result<Arc<Model>, String> {
        let source = self.source_of(generation).ok_or_else(|| not_named(&generation.model))?;
        let embedder = source.ready().await?;
        let mut opened = self.inner.opened.lock().await;
        let store = if let Some(store) = opened.get(&generation.name) {
            Arc::clone(store)
        } else {
            let store = self.inner.stores.open(&generation.name, generation.dimensions).await;
            let store = store.map_err(|error| error.to_string())?;
            opened.insert(generation.name.clone(), Arc::clone(&store));
            store
        };
        Ok(Arc::new(Model { generation: generation.clone(), embedder, store }))
    }

    /// Drops the store of a generation.
    pub(super) async fn drop_store(&self, generation: &Generation) -> Result<(), StoreError> {
        let mut opened = self.inner.opened.lock().await;
        opened.remove(&generation.name);
        self.inner.stores.drop_generation(&generation.name).await
    }
}

/// Calls a model, with money set aside before and the call in the ledger after.
pub(super) async fn ask(
    usage: &Usage,
    embedder: &dyn Embedder,
    texts: &[String],
    purpose: Purpose,
    asked: Asked,
) -> Result<Given, VectorError> {
    let Asked { organisation, user, case, purpose: name } = asked;
    let (conversation, prompt_hash) = (None, None);
    let account = Account { organisation, user, case, conversation, purpose: name, prompt_hash };
    let (provider, model) = (embedder.provider(), embedder.model());
    // No token of any vocabulary is less than a byte.
    let bytes = || texts.iter().map(|text| text.len() as u64).sum();
    let worst = if is_free(provider) { 0 } else { bytes() };
    let worst = Tokens { embedded: worst, ..Tokens::default() };
    let reservation = usage.reserve(&account, provider, model, worst).await?;
    let started = Instant::now();
    let result = embedder.embed(texts, purpose).await;
    let ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    let read = result.as_ref().map_or(0, |embedded| embedded.tokens);
    let ended = Ended {
        tokens: Tokens { embedded: read, ..Tokens::default() },
        latency_ms: i64::try_from(ms).unwrap_or(i64::MAX),
        outcome: if result.is_ok() { Outcome::Answered } else { Outcome::Failed },
    };
    let cost = usage.settle(reservation, ended).await?;
    Ok(Given { embedded: result?, cost, ms })
}

fn none_yet() -> Arc<str> {
    Arc::from("there are no vectors yet; they are made when the service works for the first time")
}

fn no_shadow() -> Arc<str> {
    Arc::from("no vectors are being made anew")
}
