//! Statutes by their names and abbreviations.

use std::sync::LazyLock;

use regex::Regex;

use super::tables::{Finder, Statute, TABLES, any, compile, year};
use super::{closes_word, opens_word};

/// The name of an Act that is not in the table has at most this many words.
const LONGEST_NAME: usize = 14;
/// Words that stand between the capitals of an Act's name.
const LINKS: [&str; 12] =
    ["of", "and", "the", "for", "in", "to", "on", "&", "from", "by", "with", "or"];

/// A statute named in a text.
#[derive(Debug, Clone)]
pub(super) struct Named {
    pub(super) start: usize,
    pub(super) end: usize,
    /// What its sections are called by: `NI Act`, `Delhi Rent Control Act, 1958`.
    pub(super) key: String,
    /// Its name with its year.
    pub(super) title: String,
    /// What its numbers count: `s.`, `art.`
    pub(super) division: &'static str,
    /// Whether it is an abbreviation that may follow a bare number.
    pub(super) abbreviation: bool,
}

static NAMES: LazyLock<Regex> = LazyLock::new(|| {
    let forms = any(TABLES
        .statutes
        .iter()
        .flat_map(|row| row.names.iter().chain(&row.abbreviations).map(String::as_str)));
    compile(&format!(r"(?P<f>{forms})(?:\s?,?\s*\(?(?P<y>(?:18|19|20)\d\d)(?-u:\b)\)?)?"))
});

static OTHERS: LazyLock<Regex> = LazyLock::new(|| {
    compile(
        r"(?:Act|ACT|Code|CODE|Rules|RULES|Regulations|REGULATIONS|Ordinance|ORDINANCE|Adhiniyam|Sanhita)\s?,?\s+(?P<y>(?:18|19|20)\d\d)(?-u:\b)",
    )
});

static ROWS: LazyLock<Finder> = LazyLock::new(|| {
    Finder::new(TABLES.statutes.iter().enumerate().flat_map(|(row, statute)| {
        statute.names.iter().chain(&statute.abbreviations).map(move |form| (row, form.as_str()))
    }))
});

/// Finds the statutes named in a text, in order, none inside another.
pub(super) fn find(text: &str) -> Vec<Named> {
    let mut named = Vec::new();
    for hit in NAMES.captures_iter(text) {
        let (Some(whole), Some(form)) = (hit.get(0), hit.name("f")) else { continue };
        let body = form.as_str().trim_end();
        let end = form.start() + body.len();
        let Some(statute) = ROWS.row(body).and_then(|row| TABLES.statutes.get(row)) else {
            continue;
        };
        if !opens_word(text, form.start()) || !closes_word(text, end) || not_law(text, body, end) {
            continue;
        }
        let written = hit.name("y").and_then(|written| year(written.as_str()));
        let end = if written.is_some() { whole.end() } else { end };
        named.push(of_row(statute, body, written, form.start()..end));
    }
    for hit in OTHERS.captures_iter(text) {
        let (Some(whole), Some(year)) = (hit.get(0), hit.name("y")) else { continue };
        let Some(start) = begin(text, whole.start()) else { continue };
        let name = text[start..year.start()].trim_end_matches([',', ' ', '\n', '\t']);
        let key = format!("{}, {}", one_line(name), year.as_str());
        let range = start..whole.end();
        let title = key.clone();
        named.push(Named {
            start: range.start,
            end: range.end,
            key,
            title,
            division: "s.",
            abbreviation: false,
        });
    }
    // Where two overlap the longer name is meant.
    named.sort_by_key(|named| (named.start, std::cmp::Reverse(named.end)));
    let mut last = 0;
    named.retain(|named| {
        let keeps = named.start >= last;
        if keeps {
            last = named.end;
        }
        keeps
    });
    named
}

fn of_row(
    statute: &'static Statute,
    form: &str,
    written: Option<u16>,
    range: std::ops::Range<usize>,
) -> Named {
    let abbreviation = statute
        .abbreviations
        .iter()
        .any(|abbreviation| super::tables::squeeze(abbreviation) == super::tables::squeeze(form));
    // An Act of the same name and another year is another Act.
    let other = written.filter(|&year| year != statute.year);
    let year = other.unwrap_or(statute.year);
    let key = match other {
        Some(year) => format!("{}, {year}", statute.name),
        None => statute.key.clone(),
    };
    Named {
        start: range.start,
        end: range.end,
        key,
        title: format!("{}, {year}", statute.name),
        division: &statute.division,
        abbreviation,
    }
}

/// `Constitution Bench` and `constitution` of anything else are no statute.
fn not_law(text: &str, form: &str, end: usize) -> bool {
    let rest = text[end..].trim_start();
    form.eq_ignore_ascii_case("constitution")
        && ["Bench", "BENCH", "bench", "of a ", "of the B"]
            .iter()
            .any(|next| rest.starts_with(next))
}

/// Where the name of an Act begins that ends before a byte: the run of words in
/// capitals, with the small words between them.
fn begin(text: &str, end: usize) -> Option<usize> {
    let words = words_before(text, end);
    let mut start = None;
    for (index, &(place, word)) in words.iter().enumerate() {
        let closed = word.ends_with([',', '.', ';', ':', '–', '—']);
        if closed || matches!(word, "The" | "THE" | "Under" | "In" | "Section" | "Sections") {
            break;
        }
        if word.starts_with(|c: char| c.is_uppercase() || c == '(') {
            start = Some(place);
            continue;
        }
        let before = |back: usize| words.get(index + back).map_or("", |&(_, word)| word);
        let linked = LINKS.contains(&before(1)) && before(2).starts_with(char::is_uppercase);
        if !LINKS.contains(&word) || (word == "the" && !linked) {
            break;
        }
    }
    start
}

/// The words before a byte, the nearest first, with where they begin.
fn words_before(text: &str, end: usize) -> Vec<(usize, &str)> {
    let mut words = Vec::with_capacity(LONGEST_NAME);
    let mut rest = text[..end].trim_end();
    while !rest.is_empty() && words.len() < LONGEST_NAME {
        let space = rest.rfind(char::is_whitespace);
        let start = space.map_or(0, |at| at + rest[at..].chars().next().map_or(1, char::len_utf8));
        words.push((start, &rest[start..]));
        let before = &rest[..start];
        rest = before.trim_end();
        if before[rest.len()..].contains("\n\n") {
            break;
        }
    }
    words
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
