//! Comparing by 256-bit registers, in sixteen bits (AVX2).

use std::arch::x86_64::{
    __m256i, _mm_add_epi32, _mm_cvtsi128_si32, _mm_shuffle_epi32, _mm256_add_epi32,
    _mm256_castsi256_si128, _mm256_cvtepi8_epi16, _mm256_extracti128_si256, _mm256_madd_epi16,
    _mm256_setzero_si256,
};

use super::signed_dot;
use crate::wide::load_16;

/// Compares a vector with each of `rows`.
#[target_feature(enable = "avx2,fma")]
pub(super) fn compare(query: &[i8], rows: &[i8], out: &mut [i32]) {
    let (whole, tail) = query.as_chunks::<16>();
    let end = query.len() - tail.len();
    for (row, place) in rows.chunks_exact(query.len()).zip(out) {
        // Two sums, so that they do not wait for each other.
        let mut sums = [_mm256_setzero_si256(); 2];
        let (chunks, _) = row.as_chunks::<16>();
        for (number, (query, row)) in whole.iter().zip(chunks).enumerate() {
            let query = _mm256_cvtepi8_epi16(load_16(query));
            let row = _mm256_cvtepi8_epi16(load_16(row));
            let sum = &mut sums[number % 2];
            *sum = _mm256_add_epi32(*sum, _mm256_madd_epi16(query, row));
        }
        *place = total(_mm256_add_epi32(sums[0], sums[1])) + signed_dot(tail, &row[end..]);
    }
}

/// The sum of the eight numbers of a register.
#[inline]
#[target_feature(enable = "avx2,fma")]
pub(super) fn total(sums: __m256i) -> i32 {
    let four = _mm_add_epi32(_mm256_castsi256_si128(sums), _mm256_extracti128_si256::<1>(sums));
    let two = _mm_add_epi32(four, _mm_shuffle_epi32::<0b00_00_11_10>(four));
    _mm_cvtsi128_si32(_mm_add_epi32(two, _mm_shuffle_epi32::<0b00_00_00_01>(two)))
}
