//! The product by 512-bit registers (AVX-512 VNNI).
//!
//! Six rows by 64 outputs at a time: 24 of the 32 registers hold sums.

use std::arch::x86_64::{
    _mm512_cvtepi32_ps, _mm512_dpbusd_epi32, _mm512_fmadd_ps, _mm512_mul_ps, _mm512_set1_epi32,
    _mm512_set1_ps, _mm512_setzero_si512,
};

use super::{GROUPS, PANEL, Panel, Rows, Tile, place};
use crate::wide::{load_16_floats, load_64, store_16_floats};

/// Multiplies all rows by the weights of a panel; `width` is the length of a row of `out`.
#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512vnni,fma")]
pub(super) fn panel(rows: &Rows, panel: &Panel, out: &mut [f32], width: usize) {
    let mut row = 0;
    while row < rows.len() {
        row += match rows.len() - row {
            1 => tile(&rows.tile::<1>(row), panel, out, row, width),
            2 => tile(&rows.tile::<2>(row), panel, out, row, width),
            3 => tile(&rows.tile::<3>(row), panel, out, row, width),
            4 => tile(&rows.tile::<4>(row), panel, out, row, width),
            5 => tile(&rows.tile::<5>(row), panel, out, row, width),
            _ => tile(&rows.tile::<6>(row), panel, out, row, width),
        };
    }
}

/// Multiplies some rows and says how many.
#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512vnni,fma")]
fn tile<const ROWS: usize>(
    tile: &Tile<ROWS>,
    panel: &Panel,
    out: &mut [f32],
    row: usize,
    width: usize,
) -> usize {
    let mut sums = [[_mm512_setzero_si512(); GROUPS]; ROWS];
    let depth = panel.groups.len();
    let codes = tile.codes.map(|codes| &codes[..depth]);
    for (step, groups) in panel.groups.iter().enumerate() {
        let weights = [
            load_64(&groups[0].0),
            load_64(&groups[1].0),
            load_64(&groups[2].0),
            load_64(&groups[3].0),
        ];
        for (sums, codes) in sums.iter_mut().zip(&codes) {
            let code = _mm512_set1_epi32(i32::from_ne_bytes(codes[step]));
            for (sum, weight) in sums.iter_mut().zip(weights) {
                *sum = _mm512_dpbusd_epi32(*sum, code, weight);
            }
        }
    }
    let (scales, _) = panel.columns.scales.as_chunks::<16>();
    let (totals, _) = panel.columns.sums.as_chunks::<16>();
    let (bias, _) = panel.columns.bias.as_chunks::<16>();
    for (number, sums) in sums.iter().enumerate() {
        let scale = _mm512_set1_ps(tile.scales[number]);
        let least = _mm512_set1_ps(tile.least[number]);
        let mut numbers = [0.0; PANEL];
        let (places, _) = numbers.as_chunks_mut::<16>();
        for (group, (sum, place)) in sums.iter().zip(places).enumerate() {
            let base = _mm512_fmadd_ps(
                least,
                load_16_floats(&totals[group]),
                load_16_floats(&bias[group]),
            );
            let factor = _mm512_mul_ps(scale, load_16_floats(&scales[group]));
            store_16_floats(place, _mm512_fmadd_ps(_mm512_cvtepi32_ps(*sum), factor, base));
        }
        place(&numbers, panel, out, row + number, width);
    }
    ROWS
}
