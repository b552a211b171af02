//! What making the vectors anew would take: tokens, money, time.

use super::generations::{GenerationError, held};
use super::meaning::{Asked, ask};
use super::{Embedder, Purpose, Vectors};
use crate::kernel::{Permission, Scope};
use crate::usage::{Cost, Tokens};

/// Up to this many versions are counted one by one; of more, as many are looked at and
/// the rest is taken to be like them.
const LOOKED_AT: usize = 200;
/// How many passages a model is tried with that was never used before.
const PROBE: usize = 8;

/// What making the vectors anew by a model would take, for everything there is now.
#[derive(Debug, Clone, PartialEq)]
pub struct Estimate {
    /// What the model is called in the settings.
    pub name: String,
    /// Documents.
    pub versions: u64,
    /// Their passages.
    pub passages: u64,
    /// The passages' tokens, by the model's own count.
    pub tokens: u64,
    /// Whether the tokens were counted in a part of the documents only.
    pub sampled: bool,
    /// The cost at today's price; none when the price book does not know the model.
    pub cost: Option<Cost>,
    /// Tokens a second the model read so far, or read just now when it was tried.
    pub rate: Option<f64>,
    /// The time at that rate, in seconds.
    pub secs: Option<u64>,
}

/// Tokens counted in some documents.
#[derive(Default)]
struct Counted {
    passages: u64,
    tokens: u64,
    /// The first passages, to try a model with.
    probe: Vec<String>,
}

impl Vectors {
    /// Estimates what making the vectors anew by a model would take. A model that was
    /// never used is tried with a few passages, to see that it answers and how fast.
    ///
    /// # Errors
    /// Fails when the caller is no admin, no model has that name, or it does not answer.
    pub async fn estimate(&self, scope: &Scope, name: &str) -> Result<Estimate, GenerationError> {
        if !scope.may(Permission::RunService) {
            return Err(GenerationError::AdminOnly);
        }
        let source = self.source_named(name)?;
        let embedder = source.ready().await.map_err(GenerationError::Unusable)?;
        let versions = self.inner.documents.current_versions().await?;
        let apart = versions.len().div_ceil(LOOKED_AT).max(1);
        let mut counted = Counted::default();
        for (_, version) in versions.iter().step_by(apart) {
            let Some(version) = self.inner.documents.indexable(*version).await? else { continue };
            let embedder = embedder.clone();
            let texts: Vec<String> = version.passages.into_iter().map(|one| one.text).collect();
            let room = PROBE.saturating_sub(counted.probe.len());
            counted.probe.extend(texts.iter().take(room).cloned());
            let (passages, tokens) = count(embedder, texts).await;
            counted.passages += passages;
            counted.tokens += tokens;
        }
        let mut tx = self.inner.db.read().await?;
        let generation = self.generation().map_or_else(crate::kernel::GenerationId::new, |g| g.id);
        let share = held::share(&mut tx, generation, None).await?;
        drop(tx);
        let passages = u64::try_from(share.passages).unwrap_or(0);
        let sampled = apart > 1;
        let tokens = if sampled {
            scaled(counted.tokens, passages, counted.passages)
        } else {
            counted.tokens
        };
        let (provider, model) = (source.provider.as_str(), source.model.as_str());
        let usage = &self.inner.usage;
        let all = Tokens { embedded: tokens, ..Tokens::default() };
        let cost = usage.quote(provider, model, all).await?;
        if usage.embedding_rate(scope, provider, model).await?.is_none() {
            self.probe(scope, embedder.as_ref(), &counted.probe).await?;
        }
        let rate = usage.embedding_rate(scope, provider, model).await?;
        Ok(Estimate {
            name: source.name.clone(),
            versions: versions.len() as u64,
            passages,
            tokens,
            sampled,
            cost,
            rate,
            secs: rate.and_then(|rate| secs(tokens, rate)),
        })
    }

    /// Asks a model for a few vectors, which are thrown away.
    async fn probe(
        &self,
        scope: &Scope,
        embedder: &dyn Embedder,
        texts: &[String],
    ) -> Result<(), GenerationError> {
        let some = ["Is the suit within limitation?".to_owned()];
        let texts = if texts.is_empty() { &some } else { texts };
        let asked = Asked {
            organisation: scope.organisation(),
            user: Some(scope.user()),
            case: None,
            purpose: "embed.probe",
        };
        ask(&self.inner.usage, embedder, texts, Purpose::Passage, asked).await?;
        Ok(())
    }
}

/// Counts texts and their tokens, off the async threads.
async fn count(embedder: std::sync::Arc<dyn Embedder>, texts: Vec<String>) -> (u64, u64) {
    let counted = tokio::task::spawn_blocking(move || {
        let tokens = texts.iter().map(|text| embedder.count_tokens(text) as u64).sum();
        (texts.len() as u64, tokens)
    });
    counted.await.unwrap_or_default()
}

/// A count in a part, for the whole.
fn scaled(count: u64, whole: u64, part: u64) -> u64 {
    let exact = u128::from(count) * u128::from(whole);
    exact.checked_div(u128::from(part)).and_then(|all| u64::try_from(all).ok()).unwrap_or(count)
}

/// The seconds tokens take at a rate, rounded up.
fn secs(tokens: u64, rate: f64) -> Option<u64> {
    if rate <= 0.0 {
        return None;
    }
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "an estimate of seconds needs no more than 52 bits, and none is negative"
    )]
    Some((tokens as f64 / rate).ceil() as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_is_taken_for_the_whole() {
        assert_eq!(scaled(500, 1_000, 100), 5_000);
        assert_eq!(scaled(500, 1_000, 0), 500);
    }

    #[test]
    fn time_follows_from_the_rate_and_is_rounded_up() {
        assert_eq!(secs(1_001, 100.0), Some(11));
        assert_eq!(secs(0, 100.0), Some(0));
        assert_eq!(secs(10, 0.0), None);
    }
}
