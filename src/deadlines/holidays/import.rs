//! Reading days from a table of text or a calendar file.

use chrono::{Days, NaiveDate, NaiveDateTime};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::deadlines::DeadlineError;
use crate::deadlines::calendar::{DayKind, Stretch};
use crate::kernel::day_in_india;

/// The most a file may hold, in bytes.
const LARGEST: usize = 200_000;

/// What a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = HolidayFormat)]
pub enum Format {
    /// Lines of `from,to,name,kind`.
    Csv,
    /// An iCalendar file, as calendars export it.
    Ics,
}

impl Format {
    /// What a text is, by how it begins.
    #[must_use]
    pub fn of(text: &str) -> Self {
        let start = text.trim_start_matches('\u{feff}').trim_start();
        let ics = start.to_ascii_uppercase().starts_with("BEGIN:VCALENDAR");
        if ics { Self::Ics } else { Self::Csv }
    }
}

/// Reads the days of a file.
///
/// # Errors
/// Fails at the first line that cannot be read, when nothing is in it, and when it is too
/// large.
pub fn read(format: Format, text: &str) -> Result<Vec<Stretch>, DeadlineError> {
    if text.len() > LARGEST {
        return Err(DeadlineError::Unfit("the file is too large; keep it under 200 kB"));
    }
    let text = text.trim_start_matches('\u{feff}');
    let found = match format {
        Format::Csv => csv(text)?,
        Format::Ics => ics(text)?,
    };
    if found.is_empty() {
        return Err(DeadlineError::Unfit("no days were found in the file"));
    }
    Ok(found)
}

/// A day as people and programs write it: `2026-01-26`, `26-01-2026`, `26/1/2026`.
fn day(text: &str) -> Option<NaiveDate> {
    let text = text.trim();
    let formats = ["%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y", "%d.%m.%Y", "%Y%m%d"];
    formats.iter().find_map(|format| NaiveDate::parse_from_str(text, format).ok())
}

/// The fields of a line; one in quotation marks may hold commas.
fn fields(line: &str) -> Vec<String> {
    let (mut fields, mut field, mut quoted) = (Vec::new(), String::new(), false);
    for character in line.chars() {
        match character {
            '"' => quoted = !quoted,
            ',' if !quoted => fields.push(std::mem::take(&mut field)),
            other => field.push(other),
        }
    }
    fields.push(field);
    fields.into_iter().map(|field| field.trim().to_owned()).collect()
}

fn csv(text: &str) -> Result<Vec<Stretch>, DeadlineError> {
    let mut found = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let fields = fields(line);
        let first = fields.first().map_or("", String::as_str);
        if fields.iter().all(String::is_empty) || (number == 0 && is_heading(first)) {
            continue;
        }
        let refuse = |words| DeadlineError::Line { line: number + 1, words };
        let from = day(first)
            .ok_or_else(|| refuse("the first field must be a day, such as 2026-01-26"))?;
        let second = fields.get(1).map_or("", String::as_str);
        // Two columns, or an empty second one, are one day and its name.
        let (to, rest) = match day(second) {
            Some(to) => (to, 2),
            None if second.is_empty() => (from, 2),
            None => (from, 1),
        };
        let name = fields.get(rest).filter(|name| !name.is_empty());
        let name = name.ok_or_else(|| refuse("give the day a name after its date"))?.clone();
        let kind = match fields.get(rest + 1).map_or("", String::as_str) {
            "" if to > from && name.to_lowercase().contains("vacation") => DayKind::Vacation,
            "" => DayKind::Holiday,
            kind => DayKind::named(&kind.to_lowercase())
                .ok_or_else(|| refuse("the kind must be holiday, vacation or working"))?,
        };
        if to < from {
            return Err(refuse("the last day lies before the first"));
        }
        found.push(Stretch { from, to, name, kind });
    }
    Ok(found)
}

fn is_heading(field: &str) -> bool {
    matches!(field.to_lowercase().as_str(), "from" | "date" | "day" | "from date" | "start")
}

/// The lines of a calendar file with their numbers; a line that begins with a space goes
/// on the one before.
fn unfolded(text: &str) -> Vec<(usize, String)> {
    let mut lines: Vec<(usize, String)> = Vec::new();
    for (number, line) in text.lines().enumerate() {
        match (line.strip_prefix([' ', '\t']), lines.last_mut()) {
            (Some(rest), Some((_, before))) => before.push_str(rest),
            _ => lines.push((number + 1, line.to_owned())),
        }
    }
    lines
}

fn unescaped(text: &str) -> String {
    text.replace("\\n", " ").replace("\\,", ",").replace("\\;", ";").replace("\\\\", "\\")
}

#[derive(Default)]
struct Entry {
    from: Option<NaiveDate>,
    to: Option<NaiveDate>,
    name: String,
    cancelled: bool,
}

/// The day of a value of a calendar file: `20261108`, `20261108T090000`, and in India that of
/// a moment of UTC, `20261107T183000Z`.
fn moment(value: &str) -> Option<NaiveDate> {
    let value = value.trim();
    match NaiveDateTime::parse_from_str(value, "%Y%m%dT%H%M%SZ") {
        Ok(moment) => Some(day_in_india(moment.and_utc())),
        Err(_) => day(value.get(..8).unwrap_or(value)),
    }
}

fn ics(text: &str) -> Result<Vec<Stretch>, DeadlineError> {
    let (mut found, mut entry) = (Vec::new(), None::<Entry>);
    for (number, line) in unfolded(text) {
        let refuse = |words| DeadlineError::Line { line: number, words };
        let Some((head, value)) = line.split_once(':') else { continue };
        let name = head.split(';').next().unwrap_or(head).to_ascii_uppercase();
        match (name.as_str(), &mut entry) {
            ("BEGIN", _) if value.trim() == "VEVENT" => entry = Some(Entry::default()),
            ("DTSTART", Some(entry)) => {
                entry.from = Some(moment(value).ok_or_else(|| refuse("the day cannot be read"))?);
            }
            ("DTEND", Some(entry)) => {
                entry.to = Some(moment(value).ok_or_else(|| refuse("the day cannot be read"))?);
            }
            ("RRULE" | "RDATE", Some(_)) => {
                return Err(refuse(
                    "an entry that repeats cannot be read; enter its days one by one",
                ));
            }
            ("STATUS", Some(entry)) => {
                entry.cancelled = value.trim().eq_ignore_ascii_case("CANCELLED");
            }
            ("SUMMARY", Some(entry)) => entry.name = unescaped(value.trim()),
            ("END", _) if value.trim() == "VEVENT" => {
                let Entry { from, to, name, cancelled } = entry.take().unwrap_or_default();
                if cancelled {
                    continue;
                }
                let from = from.ok_or_else(|| refuse("the entry has no day"))?;
                // The end is the day after the last.
                let to = to.and_then(|to| to.checked_sub_days(Days::new(1)));
                let to = to.filter(|to| *to >= from).unwrap_or(from);
                let name = if name.is_empty() { "Holiday".to_owned() } else { name };
                let vacation = to > from && name.to_lowercase().contains("vacation");
                let kind = if vacation { DayKind::Vacation } else { DayKind::Holiday };
                found.push(Stretch { from, to, name, kind });
            }
            _ => {}
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(found: &[Stretch]) -> Vec<String> {
        let one = |it: &Stretch| format!("{}..{} {} {}", it.from, it.to, it.name, it.kind.as_str());
        found.iter().map(one).collect()
    }

    #[test]
    fn a_table_is_read_as_people_write_it() {
        let text = "from,to,name,kind\n\
                    2026-11-08,2026-11-09,\"Diwali, two days\",holiday\n\
                    26/1/2026,,Republic Day\n\n\
                    01-06-2026,30-06-2026,Summer vacation\n\
                    2026-11-15,In place of 9 October,working\n";
        assert_eq!(
            said(&read(Format::of(text), text).unwrap()),
            [
                "2026-11-08..2026-11-09 Diwali, two days holiday",
                "2026-01-26..2026-01-26 Republic Day holiday",
                "2026-06-01..2026-06-30 Summer vacation vacation",
                "2026-11-15..2026-11-15 In place of 9 October working",
            ]
        );
    }

    #[test]
    fn a_line_that_cannot_be_read_is_named() {
        let refused = |text: &str| read(Format::Csv, text).unwrap_err().to_string();
        assert!(refused("2026-01-26,Republic Day\nsoon,Holi").starts_with("line 2: the first"));
        assert!(refused("2026-01-26").starts_with("line 1: give the day a name"));
        assert!(refused("2026-01-26,2026-01-20,Holi").contains("before the first"));
        assert!(refused("2026-01-26,Holi,party").contains("must be holiday"));
        assert!(refused("\n").contains("no days"));
    }

    #[test]
    fn a_calendar_file_is_read_and_its_end_is_the_day_after() {
        let text = "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20261108\r\n\
                    DTEND;VALUE=DATE:20261110\r\nSUMMARY:Diwali\\, the festi\r\n val of lights\r\n\
                    END:VEVENT\r\nBEGIN:VEVENT\r\nDTSTART:20261225T000000Z\r\nSUMMARY:Christmas\r\n\
                    END:VEVENT\r\nEND:VCALENDAR\r\n";
        assert_eq!(
            said(&read(Format::of(text), text).unwrap()),
            [
                "2026-11-08..2026-11-09 Diwali, the festival of lights holiday",
                "2026-12-25..2026-12-25 Christmas holiday",
            ]
        );
    }

    #[test]
    fn a_moment_of_utc_is_of_the_day_it_is_in_india_and_what_repeats_is_refused() {
        let entry = |lines: &str| format!("BEGIN:VCALENDAR\nBEGIN:VEVENT\n{lines}\nEND:VEVENT\n");
        let midnight = "DTSTART:20261107T183000Z\nDTEND:20261108T183000Z\nSUMMARY:Diwali";
        let text = entry(midnight) + "BEGIN:VEVENT\nDTSTART:20261110\nSTATUS:CANCELLED\nEND:VEVENT";
        assert_eq!(
            said(&read(Format::of(&text), &text).unwrap()),
            ["2026-11-08..2026-11-08 Diwali holiday"]
        );
        let weekly = entry("DTSTART:20261107\nRRULE:FREQ=WEEKLY\nSUMMARY:Saturdays");
        let refused = read(Format::Ics, &weekly).unwrap_err().to_string();
        assert!(refused.starts_with("line 4: an entry that repeats"), "{refused}");
    }
}
