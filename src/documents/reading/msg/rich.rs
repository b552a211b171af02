//! The packed rich text of a mail ([MS-OXRTFCP]).

/// The size of the window that references point into.
const WINDOW: usize = 4096;
/// What the window holds before the first byte (section 2.1.2.1).
const BEFORE: &[u8] = b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \
\\fswiss \\fmodern \\fscript \\fdecor MS Sans SerifSymbolArialTimes New RomanCourier\
{\\colortbl\\red0\\green0\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx";
/// Bytes before the content: two sizes, how it is packed, a checksum.
const HEADER: usize = 16;

/// Unpacks rich text; `None` when it is packed in no known way.
///
/// A reference of two bytes stands for at most 17, so the result is never
/// more than nine times as long.
pub(super) fn unpack(packed: &[u8]) -> Option<Vec<u8>> {
    let (header, content) = packed.split_at_checked(HEADER)?;
    let raw = u32::from_le_bytes([header[4], header[5], header[6], header[7]]);
    let raw = usize::try_from(raw).ok()?;
    match &header[8..12] {
        b"MELA" => Some(content[..raw.min(content.len())].to_vec()),
        b"LZFu" => Some(expand(content, raw)),
        _ => None,
    }
}

/// Expands what follows the header, as far as it goes.
fn expand(content: &[u8], raw: usize) -> Vec<u8> {
    let mut window = [0; WINDOW];
    window[..BEFORE.len()].copy_from_slice(BEFORE);
    let mut at = BEFORE.len();
    let mut out = Vec::new();
    let mut put = |window: &mut [u8; WINDOW], at: &mut usize, byte: u8| {
        window[*at] = byte;
        *at = (*at + 1) % WINDOW;
        out.push(byte);
        out.len() >= raw
    };
    let mut bytes = content.iter().copied();
    'all: while let Some(flags) = bytes.next() {
        for bit in 0..8 {
            if flags >> bit & 1 == 0 {
                let Some(byte) = bytes.next() else { break 'all };
                if put(&mut window, &mut at, byte) {
                    break 'all;
                }
                continue;
            }
            let (Some(high), Some(low)) = (bytes.next(), bytes.next()) else { break 'all };
            let reference = u16::from_be_bytes([high, low]);
            let (from, length) = (usize::from(reference >> 4), usize::from(reference & 15) + 2);
            // A reference to where the next byte goes marks the end.
            if from == at {
                break 'all;
            }
            for step in 0..length {
                let byte = window[(from + step) % WINDOW];
                if put(&mut window, &mut at, byte) {
                    break 'all;
                }
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_of_the_specification_is_unpacked() {
        // [MS-OXRTFCP] section 4.1.1.
        let packed = [
            0x2d, 0, 0, 0, 0x2b, 0, 0, 0, 0x4c, 0x5a, 0x46, 0x75, 0xf1, 0xc5, 0xc7, 0xa7, 0x03, 0,
            0x0a, 0, 0x72, 0x63, 0x70, 0x67, 0x31, 0x32, 0x35, 0x42, 0x32, 0x0a, 0xf3, 0x20, 0x68,
            0x65, 0x6c, 0x09, 0, 0x20, 0x62, 0x77, 0x05, 0xb0, 0x6c, 0x64, 0x7d, 0x0a, 0x80, 0x0f,
            0xa0,
        ];
        let rich = unpack(&packed).unwrap();
        assert_eq!(
            String::from_utf8_lossy(&rich),
            "{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n"
        );
        assert_eq!(BEFORE.len(), 207);
    }

    #[test]
    fn what_is_cut_short_or_unknown_ends_quietly() {
        assert_eq!(unpack(b"short"), None);
        assert_eq!(unpack(&[0; 20]), None);
        let cut = [9, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, b'L', b'Z', b'F', b'u', 0, 0, 0, 0, 0xff, 1];
        assert_eq!(unpack(&cut), Some(Vec::new()));
    }
}
