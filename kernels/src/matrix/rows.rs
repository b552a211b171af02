//! Rows of numbers in eight bits.

use super::{TOGETHER, Tile};
use crate::instructions::{Instructions, Kind};

/// How many partial results are kept, so that they need no order among themselves.
const LANES: usize = 16;

/// Adding this leaves the nearest whole number in the low bits: 1.5 × 2²³.
const ROUND: f32 = 12_582_912.0;

/// Rows of numbers, each coded in eight bits with a scale of its own.
#[derive(Default)]
pub struct Rows {
    width: usize,
    /// The codes of all rows, each row filled up to whole fours.
    codes: Vec<[u8; TOGETHER]>,
    /// What a code of 1 stands for, for each row.
    scales: Vec<f32>,
    /// What a code of 0 stands for, for each row.
    least: Vec<f32>,
}

impl Rows {
    /// Codes rows of `width` numbers, in place of what was here. Numbers that are not
    /// finite make no sense and spoil their row, but nothing else.
    ///
    /// # Panics
    /// Panics when the numbers are no whole rows.
    pub fn encode(&mut self, set: Instructions, numbers: &[f32], width: usize) {
        assert!(width > 0 && numbers.len().is_multiple_of(width), "whole rows");
        let depth = width.div_ceil(TOGETHER);
        let count = numbers.len() / width;
        self.width = width;
        self.codes.resize(depth * count, [0; TOGETHER]);
        self.scales.resize(count, 0.0);
        self.least.resize(count, 0.0);
        let rows = numbers.chunks_exact(width).zip(self.codes.chunks_exact_mut(depth));
        let scales = self.scales.iter_mut().zip(&mut self.least);
        for ((numbers, codes), (scale, least)) in rows.zip(scales) {
            let codes = &mut codes.as_flattened_mut()[..width];
            (*scale, *least) = match set.0 {
                // SAFETY: the set can only be had when the processor has the instructions.
                #[cfg(target_arch = "x86_64")]
                Kind::Avx512Vnni => unsafe { encode_512(numbers, codes) },
                // SAFETY: as above.
                #[cfg(target_arch = "x86_64")]
                Kind::AvxVnni | Kind::Avx2 => unsafe { encode_256(numbers, codes) },
                Kind::Portable => encode(numbers, codes),
            };
        }
    }

    /// How many rows there are.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.scales.len()
    }

    /// Whether there are no rows.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.scales.is_empty()
    }

    /// How many numbers a row has.
    #[must_use]
    pub const fn width(&self) -> usize {
        self.width
    }

    /// Some rows, from the one with the number `first`.
    #[inline]
    pub(crate) fn tile<const ROWS: usize>(&self, first: usize) -> Tile<'_, ROWS> {
        let depth = self.width.div_ceil(TOGETHER);
        let row = |offset: usize| &self.codes[(first + offset) * depth..][..depth];
        Tile {
            codes: std::array::from_fn(row),
            scales: std::array::from_fn(|offset| self.scales[first + offset]),
            least: std::array::from_fn(|offset| self.least[first + offset]),
        }
    }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512vnni,fma")]
fn encode_512(numbers: &[f32], codes: &mut [u8]) -> (f32, f32) {
    encode(numbers, codes)
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma")]
fn encode_256(numbers: &[f32], codes: &mut [u8]) -> (f32, f32) {
    encode(numbers, codes)
}

/// Codes a row; what comes back is its scale and its least number.
#[inline(always)]
#[expect(clippy::inline_always, reason = "must be compiled for the caller's instructions")]
fn encode(numbers: &[f32], codes: &mut [u8]) -> (f32, f32) {
    let (whole, rest) = numbers.as_chunks::<LANES>();
    let (mut low, mut high) = ([f32::MAX; LANES], [f32::MIN; LANES]);
    for chunk in whole {
        for ((low, high), x) in low.iter_mut().zip(&mut high).zip(chunk) {
            *low = if *x < *low { *x } else { *low };
            *high = if *x > *high { *x } else { *high };
        }
    }
    let low = low.iter().chain(rest).fold(f32::MAX, |low, x| low.min(*x));
    let high = high.iter().chain(rest).fold(f32::MIN, |high, x| high.max(*x));
    let scale = (high - low) / 255.0;
    let factor = if scale > 0.0 { scale.recip() } else { 0.0 };
    for (code, x) in codes.iter_mut().zip(numbers) {
        *code = ((x - low) * factor + ROUND).to_bits().to_le_bytes()[0];
    }
    (scale, low)
}
