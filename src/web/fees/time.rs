//! Time worked: a day or week of it, and the form of one entry.

use askama::Template;

use super::Typed;
use crate::kernel::{TimeEntryId, TimerId};
use crate::web::page::{Layout, pages};
use crate::web::parts::{CaseRef, Choice};
use crate::web::show::{Day, Moment};

/// A day or a week of time.
#[derive(Debug, Clone, Template)]
#[template(path = "fees/time.html")]
pub struct TimePage {
    /// The frame.
    pub layout: Layout,
    /// The first day shown.
    pub from: Day,
    /// The last day shown.
    pub to: Day,
    /// The ways to look at it: words, address, whether it is the one shown.
    pub views: Vec<(&'static str, String, bool)>,
    /// Where the days before are.
    pub before: String,
    /// Where the days after are.
    pub after: String,
    /// Where it is as a table for a spreadsheet.
    pub csv: String,
    /// Whether the reader enters time.
    pub may_enter: bool,
    /// The cases the reader works on.
    pub cases: Vec<Choice>,
    /// Whether the reader decides on fees that fell due.
    pub decides: bool,
    /// The reader's timer.
    pub timer: Option<TimerRow>,
    /// What timers left to be entered.
    pub drafts: Vec<TimerRow>,
    /// The days that have time.
    pub days: Vec<DayOfTime>,
    /// How long in all.
    pub total: String,
    /// What is billed in all.
    pub amount: String,
    /// Whether entries were left out.
    pub cut: bool,
}

/// A day that has time.
#[derive(Debug, Clone)]
pub struct DayOfTime {
    /// The day.
    pub day: Day,
    /// Its entries.
    pub rows: Vec<TimeRow>,
    /// How long in all.
    pub total: String,
    /// What is billed in all.
    pub amount: String,
}

/// An entry.
#[derive(Debug, Clone)]
pub struct TimeRow {
    /// Its id.
    pub id: TimeEntryId,
    /// The case.
    pub case: CaseRef,
    /// Who worked, where it is everybody's time.
    pub who: Option<String>,
    /// How long.
    pub time: String,
    /// What was done.
    pub description: String,
    /// What is billed.
    pub amount: String,
    /// What is said beside it: steps, another amount and why, not billable, on an invoice.
    pub notes: Vec<String>,
}

/// A timer, or the draft it left.
#[derive(Debug, Clone)]
pub struct TimerRow {
    /// Its id.
    pub id: TimerId,
    /// The case.
    pub case: CaseRef,
    /// What is done.
    pub note: String,
    /// When it was started.
    pub started: Moment,
    /// How long it ran until now.
    pub time: String,
    /// The same in seconds.
    pub seconds: i64,
    /// Whether it runs.
    pub runs: bool,
    /// Whether it was forgotten.
    pub forgotten: bool,
}

/// The form of an entry.
#[derive(Debug, Clone, Template)]
#[template(path = "fees/entry.html")]
pub struct EntryPage {
    /// The frame.
    pub layout: Layout,
    /// What was typed.
    pub typed: Typed,
    /// Where the form goes.
    pub action: String,
    /// The cases to choose from.
    pub cases: Vec<Choice>,
    /// The classes of work.
    pub works: Vec<Choice>,
    /// The draft it comes from, when its timer was forgotten or not.
    pub draft: Option<TimerRow>,
    /// Which rate it has, and why.
    pub rate: Option<String>,
    /// Whether it stands on an invoice, and can be read only.
    pub is_billed: bool,
    /// What is billed in its place; for those who decide on that.
    pub adjust: Option<AdjustForm>,
    /// Where it is removed.
    pub delete: Option<String>,
}

/// The form that writes an entry down, up or off.
#[derive(Debug, Clone)]
pub struct AdjustForm {
    /// Where it goes.
    pub action: String,
    /// What the entry comes to.
    pub comes_to: String,
    /// What was typed.
    pub typed: Typed,
    /// Whether another amount is billed now.
    pub is_adjusted: bool,
}

pages!(TimePage, EntryPage);

#[cfg(test)]
mod samples {
    use super::*;
    use crate::kernel::Role;
    use crate::web::Area;
    use crate::web::parts::samples::{case, day, id, moment, text};

    fn choice(value: &str, label: &str) -> Choice {
        Choice { value: text(value), label: text(label), chosen: false }
    }

    fn timer(number: u128, runs: bool, forgotten: bool) -> TimerRow {
        TimerRow {
            id: id(number),
            case: case(),
            note: text("Reading the reply"),
            started: moment(-90),
            time: text("1 h 30 min"),
            seconds: 5_400,
            runs,
            forgotten,
        }
    }

    impl TimePage {
        pub(crate) fn sample() -> Self {
            let row = |number, note: &str| TimeRow {
                id: id(number),
                case: case(),
                who: Some(text("R. Iyer")),
                time: text("1 h 30 min"),
                description: text("Conference with the client"),
                amount: text("₹7,500.00"),
                notes: vec![text(note)],
            };
            Self {
                layout: Layout::sample("Time", Area::Time, Role::Advocate),
                from: day(-6),
                to: day(0),
                views: vec![
                    ("My day", text("/time?span=day"), false),
                    ("My week", text("/time"), false),
                    ("The team’s week", text("/time?team=1"), true),
                ],
                before: text("/time?day=2026-10-27"),
                after: text("/time?day=2026-11-10"),
                csv: text("/api/v1/time.csv?from=2026-10-29&to=2026-11-04"),
                may_enter: true,
                cases: vec![choice("1", "Sharma Textiles v. Union of India")],
                decides: true,
                timer: Some(timer(501, true, true)),
                drafts: vec![timer(502, false, false), timer(503, false, true)],
                days: vec![DayOfTime {
                    day: day(0),
                    rows: vec![
                        row(511, "written down from ₹8,000.00: a first conference"),
                        row(512, "on an invoice"),
                    ],
                    total: text("3 h"),
                    amount: text("₹15,000.00"),
                }],
                total: text("3 h"),
                amount: text("₹15,000.00"),
                cut: true,
            }
        }

        pub(crate) fn sample_empty() -> Self {
            Self {
                timer: None,
                drafts: Vec::new(),
                days: Vec::new(),
                cases: Vec::new(),
                cut: false,
                ..Self::sample()
            }
        }
    }

    impl EntryPage {
        pub(crate) fn sample() -> Self {
            let typed = Typed::of([
                ("worked_on", text("2026-11-03")),
                ("minutes", text("1:75")),
                ("description", text("Conference with the client")),
                ("billable", text("yes")),
            ]);
            let amount = Typed::of([("amount", text("7000"))]);
            Self {
                layout: Layout::sample("Time entry", Area::Time, Role::Advocate),
                typed: typed.refused("minutes", text("Write the time as 1:30, 90, 1.5h or 1h30.")),
                action: text("/time/1"),
                cases: vec![choice("1", "Sharma Textiles v. Union of India")],
                works: vec![choice("998212", "998212 Other fields of law")],
                draft: Some(timer(503, false, true)),
                rate: Some(text("₹5,000.00 an hour: the rate of this case, from 1 Apr 2026")),
                is_billed: false,
                adjust: Some(AdjustForm {
                    action: text("/time/1/adjust"),
                    comes_to: text("₹8,000.00"),
                    typed: amount.refused("reason", text("Say why another amount is billed.")),
                    is_adjusted: true,
                }),
                delete: Some(text("/time/1/delete")),
            }
        }

        pub(crate) fn sample_billed() -> Self {
            Self { is_billed: true, draft: None, adjust: None, delete: None, ..Self::sample() }
        }
    }
}
