//! The ledger: what every call of a model took in tokens and cost in money.
//!
//! A *call* is one request to a model, also a failed or cancelled one. Its cost is
//! worked out once, from the price-book row in force and the exchange rate of the
//! moment, and never changes afterwards. Answers made without a model are kept
//! too, at no cost, so that a report shows how often that happened.

mod prices;
mod report;
mod store;

use std::sync::Arc;

use chrono::{DateTime, Utc};

use crate::db::{Db, DbError, Tx};
use crate::kernel::{
    CallId, CaseId, Clock, ConversationId, MicroDollars, OrganisationId, Paise, Scope, UserId,
};

pub use prices::{PriceError, seeds};
pub use report::{By, Line, Period, Report};

/// What can be done with the ledger.
#[derive(Clone)]
pub struct Usage {
    db: Db,
    clock: Arc<dyn Clock>,
    paise_per_dollar: i64,
}

/// Tokens a call took, as the provider counted them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tokens {
    /// In the prompt, cached ones included.
    pub input: u64,
    /// Of the prompt, those the provider had cached.
    pub cached: u64,
    /// In the answer, reasoning included.
    pub output: u64,
    /// Of the answer, those spent on reasoning.
    pub reasoning: u64,
    /// Turned into vectors.
    pub embedded: u64,
    /// Whether they were counted here because the provider did not say.
    pub estimated: bool,
}

/// How a call ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It answered.
    Answered,
    /// It failed; another way to answer was taken.
    Failed,
    /// It broke off midway; what had come is paid for.
    Cut,
    /// The caller went away, or what it was about was closed to them.
    Cancelled,
}

impl Outcome {
    /// The stored form.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Answered => "answered",
            Self::Failed => "failed",
            Self::Cut => "cut",
            Self::Cancelled => "cancelled",
        }
    }
}

/// A call to be written down.
#[derive(Debug, Clone)]
pub struct Call {
    /// Whose money.
    pub organisation: OrganisationId,
    /// Who asked.
    pub user: Option<UserId>,
    /// For which case.
    pub case: Option<CaseId>,
    /// In which conversation.
    pub conversation: Option<ConversationId>,
    /// What for: `answer`, `embed.query`, `embed.passages`, `embed.reembed`,
    /// `embed.probe`.
    pub purpose: &'static str,
    /// Who ran the model.
    pub provider: String,
    /// Which model.
    pub model: String,
    /// The hash of the prompt's wording.
    pub prompt_hash: Option<String>,
    /// What it took.
    pub tokens: Tokens,
    /// How long it took, in milliseconds.
    pub latency_ms: i64,
    /// How it ended.
    pub outcome: Outcome,
}

/// What a call cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cost {
    /// In millionths of a dollar.
    pub microdollars: MicroDollars,
    /// In paise at the rate of the moment.
    pub paise: Paise,
    /// Whether the price book knows the model.
    pub priced: bool,
}

#[derive(sqlx::FromRow)]
struct Price {
    id: uuid::Uuid,
    input_per_million: i64,
    cached_per_million: i64,
    output_per_million: i64,
}

impl Usage {
    /// Puts the area together.
    #[must_use]
    pub fn new(db: Db, clock: Arc<dyn Clock>, paise_per_dollar: i64) -> Self {
        Self { db, clock, paise_per_dollar }
    }

    /// Writes a call down, with its cost.
    ///
    /// # Errors
    /// Fails when the database does.
    pub async fn record(&self, call: Call) -> Result<Cost, DbError> {
        let mut tx = self.db.write().await?;
        let cost = self.record_in(&mut tx, call).await?;
        tx.commit().await?;
        Ok(cost)
    }

    /// Writes a call down in the transaction of what it was for.
    ///
    /// # Errors
    /// Fails when the database does.
    pub async fn record_in(&self, tx: &mut Tx, call: Call) -> Result<Cost, DbError> {
        let now: DateTime<Utc> = self.clock.now();
        let price = store::find_price(tx, &call.provider, &call.model, now).await?;
        let microdollars = price.as_ref().map_or(MicroDollars(0), |price| price.of(call.tokens));
        let cost = Cost {
            microdollars,
            paise: microdollars.to_paise(self.paise_per_dollar),
            priced: price.is_some(),
        };
        let row = store::CallRow { id: CallId::new(), price: price.map(|price| price.id), at: now };
        store::insert_call(tx, row, call, cost).await?;
        Ok(cost)
    }

    /// What tokens would cost now; not known when the price book does not know the model.
    ///
    /// # Errors
    /// Fails when the database does.
    pub async fn quote(
        &self,
        provider: &str,
        model: &str,
        tokens: Tokens,
    ) -> Result<Option<Cost>, DbError> {
        let mut tx = self.db.read().await?;
        let price = store::find_price(&mut tx, provider, model, self.clock.now()).await?;
        Ok(price.map(|price| {
            let microdollars = price.of(tokens);
            let paise = microdollars.to_paise(self.paise_per_dollar);
            Cost { microdollars, paise, priced: true }
        }))
    }

    /// How many tokens a second an embedding model read in its last calls for the
    /// caller's organisation; not known before there was one.
    ///
    /// # Errors
    /// Fails when the database does.
    pub async fn embedding_rate(
        &self,
        scope: &Scope,
        provider: &str,
        model: &str,
    ) -> Result<Option<f64>, DbError> {
        let mut tx = self.db.read().await?;
        store::embedding_rate(&mut tx, scope.organisation(), provider, model).await
    }

    /// Adds the shipped prices the book does not have yet.
    ///
    /// # Errors
    /// Fails when the shipped table cannot be read or the database fails.
    pub async fn seed_prices(&self) -> Result<(), PriceError> {
        let mut tx = self.db.write().await?;
        for price in seeds()? {
            store::insert_price(&mut tx, price).await?;
        }
        Ok(tx.commit().await?)
    }
}

impl Price {
    /// The cost of tokens at this price, rounded up: a provider bills no less.
    fn of(&self, tokens: Tokens) -> MicroDollars {
        let fresh = tokens.input.saturating_sub(tokens.cached) + tokens.embedded;
        let parts = [
            (fresh, self.input_per_million),
            (tokens.cached, self.cached_per_million),
            (tokens.output, self.output_per_million),
        ];
        let total: i128 =
            parts.iter().map(|&(count, price)| i128::from(count) * i128::from(price)).sum();
        let rounded = (total + 999_999).div_euclid(1_000_000);
        MicroDollars(i64::try_from(rounded).unwrap_or(i64::MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cached_tokens_cost_their_own_price() {
        let price = Price {
            id: uuid::Uuid::nil(),
            input_per_million: 1_000_000,
            cached_per_million: 100_000,
            output_per_million: 2_000_000,
        };
        let tokens = Tokens { input: 100, cached: 40, output: 10, ..Tokens::default() };
        assert_eq!(price.of(tokens), MicroDollars(60 + 4 + 20));
    }

    #[test]
    fn a_part_of_a_microdollar_is_rounded_up() {
        let price = Price {
            id: uuid::Uuid::nil(),
            input_per_million: 1,
            cached_per_million: 0,
            output_per_million: 0,
        };
        assert_eq!(price.of(Tokens { input: 1, ..Tokens::default() }), MicroDollars(1));
    }
}
