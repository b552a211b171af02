//! The characters glyphs stand for.

use hayro::hayro_interpret::font::Glyph;
use hayro::hayro_interpret::hayro_cmap::BfString;

/// Codes remembered within a run; others are looked up again.
const MOST_CODES: usize = 64;

/// The characters of one glyph.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Piece {
    /// The usual case.
    One(char),
    /// A ligature, or a stretch of `ActualText`.
    Many(Box<str>),
}

impl Piece {
    /// Appends the characters to a text.
    pub(super) fn write(&self, text: &mut String) {
        match self {
            Self::One(c) => text.push(*c),
            Self::Many(many) => text.push_str(many),
        }
    }
}

/// The characters to write for a glyph, if any, and whether they are known.
pub(super) type Known = (Option<Piece>, bool);

/// The characters of the codes met in one run, which has one font.
///
/// Looking a character up goes through the names of glyphs, and a line says
/// the same letters again and again.
#[derive(Default)]
pub(super) struct Codes {
    known: Vec<(u32, Known)>,
}

impl Codes {
    /// The characters of a glyph of the run.
    pub(super) fn piece(&mut self, glyph: &Glyph<'_>) -> Known {
        let code = glyph.char_code();
        if let Some((_, known)) = self.known.iter().find(|(known, _)| *known == code) {
            return known.clone();
        }
        let found = piece(glyph.as_unicode());
        if self.known.len() < MOST_CODES {
            self.known.push((code, found.clone()));
        }
        found
    }
}

/// The characters to write for a glyph, and whether they are known.
fn piece(unicode: Option<BfString>) -> Known {
    const UNKNOWN: Known = (Some(Piece::One('\u{fffd}')), false);
    match unicode {
        None => UNKNOWN,
        Some(BfString::Char(c)) => one(c),
        Some(BfString::String(text)) => {
            let mut chars = text.chars();
            match (chars.next(), chars.next()) {
                (None, _) => UNKNOWN,
                (Some(c), None) => one(c),
                _ => (Some(many(&text)), true),
            }
        }
    }
}

fn one(c: char) -> Known {
    match c {
        ' '..='~' => (Some(Piece::One(c)), true),
        '\t' | '\n' | '\r' | '\u{a0}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{3000}' => {
            (Some(Piece::One(' ')), true)
        }
        '\u{200b}' | '\u{feff}' => (None, true),
        // Shown, it is a hyphen.
        '\u{ad}' => (Some(Piece::One('-')), true),
        '\u{fb00}'..='\u{fb06}' => (Some(many(c.encode_utf8(&mut [0; 4]))), true),
        // Bullets of the Symbol and Wingdings fonts.
        '\u{f0b7}' | '\u{f0a7}' | '\u{f0d8}' | '\u{f0fc}' | '\u{f076}' => {
            (Some(Piece::One('•')), true)
        }
        '\u{e000}'..='\u{f8ff}' | '\u{fffd}' => (Some(Piece::One('\u{fffd}')), false),
        c if c.is_control() => (Some(Piece::One('\u{fffd}')), false),
        c => (Some(Piece::One(c)), true),
    }
}

/// Several characters, ligature signs written out.
fn many(text: &str) -> Piece {
    let mut written = String::new();
    for c in text.chars().filter(|c| !c.is_control()) {
        match c {
            '\u{fb00}' => written.push_str("ff"),
            '\u{fb01}' => written.push_str("fi"),
            '\u{fb02}' => written.push_str("fl"),
            '\u{fb03}' => written.push_str("ffi"),
            '\u{fb04}' => written.push_str("ffl"),
            '\u{fb05}' | '\u{fb06}' => written.push_str("st"),
            '\u{ad}' => written.push('-'),
            c => written.push(c),
        }
    }
    if written.trim().is_empty() { Piece::One(' ') } else { Piece::Many(written.into()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(text: &str) -> String {
        let mut out = String::new();
        if let (Some(piece), true) = piece(Some(BfString::String(text.into()))) {
            piece.write(&mut out);
        }
        out
    }

    #[test]
    fn signs_of_the_page_become_plain_characters() {
        assert_eq!(written("\u{fb01}"), "fi");
        assert_eq!(written("of\u{fb01}ce"), "office");
        assert_eq!(written("\u{a0}"), " ");
        assert_eq!(written("\u{ad}"), "-");
        assert_eq!(written("क्ष"), "क्ष");
    }

    #[test]
    fn what_has_no_meaning_is_unknown() {
        let unknown = (Some(Piece::One('\u{fffd}')), false);
        assert_eq!(piece(None), unknown);
        assert_eq!(piece(Some(BfString::Char('\0'))), unknown);
        assert_eq!(piece(Some(BfString::Char('\u{e012}'))), unknown);
        assert_eq!(piece(Some(BfString::Char('\u{200b}'))), (None, true));
    }
}
