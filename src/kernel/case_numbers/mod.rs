//! Case numbers, case number records and first information reports, as they are written,
//! and the one form that makes two of them equal.

pub(crate) mod patterns;

use std::ops::Range;
use std::sync::LazyLock;

use regex::{Captures, Regex};
use serde::Deserialize;

use patterns::{Finder, any, compile, squeeze, year};

/// A number of a case found in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// What it is.
    pub kind: ReferenceKind,
    /// Where it stands in the text, in bytes.
    pub range: Range<usize>,
    /// What makes two of them equal, however they are written: `CRL.A. 1234/2024`.
    pub normal: String,
}

/// What a number stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReferenceKind {
    /// A national case number record.
    Cnr,
    /// A first information report.
    Fir,
    /// The number of a case.
    CaseNumber,
}

/// A type of case.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct CaseType {
    key: String,
    forms: Vec<String>,
    #[cfg_attr(
        not(test),
        expect(dead_code, reason = "rows state their source for those who read the table")
    )]
    source: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    case_type: Vec<CaseType>,
}

static CASE_TYPES: LazyLock<Vec<CaseType>> =
    LazyLock::new(|| read(include_str!("../../../index/case_types.toml")).case_type);

#[expect(clippy::expect_used, reason = "the table is part of the binary and a test reads it")]
fn read(table: &str) -> File {
    toml::from_str(table).expect("a readable table")
}

/// Whether a word may begin here: what stands before is no letter or figure.
fn opens_word(text: &str, at: usize) -> bool {
    !text[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_')
}

/// Whether a text has the form of a national case number record: 16 characters, the last
/// four a year. There is no check digit, so a misfit is a reason to look again and no more.
#[must_use]
pub fn is_cnr(text: &str) -> bool {
    CNR.find(text).is_some_and(|hit| hit.as_str() == text)
}

/// The normal form of the case number a text is as a whole.
fn whole(written: &str) -> Option<String> {
    let found = find(written).into_iter().find(|found| {
        found.kind == ReferenceKind::CaseNumber
            && found.range.start == 0
            && squeeze(&written[found.range.end..]).is_empty()
    });
    found.map(|found| found.normal)
}

/// The normal form of a case number: as its type is known, `W.P.(C) 1234/2023`; otherwise
/// its letters and figures alone, in capitals. None where nothing is left.
#[must_use]
pub fn normal(written: &str) -> Option<String> {
    let written = written.trim();
    whole(written)
        .or_else(|| whole(&written.to_uppercase()))
        .or_else(|| Some(squeeze(written)).filter(|text| !text.is_empty()))
}

/// `No.`, `Nos.`, `NO(S).`, `Number`.
const NO: &str = r"(?:[Nn](?:o|O|umber)(?:s|S|\.?\s?\(\s?[sS]\s?\))?(?:\s?\.|:)?)";
/// The numbers: one, a range or a list.
const LIST: &str = r"\d{1,7}(?:-?[A-Z])?(?:\s?\([A-Z]{1,3}\))?(?:(?:\s?(?:,|and|&|-|–|to|/)\s?|\s)(?:\d{1,7}(?:-?[A-Z])?))*?";

/// Words before a type that say more of it.
const PREFIXES: &str = r"Criminal|Civil|CRIMINAL|CIVIL|Crl\.|Cri\.|Misc\.|MISC\.|Miscellaneous|Special|SPECIAL|Inquiry|Interim|Commercial|Company|Anticipatory|Regular|Industrial|Cross|D\.B\.|S\.B\.";

static CASE: LazyLock<Regex> = LazyLock::new(|| {
    let types = any(CASE_TYPES.iter().flat_map(|row| row.forms.iter().map(String::as_str)));
    compile(&format!(
        r"(?P<x>(?:(?:{PREFIXES})\s+){{0,3}})(?P<t>{types})(?:s|S|\(\s?[sS]\s?\))?(?P<q>(?:\s?\(\s?[A-Za-z][A-Za-z.&\s]{{0,14}}\)){{0,3}})(?P<d>\s*,?\s*(?:@\s*)?(?:Diary|DIARY))?(?:\s?[.,:-]){{0,3}}\s?(?:bearing\s+)?(?P<no>{NO})?\s?(?:[-:–.]\s?){{0,2}}/?\s?(?P<n>{LIST})(?:\s?\([A-Z]{{1,3}}\))?(?P<b>/[A-Z][A-Za-z]{{0,5}})?(?:\s?(?P<sep>/|-|–)\s?|\s*(?P<of>of|OF|Of)\s+(?:the\s+year\s+)?)(?P<y>(?:18|19|20)\d\d|\d\d)(?-u:\b)"
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
        Finder::new(CASE_TYPES.iter().enumerate().flat_map(|(row, case_type)| {
            case_type.forms.iter().map(move |form| (row, form.as_str()))
        }))
    });

/// Finds the numbers of cases in a text.
#[must_use]
pub fn find(text: &str) -> Vec<Reference> {
    let mut found = Vec::new();
    let mut push =
        |kind, range: Range<usize>, normal| found.push(Reference { kind, range, normal });
    for hit in CNR.find_iter(text) {
        push(ReferenceKind::Cnr, hit.range(), hit.as_str().to_owned());
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
            push(ReferenceKind::Fir, whole.range(), normal);
        }
    }
    let mut at = 0;
    while let Some(hit) = CASE.captures_at(text, at) {
        let Some(whole) = hit.get(0) else { break };
        if !opens_word(text, whole.start()) {
            // The end of a longer word; the type may be the next one: `ACT CASE NO. 5/2023`.
            at = whole.start() + 1;
            continue;
        }
        at = whole.end();
        let Some((name, normal)) = case(&hit) else { continue };
        push(ReferenceKind::CaseNumber, whole.range(), normal);
        while let Some(more) = MORE.captures(&text[at..]) {
            let (Some(all), Some(number), Some(year)) =
                (more.get(0), more.name("n"), more.name("y"))
            else {
                break;
            };
            let normal = format!("{name} {}/{}", plain(number.as_str()), year.as_str());
            let range = at + number.start()..at + all.end();
            push(ReferenceKind::CaseNumber, range, normal);
            at += all.end();
        }
    }
    found
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
        Some((prefix, CASE_TYPES.get(row)?))
    })
}

/// `Civil` and `C.` are one qualifier, as are `Crl.` and `Criminal`, `Comm.` and `Commercial`.
fn qualified(written: &str) -> String {
    let plain: String = written.chars().filter(|c| c.is_alphanumeric()).collect();
    match plain.to_uppercase().as_str() {
        "C" | "CIVIL" | "CIV" => "C".into(),
        "CRL" | "CRIMINAL" | "CRI" | "CR" => "Crl".into(),
        "COMM" | "COMMERCIAL" => "COMM".into(),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_reads_and_each_row_has_a_source_and_a_key_of_its_own() {
        let mut keys: Vec<&str> = CASE_TYPES.iter().map(|row| row.key.as_str()).collect();
        let count = keys.len();
        assert!(count > 20);
        keys.sort_unstable();
        keys.dedup();
        assert_eq!(keys.len(), count);
        assert!(CASE_TYPES.iter().all(|row| !row.source.is_empty()));
    }

    #[test]
    fn a_type_has_one_form_in_words_and_as_courts_shorten_it() {
        for (written, form) in [
            ("CIVIL WRIT PETITION 1/2023", "W.P.(C) 1/2023"),
            ("Writ Petition Civil 1/2023", "W.P.(C) 1/2023"),
            ("CWP-1-2023", "W.P.(C) 1/2023"),
            ("CRIMINAL WRIT PETITION 1/2023", "W.P.(Crl) 1/2023"),
            ("Writ Petition (Criminal) No. 1 of 2023", "W.P.(Crl) 1/2023"),
            ("CRLWP 1/2023", "W.P.(Crl) 1/2023"),
            ("Writ Petition No. 1 of 2023", "W.P. 1/2023"),
            ("SLP CIVIL 1/2023", "SLP(C) 1/2023"),
            ("PETITION FOR SPECIAL LEAVE TO APPEAL (CRL) 1/2023", "SLP(Crl) 1/2023"),
            ("SLP CRIMINAL 1/2023", "SLP(Crl) 1/2023"),
            ("SLP(C) DIARY NO. 1/2023", "SLP(C) DIARY 1/2023"),
            ("CRL APPEAL 1/2023", "CRL.A. 1/2023"),
            ("CRIMINAL MISC CASE 1/2023", "CRL.M.C. 1/2023"),
            ("COMMERCIAL SUIT 1/2023", "CS(COMM) 1/2023"),
            ("CS COMMERCIAL 1/2023", "CS(COMM) 1/2023"),
            ("CS (Commercial) 1/2023", "CS(COMM) 1/2023"),
            ("COMM SUIT 1/2023", "CS(COMM) 1/2023"),
            ("COMS 1/2023", "CS(COMM) 1/2023"),
            ("CIVIL SUIT (OS) 1/2023", "CS(OS) 1/2023"),
            ("CS OS 1/2023", "CS(OS) 1/2023"),
            ("CS SCJ/1/2023", "CS 1/2023"),
            ("CS DJ 1/2023", "CS 1/2023"),
            ("BAIL APP 1/2023", "BAIL APPLN. 1/2023"),
            ("BA 1/2023", "BAIL APPLN. 1/2023"),
            ("ARB PET 1/2023", "ARB.P. 1/2023"),
            ("LETTERS PATENT APPEAL 1/2023", "LPA 1/2023"),
            ("CC NI ACT/1/2023", "C.C. 1/2023"),
            ("CT CASES 1/2023", "C.C. 1/2023"),
            ("CRIMINAL COMPLAINT 1/2023", "C.C. 1/2023"),
        ] {
            assert_eq!(normal(written).as_deref(), Some(form), "{written}");
        }
    }

    #[test]
    fn a_type_begins_where_a_word_does() {
        let found = find("in ACT CASE NO. 5/2023");
        let normals: Vec<&str> = found.iter().map(|one| one.normal.as_str()).collect();
        assert_eq!(normals, ["C.R. CASE 5/2023"]);
    }

    #[test]
    fn a_number_has_one_form_however_it_is_written() {
        let one = normal("W.P.(C) 1234/2023");
        assert_eq!(one.as_deref(), Some("W.P.(C) 1234/2023"));
        for written in ["WP(C) 1234/2023", "W.P. (C) No. 1234 of 2023", " wp(c) 1234/2023 "] {
            assert_eq!(normal(written), one, "{written}");
        }
        assert_eq!(normal("Suit register 7").as_deref(), Some("SUITREGISTER7"));
        assert_eq!(normal(" - "), None);
    }

    #[test]
    fn a_case_number_record_has_sixteen_characters_and_ends_in_a_year() {
        for fits in ["MHAU019999992015", "KAUP050003552024"] {
            assert!(is_cnr(fits), "{fits}");
        }
        for misfit in ["MHAU01999999201", "MHAU0199999920155", "MHAU019999991815", ""] {
            assert!(!is_cnr(misfit), "{misfit}");
        }
    }
}
