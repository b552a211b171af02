//! What an answer says of itself, in words for the reader.

use std::fmt::Write;

use crate::assistant::extractive;
use crate::assistant::gate::Removed;
use crate::assistant::live::Struck;
use crate::documents::Coverage;

/// What was struck, as the reader is told.
pub(super) fn struck(what: &Removed, reason: &str) -> Struck {
    let (what, text) = what.named();
    Struck { what: what.to_owned(), text, reason: reason.to_owned() }
}

/// The answer where the documents do not answer, with what was looked for.
pub(super) fn not_found(searched: &[String], coverage: &str) -> String {
    let ways: Vec<&str> = searched.iter().map(|way| way.trim_end_matches(['?', '.'])).collect();
    format!("{}\n\nLooked for: {}. {coverage}", extractive::NOT_FOUND, ways.join("; "))
}

/// That some of the documents hold hidden text, in words for the reader.
pub(super) fn hidden(documents: usize) -> String {
    match documents {
        1 => " One of the documents used holds hidden text, which was left out.".to_owned(),
        more => format!(" {more} of the documents used hold hidden text, which was left out."),
    }
}

/// What was searched, in words for the reader.
pub(super) fn in_words(coverage: Coverage) -> String {
    let Coverage { documents, pages, unreadable, waiting, failed } = coverage;
    let count = |number: i64, noun: &str| {
        let plural = if number == 1 { "" } else { "s" };
        format!("{number} {noun}{plural}")
    };
    let mut words = format!("Searched {}, {}", count(documents, "document"), count(pages, "page"));
    let gaps = [
        (unreadable, "page", "could not be read"),
        (waiting, "document", "still being read"),
        (failed, "document", "could not be opened"),
    ];
    for (number, noun, what) in gaps.into_iter().filter(|(number, ..)| *number > 0) {
        let _ = write!(words, "; {} {what}", count(number, noun));
    }
    words + "."
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn coverage_names_what_was_not_read() {
        let coverage = Coverage { documents: 1, pages: 12, unreadable: 2, waiting: 1, failed: 0 };
        assert_eq!(
            in_words(coverage),
            "Searched 1 document, 12 pages; 2 pages could not be read; 1 document still being read."
        );
    }
}
