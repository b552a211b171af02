//! What the assistant proposes to enter, for a person to approve or reject.

use askama::Template;

use super::page::{Layout, pages};
use super::parts::CaseRef;
use super::show::Day;
use crate::kernel::ProposalId;

/// What is proposed in the cases open to the reader.
#[derive(Debug, Clone, Template)]
#[template(path = "proposals/list.html")]
pub struct ProposalsPage {
    /// The frame.
    pub layout: Layout,
    /// The case, when the list is of one.
    pub case: Option<CaseRef>,
    /// What waits, the newest first.
    pub waiting: Vec<ProposalRow>,
    /// What was decided, the newest first.
    pub decided: Vec<ProposalRow>,
}

/// A proposal.
#[derive(Debug, Clone)]
pub struct ProposalRow {
    /// Which.
    pub id: ProposalId,
    /// What it would become: `hearing`, `task`, `deadline`, `time`.
    pub kind: &'static str,
    /// What it is.
    pub title: String,
    /// The day.
    pub on: Option<Day>,
    /// Why the day is not certain.
    pub doubt: Option<String>,
    /// How the day was come by.
    pub computed: Option<String>,
    /// How long, of time worked.
    pub minutes: Option<i64>,
    /// The case, where it is not the page's own.
    pub case: Option<CaseRef>,
    /// The words it rests on.
    pub source: Option<ProposalSource>,
    /// Whether the case has the same already.
    pub is_duplicate: bool,
    /// Whether the reader may approve and reject it.
    pub may_decide: bool,
    /// How far it is: `open`, `approved`, `rejected`.
    pub status: &'static str,
    /// Who decided.
    pub decided_by: Option<String>,
    /// Why it was rejected.
    pub reason: Option<String>,
}

/// The words a proposal rests on.
#[derive(Debug, Clone)]
pub struct ProposalSource {
    /// The words.
    pub quote: String,
    /// The document's title.
    pub title: String,
    /// The page.
    pub page: u32,
    /// The address of that page.
    pub href: String,
}

impl ProposalRow {
    /// What it would become, in words.
    #[must_use]
    pub fn kind_words(&self) -> &'static str {
        match self.kind {
            "hearing" => "Hearing",
            "deadline" => "Deadline",
            "time" => "Time worked",
            _ => "Task",
        }
    }

    /// What its title is called in the form.
    #[must_use]
    pub fn title_label(&self) -> &'static str {
        match self.kind {
            "hearing" => "What it is for",
            "time" => "What was done",
            _ => "What is to be done",
        }
    }

    /// Whether it cannot be approved without a day.
    #[must_use]
    pub fn needs_day(&self) -> bool {
        self.kind != "task"
    }

    /// That the case has the same already, in words.
    #[must_use]
    pub fn duplicate_words(&self) -> &'static str {
        match self.kind {
            "hearing" => "The case has a hearing on that day.",
            "time" => "As much time is entered for that day.",
            _ => "The same is to be done by that day.",
        }
    }

    /// How far it is, in words.
    #[must_use]
    pub fn state_words(&self) -> String {
        let by = self.decided_by.as_ref().map_or(String::new(), |by| format!(" by {by}"));
        match self.status {
            "approved" => format!("Approved{by}"),
            "rejected" => format!("Rejected{by}"),
            _ => "Waits for somebody who works on the case".to_owned(),
        }
    }
}

pages!(ProposalsPage);

#[cfg(test)]
mod samples {
    use super::super::page::Area;
    use super::super::parts::samples::{case, day, id, text};
    use super::*;
    use crate::kernel::Role;

    impl ProposalRow {
        pub(crate) fn samples() -> Vec<Self> {
            let open = Self {
                id: id(501),
                kind: "hearing",
                title: text("Hearing for reply and arguments"),
                on: Some(day(14)),
                doubt: None,
                computed: Some(text("the day the order names")),
                minutes: None,
                case: Some(case()),
                source: Some(ProposalSource {
                    quote: text("Put up for reply and arguments on 14.12.2026."),
                    title: text("Order sheet"),
                    page: 3,
                    href: text("/documents/21?version=1&page=3#page-3"),
                }),
                is_duplicate: true,
                may_decide: true,
                status: "open",
                decided_by: None,
                reason: None,
            };
            let time = Self {
                id: id(502),
                kind: "time",
                title: text("Conference with the client"),
                minutes: Some(90),
                source: None,
                computed: None,
                is_duplicate: false,
                ..open.clone()
            };
            let uncertain = Self {
                id: id(503),
                kind: "deadline",
                title: text("Counter affidavit be filed within four weeks"),
                on: None,
                doubt: Some(text("the date of the order could not be read")),
                is_duplicate: false,
                ..open.clone()
            };
            vec![open, time, uncertain]
        }

        pub(crate) fn sample_rejected() -> Self {
            Self {
                id: id(504),
                may_decide: false,
                is_duplicate: false,
                status: "rejected",
                decided_by: Some(text("R. Iyer")),
                reason: Some(text("the date is of another case")),
                ..Self::samples().remove(0)
            }
        }
    }

    impl ProposalsPage {
        pub(crate) fn sample() -> Self {
            Self {
                layout: Layout::sample("Proposed", Area::Cases, Role::Advocate),
                case: Some(case()),
                waiting: ProposalRow::samples(),
                decided: vec![ProposalRow::sample_rejected()],
            }
        }

        pub(crate) fn sample_empty() -> Self {
            Self { case: None, waiting: Vec::new(), decided: Vec::new(), ..Self::sample() }
        }
    }
}
