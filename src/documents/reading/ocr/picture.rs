//! A page's picture made ready for recognition, in the child that drew it.
//!
//! `tesseract` reads lines that rise or fall by three degrees as well as level ones, by
//! five somewhat worse and at double the time, and by eight not at all; so a tilted
//! picture is turned level first, and a grainy one smoothed. An empty page is not handed
//! over at all.

use image::GrayImage;
use serde::{Deserialize, Serialize};

use super::{smooth, tilt};

/// Lines are looked for in a picture this much smaller each way: 75 dots per inch.
const STEP: u32 = 4;
/// How much darker than its page ink is, of 255.
const INK: u8 = 48;
/// A single letter of ten points leaves more dark cells than this.
const SPECKS: usize = 12;
/// Less tilt than this does no harm, in radians: one and a half degrees.
const LEVEL: f32 = 0.026;

/// Paper whose greys spread over this much within a cell is grainy: clean pages have no
/// spread, drawn or scanned in black and white; grey scans 6 and more.
const GRAINY: u8 = 3;

/// How a page's picture lies on the page.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(in crate::documents::reading) struct Placement {
    /// How long and how high a pixel is, in points.
    pub(in crate::documents::reading) pixel: f32,
    /// By how much the lines of the page fall to the right, in radians; the picture has
    /// been turned back by as much about its middle, and grown to hold its corners.
    pub(in crate::documents::reading) tilt: f32,
}

/// A picture ready for recognition.
pub(in crate::documents::reading) struct Prepared {
    /// The picture as a portable grey map, which costs no time to pack.
    pub(in crate::documents::reading) bytes: Vec<u8>,
    /// By how much it was turned, see [`Placement::tilt`].
    pub(in crate::documents::reading) tilt: f32,
}

/// Makes a page's picture ready; `None` when there is nothing on the page.
pub(in crate::documents::reading) fn prepare(picture: GrayImage) -> Option<Prepared> {
    let cells = Cells::of(&picture);
    if cells.dark.len() <= SPECKS {
        return None;
    }
    let tilt = tilt::of(&cells.edges).filter(|tilt| tilt.abs() >= LEVEL).unwrap_or(0.0);
    let picture = if cells.grain >= GRAINY { smooth::smooth(&picture) } else { picture };
    let level = if tilt == 0.0 { picture } else { tilt::turn(&picture, tilt, cells.paper) };
    let mut bytes = format!("P5\n{} {}\n255\n", level.width(), level.height()).into_bytes();
    bytes.extend_from_slice(level.as_raw());
    Some(Prepared { bytes, tilt })
}

/// A smaller picture, as far as it matters here.
struct Cells {
    /// The grey of the paper.
    paper: u8,
    /// The middle one of the spreads of grey within cells of paper.
    grain: u8,
    /// The dark cells.
    dark: Vec<(u32, u32)>,
    /// Those of them with paper below: the feet of letters.
    edges: Vec<(u32, u32)>,
}

impl Cells {
    fn of(picture: &GrayImage) -> Self {
        let (width, height) = (picture.width() / STEP, picture.height() / STEP);
        let places = || (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
        let cells: Vec<(u8, u8)> =
            places().map(|(x, y)| mean_and_spread(picture, x * STEP, y * STEP)).collect();
        let paper = most_common(&cells);
        let threshold = paper.saturating_sub(INK);
        let is_dark = |x: u32, y: u32| {
            cells.get((y * width + x) as usize).is_some_and(|(mean, _)| *mean < threshold)
        };
        let mut spreads: Vec<u8> = cells
            .iter()
            .filter(|(mean, _)| *mean >= threshold)
            .map(|(_, spread)| *spread)
            .collect();
        spreads.sort_unstable();
        let grain = spreads.get(spreads.len() / 2).copied().unwrap_or(0);
        let dark: Vec<(u32, u32)> = places().filter(|&(x, y)| is_dark(x, y)).collect();
        let edges = dark.iter().copied().filter(|&(x, y)| !is_dark(x, y + 1)).collect();
        Self { paper, grain, dark, edges }
    }
}

/// The mean grey of the cell that starts here, and how far its greys lie apart.
fn mean_and_spread(picture: &GrayImage, x: u32, y: u32) -> (u8, u8) {
    let (mut sum, mut least, mut most) = (0, u8::MAX, 0);
    for (dx, dy) in (0..STEP).flat_map(|dy| (0..STEP).map(move |dx| (dx, dy))) {
        let grey = picture.get_pixel(x + dx, y + dy).0[0];
        sum += u32::from(grey);
        least = least.min(grey);
        most = most.max(grey);
    }
    (u8::try_from(sum / (STEP * STEP)).unwrap_or(u8::MAX), most - least)
}

/// The most common grey, in steps of eight, at the light end of its step.
fn most_common(cells: &[(u8, u8)]) -> u8 {
    let mut counts = [0_usize; 32];
    for (grey, _) in cells {
        counts[usize::from(grey >> 3)] += 1;
    }
    let step = (0_u8..32).max_by_key(|step| counts[usize::from(*step)]).unwrap_or(31);
    step << 3 | 7
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::Luma;

    /// A page with lines of dashes, drawn falling by `tilt`.
    fn page(tilt: f32) -> GrayImage {
        GrayImage::from_fn(1240, 1754, |x, y| {
            #[expect(clippy::cast_precision_loss, reason = "a small picture")]
            let along = y as f32 - (x as f32 - 620.0) * tilt.tan();
            let inside = (150..1090).contains(&x) && (200..1500).contains(&y);
            let line = along.rem_euclid(40.0) < 14.0;
            Luma([if inside && line && x % 24 < 16 { 20 } else { 245 }])
        })
    }

    #[test]
    fn an_empty_page_is_not_handed_over() {
        assert!(prepare(GrayImage::from_pixel(1240, 1754, Luma([250]))).is_none());
        let mut dusty = GrayImage::from_pixel(1240, 1754, Luma([235]));
        for at in 0..8 {
            dusty.put_pixel(at * 100, at * 77, Luma([0]));
        }
        assert!(prepare(dusty).is_none());
        assert!(prepare(GrayImage::new(0, 0)).is_none());
    }

    #[test]
    fn a_level_page_is_left_as_it_is() {
        let prepared = prepare(page(0.0)).unwrap();
        assert!(prepared.tilt.abs() < f32::EPSILON);
        assert!(prepared.bytes.starts_with(b"P5\n1240 1754\n255\n"));
    }

    #[test]
    fn a_tilted_page_is_turned_level() {
        for degrees in [-9.0_f32, -4.0, 3.0, 7.0] {
            let prepared = prepare(page(degrees.to_radians())).unwrap();
            let found = prepared.tilt.to_degrees();
            assert!((found - degrees).abs() < 0.3, "{degrees}: {found}");
        }
    }
}
