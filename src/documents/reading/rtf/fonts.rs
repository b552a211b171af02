//! The tables at the head of rich text: fonts, colours, styles.

use std::collections::HashMap;

use encoding_rs::{Encoding, WINDOWS_1252};

use crate::documents::reading::code_page;

/// The character set of fonts whose characters are signs.
const SYMBOLS: i32 = 2;

/// Fonts, colours and styles by number.
#[derive(Debug)]
pub(super) struct Tables {
    /// The encoding of the document.
    pub(super) default: &'static Encoding,
    /// The font text has before any is chosen.
    pub(super) default_font: i32,
    charsets: HashMap<i32, i32>,
    pages: HashMap<i32, i32>,
    defined: i32,
    white: Vec<bool>,
    color: [i32; 3],
    outline: HashMap<i32, u32>,
    style: i32,
    style_name: String,
}

impl Default for Tables {
    fn default() -> Self {
        Self {
            default: WINDOWS_1252,
            default_font: 0,
            charsets: HashMap::new(),
            pages: HashMap::new(),
            defined: 0,
            white: Vec::new(),
            color: [0; 3],
            outline: HashMap::new(),
            style: 0,
            style_name: String::new(),
        }
    }
}

impl Tables {
    /// Takes a control word in the font table.
    pub(super) fn font(&mut self, word: &str, number: i32) {
        match word {
            "f" => self.defined = number,
            "fcharset" => drop(self.charsets.insert(self.defined, number)),
            "cpg" => drop(self.pages.insert(self.defined, number)),
            _ => {}
        }
    }

    /// Takes a control word in the colour table.
    pub(super) fn color(&mut self, word: &str, number: i32) {
        match word {
            "red" => self.color[0] = number,
            "green" => self.color[1] = number,
            "blue" => self.color[2] = number,
            _ => {}
        }
    }

    /// Ends a colour.
    pub(super) fn end_color(&mut self) {
        self.white.push(std::mem::take(&mut self.color) == [255; 3]);
    }

    /// Takes a control word in the style sheet.
    pub(super) fn style(&mut self, word: &str, number: i32) {
        match word {
            "s" => {
                self.style = number;
                self.style_name.clear();
            }
            "outlinelevel" => {
                let level = u32::try_from(number).ok().filter(|level| *level < 9);
                self.outline.extend(level.map(|level| (self.style, level)));
            }
            _ => {}
        }
    }

    /// Takes a byte of the name of a style, which a semicolon ends.
    pub(super) fn style_name(&mut self, byte: u8) {
        if byte != b';' {
            let room = self.style_name.len() < 40;
            self.style_name.extend(room.then(|| char::from(byte)));
            return;
        }
        let name = std::mem::take(&mut self.style_name).to_lowercase();
        let level = name.trim().strip_prefix("heading ").and_then(|level| level.parse().ok());
        let level = level.and_then(|level: u32| level.checked_sub(1)).filter(|level| *level < 9);
        if let Some(level) = level {
            self.outline.entry(self.style).or_insert(level);
        }
        self.style = i32::MIN;
    }

    /// How deep paragraphs of a style stand in the outline, from 0.
    pub(super) fn outline(&self, style: i32) -> Option<u32> {
        self.outline.get(&style).copied()
    }

    /// Whether a colour is white.
    pub(super) fn is_white(&self, color: i32) -> bool {
        usize::try_from(color).ok().and_then(|at| self.white.get(at)).copied().unwrap_or(false)
    }

    /// Decodes bytes written in a font.
    pub(super) fn decode(&self, bytes: &[u8], font: i32) -> String {
        let charset = self.charsets.get(&font).copied().unwrap_or(1);
        if charset == SYMBOLS {
            let sign = |byte: &u8| if byte.is_ascii() { char::from(*byte) } else { '•' };
            return bytes.iter().map(sign).collect();
        }
        let page = self.pages.get(&font).map(|page| code_page::of_page(*page));
        let encoding = page.or_else(|| code_page::of_font(charset)).unwrap_or(self.default);
        encoding.decode_without_bom_handling(bytes).0.into_owned()
    }
}
