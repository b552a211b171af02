//! What people think of the answers, for admins.

use askama::Template;

use super::page::{Layout, pages};
use super::show::Moment;

/// The feedback, newest first.
#[derive(Debug, Clone, Template)]
#[template(path = "admin/feedback.html")]
pub struct FeedbackPage {
    /// The frame.
    pub layout: Layout,
    /// How many answers helped.
    pub helped: u64,
    /// How many did not.
    pub not: u64,
    /// Why not, and how often.
    pub reasons: Vec<(String, u64)>,
    /// The judgments.
    pub rows: Vec<FeedbackRow>,
}

/// A judgment.
#[derive(Debug, Clone)]
pub struct FeedbackRow {
    /// Who asked.
    pub who: String,
    /// When.
    pub at: Moment,
    /// Whether the answer helped.
    pub helpful: bool,
    /// Why not, in words.
    pub reason: Option<&'static str>,
    /// In their own words; none where a wall keeps it from the reader.
    pub words: Option<String>,
    /// What was asked; none where a wall keeps it from the reader.
    pub question: Option<String>,
    /// How it was answered.
    pub label: Option<String>,
    /// The case.
    pub case: Option<String>,
}

pages!(FeedbackPage);

#[cfg(test)]
mod samples {
    use super::super::page::Area;
    use super::super::parts::samples::{moment, text};
    use super::*;
    use crate::kernel::Role;

    impl FeedbackPage {
        pub(crate) fn sample() -> Self {
            let row = |question: Option<&str>| FeedbackRow {
                who: text("R. Iyer"),
                at: moment(-30),
                helpful: question.is_none(),
                reason: question.map(|_| "Something is missing"),
                words: question.map(|_| text("It says nothing of the costs.")),
                question: question.map(text),
                label: question.map(|_| text("Answered by gpt-4.1-mini")),
                case: None,
            };
            Self {
                layout: Layout::sample("Feedback", Area::Feedback, Role::Admin),
                helped: 12,
                not: 3,
                reasons: vec![(text("Something is missing"), 2), (text("It took too long"), 1)],
                rows: vec![row(Some("What was ordered on costs?")), row(None)],
            }
        }

        pub(crate) fn sample_empty() -> Self {
            Self { helped: 0, not: 0, reasons: Vec::new(), rows: Vec::new(), ..Self::sample() }
        }
    }
}
