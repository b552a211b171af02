//! The start page: what I am working on and what is still being read.

use askama::Template;

use super::cases::{CaseRow, ReadState};
use super::deadlines::DeadlineRow;
use super::page::{Layout, pages};
use super::parts::{CaseRef, DocumentRef};
use super::show::Moment;

/// The start page of someone of the chamber.
#[derive(Debug, Clone, Template)]
#[template(path = "home/home.html")]
pub struct HomePage {
    /// The frame.
    pub layout: Layout,
    /// What is listed today.
    pub listed: Vec<TodayRow>,
    /// What I have to do today, and should have done, with the deadlines of my cases that
    /// nobody has.
    pub due: Vec<DeadlineRow>,
    /// How many messages I have not read.
    pub unread: u64,
    /// How many dates of my cases are missing, past, or said differently by two sources.
    pub unsure: u64,
    /// My cases, the latest touched first.
    pub cases: Vec<CaseRow>,
    /// The documents last added to them.
    pub recent: Vec<RecentDocument>,
    /// The documents being read now or waiting to be.
    pub reading: Vec<RecentDocument>,
    /// How many documents could not be read.
    pub failed: u64,
}

/// A hearing of today.
#[derive(Debug, Clone)]
pub struct TodayRow {
    /// The case.
    pub case: CaseRef,
    /// The court, the hall, the item and the time, and how it went.
    pub place: String,
    /// What it is for.
    pub purpose: String,
}

/// A document in a list across cases.
#[derive(Debug, Clone)]
pub struct RecentDocument {
    /// The document.
    pub document: DocumentRef,
    /// Its case.
    pub case: CaseRef,
    /// How far it has been read.
    pub state: ReadState,
    /// When it was added.
    pub added: Moment,
}

pages!(HomePage);

#[cfg(test)]
mod samples {
    use super::super::page::Area;
    use super::super::parts::samples::{case, id, moment, notice, text};
    use super::*;
    use crate::kernel::Role;

    impl HomePage {
        pub(crate) fn sample() -> Self {
            let recent = |number, title: &str, state| RecentDocument {
                document: DocumentRef { id: id(number), title: text(title) },
                case: case(),
                state,
                added: moment(0),
            };
            Self {
                layout: Layout::sample("Home", Area::Home, Role::Admin)
                    .with_notices(vec![notice()]),
                listed: vec![TodayRow {
                    case: case(),
                    place: text("High Court of Delhi, court hall 12, item 31"),
                    purpose: text("final arguments"),
                }],
                due: vec![DeadlineRow::sample(601, -2, true)],
                unread: 3,
                unsure: 2,
                cases: CaseRow::samples(),
                recent: vec![
                    recent(21, "Writ petition with annexures", ReadState::sample_ready()),
                    recent(22, "Counter affidavit of respondent no. 2", ReadState::sample_ready()),
                ],
                reading: vec![recent(23, "Scanned order sheet", ReadState::sample_reading())],
                failed: 1,
            }
        }

        pub(crate) fn sample_empty() -> Self {
            Self {
                layout: Layout::sample("Home", Area::Home, Role::Advocate),
                listed: Vec::new(),
                due: Vec::new(),
                unread: 0,
                unsure: 0,
                cases: Vec::new(),
                recent: Vec::new(),
                reading: Vec::new(),
                failed: 0,
            }
        }
    }
}
