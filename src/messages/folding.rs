//! How messages are searched: small letters, compatibility forms, single spaces; every
//! word asked for must stand somewhere in the message.

use unicode_normalization::UnicodeNormalization;

/// How many words are looked for; the statement has a place for each.
pub(super) const WORDS: usize = 5;

/// A text as it is compared.
pub(super) fn folded(text: &str) -> String {
    let plain: String = text.nfkc().collect::<String>().to_lowercase();
    // Marks that join or break nothing a reader sees.
    let plain = plain.replace(['\u{200b}', '\u{200c}', '\u{200d}', '\u{ad}'], "");
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The patterns of a query's words: each finds it anywhere, those that are missing find
/// everything. None when nothing is asked for.
pub(super) fn patterns(query: &str) -> Option<[String; WORDS]> {
    let query = folded(query);
    if query.is_empty() {
        return None;
    }
    let mut patterns = [const { String::new() }; WORDS];
    let mut words = query.split(' ');
    for place in &mut patterns {
        let word = words.next().unwrap_or_default();
        let word = word.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
        *place = format!("%{word}%");
    }
    Some(patterns)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_compared_without_case_and_width() {
        assert_eq!(folded("  The ＯＲＤＥＲ\n is  here "), "the order is here");
        assert_eq!(folded("आदेश\u{200d}"), "आदेश");
    }

    #[test]
    fn every_word_has_a_pattern_and_signs_are_meant() {
        let patterns = patterns("50% Order_1").unwrap();
        assert_eq!(patterns[..2], ["%50\\%%".to_owned(), "%order\\_1%".to_owned()]);
        assert!(patterns[2..].iter().all(|pattern| pattern == "%%"));
        assert!(super::patterns("  ").is_none());
    }
}
