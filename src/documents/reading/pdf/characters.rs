//! The characters glyphs stand for.

use hayro::hayro_interpret::hayro_cmap::BfString;
use unicode_normalization::UnicodeNormalization;

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

    /// Whether any of the characters is one of those.
    pub(super) fn is(&self, kind: impl Fn(char) -> bool) -> bool {
        match self {
            Self::One(c) => kind(*c),
            Self::Many(many) => many.contains(kind),
        }
    }
}

/// What a code of a font stands for.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Known {
    /// The characters to write, if any.
    pub(super) piece: Option<Piece>,
    /// Whether they are known.
    pub(super) mapped: bool,
    /// Characters left out that have no shape and can hide or reorder text.
    pub(super) unseen: Option<Box<str>>,
}

impl Known {
    const UNKNOWN: Self = Self { piece: Some(Piece::One('\u{fffd}')), mapped: false, unseen: None };

    fn one(c: char) -> Self {
        Self { piece: Some(Piece::One(c)), mapped: true, unseen: None }
    }
}

/// The characters to write for a glyph, and whether they are known.
pub(super) fn piece(unicode: Option<BfString>) -> Known {
    match unicode {
        None => Known::UNKNOWN,
        Some(BfString::Char(c)) => one(c),
        Some(BfString::String(text)) => stated(&text),
    }
}

/// The characters to write for a text that is stated outright.
pub(super) fn stated(text: &str) -> Known {
    let mut chars = text.chars();
    match (chars.next(), chars.next()) {
        (None, _) => Known::UNKNOWN,
        (Some(c), None) => one(c),
        _ => many(text),
    }
}

fn one(c: char) -> Known {
    match c {
        ' '..='~' => Known::one(c),
        '\t' | '\n' | '\r' | '\u{a0}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{3000}' => {
            Known::one(' ')
        }
        // Shown, it is a hyphen.
        '\u{ad}' => Known::one('-'),
        '\u{fb00}'..='\u{fb06}' => many(c.encode_utf8(&mut [0; 4])),
        c if is_shaped(c) => many(&c.nfkc().collect::<String>()),
        // Bullets of the Symbol and Wingdings fonts.
        '\u{f0b7}' | '\u{f0a7}' | '\u{f0d8}' | '\u{f0fc}' | '\u{f076}' => Known::one('•'),
        '\u{e000}'..='\u{f8ff}' | '\u{fffd}' => Known::UNKNOWN,
        c if c.is_control() => Known::UNKNOWN,
        c if is_unseen(c) => {
            let unseen = (!is_harmless(c)).then(|| c.to_string().into());
            Known { piece: None, mapped: true, unseen }
        }
        c => Known::one(c),
    }
}

/// Several characters, ligature signs written out.
fn many(text: &str) -> Known {
    let (mut written, mut unseen) = (String::new(), String::new());
    for c in text.chars().filter(|c| !c.is_control()) {
        match c {
            '\u{fb00}' => written.push_str("ff"),
            '\u{fb01}' => written.push_str("fi"),
            '\u{fb02}' => written.push_str("fl"),
            '\u{fb03}' => written.push_str("ffi"),
            '\u{fb04}' => written.push_str("ffl"),
            '\u{fb05}' | '\u{fb06}' => written.push_str("st"),
            '\u{ad}' => written.push('-'),
            c if is_joiner(c) && !written.chars().next_back().is_some_and(takes_joiner) => {
                unseen.push(c);
            }
            c if is_unseen(c) => unseen.extend((!is_harmless(c)).then_some(c)),
            c => written.push(c),
        }
    }
    let blank = written.trim().is_empty();
    let piece = if blank { Piece::One(' ') } else { Piece::Many(written.into()) };
    let unseen = (!unseen.is_empty()).then(|| unseen.into());
    Known { piece: Some(piece), mapped: true, unseen }
}

/// Whether a character is a letter in the form it takes within a word.
fn is_shaped(c: char) -> bool {
    matches!(c, '\u{fb50}'..='\u{fd3d}' | '\u{fe70}'..='\u{fefc}')
}

/// Whether a character has no shape of its own. Joiners are judged by the
/// letters around them, see [`takes_joiner`].
fn is_unseen(c: char) -> bool {
    matches!(c,
        '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{feff}' | '\u{fe00}'..='\u{fe0f}' | '\u{180e}' | '\u{115f}' | '\u{1160}' | '\u{3164}'
        | '\u{e0000}'..='\u{e0fff}')
}

/// Whether an unseen character is a common leftover of typesetting: a mark of
/// direction or order at the edge of a text, or the choice of a letter's form.
fn is_harmless(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{feff}' | '\u{fe00}'..='\u{fe0f}')
}

/// Whether a character only tells its neighbours how to join.
pub(super) fn is_joiner(c: char) -> bool {
    matches!(c, '\u{200c}' | '\u{200d}')
}

/// Whether a joiner after this letter means something: in Indic scripts and in
/// Arabic, and between the parts of a pictogram.
pub(super) fn takes_joiner(c: char) -> bool {
    matches!(c, '\u{600}'..='\u{8ff}' | '\u{900}'..='\u{dff}' | '\u{1f000}'..='\u{1faff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(text: &str) -> String {
        let mut out = String::new();
        if let Known { piece: Some(piece), mapped: true, .. } = stated(text) {
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
        assert_eq!(piece(None), Known::UNKNOWN);
        assert_eq!(piece(Some(BfString::Char('\0'))), Known::UNKNOWN);
        assert_eq!(piece(Some(BfString::Char('\u{e012}'))), Known::UNKNOWN);
    }

    #[test]
    fn characters_without_a_shape_are_left_out_and_told() {
        let override_mark = one('\u{202e}');
        assert_eq!(
            (override_mark.piece, override_mark.unseen.as_deref()),
            (None, Some("\u{202e}"))
        );
        let tagged = stated("pay\u{e0041}\u{200b}");
        assert_eq!(tagged.piece, Some(Piece::Many("pay".into())));
        assert_eq!(tagged.unseen.as_deref(), Some("\u{e0041}\u{200b}"));
        assert_eq!(one('\u{feff}').unseen, None);
    }

    #[test]
    fn joiners_stay_between_indic_letters_only() {
        assert_eq!(written("क्\u{200d}ष"), "क्\u{200d}ष");
        assert_eq!(stated("pay\u{200d}ment").unseen.as_deref(), Some("\u{200d}"));
    }
}
