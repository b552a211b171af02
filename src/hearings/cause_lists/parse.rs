//! Reading the lines of a list: what stands over the entries, and the entries.
//!
//! Nothing here refuses a text: what is no list has no entries. Courts print lists in many
//! ways, columns break over lines, and a line that fits no rule belongs to the entry above.

use std::sync::LazyLock;

use chrono::NaiveTime;
use regex::Regex;

use super::head::list_type;
use super::numbers::{CaseNumber, cnrs, numbers};
use crate::hearings::ListType;

/// How many entries of a list are read.
const MOST: usize = 10_000;
/// How many lines an entry can have; what comes after is not of it.
const LINES: usize = 12;
/// How many characters of a line are looked at.
const WIDEST: usize = 1_000;

/// An entry of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListEntry {
    /// Its place in the list, from 1.
    pub number: u32,
    /// The number it has in the list.
    pub item: Option<String>,
    /// In which room.
    pub court_hall: Option<String>,
    /// Before whom.
    pub bench: Option<String>,
    /// When the court takes it up.
    pub starts_at: Option<NaiveTime>,
    /// The kind of list it stands in.
    pub list_type: Option<ListType>,
    /// Under which heading it stands.
    pub purpose: Option<String>,
    /// Its words.
    pub text: String,
    pub(super) numbers: Vec<CaseNumber>,
    pub(super) cnrs: Vec<String>,
}

/// What stands over entries.
#[derive(Debug, Clone, Default)]
struct Over {
    hall: Option<String>,
    bench: Option<String>,
    starts_at: Option<NaiveTime>,
    kind: Option<ListType>,
    purpose: Option<String>,
    /// Whether the line before was one of the bench.
    in_bench: bool,
}

static ITEM: LazyLock<Option<Regex>> = LazyLock::new(|| {
    // One number, or a range of them that is one group: `12`, `12.1`, `12A`, `12-15`, `12 & 13`.
    let item = r"(?i)^(?:items?\s*(?:nos?(?:\(s\))?\.?)?\s*:?\s*|s\.?\s?no\.?\s*)?(\d{1,4}(?:\.\d{1,3})?[A-Z]?(?:\s*(?:-|–|&|\bto\b)\s*\d{1,4}[A-Z]?)?)\s*[.):\]]?(?:\s+(.*))?$";
    Regex::new(item).ok()
});

static HALL: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let hall = r"(?i)^\W*court\s*(?:room|hall)?\s*(?:no|number)?\s*[:.\s-]*\s*(\d{1,3}[A-Z]?|[IVX]{1,5})\b";
    Regex::new(hall).ok()
});

static TIME: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(?:at|time)\W{0,4}(\d{1,2})[.:](\d{2})(?:\s*([ap])\.?\s?m\b)?").ok()
});

const BENCH: [&str; 7] =
    ["hon'ble", "hon’ble", "coram", "before ", "in the court of", "court of ", "presiding officer"];

/// How a line names a judge; a ministry of justice is a party.
const JUDGES: [&str; 9] = [
    "hon'ble",
    "hon’ble",
    "chief justice",
    "mr. justice",
    "mr justice",
    "ms. justice",
    "mrs. justice",
    "shri justice",
    "smt. justice",
];

const HEADINGS: [&str; 25] = [
    "for admission",
    "admission",
    "fresh",
    "after notice",
    "for orders",
    "orders",
    "for hearing",
    "final hearing",
    "for final hearing",
    "regular",
    "for arguments",
    "arguments",
    "evidence",
    "for evidence",
    "miscellaneous",
    "part heard",
    "part-heard",
    "bail",
    "for judgment",
    "pronouncement",
    "directions",
    "for direction",
    "for final disposal",
    "mentioning",
    "for framing",
];

impl Over {
    /// Takes a line that stands over entries; says whether it is one.
    fn take(&mut self, line: &str) -> bool {
        let lower = line.to_lowercase();
        let hall = HALL.as_ref().and_then(|hall| hall.captures(line)).and_then(|hit| hit.get(1));
        let mut taken = hall.is_some();
        if let Some(hall) = hall {
            // `In the court of …` may stand over the number of the room, too.
            let bench = self.bench.take().filter(|_| self.in_bench);
            *self = Self { kind: self.kind, bench, ..Self::default() };
            self.hall = Some(hall.as_str().to_uppercase());
        }
        if let Some(time) = time(line) {
            self.starts_at = Some(time);
            taken = true;
        }
        if let Some(kind) = list_type(line) {
            self.kind = Some(kind);
            taken = true;
        }
        if taken {
            self.in_bench = false;
            return true;
        }
        let judge = lower.starts_with("justice ")
            || (lower.contains("justice") && JUDGES.iter().any(|words| lower.contains(words)));
        let judge = judge && !lower.contains(" v. ");
        if judge || BENCH.iter().any(|begin| lower.starts_with(begin)) {
            if lower.contains("court of ") && self.bench.is_some() && !self.in_bench {
                // Another court of the same list: what stood over the last one is not over it.
                *self = Self { kind: self.kind, ..Self::default() };
            }
            let name = line.trim_end_matches(':').trim();
            self.bench = match self.bench.take() {
                Some(bench) if self.in_bench => Some(format!("{bench}, {name}")),
                _ => Some(name.to_owned()),
            };
            self.in_bench = true;
            return true;
        }
        self.in_bench = false;
        let plain = lower.trim_matches(|c: char| !c.is_alphanumeric());
        let begins = |words: &str| {
            plain.strip_prefix(words).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
        };
        if plain.chars().count() < 60 && HEADINGS.iter().any(|words| begins(words)) {
            self.purpose = Some(plain.to_owned());
            return true;
        }
        false
    }

    fn entry(&self, number: usize, item: Option<&str>, text: &str) -> ListEntry {
        ListEntry {
            number: u32::try_from(number).unwrap_or(u32::MAX),
            item: item.map(str::to_owned),
            court_hall: self.hall.clone(),
            bench: self.bench.clone(),
            starts_at: self.starts_at,
            list_type: self.kind,
            purpose: self.purpose.clone(),
            text: text.to_owned(),
            numbers: Vec::new(),
            cnrs: Vec::new(),
        }
    }
}

/// The time of day a line names.
fn time(line: &str) -> Option<NaiveTime> {
    let hit = TIME.as_ref()?.captures(line)?;
    let hour: u32 = hit.get(1)?.as_str().parse().ok()?;
    let minute: u32 = hit.get(2)?.as_str().parse().ok()?;
    let after_noon = hit.get(3).is_some_and(|half| half.as_str().eq_ignore_ascii_case("p"));
    let said = hit.get(3).is_some();
    // No court sits before seven: `AT 2.15` is after noon, said or not.
    let after_noon = after_noon || (!said && hour < 7);
    let hour = if after_noon && hour < 12 { hour + 12 } else { hour };
    NaiveTime::from_hms_opt(hour, minute, 0)
}

/// Whether a text names a case.
fn names_case(text: &str) -> bool {
    !numbers(text).is_empty() || !cnrs(text).is_empty()
}

/// An item number at the beginning of a line, and what comes after it.
fn item(line: &str) -> Option<(&str, &str)> {
    let hit = ITEM.as_ref()?.captures(line)?;
    let rest = hit.get(2).map_or("", |rest| rest.as_str());
    let is_number = rest.to_lowercase().starts_with("of ");
    (!is_number).then_some((hit.get(1)?.as_str(), rest))
}

/// Every entry of a list that names a case.
#[must_use]
pub fn entries(text: &str) -> Vec<ListEntry> {
    let lines: Vec<String> = text
        .lines()
        .map(|line| line.chars().take(WIDEST).collect::<String>().trim().to_owned())
        .filter(|line| !line.is_empty())
        .collect();
    let mut over = Over::default();
    let mut found: Vec<ListEntry> = Vec::new();
    let mut open = 0;
    for (at, line) in lines.iter().enumerate() {
        let next = lines.get(at + 1).map(String::as_str).unwrap_or_default();
        let named = names_case(line);
        match item(line) {
            Some((item, rest)) if names_case(rest) || (!named && begins(rest, next)) => {
                over.in_bench = false;
                found.push(over.entry(found.len() + 1, Some(item), rest));
                open = LINES;
            }
            _ if named => {
                let goes_on = open > 0 && (is_joined(line) || has_item(&found));
                if !goes_on {
                    found.push(over.entry(found.len() + 1, None, ""));
                    open = LINES;
                }
                add(&mut found, line);
                open -= 1;
            }
            _ if over.take(line) => open = 0,
            _ if open > 0 => {
                add(&mut found, line);
                open -= 1;
            }
            _ => {}
        }
        if found.len() >= MOST {
            break;
        }
    }
    for entry in &mut found {
        entry.numbers = numbers(&entry.text);
        entry.cnrs = cnrs(&entry.text);
    }
    found
}

/// Whether an item number opens an entry whose case stands in the next line.
fn begins(rest: &str, next: &str) -> bool {
    rest.chars().count() < 80 && item(next).is_none() && names_case(next)
}

/// Whether a line names a case heard with the one above it.
fn is_joined(line: &str) -> bool {
    let first = line.split_whitespace().next().unwrap_or_default();
    first == "&" || matches!(first.to_lowercase().as_str(), "with" | "and" | "in" | "along")
}

fn has_item(found: &[ListEntry]) -> bool {
    found.last().is_some_and(|entry| entry.item.is_some())
}

fn add(found: &mut [ListEntry], line: &str) {
    if let Some(entry) = found.last_mut() {
        if !entry.text.is_empty() {
            entry.text.push('\n');
        }
        entry.text.push_str(line);
    }
}

#[cfg(test)]
#[path = "parse_tests.rs"]
mod tests;
