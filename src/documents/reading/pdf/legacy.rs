//! Fonts from before Unicode, known by their names: `index/legacy_fonts.toml`.

use std::sync::LazyLock;

use hayro_font::FontGlyph;
use serde::Deserialize;

const TABLE: &str = include_str!("../../../../index/legacy_fonts.toml");

/// How the names of such fonts begin, as [`plain`] writes them.
static NAMES: LazyLock<Vec<String>> = LazyLock::new(|| {
    // A table that does not parse knows no font; a test holds it to its form.
    let table: Table = toml::from_str(TABLE).unwrap_or_default();
    table.family.iter().flat_map(|family| &family.names).map(|name| plain(name)).collect()
});

/// The table as it is written.
#[derive(Default, Deserialize)]
struct Table {
    family: Vec<Family>,
}

#[derive(Deserialize)]
struct Family {
    names: Vec<String>,
}

/// Whether a glyph comes from a font that stores Latin letters for an Indian script.
///
/// Such a font stored in the file names itself; of one that is not, the drawing
/// shows Latin letters and the letters of the text have to tell.
pub(super) fn is_legacy(glyph: &FontGlyph<'_>) -> bool {
    let FontGlyph::Outline(outline) = glyph else { return false };
    let name = outline.font_data().and_then(|font| font.postscript_name);
    name.is_some_and(|name| is_legacy_name(&name))
}

fn is_legacy_name(name: &str) -> bool {
    // A font stored in part is marked by six capitals and a plus.
    let name = plain(name.split_once('+').map_or(name, |(_, name)| name));
    NAMES.iter().any(|legacy| name.starts_with(legacy))
}

/// A name in small letters and digits.
fn plain(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fonts_are_known_by_their_names() {
        for name in
            ["ABCDEF+KrutiDev010", "Kruti-Dev-055-Bold", "DevLys010Normal", "DVB-TTSurekhNormal"]
        {
            assert!(is_legacy_name(name), "{name}");
        }
        for name in ["Mangal-Regular", "TimesNewRomanPSMT", "NotoSansDevanagari", "Nirmala UI", ""]
        {
            assert!(!is_legacy_name(name), "{name}");
        }
    }

    #[test]
    fn every_name_in_the_table_says_something() {
        let table: toml::Value = toml::from_str(TABLE).unwrap();
        for family in table["family"].as_array().unwrap() {
            assert!(!family["source"].as_str().unwrap().is_empty());
        }
        assert!(NAMES.len() > 80 && NAMES.iter().all(|name| name.len() >= 3), "{:?}", *NAMES);
    }
}
