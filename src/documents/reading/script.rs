//! What the letters of a page say about it: its language, and whether a
//! script has been damaged on the way into the file.

use unicode_normalization::UnicodeNormalization;

/// Fewer letters than this say nothing.
const ENOUGH: usize = 8;
/// Judgments in Indian languages carry many Latin citations, so a third of
/// the letters decides.
const SHARE: usize = 3;

/// The scripts told apart: first and last code point, language.
const SCRIPTS: [(u32, u32, &str); 11] = [
    (0x0041, 0x024f, "en"),
    (0x0600, 0x06ff, "ur"),
    (0x0900, 0x097f, "hi"),
    (0x0980, 0x09ff, "bn"),
    (0x0a00, 0x0a7f, "pa"),
    (0x0a80, 0x0aff, "gu"),
    (0x0b00, 0x0b7f, "or"),
    (0x0b80, 0x0bff, "ta"),
    (0x0c00, 0x0c7f, "te"),
    (0x0c80, 0x0cff, "kn"),
    (0x0d00, 0x0d7f, "ml"),
];

/// The language the script of a text suggests.
///
/// A script stands for its most common language in Indian courts: Devanagari
/// for Hindi, though it may be Marathi.
pub(super) fn language(text: &str) -> Option<&'static str> {
    let mut counts = [0_usize; SCRIPTS.len()];
    for c in text.chars().filter(|c| c.is_alphabetic()) {
        let code = u32::from(c);
        if let Some(at) = SCRIPTS.iter().position(|(from, to, _)| (*from..=*to).contains(&code)) {
            counts[at] += 1;
        }
    }
    let total: usize = counts.iter().sum();
    if total < ENOUGH {
        return None;
    }
    let (index, count) = counts.iter().enumerate().skip(1).max_by_key(|(_, count)| **count)?;
    let chosen = if count * SHARE >= total { index } else { 0 };
    Some(SCRIPTS[chosen].2)
}

/// The name `tesseract` gives a language.
pub(super) fn tesseract_name(language: &str) -> &'static str {
    match language {
        "hi" => "hin",
        "ur" => "urd",
        "bn" => "ben",
        "pa" => "pan",
        "gu" => "guj",
        "or" => "ori",
        "ta" => "tam",
        "te" => "tel",
        "kn" => "kan",
        "ml" => "mal",
        _ => "eng",
    }
}

/// Whether what is stored is not what a reader of the page sees.
///
/// Two kinds of damage are looked for: fonts from before Unicode, and PDF
/// writers that shape Indic text and store its glyphs in the order drawn,
/// which leaves vowel signs where no vowel sign can be.
pub(super) fn is_garbled(text: &str) -> bool {
    let mut indic = Words::default();
    for word in text.split_whitespace().filter(|word| word.chars().any(is_indic)) {
        indic.add(is_impossible(word));
    }
    (indic.all >= 10 && indic.share(6)) || is_legacy_font(text)
}

/// Whether a text is readable only in the font it was typed in.
///
/// Fonts from before Unicode (Kruti Dev and its kin) show Hindi but store
/// Latin letters and signs: `vf/kfu;e` for अधिनियम. Such text has signs inside
/// its words and none of the words English cannot do without.
pub(super) fn is_legacy_font(text: &str) -> bool {
    let mut latin = Words::default();
    let is_latin = |word: &&str| {
        !word.chars().any(is_indic) && word.chars().filter(|c| c.is_alphabetic()).count() >= 3
    };
    for word in text.split_whitespace().filter(is_latin) {
        latin.common += usize::from(is_common(word));
        latin.add(is_odd(word));
    }
    latin.all >= 25 && latin.share(12) && latin.common * 50 < latin.all
}

/// A tally of words.
#[derive(Default)]
struct Words {
    all: usize,
    bad: usize,
    common: usize,
}

impl Words {
    fn add(&mut self, bad: bool) {
        self.all += 1;
        self.bad += usize::from(bad);
    }

    /// Whether at least this percentage is bad.
    fn share(&self, percent: usize) -> bool {
        self.bad * 100 >= self.all * percent
    }
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

/// A small letter before a capital, or a sign no word has inside.
fn is_odd(word: &str) -> bool {
    if word.bytes().skip(1).all(|b| b.is_ascii_lowercase()) {
        return false;
    }
    let inner = word.trim_matches(|c: char| c.is_ascii_punctuation());
    inner.chars().zip(inner.chars().skip(1)).any(|(before, c)| {
        (before.is_lowercase() && c.is_uppercase()) || (is_sign(c) && before.is_alphabetic())
    })
}

/// Signs that old fonts use for letters and prose never has inside a word.
fn is_sign(c: char) -> bool {
    matches!(
        c,
        '~' | '^'
            | ';'
            | '{'
            | '}'
            | '['
            | ']'
            | '|'
            | '`'
            | '='
            | '+'
            | 'ª'
            | 'º'
            | '»'
            | '«'
            | '¼'
            | '½'
            | '¾'
            | '¶'
            | '§'
            | 'Ù'
            | 'Ø'
            | 'Þ'
            | '÷'
            | '×'
    )
}

fn is_indic(c: char) -> bool {
    (0x0900..=0x0d7f).contains(&u32::from(c))
}

/// Whether a word breaks the rule that a vowel sign or virama stands on a
/// consonant.
///
/// The Indic blocks share one arrangement: consonants from 0x15, vowel signs
/// from 0x3e, the virama at 0x4d of each 128.
fn is_impossible(word: &str) -> bool {
    let mut before = Place::Edge;
    for c in word.nfc() {
        let now = Place::of(c);
        let stands = !matches!(before, Place::Edge | Place::Sign | Place::Virama);
        if matches!(now, Place::Sign | Place::Virama) && !stands {
            return true;
        }
        before = now;
    }
    false
}

/// What a character is within an Indic syllable.
#[derive(Clone, Copy)]
enum Place {
    /// Nothing a sign could stand on.
    Edge,
    /// A consonant, perhaps with a nukta.
    Base,
    /// An independent vowel, a nasal or another sign that ends a syllable.
    Other,
    /// A dependent vowel.
    Sign,
    /// The sign that takes a consonant's vowel away.
    Virama,
}

impl Place {
    fn of(c: char) -> Self {
        let code = u32::from(c);
        if c == '\u{25cc}' {
            return Self::Edge;
        }
        if matches!(c, '\u{200c}' | '\u{200d}') {
            return Self::Base;
        }
        if !is_indic(c) {
            return Self::Edge;
        }
        match code & 0x7f {
            0x15..=0x39 | 0x3c | 0x58..=0x5f => Self::Base,
            0x3e..=0x4c => Self::Sign,
            0x4d => Self::Virama,
            _ => Self::Other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_script_gives_the_language() {
        assert_eq!(language("The appeal is dismissed."), Some("en"));
        assert_eq!(language("यह अपील खारिज की जाती है। See AIR 1973 SC 1461"), Some("hi"));
        assert_eq!(language("இந்த மேல்முறையீடு தள்ளுபடி"), Some("ta"));
        assert_eq!(language("12/3"), None);
    }

    #[test]
    fn good_text_is_left_alone() {
        let english = "The learned counsel for the appellant submitted that the order passed by \
            the High Court under Section 482 CrPC was not sustainable and that the trial Court \
            had failed to consider the evidence of PW1 and PW2 which had been led by LIC and the \
            State of U.P. in the said case.";
        assert!(!is_garbled(english));
        let hindi = "भारत का राजपत्र असाधारण भाग दो खंड तीन उपखंड प्राधिकार से प्रकाशित नई दिल्ली \
            मंगलवार जनवरी अधिसूचना विधि और न्याय मंत्रालय";
        assert!(!is_garbled(hindi));
    }

    #[test]
    fn a_font_from_before_unicode_is_found() {
        let kruti = "Hkkjr dk jkti= vlk/kkj.k izkf/kdkj ls izdkf'kr laö ubZ fnYyh cq/kokj \
            twu fof/k vkSj U;k; ea=ky; jktLVªh laö Mhö ,yö vf/kfu;e laalnz dk fuEufyf[kr \
            vf/kfu;e jk\"Vªifr dh vuqefr izkIr gqbZ vkSj blds }kjk lkekU; tkudkjh ds fy, \
            izdkf'kr fd;k tkrk gSA";
        assert!(is_garbled(kruti));
    }

    #[test]
    fn signs_in_impossible_places_are_found() {
        assert!(is_impossible("रािपत्र"));
        assert!(is_impossible("िवधि"));
        assert!(!is_impossible("राजपत्र"));
        assert!(!is_impossible("ज़मानत"));
        assert!(!is_impossible("சொல்"));
    }
}
