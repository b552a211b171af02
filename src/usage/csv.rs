//! Tables as CSV: read leniently, written so that a spreadsheet takes nothing for a
//! formula.

pub(super) use crate::kernel::csv::{quoted, read};
use crate::kernel::{MicroDollars, Paise};

/// Dollars with six places.
pub(super) fn dollars(amount: MicroDollars) -> String {
    let (sign, whole) = (if amount.0 < 0 { "-" } else { "" }, amount.0.unsigned_abs());
    format!("{sign}{}.{:06}", whole / 1_000_000, whole % 1_000_000)
}

/// Rupees with two places.
pub(super) fn rupees(amount: Paise) -> String {
    let (sign, whole) = (if amount.0 < 0 { "-" } else { "" }, amount.0.unsigned_abs());
    format!("{sign}{}.{:02}", whole / 100, whole % 100)
}

/// An amount in dollars as millionths: `0.0123`, `$1,234.5`, `1.2e-05`; what is less than
/// a millionth is rounded half up. None where it is no amount.
pub(super) fn microdollars(text: &str) -> Option<i64> {
    let text: String = text.chars().filter(|letter| !"$, _".contains(*letter)).collect();
    let text = text.trim_end_matches("USD").trim_end_matches("usd");
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
        None => (text, 0),
    };
    let (sign, mantissa) = match mantissa.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, mantissa),
    };
    let (whole, part) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{whole}{part}");
    if digits.is_empty() || digits.len() > 24 || !digits.bytes().all(|digit| digit.is_ascii_digit())
    {
        return None;
    }
    let number: i128 = digits.parse().ok()?;
    let shift = 6 + exponent - i32::try_from(part.len()).ok()?;
    let exact = if shift >= 0 {
        number.checked_mul(10_i128.checked_pow(shift.unsigned_abs())?)?
    } else {
        match 10_i128.checked_pow(shift.unsigned_abs()) {
            Some(parts) => (number + parts / 2) / parts,
            None => 0,
        }
    };
    i64::try_from(sign * exact).ok()
}

/// A count: `1234`, `1,234`, `1234.0`; none where it is none.
pub(super) fn count(text: &str) -> Option<i64> {
    let text: String = text.chars().filter(|letter| !", _".contains(*letter)).collect();
    let text = text.split_once('.').map_or(text.as_str(), |(whole, part)| {
        if part.bytes().all(|digit| digit == b'0') { whole } else { "" }
    });
    text.parse().ok().filter(|count| *count >= 0)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn cells(text: &str) -> Vec<Vec<String>> {
        read(text).into_iter().map(|row| row.cells).collect()
    }

    #[test]
    fn a_table_is_read_with_its_quotes_and_marks() {
        assert_eq!(
            cells("a,b\n\"x, y\",\"say \"\"no\"\"\"\r\n\n"),
            [["a", "b"], ["x, y", "say \"no\""]]
        );
        assert_eq!(cells("\u{feff}a;b\n1;2"), [["a", "b"], ["1", "2"]]);
        let lines: Vec<_> = read("a,b\n\"1\n2\",3\n4,5").into_iter().map(|row| row.line).collect();
        assert_eq!(lines, [1, 2, 4]);
    }

    #[test]
    fn amounts_are_read_exactly() {
        assert_eq!(microdollars("$1,234.5"), Some(1_234_500_000));
        assert_eq!(microdollars("1.2e-05"), Some(12));
        assert_eq!(microdollars("0.0000005"), Some(1));
        assert_eq!(microdollars("0.00000049"), Some(0));
        assert_eq!(microdollars("-2"), Some(-2_000_000));
        for wrong in ["", "x", "1.2.3", "1e999999999"] {
            assert_eq!(microdollars(wrong), None, "{wrong}");
        }
        assert_eq!(count("1,234.0"), Some(1234));
        assert_eq!(count("1.5"), None);
        assert_eq!(count("-1"), None);
    }

    proptest! {
        #[test]
        fn what_is_written_reads_back(text in "[^=+@\\-\\s\\x00][^\\x00\\r]{0,40}") {
            let rows = read(&format!("a,b\n{},1\n", quoted(&text)));
            prop_assert_eq!(rows[1].cells[0].as_str(), text.trim());
        }

        #[test]
        fn money_reads_back(amount in -1_000_000_000_000_i64..1_000_000_000_000) {
            prop_assert_eq!(microdollars(&dollars(MicroDollars(amount))), Some(amount));
        }
    }
}
