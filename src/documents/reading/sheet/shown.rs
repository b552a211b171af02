//! Values as their number formats show them.

use calamine::{Data, ExcelDateTime};

/// The months as formats name them.
const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
/// The days, beginning with the one Excel's day 1 is called.
const DAYS: [&str; 7] =
    ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
/// Formats that every computer shows as is usual in its country: day and month
/// would stand in an order the file does not say.
const AMBIGUOUS: [&str; 2] = ["mm-dd-yy", "m/d/yy h:mm"];
/// Decimal places a format may ask for.
const MOST_PLACES: usize = 15;

/// A value as its number format shows it; an unknown format is left aside.
pub(super) fn value(value: &Data, format: &str) -> String {
    match value {
        Data::Int(number) => number.to_string(),
        Data::Float(number) => self::number(*number, format),
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => text.clone(),
        Data::Bool(true) => "TRUE".into(),
        Data::Bool(false) => "FALSE".into(),
        Data::DateTime(moment) => self::moment(moment, format),
        Data::Error(error) => error.to_string(),
        Data::Empty => String::new(),
    }
}

/// A number: with the places, groups and signs the format asks for.
fn number(number: f64, format: &str) -> String {
    let mut sections = format.split(';');
    let positive = sections.next().unwrap_or_default();
    let negative = sections.next().filter(|section| number < 0.0 && !section.is_empty());
    let section = negative.unwrap_or(positive);
    // Conditions, fractions, powers of ten and text are beyond this.
    let plain = section.is_empty() || section.eq_ignore_ascii_case("general");
    if plain || section.contains(['E', '/', '@', '?', '<', '>', '=']) {
        return general(number);
    }
    let (before, digits, after) = parts(section);
    let Some(digits) = digits else { return general(number) };
    let percent = section.contains('%');
    let scaled = if percent { number * 100.0 } else { number };
    let places = digits.split_once('.').map_or(0, |(_, places)| places.len()).min(MOST_PLACES);
    let size = if negative.is_some() { scaled.abs() } else { scaled };
    let mut shown = format!("{size:.places$}");
    if digits.contains(',') {
        shown = grouped(&shown);
    }
    format!("{before}{shown}{after}")
}

/// Splits a section into what stands before the digits, the digits, and what
/// stands after them.
fn parts(section: &str) -> (String, Option<String>, String) {
    let mut before = String::new();
    let mut digits: Option<String> = None;
    let mut after = String::new();
    let mut rest = section.chars();
    while let Some(c) = rest.next() {
        let literal = match c {
            '0' | '#' | '.' | ',' if after.trim().is_empty() => {
                digits.get_or_insert_default().push(c);
                continue;
            }
            '"' => rest.by_ref().take_while(|c| *c != '"').collect(),
            '\\' => rest.next().map(String::from).unwrap_or_default(),
            // Room as wide as a character, or a character repeated to fill the cell.
            '_' | '*' => {
                rest.next();
                String::new()
            }
            // `[$₹-4009]` is a currency; anything else in brackets is a colour.
            '[' => {
                let inside: String = rest.by_ref().take_while(|c| *c != ']').collect();
                let sign = inside.strip_prefix('$').unwrap_or_default();
                sign.split('-').next().unwrap_or_default().to_owned()
            }
            c => c.to_string(),
        };
        if digits.is_some() { after.push_str(&literal) } else { before.push_str(&literal) }
    }
    (before, digits, after)
}

/// A number as Excel shows it without a format: fifteen digits at most.
fn general(number: f64) -> String {
    let rounded: f64 = format!("{number:.14e}").parse().unwrap_or(number);
    if rounded == 0.0 || (1e-9..1e21).contains(&rounded.abs()) {
        format!("{rounded}")
    } else {
        format!("{rounded:e}").replace('e', "E")
    }
}

/// Puts commas between thousands.
fn grouped(number: &str) -> String {
    let (whole, rest) = number.split_at(number.find('.').unwrap_or(number.len()));
    let (sign, whole) = whole.strip_prefix('-').map_or(("", whole), |whole| ("-", whole));
    let mut shown = String::from(sign);
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at) % 3 == 0 {
            shown.push(',');
        }
        shown.push(digit);
    }
    shown + rest
}

/// A date or time as the format spells it; year first where there is no format.
fn moment(moment: &ExcelDateTime, format: &str) -> String {
    let (year, month, day, hour, minute, second, _) = moment.to_ymd_hms_milli();
    let time = [hour, minute, second];
    if moment.is_duration() {
        let seconds = (moment.as_f64() * 86_400.0).round();
        let hours = (seconds / 3600.0).floor();
        return format!("{hours}:{minute:02}:{second:02}");
    }
    let section = format.split(';').next().unwrap_or_default();
    if section.is_empty() || AMBIGUOUS.contains(&section) || section == "General" {
        let clock = format!("{hour:02}:{minute:02}:{second:02}");
        let date = format!("{year:04}-{month:02}-{day:02}");
        return match (moment.as_f64() < 1.0, time == [0, 0, 0]) {
            (true, _) => clock,
            (false, true) => date,
            (false, false) => format!("{date} {clock}"),
        };
    }
    let weekday = day_of_week(moment.as_f64());
    spell(section, [u32::from(year), u32::from(month), u32::from(day)], weekday, time)
}

/// Which day of the week a date is, counted from Sunday.
fn day_of_week(date: f64) -> usize {
    let steps = (date.floor() - 1.0).rem_euclid(7.0);
    (0_u8..7).position(|day| f64::from(day) >= steps).unwrap_or(0)
}

/// Spells a date and time by the letters of a format.
fn spell(format: &str, [year, month, day]: [u32; 3], weekday: usize, time: [u8; 3]) -> String {
    let twelve = format.to_lowercase().contains("am/pm") || format.to_lowercase().contains("a/p");
    let [hour, minute, second] = time.map(u32::from);
    let mut shown = String::new();
    let mut rest = format;
    let mut after_hour = false;
    while let Some(first) = rest.chars().next() {
        let lower = first.to_ascii_lowercase();
        let run = rest.chars().take_while(|c| c.eq_ignore_ascii_case(&first)).count();
        let mut taken = first.len_utf8();
        match lower {
            'a' if rest.len() >= 5 && rest.is_char_boundary(5) && twelve => {
                shown.push_str(if hour < 12 { "AM" } else { "PM" });
                taken = 5;
            }
            'y' | 'm' | 'd' | 'h' | 's' => {
                taken = run;
                let before_seconds =
                    rest[run..].trim_start_matches([':', ' ']).starts_with(['s', 'S']);
                let is_minute = lower == 'm' && (after_hour || before_seconds);
                after_hour = lower == 'h';
                let number = match lower {
                    'y' if run <= 2 => year % 100,
                    'y' => year,
                    'm' if is_minute => minute,
                    'm' => month,
                    'd' => day,
                    'h' if twelve => (hour + 11) % 12 + 1,
                    'h' => hour,
                    _ => second,
                };
                let names: &[&str] = if lower == 'm' { &MONTHS } else { &DAYS };
                let index = if lower == 'm' { month.saturating_sub(1) as usize } else { weekday };
                let name = names.get(index).copied().unwrap_or_default();
                match run {
                    3 if "md".contains(lower) => shown.push_str(&name[..name.len().min(3)]),
                    4.. if "md".contains(lower) => shown.push_str(name),
                    1 => shown.push_str(&number.to_string()),
                    _ => {
                        let two = format!("{number:02}");
                        shown.push_str(&two);
                    }
                }
            }
            '"' => {
                let inside = rest[1..].split('"').next().unwrap_or_default();
                shown.push_str(inside);
                taken = (inside.len() + 2).min(rest.len());
            }
            '\\' => {
                let next = rest[1..].chars().next();
                shown.extend(next);
                taken += next.map_or(0, char::len_utf8);
            }
            '[' => taken = rest.find(']').map_or(rest.len(), |end| end + 1),
            '_' | '*' => taken += rest[1..].chars().next().map_or(0, char::len_utf8),
            '@' => {}
            c => shown.push(c),
        }
        rest = &rest[taken..];
    }
    shown.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use calamine::ExcelDateTimeType;

    fn date(number: f64, format: &str) -> String {
        let moment = ExcelDateTime::new(number, ExcelDateTimeType::DateTime, false);
        value(&Data::DateTime(moment), format)
    }

    #[test]
    fn numbers_follow_their_formats() {
        let shown = |number, format: &str| value(&Data::Float(number), format);
        assert_eq!(shown(0.1 + 0.2, ""), "0.3");
        assert_eq!(shown(1_234_567.0, "General"), "1234567");
        assert_eq!(shown(1_234_567.891, "#,##0.00"), "1,234,567.89");
        assert_eq!(shown(0.125, "0.0%"), "12.5%");
        assert_eq!(shown(500.0, "\"Rs\"\\ #,##0_);(#,##0)"), "Rs 500");
        assert_eq!(shown(-500.0, "#,##0;(#,##0)"), "(500)");
        assert_eq!(shown(500.0, "[$₹-4009]\\ 0.00"), "₹ 500.00");
        assert_eq!(shown(0.5, "# ?/?"), "0.5");
        assert_eq!(shown(1e300, ""), "1E300");
    }

    #[test]
    fn dates_follow_their_formats() {
        assert_eq!(date(45663.0, ""), "2025-01-06");
        assert_eq!(date(45663.5, "dd-mmm-yy h:mm AM/PM"), "06-Jan-25 12:00 PM");
        assert_eq!(date(45663.0, "[$-409]dddd, mmmm d, yyyy;@"), "Monday, January 6, 2025");
        assert_eq!(date(45663.75, "yyyy\\-mm\\-dd hh:mm:ss"), "2025-01-06 18:00:00");
        assert_eq!(date(0.25, ""), "06:00:00");
        assert_eq!(date(45663.0, "mm-dd-yy"), "2025-01-06");
    }

    #[test]
    fn odd_formats_do_no_harm() {
        for format in ["\"", "\\", "[", "_", "*", "a", "é\"é", "am/p", "0.\\"] {
            date(45663.0, format);
            value(&Data::Float(1.5), format);
        }
    }
}
