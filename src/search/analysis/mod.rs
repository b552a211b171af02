//! The analyser: text into tokens.
//!
//! Documents, queries and highlights are cut by the same function, [`analyse`], so
//! whatever it does to a text it does to the query for that text. A *token* is a
//! word at a *position*; phrases and proximity count positions. A token is
//! *implied* when it shares a position with a word that matters more, so that
//! adjacency survives the ways a reference is written:
//!
//! | text | positions | found by |
//! |---|---|---|
//! | `I.A. No. 5 of 2023` | `ia` · `5` (`no`) · `2023` (`of`) | `IA 5/2023` |
//! | `W.P.(C) Nos. 5-6 of 2023` | `wp` · `5` (`c`, `nos`) · `6` (`2023`) · `2023` (`of`) | `WP 5/2023` |
//! | `Sections 302, 307` | `section` · `302` (`section`) · `307` | `s. 307` |
//! | `Order XXXIX Rules 1 & 2` | `order` · `39` (`order`) · `rule` (`39`) · `1` (`rule`) · `2` | `O. 39 R. 2` |
//! | `302/34 IPC` | (`section`) · `302` (`section`) · `34` · `ipc` | `section 34` |

mod fold;
mod glue;
mod hindi;
mod join;
mod loose;
mod place;
mod roman;
mod tables;
mod words;

pub(crate) use fold::fold;
pub(crate) use place::is_reference_number;
pub(crate) use tables::{FINGERPRINT, Mark, is_marked, is_part_of, is_stop, is_unit_form};

/// A word of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// Where the word begins in the text, in bytes.
    pub start: usize,
    /// Where the word ends in the text, in bytes.
    pub end: usize,
    /// Where the word stands among the words; the first stands at 1.
    pub position: u32,
    /// The word as it is written, folded: case, width, script of digits.
    pub exact: String,
    /// What the word shares with its inflections and free spellings.
    pub stem: Option<String>,
    /// Whether a word that matters more stands at the same position.
    pub implied: bool,
}

/// Cuts a text into tokens, ordered by position.
///
/// Positions and spans are those of `text` itself; nothing is normalised first.
#[must_use]
pub fn analyse(text: &str) -> Vec<Token> {
    place::place(text, &join::join(text, words::words(text)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every script of section 8 of the domain notes, a word each.
    pub(crate) const WHOLE_WORDS: [&str; 14] = [
        "न्याय",
        "हिन्दी",
        "ज़मानत",
        "सर्वोच्च",
        "अधिवक्ता",
        "न्यायालय",
        "తెలుగు",
        "தமிழ்நாடு",
        "ন্যায়",
        "ನ್ಯಾಯಾಲಯ",
        "ન્યાયાલય",
        "കോടതി",
        "अदालत",
        "धारा",
    ];

    #[test]
    fn a_word_of_an_indian_script_is_one_token() {
        for word in WHOLE_WORDS {
            let tokens = analyse(word);
            assert_eq!(tokens.len(), 1, "{word}: {tokens:?}");
            assert_eq!((tokens[0].start, tokens[0].end), (0, word.len()), "{word}");
        }
    }

    #[test]
    fn a_danda_ends_a_word() {
        let tokens = analyse("न्याय। धारा॥ ३०२॥");
        let exact: Vec<&str> = tokens.iter().map(|token| token.exact.as_str()).collect();
        assert_eq!(exact, ["न्याय", "धारा", "302"]);
    }

    proptest::proptest! {
        #[test]
        fn spans_lie_in_the_text_and_positions_never_fall(text in ".{0,200}") {
            let mut last = 0;
            for token in analyse(&text) {
                proptest::prop_assert!(text.get(token.start..token.end).is_some());
                proptest::prop_assert!(token.position >= last && !token.exact.is_empty());
                last = token.position;
            }
        }

        #[test]
        fn legal_shapes_never_upset_the_analyser(
            text in "[SsOoRr§().,/&0-9IVXa-c ]{0,60}( of 20[0-9]{2}| IPC| and 5)?"
        ) {
            let mut last = 0;
            for token in analyse(&text) {
                proptest::prop_assert!(text.get(token.start..token.end).is_some());
                proptest::prop_assert!(token.position >= last);
                last = token.position;
            }
        }
    }
}
