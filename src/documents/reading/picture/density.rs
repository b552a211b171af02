//! The resolution a JPEG or PNG states.

/// Inches in a metre.
const INCHES: f32 = 39.37;
/// Most marked stretches of a file looked at: these come before the picture.
const MAX_PARTS: usize = 200;

/// Dots per inch across and down, if the file says.
pub(super) fn of(bytes: &[u8]) -> Option<(f32, f32)> {
    if bytes.starts_with(b"\x89PNG") { of_png(bytes) } else { of_jpeg(bytes) }
}

/// From the part `pHYs`: pixels per metre (PNG specification, section 11.3.5.3).
fn of_png(bytes: &[u8]) -> Option<(f32, f32)> {
    let mut rest = bytes.get(8..)?;
    for _ in 0..MAX_PARTS {
        let length = u32::from_be_bytes(array(rest, 0)?) as usize;
        let content = rest.get(8..)?.get(..length)?;
        match rest.get(4..8)? {
            b"pHYs" => {
                let per_metre = |at| Some(float(u32::from_be_bytes(array(content, at)?)));
                let (x, y) = (per_metre(0)?, per_metre(4)?);
                return (content.get(8) == Some(&1)).then_some((x / INCHES, y / INCHES));
            }
            b"IDAT" => return None,
            _ => rest = rest.get(8 + length + 4..)?,
        }
    }
    None
}

/// From the first part, `JFIF` (JPEG File Interchange Format 1.02).
fn of_jpeg(bytes: &[u8]) -> Option<(f32, f32)> {
    let mut rest = bytes.get(2..)?;
    for _ in 0..MAX_PARTS {
        let [0xff, marker] = array(rest, 0)? else { return None };
        let length = usize::from(u16::from_be_bytes(array(rest, 2)?));
        let content = rest.get(4..2 + length)?;
        match marker {
            0xe0 if content.starts_with(b"JFIF\0") => {
                let count = |at| Some(f32::from(u16::from_be_bytes(array(content, at)?)));
                let (x, y) = (count(8)?, count(10)?);
                return match content.get(7)? {
                    1 => Some((x, y)),
                    2 => Some((x * 2.54, y * 2.54)),
                    _ => None,
                };
            }
            // The picture itself begins.
            0xc0..=0xcf | 0xda => return None,
            _ => rest = rest.get(2 + length..)?,
        }
    }
    None
}

#[expect(clippy::cast_precision_loss, reason = "a resolution needs no more than seven digits")]
fn float(number: u32) -> f32 {
    number as f32
}

fn array<const N: usize>(bytes: &[u8], at: usize) -> Option<[u8; N]> {
    bytes.get(at..)?.first_chunk().copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stated_resolutions_are_read() {
        let jpeg = b"\xff\xd8\xff\xe0\0\x10JFIF\0\x01\x02\x01\x01\x2c\x01\x2c\0\0";
        assert_eq!(of(jpeg), Some((300.0, 300.0)));
        let png = b"\x89PNG\r\n\x1a\n\0\0\0\x09pHYs\0\0\x2e\x23\0\0\x2e\x23\x01\0\0\0\0";
        let (x, y) = of(png).unwrap();
        assert!((x - 300.0).abs() < 0.1 && (y - 300.0).abs() < 0.1);
        assert_eq!(of(b"\xff\xd8\xff\xe1\0\x08Exif\0\0\xff\xda"), None);
        assert_eq!(of(b"\x89PNG\r\n\x1a\n\xff\xff\xff\xffpHYs"), None);
    }
}
