//! Finding words as typed inside a text.
//!
//! Case, accents, joiners, the nukta, the script of digits, hyphens and the choice
//! of quotation marks are passed over, and any white space is as good as a single
//! space, so that words are found where a line breaks between them.

use std::ops::Range;

use unicode_normalization::UnicodeNormalization;

/// The longest query looked for, in characters; nobody types more.
const LONGEST: usize = 200;

/// The first digit of each Indian script, whose ten digits follow one another.
const ZEROS: [char; 9] = ['०', '০', '੦', '૦', '୦', '௦', '౦', '೦', '൦'];

/// What is looked for, folded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Needle(String);

impl Needle {
    /// Folds what was typed; none when nothing is left to look for.
    #[must_use]
    pub fn new(typed: &str) -> Option<Self> {
        let cut: String = typed.chars().take(LONGEST).collect();
        let folded = Folded::of(cut.trim());
        (!folded.text.trim().is_empty()).then_some(Self(folded.text))
    }

    /// Where it stands in a text, in bytes of that text, in order and apart.
    #[must_use]
    pub fn find(&self, text: &str) -> Vec<Range<usize>> {
        let folded = Folded::of(text);
        folded.text.match_indices(&self.0).filter_map(|(at, _)| folded.source(at, self)).collect()
    }
}

/// A text with what is passed over taken out, and where each byte of it came from.
#[derive(Default)]
struct Folded {
    text: String,
    /// For each byte, where its character begins and ends in the source.
    from: Vec<(usize, usize)>,
}

impl Folded {
    fn of(source: &str) -> Self {
        let mut folded = Self::default();
        let mut broken = false;
        for (start, c) in source.char_indices() {
            let end = start + c.len_utf8();
            if c.is_whitespace() {
                // A hyphen at the end of a line joins what it parts.
                if !broken && !folded.text.ends_with(' ') {
                    folded.push(' ', start, end);
                }
            } else if is_hyphen(c) {
                broken = source[end..].starts_with(['\n', '\r']);
                continue;
            } else if c.is_ascii() {
                folded.push(c.to_ascii_lowercase(), start, end);
            } else {
                for c in c.nfkd().filter(|&c| !is_passed_over(c)).flat_map(char::to_lowercase) {
                    folded.push(plain(c), start, end);
                }
            }
            broken = broken && c.is_whitespace();
        }
        folded
    }

    fn push(&mut self, c: char, start: usize, end: usize) {
        self.text.push(c);
        self.from.resize(self.text.len(), (start, end));
    }

    /// The source of a match that begins at a byte of the folded text.
    fn source(&self, at: usize, needle: &Needle) -> Option<Range<usize>> {
        let (start, _) = *self.from.get(at)?;
        let (_, end) = *self.from.get(at + needle.0.len() - 1)?;
        Some(start..end)
    }
}

const fn is_hyphen(c: char) -> bool {
    matches!(c, '-' | '\u{00AD}' | '\u{2010}' | '\u{2011}')
}

/// Accents, the nukta, joiners and marks of direction.
const fn is_passed_over(c: char) -> bool {
    matches!(c,
        '\u{0300}'..='\u{036F}' | '\u{093C}' | '\u{09BC}' | '\u{0A3C}' | '\u{0ABC}' | '\u{0B3C}'
        | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}' | '\u{FEFF}')
}

/// The plain form of a quotation mark, a dash or a digit of an Indian script.
fn plain(c: char) -> char {
    match c {
        '\u{2018}' | '\u{2019}' => '\'',
        '\u{201C}' | '\u{201D}' => '"',
        '\u{2012}'..='\u{2015}' => '–',
        _ => digit(c).unwrap_or(c),
    }
}

fn digit(c: char) -> Option<char> {
    let value = ZEROS
        .iter()
        .find_map(|&zero| u32::from(c).checked_sub(u32::from(zero)).filter(|&value| value < 10))?;
    char::from_digit(value, 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found<'a>(text: &'a str, typed: &str) -> Vec<&'a str> {
        let needle = Needle::new(typed).unwrap();
        needle.find(text).into_iter().map(|span| &text[span]).collect()
    }

    #[test]
    fn words_are_found_whatever_their_case_and_accents() {
        assert_eq!(found("The RÉSUMÉ of the Résumé", "resume"), ["RÉSUMÉ", "Résumé"]);
        assert_eq!(found("“Section” 138", "\"section\""), ["“Section”"]);
    }

    #[test]
    fn words_are_found_across_the_end_of_a_line() {
        assert_eq!(found("within\n  limitation", "within limitation"), ["within\n  limitation"]);
        assert_eq!(found("the limit-\nation period", "limitation"), ["limit-\nation"]);
        assert_eq!(found("section 138-A", "138a"), ["138-A"]);
    }

    #[test]
    fn hindi_is_found_with_and_without_its_nukta_and_in_either_digits() {
        assert_eq!(found("ज़मानत दी गई", "जमानत"), ["ज़मानत"]);
        assert_eq!(found("धारा ४९८", "धारा 498"), ["धारा ४९८"]);
    }

    #[test]
    fn nothing_is_found_for_nothing() {
        assert_eq!(Needle::new("  - "), None);
        assert_eq!(Needle::new(""), None);
    }

    proptest::proptest! {
        #[test]
        fn every_hit_lies_in_the_text(text in "[ -~éÉ०-९क-ह\n-]{0,80}", typed in "[a-z०-९ -]{1,3}") {
            if let Some(needle) = Needle::new(&typed) {
                for span in needle.find(&text) {
                    proptest::prop_assert!(text.get(span).is_some());
                }
            }
        }
    }
}
