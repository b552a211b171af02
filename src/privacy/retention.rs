//! Retention: how long cases are kept after they ended, and which are due. Nothing is
//! erased by a rule: a due case is shown, and an admin may erase it.

use chrono::{Datelike, NaiveDate};
use serde_json::json;

use super::{Privacy, PrivacyError, allowed, store};
use crate::audit::Changes;
use crate::kernel::{CaseId, Scope};

/// Nobody keeps files longer than this, in years.
const LONGEST: i64 = 100;

/// How long a case is kept.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Rule {
    /// The case.
    pub case_id: CaseId,
    /// How it is called.
    pub title: String,
    /// The day it ended, as `YYYY-MM-DD`.
    pub ended_on: String,
    /// How many years it is kept from then.
    pub years: i64,
    /// How many documents it has.
    pub documents: i64,
}

/// A rule, and when it lets the case go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// The rule.
    pub rule: Rule,
    /// The first day on which the case may be erased.
    pub from: NaiveDate,
    /// Whether that day has come.
    pub is_due: bool,
    /// Why it must be kept all the same.
    pub held: Option<String>,
}

impl Privacy {
    /// Says how long a case is kept after the day it ended.
    ///
    /// # Errors
    /// Fails when the case is not open to the caller, or the years make no sense.
    pub async fn keep_for(
        &self,
        scope: &Scope,
        case: CaseId,
        ended_on: NaiveDate,
        years: i64,
    ) -> Result<(), PrivacyError> {
        allowed(scope)?;
        if !(0..=LONGEST).contains(&years) {
            let words = format!("keep it for 0 to {LONGEST} years");
            return Err(PrivacyError::Invalid(words));
        }
        let mut tx = self.db.write().await?;
        if !scope.opens(case) || store::case(&mut tx, scope.organisation(), case).await?.is_none() {
            return Err(PrivacyError::NotFound);
        }
        let ended = ended_on.to_string();
        let before = store::rule(&mut tx, scope, case).await?;
        store::set_rule(&mut tx, scope, case, &ended, years, self.clock.now()).await?;
        let (before_ended, before_years) = before.unzip();
        let details = Changes::of("ended_on", before_ended, &ended)
            .and("years", before_years, years)
            .onto(json!({ "case": case }));
        self.record(&mut tx, scope, "retention.set", details).await?;
        Ok(tx.commit().await?)
    }

    /// The rules on cases open to the caller, the first due first.
    ///
    /// # Errors
    /// Fails for callers who do not protect data.
    pub async fn retention(&self, scope: &Scope) -> Result<Vec<Due>, PrivacyError> {
        allowed(scope)?;
        let today = self.clock.now().date_naive();
        let mut tx = self.db.read().await?;
        let mut due = Vec::new();
        for rule in store::rules(&mut tx, scope.organisation()).await? {
            if !scope.opens(rule.case_id) {
                continue;
            }
            let id = rule.case_id.uuid();
            let held = store::hold_on(&mut tx, super::holds::Column::Case, id).await?;
            let from = until(&rule);
            due.push(Due { is_due: from <= today, from, rule, held });
        }
        due.sort_by_key(|due| due.from);
        Ok(due)
    }
}

/// The day a rule lets its case go. The 29th of February becomes the 1st of March.
fn until(rule: &Rule) -> NaiveDate {
    let ended: NaiveDate = rule.ended_on.parse().unwrap_or(NaiveDate::MAX);
    let year = i32::try_from(rule.years).ok().and_then(|years| ended.year().checked_add(years));
    let Some(year) = year else { return NaiveDate::MAX };
    ended.with_year(year).or_else(|| NaiveDate::from_ymd_opt(year, 3, 1)).unwrap_or(NaiveDate::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn years_are_counted_from_the_day_it_ended() {
        let rule = |ended_on: &str, years| Rule {
            case_id: CaseId::new(),
            title: String::new(),
            ended_on: ended_on.to_owned(),
            years,
            documents: 0,
        };
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        assert_eq!(until(&rule("2020-05-17", 7)), day("2027-05-17"));
        assert_eq!(until(&rule("2024-02-29", 1)), day("2025-03-01"));
        assert_eq!(until(&rule("2024-02-29", 4)), day("2028-02-29"));
        assert_eq!(until(&rule("no day", 1)), NaiveDate::MAX);
    }
}
