//! The diary, hearings of a case, cause lists and calendars.

mod calendars;
mod case;
mod cause_lists;
mod diary;

use std::collections::BTreeMap;

use crate::kernel::{CaseId, HearingId};

use super::parts::CaseRef;
use super::show::Day;

pub use calendars::{CalendarsPage, FeedRow};
pub use case::{CaseHearingsPage, ClaimRow};
pub use cause_lists::{CandidateRow, CauseListPage, CauseListRow, CauseListsPage, EntryRow};
pub use diary::{CourtRows, DiaryDay, DiaryPage, DiaryTask};

/// A hearing on a page.
#[derive(Debug, Clone)]
pub struct HearingRow {
    /// Which hearing.
    pub id: HearingId,
    /// The day.
    pub day: Day,
    /// The day of the week.
    pub weekday: String,
    /// The case.
    pub case: CaseRef,
    /// The court's number for the case.
    pub number: Option<String>,
    /// In which room.
    pub hall: Option<String>,
    /// At which item.
    pub item: Option<String>,
    /// When it begins.
    pub time: Option<String>,
    /// Before whom, and in which list.
    pub bench: String,
    /// The stage and what it is for.
    pub purpose: String,
    /// How it went.
    pub outcome: String,
    /// By whom and why it was put off.
    pub adjourned: String,
    /// Who appeared.
    pub appeared: String,
    /// Costs that were ordered.
    pub costs: Option<String>,
    /// The note.
    pub note: Option<String>,
    /// How its day is known, and where that can be read.
    pub source: (String, Option<String>),
    /// The words it is known from.
    pub quote: Option<String>,
    /// Why it was withdrawn.
    pub withdrawn: Option<String>,
    /// The days it was moved from, in words.
    pub moved: Vec<String>,
    /// Whether its day has come, so that it can be said how it went.
    pub has_come: bool,
    /// Whether it was said how it went.
    pub held: bool,
    /// What was entered of how it went, as the fields of the form, so that a correction of
    /// one does not wipe the others out.
    pub entered: BTreeMap<&'static str, String>,
    /// How often it was changed, which its forms send back: what changed meanwhile is not
    /// undone by whoever did not see it.
    pub sequence: i64,
    /// Whether its forms are shown.
    pub forms: bool,
}

impl HearingRow {
    /// What a field of its form says: what was typed where the form was refused, and
    /// otherwise what was entered before.
    #[must_use]
    pub fn of(&self, typed: &Typed, form: &str, name: &str) -> String {
        if typed.form == form {
            return typed.of(form, name);
        }
        self.entered.get(name).cloned().unwrap_or_default()
    }
}

/// Something wrong with dates, on a page.
#[derive(Debug, Clone)]
pub struct WarningRow {
    /// The kind, in words.
    pub kind: &'static str,
    /// The case.
    pub case: CaseRef,
    /// The sentence.
    pub words: String,
}

/// What was typed into a form that was refused, and what was wrong with it.
#[derive(Debug, Clone, Default)]
pub struct Typed {
    /// Which form.
    pub form: String,
    /// The fields.
    pub fields: BTreeMap<String, String>,
    /// What was wrong.
    pub error: Option<String>,
}

impl Typed {
    /// What was typed into a field of a form.
    #[must_use]
    pub fn of(&self, form: &str, name: &str) -> String {
        let typed = self.fields.get(name).filter(|_| self.form == form);
        typed.cloned().unwrap_or_default()
    }

    /// Whether a choice was made in a form.
    #[must_use]
    pub fn chose(&self, form: &str, name: &str, value: &str) -> bool {
        self.of(form, name) == value
    }

    /// What was wrong with a form.
    #[must_use]
    pub fn error(&self, form: &str) -> Option<&str> {
        self.error.as_deref().filter(|_| self.form == form)
    }
}

/// The address of a case's hearings.
#[must_use]
pub fn page_of(case: CaseId) -> String {
    format!("/cases/{case}/hearings")
}

#[cfg(test)]
mod samples {
    use super::super::parts::samples::{case, day, text};
    use super::*;

    impl HearingRow {
        pub(crate) fn sample() -> Self {
            Self {
                id: HearingId::new(),
                day: day(-1),
                weekday: text("Monday"),
                case: case(),
                number: Some(text("CS(COMM) 45/2026")),
                hall: Some(text("12")),
                item: Some(text("31")),
                time: Some(text("10:30")),
                bench: text("Rao J., daily list"),
                purpose: text("evidence: cross-examination of PW-1"),
                outcome: text("adjourned"),
                adjourned: text("by the other side: counsel not available"),
                appeared: text("R. Iyer for us; V. Bhatia for them"),
                costs: Some(text("₹5,000.00")),
                note: Some(text("Last opportunity.")),
                source: (text("a document, page 2"), Some(text("/documents/1?page=2"))),
                quote: Some(text("List on 14.12.2026 for evidence.")),
                withdrawn: None,
                moved: vec![text("moved from 19 Nov 2026: bench not sitting")],
                has_come: true,
                held: true,
                entered: [("outcome", text("adjourned")), ("costs", text("₹5,000.00"))].into(),
                sequence: 2,
                forms: true,
            }
        }

        pub(crate) fn sample_coming() -> Self {
            let row = Self::sample();
            let (outcome, adjourned) = (String::new(), String::new());
            let entered = BTreeMap::new();
            Self { day: day(20), outcome, adjourned, has_come: false, held: false, entered, ..row }
        }
    }

    impl WarningRow {
        pub(crate) fn sample() -> Self {
            let words = text("Nobody has entered how it went on 3 Nov 2026.");
            Self { kind: "how it went is not entered", case: case(), words }
        }
    }
}
