//! The numbers of a case.

use std::str::FromStr;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::kernel::CaseId;

/// What a number of a case is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = CaseNumberKind)]
pub enum NumberKind {
    /// The one it goes by.
    Own,
    /// Of its filing.
    Filing,
    /// Of its registration.
    Registration,
    /// One it had before.
    Old,
    /// Of the court below.
    Lower,
}

impl NumberKind {
    /// Every kind.
    pub const ALL: [Self; 5] =
        [Self::Own, Self::Filing, Self::Registration, Self::Old, Self::Lower];

    /// The stored form.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Own => "own",
            Self::Filing => "filing",
            Self::Registration => "registration",
            Self::Old => "old",
            Self::Lower => "lower",
        }
    }

    /// In words.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Own => "case number",
            Self::Filing => "filing number",
            Self::Registration => "registration number",
            Self::Old => "old number",
            Self::Lower => "number in the court below",
        }
    }
}

impl FromStr for NumberKind {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let found = Self::ALL.into_iter().find(|kind| kind.as_str() == text);
        found.ok_or_else(|| text.to_owned())
    }
}

/// A number of a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CaseNumber {
    /// As the court writes it.
    #[schema(example = "W.P.(C) 1234/2023")]
    pub number: String,
    /// What it is.
    pub kind: NumberKind,
}

/// A number by which a case is known.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct KnownNumber {
    /// The case.
    pub case_id: CaseId,
    /// How it is called.
    pub title: String,
    /// Its court.
    pub court: Option<String>,
    /// Its national case number record.
    pub cnr: Option<String>,
    /// The number, as the court writes it; none for a case that has none.
    pub number: Option<String>,
    /// What makes two numbers equal.
    pub normal: Option<String>,
}
