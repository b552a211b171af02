//! The element-wise arithmetic between the products of the embedding model.
//!
//! The loops are written so that the compiler turns them into vector code for each set
//! of instructions: no calls, no early exits, sums kept in lanes. The error of the
//! exponential function is below 3e-7 of its value, that of the error function below
//! 3e-7, which the model does not notice.

use crate::instructions::{Instructions, Kind};

/// How many partial sums are kept, so that they need no order among themselves.
const LANES: usize = 16;

/// Runs a function compiled for a set of instructions; its constant says whether
/// products are added without rounding in between.
macro_rules! run {
    ($set:expr, $function:ident($($argument:ident: $type:ty),*)) => {{
        #[cfg(target_arch = "x86_64")]
        #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512vnni,fma")]
        fn by_512_bits($($argument: $type),*) {
            $function::<true>($($argument),*);
        }
        #[cfg(target_arch = "x86_64")]
        #[target_feature(enable = "avx2,fma")]
        fn by_256_bits($($argument: $type),*) {
            $function::<true>($($argument),*);
        }
        match $set.0 {
            // SAFETY: the set can only be had when the processor has the instructions.
            #[cfg(target_arch = "x86_64")]
            Kind::Avx512Vnni => unsafe { by_512_bits($($argument),*) },
            // SAFETY: as above.
            #[cfg(target_arch = "x86_64")]
            Kind::AvxVnni | Kind::Avx2 => unsafe { by_256_bits($($argument),*) },
            Kind::Portable => $function::<false>($($argument),*),
        }
    }};
}

/// Adds a bias to every row.
pub fn add_bias(set: Instructions, rows: &mut [f32], bias: &[f32]) {
    run!(set, add_bias_rows(rows: &mut [f32], bias: &[f32]));
}

/// Applies GELU (by the error function) to every number.
pub fn gelu(set: Instructions, numbers: &mut [f32]) {
    run!(set, gelu_all(numbers: &mut [f32]));
}

/// Turns every row of `width` scores into weights that add up to one.
pub fn softmax(set: Instructions, rows: &mut [f32], width: usize) {
    run!(set, softmax_rows(rows: &mut [f32], width: usize));
}

/// The scale and shift of a layer normalisation, and what keeps it from dividing by
/// nothing.
#[derive(Debug, Clone)]
pub struct Norm {
    /// By what each place of a row is multiplied in the end.
    pub scale: Vec<f32>,
    /// What is added to each place in the end.
    pub shift: Vec<f32>,
    /// What is added to the variance.
    pub epsilon: f32,
}

impl Norm {
    /// Brings every row to mean 0 and variance 1, then scales and shifts it.
    pub fn apply(&self, set: Instructions, rows: &mut [f32]) {
        let norm = self;
        run!(set, normalise_rows(norm: &Norm, rows: &mut [f32]));
    }

    /// The same after adding `step` to the rows.
    pub fn add_and_apply(&self, set: Instructions, rows: &mut [f32], step: &[f32]) {
        let norm = self;
        run!(set, add_and_normalise_rows(norm: &Norm, rows: &mut [f32], step: &[f32]));
    }
}

#[inline(always)]
#[expect(clippy::inline_always, reason = "must be compiled for the caller's instructions")]
fn add_bias_rows<const FUSED: bool>(rows: &mut [f32], bias: &[f32]) {
    for row in rows.chunks_exact_mut(bias.len()) {
        row.iter_mut().zip(bias).for_each(|(x, b)| *x += b);
    }
}

#[inline(always)]
#[expect(clippy::inline_always, reason = "must be compiled for the caller's instructions")]
fn gelu_all<const FUSED: bool>(numbers: &mut [f32]) {
    for x in numbers {
        *x = 0.5 * *x * (1.0 + erf::<FUSED>(*x * std::f32::consts::FRAC_1_SQRT_2));
    }
}

#[inline(always)]
#[expect(clippy::inline_always, reason = "must be compiled for the caller's instructions")]
fn softmax_rows<const FUSED: bool>(rows: &mut [f32], width: usize) {
    for row in rows.chunks_exact_mut(width) {
        let share = softmax_without_share::<FUSED>(row);
        for x in row.iter_mut() {
            *x *= share;
        }
    }
}

/// Turns scores into weights that have still to be multiplied by what comes back.
#[inline(always)]
#[expect(clippy::inline_always, reason = "must be compiled for the caller's instructions")]
pub(crate) fn softmax_without_share<const FUSED: bool>(row: &mut [f32]) -> f32 {
    let larger = |top: f32, x: f32| if x > top { x } else { top };
    let top = fold(row, f32::MIN, larger, larger);
    for x in row.iter_mut() {
        *x = exp::<FUSED>(*x - top);
    }
    1.0 / fold(row, 0.0, |sum, x| sum + x, |sum, x| sum + x)
}

#[inline(always)]
#[expect(clippy::inline_always, reason = "must be compiled for the caller's instructions")]
fn add_and_normalise_rows<const FUSED: bool>(norm: &Norm, rows: &mut [f32], step: &[f32]) {
    let width = norm.scale.len();
    for (row, step) in rows.chunks_exact_mut(width).zip(step.chunks_exact(width)) {
        row.iter_mut().zip(step).for_each(|(x, s)| *x += s);
        normalise_row::<FUSED>(norm, row);
    }
}

#[inline(always)]
#[expect(clippy::inline_always, reason = "must be compiled for the caller's instructions")]
fn normalise_rows<const FUSED: bool>(norm: &Norm, rows: &mut [f32]) {
    for row in rows.chunks_exact_mut(norm.scale.len()) {
        normalise_row::<FUSED>(norm, row);
    }
}

#[inline(always)]
#[expect(clippy::inline_always, reason = "must be compiled for the caller's instructions")]
fn normalise_row<const FUSED: bool>(norm: &Norm, row: &mut [f32]) {
    #[expect(clippy::cast_precision_loss, reason = "rows are a few hundred numbers wide")]
    let share = 1.0 / row.len() as f32;
    let mean = fold(row, 0.0, |sum, x| sum + x, |sum, x| sum + x) * share;
    for x in row.iter_mut() {
        *x -= mean;
    }
    let variance = fold(row, 0.0, |sum, x| fused::<FUSED>(x, x, sum), |sum, x| sum + x) * share;
    let factor = 1.0 / (variance + norm.epsilon).sqrt();
    for ((x, scale), shift) in row.iter_mut().zip(&norm.scale).zip(&norm.shift) {
        *x = fused::<FUSED>(*x * factor, *scale, *shift);
    }
}

/// Folds a row with `join` in lanes, then the lanes with `last`; neither may care for
/// the order.
#[inline(always)]
#[expect(clippy::inline_always, reason = "must be compiled for the caller's instructions")]
fn fold(
    row: &[f32],
    start: f32,
    join: impl Fn(f32, f32) -> f32,
    last: impl Fn(f32, f32) -> f32,
) -> f32 {
    let (whole, rest) = row.as_chunks::<LANES>();
    let mut lanes = [start; LANES];
    for chunk in whole {
        for (lane, x) in lanes.iter_mut().zip(chunk) {
            *lane = join(*lane, *x);
        }
    }
    let tail = rest.iter().fold(start, |result, x| join(result, *x));
    lanes.into_iter().fold(tail, last)
}

/// The error function, after Abramowitz and Stegun 7.1.26.
#[inline(always)]
fn erf<const FUSED: bool>(x: f32) -> f32 {
    const A: [f32; 5] = [0.254_829_6, -0.284_496_73, 1.421_413_8, -1.453_152, 1.061_405_4];
    let z = x.abs();
    let t = 1.0 / fused::<FUSED>(0.327_591_1, z, 1.0);
    let mut series = A[4];
    for a in [A[3], A[2], A[1], A[0]] {
        series = fused::<FUSED>(series, t, a);
    }
    (1.0 - series * t * exp::<FUSED>(-z * z)).copysign(x)
}

/// The exponential function: a power of two from the exponent bits, times a
/// polynomial on what is left.
#[inline(always)]
fn exp<const FUSED: bool>(x: f32) -> f32 {
    // Adding 1.5 * 2^23 leaves the nearest whole number in the low bits.
    const ROUND: f32 = 12_582_912.0;
    // One over the factorials of 6 to 0.
    const SERIES: [f32; 6] = [0.008_333_334, 0.041_666_668, 0.166_666_67, 0.5, 1.0, 1.0];
    let x = x.clamp(-87.0, 88.0);
    let rounded = x * std::f32::consts::LOG2_E + ROUND;
    let whole = rounded - ROUND;
    let r = fused::<FUSED>(whole, 2.121_944_4e-4, fused::<FUSED>(whole, -0.693_359_4, x));
    let mut series = 0.001_388_888_9;
    for term in SERIES {
        series = fused::<FUSED>(series, r, term);
    }
    series * f32::from_bits(rounded.to_bits().wrapping_add(127) << 23)
}

/// `a × b + c`, rounded once or twice.
#[inline(always)]
#[expect(clippy::inline_always, reason = "must be compiled for the caller's instructions")]
fn fused<const FUSED: bool>(a: f32, b: f32, c: f32) -> f32 {
    if FUSED { a.mul_add(b, c) } else { a * b + c }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exp_agrees_with_the_standard_library() {
        for step in -8_600_i16..=800 {
            let x = f32::from(step) / 100.0;
            let expected = f64::from(x).exp();
            for value in [exp::<true>(x), exp::<false>(x)] {
                let error = (f64::from(value) - expected).abs() / expected;
                assert!(error < 3e-7, "exp({x}) is off by {error}");
            }
        }
        assert!(exp::<true>(-1e9) < 1e-37);
    }

    #[test]
    fn erf_agrees_with_known_values() {
        let known = [(0.0, 0.0), (0.5, 0.520_499_9), (1.0, 0.842_700_8), (2.0, 0.995_322_3)];
        for (x, expected) in known {
            for value in [erf::<true>(x), -erf::<true>(-x), erf::<false>(x)] {
                assert!((value - expected).abs() < 3e-7, "erf({x}) is {value}");
            }
        }
    }

    #[test]
    fn softmax_rows_add_up_to_one_whatever_their_width() {
        for set in Instructions::usable() {
            for width in [1, 7, 16, 33] {
                let mut row: Vec<f32> = (0..width).map(|i: u8| f32::from(i) * 0.7 - 40.0).collect();
                softmax(set, &mut row, usize::from(width));
                assert!((row.iter().sum::<f32>() - 1.0).abs() < 1e-5);
                assert!(row.is_sorted());
            }
        }
    }

    #[test]
    fn a_normalised_row_has_mean_zero_and_variance_one() {
        let norm = Norm { scale: vec![1.0; 40], shift: vec![0.0; 40], epsilon: 1e-12 };
        for set in Instructions::usable() {
            let mut row: Vec<f32> = (0..40_u8).map(|i| f32::from(i) * 3.0 + 5.0).collect();
            let half: Vec<f32> = row.iter().map(|x| x / 2.0).collect();
            norm.apply(set, &mut row);
            assert!(row.iter().sum::<f32>().abs() < 1e-4);
            assert!((row.iter().map(|x| x * x).sum::<f32>() / 40.0 - 1.0).abs() < 1e-4);
            let mut sum = half.clone();
            norm.add_and_apply(set, &mut sum, &half);
            for (x, y) in sum.iter().zip(&row) {
                assert!((x - y).abs() < 1e-5, "{x} and {y} by {}", set.name());
            }
        }
    }

    #[test]
    fn gelu_agrees_with_known_values_by_every_set() {
        for set in Instructions::usable() {
            let mut numbers = vec![0.0, 1.0, -1.0, 3.0, -3.0, 10.0, -10.0];
            gelu(set, &mut numbers);
            let known = [0.0, 0.841_344_7, -0.158_655_3, 2.995_950_3, -0.004_049_7, 10.0, 0.0];
            for (x, expected) in numbers.iter().zip(known) {
                assert!((x - expected).abs() < 2e-6, "{x} for {expected} by {}", set.name());
            }
        }
    }
}
