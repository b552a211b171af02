//! Attention: what every token of a text takes from the others.
//!
//! This stays in 32-bit numbers: it is a small part of the model's arithmetic, and the
//! scores decide more than the sums do.

#[cfg(target_arch = "x86_64")]
mod tiles;

use std::ops::Range;

use crate::instructions::{Instructions, Kind};

/// The buffers of [`Attention::attend`], kept from one text to the next.
#[derive(Debug, Default)]
pub struct Attention {
    /// The keys of a head, so that those of some tokens stand side by side.
    keys: Vec<f32>,
    /// The values of a head.
    values: Vec<f32>,
    /// How much some tokens heed each token.
    heed: Vec<f32>,
}

/// The tokens of one text: a query, a key and a value each, every one of `heads` parts.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Text<'a> {
    pub(crate) three: &'a [f32],
    /// The length of a query, and of a key, and of a value.
    pub(crate) width: usize,
    /// The length of a part.
    pub(crate) each: usize,
    pub(crate) tokens: usize,
}

impl<'a> Text<'a> {
    /// A part of a token's query (0), key (1) or value (2), beginning at `start`.
    #[inline]
    pub(crate) fn part(&self, token: usize, which: usize, start: usize) -> &'a [f32] {
        &self.three[(token * 3 + which) * self.width + start..][..self.each]
    }
}

impl Attention {
    /// Computes what some tokens of a text take from all of it. `three` has the query,
    /// the key and the value of each token one after the other; the queries are already
    /// scaled. `out` gets a row for each of the tokens asked for.
    ///
    /// # Panics
    /// Panics when the lengths do not fit each other.
    pub fn attend(
        &mut self,
        set: Instructions,
        three: &[f32],
        heads: usize,
        asked: Range<usize>,
        out: &mut [f32],
    ) {
        if asked.is_empty() {
            return;
        }
        let width = out.len() / asked.len();
        assert!(width > 0 && heads > 0 && width.is_multiple_of(heads), "heads of one width");
        assert_eq!(out.len(), width * asked.len(), "a row for each token asked for");
        assert!(three.len().is_multiple_of(3 * width), "whole tokens");
        let text = Text { three, width, each: width / heads, tokens: three.len() / (3 * width) };
        assert!(asked.end <= text.tokens, "tokens of the text");
        for start in (0..width).step_by(text.each) {
            match set.0 {
                // SAFETY: the set can only be had when the processor has the instructions.
                #[cfg(target_arch = "x86_64")]
                Kind::Avx512Vnni => unsafe {
                    tiles::by_512_bits::head(self, &text, start, asked.clone(), out);
                },
                // SAFETY: as above.
                #[cfg(target_arch = "x86_64")]
                Kind::AvxVnni | Kind::Avx2 => unsafe {
                    tiles::by_256_bits::head(self, &text, start, asked.clone(), out);
                },
                Kind::Portable => self.portable(&text, start, asked.clone(), out),
            }
        }
    }

    /// One head, by what every processor has: the measure of the others.
    fn portable(&mut self, text: &Text, start: usize, asked: Range<usize>, out: &mut [f32]) {
        for (token, out) in asked.zip(out.chunks_exact_mut(text.width)) {
            let query = text.part(token, 0, start);
            self.heed.clear();
            self.heed.extend((0..text.tokens).map(|other| {
                let key = text.part(other, 1, start);
                query.iter().zip(key).map(|(q, k)| q * k).sum::<f32>()
            }));
            let share = crate::math::softmax_without_share::<false>(&mut self.heed);
            let out = &mut out[start..start + text.each];
            out.fill(0.0);
            for (other, heed) in self.heed.iter().enumerate() {
                for (x, v) in out.iter_mut().zip(text.part(other, 2, start)) {
                    *x += heed * share * v;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn every_set_attends_like_the_portable_one(
            (three, heads, tokens, from) in (1_usize..4, 1_usize..40, 1_usize..60).prop_flat_map(
                |(heads, each, tokens)| (
                    prop::collection::vec(-1.5_f32..1.5, 3 * heads * each * tokens),
                    Just(heads),
                    Just(tokens),
                    0..=tokens,
                ),
            ),
        ) {
            let width = three.len() / 3 / tokens;
            let by = |set| {
                let mut out = vec![f32::NAN; (tokens - from) * width];
                Attention::default().attend(set, &three, heads, from..tokens, &mut out);
                out
            };
            let expected = by(Instructions::portable());
            for set in Instructions::usable() {
                for (x, y) in by(set).iter().zip(&expected) {
                    prop_assert!((x - y).abs() < 2e-5, "{x} and {y} by {}", set.name());
                }
            }
        }
    }

    #[test]
    fn a_token_that_fits_one_other_takes_its_value() {
        // Two tokens of width 2; the first asks for the second, the second for itself.
        let three = [0.0, 50.0, 1.0, 0.0, 7.0, 8.0, 0.0, 50.0, 0.0, 1.0, 3.0, 4.0];
        for set in Instructions::usable() {
            let mut out = [0.0; 4];
            Attention::default().attend(set, &three, 1, 0..2, &mut out);
            for (x, expected) in out.into_iter().zip([3.0_f32, 4.0, 3.0, 4.0]) {
                assert!((x - expected).abs() < 1e-6, "{x} by {}", set.name());
            }
        }
    }
}
