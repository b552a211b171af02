//! What is known of a hearing.

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use serde::{Deserialize, Serialize};

use super::{AdjournedBy, HearingError, HearingOutcome, ListType, SourceKind};
use crate::cases::Source;
use crate::kernel::{CaseId, DocumentId, HearingId, Paise};

/// A hearing to be entered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewHearing {
    /// The day, in India.
    pub on_date: NaiveDate,
    /// When it begins, in India.
    pub starts_at: Option<NaiveTime>,
    /// Before whom.
    pub bench: Option<String>,
    /// In which room.
    pub court_hall: Option<String>,
    /// Its number in the day's list.
    pub item: Option<String>,
    /// In which list it stands.
    pub list_type: Option<ListType>,
    /// The stage the case is in.
    pub stage: Option<String>,
    /// What it is for.
    pub purpose: Option<String>,
    /// How it went; none before it was held.
    pub outcome: Option<HearingOutcome>,
    /// What was ordered, and what the team should know.
    pub note: Option<String>,
    /// How the day is known; of a document when `source` names one.
    pub source_kind: SourceKind,
    /// The page it is known from.
    pub source: Option<Source>,
    /// The line of a cause list it is known from.
    pub quote: Option<String>,
}

impl NewHearing {
    /// A hearing of which only the day is known.
    #[must_use]
    pub const fn on(on_date: NaiveDate) -> Self {
        Self {
            on_date,
            starts_at: None,
            bench: None,
            court_hall: None,
            item: None,
            list_type: None,
            stage: None,
            purpose: None,
            outcome: None,
            note: None,
            source_kind: SourceKind::Manual,
            source: None,
            quote: None,
        }
    }
}

/// Why and for whom a hearing was put off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Adjourned {
    /// At whose request.
    pub by: AdjournedBy,
    /// A key of the list of reasons.
    pub reason: Option<String>,
    /// In words.
    pub words: Option<String>,
}

/// That a hearing was entered by mistake.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Withdrawn {
    /// When it was withdrawn.
    pub at: DateTime<Utc>,
    /// Why.
    pub reason: String,
}

/// A hearing of a case open to the caller.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hearing {
    /// Its id.
    pub id: HearingId,
    /// The case.
    pub case_id: CaseId,
    /// The case's title.
    pub case_title: String,
    /// The court's number for the case.
    pub case_number: Option<String>,
    /// The court.
    pub court: Option<String>,
    /// What is known of it.
    pub known: NewHearing,
    /// The hearing it was adjourned from.
    pub previous: Option<HearingId>,
    /// Whether it was mentioned before the court.
    pub mentioned: bool,
    /// Who appeared for this side.
    pub appeared_ours: Option<String>,
    /// Who appeared for the other.
    pub appeared_theirs: Option<String>,
    /// Why and for whom it was put off.
    pub adjourned: Option<Adjourned>,
    /// What was ordered to be paid as costs.
    pub costs: Option<Paise>,
    /// That it was entered by mistake.
    pub withdrawn: Option<Withdrawn>,
    /// How often it was changed.
    pub sequence: i64,
    /// The document it is known from, and the number of its version.
    pub document: Option<(DocumentId, i64)>,
}

impl Hearing {
    /// Where in the order of the lists it comes: by day, court, hall and item.
    #[must_use]
    pub fn order(&self) -> (NaiveDate, String, u32, String, u32) {
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        let known = &self.known;
        (
            known.on_date,
            text(&self.court).to_lowercase(),
            first_number(&text(&known.court_hall)),
            text(&known.court_hall),
            first_number(&text(&known.item)),
        )
    }

    /// Makes sure, in a transaction that holds the case, that nobody changed it since it was
    /// read: whoever enters something does not undo what they never saw.
    pub(super) fn is_as_read(&self, read: Option<i64>) -> Result<(), HearingError> {
        match read {
            Some(read) if read != self.sequence => Err(HearingError::Meanwhile),
            _ => Ok(()),
        }
    }

    /// How its day is known, in words.
    #[must_use]
    pub fn source_words(&self) -> String {
        match (&self.known.source, self.known.source_kind) {
            (Some(source), _) => match source.page {
                Some(page) => format!("a document, page {page}"),
                None => "a document".to_owned(),
            },
            (None, kind) => kind.words().to_owned(),
        }
    }
}

/// The first number in a text; texts without one come last.
fn first_number(text: &str) -> u32 {
    let digits: String = text
        .chars()
        .skip_while(|c| !c.is_ascii_digit())
        .take_while(char::is_ascii_digit)
        .take(9)
        .collect();
    digits.parse().unwrap_or(u32::MAX)
}

/// Which hearings are asked for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct HearingQuery {
    /// Of one case; of all when left out.
    pub case: Option<CaseId>,
    /// From this day on.
    pub from: Option<NaiveDate>,
    /// Until this day, with it.
    pub to: Option<NaiveDate>,
    /// The latest first; otherwise the earliest first.
    pub latest_first: bool,
    /// Of the cases alone of which the caller is a member.
    pub mine: bool,
    /// With those that were withdrawn.
    pub withdrawn: bool,
    /// At most so many; more than 1,000 are never given.
    pub limit: u32,
}

#[cfg(test)]
mod tests {
    use super::first_number;

    #[test]
    fn items_are_ordered_by_their_numbers() {
        assert_eq!(first_number("Court 12A"), 12);
        assert_eq!(first_number("31"), 31);
        assert_eq!(first_number("in chambers"), u32::MAX);
        assert_eq!(first_number("99999999999999"), 999_999_999);
    }
}
