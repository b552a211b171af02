//! Dates, as `2024-03-12`.

use std::sync::LazyLock;

use regex::{Captures, Regex};

use super::tables::compile;
use super::{Entity, Found, opens_word};

/// Names of months and the number each stands for.
const MONTHS: &[(&str, u32)] = &[
    ("jan", 1),
    ("feb", 2),
    ("mar", 3),
    ("apr", 4),
    ("may", 5),
    ("jun", 6),
    ("jul", 7),
    ("aug", 8),
    ("sep", 9),
    ("oct", 10),
    ("nov", 11),
    ("dec", 12),
    ("जनवरी", 1),
    ("फरवरी", 2),
    ("फ़रवरी", 2),
    ("मार्च", 3),
    ("अप्रैल", 4),
    ("मई", 5),
    ("जून", 6),
    ("जुलाई", 7),
    ("अगस्त", 8),
    ("सितंबर", 9),
    ("सितम्बर", 9),
    ("अक्टूबर", 10),
    ("अक्तूबर", 10),
    ("नवंबर", 11),
    ("नवम्बर", 11),
    ("दिसंबर", 12),
    ("दिसम्बर", 12),
];

static NUMERIC: LazyLock<Regex> = LazyLock::new(|| {
    compile(
        r"(?P<d>[0-9०-९]{1,2})\s?(?P<s>[./-])\s?(?P<m>[0-9०-९]{1,2})\s?(?P<s2>[./-])\s?(?P<y>(?:1[89]|20|१९|२०)[0-9०-९]{2})",
    )
});

static DAY_FIRST: LazyLock<Regex> = LazyLock::new(|| {
    compile(&format!(
        r"(?P<d>[0-9०-९]{{1,2}})\s?(?:st|nd|rd|th|ST|ND|RD|TH)?\s?(?:(?i:day\s+of)\s+)?[-.,]?\s?(?P<m>{})\.?[-,]?\s?(?P<y>(?:1[89]|20|१९|२०)[0-9०-९]{{2}})",
        months()
    ))
});

static MONTH_FIRST: LazyLock<Regex> = LazyLock::new(|| {
    compile(&format!(
        r"(?P<m>{})\.?\s+(?P<d>[0-9]{{1,2}})(?:st|nd|rd|th)?\s?,\s?(?P<y>(?:1[89]|20)[0-9]{{2}})",
        months()
    ))
});

/// Names of months in any case they are printed in.
fn months() -> String {
    let english = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
        "Sept",
        "Jan",
        "Feb",
        "Mar",
        "Apr",
        "Jun",
        "Jul",
        "Aug",
        "Sep",
        "Oct",
        "Nov",
        "Dec",
    ];
    let mut names: Vec<String> =
        english.iter().flat_map(|name| [(*name).to_owned(), name.to_uppercase()]).collect();
    names.extend(
        MONTHS.iter().filter(|(name, _)| !name.is_ascii()).map(|(name, _)| (*name).to_owned()),
    );
    names.join("|")
}

/// A date in figures as `2024-03-12`; the day is written first.
pub(in crate::documents) fn iso(written: &str) -> Option<String> {
    let hit = NUMERIC.captures(written)?;
    normal(&hit)
}

/// Finds the dates of a text.
pub(super) fn find(text: &str, found: &mut Found) {
    for pattern in [&*NUMERIC, &*DAY_FIRST, &*MONTH_FIRST] {
        for hit in pattern.captures_iter(text) {
            if let Some(whole) = hit.get(0)
                && opens_word(text, whole.start())
                && !text[whole.end()..].starts_with(char::is_numeric)
                && let Some(normal) = normal(&hit)
            {
                found.push(Entity::new("date", text, whole.range(), normal));
            }
        }
    }
}

fn normal(hit: &Captures<'_>) -> Option<String> {
    let part = |name: &str| hit.name(name).map(|part| part.as_str());
    if part("s") != part("s2") {
        return None;
    }
    let day = number(part("d")?)?;
    let written = part("m")?;
    let month = number(written).or_else(|| named(written))?;
    let year = number(part("y")?)?;
    let longest = match month {
        2 => 29,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return None,
    };
    (1..=longest).contains(&day).then(|| format!("{year:04}-{month:02}-{day:02}"))
}

fn named(month: &str) -> Option<u32> {
    let month = month.to_lowercase();
    MONTHS.iter().find(|(name, _)| month.starts_with(name)).map(|&(_, number)| number)
}

fn number(written: &str) -> Option<u32> {
    written.chars().try_fold(0_u32, |sum, c| {
        let digit = match c {
            '०'..='९' => u32::from(c) - u32::from('०'),
            c => c.to_digit(10)?,
        };
        sum.checked_mul(10)?.checked_add(digit)
    })
}
