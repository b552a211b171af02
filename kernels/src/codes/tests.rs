use proptest::prelude::*;

use super::*;

proptest! {
    #[test]
    fn every_set_compares_alike_whatever_the_length(
        (query, rows) in (1_usize..200, 0_usize..11).prop_flat_map(|(width, count)| (
            prop::collection::vec(any::<i8>(), width),
            prop::collection::vec(any::<i8>(), width * count),
        )),
    ) {
        let expected: Vec<i32> =
            rows.chunks_exact(query.len()).map(|row| signed_dot(&query, row)).collect();
        for set in Instructions::usable() {
            let mut out = vec![0; expected.len()];
            compare(set, &query, &rows, &mut out);
            prop_assert_eq!(&out, &expected, "by {}", set.name());
        }
    }
}

#[test]
fn the_largest_products_are_not_cut_off() {
    for set in Instructions::usable() {
        for (query, row) in [(-128_i8, -128_i8), (127, -128), (-128, 127), (127, 127)] {
            let mut out = [0; 5];
            compare(set, &[query; 1_000], &[row; 5_000], &mut out);
            assert_eq!(out, [1_000 * i32::from(query) * i32::from(row); 5], "{}", set.name());
        }
    }
}
