//! What is to be done: everywhere, and in one case.

use askama::Template;

use crate::kernel::{LimitationId, TaskId};
use crate::web::cases::CaseTabs;
use crate::web::page::{Layout, pages};
use crate::web::parts::{CaseRef, Choice, Field};
use crate::web::show::Day;

/// What is to be done in the cases open to the reader.
#[derive(Debug, Clone, Template)]
#[template(path = "deadlines/list.html")]
pub struct DeadlinesPage {
    /// The frame.
    pub layout: Layout,
    /// What was wrong with the form just sent.
    pub problem: Option<String>,
    /// Whose; the form sends `who`.
    pub who: Vec<Choice>,
    /// How far; the form sends `status`.
    pub statuses: Vec<Choice>,
    /// What is to be done, in the order of its days.
    pub sections: Vec<Section>,
    /// What can be entered.
    pub form: TaskForm,
    /// Whether the form was sent and refused, and stands open.
    pub open: bool,
    /// Whether rows were left out.
    pub cut: bool,
}

/// What is to be done in a case, and its limitations.
#[derive(Debug, Clone, Template)]
#[template(path = "deadlines/case.html")]
pub struct CaseDeadlinesPage {
    /// The frame.
    pub layout: Layout,
    /// The case's pages.
    pub tabs: CaseTabs,
    /// What was wrong with the form just sent.
    pub problem: Option<String>,
    /// What is to be done.
    pub sections: Vec<Section>,
    /// What was done or cancelled.
    pub settled: Vec<DeadlineRow>,
    /// The limitations that were kept.
    pub kept: Vec<KeptRow>,
    /// What can be entered; none for who may only read the case.
    pub form: Option<TaskForm>,
}

/// Tasks and deadlines whose days belong together.
#[derive(Debug, Clone)]
pub struct Section {
    /// Its place on the page.
    pub id: &'static str,
    /// What it is called.
    pub title: &'static str,
    /// What is in it.
    pub rows: Vec<DeadlineRow>,
}

/// A task or deadline on a page.
#[derive(Debug, Clone)]
pub struct DeadlineRow {
    /// Which.
    pub id: TaskId,
    /// What is to be done.
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
    /// The document it is about: its title and address.
    pub document: Option<(String, String)>,
    /// The limitation behind it.
    pub limitation: Option<LimitationId>,
    /// `open`, `done` or `cancelled`.
    pub status: &'static str,
    /// Whether the reader may say that it was done.
    pub may_change: bool,
}

/// A limitation that was kept, on the page of its case.
#[derive(Debug, Clone)]
pub struct KeptRow {
    /// Which.
    pub id: LimitationId,
    /// What the rule is about.
    pub name: String,
    /// The last day.
    pub last_day: Day,
    /// The last day a delay can be condoned to.
    pub until: Option<Day>,
    /// Whether something changed since.
    pub stale: bool,
}

/// What can be entered of a task or deadline.
#[derive(Debug, Clone, Default)]
pub struct TaskForm {
    /// What is to be done.
    pub title: Field,
    /// What else to know.
    pub note: Field,
    /// By when.
    pub due: Field,
    /// Task or deadline.
    pub kinds: Vec<Choice>,
    /// In which case; empty on the page of a case.
    pub cases: Vec<Choice>,
    /// By whom.
    pub people: Vec<Choice>,
    /// About which document; empty where no case is known.
    pub documents: Vec<Choice>,
    /// Which page of it.
    pub page: Field,
}

pages!(DeadlinesPage, CaseDeadlinesPage);

#[cfg(test)]
pub(super) mod samples {
    use super::*;
    use crate::kernel::Role;
    use crate::web::cases::CaseTab;
    use crate::web::page::Area;
    use crate::web::parts::samples::{case, day, id, text};

    pub(crate) fn choice(value: &str, label: &str) -> Choice {
        Choice { value: text(value), label: text(label), chosen: false }
    }

    impl DeadlineRow {
        pub(crate) fn sample(number: u128, days: i64, with_case: bool) -> Self {
            Self {
                id: id(number),
                title: text("File the written statement"),
                kind: "Deadline",
                case: with_case.then(case),
                due: Some(day(days)),
                overdue: days < 0,
                assignee: Some(text("R. Iyer")),
                document: Some((text("Order of 4 May"), text("/documents/1?version=1&page=2"))),
                limitation: Some(id(501)),
                status: "open",
                may_change: true,
            }
        }
    }

    impl TaskForm {
        pub(crate) fn sample() -> Self {
            Self {
                title: Field::of("File the reply"),
                note: Field::default(),
                due: Field::refused("soon", "Give the day as the calendar has it."),
                kinds: vec![choice("task", "Task"), choice("deadline", "Deadline")],
                cases: vec![choice("1", "Sharma Textiles v. Union of India")],
                people: vec![choice("2", "R. Iyer")],
                documents: vec![choice("3", "Order of 4 May")],
                page: Field::of("2"),
            }
        }
    }

    impl Section {
        fn samples(with_case: bool) -> Vec<Self> {
            let rows = |number, days| vec![DeadlineRow::sample(number, days, with_case)];
            vec![
                Self { id: "overdue", title: "Overdue", rows: rows(601, -2) },
                Self { id: "today", title: "Today", rows: rows(602, 0) },
            ]
        }
    }

    impl DeadlinesPage {
        pub(crate) fn sample() -> Self {
            Self {
                layout: Layout::sample("Deadlines", Area::Diary, Role::Advocate),
                problem: Some(text("Say what is to be done.")),
                who: vec![choice("mine", "Mine"), choice("all", "All I may see")],
                statuses: vec![choice("open", "To be done"), choice("done", "Done")],
                sections: Section::samples(true),
                form: TaskForm::sample(),
                open: true,
                cut: true,
            }
        }

        pub(crate) fn sample_empty() -> Self {
            let page = Self::sample();
            Self { problem: None, sections: Vec::new(), open: false, cut: false, ..page }
        }
    }

    impl CaseDeadlinesPage {
        pub(crate) fn sample() -> Self {
            Self {
                layout: Layout::sample("Deadlines", Area::Cases, Role::Advocate),
                tabs: CaseTabs::sample(CaseTab::Deadlines),
                problem: None,
                sections: Section::samples(false),
                settled: vec![DeadlineRow {
                    status: "done",
                    overdue: false,
                    ..DeadlineRow::sample(603, -20, false)
                }],
                kept: vec![KeptRow {
                    id: id(501),
                    name: text("Setting aside an arbitral award"),
                    last_day: day(12),
                    until: Some(day(42)),
                    stale: true,
                }],
                form: Some(TaskForm { cases: Vec::new(), ..TaskForm::sample() }),
            }
        }

        pub(crate) fn sample_empty() -> Self {
            let page = Self::sample();
            let (sections, settled, kept) = (Vec::new(), Vec::new(), Vec::new());
            Self { sections, settled, kept, form: None, ..page }
        }
    }
}
