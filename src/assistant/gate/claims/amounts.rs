//! Amounts in the shapes that the entities of documents leave out: `5 lakh` without a sign
//! of money, `five lakh rupees` in words, and shares of a hundred.

use std::sync::LazyLock;

use regex::Regex;

use super::{Claim, Stated};

const UNITS: &str = "thousand|lakhs?|lacs?|crores?|million|billion";

static SCALED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(&format!(
        r"(?i)(?:₹\s?|\brs\.?\s?|\binr\s?)?\b(?P<n>\d[\d,]*(?:\.\d+)?)(?:\s?/-)?[\s-]?(?P<u>{UNITS})\b(?:\s+rupees)?"
    ))
    .ok()
});
static PERCENT: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(?P<n>\d[\d,]*(?:\.\d+)?)\s?(?:%|per\s?cent\b|percent\b|प्रतिशत|फीसदी)").ok()
});
static WORDS: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"[A-Za-z]+").ok());

/// What a word of a number counts for, and whether it multiplies.
fn value(word: &str) -> Option<(i64, bool)> {
    Some(match word {
        "zero" | "nil" => (0, false),
        "one" => (1, false),
        "two" => (2, false),
        "three" => (3, false),
        "four" => (4, false),
        "five" => (5, false),
        "six" => (6, false),
        "seven" => (7, false),
        "eight" => (8, false),
        "nine" => (9, false),
        "ten" => (10, false),
        "eleven" => (11, false),
        "twelve" => (12, false),
        "thirteen" => (13, false),
        "fourteen" => (14, false),
        "fifteen" => (15, false),
        "sixteen" => (16, false),
        "seventeen" => (17, false),
        "eighteen" => (18, false),
        "nineteen" => (19, false),
        "twenty" => (20, false),
        "thirty" => (30, false),
        "forty" => (40, false),
        "fifty" => (50, false),
        "sixty" => (60, false),
        "seventy" => (70, false),
        "eighty" => (80, false),
        "ninety" => (90, false),
        "hundred" => (100, true),
        "thousand" => (1_000, true),
        "lakh" | "lakhs" | "lac" | "lacs" => (100_000, true),
        "million" => (1_000_000, true),
        "crore" | "crores" => (10_000_000, true),
        _ => return None,
    })
}

/// Whether a word is part of a number in words.
pub(super) fn is_number_word(word: &str) -> bool {
    value(word).is_some()
}

/// Finds what the text states of money and of hundreds.
pub(super) fn find(text: &str) -> Vec<Claim> {
    let mut claims = Vec::new();
    for hit in SCALED.iter().flat_map(|shape| shape.captures_iter(text)) {
        let (Some(whole), Some(number), Some(unit)) = (hit.get(0), hit.name("n"), hit.name("u"))
        else {
            continue;
        };
        let unit = unit.as_str().to_lowercase();
        let factor =
            if unit == "billion" { Some(1_000_000_000) } else { value(&unit).map(|v| v.0) };
        let paise = millionths(number.as_str())
            .zip(factor)
            .and_then(|(number, factor)| number.checked_mul(i128::from(factor) * 100))
            .and_then(|paise| i64::try_from(paise / 1_000_000).ok());
        claims.extend(paise.map(|paise| Claim { at: whole.range(), what: Stated::Amount(paise) }));
    }
    for hit in PERCENT.iter().flat_map(|shape| shape.captures_iter(text)) {
        let (Some(whole), Some(number)) = (hit.get(0), hit.name("n")) else { continue };
        let share = millionths(number.as_str()).and_then(|share| i64::try_from(share).ok());
        claims.extend(share.map(|share| Claim { at: whole.range(), what: Stated::Percent(share) }));
    }
    claims.extend(in_words(text));
    claims
}

/// A number in figures, in millionths.
pub(super) fn millionths(number: &str) -> Option<i128> {
    let plain = number.replace(',', "");
    let (whole, fraction) = plain.split_once('.').unwrap_or((&plain, ""));
    let whole: i128 = whole.parse().ok().filter(|_| whole.len() < 16)?;
    let fraction: i128 = format!("{fraction:0<6}").get(..6)?.parse().ok()?;
    Some(whole * 1_000_000 + fraction)
}

/// Numbers in words that are money or hundreds: `Rupees Two Crore Fifty Lakh`,
/// `five lakh`, `twelve per cent`.
fn in_words(text: &str) -> Vec<Claim> {
    let Some(shape) = WORDS.as_ref() else { return Vec::new() };
    let words: Vec<(std::ops::Range<usize>, String)> =
        shape.find_iter(text).map(|word| (word.range(), word.as_str().to_lowercase())).collect();
    let joined = |at: usize| {
        let between = &text[words[at - 1].0.end..words[at].0.start];
        between == " " || between == "-" || between == "\n" || between == ", "
    };
    let mut claims = Vec::new();
    let mut at = 0;
    while at < words.len() {
        let first = at;
        let (mut total, mut part, mut scaled, mut counted) = (0_i64, 0_i64, false, false);
        while at < words.len() && (at == first || joined(at)) {
            let word = words[at].1.as_str();
            let more = words.get(at + 1).is_some_and(|next| value(&next.1).is_some());
            match value(word) {
                Some((number, false)) => (part, counted) = (part.saturating_add(number), true),
                Some((100, true)) if counted => part = part.saturating_mul(100),
                Some((factor, true)) if counted => {
                    total = total.saturating_add(part.saturating_mul(factor));
                    (part, scaled) = (0, factor >= 100_000 || scaled);
                }
                None if word == "and" && counted && more => {}
                _ => break,
            }
            at += 1;
        }
        if !counted {
            at = first + 1;
            continue;
        }
        let sum = total.saturating_add(part);
        let before = first.checked_sub(1).map(|before| words[before].1.as_str());
        let after = |offset: usize| words.get(at + offset).map(|(_, word)| word.as_str());
        let percent =
            after(0) == Some("percent") || (after(0), after(1)) == (Some("per"), Some("cent"));
        let rupees = before == Some("rupees") || after(0) == Some("rupees");
        let range = words[first].0.start..words[at - 1].0.end;
        let what = if percent {
            Some(Stated::Percent(sum.saturating_mul(1_000_000)))
        } else {
            (scaled || rupees).then(|| Stated::Amount(sum.saturating_mul(100)))
        };
        claims.extend(what.map(|what| Claim { at: range, what }));
    }
    claims
}
