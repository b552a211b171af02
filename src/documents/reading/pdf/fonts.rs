//! The fonts of a document: what their codes mean and how wide they are.
//!
//! Everything about a code is worked out once and kept, since a page says the
//! same few letters thousands of times.

use std::collections::HashMap;
use std::rc::Rc;

use hayro::hayro_interpret::InterpreterSettings;
use hayro::hayro_syntax::object::{Dict, Name, ObjectIdentifier};
use hayro::hayro_syntax::page::Resources;
use hayro_font::{Font, FontCache, FontGlyph, StandardFont};

use super::characters::{self, Known};
use super::legacy;
use super::metrics::{self, Reach};
use super::recover::Recovery;

/// Codes remembered for one font; a script with more is looked up again.
const MOST_CODES: usize = 16_384;
/// Glyphs are measured in thousandths of the font size.
const EM: f64 = 1000.0;

/// What is known of one code of a font; lengths in parts of the font size.
#[derive(Debug, Clone)]
pub(super) struct Code {
    /// Its characters.
    pub(super) known: Known,
    /// How far it moves on, to the right and upwards.
    pub(super) advance: (f64, f64),
    /// How far from the line it is set, for writing from top to bottom.
    pub(super) shift: (f64, f64),
}

/// A font met in the document.
pub(super) struct Typeface<'a> {
    font: Font<'a>,
    dict: Option<Dict<'a>>,
    recovery: Option<Recovery>,
    short: Vec<Option<Rc<Code>>>,
    long: HashMap<u32, Rc<Code>>,
    /// How far its letters reach above and below the line.
    pub(super) reach: Reach,
    /// Whether it is written from left to right, not from top to bottom.
    pub(super) horizontal: bool,
    /// Whether its glyphs are drawings, whose size the font size does not tell.
    pub(super) drawn: bool,
    /// Whether it stores Latin letters for an Indian script.
    pub(super) legacy: bool,
}

impl<'a> Typeface<'a> {
    fn new(font: Font<'a>, dict: Option<Dict<'a>>) -> Self {
        let first = font.glyph(font.map_code(0), 0);
        Self {
            reach: metrics::of(&first),
            horizontal: font.is_horizontal(),
            drawn: matches!(first, FontGlyph::Type3(_)),
            legacy: legacy::is_legacy(&first),
            font,
            dict,
            recovery: None,
            short: vec![None; 256],
            long: HashMap::new(),
        }
    }

    /// The next code of a string from `at` on, and how many bytes it takes.
    pub(super) fn read(&self, bytes: &[u8], at: usize) -> (u32, usize) {
        let (code, length) = self.font.read_code(bytes, at);
        (code, length.max(1))
    }

    /// What is known of a code.
    pub(super) fn code(&mut self, code: u32) -> Rc<Code> {
        let kept = match self.short.get(code as usize) {
            Some(kept) => kept.as_ref(),
            None => self.long.get(&code),
        };
        if let Some(kept) = kept {
            return Rc::clone(kept);
        }
        let found = Rc::new(self.look_up(code));
        if let Some(kept) = self.short.get_mut(code as usize) {
            *kept = Some(Rc::clone(&found));
        } else if self.long.len() < MOST_CODES {
            self.long.insert(code, Rc::clone(&found));
        }
        found
    }

    fn look_up(&mut self, code: u32) -> Code {
        let glyph = self.font.glyph(self.font.map_code(code), code);
        let unicode = match &glyph {
            FontGlyph::Outline(outline) => outline.as_unicode(),
            FontGlyph::Type3(drawn) => drawn.as_unicode(),
        };
        let mut known = characters::piece(unicode);
        if !known.mapped {
            let dict = self.dict.as_ref();
            let recovery = self.recovery.get_or_insert_with(|| Recovery::new(dict, &glyph));
            if let Some(text) = recovery.find(code, &glyph) {
                known = characters::stated(&text);
            }
        }
        let (advance, shift) = (self.font.code_advance(code), self.font.origin_displacement(code));
        let parts = |x: f64, y: f64| {
            let part = |value: f64| if value.is_finite() { value / EM } else { 0.0 };
            (part(x), part(y))
        };
        Code { known, advance: parts(advance.x, advance.y), shift: parts(shift.x, shift.y) }
    }
}

/// The fonts met so far.
pub(super) struct Fonts<'a> {
    cache: FontCache<'a>,
    settings: InterpreterSettings,
    faces: Vec<Typeface<'a>>,
    known: HashMap<ObjectIdentifier, Option<usize>>,
    /// Fonts written out where they are used, by their definition.
    inline: HashMap<Vec<u8>, Option<usize>>,
    substitute: Option<usize>,
}

impl Default for Fonts<'_> {
    fn default() -> Self {
        Self {
            cache: FontCache::new(),
            settings: InterpreterSettings::default(),
            faces: Vec::new(),
            known: HashMap::new(),
            inline: HashMap::new(),
            substitute: None,
        }
    }
}

impl<'a> Fonts<'a> {
    /// The font a name stands for; a substitute when there is none such.
    pub(super) fn find(&mut self, resources: &Resources<'a>, name: &Name<'_>) -> Option<usize> {
        let id = resources.fonts.get_ref(name.as_ref()).map(ObjectIdentifier::from);
        if let Some(known) = id.and_then(|id| self.known.get(&id)) {
            return *known;
        }
        let Some(dict) = resources.get_font(name) else { return self.substitute() };
        let text = if id.is_none() { dict.data() } else { &[] };
        if let Some(known) = self.inline.get(text) {
            return *known;
        }
        let InterpreterSettings { font_resolver, cmap_resolver, .. } = &self.settings;
        let index = match self.cache.font(&dict, font_resolver, cmap_resolver) {
            Some(font) => Some(self.add(font, Some(dict.clone()))),
            None => self.substitute(),
        };
        match id {
            Some(id) => self.known.insert(id, index),
            None => self.inline.insert(text.to_vec(), index),
        };
        index
    }

    fn add(&mut self, font: Font<'a>, dict: Option<Dict<'a>>) -> usize {
        self.faces.push(Typeface::new(font, dict));
        self.faces.len() - 1
    }

    /// The font that stands in for one that is missing.
    pub(super) fn substitute(&mut self) -> Option<usize> {
        if self.substitute.is_none() {
            let resolver = &self.settings.font_resolver;
            let font = self.cache.standard_font(StandardFont::Helvetica, resolver)?;
            self.substitute = Some(self.add(font, None));
        }
        self.substitute
    }

    /// Whether it only stands in for one that is missing.
    pub(super) fn is_substitute(&self, index: usize) -> bool {
        self.substitute == Some(index)
    }

    /// One of the fonts.
    pub(super) fn face(&mut self, index: usize) -> Option<&mut Typeface<'a>> {
        self.faces.get_mut(index)
    }
}
