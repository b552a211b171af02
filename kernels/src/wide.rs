//! Moving numbers between memory and wide registers.

use std::arch::x86_64::{
    __m128i, __m256, __m256i, __m512, __m512i, _mm_loadu_si128, _mm256_loadu_ps,
    _mm256_loadu_si256, _mm256_storeu_ps, _mm512_loadu_ps, _mm512_loadu_si512, _mm512_storeu_ps,
};

/// Loads 16 bytes.
#[inline]
#[target_feature(enable = "avx2")]
pub(crate) fn load_16<T: Byte>(bytes: &[T; 16]) -> __m128i {
    // SAFETY: the reference stands for 16 readable bytes, and no alignment is asked.
    unsafe { _mm_loadu_si128((&raw const *bytes).cast()) }
}

/// Loads 32 bytes.
#[inline]
#[target_feature(enable = "avx2")]
pub(crate) fn load_32<T: Byte>(bytes: &[T; 32]) -> __m256i {
    // SAFETY: the reference stands for 32 readable bytes, and no alignment is asked.
    unsafe { _mm256_loadu_si256((&raw const *bytes).cast()) }
}

/// Loads 64 bytes.
#[inline]
#[target_feature(enable = "avx512f")]
pub(crate) fn load_64<T: Byte>(bytes: &[T; 64]) -> __m512i {
    // SAFETY: the reference stands for 64 readable bytes, and no alignment is asked.
    unsafe { _mm512_loadu_si512((&raw const *bytes).cast()) }
}

/// Loads 8 numbers.
#[inline]
#[target_feature(enable = "avx2")]
pub(crate) fn load_8_floats(numbers: &[f32; 8]) -> __m256 {
    // SAFETY: the reference stands for 8 readable numbers, and no alignment is asked.
    unsafe { _mm256_loadu_ps((&raw const *numbers).cast()) }
}

/// Loads 16 numbers.
#[inline]
#[target_feature(enable = "avx512f")]
pub(crate) fn load_16_floats(numbers: &[f32; 16]) -> __m512 {
    // SAFETY: the reference stands for 16 readable numbers, and no alignment is asked.
    unsafe { _mm512_loadu_ps((&raw const *numbers).cast()) }
}

/// Stores 8 numbers.
#[inline]
#[target_feature(enable = "avx2")]
pub(crate) fn store_8_floats(numbers: &mut [f32; 8], register: __m256) {
    // SAFETY: the reference stands for 8 writable numbers, and no alignment is asked.
    unsafe { _mm256_storeu_ps((&raw mut *numbers).cast(), register) }
}

/// Stores 16 numbers.
#[inline]
#[target_feature(enable = "avx512f")]
pub(crate) fn store_16_floats(numbers: &mut [f32; 16], register: __m512) {
    // SAFETY: the reference stands for 16 writable numbers, and no alignment is asked.
    unsafe { _mm512_storeu_ps((&raw mut *numbers).cast(), register) }
}

/// A number of one byte.
pub(crate) trait Byte {}

impl Byte for u8 {}
impl Byte for i8 {}
