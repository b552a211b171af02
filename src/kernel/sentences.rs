//! Where a sentence ends in legal prose.
//!
//! A full stop ends fewer sentences here than elsewhere: `v.`, `Ltd.`, `No.`,
//! `s.`, `J.`, `A.I.R.` and the numbers of paragraphs all carry one. A stop is an
//! end unless the word before it is such a form, or what follows reads on.

use std::ops::Range;

/// Words after which a full stop ends nothing, in lower case.
const ABBREVIATIONS: &[&str] = &[
    "v", "vs", "ltd", "pvt", "co", "corp", "inc", "bros", "no", "nos", "s", "ss", "sec", "secs",
    "art", "arts", "cl", "cls", "r", "rr", "reg", "sch", "ch", "para", "paras", "p", "pp", "pg",
    "vol", "ed", "edn", "mr", "mrs", "ms", "dr", "shri", "sh", "smt", "km", "kum", "adv", "sr",
    "jr", "hon", "hon'ble", "justice", "jj", "cj", "cji", "u/s", "r/w", "w.r.t", "i.e", "e.g",
    "viz", "cf", "ibid", "etc", "rs", "re", "st", "govt", "dept", "dt", "dtd", "ors", "anr", "crl",
    "cri", "supp", "misc", "app", "ex", "exh", "annex", "m/s", "messrs", "approx",
];

/// What a stop ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stop {
    /// A sentence.
    Sentence,
    /// Nothing: the sentence reads on.
    Nothing,
}

/// Whether a character can end a sentence.
#[must_use]
pub fn is_terminator(c: char) -> bool {
    matches!(c, '.' | '!' | '?' | '।' | '॥')
}

/// What the terminator at the end of `before` ends, given what follows it.
#[must_use]
pub fn stop(before: &str, next: char) -> Stop {
    let reads_on = next.is_lowercase() || matches!(next, ',' | ';' | ':');
    let is_full_stop = before.ends_with('.');
    if reads_on || (is_full_stop && (next.is_numeric() || next == '(' || abbreviated(before))) {
        Stop::Nothing
    } else {
        Stop::Sentence
    }
}

/// Whether the full stop at the end belongs to an abbreviation or a number.
fn abbreviated(before: &str) -> bool {
    let Some(body) = before.strip_suffix('.') else { return false };
    let start = body.rfind(|c: char| c.is_whitespace() || "([\"“‘—–-".contains(c));
    let from = start.map_or(0, |at| at + body[at..].chars().next().map_or(1, char::len_utf8));
    let word = body[from..].to_lowercase().replace('’', "'");
    let label = (1..=4).contains(&word.len()) && word.chars().all(char::is_numeric);
    // `J.`, `A.K.`, `S.C.C.`; the one-letter word that ends sentences is `I`.
    let initials = word
        .split('.')
        .all(|part| part.chars().count() == 1 && part.chars().all(char::is_alphabetic));
    // `12.` labels a paragraph at the start of a line and ends a sentence elsewhere.
    let opens_line = body[..from].trim_end_matches([' ', '\t', '(']).chars().next_back();
    (label && opens_line.is_none_or(|c| c == '\n'))
        || initials
        || ABBREVIATIONS.contains(&word.as_str())
}

/// The sentences of a text, each without the white space around it.
///
/// A blank line ends a sentence too.
#[must_use]
pub fn sentences(text: &str) -> Vec<Range<usize>> {
    let mut ranges = Vec::new();
    let mut start = 0;
    let mut cut = |from: usize, to: usize| {
        let sentence = &text[from..to];
        let body = sentence.trim_start();
        let begin = from + sentence.len() - body.len();
        let end = begin + body.trim_end().len();
        if begin < end {
            ranges.push(begin..end);
        }
    };
    for (at, c) in text.char_indices() {
        let after = at + c.len_utf8();
        let rest = &text[after..];
        let end = if is_terminator(c) {
            sentence_end(&text[start.min(at)..after], rest).map(|closers| after + closers)
        } else {
            let blank = c == '\n' && rest.trim_start_matches([' ', '\t', '\r']).starts_with('\n');
            blank.then_some(after)
        };
        if let Some(end) = end.filter(|_| at >= start) {
            cut(start, end);
            start = end;
        }
    }
    cut(start.min(text.len()), text.len());
    ranges
}

/// How many bytes of closing marks follow a terminator that ends a sentence.
fn sentence_end(before: &str, rest: &str) -> Option<usize> {
    let after = rest.trim_start_matches(['"', '”', '’', '\'', ')', ']', '»']);
    let next = after.trim_start().chars().next();
    if next.is_some() && !after.starts_with(char::is_whitespace) {
        return None;
    }
    // A stop inside the marks is the sentence's own, whatever word it follows.
    let closed = after.len() < rest.len();
    let ends = next.is_none_or(|next| {
        if closed { !next.is_lowercase() } else { stop(before, next) == Stop::Sentence }
    });
    ends.then_some(rest.len() - after.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(text: &str) -> Vec<&str> {
        sentences(text).into_iter().map(|range| &text[range]).collect()
    }

    #[test]
    fn legal_abbreviations_end_nothing() {
        for text in [
            "In A.K. Gopalan v. State of Madras the Court refused relief.",
            "Tata Sons Pvt. Ltd. filed C.A. No. 5 of 2019 u/s. 138 before Hon'ble Mr. Justice Khanna.",
            "See A.I.R. 1973 S.C. 1461 and (2003) 2 Supp. (2) S.C.C. 5 at para. 12 per Khanna J. There.",
        ] {
            assert_eq!(split(text), [text]);
        }
    }

    #[test]
    fn sentences_end_at_stops_dandas_and_blank_lines() {
        assert_eq!(
            split(
                "12. The appeal fails. It is dismissed! (See below.) He said \"no.\" Then\n\nHEADING\n\nx"
            ),
            [
                "12. The appeal fails.",
                "It is dismissed!",
                "(See below.)",
                "He said \"no.\"",
                "Then",
                "HEADING",
                "x",
            ]
        );
        assert_eq!(split("वह दोषी है। उसे दंड दिया।"), ["वह दोषी है।", "उसे दंड दिया।"]);
        assert_eq!(split("decided in 2019. The Court"), ["decided in 2019.", "The Court"]);
        assert_eq!(split(" \n "), Vec::<&str>::new());
    }
}
