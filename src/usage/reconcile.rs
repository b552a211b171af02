//! What a provider says was used, against the ledger: a report is brought in as CSV, its
//! columns matched by their names, and the drift shown by day and model. Days are UTC, as
//! providers count.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::provider_csv::{LINES, parse};
use super::{Usage, store};
use crate::db::DbError;
use crate::kernel::{MicroDollars, Permission, ProviderReportId, Scope, UserId};

/// What was counted on one side, of one model on one day.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counted {
    /// How many calls.
    pub requests: i64,
    /// Tokens in prompts.
    pub tokens_in: i64,
    /// Of them, cached.
    pub tokens_cached: i64,
    /// Tokens in answers.
    pub tokens_out: i64,
    /// What they cost; none where a provider does not say.
    pub cost: Option<MicroDollars>,
}

/// What differs between the ledger and a provider, of one model on one day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drift {
    /// The day, in UTC.
    pub day: String,
    /// The model, as the ledger calls it where it knows it.
    pub model: String,
    /// What the ledger has.
    pub ours: Counted,
    /// What the provider says.
    pub theirs: Counted,
}

/// A line that could not be read. It is kept as it stood.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unread {
    /// Its number in the file.
    pub line: usize,
    /// Its cells.
    pub text: String,
    /// Why it was not read.
    pub why: String,
}

/// A report that was brought in.
#[derive(Debug, Clone, PartialEq, sqlx::FromRow)]
pub struct ProviderReport {
    /// Which report.
    pub id: ProviderReportId,
    /// Whose.
    pub provider: String,
    /// Which of its columns was read as what: meaning to name.
    pub columns: Value,
    pub(super) unread: Value,
    /// Who brought it in.
    pub imported_by: UserId,
    /// What they are called.
    pub importer: String,
    /// When.
    pub imported_at: DateTime<Utc>,
}

/// A report against the ledger.
#[derive(Debug, Clone, PartialEq)]
pub struct Reconciled {
    /// The report.
    pub report: ProviderReport,
    /// What could not be read.
    pub unread: Vec<Unread>,
    /// The drift, by day and model.
    pub lines: Vec<Drift>,
    /// The sums.
    pub total: Drift,
}

/// Why a report was not taken.
#[derive(Debug, thiserror::Error)]
pub enum ReconcileError {
    /// Only an admin may.
    #[error("only an admin may do that")]
    NotAllowed,
    /// There is no such report.
    #[error("there is no such report")]
    NotFound,
    /// A column is not there.
    #[error(
        "no column was taken for {0}; the report needs a date, a model, and input and output \
         tokens. Its columns: {1}"
    )]
    Column(&'static str, String),
    /// No line could be read.
    #[error("no line of the report could be read; the first: {0}")]
    Nothing(String),
    /// It is too long.
    #[error("the report has more than {LINES} lines; bring in a month at a time")]
    TooLong,
    /// Whose report it is was not said.
    #[error("say whose report it is: the provider as it stands in the report of costs")]
    Provider,
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbError),
}

/// A line of a report.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub(super) struct TheirLine {
    pub(super) day: String,
    pub(super) model: String,
    pub(super) requests: i64,
    pub(super) tokens_in: i64,
    pub(super) tokens_cached: i64,
    pub(super) tokens_out: i64,
    pub(super) cost_microdollars: Option<i64>,
}

impl TheirLine {
    pub(super) fn counted(&self) -> Counted {
        Counted {
            requests: self.requests,
            tokens_in: self.tokens_in,
            tokens_cached: self.tokens_cached,
            tokens_out: self.tokens_out,
            cost: self.cost_microdollars.map(MicroDollars),
        }
    }
}

impl Counted {
    pub(super) fn plus(self, other: Self) -> Self {
        Self {
            requests: self.requests + other.requests,
            tokens_in: self.tokens_in + other.tokens_in,
            tokens_cached: self.tokens_cached + other.tokens_cached,
            tokens_out: self.tokens_out + other.tokens_out,
            cost: match (self.cost, other.cost) {
                (Some(one), Some(two)) => Some(one + two),
                (one, two) => one.or(two),
            },
        }
    }

    /// Tokens of prompts and answers together.
    #[must_use]
    pub const fn tokens(&self) -> i64 {
        self.tokens_in.saturating_add(self.tokens_out)
    }
}

impl Drift {
    /// How much more the provider counts than the ledger, in tokens and hundredths of a
    /// per cent of the ledger's; none where the ledger has nothing to compare.
    #[must_use]
    pub fn tokens(&self) -> (i64, Option<i64>) {
        drift(self.ours.tokens(), self.theirs.tokens())
    }

    /// The same of money, in micro-dollars; none where the provider does not say.
    #[must_use]
    pub fn money(&self) -> Option<(i64, Option<i64>)> {
        let ours = self.ours.cost.map_or(0, |cost| cost.0);
        self.theirs.cost.map(|theirs| drift(ours, theirs.0))
    }
}

fn drift(ours: i64, theirs: i64) -> (i64, Option<i64>) {
    let more = theirs.saturating_sub(ours);
    let share = (ours != 0).then(|| i128::from(more) * 10_000 / i128::from(ours));
    (more, share.and_then(|share| i64::try_from(share).ok()))
}

/// Whether a provider's dated name is a model the ledger knows without its date.
fn is_dated(theirs: &str, ours: &str) -> bool {
    let rest = theirs.strip_prefix(ours).and_then(|rest| rest.strip_prefix(['-', '@', ':']));
    rest.is_some_and(|rest| {
        rest.len() >= 4 && rest.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-')
    })
}

fn compare(ours: &[TheirLine], theirs: &[TheirLine]) -> Vec<Drift> {
    let mut lines: BTreeMap<(String, String), (Counted, Counted)> = BTreeMap::new();
    for line in ours {
        let both = lines.entry((line.day.clone(), line.model.clone())).or_default();
        both.0 = both.0.plus(line.counted());
    }
    for line in theirs {
        let known = |model: &str| ours.iter().any(|our| our.model == model);
        let dated = || ours.iter().find(|our| is_dated(&line.model, &our.model));
        let model = if known(&line.model) { None } else { dated() };
        let model = model.map_or(&line.model, |our| &our.model);
        let both = lines.entry((line.day.clone(), model.clone())).or_default();
        both.1 = both.1.plus(line.counted());
    }
    let drift = |((day, model), (ours, theirs))| Drift { day, model, ours, theirs };
    lines.into_iter().map(drift).collect()
}

impl Usage {
    /// Brings a provider's report in.
    ///
    /// # Errors
    /// Fails when the caller may not, the report cannot be read, or the database fails.
    pub async fn import_provider_report(
        &self,
        scope: &Scope,
        provider: &str,
        text: &str,
    ) -> Result<ProviderReportId, ReconcileError> {
        if !scope.may(Permission::RunService) {
            return Err(ReconcileError::NotAllowed);
        }
        let provider = provider.trim();
        if provider.is_empty() {
            return Err(ReconcileError::Provider);
        }
        let parsed = parse(text)?;
        let id = ProviderReportId::new();
        let unread = json!(parsed.unread);
        let mut tx = self.db.write().await?;
        let now = self.clock.now();
        let report =
            store::reconcile::New { id, provider, columns: parsed.columns, unread, at: now };
        store::reconcile::insert(&mut tx, scope, report).await?;
        for line in &parsed.lines {
            store::reconcile::insert_line(&mut tx, id, line).await?;
        }
        let (organisation, user) = (scope.organisation(), Some(scope.user()));
        let details = json!({
            "report": id, "lines": parsed.lines.len(), "unread": parsed.unread.len(),
        });
        self.audit.record(&mut tx, organisation, user, "costs.reconcile", details).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// The reports that were brought in, the newest first; none unless the caller may see
    /// costs.
    ///
    /// # Errors
    /// Fails when the database does.
    pub async fn provider_reports(&self, scope: &Scope) -> Result<Vec<ProviderReport>, DbError> {
        if !scope.may(Permission::ReadCosts) {
            return Ok(Vec::new());
        }
        let mut tx = self.db.read().await?;
        store::reconcile::all(&mut tx, scope.organisation()).await
    }

    /// A report against the ledger of the days it speaks of.
    ///
    /// # Errors
    /// Fails when the caller may not, there is none, or the database fails.
    pub async fn reconciled(
        &self,
        scope: &Scope,
        id: ProviderReportId,
    ) -> Result<Reconciled, ReconcileError> {
        if !scope.may(Permission::ReadCosts) {
            return Err(ReconcileError::NotAllowed);
        }
        let mut tx = self.db.read().await?;
        let report = store::reconcile::one(&mut tx, scope.organisation(), id).await?;
        let report = report.ok_or(ReconcileError::NotFound)?;
        let theirs = store::reconcile::lines(&mut tx, id).await?;
        let (Some(first), Some(last)) = (theirs.first(), theirs.last()) else {
            return Err(ReconcileError::NotFound);
        };
        let days = (first.day.as_str(), last.day.as_str());
        let ours =
            store::reconcile::ours(&mut tx, scope.organisation(), &report.provider, days).await?;
        let lines = compare(&ours, &theirs);
        let total = lines.iter().fold((Counted::default(), Counted::default()), |sum, line| {
            (sum.0.plus(line.ours), sum.1.plus(line.theirs))
        });
        let total =
            Drift { day: "Total".to_owned(), model: String::new(), ours: total.0, theirs: total.1 };
        let unread = serde_json::from_value(report.unread.clone()).unwrap_or_default();
        Ok(Reconciled { report, unread, lines, total })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dated_model_is_compared_with_the_one_the_ledger_knows() {
        let theirs = parse(crate::usage::provider_csv::tests::EXPORT).unwrap().lines;
        let ours = [TheirLine { model: "gpt-4o".to_owned(), tokens_in: 1000, ..theirs[0].clone() }];
        let drifts = compare(&ours, &theirs);
        assert_eq!(drifts.len(), 1, "{drifts:?}");
        assert_eq!(drifts[0].tokens(), (10, Some(94)));
        assert_eq!(drifts[0].money(), Some((0, Some(0))));
        assert!(!is_dated("gpt-4o-mini", "gpt-4o"));
    }
}
