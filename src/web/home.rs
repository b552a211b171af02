//! The start page: what I am working on and what is still being read.

use askama::Template;

use super::cases::{CaseRow, ReadState};
use super::page::{Layout, pages};
use super::parts::{CaseRef, DocumentRef};
use super::show::Moment;

/// The start page of someone of the chamber.
#[derive(Debug, Clone, Template)]
#[template(path = "home/home.html")]
pub struct HomePage {
    /// The frame.
    pub layout: Layout,
    /// My cases, the latest touched first.
    pub cases: Vec<CaseRow>,
    /// The documents last added to them.
    pub recent: Vec<RecentDocument>,
    /// The documents being read now or waiting to be.
    pub reading: Vec<RecentDocument>,
    /// How many documents could not be read.
    pub failed: u64,
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
                cases: Vec::new(),
                recent: Vec::new(),
                reading: Vec::new(),
                failed: 0,
            }
        }
    }
}
