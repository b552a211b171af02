//! Roman numerals of orders, rules and articles.

/// The value of a Roman numeral of orders, rules and articles, at most 89.
///
/// One letter must be a capital: `order i` is more often a word than a number.
pub(super) fn roman(raw: &str) -> Option<u32> {
    if raw.len() == 1 && !raw.bytes().all(|byte| byte.is_ascii_uppercase()) {
        return None;
    }
    let upper = raw.to_ascii_uppercase();
    (1..90).find(|&value| written_roman(value) == upper)
}

fn written_roman(mut value: u32) -> String {
    let mut written = String::new();
    for (worth, letters) in
        [(50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")]
    {
        while value >= worth {
            written.push_str(letters);
            value -= worth;
        }
    }
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roman_numerals_are_read_where_they_are_numbers() {
        assert_eq!(roman("XXXIX"), Some(39));
        assert_eq!(roman("xxi"), Some(21));
        assert_eq!(roman("I"), Some(1));
        assert_eq!(roman("i"), None);
        assert_eq!(roman("IIX"), None);
        assert_eq!(roman("C"), None);
    }
}
