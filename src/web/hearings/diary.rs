//! The diary: a day or a week, court by court.

use askama::Template;

use super::{HearingRow, WarningRow};
use crate::web::page::{Layout, pages};
use crate::web::parts::CaseRef;
use crate::web::show::Day;

/// The diary of some days.
#[derive(Debug, Clone, Template)]
#[template(path = "hearings/diary.html")]
pub struct DiaryPage {
    /// The frame.
    pub layout: Layout,
    /// `day`, `week`, or `range` for days chosen freely.
    pub view: &'static str,
    /// The first day.
    pub from: Day,
    /// The last day.
    pub to: Day,
    /// The day the arrows lead to: before, and after.
    pub around: (String, String),
    /// Whether it is of the reader's own cases alone.
    pub mine: bool,
    /// The case it is narrowed to.
    pub case: Option<CaseRef>,
    /// The days with something on them.
    pub days: Vec<DiaryDay>,
    /// What should have been done before.
    pub overdue: Vec<DiaryTask>,
    /// What is wrong with dates.
    pub warnings: Vec<WarningRow>,
    /// Whether rows were left out.
    pub cut: bool,
}

/// A day of the diary.
#[derive(Debug, Clone)]
pub struct DiaryDay {
    /// The day.
    pub day: Day,
    /// The day of the week.
    pub weekday: String,
    /// Whether it is today.
    pub today: bool,
    /// The hearings, court by court.
    pub courts: Vec<CourtRows>,
    /// What is due.
    pub tasks: Vec<DiaryTask>,
}

/// The hearings before a court on a day, by hall and item.
#[derive(Debug, Clone)]
pub struct CourtRows {
    /// The court.
    pub court: String,
    /// The hearings.
    pub rows: Vec<HearingRow>,
}

/// Something to be done, in the diary.
#[derive(Debug, Clone)]
pub struct DiaryTask {
    /// What.
    pub title: String,
    /// `Deadline` or `Task`.
    pub kind: &'static str,
    /// By when.
    pub due: Day,
    /// The case.
    pub case: Option<CaseRef>,
    /// Whom it is given to.
    pub assignee: Option<String>,
}

impl DiaryPage {
    /// The query that keeps to the reader's own cases.
    #[must_use]
    pub fn own(&self) -> &'static str {
        if self.mine { "&mine=yes" } else { "" }
    }
}

pages!(DiaryPage);

#[cfg(test)]
mod samples {
    use super::*;
    use crate::kernel::Role;
    use crate::web::page::Area;
    use crate::web::parts::samples::{case, day, text};

    impl DiaryPage {
        pub(crate) fn sample() -> Self {
            let task = || DiaryTask {
                title: text("File the written statement"),
                kind: "Deadline",
                due: day(0),
                case: Some(case()),
                assignee: Some(text("R. Iyer")),
            };
            Self {
                layout: Layout::sample("Diary", Area::Diary, Role::Advocate),
                view: "week",
                from: day(0),
                to: day(6),
                around: (day(-7).iso(), day(7).iso()),
                mine: true,
                case: None,
                days: vec![DiaryDay {
                    day: day(0),
                    weekday: text("Monday"),
                    today: true,
                    courts: vec![CourtRows {
                        court: text("High Court of Delhi"),
                        rows: vec![HearingRow::sample(), HearingRow::sample_coming()],
                    }],
                    tasks: vec![task()],
                }],
                overdue: vec![task()],
                warnings: vec![WarningRow::sample()],
                cut: true,
            }
        }

        pub(crate) fn sample_empty() -> Self {
            let page = Self::sample();
            Self {
                view: "range",
                case: Some(case()),
                mine: false,
                days: Vec::new(),
                overdue: Vec::new(),
                warnings: Vec::new(),
                cut: false,
                ..page
            }
        }
    }
}
