//! Text a PDF states outright: its title, and `ActualText`.

use encoding_rs::{UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// Decodes a PDF text string.
///
/// Its own encoding differs from Windows-1252 in a few signs only, and files
/// that use it mean the latter as often.
pub(super) fn text_string(bytes: &[u8]) -> String {
    let encoding = match bytes {
        [0xfe, 0xff, ..] => UTF_16BE,
        [0xff, 0xfe, ..] => UTF_16LE,
        [0xef, 0xbb, 0xbf, ..] => UTF_8,
        _ => WINDOWS_1252,
    };
    let (text, _, _) = encoding.decode(bytes);
    text.chars().filter(|c| !c.is_control()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_strings_are_decoded_by_their_mark() {
        assert_eq!(text_string(b"Order \x96 final"), "Order – final");
        assert_eq!(text_string(b"\xfe\xff\x09\x27"), "ध");
        assert_eq!(text_string("\u{feff}धारा".as_bytes()), "धारा");
    }
}
