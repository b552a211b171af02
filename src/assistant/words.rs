//! A text as the sequence of words a reader would say two copies of it share.
//!
//! Two copies of one sentence differ in how lines are broken and hyphenated, in
//! ligatures, in the shape of quotation marks and dashes, and in characters that
//! print nothing. They do not differ in letters, digits or punctuation, so all
//! of those stay: `1,00,000`, `12/2020` and `138(b)` are each one word, which no
//! shorter number can match a piece of, and so are `non-payment` and `cannot`.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// A word or a punctuation mark, and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Word {
    /// The normalised form.
    pub(super) text: String,
    /// The other reading of a word broken over two lines: without its hyphen.
    pub(super) joined: Option<String>,
    /// Where it begins in the text, in bytes.
    pub(super) start: usize,
    /// Where it ends in the text, in bytes.
    pub(super) end: usize,
    /// Whether it is punctuation.
    pub(super) mark: bool,
}

impl Word {
    /// Whether both are the same word, in the same case.
    pub(super) fn same(&self, other: &Self) -> bool {
        self.forms().any(|mine| other.forms().any(|theirs| mine == theirs))
    }

    /// Whether both are the same word but for the case of the first letter.
    pub(super) fn same_but_capital(&self, other: &Self) -> bool {
        self.forms().any(|mine| other.forms().any(|theirs| uncapital(mine) == uncapital(theirs)))
    }

    /// Whether it begins as a number does.
    pub(super) fn is_number(&self) -> bool {
        self.text.starts_with(char::is_numeric)
    }

    fn forms(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.text.as_str()).chain(self.joined.as_deref())
    }
}

/// The mark that stands for words left out.
pub(super) const ELLIPSIS: &str = "…";

/// Reads a text as words.
pub(super) fn words(text: &str) -> Vec<Word> {
    let reader = Reader { text, chars: text.char_indices().collect() };
    let mut words: Vec<Word> = Vec::new();
    let mut at = 0;
    while at < reader.chars.len() {
        let (word, next) = reader.read(at);
        if let Some(word) = word {
            let repeats = word.mark
                && word.text == "-"
                && words.last().is_some_and(|last| last.text == "-" && last.end == word.start);
            if !repeats {
                words.push(word);
            }
        }
        at = next;
    }
    words
}

fn uncapital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

/// Letters, their marks, and digits of every script.
pub(super) fn is_word_char(c: char) -> bool {
    c.is_alphanumeric() || is_combining_mark(c)
}

/// Characters that print nothing: soft hyphen, joiners, direction marks.
fn is_silent(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'
        | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '\u{2019}' | '\u{2018}' | '\u{201b}' | '\u{2bc}' | '\u{2032}')
}

fn is_quotation_mark(c: char) -> bool {
    is_apostrophe(c) || matches!(c, '"' | '“' | '”' | '„' | '‟' | '«' | '»' | '″' | '`' | '‹' | '›')
}

fn is_hyphen(c: char) -> bool {
    matches!(c, '-' | '\u{2010}' | '\u{2011}')
}

fn is_dash(c: char) -> bool {
    is_hyphen(c) || matches!(c, '\u{2012}'..='\u{2015}' | '\u{2212}')
}

/// The letters a ligature is made of, or nothing when it is none.
fn ligature(c: char) -> &'static str {
    match c {
        'ﬀ' => "ff",
        'ﬁ' => "fi",
        'ﬂ' => "fl",
        'ﬃ' => "ffi",
        'ﬄ' => "ffl",
        'ﬅ' | 'ﬆ' => "st",
        _ => "",
    }
}

/// What a character inside a word does to it.
enum Step {
    /// It adds itself.
    Add(char),
    /// It prints nothing; reading goes on at the index.
    Skip(usize),
    /// It is a hyphen at the end of a line; the word goes on at the index.
    Break(usize),
    /// It is no part of the word.
    Stop,
}

struct Reader<'t> {
    text: &'t str,
    chars: Vec<(usize, char)>,
}

impl Reader<'_> {
    /// Reads what begins at an index, and says where the next thing begins.
    fn read(&self, at: usize) -> (Option<Word>, usize) {
        let Some(c) = self.char(at) else { return (None, at + 1) };
        if is_word_char(c) {
            let (word, next) = self.word(at);
            return (Some(word), next);
        }
        if let Some(next) = self.ellipsis(at) {
            return (Some(self.mark(ELLIPSIS, at, next)), next);
        }
        if c.is_whitespace() || is_silent(c) || is_quotation_mark(c) {
            return (None, at + 1);
        }
        let text = if is_dash(c) { "-".to_owned() } else { c.nfc().collect() };
        (Some(self.mark(&text, at, at + 1)), at + 1)
    }

    fn char(&self, at: usize) -> Option<char> {
        self.chars.get(at).map(|&(_, c)| c)
    }

    fn offset(&self, at: usize) -> usize {
        self.chars.get(at).map_or(self.text.len(), |&(offset, _)| offset)
    }

    fn mark(&self, text: &str, from: usize, to: usize) -> Word {
        let (start, end) = (self.offset(from), self.offset(to));
        Word { text: text.to_owned(), joined: None, start, end, mark: true }
    }

    /// The first index from one on that is not white space.
    fn past_space(&self, mut at: usize) -> usize {
        while self.char(at).is_some_and(char::is_whitespace) {
            at += 1;
        }
        at
    }

    fn word(&self, from: usize) -> (Word, usize) {
        let (mut text, mut joined, mut broken) = (String::new(), String::new(), false);
        let mut at = from;
        let mut end = from;
        loop {
            match self.step(at, text.chars().next_back()) {
                Step::Add(c) => {
                    for form in [&mut text, &mut joined] {
                        match ligature(c) {
                            "" => form.push(letter(c)),
                            letters => form.push_str(letters),
                        }
                    }
                    at += 1;
                    end = at;
                }
                Step::Skip(next) => at = next,
                Step::Break(next) => {
                    text.push('-');
                    broken = true;
                    at = next;
                }
                Step::Stop => break,
            }
        }
        if text.contains(char::is_numeric) {
            end = self.subdivisions(end, &mut text);
            broken = false;
        }
        let word = Word {
            text: text.nfc().collect(),
            joined: broken.then(|| joined.nfc().collect()),
            start: self.offset(from),
            end: self.offset(end),
            mark: false,
        };
        (word, end.max(from + 1))
    }

    fn step(&self, at: usize, last: Option<char>) -> Step {
        let Some(c) = self.char(at) else { return Step::Stop };
        let next = self.char(at + 1);
        let between = |kind: fn(char) -> bool| last.is_some_and(kind) && next.is_some_and(kind);
        if is_word_char(c) {
            return Step::Add(c);
        }
        if is_silent(c) {
            return self.past_line_end(at + 1).map_or(Step::Skip(at + 1), |next| {
                Step::Skip(if c == '\u{ad}' { next } else { at + 1 })
            });
        }
        if is_hyphen(c) {
            return match self.past_line_end(at + 1) {
                Some(next) => Step::Break(next),
                None if next.is_some_and(is_word_char) => Step::Add('-'),
                None => Step::Stop,
            };
        }
        let inside = (is_apostrophe(c) && between(is_word_char))
            || ((matches!(c, '.' | ',' | ':' | '/') || is_dash(c)) && between(char::is_numeric));
        if inside { Step::Add(c) } else { Step::Stop }
    }

    /// Where a word broken at the end of a line goes on, if it does.
    fn past_line_end(&self, at: usize) -> Option<usize> {
        let next = self.past_space(at);
        let space = self.chars.get(at..next)?;
        let lines = space.iter().filter(|&&(_, c)| c == '\n').count();
        (lines == 1 && self.char(next).is_some_and(is_word_char)).then_some(next)
    }

    /// Adds to a section number the subdivisions after it: `138`, then `(b)`.
    ///
    /// A subdivision set off by a space counts when it is a letter, a roman or a
    /// short number, so `138 (b)` and `138(b)` are one word and `500 (USD)` two.
    fn subdivisions(&self, mut at: usize, text: &mut String) -> usize {
        loop {
            let spaced = self.char(at) == Some(' ');
            let open = if spaced { at + 1 } else { at };
            if self.char(open) != Some('(') {
                return at;
            }
            let inner: String = self
                .chars
                .iter()
                .skip(open + 1)
                .map(|&(_, c)| c)
                .take_while(|&c| c.is_alphanumeric())
                .collect();
            let close = open + 1 + inner.chars().count();
            let fits = if spaced { is_short_label(&inner) } else { (1..=5).contains(&inner.len()) };
            if !fits || self.char(close) != Some(')') {
                return at;
            }
            text.push('(');
            text.push_str(&inner);
            text.push(')');
            at = close + 1;
        }
    }

    /// Where an ellipsis that begins at an index ends: `…`, `...`, `. . .`,
    /// and each of them in brackets.
    fn ellipsis(&self, at: usize) -> Option<usize> {
        let bracket = match self.char(at)? {
            '[' => Some(']'),
            '(' => Some(')'),
            _ => None,
        };
        let mut dots = 0;
        let mut next = if bracket.is_some() { self.past_space(at + 1) } else { at };
        let mut end = next;
        while let Some(c @ ('.' | '…')) = self.char(next) {
            dots += if c == '…' { 3 } else { 1 };
            end = next + 1;
            next = self.past_space(end);
        }
        match bracket {
            _ if dots < 3 => None,
            Some(close) => (self.char(next) == Some(close)).then_some(next + 1),
            None => Some(end),
        }
    }
}

/// One shape for the apostrophes and dashes inside words.
fn letter(c: char) -> char {
    match c {
        c if is_apostrophe(c) => '\'',
        c if is_dash(c) => '-',
        c => c,
    }
}

fn is_short_label(label: &str) -> bool {
    let roman = label.chars().all(|c| matches!(c, 'i' | 'v' | 'x'));
    match label.chars().count() {
        0 => false,
        1 => true,
        2 => roman || label.chars().all(char::is_numeric),
        count => count <= 5 && roman,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<String> {
        words(text).into_iter().map(|word| word.text).collect()
    }

    #[test]
    fn numbers_and_sections_are_one_word_each() {
        assert_eq!(read("Rs. 1,00,000"), ["Rs", ".", "1,00,000"]);
        assert_eq!(read("section 138 (b), 65B(4)(ii)"), ["section", "138(b)", ",", "65B(4)(ii)"]);
        assert_eq!(read("12/2020 of 01-02-2023"), ["12/2020", "of", "01-02-2023"]);
        assert_eq!(read("500 (USD)"), ["500", "(", "USD", ")"]);
    }

    #[test]
    fn a_word_broken_over_lines_has_two_readings() {
        let broken = words("recov-\n  ery");
        assert_eq!(broken.len(), 1);
        assert_eq!(broken[0].joined.as_deref(), Some("recovery"));
        assert!(broken[0].same(&words("recovery")[0]));
        assert!(broken[0].same(&words("recov-ery")[0]));
        assert_eq!(read("recov\u{ad}\nery recov\u{ad}ery"), ["recovery", "recovery"]);
        assert!(words("2019-\n20")[0].joined.is_none());
    }

    #[test]
    fn shapes_that_print_alike_are_alike() {
        assert_eq!(read("ﬁled the oﬃce’s “plea” —so"), read("filed the office's \"plea\" –so"));
        assert_eq!(read("हि\u{200d}न्दी क़ानून"), read("हिन्दी क\u{93c}ानून"));
        assert_eq!(read("a [...] b … c . . . d"), ["a", "…", "b", "…", "c", "…", "d"]);
    }

    #[test]
    fn words_know_where_they_stand() {
        let text = "The “oﬃce” paid ₹1,00,000.";
        for word in words(text) {
            assert!(!text[word.start..word.end].trim().is_empty());
        }
        let number = words(text).into_iter().find(Word::is_number).unwrap();
        assert_eq!(&text[number.start..number.end], "1,00,000");
    }
}
