//! The head of a list: which court, which day, what kind of list.

use std::sync::LazyLock;

use chrono::NaiveDate;
use regex::Regex;

use crate::hearings::ListType;

/// How many lines from the top are its head.
const HEAD: usize = 40;

/// What the head of a list says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Head {
    /// The court.
    pub court: Option<String>,
    /// The day.
    pub on_date: Option<NaiveDate>,
    /// The kind of list.
    pub list_type: Option<ListType>,
}

static NUMERIC: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"\b(\d{1,2})[./-](\d{1,2})[./-](\d{4})\b").ok());

const MONTHS: &str = r"(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*";

static DAY_FIRST: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let day_first =
        format!(r"(?i)\b(\d{{1,2}})\s*(?:st|nd|rd|th)?\s*(?:of\s+)?{MONTHS}\.?,?\s+(\d{{4}})\b");
    Regex::new(&day_first).ok()
});

static MONTH_FIRST: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(&format!(r"(?i)\b{MONTHS}\.?\s+(\d{{1,2}})(?:st|nd|rd|th)?,?\s+(\d{{4}})\b")).ok()
});

/// Reads the head of a list.
#[must_use]
pub fn head(text: &str) -> Head {
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let top = lines.iter().take(HEAD);
    Head {
        court: top.clone().find_map(|line| court(line)),
        on_date: top.clone().find_map(|line| date(line)),
        list_type: top.clone().find_map(|line| list_type(line)),
    }
}

/// The court a line names.
fn court(line: &str) -> Option<String> {
    let lower = line.to_lowercase();
    let names = ["supreme court", "high court", "district court", "tribunal", "sessions judge"];
    let complex = lower.contains("court") && lower.contains("district");
    if line.chars().count() > 120 || !(complex || names.iter().any(|name| lower.contains(name))) {
        return None;
    }
    let mut name = line.trim_matches(|c: char| !c.is_alphanumeric()).to_owned();
    for before in ["in the ", "the "] {
        if name.to_lowercase().starts_with(before) {
            name = name.get(before.len()..).unwrap_or_default().to_owned();
        }
    }
    Some(name.split_whitespace().map(titled).collect::<Vec<_>>().join(" "))
}

/// A word in capitals as it stands in a title.
fn titled(word: &str) -> String {
    let small = ["OF", "AT", "AND", "THE", "IN", "FOR"];
    if !word.chars().any(char::is_lowercase) && word.chars().count() > 1 {
        if small.contains(&word) {
            return word.to_lowercase();
        }
        let mut letters = word.chars();
        let first: String = letters.next().into_iter().collect();
        return format!("{first}{}", letters.as_str().to_lowercase());
    }
    word.to_owned()
}

/// The day a line names.
pub(super) fn date(line: &str) -> Option<NaiveDate> {
    let number = |text: Option<regex::Match<'_>>| text?.as_str().parse::<u32>().ok();
    if let Some(hit) = NUMERIC.as_ref().and_then(|pattern| pattern.captures(line)) {
        let year = hit.get(3)?.as_str().parse().ok()?;
        let found = NaiveDate::from_ymd_opt(year, number(hit.get(2))?, number(hit.get(1))?);
        if found.is_some() {
            return found;
        }
    }
    if let Some(hit) = DAY_FIRST.as_ref().and_then(|pattern| pattern.captures(line)) {
        let year = hit.get(3)?.as_str().parse().ok()?;
        return NaiveDate::from_ymd_opt(year, month(hit.get(2)?.as_str())?, number(hit.get(1))?);
    }
    let hit = MONTH_FIRST.as_ref().and_then(|pattern| pattern.captures(line))?;
    let year = hit.get(3)?.as_str().parse().ok()?;
    NaiveDate::from_ymd_opt(year, month(hit.get(1)?.as_str())?, number(hit.get(2))?)
}

fn month(name: &str) -> Option<u32> {
    let names =
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let at = names.iter().position(|month| name.eq_ignore_ascii_case(month))?;
    u32::try_from(at + 1).ok()
}

/// The kind of list a line names.
pub(super) fn list_type(line: &str) -> Option<ListType> {
    let lower = line.to_lowercase();
    if lower.contains("supplementary") || lower.contains("suppl.") {
        return Some(ListType::Supplementary);
    }
    let list = lower.contains("list");
    let kinds =
        [("weekly", ListType::Weekly), ("final", ListType::Final), ("daily", ListType::Daily)];
    kinds.into_iter().find(|(word, _)| list && lower.contains(word)).map(|(_, kind)| kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_read_as_lists_write_them() {
        for line in [
            "CAUSE LIST FOR 23.11.2026",
            "Dated: 23/11/2026 (Monday)",
            "DAILY CAUSE LIST FOR MONDAY THE 23RD NOVEMBER, 2026",
            "Monday, 23 November 2026",
            "List of 23rd day: 23rd of Nov. 2026",
            "November 23, 2026",
        ] {
            assert_eq!(
                date(line).map(|day| day.to_string()).as_deref(),
                Some("2026-11-23"),
                "{line}"
            );
        }
        assert_eq!(date("CS(COMM) 412/2025"), None);
        assert_eq!(date("31.02.2026"), None);
    }

    #[test]
    fn the_head_says_court_and_kind() {
        let text =
            "IN THE HIGH COURT OF DELHI AT NEW DELHI\nSUPPLEMENTARY CAUSE LIST\nFOR 23.11.2026";
        let found = head(text);
        assert_eq!(found.court.as_deref(), Some("High Court of Delhi at New Delhi"));
        assert_eq!(found.list_type, Some(ListType::Supplementary));
        assert!(found.on_date.is_some());
        assert_eq!(head(""), Head::default());
    }
}
