//! Folding: the one form that spellings of the same word share.
//!
//! The *exact* form undoes what a reader cannot see: case, width, composition,
//! joiners, the script of digits. The *loose* form also undoes inflection in
//! English, and in Devanagari the nukta and the choice between a nasal and an
//! anusvara, which are written or left out freely.

use rust_stemmers::{Algorithm, Stemmer};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

const NUKTA: char = '\u{093C}';
const VIRAMA: char = '\u{094D}';
const CANDRABINDU: char = '\u{0901}';
const ANUSVARA: char = '\u{0902}';

/// A form longer than this is cut: it is no word, and terms have a limit.
const MAX_CHARS: usize = 128;

/// The first digit of each Indian script, whose ten digits follow one another.
const INDIAN_ZEROS: [u32; 9] =
    [0x0966, 0x09E6, 0x0A66, 0x0AE6, 0x0B66, 0x0BE6, 0x0C66, 0x0CE6, 0x0D66];

/// The exact form of a word.
pub(crate) fn fold(word: &str) -> String {
    if word.is_ascii() {
        return tidy(&word.to_ascii_lowercase());
    }
    let visible = word.nfkc().filter(|&c| !is_invisible(c)).map(ascii_digit);
    let folded: String = visible.flat_map(char::to_lowercase).collect();
    tidy(&folded)
}

/// The loose form of a word in its exact form; `None` where there is none.
pub(crate) fn loosen(exact: &str) -> Option<String> {
    if exact.bytes().all(|byte| byte.is_ascii_lowercase()) {
        return Some(Stemmer::create(Algorithm::English).stem(exact).into_owned());
    }
    exact.chars().any(is_devanagari_letter).then(|| loosen_devanagari(exact))
}

/// Whether a character belongs to a word once the word has begun.
pub(crate) fn continues_word(c: char) -> bool {
    c.is_alphanumeric() || is_combining_mark(c) || is_invisible(c) || is_apostrophe(c)
}

/// Whether a character is drawn as nothing and changes no meaning: joiners, soft
/// hyphens, marks of direction.
pub(crate) const fn is_invisible(c: char) -> bool {
    matches!(c, '\u{00AD}' | '\u{200B}'..='\u{200F}' | '\u{2060}' | '\u{FEFF}' | '\u{FE00}'..='\u{FE0F}')
}

const fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '\u{2019}')
}

/// Takes off the possessive, drops apostrophes and cuts what is no word.
fn tidy(folded: &str) -> String {
    let possessed = ["'s", "\u{2019}s"].iter().find_map(|tail| folded.strip_suffix(tail));
    let owner = possessed.filter(|owner| !owner.is_empty()).unwrap_or(folded);
    owner.chars().filter(|&c| !is_apostrophe(c)).take(MAX_CHARS).collect()
}

fn ascii_digit(c: char) -> char {
    let value = INDIAN_ZEROS.iter().find_map(|zero| {
        let digit = u32::from(c).checked_sub(*zero)?;
        (digit < 10).then_some(digit)
    });
    value.and_then(|digit| char::from_digit(digit, 10)).unwrap_or(c)
}

const fn is_devanagari_letter(c: char) -> bool {
    matches!(c, '\u{0904}'..='\u{0939}' | '\u{0958}'..='\u{0961}')
}

fn loosen_devanagari(exact: &str) -> String {
    let plain: Vec<char> = exact.nfd().filter(|&c| c != NUKTA).collect();
    let mut loose = String::with_capacity(exact.len());
    let mut at = 0;
    while let Some(&c) = plain.get(at) {
        let nasal = plain.get(at + 1) == Some(&VIRAMA)
            && plain.get(at + 2).is_some_and(|&next| nasal_of(next) == Some(c));
        if nasal {
            loose.push(ANUSVARA);
            at += 2;
        } else {
            loose.push(if c == CANDRABINDU { ANUSVARA } else { c });
            at += 1;
        }
    }
    loose
}

/// The nasal of a consonant's row, which before it may be written as anusvara.
const fn nasal_of(consonant: char) -> Option<char> {
    match consonant {
        'क'..='घ' => Some('ङ'),
        'च'..='झ' => Some('ञ'),
        'ट'..='ढ' => Some('ण'),
        'त'..='ध' => Some('न'),
        'प'..='भ' => Some('म'),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_reader_cannot_see_is_folded() {
        assert_eq!(fold("PETITIONER\u{2019}s"), "petitioner");
        assert_eq!(fold("O'Brien"), "obrien");
        assert_eq!(fold("ＡＢＣ"), "abc");
        assert_eq!(fold("१३८"), "138");
        assert_eq!(fold("क्\u{200D}ष"), fold("क्ष"));
        assert_eq!(fold("\u{095B}मानत"), fold("ज\u{093C}मानत"));
    }

    #[test]
    fn spellings_a_writer_chooses_freely_meet_in_the_loose_form() {
        assert_eq!(loosen("granted"), loosen("grant"));
        assert_eq!(loosen(&fold("हिन्दी")), loosen(&fold("हिंदी")));
        assert_eq!(loosen(&fold("ज़मानत")), loosen(&fold("जमानत")));
        assert_ne!(loosen(&fold("न्याय")), loosen(&fold("याय")));
        assert_eq!(loosen("65b"), None);
    }
}
