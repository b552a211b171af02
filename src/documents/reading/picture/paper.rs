//! How large the page in a picture is.

use image::DynamicImage;

/// Points in an inch.
const POINTS: f32 = 72.0;
/// The longer side of an A4 page in inches.
const A4: f32 = 11.69;
/// Resolutions pages are scanned or shown at, in dots per inch.
const USUAL: [f32; 6] = [96.0, 150.0, 200.0, 300.0, 400.0, 600.0];
/// Resolutions that are believed. Cameras and screens write 72 or 96 whatever
/// the picture shows.
const BELIEVED: std::ops::RangeInclusive<f32> = 98.0..=2400.0;
/// Down, a coarse fax has 98 dots to the 204 across; no other page is uneven.
const MOST_UNEVEN: f32 = 2.5;
/// A page is not shorter than a stamp nor longer than a building plan, in inches.
const SIDES: std::ops::RangeInclusive<f32> = 0.2..=100.0;

/// The size of a page in points.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Paper {
    /// From left to right.
    pub(super) width: f32,
    /// From top to bottom.
    pub(super) height: f32,
}

impl Paper {
    /// The page of a picture of so many pixels. Where its density is not
    /// stated or not credible, it is the usual one that makes the longer side
    /// most like that of an A4 page.
    #[expect(clippy::cast_precision_loss, reason = "sides of pictures are far below 2^24")]
    pub(super) fn of(width: u32, height: u32, density: Option<(f32, f32)>) -> Self {
        let (width, height) = (width as f32, height as f32);
        let stated = density.filter(|&(x, y)| {
            BELIEVED.contains(&x)
                && BELIEVED.contains(&y)
                && (1.0 / MOST_UNEVEN..=MOST_UNEVEN).contains(&(x / y))
                && SIDES.contains(&(width / x))
                && SIDES.contains(&(height / y))
        });
        let (x, y) = stated.unwrap_or_else(|| {
            let exact = width.max(height) / A4;
            let off = |dpi: f32| (dpi / exact).ln().abs();
            let usual = USUAL.into_iter().min_by(|a, b| off(*a).total_cmp(&off(*b)));
            let dpi = usual.unwrap_or(USUAL[0]);
            (dpi, dpi)
        });
        Self { width: width / x * POINTS, height: height / y * POINTS }
    }

    /// The page turned by a quarter.
    pub(super) fn turned(self) -> Self {
        Self { width: self.height, height: self.width }
    }

    /// Its size in pixels at `dpi`, or as coarsely as `most` pixels demand.
    #[expect(clippy::cast_precision_loss, reason = "a resolution and a limit, both round numbers")]
    #[expect(clippy::cast_possible_truncation, reason = "rounded and below the limit of pixels")]
    #[expect(clippy::cast_sign_loss, reason = "a page has a positive size")]
    pub(super) fn pixels(self, dpi: u32, most: u64) -> (u32, u32) {
        let finest = (most as f32 / (self.width * self.height)).sqrt();
        let scale = (dpi as f32 / POINTS).min(finest);
        let side = |points: f32| ((points * scale).round() as u32).max(1);
        (side(self.width), side(self.height))
    }
}

/// A size in pixels, but at most so many times that of the picture.
pub(super) fn at_most(
    (width, height): (u32, u32),
    picture: &DynamicImage,
    times: u32,
) -> (u32, u32) {
    let (most_wide, most_high) = (picture.width() * times, picture.height() * times);
    if width <= most_wide && height <= most_high {
        return (width, height);
    }
    // The side that is over by more decides, and the other keeps in proportion.
    let by_width = u64::from(height) * u64::from(most_wide) / u64::from(width);
    if by_width <= u64::from(most_high) {
        (most_wide, u32::try_from(by_width).unwrap_or(most_high).max(1))
    } else {
        let by_height = u64::from(width) * u64::from(most_high) / u64::from(height);
        (u32::try_from(by_height).unwrap_or(most_wide).max(1), most_high)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn about(paper: Paper, width: f32, height: f32) -> bool {
        (paper.width - width).abs() < 2.0 && (paper.height - height).abs() < 2.0
    }

    #[test]
    fn a_scan_has_the_size_of_its_page() {
        assert!(about(Paper::of(2480, 3508, Some((300.0, 300.0))), 595.0, 842.0));
        // A standard fax, whose pixels are not square.
        assert!(about(Paper::of(1728, 1145, Some((204.0, 98.0))), 610.0, 841.0));
    }

    #[test]
    fn a_page_without_a_credible_resolution_comes_out_about_a4() {
        for (width, height) in [(794, 1123), (1240, 1754), (1654, 2339), (2480, 3508), (4960, 7016)]
        {
            for density in [None, Some((72.0, 72.0)), Some((1.0, 1.0)), Some((f32::NAN, 300.0))] {
                assert!(about(Paper::of(width, height, density), 595.0, 842.0), "{width}");
            }
        }
        let photograph = Paper::of(3024, 4032, Some((72.0, 72.0)));
        assert!((700.0..1000.0).contains(&photograph.height), "{photograph:?}");
    }

    #[test]
    fn pictures_are_scaled_within_their_limits() {
        let a4 = Paper { width: 595.0, height: 842.0 };
        assert_eq!(a4.pixels(144, 24_000_000), (1190, 1684));
        let (width, height) = a4.pixels(1200, 1_000_000);
        assert!(u64::from(width) * u64::from(height) < 1_003_000);
        let small = DynamicImage::new_luma8(100, 50);
        assert_eq!(at_most((300, 150), &small, 2), (200, 100));
        assert_eq!(at_most((150, 75), &small, 2), (150, 75));
    }
}
