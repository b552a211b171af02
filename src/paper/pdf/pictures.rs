//! A PDF of pictures, a page for each, without any text.

use std::fmt::Write as _;

use super::file::File;
use super::utf16;
use crate::paper::{PaperError, Picture};

/// Puts pictures together as a PDF.
///
/// # Errors
/// Fails when the file cannot be put together.
pub fn pictures(title: &str, pictures: &[Picture]) -> Result<Vec<u8>, PaperError> {
    let mut file = File::default();
    let (catalog, tree, info) = (file.reserve(), file.reserve(), file.reserve());
    let mut kids = String::new();
    for Picture { jpeg, pixels: (across, down), points: (width, height) } in pictures {
        let image = file.raw(
            &format!(
                "/Type /XObject /Subtype /Image /Width {across} /Height {down} \
                 /ColorSpace /DeviceRGB /BitsPerComponent 8 /Filter /DCTDecode"
            ),
            jpeg,
        );
        let drawn = format!("{width:.2} 0 0 {height:.2} 0 0 cm /P Do");
        let content = file.stream("", drawn.as_bytes())?;
        let page = file.add(&format!(
            "<< /Type /Page /Parent {tree} 0 R /MediaBox [0 0 {width:.2} {height:.2}] \
             /Contents {content} 0 R /Resources << /XObject << /P {image} 0 R >> >> >>"
        ));
        let _ = write!(kids, "{page} 0 R ");
    }
    file.put(tree, &format!("<< /Type /Pages /Count {} /Kids [{kids}] >>", pictures.len()));
    file.put(catalog, &format!("<< /Type /Catalog /Pages {tree} 0 R >>"));
    file.put(info, &format!("<< /Title {} /Producer (Munshi) >>", utf16(title)));
    Ok(file.finish(catalog, info))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_picture_is_a_page_of_its_own_size() {
        let mut jpeg = Vec::new();
        let picture = image::RgbImage::from_pixel(8, 8, image::Rgb([200; 3]));
        let mut cursor = std::io::Cursor::new(&mut jpeg);
        picture.write_to(&mut cursor, image::ImageFormat::Jpeg).unwrap();
        let one = Picture { jpeg, pixels: (8, 8), points: (595.0, 842.0) };
        let bytes = pictures("आदेश", &[one.clone(), one]).unwrap();
        let document = lopdf::Document::load_mem(&bytes).unwrap();
        assert_eq!(document.get_pages().len(), 2);
    }
}
