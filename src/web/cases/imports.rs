//! Taking over a list of cases: the upload, and what it would become.

use askama::Template;

use crate::kernel::ImportId;
use crate::web::page::{Layout, pages};
use crate::web::parts::Choice;

/// The form for a list of cases.
#[derive(Debug, Clone, Template)]
#[template(path = "cases/import.html")]
pub struct ImportPage {
    /// The frame.
    pub layout: Layout,
    /// What was wrong with the file just sent.
    pub problem: Option<String>,
}

/// A list of cases and what it would become.
#[derive(Debug, Clone, Template)]
#[template(path = "cases/import_list.html")]
pub struct ImportListPage {
    /// The frame.
    pub layout: Layout,
    /// Which list.
    pub id: ImportId,
    /// How the file is called.
    pub file_name: String,
    /// What was wrong with the form just sent.
    pub problem: Option<String>,
    /// The columns: the heading, and what it may be.
    pub columns: Vec<(String, Vec<Choice>)>,
    /// The rows.
    pub rows: Vec<ImportRow>,
    /// How many can be entered, and how many have errors or seem to be there already.
    pub counts: (u64, u64, u64),
    /// What entering it gave, in words.
    pub entered: Option<String>,
}

/// A row of a list.
#[derive(Debug, Clone)]
pub struct ImportRow {
    /// Its line in the file.
    pub line: usize,
    /// How the case would be called.
    pub title: String,
    /// Number, court, CNR.
    pub what: String,
    /// For whom, and whether the client would be added.
    pub client: Option<(String, bool)>,
    /// Stage, next date, opponent, notes.
    pub more: String,
    /// Why it cannot be entered.
    pub errors: Vec<String>,
    /// What may be a slip.
    pub warnings: Vec<String>,
    /// What it seems to be already.
    pub duplicate: Option<String>,
    /// Whether it is chosen.
    pub chosen: bool,
}

pages!(ImportPage, ImportListPage);

#[cfg(test)]
mod samples {
    use super::*;
    use crate::kernel::Role;
    use crate::web::page::Area;
    use crate::web::parts::samples::{id, text};

    impl ImportPage {
        pub(crate) fn sample() -> Self {
            let layout = Layout::sample("Take over a list of cases", Area::Cases, Role::Advocate);
            Self { layout, problem: Some(text("The file is empty.")) }
        }
    }

    impl ImportListPage {
        pub(crate) fn sample() -> Self {
            let row = |line, errors: &[&str], duplicate: Option<&str>| ImportRow {
                line,
                title: text("Sharma v. Kapoor"),
                what: text("CS(COMM) 45/2025, High Court of Delhi"),
                client: Some((text("Sharma Textiles"), true)),
                more: text("evidence, next on 3 Dec 2026"),
                errors: errors.iter().map(|error| text(error)).collect(),
                warnings: vec![text("The next date 1/1/2020 is past.")],
                duplicate: duplicate.map(text),
                chosen: errors.is_empty() && duplicate.is_none(),
            };
            Self {
                layout: Layout::sample("Take over a list of cases", Area::Cases, Role::Advocate),
                id: id(91),
                file_name: text("cases.xlsx"),
                problem: None,
                columns: vec![(
                    text("Case title"),
                    vec![Choice { value: text("title"), label: text("Title"), chosen: true }],
                )],
                rows: vec![
                    row(2, &[], None),
                    row(3, &["There is no title."], None),
                    row(4, &[], Some("Sharma v. Kapoor")),
                ],
                counts: (2, 1, 1),
                entered: None,
            }
        }

        pub(crate) fn sample_entered() -> Self {
            let page = Self::sample();
            Self { rows: Vec::new(), entered: Some(text("12 cases were opened.")), ..page }
        }
    }
}
