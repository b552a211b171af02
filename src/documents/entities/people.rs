//! Courts and judges.

use std::sync::LazyLock;

use regex::Regex;

use super::tables::{Court, Finder, TABLES, any, compile};
use super::{Entity, Found, closes_word, opens_word};

/// A name in capitals or with capital initials: `K. S. Hegde`, `SURYA KANT`.
const NAME: &str = r"(?:[A-Z]\.?\s?){0,4}[A-Z][A-Za-z'’]+\.?(?:[ -](?:(?:[A-Z]\.?\s?){1,3}(?-u:\b)|[A-Z][A-Za-z'’]+)){0,3}";

static COURTS: LazyLock<Regex> = LazyLock::new(|| {
    let names = any(TABLES.courts.iter().flat_map(|row| row.names.iter().map(String::as_str)));
    compile(&format!(r"(?:{names})"))
});

static COURT_ROWS: LazyLock<Finder> = LazyLock::new(|| {
    Finder::new(TABLES.courts.iter().enumerate().flat_map(|(row, court)| {
        court.names.iter().chain([&court.name]).map(move |name| (row, name.as_str()))
    }))
});

static TITLED: LazyLock<Regex> = LazyLock::new(|| {
    compile(&format!(
        r"(?:(?:[Hh]on['’]?ble|HON['’]?BLE)\s+)?(?:(?:[Tt]he|THE)\s+)?(?:(?:Mr|MR|Mrs|MRS|Ms|MS|Dr|DR|Shri|SHRI|Smt|SMT|Sri|SRI)\.?\s+){{0,2}}(?:(?:Chief|CHIEF)\s+)?(?:Justice|JUSTICE)\s+(?P<n>(?:(?:Dr|DR|Mr|MR|Ms|MS)\.?\s*)?{NAME})"
    ))
});

static LETTERED: LazyLock<Regex> = LazyLock::new(|| {
    compile(&format!(r"(?P<n>{NAME})\s?,\s*(?:C\.\s?J\.(?:\s?I\.)?|CJI?\.?|JJ?\.)"))
});

static CORAM: LazyLock<Regex> = LazyLock::new(|| {
    compile(
        r"\[(?P<l>[A-Z][A-Z.,&\s'’-]{4,240}?(?:AND|&)?[A-Z.,\s'’-]*?),?\s*(?:C\.\s?J\.(?:I\.)?,?\s*)?JJ?\.\s?\]",
    )
});

static LABELLED: LazyLock<Regex> = LazyLock::new(|| {
    compile(
        r"(?m)^(?:Bench|Author|BENCH|CORAM|Coram|Quorum)\s*:[-\s]*(?P<l>[^\n]{3,240}(?:\n{1,2}[A-Z][^\n:]{0,120},[^\n:]*$)?)",
    )
});

static SEPARATOR: LazyLock<Regex> = LazyLock::new(|| compile(r",|\s(?:AND|and|&)\s"));

/// The words a name cannot begin with.
const NO_NAME: [&str; 24] = [
    "of",
    "and",
    "the",
    "delivered",
    "department",
    "system",
    "act",
    "board",
    "committee",
    "in",
    "for",
    "per",
    "see",
    "mr",
    "cji",
    "cj",
    "jj",
    "bench",
    "division",
    "king's",
    "queen's",
    "family",
    "chancery",
    "business",
];

/// Finds the courts and judges named in a text.
pub(super) fn find(text: &str, found: &mut Found) {
    for hit in COURTS.find_iter(text) {
        let Some(court) = row(hit.as_str()) else { continue };
        if opens_word(text, hit.start()) && closes_word(text, hit.end()) {
            found.push(Entity::new("court", text, hit.range(), court.key.clone()));
        }
    }
    for pattern in [&*TITLED, &*LETTERED] {
        for hit in pattern.captures_iter(text) {
            let (Some(whole), Some(name)) = (hit.get(0), hit.name("n")) else { continue };
            // `Royal Courts of Justice, Strand` is a place.
            let place = text[..whole.start()].trim_end().ends_with(" of");
            if opens_word(text, whole.start()) && !place {
                judge(text, name.range(), found);
            }
        }
    }
    for pattern in [&*CORAM, &*LABELLED] {
        for hit in pattern.captures_iter(text) {
            let Some(list) = hit.name("l") else { continue };
            for (at, part) in split(list.as_str()) {
                let part = part.split('(').next().unwrap_or(part);
                let start = list.start() + at + part.len() - part.trim_start().len();
                judge(text, start..start + part.trim().len(), found);
            }
        }
    }
}

fn judge(text: &str, range: std::ops::Range<usize>, found: &mut Found) {
    let name = &text[range.clone()];
    if let Some(mark) = SEPARATOR.find(name) {
        judge(text, range.start..range.start + mark.start(), found);
        judge(text, range.start + mark.end()..range.end, found);
        return;
    }
    let normal = normal(name);
    let first = normal.split(' ').next().unwrap_or_default().to_lowercase();
    let letters = normal.chars().filter(|c| c.is_alphabetic()).count();
    let short = normal.split(' ').count() <= 6 && text[range.clone()].len() <= 60;
    if letters >= 3 && short && !NO_NAME.contains(&first.as_str()) {
        found.push(Entity::new("judge", text, range, normal));
    }
}

/// A name in capitals, without dots and titles.
fn normal(name: &str) -> String {
    let spaced = name.replace('.', " ").replace('’', "'").to_uppercase();
    let titles = [
        "JUSTICE",
        "HON'BLE",
        "HONOURABLE",
        "MR",
        "MRS",
        "MS",
        "DR",
        "THE",
        "CHIEF",
        "SHRI",
        "SMT",
        "J",
        "JJ",
    ];
    let mut words: Vec<&str> = spaced.split_whitespace().collect();
    while words.len() > 1 && words.first().is_some_and(|word| titles.contains(word) && *word != "J")
    {
        words.remove(0);
    }
    words.join(" ")
}

/// The parts of a list of names, with where each begins.
fn split(list: &str) -> Vec<(usize, &str)> {
    let mut parts = Vec::new();
    let mut at = 0;
    for mark in SEPARATOR.find_iter(list) {
        parts.push((at, &list[at..mark.start()]));
        at = mark.end();
    }
    parts.push((at, &list[at..]));
    parts
}

fn row(name: &str) -> Option<&'static Court> {
    COURT_ROWS.row(name).and_then(|row| TABLES.courts.get(row))
}

/// The name of the court a text names first. `Supreme Court` alone may be that of
/// another country, and counts only when no other court is named in full.
pub(in crate::documents) fn names_court(text: &str) -> Option<&'static str> {
    let named = || {
        COURTS.find_iter(text).filter_map(|hit| {
            let whole = opens_word(text, hit.start()) && closes_word(text, hit.end());
            let court = row(hit.as_str()).filter(|_| whole)?;
            Some((court, court.key != "SC" || hit.as_str().len() > "Supreme Court".len()))
        })
    };
    let abroad = || ["England", "ENGLAND", "JUDICATURE", "United States", "UNITED STATES"];
    let full = named().find(|(_, full)| *full);
    let bare = || named().next().filter(|_| !abroad().iter().any(|name| text.contains(name)));
    full.or_else(bare).map(|(court, _)| court.name.as_str())
}

/// The judges a text names, in order, each once.
pub(in crate::documents) fn judges_named(text: &str) -> Vec<String> {
    let mut found = Found::default();
    find(text, &mut found);
    let mut names: Vec<String> = Vec::new();
    for entity in found.settle().into_iter().filter(|entity| entity.kind == "judge") {
        if !names.contains(&entity.normal) {
            names.push(entity.normal);
        }
    }
    names
}
