//! By how much the lines of a page rise or fall, and turning it level.
//!
//! Seen along the right slope the feet of letters fall together into lines: the counts
//! of feet at each height differ most from one height to the next.

use image::{GrayImage, Luma};

/// Pages lie more askew than this only when they were not meant to be read, in degrees.
const MOST: f32 = 15.0;
/// The first look is taken in steps of this many degrees, the second around the best.
const COARSE: f32 = 0.5;
/// The second look.
const FINE: f32 = 0.1;
/// Fewer feet than this make no lines.
const ENOUGH: usize = 200;
/// How much better than level a tilt must be to be believed.
const CLEARLY: f64 = 1.3;

/// By how much lines fall to the right, in radians; `None` when there are no lines or
/// they are level.
pub(super) fn of(feet: &[(u32, u32)]) -> Option<f32> {
    if feet.len() < ENOUGH {
        return None;
    }
    let best = |from: f32, step: f32, count: u16| -> (f32, f64) {
        (0..=count)
            .map(|at| from + step * f32::from(at))
            .map(|degrees| (degrees, sharpness(feet, degrees.to_radians())))
            .max_by(|a, b| a.1.total_cmp(&b.1))
            .unwrap_or((0.0, 0.0))
    };
    let (coarse, _) = best(-MOST, COARSE, 60);
    let (fine, sharp) = best(coarse - COARSE, FINE, 10);
    (sharp > sharpness(feet, 0.0) * CLEARLY).then(|| fine.to_radians())
}

/// How sharply lines stand out, seen along a slope.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "places on a picture, some thousands across; heights are counted from the least"
)]
fn sharpness(feet: &[(u32, u32)], tilt: f32) -> f64 {
    let slope = tilt.tan();
    let height = |&(x, y): &(u32, u32)| y as f32 - x as f32 * slope;
    let lowest = feet.iter().map(height).fold(f32::INFINITY, f32::min);
    let highest = feet.iter().map(height).fold(f32::NEG_INFINITY, f32::max);
    let mut counts = vec![0_u32; (highest - lowest) as usize + 2];
    for foot in feet {
        counts[(height(foot) - lowest) as usize] += 1;
    }
    counts.windows(2).map(|pair| (f64::from(pair[1]) - f64::from(pair[0])).powi(2)).sum()
}

/// Turns a picture whose lines fall by `tilt` level, on paper that holds its corners.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "places on a picture, some thousands across"
)]
pub(super) fn turn(picture: &GrayImage, tilt: f32, paper: u8) -> GrayImage {
    let (sin, cos) = tilt.sin_cos();
    let (width, height) = (picture.width() as f32, picture.height() as f32);
    let wide = (width * cos + height * sin.abs()).ceil();
    let high = (width * sin.abs() + height * cos).ceil();
    let grey = |x: i64, y: i64| -> f32 {
        let inside = u32::try_from(x).ok().zip(u32::try_from(y).ok());
        let pixel = inside.and_then(|(x, y)| picture.get_pixel_checked(x, y));
        f32::from(pixel.map_or(paper, |pixel| pixel.0[0]))
    };
    GrayImage::from_fn(wide as u32, high as u32, |x, y| {
        // From the middle of one picture to the middle of the other, pixel by pixel.
        let (dx, dy) = (x as f32 + 0.5 - wide / 2.0, y as f32 + 0.5 - high / 2.0);
        let from_x = dx * cos - dy * sin + width / 2.0 - 0.5;
        let from_y = dx * sin + dy * cos + height / 2.0 - 0.5;
        let (left, top) = (from_x.floor(), from_y.floor());
        let (right_part, lower_part) = (from_x - left, from_y - top);
        let (left, top) = (left as i64, top as i64);
        let upper = grey(left, top) * (1.0 - right_part) + grey(left + 1, top) * right_part;
        let lower = grey(left, top + 1) * (1.0 - right_part) + grey(left + 1, top + 1) * right_part;
        Luma([(upper * (1.0 - lower_part) + lower * lower_part).round() as u8])
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scattered_specks_have_no_tilt() {
        let mut state = 1_u64;
        let mut below = |most: u64| {
            // Knuth's multiplier for linear congruential generators of 64 bits.
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            u32::try_from((state >> 33) % most).unwrap()
        };
        let scattered: Vec<(u32, u32)> = (0..4000).map(|_| (below(620), below(877))).collect();
        assert_eq!(of(&scattered), None);
        assert_eq!(of(&[]), None);
    }

    #[test]
    fn turning_keeps_the_middle_and_the_corners() {
        let mut picture = GrayImage::from_pixel(200, 100, Luma([250]));
        picture.put_pixel(100, 50, Luma([0]));
        let turned = turn(&picture, 0.1, 250);
        assert_eq!((turned.width(), turned.height()), (209, 120));
        let darkest = turned.enumerate_pixels().min_by_key(|(_, _, pixel)| pixel.0[0]).unwrap();
        assert!(darkest.0.abs_diff(104) <= 1 && darkest.1.abs_diff(60) <= 1, "{darkest:?}");
    }
}
