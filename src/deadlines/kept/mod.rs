//! Limitations of cases: worked out for a court, kept as deadlines, and worked out again
//! when a rule or calendar changed since.

mod reviews;
mod store;

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::calendar::Calendar;
use super::holidays::CourtCalendar;
use super::limitation::{self, Asked, Rule, Warning, WarningKind, Worked, due, work_out};
use super::tasks::{NewTask, TaskKind};
use super::{DeadlineError, Deadlines};
use crate::db::Tx;
use crate::kernel::{
    CaseId, HolidayCalendarId, LimitationId, Permission, Scope, TaskId, UserId, day_in_india,
};

pub use reviews::{Review, ReviewedRule};

/// For which court a limitation is worked out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Place {
    /// For the court of a case.
    pub case: Option<CaseId>,
    /// By a calendar, whatever the court of the case.
    pub calendar: Option<HolidayCalendarId>,
}

/// A limitation as it was worked out just now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkedOut {
    /// The steps and days.
    pub worked: Worked,
    /// The calendar that was looked at.
    pub calendar: Option<HolidayCalendarId>,
    /// Who of the chamber checked the rule, as its text is now.
    pub review: Option<Review>,
}

/// A limitation to be kept in a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewLimitation {
    /// The dates.
    pub asked: Asked,
    /// The case.
    pub case: CaseId,
    /// By a calendar, whatever the court of the case.
    pub calendar: Option<HolidayCalendarId>,
    /// What is to be done; worded from the rule when left out.
    pub title: Option<String>,
    /// By whom.
    pub assignee: Option<UserId>,
}

/// A limitation that was kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// Its id.
    pub id: LimitationId,
    /// Of which case.
    pub case_id: CaseId,
    /// The case's title.
    pub case_title: String,
    /// The dates.
    pub asked: Asked,
    /// The steps and days, as they were worked out then; what is warned of is as of today.
    pub worked: Worked,
    /// The calendar that was looked at.
    pub calendar: Option<HolidayCalendarId>,
    /// The deadline it became.
    pub task: Option<TaskId>,
    /// Who kept it.
    pub kept_by: String,
    /// When.
    pub kept_at: DateTime<Utc>,
    /// Whether it was worked out again and another counts.
    pub replaced: bool,
    /// What changed since: sentences; empty when nothing did.
    pub stale: Vec<&'static str>,
}

impl Deadlines {
    /// Works a limitation out, keeping nothing.
    ///
    /// # Errors
    /// Fails when there is no such rule or calendar, the case is not open to the caller,
    /// or the dates do not fit.
    pub async fn work_out(
        &self,
        scope: &Scope,
        asked: &Asked,
        place: Place,
    ) -> Result<WorkedOut, DeadlineError> {
        if !scope.may(Permission::ReadCases) {
            return Err(DeadlineError::NotAllowed);
        }
        let court = match place.case {
            Some(case) => self.court_of(scope, case).await?,
            None => None,
        };
        let mut tx = self.parts.db.read().await?;
        let found = self.calendar_for(&mut tx, scope, place.calendar, court.as_deref()).await?;
        self.worked(&mut tx, scope, asked, found).await
    }

    /// The court of a case whose contents are open to the caller.
    async fn court_of(&self, scope: &Scope, case: CaseId) -> Result<Option<String>, DeadlineError> {
        if !scope.opens(case) {
            return Err(crate::cases::CaseError::NotFound.into());
        }
        Ok(self.parts.cases.find(scope, case).await?.court)
    }

    async fn calendar_for(
        &self,
        tx: &mut Tx,
        scope: &Scope,
        chosen: Option<HolidayCalendarId>,
        court: Option<&str>,
    ) -> Result<Option<CourtCalendar>, DeadlineError> {
        match chosen {
            Some(id) => {
                let found = self.calendar_in(tx, scope, id).await?;
                found.map(Some).ok_or(DeadlineError::NoCalendar)
            }
            None => self.calendar_of(tx, scope, court).await,
        }
    }

    async fn worked(
        &self,
        tx: &mut Tx,
        scope: &Scope,
        asked: &Asked,
        found: Option<CourtCalendar>,
    ) -> Result<WorkedOut, DeadlineError> {
        let rule = limitation::rule(&asked.rule).ok_or(DeadlineError::NoRule)?;
        let (calendar, id) = match found {
            Some(found) => (found.calendar, Some(found.id)),
            None => (Calendar::bare(), None),
        };
        let mut worked = work_out(rule, asked, &calendar, day_in_india(self.parts.clock.now()))?;
        let review = reviews::of(tx, scope, rule).await?;
        if let Some(warning) = unchecked(rule, review.as_ref()) {
            worked.warnings.insert(0, warning);
        }
        Ok(WorkedOut { worked, calendar: id, review })
    }

    /// Works a limitation out and keeps it in a case, with its last day as a deadline.
    ///
    /// # Errors
    /// Fails as [`Deadlines::work_out`] and [`Deadlines::add`].
    pub async fn keep(
        &self,
        scope: &Scope,
        new: NewLimitation,
    ) -> Result<(LimitationId, TaskId), DeadlineError> {
        let court = self.parts.cases.to_be_changed(scope, new.case).await?.court;
        let mut tx = self.parts.db.write().await?;
        self.parts.cases.changes(&mut tx, scope, new.case).await?;
        let found = self.calendar_for(&mut tx, scope, new.calendar, court.as_deref()).await?;
        let hash = calendar_hash(found.as_ref());
        let out = self.worked(&mut tx, scope, &new.asked, found).await?;
        let id = LimitationId::new();
        let row = store::Row { id, case: new.case, calendar: out.calendar, hash: &hash };
        store::insert(&mut tx, scope, row, (&new.asked, &out.worked), self.parts.clock.now())
            .await?;
        let words = format!("Last day to {}", out.worked.act);
        let title = new.title.filter(|title| !title.trim().is_empty()).unwrap_or(words);
        let task = NewTask {
            case: Some(new.case),
            kind: TaskKind::Deadline,
            title,
            note: None,
            due_on: Some(out.worked.last_day),
            assignee: new.assignee,
            source: None,
        };
        let task = self.enter(&mut tx, scope, task, Some(id)).await?;
        let details = json!({ "case": new.case, "limitation": id, "task": task });
        self.record(&mut tx, scope, "limitation.keep", details).await?;
        tx.commit().await?;
        Ok((id, task))
    }

    /// The limitations kept in a case that count, by last day.
    ///
    /// # Errors
    /// Fails when the case is not open to the caller.
    pub async fn kept(&self, scope: &Scope, case: CaseId) -> Result<Vec<Kept>, DeadlineError> {
        let mut tx = self.parts.db.read().await?;
        self.parts.cases.reads(&mut tx, scope, case).await?;
        let rows = store::of_case(&mut tx, scope, case).await?;
        let mut kept = Vec::with_capacity(rows.len());
        for row in rows {
            kept.push(self.looked_at(&mut tx, scope, row).await?);
        }
        Ok(kept)
    }

    /// A limitation that was kept.
    ///
    /// # Errors
    /// Fails with [`DeadlineError::NoLimitation`] when it is not there or its case not
    /// open to the caller.
    pub async fn kept_one(&self, scope: &Scope, id: LimitationId) -> Result<Kept, DeadlineError> {
        let mut tx = self.parts.db.read().await?;
        let row = store::find(&mut tx, scope, id).await?.ok_or(DeadlineError::NoLimitation)?;
        self.looked_at(&mut tx, scope, row).await
    }

    /// A kept limitation with what changed since.
    async fn looked_at(
        &self,
        tx: &mut Tx,
        scope: &Scope,
        row: store::KeptRow,
    ) -> Result<Kept, DeadlineError> {
        let mut stale = Vec::new();
        match limitation::rule(&row.rule) {
            Some(rule) if rule.hash() == row.rule_hash => {}
            Some(_) => stale.push("The text of the rule changed since this was worked out."),
            None => stale.push("The rule is no longer in the table."),
        }
        let now = match row.calendar_id {
            Some(id) => self.calendar_in(tx, scope, id).await?,
            None => self.calendar_of(tx, scope, row.court.as_deref()).await?,
        };
        if calendar_hash(now.as_ref()) != row.calendar_hash {
            stale.push("The calendar of the court changed since this was worked out.");
        }
        let rule = limitation::rule(&row.rule).filter(|rule| rule.hash() == row.rule_hash);
        let to_be_done = row.to_be_done;
        let mut kept = row.kept(stale)?;
        self.warn_as_of_today(&mut kept.worked, to_be_done);
        if let Some(rule) = rule {
            kept.worked.warnings.retain(|one| one.kind != WarningKind::Unchecked);
            if let Some(warning) = unchecked(rule, reviews::of(tx, scope, rule).await?.as_ref()) {
                kept.worked.warnings.insert(0, warning);
            }
        }
        Ok(kept)
    }

    /// Says how near the last day is today, and not how near it was when it was kept. Where
    /// the deadline is done or cancelled, nothing is said of it.
    fn warn_as_of_today(&self, worked: &mut Worked, to_be_done: bool) {
        let is_of_its_day = |kind| matches!(kind, WarningKind::Past | WarningKind::Close);
        worked.warnings.retain(|one| !is_of_its_day(one.kind));
        if to_be_done {
            let today = day_in_india(self.parts.clock.now());
            worked.warnings.extend(due(worked.last_day, worked.condonable_until, today));
        }
    }

    /// Works a kept limitation out again, with the rule and calendar as they are now. The
    /// new one counts; its last day becomes the day of the deadline, where that is open.
    ///
    /// # Errors
    /// Fails when it is not there or not the caller's to change, when it was worked out
    /// again before, and as [`Deadlines::work_out`].
    pub async fn again(
        &self,
        scope: &Scope,
        id: LimitationId,
    ) -> Result<LimitationId, DeadlineError> {
        let before = self.kept_one(scope, id).await?;
        let court = self.parts.cases.to_be_changed(scope, before.case_id).await?.court;
        let mut tx = self.parts.db.write().await?;
        self.parts.cases.changes(&mut tx, scope, before.case_id).await?;
        let now = self.parts.clock.now();
        if !store::replace(&mut tx, id, now).await? {
            let words = "it was worked out again already; open the one that counts";
            return Err(DeadlineError::Settled(words));
        }
        let found = self.calendar_for(&mut tx, scope, before.calendar, court.as_deref()).await?;
        let hash = calendar_hash(found.as_ref());
        let out = self.worked(&mut tx, scope, &before.asked, found).await?;
        let next = LimitationId::new();
        let row =
            store::Row { id: next, case: before.case_id, calendar: out.calendar, hash: &hash };
        store::insert(&mut tx, scope, row, (&before.asked, &out.worked), now).await?;
        store::move_task(&mut tx, (id, next), out.worked.last_day).await?;
        let details = json!({ "case": before.case_id, "limitation": next, "before": id });
        self.record(&mut tx, scope, "limitation.again", details).await?;
        tx.commit().await?;
        Ok(next)
    }

    /// Takes a limitation out of what counts; its deadline is cancelled with it.
    ///
    /// # Errors
    /// Fails when it is not there or not the caller's to change, or does not count.
    pub async fn drop_kept(&self, scope: &Scope, id: LimitationId) -> Result<(), DeadlineError> {
        let before = self.kept_one(scope, id).await?;
        self.parts.cases.to_be_changed(scope, before.case_id).await?;
        let mut tx = self.parts.db.write().await?;
        self.parts.cases.changes(&mut tx, scope, before.case_id).await?;
        let now = self.parts.clock.now();
        if !store::replace(&mut tx, id, now).await? {
            return Err(DeadlineError::Settled("it does not count any more; nothing was changed"));
        }
        store::cancel_task(&mut tx, scope, id, now).await?;
        let details: Value = json!({ "case": before.case_id, "limitation": id });
        self.record(&mut tx, scope, "limitation.drop", details).await?;
        tx.commit().await?;
        Ok(())
    }
}

fn calendar_hash(found: Option<&CourtCalendar>) -> String {
    found.map_or_else(|| Calendar::bare().hash(), |found| found.calendar.hash())
}

/// The warning that nobody of the chamber checked a rule.
fn unchecked(rule: &Rule, review: Option<&Review>) -> Option<Warning> {
    let checked = rule.checked || review.is_some();
    (!checked).then(|| Warning {
        kind: WarningKind::Unchecked,
        text: "This rule is not yet checked by a lawyer of this chamber: compare it with the law \
               before you rely on it."
            .to_owned(),
    })
}
