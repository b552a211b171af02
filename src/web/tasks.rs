//! The form by which something is asked for of whole documents.

use askama::Template;

use super::page::{Layout, pages};
use super::parts::{CaseRef, Choice};

/// What can be asked for, and what has to be chosen for it.
#[derive(Debug, Clone, Template)]
#[template(path = "assistant/tasks.html")]
pub struct TasksPage {
    /// The frame.
    pub layout: Layout,
    /// The case.
    pub case: CaseRef,
    /// What can be asked for, each with what it gives.
    pub kinds: Vec<TaskChoice>,
    /// The documents of the case.
    pub documents: Vec<Choice>,
    /// The checklists of a review.
    pub checklists: Vec<Choice>,
    /// What can be drafted.
    pub drafts: Vec<Choice>,
    /// Whether a language model is there.
    pub has_model: bool,
}

/// Something that can be asked for.
#[derive(Debug, Clone)]
pub struct TaskChoice {
    /// Its name, as the form sends it.
    pub value: &'static str,
    /// What it is called.
    pub label: &'static str,
    /// What it gives, in a sentence.
    pub gives: &'static str,
    /// Whether it is chosen.
    pub chosen: bool,
}

pages!(TasksPage);

#[cfg(test)]
mod samples {
    use super::super::page::Area;
    use super::super::parts::samples::{case, text};
    use super::*;
    use crate::kernel::Role;

    impl TasksPage {
        pub(crate) fn sample() -> Self {
            let choice = |value: &str, label: &str, chosen| Choice {
                value: text(value),
                label: text(label),
                chosen,
            };
            Self {
                layout: Layout::sample("Ask for…", Area::Cases, Role::Advocate),
                case: case(),
                kinds: vec![
                    TaskChoice {
                        value: "summary",
                        label: "Summary",
                        gives: "What the documents say, in short.",
                        chosen: true,
                    },
                    TaskChoice {
                        value: "compare",
                        label: "What changed",
                        gives: "Two documents, or two versions of one, compared in words.",
                        chosen: false,
                    },
                ],
                documents: vec![
                    choice("0190", "Order dated 12 March 2023", true),
                    choice("0191", "Lease of the shop at Karol Bagh", false),
                ],
                checklists: vec![choice("lease", "Commercial lease", false)],
                drafts: vec![choice("list_of_dates", "List of dates for filing", false)],
                has_model: false,
            }
        }

        pub(crate) fn sample_empty() -> Self {
            Self { documents: Vec::new(), has_model: true, ..Self::sample() }
        }
    }
}
