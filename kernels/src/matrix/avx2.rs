//! The product by 256-bit registers without instructions made for it (AVX2).
//!
//! Codes are widened to sixteen bits before they are multiplied. The instruction that
//! multiplies eight bits directly cuts off sums of two products above 32,767, so its
//! results would be wrong, and differ from those of other processors.

use std::arch::x86_64::{
    __m256i, _mm_set1_epi32, _mm256_add_epi32, _mm256_cvtepi8_epi16, _mm256_cvtepi32_ps,
    _mm256_cvtepu8_epi16, _mm256_fmadd_ps, _mm256_hadd_epi32, _mm256_madd_epi16, _mm256_mul_ps,
    _mm256_permute4x64_epi64, _mm256_set1_ps, _mm256_setzero_si256,
};

use super::{Columns, GROUPS, PANEL, Panel, Rows, Tile, place};
use crate::wide::{load_8_floats, load_16, store_8_floats};

/// Multiplies all rows by the weights of a panel; `width` is the length of a row of `out`.
#[target_feature(enable = "avx2,fma")]
pub(super) fn panel(rows: &Rows, panel: &Panel, out: &mut [f32], width: usize) {
    let mut row = 0;
    while row < rows.len() {
        row += match rows.len() - row {
            1 => tile(&rows.tile::<1>(row), panel, out, row, width),
            2 => tile(&rows.tile::<2>(row), panel, out, row, width),
            _ => tile(&rows.tile::<3>(row), panel, out, row, width),
        };
    }
}

/// Multiplies some rows and says how many.
#[target_feature(enable = "avx2,fma")]
fn tile<const ROWS: usize>(
    tile: &Tile<ROWS>,
    panel: &Panel,
    out: &mut [f32],
    row: usize,
    width: usize,
) -> usize {
    let depth = panel.groups.len();
    let codes = tile.codes.map(|codes| &codes[..depth]);
    let mut numbers = [[0.0; PANEL]; ROWS];
    for group in 0..GROUPS {
        // Each register holds two sums for each of four outputs.
        let mut sums = [[_mm256_setzero_si256(); 4]; ROWS];
        for (step, groups) in panel.groups.iter().enumerate() {
            let (fours, _) = groups[group].0.as_chunks::<16>();
            let code = codes.map(|codes| {
                let code = _mm_set1_epi32(i32::from_ne_bytes(codes[step]));
                _mm256_cvtepu8_epi16(code)
            });
            for (output, four) in fours.iter().enumerate() {
                let weight = _mm256_cvtepi8_epi16(load_16(four));
                for (sums, code) in sums.iter_mut().zip(code) {
                    let product = _mm256_madd_epi16(code, weight);
                    sums[output] = _mm256_add_epi32(sums[output], product);
                }
            }
        }
        for (number, sums) in sums.iter().enumerate() {
            let row = (tile.scales[number], tile.least[number]);
            let halves = [join(sums[0], sums[1]), join(sums[2], sums[3])];
            for (half, sum) in halves.into_iter().enumerate() {
                finish(sum, row, panel.columns, group * 2 + half, &mut numbers[number]);
            }
        }
    }
    for (number, numbers) in numbers.iter().enumerate() {
        place(numbers, panel, out, row + number, width);
    }
    ROWS
}

/// Adds neighbours: from two sums for each of eight outputs, one for each, in order.
#[inline]
#[target_feature(enable = "avx2,fma")]
fn join(first: __m256i, second: __m256i) -> __m256i {
    _mm256_permute4x64_epi64::<0b11_01_10_00>(_mm256_hadd_epi32(first, second))
}

/// Turns eight sums of a row of this scale and least number into numbers.
#[inline]
#[target_feature(enable = "avx2,fma")]
pub(super) fn finish(
    sum: __m256i,
    (scale, least): (f32, f32),
    columns: &Columns,
    eight: usize,
    numbers: &mut [f32; PANEL],
) {
    let (scales, _) = columns.scales.as_chunks::<8>();
    let (totals, _) = columns.sums.as_chunks::<8>();
    let (bias, _) = columns.bias.as_chunks::<8>();
    let (numbers, _) = numbers.as_chunks_mut::<8>();
    let base = _mm256_fmadd_ps(
        _mm256_set1_ps(least),
        load_8_floats(&totals[eight]),
        load_8_floats(&bias[eight]),
    );
    let factor = _mm256_mul_ps(_mm256_set1_ps(scale), load_8_floats(&scales[eight]));
    let result = _mm256_fmadd_ps(_mm256_cvtepi32_ps(sum), factor, base);
    store_8_floats(&mut numbers[eight], result);
}
