//! Pictures of pages.

use std::panic::{AssertUnwindSafe, catch_unwind};

use hayro::hayro_interpret::InterpreterSettings;
use hayro::hayro_interpret::kurbo::Affine;
use hayro::hayro_syntax::page::Page;
use hayro::hayro_syntax::transform::Transform;
use hayro::vello_cpu::Pixmap;
use hayro::vello_cpu::color::palette::css::WHITE;
use hayro::{PixmapSettings, RenderCache, RenderSettings, render};
use image::GrayImage;

use crate::documents::reading::{Limits, ReadError};

/// Points in an inch.
const POINTS: f32 = 72.0;
/// The drawing surface counts its sides in 16 bits.
const LONGEST_SIDE: f32 = 65_000.0;

/// Draws a page on white, at `dpi` or as coarsely as the pixel limit demands.
///
/// # Errors
/// Fails when the drawing instructions break the interpreter.
pub(super) fn png<'a>(page: &'a Page<'a>, dpi: u32, limits: &Limits) -> Result<Vec<u8>, ReadError> {
    let (drawn, _) = pixels(page, dpi, limits)?;
    drawn.into_png().map_err(|_| broken())
}

/// Draws a page in greys, as [`png`] does, and says how many points a pixel measures.
///
/// # Errors
/// Fails when the drawing instructions break the interpreter.
pub(super) fn grey<'a>(
    page: &'a Page<'a>,
    dpi: u32,
    limits: &Limits,
) -> Result<(GrayImage, f32), ReadError> {
    let (drawn, scale) = pixels(page, dpi, limits)?;
    let (width, height) = (u32::from(drawn.width()), u32::from(drawn.height()));
    let greys = drawn.data_as_u8_slice().chunks_exact(4).map(luminance).collect();
    let picture = GrayImage::from_raw(width, height, greys).ok_or_else(broken)?;
    Ok((picture, scale.recip()))
}

/// How light a pixel is: the parts of red, green and blue of ITU-R BT.601, of 256.
#[expect(clippy::cast_possible_truncation, reason = "the parts add up to 256")]
fn luminance(pixel: &[u8]) -> u8 {
    let part = |at: usize, of: u32| pixel.get(at).map_or(0, |value| u32::from(*value) * of);
    ((part(0, 77) + part(1, 150) + part(2, 29)) >> 8) as u8
}

fn broken() -> ReadError {
    ReadError::Damaged("a page cannot be drawn".into())
}

/// The pixels of a page on white, and how many there are to a point.
fn pixels<'a>(page: &'a Page<'a>, dpi: u32, limits: &Limits) -> Result<(Pixmap, f32), ReadError> {
    let scale = scale(page.render_dimensions(), dpi, limits.max_pixels).ok_or_else(broken)?;
    let settings = PixmapSettings { x_scale: scale, y_scale: scale, bg_color: WHITE };
    let drawn = catch_unwind(AssertUnwindSafe(|| {
        let interpreter = InterpreterSettings::default();
        let cache = RenderCache::new();
        render(page, &cache, &interpreter, &RenderSettings::default(), &settings)
    }));
    Ok((drawn.map_err(|_| broken())?, scale))
}

/// Pixels per point; `None` for a page without extent.
#[expect(clippy::cast_precision_loss, reason = "a resolution and a limit, both round numbers")]
fn scale((width, height): (f32, f32), dpi: u32, max_pixels: u64) -> Option<f32> {
    let area = width * height;
    if !area.is_finite() || area < 1.0 {
        return None;
    }
    let wanted = dpi as f32 / POINTS;
    let most = (max_pixels as f32 / area).sqrt();
    Some(wanted.min(most).min(LONGEST_SIDE / width.max(height)))
}

/// The interpreter's matrix type from the parser's.
pub(super) fn to_affine(transform: Transform) -> Affine {
    Affine::new(transform.as_coeffs())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_large_page_is_drawn_coarser() {
        assert_eq!(scale((595.0, 842.0), 144, 24_000_000), Some(2.0));
        let poster = scale((10_000.0, 10_000.0), 300, 24_000_000).unwrap();
        assert!((poster - 0.4899).abs() < 0.001, "{poster}");
        assert_eq!(scale((0.0, 842.0), 300, 24_000_000), None);
        assert_eq!(scale((f32::NAN, 842.0), 300, 24_000_000), None);
    }
}
