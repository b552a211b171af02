//! Case numbers, case number records and first information reports.

use std::sync::LazyLock;

use regex::{Captures, Regex};

use super::tables::{CaseType, Finder, TABLES, any, compile, year};
use super::{Entity, Found, opens_word};

/// `No.`, `Nos.`, `NO(S).`, `Number`.
const NO: &str = r"(?:[Nn](?:o|O|umber)(?:s|S|\.?\s?\(\s?[sS]\s?\))?(?:\s?\.|:)?)";
/// The numbers: one, a range or a list.
const LIST: &str = r"\d{1,7}(?:-?[A-Z])?(?:\s?\([A-Z]{1,3}\))?(?:(?:\s?(?:,|and|&|-|–|to|/)\s?|\s)(?:\d{1,7}(?:-?[A-Z])?))*?";

/// Words before a type that say more of it.
const PREFIXES: &str = r"Criminal|Civil|CRIMINAL|CIVIL|Crl\.|Cri\.|Misc\.|MISC\.|Miscellaneous|Special|SPECIAL|Inquiry|Interim|Commercial|Company|Anticipatory|Regular|Industrial|Cross|D\.B\.|S\.B\.";

static CASE: LazyLock<Regex> = LazyLock::new(|| {
    let types = any(TABLES.case_types.iter().flat_map(|row| row.forms.iter().map(String::as_str)));
    compile(&format!(
        r"(?P<x>(?:(?:{PREFIXES})\s+){{0,3}})(?P<t>{types})(?:s|S|\(\s?[sS]\s?\))?(?P<q>(?:\s?\(\s?[A-Za-z][A-Za-z.&\s]{{0,14}}\)){{0,3}})(?P<d>\s*,?\s*(?:@\s*)?Diary)?(?:\s?[.,:-]){{0,3}}\s?(?:bearing\s+)?(?P<no>{NO})?\s?(?:[-:–.]\s?){{0,2}}/?\s?(?P<n>{LIST})(?:\s?\([A-Z]{{1,3}}\))?(?P<b>/[A-Z][A-Za-z]{{0,5}})?(?:\s?(?P<sep>/|-|–)\s?|\s*(?P<of>of|OF|Of)\s+(?:the\s+year\s+)?)(?P<y>(?:18|19|20)\d\d|\d\d)(?-u:\b)"
    ))
});

/// What carries a type on to another number: `C.A. No. 1/2019 & 2/2019`.
static MORE: LazyLock<Regex> = LazyLock::new(|| {
    compile(&format!(
        r"^\s?(?:,|&|and|,\s?and|with)\s?(?:{NO}\s?)?(?P<n>\d{{1,6}}(?:\s?[-–]\s?\d{{1,6}})?)\s?(?:/|\s+(?:of|OF|Of)\s+)(?P<y>(?:19|20)\d\d)(?-u:\b)"
    ))
});

static CNR: LazyLock<Regex> =
    LazyLock::new(|| compile(r"(?-u:\b)[A-Z]{4}[A-Z0-9]{2}[0-9]{6}(?:19|20)[0-9]{2}(?-u:\b)"));

static FIR: LazyLock<Regex> = LazyLock::new(|| {
    compile(&format!(
        r"(?:F\.?\s?I\.?\s?R\.?|First Information Report|(?:Case )?Crime|CRIME|प्राथमिकी|अपराध क्रमांक)(?:\s+(?:bearing|being|Crime|Case|vide))*\s*{NO}?\s?[-:]?\s?(?P<n>[0-9]{{1,5}})\s?(?:/|\s+of\s+)\s?(?P<y>(?:19|20)\d\d|\d\d)(?-u:\b)"
    ))
});

static TYPES: LazyLock<Finder> =
    LazyLock::new(|| {
        Finder::new(TABLES.case_types.iter().enumerate().flat_map(|(row, case_type)| {
            case_type.forms.iter().map(move |form| (row, form.as_str()))
        }))
    });

/// Finds the numbers of cases in a text.
pub(super) fn find(text: &str, found: &mut Found) {
    for hit in CNR.find_iter(text) {
        found.push(Entity::new("cnr", text, hit.range(), hit.as_str().to_owned()));
    }
    for hit in FIR.captures_iter(text) {
        let (Some(whole), Some(number), Some(year)) = (hit.get(0), hit.name("n"), hit.name("y"))
        else {
            continue;
        };
        if opens_word(text, whole.start())
            && let Some(year) = self::year(year.as_str())
        {
            let normal = format!("FIR {}/{year}", number.as_str());
            found.push(Entity::new("fir", text, whole.range(), normal));
        }
    }
    let mut at = 0;
    while let Some(hit) = CASE.captures_at(text, at) {
        let Some(whole) = hit.get(0) else { break };
        at = whole.end();
        let Some((name, normal)) = case(&hit) else { continue };
        if !opens_word(text, whole.start()) {
            continue;
        }
        found.push(Entity::new("case_number", text, whole.range(), normal));
        while let Some(more) = MORE.captures(&text[at..]) {
            let (Some(all), Some(number), Some(year)) =
                (more.get(0), more.name("n"), more.name("y"))
            else {
                break;
            };
            let normal = format!("{name} {}/{}", plain(number.as_str()), year.as_str());
            let range = at + number.start()..at + all.end();
            found.push(Entity::new("case_number", text, range, normal));
            at += all.end();
        }
    }
}

/// The type of a case number with its qualifiers, and the whole normal form.
fn case(hit: &Captures<'_>) -> Option<(String, String)> {
    let part = |name: &str| hit.name(name).map(|part| part.as_str());
    let written = part("y")?;
    // Two figures are a year only where a number is announced: `No. 12/98`.
    if written.len() == 2 && (part("no").is_none() || part("sep").is_some_and(|sep| sep != "/")) {
        return None;
    }
    let (prefix, kind) = kind(part("x")?, part("t")?)?;
    // A single letter and a number is too little: `Case 12-2019`, `C. 5/2019`.
    let loose = part("no").is_none() && part("of").is_some() && part("q") == Some("");
    if loose && matches!(kind.key.as_str(), "APPEAL" | "PETITION" | "APPLICATION" | "C.R. CASE") {
        return None;
    }
    let mut name = prefix;
    name.push_str(&kind.key);
    for qualifier in part("q")?.split('(').skip(1) {
        name.push('(');
        name.push_str(&qualified(
            qualifier.trim_end_matches(|c: char| c == ')' || c.is_whitespace()),
        ));
        name.push(')');
    }
    if part("d").is_some() && kind.key != "DIARY" {
        name.push_str(" DIARY");
    }
    let numbers = list(part("n")?);
    let bench = part("b").unwrap_or_default().to_uppercase();
    let year = year(written)?;
    let normal = format!("{name} {numbers}{bench}/{year}");
    Some((name, normal))
}

/// The type, and those words before it that are no part of its name.
fn kind(before: &str, written: &str) -> Option<(String, &'static CaseType)> {
    let words: Vec<&str> = before.split_whitespace().collect();
    (0..=words.len()).find_map(|skipped| {
        let row = TYPES.row(&format!("{}{written}", words[skipped..].concat()))?;
        let mut prefix = words[..skipped].join(" ").to_uppercase();
        if !prefix.is_empty() {
            prefix.push(' ');
        }
        Some((prefix, TABLES.case_types.get(row)?))
    })
}

/// `Civil` and `C.` are one qualifier, as are `Crl.` and `Criminal`.
fn qualified(written: &str) -> String {
    let plain: String = written.chars().filter(|c| c.is_alphanumeric()).collect();
    match plain.to_uppercase().as_str() {
        "C" | "CIVIL" | "CIV" => "C".into(),
        "CRL" | "CRIMINAL" | "CRI" | "CR" => "Crl".into(),
        other => other.to_owned(),
    }
}

/// The numbers of a list, without spaces or leading zeros: `12,13`, `12-14`.
fn list(written: &str) -> String {
    let spaced = written.replace("and", ",").replace('&', ",").replace("to", "-").replace('–', "-");
    let mut numbers = String::with_capacity(spaced.len());
    for piece in spaced.split_inclusive([',', '-', '/']) {
        numbers.push_str(plain(&piece.replace(char::is_whitespace, "")));
    }
    numbers
}

fn plain(number: &str) -> &str {
    let plain = number.trim_start_matches('0');
    if plain.starts_with(|c: char| c.is_ascii_digit()) { plain } else { number }
}
