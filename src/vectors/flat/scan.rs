//! Comparing a query with vectors.
//!
//! Each vector is kept as eight-bit codes and one scale: a quarter of the memory,
//! and several times the speed, for an error near one in a hundred of the scores'
//! differences. So the codes only choose candidates, generously; the exact numbers
//! decide among them.

use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;

use faer::traits::pulp::Arch;

use super::stock::{Block, Stock};
use super::{Near, StoreError};

/// How many candidates a result is chosen from, at least.
const CANDIDATES: usize = 200;

/// How many candidates a result is chosen from, for each passage asked for.
const CANDIDATES_EACH: usize = 4;

/// A vector in eight bits a number.
pub(super) struct Code {
    /// What a code of 1 stands for.
    pub(super) scale: f32,
    pub(super) numbers: Vec<i8>,
}

/// Encodes a vector so that its largest number becomes 127 or -127.
pub(super) fn encode(vector: &[f32]) -> Code {
    let scale = vector.iter().fold(0.0_f32, |top, x| top.max(x.abs())) / 127.0;
    let factor = if scale > 0.0 { scale.recip() } else { 0.0 };
    #[expect(clippy::cast_possible_truncation, reason = "the scale keeps it within ±127")]
    let numbers = vector.iter().map(|x| (x * factor + 0.5_f32.copysign(*x)) as i8).collect();
    Code { scale, numbers }
}

/// The exact dot product.
pub(super) fn dot(a: &[f32], b: &[f32]) -> f32 {
    a.iter().zip(b).map(|(x, y)| x * y).sum()
}

/// The `k` entries of some blocks nearest to a query, nearest first.
pub(super) fn nearest(
    stock: &Stock,
    blocks: &[&Block],
    query: &[f32],
    k: usize,
) -> Result<Vec<Near>, StoreError> {
    if k == 0 {
        return Ok(Vec::new());
    }
    let wanted = k.saturating_mul(CANDIDATES_EACH).max(CANDIDATES);
    let mut near = Vec::with_capacity(wanted.min(CANDIDATES));
    for Candidate { block, entry, .. } in candidates(blocks, &encode(query), wanted) {
        let block = blocks[block];
        near.push(Near {
            passage: block.passages[entry],
            document: block.stub.document,
            case: block.stub.case,
            score: dot(query, &stock.vector(block, entry)?),
        });
    }
    near.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.passage.cmp(&b.passage)));
    near.truncate(k);
    Ok(near)
}

/// An entry that may be near.
#[derive(Clone, Copy)]
struct Candidate {
    score: f32,
    block: usize,
    entry: usize,
}

impl Ord for Candidate {
    fn cmp(&self, other: &Self) -> Ordering {
        let place = |c: &Self| (c.block, c.entry);
        self.score.total_cmp(&other.score).then(place(other).cmp(&place(self)))
    }
}

impl PartialOrd for Candidate {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Candidate {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Candidate {}

/// The entries whose codes are nearest to the query's, in the order of the file.
fn candidates(blocks: &[&Block], query: &Code, wanted: usize) -> Vec<Candidate> {
    let mut best: BinaryHeap<Reverse<Candidate>> = BinaryHeap::new();
    let mut least = f32::NEG_INFINITY;
    let mut scores = Vec::new();
    for (number, block) in blocks.iter().enumerate() {
        compare(block, query, &mut scores);
        for (entry, &score) in scores.iter().enumerate() {
            if best.len() < wanted {
                best.push(Reverse(Candidate { score, block: number, entry }));
            } else if score > least {
                best.push(Reverse(Candidate { score, block: number, entry }));
                best.pop();
            } else {
                continue;
            }
            least = best.peek().map_or(least, |worst| worst.0.score);
        }
    }
    let mut chosen: Vec<Candidate> = best.into_iter().map(|Reverse(found)| found).collect();
    chosen.sort_by_key(|found| (blocks[found.block].stub.start, found.entry));
    chosen
}

/// Compares the codes of a block with the query's. The query's scale is left out:
/// it changes no order.
fn compare(block: &Block, query: &Code, scores: &mut Vec<f32>) {
    scores.resize(block.scales.len(), 0.0);
    Arch::new().dispatch(|| {
        let codes = block.codes.chunks_exact(query.numbers.len());
        for ((score, codes), scale) in scores.iter_mut().zip(codes).zip(&block.scales) {
            #[expect(clippy::cast_precision_loss, reason = "codes only choose candidates")]
            let product = dot_codes(codes, &query.numbers) as f32;
            *score = product * scale;
        }
    });
}

#[inline(always)]
#[expect(clippy::inline_always, reason = "must be compiled for the caller's instructions")]
fn dot_codes(a: &[i8], b: &[i8]) -> i32 {
    a.iter().zip(b).map(|(x, y)| i32::from(*x) * i32::from(*y)).sum()
}
