//! Money set aside for a call before it is made, at the worst it may cost, and given
//! back when what it did cost is known.

use chrono::{DateTime, Utc};

use super::budgets::Line;
use super::{Call, Cost, Outcome, Terms, Tokens, Usage, is_free, store};
use crate::db::DbError;
use crate::kernel::{CallId, CaseId, ConversationId, OrganisationId, UserId};

/// On whose account a call is made: what limits and reports go by.
#[derive(Debug, Clone)]
pub struct Account {
    /// Whose money.
    pub organisation: OrganisationId,
    /// Who asked.
    pub user: Option<UserId>,
    /// For which case.
    pub case: Option<CaseId>,
    /// In which conversation.
    pub conversation: Option<ConversationId>,
    /// What for; see [`Call::purpose`].
    pub purpose: &'static str,
    /// The hash of the prompt's wording.
    pub prompt_hash: Option<String>,
}

impl Account {
    pub(super) fn of(call: &Call) -> Self {
        Self {
            organisation: call.organisation,
            user: call.user,
            case: call.case,
            conversation: call.conversation,
            purpose: call.purpose,
            prompt_hash: call.prompt_hash.clone(),
        }
    }
}

/// Money set aside for one call.
#[derive(Debug)]
#[must_use = "money stays set aside until it is settled"]
pub struct Reservation {
    /// The id the call will have in the ledger.
    id: CallId,
    account: Account,
    provider: String,
    model: String,
    /// The terms it is made under; none for a call that costs nothing.
    terms: Option<Terms>,
}

/// How a call ended.
#[derive(Debug, Clone, Copy)]
pub struct Ended {
    /// What it took.
    pub tokens: Tokens,
    /// How long it took, in milliseconds.
    pub latency_ms: i64,
    /// How it ended.
    pub outcome: Outcome,
}

/// Why no money was set aside.
#[derive(Debug, thiserror::Error)]
pub enum ReserveError {
    /// A hard limit would be passed. The words say which, for the reader.
    #[error("{0}")]
    Over(String),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbError),
}

/// Money to be set aside, as it is stored.
pub(super) struct Held<'a> {
    pub(super) id: CallId,
    pub(super) account: &'a Account,
    pub(super) provider: &'a str,
    pub(super) model: &'a str,
    pub(super) tokens: Tokens,
    pub(super) price: Option<uuid::Uuid>,
    pub(super) cost: Cost,
    pub(super) at: DateTime<Utc>,
}

impl Usage {
    /// Sets aside what a call may cost at worst. No call is made without.
    ///
    /// What a budget allows is looked up and the money set aside under one lock of the
    /// organisation, so that calls at once cannot together pass a hard line. A call of a
    /// model without a price is refused where a hard line stands: what it costs cannot be
    /// told. A call that costs nothing is never refused.
    ///
    /// # Errors
    /// Fails when a limit would be passed, and when the database fails.
    pub async fn reserve(
        &self,
        account: &Account,
        provider: &str,
        model: &str,
        worst: Tokens,
    ) -> Result<Reservation, ReserveError> {
        let id = CallId::new();
        let reservation = |terms| Reservation {
            id,
            account: account.clone(),
            provider: provider.to_owned(),
            model: model.to_owned(),
            terms,
        };
        if is_free(provider) {
            return Ok(reservation(None));
        }
        let at = self.clock.now();
        let mut tx = self.db.write().await?;
        store::budgets::lock(&mut tx, account.organisation).await?;
        let terms = self.terms(&mut tx, provider, model, at).await?;
        let cost = terms.at_most(worst);
        let standings = self.standings_of(&mut tx, account).await?;
        let mut hard = standings.iter().filter(|standing| standing.limits.hard.is_some());
        if !cost.priced && hard.clone().next().is_some() {
            let words = format!(
                "the price book has no price for {model} at {provider}, and a budget cannot be \
                 kept without; an admin can add the price under AI costs, Prices"
            );
            return Err(ReserveError::Over(words));
        }
        if let Some(over) = hard.find(|standing| cost.paise.0 > 0 && !standing.allows(cost.paise)) {
            self.tell(&mut tx, over, Line::Hard).await?;
            tx.commit().await?;
            return Err(ReserveError::Over(over.used_up(at)));
        }
        let held = Held {
            id,
            account,
            provider,
            model,
            tokens: worst,
            price: terms.price.map(|price| price.id),
            cost,
            at,
        };
        store::budgets::hold(&mut tx, held).await?;
        tx.commit().await?;
        Ok(reservation(Some(terms)))
    }

    /// Writes a call down with what it cost, and gives back what was set aside, at once.
    ///
    /// # Errors
    /// Fails when the database does; the money stays set aside then, and is booked at its
    /// worst when it was for too long.
    pub async fn settle(&self, reservation: Reservation, ended: Ended) -> Result<Cost, DbError> {
        let Reservation { id, account, provider, model, terms } = reservation;
        let Ended { tokens, latency_ms, outcome } = ended;
        let at = self.clock.now();
        let mut tx = self.db.write().await?;
        let was_held = terms.is_some();
        let terms = match terms {
            Some(terms) => terms,
            None => self.terms(&mut tx, &provider, &model, at).await?,
        };
        let cost = if was_held { terms.cost(tokens) } else { Cost::nothing() };
        let call = Call {
            organisation: account.organisation,
            user: account.user,
            case: account.case,
            conversation: account.conversation,
            purpose: account.purpose,
            provider,
            model,
            prompt_hash: account.prompt_hash.clone(),
            tokens,
            latency_ms,
            outcome,
        };
        let row = store::CallRow { id, price: terms.price.map(|price| price.id), at };
        if !was_held || store::budgets::release(&mut tx, id).await? {
            store::insert_call(&mut tx, row, call, cost).await?;
        } else if !store::budgets::put_right(&mut tx, &row, &call, cost).await? {
            // It was given up as lost, and the bill it stands on is not changed.
            tracing::warn!(call = %id, "a call booked as lost settled after it was billed");
        }
        self.watch(&mut tx, &account, cost).await?;
        tx.commit().await?;
        Ok(cost)
    }
}

impl Cost {
    /// The cost of what costs nothing.
    const fn nothing() -> Self {
        use crate::kernel::{MicroDollars, Paise};
        Self { microdollars: MicroDollars(0), paise: Paise(0), priced: true }
    }
}
