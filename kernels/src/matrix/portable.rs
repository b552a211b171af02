//! The product by what every processor has: the measure of the others.

use super::{GROUP, PANEL, Panel, Rows, TOGETHER, place};

/// Multiplies all rows by the weights of a panel; `width` is the length of a row of `out`.
pub(super) fn panel(rows: &Rows, panel: &Panel, out: &mut [f32], width: usize) {
    for row in 0..rows.len() {
        let tile = rows.tile::<1>(row);
        let mut sums = [0_i32; PANEL];
        for (groups, codes) in panel.groups.iter().zip(tile.codes[0]) {
            for (group, sums) in groups.iter().zip(sums.chunks_exact_mut(GROUP)) {
                let (weights, _) = group.0.as_chunks::<TOGETHER>();
                for (sum, weights) in sums.iter_mut().zip(weights) {
                    for (code, weight) in codes.iter().zip(weights) {
                        *sum += i32::from(*code) * i32::from(*weight);
                    }
                }
            }
        }
        let columns = panel.columns;
        let numbers = std::array::from_fn(|at| {
            #[expect(clippy::cast_precision_loss, reason = "less than the codes' own error")]
            let sum = sums[at] as f32;
            let base = tile.least[0] * columns.sums[at] + columns.bias[at];
            sum * (tile.scales[0] * columns.scales[at]) + base
        });
        place(&numbers, panel, out, row, width);
    }
}
