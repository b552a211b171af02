//! What a chamber's days are made of: the diary, what clients owe, and the part of a
//! case's page that tells its hearings, deadlines, parties and money.

use askama::Template;

use super::page::{Layout, pages};
use super::parts::CaseRef;
use super::show::Day;

/// What is listed and to be done between two days.
#[derive(Debug, Clone, Template)]
#[template(path = "practice/diary.html")]
pub struct DiaryPage {
    /// The frame.
    pub layout: Layout,
    /// The first day shown.
    pub from: Day,
    /// The last day shown.
    pub to: Day,
    /// The case it is narrowed to.
    pub case: Option<CaseRef>,
    /// What is listed.
    pub hearings: Vec<HearingRow>,
    /// What is to be done by then, and what should have been.
    pub tasks: Vec<TaskRow>,
    /// Whether rows were left out.
    pub cut: bool,
}

/// What clients owe and what is not billed.
#[derive(Debug, Clone, Template)]
#[template(path = "practice/dues.html")]
pub struct DuesPage {
    /// The frame.
    pub layout: Layout,
    /// Whether it is narrowed to a client or some cases.
    pub narrowed: bool,
    /// What clients owe.
    pub dues: Vec<DueRow>,
    /// Time that is not billed, by case.
    pub unbilled: Vec<UnbilledRow>,
}

/// The practice side of a case.
#[derive(Debug, Clone, Default)]
pub struct Practice {
    /// When it is listed next.
    pub next: Option<Day>,
    /// Its hearings, the latest first.
    pub hearings: Vec<HearingRow>,
    /// What is to be done in it.
    pub tasks: Vec<TaskRow>,
    /// Its parties.
    pub parties: Vec<PartyRow>,
    /// Its money, for those who may see it.
    pub money: Option<Money>,
}

/// A hearing on a page.
#[derive(Debug, Clone)]
pub struct HearingRow {
    /// The day.
    pub day: Day,
    /// The case, where the page is not the case's own.
    pub case: Option<CaseRef>,
    /// Before whom, where, at which item.
    pub place: String,
    /// The stage and what it is for.
    pub purpose: String,
    /// How it went, and the note.
    pub outcome: String,
}

/// Something to be done, on a page.
#[derive(Debug, Clone)]
pub struct TaskRow {
    /// What.
    pub title: String,
    /// `Deadline` or `Task`.
    pub kind: &'static str,
    /// The case, where the page is not the case's own.
    pub case: Option<CaseRef>,
    /// By when.
    pub due: Option<Day>,
    /// Whether that day has passed.
    pub overdue: bool,
    /// Whom it is given to.
    pub assignee: Option<String>,
}

/// A party on a page.
#[derive(Debug, Clone)]
pub struct PartyRow {
    /// How they are called.
    pub name: String,
    /// As the court calls them.
    pub role: String,
    /// Who appears for them.
    pub counsel: String,
}

/// The money of a case.
#[derive(Debug, Clone)]
pub struct Money {
    /// What is outstanding.
    pub outstanding: String,
    /// The part of it that is overdue.
    pub overdue: Option<String>,
    /// What is not billed: how long, and what it comes to.
    pub unbilled: Option<String>,
    /// The invoices.
    pub invoices: Vec<InvoiceRow>,
}

/// An invoice on a page.
#[derive(Debug, Clone)]
pub struct InvoiceRow {
    /// Its number.
    pub number: String,
    /// The case, where the page is not the case's own.
    pub case: Option<CaseRef>,
    /// The day of issue.
    pub issued: Day,
    /// When it is to be paid.
    pub due: Option<Day>,
    /// What is billed.
    pub total: String,
    /// What is still to be paid.
    pub outstanding: String,
    /// Whether its day has passed.
    pub overdue: bool,
}

/// What a client owes, on a page.
#[derive(Debug, Clone)]
pub struct DueRow {
    /// Who.
    pub client: String,
    /// How much.
    pub outstanding: String,
    /// The part of it that is overdue.
    pub overdue: Option<String>,
    /// The invoices not paid in full.
    pub invoices: Vec<InvoiceRow>,
}

/// The time of a case that is not billed, on a page.
#[derive(Debug, Clone)]
pub struct UnbilledRow {
    /// The case.
    pub case: CaseRef,
    /// How long.
    pub time: String,
    /// What it comes to.
    pub amount: String,
}

pages!(DiaryPage, DuesPage);

#[cfg(test)]
mod samples {
    use super::super::page::Area;
    use super::super::parts::samples::{case, day, text};
    use super::*;
    use crate::kernel::Role;

    impl Practice {
        pub(crate) fn sample() -> Self {
            Self {
                next: Some(day(1)),
                hearings: vec![HearingRow::sample(None)],
                tasks: vec![TaskRow::sample(None)],
                parties: vec![PartyRow {
                    name: text("Sharma Textiles Pvt. Ltd."),
                    role: text("petitioner"),
                    counsel: text("this chamber"),
                }],
                money: Some(Money {
                    outstanding: text("₹1,25,000.00"),
                    overdue: Some(text("₹25,000.00")),
                    unbilled: Some(text("1 h 30 min, ₹7,500.00")),
                    invoices: vec![InvoiceRow::sample(None)],
                }),
            }
        }
    }

    impl HearingRow {
        fn sample(case: Option<CaseRef>) -> Self {
            Self {
                day: day(1),
                case,
                place: text("Rao J., court hall 12, item 31"),
                purpose: text("evidence: cross-examination of PW-1"),
                outcome: String::new(),
            }
        }
    }

    impl TaskRow {
        fn sample(case: Option<CaseRef>) -> Self {
            Self {
                title: text("File the written statement"),
                kind: "Deadline",
                case,
                due: Some(day(-2)),
                overdue: true,
                assignee: Some(text("R. Iyer")),
            }
        }
    }

    impl InvoiceRow {
        fn sample(case: Option<CaseRef>) -> Self {
            Self {
                number: text("MR/26-27/1"),
                case,
                issued: day(-40),
                due: Some(day(-10)),
                total: text("₹1,50,000.00"),
                outstanding: text("₹25,000.00"),
                overdue: true,
            }
        }
    }

    impl DiaryPage {
        pub(crate) fn sample() -> Self {
            Self {
                layout: Layout::sample("Diary", Area::Cases, Role::Advocate),
                from: day(0),
                to: day(7),
                case: Some(case()),
                hearings: vec![HearingRow::sample(Some(case()))],
                tasks: vec![TaskRow::sample(Some(case()))],
                cut: true,
            }
        }

        pub(crate) fn sample_empty() -> Self {
            let page = Self::sample();
            Self { case: None, hearings: Vec::new(), tasks: Vec::new(), cut: false, ..page }
        }
    }

    impl DuesPage {
        pub(crate) fn sample() -> Self {
            Self {
                layout: Layout::sample("Dues", Area::Cases, Role::Billing),
                narrowed: true,
                dues: vec![DueRow {
                    client: text("Sharma Textiles Pvt. Ltd."),
                    outstanding: text("₹1,25,000.00"),
                    overdue: Some(text("₹25,000.00")),
                    invoices: vec![InvoiceRow::sample(Some(case()))],
                }],
                unbilled: vec![UnbilledRow {
                    case: case(),
                    time: text("1 h 30 min"),
                    amount: text("₹7,500.00"),
                }],
            }
        }

        pub(crate) fn sample_empty() -> Self {
            let page = Self::sample();
            Self { narrowed: false, dues: Vec::new(), unbilled: Vec::new(), ..page }
        }
    }
}
