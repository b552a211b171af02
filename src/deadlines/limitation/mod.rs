//! Limitation, worked out step by step from rules that are data.
//!
//! Nothing here reads or writes: a rule, some dates and a court's calendar go in, and
//! every step comes out with its day and its authority. The last day is always the strict
//! one; what a holiday rule gives is shown beside it and never put in its place.

mod check;
mod days;
mod ends;
mod rules;
mod say;
mod work;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub(super) use ends::due;
pub use rules::{
    Condone, CondoneFrom, CondoneKind, FirstDay, Holiday, Lead, Period, Rule, rule, rules,
};
pub use work::work_out;

/// How many stretches of time can be left out of one period.
pub const MOST_LEFT_OUT: usize = 5;

/// What a limitation is worked out from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = LimitationDates)]
pub struct Asked {
    /// The id of the rule.
    pub rule: String,
    /// The day the period runs from.
    pub event: NaiveDate,
    /// The certified copy, where its time is left out.
    #[serde(default)]
    pub copy: Option<CopyTime>,
    /// Other time that is left out.
    #[serde(default)]
    #[schema(max_items = 5)]
    pub left_out: Vec<LeftOut>,
    /// The day of filing, when it is asked whether that is in time.
    #[serde(default)]
    pub filed: Option<NaiveDate>,
}

/// The time of a certified copy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = LimitationCopy)]
pub struct CopyTime {
    /// The day it was applied for.
    pub applied: NaiveDate,
    /// The day it was ready.
    pub ready: NaiveDate,
    /// The day it was fetched; what lies between is not left out.
    #[serde(default)]
    pub received: Option<NaiveDate>,
}

/// Time that is left out, with its first and last day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = LimitationLeftOut)]
pub struct LeftOut {
    /// The first day.
    pub from: NaiveDate,
    /// The last day.
    pub to: NaiveDate,
    /// Why.
    pub reason: Reason,
    /// In words, such as the number of the other proceeding.
    #[serde(default)]
    pub note: String,
}

/// Why time is left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = LimitationReason)]
pub enum Reason {
    /// Another proceeding in a court without jurisdiction.
    WrongCourt,
    /// A stay or an injunction.
    Stay,
    /// A notice or a consent the law asks for first.
    NoticeOrConsent,
    /// The order of a court that leaves time out for all.
    CourtOrder,
}

impl Reason {
    /// Every reason.
    pub const ALL: [Self; 4] =
        [Self::WrongCourt, Self::Stay, Self::NoticeOrConsent, Self::CourtOrder];

    /// The name in forms.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::WrongCourt => "wrong_court",
            Self::Stay => "stay",
            Self::NoticeOrConsent => "notice_or_consent",
            Self::CourtOrder => "court_order",
        }
    }

    /// The reason of a name.
    #[must_use]
    pub fn named(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.key() == text)
    }

    /// In words.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::WrongCourt => "a proceeding in good faith in a court without jurisdiction",
            Self::Stay => "a stay or injunction",
            Self::NoticeOrConsent => "a notice or consent required by law",
            Self::CourtOrder => "an order of the Supreme Court that leaves time out for all",
        }
    }

    /// What says so.
    #[must_use]
    pub const fn authority(self) -> &'static str {
        match self {
            Self::WrongCourt => "s. 14, Limitation Act, 1963",
            Self::Stay => "s. 15(1), Limitation Act, 1963",
            Self::NoticeOrConsent => "s. 15(2), Limitation Act, 1963",
            Self::CourtOrder => {
                "In re Cognizance for Extension of Limitation (2022) 3 SCC 117: 15 March 2020 to \
                 28 February 2022"
            }
        }
    }
}

/// A limitation, worked out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = LimitationWorked)]
pub struct Worked {
    /// The id of the rule.
    pub rule: String,
    /// What the rule is about.
    pub name: String,
    /// The fingerprint of the rule's text.
    pub rule_hash: String,
    /// What is to be done by the last day.
    pub act: String,
    /// The court calendar that was looked at; none where only what is certain of every
    /// court is known.
    pub calendar: Option<String>,
    /// Every step, in order.
    pub steps: Vec<Step>,
    /// The strict last day.
    pub last_day: NaiveDate,
    /// The day on which the court opens again, when it is closed on the last day and a
    /// rule lets that day do. It is shown and not relied on.
    pub opens: Option<NaiveDate>,
    /// The last day a delay can be condoned to; none where no delay can, or no outer
    /// limit is fixed.
    pub condonable_until: Option<NaiveDate>,
    /// The day a right arises that comes with the end of the period.
    pub arises_on: Option<NaiveDate>,
    /// What to beware of.
    pub warnings: Vec<Warning>,
}

/// A step of the working.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = LimitationStep)]
pub struct Step {
    /// The day it comes to, where it comes to one.
    pub day: Option<NaiveDate>,
    /// A sentence.
    pub text: String,
    /// What says so.
    pub authority: String,
}

/// What to beware of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = LimitationWarning)]
pub struct Warning {
    /// What it is about.
    pub kind: WarningKind,
    /// A sentence.
    pub text: String,
}

/// What a warning is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = LimitationWarningKind)]
pub enum WarningKind {
    /// The last day is past.
    Past,
    /// The last day is near.
    Close,
    /// The month has no day of that number.
    ShortMonth,
    /// The court is closed on a last day.
    Closed,
    /// No calendar of the court, or none of that year, is known.
    Calendar,
    /// Some dates changed nothing, or not all they seem to.
    Dates,
    /// What was filed was not in time, or on the last day.
    Filed,
    /// The rule was not checked by a lawyer of the chamber.
    Unchecked,
}

/// Dates that do not fit; `field` is the one to look at.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{words}")]
pub struct Unfit {
    /// The field, as requests call it.
    pub field: &'static str,
    /// What is wrong and what to do.
    pub words: &'static str,
}
