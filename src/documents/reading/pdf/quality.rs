//! Whether the text layer of a page can be relied on.

use crate::documents::reading::frame::Doubt;
use crate::documents::reading::script;

/// A page with fewer letters than this has no text worth the name.
const NEXT_TO_NO_TEXT: usize = 16;
/// A scan with no more visible letters than this carries a stamp or a
/// signature's note, not its text.
const STAMP: usize = 300;
/// A page picture covers at least this share of its page.
const FULL_PAGE: f64 = 0.5;
/// A picture smaller than this share of the page is an ornament.
const ORNAMENT: f64 = 0.02;
/// Letters drawn as outlines take this many paths at least.
const OUTLINED_TEXT: usize = 60;
/// Text recognised before is doubted when this share of its words is odd; a well
/// recognised scan stays below 2 %, a badly recognised one goes beyond 10 %.
const ODD_LAYER: f32 = 0.06;
/// The share of glyphs in fonts from before Unicode, in percent, that spoils a page; a
/// heading in such a font does not.
const LEGACY_PERCENT: usize = 20;
/// The share of glyphs without a character, in percent, that spoils a page.
const UNMAPPED_PERCENT: usize = 2;

/// What was drawn on a page.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Ink {
    /// Glyphs that leave a mark.
    pub(super) glyphs: usize,
    /// Those no character is known for.
    pub(super) unmapped: usize,
    /// Those in fonts that store Latin letters for an Indian script.
    pub(super) legacy: usize,
    /// Those drawn invisibly, as text recognition does over a scan.
    pub(super) invisible: usize,
    /// The share of the page covered by its pictures, added up.
    pub(super) pictures: f64,
    /// Lines and areas drawn.
    pub(super) paths: usize,
}

/// Why the text of a page needs a second opinion; `None` when it is fine.
pub(super) fn doubt(text: &str, ink: &Ink) -> Option<Doubt> {
    let letters = text.chars().filter(|c| c.is_alphanumeric()).take(STAMP + 1).count();
    let shows_more = ink.pictures > ORNAMENT || ink.paths > OUTLINED_TEXT;
    if letters < NEXT_TO_NO_TEXT && ink.unmapped == 0 {
        return shows_more.then_some(Doubt::Picture);
    }
    if ink.unmapped * 100 > ink.glyphs * UNMAPPED_PERCENT {
        return Some(Doubt::Unmapped);
    }
    if ink.pictures > FULL_PAGE && letters <= STAMP && ink.invisible < NEXT_TO_NO_TEXT {
        return Some(Doubt::Picture);
    }
    if ink.legacy * 100 > ink.glyphs * LEGACY_PERCENT {
        return Some(Doubt::Font);
    }
    if script::is_garbled(text) {
        return Some(Doubt::Garbled);
    }
    let is_layer = ink.pictures > FULL_PAGE && ink.invisible * 2 > ink.glyphs;
    (is_layer && script::oddity(text) > ODD_LAYER).then_some(Doubt::Layer)
}

#[cfg(test)]
mod tests {
    use super::*;

    const STAMP_TEXT: &str = "Signature Not Verified. Digitally signed by R. NATARAJAN";

    #[test]
    fn a_page_of_text_is_relied_on() {
        let ink = Ink { glyphs: 1000, unmapped: 3, pictures: 0.1, ..Ink::default() };
        assert_eq!(doubt(&"The appeal is allowed. ".repeat(40), &ink), None);
    }

    #[test]
    fn a_scan_is_doubted_even_under_a_stamp() {
        let scan = Ink { pictures: 1.0, ..Ink::default() };
        assert_eq!(doubt("", &scan), Some(Doubt::Picture));
        assert_eq!(doubt(STAMP_TEXT, &Ink { glyphs: 50, ..scan }), Some(Doubt::Picture));
        let recognised = Ink { glyphs: 50, invisible: 50, ..scan };
        assert_eq!(doubt(STAMP_TEXT, &recognised), None);
    }

    #[test]
    fn an_empty_page_is_no_scan() {
        assert_eq!(doubt("", &Ink::default()), None);
        assert_eq!(doubt("- 12 -", &Ink { glyphs: 4, ..Ink::default() }), None);
    }

    #[test]
    fn a_font_from_before_unicode_spoils_a_page_but_not_as_its_heading() {
        let text = "The appeal is allowed. ".repeat(40);
        let page = Ink { glyphs: 800, legacy: 700, ..Ink::default() };
        assert_eq!(doubt(&text, &page), Some(Doubt::Font));
        assert_eq!(doubt(&text, &Ink { legacy: 40, ..page }), None);
    }

    #[test]
    fn a_poor_layer_over_a_scan_is_doubted() {
        let scan = Ink { glyphs: 1000, invisible: 1000, pictures: 1.0, ..Ink::default() };
        let poor =
            "The learned qmdge held tbat the cgfiamg of R3300 per pvrson be mainkzqnce ".repeat(20);
        assert_eq!(doubt(&poor, &scan), Some(Doubt::Layer));
        assert_eq!(
            doubt(&"The learned judge held that the claim stands. ".repeat(20), &scan),
            None
        );
        assert_eq!(doubt(&poor, &Ink { invisible: 0, pictures: 0.0, ..scan }), None);
    }

    #[test]
    fn unknown_glyphs_spoil_a_page() {
        let ink = Ink { glyphs: 100, unmapped: 3, ..Ink::default() };
        assert_eq!(doubt(STAMP_TEXT, &ink), Some(Doubt::Unmapped));
    }
}
