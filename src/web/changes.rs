//! What changed between two versions of a document, side by side.

use askama::Template;

use super::page::{Layout, pages};
use super::parts::{CaseRef, Piece};
use super::show::counted;
use crate::kernel::DocumentId;

/// Two versions of a document, compared.
#[derive(Debug, Clone, Template)]
#[template(path = "viewer/changes.html")]
pub struct ChangesPage {
    /// The frame.
    pub layout: Layout,
    /// Which document.
    pub id: DocumentId,
    /// Its title.
    pub title: String,
    /// Its case.
    pub case: Option<CaseRef>,
    /// The older version.
    pub from: u32,
    /// The newer version.
    pub to: u32,
    /// The paragraphs, in order.
    pub rows: Vec<ChangeRow>,
}

/// What became of a paragraph.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChangeRow {
    /// So many paragraphs stayed as they were.
    Same(usize),
    /// It was changed, or stands in one version only.
    Changed {
        /// As it was.
        before: Option<Paragraph>,
        /// As it is.
        after: Option<Paragraph>,
    },
}

/// A paragraph of one version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paragraph {
    /// The page it begins on.
    pub page: u32,
    /// Its text; what the other version lacks is marked.
    pub pieces: Vec<Piece>,
}

impl ChangeRow {
    /// Adds a paragraph that stayed as it was to rows.
    pub fn push_same(rows: &mut Vec<Self>) {
        match rows.last_mut() {
            Some(Self::Same(count)) => *count += 1,
            _ => rows.push(Self::Same(1)),
        }
    }
}

impl ChangesPage {
    /// How much changed, in words.
    #[must_use]
    pub fn extent(&self) -> String {
        let changed = self.rows.iter().filter(|row| !matches!(row, ChangeRow::Same(_))).count();
        match changed {
            0 => String::from("The text is the same in both versions."),
            _ => format!("{} changed.", counted(changed, "paragraph", "paragraphs")),
        }
    }

    /// What is said of paragraphs that stayed as they were.
    #[must_use]
    pub fn same(&self, count: &usize) -> String {
        counted(*count, "paragraph is the same", "paragraphs are the same")
    }

    /// The address of a paragraph's page in a version.
    #[must_use]
    pub fn page_of(&self, version: &u32, page: &u32) -> String {
        format!("/documents/{}?version={version}&page={page}#page-{page}", self.id)
    }
}

pages!(ChangesPage);

#[cfg(test)]
mod samples {
    use super::super::page::Area;
    use super::super::parts::samples::{case, id, text};
    use super::*;
    use crate::kernel::Role;

    impl ChangesPage {
        pub(crate) fn sample() -> Self {
            let side = |page, pieces: &[(&str, bool)]| {
                let piece = |&(words, marked): &(&str, bool)| Piece { text: text(words), marked };
                Some(Paragraph { page, pieces: pieces.iter().map(piece).collect() })
            };
            let old = side(2, &[("7. The purchaser pays Rs.", false), ("12,50,000", true)]);
            let new = side(2, &[("7. The purchaser pays Rs.", false), ("14,00,000", true)]);
            let added = side(2, &[("7A. Time is of the essence.", true)]);
            let removed = side(3, &[("9. Disputes go to arbitration at Jaipur.", true)]);
            Self {
                layout: Layout::sample("What changed", Area::Cases, Role::Advocate),
                id: id(21),
                title: text("Agreement to sell"),
                case: Some(case()),
                from: 1,
                to: 2,
                rows: vec![
                    ChangeRow::Same(6),
                    ChangeRow::Changed { before: old, after: new },
                    ChangeRow::Changed { before: None, after: added },
                    ChangeRow::Same(1),
                    ChangeRow::Changed { before: removed, after: None },
                ],
            }
        }

        pub(crate) fn sample_same() -> Self {
            Self { rows: vec![ChangeRow::Same(12)], ..Self::sample() }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paragraphs_that_stayed_are_counted_together() {
        let mut rows = Vec::new();
        ChangeRow::push_same(&mut rows);
        ChangeRow::push_same(&mut rows);
        assert_eq!(rows, [ChangeRow::Same(2)]);
    }
}
