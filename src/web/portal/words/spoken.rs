//! Words with something filled in: dates, counts, sizes, refusals.

use chrono::{DateTime, Datelike, NaiveDate, Utc};

use super::{Language, Words, words};
use crate::documents::DocumentError;
use crate::kernel::day_in_india;
use crate::portal::{CourtDay, CourtOutcome, LARGEST_MIB, PortalError};

const ENGLISH_MONTHS: [&str; 12] = [
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
const HINDI_MONTHS: [&str; 12] = [
    "जनवरी",
    "फ़रवरी",
    "मार्च",
    "अप्रैल",
    "मई",
    "जून",
    "जुलाई",
    "अगस्त",
    "सितंबर",
    "अक्टूबर",
    "नवंबर",
    "दिसंबर",
];

/// A string with its hole filled.
#[must_use]
pub fn fill(text: &str, with: &str) -> String {
    text.replacen("{}", with, 1)
}

/// What a language says of a thing.
pub trait Speak {
    /// The words.
    fn words(self) -> &'static Words;
    /// A day: `14 July 2026`, `14 जुलाई 2026`.
    fn day(self, day: NaiveDate) -> String;
    /// The day of a moment in India.
    fn day_of(self, moment: DateTime<Utc>) -> String;
    /// A number of pages.
    fn pages(self, count: u32) -> String;
    /// A number of documents.
    fn documents(self, count: usize) -> String;
    /// A number of things the chamber needs.
    fn needs(self, count: usize) -> String;
    /// A number of messages that were not read.
    fn messages(self, count: u64) -> String;
    /// The size of a file.
    fn size(self, bytes: i64) -> String;
    /// What happened on a day in court, or will.
    fn in_court(self, day: &CourtDay) -> String;
    /// How a day in court went.
    fn went(self, day: &CourtDay) -> &'static str;
    /// Why a client's file or form was not taken; none for a failure of ours.
    fn refusal(self, error: &PortalError) -> Option<String>;
}

impl Speak for Language {
    fn words(self) -> &'static Words {
        words(self)
    }

    fn day(self, day: NaiveDate) -> String {
        let months = match self {
            Self::English => &ENGLISH_MONTHS,
            Self::Hindi => &HINDI_MONTHS,
        };
        let month = months.get(day.month0() as usize).copied().unwrap_or_default();
        format!("{} {month} {}", day.day(), day.year())
    }

    fn day_of(self, moment: DateTime<Utc>) -> String {
        self.day(day_in_india(moment))
    }

    fn pages(self, count: u32) -> String {
        match (self, count) {
            (Self::English, 1) => "1 page".to_owned(),
            (Self::English, _) => format!("{count} pages"),
            (Self::Hindi, _) => format!("{count} पृष्ठ"),
        }
    }

    fn documents(self, count: usize) -> String {
        match (self, count) {
            (Self::English, 1) => "1 document".to_owned(),
            (Self::English, _) => format!("{count} documents"),
            (Self::Hindi, _) => format!("{count} दस्तावेज़"),
        }
    }

    fn needs(self, count: usize) -> String {
        match (self, count) {
            (Self::English, 1) => "1 thing is needed from you".to_owned(),
            (Self::English, _) => format!("{count} things are needed from you"),
            (Self::Hindi, 1) => "आपसे 1 चीज़ चाहिए".to_owned(),
            (Self::Hindi, _) => format!("आपसे {count} चीज़ें चाहिए"),
        }
    }

    fn messages(self, count: u64) -> String {
        match (self, count) {
            (Self::English, 1) => "1 new message".to_owned(),
            (Self::English, _) => format!("{count} new messages"),
            (Self::Hindi, 1) => "1 नया संदेश".to_owned(),
            (Self::Hindi, _) => format!("{count} नए संदेश"),
        }
    }

    fn size(self, bytes: i64) -> String {
        let kib = (bytes.max(0) + 1_023) / 1_024;
        let (number, large) = if kib < 1_024 {
            (kib.to_string(), false)
        } else {
            let tenths = kib * 10 / 1_024;
            (format!("{}.{}", tenths / 10, tenths % 10), true)
        };
        let unit = match (self, large) {
            (Self::English, false) => "KB",
            (Self::English, true) => "MB",
            (Self::Hindi, false) => "केबी",
            (Self::Hindi, true) => "एमबी",
        };
        format!("{number} {unit}")
    }

    fn in_court(self, day: &CourtDay) -> String {
        let mut said = self.day(day.on);
        if let Some(court) = &day.court {
            said = format!("{said}, {court}");
        }
        if let Some(hall) = &day.hall {
            said = format!("{said}, {}", fill(words(self).hall, hall));
        }
        said
    }

    fn went(self, day: &CourtDay) -> &'static str {
        let words = words(self);
        match day.outcome {
            Some(CourtOutcome::Heard) => words.heard,
            Some(CourtOutcome::NotReached) => words.not_reached,
            Some(CourtOutcome::PutOff) => words.put_off,
            Some(CourtOutcome::Decided) => words.decided,
            None => words.was_listed,
        }
    }

    fn refusal(self, error: &PortalError) -> Option<String> {
        let words = words(self);
        Some(match error {
            PortalError::TooMany(most) => fill(words.error_too_many, &most.to_string()),
            PortalError::NoCase => words.error_choose_case.to_owned(),
            PortalError::NoFile => words.error_no_file.to_owned(),
            PortalError::Unfit(_) => words.error_note.to_owned(),
            PortalError::NotFound => words.error_no_case.to_owned(),
            PortalError::Decided => words.error_gone.to_owned(),
            PortalError::Documents(DocumentError::Empty) => words.error_empty.to_owned(),
            PortalError::Documents(DocumentError::TooLarge(most)) => {
                fill(words.error_too_large, &(*most).min(LARGEST_MIB).to_string())
            }
            PortalError::Documents(DocumentError::Refused(_)) => words.error_kind.to_owned(),
            PortalError::Documents(DocumentError::BrokenOff(_)) => {
                words.error_broken_off.to_owned()
            }
            PortalError::Documents(DocumentError::Invalid(_)) => words.error_copy.to_owned(),
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_said_as_people_say_it() {
        let day = NaiveDate::from_ymd_opt(2026, 7, 14).unwrap();
        assert_eq!(Language::English.day(day), "14 July 2026");
        assert_eq!(Language::Hindi.day(day), "14 जुलाई 2026");
    }

    #[test]
    fn counts_agree_with_their_nouns() {
        assert_eq!(Language::English.pages(1), "1 page");
        assert_eq!(Language::English.needs(2), "2 things are needed from you");
        assert_eq!(Language::Hindi.messages(1), "1 नया संदेश");
        assert_eq!(Language::Hindi.messages(3), "3 नए संदेश");
    }

    #[test]
    fn sizes_are_short() {
        assert_eq!(Language::English.size(1), "1 KB");
        assert_eq!(Language::English.size(2_500_000), "2.3 MB");
        assert_eq!(Language::Hindi.size(2_500_000), "2.3 एमबी");
    }

    #[test]
    fn what_happened_in_court_blames_nobody() {
        let on = NaiveDate::from_ymd_opt(2026, 7, 14).unwrap();
        let court = Some("High Court of Delhi".to_owned());
        let day =
            CourtDay { on, court, hall: Some("12".into()), outcome: Some(CourtOutcome::PutOff) };
        let said = Language::English.in_court(&day);
        assert_eq!(said, "14 July 2026, High Court of Delhi, court hall 12");
        assert_eq!(Language::English.went(&day), "The case was put off to another day.");
    }

    #[test]
    fn a_refusal_says_what_to_do_in_both_languages() {
        let error = PortalError::Documents(DocumentError::TooLarge(500));
        assert!(Language::English.refusal(&error).unwrap().contains("50 MB"));
        assert!(Language::Hindi.refusal(&error).unwrap().contains("50 MB"));
        assert_eq!(Language::Hindi.refusal(&PortalError::NotAClient), None);
    }
}
