use proptest::prelude::*;

use super::*;

/// The product in double precision.
fn exact(rows: &[f32], weights: &[f32], bias: &[f32]) -> Vec<f64> {
    let inputs = weights.len() / bias.len();
    let mut out = Vec::new();
    for row in rows.chunks_exact(inputs) {
        for (weights, bias) in weights.chunks_exact(inputs).zip(bias) {
            let sum: f64 =
                row.iter().zip(weights).map(|(x, w)| f64::from(*x) * f64::from(*w)).sum();
            out.push(sum + f64::from(*bias));
        }
    }
    out
}

fn by(set: Instructions, rows: &[f32], weights: &[f32], bias: &[f32]) -> Vec<f32> {
    let matrix = Matrix::new(weights, bias);
    let mut coded = Rows::default();
    coded.encode(set, rows, matrix.inputs());
    let mut out = vec![f32::NAN; coded.len() * matrix.outputs()];
    multiply(set, &coded, &matrix, &mut out);
    out
}

fn shapes() -> impl Strategy<Value = (Vec<f32>, Vec<f32>, Vec<f32>)> {
    (1_usize..90, 1_usize..150, 0_usize..15).prop_flat_map(|(inputs, outputs, rows)| {
        (
            prop::collection::vec(-3.0_f32..5.0, rows * inputs),
            prop::collection::vec(-1.0_f32..1.0, inputs * outputs),
            prop::collection::vec(-1.0_f32..1.0, outputs),
        )
    })
}

proptest! {
    #[test]
    fn every_set_multiplies_like_the_portable_one((rows, weights, bias) in shapes()) {
        let expected = by(Instructions::portable(), &rows, &weights, &bias);
        for set in Instructions::usable() {
            for (x, y) in by(set, &rows, &weights, &bias).iter().zip(&expected) {
                prop_assert!((x - y).abs() < 2e-4, "{x} and {y} by {}", set.name());
            }
        }
    }

    #[test]
    fn eight_bits_come_near_the_exact_product((rows, weights, bias) in shapes()) {
        let inputs = weights.len() / bias.len();
        // Half a step of each factor, times the largest of the other, added up.
        let bound = f64::from(u32::try_from(inputs).unwrap())
            * (8.0 / 255.0 / 2.0 * 1.0 + 1.0 / 127.0 / 2.0 * 5.0) + 1e-3;
        let expected = exact(&rows, &weights, &bias);
        for (x, y) in by(Instructions::best(), &rows, &weights, &bias).iter().zip(expected) {
            prop_assert!((f64::from(*x) - y).abs() < bound, "{x} and {y}");
        }
    }
}

#[test]
fn whole_numbers_are_multiplied_exactly_by_every_set() {
    // Every row has a 0 and a 255, every weight a 127: the codes are the numbers.
    let inputs = 500_u16;
    let rows: Vec<f32> =
        (0..7 * inputs).map(|n| f32::from([255, 0, 255, n % 256][usize::from(n % 4)])).collect();
    let weights: Vec<f32> = (0..70 * inputs)
        .map(|n| if n % inputs == 0 { 127.0 } else { f32::from(n % 255) - 127.0 })
        .collect();
    let expected = exact(&rows, &weights, &[0.0; 70]);
    for set in Instructions::usable() {
        for (x, y) in by(set, &rows, &weights, &[0.0; 70]).iter().zip(&expected) {
            assert!((f64::from(*x) - y).abs() < 1e-6 * 16e6, "{x} and {y} by {}", set.name());
        }
    }
}

#[test]
fn the_largest_sums_are_not_cut_off() {
    let mut row = vec![255.0; 1_536];
    row[0] = 0.0;
    for sign in [1.0, -1.0] {
        let weights = vec![127.0 * sign; 1_536 * 3];
        for set in Instructions::usable() {
            for x in by(set, &row, &weights, &[0.5; 3]) {
                let expected = 1_535.0 * 255.0 * 127.0 * sign + 0.5;
                assert!((x - expected).abs() <= 4.0, "{x} by {}", set.name());
            }
        }
    }
}

#[test]
fn rows_all_alike_and_weights_of_zero_do_no_harm() {
    for set in Instructions::usable() {
        for x in by(set, &[2.0; 20], &[0.25; 30], &[1.0; 3]) {
            assert!((x - 6.0).abs() < 1e-5, "{x} by {}", set.name());
        }
        assert_eq!(by(set, &[0.0; 10], &[0.0; 20], &[3.0, 4.0]), [3.0, 4.0], "{}", set.name());
    }
}
