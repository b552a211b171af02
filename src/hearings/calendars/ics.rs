//! Writing calendars as RFC 5545 has them.

use std::fmt::Write;

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};

/// The longest a line may be, in octets, without its end (RFC 5545, section 3.1).
const LINE: usize = 75;
/// How long a hearing is shown in a calendar: nobody knows how long it takes.
const MINUTES: i64 = 30;

/// When an entry is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// All day.
    Day(NaiveDate),
    /// From a moment on.
    At(DateTime<Utc>),
}

/// An entry of a calendar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// What it is known by, for ever.
    pub uid: String,
    /// How often it was changed.
    pub sequence: i64,
    /// When it is.
    pub when: When,
    /// Its title.
    pub summary: String,
    /// More about it.
    pub description: String,
    /// Where it is.
    pub location: String,
    /// Whether it was called off.
    pub cancelled: bool,
}

/// A calendar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Calendar {
    /// What it is called.
    pub name: String,
    /// When it was written.
    pub stamp: DateTime<Utc>,
    /// What stands in it.
    pub entries: Vec<Entry>,
}

impl Calendar {
    /// The calendar as a program fetches it.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = String::new();
        for line in [
            "BEGIN:VCALENDAR",
            "VERSION:2.0",
            "PRODID:-//Munshi//Hearings//EN",
            "CALSCALE:GREGORIAN",
            "METHOD:PUBLISH",
            "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
            "X-PUBLISHED-TTL:PT1H",
        ] {
            fold(&mut text, line);
        }
        fold(&mut text, &format!("X-WR-CALNAME:{}", escaped(&self.name)));
        for entry in &self.entries {
            self.write(&mut text, entry);
        }
        fold(&mut text, "END:VCALENDAR");
        text
    }

    fn write(&self, text: &mut String, entry: &Entry) {
        fold(text, "BEGIN:VEVENT");
        fold(text, &format!("UID:{}", escaped(&entry.uid)));
        fold(text, &format!("DTSTAMP:{}", moment(self.stamp)));
        fold(text, &format!("SEQUENCE:{}", entry.sequence));
        match entry.when {
            When::Day(day) => {
                let next = day.checked_add_days(Days::new(1)).unwrap_or(day);
                fold(text, &format!("DTSTART;VALUE=DATE:{}", day.format("%Y%m%d")));
                fold(text, &format!("DTEND;VALUE=DATE:{}", next.format("%Y%m%d")));
                fold(text, "TRANSP:TRANSPARENT");
            }
            When::At(start) => {
                let end = start.checked_add_signed(TimeDelta::minutes(MINUTES)).unwrap_or(start);
                fold(text, &format!("DTSTART:{}", moment(start)));
                fold(text, &format!("DTEND:{}", moment(end)));
            }
        }
        fold(text, &format!("SUMMARY:{}", escaped(&entry.summary)));
        for (name, value) in [("DESCRIPTION", &entry.description), ("LOCATION", &entry.location)] {
            if !value.is_empty() {
                fold(text, &format!("{name}:{}", escaped(value)));
            }
        }
        fold(text, if entry.cancelled { "STATUS:CANCELLED" } else { "STATUS:CONFIRMED" });
        fold(text, "END:VEVENT");
    }
}

fn moment(time: DateTime<Utc>) -> String {
    time.format("%Y%m%dT%H%M%SZ").to_string()
}

/// A text as a value: RFC 5545, section 3.3.11. Control characters, which no value may
/// hold, are left out.
fn escaped(text: &str) -> String {
    let mut value = String::with_capacity(text.len());
    for letter in text.replace("\r\n", "\n").chars() {
        match letter {
            '\\' => value.push_str("\\\\"),
            ';' => value.push_str("\\;"),
            ',' => value.push_str("\\,"),
            '\n' | '\r' => value.push_str("\\n"),
            letter if letter.is_control() => {}
            letter => value.push(letter),
        }
    }
    value
}

/// Adds a line, folded so that no piece is longer than 75 octets and no character is cut.
fn fold(text: &mut String, line: &str) {
    let mut room = LINE;
    for letter in line.chars() {
        let octets = letter.len_utf8();
        if octets > room {
            text.push_str("\r\n ");
            room = LINE - 1;
        }
        room -= octets;
        let _ = write!(text, "{letter}");
    }
    text.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn calendar(summary: &str) -> String {
        let day = NaiveDate::from_ymd_opt(2026, 12, 1).unwrap();
        Calendar {
            name: "Hearings".to_owned(),
            stamp: DateTime::from_timestamp(1_793_736_300, 0).unwrap(),
            entries: vec![Entry {
                uid: "hearing-1@munshi".to_owned(),
                sequence: 2,
                when: When::Day(day),
                summary: summary.to_owned(),
                description: "For: arguments".to_owned(),
                location: String::new(),
                cancelled: true,
            }],
        }
        .text()
    }

    /// What a reader makes of a calendar: folded lines put together again.
    fn unfolded(text: &str) -> Vec<String> {
        text.replace("\r\n ", "").split_terminator("\r\n").map(str::to_owned).collect()
    }

    #[test]
    fn an_entry_has_what_the_standard_asks_for() {
        let lines = unfolded(&calendar("Sharma, A. v. Kapoor; second suit\\n\nnext"));
        for line in [
            "BEGIN:VCALENDAR",
            "VERSION:2.0",
            "UID:hearing-1@munshi",
            "DTSTAMP:20261103T200500Z",
            "SEQUENCE:2",
            "DTSTART;VALUE=DATE:20261201",
            "DTEND;VALUE=DATE:20261202",
            "SUMMARY:Sharma\\, A. v. Kapoor\\; second suit\\\\n\\nnext",
            "STATUS:CANCELLED",
            "END:VCALENDAR",
        ] {
            assert!(lines.iter().any(|found| found == line), "{line} in {lines:#?}");
        }
    }

    proptest! {
        #[test]
        fn no_line_is_longer_than_75_octets_and_none_is_lost(summary in "\\PC{0,300}") {
            let text = calendar(&summary);
            for line in text.split_terminator("\r\n") {
                prop_assert!(line.len() <= LINE, "{}", line.len());
                prop_assert!(!line.contains(['\r', '\n']));
            }
            let wanted = format!("SUMMARY:{}", escaped(&summary));
            prop_assert!(unfolded(&text).contains(&wanted));
        }
    }
}
