//! Text that is not what a reader of its page sees.

use unicode_normalization::UnicodeNormalization;

use super::pairs;

/// Fewer Indian words than this say nothing.
const ENOUGH_INDIAN: usize = 8;
/// Of the Indian words of a sound page at most 1.3 % are odd, of a damaged one at
/// least 7 % (`evaluation.rs` measures both).
const INDIAN_PERCENT: usize = 4;
/// Odd Indian words that are fewer than this share of all words are a running head.
const PAGE_PERCENT: usize = 1;
/// Fewer Latin words than this say nothing.
const ENOUGH_LATIN: usize = 25;
/// Of the Latin words of pages without prose (lists, tables of contents) up to 10 %
/// are odd; letters taken from the wrong places make 19 % and more.
const LATIN_PERCENT: usize = 15;
/// Prose has a word English cannot do without in every fourth.
const COMMON_PERCENT: usize = 2;
/// Fewer characters than this say nothing.
const ENOUGH_SIGNS: usize = 80;
/// Rules and frames drawn with signs reach a quarter.
const SIGNS_PERCENT: usize = 35;

/// Whether what is stored is not what a reader of the page sees.
///
/// Three kinds of damage are looked for: PDF writers that shape Indian scripts and
/// store glyphs in the order drawn or under wrong characters, fonts from before
/// Unicode, and fonts without a usable table of characters.
pub(in crate::documents::reading) fn is_garbled(text: &str) -> bool {
    let words = Words::of(text);
    words.indian_are_odd() || words.latin_are_odd() || is_mostly_signs(text)
}

/// Whether a text is readable only in the font it was typed in.
///
/// Fonts from before Unicode (Kruti Dev and its kin) show Hindi but store
/// Latin letters and signs: `vf/kfu;e` for अधिनियम. Such text has words no language
/// has and none of the words English cannot do without.
pub(in crate::documents::reading) fn is_legacy_font(text: &str) -> bool {
    Words::of(text).latin_are_odd()
}

/// The share of a text's words that no language would have, 0 to 1; of two
/// readings of one page the better one has the lower share.
#[expect(clippy::cast_precision_loss, reason = "a page has some thousands of words")]
pub(in crate::documents::reading) fn oddity(text: &str) -> f32 {
    let words = Words::of(text);
    let all = words.indian.all + words.latin.all;
    if all == 0 { 0.0 } else { (words.indian.odd + words.latin.odd) as f32 / all as f32 }
}

/// What the words of a text are like.
#[derive(Default)]
struct Words {
    indian: Tally,
    latin: Tally,
    /// Latin words no page of English prose lacks.
    common: usize,
}

#[derive(Default)]
struct Tally {
    all: usize,
    odd: usize,
}

impl Tally {
    fn add(&mut self, odd: bool) {
        self.all += 1;
        self.odd += usize::from(odd);
    }

    /// Whether at least this percentage is odd.
    fn reaches(&self, percent: usize) -> bool {
        self.odd * 100 >= self.all * percent
    }
}

impl Words {
    fn of(text: &str) -> Self {
        let mut words = Self::default();
        for word in text.split_whitespace() {
            if word.chars().any(is_indian) {
                words.indian.add(!pairs::are_usual(word.nfc()));
            } else if word.chars().filter(|c| c.is_alphabetic()).count() >= 3 {
                words.common += usize::from(is_common(word));
                words.latin.add(is_odd(word));
            }
        }
        words
    }

    fn indian_are_odd(&self) -> bool {
        let Tally { all, odd } = self.indian;
        all >= ENOUGH_INDIAN
            && odd >= 2
            && self.indian.reaches(INDIAN_PERCENT)
            && odd * 100 >= (all + self.latin.all) * PAGE_PERCENT
    }

    fn latin_are_odd(&self) -> bool {
        self.latin.all >= ENOUGH_LATIN
            && self.latin.reaches(LATIN_PERCENT)
            && self.common * 100 < self.latin.all * COMMON_PERCENT
    }
}

/// Whether signs take the place of letters: a font whose characters are numbered
/// from the first sign on.
fn is_mostly_signs(text: &str) -> bool {
    let mut signs = Tally::default();
    for c in text.chars().filter(|c| !c.is_whitespace() && !is_leader(*c)) {
        signs.add(
            c.is_ascii_punctuation() && !matches!(c, ',' | '(' | ')' | '/' | ':' | '"' | '\''),
        );
    }
    signs.all >= ENOUGH_SIGNS && signs.reaches(SIGNS_PERCENT)
}

/// Signs that lead the eye or rule a line.
fn is_leader(c: char) -> bool {
    matches!(c, '.' | '-' | '_' | '*' | '=' | '…' | '·' | '—' | '–' | '|')
}

/// Words no page of English prose lacks.
fn is_common(word: &str) -> bool {
    const COMMON: [&str; 24] = [
        "the", "and", "for", "that", "was", "not", "with", "this", "from", "which", "any", "under",
        "has", "had", "his", "are", "been", "shall", "said", "such", "section", "court", "act",
        "case",
    ];
    let word = word.trim_matches(|c: char| !c.is_alphabetic());
    (3..=7).contains(&word.len()) && COMMON.iter().any(|common| word.eq_ignore_ascii_case(common))
}

/// A word in Latin letters that no language would have: a small letter before a
/// capital, a sign inside, or letters that do not follow one another.
fn is_odd(word: &str) -> bool {
    let inner = word
        .trim_matches(|c: char| c.is_ascii_punctuation() || !(c.is_alphanumeric() || is_sign(c)));
    if is_abbreviation(inner) {
        return false;
    }
    let mut neighbours = inner.chars().zip(inner.chars().skip(1));
    neighbours.any(|(before, c)| {
        (before.is_lowercase() && c.is_uppercase()) || (is_sign(c) && before.is_alphabetic())
    }) || inner.split(|c: char| !c.is_alphabetic()).any(|part| !is_spoken(part))
}

/// Whether a few letters are capitals for the most part: `SLP`, `CrPC`.
fn is_abbreviation(part: &str) -> bool {
    const LONGEST: usize = 5;
    let capitals = part.bytes().filter(u8::is_ascii_uppercase).count();
    part.len() <= LONGEST
        && part.bytes().all(|b| b.is_ascii_alphabetic())
        && part.starts_with(|c: char| c.is_ascii_uppercase())
        && capitals * 2 >= part.len()
}

/// Whether a stretch of Latin letters could be said; abbreviations need not.
fn is_spoken(part: &str) -> bool {
    if is_abbreviation(part) {
        return true;
    }
    if part.is_ascii() {
        return pairs::are_usual(part.chars().map(|c| c.to_ascii_lowercase()));
    }
    // Marks are taken off letters; letters beyond them belong to other tables.
    let plain: String = part.to_lowercase().nfd().filter(|c| !is_combining_mark(*c)).collect();
    !plain.is_ascii() || pairs::are_usual(plain.chars())
}

fn is_combining_mark(c: char) -> bool {
    unicode_normalization::char::is_combining_mark(c)
}

/// Signs that old fonts use for letters and prose never has inside a word.
#[rustfmt::skip]
fn is_sign(c: char) -> bool {
    matches!(
        c,
        '~' | '^' | ';' | '{' | '}' | '[' | ']' | '|' | '`' | '=' | '+' | '<' | '>' | '\\' | '%'
            | '$' | '#' | '!' | '?' | 'ª' | 'º' | '»' | '«' | '¼' | '½' | '¾' | '¶' | '§' | 'Ù'
            | 'Ø' | 'Þ' | '÷' | '×'
    )
}

fn is_indian(c: char) -> bool {
    (0x0900..=0x0d7f).contains(&u32::from(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A page of prose in fifty words and more.
    const ENGLISH: &str = "The learned counsel for the appellant submitted that the order passed by \
        the High Court under Section 482 CrPC was not sustainable and that the trial Court had \
        failed to consider the evidence of PW1 and PW2 which had been led by LIC and the State of \
        U.P. in the said case. The appeal is therefore allowed.";

    #[test]
    fn good_text_is_left_alone() {
        assert!(!is_garbled(ENGLISH));
        let hindi = "भारत का राजपत्र असाधारण भाग दो खंड तीन उपखंड प्राधिकार से प्रकाशित नई दिल्ली \
            मंगलवार जनवरी अधिसूचना विधि और न्याय मंत्रालय";
        assert!(!is_garbled(hindi));
        assert!(oddity(ENGLISH) < 0.02);
    }

    #[test]
    fn names_and_abbreviations_are_no_damage() {
        let cause_list = "1. CRLA 1234/2019 VENKATARAMANAPPA V. STATE OF KARNATAKA ADV. \
            SRINIVASAN 2. WP(C) 77/2020 M/S BHARAT SANCHAR NIGAM LTD. V. UOI ADV. MUKHERJEE "
            .repeat(4);
        assert!(!is_garbled(&cause_list));
    }

    #[test]
    fn a_font_from_before_unicode_is_found() {
        let kruti = "Hkkjr dk jkti= vlk/kkj.k izkf/kdkj ls izdkf'kr laö ubZ fnYyh cq/kokj \
            twu fof/k vkSj U;k; ea=ky; jktLVªh laö Mhö ,yö vf/kfu;e laalnz dk fuEufyf[kr \
            vf/kfu;e jk\"Vªifr dh vuqefr izkIr gqbZ vkSj blds }kjk lkekU; tkudkjh ds fy, \
            izdkf'kr fd;k tkrk gSA";
        assert!(is_garbled(kruti));
        assert!(is_legacy_font(kruti));
    }

    #[test]
    fn letters_taken_from_other_places_are_found() {
        let shifted = |by: u8| -> String {
            let move_by = |c: char| match c {
                '!'..='~' => char::from((c as u8 - b'!' + 94 - by) % 94 + b'!'),
                c => c,
            };
            ENGLISH.repeat(3).chars().map(move_by).collect()
        };
        for by in [3, 29, 40] {
            assert!(is_garbled(&shifted(by)), "{by}: {}", shifted(by));
        }
    }

    #[test]
    fn vowel_signs_in_the_order_drawn_are_found() {
        let drawn = "िक उसका अिधकार है और िजस िदन से यह अिधिनयम लागू होता है उस िदन से";
        assert!(is_garbled(drawn));
        let head = format!("{ENGLISH} {ENGLISH} {ENGLISH} भाग खण्ड भारत का राजपत्र असाधारण िक");
        assert!(!is_garbled(&head), "a running head does not spoil an English page");
    }
}
