//! Verification: whether a quotation stands in the documents, word for word.
//!
//! A quotation is *true* when its words, as [`words`](super::words) reads them,
//! follow one another on a page in the same order with nothing between. Shapes
//! that print alike are alike; everything else counts, punctuation included,
//! except at the ends of the quotation, where English habit moves the full stop
//! in or out.
//!
//! Four choices err on the side of striking a quotation that is true:
//!
//! - **Case counts**, save for the first letter of the quotation, which a writer
//!   fits to the sentence around it. Ignoring case would let `the bill` stand
//!   for `the Bill`, and `may` for `May`.
//! - **Brackets are ordinary characters.** `[the court]` put in by a writer is
//!   not on the page, and where an insertion ends and a swallowed word begins
//!   cannot be told; only `[…]` is read, as words left out.
//! - **A quotation is not cut at a negation.** From "was not guilty", `guilty`
//!   and `was … guilty` are words of the page and the opposite of its meaning.
//!   So a quotation may neither begin just after a negation nor end just before
//!   one, nor leave one out; nor may it end at `Rs. 5` where `lakh` follows.
//! - **The parts around an ellipsis** have three words or more each and stand on
//!   one page, so that no sentence can be put together from single words.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::evidence::EvidencePage;
use super::words::{ELLIPSIS, Word, words};

/// Where a quotation stands on a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuoteSpan {
    /// The page's number.
    pub page: u32,
    /// Where the quotation begins in the page's text, in bytes.
    pub start: usize,
    /// Where it ends, in bytes.
    pub end: usize,
}

/// The fewest words of a part beside an ellipsis.
const PART: usize = 3;
/// The most parts of a quotation.
const PARTS: usize = 8;

/// Finds a quotation on pages, word for word.
///
/// One that runs over a page break is found over both pages, and the span is
/// its part on the first. A quotation without a word in it is not found.
#[must_use]
pub fn find_quote(quote: &str, pages: &[EvidencePage]) -> Option<QuoteSpan> {
    let quote = words(quote);
    let whole = trimmed(&quote);
    if !whole.iter().any(|word| !word.mark) {
        return None;
    }
    let read: Vec<Vec<Word>> = pages.iter().map(|page| words(&page.text)).collect();
    let on_a_page = |parts: &[&[Word]]| {
        pages.iter().zip(&read).find_map(|(page, words)| {
            let found = follow(words, parts, 0, None)?;
            Some(QuoteSpan { page: page.number, start: found.start, end: found.end })
        })
    };
    on_a_page(&[whole])
        .or_else(|| parts(whole).and_then(|parts| on_a_page(&parts)))
        .or_else(|| pages.windows(2).find_map(|pair| over_break(whole, &pair[0], &pair[1])))
}

/// The words without the punctuation at either end.
pub(super) fn trimmed(words: &[Word]) -> &[Word] {
    let is_loose = |word: &Word| {
        word.mark
            && matches!(
                word.text.as_str(),
                "." | "," | ";" | ":" | "!" | "?" | "।" | "-" | ELLIPSIS
            )
    };
    let start = words.iter().position(|word| !is_loose(word)).unwrap_or(words.len());
    let end = words.iter().rposition(|word| !is_loose(word)).map_or(start, |last| last + 1);
    &words[start..end]
}

/// The parts between ellipses, when there are any and each is long enough.
fn parts(whole: &[Word]) -> Option<Vec<&[Word]>> {
    let parts: Vec<&[Word]> =
        whole.split(|word| word.mark && word.text == ELLIPSIS).map(trimmed).collect();
    let long = |part: &&[Word]| part.iter().filter(|word| !word.mark).count() >= PART;
    ((2..=PARTS).contains(&parts.len()) && parts.iter().all(long)).then_some(parts)
}

/// Finds parts one after another on a page, and the bytes from first to last.
fn follow(
    page: &[Word],
    parts: &[&[Word]],
    from: usize,
    before: Option<usize>,
) -> Option<Range<usize>> {
    let (part, rest) = parts.split_first()?;
    (from..=page.len().checked_sub(part.len())?).find_map(|start| {
        let end = start + part.len();
        if !matches(part, &page[start..end]) || is_cut(page, start, end) {
            return None;
        }
        if before.is_some_and(|before| leaves_out_negation(&page[before..start])) {
            return None;
        }
        let last = if rest.is_empty() {
            page[end - 1].end
        } else {
            follow(page, rest, end, Some(end))?.end
        };
        Some(page[start].start..last)
    })
}

fn matches(part: &[Word], page: &[Word]) -> bool {
    let mut pairs = part.iter().zip(page);
    pairs.next().is_some_and(|(quoted, printed)| quoted.same_but_capital(printed))
        && pairs.all(|(quoted, printed)| quoted.same(printed))
}

/// Whether words of the page are cut where that changes what they say.
pub(super) fn is_cut(page: &[Word], start: usize, end: usize) -> bool {
    let before = start.checked_sub(1).is_some_and(|at| is_negation(page, at));
    let after = is_negation(page, end) && page[end].text != "without";
    let amount = page[end - 1].is_number()
        && page.get(end).is_some_and(|next| is_multiplier(&next.text.to_lowercase()));
    before || after || amount
}

/// Whether the words left out hold a negation of a sentence that is quoted.
fn leaves_out_negation(left_out: &[Word]) -> bool {
    let ends = |word: &Word| word.mark && matches!(word.text.as_str(), "." | "!" | "?" | "।");
    let negated = |range: Range<usize>| range.into_iter().any(|at| is_negation(left_out, at));
    let first = left_out.iter().position(ends).unwrap_or(left_out.len());
    let last = left_out.iter().rposition(ends).unwrap_or(0);
    negated(0..first) || negated(last..left_out.len())
}

/// Whether the word at an index denies what stands beside it.
pub(super) fn is_negation(page: &[Word], at: usize) -> bool {
    let Some(word) = page.get(at) else { return false };
    match word.text.to_lowercase().as_str() {
        // `No. 5` and `No 5` count, they do not deny.
        "no" => !page.get(at + 1).is_some_and(|next| next.is_number() || next.text == "."),
        "not" | "never" | "nor" | "neither" | "cannot" | "none" | "nothing" | "nobody" | "non"
        | "without" | "नहीं" | "नही" | "न" | "ना" | "मत" | "नाही" | "નથી" | "না" | "নয়" | "இல்லை"
        | "లేదు" | "ಇಲ್ಲ" | "ഇല്ല" | "ਨਹੀਂ" => true,
        other => other.ends_with("n't"),
    }
}

fn is_multiplier(word: &str) -> bool {
    matches!(
        word,
        "lakh"
            | "lakhs"
            | "lac"
            | "lacs"
            | "crore"
            | "crores"
            | "hundred"
            | "thousand"
            | "million"
            | "billion"
            | "percent"
            | "%"
            | "लाख"
            | "करोड़"
            | "हजार"
            | "हज़ार"
    )
}

/// Finds a quotation that begins on one page and ends on the next.
fn over_break(whole: &[Word], first: &EvidencePage, second: &EvidencePage) -> Option<QuoteSpan> {
    if second.number != first.number.checked_add(1)? {
        return None;
    }
    let head = without_footer(&first.text);
    let tail = without_header(&second.text);
    let both = words(&format!("{head}\n{tail}"));
    // Only what crosses the break is of interest; the pages were searched alone.
    let turn = both.iter().position(|word| word.end > head.len())?;
    let from = (turn + 1).saturating_sub(whole.len());
    let found = follow(&both, &[whole], from, None)?;
    (found.start < head.len() && found.end > head.len()).then(|| QuoteSpan {
        page: first.number,
        start: found.start,
        end: head.trim_end().len(),
    })
}

/// A page's text up to a page number printed below it.
fn without_footer(text: &str) -> &str {
    let body = text.trim_end();
    let line = body.rfind('\n').map_or(0, |newline| newline + 1);
    if is_folio(&body[line..]) { body[..line].trim_end() } else { body }
}

/// A page's text after a page number printed above it.
fn without_header(text: &str) -> &str {
    let body = text.trim_start();
    let line = body.find('\n').unwrap_or(body.len());
    if is_folio(&body[..line]) { body[line..].trim_start() } else { body }
}

/// Whether a line is nothing but a page's number: `12`, `- 12 -`, `Page 3 of 9`.
fn is_folio(line: &str) -> bool {
    let mut numbers = 0;
    let words = words(line);
    words.iter().all(|word| {
        numbers += u32::from(word.is_number());
        let short =
            word.text.len() <= 7 && word.text.chars().all(|c| c.is_ascii_digit() || c == '/');
        (word.mark && word.text == "-")
            || (word.is_number() && short)
            || matches!(word.text.to_lowercase().as_str(), "page" | "of")
    }) && (1..=2).contains(&numbers)
}

#[cfg(test)]
#[path = "verify_tests.rs"]
mod tests;
