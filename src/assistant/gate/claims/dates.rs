//! Dates in the shapes that the entities of documents leave out: `2019-03-12`, `12.03.19`,
//! `March 2019`, `12 March`, `5th of May, 2018`.

use std::sync::LazyLock;

use regex::{Captures, Regex};

use super::{Claim, Day, Stated};

/// Names of months, by their first letters, and the number of each.
const MONTHS: &[(&str, u32)] = &[
    ("january", 1),
    ("february", 2),
    ("march", 3),
    ("april", 4),
    ("may", 5),
    ("june", 6),
    ("july", 7),
    ("august", 8),
    ("september", 9),
    ("october", 10),
    ("november", 11),
    ("december", 12),
    ("jan", 1),
    ("feb", 2),
    ("mar", 3),
    ("apr", 4),
    ("jun", 6),
    ("jul", 7),
    ("aug", 8),
    ("sept", 9),
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

static SHAPES: LazyLock<Vec<Regex>> = LazyLock::new(|| {
    let months: Vec<String> = MONTHS
        .iter()
        .flat_map(|(name, _)| {
            let mut letters = name.chars();
            let first: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
            // `may` and `march` are verbs; a month begins with a capital.
            [format!("{first}{}", letters.as_str()), name.to_uppercase()]
        })
        .collect();
    let month = format!("(?P<m>{})", months.join("|"));
    let year = r"(?P<y>(?:1[89]|20)\d{2})";
    [
        format!(r"\b{year}-(?P<m>\d{{2}})-(?P<d>\d{{2}})\b"),
        r"\b(?P<d>\d{1,2})(?P<s>[./-])(?P<m>\d{1,2})(?P<s2>[./-])(?P<y>\d{2})\b".to_owned(),
        format!(
            r"\b(?P<d>\d{{1,2}})\s?(?:st|nd|rd|th)?\s+(?:(?:day\s+)?of\s+)?{month}\b\.?(?:,?\s+(?:of\s+)?{year}\b)?"
        ),
        format!(r"\b{month}\.?\s+(?P<d>\d{{1,2}})(?:st|nd|rd|th)?\b(?:\s*,?\s+{year}\b)?"),
        format!(r"\b{month}\.?,?\s+(?:of\s+)?{year}\b"),
    ]
    .iter()
    .filter_map(|shape| Regex::new(shape).ok())
    .collect()
});

/// A date as the entities write it.
pub(super) fn of_iso(iso: &str) -> Option<Day> {
    let mut parts = iso.splitn(3, '-').map(|part| part.parse().ok());
    let (year, month, day) = (parts.next()??, parts.next()??, parts.next()??);
    Some(Day { year: Some(year), month, day: Some(day) })
}

/// Whether a word names a month.
pub(super) fn names_month(word: &str) -> bool {
    let word = word.to_lowercase();
    MONTHS.iter().any(|(name, _)| *name == word)
}

/// Finds the dates of a text.
pub(super) fn find(text: &str) -> impl Iterator<Item = Claim> {
    SHAPES.iter().flat_map(move |shape| shape.captures_iter(text)).filter_map(|hit| {
        let day = read(&hit)?;
        Some(Claim { at: hit.get(0)?.range(), what: Stated::Date(day) })
    })
}

fn read(hit: &Captures<'_>) -> Option<Day> {
    let part = |name: &str| hit.name(name).map(|part| part.as_str());
    if part("s") != part("s2") {
        return None;
    }
    let month = part("m")?;
    let month = if let Ok(number) = month.parse() {
        number
    } else {
        let month = month.to_lowercase();
        MONTHS.iter().find(|(name, _)| *name == month)?.1
    };
    let day = part("d").map(str::parse::<u32>).transpose().ok()?;
    let year = part("y").map(str::parse::<u32>).transpose().ok()?;
    // Two figures are of this century up to its half: `19` is 2019, `84` is 1984.
    let year = year.map(|year| match year {
        0..50 => 2000 + year,
        50..100 => 1900 + year,
        year => year,
    });
    let fits = (1..=12).contains(&month) && day.is_none_or(|day| (1..=31).contains(&day));
    fits.then_some(Day { year, month, day })
}
