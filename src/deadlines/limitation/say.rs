//! How days and numbers of days are said in a step.

use chrono::NaiveDate;

/// A day with its weekday: `Monday, 4 May 2026`.
pub(super) fn day(day: NaiveDate) -> String {
    day.format("%A, %-d %B %Y").to_string()
}

/// A day without its weekday: `4 May 2026`.
pub(super) fn short(day: NaiveDate) -> String {
    day.format("%-d %B %Y").to_string()
}

/// A number of days: `1 day`, `15 days`.
pub(super) fn days(number: i64) -> String {
    if number == 1 { "1 day".to_owned() } else { format!("{number} days") }
}

/// A number in its place: `1st`, `22nd`, `113th`.
pub(super) fn nth(number: i64) -> String {
    let end = match (number % 10, number % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    format!("{number}{end}")
}

/// Words with a capital.
pub(super) fn capital(words: &str) -> String {
    let mut characters = words.chars();
    let first: String = characters.next().into_iter().flat_map(char::to_uppercase).collect();
    format!("{first}{}", characters.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_numbers_read_as_people_say_them() {
        assert_eq!(day("2026-05-04".parse().unwrap()), "Monday, 4 May 2026");
        assert_eq!((days(1), days(15)), ("1 day".to_owned(), "15 days".to_owned()));
        assert_eq!([1, 2, 3, 11, 22, 90].map(nth), ["1st", "2nd", "3rd", "11th", "22nd", "90th"]);
        assert_eq!(capital("file it"), "File it");
    }
}
