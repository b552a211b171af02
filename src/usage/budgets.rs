//! Budgets: limits of what the models may cost the chamber, a person or a case, in a
//! month of India Standard Time or, for a case, for good.

use chrono::{DateTime, Datelike, FixedOffset, NaiveDate, TimeZone, Utc};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::{Account, Usage, store};
use crate::db::{DbError, Tx};
use crate::kernel::{BudgetId, CaseId, Paise, Permission, Scope, UserId};

/// Seconds India Standard Time is ahead of UTC.
const IST_SECS: i32 = 5 * 3600 + 30 * 60;
/// The most a line may be, in paise: a crore of rupees.
const MOST: i64 = 1_000_000_000;

/// What a budget is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    /// Everything the chamber spends.
    Chamber,
    /// What a person spends.
    User(UserId),
    /// What is spent on a case.
    Case(CaseId),
}

/// For how long a budget is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Span {
    /// A month, from its first midnight in India.
    #[default]
    Month,
    /// For good; of a case only.
    Ever,
}

impl Span {
    /// The stored form.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Month => "month",
            Self::Ever => "ever",
        }
    }
}

/// The lines of a budget, in paise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Limits {
    /// Past it, people are warned.
    pub soft: Option<Paise>,
    /// Past it, no model is called.
    pub hard: Option<Paise>,
}

/// Which line was reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Line {
    Soft,
    Hard,
}

/// A budget and how it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// Which budget.
    pub id: BudgetId,
    /// What it is of.
    pub subject: Subject,
    /// What that is called; none when a wall keeps it from the reader.
    pub name: Option<String>,
    /// For how long.
    pub span: Span,
    /// Its lines.
    pub limits: Limits,
    /// What was spent in the span.
    pub spent: Paise,
    /// What is set aside for calls being made.
    pub reserved: Paise,
    pub(super) soft_told: Option<String>,
    pub(super) hard_told: Option<String>,
}

/// Why a budget was not set.
#[derive(Debug, thiserror::Error)]
pub enum BudgetError {
    /// Only an admin may.
    #[error("only an admin may do that")]
    NotAllowed,
    /// There is no such budget, person or case, or it is not open to the caller.
    #[error("there is no such budget, person or case")]
    NotFound,
    /// The lines make no sense.
    #[error(
        "a budget needs a soft or a hard line, from 0 to ₹1,00,00,000.00, and the soft one not \
         above the hard one"
    )]
    Lines,
    /// Only a case can have a budget for good.
    #[error("a budget for good is for a case; the chamber and people have one for each month")]
    Span,
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbError),
}

/// A moment in India.
pub(super) fn in_india(at: DateTime<Utc>) -> NaiveDate {
    let zone = FixedOffset::east_opt(IST_SECS);
    zone.map_or_else(|| at.date_naive(), |zone| at.with_timezone(&zone).date_naive())
}

/// When the month of a moment began in India.
pub(super) fn month_began(at: DateTime<Utc>) -> DateTime<Utc> {
    let day = in_india(at);
    let first = day.with_day(1).unwrap_or(day).and_time(chrono::NaiveTime::MIN);
    let zone = FixedOffset::east_opt(IST_SECS);
    let began = zone.and_then(|zone| zone.from_local_datetime(&first).single());
    began.map_or_else(|| first.and_utc(), |began| began.to_utc())
}

impl Standing {
    /// Whether this much more may be set aside.
    pub(super) fn allows(&self, worst: Paise) -> bool {
        let all = [self.spent, self.reserved, worst].into_iter().sum::<Paise>();
        self.limits.hard.is_none_or(|hard| all <= hard)
    }

    /// Whether what was spent has reached the soft line.
    #[must_use]
    pub fn is_past_soft(&self) -> bool {
        self.limits.soft.is_some_and(|soft| self.spent >= soft && self.spent.0 > 0)
    }

    /// Whether what was spent has reached the hard line.
    #[must_use]
    pub fn is_past_hard(&self) -> bool {
        self.limits.hard.is_some_and(|hard| self.spent >= hard)
    }

    /// Whose budget it is, for someone who spends from it.
    pub(super) const fn whose(&self) -> &'static str {
        match (self.subject, self.span) {
            (Subject::Chamber, _) => "the chamber's budget for AI this month",
            (Subject::User(_), _) => "your budget for AI this month",
            (Subject::Case(_), Span::Month) => "this case's budget for AI this month",
            (Subject::Case(_), Span::Ever) => "this case's budget for AI",
        }
    }

    /// Why no model is called, for whoever asked. It names no amounts: those are the
    /// admins' to see.
    pub(super) fn used_up(&self, now: DateTime<Utc>) -> String {
        let again = match self.span {
            Span::Month => {
                let day = in_india(now);
                let next =
                    day.with_day(1).and_then(|day| day.checked_add_months(chrono::Months::new(1)));
                next.map_or_else(String::new, |day| {
                    format!(", or ask again on {}", day.format("%-d %B"))
                })
            }
            Span::Ever => String::new(),
        };
        format!(
            "what is left of {} does not cover another call; an admin can raise it{again}",
            self.whose()
        )
    }

    /// The month or span a letter about it stands for.
    pub(super) fn told_as(&self, now: DateTime<Utc>) -> String {
        match self.span {
            Span::Month => in_india(now).format("%Y-%m").to_string(),
            Span::Ever => "ever".to_owned(),
        }
    }
}

impl Usage {
    /// The budgets of the caller's organisation and how they stand; none unless they
    /// may see costs. A case that a wall keeps from them has no name.
    ///
    /// # Errors
    /// Fails when the database does.
    pub async fn budgets(&self, scope: &Scope) -> Result<Option<Vec<Standing>>, DbError> {
        if !scope.may(Permission::ReadCosts) {
            return Ok(None);
        }
        let mut tx = self.db.read().await?;
        let since = month_began(self.clock.now());
        Ok(Some(store::budgets::all(&mut tx, scope, since).await?))
    }

    /// Sets a budget, in the place of the one there is for the same span.
    ///
    /// # Errors
    /// Fails when the caller may not, the subject is not there or not open to them, the
    /// lines make no sense, or the database fails.
    pub async fn set_budget(
        &self,
        scope: &Scope,
        subject: Subject,
        span: Span,
        limits: Limits,
    ) -> Result<BudgetId, BudgetError> {
        if !scope.may(Permission::RunService) {
            return Err(BudgetError::NotAllowed);
        }
        check(subject, span, limits)?;
        let mut tx = self.db.write().await?;
        store::budgets::lock(&mut tx, scope.organisation()).await?;
        if !store::budgets::is_there(&mut tx, scope, subject).await? {
            return Err(BudgetError::NotFound);
        }
        let since = month_began(self.clock.now());
        let all = store::budgets::all(&mut tx, scope, since).await?;
        let before = all.into_iter().find(|one| one.subject == subject && one.span == span);
        let id = before.as_ref().map_or_else(BudgetId::new, |before| before.id);
        store::budgets::set(&mut tx, scope, id, (subject, span), limits, self.clock.now()).await?;
        let details = json!({
            "budget": id,
            "user": if let Subject::User(user) = subject { Some(user) } else { None },
            "case": if let Subject::Case(case) = subject { Some(case) } else { None },
            "span": span,
            "before": before.map(|before| before.limits),
            "after": limits,
        });
        let (organisation, user) = (scope.organisation(), Some(scope.user()));
        self.audit.record(&mut tx, organisation, user, "costs.budget.set", details).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// Removes a budget.
    ///
    /// # Errors
    /// Fails when the caller may not, there is none, or the database fails.
    pub async fn remove_budget(&self, scope: &Scope, id: BudgetId) -> Result<(), BudgetError> {
        if !scope.may(Permission::RunService) {
            return Err(BudgetError::NotAllowed);
        }
        let mut tx = self.db.write().await?;
        let since = month_began(self.clock.now());
        let all = store::budgets::all(&mut tx, scope, since).await?;
        // One that a wall keeps from the caller is not theirs to remove.
        let open = all.into_iter().find(|one| one.id == id && one.name.is_some());
        let before = open.ok_or(BudgetError::NotFound)?;
        store::budgets::remove(&mut tx, id).await?;
        let details = json!({
            "budget": id,
            "user": if let Subject::User(user) = before.subject { Some(user) } else { None },
            "case": if let Subject::Case(case) = before.subject { Some(case) } else { None },
            "span": before.span,
            "before": before.limits,
        });
        let (organisation, user) = (scope.organisation(), Some(scope.user()));
        self.audit.record(&mut tx, organisation, user, "costs.budget.remove", details).await?;
        Ok(tx.commit().await?)
    }

    /// How the budgets stand that a call goes by.
    pub(super) async fn standings_of(
        &self,
        tx: &mut Tx,
        account: &Account,
    ) -> Result<Vec<Standing>, DbError> {
        store::budgets::of(tx, account, month_began(self.clock.now())).await
    }
}

fn check(subject: Subject, span: Span, limits: Limits) -> Result<(), BudgetError> {
    let Limits { soft, hard } = limits;
    let fine = |line: Option<Paise>| line.is_none_or(|line| (0..=MOST).contains(&line.0));
    let ordered = soft.is_none() || hard.is_none() || soft <= hard;
    if (soft.is_none() && hard.is_none()) || !fine(soft) || !fine(hard) || !ordered {
        return Err(BudgetError::Lines);
    }
    if span == Span::Ever && !matches!(subject, Subject::Case(_)) {
        return Err(BudgetError::Span);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        DateTime::parse_from_rfc3339(text).unwrap().to_utc()
    }

    #[test]
    fn a_month_begins_at_midnight_in_india() {
        assert_eq!(month_began(at("2026-11-30T18:29:59Z")), at("2026-10-31T18:30:00Z"));
        assert_eq!(month_began(at("2026-11-30T18:30:00Z")), at("2026-11-30T18:30:00Z"));
    }

    #[test]
    fn lines_that_make_no_sense_are_refused() {
        let refused = |subject, span, soft: Option<i64>, hard: Option<i64>| {
            let limits = Limits { soft: soft.map(Paise), hard: hard.map(Paise) };
            check(subject, span, limits).is_err()
        };
        assert!(refused(Subject::Chamber, Span::Month, None, None));
        assert!(refused(Subject::Chamber, Span::Month, Some(2), Some(1)));
        assert!(refused(Subject::Chamber, Span::Month, None, Some(-1)));
        assert!(refused(Subject::Chamber, Span::Ever, None, Some(1)));
        assert!(!refused(Subject::Case(CaseId::new()), Span::Ever, Some(1), Some(1)));
        assert!(!refused(Subject::Chamber, Span::Month, None, Some(0)));
    }
}
