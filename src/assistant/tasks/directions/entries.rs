//! The dated entries that run through an order sheet, and the date of a single order.

use std::ops::Range;
use std::sync::LazyLock;

use chrono::NaiveDate;
use regex::Regex;

use super::dates::{named, pattern};

/// One order: an entry of an order sheet, or the whole of a single order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry {
    /// Its text.
    pub(super) at: Range<usize>,
    /// Its date.
    pub(super) date: Option<NaiveDate>,
    /// Whether it is one of those an order sheet is made of.
    pub(super) in_sheet: bool,
}

/// What may stand before the date of an entry.
static BEFORE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)^[\s%*#|(\[.:-]*(?:\d{1,3}[.)]\s+)?(?:(?:order|orders|proceedings?)\s*)?(?:date(?:d)?(?:\s+of\s+(?:the\s+)?(?:order|hearing))?|on|order\s+dated|pronounced\s+on)?[\s.:-]*$",
    )
});

/// What may follow it on its line: nothing, or how an entry goes on.
static AFTER: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)^[\s.:;)\]|-]*(?:$|present\b|appearance|coram\b|item\b|order\b|at\s+\d|\(?at\b|ld\.?\s|hon|case\s+(?:called|taken)|file\s+(?:taken|put)|matter\s+(?:called|taken)|(?:p\.?o\.?|presiding officer|reader|bench)\b)",
    )
});

/// How the date of a single order is told: a heading, its end, or the print's title.
static HEADED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:pronounced\s+on|date\s+of\s+(?:the\s+)?(?:order|decision|judgment|pronouncement)|order\s+dated|judgment\s+dated|decided\s+on|dated?\s*(?:the\s+)?[:.]|dated\s+this(?:\s+the)?|(?:v|vs|versus)\.?\s[^\n]{3,160}?\son)\s*[:.-]?\s*$",
    )
});

/// The entries of a text, in order: those an order sheet is made of, or the whole as one.
/// `told` is the date that is known of the document otherwise.
pub(super) fn entries(text: &str, told: Option<NaiveDate>) -> Vec<Entry> {
    let heads = heads(text);
    let ascending = heads.windows(2).all(|pair| pair[0].1 <= pair[1].1);
    let enough = heads.len() >= 2 && ascending || (heads.len() == 1 && heads[0].2);
    if !enough {
        return vec![Entry {
            at: 0..text.len(),
            date: told.or_else(|| headed(text)),
            in_sheet: false,
        }];
    }
    let ends = heads.iter().skip(1).map(|head| head.0).chain([text.len()]);
    heads
        .iter()
        .zip(ends)
        .map(|(head, end)| Entry { at: head.0..end, date: Some(head.1), in_sheet: true })
        .collect()
}

/// Lines that open an entry: where, the date, and whether the next words are an entry's own.
fn heads(text: &str) -> Vec<(usize, NaiveDate, bool)> {
    let mut heads: Vec<(usize, NaiveDate, bool)> = Vec::new();
    let mut before = "";
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let start = at;
        at += line.len();
        if line.trim().is_empty() {
            continue;
        }
        let last = std::mem::replace(&mut before, line).trim_end();
        let Some(date) = named(line, None).into_iter().next() else { continue };
        let (Some(day), None) = (date.day, &date.doubt) else { continue };
        let opens = BEFORE.is_match(&line[..date.at.start]) && AFTER.is_match(&line[date.at.end..]);
        // A date that a broken line begins with belongs to the sentence above it.
        let broken = last.ends_with([',', ';', '-'])
            || last.rsplit(' ').next().is_some_and(|word| {
                let word = word.trim_end_matches('.').to_lowercase();
                matches!(
                    word.as_str(),
                    "on" | "dated"
                        | "dt"
                        | "to"
                        | "of"
                        | "from"
                        | "till"
                        | "until"
                        | "by"
                        | "before"
                        | "and"
                        | "between"
                        | "the"
                        | "for"
                        | "since"
                        | "upto"
                        | "is"
                        | "was"
                )
            });
        if opens && !broken {
            let after = text[at..].trim_start();
            let follows = line[date.at.end..].trim_start().to_lowercase();
            let own = |words: &str| {
                let words = words.to_lowercase();
                ["present", "coram", "appear", "case called", "file taken", "matter called"]
                    .iter()
                    .any(|opening| words.starts_with(opening))
            };
            let own = own(&follows) || own(after.get(..40.min(after.len())).unwrap_or(""));
            heads.push((start, day, own));
        }
    }
    // Where entries say who was present, a date alone on a line is no entry.
    if heads.iter().filter(|head| head.2).count() >= 2 {
        heads.retain(|head| head.2);
    }
    heads
}

/// The date a single order gives itself.
fn headed(text: &str) -> Option<NaiveDate> {
    let top_end = floor(text, 2500);
    let tail_start = floor(text, text.len().saturating_sub(400));
    let within = |range: Range<usize>| {
        let part = &text[range];
        let certain = named(part, None).into_iter().filter(|date| date.doubt.is_none());
        certain
            .filter(|date| {
                let before = &part[floor(part, date.at.start.saturating_sub(200))..date.at.start];
                let line = before.rfind('\n').map_or(before, |line| &before[line + 1..]);
                HEADED.is_match(line) || HEADED.is_match(&before.replace('\n', " "))
            })
            .find_map(|date| date.day)
    };
    within(0..top_end).or_else(|| within(tail_start..text.len()))
}

/// The nearest character boundary at or before a place.
fn floor(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dates(text: &str) -> Vec<String> {
        let read = entries(text, None).into_iter();
        read.map(|entry| entry.date.map_or("none".to_owned(), |date| date.to_string())).collect()
    }

    #[test]
    fn an_order_sheet_is_split_by_its_dates() {
        let sheet = "IN THE COURT OF SH. X\nORDER SHEET\n\n18.05.2026\nPresent: Ld. APP.\n\
            Put up on 26.05.2026.\n(P. Lakra) ASJ / 18.05.2026\n\n26.05.2026\nPresent: As before.\n\
            It says recovery was made on\n13.05.2026\nand more.\nPut up for arguments on 03.06.2026.\n";
        assert_eq!(dates(sheet), ["2026-05-18", "2026-05-26"]);
    }

    #[test]
    fn a_single_order_has_the_date_of_its_heading_or_end() {
        assert_eq!(dates("Ajwar vs Waseem on 17 May, 2024\n\nJUDGMENT\n\nHeard."), ["2024-05-17"]);
        assert_eq!(
            dates("Reserved on: 29 May 2026\nPronounced on: 17 July 2026\n"),
            ["2026-07-17"]
        );
        assert_eq!(dates("ORDER\nHeard.\n\nNew Delhi;\nDated: 12.03.2026"), ["2026-03-12"]);
        assert_eq!(dates("He came on 12.03.2026 and left."), ["none"]);
    }
}
