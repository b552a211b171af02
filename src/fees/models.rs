//! How fees are counted.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// How a fee is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FeeModel {
    /// For each appearance: an amount where it was effective, another where the case was
    /// not reached or was adjourned.
    Appearance,
    /// For each day of hearing, however it went.
    HearingDay,
    /// A lump sum for a stage, when it is reached or on a day.
    Stage,
    /// Money held beforehand, which charges are drawn from.
    Retainer,
    /// For each conference.
    Conference,
    /// For each document or page drafted.
    Drafting,
    /// The clerk's share of the fees of an invoice.
    Clerkage,
    /// What is laid out is paid back.
    Expense,
    /// A senior's brief fee, passed through.
    Senior,
    /// By the hour, as the rates say.
    Hourly,
}

impl FeeModel {
    /// Every model.
    pub const ALL: [Self; 10] = [
        Self::Appearance,
        Self::HearingDay,
        Self::Stage,
        Self::Retainer,
        Self::Conference,
        Self::Drafting,
        Self::Clerkage,
        Self::Expense,
        Self::Senior,
        Self::Hourly,
    ];

    /// The stored form.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Appearance => "appearance",
            Self::HearingDay => "hearing_day",
            Self::Stage => "stage",
            Self::Retainer => "retainer",
            Self::Conference => "conference",
            Self::Drafting => "drafting",
            Self::Clerkage => "clerkage",
            Self::Expense => "expense",
            Self::Senior => "senior",
            Self::Hourly => "hourly",
        }
    }

    /// In words.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Appearance => "Per appearance",
            Self::HearingDay => "Per hearing day",
            Self::Stage => "Lump sum for a stage",
            Self::Retainer => "Retainer, drawn down",
            Self::Conference => "Per conference",
            Self::Drafting => "Drafting",
            Self::Clerkage => "Clerkage, a share of the fees",
            Self::Expense => "Expenses, paid back",
            Self::Senior => "Senior’s brief fee, passed through",
            Self::Hourly => "By the hour, as the rates say",
        }
    }
}

impl fmt::Display for FeeModel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for FeeModel {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let found = Self::ALL.into_iter().find(|model| model.as_str() == text);
        found.ok_or_else(|| text.to_owned())
    }
}

/// What drafting is counted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DraftUnit {
    /// The document.
    Document,
    /// The page.
    Page,
}

impl DraftUnit {
    /// The stored form.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Document => "document",
            Self::Page => "page",
        }
    }
}

impl FromStr for DraftUnit {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "document" => Ok(Self::Document),
            "page" => Ok(Self::Page),
            other => Err(other.to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_model_is_read_back_from_its_stored_form() {
        for model in FeeModel::ALL {
            assert_eq!(model.as_str().parse(), Ok(model));
            assert_eq!(serde_json::to_value(model).unwrap(), model.as_str());
        }
    }
}
