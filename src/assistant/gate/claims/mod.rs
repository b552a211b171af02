//! Claims: what the model's own words state that the documents can be asked for.
//!
//! Dates, amounts, shares of a hundred, sections of statutes, names of cases and pinpoints
//! are read into values, so that `12.03.2019` is `12th March, 2019` and `₹ 5 lakh` is
//! `Rs. 5,00,000/-`. What the [entities of documents](crate::documents::entities) are read
//! by reads them here too; this adds the shapes that only a writer uses.

mod amounts;
mod cases;
mod dates;
mod known;
mod pinpoints;

use std::ops::Range;

use crate::documents::entities;

pub(super) use cases::may_begin as name_may_begin;
pub(super) use known::{Known, Verdict};
pub(in crate::assistant) use pinpoints::numbered as paragraph_numbers;

/// Something stated, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Claim {
    /// Where it stands in the text, in bytes.
    pub(super) at: Range<usize>,
    /// What it states.
    pub(super) what: Stated,
}

/// What is stated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Stated {
    /// A day, a month of a year, or a day of a month.
    Date(Day),
    /// Money, in paise.
    Amount(i64),
    /// So many of a hundred, in millionths.
    Percent(i64),
    /// A section of a statute, such as `NI Act s. 138`.
    Section(String),
    /// A case by its parties: the words on either side of the `v.`
    Case(Vec<String>, Vec<String>),
    /// Numbered paragraphs of a document.
    Paragraphs(Vec<u32>),
    /// Pages of a document.
    Pages(Vec<u32>),
}

/// A date, as far as it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(clippy::struct_field_names, reason = "the day of a month has no other name")]
pub(super) struct Day {
    /// The year, when it is said.
    pub(super) year: Option<u32>,
    /// The month.
    pub(super) month: u32,
    /// The day of the month, when it is said.
    pub(super) day: Option<u32>,
}

/// Reads the claims of a text, in order, none inside another.
pub(super) fn find(text: &str) -> Vec<Claim> {
    let digits = western(text);
    let mut claims: Vec<Claim> = Vec::new();
    for entity in entities::find(&digits) {
        let what = match entity.kind {
            "date" => dates::of_iso(&entity.normal).map(Stated::Date),
            "amount" => entity.normal.parse().ok().map(Stated::Amount),
            // A bare `s. 5` belongs to no statute and cannot be told from another.
            "section" | "article" if names_statute(&entity.normal) => {
                Some(Stated::Section(entity.normal))
            }
            _ => None,
        };
        claims.extend(what.map(|what| Claim { at: entity.start..entity.end, what }));
    }
    claims.extend(dates::find(&digits));
    claims.extend(amounts::find(&digits));
    claims.extend(pinpoints::find(&digits));
    claims.extend(cases::find(&digits));
    let map = Places::of(text, &digits);
    claims.sort_by_key(|claim| (claim.at.start, std::cmp::Reverse(claim.at.end)));
    let mut end = 0;
    claims.retain(|claim| {
        let apart = claim.at.start >= end;
        if apart {
            end = claim.at.end;
        }
        apart
    });
    for claim in &mut claims {
        claim.at = map.back(claim.at.start)..map.back(claim.at.end);
    }
    claims
}

/// Whether a normal form of a section says whose it is.
fn names_statute(normal: &str) -> bool {
    !normal.starts_with("s. ") && !normal.starts_with("art. ") && !normal.starts_with("O. ")
}

/// A text with the digits of Indian scripts as `0` to `9`.
fn western(text: &str) -> String {
    text.chars().map(|c| digit(c).unwrap_or(c)).collect()
}

/// The digit that a digit of an Indian script is.
fn digit(c: char) -> Option<char> {
    // Each script has its ten digits in one run.
    const ZEROS: [char; 9] = ['०', '০', '੦', '૦', '୦', '௦', '౦', '೦', '൦'];
    let value = ZEROS
        .iter()
        .find_map(|&zero| u32::from(c).checked_sub(u32::from(zero)).filter(|value| *value < 10))?;
    char::from_digit(value, 10)
}

/// Where each byte of a text with western digits stood before.
enum Places {
    /// Nothing moved.
    Same,
    /// The offset in the text, for each offset in the other.
    Moved(Vec<usize>),
}

impl Places {
    fn of(text: &str, digits: &str) -> Self {
        if text.len() == digits.len() {
            return Self::Same;
        }
        let mut map = Vec::with_capacity(digits.len() + 1);
        for ((at, c), new) in text.char_indices().zip(digits.chars()) {
            // A range never begins inside a character; the first byte is what counts.
            map.extend(std::iter::repeat_n(at, new.len_utf8()));
            debug_assert!(new.len_utf8() <= c.len_utf8());
        }
        map.push(text.len());
        Self::Moved(map)
    }

    fn back(&self, at: usize) -> usize {
        match self {
            Self::Same => at,
            Self::Moved(map) => map.get(at).copied().unwrap_or(0),
        }
    }
}

/// Whether a word may begin a claim, so that what follows must be awaited.
pub(super) fn may_begin(word: &str) -> bool {
    if word.chars().any(|c| c.is_numeric() || matches!(c, '₹' | '¶' | '§' | '%')) {
        return true;
    }
    let plain: String =
        word.chars().filter(|c| c.is_alphabetic()).collect::<String>().to_lowercase();
    matches!(
        plain.as_str(),
        "rs" | "inr"
            | "rupees"
            | "para"
            | "paras"
            | "paragraph"
            | "paragraphs"
            | "page"
            | "pages"
            | "pp"
            | "p"
            | "section"
            | "sections"
            | "sec"
            | "secs"
            | "s"
            | "ss"
            | "us"
            | "article"
            | "articles"
            | "art"
            | "arts"
            | "order"
            | "o"
            | "rule"
            | "rules"
    ) || ["धारा", "अनुच्छेद", "रु"].iter().any(|start| word.contains(start))
        || dates::names_month(&plain)
        || dates::names_month(word.trim_matches(|c: char| c.is_ascii_punctuation()))
        || amounts::is_number_word(&plain)
        || word.split('-').any(|part| amounts::is_number_word(&part.to_lowercase()))
}

#[cfg(test)]
mod tests;
