//! Boundaries: at which words the sentences and the paragraphs of a text begin.
//!
//! Two words are in one sentence if no sentence begins after the first of them up
//! to the second. A paragraph begins after an empty line and at a number such as
//! `12.`, and a sentence with it. Pages are joined by an empty line, so where a
//! sentence plainly reads on after one, in small letters, neither ends there.

use super::analysis::Token;
use crate::kernel::sentences::{is_terminator, sentences};

/// How many digits the number of a paragraph has at most.
const LABEL_DIGITS: usize = 3;

/// Where a sentence begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Boundary {
    /// The position of its first word.
    pub(super) position: u32,
    /// Whether a paragraph begins there too.
    pub(super) paragraph: bool,
}

/// Where the sentences of a text begin, in order; the tokens are those of the text.
pub(super) fn boundaries(text: &str, tokens: &[Token]) -> Vec<Boundary> {
    let mut words = tokens.iter().filter(|token| !token.implied).peekable();
    let mut boundaries: Vec<Boundary> = Vec::new();
    for (start, paragraph) in starts(text) {
        while words.next_if(|word| word.start < start).is_some() {}
        let Some(position) = words.peek().map(|word| word.position) else { break };
        match boundaries.last_mut() {
            Some(last) if last.position == position => last.paragraph |= paragraph,
            _ => boundaries.push(Boundary { position, paragraph }),
        }
    }
    boundaries
}

/// The bytes at which sentences begin, and whether paragraphs do.
fn starts(text: &str) -> Vec<(usize, bool)> {
    let paragraphs = paragraphs(text);
    let mut next = paragraphs.iter().copied().peekable();
    let mut starts = Vec::new();
    let mut ended = 0;
    for sentence in sentences(text) {
        while let Some(paragraph) = next.next_if(|&at| at <= sentence.start) {
            starts.push((paragraph, true));
        }
        if !reads_on(text, ended, sentence.start) {
            starts.push((sentence.start, false));
        }
        while let Some(paragraph) = next.next_if(|&at| at < sentence.end) {
            starts.push((paragraph, true));
        }
        ended = sentence.end;
    }
    starts
}

/// The bytes at which paragraphs begin.
fn paragraphs(text: &str) -> Vec<usize> {
    let mut starts = Vec::new();
    let mut ended = 0;
    let mut blank = true;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let body = line.trim();
        let start = at + line.len() - line.trim_start().len();
        if body.is_empty() {
            blank = true;
        } else {
            let begins = ended == 0
                || (blank && !reads_on(text, ended, start))
                || (ends(&text[..ended]) && is_labelled(body));
            if begins {
                starts.push(start);
            }
            blank = false;
            ended = start + body.len();
        }
        at += line.len();
    }
    starts
}

/// Whether a sentence runs from before a gap, with an empty line in it, to after.
fn reads_on(text: &str, before: usize, after: usize) -> bool {
    let next = text[after..].chars().next();
    before > 0 && next.is_some_and(char::is_lowercase) && !ends(&text[..before])
}

/// Whether a text ends as sentences and headings do.
fn ends(text: &str) -> bool {
    let closers = ['"', '”', '’', '\'', ')', ']', '»'];
    let last = text.trim_end().trim_end_matches(closers).chars().next_back();
    last.is_none_or(|c| is_terminator(c) || matches!(c, ':' | ';'))
}

/// Whether a line begins with the number of a paragraph: `12. The appeal`, `3) That`.
fn is_labelled(line: &str) -> bool {
    let line = line.trim_start_matches(['(', '[']);
    let digits: usize = line.chars().take_while(|c| c.is_numeric()).map(char::len_utf8).sum();
    let label = &line[..digits];
    let rest = &line[digits..];
    let after = rest.trim_start_matches(['.', ')', ']']);
    (1..=LABEL_DIGITS).contains(&label.chars().count())
        && after.len() < rest.len()
        && after.starts_with(char::is_whitespace)
        && after.trim_start().starts_with(|c: char| !c.is_lowercase() && !c.is_numeric())
}

#[cfg(test)]
mod tests {
    use super::super::analysis::analyse;
    use super::*;

    /// The text with a bar before each sentence and two before each paragraph.
    fn shown(text: &str) -> String {
        let tokens = analyse(text);
        let mut shown = text.to_owned();
        for boundary in boundaries(text, &tokens).iter().rev() {
            let first = tokens
                .iter()
                .find(|token| !token.implied && token.position == boundary.position)
                .unwrap();
            shown.insert_str(first.start, if boundary.paragraph { "‖" } else { "|" });
        }
        shown.replace('\n', "¬")
    }

    #[test]
    fn sentences_and_paragraphs_begin_where_a_reader_sees_them() {
        for (text, expected) in [
            (
                "The appeal of A.K. Roy v. State fails. It is",
                "‖The appeal of A.K. Roy v. State fails. |It is",
            ),
            ("One.\n\nTwo. Three", "‖One.¬¬‖Two. |Three"),
            (
                "the appeal is\n\ncontinued on the next page.",
                "‖the appeal is¬¬continued on the next page.",
            ),
            ("It fails.\n12. The appeal\n13. That", "‖It fails.¬‖12. The appeal¬13. That"),
            ("under section\n138. The court held", "‖under section¬138. The court held"),
            ("ORDER\n\nThe appeal", "‖ORDER¬¬‖The appeal"),
            ("वह दोषी है। उसे दंड दिया।", "‖वह दोषी है। |उसे दंड दिया।"),
            ("", ""),
        ] {
            assert_eq!(shown(text), expected, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn boundaries_rise_and_lie_at_words(text in "[a-zA-Z0-9.।)( \\n]{0,80}|\\PC{0,80}") {
            let tokens = analyse(&text);
            let mut last = None;
            for boundary in boundaries(&text, &tokens) {
                proptest::prop_assert!(last < Some(boundary.position));
                proptest::prop_assert!(tokens.iter().any(|token| token.position == boundary.position));
                last = Some(boundary.position);
            }
        }
    }
}
