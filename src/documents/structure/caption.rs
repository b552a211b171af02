//! The cause title: who came to court against whom.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use crate::documents::entities::Entity;

/// A cause title stands within this much of the first page, in bytes.
const DEPTH: usize = 6_000;
/// A party takes no more lines than this.
const MOST_LINES: usize = 4;
/// A party's name is no longer, in bytes.
const LONGEST_NAME: usize = 160;

/// What a first page says of the case.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Caption {
    /// The parties: who came to court, then who was brought there; or none.
    pub parties: Vec<Party>,
    /// The date given with them.
    pub date: Option<String>,
}

/// A party as the first page names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Party {
    /// Its name as titles write it: `State of Kerala & Anr.`
    pub name: String,
    /// Where it begins in the page's text.
    pub start: usize,
    /// Where it ends, exclusive.
    pub end: usize,
}

impl Party {
    fn new(text: &str, range: Range<usize>) -> Self {
        Self { name: in_title_case(&text[range.clone()]), start: range.start, end: range.end }
    }

    /// The party as an entity of the page it stands on.
    pub(super) fn entity(&self, page: &str) -> Entity {
        Entity {
            kind: "party",
            start: self.start,
            end: self.end,
            text: page.get(self.start..self.end).unwrap_or_default().to_owned(),
            normal: self.name.to_uppercase().replace('.', ""),
            group: None,
        }
    }
}

macro_rules! pattern {
    ($name:ident, $pattern:expr) => {
        static $name: LazyLock<Regex> =
            LazyLock::new(|| Regex::new($pattern).expect("a valid pattern"));
    };
}

pattern!(VERSUS, r"^\W*(?i:versus|vs\.?|v\.|v/s\.?|-\s?vs?\.?\s?-|बनाम)\W*$");
pattern!(
    ROLE,
    r"(?i)\s*(?:[.…]{1,}|\s{2,}|^|-)\s*[.…\s]*(?:appellant|petitioner|plaintiff|applicant|complainant|respondent|defendant|opposite part|accused|non-?applicant|claimant)s?y?(?:ies)?(?:\s?\(s\)|s)?[^\n]*$"
);
pattern!(
    NO_NAME,
    r"(?i)\b(?:jurisdiction|in the (?:supreme|high) court|in the court|before the|(?:appeal|petition|suit|application|case|o\.?a\.?)\s*(?:\(\w+\)\s*)*no|between|in the matter|arising out|reportable|equivalent cit|author:|bench:|coram|decided|date of|supreme court reports|insc\b|petitioner:|respondent:|appellant:)|^[\W\d]*$|^[A-H]$"
);
pattern!(
    ONE_LINE,
    r"^\s*([^\n]{3,110}?)\s+(?i:versus|vs\.?|v\.)\s+([^\n]{3,110}?)(?:\s+on\s+([0-9]{1,2}\s+[A-Z][a-z]+\s*,?\s+[0-9]{4}))?\s*$"
);
pattern!(
    LABELLED,
    r"(?m)^(?:PETITIONER|APPELLANT)S?:\s*\n?\s*([^\n]{3,120})\n(?:[^\n]*\n){0,6}?RESPONDENTS?:\s*\n?\s*([^\n]{3,120})"
);

/// Reads the cause title of a first page.
#[must_use]
pub fn caption(text: &str) -> Caption {
    let text = &text[..text.floor_char_boundary(DEPTH)];
    let (titled, date) = one_line(text);
    let whole = |parties: &[Party]| {
        parties.len() == 2 && parties.iter().all(|party| !party.name.contains("..."))
    };
    let parties = if whole(&titled) {
        titled
    } else {
        let found = labelled(text).or_else(|| stacked(text));
        found.unwrap_or(titled)
    };
    Caption { parties, date }
}

/// `A vs B on 9 August, 2023` at the head of the page, over one line or two.
fn one_line(text: &str) -> (Vec<Party>, Option<String>) {
    let mut ends = text.match_indices('\n').map(|(at, _)| at).chain([text.len()]);
    let first = ends.next().unwrap_or(text.len());
    let rest = text[first..].trim_start();
    let second = text.len() - rest.len() + rest.find('\n').unwrap_or(rest.len());
    for end in [second, first] {
        let line = text[..end].replace('\n', " ");
        let line = line.trim_end();
        if let Some(found) = ONE_LINE.captures(line)
            && let (Some(one), Some(other)) = (found.get(1), found.get(2))
            && (found.get(3).is_some() || end == first)
            && !NO_NAME.is_match(one.as_str())
        {
            let date = found.get(3).and_then(|date| {
                let dates = crate::documents::entities::find(date.as_str());
                dates.into_iter().find(|entity| entity.kind == "date").map(|date| date.normal)
            });
            let party = |range: Range<usize>| Party::new(text, range);
            return (vec![party(one.range()), party(other.range())], date);
        }
    }
    (Vec::new(), None)
}

/// `PETITIONER:` and `RESPONDENT:`, each above a name.
fn labelled(text: &str) -> Option<Vec<Party>> {
    let found = LABELLED.captures(text)?;
    Some(vec![Party::new(text, found.get(1)?.range()), Party::new(text, found.get(2)?.range())])
}

/// Names above and below a line that says VERSUS.
fn stacked(text: &str) -> Option<Vec<Party>> {
    let mut lines: Vec<Range<usize>> = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        lines.push(at..at + line.trim_end().len());
        at += line.len();
    }
    let versus = lines.iter().position(|line| VERSUS.is_match(&text[line.clone()]))?;
    let above = block(text, lines[..versus].iter().rev().cloned())?;
    let below = block(text, lines[versus + 1..].iter().cloned())?;
    Some(vec![Party::new(text, above), Party::new(text, below)])
}

/// The lines of one party, nearest to the VERSUS first, without its role.
fn block(text: &str, lines: impl Iterator<Item = Range<usize>>) -> Option<Range<usize>> {
    let mut whole: Option<Range<usize>> = None;
    let mut taken = 0;
    for line in lines.take(12) {
        let mut body = text[line.clone()].trim();
        let start = line.start + text[line.clone()].len() - text[line.clone()].trim_start().len();
        let role = ROLE.find(body).map(|role| role.start());
        if let Some(role) = role {
            let dotted = body;
            body = body[..role].trim_end_matches([' ', '.', '…', '-', ',']);
            // The stop of an abbreviation is the name's own.
            let short = ["Anr", "Ors", "Ltd", "Etc", "ANR", "ORS", "LTD", "ETC"];
            if dotted[body.len()..].starts_with('.') && short.iter().any(|end| body.ends_with(end))
            {
                body = &dotted[..=body.len()];
            }
        }
        if body.is_empty() {
            // A gap, or the role in a line of its own.
            if taken > 0 && role.is_none() {
                break;
            }
            continue;
        }
        if NO_NAME.is_match(body) || taken == MOST_LINES {
            break;
        }
        let range = start..start + body.len();
        whole = Some(match whole {
            None => range,
            Some(known) => known.start.min(range.start)..known.end.max(range.end),
        });
        taken += 1;
        if role.is_some() && taken > 1 {
            break;
        }
    }
    let whole = whole?;
    let end = text[whole.clone()].char_indices().map(|(at, _)| at).nth(LONGEST_NAME);
    let range = whole.start..end.map_or(whole.end, |end| whole.start + end);
    // What describes the party is not its name.
    let name = &text[range.clone()];
    let stop =
        ["\n1.", " S/o", " s/o", " W/o", " D/o", " R/o", ", aged", " aged ", "Through", "through"]
            .iter()
            .filter_map(|mark| name.find(mark))
            .filter(|&at| at > 2)
            .min();
    Some(range.start..stop.map_or(range.end, |at| range.start + at))
}

/// A name in capitals as titles write it.
fn in_title_case(name: &str) -> String {
    const SMALL: [&str; 9] = ["of", "and", "the", "for", "in", "by", "to", "at", "on"];
    const CAPITALS: [&str; 12] =
        ["UP", "U.P.", "MP", "M.P.", "NCT", "N.C.T.", "LIC", "SBI", "BSNL", "CBI", "HUDCO", "ONGC"];
    let body = name.trim().trim_start_matches(|c: char| c.is_ascii_digit() || ".) ".contains(c));
    let body = body.trim_end_matches([',', ' ', '-', '…', ';', ':']);
    let capitals = !body.chars().any(char::is_lowercase);
    let word = |(place, word): (usize, &str)| {
        let lower = word.to_lowercase();
        let initials = word.contains('.') && word.split('.').all(|part| part.chars().count() <= 1);
        if !capitals || initials || CAPITALS.contains(&word) {
            word.to_owned()
        } else if place > 0 && SMALL.contains(&lower.as_str()) {
            lower
        } else {
            let mut upper = true;
            let mut out = String::with_capacity(word.len());
            for c in word.chars() {
                if upper {
                    out.push(c);
                } else {
                    out.extend(c.to_lowercase());
                }
                upper = !c.is_alphanumeric();
            }
            out
        }
    };
    body.split_whitespace().enumerate().map(word).collect::<Vec<_>>().join(" ")
}
