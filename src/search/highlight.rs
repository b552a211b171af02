//! Highlights: what in a text made it match.
//!
//! A phrase is marked as a phrase, from its first word to its last, and its words
//! are not marked elsewhere; a word is marked in each of its inflections. Words in
//! proximity are marked only where they are near.

use std::ops::Range;

use super::analysis::{Token, analyse};
use super::query::{Node, Phrase, Query, Word};

/// The spans of a text that made it match, in bytes, in order and apart.
#[must_use]
pub fn highlight(text: &str, query: &Query) -> Vec<Range<usize>> {
    let Some(root) = query.root() else { return Vec::new() };
    let marks = Marks { tokens: analyse(text) };
    let spans = marks.of(root).into_iter().map(|mark| mark.start..mark.end).collect();
    merge(spans)
}

/// A part of a text that matches: where it is, in bytes and in positions.
#[derive(Debug, Clone)]
struct Mark {
    start: usize,
    end: usize,
    first: u32,
    last: u32,
}

impl Mark {
    const fn of(token: &Token) -> Self {
        Self { start: token.start, end: token.end, first: token.position, last: token.position }
    }

    fn upto(&self, token: &Token) -> Self {
        Self {
            start: self.start.min(token.start),
            end: self.end.max(token.end),
            first: self.first,
            last: token.position,
        }
    }

    /// How many positions two parts are apart; 0 if they overlap.
    const fn distance(&self, other: &Self) -> u32 {
        if self.last < other.first {
            other.first - self.last
        } else {
            self.first.saturating_sub(other.last)
        }
    }
}

struct Marks {
    /// Ordered by position.
    tokens: Vec<Token>,
}

impl Marks {
    fn of(&self, node: &Node) -> Vec<Mark> {
        match node {
            Node::Word(word) => self.word(word),
            Node::Prefix(prefix) => {
                self.tokens_where(|token| token.exact.starts_with(&prefix.begins))
            }
            Node::Phrase(phrase) => self.phrase(phrase),
            Node::Plain(plain) => {
                let words = plain.words.iter().flat_map(|word| self.word(word));
                let references = plain.references.iter().flat_map(|phrase| self.phrase(phrase));
                words.chain(references).collect()
            }
            Node::And(parts) | Node::Or(parts) => {
                parts.iter().flat_map(|part| self.of(part)).collect()
            }
            Node::Not(_) => Vec::new(),
            Node::Near { left, right, words } => near(&self.of(left), &self.of(right), *words),
        }
    }

    fn word(&self, word: &Word) -> Vec<Mark> {
        self.tokens_where(|token| match &word.stem {
            Some(stem) => token.stem.as_ref() == Some(stem),
            None => token.exact == word.exact,
        })
    }

    fn tokens_where(&self, matches: impl Fn(&Token) -> bool) -> Vec<Mark> {
        self.tokens.iter().filter(|token| matches(token)).map(Mark::of).collect()
    }

    fn phrase(&self, phrase: &Phrase) -> Vec<Mark> {
        let Some((first, rest)) = phrase.slots.split_first() else { return Vec::new() };
        let fits = |token: &Token, form: &str, prefix: bool| {
            if prefix { token.exact.starts_with(form) } else { token.exact == form }
        };
        let begins = self.tokens.iter().filter(|token| fits(token, &first.form, first.prefix));
        begins
            .filter_map(|begin| {
                rest.iter().try_fold(Mark::of(begin), |mark, slot| {
                    let position = begin.position + slot.offset;
                    let token = self
                        .at(position)
                        .iter()
                        .find(|token| fits(token, &slot.form, slot.prefix))?;
                    Some(mark.upto(token))
                })
            })
            .collect()
    }

    /// The tokens at a position.
    fn at(&self, position: u32) -> &[Token] {
        let from = self.tokens.partition_point(|token| token.position < position);
        let to = self.tokens.partition_point(|token| token.position <= position);
        self.tokens.get(from..to).unwrap_or(&[])
    }
}

/// The parts of either side that are near one of the other.
fn near(left: &[Mark], right: &[Mark], words: u32) -> Vec<Mark> {
    let beside = |ones: &[Mark], others: &[Mark]| -> Vec<Mark> {
        let close = |one: &&Mark| others.iter().any(|other| one.distance(other) <= words);
        ones.iter().filter(close).cloned().collect()
    };
    let mut both = beside(left, right);
    both.extend(beside(right, left));
    both
}

/// Orders spans and joins those that touch.
fn merge(mut spans: Vec<Range<usize>>) -> Vec<Range<usize>> {
    spans.sort_by_key(|span| (span.start, span.end));
    let mut merged: Vec<Range<usize>> = Vec::with_capacity(spans.len());
    for span in spans {
        match merged.last_mut() {
            Some(last) if span.start <= last.end => last.end = last.end.max(span.end),
            _ => merged.push(span),
        }
    }
    merged
}

/// A piece of a text that shows why it matched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snippet {
    /// The piece, marked and unmarked parts in turn.
    pub parts: Vec<Part>,
    /// Whether text before the piece was left out.
    pub cut_before: bool,
    /// Whether text after the piece was left out.
    pub cut_after: bool,
}

/// A part of a snippet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// The text of the part, exactly as it stands.
    pub text: String,
    /// Whether it is what matched.
    pub marked: bool,
}

/// Cuts from a text the piece with the most marks, at most `max_chars` characters
/// long, at the borders of words.
#[must_use]
pub fn snippet(text: &str, ranges: &[Range<usize>], max_chars: usize) -> Snippet {
    let piece = densest(text, ranges, max_chars);
    let mut parts = Vec::new();
    let mut at = piece.start;
    let mut push = |range: Range<usize>, marked| {
        if let Some(text) = text.get(range).filter(|text| !text.is_empty()) {
            parts.push(Part { text: text.to_owned(), marked });
        }
    };
    for range in ranges.iter().filter(|range| range.start < piece.end && range.end > piece.start) {
        let (start, end) = (range.start.max(at), range.end.min(piece.end));
        push(at..start, false);
        push(start..end, true);
        at = end.max(at);
    }
    push(at..piece.end, false);
    let rest = |range: Range<usize>| text.get(range).is_some_and(|rest| !rest.trim().is_empty());
    Snippet { parts, cut_before: rest(0..piece.start), cut_after: rest(piece.end..text.len()) }
}

/// The piece of the text with the most marked text in it.
fn densest(text: &str, ranges: &[Range<usize>], max_chars: usize) -> Range<usize> {
    let borders: Vec<(usize, usize)> = borders(text);
    let mut best = (0, 0..0);
    for (nth, range) in ranges.iter().enumerate() {
        let window = window(&borders, range.start, max_chars);
        let marked = ranges[nth..]
            .iter()
            .take_while(|other| other.end <= window.end)
            .map(ExactSizeIterator::len)
            .sum::<usize>();
        if marked > best.0 {
            best = (marked, window);
        }
    }
    if best.0 > 0 {
        best.1
    } else {
        window(&borders, ranges.first().map_or(0, |range| range.start), max_chars)
    }
}

/// The borders of words, as bytes and as characters, with both ends of the text.
fn borders(text: &str) -> Vec<(usize, usize)> {
    let mut borders = vec![(0, 0)];
    let mut before = ' ';
    let mut chars = 0;
    for (nth, (at, c)) in text.char_indices().enumerate() {
        if c.is_whitespace() != before.is_whitespace() && at > 0 {
            borders.push((at, nth));
        }
        before = c;
        chars = nth + 1;
    }
    if !text.is_empty() {
        borders.push((text.len(), chars));
    }
    borders
}

/// A piece around a mark: a quarter of it before the mark, the rest from there on.
fn window(borders: &[(usize, usize)], mark: usize, max_chars: usize) -> Range<usize> {
    let nearest = borders.partition_point(|(byte, _)| *byte <= mark).saturating_sub(1);
    let chars = |nth: usize| borders.get(nth).map_or(0, |border| border.1);
    let lead = chars(nearest).saturating_sub(max_chars / 4);
    let total = borders.last().map_or(0, |border| border.1);
    // Near the end of the text, what is not needed after the mark goes before it.
    let lead = lead.min(total.saturating_sub(max_chars));
    let from = borders.partition_point(|(_, chars)| *chars < lead).min(nearest);
    let upto =
        borders.partition_point(|(_, chr)| *chr <= chars(from) + max_chars).saturating_sub(1);
    let byte = |nth: usize| borders.get(nth).map_or(0, |border| border.0);
    byte(from)..byte(upto.max(from))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marked<'t>(text: &'t str, query: &str) -> Vec<&'t str> {
        highlight(text, &Query::parse(query)).into_iter().map(|range| &text[range]).collect()
    }

    #[test]
    fn a_phrase_is_marked_as_a_phrase_and_nowhere_else() {
        let text = "Anticipatory bail is not regular bail; the anticipatory  Bail stands.";
        assert_eq!(
            marked(text, "\"anticipatory bail\""),
            ["Anticipatory bail", "anticipatory  Bail"]
        );
        assert_eq!(
            marked(text, "\"anticip* bail\" -regular"),
            ["Anticipatory bail", "anticipatory  Bail"]
        );
    }

    #[test]
    fn words_are_marked_in_each_inflection() {
        assert_eq!(
            marked("He appeals; the appeal was appealed.", "appeal"),
            ["appeals", "appeal", "appealed"]
        );
        assert_eq!(marked("the State of Kerala", "State of Kerala"), ["State", "Kerala"]);
        assert_eq!(marked("ज़मानत और जमानत", "जमानत"), ["ज़मानत", "जमानत"]);
    }

    #[test]
    fn references_are_marked_however_they_are_written() {
        assert_eq!(marked("complaint u/s 138 of the N.I. Act", "section 138"), ["u/s 138"]);
        assert_eq!(marked("under Sections 302, 307 IPC", "s. 307"), ["307"]);
        assert_eq!(
            marked("Order XXXIX Rules 1 & 2 CPC", "Order 39 Rule 1"),
            ["Order XXXIX Rules 1"]
        );
        assert_eq!(marked("I.A. No. 5 of 2023 listed", "IA 5/2023"), ["I.A", "5 of 2023"]);
    }

    #[test]
    fn words_in_proximity_are_marked_only_where_they_are_near() {
        let text = "refused a fresh application, and much later on another application";
        assert_eq!(marked(text, "refused w/3 application"), ["refused", "application"]);
    }

    #[test]
    fn a_snippet_keeps_words_whole_and_marks_what_matched() {
        let text =
            "one two three four five six seven eight nine ten anticipatory bail granted today";
        let ranges = highlight(text, &Query::parse("\"anticipatory bail\""));
        let snippet = snippet(text, &ranges, 30);
        let shown: String = snippet.parts.iter().map(|part| part.text.as_str()).collect();
        assert!(text.contains(&shown) && shown.chars().count() <= 30, "{shown}");
        assert!(
            shown.split_whitespace().all(|word| text.split_whitespace().any(|whole| whole == word)),
            "{shown}"
        );
        let marks: Vec<_> = snippet.parts.iter().filter(|part| part.marked).collect();
        assert_eq!(marks.len(), 1);
        assert_eq!(marks[0].text, "anticipatory bail");
        assert!(snippet.cut_before);
        assert_ne!(snippet.cut_after, shown.ends_with("today"));
    }

    #[test]
    fn a_text_without_marks_gives_its_beginning() {
        let cut = snippet("one two three", &[], 8);
        assert_eq!(cut.parts, [Part { text: "one two ".into(), marked: false }]);
        assert!(!cut.cut_before && cut.cut_after);
        assert_eq!(snippet("", &[], 8).parts, []);
    }

    proptest::proptest! {
        #[test]
        fn marks_and_snippets_lie_on_characters(text in "\\PC{0,200}", typed in "\\PC{0,40}", max in 0usize..80) {
            let ranges = highlight(&text, &Query::parse(&typed));
            let mut last = 0;
            for range in &ranges {
                proptest::prop_assert!(text.get(range.clone()).is_some() && range.start >= last);
                last = range.end;
            }
            let shown: String = snippet(&text, &ranges, max).parts.into_iter().map(|part| part.text).collect();
            proptest::prop_assert!(text.contains(&shown) && shown.chars().count() <= max);
        }

        #[test]
        fn a_word_of_a_text_is_marked_in_it(words in proptest::collection::vec("[a-zA-Zक-ह]{2,8}", 1..12), nth in 0usize..12) {
            let text = words.join(" ");
            let word = &words[nth % words.len()];
            let query = Query::parse(word);
            proptest::prop_assume!(!query.is_exact());
            proptest::prop_assert!(!highlight(&text, &query).is_empty(), "{word} in {text}");
        }
    }
}
