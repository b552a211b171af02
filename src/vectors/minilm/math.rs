//! The element-wise arithmetic of the forward pass.
//!
//! Each function runs under the widest instructions the processor has; the loops
//! are written so that the compiler turns them into vector code: no calls, no
//! early exits, sums kept in lanes. The error of [`exp`] is below 3e-7 of its
//! value, that of the error function below 2e-7, which the model does not notice.

use faer::traits::pulp::Arch;

use super::weights::Norm;

/// How many partial sums are kept, so that they need no order among themselves.
const LANES: usize = 16;

/// Adds a bias to every row of `rows`.
pub(super) fn add_bias(rows: &mut [f32], bias: &[f32]) {
    Arch::new().dispatch(|| {
        for row in rows.chunks_exact_mut(bias.len()) {
            row.iter_mut().zip(bias).for_each(|(x, b)| *x += b);
        }
    });
}

/// Adds a bias to every row of `rows` and applies GELU (by the error function).
pub(super) fn add_bias_gelu(rows: &mut [f32], bias: &[f32]) {
    Arch::new().dispatch(|| {
        for row in rows.chunks_exact_mut(bias.len()) {
            row.iter_mut().zip(bias).for_each(|(x, b)| *x = gelu(*x + b));
        }
    });
}

/// Adds `step` and a bias to every row of `rows`, then normalises each row.
pub(super) fn add_and_normalise(
    rows: &mut [f32],
    step: &[f32],
    bias: &[f32],
    norm: &Norm,
    eps: f32,
) {
    let width = bias.len();
    Arch::new().dispatch(|| {
        for (row, step) in rows.chunks_exact_mut(width).zip(step.chunks_exact(width)) {
            for ((x, s), b) in row.iter_mut().zip(step).zip(bias) {
                *x += s + b;
            }
            normalise_row(row, norm, eps);
        }
    });
}

/// Brings every row of `rows` to mean 0 and variance 1, then scales and shifts it.
pub(super) fn normalise(rows: &mut [f32], norm: &Norm, eps: f32) {
    Arch::new().dispatch(|| {
        for row in rows.chunks_exact_mut(norm.scale.len()) {
            normalise_row(row, norm, eps);
        }
    });
}

/// Turns every row of `width` scores into weights that add up to one.
pub(super) fn softmax(rows: &mut [f32], width: usize) {
    Arch::new().dispatch(|| {
        for row in rows.chunks_exact_mut(width) {
            let top = fold(row, f32::MIN, |x| x, |top, x| if x > top { x } else { top });
            for x in row.iter_mut() {
                *x = exp(*x - top);
            }
            let share = 1.0 / fold(row, 0.0, |x| x, |sum, x| sum + x);
            for x in row.iter_mut() {
                *x *= share;
            }
        }
    });
}

#[inline(always)]
#[expect(clippy::inline_always, reason = "must be compiled for the caller's instructions")]
fn normalise_row(row: &mut [f32], norm: &Norm, eps: f32) {
    #[expect(clippy::cast_precision_loss, reason = "rows are a few hundred numbers wide")]
    let share = 1.0 / row.len() as f32;
    let mean = fold(row, 0.0, |x| x, |sum, x| sum + x) * share;
    for x in row.iter_mut() {
        *x -= mean;
    }
    let variance = fold(row, 0.0, |x| x * x, |sum, x| sum + x) * share;
    let factor = 1.0 / (variance + eps).sqrt();
    for ((x, scale), shift) in row.iter_mut().zip(&norm.scale).zip(&norm.shift) {
        *x = *x * factor * scale + shift;
    }
}

/// Folds what `map` makes of a row, in lanes; `join` must not care for the order.
#[inline(always)]
#[expect(clippy::inline_always, reason = "must be compiled for the caller's instructions")]
fn fold(row: &[f32], start: f32, map: impl Fn(f32) -> f32, join: impl Fn(f32, f32) -> f32) -> f32 {
    let (whole, rest) = row.as_chunks::<LANES>();
    let mut lanes = [start; LANES];
    for chunk in whole {
        for (lane, x) in lanes.iter_mut().zip(chunk) {
            *lane = join(*lane, map(*x));
        }
    }
    let tail = rest.iter().fold(start, |result, x| join(result, map(*x)));
    lanes.into_iter().fold(tail, join)
}

#[inline(always)]
#[expect(clippy::inline_always, reason = "must be compiled for the caller's instructions")]
fn gelu(x: f32) -> f32 {
    0.5 * x * (1.0 + erf(x * std::f32::consts::FRAC_1_SQRT_2))
}

/// The error function, after Abramowitz and Stegun 7.1.26.
#[inline(always)]
fn erf(x: f32) -> f32 {
    const A: [f32; 5] = [0.254_829_6, -0.284_496_73, 1.421_413_8, -1.453_152, 1.061_405_4];
    let z = x.abs();
    let t = 1.0 / (1.0 + 0.327_591_1 * z);
    let series = t * (A[0] + t * (A[1] + t * (A[2] + t * (A[3] + t * A[4]))));
    (1.0 - series * exp(-z * z)).copysign(x)
}

/// The exponential function: a power of two from the exponent bits, times a
/// polynomial on what is left.
#[inline(always)]
fn exp(x: f32) -> f32 {
    // Adding 1.5 * 2^23 leaves the nearest whole number in the low bits.
    const ROUND: f32 = 12_582_912.0;
    let x = x.clamp(-87.0, 88.0);
    let rounded = x * std::f32::consts::LOG2_E + ROUND;
    let whole = rounded - ROUND;
    let r = (x - whole * 0.693_359_4) + whole * 2.121_944_4e-4;
    let series = 1.0
        + r * (1.0
            + r * (0.5
                + r * (0.166_666_67
                    + r * (0.041_666_668 + r * (0.008_333_334 + r * 0.001_388_888_9)))));
    series * f32::from_bits(rounded.to_bits().wrapping_add(127) << 23)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exp_agrees_with_the_standard_library() {
        for step in -8_600_i16..=800 {
            let x = f32::from(step) / 100.0;
            let expected = f64::from(x).exp();
            let error = (f64::from(exp(x)) - expected).abs() / expected;
            assert!(error < 3e-7, "exp({x}) is off by {error}");
        }
        assert!(exp(-1e9) < 1e-37);
    }

    #[test]
    fn erf_agrees_with_known_values() {
        let known = [(0.0, 0.0), (0.5, 0.520_499_9), (1.0, 0.842_700_8), (2.0, 0.995_322_3)];
        for (x, expected) in known {
            assert!((erf(x) - expected).abs() < 3e-7, "erf({x}) is {}", erf(x));
            assert!((erf(-x) + expected).abs() < 3e-7);
        }
    }

    #[test]
    fn softmax_rows_add_up_to_one_whatever_their_width() {
        for width in [1, 7, 16, 33] {
            let mut row: Vec<f32> = (0..width).map(|i: u8| f32::from(i) * 0.7 - 40.0).collect();
            softmax(&mut row, usize::from(width));
            assert!((row.iter().sum::<f32>() - 1.0).abs() < 1e-5);
            assert!(row.is_sorted());
        }
    }

    #[test]
    fn a_normalised_row_has_mean_zero_and_variance_one() {
        let mut row: Vec<f32> = (0..40_u8).map(|i| f32::from(i) * 3.0 + 5.0).collect();
        normalise(&mut row, &Norm { scale: vec![1.0; 40], shift: vec![0.0; 40] }, 1e-12);
        assert!(row.iter().sum::<f32>().abs() < 1e-4);
        assert!((row.iter().map(|x| x * x).sum::<f32>() / 40.0 - 1.0).abs() < 1e-4);
    }
}
