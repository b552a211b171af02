//! Amounts of Indian money, in paise.

use std::sync::LazyLock;

use regex::Regex;

use super::tables::compile;
use super::{Entity, Found, opens_word};

static AMOUNT: LazyLock<Regex> = LazyLock::new(|| {
    compile(
        r"(?:₹|Rs\.?|RS\.?|INR|Rupees|रु\.?|रुपये)\s?(?P<n>[0-9][0-9,]*(?:\.[0-9]{1,6})?)(?:\s?/\s?[-=]|\s?/-)?(?:\s?(?P<u>thousand|lakhs?|lacs?|crores?|million|billion|cr\.|हज़ार|हजार|लाख|करोड़|करोड|Lakhs?|Lacs?|Crores?|LAKHS?|CRORES?))?",
    )
});

static UNIT_LAST: LazyLock<Regex> = LazyLock::new(|| {
    compile(
        r"(?P<n>[0-9][0-9,]*(?:\.[0-9]{1,6})?)\s?(?:/-\s?)?(?P<u>thousand|lakhs?|lacs?|crores?|हज़ार|हजार|लाख|करोड़|करोड)?\s?(?:rupees|Rupees|रुपये|रुपए|रूपये)",
    )
});

/// Finds the amounts of a text.
pub(super) fn find(text: &str, found: &mut Found) {
    for pattern in [&*AMOUNT, &*UNIT_LAST] {
        for hit in pattern.captures_iter(text) {
            let (Some(whole), Some(number)) = (hit.get(0), hit.name("n")) else { continue };
            let unit = hit.name("u").map_or("", |unit| unit.as_str());
            // The comma that ends a clause is not part of the number.
            let body = number.as_str().trim_end_matches(',');
            let mut end = whole.end();
            if body.len() < number.as_str().len() && whole.end() == number.end() {
                end = number.start() + body.len();
            }
            if opens_word(text, whole.start())
                && let Some(paise) = paise(body, unit)
            {
                found.push(Entity::new("amount", text, whole.start()..end, paise.to_string()));
            }
        }
    }
}

/// An amount in paise; none when it is beyond all money.
fn paise(number: &str, unit: &str) -> Option<i64> {
    let factor: i128 = match unit.to_lowercase().trim_end_matches('s') {
        "" => 1,
        "thousand" | "हज़ार" | "हजार" => 1_000,
        "lakh" | "lac" | "लाख" => 100_000,
        "crore" | "cr." | "करोड़" | "करोड" => 10_000_000,
        "million" => 1_000_000,
        "billion" => 1_000_000_000,
        _ => return None,
    };
    let plain = number.replace(',', "");
    let (whole, fraction) = plain.split_once('.').unwrap_or((&plain, ""));
    let whole: i128 = whole.parse().ok().filter(|_| whole.len() < 16)?;
    // Six places are kept: `1.234567 crore`.
    let fraction: i128 = format!("{fraction:0<6}").parse().ok()?;
    let millionths = (whole * 1_000_000 + fraction) * factor * 100;
    i64::try_from(millionths / 1_000_000).ok()
}

#[cfg(test)]
mod tests {
    use super::paise;

    #[test]
    fn lakhs_and_crores_are_counted_exactly() {
        assert_eq!(paise("1,25,000", ""), Some(12_500_000));
        assert_eq!(paise("574.35", "lakhs"), Some(5_743_500_000));
        assert_eq!(paise("2.5", "Crore"), Some(2_500_000_000));
        assert_eq!(paise("10.50", ""), Some(1_050));
        assert_eq!(paise("99999999999999999999", "crore"), None);
    }
}
