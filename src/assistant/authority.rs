//! Authorities: reported and neutral citations, and which of them the evidence names.
//!
//! A model can invent a citation as easily as a quotation, and an invented one is
//! misconduct for the advocate who relies on it. An authority is *known* when the
//! evidence names it, whatever the dots, spaces and brackets.

use std::collections::HashSet;
use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::evidence::Evidence;
use super::grounds::Fact;

/// Reporters whose citations are recognised, with and without dots and spaces.
const REPORTERS: &str = r"S\.?\s?C\.?\s?C\.?(?:\s*On\s?Line\s+[A-Z][A-Za-z&]*)?|S\.?\s?C\.?\s?R\.?|SCALE|Scale|S\.?C\.?J\.?|SCW|INSC|Supreme|LiveLaw|D\.?L\.?T\.?|K\.?L\.?T\.?|K\.?L\.?J\.?|I\.?T\.?R\.?|G\.?S\.?T\.?L\.?|E\.?L\.?T\.?|S\.?T\.?R\.?|R\.?C\.?R\.?|Cri?\.?\s?L\.?\s?J\.?|Crl\.?\s?L\.?\s?J\.?|Mh\.?\s?L\.?\s?J\.?|M\.?L\.?J\.?|Bom\.?\s?C\.?R\.?|Bom\.?\s?L\.?R\.?|L\.?W\.?|L\.?L\.?J\.?|C\.?T\.?C\.?|A\.?L\.?T\.?|A\.?L\.?D\.?|A\.?L\.?R\.?|A\.?W\.?C\.?|C\.?W\.?N\.?|C\.?L\.?T\.?|G\.?L\.?R\.?|G\.?L\.?H\.?|P\.?L\.?R\.?|P\.?L\.?J\.?R\.?|R\.?L\.?W\.?|J\.?C\.?C\.?|J\.?L\.?J\.?|M\.?P\.?L\.?J\.?|Comp\.?\s?Cas\.?|A\.?C\.?R\.?|A\.?C\.?J\.?|T\.?A\.?C\.?|taxmann\.com|Taxman|C\.?P\.?J\.?|A\.?C\.?|All\s?E\.?R\.?|W\.?L\.?R\.?|S\.?L\.?T\.?|S\.?L\.?R\.?|F\.?L\.?R\.?|LAB\.?\s?I\.?C\.?|Arb\.?\s?L\.?R\.?";

static CITATIONS: LazyLock<Vec<Regex>> = LazyLock::new(|| {
    let year = r"(?:1[789]|20)\d{2}";
    let aside = r"(?:\s*\([A-Z][A-Za-z&.\s]{0,14}\))?";
    [
        // (2019) 4 SCC (Cri) 1, [1973] Supp. SCR 1, 2003 Cri LJ 123, 2001 (3) SCALE 1
        format!(
            r"[(\[]?\b{year}[)\]]?,?\s*(?:Supp\.?\s*)?\(?(?:\b\d{{1,4}}\b)?\)?\s*(?:Supp\.?\s*)?(?:\(\d{{1,2}}\)\s*)?(?:{REPORTERS}){aside}\s*\d{{1,6}}\b"
        ),
        // (2019) 4 Any Reporter 1: a year in brackets and a volume say it is one
        format!(r"[(\[]{year}[)\]]\s*\d{{1,4}}\s+(?:[A-Z][\w.&]*{aside}\s+){{1,4}}\d{{1,5}}\b"),
        // AIR 1973 SC 1461, ILR 1985 Del 12, JT 2001 (3) SC 1
        format!(
            r"\b(?:A\.?\s?I\.?\s?R|I\.?\s?L\.?\s?R|J\.?\s?T)\.?,?\s*[(\[]?{year}[)\]]?\s*(?:\(?\d{{1,3}}\)?\s*)?[A-Z][A-Za-z.&]*(?:\s?[A-Z][A-Za-z.&]*){{0,2}}\s*\d{{1,5}}\b"
        ),
        // 2024 INSC 835, 2023:DHC:2720-DB, 2024:BHC-AS:1, 2023/DHC/001234
        format!(r"\b{year}\s*[:/]?\s*INSC\s*[:/]?\s*\d{{1,5}}\b"),
        format!(r"\b{year}\s?[:/]\s?[A-Z]{{2,6}}(?:-[A-Z]{{1,5}})?\s?[:/]\s?\d{{1,7}}(?:-[A-Z]{{1,3}})?\b"),
        format!(r"\bMANU/[A-Z]{{2,4}}/\d{{1,5}}/{year}\b"),
    ]
    .iter()
    .filter_map(|pattern| Regex::new(pattern).ok())
    .collect()
});

/// Where authorities are named in a text, in order, not overlapping.
pub(super) fn find(text: &str) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = CITATIONS
        .iter()
        .flat_map(|pattern| pattern.find_iter(text).map(|found| found.range()))
        .collect();
    found.sort_by_key(|range| (range.start, std::cmp::Reverse(range.end)));
    let mut end = 0;
    found.retain(|range| {
        let apart = range.start >= end;
        if apart {
            end = range.end;
        }
        apart
    });
    found
}

/// Whether a word may begin an authority, so that what follows must be awaited.
pub(super) fn may_begin(word: &str) -> bool {
    let letters: String = word.chars().filter(|c| c.is_alphabetic()).collect();
    let bytes = word.as_bytes();
    // `A. I. R.` and `J. T.` come in several words.
    let prefix = ["AIR", "ILR", "JT", "MANU"].contains(&letters.as_str())
        || matches!(word.trim_start_matches(['(', '[', '*', '_']), "A." | "I." | "J.");
    prefix
        || bytes.windows(4).enumerate().any(|(at, four)| {
            let whole = !at.checked_sub(1).is_some_and(|before| bytes[before].is_ascii_digit())
                && !bytes.get(at + 4).is_some_and(u8::is_ascii_digit);
            whole
                && four.iter().all(u8::is_ascii_digit)
                && matches!(&four[..2], b"17" | b"18" | b"19" | b"20")
        })
}

/// The authorities named in the evidence.
#[derive(Debug, Clone, Default)]
pub(super) struct Known(HashSet<String>);

impl Known {
    /// Gathers the authorities of all passages, their pages and their titles, and of the
    /// facts.
    pub(super) fn of(evidence: &[Evidence], facts: &[Fact]) -> Self {
        let told = facts.iter().flat_map(|fact| [fact.title.as_str(), fact.text.as_str()]);
        let texts = evidence.iter().flat_map(|e| {
            let pages = e.pages.iter().map(|page| page.text.as_str());
            pages.chain([e.text.as_str(), e.title.as_str()]).chain(e.heading.as_deref())
        });
        Self(
            texts
                .chain(told)
                .flat_map(|text| find(text).into_iter().map(|at| key(&text[at])))
                .collect(),
        )
    }

    /// Whether the evidence names an authority.
    pub(super) fn contains(&self, authority: &str) -> bool {
        self.0.contains(&key(authority))
    }
}

/// One spelling for every way of writing a citation: its letters run together,
/// then its numbers without leading zeros.
fn key(citation: &str) -> String {
    let letters = citation.chars().filter(char::is_ascii_alphabetic);
    let mut key: String = letters.map(|c| c.to_ascii_uppercase()).collect();
    for number in citation.split(|c: char| !c.is_ascii_digit()).filter(|part| !part.is_empty()) {
        key.push(' ');
        key.push_str(number.trim_start_matches('0'));
    }
    key
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assistant::evidence::samples;

    #[test]
    fn every_form_of_citation_is_seen_whole() {
        for citation in [
            "(2019) 4 SCC 1",
            "(2019) 4 S.C.C. 1",
            "1993 Supp (2) SCC 1",
            "(2004) 3 SCC (Cri) 12",
            "AIR 1973 SC 1461",
            "A.I.R. 1973 S.C. 1461",
            "AIR 2001 Bom 123",
            "AIR 1950 PC 1",
            "2020 SCC OnLine SC 123",
            "2019 SCC OnLine Del 1",
            "[1973] 4 SCR 1",
            "[2024] 5 S.C.R. 123",
            "2024 INSC 835",
            "2023:DHC:2720",
            "2023:DHC:2720-DB",
            "2023/DHC/001234",
            "2024:BHC-AS:1",
            "2003 Cri LJ 123",
            "2003 CriLJ 123",
            "2003 Cri.L.J. 123",
            "JT 2001 (3) SC 1",
            "2001 (3) SCALE 1",
            "MANU/SC/0123/2001",
            "2023 LiveLaw (SC) 123",
            "(2019) 262 DLT 1",
            "2003 Mh.L.J. 5",
            "2005 RCR (Criminal) 7",
            "[2019] 102 taxmann.com 1",
            "2019 (1) KLT 5",
        ] {
            let text = format!("as held in {citation}, the law is");
            let found: Vec<&str> = find(&text).into_iter().map(|at| &text[at]).collect();
            assert_eq!(found, [citation]);
            assert!(citation.split(' ').next().is_some_and(may_begin), "{citation} flows by");
        }
    }

    #[test]
    fn years_and_numbers_alone_are_no_authority() {
        for text in [
            "C.A. No. 5 of 2019 was heard in 2020.",
            "from 2019 to 2021",
            "the Act of 1881 (26 of 1881)",
            "on 12.03.2019 for Rs. 2000",
            "In 2019 4 persons",
            "W.P.(C) 1234/2023",
        ] {
            assert!(find(text).is_empty(), "{text}");
        }
    }

    #[test]
    fn an_authority_is_known_whatever_its_dots_but_not_its_numbers() {
        let known =
            Known::of(&[samples::page(1, "See A.I.R. 1973 S.C. 1461; (2019) 4\nSCC 12.")], &[]);
        assert!(known.contains("AIR 1973 SC 1461"));
        assert!(known.contains("(2019) 4 S.C.C. 12"));
        for other in
            ["(2019) 4 SCC 1", "(2019) 41 SCC 2", "AIR 1973 SC 146", "2019 SCC OnLine SC 12"]
        {
            assert!(!known.contains(other), "{other}");
        }
    }
}
