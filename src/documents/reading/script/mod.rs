//! What the letters of a page say about it: its language, and whether a
//! script has been damaged on the way into the file.

mod damage;
#[cfg(test)]
mod evaluation;
mod pairs;

pub(super) use damage::{is_garbled, is_legacy_font, oddity};

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
}
