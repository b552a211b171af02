//! What stands in the tables and the stores when the service starts: the first
//! generation, and what is missing in those there are.

use std::collections::{BTreeMap, BTreeSet};

use super::generations::{Generation, Spent, Stage, held, store};
use super::meaning::Model;
use super::models::Source;
use super::{VectorError, Vectors};
use crate::db::{DbError, Tx};
use crate::documents::work;
use crate::kernel::{GenerationId, OrganisationId, VersionId};

impl Vectors {
    /// Makes the first generation, of the configured model or of the one that made the
    /// vectors there are. A live generation without any vectors gives way to the
    /// configured model; one that has some never does.
    ///
    /// # Errors
    /// Fails when the database does.
    pub async fn found(&self) -> Result<(), DbError> {
        self.clear_dropped().await?;
        let mut tx = self.inner.db.write().await?;
        let live = store::all(&mut tx).await?.into_iter().find(|one| one.stage == Stage::Live);
        if let Some(live) = live {
            let Some(configured) = self.inner.sources.first() else { return Ok(()) };
            let same = configured.makes(&live.provider, &live.model, live.dimensions);
            if same || !held::is_empty(&mut tx, live.id).await? {
                return Ok(());
            }
            if configured.ready().await.is_ok() {
                store::set_stage(&mut tx, &live, Stage::Dropped, None).await?;
                self.insert_first(&mut tx, configured).await?;
                tx.commit().await?;
                drop(self.drop_store(&live).await);
            }
            return Ok(());
        }
        let usual = store::usual_model(&mut tx).await?;
        let known = |model: &String| self.inner.sources.iter().find(|one| one.model == *model);
        let source = usual.as_ref().and_then(known).or_else(|| self.inner.sources.first());
        let Some(source) = source else { return Ok(()) };
        // Without a model there is nothing to begin with; the next start may find one.
        if source.ready().await.is_err() {
            return Ok(());
        }
        let id = self.insert_first(&mut tx, source).await?;
        held::adopt(&mut tx, id, &source.model).await?;
        tx.commit().await
    }

    /// Removes what is left of generations that were dropped while their vectors were
    /// being written.
    async fn clear_dropped(&self) -> Result<(), DbError> {
        let dropped = store::dropped(&mut self.inner.db.read().await?).await?;
        if dropped.is_empty() {
            return Ok(());
        }
        let cleared = async {
            let there = self.inner.stores.generations().await?;
            for name in dropped.iter().filter(|name| there.contains(*name)) {
                self.inner.stores.drop_generation(name).await?;
            }
            Ok::<(), super::StoreError>(())
        };
        // They cost room and nothing else; the next start tries again.
        if let Err(error) = cleared.await {
            tracing::warn!(error = &error as &dyn std::error::Error, "old vectors not removed");
        }
        Ok(())
    }

    /// Enters a generation that is live at once.
    async fn insert_first(&self, tx: &mut Tx, source: &Source) -> Result<GenerationId, DbError> {
        let now = self.inner.clock.now();
        let generation = Generation {
            id: GenerationId::new(),
            name: store::free_name(tx, &source.model).await?,
            provider: source.provider.clone(),
            model: source.model.clone(),
            dimensions: source.dimensions,
            stage: Stage::Live,
            reason: None,
            started_by: None,
            started_at: now,
            live_at: Some(now),
            estimated: None,
            spent: Spent::default(),
        };
        store::insert(tx, &generation).await?;
        Ok(generation.id)
    }

    /// What is said when the settings name another model than the live one.
    #[must_use]
    pub fn differs(&self) -> Option<String> {
        let live = self.generation()?;
        let configured = self.inner.sources.first()?;
        let same = configured.makes(&live.provider, &live.model, live.dimensions);
        (!same).then(|| {
            format!(
                "Search by meaning goes on with `{}`, which made the vectors, and not with `{}` as \
                 the settings say: make the vectors anew on the page Search quality, or with \
                 `munshi embeddings start`",
                live.model, configured.name
            )
        })
    }

    /// Compares the stores with the tables and queues what they lack; gives how much
    /// the live one lacks.
    ///
    /// # Errors
    /// Fails when the database or a store does.
    pub async fn reconcile(&self) -> Result<usize, VectorError> {
        if let Ok(shadow) = self.of_shadow().current().await {
            self.forget_lost(&shadow).await?;
            if shadow.generation.stage == Stage::Filling {
                self.fill_soon(&shadow.generation).await?;
            }
        }
        let Ok(live) = self.current().await else { return Ok(0) };
        self.forget_lost(&live).await?;
        let mut tx = self.inner.db.read().await?;
        let lacking = held::lacking(&mut tx, live.generation.id).await?;
        drop(tx);
        self.inner.documents.queue(work::EMBED, &lacking).await?;
        Ok(lacking.len())
    }

    /// Takes out of the tables what a generation's store does not hold any more.
    async fn forget_lost(&self, model: &Model) -> Result<(), VectorError> {
        let current = self.inner.documents.current_versions().await?;
        let mut tx = self.inner.db.read().await?;
        let recorded = held::held_versions(&mut tx, model.generation.id).await?;
        drop(tx);
        let recorded: BTreeSet<VersionId> = recorded.into_iter().collect();
        let mut stored: BTreeMap<OrganisationId, BTreeSet<VersionId>> = BTreeMap::new();
        let mut lost = Vec::new();
        for (organisation, version) in current {
            if let std::collections::btree_map::Entry::Vacant(entry) = stored.entry(organisation) {
                entry.insert(model.store.versions(organisation).await?);
            }
            let holds = stored.get(&organisation).is_some_and(|held| held.contains(&version));
            if recorded.contains(&version) && !holds {
                lost.push(version);
            }
        }
        if lost.is_empty() {
            return Ok(());
        }
        let mut tx = self.inner.db.write().await?;
        for version in lost {
            held::forget(&mut tx, model.generation.id, Some(version)).await?;
        }
        Ok(tx.commit().await?)
    }
}
