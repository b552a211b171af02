//! Case numbers and CNRs in the lines of a list, in a form in which two ways to write the
//! same number are equal.
//!
//! What the types of cases are is known to [`crate::kernel::case_numbers`]. Lists name types
//! that no table has, too: those are compared by their letters.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use crate::kernel::case_numbers::patterns::squeeze;
use crate::kernel::case_numbers::{ReferenceKind, find, is_cnr, normal};

/// How many words of what stands before a number can be its type.
const WORDS: usize = 6;

/// A number and a year, with or without a bench between: `1234/2023`, `12 of 2021`,
/// `123/MB/2023`, `1234-2022`.
static NUMBER: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let number = r"(?i)(\d{1,7})\s*(?:/\s*([A-Z]{1,5})\s*/|[/-]|\s+of\s+)\s*((?:19|20)\d{2})\b";
    Regex::new(number).ok()
});

/// A CNR, with or without hyphens.
static CNR: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?i)\b[A-Z]{4}[A-Z0-9]{2}-?[0-9]{6}-?[0-9]{4}\b").ok());

/// A case number as it stands in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct CaseNumber {
    /// Its letters and figures, where its type is known.
    known: Option<String>,
    /// The words before it: the last are its type where that is not known, or say more of it.
    words: Vec<String>,
    /// The number and year, with the bench between where one is named.
    number: String,
    /// The bench and the year, in capitals, where a bench is named.
    bench: Option<(String, String)>,
    /// Where it stands in the text, in bytes; without its words.
    pub(super) range: Range<usize>,
}

impl CaseNumber {
    /// What makes it equal to a case's own number, for each way to read it: without its
    /// bench before with it, and the fewest words first.
    pub(super) fn forms(&self) -> Vec<String> {
        let mut whole: Vec<String> = self.known.iter().cloned().collect();
        for from in (0..self.words.len()).rev() {
            let kind = self.words.get(from..).unwrap_or_default().join(" ");
            whole.extend(match &self.known {
                Some(known) => Some(squeeze(&kind) + known),
                None => normal(&format!("{kind} {}", self.number)).map(|form| squeeze(&form)),
            });
        }
        let mut forms: Vec<String> =
            whole.iter().filter_map(|form| self.without_bench(form)).collect();
        forms.append(&mut whole);
        forms
    }

    /// A form without the bench in it.
    fn without_bench(&self, form: &str) -> Option<String> {
        let (bench, year) = self.bench.as_ref()?;
        let before = form.strip_suffix(year.as_str())?.strip_suffix(bench.as_str())?;
        Some(format!("{before}{year}"))
    }
}

/// What makes the number of one of the chamber's cases equal to one of the forms of a
/// number in a list; none where it has no number that can be compared.
pub(super) fn own(text: &str) -> Option<String> {
    numbers(text).into_iter().next()?.forms().pop()
}

/// Every case number in a text that has a type, in order.
pub(super) fn numbers(text: &str) -> Vec<CaseNumber> {
    let mut found: Vec<CaseNumber> = find(text)
        .into_iter()
        .filter(|one| one.kind == ReferenceKind::CaseNumber)
        .filter(|one| !is_inside(text.get(..one.range.start).unwrap_or_default()))
        .map(|one| CaseNumber {
            known: Some(squeeze(&one.normal)),
            words: Vec::new(),
            number: String::new(),
            bench: None,
            range: one.range,
        })
        .collect();
    let Some(pattern) = NUMBER.as_ref() else { return found };
    let mut from = 0;
    for hit in pattern.captures_iter(text) {
        let (Some(whole), Some(number), Some(year)) = (hit.get(0), hit.get(1), hit.get(3)) else {
            continue;
        };
        let bench = hit.get(2).map(|bench| (squeeze(bench.as_str()), year.as_str().to_owned()));
        let known = found.iter_mut().find(|one| one.range.contains(&whole.start()));
        let end = known.as_ref().map_or(whole.start(), |one| one.range.start);
        let words = type_before(text.get(from..end).unwrap_or_default());
        from = whole.end();
        if let Some(known) = known {
            (known.words, known.bench) = (words, bench);
        } else if !words.is_empty() {
            let number = number.as_str().trim_start_matches('0');
            let number = match &bench {
                Some((bench, year)) => format!("{number}/{bench}/{year}"),
                None => format!("{number}/{}", year.as_str()),
            };
            found.push(CaseNumber { known: None, words, number, bench, range: whole.range() });
        }
    }
    found.sort_by_key(|one| one.range.start);
    found
}

/// Whether what comes after is the end of a longer type, as `M.A.` in `CRL.M.A.`
fn is_inside(before: &str) -> bool {
    let left = before.trim_end_matches(['.', '-', '/', '(']);
    let word = left.split_whitespace().next_back().unwrap_or_default();
    left.len() < before.len()
        && left.ends_with(char::is_alphabetic)
        && !is_filler(word)
        && !is_joint(word)
}

/// The words before a number that can be its type.
fn type_before(before: &str) -> Vec<String> {
    let phrase = before.rsplit([',', ';', ':']).next().unwrap_or_default();
    let mut words = Vec::new();
    for word in phrase.split_whitespace().rev() {
        let word = word.trim_end_matches('/');
        if is_filler(word) {
            continue;
        }
        if words.len() == WORDS || is_joint(word) || !may_be_type(word) {
            break;
        }
        words.push(word.to_owned());
    }
    words.reverse();
    words
}

/// Whether a word can be part of a type: `W.P.(C)`, `CRL.M.C.`, `CM`, `APPL.`
fn may_be_type(word: &str) -> bool {
    word.chars().any(|c| c.is_ascii_alphabetic())
        && word.chars().all(|c| c.is_ascii_alphabetic() || "().-/[]".contains(c))
}

/// Words between a type and its number.
fn is_filler(word: &str) -> bool {
    matches!(squeeze(word).as_str(), "NO" | "NOS" | "NUMBER" | "")
}

/// Words between two numbers, and before a type.
fn is_joint(word: &str) -> bool {
    matches!(squeeze(word).as_str(), "WITH" | "AND" | "IN" | "V" | "VS" | "VERSUS")
}

/// Every CNR in a text, in its plain form.
pub(super) fn cnrs(text: &str) -> Vec<String> {
    let Some(pattern) = CNR.as_ref() else { return Vec::new() };
    let written = pattern.find_iter(text).map(|hit| plain_cnr(hit.as_str()));
    written.filter(|cnr| is_cnr(cnr)).collect()
}

/// A CNR without hyphens and spaces, in capitals.
pub(super) fn plain_cnr(text: &str) -> String {
    squeeze(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether a line names a case of ours by its number.
    fn names(listed: &str, ours: &str) -> bool {
        let own = own(ours).unwrap_or_else(|| panic!("{ours} is no number"));
        numbers(listed).iter().any(|one| one.forms().contains(&own))
    }

    #[test]
    fn the_same_number_written_in_two_ways_is_one() {
        for (ours, listed) in [
            ("CS(COMM) 412/2025", "12 CS(COMM) 412/2025 SHARMA TRADERS"),
            ("W.P.(C) 1234/2023", "1. WP(C) No. 1234 of 2023"),
            ("W.P.(C) 1234/2023", "W.P.(C) 1234/2023 & CM APPL. 4567/2023"),
            ("Writ Petition (Civil) No. 1234 of 2023", "W.P.(C)-1234/2023"),
            ("SLP(C) No. 9996/2024", "5 SLP(C) No. 9996/2024"),
            ("Criminal Appeal No. 1234 of 2024", "CRL.A. 1234/2024"),
            ("CRM-M 1234-2022", "CRM-M-1234-2022"),
            ("C.P.(IB)/123/MB/2023", "CP(IB)/123/MB/2023"),
            ("ITA No. 123/Del/2023", "ITA 123/DEL/2023"),
            ("O.A./12/2020", "OA/12/2020"),
            ("BAIL APPLN. 77/2023", "BAIL APPLN. 77/2023"),
            ("CC/12/2023", "Complaint Case No. 12/2023"),
        ] {
            assert!(names(listed, ours), "{ours} in {listed}: {:?}", numbers(listed));
        }
    }

    #[test]
    fn another_type_or_year_is_another_number() {
        for (ours, listed) in [
            ("CS(COMM) 412/2025", "CS(COMM) 412/2024"),
            ("CS(COMM) 412/2025", "CS(OS) 412/2025"),
            ("LPA 5/2019", "FAO(OS) 5/2019"),
            ("W.P.(C) 12/2023", "W.P.(CRL) 12/2023"),
            ("W.P. 12/2023", "CRIMINAL WRIT PETITION 12/2023"),
            ("M.A. 5/2026", "CRL.M.A. 5/2026"),
        ] {
            assert!(!names(listed, ours), "{ours} in {listed}");
        }
    }

    #[test]
    fn a_type_no_table_has_is_compared_by_its_letters() {
        for (ours, listed) in [
            ("MAT.APP.(F.C.) 12/2026", "7 MAT.APP.(F.C.) No. 12 of 2026 A VS B"),
            ("CRL. M.A. 5/2026", "WITH CRL.M.A. 5/2026"),
            ("CRL.M.A. 5/2026", "WITH CRL. M.A. 0005/2026"),
            ("TR.P.(C) 9/2026", "MENON tr.p.(c) 9/2026"),
        ] {
            assert!(names(listed, ours), "{ours} in {listed}: {:?}", numbers(listed));
        }
        assert_eq!(own("412/2025"), None);
        assert!(!names("MAT.APP.(F.C.) 12/2026", "MAT.APP. 12/2026"));
    }

    #[test]
    fn a_number_without_its_bench_is_found_with_it() {
        assert!(names("CP(IB)/123/MB/2023", "C.P.(IB) 123/2023"));
        assert!(names("T.C.S.P. 4/MB/2023", "TCSP 4/2023"));
        assert!(!names("CP(IB)/123/MB/2023", "CP(IB)/123/ND/2023"));
    }

    #[test]
    fn numbers_that_share_a_type_are_found_in_order() {
        let text = "XYZ 7/2019 in C.A. No. 1/2019 & 2/2019";
        let found = numbers(text);
        let forms: Vec<_> = found.iter().filter_map(|one| one.forms().into_iter().next()).collect();
        assert_eq!(forms, ["XYZ72019", "CA12019", "CA22019"]);
        let written: Vec<_> = found.iter().map(|one| &text[one.range.clone()]).collect();
        assert_eq!(written, ["7/2019", "C.A. No. 1/2019", "2/2019"]);
    }

    #[test]
    fn a_date_is_no_case_number() {
        assert_eq!(numbers("CAUSE LIST FOR 23/11/2026"), []);
        assert_eq!(numbers("dated 23.11.2026"), []);
    }

    #[test]
    fn a_cnr_is_found_with_and_without_hyphens() {
        assert_eq!(cnrs("CNR: DLCT010012342025 x"), ["DLCT010012342025"]);
        assert_eq!(cnrs("mhau01-999999-2015"), ["MHAU019999992015"]);
        assert!(cnrs("no such number").is_empty());
        assert!(cnrs("DLCT01-001234-1725").is_empty());
    }
}
