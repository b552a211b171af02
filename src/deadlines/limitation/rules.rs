//! The rules of limitation: data in `index/limitation.toml`.

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Reason;
use crate::deadlines::fingerprint::fingerprint;

const TABLE: &str = include_str!("../../../index/limitation.toml");

/// A period of limitation and how it is counted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = LimitationRule)]
pub struct Rule {
    /// What requests call it.
    pub id: String,
    /// What it is about.
    pub name: String,
    /// Words it is found by.
    pub words: Vec<String>,
    /// What the period runs from, as the form asks for it.
    pub event: String,
    /// What is to be done by the last day.
    pub act: String,
    /// Days that pass before the period begins.
    pub lead: Option<Lead>,
    /// The period.
    pub period: Period,
    /// Whether the day it runs from is counted.
    pub first_day: FirstDay,
    /// What says so.
    pub first_day_authority: String,
    /// What lets the time of the certified copy be left out; none where nothing does.
    pub copy_authority: Option<String>,
    /// Which other time can be left out.
    #[serde(default)]
    pub leave_out: Vec<Reason>,
    /// What says so; none where nothing can.
    pub leave_out_authority: Option<String>,
    /// How a delay can be condoned.
    pub condone: Condone,
    /// What a holiday does to the last day of the period.
    pub holiday: Holiday,
    /// What a holiday does to the last day that can be condoned, where that is decided.
    pub holiday_condonable: Option<Holiday>,
    /// What the day after the last day brings, where it brings something.
    pub after: Option<String>,
    /// Where the rule stands, and who decided on it.
    pub authority: Vec<String>,
    /// What else to know.
    pub notes: Vec<String>,
    /// Where this text comes from.
    pub source: String,
    /// Whether the text was compared with the law before it was delivered.
    pub checked: bool,
}

/// Days that pass before a period begins.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = LimitationLead)]
pub struct Lead {
    /// How many.
    pub days: u32,
    /// What happens in them.
    pub words: String,
    /// What says so.
    pub authority: String,
}

/// A length of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = LimitationPeriod)]
pub enum Period {
    /// Days.
    Days(u32),
    /// Months of the calendar.
    Months(u32),
    /// Years of the calendar.
    Years(u32),
}

impl Period {
    /// In words, such as `90 days`.
    #[must_use]
    pub fn words(self) -> String {
        let (number, one) = match self {
            Self::Days(number) => (number, "day"),
            Self::Months(number) => (number, "month"),
            Self::Years(number) => (number, "year"),
        };
        format!("{number} {one}{}", if number == 1 { "" } else { "s" })
    }
}

/// Whether the day a period runs from is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = LimitationFirstDay)]
pub enum FirstDay {
    /// It is left out.
    Excluded,
    /// It is counted.
    Included,
}

/// How a delay can be condoned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = LimitationCondone)]
pub struct Condone {
    /// Whether, and up to a day or without one.
    pub kind: CondoneKind,
    /// How many days, of a cap.
    #[serde(default)]
    pub days: u32,
    /// What those days run from.
    #[serde(default)]
    pub from: CondoneFrom,
    /// Whether the court may not go beyond the cap.
    #[serde(default)]
    pub no_more: bool,
    /// What is needed.
    pub needs: String,
    /// What says so.
    pub authority: String,
}

/// Whether a delay can be condoned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = LimitationCondoneKind)]
pub enum CondoneKind {
    /// Not at all.
    None,
    /// Without an outer limit.
    Open,
    /// Up to a day.
    Capped,
}

/// What the days of a cap run from.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = LimitationCondoneFrom)]
pub enum CondoneFrom {
    /// The last day of the period.
    #[default]
    Prescribed,
    /// The day the period itself runs from.
    Event,
}

/// What a holiday does to a last day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = LimitationHoliday)]
pub struct Holiday {
    /// Whether the day on which the court opens again will do.
    pub helps: bool,
    /// What says so.
    pub authority: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    rule: Vec<Rule>,
}

static RULES: LazyLock<Vec<Rule>> = LazyLock::new(|| {
    let table: Result<Table, _> = toml::from_str(TABLE);
    table.map(|table| table.rule).unwrap_or_default()
});

/// Every rule, in the order of the table.
#[must_use]
pub fn rules() -> &'static [Rule] {
    &RULES
}

/// The rule of an id.
#[must_use]
pub fn rule(id: &str) -> Option<&'static Rule> {
    rules().iter().find(|rule| rule.id == id)
}

impl Rule {
    /// A fingerprint of its text; another text has another.
    #[must_use]
    pub fn hash(&self) -> String {
        fingerprint(self)
    }

    /// Whether it is meant by some words: each of them stands in its name, its words or
    /// what it rests on.
    #[must_use]
    pub fn is_meant_by(&self, text: &str) -> bool {
        let all = [&self.words.join(" "), &self.authority.join(" "), &self.name, &self.event];
        let all = all.map(|it| it.to_lowercase()).join(" ");
        text.to_lowercase().split_whitespace().all(|word| all.contains(word))
    }

    /// What condoning comes to, in words.
    #[must_use]
    pub fn condone_words(&self) -> String {
        let Condone { kind, days, from, no_more, .. } = &self.condone;
        let end = if *no_more { ", and no more" } else { "" };
        match (kind, from) {
            (CondoneKind::None, _) => "no delay can be condoned".to_owned(),
            (CondoneKind::Open, _) => "delay can be condoned; no outer limit is fixed".to_owned(),
            (CondoneKind::Capped, CondoneFrom::Prescribed) => format!("{days} days more{end}"),
            (CondoneKind::Capped, CondoneFrom::Event) => format!("up to {days} days in all{end}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn the_table_can_be_read_and_every_rule_names_its_authority_and_source() {
        let table: Table = toml::from_str(TABLE).unwrap();
        assert_eq!(table.rule.len(), 21);
        let ids: BTreeSet<&str> = table.rule.iter().map(|rule| rule.id.as_str()).collect();
        assert_eq!(ids.len(), table.rule.len());
        for rule in &table.rule {
            assert!(!rule.authority.is_empty() && !rule.source.is_empty(), "{}", rule.id);
            assert!(!rule.first_day_authority.is_empty(), "{}", rule.id);
            assert!(!rule.condone.authority.is_empty(), "{}", rule.id);
            assert!(!rule.holiday.authority.is_empty(), "{}", rule.id);
            let leaves_out = rule.leave_out_authority.is_some();
            assert_eq!(leaves_out, !rule.leave_out.is_empty(), "{}", rule.id);
            // Sections 14 and 15 are for suits and applications.
            let is_appeal = rule.act.ends_with("file the appeal") && rule.id != "ibc-nclat";
            assert!(!is_appeal || rule.leave_out == [Reason::CourtOrder], "{}", rule.id);
            let capped = rule.condone.kind == CondoneKind::Capped;
            assert_eq!(capped, rule.condone.days > 0, "{}", rule.id);
            assert!(!rule.checked, "{}: nobody has compared it with the law", rule.id);
        }
    }

    #[test]
    fn another_text_has_another_fingerprint() {
        let slp = rule("slp").unwrap();
        let other = Rule { period: Period::Days(91), ..slp.clone() };
        assert_eq!(slp.hash(), slp.clone().hash());
        assert_ne!(slp.hash(), other.hash());
    }

    #[test]
    fn a_rule_is_found_by_the_words_people_use() {
        let found = |text: &str| -> Vec<&str> {
            let found = rules().iter().filter(|rule| rule.is_meant_by(text));
            found.map(|rule| rule.id.as_str()).collect()
        };
        assert_eq!(found("34(3)"), ["arbitration-set-aside"]);
        assert_eq!(found("cheque complaint"), ["ni-complaint"]);
        assert_eq!(found("SLP"), ["slp", "slp-certificate"]);
        assert!(found("no such thing").is_empty());
    }

    #[test]
    fn a_rule_says_how_delay_is_condoned() {
        let words = |id| rule(id).unwrap().condone_words();
        assert_eq!(words("arbitration-set-aside"), "30 days more, and no more");
        assert_eq!(words("written-statement-commercial"), "up to 120 days in all, and no more");
        assert_eq!(words("written-statement"), "up to 90 days in all");
        assert_eq!(words("title-possession"), "no delay can be condoned");
    }
}
