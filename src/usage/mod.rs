//! The ledger: what every call of a model took in tokens and cost in money.
//!
//! A *call* is one request to a model, also a failed or cancelled one. Its cost is
//! worked out once, from the price-book row in force and the exchange rate of the
//! moment, and never changes afterwards. Answers made without a model are kept
//! too, at no cost, so that a report shows how often that happened.
//!
//! Before a call, what it may cost at worst is set aside (`reserve`); a *budget* (`budgets`)
//! is a limit that spent and set aside together never pass.

mod alerts;
mod billing;
mod budgets;
mod calls;
mod csv;
mod events;
mod prices;
mod provider_csv;
mod rates;
mod reconcile;
mod report;
mod reserve;
mod store;
mod sweep;

use std::sync::Arc;

use chrono::{DateTime, Utc};

use crate::audit::Audit;
use crate::db::{Db, DbError, Tx};
use crate::kernel::{
    CallId, CaseId, Clock, ConversationId, MicroDollars, OrganisationId, Paise, Scope, UserId,
};
use crate::outbox::Outbox;

pub use billing::Billed;
pub use budgets::{BudgetError, Limits, Span, Standing, Subject};
pub use calls::{CallFilter, CallLine, Calls};
pub use events::{AnswersWithoutModel, Events};
pub use prices::{Change, Preview, PriceBook, PriceError, PriceLine, Seed, seeds};
pub use rates::RateLine;
pub use reconcile::{Counted, Drift, ProviderReport, ReconcileError, Reconciled, Unread};
pub use report::{By, Line, Period, Report, Stack};
pub use reserve::{Account, Ended, Reservation, ReserveError};

/// Who runs models that cost nothing: this process, and the documents alone.
const FREE: [&str; 2] = ["in-process", "documents"];

/// Whether a provider's calls cost nothing, whatever the price book says.
#[must_use]
pub fn is_free(provider: &str) -> bool {
    FREE.contains(&provider)
}

/// What can be done with the ledger.
#[derive(Clone)]
pub struct Usage {
    db: Db,
    clock: Arc<dyn Clock>,
    audit: Audit,
    outbox: Outbox,
    paise_per_dollar: i64,
}

/// What the area is put together from.
pub struct Parts {
    /// The tables.
    pub db: Db,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// The record.
    pub audit: Audit,
    /// What tells admins of budgets.
    pub outbox: Outbox,
    /// What a dollar is worth where the table of rates does not say, in paise.
    pub paise_per_dollar: i64,
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
    /// Nobody knows: the process that made it ended first. It counts at its worst.
    Lost,
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
            Self::Lost => "lost",
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

/// What calls are paid by: a row of the price book, and what a dollar is worth.
#[derive(Debug, Clone, Copy, sqlx::FromRow)]
struct Price {
    id: uuid::Uuid,
    input_per_million: i64,
    cached_per_million: i64,
    output_per_million: i64,
}

/// The terms of a call, settled when money is set aside for it.
#[derive(Debug, Clone, Copy)]
struct Terms {
    price: Option<Price>,
    paise_per_dollar: i64,
}

impl Terms {
    fn cost(&self, tokens: Tokens) -> Cost {
        let microdollars = self.price.map_or(MicroDollars(0), |price| price.of(tokens));
        let paise = microdollars.to_paise(self.paise_per_dollar);
        Cost { microdollars, paise, priced: self.price.is_some() }
    }

    /// What tokens may cost at most: nothing is taken from a provider's cache, and a part
    /// of a paisa is a whole one.
    fn at_most(&self, tokens: Tokens) -> Cost {
        let microdollars = self.price.map_or(MicroDollars(0), |price| price.at_most(tokens));
        let exact = i128::from(microdollars.0) * i128::from(self.paise_per_dollar);
        let paise = i64::try_from((exact + 999_999).div_euclid(1_000_000)).unwrap_or(i64::MAX);
        Cost { microdollars, paise: Paise(paise), priced: self.price.is_some() }
    }
}

impl Usage {
    /// Puts the area together.
    #[must_use]
    pub fn new(parts: Parts) -> Self {
        let Parts { db, clock, audit, outbox, paise_per_dollar } = parts;
        Self { db, clock, audit, outbox, paise_per_dollar }
    }

    /// Writes a call down, with its cost, for which no money was set aside.
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
        let at = self.clock.now();
        let terms = self.terms(tx, &call.provider, &call.model, at).await?;
        let cost = terms.cost(call.tokens);
        let account = Account::of(&call);
        let row =
            store::CallRow { id: CallId::new(), price: terms.price.map(|price| price.id), at };
        store::insert_call(tx, row, call, cost).await?;
        self.watch(tx, &account, cost).await?;
        Ok(cost)
    }

    /// Writes down that an answer given before was given again: no call was made, and what
    /// it cost the first time was saved.
    ///
    /// # Errors
    /// Fails when the database does.
    pub async fn record_saved(
        &self,
        call: Call,
        saved: (MicroDollars, Paise),
    ) -> Result<(), DbError> {
        let none = Cost { microdollars: MicroDollars(0), paise: Paise(0), priced: true };
        let row = store::CallRow { id: CallId::new(), price: None, at: self.clock.now() };
        let (id, mut tx) = (row.id, self.db.write().await?);
        store::insert_call(&mut tx, row, call, none).await?;
        store::set_saved(&mut tx, id, saved).await?;
        tx.commit().await
    }

    /// The terms a call is made under at a time.
    async fn terms(
        &self,
        tx: &mut Tx,
        provider: &str,
        model: &str,
        at: DateTime<Utc>,
    ) -> Result<Terms, DbError> {
        let price = store::find_price(tx, provider, model, at).await?;
        Ok(Terms { price, paise_per_dollar: self.rate_at(tx, at).await? })
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
        let terms = self.terms(&mut tx, provider, model, self.clock.now()).await?;
        Ok(terms.price.map(|_| terms.cost(tokens)))
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

    /// The most tokens may cost: the dearer of fresh and cached for all of the prompt.
    fn at_most(&self, tokens: Tokens) -> MicroDollars {
        let input_per_million = self.input_per_million.max(self.cached_per_million);
        Self { input_per_million, ..*self }.of(Tokens { cached: 0, ..tokens })
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
