//! Filling a shadow in the background: every version, embedded by another model,
//! while search goes on over the live generation.
//!
//! One job fills one generation, a slice at a time, and queues itself anew after
//! each, so that whatever waited longer comes first. Uploads come before it: it stops
//! in the middle of a document as soon as one waits to be embedded, and goes on there
//! later. What is done stands in the tables, version by version, so that a restart
//! loses no more than the document at hand.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use async_trait::async_trait;

use super::embedding::{BATCH, decide, texts, together, write};
use super::generations::{Generation, Stage, held, store};
use super::meaning::{Asked, Model};
use super::{Entry, Purpose, Vectors};
use crate::db::DbError;
use crate::documents::Indexable;
use crate::jobs::{Handler, Job, JobError, NewJob};
use crate::kernel::{GenerationId, VersionId};

/// The kind of job that fills a shadow.
pub const REEMBED: &str = "vectors.reembed";

/// How long a slice takes at most, but for the call of the model under way.
const SLICE: Duration = Duration::from_secs(2);
/// How long to wait for an upload that is being embedded, before looking again.
const PAUSE: Duration = Duration::from_millis(100);

impl Vectors {
    /// Queues the filling of a shadow, if it is to be filled.
    pub(super) async fn fill_soon(&self, shadow: &Generation) -> Result<(), DbError> {
        let Some((organisation, _)) = shadow.started_by else { return Ok(()) };
        if shadow.stage != Stage::Filling {
            return Ok(());
        }
        let mut tx = self.inner.db.write().await?;
        let job = NewJob { organisation, kind: REEMBED, subject: shadow.id.uuid() };
        self.inner.jobs.enqueue(&mut tx, job).await?;
        tx.commit().await?;
        self.inner.jobs.nudge();
        Ok(())
    }
}

/// Fills a shadow in the background.
pub struct Reembedding {
    vectors: Vectors,
    /// The version a slice stopped in the middle of, and what it has of it.
    begun: Mutex<Option<Begun>>,
}

/// A version that is embedded in part.
struct Begun {
    generation: GenerationId,
    version: VersionId,
    entries: Vec<Entry>,
}

/// How a piece of work ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    /// It is done; there may be more.
    Done,
    /// Something else comes first.
    GiveWay,
    /// There is no more.
    Nothing,
}

impl Reembedding {
    /// Puts the handler together.
    #[must_use]
    pub fn new(vectors: Vectors) -> Self {
        Self { vectors, begun: Mutex::default() }
    }

    /// The shadow of a job, if it is still to be filled.
    async fn shadow(&self, id: GenerationId) -> Result<Option<Arc<Model>>, JobError> {
        self.vectors.refresh().await?;
        let mut tx = self.vectors.inner.db.read().await?;
        let generations = store::all(&mut tx).await?;
        drop(tx);
        let filling = |one: &Generation| one.id == id && one.stage == Stage::Filling;
        let Some(generation) = generations.into_iter().find(filling) else { return Ok(None) };
        let opened = self.vectors.open(&generation).await;
        opened.map(Some).map_err(|reason| JobError::fail(anyhow::anyhow!(reason)))
    }

    /// Embeds the next version the shadow lacks.
    async fn step(&self, model: &Model, until: Instant) -> Result<Step, JobError> {
        let inner = &self.vectors.inner;
        let generation = model.generation.id;
        let mut tx = inner.db.read().await?;
        let next = held::next(&mut tx, generation).await?;
        drop(tx);
        let Some(version) = next else { return Ok(Step::Nothing) };
        let at = inner.clock.now();
        let indexable = inner.documents.indexable(version).await?;
        // What is being read anew comes back when that is done.
        let Some(indexable) = indexable else { return Ok(Step::Nothing) };
        let mut entries = self.begun(generation, &indexable);
        while entries.len() < indexable.passages.len() {
            if Instant::now() >= until || self.is_in_the_way().await? {
                let begun = Begun { generation, version, entries };
                *self.begun.lock().unwrap_or_else(PoisonError::into_inner) = Some(begun);
                return Ok(Step::GiveWay);
            }
            let left = &indexable.passages[entries.len()..];
            let batch = &left[..left.len().min(BATCH)];
            entries.extend(self.batch(model, &indexable, batch).await?);
        }
        write(model, &indexable, entries).await?;
        let mut tx = inner.db.write().await?;
        held::hold(&mut tx, generation, version, indexable.passages.len(), at).await?;
        tx.commit().await?;
        Ok(Step::Done)
    }

    /// What an earlier slice has of a version, if its passages are still the same.
    fn begun(&self, generation: GenerationId, version: &Indexable) -> Vec<Entry> {
        let begun = self.begun.lock().unwrap_or_else(PoisonError::into_inner).take();
        let same = |begun: &Begun| {
            begun.generation == generation
                && begun.version == version.version
                && begun.entries.len() <= version.passages.len()
                && begun.entries.iter().zip(&version.passages).all(|(a, b)| a.passage == b.id)
        };
        begun.filter(same).map_or_else(Vec::new, |begun| begun.entries)
    }

    /// Whether an upload waits for the model. One that is at work on it is waited for:
    /// it ends by itself.
    async fn is_in_the_way(&self) -> Result<bool, JobError> {
        loop {
            let inner = &self.vectors.inner;
            let mut tx = inner.db.read().await?;
            let uploads = held::uploads(&mut tx, inner.clock.now()).await?;
            drop(tx);
            match uploads {
                held::Uploads { waiting: 1.., .. } => return Ok(true),
                held::Uploads { running: 0, .. } => return Ok(false),
                held::Uploads { .. } => tokio::time::sleep(PAUSE).await,
            }
        }
    }

    async fn batch(
        &self,
        model: &Model,
        version: &Indexable,
        passages: &[crate::documents::IndexablePassage],
    ) -> Result<Vec<Entry>, JobError> {
        let inner = &self.vectors.inner;
        let asked = Asked {
            organisation: version.organisation,
            user: model.generation.started_by.map(|(_, user)| user),
            case: Some(version.case),
            purpose: "embed.reembed",
        };
        let given = self.vectors.ask(model, &texts(passages), Purpose::Passage, asked).await;
        let mut tx = inner.db.write().await?;
        let id = model.generation.id;
        match given {
            Ok(given) => {
                store::spend(&mut tx, id, given.embedded.tokens, given.cost, given.ms).await?;
                tx.commit().await?;
                Ok(together(version, passages, given.embedded.vectors).collect())
            }
            Err(error) => {
                store::set_reason(&mut tx, id, &error.to_string()).await?;
                tx.commit().await?;
                Err(decide(error))
            }
        }
    }
}

#[async_trait]
impl Handler for Reembedding {
    fn kind(&self) -> &'static str {
        REEMBED
    }

    async fn run(&self, job: &Job) -> Result<(), JobError> {
        let until = Instant::now() + SLICE;
        let id = GenerationId::from(job.subject);
        loop {
            // Asked for each version, so that a pause is heard.
            let Some(model) = self.shadow(id).await? else { return Ok(()) };
            match self.step(&model, until).await? {
                Step::Nothing => return Ok(()),
                Step::Done if Instant::now() < until => {}
                Step::Done | Step::GiveWay => {
                    return Ok(self.vectors.fill_soon(&model.generation).await?);
                }
            }
        }
    }

    async fn gave_up(&self, job: &Job, reason: &str) -> Result<(), JobError> {
        let id = GenerationId::from(job.subject);
        let inner = &self.vectors.inner;
        let mut tx = inner.db.write().await?;
        let generations = store::all(&mut tx).await?;
        if let Some(shadow) = generations.iter().find(|one| one.id == id) {
            tracing::error!(model = shadow.model, reason, "vectors are not made anew");
            if shadow.stage == Stage::Filling {
                store::set_stage(&mut tx, shadow, Stage::Failed, Some(reason)).await?;
            }
        }
        Ok(tx.commit().await?)
    }
}
