//! Text files: which characters the bytes are, and where pages end.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// About how many characters make a page where the source has none.
pub(super) const PAGE_CHARS: usize = 3000;
/// How far a page may go over that to end at a better place.
const SLACK: usize = 600;

/// How many bytes of a file its encoding is guessed from: more than a hundred
/// pages, and a fraction of a second.
const GUESSED_FROM: usize = 1 << 20;
/// A file of which fewer than one character in so many is broken is UTF-8 that
/// was cut or pasted together, and no other encoding.
const BROKEN: usize = 20;

/// Decodes a text file.
///
/// A byte order mark decides; then the pattern of zero bytes UTF-16 leaves;
/// then UTF-8, though a few bytes be broken; the rest is guessed from how often
/// letters follow each other. Where the guess is no better, it is Windows-1252:
/// every byte is a character in it, and text set in a font from before Unicode
/// stays as its keys were pressed.
pub(super) fn decode(bytes: &[u8]) -> String {
    let (text, _, _) = encoding(bytes).decode(bytes);
    text.replace("\r\n", "\n").replace('\r', "\n").replace('\0', "")
}

/// The encoding of a text file.
fn encoding(bytes: &[u8]) -> &'static Encoding {
    if let Some((encoding, _)) = Encoding::for_bom(bytes) {
        return encoding;
    }
    if let Some(encoding) = utf16_without_mark(bytes) {
        return encoding;
    }
    if is_utf8(bytes) { UTF_8 } else { guess(bytes) }
}

/// Whether bytes are UTF-16, with or without a mark.
pub(super) fn is_wide(bytes: &[u8]) -> bool {
    [UTF_16LE, UTF_16BE].contains(&encoding(bytes))
}

/// Whether bytes are UTF-8, whole or with the odd broken character.
fn is_utf8(bytes: &[u8]) -> bool {
    let (mut wide, mut broken) = (0, 0);
    for chunk in bytes.utf8_chunks() {
        wide += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        broken += usize::from(!chunk.invalid().is_empty());
    }
    broken == 0 || broken * BROKEN < wide
}

/// Guesses among the encodings of one byte a character, and of East Asia.
fn guess(bytes: &[u8]) -> &'static Encoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    let head = &bytes[..bytes.len().min(GUESSED_FROM)];
    detector.feed(head, true);
    let guess = detector.guess(Some(b"in"), Utf8Detection::Deny);
    // Words of Latin letters are told apart by few bytes: a guess among the
    // many encodings of Europe would turn a pound sign into a Polish letter.
    let letters = guess.decode(head).0;
    let (mut foreign, mut latin) = (0, 0);
    for c in letters.chars() {
        foreign += usize::from(c.is_alphabetic() && c > '\u{24f}');
        latin += usize::from(c.is_ascii_alphabetic());
    }
    if foreign > latin { guess } else { WINDOWS_1252 }
}

/// Guesses UTF-16 from zero bytes, which plain text of one byte a character
/// has none of.
fn utf16_without_mark(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = &bytes[..bytes.len().min(4096)];
    let zeros = |odd: usize| head.iter().skip(odd).step_by(2).filter(|byte| **byte == 0).count();
    let (even, odd) = (zeros(0), zeros(1));
    let most = head.len() / 5;
    match (even > most, odd > most) {
        (true, false) => Some(UTF_16BE),
        (false, true) => Some(UTF_16LE),
        _ => None,
    }
}

/// Cuts a text into pages: at form feeds, else after about [`PAGE_CHARS`]
/// characters at the end of a line.
pub(super) fn pages(text: &str) -> Vec<String> {
    let mut pages: Vec<String> =
        text.split('\u{c}').flat_map(cut).map(|page| page.trim_end().to_owned()).collect();
    while pages.len() > 1 && pages.last().is_some_and(String::is_empty) {
        pages.pop();
    }
    pages
}

/// Cuts one stretch of text into pieces of about [`PAGE_CHARS`] characters.
///
/// The best end is an empty line, then the end of a line, then a space; every
/// character is in exactly one piece.
pub(super) fn cut(text: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some((most, _)) = rest.char_indices().nth(PAGE_CHARS + SLACK) {
        let least = rest.char_indices().nth(PAGE_CHARS - SLACK).map_or(0, |(at, _)| at);
        let window = &rest[least..most];
        let end = ["\n\n", "\n", " "]
            .iter()
            .find_map(|mark| window.rfind(mark).map(|at| least + at + mark.len()))
            .unwrap_or(most);
        let (piece, tail) = rest.split_at(end);
        pieces.push(piece);
        rest = tail;
    }
    pieces.push(rest);
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_decoded_by_what_they_are() {
        assert_eq!(decode(b"\xef\xbb\xbfSection 5\r\nsays"), "Section 5\nsays");
        assert_eq!(decode("धारा ३०२".as_bytes()), "धारा ३०२");
        assert_eq!(decode(b"\xff\xfeO\0r\0d\0e\0r\0"), "Order");
        assert_eq!(decode(b"\0O\0r\0d\0e\0r"), "Order");
        assert_eq!(decode(b"\x93Order\x94 \x96 \xa35"), "“Order” – £5");
    }

    #[test]
    fn a_broken_byte_does_not_spoil_a_text_in_hindi() {
        let mut bytes = "याचिकाकर्ता ने धारा ३०२ के अंतर्गत अपील की।".repeat(3).into_bytes();
        bytes.push(0xff);
        assert!(decode(&bytes).starts_with("याचिकाकर्ता ने धारा ३०२"));
    }

    #[test]
    fn other_scripts_are_guessed_and_old_fonts_are_kept() {
        let (russian, _, _) =
            encoding_rs::WINDOWS_1251.encode("Договор аренды нежилого помещения между сторонами");
        assert!(decode(&russian).starts_with("Договор"));
        let keys = b"izkFkhZ us U;k;ky; ds le{k \xbe \xe6\xc7 \xd8 vkosnu i= \xcc izLrqr fd;k gS";
        assert!(decode(keys).contains("\u{be} \u{e6}\u{c7} \u{d8} vkosnu"));
    }

    #[test]
    fn a_form_feed_starts_a_page() {
        assert_eq!(pages("one\u{c}two\n\u{c}"), ["one", "two"]);
        assert_eq!(pages(""), [""]);
    }

    #[test]
    fn long_text_is_cut_at_line_ends_and_loses_nothing() {
        let line = "The appeal is allowed in part.\n";
        let text = line.repeat(500);
        let pieces = cut(&text);
        assert_eq!(pieces.concat(), text);
        assert!(pieces.len() > 3);
        for piece in &pieces[..pieces.len() - 1] {
            assert!(piece.ends_with('\n'));
            assert!(piece.len().abs_diff(PAGE_CHARS) <= SLACK + 1);
        }
    }

    #[test]
    fn text_without_any_line_end_is_still_cut() {
        let text = "क".repeat(10_000);
        let pieces = cut(&text);
        assert_eq!(pieces.concat(), text);
        assert!(pieces.iter().all(|piece| piece.chars().count() <= PAGE_CHARS + SLACK));
    }
}
