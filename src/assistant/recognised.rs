//! Quotations on pages whose text was recognised from a picture, where a true quotation
//! may differ from the text by what the recogniser misread.
//!
//! Only misreadings that recognisers make are forgiven: letters that look alike (`rn` for
//! `m`, `c` for `e`, `h` for `b`), inside long words, in a few words of a long quotation.
//! Never in a word with a digit, in a negation, in a name or any word with a capital, and
//! never in the first letter of a word. What differs is counted and told to the reader.
//! Pages that were not recognised are held to every letter, by
//! [`find_quote`](super::find_quote).

use super::evidence::EvidencePage;
use super::verify::{QuoteSpan, is_cut, is_negation, trimmed};
use super::words::{Word, words};

/// The shortest word that may differ, in letters.
const LONG_WORD: usize = 5;
/// One word in so many may differ.
const ONE_IN: usize = 8;
/// The most characters that may differ, however long the quotation.
const MOST: u32 = 4;
/// The shortest quotation of which a word may differ, in words.
const LONG_QUOTE: usize = 6;

/// Letters that look alike in print, either of which may be read as the other. Not among
/// them are `l` and `i`, `o` and `e`, `a` and `e`: `falling` is not `failing`, and a `lesser`
/// is no `lessor`.
const ALIKE: [(&str, &str); 13] = [
    ("rn", "m"),
    ("c", "e"),
    ("h", "b"),
    ("cl", "d"),
    ("vv", "w"),
    ("ii", "u"),
    ("li", "h"),
    ("ri", "n"),
    ("t", "l"),
    ("o", "c"),
    ("u", "n"),
    ("f", "t"),
    ("v", "y"),
];

/// Finds a quotation on recognised pages but for a few misread letters, and says how many
/// characters differ.
pub(super) fn find_recognised(quote: &str, pages: &[EvidencePage]) -> Option<(QuoteSpan, u32)> {
    let quote = words(quote);
    let whole = trimmed(&quote);
    let count = whole.iter().filter(|word| !word.mark).count();
    if count < LONG_QUOTE {
        return None;
    }
    let misread = (count / ONE_IN).max(1);
    pages.iter().find_map(|page| {
        let read = words(&page.text);
        let last = read.len().checked_sub(whole.len())?;
        (0..=last).find_map(|start| {
            let end = start + whole.len();
            let differs = differing(whole, &read[start..end], misread)?;
            let negated = is_negation_beside(&read, start, end);
            (differs > 0 && !negated && !is_cut(&read, start, end)).then(|| {
                let span = QuoteSpan {
                    page: page.number,
                    start: read[start].start,
                    end: read[end - 1].end,
                };
                (span, differs)
            })
        })
    })
}

/// Whether a misread negation may stand beside the words: one of its letters off.
fn is_negation_beside(read: &[Word], start: usize, end: usize) -> bool {
    let near = |word: Option<&Word>| {
        word.is_some_and(|word| {
            ["not", "nor", "never", "no"].iter().any(|negation| {
                let text = word.text.to_lowercase();
                text != *negation && alike(&text, negation).is_some()
            })
        })
    };
    near(start.checked_sub(1).and_then(|before| read.get(before))) || near(read.get(end))
}

/// How many characters differ between words quoted and words read; none when more words
/// are misread than may be, or one that may not.
fn differing(quoted: &[Word], read: &[Word], misread: usize) -> Option<u32> {
    let (mut differ, mut words) = (0, 0);
    for (at, (one, other)) in quoted.iter().zip(read).enumerate() {
        let same = if at == 0 { one.same_but_capital(other) } else { one.same(other) };
        if same {
            continue;
        }
        differ += if one.mark || other.mark {
            point_for_point(one, other)?
        } else {
            letters(one, other)?
        };
        words += 1;
        if words > misread || differ > MOST || is_negation(quoted, at) || is_negation(read, at) {
            return None;
        }
    }
    Some(differ)
}

/// A full stop read as a comma, and the like; not beside other marks.
fn point_for_point(one: &Word, other: &Word) -> Option<u32> {
    let is_point = |word: &Word| word.mark && matches!(word.text.as_str(), "." | "," | ";" | ":");
    (is_point(one) && is_point(other)).then_some(1)
}

/// How many letters of a word were misread; none when it is another word.
fn letters(one: &Word, other: &Word) -> Option<u32> {
    let plain =
        |word: &Word| word.joined.is_none() && word.text.chars().all(|c| c.is_ascii_lowercase());
    if !plain(one) || !plain(other) || one.text.len() < LONG_WORD || other.text.len() < LONG_WORD {
        return None;
    }
    if one.text.as_bytes().first() != other.text.as_bytes().first() {
        return None;
    }
    alike(&one.text, &other.text)
}

/// Whether one misreading makes one word of the other: how many characters it spans.
fn alike(one: &str, other: &str) -> Option<u32> {
    let start = one.bytes().zip(other.bytes()).take_while(|(a, b)| a == b).count();
    // The misreading may share letters with what surrounds it: `rn` and `m` in `mm`.
    (0..=start.min(2)).find_map(|back| {
        let from = start - back;
        let (one, other) = (one.get(from..)?, other.get(from..)?);
        ALIKE.iter().flat_map(|&(a, b)| [(a, b), (b, a)]).find_map(|(a, b)| {
            let rest = one.strip_prefix(a)?;
            (other.strip_prefix(b)? == rest)
                .then(|| u32::try_from(a.len().max(b.len())).unwrap_or(2))
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn differs(quote: &str, page: &str) -> Option<u32> {
        let page = EvidencePage { number: 2, text: page.to_owned() };
        find_recognised(quote, &[page]).map(|(_, differs)| differs)
    }

    const READ: &str = "The learned counsel for the appellant subrnitted that the notice dated \
                        12.03.2019 was not served on Ramesh Kumar within thirty days of the memo.";

    #[test]
    fn letters_that_look_alike_are_forgiven_in_long_words() {
        let quote = "counsel for the appellant submitted that the notice";
        assert_eq!(differs(quote, READ), Some(2));
        assert_eq!(differs("the appellant submitted", READ), None, "too short a quotation");
    }

    #[test]
    fn digits_negations_names_and_short_words_are_not_forgiven() {
        for altered in [
            "notice dated 12.03.2018 was not served on Ramesh Kumar",
            "notice dated 12.03.2019 was now served on Ramesh Kumar",
            "dated 12.03.2019 was not served on Rarnesh Kumar",
            "served on Ramesh Kumar within thirty bays of the memo",
            "appellant submitted that the notice dated 12.03.2018 was not served",
            "counsel for the respondent submitted that the notice",
        ] {
            assert_eq!(differs(altered, READ), None, "{altered}");
        }
        let misread = "He was nol guilty of the offence charged against hirn and others there.";
        assert_eq!(differs("guilty of the offence eharged against hirn", misread), None);
    }

    #[test]
    fn another_word_is_not_a_misreading() {
        let page = "The appeal was allowed and the decree of the lower court was affirmed in full.";
        for altered in [
            "appeal was allowed and the degree of the lower court",
            "The appeal was aliened and the decree of the lower court",
            "decree of the lower court was confirmed in full",
        ] {
            assert_eq!(differs(altered, page), None, "{altered}");
        }
    }
}
