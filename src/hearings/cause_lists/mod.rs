//! Cause lists: a list is read, its entries are compared with the cases the reader may
//! change, and what they accept becomes hearings.
//!
//! A list is its reader's own. Its text is kept for some days, so that the review can be
//! gone on with; entries that are not ours are never kept apart from it. What was accepted
//! stays with the hearing, with the words of its entry.

mod accept;
mod head;
mod matching;
mod names;
mod numbers;
mod parse;

use chrono::{DateTime, Days, NaiveDate, Utc};
use serde_json::json;

use super::{
    Hearing, HearingError, HearingQuery, Hearings, ListDecision, ListType, SourceKind, filled,
    store,
};
use crate::db::DbError;
use crate::kernel::{CaseId, CauseListId, HearingId, Permission, Scope};
use matching::Register;

pub use accept::Taken;
pub use head::{Head, head};
pub use matching::Likely;
pub use parse::{ListEntry, entries};

/// The longest text of a list, in bytes.
pub const LONGEST_LIST: usize = 4 << 20;
/// How many days the text of a list is kept.
pub const KEPT_DAYS: u64 = 14;

/// A list to be read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NewCauseList {
    /// What it is called: the name of its file.
    pub name: String,
    /// Its text.
    pub text: String,
    /// The court; that of its head when left out.
    pub court: Option<String>,
    /// Its day; that of its head when left out.
    pub on_date: Option<NaiveDate>,
    /// Its kind; that of its head when left out.
    pub list_type: Option<ListType>,
}

/// A list the caller added.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CauseList {
    /// Its id.
    pub id: CauseListId,
    /// What it is called.
    pub name: String,
    /// The court.
    pub court: Option<String>,
    /// Its day.
    pub on_date: NaiveDate,
    /// Its kind.
    pub list_type: Option<ListType>,
    /// Its text; none once it was removed. Empty where lists are listed.
    pub text: Option<String>,
    /// When it was added.
    pub added_at: DateTime<Utc>,
    /// How many of its entries were accepted in cases open to the caller.
    pub accepted: i64,
}

/// What accepting an entry for a case would do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Would {
    /// A hearing would be entered.
    Add,
    /// The hearing known for that day would be confirmed, and its hall and item entered.
    Confirm(HearingId),
    /// Another day is known.
    Contradict {
        /// The hearing.
        hearing: HearingId,
        /// Its day.
        known: NaiveDate,
    },
}

/// A case an entry may be about, and what can be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// The case, and why.
    pub likely: Likely,
    /// What accepting would do.
    pub would: Would,
    /// What was decided already, and the hearing.
    pub decided: Option<(ListDecision, Option<HearingId>)>,
}

/// An entry that may be about one of our cases.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reviewed {
    /// The entry.
    pub entry: ListEntry,
    /// The cases it may be about, the surest first.
    pub candidates: Vec<Candidate>,
}

/// A list beside the caller's cases.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Review {
    /// The list.
    pub list: CauseList,
    /// How many entries it has.
    pub entries: usize,
    /// Those that may be about a case of ours.
    pub ours: Vec<Reviewed>,
}

impl Hearings {
    /// Takes a list in.
    ///
    /// # Errors
    /// Fails for whoever works on no cases, on an empty or very long text, and where
    /// neither the caller nor its head says of which day it is.
    pub async fn add_cause_list(
        &self,
        scope: &Scope,
        new: NewCauseList,
    ) -> Result<CauseListId, HearingError> {
        if !scope.may(Permission::WorkOnCases) {
            return Err(HearingError::NoList);
        }
        if new.text.trim().is_empty() {
            return Err(HearingError::Unfit("the list is empty; paste its text or choose a file"));
        }
        if new.text.len() > LONGEST_LIST {
            return Err(HearingError::Unfit("the list is too long; send it court by court"));
        }
        let head = head(&new.text);
        let on = new.on_date.or(head.on_date).ok_or(HearingError::Unfit(
            "the list does not say of which day it is; enter the day",
        ))?;
        super::add::fits(on)?;
        let name = filled(Some(new.name))?.unwrap_or_else(|| "Pasted list".to_owned());
        let new = NewCauseList {
            name: name.chars().take(200).collect(),
            // PostgreSQL keeps no text with a nought in it.
            text: new.text.replace('\0', " "),
            court: filled(new.court)?.or(head.court),
            on_date: Some(on),
            list_type: new.list_type.or(head.list_type),
        };
        let (id, now) = (CauseListId::new(), self.parts.clock.now());
        let mut tx = self.parts.db.write().await?;
        store::lists::insert(&mut tx, scope, id, (&new, on), now).await?;
        self.record(&mut tx, scope, "cause_list.add", json!({ "list": id })).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// The lists the caller added, the newest first.
    ///
    /// # Errors
    /// Fails when the database does.
    pub async fn cause_lists(&self, scope: &Scope) -> Result<Vec<CauseList>, HearingError> {
        let mut tx = self.parts.db.read().await?;
        Ok(store::lists::list(&mut tx, scope).await?)
    }

    /// Changes the day and court of a list: entries not accepted yet are of that day.
    ///
    /// # Errors
    /// Fails with [`HearingError::NoList`] when it is not the caller's.
    pub async fn change_cause_list(
        &self,
        scope: &Scope,
        id: CauseListId,
        (on, court): (NaiveDate, Option<String>),
    ) -> Result<(), HearingError> {
        super::add::fits(on)?;
        let court = filled(court)?;
        let mut tx = self.parts.db.write().await?;
        if !store::lists::set_head(&mut tx, scope, id, (on, court)).await? {
            return Err(HearingError::NoList);
        }
        self.record(&mut tx, scope, "cause_list.change", json!({ "list": id })).await?;
        tx.commit().await?;
        Ok(())
    }

    /// A list beside the cases the caller may change at this moment.
    ///
    /// # Errors
    /// Fails with [`HearingError::NoList`] when it is not the caller's.
    pub async fn review(&self, scope: &Scope, id: CauseListId) -> Result<Review, HearingError> {
        let (list, ours, decided) = {
            let mut tx = self.parts.db.read().await?;
            let found = store::lists::find(&mut tx, scope, id).await?;
            let list = found.ok_or(HearingError::NoList)?;
            let ours = store::lists::ours(&mut tx, scope).await?;
            let decided = store::lists::decided(&mut tx, scope, id).await?;
            (list, ours, decided)
        };
        let text = list.text.clone().unwrap_or_default();
        let court = list.court.clone();
        // Long lists take a while; nobody else should wait.
        let work = tokio::task::spawn_blocking(move || {
            let register = Register::of(ours);
            let found = entries(&text);
            let total = found.len();
            let likely = |entry: ListEntry| {
                let likely = register.likely(&entry, court.as_deref());
                (!likely.is_empty()).then_some((entry, likely))
            };
            (total, found.into_iter().filter_map(likely).collect::<Vec<_>>())
        });
        // A bug in there is one here: nobody is told that nothing was found.
        let (total, matched) = match work.await {
            Ok(matched) => matched,
            Err(error) => std::panic::resume_unwind(error.into_panic()),
        };
        let mut ours = Vec::with_capacity(matched.len());
        for (entry, likely) in matched {
            let mut candidates = Vec::with_capacity(likely.len());
            for likely in likely {
                let case = likely.case_id;
                let was = decided.iter().find(|one| one.entry == entry.number && one.case == case);
                let would = self.would(scope, case, list.on_date).await?;
                let decided = was.map(|one| (one.decision, one.hearing));
                candidates.push(Candidate { likely, would, decided });
            }
            ours.push(Reviewed { entry, candidates });
        }
        Ok(Review { list, entries: total, ours })
    }

    /// What accepting an entry of a day would do in a case.
    async fn would(&self, scope: &Scope, case: CaseId, day: NaiveDate) -> Result<Would, DbError> {
        let from = Some(self.today().min(day));
        let asked = HearingQuery { case: Some(case), from, limit: 100, ..HearingQuery::default() };
        Ok(judge(&self.list(scope, asked).await?, day, self.today()))
    }

    /// Removes the text of a list; what was accepted stays.
    ///
    /// # Errors
    /// Fails with [`HearingError::NoList`] when it is not the caller's or has none.
    pub async fn forget_cause_list(
        &self,
        scope: &Scope,
        id: CauseListId,
    ) -> Result<(), HearingError> {
        let mut tx = self.parts.db.write().await?;
        if !store::lists::forget(&mut tx, scope, id).await? {
            return Err(HearingError::NoList);
        }
        self.record(&mut tx, scope, "cause_list.forget", json!({ "list": id })).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Removes the texts of lists that are older than they are kept; says of how many.
    ///
    /// # Errors
    /// Fails when the database does.
    pub async fn forget_old_lists(&self) -> Result<u64, DbError> {
        let now = self.parts.clock.now();
        let before = now.checked_sub_days(Days::new(KEPT_DAYS)).unwrap_or(now);
        let mut tx = self.parts.db.write().await?;
        let count = store::lists::forget_before(&mut tx, before).await?;
        tx.commit().await?;
        Ok(count)
    }
}

/// What an entry of a day means to the hearings of a case.
fn judge(known: &[Hearing], day: NaiveDate, today: NaiveDate) -> Would {
    if let Some(same) = known.iter().find(|one| one.known.on_date == day) {
        return Would::Confirm(same.id);
    }
    if day < today {
        // What was listed before does not contradict what is to come.
        return Would::Add;
    }
    let coming = known.iter().find(|one| one.known.outcome.is_none() && one.known.on_date >= today);
    coming.map_or(Would::Add, |one| Would::Contradict { hearing: one.id, known: one.known.on_date })
}

/// The words of an entry as a hearing keeps them.
fn quoted(entry: &ListEntry) -> String {
    let words: Vec<&str> = entry.text.split_whitespace().collect();
    let item = entry.item.as_ref().map(|item| format!("{item}. ")).unwrap_or_default();
    format!("{item}{}", words.join(" ")).chars().take(1_000).collect()
}

/// How a hearing from a list is known.
const FROM_LIST: SourceKind = SourceKind::CauseList;
