//! Words: where they begin and end.
//!
//! UAX #29 finds the borders. It keeps the marks of Indian scripts with their
//! letters, and also keeps `W.P`, `12.03.2024` and `1,000` whole; those are cut
//! again at their punctuation, so that what an abbreviation or a number means is
//! decided in one place, by the pass over the words that follows.

use unicode_segmentation::UnicodeSegmentation;

use super::fold;

/// A word as it stands in the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Word {
    pub(super) start: usize,
    pub(super) end: usize,
    /// The exact form; pieces that are one word share one.
    pub(super) form: String,
}

/// The words of a text, in order.
pub(super) fn words(text: &str) -> Vec<Word> {
    let mut words = Vec::with_capacity(text.len() / 6);
    for (start, piece) in text.split_word_bound_indices() {
        if piece.chars().any(is_core) {
            cut(start, piece, &mut words);
        }
    }
    words
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
fn cut(offset: usize, piece: &str, words: &mut Vec<Word>) {
    let mut begun: Option<usize> = None;
    for (at, c) in piece.char_indices() {
        match begun {
            None if is_sign(c) => push(offset, piece, at, at + c.len_utf8(), words),
            None if c.is_alphanumeric() => begun = Some(at),
            Some(start) if !fold::continues_word(c) => {
                push(offset, piece, start, at, words);
                begun = None;
            }
            _ => {}
        }
    }
    if let Some(start) = begun {
        push(offset, piece, start, piece.len(), words);
    }
}

fn push(offset: usize, piece: &str, start: usize, end: usize, words: &mut Vec<Word>) {
    let form = fold::fold(&piece[start..end]);
    if !form.is_empty() {
        words.push(Word { start: offset + start, end: offset + end, form });
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
}
