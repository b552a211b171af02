//! The dated sentences of pages, each as a line of a list of dates.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::LazyLock;

use chrono::NaiveDate;
use regex::Regex;

use crate::assistant::tasks::whole::{PageText, Whole, one_line, shortened};
use crate::documents::entities;
use crate::kernel::sentences::sentences;

/// How long a line is at most, in characters.
const LINE: usize = 220;

/// When something happened.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum When {
    /// On a day.
    Day(NaiveDate),
    /// Some time that is not told to the day, as written, with why it is not certain.
    Uncertain {
        /// As written.
        written: String,
        /// Why it is no day.
        doubt: String,
    },
}

/// A dated sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dated {
    /// When.
    pub when: When,
    /// What, on one line.
    pub what: String,
    /// The page.
    pub page: u32,
    /// Where the sentence begins in the page's text, in bytes.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
    /// The sentence as it stands there; its part on that page where it runs over.
    pub quote: String,
}

/// Compiles a pattern of ours; the tests use each.
#[expect(clippy::unwrap_used, reason = "the patterns are constants, each used by the tests")]
fn pattern(text: &str) -> Regex {
    Regex::new(text).unwrap()
}

const MONTH: &str =
    "January|February|March|April|May|June|July|August|September|October|November|December";

static MONTH_YEAR: LazyLock<Regex> = LazyLock::new(|| {
    pattern(&format!(
        r"\b(?:(?:{MONTH})|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec)\.?)\s*,?\s+(?:of\s+)?(?:1[89]|20)\d{{2}}\b"
    ))
});
static YEAR: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:in|during|since|until|till|from|by|of)\s+(?:the\s+)?(?:early\s+|late\s+|end\s+of\s+)?(?:(?:calendar|financial|assessment|academic)\s+)?year\s+(?P<y>(?:1[89]|20)\d{2})\b|\b(?:in|during|since)\s+(?P<z>(?:1[89]|20)\d{2})\b",
    )
});
static SHORT_YEAR: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"\b\d{1,2}[./-]\d{1,2}[./-]\d{2}\b"));
static SAME_MONTH: LazyLock<Regex> = LazyLock::new(|| {
    pattern(&format!(
        r"\b\d{{1,2}}(?:st|nd|rd|th)?\s+(?:day\s+of\s+)?(?:{MONTH})\b|\b(?:{MONTH})\s+\d{{1,2}}(?:st|nd|rd|th)?\b"
    ))
});

/// The dated sentences of pages, in the order of the text. One that names several dates
/// stands under each.
pub(crate) fn read(pages: &[PageText]) -> Vec<Dated> {
    let whole = Whole::of(pages);
    let mut found = Vec::new();
    for sentence in sentences(&whole.text) {
        let text = &whole.text[sentence.clone()];
        let mut seen = BTreeSet::new();
        for (at, when) in whens(text) {
            if !seen.insert(when.clone()) {
                continue;
            }
            let place = whole.place(&sentence, sentence.start + at.start);
            let quote = whole.words(&place).to_owned();
            // A date alone on a line dates nothing that is said.
            if quote.split_whitespace().filter(|word| word.chars().any(char::is_alphabetic)).count()
                < 4
            {
                continue;
            }
            let what = around(text, &at);
            let (page, start, end) = (place.page, place.start, place.end);
            found.push(Dated { when, what, page, start, end, quote });
        }
    }
    found
}

/// The times a sentence names, in order.
fn whens(text: &str) -> Vec<(Range<usize>, When)> {
    let mut found: Vec<(Range<usize>, When)> = Vec::new();
    let add = |found: &mut Vec<(Range<usize>, When)>, at: Range<usize>, when: When| {
        if found.iter().all(|(known, _)| known.end <= at.start || at.end <= known.start) {
            found.push((at, when));
        }
    };
    for date in entities::dates_of(text) {
        let when = match date.normal.parse::<NaiveDate>() {
            Ok(day) => When::Day(day),
            Err(_) => uncertain(&date.text, "there is no such day"),
        };
        add(&mut found, date.start..date.end, when);
    }
    let rest: [(&LazyLock<Regex>, &str); 4] = [
        (&SHORT_YEAR, "the year has two figures"),
        (&MONTH_YEAR, "a month is named, no day"),
        (&SAME_MONTH, "no year is named"),
        (&YEAR, "a year is named, no day"),
    ];
    for (pattern, doubt) in rest {
        for hit in pattern.captures_iter(text) {
            let whole = hit.name("y").or_else(|| hit.name("z")).or_else(|| hit.get(0));
            let Some(whole) = whole else { continue };
            add(&mut found, whole.range(), uncertain(whole.as_str(), doubt));
        }
    }
    found.sort_by_key(|(at, _)| at.start);
    found
}

fn uncertain(written: &str, doubt: &str) -> When {
    When::Uncertain { written: one_line(written), doubt: doubt.to_owned() }
}

/// A sentence on one line; of a long one the part around its date.
fn around(text: &str, at: &Range<usize>) -> String {
    let line = one_line(text);
    if line.chars().count() <= LINE {
        return line;
    }
    let before = one_line(&text[..at.start]);
    if before.chars().count() + 40 < LINE {
        return shortened(&line, LINE);
    }
    // From the last break before the date that leaves room for what follows it.
    let from = before
        .char_indices()
        .find(|(at, c)| matches!(c, ',' | ';' | ':') && before[*at..].chars().count() < LINE / 2)
        .map(|(at, _)| at + 1);
    let from = from.or_else(|| before.rfind([',', ';', ':']).map(|at| at + 1)).unwrap_or(0);
    format!("…{}", shortened(line[from.min(line.len())..].trim_start(), LINE))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> Vec<(String, String)> {
        let read = read(&[PageText { number: 1, text: text.to_owned() }]).into_iter();
        let when = |when: When| match when {
            When::Day(day) => day.to_string(),
            When::Uncertain { written, doubt } => format!("{written} ({doubt})"),
        };
        read.map(|line| (when(line.when), line.quote)).collect()
    }

    #[test]
    fn dated_sentences_become_lines() {
        let text = "The plaintiff supplied yarn between 4 April 2022 and 29 July\n2022. The goods \
            were returned in March 2023 for want of quality. He moved here in 2015 with his \
            family. A notice was sent on 5.3.24 by post. Nothing more is known.\n\n17 July 2026\n";
        let read = lines(text);
        let days: Vec<&str> = read.iter().map(|(when, _)| when.as_str()).collect();
        assert_eq!(
            days,
            [
                "2022-04-04",
                "2022-07-29",
                "March 2023 (a month is named, no day)",
                "2015 (a year is named, no day)",
                "5.3.24 (the year has two figures)",
            ]
        );
        assert!(read.iter().all(|(_, quote)| text.contains(quote.as_str())));
    }

    #[test]
    fn a_day_without_a_year_is_uncertain() {
        let read = lines("On 6th August the matter was heard and closed.");
        assert_eq!(read[0].0, "6th August (no year is named)");
    }

    #[test]
    fn a_long_sentence_is_cut_around_its_date() {
        let long =
            format!("{} and then, on 3 May 2021, the cheque was returned.", "word ".repeat(80));
        let read = read(&[PageText { number: 1, text: long }]);
        assert!(read[0].what.contains("3 May 2021"), "{}", read[0].what);
        assert!(read[0].what.chars().count() < 240);
    }
}
