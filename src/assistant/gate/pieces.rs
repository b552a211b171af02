//! A held sentence as the pieces that are checked each in its way.

use std::sync::LazyLock;

use regex::{Captures, Regex};

use crate::assistant::words::is_word_char;

/// A piece of a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Piece {
    /// Words of the model's own.
    Text(String),
    /// Words the model says are the document's.
    Quote(Quote),
    /// The passages a marker cites.
    Markers(Vec<u32>),
}

/// A quotation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Quote {
    /// What is written before it.
    pub(super) open: String,
    /// How it is shown, between the two.
    pub(super) shown: String,
    /// The words that must stand in the documents.
    pub(super) words: String,
    /// What is written after it.
    pub(super) close: String,
    /// Whether it is set off as a block.
    pub(super) block: bool,
    /// Citations the model put inside the quotation, at its end.
    pub(super) cites: Vec<u32>,
}

/// Whether a character opens or closes a quotation wherever it stands.
pub(super) fn is_double(c: char) -> bool {
    matches!(c, '"' | '“' | '”' | '„' | '‟' | '«' | '»')
}

/// What closes the quotation a character opens; a mark just after a digit is
/// the sign for inches.
pub(super) fn closer_of(c: char, before: Option<char>) -> Option<char> {
    match c {
        '"' if before.is_some_and(|before| before.is_ascii_digit()) => None,
        '"' => Some('"'),
        '“' | '‟' | '„' => Some('”'),
        '«' => Some('»'),
        _ => None,
    }
}

/// Whether a single quotation mark opens a quotation and is not an apostrophe.
///
/// A straight one may be either, and opens only where a word may begin; a curly
/// one that turns this way is never an apostrophe.
pub(super) fn opens_single(before: Option<char>, c: char, next: Option<char>) -> bool {
    let begins = next.is_some_and(|c| !c.is_whitespace() && !".,;:!?)]'’\"”".contains(c));
    match c {
        '\'' => begins && !before.is_some_and(is_word_char),
        '‘' | '‚' => begins,
        _ => false,
    }
}

static MARKER: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let separator = r"\s*[,;–—-]\s*";
    Regex::new(&format!(
        r"^\[\s*(?:\^|[Pp]assage\s+|[Ss]ource\s+)?(\d{{1,3}}(?:{separator}\d{{1,3}})*)\s*\]"
    ))
    .ok()
});

/// Reads the citation marker a text begins with: its numbers, and its length.
pub(super) fn marker(text: &str) -> Option<(Vec<u32>, usize)> {
    let found = MARKER.as_ref()?.captures(text)?;
    let mut numbers: Vec<u32> = Vec::new();
    let mut range = false;
    for part in found[1].split_inclusive([',', ';', '–', '—', '-']) {
        let number: u32 =
            part.chars().filter(char::is_ascii_digit).collect::<String>().parse().ok()?;
        match numbers.last() {
            // `[2-4]` cites three passages; a longer range is no citation of any.
            Some(&first) if range && first < number && number - first <= 20 => {
                numbers.extend(first + 1..=number);
            }
            _ => numbers.push(number),
        }
        range = part.ends_with(['–', '—', '-']);
    }
    Some((numbers, found[0].len()))
}

static LINKS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"!?\[([^\[\]]*)\]\([^()]*(?:\([^()]*\)[^()]*)*\)|<((?:https?:|mailto:)[^<>\s]*)>|</?[A-Za-z][^<>]*>")
        .ok()
});

/// Replaces links, images and tags by their text.
fn flatten(text: &str) -> String {
    let mut text = text.to_owned();
    let Some(links) = LINKS.as_ref() else { return text };
    // An image inside a link is two deep; deeper ones are nobody's writing.
    for _ in 0..4 {
        let flat = links.replace_all(&text, |found: &Captures<'_>| {
            let inner = found.get(1).or(found.get(2)).map_or("", |inner| inner.as_str());
            let number = !inner.is_empty() && inner.chars().all(|c| c.is_ascii_digit());
            if number { format!("[{inner}]") } else { inner.to_owned() }
        });
        if flat == text {
            break;
        }
        text = flat.into_owned();
    }
    text
}

/// The pieces of a sentence.
pub(super) fn sentence(text: &str) -> Vec<Piece> {
    let text = flatten(text);
    let mut pieces = Vec::new();
    let mut plain = String::new();
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        let before = text[..at].chars().next_back();
        let after = at + c.len_utf8();
        let (piece, next) = if let Some(close) = closer_of(c, before) {
            let (quote, length) = double_quoted(c, close, &text[after..]);
            (Some(Piece::Quote(quote)), after + length)
        } else if let Some((quote, length)) = single_quoted(before, c, &text[after..]) {
            (Some(Piece::Quote(quote)), after + length)
        } else if let Some((numbers, length)) = marker(&text[at..]) {
            (Some(Piece::Markers(numbers)), at + length)
        } else {
            match c {
                '"' => plain.push('″'),
                '”' | '»' => {}
                '‘' | '‚' => plain.push('\''),
                c => plain.push(c),
            }
            (None, after)
        };
        if let Some(piece) = piece {
            if !plain.is_empty() {
                pieces.push(Piece::Text(std::mem::take(&mut plain)));
            }
            pieces.push(piece);
        }
        at = next;
    }
    if !plain.is_empty() {
        pieces.push(Piece::Text(plain));
    }
    pieces
}

/// Reads a quotation after its opening mark, and says how long it is.
///
/// One that is never closed ends before the first marker, or with the text.
fn double_quoted(open: char, close: char, rest: &str) -> (Quote, usize) {
    let mut depth = 1;
    for (at, c) in rest.char_indices() {
        if c == close {
            depth -= 1;
        } else if close == '”' && c == '“' {
            depth += 1;
        }
        if depth == 0 {
            return (quote(open, &rest[..at], close), at + c.len_utf8());
        }
    }
    let marked = rest.char_indices().find(|&(at, c)| c == '[' && marker(&rest[at..]).is_some());
    let end = rest[..marked.map_or(rest.len(), |(at, _)| at)].trim_end().len();
    (quote(open, &rest[..end], close), end)
}

/// Reads a quotation in single marks; the apostrophe of `the parties' rights`
/// ends none while a later mark could.
fn single_quoted(before: Option<char>, c: char, rest: &str) -> Option<(Quote, usize)> {
    if !opens_single(before, c, rest.chars().next()) {
        return None;
    }
    let (mut end, mut inside) = (None, None);
    let mut last = Some(c);
    for (at, c) in rest.char_indices() {
        let next = rest[at + c.len_utf8()..].chars().next();
        if at > 0 && opens_single(last, c, next) {
            break;
        }
        if matches!(c, '\'' | '’') && !last.is_some_and(char::is_whitespace) {
            let closes = !next.is_some_and(is_word_char);
            *(if closes { &mut end } else { &mut inside }) = Some((at, c));
        }
        last = Some(c);
    }
    // A curly mark does open; only a straight one may be an apostrophe after all.
    let end = end.or(inside.filter(|_| c != '\''));
    // The `n` of `rock 'n' roll` is no quotation.
    let (at, close) = end.filter(|&(at, _)| rest[..at].chars().nth(1).is_some())?;
    Some((quote(c, &rest[..at], close), at + close.len_utf8()))
}

fn quote(open: char, inner: &str, close: char) -> Quote {
    let close = if open == '„' { '“' } else { close };
    let (words, cites) = without_markers(inner);
    Quote {
        open: open.to_string(),
        shown: single_marks(words),
        words: words.to_owned(),
        close: close.to_string(),
        block: false,
        cites,
    }
}

/// Quotation marks inside a quotation become single, so that a reader, and
/// every program, sees where it ends.
fn single_marks(text: &str) -> String {
    text.chars().map(|c| if is_double(c) { '\'' } else { c }).collect()
}

impl Quote {
    /// The words without the marks a model sets them in bold or italics with; none where
    /// there are none. Papers have asterisks of their own (`[***]` stands for what a filing
    /// leaves out), so the words are looked for with them first.
    pub(super) fn unemphasised(&self) -> Option<String> {
        let plain = self.words.replace("**", "");
        let plain = plain.trim_matches(['*', '_']);
        (plain != self.words).then(|| plain.to_owned())
    }
}

/// Splits off the citation markers at the end of a quotation.
fn without_markers(inner: &str) -> (&str, Vec<u32>) {
    let mut words = inner;
    let mut cites = Vec::new();
    loop {
        let body = words.trim_end().trim_end_matches('.').trim_end();
        let found = body.ends_with(']').then(|| body.rfind('[')).flatten();
        match found.and_then(|at| Some((at, marker(&body[at..])?))) {
            Some((at, (numbers, _))) => {
                cites.splice(0..0, numbers);
                words = body[..at].trim_end();
            }
            None => return (words, cites),
        }
    }
}

/// The pieces of a block quote and the markers after it.
pub(super) fn block(text: &str) -> Vec<Piece> {
    let is_quoted = |line: &&str| line.trim_start().starts_with('>');
    let length: usize = text.split_inclusive('\n').take_while(is_quoted).map(str::len).sum();
    let (lines, after) = text.split_at(length);
    let body: Vec<&str> =
        lines.lines().map(|line| line.trim_start_matches([' ', '\t', '>'])).collect();
    let body = flatten(&body.join("\n"));
    let (body, cites) = without_markers(body.trim());
    if !body.contains(is_word_char) {
        return sentence(text.trim_start_matches([' ', '\t', '>']));
    }
    let quote = Quote {
        open: "> ".to_owned(),
        shown: single_marks(body).replace('\n', "\n> "),
        words: body.to_owned(),
        close: String::new(),
        block: true,
        cites,
    };
    let mut pieces = vec![Piece::Quote(quote)];
    if !after.trim().is_empty() {
        pieces.push(Piece::Text(" ".to_owned()));
        pieces.extend(sentence(after.trim()));
    }
    // What follows is the model's own and stands on a line of its own.
    pieces.push(Piece::Text("\n".to_owned()));
    pieces
}
