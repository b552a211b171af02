//! Folding: the exact form, which undoes what a reader cannot see.
//!
//! Case, width, composition, joiners, the script of digits. Letters that look the same and are the same, but are stored as different
//! characters, become one by the table `index/letters.toml`.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::tables;

/// A form longer than this is cut: it is no word, and terms have a limit.
const MAX_CHARS: usize = 128;

/// The first digit of each Indian script and of Arabic and Urdu, whose ten digits
/// follow one another.
const ZEROS: [u32; 11] =
    [0x0660, 0x06F0, 0x0966, 0x09E6, 0x0A66, 0x0AE6, 0x0B66, 0x0BE6, 0x0C66, 0x0CE6, 0x0D66];

/// The characters of the scripts of India: Devanagari to Malayalam.
pub(super) const INDIAN: std::ops::RangeInclusive<char> = '\u{0900}'..='\u{0D7F}';

/// The exact form of a word.
pub(crate) fn fold(word: &str) -> String {
    if word.is_ascii() {
        return tidy(word.to_ascii_lowercase());
    }
    let composed: String = word.nfkc().collect();
    let lettered =
        if composed.contains(|c| INDIAN.contains(&c)) { one_letter(&composed) } else { composed };
    let visible = lettered.chars().filter(|&c| !is_invisible(c)).map(ascii_digit);
    tidy(visible.flat_map(char::to_lowercase).collect())
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

pub(super) const fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '\u{2019}')
}

/// Takes off the possessive, drops apostrophes and cuts what is no word.
fn tidy(folded: String) -> String {
    let plain = folded.len() <= MAX_CHARS && folded.is_ascii();
    if plain && !folded.contains('\'') {
        return folded;
    }
    let possessed = ["'s", "\u{2019}s"].iter().find_map(|tail| folded.strip_suffix(tail));
    let owner = possessed.filter(|owner| !owner.is_empty()).unwrap_or(&folded);
    owner.chars().filter(|&c| !is_apostrophe(c)).take(MAX_CHARS).collect()
}

/// `001234` is `1234`: registries and reporters pad their numbers, advocates do not.
pub(super) fn drop_zeros(form: &mut String) {
    if form.starts_with('0') && form.bytes().all(|byte| byte.is_ascii_digit()) {
        let zeros = form.len() - form.trim_start_matches('0').len();
        form.drain(..zeros.min(form.len() - 1));
    }
}

fn ascii_digit(c: char) -> char {
    if c.is_ascii() {
        return c;
    }
    let value = ZEROS.iter().find_map(|zero| {
        let digit = u32::from(c).checked_sub(*zero)?;
        (digit < 10).then_some(digit)
    });
    value.and_then(|digit| char::from_digit(digit, 10)).unwrap_or(c)
}

/// Puts one letter for each sequence that stands for it.
fn one_letter(composed: &str) -> String {
    let mut out = String::with_capacity(composed.len());
    let mut rest = composed;
    while let Some(c) = rest.chars().next() {
        let found = tables::letters(c).iter().find(|letter| rest.starts_with(&letter.written));
        let (written, is) =
            found.map_or((c.len_utf8(), c), |letter| (letter.written.len(), letter.is));
        out.push(is);
        rest = &rest[written..];
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_reader_cannot_see_is_folded() {
        assert_eq!(fold("PETITIONER\u{2019}s"), "petitioner");
        assert_eq!(fold("O'Brien"), "obrien");
        assert_eq!(fold("ＡＢＣ"), "abc");
        assert_eq!(fold("क्\u{200D}ष"), fold("क्ष"));
        assert_eq!(fold("\u{095B}मानत"), fold("ज\u{093C}मानत"));
    }

    #[test]
    fn digits_of_every_script_are_one_number() {
        for digits in ["१३८", "১৩৮", "੧੩੮", "૧૩૮", "୧୩୮", "௧௩௮", "౧౩౮", "೧೩೮", "൧൩൮", "۱۳۸", "١٣٨"]
        {
            assert_eq!(fold(digits), "138", "{digits}");
        }
        for (padded, number) in [("00138", "138"), ("000", "0"), ("0a", "0a"), ("", "")] {
            let mut form = padded.to_owned();
            drop_zeros(&mut form);
            assert_eq!(form, number);
        }
    }

    #[test]
    fn a_letter_is_one_however_it_is_stored() {
        for (one, other) in [
            // Two-part vowels, composed and in parts.
            ("কো", "ক\u{09C7}\u{09BE}"),
            ("தொ", "த\u{0BC6}\u{0BBE}"),
            ("കൊ", "ക\u{0D46}\u{0D3E}"),
            ("ಕೊ", "ಕ\u{0CC6}\u{0CC2}"),
            ("కై", "క\u{0C46}\u{0C56}"),
            // Letters with a dot beneath.
            ("\u{09DF}", "য\u{09BC}"),
            ("\u{0A36}", "ਸ\u{0A3C}"),
            // Vowels put together from parts that a font draws alike.
            ("आदेश", "अ\u{093E}देश"),
            ("ઓર્ડર", "અ\u{0ACB}ર્ડર"),
            ("ਆਦੇਸ਼", "ਅ\u{0A3E}ਦੇਸ਼"),
            // Chillu letters of Malayalam and khanda ta of Bengali, old and new.
            ("അവൻ", "അവന\u{0D4D}\u{200D}"),
            ("കോടതിയിൽ", "കോടതിയില\u{0D4D}\u{200D}"),
            ("উৎস", "উত\u{09CD}\u{200D}স"),
        ] {
            assert_eq!(fold(one), fold(other), "{one} {other}");
        }
        // `അവൻ` is he, `അവന്` is to him.
        assert_ne!(fold("അവൻ"), fold("അവന\u{0D4D}"));
    }
}
