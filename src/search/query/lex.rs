//! Lexing: what in a query can be syntax, and what is text.

use std::ops::Range;

use super::dates::dates;
use super::field::{DateName, FieldName};
use super::settle::settle;
use super::slips::{self, Slip};
use super::tree::{Dates, Nearness, Reach};
use super::{pattern, terms};

/// How deep groups may nest; deeper parentheses are text.
const MAX_DEPTH: usize = 32;

/// How many words apart words can be asked to be.
pub(super) const MAX_REACH: u32 = 250;

/// A piece of a query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Item {
    pub(super) kind: Kind,
    /// Where it stands in what was typed; of a phrase, what the quotes hold.
    pub(super) span: Range<usize>,
}

/// What a piece is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    /// An operator without its operands: text, and nothing to other operators.
    Lone,
    Phrase,
    /// The text after the name of a field.
    Value,
    /// A word with a `~`.
    Fuzzy,
    Dates(Dates),
    /// The name of a field with its colon.
    Field(FieldName),
    And,
    Or,
    /// `NOT`, or the minus before a word.
    Not,
    Open,
    Close,
    Near(Nearness),
}

/// Cuts what was typed into pieces of which every operator has its operands, and
/// says what was likely meant otherwise.
pub(super) fn lex(typed: &str) -> (Vec<Item>, Vec<Slip>) {
    let mut lexer = Lexer { typed, items: Vec::new(), open: Vec::new(), slips: Vec::new() };
    lexer.run();
    let Lexer { items, mut slips, .. } = lexer;
    let items = settle(typed, items, &mut slips);
    (items, slips)
}

struct Lexer<'t> {
    typed: &'t str,
    items: Vec<Item>,
    /// The groups begun and not ended, as indexes of `items`.
    open: Vec<usize>,
    slips: Vec<Slip>,
}

impl Lexer<'_> {
    fn run(&mut self) {
        let mut at = 0;
        while let Some(c) = self.typed[at..].chars().next() {
            at = if c.is_whitespace() { at + c.len_utf8() } else { self.piece(at, c) };
        }
        for &begun in &self.open {
            let span = self.items[begun].span.clone();
            let says = "a bracket is not closed and was left out".to_owned();
            self.slips.push(Slip::new(span, says, ""));
        }
    }

    /// Reads the piece that begins here and says where it ends.
    fn piece(&mut self, at: usize, c: char) -> usize {
        let after = at + c.len_utf8();
        if is_quote(c) {
            if let Some(end) = self.closing_quote(after) {
                self.push(Kind::Phrase, after..end.start);
                return end.end;
            }
            self.note_quote(at);
        }
        if c == '(' && self.open.len() < MAX_DEPTH {
            self.open.push(self.items.len());
            self.push(Kind::Open, at..after);
            return after;
        }
        if c == ')' {
            if self.open.pop().is_some() {
                self.push(Kind::Close, at..after);
                return after;
            }
            let says = "a bracket is closed that was not opened; it was left out".to_owned();
            self.slips.push(Slip::new(at..after, says, ""));
        }
        if c == '-'
            && self.typed[after..]
                .starts_with(|next: char| next.is_alphanumeric() || next == '(' || is_quote(next))
        {
            self.push(Kind::Not, at..after);
            return after;
        }
        if let Some(end) = self.field(at) {
            return end;
        }
        self.chunk(at)
    }

    /// Reads a field and its value: `court:delhi`, `date:2023`.
    fn field(&mut self, at: usize) -> Option<usize> {
        let name = self.typed[at..].bytes().take_while(u8::is_ascii_alphabetic).count();
        let colon = at + name;
        let value = colon + 1;
        if name < 2 || !self.typed[colon..].starts_with(':') {
            return None;
        }
        let next = self.typed[value..].chars().next();
        let known = FieldName::typed(&self.typed[at..colon]);
        let date = DateName::typed(&self.typed[at..colon]);
        let Some(next) = next.filter(|next| !next.is_whitespace()) else {
            if known.is_some() || date.is_some() {
                self.note_space(at..value);
            }
            return None;
        };
        if let Some(date) = date {
            return self.dates(at, value, date);
        }
        let Some(field) = known else {
            if next.is_alphanumeric() || is_quote(next) || next == '(' {
                self.slips.extend(slips::unknown_field(self.typed, at..colon));
            }
            return None;
        };
        self.value(at, value, field, next)
    }

    fn value(&mut self, at: usize, value: usize, field: FieldName, next: char) -> Option<usize> {
        let quoted = is_quote(next).then(|| self.closing_quote(value + next.len_utf8())).flatten();
        if let Some(end) = quoted {
            self.push(Kind::Field(field), at..value);
            self.push(Kind::Phrase, value + next.len_utf8()..end.start);
            return Some(end.end);
        }
        if field.holds_references()
            && let Some(length) = terms::leading_reference(&self.typed[value..])
        {
            self.push(Kind::Field(field), at..value);
            self.push(Kind::Value, value..value + length);
            return Some(value + length);
        }
        if next == '(' {
            self.push(Kind::Field(field), at..value);
            return Some(value);
        }
        let end = self.chunk_end(value);
        if !has_words(&self.typed[value..end]) {
            return None;
        }
        self.push(Kind::Field(field), at..value);
        self.push(Kind::Value, value..end);
        Some(end)
    }

    fn dates(&mut self, at: usize, value: usize, name: DateName) -> Option<usize> {
        let quote = self.typed[value..].chars().next().filter(|&c| is_quote(c));
        let quoted = quote.and_then(|quote| {
            let inner = value + quote.len_utf8();
            self.closing_quote(inner).map(|end| (inner..end.start, end.end))
        });
        let (span, end) = quoted.unwrap_or_else(|| {
            let end = self.chunk_end(value);
            (value..end, end)
        });
        if let Some(dates) = dates(name, &self.typed[span]) {
            self.push(Kind::Dates(dates), at..end);
            return Some(end);
        }
        let says = format!(
            "“{}” holds no date and was read as text; dates are written 2023, 2023-04, 12.03.2024 or 2020..2023",
            &self.typed[at..end]
        );
        self.slips.push(Slip::told(at..end, says));
        None
    }

    /// Reads up to a space, a quote, or the end of the group it stands in.
    fn chunk(&mut self, at: usize) -> usize {
        let end = self.chunk_end(at);
        let chunk = &self.typed[at..end];
        let kind = match chunk {
            "AND" | "&&" => Kind::And,
            "OR" | "||" => Kind::Or,
            "NOT" => Kind::Not,
            chunk if pattern::fuzzy(chunk).is_some() => Kind::Fuzzy,
            chunk => self.nearness(at, chunk).map_or(Kind::Text, Kind::Near),
        };
        if kind == Kind::Text {
            self.note_text(at..end);
        }
        self.push(kind, at..end);
        end
    }

    fn chunk_end(&self, at: usize) -> usize {
        let mut depth = 0_usize;
        for (offset, c) in self.typed[at..].char_indices() {
            let ends = match c {
                '(' => {
                    depth += 1;
                    false
                }
                ')' if depth > 0 => {
                    depth -= 1;
                    false
                }
                ')' => !self.open.is_empty() && offset > 0,
                c => c.is_whitespace() || (is_quote(c) && offset > 0),
            };
            if ends {
                return at + offset;
            }
        }
        self.typed.len()
    }

    /// Reads `w/5`, `near/5`, `/5`, `pre/5`, `/s` and `/p`.
    ///
    /// `W/S` is a written statement and `W/P` a writ petition, so these two are
    /// operators in small letters only; `302 /34` is a list of sections.
    fn nearness(&self, at: usize, chunk: &str) -> Option<Nearness> {
        let (before, after) = chunk.split_once('/')?;
        let lower = before.to_ascii_lowercase();
        let ordered = match lower.as_str() {
            "" | "w" | "near" => false,
            "pre" => true,
            _ => return None,
        };
        let reach = match after {
            "s" | "p" if before != lower => return None,
            "s" => Reach::Sentence,
            "p" => Reach::Paragraph,
            number => {
                let digits = number.bytes().all(|byte| byte.is_ascii_digit());
                let words =
                    number.parse().ok().filter(|words| digits && slips::in_reach(*words))?;
                Reach::Words(words)
            }
        };
        let listed = before.is_empty()
            && matches!(reach, Reach::Words(_))
            && self.items.last().is_some_and(|item| item.kind == Kind::Text)
            && self.typed[..at].trim_end().ends_with(char::is_numeric);
        (!listed).then_some(Nearness { reach, ordered })
    }

    fn push(&mut self, kind: Kind, span: Range<usize>) {
        self.items.push(Item { kind, span });
    }

    fn closing_quote(&self, from: usize) -> Option<Range<usize>> {
        let (offset, quote) = self.typed[from..].char_indices().find(|&(_, c)| is_quote(c))?;
        let inner = &self.typed[from..from + offset];
        has_words(inner).then(|| from + offset..from + offset + quote.len_utf8())
    }

    /// Notes a quote that no other ends.
    fn note_quote(&mut self, at: usize) {
        let rest = self.typed[at..].chars().skip(1).collect::<String>();
        if !rest.contains(is_quote) && has_words(&rest) {
            let says = "a quote is not closed and was read as plain words".to_owned();
            let end = self.typed.len();
            self.slips.push(Slip::new(end..end, says, "\""));
        }
    }

    fn note_space(&mut self, name: Range<usize>) {
        let end = self.typed[name.end..].len() - self.typed[name.end..].trim_start().len();
        if end > 0 && end < self.typed[name.end..].len() {
            let field = &self.typed[name.clone()];
            let says = format!("“{field}” was read as text, since a space follows it");
            self.slips.push(Slip::new(name.start..name.end + end, says, field));
        }
    }

    /// Notes in text what was likely meant as syntax.
    fn note_text(&mut self, span: Range<usize>) {
        let chunk = &self.typed[span.clone()];
        if let Some(short) = pattern::too_short(chunk) {
            let says =
                format!("“{short}” was read as text: a wildcard needs two letters beside it");
            self.slips.push(Slip::told(span.clone(), says));
        }
        if let Some(slip) = slips::proximity(self.typed, span.clone()) {
            // Only between other words can it have been meant so.
            let words = |text: &str| has_words(text);
            if words(&self.typed[..span.start]) && words(&self.typed[span.end..]) {
                self.slips.push(slip);
            }
        }
        if let Some(root) = chunk
            .strip_suffix('!')
            .filter(|root| root.len() > 3 && root.bytes().all(|byte| byte.is_ascii_alphabetic()))
        {
            let says = format!(
                "“{chunk}” was read as the word “{root}”; words beginning so are “{root}*”"
            );
            self.slips.push(Slip::new(span.clone(), says, format!("{root}*")));
        }
        if self.open.is_empty()
            && let Some(word) = chunk.strip_suffix(')')
            && word.len() > 2
            && word.chars().all(char::is_alphabetic)
        {
            let says = "a bracket is closed that was not opened; it was left out".to_owned();
            self.slips.push(Slip::new(span.end - 1..span.end, says, ""));
        }
        if chunk == "not" && self.typed[..span.start].trim_end().ends_with(" and") {
            let start = self.typed[..span.start].trim_end().len() - "and".len();
            let says =
                "“and not” in small letters are words; capitals leave documents out".to_owned();
            self.slips.push(Slip::new(start..span.end, says, "NOT"));
        }
    }
}

const fn is_quote(c: char) -> bool {
    matches!(c, '"' | '“' | '”' | '„' | '«' | '»')
}

pub(super) fn has_words(text: &str) -> bool {
    text.chars().any(|c| c.is_alphanumeric() || matches!(c, '§' | '¶'))
}
