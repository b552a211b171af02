//! Fees that fell due and wait to be confirmed.

use askama::Template;

use crate::kernel::{AgreedFeeId, HearingId};
use crate::web::page::{Layout, pages};
use crate::web::parts::CaseRef;
use crate::web::show::Day;

/// The fees that fell due.
#[derive(Debug, Clone, Template)]
#[template(path = "fees/proposed.html")]
pub struct ProposedPage {
    /// The frame.
    pub layout: Layout,
    /// The fees.
    pub fees: Vec<ProposedRow>,
    /// What they come to as agreed.
    pub total: String,
}

/// A fee that fell due.
#[derive(Debug, Clone)]
pub struct ProposedRow {
    /// The line it was agreed in.
    pub agreed_fee: AgreedFeeId,
    /// The hearing it is for.
    pub hearing: Option<HearingId>,
    /// The case.
    pub case: CaseRef,
    /// The day.
    pub day: Day,
    /// What it is for.
    pub kind: &'static str,
    /// In words.
    pub description: String,
    /// What was agreed.
    pub agreed: String,
    /// The amount in the form: what was agreed, or what was typed.
    pub amount: String,
    /// The reason in the form.
    pub reason: String,
    /// Why it fell due.
    pub why: String,
    /// What was wrong with the form just sent.
    pub problem: Option<String>,
}

pages!(ProposedPage);

#[cfg(test)]
mod samples {
    use super::*;
    use crate::kernel::Role;
    use crate::web::Area;
    use crate::web::parts::samples::{case, day, id, text};

    impl ProposedPage {
        pub(crate) fn sample() -> Self {
            let row = |number, hearing, problem: Option<&str>| ProposedRow {
                agreed_fee: id(number),
                hearing,
                case: case(),
                day: day(-1),
                kind: "Appearance",
                description: text("Appearance, 3 November 2026 (the hearing was adjourned)"),
                agreed: text("₹10,000.00"),
                amount: text("10000.00"),
                reason: String::new(),
                why: text("the hearing was adjourned, agreed ₹10,000.00"),
                problem: problem.map(text),
            };
            Self {
                layout: Layout::sample("Fees to confirm", Area::Time, Role::Advocate),
                fees: vec![
                    row(521, Some(id(522)), Some("Say why the amount is not the agreed one.")),
                    row(523, None, None),
                ],
                total: text("₹20,000.00"),
            }
        }

        pub(crate) fn sample_empty() -> Self {
            Self { fees: Vec::new(), total: text("₹0.00"), ..Self::sample() }
        }
    }
}
