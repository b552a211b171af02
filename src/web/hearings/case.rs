//! The hearings of a case.

use askama::Template;

use super::{HearingRow, Typed, WarningRow};
use crate::kernel::HearingClaimId;
use crate::web::cases::CaseTabs;
use crate::web::page::{Layout, pages};
use crate::web::parts::Choice;
use crate::web::show::Day;

/// The hearings of a case: what is next, what was, and the forms.
#[derive(Debug, Clone, Template)]
#[template(path = "hearings/case.html")]
pub struct CaseHearingsPage {
    /// The frame.
    pub layout: Layout,
    /// The tabs of the case.
    pub tabs: CaseTabs,
    /// What is coming, the next first.
    pub coming: Vec<HearingRow>,
    /// What was, the latest first.
    pub past: Vec<HearingRow>,
    /// What was entered by mistake.
    pub withdrawn: Vec<HearingRow>,
    /// How often it was heard and put off, in words.
    pub history: String,
    /// What is wrong with its dates.
    pub warnings: Vec<WarningRow>,
    /// Days that sources give differently.
    pub claims: Vec<ClaimRow>,
    /// Whether the reader may change the case.
    pub works: bool,
    /// What was typed into a form that was refused.
    pub typed: Typed,
    /// The outcomes a hearing can have.
    pub outcomes: Vec<Choice>,
    /// By whom it can be put off.
    pub adjourned_by: Vec<Choice>,
    /// Why.
    pub reasons: Vec<Choice>,
    /// The kinds of lists.
    pub lists: Vec<Choice>,
}

/// A day that another source gives, on a page.
#[derive(Debug, Clone)]
pub struct ClaimRow {
    /// Which claim.
    pub id: HearingClaimId,
    /// The day known so far.
    pub known: Day,
    /// How that is known.
    pub known_by: &'static str,
    /// The other day.
    pub other: Day,
    /// How that is known.
    pub other_by: &'static str,
    /// The words it is known from.
    pub quote: Option<String>,
}

pages!(CaseHearingsPage);

#[cfg(test)]
mod samples {
    use super::*;
    use crate::kernel::Role;
    use crate::web::cases::CaseTab;
    use crate::web::page::Area;
    use crate::web::parts::samples::{day, text};

    fn choice(value: &str) -> Vec<Choice> {
        vec![Choice { value: text(value), label: text(value), chosen: false }]
    }

    impl CaseHearingsPage {
        pub(crate) fn sample() -> Self {
            Self {
                layout: Layout::sample("Hearings", Area::Cases, Role::Advocate),
                tabs: CaseTabs::sample(CaseTab::Hearings),
                coming: vec![HearingRow::sample_coming()],
                past: vec![HearingRow::sample()],
                withdrawn: vec![HearingRow {
                    withdrawn: Some(text("entered twice")),
                    forms: false,
                    ..HearingRow::sample()
                }],
                history: text("adjourned 5 times: 3 by the other side, 2 by the court"),
                warnings: vec![WarningRow::sample()],
                claims: vec![ClaimRow {
                    id: HearingClaimId::new(),
                    known: day(20),
                    known_by: "entered by hand",
                    other: day(22),
                    other_by: "a cause list",
                    quote: Some(text("31. CS(COMM) 45/2026 SHARMA V. KAPOOR")),
                }],
                works: true,
                typed: Typed {
                    form: text("add"),
                    fields: [(text("on_date"), text("2026-13-01"))].into(),
                    error: Some(text("Enter the day as a date.")),
                },
                outcomes: choice("effective"),
                adjourned_by: choice("court"),
                reasons: choice("paucity_of_time"),
                lists: choice("daily"),
            }
        }

        pub(crate) fn sample_empty() -> Self {
            let page = Self::sample();
            Self {
                coming: Vec::new(),
                past: Vec::new(),
                withdrawn: Vec::new(),
                history: String::new(),
                warnings: Vec::new(),
                claims: Vec::new(),
                works: false,
                typed: Typed::default(),
                ..page
            }
        }
    }
}
