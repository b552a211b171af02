//! A matrix of weights times rows of numbers, in eight bits.
//!
//! The weights are coded once, when the model is loaded: each output has a scale, so
//! that its largest weight becomes 127. The rows are coded each time: each has a scale
//! and a least number, so that its numbers become 0 to 255. The product of the codes
//! is a whole number, from which the product of the numbers follows:
//!
//! > Σ (least + scale × code) × weight = least × Σ weight + scale × Σ code × weight

#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(target_arch = "x86_64")]
mod avx512;
#[cfg(target_arch = "x86_64")]
mod avx_vnni;
mod portable;
mod rows;

pub use rows::Rows;

use crate::instructions::{Instructions, Kind};

/// How many inputs are multiplied and summed at once.
pub(crate) const TOGETHER: usize = 4;

/// How many outputs stand side by side in a [`Group`].
pub(crate) const GROUP: usize = 16;

/// How many groups are worked on together.
pub(crate) const GROUPS: usize = 4;

/// How many outputs are worked on together.
const PANEL: usize = GROUP * GROUPS;

/// The longest row whose sum of products surely fits 32 bits.
const LONGEST: usize = (i32::MAX / (255 * 127)) as usize;

/// The weights of four inputs for each of sixteen outputs, the four side by side.
#[derive(Clone, Copy)]
#[repr(C, align(64))]
pub(crate) struct Group(pub(crate) [i8; GROUP * TOGETHER]);

/// Weights in eight bits, laid out in the order in which they are multiplied, and
/// what is added to each output.
pub struct Matrix {
    inputs: usize,
    outputs: usize,
    /// For each 64 outputs, for each four inputs: the groups of the 64 outputs.
    panels: Vec<[Group; GROUPS]>,
    columns: Vec<Columns>,
}

/// What the outputs of a panel need besides the weights.
#[derive(Clone)]
pub(crate) struct Columns {
    /// What a weight's code of 1 stands for.
    pub(crate) scales: [f32; PANEL],
    /// The sum of the weights.
    pub(crate) sums: [f32; PANEL],
    pub(crate) bias: [f32; PANEL],
}

impl Matrix {
    /// Codes weights given as a row of inputs for each output, and one bias an output.
    ///
    /// # Panics
    /// Panics when there are no outputs, when the weights are not as many for each, or
    /// when a row has more than 66,311 inputs, whose sum could overflow.
    #[must_use]
    pub fn new(weights: &[f32], bias: &[f32]) -> Self {
        let outputs = bias.len();
        assert!(outputs > 0 && weights.len().is_multiple_of(outputs), "a row for each output");
        let inputs = weights.len() / outputs;
        assert!(inputs <= LONGEST, "rows of at most {LONGEST} inputs");
        let (depth, count) = (inputs.div_ceil(TOGETHER), outputs.div_ceil(PANEL));
        let mut panels = vec![[Group([0; GROUP * TOGETHER]); GROUPS]; depth * count];
        let mut columns =
            vec![Columns { scales: [0.0; PANEL], sums: [0.0; PANEL], bias: [0.0; PANEL] }; count];
        for (output, &bias) in bias.iter().enumerate() {
            let (panel, place) = (output / PANEL, output % PANEL);
            let row = &weights[output * inputs..(output + 1) * inputs];
            let scale = row.iter().fold(0.0_f32, |top, x| top.max(x.abs())) / 127.0;
            let factor = if scale > 0.0 { scale.recip() } else { 0.0 };
            let mut sum = 0_i32;
            for (input, weight) in row.iter().enumerate() {
                #[expect(clippy::cast_possible_truncation, reason = "within ±127 by the scale")]
                let code = (weight * factor).round() as i8;
                let group = &mut panels[panel * depth + input / TOGETHER][place / GROUP];
                group.0[place % GROUP * TOGETHER + input % TOGETHER] = code;
                sum += i32::from(code);
            }
            columns[panel].scales[place] = scale;
            #[expect(clippy::cast_precision_loss, reason = "less than the scale's own error")]
            let sum = sum as f32;
            columns[panel].sums[place] = sum * scale;
            columns[panel].bias[place] = bias;
        }
        Self { inputs, outputs, panels, columns }
    }

    /// How many numbers go into each output.
    #[must_use]
    pub const fn inputs(&self) -> usize {
        self.inputs
    }

    /// How many numbers come out for each row.
    #[must_use]
    pub const fn outputs(&self) -> usize {
        self.outputs
    }

    /// The panels: 64 outputs each, the last perhaps fewer.
    fn panels(&self) -> impl Iterator<Item = Panel<'_>> {
        let depth = self.inputs.div_ceil(TOGETHER);
        self.columns.iter().enumerate().map(move |(number, columns)| Panel {
            groups: &self.panels[number * depth..(number + 1) * depth],
            columns,
            first: number * PANEL,
            outputs: (self.outputs - number * PANEL).min(PANEL),
        })
    }
}

/// Some outputs that are worked on together.
pub(crate) struct Panel<'a> {
    /// The weights of each four inputs.
    pub(crate) groups: &'a [[Group; GROUPS]],
    pub(crate) columns: &'a Columns,
    /// The number of the first output.
    pub(crate) first: usize,
    /// How many there are, at most 64.
    pub(crate) outputs: usize,
}

/// Some rows that are worked on together.
pub(crate) struct Tile<'a, const ROWS: usize> {
    /// The codes, in fours.
    pub(crate) codes: [&'a [[u8; TOGETHER]]; ROWS],
    pub(crate) scales: [f32; ROWS],
    pub(crate) least: [f32; ROWS],
}

/// Multiplies each row by the matrix and adds the bias: `out` gets a row of outputs for
/// each row.
///
/// # Panics
/// Panics when the rows are not as long as the matrix has inputs, or `out` is not as
/// long as all outputs together.
pub fn multiply(set: Instructions, rows: &Rows, matrix: &Matrix, out: &mut [f32]) {
    assert_eq!(rows.width(), matrix.inputs, "rows must be as long as the matrix has inputs");
    assert_eq!(out.len(), rows.len() * matrix.outputs, "one number for each row and output");
    for panel in matrix.panels() {
        match set.0 {
            // SAFETY: the set can only be had when the processor has the instructions.
            #[cfg(target_arch = "x86_64")]
            Kind::Avx512Vnni => unsafe { avx512::panel(rows, &panel, out, matrix.outputs) },
            // SAFETY: as above.
            #[cfg(target_arch = "x86_64")]
            Kind::AvxVnni => unsafe { avx_vnni::panel(rows, &panel, out, matrix.outputs) },
            // SAFETY: as above.
            #[cfg(target_arch = "x86_64")]
            Kind::Avx2 => unsafe { avx2::panel(rows, &panel, out, matrix.outputs) },
            Kind::Portable => portable::panel(rows, &panel, out, matrix.outputs),
        }
    }
}

/// Copies the outputs of a row to their place, leaving out those beyond the last.
#[inline]
fn place(from: &[f32; PANEL], panel: &Panel, out: &mut [f32], row: usize, width: usize) {
    let start = row * width + panel.first;
    out[start..start + panel.outputs].copy_from_slice(&from[..panel.outputs]);
}

#[cfg(test)]
mod tests;
