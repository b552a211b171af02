//! What an hour costs.

use askama::Template;

use super::Typed;
use crate::web::cases::CaseTabs;
use crate::web::page::{Layout, pages};
use crate::web::parts::Choice;
use crate::web::show::{Day, Moment};

/// The rates of the chamber, or of one case.
#[derive(Debug, Clone, Template)]
#[template(path = "fees/rates.html")]
pub struct RatesPage {
    /// The frame.
    pub layout: Layout,
    /// The case they are of; of the chamber when none.
    pub tabs: Option<CaseTabs>,
    /// Where the form goes.
    pub action: String,
    /// What was typed.
    pub typed: Typed,
    /// The rates, the latest first.
    pub rates: Vec<RateRow>,
    /// Who can have a rate of their own.
    pub people: Vec<Choice>,
    /// The clients, for rates of the chamber.
    pub clients: Vec<Choice>,
    /// The cases, for rates of the chamber.
    pub cases: Vec<Choice>,
    /// The classes of work.
    pub works: Vec<Choice>,
    /// The steps time is billed in.
    pub steps: Vec<Choice>,
}

/// A rate.
#[derive(Debug, Clone)]
pub struct RateRow {
    /// What it is for, in words.
    pub of: String,
    /// The class of work.
    pub work: Option<String>,
    /// What an hour costs; none where it ends a rate.
    pub per_hour: Option<String>,
    /// The steps.
    pub steps: &'static str,
    /// From which day on.
    pub from: Day,
    /// Whether it has begun.
    pub begun: bool,
    /// Who set it.
    pub set_by: String,
    /// When.
    pub set_at: Moment,
}

pages!(RatesPage);

#[cfg(test)]
mod samples {
    use super::*;
    use crate::kernel::Role;
    use crate::web::Area;
    use crate::web::cases::CaseTab;
    use crate::web::parts::samples::{day, moment, text};

    impl RatesPage {
        pub(crate) fn sample() -> Self {
            let choice = |value: &str, label: &str| Choice {
                value: text(value),
                label: text(label),
                chosen: false,
            };
            let row = |of: &str, per_hour: Option<&str>, begun: bool| RateRow {
                of: text(of),
                work: begun.then(|| text("998215 Arbitration and conciliation")),
                per_hour: per_hour.map(text),
                steps: "by the minute",
                from: day(-200),
                begun,
                set_by: text("Anjali Mehta"),
                set_at: moment(-9000),
            };
            let typed = Typed::of([("per_hour", text("five thousand"))]);
            Self {
                layout: Layout::sample("Rates", Area::Rates, Role::Admin),
                tabs: None,
                action: text("/admin/rates"),
                typed: typed
                    .refused("per_hour", text("Write the amount in rupees, such as 5,000.")),
                rates: vec![
                    row("R. Iyer in Sharma Textiles v. Union of India", Some("₹5,000.00"), true),
                    row("everybody", None, false),
                ],
                people: vec![choice("1", "R. Iyer")],
                clients: vec![choice("1", "Sharma Textiles Pvt. Ltd.")],
                cases: vec![choice("1", "Sharma Textiles v. Union of India")],
                works: vec![choice("998212", "998212 Other fields of law")],
                steps: vec![choice("exact", "by the minute")],
            }
        }

        pub(crate) fn sample_of_case() -> Self {
            Self {
                layout: Layout::sample("Rates", Area::Cases, Role::Advocate),
                tabs: Some(CaseTabs::sample(CaseTab::Money)),
                rates: Vec::new(),
                clients: Vec::new(),
                cases: Vec::new(),
                typed: Typed::default(),
                ..Self::sample()
            }
        }
    }
}
