//! The product by 256-bit registers (AVX-VNNI).
//!
//! Three rows by 32 outputs at a time: 12 of the 16 registers hold sums.

use std::arch::x86_64::{_mm256_dpbusd_avx_epi32, _mm256_set1_epi32, _mm256_setzero_si256};

use super::avx2::finish;
use super::{GROUPS, PANEL, Panel, Rows, Tile, place};
use crate::wide::load_32;

/// How many groups are summed at once.
const AT_ONCE: usize = 2;

/// Multiplies all rows by the weights of a panel; `width` is the length of a row of `out`.
#[target_feature(enable = "avx2,fma,avxvnni")]
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
#[target_feature(enable = "avx2,fma,avxvnni")]
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
    for first in (0..GROUPS).step_by(AT_ONCE) {
        let mut sums = [[_mm256_setzero_si256(); AT_ONCE * 2]; ROWS];
        for (step, groups) in panel.groups.iter().enumerate() {
            let (near, _) = groups[first].0.as_chunks::<32>();
            let (far, _) = groups[first + 1].0.as_chunks::<32>();
            let weights =
                [load_32(&near[0]), load_32(&near[1]), load_32(&far[0]), load_32(&far[1])];
            for (sums, codes) in sums.iter_mut().zip(&codes) {
                let code = _mm256_set1_epi32(i32::from_ne_bytes(codes[step]));
                for (sum, weight) in sums.iter_mut().zip(weights) {
                    *sum = _mm256_dpbusd_avx_epi32(*sum, code, weight);
                }
            }
        }
        for (number, sums) in sums.iter().enumerate() {
            let row = (tile.scales[number], tile.least[number]);
            for (offset, sum) in sums.iter().enumerate() {
                finish(*sum, row, panel.columns, first * 2 + offset, &mut numbers[number]);
            }
        }
    }
    for (number, numbers) in numbers.iter().enumerate() {
        place(numbers, panel, out, row + number, width);
    }
    ROWS
}
