//! Counts as lists show them: 4, d, IV, 4th, ४.

/// A count in a number format, by the name Word gives it; unknown ones count in decimal.
pub(super) fn count_as(format: &str, count: u32) -> String {
    match format {
        "none" => String::new(),
        "lowerLetter" => letters(count, b'a'),
        "upperLetter" => letters(count, b'A'),
        "lowerRoman" => roman(count).to_lowercase(),
        "upperRoman" => roman(count),
        "decimalZero" => format!("{count:02}"),
        "ordinal" => format!("{count}{}", ordinal_end(count)),
        "hindiNumbers" => {
            let digit = |c: char| c.to_digit(10).and_then(|d| char::from_u32(0x0966 + d));
            count.to_string().chars().filter_map(digit).collect()
        }
        _ => count.to_string(),
    }
}

/// a … z, aa, bb …: Word repeats the letter.
fn letters(count: u32, first: u8) -> String {
    let Some(index) = count.checked_sub(1) else { return "0".into() };
    let letter = u8::try_from(index % 26).map_or(first, |offset| first + offset);
    char::from(letter).to_string().repeat((index as usize / 26 + 1).min(40))
}

fn roman(count: u32) -> String {
    const SIGNS: [(u32, &str); 13] = [
        (1000, "M"),
        (900, "CM"),
        (500, "D"),
        (400, "CD"),
        (100, "C"),
        (90, "XC"),
        (50, "L"),
        (40, "XL"),
        (10, "X"),
        (9, "IX"),
        (5, "V"),
        (4, "IV"),
        (1, "I"),
    ];
    if count > 9999 {
        return count.to_string();
    }
    let mut left = count;
    let mut text = String::new();
    for (value, sign) in SIGNS {
        while left >= value {
            text.push_str(sign);
            left -= value;
        }
    }
    text
}

fn ordinal_end(count: u32) -> &'static str {
    match (count % 10, count % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_take_every_form() {
        assert_eq!(count_as("lowerLetter", 28), "bb");
        assert_eq!(count_as("upperRoman", 1994), "MCMXCIV");
        assert_eq!(count_as("lowerRoman", 4), "iv");
        assert_eq!(count_as("ordinal", 22), "22nd");
        assert_eq!(count_as("hindiNumbers", 12), "१२");
        assert_eq!(count_as("decimalZero", 7), "07");
        assert_eq!(count_as("chicago", 3), "3");
    }
}
