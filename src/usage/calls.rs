//! Single calls: what a bar of a report is made of.

use std::fmt::Write;

use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use super::csv::{dollars, quoted, rupees};
use super::report::Period;
use super::{Usage, store};
use crate::db::DbError;
use crate::kernel::{CallId, CaseId, MicroDollars, Paise, Permission, Scope, UserId};

/// How many calls a page of them has.
pub(super) const PAGE: i64 = 100;
/// How many are exported at most.
pub(super) const MOST: i64 = 50_000;

/// Which calls are wanted.
#[derive(Debug, Clone)]
pub struct CallFilter {
    /// The days.
    pub period: Period,
    /// By whom.
    pub user: Option<UserId>,
    /// For which case; one that is not open to the reader has no calls.
    pub case: Option<CaseId>,
    /// Who ran the model.
    pub provider: Option<String>,
    /// Which model.
    pub model: Option<String>,
    /// What for.
    pub purpose: Option<String>,
    /// How they ended.
    pub outcome: Option<String>,
}

impl CallFilter {
    /// All calls of some days.
    #[must_use]
    pub const fn of(period: Period) -> Self {
        let (user, case, provider, model) = (None, None, None, None);
        Self { period, user, case, provider, model, purpose: None, outcome: None }
    }
}

/// A call, as far as the reader may see what it was for.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow, Serialize, ToSchema)]
pub struct CallLine {
    /// Which call.
    pub id: CallId,
    /// When it ended.
    pub at: DateTime<Utc>,
    /// Who asked; none for the service itself.
    pub user_name: Option<String>,
    /// For which case, where that is open to the reader.
    pub case_id: Option<CaseId>,
    /// What that is called.
    pub case_title: Option<String>,
    /// Whether it was for a case that is not open to the reader.
    pub case_hidden: bool,
    /// What for.
    pub purpose: String,
    /// Who ran the model.
    pub provider: String,
    /// Which model.
    pub model: String,
    /// The hash of the prompt's wording.
    pub prompt_hash: Option<String>,
    /// Tokens in the prompt.
    pub tokens_in: i64,
    /// Of them, cached.
    pub tokens_cached: i64,
    /// Tokens in the answer.
    pub tokens_out: i64,
    /// Of them, reasoning.
    pub tokens_reasoning: i64,
    /// Tokens turned into vectors.
    pub tokens_embedded: i64,
    /// Whether the tokens were counted here.
    pub estimated: bool,
    /// Since when its price holds; none for a model without a price.
    pub price_from: Option<DateTime<Utc>>,
    /// Micro-dollars per million prompt tokens.
    pub input_per_million: Option<i64>,
    /// Micro-dollars per million cached prompt tokens.
    pub cached_per_million: Option<i64>,
    /// Micro-dollars per million answer tokens.
    pub output_per_million: Option<i64>,
    /// What it cost.
    pub cost_microdollars: MicroDollars,
    /// The same in rupees at the rate of its moment.
    pub cost_paise: Paise,
    /// What an answer made before saved.
    pub saved_paise: Paise,
    /// How long it took, in milliseconds.
    pub latency_ms: i64,
    /// How it ended: `answered`, `failed`, `cut`, `cancelled`, `lost`.
    pub outcome: String,
    /// Whether it stands on a bill.
    pub billed: bool,
}

/// A page of calls.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Calls {
    /// The calls, the newest first.
    pub calls: Vec<CallLine>,
    /// Whether there are more.
    pub more: bool,
}

impl Usage {
    /// Calls of the caller's organisation, the newest first, from a place on; none unless
    /// they may see costs. Of a case that is not open to them a call says only that.
    ///
    /// # Errors
    /// Fails when the database does.
    pub async fn calls(
        &self,
        scope: &Scope,
        filter: &CallFilter,
        offset: u32,
    ) -> Result<Option<Calls>, DbError> {
        if !scope.may(Permission::ReadCosts) {
            return Ok(None);
        }
        let mut tx = self.db.read().await?;
        let mut calls =
            store::calls::list(&mut tx, scope, filter, i64::from(offset), PAGE + 1).await?;
        let page = usize::try_from(PAGE).unwrap_or(usize::MAX);
        let more = calls.len() > page;
        calls.truncate(page);
        Ok(Some(Calls { calls, more }))
    }

    /// One call; none unless the caller may see costs and it is of their organisation.
    ///
    /// # Errors
    /// Fails when the database does.
    pub async fn call(&self, scope: &Scope, id: CallId) -> Result<Option<CallLine>, DbError> {
        if !scope.may(Permission::ReadCosts) {
            return Ok(None);
        }
        let mut tx = self.db.read().await?;
        store::calls::one(&mut tx, scope, id).await
    }

    /// Calls as CSV, 50,000 at most.
    ///
    /// # Errors
    /// Fails when the database does.
    pub async fn calls_csv(
        &self,
        scope: &Scope,
        filter: &CallFilter,
    ) -> Result<Option<String>, DbError> {
        if !scope.may(Permission::ReadCosts) {
            return Ok(None);
        }
        let mut tx = self.db.read().await?;
        let calls = store::calls::list(&mut tx, scope, filter, 0, MOST).await?;
        Ok(Some(csv(&calls)))
    }
}

fn csv(calls: &[CallLine]) -> String {
    let mut text = "id,at,user,case,purpose,provider,model,outcome,tokens_in,tokens_cached,\
                    tokens_out,tokens_reasoning,tokens_embedded,estimated,latency_ms,cost_usd,\
                    cost_inr,saved_inr,billed\n"
        .to_owned();
    for call in calls {
        let case = if call.case_hidden { "not open to you" } else { "" };
        let _ = writeln!(
            text,
            "{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{}",
            call.id,
            call.at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true),
            quoted(call.user_name.as_deref().unwrap_or("")),
            quoted(call.case_title.as_deref().unwrap_or(case)),
            quoted(&call.purpose),
            quoted(&call.provider),
            quoted(&call.model),
            call.outcome,
            call.tokens_in,
            call.tokens_cached,
            call.tokens_out,
            call.tokens_reasoning,
            call.tokens_embedded,
            call.estimated,
            call.latency_ms,
            dollars(call.cost_microdollars),
            rupees(call.cost_paise),
            rupees(call.saved_paise),
            call.billed
        );
    }
    text
}
