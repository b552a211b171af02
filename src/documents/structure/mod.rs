//! What a document is: its kind, title, court, parties, judges and date, told from
//! its first pages and its last.

mod caption;
mod kinds;

use crate::documents::entities::{self, Entity};
use crate::documents::passages::{Page, content};

pub use caption::{Caption, Party, caption};

/// A year is looked for in this much of a document's beginning, in bytes.
const BEGINNING: usize = 6_000;
/// The date of a decision may stand this near a document's end, in bytes.
const ENDING: usize = 600;
/// A title is cut to this length, in characters.
const LONGEST_TITLE: usize = 160;

/// What a document is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Description {
    /// `judgment`, `order`, `plaint`, `written_statement`, `affidavit`, `agreement`,
    /// `notice`, `vakalatnama`, `statute`, `letter`, `mail` or `other`.
    pub kind: &'static str,
    /// What the kind was told by, in words.
    pub reasons: Vec<&'static str>,
    /// `Bachan Singh v. State of Punjab (1980)`, or the line that heads the document.
    pub title: Option<String>,
    /// The name of the court it is of.
    pub court: Option<String>,
    /// The parties its first page names, the side that came to court first.
    pub parties: Vec<Party>,
    /// The judges, in capitals, in the order they are named.
    pub judges: Vec<String>,
    /// Its date: `2024-03-12`.
    pub date: Option<String>,
}

/// Describes a document by its pages, or by those that are known.
#[must_use]
pub fn describe(pages: &[Page<'_>]) -> Description {
    let texts: Vec<String> =
        pages.iter().take(3).map(|page| content(page.text, page.furniture)).collect();
    let last = pages.get(3..).and_then(<[_]>::last);
    let last = last.map(|page| content(page.text, page.furniture)).unwrap_or_default();
    let beginning = texts.join("\n");
    let first = head(&beginning, BEGINNING);
    // Running heads tell the kind too: law reports and gazettes name themselves there.
    let printed: Vec<&str> = pages.iter().take(3).map(|page| page.text).collect();
    let (kind, reasons) = kinds::tell(&printed.join("\n"), &last);
    let decides = matches!(kind, "judgment" | "order");
    let caption = pages.first().map(|page| caption(page.text)).unwrap_or_default();
    let ending = if last.is_empty() { &beginning } else { &last };
    let date = caption.date.clone().or_else(|| date(first, ending, decides));
    let title = title(kind, &caption, date.as_deref(), first);
    let about_court =
        decides || matches!(kind, "plaint" | "written_statement" | "affidavit" | "vakalatnama");
    let court = entities::names_court(first).filter(|_| about_court);
    Description {
        kind,
        reasons,
        title,
        court: court.map(str::to_owned),
        parties: caption.parties,
        judges: if decides { entities::judges_named(head(first, 3_000)) } else { Vec::new() },
        date,
    }
}

/// The parties a first page names, as entities of the page.
#[must_use]
pub fn parties(first_page: &str) -> Vec<Entity> {
    caption(first_page).parties.iter().map(|party| party.entity(first_page)).collect()
}

fn head(text: &str, length: usize) -> &str {
    &text[..text.floor_char_boundary(length)]
}

/// The date a document gives itself.
fn date(first: &str, ending: &str, decides: bool) -> Option<String> {
    const LEADS: [&str; 9] = [
        "date of judgment",
        "judgment dated",
        "date of decision",
        "dated",
        "date",
        "decided on",
        "pronounced on",
        "day of",
        "delivered on",
    ];
    let is_date = |entity: &Entity| entity.kind == "date";
    let dates: Vec<Entity> =
        entities::find(head(first, 3_000)).into_iter().filter(is_date).collect();
    let led = dates.iter().find(|date| {
        let line = first[..date.start].rsplit('\n').next().unwrap_or_default().to_lowercase();
        let line = line.trim_end_matches([' ', ':', '-', '.']);
        LEADS.iter().any(|lead| line.ends_with(lead)) && line.len() <= 40
    });
    let alone = || {
        dates.iter().find(|date| {
            let before = first[..date.start].rsplit('\n').next().unwrap_or_default();
            let after = first[date.end..].split('\n').next().unwrap_or_default();
            before.trim().is_empty() && after.trim_matches(['.', ' ', ']']).is_empty()
        })
    };
    let found = led.or_else(alone).map(|date| date.normal.clone());
    if found.is_some() || !decides {
        return found.or_else(|| dates.first().map(|date| date.normal.clone()));
    }
    let from = ending.floor_char_boundary(ending.len().saturating_sub(ENDING));
    entities::find(&ending[from..]).into_iter().rfind(is_date).map(|date| date.normal)
}

fn title(kind: &str, caption: &Caption, date: Option<&str>, first: &str) -> Option<String> {
    let adversary = !matches!(kind, "statute" | "agreement" | "letter" | "mail");
    if let (true, [one, other, ..]) = (adversary, caption.parties.as_slice()) {
        let year = date.and_then(|date| date.get(..4)).map(|year| format!(" ({year})"));
        let names = format!("{} v. {}{}", one.name, other.name, year.unwrap_or_default());
        return Some(short(&names));
    }
    let lines = || first.lines().map(str::trim).filter(|line| !line.is_empty()).take(40);
    let says = |words: &'static [&str]| {
        lines().find(move |line| {
            let lower = line.to_lowercase();
            line.len() <= 140 && words.iter().any(|word| lower.contains(word))
        })
    };
    let line = match kind {
        "statute" => says(&[" act,", " act ,", " code,", " rules,", " sanhita,", "adhiniyam,"]),
        "agreement" => says(&["agreement", "contract", "deed", "lease", "licen", "amendment"]),
        "mail" => says(&["subject:"])
            .map(|line| line.split_once(':').map_or(line, |(_, rest)| rest.trim())),
        "letter" => says(&["subject:", "sub:", "re:"]),
        "notice" => says(&["notice"]),
        "affidavit" => says(&["affidavit"]),
        _ => None,
    };
    let wordy = |line: &&str| line.chars().filter(|c| c.is_alphabetic()).count() >= 4;
    line.or_else(|| lines().find(wordy)).map(short)
}

/// One line, cut at a word when it is long.
fn short(title: &str) -> String {
    let line = title.split_whitespace().collect::<Vec<_>>().join(" ");
    let Some((cut, _)) = line.char_indices().nth(LONGEST_TITLE) else { return line };
    let space = line[..cut].rfind(' ').unwrap_or(cut);
    format!("{} …", &line[..space])
}

#[cfg(test)]
mod tests;
