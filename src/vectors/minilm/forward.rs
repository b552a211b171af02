//! The forward pass: tokens in, one vector a text out.
//!
//! The texts of a batch stand one after the other in one matrix, a row a token, so
//! nothing is computed for padding; only attention looks at one text at a time. The
//! weights say how they are multiplied: in eight bits by `munshi-kernels`, or in the
//! model's own numbers by `faer`. The rest is the same for both.

use faer::linalg::matmul::matmul;
use faer::{Accum, MatMut, MatRef, Par};
use munshi_kernels::{Attention, Instructions, Rows};

use super::weights::{Layer, Linear, Weights};
use crate::vectors::normalise;

/// How many tokens go through the steps of a layer together: what is computed for them
/// in between stays in the cache, and something urgent need not wait for more.
const BLOCK: usize = 48;

/// The buffers of a forward pass, kept from one batch to the next.
#[derive(Default)]
pub(super) struct Workspace {
    /// The state of every token.
    state: Vec<f32>,
    /// Query, key and value of every token.
    three: Vec<f32>,
    /// What the tokens took from each other.
    attended: Vec<f32>,
    /// The wide middle of the feed-forward step.
    wide: Vec<f32>,
    /// What a step adds to the state.
    step: Vec<f32>,
    /// The numbers of some tokens in eight bits.
    coded: Rows,
    attention: Attention,
    /// How much each token of a text heeds each other, for one head.
    heed: Vec<f32>,
}

/// How a forward pass shares the machine.
#[derive(Clone, Copy)]
pub(super) struct Manner<'a> {
    /// The threads a multiplication may take.
    pub(super) par: Par,
    /// Called every few tokens of a layer, so that something urgent can be done first.
    pub(super) between: &'a dyn Fn(),
}

/// Turns the tokens of each text into a vector of length one.
pub(super) fn forward(
    weights: &Weights,
    batch: &[Vec<u32>],
    space: &mut Workspace,
    manner: Manner,
) -> Vec<Vec<f32>> {
    look_up(weights, batch, &mut space.state);
    weights.norm.apply(weights.set, &mut space.state);
    for layer in &weights.layers {
        attend(weights, layer, batch, space, manner);
        settle(weights, layer, space, manner);
    }
    pool(weights.hidden, batch, &space.state)
}

/// Starts the state from the embeddings of words and positions. A token the model
/// does not have, or beyond its positions, adds nothing.
fn look_up(weights: &Weights, batch: &[Vec<u32>], state: &mut Vec<f32>) {
    let width = weights.hidden;
    state.clear();
    for ids in batch {
        for (position, id) in ids.iter().enumerate() {
            let start = state.len();
            let word = usize::try_from(*id).ok().and_then(|id| row(&weights.words, id, width));
            state.extend_from_slice(word.unwrap_or_default());
            state.resize(start + width, 0.0);
            if let Some(place) = row(&weights.positions, position, width) {
                state[start..].iter_mut().zip(place).for_each(|(x, p)| *x += p);
            }
        }
    }
}

fn row(table: &[f32], number: usize, width: usize) -> Option<&[f32]> {
    table.get(number * width..(number + 1) * width)
}

/// Self-attention: every token takes from the tokens of its text what it heeds.
fn attend(
    weights: &Weights,
    layer: &Layer,
    batch: &[Vec<u32>],
    space: &mut Workspace,
    manner: Manner,
) {
    let (width, heads) = (weights.hidden, weights.heads);
    let Workspace { state, three, attended, coded, attention, heed, .. } = space;
    three.resize(3 * state.len(), 0.0);
    attended.resize(state.len(), 0.0);
    let block = block(weights, state.len());
    for (state, three) in state.chunks(block).zip(three.chunks_mut(3 * block)) {
        multiply(weights.set, &layer.attention, state, three, coded, manner.par);
        (manner.between)();
    }
    let mut first = 0;
    for ids in batch {
        let tokens = first..first + ids.len();
        first = tokens.end;
        let three = &three[tokens.start * 3 * width..tokens.end * 3 * width];
        let out = &mut attended[tokens.start * width..tokens.end * width];
        if weights.coded() {
            attention.attend(weights.set, three, heads, 0..ids.len(), out);
        } else {
            let three = MatRef::from_column_major_slice(three, 3 * width, ids.len());
            let out = MatMut::from_column_major_slice_mut(out, width, ids.len());
            heed.resize(ids.len() * ids.len(), 0.0);
            attend_exactly(weights, three, out, heed, manner.par);
        }
        (manner.between)();
    }
}

/// How many numbers of the state are worked on together. `faer` cuts its work itself.
fn block(weights: &Weights, all: usize) -> usize {
    if weights.coded() { BLOCK * weights.hidden } else { all.max(1) }
}

/// Attention within one text by `faer`: `three` holds query, key and value, a column a
/// token.
fn attend_exactly(
    weights: &Weights,
    three: MatRef<'_, f32>,
    mut out: MatMut<'_, f32>,
    heed: &mut [f32],
    par: Par,
) {
    let (width, tokens) = (out.nrows(), out.ncols());
    let each = width / weights.heads;
    for start in (0..width).step_by(each) {
        let query = three.submatrix(start, 0, each, tokens);
        let key = three.submatrix(width + start, 0, each, tokens);
        let value = three.submatrix(2 * width + start, 0, each, tokens);
        let scores = MatMut::from_column_major_slice_mut(heed, tokens, tokens);
        matmul(scores, Accum::Replace, key.transpose(), query, 1.0, par);
        munshi_kernels::softmax(weights.set, heed, tokens);
        let shares = MatRef::from_column_major_slice(&*heed, tokens, tokens);
        let out = out.as_mut().submatrix_mut(start, 0, each, tokens);
        matmul(out, Accum::Replace, value, shares, 1.0, par);
    }
}

/// Takes what was attended to into the state, and then the feed-forward step: each
/// token by itself, through a wide middle.
fn settle(weights: &Weights, layer: &Layer, space: &mut Workspace, manner: Manner) {
    let (set, par) = (weights.set, manner.par);
    let block = block(weights, space.state.len());
    let Workspace { state, attended, wide, step, coded, .. } = space;
    for (state, attended) in state.chunks_mut(block).zip(attended.chunks(block)) {
        step.resize(state.len(), 0.0);
        multiply(set, &layer.attended, attended, step, coded, par);
        layer.attended_norm.add_and_apply(set, state, step);
        wide.resize(state.len() / weights.hidden * layer.widen.outputs(), 0.0);
        multiply(set, &layer.widen, state, wide, coded, par);
        munshi_kernels::gelu(set, wide);
        multiply(set, &layer.narrow, wide, step, coded, par);
        layer.narrow_norm.add_and_apply(set, state, step);
        (manner.between)();
    }
}

/// Multiplies every row of `input` by a weight and adds its bias.
fn multiply(
    set: Instructions,
    linear: &Linear,
    input: &[f32],
    output: &mut [f32],
    coded: &mut Rows,
    par: Par,
) {
    match linear {
        Linear::Coded(matrix) => {
            coded.encode(set, input, matrix.inputs());
            munshi_kernels::multiply(set, coded, matrix, output);
        }
        Linear::Exact { weight, bias } => {
            let (outputs, inputs) = (bias.len(), weight.len() / bias.len());
            let tokens = input.len() / inputs;
            matmul(
                MatMut::from_column_major_slice_mut(output, outputs, tokens),
                Accum::Replace,
                MatRef::from_column_major_slice(weight, outputs, inputs),
                MatRef::from_column_major_slice(input, inputs, tokens),
                1.0,
                par,
            );
            munshi_kernels::add_bias(set, output, bias);
        }
    }
}

/// The mean of the tokens of each text, brought to length one.
fn pool(width: usize, batch: &[Vec<u32>], state: &[f32]) -> Vec<Vec<f32>> {
    let mut rest = state;
    let mut vectors = Vec::with_capacity(batch.len());
    for ids in batch {
        let (own, after) = rest.split_at(ids.len() * width);
        rest = after;
        let mut sum = vec![0.0; width];
        for token in own.chunks_exact(width) {
            sum.iter_mut().zip(token).for_each(|(x, t)| *x += t);
        }
        // The length is brought to one, so dividing by the count changes nothing.
        normalise(&mut sum);
        vectors.push(sum);
    }
    vectors
}
