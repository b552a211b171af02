//! The model's numbers, laid out for the forward pass.

use munshi_kernels::{Instructions, Matrix, Norm};
use safetensors::{Dtype, SafeTensors};
use serde::Deserialize;

use crate::vectors::ModelError;

/// What `config.json` says of the model's shape.
#[derive(Deserialize)]
struct Shape {
    hidden_size: usize,
    intermediate_size: usize,
    layer_norm_eps: f32,
    max_position_embeddings: usize,
    num_attention_heads: usize,
    num_hidden_layers: usize,
    vocab_size: usize,
}

/// The whole model.
pub(super) struct Weights {
    /// The width of a token, and of the vector that comes out.
    pub(super) hidden: usize,
    pub(super) heads: usize,
    /// One row of `hidden` numbers for each token number.
    pub(super) words: Vec<f32>,
    /// One row for each position, with the embedding of the first segment added.
    pub(super) positions: Vec<f32>,
    pub(super) norm: Norm,
    pub(super) layers: Vec<Layer>,
    /// The instructions the arithmetic is done by.
    pub(super) set: Instructions,
}

/// One transformer layer.
pub(super) struct Layer {
    /// Query, key and value, one above the other; the query already divided by the
    /// square root of the width of a head.
    pub(super) attention: Linear,
    pub(super) attended: Linear,
    pub(super) attended_norm: Norm,
    pub(super) widen: Linear,
    pub(super) narrow: Linear,
    pub(super) narrow_norm: Norm,
}

/// What each input adds to every output, and what is added besides.
pub(super) enum Linear {
    /// In the model's own numbers.
    Exact {
        /// A column of outputs for each input: the order in which a multiplication
        /// reads them, so that it need not rearrange them each time.
        weight: Vec<f32>,
        bias: Vec<f32>,
    },
    /// In eight bits.
    Coded(Matrix),
}

impl Linear {
    /// Takes a weight as the file has it, a row of inputs for each output.
    fn new(rows: &[f32], bias: Vec<f32>, coded: bool) -> Self {
        if coded {
            return Self::Coded(Matrix::new(rows, &bias));
        }
        let inputs = rows.len() / bias.len();
        let column = |input| rows.iter().skip(input).step_by(inputs).copied();
        Self::Exact { weight: (0..inputs).flat_map(column).collect(), bias }
    }

    /// How many numbers come out for each token.
    pub(super) const fn outputs(&self) -> usize {
        match self {
            Self::Exact { bias, .. } => bias.len(),
            Self::Coded(matrix) => matrix.outputs(),
        }
    }
}

impl Weights {
    /// Reads the model from the bytes of `config.json` and `model.safetensors`, with
    /// its weights coded in eight bits or as they are.
    pub(super) fn read(
        config: &[u8],
        tensors: &[u8],
        set: Instructions,
        coded: bool,
    ) -> Result<Self, ModelError> {
        let shape: Shape = serde_json::from_slice(config)
            .map_err(|error| unreadable("config.json", error.into()))?;
        let tensors = SafeTensors::deserialize(tensors)
            .map_err(|error| unreadable("model.safetensors", error.into()))?;
        let source =
            Source { tensors, hidden: shape.hidden_size, epsilon: shape.layer_norm_eps, coded };
        let hidden = shape.hidden_size;
        let whole = hidden.checked_rem(shape.num_attention_heads) == Some(0);
        if !whole || hidden == 0 || shape.intermediate_size == 0 {
            return Err(ModelError::Misshapen("config.json".into()));
        }
        let mut positions = source.take(
            "embeddings.position_embeddings",
            "weight",
            shape.max_position_embeddings * hidden,
        )?;
        let segments = source.take("embeddings.token_type_embeddings", "weight", 2 * hidden)?;
        for row in positions.chunks_exact_mut(hidden) {
            row.iter_mut().zip(&segments).for_each(|(x, y)| *x += y);
        }
        let layers = (0..shape.num_hidden_layers)
            .map(|number| source.layer(number, shape.intermediate_size, shape.num_attention_heads))
            .collect::<Result<_, _>>()?;
        Ok(Self {
            hidden,
            heads: shape.num_attention_heads,
            words: source.take(
                "embeddings.word_embeddings",
                "weight",
                shape.vocab_size * hidden,
            )?,
            positions,
            norm: source.norm("embeddings.LayerNorm")?,
            layers,
            set,
        })
    }

    /// Whether the weights are coded in eight bits.
    pub(super) fn coded(&self) -> bool {
        self.layers.first().is_some_and(|layer| matches!(layer.widen, Linear::Coded(_)))
    }
}

/// The tensors by name, and what their readers need to know.
struct Source<'a> {
    tensors: SafeTensors<'a>,
    hidden: usize,
    epsilon: f32,
    /// Whether weights are coded in eight bits.
    coded: bool,
}

impl Source<'_> {
    fn layer(&self, number: usize, wide: usize, heads: usize) -> Result<Layer, ModelError> {
        let hidden = self.hidden;
        let at = |part: &str| format!("encoder.layer.{number}.{part}");
        let (mut rows, mut bias) = self.rows(&at("attention.self.query"), hidden, hidden)?;
        let divisor = width(hidden / heads).sqrt();
        for number in rows.iter_mut().chain(&mut bias) {
            *number /= divisor;
        }
        for part in ["attention.self.key", "attention.self.value"] {
            let (more_rows, more_bias) = self.rows(&at(part), hidden, hidden)?;
            rows.extend(more_rows);
            bias.extend(more_bias);
        }
        Ok(Layer {
            attention: Linear::new(&rows, bias, self.coded),
            attended: self.linear(&at("attention.output.dense"), hidden, hidden)?,
            attended_norm: self.norm(&at("attention.output.LayerNorm"))?,
            widen: self.linear(&at("intermediate.dense"), hidden, wide)?,
            narrow: self.linear(&at("output.dense"), wide, hidden)?,
            narrow_norm: self.norm(&at("output.LayerNorm"))?,
        })
    }

    fn linear(&self, name: &str, inputs: usize, outputs: usize) -> Result<Linear, ModelError> {
        let (rows, bias) = self.rows(name, inputs, outputs)?;
        Ok(Linear::new(&rows, bias, self.coded))
    }

    /// A weight as the file has it, and its bias.
    fn rows(
        &self,
        name: &str,
        inputs: usize,
        outputs: usize,
    ) -> Result<(Vec<f32>, Vec<f32>), ModelError> {
        Ok((self.take(name, "weight", inputs * outputs)?, self.take(name, "bias", outputs)?))
    }

    fn norm(&self, name: &str) -> Result<Norm, ModelError> {
        Ok(Norm {
            scale: self.take(name, "weight", self.hidden)?,
            shift: self.take(name, "bias", self.hidden)?,
            epsilon: self.epsilon,
        })
    }

    /// The numbers of a tensor, which must be as many as expected.
    fn take(&self, name: &str, part: &str, expected: usize) -> Result<Vec<f32>, ModelError> {
        let name = format!("{name}.{part}");
        match self.tensors.tensor(&name) {
            Ok(view) if view.dtype() == Dtype::F32 && view.data().len() == expected * 4 => {
                let (numbers, _) = view.data().as_chunks::<4>();
                Ok(numbers.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect())
            }
            _ => Err(ModelError::Misshapen(name)),
        }
    }
}

/// A width as a number to divide by.
#[expect(clippy::cast_precision_loss, reason = "the widths of models are small numbers")]
const fn width(number: usize) -> f32 {
    number as f32
}

const fn unreadable(file: &'static str, source: anyhow::Error) -> ModelError {
    ModelError::Unreadable { file, source }
}
