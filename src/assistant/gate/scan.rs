//! How far text must be held before it can be checked.
//!
//! Each function reads from the beginning of what is held and says where the
//! sentence or block ends, or nothing while that depends on text still to come.

use crate::kernel::sentences::{Stop, is_terminator, stop};

use super::pieces::{closer_of, marker, opens_single};

/// The most that is held, in bytes; a quotation as long as that is cut here, and
/// struck.
const MOST: usize = 8_000;

/// What a character says about the end of the sentence.
enum Seen {
    /// It ends there.
    End(usize),
    /// It reads on.
    On,
    /// What follows decides, and has not arrived.
    Unknown,
}

/// Where the sentence at the beginning of a text ends, with the white space
/// after it.
///
/// No sentence ends inside a quotation, except at a blank line, or before its
/// citation markers.
pub(super) fn sentence_end(text: &str, finished: bool) -> Option<usize> {
    let mut scan =
        Scan { text, open: Vec::new(), brackets: 0, link: false, line: false, ended: false };
    for (at, c) in text.char_indices() {
        if at >= MOST {
            return Some(at);
        }
        match scan.see(at, c) {
            Seen::End(end) => return Some(end),
            Seen::On => {}
            Seen::Unknown => break,
        }
    }
    finished.then_some(text.len())
}

struct Scan<'t> {
    text: &'t str,
    /// The marks that close the quotations that are open.
    open: Vec<char>,
    /// How many square brackets are open.
    brackets: u32,
    /// Whether the address of a link is open.
    link: bool,
    /// Whether the line must end first: a single quotation mark may be open.
    line: bool,
    /// Whether the sentence has ended but for the markers that follow it.
    ended: bool,
}

impl Scan<'_> {
    fn see(&mut self, at: usize, c: char) -> Seen {
        let after = at + c.len_utf8();
        let rest = &self.text[after..];
        let before = self.text[..at].chars().next_back();
        if c == '\n' {
            return self.see_line_end(after, rest);
        }
        if let Some(&close) = self.open.last() {
            return self.see_quoted(c, close, before, after);
        }
        if let Some(close) = closer_of(c, before) {
            self.open.push(close);
            self.ended = false;
            return Seen::On;
        }
        if opens_single(before, c, Some('a')) {
            let Some(next) = rest.chars().next() else { return Seen::Unknown };
            self.line |= opens_single(before, c, Some(next));
        }
        match c {
            '[' => self.brackets += 1,
            ']' => return self.see_bracket_closed(after, rest),
            ')' if self.link => self.link = false,
            _ if is_terminator(c) => return self.end_at(after, false),
            _ if c.is_whitespace() || self.brackets > 0 => {}
            _ => self.ended = false,
        }
        Seen::On
    }

    fn see_quoted(&mut self, c: char, close: char, before: Option<char>, after: usize) -> Seen {
        if c == close {
            self.open.pop();
            if self.open.is_empty() && before.is_some_and(is_terminator) {
                return self.end_at(after, false);
            }
        } else if close == '”' && c == '“' {
            self.open.push(close);
        }
        Seen::On
    }

    fn see_bracket_closed(&mut self, after: usize, rest: &str) -> Seen {
        self.brackets = self.brackets.saturating_sub(1);
        let Some(next) = rest.chars().next() else { return Seen::Unknown };
        self.link |= next == '(';
        if self.ended && next != '(' { self.end_at(after, true) } else { Seen::On }
    }

    fn see_line_end(&mut self, after: usize, rest: &str) -> Seen {
        let next_line = rest.trim_start_matches([' ', '\t', '\r']);
        let Some(first) = next_line.chars().next() else { return Seen::Unknown };
        if first == '\n' {
            return Seen::End(after);
        }
        // A block quote is one, whatever was left open before it.
        if first == '>' {
            return Seen::End(after);
        }
        if !self.open.is_empty() {
            return Seen::On;
        }
        (self.brackets, self.link) = (0, false);
        if self.line || "-*+#>|•".contains(first) {
            return Seen::End(after);
        }
        let number = next_line.trim_start_matches(|c: char| c.is_ascii_digit());
        match number.chars().next() {
            _ if number.len() == next_line.len() => Seen::On,
            Some('.' | ')') => Seen::End(after),
            Some(_) => Seen::On,
            None => Seen::Unknown,
        }
    }

    /// What a terminator or, after one, a marker ends.
    fn end_at(&mut self, after: usize, marked: bool) -> Seen {
        if self.brackets > 0 || self.link || self.line {
            return Seen::On;
        }
        let tail = self.text[after..].trim_start_matches([')', '*', '_', '\'', '’']);
        let closed = self.text.len() - tail.len();
        let following = tail.trim_start();
        let space = &tail[..tail.len() - following.len()];
        match following.chars().next() {
            None => Seen::Unknown,
            Some('[') if !space.contains('\n') => {
                self.ended = marked || self.ends(after, '[');
                Seen::On
            }
            Some(_) if space.is_empty() => Seen::On,
            Some(next) if self.ends(after, next) || (marked && !next.is_lowercase()) => {
                let newline = space.find('\n').map(|newline| newline + 1);
                Seen::End(closed + newline.unwrap_or(space.len()))
            }
            Some(_) => Seen::On,
        }
    }

    fn ends(&self, after: usize, next: char) -> bool {
        let before = self.text[..after].trim_end_matches(['"', '”', '»', '“']);
        stop(before, next) == Stop::Sentence
    }
}

/// Where the block quote at the beginning of a text ends, with the citation
/// markers that follow it.
pub(super) fn block_end(text: &str, finished: bool) -> Option<usize> {
    let mut line = 0;
    loop {
        let start = text[line..].trim_start_matches([' ', '\t']);
        if start.is_empty() {
            return finished.then_some(text.len());
        }
        if !start.starts_with('>') {
            return markers_end(text, line, finished);
        }
        let Some(newline) = text[line..].find('\n') else {
            return finished.then_some(text.len());
        };
        line += newline + 1;
    }
}

/// Where the markers that stand alone from an offset on end.
fn markers_end(text: &str, from: usize, finished: bool) -> Option<usize> {
    let mut end = from;
    loop {
        let next = text[end..]
            .trim_start_matches(|c: char| c.is_whitespace() && (end == from || c != '\n'));
        match next.chars().next() {
            Some('[') if finished || next.contains([']', '\n']) => {
                let Some((_, length)) = marker(next) else { return Some(end) };
                end = text.len() - next.len() + length;
            }
            Some('[') => return None,
            None => return finished.then_some(text.len()),
            Some('\n') if end > from => return Some(text.len() - next.len() + 1),
            Some(_) => return Some(end),
        }
    }
}
