//! Characters of glyphs a font's own tables do not name.
//!
//! A file may leave out which characters its glyphs stand for, or say it in a
//! table with mistakes. The table is then read again leniently, entry by
//! entry, and after it the font itself is asked: what it would show for each
//! character says in reverse what each glyph stands for.

use std::collections::HashMap;

use hayro::hayro_syntax::object::{Array, Dict, Stream};
use hayro_font::FontGlyph;
use skrifa::{FontRef, MetadataProvider};

/// No script has more.
const MOST_ENTRIES: usize = 70_000;
/// A table larger than this is not looked at.
const LARGEST: usize = 8 << 20;
/// A glyph stands for no more characters than this.
const LONGEST: usize = 32;

/// The characters found for one font.
pub(super) struct Recovery {
    codes: HashMap<u32, String>,
    glyphs: HashMap<u32, char>,
    /// The codes are the writer's choice, not the font's: letters stand for themselves.
    own_codes: bool,
}

impl Recovery {
    /// Reads what a font's definition and its embedded program say.
    pub(super) fn new(dict: Option<&Dict<'_>>, glyph: &FontGlyph<'_>) -> Self {
        let stated = dict
            .and_then(|dict| dict.get::<Stream<'_>>(b"ToUnicode"))
            .and_then(|stream| stream.decoded_data().ok())
            .filter(|table| table.len() <= LARGEST);
        let codes = stated.map(|table| read_table(&table)).unwrap_or_default();
        let glyphs = match glyph {
            FontGlyph::Outline(outline) => {
                outline.font_data().map(|font| reversed((*font.data).as_ref())).unwrap_or_default()
            }
            FontGlyph::Type3(_) => HashMap::new(),
        };
        let own_codes = dict
            .and_then(|dict| dict.get::<Array<'_>>(b"DescendantFonts"))
            .and_then(|fonts| fonts.iter::<Dict<'_>>().next())
            .is_some_and(|font| font.get::<Stream<'_>>(b"CIDToGIDMap").is_some());
        Self { codes, glyphs, own_codes }
    }

    /// The characters of a code and its glyph.
    pub(super) fn find(&self, code: u32, glyph: &FontGlyph<'_>) -> Option<String> {
        if let Some(stated) = self.codes.get(&code) {
            return Some(stated.clone());
        }
        let FontGlyph::Outline(outline) = glyph else { return None };
        let shown = self.glyphs.get(&outline.glyph_id().to_u32()).copied();
        let own = || char::from_u32(code).filter(|c| self.own_codes && (' '..='~').contains(c));
        shown.or_else(own).map(String::from)
    }
}

/// Which character each glyph of a font shows; of several, the first.
fn reversed(font: &[u8]) -> HashMap<u32, char> {
    let mut glyphs = HashMap::new();
    let Ok(font) = FontRef::new(font) else { return glyphs };
    for (character, glyph) in font.charmap().mappings().take(MOST_ENTRIES) {
        let private = (0xe000..=0xf8ff).contains(&character);
        match char::from_u32(character) {
            Some(c) if !private && !c.is_control() => {
                glyphs.entry(glyph.to_u32()).or_insert(c);
            }
            _ => {}
        }
    }
    glyphs
}

/// Reads the pairs and ranges of a table of characters, skipping what makes no sense.
fn read_table(table: &[u8]) -> HashMap<u32, String> {
    let mut codes = HashMap::new();
    let mut tokens = Tokens { rest: table };
    let mut held: Vec<Vec<u8>> = Vec::new();
    let mut ranges = false;
    while let Some(token) = tokens.next() {
        if codes.len() > MOST_ENTRIES {
            break;
        }
        match token {
            Token::Word(b"beginbfchar") => (ranges, held) = (false, Vec::new()),
            Token::Word(b"beginbfrange") => (ranges, held) = (true, Vec::new()),
            Token::Hex(bytes) => {
                held.push(bytes);
                match (ranges, held.as_slice()) {
                    (false, [code, text]) => {
                        put(&mut codes, number(code), characters(text));
                        held.clear();
                    }
                    (true, [first, last, text]) => {
                        put_range(&mut codes, number(first), number(last), text);
                        held.clear();
                    }
                    _ => {}
                }
            }
            Token::Open => {
                let texts = tokens.list();
                if let (true, [first, _]) = (ranges, held.as_slice()) {
                    for (code, text) in (number(first)..).zip(&texts) {
                        put(&mut codes, code, characters(text));
                    }
                }
                held.clear();
            }
            Token::Word(_) => held.clear(),
        }
    }
    codes
}

fn put(codes: &mut HashMap<u32, String>, code: u32, text: Option<String>) {
    if let Some(text) = text {
        codes.insert(code, text);
    }
}

fn put_range(codes: &mut HashMap<u32, String>, first: u32, last: u32, text: &[u8]) {
    let Some(start) = characters(text) else { return };
    let mut chars = start.chars();
    let Some(end) = chars.next_back() else { return };
    let prefix = chars.as_str();
    let last = last.min(first.saturating_add(0xffff));
    for (code, character) in (first..=last).zip(u32::from(end)..) {
        let character = char::from_u32(character);
        put(codes, code, character.map(|character| format!("{prefix}{character}")));
    }
}

fn number(bytes: &[u8]) -> u32 {
    bytes.iter().take(4).fold(0, |number, byte| number << 8 | u32::from(*byte))
}

/// Text in UTF-16; a single byte stands for itself.
fn characters(bytes: &[u8]) -> Option<String> {
    if bytes.len() > LONGEST * 2 {
        return None;
    }
    let units: Vec<u16> = match bytes {
        [one] => vec![u16::from(*one)],
        _ => bytes.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]])).collect(),
    };
    let text = String::from_utf16(&units).ok()?;
    (!text.is_empty() && !text.contains(char::is_control)).then_some(text)
}

enum Token<'t> {
    Hex(Vec<u8>),
    Open,
    Word(&'t [u8]),
}

struct Tokens<'t> {
    rest: &'t [u8],
}

impl<'t> Tokens<'t> {
    fn next(&mut self) -> Option<Token<'t>> {
        loop {
            let (&first, rest) = self.rest.split_first()?;
            match first {
                b'<' if rest.first() != Some(&b'<') => {
                    self.rest = rest;
                    return Some(Token::Hex(self.hex()));
                }
                b'[' => {
                    self.rest = rest;
                    return Some(Token::Open);
                }
                b'a'..=b'z' | b'A'..=b'Z' => return Some(Token::Word(self.word())),
                b'%' => self.rest = after(rest, |byte| matches!(byte, b'\n' | b'\r')),
                _ => self.rest = rest,
            }
        }
    }

    /// The texts up to the closing bracket.
    fn list(&mut self) -> Vec<Vec<u8>> {
        let mut texts = Vec::new();
        while let Some((&first, rest)) = self.rest.split_first() {
            self.rest = rest;
            match first {
                b']' => break,
                b'<' => texts.push(self.hex()),
                _ => {}
            }
        }
        texts
    }

    fn hex(&mut self) -> Vec<u8> {
        let end = self.rest.iter().position(|&byte| byte == b'>').unwrap_or(self.rest.len());
        let (inside, rest) = self.rest.split_at(end);
        self.rest = rest.get(1..).unwrap_or_default();
        let digit = |byte: &u8| char::from(*byte).to_digit(16).and_then(|d| u8::try_from(d).ok());
        let digits: Vec<u8> = inside.iter().filter_map(digit).take(LONGEST * 4 + 4).collect();
        let odd = usize::from(digits.len() % 2 == 1 && digits.len() > 1);
        digits[odd..].chunks(2).map(|pair| pair.iter().fold(0, |byte, d| byte << 4 | d)).collect()
    }

    fn word(&mut self) -> &'t [u8] {
        let end = self.rest.iter().position(|byte| !byte.is_ascii_alphanumeric());
        let (word, rest) = self.rest.split_at(end.unwrap_or(self.rest.len()));
        self.rest = rest;
        word
    }
}

fn after(bytes: &[u8], end: impl Fn(u8) -> bool) -> &[u8] {
    let at = bytes.iter().position(|&byte| end(byte)).unwrap_or(bytes.len());
    &bytes[at..]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_bad_entry_does_not_spoil_a_table() {
        let table = b"1 begincodespacerange <00> <ff> endcodespacerange
            3 beginbfchar <01> <0041> <02> <> <03> <00660069> endbfchar
            1 beginbfrange <10> <12> <0915> endbfrange
            1 beginbfrange <20> <21> [<0061> <0062>] endbfrange";
        let codes = read_table(table);
        let text = |code: u32| codes.get(&code).map(String::as_str);
        assert_eq!((text(1), text(2), text(3)), (Some("A"), None, Some("fi")));
        assert_eq!((text(0x10), text(0x12), text(0x13)), (Some("क"), Some("ग"), None));
        assert_eq!((text(0x20), text(0x21)), (Some("a"), Some("b")));
    }

    #[test]
    fn a_hostile_table_stays_small() {
        let mut table = b"1 beginbfrange <00000000> <ffffffff> <0041> endbfrange ".repeat(3);
        table.extend(b"beginbfchar <41");
        assert!(read_table(&table).len() <= MOST_ENTRIES);
        assert!(reversed(&[0, 1, 0, 0, 0xff, 0xff]).is_empty());
    }
}
