//! Words: where they begin and end.
//!
//! UAX #29 finds the borders. It keeps the marks of Indian scripts with their
//! letters, and also keeps `W.P`, `12.03.2024` and `1,000` whole; those are cut
//! again at their punctuation, so that what an abbreviation or a number means is
//! decided in one place, by the pass over the words that follows. Text between
//! spaces that is all ASCII is cut by a shorter way to the same words.

use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation;

use super::fold;
use super::glue;

/// A word as it stands in the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Word {
    pub(super) start: usize,
    pub(super) end: usize,
    /// The exact form; pieces that are one word share one.
    pub(super) form: String,
    /// The exact form before it became another: the `civil` of `W.P.(Civil)`.
    pub(super) was: Option<String>,
}

/// The words of a text, in order.
pub(super) fn words(text: &str) -> Vec<Word> {
    let mut words = Vec::with_capacity(text.len() / 5);
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let length = bytes[at..].iter().take_while(|byte| !byte.is_ascii_whitespace()).count();
        let stretch = &text[at..at + length];
        if stretch.is_ascii() {
            cut_ascii(text, at..at + length, &mut words);
        } else {
            cut_any(text, at..at + length, &mut words);
        }
        at += length + 1;
    }
    words
}

/// Cuts a stretch of ASCII: words are letters and digits, and the apostrophe between
/// two letters or two digits.
fn cut_ascii(text: &str, stretch: Range<usize>, words: &mut Vec<Word>) {
    let bytes = text.as_bytes();
    let mut begun: Option<usize> = None;
    for at in stretch.clone() {
        let byte = bytes[at];
        match begun {
            None if byte.is_ascii_alphanumeric() => begun = Some(at),
            Some(start) if !byte.is_ascii_alphanumeric() => {
                let next = bytes.get(at + 1).filter(|_| at + 1 < stretch.end);
                if byte != b'\'' || !next.is_some_and(|&next| alike(bytes[at - 1], next)) {
                    push(text, start..at, words);
                    begun = None;
                }
            }
            _ => {}
        }
    }
    if let Some(start) = begun {
        push(text, start..stretch.end, words);
    }
}

/// Whether two characters are both letters or both digits.
const fn alike(one: u8, other: u8) -> bool {
    (one.is_ascii_alphabetic() && other.is_ascii_alphabetic())
        || (one.is_ascii_digit() && other.is_ascii_digit())
}

/// Cuts any stretch.
fn cut_any(text: &str, stretch: Range<usize>, words: &mut Vec<Word>) {
    for (start, piece) in text[stretch.clone()].split_word_bound_indices() {
        if piece.chars().any(is_core) {
            let start = stretch.start + start;
            cut(text, start..start + piece.len(), words);
        }
    }
}

/// Whether a character makes a word by itself.
fn is_core(c: char) -> bool {
    c.is_alphanumeric() || is_sign(c)
}

/// The signs that stand for a word.
const fn is_sign(c: char) -> bool {
    matches!(c, '§' | '¶')
}

/// Cuts a piece at what belongs to no word.
fn cut(text: &str, piece: Range<usize>, words: &mut Vec<Word>) {
    let mut begun: Option<usize> = None;
    for (offset, c) in text[piece.clone()].char_indices() {
        let at = piece.start + offset;
        match begun {
            None if is_sign(c) => push(text, at..at + c.len_utf8(), words),
            None if c.is_alphanumeric() => begun = Some(at),
            Some(start) if !fold::continues_word(c) => {
                push(text, start..at, words);
                begun = None;
            }
            _ => {}
        }
    }
    if let Some(start) = begun {
        push(text, start..piece.end, words);
    }
}

fn push(text: &str, span: Range<usize>, words: &mut Vec<Word>) {
    let form = fold::fold(&text[span.clone()]);
    if form.is_empty() {
        return;
    }
    let glued =
        if form.len() == span.len() { glue::pieces(text, &span, &form) } else { Vec::new() };
    for piece in &glued {
        let (start, end) = (span.start + piece.start, span.start + piece.end);
        words.push(Word { start, end, form: fold::fold(&form[piece.clone()]), was: None });
    }
    if glued.is_empty() {
        words.push(Word { start: span.start, end: span.end, form, was: None });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn forms(text: &str) -> Vec<String> {
        words(text).into_iter().map(|word| word.form).collect()
    }

    #[test]
    fn words_keep_their_marks_and_lose_their_punctuation() {
        assert_eq!(forms("न्याय। सर्वोच्च"), ["न्याय", "सर्वोच्च"]);
        assert_eq!(forms("W.P.(C) 12.03.2024"), ["w", "p", "c", "12", "03", "2024"]);
        assert_eq!(forms("§138"), ["§", "138"]);
        assert_eq!(forms("the petitioner's"), ["the", "petitioner"]);
    }

    proptest::proptest! {
        #[test]
        fn the_shorter_way_cuts_the_same_words(text in "[a-cX-Z0-9'._,:/()&@ \\-]{0,60}") {
            let mut long = Vec::new();
            cut_any(&text, 0..text.len(), &mut long);
            proptest::prop_assert_eq!(words(&text), long);
        }

        #[test]
        fn spaces_cut_any_text_into_the_same_words(text in "[a-c0-9' क-घा-ु़-्া-ോ്‍‌é．\t\n]{0,40}") {
            let mut long = Vec::new();
            cut_any(&text, 0..text.len(), &mut long);
            proptest::prop_assert_eq!(words(&text), long);
        }
    }
}
