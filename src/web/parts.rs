//! Small views that several pages share.

use crate::kernel::{CaseId, DocumentId};

/// A case, named.
#[derive(Debug, Clone)]
pub struct CaseRef {
    /// Which case.
    pub id: CaseId,
    /// Its title.
    pub title: String,
}

/// A document, named.
#[derive(Debug, Clone)]
pub struct DocumentRef {
    /// Which document.
    pub id: DocumentId,
    /// Its title.
    pub title: String,
}

/// A field of a form: what was typed and what is wrong with it.
#[derive(Debug, Clone, Default)]
pub struct Field {
    /// What was typed; never a password.
    pub value: String,
    /// What is wrong, as a sentence for the person who typed it.
    pub error: Option<String>,
}

impl Field {
    /// A field holding a value with nothing wrong.
    pub fn of(value: impl Into<String>) -> Self {
        Self { value: value.into(), error: None }
    }

    /// A field whose value was refused.
    pub fn refused(value: impl Into<String>, error: impl Into<String>) -> Self {
        Self { value: value.into(), error: Some(error.into()) }
    }
}

/// An entry of a drop-down list.
#[derive(Debug, Clone)]
pub struct Choice {
    /// The value the form sends.
    pub value: String,
    /// The words shown.
    pub label: String,
    /// Whether it is chosen.
    pub chosen: bool,
}

/// A run of text that is marked or is not; a snippet is a list of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// The text.
    pub text: String,
    /// Whether it is what was looked for.
    pub marked: bool,
}

impl Piece {
    /// Cuts a text at marked byte ranges, which must be ordered and apart.
    ///
    /// A range that does not fall on character boundaries, or lies outside, is
    /// passed over: a wrong mark must not cost the reader the text.
    #[must_use]
    pub fn cut(text: &str, marks: &[(usize, usize)]) -> Vec<Self> {
        let mut pieces = Vec::with_capacity(marks.len() * 2 + 1);
        let mut at = 0;
        for &(start, end) in marks {
            let (Some(before), Some(marked)) = (text.get(at..start), text.get(start..end)) else {
                continue;
            };
            pieces.push(Self { text: before.to_owned(), marked: false });
            pieces.push(Self { text: marked.to_owned(), marked: true });
            at = end;
        }
        pieces.push(Self { text: text.get(at..).unwrap_or_default().to_owned(), marked: false });
        pieces.retain(|piece| !piece.text.is_empty());
        pieces
    }
}

/// A span of a page's text in one version of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// Which document.
    pub document: DocumentId,
    /// The version the span was read in; the link stays with it.
    pub version: u32,
    /// The page, from one.
    pub page: u32,
    /// Where the span starts in the page's text, in bytes.
    pub start: u32,
    /// Where it ends.
    pub end: u32,
}

impl Place {
    /// The address of the viewer, open at the span; at its page without scripts.
    #[must_use]
    pub fn href(&self) -> String {
        let Self { document, version, page, start, end } = self;
        format!(
            "/documents/{document}?version={version}&page={page}&start={start}&end={end}#page-{page}"
        )
    }
}

#[cfg(test)]
pub(crate) mod samples {
    //! What sample pages are made of.

    use chrono::DateTime;
    use uuid::Uuid;

    use super::*;
    use crate::web::page::{Link, Notice};
    use crate::web::show::{Day, Moment};

    /// The same id for the same number.
    pub(crate) fn id<T: From<Uuid>>(number: u128) -> T {
        T::from(Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0000 + number))
    }

    /// A moment some minutes after a fixed one.
    pub(crate) fn moment(minutes: i64) -> Moment {
        Moment(DateTime::from_timestamp(1_793_700_000 + minutes * 60, 0).unwrap())
    }

    /// The day of [`moment`], moved.
    pub(crate) fn day(days: i64) -> Day {
        Day(moment(days * 24 * 60).0.date_naive())
    }

    /// Text of one's own.
    pub(crate) fn text(text: &str) -> String {
        text.to_owned()
    }

    /// The case of the samples.
    pub(crate) fn case() -> CaseRef {
        CaseRef { id: id(1), title: text("Sharma Textiles v. Union of India") }
    }

    /// The notice shown when search by meaning is missing.
    pub(crate) fn notice() -> Notice {
        Notice {
            text: String::from(
                "The embedding model is not installed, so search finds words but not meaning.",
            ),
            link: Some(Link::new("How to install it", "/admin/system")),
        }
    }

    /// A place in a document of the samples.
    pub(crate) fn place(document: u128, page: u32) -> Place {
        Place { document: id(document), version: 1, page, start: 120, end: 240 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_cut_at_its_marks_and_nothing_is_lost() {
        let pieces = Piece::cut("bail was refused", &[(0, 4), (9, 16)]);
        let shown: Vec<_> = pieces.iter().map(|p| (p.text.as_str(), p.marked)).collect();
        assert_eq!(shown, [("bail", true), (" was ", false), ("refused", true)]);
    }

    #[test]
    fn a_mark_inside_a_character_is_passed_over() {
        let pieces = Piece::cut("जमानत", &[(1, 2)]);
        assert_eq!(pieces, [Piece { text: "जमानत".to_owned(), marked: false }]);
    }
}
