//! The fields a query can name: `court:delhi`, `judge:"chandrachud"`.

use super::pattern::distance;

/// A field of a document that a query can name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::search) enum FieldName {
    /// What the document is called.
    Title,
    /// The court it is of.
    Court,
    /// Its judges.
    Judge,
    /// Its parties.
    Party,
    /// What it is: a judgment, an order, an agreement.
    Type,
    /// The authorities it cites.
    Cites,
    /// The sections it names, with their statutes.
    Section,
    /// The case it is filed in, by title or number, and the case numbers it names.
    Case,
    /// The client whose case it is filed in.
    Client,
    /// Its languages.
    Language,
}

/// The fields by what is typed before the colon.
const NAMES: [(&str, FieldName); 10] = [
    ("title", FieldName::Title),
    ("court", FieldName::Court),
    ("judge", FieldName::Judge),
    ("party", FieldName::Party),
    ("type", FieldName::Type),
    ("cites", FieldName::Cites),
    ("section", FieldName::Section),
    ("case", FieldName::Case),
    ("client", FieldName::Client),
    ("language", FieldName::Language),
];

/// How a date is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum DateName {
    /// `date:` and `year:`: on these days.
    On,
    /// `after:`: later than these days.
    After,
    /// `before:`: earlier than these days.
    Before,
}

/// The names that take a date.
const DATES: [(&str, DateName); 4] = [
    ("date", DateName::On),
    ("year", DateName::On),
    ("after", DateName::After),
    ("before", DateName::Before),
];

impl FieldName {
    /// The field that is typed so, in capitals or not.
    pub(super) fn typed(name: &str) -> Option<Self> {
        NAMES.iter().find(|(typed, _)| name.eq_ignore_ascii_case(typed)).map(|(_, field)| *field)
    }

    /// What is typed before the colon.
    pub(super) fn as_str(self) -> &'static str {
        NAMES.iter().find(|(_, field)| *field == self).map_or("", |(typed, _)| typed)
    }

    /// Whether the values are references, which are read as far as they go.
    pub(super) const fn holds_references(self) -> bool {
        matches!(self, Self::Cites | Self::Section | Self::Case)
    }
}

impl DateName {
    /// The name that is typed so, in capitals or not.
    pub(super) fn typed(name: &str) -> Option<Self> {
        DATES.iter().find(|(typed, _)| name.eq_ignore_ascii_case(typed)).map(|(_, date)| *date)
    }
}

/// The name that was likely meant, if one is spelt almost so.
pub(super) fn meant(name: &str) -> Option<&'static str> {
    let lower = name.to_lowercase();
    let names = NAMES.iter().map(|(name, _)| *name).chain(DATES.iter().map(|(name, _)| *name));
    let most = if lower.len() < 5 { 1 } else { 2 };
    names
        .map(|name| (distance(name, &lower), name))
        .filter(|(distance, _)| *distance <= most)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}
