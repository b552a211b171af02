//! What can be asked for, and what it is called.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TaskKind {
    /// What documents say, in short.
    Summary,
    /// Their dates in order, each with the sentence it stands in.
    Chronology,
    /// The issues and holdings of judgments.
    Holdings,
    /// What changed from one version or document to another.
    Compare,
    /// What orders direct and until when.
    Directions,
    /// An agreement, against a checklist.
    Review,
    /// A notice or list of dates, drafted from the file.
    Draft,
}

/// What is drafted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DraftKind {
    /// A notice of demand under section 138, Negotiable Instruments Act, 1881.
    ChequeNotice,
    /// A legal notice.
    LegalNotice,
    /// A list of dates for filing.
    ListOfDates,
}

impl TaskKind {
    /// Every kind, in the order they are offered.
    pub const ALL: [Self; 7] = [
        Self::Summary,
        Self::Chronology,
        Self::Holdings,
        Self::Compare,
        Self::Directions,
        Self::Review,
        Self::Draft,
    ];

    /// Its name, as requests and the tables write it.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Summary => "summary",
            Self::Chronology => "chronology",
            Self::Holdings => "holdings",
            Self::Compare => "compare",
            Self::Directions => "directions",
            Self::Review => "review",
            Self::Draft => "draft",
        }
    }

    /// What the ledger calls its calls.
    #[must_use]
    pub const fn purpose(self) -> &'static str {
        match self {
            Self::Summary => "task.summary",
            Self::Chronology => "task.chronology",
            Self::Holdings => "task.holdings",
            Self::Compare => "task.compare",
            Self::Directions => "task.directions",
            Self::Review => "task.review",
            Self::Draft => "task.draft",
        }
    }

    /// What it is called on a page.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Summary => "Summary",
            Self::Chronology => "List of dates",
            Self::Holdings => "Issues and holdings",
            Self::Compare => "What changed",
            Self::Directions => "Directions",
            Self::Review => "Review",
            Self::Draft => "Draft",
        }
    }

    /// The kind with a name.
    #[must_use]
    pub fn named(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.key() == key)
    }
}

impl DraftKind {
    /// Every kind, in the order they are offered.
    pub const ALL: [Self; 3] = [Self::ChequeNotice, Self::LegalNotice, Self::ListOfDates];

    /// Its name, as requests write it.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::ChequeNotice => "cheque_notice",
            Self::LegalNotice => "legal_notice",
            Self::ListOfDates => "list_of_dates",
        }
    }

    /// What it is called on a page.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::ChequeNotice => "Notice under section 138, NI Act",
            Self::LegalNotice => "Legal notice",
            Self::ListOfDates => "List of dates for filing",
        }
    }

    /// The kind with a name.
    #[must_use]
    pub fn named(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.key() == key)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_kind_is_found_by_the_name_it_is_stored_under() {
        for kind in TaskKind::ALL {
            assert_eq!(TaskKind::named(kind.key()), Some(kind));
            assert_eq!(json!(kind), json!(kind.key()));
            assert_eq!(kind.purpose(), format!("task.{}", kind.key()));
        }
        for kind in DraftKind::ALL {
            assert_eq!(DraftKind::named(kind.key()), Some(kind));
            assert_eq!(json!(kind), json!(kind.key()));
        }
    }
}
