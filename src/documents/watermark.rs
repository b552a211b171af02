//! Pictures of pages with the reader's name drawn into them.

use std::io;

use image::codecs::png::PngEncoder;
use image::{ExtendedColorType, ImageEncoder, ImageFormat};

use crate::paper;

/// A picture of a page, as PNG, with words drawn across it. The words are part of the
/// picture: nothing of it can be had without them.
///
/// # Errors
/// Fails when the picture cannot be read or written, or no font can draw the words.
pub(super) fn marked(png: &[u8], words: &str) -> io::Result<Vec<u8>> {
    let picture = image::load_from_memory_with_format(png, ImageFormat::Png);
    let mut picture = picture.map_err(io::Error::other)?.into_rgb8();
    paper::mark(&mut picture, words).map_err(io::Error::other)?;
    let mut marked = Vec::with_capacity(png.len());
    let (width, height) = picture.dimensions();
    PngEncoder::new(&mut marked)
        .write_image(picture.as_raw(), width, height, ExtendedColorType::Rgb8)
        .map_err(io::Error::other)?;
    Ok(marked)
}

#[cfg(test)]
mod tests {
    use image::{Rgb, RgbImage};

    use super::*;

    fn png(picture: &RgbImage) -> Vec<u8> {
        let mut bytes = Vec::new();
        picture.write_to(&mut io::Cursor::new(&mut bytes), ImageFormat::Png).unwrap();
        bytes
    }

    #[test]
    fn a_marked_page_keeps_its_size_and_is_not_the_page() {
        let page = RgbImage::from_pixel(400, 560, Rgb([255, 255, 255]));
        let bytes = png(&page);
        let marked = marked(&bytes, "Sharma Traders · 3 Nov 2026 · shared by Rao").unwrap();
        let read = image::load_from_memory(&marked).unwrap().into_rgb8();
        assert_eq!(read.dimensions(), (400, 560));
        let changed = read.pixels().filter(|pixel| pixel.0 != [255, 255, 255]).count();
        assert!(changed > 2_000, "only {changed} pixels carry the mark");
        assert!(changed < 400 * 560 / 2, "{changed} pixels: the page cannot be read");
    }

    #[test]
    fn what_is_no_picture_is_refused() {
        assert!(marked(b"not a picture", "x").is_err());
    }
}
