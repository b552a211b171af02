//! A vector in eight bits against many others.

use crate::instructions::{Instructions, Kind};

#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(target_arch = "x86_64")]
mod avx512;
#[cfg(target_arch = "x86_64")]
mod avx_vnni;

/// The longest vector whose product surely fits 32 bits.
const LONGEST: usize = (i32::MAX / (128 * 255)) as usize;

/// Compares a vector with each of `rows`, which stand one after the other: `out` gets
/// one product each.
///
/// # Panics
/// Panics when `rows` is not as many vectors as `out` has places, or a vector has no
/// numbers or more than 65,793, whose sum could overflow.
pub fn compare(set: Instructions, query: &[i8], rows: &[i8], out: &mut [i32]) {
    assert!(!query.is_empty() && query.len() <= LONGEST, "vectors of 1 to {LONGEST} numbers");
    assert_eq!(rows.len(), query.len() * out.len(), "a vector for each place");
    match set.0 {
        // SAFETY: the set can only be had when the processor has the instructions.
        #[cfg(target_arch = "x86_64")]
        Kind::Avx512Vnni => unsafe { avx512::compare(query, rows, out) },
        // SAFETY: as above.
        #[cfg(target_arch = "x86_64")]
        Kind::AvxVnni => unsafe { avx_vnni::compare(query, rows, out) },
        // SAFETY: as above.
        #[cfg(target_arch = "x86_64")]
        Kind::Avx2 => unsafe { avx2::compare(query, rows, out) },
        Kind::Portable => {
            for (row, place) in rows.chunks_exact(query.len()).zip(out) {
                *place = signed_dot(query, row);
            }
        }
    }
}

/// The product of two vectors, by what every processor has.
fn signed_dot(a: &[i8], b: &[i8]) -> i32 {
    a.iter().zip(b).map(|(x, y)| i32::from(*x) * i32::from(*y)).sum()
}

#[cfg(test)]
mod tests;
