//! Comparing a query with vectors.
//!
//! Each vector is kept as eight-bit codes and one scale: a quarter of the memory,
//! and several times the speed, for an error near one in a hundred of the scores'
//! differences. So the codes only choose candidates, generously; the exact numbers
//! decide among them.

use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;
use std::num::NonZero;
use std::thread;

use munshi_kernels::Instructions;

use super::rows::{self, Run};
use super::stock::Stock;
use crate::vectors::store::{Near, StoreError};

/// How many candidates a result is chosen from, at least.
const CANDIDATES: usize = 200;

/// How many more candidates than passages asked for there are, for each of them, and at
/// the most: what is nearest of all is safe among many, and each is read from the file.
const MORE_EACH: usize = 3;
const MOST_MORE: usize = 600;

/// How many rows are compared before the best of them are kept: their codes fit the
/// nearest memory but one.
const AT_ONCE: usize = 1024;

/// How many bytes of codes are worth a thread of their own, so that starting it does not
/// take longer than it saves.
const WORTH_DIVIDING: usize = if cfg!(test) { 1 << 8 } else { 8 << 20 };

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

/// The `k` entries of some rows nearest to a query, nearest first.
pub(super) fn nearest(
    stock: &Stock,
    runs: &[Run],
    query: &[f32],
    k: usize,
) -> Result<Vec<Near>, StoreError> {
    if k == 0 {
        return Ok(Vec::new());
    }
    let more = k.saturating_mul(MORE_EACH).min(MOST_MORE);
    let wanted = k.saturating_add(more).max(CANDIDATES);
    let mut near = Vec::with_capacity(wanted.min(CANDIDATES));
    for Candidate { row, .. } in candidates(stock, runs, &encode(query), wanted) {
        let Some(block) = stock.owner(row) else { continue };
        near.push(Near {
            passage: stock.rows.passage(row),
            document: block.stub.document,
            case: block.stub.case,
            score: dot(query, &stock.vector(block, row)?),
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
    row: usize,
}

impl Ord for Candidate {
    fn cmp(&self, other: &Self) -> Ordering {
        self.score.total_cmp(&other.score).then(other.row.cmp(&self.row))
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

/// The entries whose codes are nearest to the query's, in the order of the file. What
/// is large is divided among the processor's cores.
fn candidates(stock: &Stock, runs: &[Run], query: &Code, wanted: usize) -> Vec<Candidate> {
    let rows: usize = runs.iter().map(Run::len).sum();
    let cores = thread::available_parallelism().map_or(1, NonZero::get);
    let parts = rows::divided(runs, (rows * stock.dimensions / WORTH_DIVIDING).clamp(1, cores));
    let mut chosen = match &parts[..] {
        [] => Vec::new(),
        [part] => best(stock, part, query, wanted),
        [first, others @ ..] => thread::scope(|scope| {
            let others: Vec<_> = others
                .iter()
                .map(|part| scope.spawn(|| best(stock, part, query, wanted)))
                .collect();
            let mut found = best(stock, first, query, wanted);
            for other in others {
                match other.join() {
                    Ok(more) => found.extend(more),
                    Err(panicked) => std::panic::resume_unwind(panicked),
                }
            }
            found
        }),
    };
    if chosen.len() > wanted {
        chosen.sort_unstable_by(|a, b| b.cmp(a));
        chosen.truncate(wanted);
    }
    chosen.sort_unstable_by_key(|found| found.row);
    chosen
}

/// The entries of some rows whose codes are nearest to the query's.
fn best(stock: &Stock, runs: &[Run], query: &Code, wanted: usize) -> Vec<Candidate> {
    let mut best: BinaryHeap<Reverse<Candidate>> = BinaryHeap::new();
    let mut least = f32::NEG_INFINITY;
    let (mut products, mut scores) = (Vec::new(), Vec::new());
    for run in runs {
        for start in run.clone().step_by(AT_ONCE) {
            let at_once = start..run.end.min(start + AT_ONCE);
            let (codes, scales) = stock.rows.codes(&at_once, stock.dimensions);
            compare(codes, scales, query, &mut products, &mut scores);
            for (row, &score) in at_once.zip(&scores) {
                let full = best.len() >= wanted;
                if (full && score <= least) || stock.rows.owner(row).is_none() {
                    continue;
                }
                best.push(Reverse(Candidate { score, row }));
                if full {
                    best.pop();
                }
                least = best.peek().map_or(least, |worst| worst.0.score);
            }
        }
    }
    best.into_iter().map(|Reverse(found)| found).collect()
}

/// Compares the codes of rows with the query's. The query's scale is left out: it
/// changes no order.
fn compare(
    codes: &[i8],
    scales: &[f32],
    query: &Code,
    products: &mut Vec<i32>,
    scores: &mut Vec<f32>,
) {
    products.resize(scales.len(), 0);
    munshi_kernels::compare(Instructions::best(), &query.numbers, codes, products);
    scores.clear();
    #[expect(clippy::cast_precision_loss, reason = "codes only choose candidates")]
    scores.extend(products.iter().zip(scales).map(|(sum, scale)| *sum as f32 * scale));
}
