//! Cause lists: taken in, and reviewed.

use askama::Template;

use super::Typed;
use crate::kernel::{CaseId, CauseListId};
use crate::web::page::{Layout, pages};
use crate::web::parts::{CaseRef, Choice};
use crate::web::show::{Day, Moment};

/// The lists somebody added, and the form for another.
#[derive(Debug, Clone, Template)]
#[template(path = "hearings/cause_lists.html")]
pub struct CauseListsPage {
    /// The frame.
    pub layout: Layout,
    /// The lists, the newest first.
    pub lists: Vec<CauseListRow>,
    /// What was typed into a form that was refused.
    pub typed: Typed,
}

/// A list.
#[derive(Debug, Clone)]
pub struct CauseListRow {
    /// Which list.
    pub id: CauseListId,
    /// What it is called.
    pub name: String,
    /// The court.
    pub court: Option<String>,
    /// Its day.
    pub day: Day,
    /// When it was added.
    pub added: Moment,
    /// How many entries were accepted.
    pub accepted: u64,
    /// Whether its text is still there.
    pub has_text: bool,
}

/// A list beside the cases of its reader.
#[derive(Debug, Clone, Template)]
#[template(path = "hearings/cause_list.html")]
pub struct CauseListPage {
    /// The frame.
    pub layout: Layout,
    /// The list.
    pub list: CauseListRow,
    /// How many entries it has.
    pub entries: usize,
    /// Those that may be about cases of the reader.
    pub ours: Vec<EntryRow>,
    /// The cases an entry can be accepted for besides its candidates.
    pub cases: Vec<Choice>,
    /// What was typed into a form that was refused.
    pub typed: Typed,
}

/// An entry of a list.
#[derive(Debug, Clone)]
pub struct EntryRow {
    /// Its place in the list.
    pub number: u32,
    /// Item, hall, bench.
    pub place: String,
    /// Its words.
    pub text: String,
    /// The cases it may be about.
    pub candidates: Vec<CandidateRow>,
}

/// A case an entry may be about.
#[derive(Debug, Clone)]
pub struct CandidateRow {
    /// The case.
    pub case: CaseRef,
    /// The court's number for it.
    pub number: Option<String>,
    /// How sure it is, in percent, and why.
    pub score: u32,
    /// Why.
    pub reasons: String,
    /// What accepting would do.
    pub would: String,
    /// Whether another day is known.
    pub contradicts: bool,
    /// What was decided already.
    pub decided: Option<&'static str>,
}

impl CandidateRow {
    /// The case, as a form sends it.
    #[must_use]
    pub const fn case_id(&self) -> CaseId {
        self.case.id
    }
}

pages!(CauseListsPage, CauseListPage);

#[cfg(test)]
mod samples {
    use super::*;
    use crate::kernel::Role;
    use crate::web::page::Area;
    use crate::web::parts::samples::{case, day, moment, text};

    impl CauseListRow {
        fn sample() -> Self {
            Self {
                id: CauseListId::new(),
                name: text("list-23-11-2026.pdf"),
                court: Some(text("High Court of Delhi")),
                day: day(1),
                added: moment(0),
                accepted: 2,
                has_text: true,
            }
        }
    }

    impl CauseListsPage {
        pub(crate) fn sample() -> Self {
            Self {
                layout: Layout::sample("Cause lists", Area::Diary, Role::Staff),
                lists: vec![CauseListRow::sample()],
                typed: Typed::default(),
            }
        }

        pub(crate) fn sample_empty() -> Self {
            let typed = Typed {
                form: text("add"),
                fields: [(text("text"), text("not a list"))].into(),
                error: Some(text("Enter the day of the list.")),
            };
            Self { lists: Vec::new(), typed, ..Self::sample() }
        }
    }

    impl CauseListPage {
        pub(crate) fn sample() -> Self {
            let candidate = |contradicts, decided| CandidateRow {
                case: case(),
                number: Some(text("CS(COMM) 45/2026")),
                score: 95,
                reasons: text("the same case number, the names of the parties"),
                would: text("A hearing would be entered."),
                contradicts,
                decided,
            };
            Self {
                layout: Layout::sample("Cause list", Area::Diary, Role::Staff),
                list: CauseListRow::sample(),
                entries: 240,
                ours: vec![EntryRow {
                    number: 31,
                    place: text("item 31, court hall 12, A. K. Rao J."),
                    text: text("CS(COMM) 45/2026\nSHARMA V. KAPOOR"),
                    candidates: vec![
                        candidate(false, None),
                        candidate(true, None),
                        candidate(false, Some("accepted")),
                    ],
                }],
                cases: vec![Choice {
                    value: text("1"),
                    label: text("Sharma v. Kapoor"),
                    chosen: false,
                }],
                typed: Typed::default(),
            }
        }

        pub(crate) fn sample_empty() -> Self {
            Self { ours: Vec::new(), cases: Vec::new(), ..Self::sample() }
        }
    }
}
