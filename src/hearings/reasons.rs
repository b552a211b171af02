//! Why hearings are put off: the list a person chooses from.

use std::sync::LazyLock;

use serde::Deserialize;

use super::AdjournedBy;

/// A reason for which hearings are put off.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reason {
    /// Its stored form.
    pub key: String,
    /// In words.
    pub words: String,
    /// For whose sake, as a rule.
    pub usually: AdjournedBy,
    /// Where it is taken from.
    pub source: String,
}

#[derive(Deserialize)]
struct Table {
    reason: Vec<Reason>,
}

static REASONS: LazyLock<Vec<Reason>> = LazyLock::new(|| {
    let table: Result<Table, _> = toml::from_str(include_str!("../../index/adjournments.toml"));
    table.map(|table| table.reason).unwrap_or_default()
});

/// Every reason, in the order they are offered.
#[must_use]
pub fn reasons() -> &'static [Reason] {
    &REASONS
}

/// A reason in words; what is in no list is said as it is stored.
#[must_use]
pub fn reason_words(key: &str) -> &str {
    REASONS.iter().find(|reason| reason.key == key).map_or(key, |reason| &reason.words)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn each_reason_has_a_key_of_its_own_words_and_a_source() {
        assert!(reasons().len() >= 12, "the table is read");
        let keys: BTreeSet<&str> = reasons().iter().map(|reason| reason.key.as_str()).collect();
        assert_eq!(keys.len(), reasons().len());
        for reason in reasons() {
            assert!(!reason.words.is_empty() && !reason.source.is_empty(), "{reason:?}");
        }
        assert_eq!(reason_words("counsel_absent"), "counsel not available");
        assert_eq!(reason_words("unknown"), "unknown");
    }
}
