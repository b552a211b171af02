//! Page numbers and other lines whose form alone gives them away.

use std::sync::LazyLock;

use regex::Regex;

use super::lines::{Edge, Line};

/// Forms that are page numbers wherever they stand at an edge.
#[expect(clippy::expect_used, reason = "the pattern is a constant and a test uses it")]
static SAYS_PAGE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(concat!(
        r"(?i)^(?:",
        r"(?:page|pg\.?|पृष्ठ|पृ\.)\s*(?:no\.?|number|सं\.?)?\s*[:.-]?\s*\d{1,5}(?:\s*(?:of|/|का)\s*\d{1,5})?",
        r"|[-–—]\s*\d{1,5}\s*[-–—]",
        r"|\d{1,5}\s*\|\s*p\s?a\s?g\s?e",
        r"|indian kanoon - https?://indiankanoon\.org/doc/\d+/?\s*\d*",
        r"|\d{1,5}\s+supreme court reports\s+\[\d{4}\].{0,24}",
        r"|supreme court reports\s+\[\d{4}\].{0,24}",
        r")$",
    ))
    .expect("a valid pattern")
});

/// The volume and page the official reports print below the first page of a case.
#[expect(clippy::expect_used, reason = "the pattern is a constant and a test uses it")]
static REPORTER_LINE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^\[\d{4}\]\s+\d{1,2}\s+S\.C\.R\.\s+\d{1,4}$").expect("a valid pattern")
});

/// Whether a line is a page number and can be nothing else.
pub(super) fn says_page(line: &str) -> bool {
    line.len() < 120 && SAYS_PAGE.is_match(line)
}

/// Whether a line is the place of the page in the official reports.
pub(super) fn is_reporter_line(line: &Line) -> bool {
    line.edge == Edge::Bottom
        && line.rank < 2
        && line.rows > 8
        && line.placed()
        && REPORTER_LINE.is_match(&line.text)
}

/// The number a line consists of, in figures or small Roman numerals.
pub(super) fn bare(line: &str) -> Option<i64> {
    let body = line.trim_matches(['-', '–', '—', '[', ']', '(', ')', ' ', '.']);
    if body.is_empty() || body.len() > 15 {
        return None;
    }
    if body.chars().all(char::is_numeric) {
        let value = |c: char| c.to_digit(10).or_else(|| devanagari(c));
        let number = body
            .chars()
            .try_fold(0_i64, |sum, c| sum.checked_mul(10)?.checked_add(value(c)?.into()));
        return number.filter(|&number| number < 100_000);
    }
    roman(body)
}

fn devanagari(c: char) -> Option<u32> {
    matches!(c, '०'..='९').then(|| u32::from(c) - u32::from('०'))
}

/// The value of a small Roman numeral below a hundred.
fn roman(body: &str) -> Option<i64> {
    let mut total = 0;
    let mut last = 0;
    for c in body.chars().rev() {
        let value = match c {
            'i' => 1,
            'v' => 5,
            'x' => 10,
            'l' => 50,
            _ => return None,
        };
        total += if value < last { -value } else { value };
        last = last.max(value);
    }
    (total > 0).then_some(total)
}

/// A line with every run of figures as `#`, single spaces and small letters.
pub(super) fn mask(line: &str) -> String {
    let mut mask = String::with_capacity(line.len());
    for c in line.chars() {
        if c.is_numeric() {
            if !mask.ends_with('#') {
                mask.push('#');
            }
        } else if c.is_whitespace() {
            if !mask.ends_with(' ') {
                mask.push(' ');
            }
        } else {
            mask.extend(c.to_lowercase());
        }
    }
    mask
}

/// A number before a paragraph, a footnote or a sub-clause (`3.`, `12.1.1`), or a
/// reference in brackets below the title of a form.
#[expect(clippy::expect_used, reason = "the pattern is a constant and a test uses it")]
static LISTED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^\s*(?:[0-9]{1,3}(?:\.|[.)]\s)|\((?i:see)\b)").expect("a valid pattern")
});

/// What is numbered on its own account, page by page or not.
#[expect(clippy::expect_used, reason = "the pattern is a constant and a test uses it")]
static DIVISION: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?i)^\W*(?:see\s+)?(?:part|chapter|schedule|annexure|annex|appendix|exhibit|article|clause|section|form|rule|order|item|table|figure)\b",
    )
    .expect("a valid pattern")
});

/// Whether the figures of two lines that are otherwise the same are those of a head
/// or foot: the same on both pages, or counting on with the pages.
pub(super) fn go_together(line: &str, twin: &str, distance: i64) -> bool {
    let (ours, theirs) = (figures(line), figures(twin));
    if ours == theirs {
        return !LISTED.is_match(line);
    }
    ours.len() == theirs.len()
        && !LISTED.is_match(line)
        && !DIVISION.is_match(line)
        && ours.iter().zip(&theirs).all(|(a, b)| a == b || b - a == distance)
}

/// The numbers in a line; a number beyond all pages counts as none.
fn figures(line: &str) -> Vec<i64> {
    line.split(|c: char| !c.is_ascii_digit())
        .filter(|digits| !digits.is_empty())
        .map(|digits| digits.parse().ok().filter(|number| *number < 1 << 40).unwrap_or(-1))
        .collect()
}

/// Whether there are words in a masked line; two rows of figures are no repetition.
pub(super) fn is_wordy(mask: &str) -> bool {
    mask.chars().filter(|c| c.is_alphabetic()).count() >= 4
}
