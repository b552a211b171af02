//! Fees somebody decided on: what they are for, and whether they are billed.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Work;
use crate::kernel::{CaseId, FeeId, Paise};

/// What a fee is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FeeKind {
    /// An appearance.
    Appearance,
    /// A day of hearing.
    HearingDay,
    /// A stage that was reached.
    Stage,
    /// A conference.
    Conference,
    /// A draft.
    Drafting,
    /// Anything else.
    Other,
}

impl FeeKind {
    /// Every kind.
    pub const ALL: [Self; 6] = [
        Self::Appearance,
        Self::HearingDay,
        Self::Stage,
        Self::Conference,
        Self::Drafting,
        Self::Other,
    ];

    /// The stored form.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Appearance => "appearance",
            Self::HearingDay => "hearing_day",
            Self::Stage => "stage",
            Self::Conference => "conference",
            Self::Drafting => "drafting",
            Self::Other => "other",
        }
    }

    /// In words.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Appearance => "Appearance",
            Self::HearingDay => "Hearing day",
            Self::Stage => "Stage",
            Self::Conference => "Conference",
            Self::Drafting => "Drafting",
            Self::Other => "Other",
        }
    }
}

impl fmt::Display for FeeKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for FeeKind {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let found = Self::ALL.into_iter().find(|kind| kind.as_str() == text);
        found.ok_or_else(|| text.to_owned())
    }
}

/// Whether a fee is billed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FeeStatus {
    /// It is.
    Confirmed,
    /// It is not.
    Declined,
}

impl FeeStatus {
    /// The stored form.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Confirmed => "confirmed",
            Self::Declined => "declined",
        }
    }
}

/// A fee somebody decided on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fee {
    /// Its id.
    pub id: FeeId,
    /// Its case.
    pub case_id: CaseId,
    /// What it is for.
    pub kind: FeeKind,
    /// The day.
    pub on: NaiveDate,
    /// In words.
    pub description: String,
    /// The class of work.
    pub work: Work,
    /// The amount.
    pub amount: Paise,
    /// What was agreed, where it was confirmed at another amount.
    pub agreed: Option<Paise>,
    /// Whether it is billed.
    pub status: FeeStatus,
    /// Why it was declined, or confirmed at another amount.
    pub reason: Option<String>,
    /// Who decided.
    pub decided_by: String,
    /// When.
    pub decided_at: DateTime<Utc>,
    /// Whether it stands on an invoice.
    pub is_billed: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_is_read_back_from_its_stored_form() {
        for kind in FeeKind::ALL {
            assert_eq!(kind.as_str().parse(), Ok(kind));
        }
    }
}
