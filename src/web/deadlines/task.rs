//! One task or deadline.

use askama::Template;

use super::lists::{DeadlineRow, TaskForm};
use crate::web::page::{Layout, pages};
use crate::web::show::Moment;

/// A task or deadline, with what became of it.
#[derive(Debug, Clone, Template)]
#[template(path = "deadlines/task.html")]
pub struct TaskPage {
    /// The frame.
    pub layout: Layout,
    /// What was wrong with the form just sent.
    pub problem: Option<String>,
    /// The task or deadline.
    pub task: DeadlineRow,
    /// What else to know of it.
    pub note: Option<String>,
    /// The words of the document it is known from.
    pub quote: Option<String>,
    /// What it can be changed to; none where it cannot.
    pub form: Option<TaskForm>,
    /// The day it has now, which the form sends back: what moved meanwhile is not put back.
    pub was_due: String,
    /// What became of it: what, by whom and when.
    pub history: Vec<(String, String, Moment)>,
}

pages!(TaskPage);

#[cfg(test)]
mod samples {
    use super::*;
    use crate::kernel::Role;
    use crate::web::page::Area;
    use crate::web::parts::samples::{moment, text};

    impl TaskPage {
        pub(crate) fn sample() -> Self {
            Self {
                layout: Layout::sample("File the written statement", Area::Diary, Role::Advocate),
                problem: Some(text("Say what is to be done.")),
                task: DeadlineRow::sample(601, -2, true),
                note: Some(text("Ask the client for the receipts.")),
                quote: Some(text("Written statement within thirty days.")),
                form: Some(TaskForm { cases: Vec::new(), ..TaskForm::sample() }),
                was_due: text("2026-11-20"),
                history: vec![(text("given"), text("Anjali Mehta"), moment(-300))],
            }
        }

        pub(crate) fn sample_done() -> Self {
            let page = Self::sample();
            let task = DeadlineRow { status: "done", limitation: None, ..page.task };
            Self { task, problem: None, form: None, note: None, quote: None, ..page }
        }
    }
}
