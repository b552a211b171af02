//! Amounts in words, in lakh and crore, as bills say them.

use crate::kernel::Paise;

const ONES: [&str; 20] = [
    "",
    "One",
    "Two",
    "Three",
    "Four",
    "Five",
    "Six",
    "Seven",
    "Eight",
    "Nine",
    "Ten",
    "Eleven",
    "Twelve",
    "Thirteen",
    "Fourteen",
    "Fifteen",
    "Sixteen",
    "Seventeen",
    "Eighteen",
    "Nineteen",
];
const TENS: [&str; 10] =
    ["", "", "Twenty", "Thirty", "Forty", "Fifty", "Sixty", "Seventy", "Eighty", "Ninety"];

/// An amount in words: `Rupees One Lakh Two Thousand and Fifty Paise Only`.
#[must_use]
pub fn in_words(amount: Paise) -> String {
    let whole = amount.0.unsigned_abs();
    let (rupees, paise) = (whole / 100, whole % 100);
    let minus = if amount.0 < 0 { "Minus " } else { "" };
    let after = match paise {
        0 => String::new(),
        1 => " and One Paisa".to_owned(),
        paise => format!(" and {} Paise", number(paise)),
    };
    format!("{minus}Rupees {}{after} Only", number(rupees))
}

/// A number in words.
fn number(value: u64) -> String {
    if value == 0 {
        return "Zero".to_owned();
    }
    let mut words = Vec::new();
    say(value, &mut words);
    words.join(" ")
}

fn say(value: u64, words: &mut Vec<&'static str>) {
    for (size, name) in
        [(10_000_000, "Crore"), (100_000, "Lakh"), (1_000, "Thousand"), (100, "Hundred")]
    {
        if value >= size {
            say(value / size, words);
            words.push(name);
            return say(value % size, words);
        }
    }
    let at = |value: u64| usize::try_from(value).unwrap_or(0);
    if value >= 20 {
        words.extend(TENS.get(at(value / 10)));
        return say(value % 10, words);
    }
    words.extend(ONES.get(at(value)).filter(|word| !word.is_empty()));
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Reads what was said back.
    fn read(words: &str) -> i64 {
        let words = words.strip_prefix("Rupees ").unwrap().strip_suffix(" Only").unwrap();
        let (rupees, paise) = words.split_once(" and ").unwrap_or((words, "Zero Paise"));
        let paise = paise.trim_end_matches(" Paise").trim_end_matches(" Paisa");
        value(rupees) * 100 + value(paise)
    }

    fn value(words: &str) -> i64 {
        let words: Vec<&str> = words.split(' ').collect();
        for (name, size) in
            [("Crore", 10_000_000), ("Lakh", 100_000), ("Thousand", 1_000), ("Hundred", 100)]
        {
            if let Some(at) = words.iter().rposition(|word| *word == name) {
                let after = words[at + 1..].join(" ");
                let rest = if after.is_empty() { 0 } else { value(&after) };
                return value(&words[..at].join(" ")) * size + rest;
            }
        }
        words
            .iter()
            .map(|word| {
                let one = ONES.iter().position(|one| one == word);
                let ten = TENS.iter().position(|ten| ten == word).map(|ten| ten * 10);
                if *word == "Zero" { 0 } else { i64::try_from(one.or(ten).unwrap()).unwrap() }
            })
            .sum()
    }

    #[test]
    fn amounts_are_said_in_lakh_and_crore() {
        let said = |paise| in_words(Paise(paise));
        assert_eq!(said(0), "Rupees Zero Only");
        assert_eq!(said(101), "Rupees One and One Paisa Only");
        assert_eq!(said(12_050), "Rupees One Hundred Twenty and Fifty Paise Only");
        assert_eq!(said(10_000_000), "Rupees One Lakh Only");
        assert_eq!(
            said(1_234_567_890),
            "Rupees One Crore Twenty Three Lakh Forty Five Thousand Six Hundred Seventy Eight and \
             Ninety Paise Only"
        );
        assert_eq!(said(-100), "Minus Rupees One Only");
    }

    proptest! {
        #[test]
        fn words_and_figures_say_the_same(paise in 0_i64..1_000_000_000_000_000) {
            prop_assert_eq!(read(&in_words(Paise(paise))), paise);
        }
    }
}
