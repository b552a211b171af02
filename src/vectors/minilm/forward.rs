//! The forward pass: tokens in, one vector a text out.
//!
//! The texts of a batch stand one after the other in one matrix, a column a token,
//! so nothing is computed for padding; only attention looks at one text at a time.

use faer::linalg::matmul::matmul;
use faer::{Accum, MatMut, MatRef, Par};

use super::math;
use super::weights::{Layer, Linear, Weights};
use crate::vectors::normalise;

/// The buffers of a forward pass, kept from one batch to the next.
#[derive(Default)]
pub(super) struct Workspace {
    /// The state of every token.
    state: Vec<f32>,
    /// Query, key and value of every token.
    attention: Vec<f32>,
    /// What the tokens took from each other.
    attended: Vec<f32>,
    /// The wide middle of the feed-forward step.
    wide: Vec<f32>,
    /// What a step adds to the state.
    step: Vec<f32>,
    /// How much each token of a text heeds each other, for one head.
    heed: Vec<f32>,
}

/// How a forward pass shares the machine.
#[derive(Clone, Copy)]
pub(super) struct Manner<'a> {
    /// The threads a multiplication may take.
    pub(super) par: Par,
    /// Called between layers, so that something urgent can be done first.
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
    math::normalise(&mut space.state, &weights.norm, weights.epsilon);
    for layer in &weights.layers {
        attend(weights, layer, batch, space, manner.par);
        feed_forward(weights, layer, space, manner.par);
        (manner.between)();
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
fn attend(weights: &Weights, layer: &Layer, batch: &[Vec<u32>], space: &mut Workspace, par: Par) {
    let (width, heads) = (weights.hidden, weights.heads);
    multiply(&layer.attention, &space.state, &mut space.attention, par);
    math::add_bias(&mut space.attention, &layer.attention.bias);
    space.attended.resize(space.state.len(), 0.0);
    let mut first = 0;
    for ids in batch {
        let tokens = first..first + ids.len();
        first = tokens.end;
        let three = &space.attention[tokens.start * 3 * width..tokens.end * 3 * width];
        let three = MatRef::from_column_major_slice(three, 3 * width, ids.len());
        let out = &mut space.attended[tokens.start * width..tokens.end * width];
        let out = MatMut::from_column_major_slice_mut(out, width, ids.len());
        space.heed.resize(ids.len() * ids.len(), 0.0);
        attend_one(three, out, &mut space.heed, width / heads, par);
    }
    multiply(&layer.attended, &space.attended, &mut space.step, par);
    math::add_and_normalise(
        &mut space.state,
        &space.step,
        &layer.attended.bias,
        &layer.attended_norm,
        weights.epsilon,
    );
}

/// Attention within one text: `three` holds query, key and value, a column a token;
/// `each` is the width of a head.
fn attend_one(
    three: MatRef<'_, f32>,
    mut out: MatMut<'_, f32>,
    heed: &mut [f32],
    each: usize,
    par: Par,
) {
    let (width, tokens) = (out.nrows(), out.ncols());
    for start in (0..width).step_by(each) {
        let query = three.submatrix(start, 0, each, tokens);
        let key = three.submatrix(width + start, 0, each, tokens);
        let value = three.submatrix(2 * width + start, 0, each, tokens);
        let scores = MatMut::from_column_major_slice_mut(heed, tokens, tokens);
        matmul(scores, Accum::Replace, key.transpose(), query, 1.0, par);
        math::softmax(heed, tokens);
        let shares = MatRef::from_column_major_slice(&*heed, tokens, tokens);
        let out = out.as_mut().submatrix_mut(start, 0, each, tokens);
        matmul(out, Accum::Replace, value, shares, 1.0, par);
    }
}

/// The feed-forward step: each token by itself, through a wide middle.
fn feed_forward(weights: &Weights, layer: &Layer, space: &mut Workspace, par: Par) {
    multiply(&layer.widen, &space.state, &mut space.wide, par);
    math::add_bias_gelu(&mut space.wide, &layer.widen.bias);
    multiply(&layer.narrow, &space.wide, &mut space.step, par);
    math::add_and_normalise(
        &mut space.state,
        &space.step,
        &layer.narrow.bias,
        &layer.narrow_norm,
        weights.epsilon,
    );
}

/// Multiplies every column of `input` by a weight, without its bias.
fn multiply(linear: &Linear, input: &[f32], output: &mut Vec<f32>, par: Par) {
    let outputs = linear.bias.len();
    let inputs = linear.weight.len() / outputs;
    let tokens = input.len() / inputs;
    output.resize(outputs * tokens, 0.0);
    matmul(
        MatMut::from_column_major_slice_mut(output.as_mut_slice(), outputs, tokens),
        Accum::Replace,
        MatRef::from_column_major_slice(linear.weight.as_slice(), outputs, inputs),
        MatRef::from_column_major_slice(input, inputs, tokens),
        1.0,
        par,
    );
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
