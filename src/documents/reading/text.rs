//! Text files: which characters the bytes are, and where pages end.

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// About how many characters make a page where the source has none.
pub(super) const PAGE_CHARS: usize = 3000;
/// How far a page may go over that to end at a better place.
const SLACK: usize = 600;

/// Decodes a text file.
///
/// A byte order mark decides; then valid UTF-8; then the pattern of zero bytes
/// UTF-16 leaves; the rest is taken as Windows-1252, in which every byte is a
/// character.
pub(super) fn decode(bytes: &[u8]) -> String {
    let encoding = match Encoding::for_bom(bytes) {
        Some((encoding, _)) => encoding,
        None if std::str::from_utf8(bytes).is_ok() && !bytes.contains(&0) => UTF_8,
        None => utf16_without_mark(bytes).unwrap_or(WINDOWS_1252),
    };
    let (text, _, _) = encoding.decode(bytes);
    text.replace("\r\n", "\n").replace('\r', "\n").replace('\0', "")
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
