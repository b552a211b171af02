//! Changing which generation is searched: begun, paused, cancelled, switched to,
//! gone back from. Each stands in the record.

use serde_json::{Value, json};

use super::{Generation, GenerationError, Spent, Stage, Standing, admins_only, held, store};
use crate::audit::Changes;
use crate::db::Tx;
use crate::kernel::{GenerationId, Scope};
use crate::vectors::Vectors;
use crate::vectors::estimate::Estimate;
use crate::vectors::models::Source;

impl Vectors {
    /// The models the settings name, the configured one first.
    #[must_use]
    pub fn models(&self) -> &[Source] {
        &self.inner.sources
    }

    /// Has the vectors made anew by another model, in the background. Gives what that
    /// is estimated to take.
    ///
    /// # Errors
    /// Fails when the caller is no admin, no model has that name or it does not answer,
    /// the vectors are of that model already, or others are being made.
    pub async fn start(&self, scope: &Scope, name: &str) -> Result<Estimate, GenerationError> {
        let estimate = self.estimate(scope, name).await?;
        let source = self.source_named(name)?;
        let now = self.inner.clock.now();
        let mut tx = self.inner.db.write().await?;
        let all = store::all(&mut tx).await?;
        let is_live = |one: &Generation| {
            one.stage == Stage::Live && source.makes(&one.provider, &one.model, one.dimensions)
        };
        if all.iter().any(is_live) {
            return Err(GenerationError::LiveAlready);
        }
        if all.iter().any(|one| one.stage.is_shadow()) {
            return Err(GenerationError::ShadowAlready);
        }
        let generation = Generation {
            id: GenerationId::new(),
            name: store::free_name(&mut tx, &source.model).await?,
            provider: source.provider.clone(),
            model: source.model.clone(),
            dimensions: source.dimensions,
            stage: Stage::Filling,
            reason: None,
            started_by: Some((scope.organisation(), scope.user())),
            started_at: now,
            live_at: None,
            estimated: Some(Spent {
                tokens: estimate.tokens,
                microdollars: estimate.cost.map(|cost| cost.microdollars),
                paise: estimate.cost.map(|cost| cost.paise),
                ms: estimate.secs.map(|secs| secs.saturating_mul(1_000)),
            }),
            spent: Spent::default(),
        };
        let entered = store::insert(&mut tx, &generation).await;
        // Two admins at once: one of them was first.
        if entered.as_ref().is_err_and(crate::db::DbError::is_conflict) {
            return Err(GenerationError::ShadowAlready);
        }
        entered?;
        let details = json!({ "tokens": estimate.tokens, "passages": estimate.passages });
        self.record(&mut tx, scope, "embeddings.start", &generation, details).await?;
        tx.commit().await?;
        self.fill_soon(&generation).await?;
        self.refresh().await?;
        Ok(estimate)
    }

    /// Stops filling the shadow for a while. What it has is kept.
    ///
    /// # Errors
    /// Fails when the caller is no admin or there is no shadow.
    pub async fn pause(&self, scope: &Scope) -> Result<(), GenerationError> {
        self.turn(scope, Stage::Paused, "embeddings.pause").await.map(drop)
    }

    /// Goes on filling the shadow, after a pause or a failure.
    ///
    /// # Errors
    /// Fails when the caller is no admin or there is no shadow.
    pub async fn resume(&self, scope: &Scope) -> Result<(), GenerationError> {
        let shadow = self.turn(scope, Stage::Filling, "embeddings.resume").await?;
        Ok(self.fill_soon(&Generation { stage: Stage::Filling, ..shadow }).await?)
    }

    /// Gives the shadow up and drops what it has.
    ///
    /// # Errors
    /// Fails when the caller is no admin, there is no shadow, or its store cannot be
    /// dropped.
    pub async fn cancel(&self, scope: &Scope) -> Result<(), GenerationError> {
        let shadow = self.turn(scope, Stage::Dropped, "embeddings.cancel").await?;
        self.forget_all(&shadow).await
    }

    /// Makes the shadow the live generation. The one that was live is kept.
    ///
    /// # Errors
    /// Fails when the caller is no admin, there is no shadow, or it lacks something.
    pub async fn switch(&self, scope: &Scope) -> Result<(), GenerationError> {
        admins_only(scope)?;
        let mut tx = self.inner.db.write().await?;
        let all = store::all(&mut tx).await?;
        let shadow = all.iter().find(|one| one.stage.is_shadow());
        let shadow = shadow.ok_or(GenerationError::NoShadow)?;
        let missing = held::missing(&mut tx, shadow.id).await?;
        if missing > 0 {
            return Err(GenerationError::Incomplete(missing));
        }
        self.make_live(tx, scope, &all, shadow, "embeddings.switch").await
    }

    /// Makes the generation that was live before the live one again. What was uploaded
    /// since is embedded for it in the background, and found by its words until then.
    ///
    /// # Errors
    /// Fails when the caller is no admin, there is no such generation, or its model
    /// cannot be used.
    pub async fn roll_back(&self, scope: &Scope) -> Result<(), GenerationError> {
        admins_only(scope)?;
        let mut tx = self.inner.db.write().await?;
        let all = store::all(&mut tx).await?;
        let previous = all.iter().find(|one| one.stage == Stage::Previous);
        let previous = previous.ok_or(GenerationError::NoPrevious)?;
        self.make_live(tx, scope, &all, previous, "embeddings.rollback").await?;
        self.reconcile().await?;
        Ok(())
    }

    /// Drops a generation that is kept from before.
    ///
    /// # Errors
    /// Fails when the caller is no admin, there is no such generation kept from before,
    /// or its store cannot be dropped.
    pub async fn drop_previous(
        &self,
        scope: &Scope,
        id: GenerationId,
    ) -> Result<(), GenerationError> {
        admins_only(scope)?;
        let mut tx = self.inner.db.write().await?;
        let all = store::all(&mut tx).await?;
        let kept = all.iter().find(|one| one.id == id && one.stage == Stage::Previous);
        let kept = kept.ok_or(GenerationError::NotDroppable)?;
        store::set_stage(&mut tx, kept, Stage::Dropped, None).await?;
        self.record(&mut tx, scope, "embeddings.drop", kept, json!({})).await?;
        tx.commit().await?;
        self.forget_all(kept).await
    }

    /// The shadow and how it stands, if there is one.
    ///
    /// # Errors
    /// Fails for anyone but an admin, or when the database does.
    pub async fn shadow(&self, scope: &Scope) -> Result<Option<Standing>, GenerationError> {
        let all = self.generations(scope).await?;
        Ok(all.into_iter().find(|one| one.generation.stage.is_shadow()))
    }

    pub(in crate::vectors) fn source_named(&self, name: &str) -> Result<&Source, GenerationError> {
        let sources = &self.inner.sources;
        let found = sources.iter().find(|source| source.name == name);
        let found = found.or_else(|| sources.iter().find(|source| source.model == name));
        found.ok_or_else(|| GenerationError::UnknownModel(name.to_owned()))
    }

    async fn make_live(
        &self,
        mut tx: Tx,
        scope: &Scope,
        all: &[Generation],
        next: &Generation,
        action: &'static str,
    ) -> Result<(), GenerationError> {
        // A generation whose model cannot be asked would leave search without meaning.
        self.open(next).await.map_err(GenerationError::Unusable)?;
        let live = all.iter().find(|one| one.stage == Stage::Live);
        if let Some(live) = live {
            store::set_stage(&mut tx, live, Stage::Previous, None).await?;
        }
        if !store::set_stage(&mut tx, next, Stage::Live, None).await? {
            return Err(GenerationError::NotDroppable);
        }
        store::set_live_at(&mut tx, next.id, self.inner.clock.now()).await?;
        let before = live.map(|live| live.model.as_str());
        let details = Changes::of("live", before, next.model.as_str()).onto(json!({}));
        self.record(&mut tx, scope, action, next, details).await?;
        tx.commit().await?;
        Ok(self.refresh().await?)
    }

    /// Changes what the shadow is for.
    async fn turn(
        &self,
        scope: &Scope,
        stage: Stage,
        action: &'static str,
    ) -> Result<Generation, GenerationError> {
        admins_only(scope)?;
        let mut tx = self.inner.db.write().await?;
        let all = store::all(&mut tx).await?;
        let shadow = all.into_iter().find(|one| one.stage.is_shadow());
        let shadow = shadow.ok_or(GenerationError::NoShadow)?;
        store::set_stage(&mut tx, &shadow, stage, None).await?;
        let details = Changes::of("stage", shadow.stage.as_str(), stage.as_str());
        self.record(&mut tx, scope, action, &shadow, details.onto(json!({}))).await?;
        tx.commit().await?;
        self.refresh().await?;
        Ok(shadow)
    }

    /// Drops the vectors of a generation that is dropped in the tables.
    async fn forget_all(&self, generation: &Generation) -> Result<(), GenerationError> {
        let mut tx = self.inner.db.write().await?;
        held::forget(&mut tx, generation.id, None).await?;
        tx.commit().await?;
        self.refresh().await?;
        Ok(self.drop_store(generation).await?)
    }

    async fn record(
        &self,
        tx: &mut Tx,
        scope: &Scope,
        action: &'static str,
        generation: &Generation,
        mut details: Value,
    ) -> Result<(), GenerationError> {
        details["generation"] = json!(generation.id);
        details["model"] = json!(generation.model);
        details["provider"] = json!(generation.provider);
        let (organisation, user) = (scope.organisation(), Some(scope.user()));
        Ok(self.inner.audit.record(tx, organisation, user, action, details).await?)
    }
}
