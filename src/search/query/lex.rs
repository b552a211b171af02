//! Lexing: what in a query can be syntax, and what is text.

use std::ops::Range;

/// How deep groups may nest; deeper parentheses are text.
const MAX_DEPTH: usize = 32;

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
    And,
    Or,
    /// `NOT`, or the minus before a word.
    Not,
    Open,
    Close,
    Within(u32),
}

/// Cuts what was typed into pieces of which every operator has its operands.
pub(super) fn lex(typed: &str) -> Vec<Item> {
    let mut items = Lexer { typed, items: Vec::new(), open: Vec::new() }.run();
    settle_groups(typed, &mut items);
    settle_operators(typed, &mut items);
    merge_text(typed, items)
}

struct Lexer<'t> {
    typed: &'t str,
    items: Vec<Item>,
    /// The groups begun and not ended, as indexes of `items`.
    open: Vec<usize>,
}

impl Lexer<'_> {
    fn run(mut self) -> Vec<Item> {
        let mut at = 0;
        while let Some(c) = self.typed[at..].chars().next() {
            at = if c.is_whitespace() { at + c.len_utf8() } else { self.piece(at, c) };
        }
        self.items
    }

    /// Reads the piece that begins here and says where it ends.
    fn piece(&mut self, at: usize, c: char) -> usize {
        let after = at + c.len_utf8();
        if is_quote(c)
            && let Some(end) = self.closing_quote(after)
        {
            self.push(Kind::Phrase, after..end.start);
            return end.end;
        }
        if c == '(' && self.open.len() < MAX_DEPTH {
            self.open.push(self.items.len());
            self.push(Kind::Open, at..after);
            return after;
        }
        if c == ')' && self.open.pop().is_some() {
            self.push(Kind::Close, at..after);
            return after;
        }
        if c == '-'
            && self.typed[after..]
                .starts_with(|next: char| next.is_alphanumeric() || next == '(' || is_quote(next))
        {
            self.push(Kind::Not, at..after);
            return after;
        }
        self.chunk(at)
    }

    /// Reads up to a space, a quote, or the end of the group it stands in.
    fn chunk(&mut self, at: usize) -> usize {
        let mut depth = 0_usize;
        let mut end = self.typed.len();
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
                end = at + offset;
                break;
            }
        }
        let kind = match &self.typed[at..end] {
            "AND" => Kind::And,
            "OR" => Kind::Or,
            "NOT" => Kind::Not,
            chunk => within(chunk).map_or(Kind::Text, Kind::Within),
        };
        self.push(kind, at..end);
        end
    }

    fn push(&mut self, kind: Kind, span: Range<usize>) {
        self.items.push(Item { kind, span });
    }

    fn closing_quote(&self, from: usize) -> Option<Range<usize>> {
        let (offset, quote) = self.typed[from..].char_indices().find(|&(_, c)| is_quote(c))?;
        let inner = &self.typed[from..from + offset];
        has_words(inner).then(|| from + offset..from + offset + quote.len_utf8())
    }
}

const fn is_quote(c: char) -> bool {
    matches!(c, '"' | '“' | '”' | '„' | '«' | '»')
}

/// The number of `w/5`.
fn within(chunk: &str) -> Option<u32> {
    let number = chunk.strip_prefix("w/").or_else(|| chunk.strip_prefix("W/"))?;
    number.parse().ok().filter(|words| (1..=250).contains(words))
}

fn has_words(text: &str) -> bool {
    text.chars().any(|c| c.is_alphanumeric() || matches!(c, '§' | '¶'))
}

/// Makes parentheses text unless they hold a group: `(2019) 4 SCC 1`.
fn settle_groups(typed: &str, items: &mut [Item]) {
    let mut open = Vec::new();
    for at in 0..items.len() {
        match items[at].kind {
            Kind::Open => open.push(at),
            Kind::Close => {
                let Some(begun) = open.pop() else { continue };
                if !is_group(typed, &items[begun + 1..at]) {
                    items[begun].kind = Kind::Text;
                    items[at].kind = Kind::Text;
                }
            }
            _ => {}
        }
    }
    for begun in open {
        items[begun].kind = Kind::Text;
    }
}

/// Whether parentheses around these pieces say something: there are several.
fn is_group(typed: &str, inside: &[Item]) -> bool {
    let operands = inside.iter().filter(|item| is_operand(typed, item)).count();
    let phrase = inside.iter().any(|item| item.kind == Kind::Phrase);
    phrase || operands > 1
}

fn is_operand(typed: &str, item: &Item) -> bool {
    match item.kind {
        Kind::Phrase => true,
        Kind::Text => has_words(&typed[item.span.clone()]),
        _ => false,
    }
}

/// Makes operators text until each that is left has its operands.
fn settle_operators(typed: &str, items: &mut [Item]) {
    loop {
        let lone = (0..items.len()).find(|&at| !has_operands(typed, items, at));
        let Some(at) = lone else { return };
        items[at].kind = Kind::Lone;
    }
}

fn has_operands(typed: &str, items: &[Item], at: usize) -> bool {
    // Text without words, such as `&`, is nothing to an operator.
    let solid =
        |item: &&Item| !matches!(item.kind, Kind::Text | Kind::Lone) || is_operand(typed, item);
    let before = items[..at].iter().rev().find(solid);
    let after = items[at + 1..].iter().find(solid);
    let ends = before.is_some_and(|item| item.kind == Kind::Close || is_operand(typed, item));
    let starts = |or_not: bool| {
        after.is_some_and(|item| {
            item.kind == Kind::Open || is_operand(typed, item) || (or_not && item.kind == Kind::Not)
        })
    };
    match items[at].kind {
        Kind::Text | Kind::Lone | Kind::Phrase | Kind::Open | Kind::Close => true,
        Kind::And | Kind::Or => ends && starts(true),
        Kind::Within(_) => ends && starts(false),
        Kind::Not => starts(false),
    }
}

/// Joins neighbouring text into runs, as it was typed; drops what has no words, and
/// operators that stand among syntax without their operands.
fn merge_text(typed: &str, items: Vec<Item>) -> Vec<Item> {
    let plain = items
        .iter()
        .all(|item| matches!(item.kind, Kind::Text | Kind::Lone | Kind::Open | Kind::Close));
    let mut merged: Vec<Item> = Vec::with_capacity(items.len());
    for mut item in items {
        if plain {
            // Groups of plain words say nothing.
            item.kind = Kind::Text;
        }
        match merged.last_mut() {
            Some(last) if last.is_text() && item.is_text() => {
                last.span.end = item.span.end;
                last.kind = if last.kind == item.kind { last.kind } else { Kind::Text };
            }
            _ => merged.push(item),
        }
    }
    merged.retain(|item| !item.is_text() || is_operand(typed, item));
    merged
}

impl Item {
    const fn is_text(&self) -> bool {
        matches!(self.kind, Kind::Text | Kind::Lone)
    }
}
