//! Comparing by 512-bit registers (AVX-512 VNNI).

use std::arch::x86_64::{
    __m512i, _mm512_dpbusd_epi32, _mm512_reduce_add_epi32, _mm512_set1_epi8, _mm512_setzero_si512,
    _mm512_xor_si512,
};

use super::signed_dot;
use crate::wide::load_64;

/// How many rows are compared together, so that their sums do not wait for each other.
const TOGETHER: usize = 4;

/// Compares a vector with each of `rows`.
#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512vnni,fma")]
pub(super) fn compare(query: &[i8], rows: &[i8], out: &mut [i32]) {
    let (whole, _) = query.as_chunks::<64>();
    // The instruction takes one side without a sign: 128 is added to the rows' numbers
    // by turning their highest bit, and 128 times the query's sum taken off again.
    let excess = 128 * whole.as_flattened().iter().map(|x| i32::from(*x)).sum::<i32>();
    let mut rows = rows.chunks_exact(query.len());
    let (fours, rest) = out.as_chunks_mut::<TOGETHER>();
    for places in fours {
        let four: [&[i8]; TOGETHER] = std::array::from_fn(|_| rows.next().unwrap_or_default());
        for (place, (sum, tail)) in places.iter_mut().zip(products(query, four)) {
            *place = _mm512_reduce_add_epi32(sum) - excess + tail;
        }
    }
    for (place, row) in rest.iter_mut().zip(rows) {
        for (sum, tail) in products(query, [row]) {
            *place = _mm512_reduce_add_epi32(sum) - excess + tail;
        }
    }
}

/// The sums in lanes of each row, and the products of what fills no register.
#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512vnni,fma")]
fn products<const ROWS: usize>(query: &[i8], rows: [&[i8]; ROWS]) -> [(__m512i, i32); ROWS] {
    let (whole, tail) = query.as_chunks::<64>();
    let chunks = rows.map(|row| &row.as_chunks::<64>().0[..whole.len()]);
    let sign = _mm512_set1_epi8(-128);
    let mut sums = [_mm512_setzero_si512(); ROWS];
    for (step, query) in whole.iter().enumerate() {
        let query = load_64(query);
        for (sum, chunks) in sums.iter_mut().zip(chunks) {
            let row = _mm512_xor_si512(load_64(&chunks[step]), sign);
            *sum = _mm512_dpbusd_epi32(*sum, row, query);
        }
    }
    let end = query.len() - tail.len();
    std::array::from_fn(|number| (sums[number], signed_dot(tail, &rows[number][end..])))
}
