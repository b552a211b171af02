//! Loosening: the loose form, which inflections and free spellings of a word share.
//!
//! English words lose their inflection by the Porter2 stemmer, but for the words of
//! law it would confuse (`index/english_stems.toml`). Words of Indian scripts lose
//! what is written or left out freely: the nukta, the choice between a nasal and an
//! anusvara; those in Devanagari also number and case. Nothing else has a loose form.

use std::cell::RefCell;
use std::collections::HashMap;

use rust_stemmers::{Algorithm, Stemmer};
use unicode_normalization::UnicodeNormalization;

use super::fold::INDIAN;
use super::{hindi, tables};

/// How many words a thread remembers the loose forms of.
const MOST_REMEMBERED: usize = 20_000;

/// Where, in the block of a script, its marks stand: the blocks share one layout.
const CANDRABINDU: u32 = 0x01;
const ANUSVARA: u32 = 0x02;
const NUKTA: u32 = 0x3C;
const VIRAMA: u32 = 0x4D;

/// Where the blocks of the scripts begin.
const DEVANAGARI: u32 = 0x0900;
const BENGALI: u32 = 0x0980;
const GURMUKHI: u32 = 0x0A00;
const GUJARATI: u32 = 0x0A80;
const TELUGU: u32 = 0x0C00;
const KANNADA: u32 = 0x0C80;
const MALAYALAM: u32 = 0x0D00;

thread_local! {
    /// The loose forms found so far: most words of a text come again, in it and in
    /// the next.
    static KNOWN: RefCell<HashMap<Box<str>, Option<Box<str>>>> = RefCell::default();
}

/// The loose form of a word in its exact form; `None` where there is none.
pub(crate) fn loosen(exact: &str) -> Option<String> {
    if exact.as_bytes().first().is_some_and(u8::is_ascii_digit) {
        return None;
    }
    KNOWN.with_borrow_mut(|known| {
        if let Some(loose) = known.get(exact) {
            return loose.as_deref().map(str::to_owned);
        }
        let loose = find(exact);
        if known.len() >= MOST_REMEMBERED {
            known.clear();
        }
        known.insert(exact.into(), loose.as_deref().map(Into::into));
        loose
    })
}

fn find(exact: &str) -> Option<String> {
    if exact.bytes().all(|byte| byte.is_ascii_lowercase()) {
        let kept = tables::english_stem(exact).map(str::to_owned);
        return Some(kept.unwrap_or_else(|| english(exact)));
    }
    let indian = exact.chars().any(|c| INDIAN.contains(&c) && c.is_alphabetic());
    indian.then(|| {
        let plain = plain(exact);
        hindi::stem(&plain).unwrap_or(plain)
    })
}

fn english(exact: &str) -> String {
    Stemmer::create(Algorithm::English).stem(exact).into_owned()
}

/// A word of an Indian script without what is written or left out freely.
pub(super) fn plain(exact: &str) -> String {
    let letters: Vec<char> = exact.nfd().filter(|&c| !is_free_nukta(c)).collect();
    let mut plain = String::with_capacity(exact.len());
    let mut at = 0;
    while let Some(&c) = letters.get(at) {
        let next = letters.get(at + 1).copied();
        let after = letters.get(at + 2).copied();
        let (taken, put) = match (next, after) {
            (Some(virama), Some(after)) if is_nasal_before(c, virama, after) => (2, anusvara(c)),
            _ => (1, one(c, &mut plain, next)),
        };
        plain.extend(put);
        at += taken;
    }
    plain
}

/// A letter by itself; what takes more than one place is put before it.
fn one(c: char, plain: &mut String, next: Option<char>) -> Option<char> {
    let (block, place) = placed(c);
    match (block, c) {
        // Tippi and bindi, candrabindu and anusvara.
        (GURMUKHI, '\u{0A70}') => anusvara(c),
        (DEVANAGARI | GURMUKHI | GUJARATI, _) if place == CANDRABINDU => anusvara(c),
        // Khanda ta is ta without its vowel; a chillu before a letter is that too.
        (BENGALI, 'ৎ') => {
            plain.push('ত');
            Some('\u{09CD}')
        }
        (MALAYALAM, '\u{0D7A}'..='\u{0D7F}') if next.is_some_and(char::is_alphabetic) => {
            plain.extend(chillu(c));
            Some('\u{0D4D}')
        }
        (_, 'ஶ') => Some('ஸ'),
        _ => Some(c),
    }
}

/// The consonant of a chillu letter.
const fn chillu(c: char) -> Option<char> {
    match c {
        '\u{0D7A}' => Some('ണ'),
        '\u{0D7B}' => Some('ന'),
        '\u{0D7C}' => Some('ര'),
        '\u{0D7D}' => Some('ല'),
        '\u{0D7E}' => Some('ള'),
        '\u{0D7F}' => Some('ക'),
        _ => None,
    }
}

/// The block of a character and where in it the character stands.
fn placed(c: char) -> (u32, u32) {
    let code = u32::from(c);
    (code & !0x7F, code & 0x7F)
}

/// Whether the dot beneath a letter is written or left out freely. In Bengali it
/// tells letters apart.
fn is_free_nukta(c: char) -> bool {
    let (block, place) = placed(c);
    place == NUKTA && matches!(block, DEVANAGARI | GURMUKHI | GUJARATI | KANNADA)
}

/// Whether a nasal stands before a consonant of its own row, where it may as well be
/// written as anusvara.
fn is_nasal_before(nasal: char, virama: char, consonant: char) -> bool {
    let ((block, place), (_, row)) = (placed(nasal), placed(consonant));
    let nasal_of_row = match row {
        0x15..=0x18 => 0x19,
        0x1A..=0x1D => 0x1E,
        0x1F..=0x22 => 0x23,
        0x24..=0x27 => 0x28,
        0x2A..=0x2D => 0x2E,
        _ => return false,
    };
    matches!(block, DEVANAGARI | BENGALI | GURMUKHI | GUJARATI | TELUGU | KANNADA)
        && place == nasal_of_row
        && placed(virama) == (block, VIRAMA)
        && placed(consonant).0 == block
}

/// The anusvara of the script of a character.
fn anusvara(c: char) -> Option<char> {
    char::from_u32(placed(c).0 | ANUSVARA)
}

#[cfg(test)]
mod tests {
    use super::super::fold::fold;
    use super::*;

    fn loose(word: &str) -> Option<String> {
        loosen(&fold(word))
    }

    #[test]
    fn spellings_a_writer_chooses_freely_meet_in_the_loose_form() {
        for (one, other) in [
            ("granted", "grant"),
            ("judgement", "judgment"),
            ("हिन्दी", "हिंदी"),
            ("ज़मानत", "जमानत"),
            ("पाँच", "पांच"),
            ("અન્ત", "અંત"),
            ("ਜ਼ਮਾਨਤ", "ਜਮਾਨਤ"),
            ("ਸਿੰਘ", "ਸਿਂਘ"),
            ("సన్తకం", "సంతకం"),
            ("ಸಮ್ಬಂಧ", "ಸಂಬಂಧ"),
            ("অঙ্ক", "অংক"),
            ("উৎস", "উত্স"),
            ("നൻമ", "നന്മ"),
        ] {
            assert_eq!(loose(one), loose(other), "{one} {other}");
        }
    }

    #[test]
    fn different_words_stay_apart_in_the_loose_form() {
        for (one, other) in
            [("न्याय", "याय"), ("জড", "জড়"), ("അവൻ", "അവന്"), ("തന്നെ", "താൻ"), ("ಕಾನೂನು", "ಕಾನು")]
        {
            assert_ne!(loose(one), loose(other), "{one} {other}");
        }
        assert_eq!(loose("65B"), None);
        assert_eq!(loose("१३८"), None);
    }

    #[test]
    fn english_words_that_law_keeps_apart_do_not_meet() {
        for (one, other) in [
            ("general", "generic"),
            ("university", "universe"),
            ("appellant", "appellate"),
            ("council", "counsel"),
            ("applicant", "application"),
            ("respondent", "respond"),
            ("defendant", "defend"),
            ("informant", "information"),
            ("execution", "executive"),
            ("probate", "probation"),
            ("authority", "author"),
            ("import", "important"),
            ("constitution", "constitute"),
            ("consideration", "consider"),
            ("contention", "contents"),
            ("limitation", "limited"),
            ("witness", "wit"),
            ("police", "policy"),
            ("employer", "employee"),
            ("insurer", "insured"),
            ("damages", "damage"),
            ("will", "willing"),
        ] {
            assert_ne!(loose(one), loose(other), "{one} {other}");
        }
    }

    #[test]
    fn inflections_and_spellings_of_an_english_word_meet() {
        for (one, other) in [
            ("applicants", "applicant"),
            ("authorities", "authority"),
            ("universities", "university"),
            ("dishonoured", "dishonor"),
            ("authorised", "authorize"),
            ("offence", "offenses"),
            ("witnesses", "witness"),
            ("appeals", "appealed"),
            ("granting", "grants"),
        ] {
            assert_eq!(loose(one), loose(other), "{one} {other}");
        }
    }
}
