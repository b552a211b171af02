//! Attention by wide registers: six tokens at a time.

/// Writes the same functions for registers of two widths.
macro_rules! tiles {
    (
        $name:ident, $features:literal, $lanes:literal,
        $load:ident, $store:ident, $zero:ident, $splat:ident, $times:ident, $add:ident
    ) => {
        pub(super) mod $name {
            use std::arch::x86_64::{$add, $splat, $times, $zero};
            use std::ops::Range;

            use super::super::{Attention, Text};
            use crate::math::softmax_without_share;
            use crate::wide::{$load, $store};

            /// How many numbers stand side by side: two registers.
            const BLOCK: usize = 2 * $lanes;

            /// What the tokens asked for take from all, for the head whose parts begin
            /// at `start`.
            #[target_feature(enable = $features)]
            pub(in super::super) fn head(
                buffers: &mut Attention,
                text: &Text,
                start: usize,
                asked: Range<usize>,
                out: &mut [f32],
            ) {
                lay_out(buffers, text, start);
                let mut token = asked.start;
                while token < asked.end {
                    let out = &mut out[(token - asked.start) * text.width..];
                    token += match asked.end - token {
                        1 => some::<1>(buffers, text, start, token, out),
                        2 => some::<2>(buffers, text, start, token, out),
                        3 => some::<3>(buffers, text, start, token, out),
                        4 => some::<4>(buffers, text, start, token, out),
                        5 => some::<5>(buffers, text, start, token, out),
                        _ => some::<6>(buffers, text, start, token, out),
                    };
                }
            }

            /// Lays out keys and values as they are multiplied: the keys of a block of
            /// tokens side by side, a block of each value after that of another token.
            #[target_feature(enable = $features)]
            fn lay_out(buffers: &mut Attention, text: &Text, start: usize) {
                let (blocks, parts) = (text.tokens.div_ceil(BLOCK), text.each.div_ceil(BLOCK));
                buffers.keys.clear();
                buffers.keys.resize(blocks * text.each * BLOCK, 0.0);
                buffers.values.clear();
                buffers.values.resize(parts * text.tokens * BLOCK, 0.0);
                for token in 0..text.tokens {
                    let block = &mut buffers.keys[token / BLOCK * text.each * BLOCK..];
                    let places = block.iter_mut().skip(token % BLOCK).step_by(BLOCK);
                    places.zip(text.part(token, 1, start)).for_each(|(place, key)| *place = *key);
                    let value = text.part(token, 2, start);
                    for (part, value) in value.chunks(BLOCK).enumerate() {
                        let place = (part * text.tokens + token) * BLOCK;
                        buffers.values[place..place + value.len()].copy_from_slice(value);
                    }
                }
            }

            /// The same for a few tokens from `first`; says how many.
            #[target_feature(enable = $features)]
            fn some<const ROWS: usize>(
                buffers: &mut Attention,
                text: &Text,
                start: usize,
                first: usize,
                out: &mut [f32],
            ) -> usize {
                let row = text.tokens.next_multiple_of(BLOCK);
                buffers.heed.resize(ROWS * row, 0.0);
                let queries: [&[f32]; ROWS] =
                    std::array::from_fn(|number| text.part(first + number, 0, start));
                let (keys, _) = buffers.keys.as_chunks::<BLOCK>();
                for (block, keys) in keys.chunks_exact(text.each).enumerate() {
                    let scores = products(queries, keys, [1.0; ROWS]);
                    for (number, scores) in scores.iter().enumerate() {
                        buffers.heed[number * row + block * BLOCK..][..BLOCK]
                            .copy_from_slice(scores);
                    }
                }
                let mut shares = [0.0; ROWS];
                for (number, share) in shares.iter_mut().enumerate() {
                    let heed = &mut buffers.heed[number * row..][..text.tokens];
                    *share = softmax_without_share::<true>(heed);
                }
                let heed: [&[f32]; ROWS] =
                    std::array::from_fn(|number| &buffers.heed[number * row..][..text.tokens]);
                let (values, _) = buffers.values.as_chunks::<BLOCK>();
                for (part, values) in values.chunks_exact(text.tokens).enumerate() {
                    let taken = products(heed, values, shares);
                    let from = part * BLOCK;
                    let length = BLOCK.min(text.each - from);
                    for (number, taken) in taken.iter().enumerate() {
                        out[number * text.width + start + from..][..length]
                            .copy_from_slice(&taken[..length]);
                    }
                }
                ROWS
            }

            /// The sum of `right`, each block times a number of a row of `left`; the
            /// row's sum then times its factor.
            #[inline]
            #[target_feature(enable = $features)]
            fn products<const ROWS: usize>(
                left: [&[f32]; ROWS],
                right: &[[f32; BLOCK]],
                factors: [f32; ROWS],
            ) -> [[f32; BLOCK]; ROWS] {
                let left = left.map(|row| &row[..right.len()]);
                let mut sums = [[$zero(); 2]; ROWS];
                for (step, block) in right.iter().enumerate() {
                    let (halves, _) = block.as_chunks::<$lanes>();
                    let (near, far) = ($load(&halves[0]), $load(&halves[1]));
                    for (sums, row) in sums.iter_mut().zip(&left) {
                        let number = $splat(row[step]);
                        sums[0] = $add(number, near, sums[0]);
                        sums[1] = $add(number, far, sums[1]);
                    }
                }
                let mut results = [[0.0; BLOCK]; ROWS];
                for (number, result) in results.iter_mut().enumerate() {
                    let factor = $splat(factors[number]);
                    let (halves, _) = result.as_chunks_mut::<$lanes>();
                    for (half, sum) in halves.iter_mut().zip(sums[number]) {
                        $store(half, $times(sum, factor));
                    }
                }
                results
            }
        }
    };
}

tiles!(
    by_512_bits,
    "avx512f,avx512bw,avx512dq,avx512vl,avx512vnni,fma",
    16,
    load_16_floats,
    store_16_floats,
    _mm512_setzero_ps,
    _mm512_set1_ps,
    _mm512_mul_ps,
    _mm512_fmadd_ps
);

tiles!(
    by_256_bits,
    "avx2,fma",
    8,
    load_8_floats,
    store_8_floats,
    _mm256_setzero_ps,
    _mm256_set1_ps,
    _mm256_mul_ps,
    _mm256_fmadd_ps
);
