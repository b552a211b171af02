//! Generations: the vectors that one embedding model made.
//!
//! One generation is *live*: queries are embedded by its model and compared with
//! its vectors. A *shadow* is filled beside it in the background (`reembed.rs`) and
//! becomes the live one when it holds everything ([`Vectors::switch`]); the one that
//! was live before is kept, so that one can go back ([`Vectors::roll_back`]), until
//! it is dropped. Which is which stands in the tables; every process looks there
//! and follows within [`FRESH`](super::meaning::FRESH).

mod change;
pub(super) mod held;
pub(super) mod store;

use chrono::{DateTime, Utc};

use crate::db::DbError;
use crate::kernel::{GenerationId, MicroDollars, OrganisationId, Paise, Permission, Scope, UserId};

use super::{StoreError, VectorError, Vectors};

/// What a generation is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Searched now.
    Live,
    /// Being filled.
    Filling,
    /// Filled in part; waits for somebody.
    Paused,
    /// Filled in part; the model refused.
    Failed,
    /// Live once, kept to go back to.
    Previous,
    /// Gone.
    Dropped,
}

impl Stage {
    /// The stored form.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Live => "live",
            Self::Filling => "filling",
            Self::Paused => "paused",
            Self::Failed => "failed",
            Self::Previous => "previous",
            Self::Dropped => "dropped",
        }
    }

    fn read(text: &str) -> Result<Self, DbError> {
        let all =
            [Self::Live, Self::Filling, Self::Paused, Self::Failed, Self::Previous, Self::Dropped];
        let found = all.into_iter().find(|stage| stage.as_str() == text);
        found.ok_or_else(|| DbError::Inconsistent {
            table: "embedding_generations",
            column: "state",
            value: text.to_owned(),
        })
    }

    /// Whether it is a shadow, filled or to be filled.
    #[must_use]
    pub const fn is_shadow(self) -> bool {
        matches!(self, Self::Filling | Self::Paused | Self::Failed)
    }
}

/// The vectors that one embedding model made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Generation {
    /// Its id.
    pub id: GenerationId,
    /// The name of its store.
    pub name: String,
    /// Who runs the model: `in-process`, or the host of the endpoint.
    pub provider: String,
    /// The model.
    pub model: String,
    /// The length of its vectors.
    pub dimensions: usize,
    /// What it is for.
    pub stage: Stage,
    /// Why it waits or failed.
    pub reason: Option<String>,
    /// Who had it made, and whose work it is; nobody for the first one.
    pub started_by: Option<(OrganisationId, UserId)>,
    /// When it was begun.
    pub started_at: DateTime<Utc>,
    /// When it was last made the live one.
    pub live_at: Option<DateTime<Utc>>,
    /// What filling it was estimated to take; nothing for the first one.
    pub estimated: Option<Spent>,
    /// What filling it took so far.
    pub spent: Spent,
}

/// Tokens, money and time; for an estimate, money and time as far as they are known.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Spent {
    /// Tokens the model read.
    pub tokens: u64,
    /// What they cost; none when the price book does not know the model.
    pub microdollars: Option<MicroDollars>,
    /// The same in paise, at the rate of each call's day.
    pub paise: Option<Paise>,
    /// The time the model took, in milliseconds.
    pub ms: Option<u64>,
}

/// How much of what is there a generation holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, sqlx::FromRow)]
pub struct Held {
    /// Versions that should be in it.
    pub versions: i64,
    /// Of them, those that are.
    pub versions_held: i64,
    /// Passages of those versions.
    pub passages: i64,
    /// Of them, those whose versions are held.
    pub passages_held: i64,
}

impl Held {
    /// Versions that are not in it yet.
    #[must_use]
    pub const fn missing(self) -> i64 {
        self.versions - self.versions_held
    }

    /// Whole percent of the passages held; a hundred only when nothing is missing.
    #[must_use]
    pub fn percent(self) -> i64 {
        if self.missing() == 0 {
            return 100;
        }
        (self.passages_held * 100).checked_div(self.passages).unwrap_or(0).clamp(0, 99)
    }
}

/// A generation and how it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// The generation.
    pub generation: Generation,
    /// How much of the caller's documents it holds.
    pub held: Held,
    /// Whether it holds everything there is.
    pub complete: bool,
    /// The time left at the rate so far, in seconds; none when that is not known.
    pub secs_left: Option<u64>,
    /// Why its model cannot be used here; nothing when it can.
    pub unusable: Option<String>,
}

/// Why something could not be done with generations.
#[derive(Debug, thiserror::Error)]
pub enum GenerationError {
    /// Only admins may.
    #[error("only an admin may change the embedding model")]
    AdminOnly,
    /// No model of that name stands in the settings.
    #[error("no embedding model is called `{0}`; name one under `[[embeddings.candidates]]`")]
    UnknownModel(String),
    /// The model cannot be used.
    #[error("the embedding model cannot be used: {0}")]
    Unusable(String),
    /// The vectors are of that model already.
    #[error("the vectors are of this model already")]
    LiveAlready,
    /// Another model is being changed to.
    #[error("vectors are being made anew already; switch to them or cancel first")]
    ShadowAlready,
    /// Nothing is being made anew.
    #[error("no vectors are being made anew")]
    NoShadow,
    /// The shadow does not hold everything.
    #[error("{0} documents are not embedded by the new model yet; wait until it has all of them")]
    Incomplete(i64),
    /// There is nothing to go back to.
    #[error("there are no earlier vectors to go back to")]
    NoPrevious,
    /// There is no such generation, or it is in use.
    #[error("there are no such vectors, or they are in use")]
    NotDroppable,
    /// The model did not answer.
    #[error(transparent)]
    Vectors(#[from] VectorError),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl From<StoreError> for GenerationError {
    fn from(error: StoreError) -> Self {
        Self::Vectors(error.into())
    }
}

fn admins_only(scope: &Scope) -> Result<(), GenerationError> {
    if scope.may(Permission::RunService) { Ok(()) } else { Err(GenerationError::AdminOnly) }
}

impl Vectors {
    /// The generations there are: the live one, the shadow, then those kept from
    /// before, the last first. How much they hold is said of the caller's documents.
    ///
    /// # Errors
    /// Fails for anyone but an admin, or when the database does.
    pub async fn generations(&self, scope: &Scope) -> Result<Vec<Standing>, GenerationError> {
        admins_only(scope)?;
        let mut tx = self.inner.db.read().await?;
        let mut standings = Vec::new();
        for generation in store::all(&mut tx).await? {
            let share = held::share(&mut tx, generation.id, Some(scope.organisation())).await?;
            let complete = held::missing(&mut tx, generation.id).await? == 0;
            let secs_left = secs_left(&generation, share).filter(|_| !complete);
            let unusable = match self.source_of(&generation) {
                Some(_) => None,
                None => Some(not_named(&generation.model)),
            };
            standings.push(Standing { generation, held: share, complete, secs_left, unusable });
        }
        Ok(standings)
    }
}

/// What is said when the settings do not name the model of vectors that are there.
pub(super) fn not_named(model: &str) -> String {
    format!("the settings do not name the model `{model}`, which made these vectors")
}

/// The time left, if every passage takes as long as those before.
fn secs_left(generation: &Generation, held: Held) -> Option<u64> {
    let left = u64::try_from(held.passages - held.passages_held).ok()?;
    let done = u64::try_from(held.passages_held).ok().filter(|&done| done > 0)?;
    let ms = generation.spent.ms.filter(|&ms| ms > 0)?;
    (ms.saturating_mul(left) / done).div_ceil(1_000).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hundred_percent_means_that_nothing_is_missing() {
        let held = Held { versions: 3, versions_held: 2, passages: 1_000, passages_held: 1_000 };
        assert_eq!(held.percent(), 99);
        assert_eq!(Held { versions_held: 3, ..held }.percent(), 100);
        assert_eq!(Held::default().percent(), 100);
        assert_eq!(Held { versions: 1, ..Held::default() }.percent(), 0);
    }

    #[test]
    fn every_stage_is_read_as_it_is_written() {
        for stage in ["live", "filling", "paused", "failed", "previous", "dropped"] {
            assert_eq!(Stage::read(stage).unwrap().as_str(), stage);
        }
        assert!(Stage::read("elsewhere").is_err());
    }
}
