//! A case at a glance: what happened last, what is next, what is owed, what is new.

use crate::kernel::{CaseId, ConflictCheckId, DocumentId};
use crate::web::show::{Day, Moment};

/// A case at a glance.
#[derive(Debug, Clone, Default)]
pub struct Glance {
    /// The hearing before.
    pub last: Option<Listed>,
    /// The hearing to come.
    pub next: Option<Listed>,
    /// Whether a next date is missing.
    pub no_date: bool,
    /// What is to be done next, and how much more there is.
    pub tasks: Vec<Todo>,
    /// How many more there are to be done.
    pub more_tasks: u64,
    /// Its money, for those who may see it.
    pub money: Option<Owing>,
    /// What came since the reader looked last.
    pub news: Fresh,
    /// Its parties.
    pub parties: Vec<PartyLine>,
    /// The proceeding it belongs to.
    pub tree: Vec<BranchLine>,
    /// Its tags.
    pub tags: Vec<String>,
    /// Notes pinned in it.
    pub notes: Vec<String>,
    /// What else is known: the stage, who sits, the acts.
    pub facts: Vec<(&'static str, String)>,
    /// How and when it was closed.
    pub closed: Option<String>,
    /// Conflict checks that wait for a decision of the reader's: which, and for what, in words.
    pub checks: Vec<(ConflictCheckId, String)>,
    /// Required fields of the chamber's own that are empty.
    pub empty: Vec<String>,
    /// What may be a slip in what is known.
    pub warnings: Vec<String>,
}

/// A hearing.
#[derive(Debug, Clone)]
pub struct Listed {
    /// The day.
    pub day: Day,
    /// Where and for what.
    pub what: String,
    /// How it went.
    pub outcome: String,
}

/// Something to be done.
#[derive(Debug, Clone)]
pub struct Todo {
    /// What.
    pub title: String,
    /// Whether law or an order sets its day.
    pub is_deadline: bool,
    /// By when.
    pub due: Option<Day>,
    /// Whether that day has passed.
    pub overdue: bool,
    /// By whom.
    pub assignee: Option<String>,
}

/// What is owed.
#[derive(Debug, Clone)]
pub struct Owing {
    /// What is outstanding.
    pub outstanding: String,
    /// The part of it whose day has passed.
    pub overdue: Option<String>,
    /// What is not billed.
    pub unbilled: Option<String>,
}

/// What is new.
#[derive(Debug, Clone, Default)]
pub struct Fresh {
    /// Since when.
    pub since: Option<Moment>,
    /// Documents.
    pub documents: Vec<(DocumentId, String)>,
    /// How many notes.
    pub notes: u64,
    /// How many messages are unread.
    pub messages: u64,
}

impl Fresh {
    /// Whether there is nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.documents.is_empty() && self.notes == 0 && self.messages == 0
    }
}

/// A party.
#[derive(Debug, Clone)]
pub struct PartyLine {
    /// How they are called.
    pub name: String,
    /// As the court calls them.
    pub role: String,
    /// Who appears for them.
    pub counsel: String,
}

/// A case in the tree of a proceeding.
#[derive(Debug, Clone)]
pub struct BranchLine {
    /// Which case.
    pub id: CaseId,
    /// How it is called.
    pub title: String,
    /// Number and court.
    pub what: String,
    /// How it comes from the one above.
    pub kind: Option<&'static str>,
    /// The case above it, where that link can be taken away here.
    pub parent: Option<CaseId>,
    /// How deep it stands, at most 6.
    pub depth: usize,
    /// Whether it is the case of the page.
    pub here: bool,
    /// Whether it is closed.
    pub closed: bool,
}

#[cfg(test)]
mod samples {
    use super::*;
    use crate::web::parts::samples::{day, id, moment, text};

    impl Glance {
        pub(crate) fn sample() -> Self {
            let listed = |days, outcome: &str| Listed {
                day: day(days),
                what: text("Rao J., court hall 12, item 31: evidence"),
                outcome: text(outcome),
            };
            Self {
                last: Some(listed(-20, "adjourned: the witness was ill")),
                next: Some(listed(1, "")),
                no_date: false,
                tasks: vec![Todo {
                    title: text("File the written statement"),
                    is_deadline: true,
                    due: Some(day(-2)),
                    overdue: true,
                    assignee: Some(text("R. Iyer")),
                }],
                more_tasks: 3,
                money: Some(Owing {
                    outstanding: text("₹1,25,000.00"),
                    overdue: Some(text("₹25,000.00")),
                    unbilled: Some(text("₹7,500.00")),
                }),
                news: Fresh {
                    since: Some(moment(-3000)),
                    documents: vec![(id(21), text("Counter affidavit"))],
                    notes: 1,
                    messages: 2,
                },
                parties: vec![PartyLine {
                    name: text("Sharma Textiles Pvt. Ltd."),
                    role: text("petitioner"),
                    counsel: text("this chamber"),
                }],
                tree: vec![BranchLine::sample(7, 0, false), BranchLine::sample(1, 1, true)],
                tags: vec![text("commercial")],
                notes: vec![text("The client prefers to settle.")],
                facts: vec![("Stage", text("Evidence")), ("Judges", text("Rao J."))],
                closed: None,
                checks: vec![(id(22), text("2 possible conflicts"))],
                empty: vec![text("Rack")],
                warnings: vec![text("No court is entered.")],
            }
        }

        pub(crate) fn sample_empty() -> Self {
            Self { no_date: true, ..Self::default() }
        }
    }

    impl BranchLine {
        fn sample(number: u128, depth: usize, here: bool) -> Self {
            Self {
                id: id(number),
                title: text("Sharma v. Kapoor"),
                what: text("CS(COMM) 45/2025, High Court of Delhi"),
                kind: here.then_some("appeal"),
                parent: here.then(|| id(7)),
                depth,
                here,
                closed: false,
            }
        }
    }
}
