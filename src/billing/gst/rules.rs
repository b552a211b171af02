//! The table of rules, read once.

use std::sync::LazyLock;

use serde::Deserialize;

use super::{RecipientClass, Service, SupplierKind, Treatment};

const TABLE: &str = include_str!("../../../index/gst.toml");

static RULES: LazyLock<Rules> = LazyLock::new(|| toml::from_str(TABLE).unwrap_or_default());

/// All of the table.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Rules {
    /// Hundredths of a percent.
    pub(super) rate_basis_points: i64,
    /// Where the rate stands; shown nowhere, and kept beside it for who reviews it.
    #[cfg_attr(not(test), expect(dead_code, reason = "for reviewers of the table"))]
    pub(super) rate_source: String,
    pub(super) pure_agent: Said,
    pub(super) not_registered: Said,
    pub(super) reverse_unregistered: Said,
    pub(super) rule: Vec<Rule>,
    pub(super) sac: Vec<Sac>,
}

/// A reason and where it stands.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Said {
    pub(super) reason: String,
    pub(super) authority: String,
}

/// What becomes of the tax on certain supplies.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Rule {
    pub(super) supplier: Vec<SupplierKind>,
    pub(super) recipient: Vec<RecipientClass>,
    pub(super) service: Vec<Service>,
    pub(super) gst: Treatment,
    pub(super) reason: String,
    pub(super) authority: String,
}

/// A class of services, as papers name it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sac {
    /// Six digits.
    pub code: String,
    /// What it is.
    pub words: String,
    /// How the rules see it.
    pub service: Service,
    /// Where it stands.
    pub source: String,
}

impl Rules {
    pub(super) fn get() -> &'static Self {
        &RULES
    }
}

/// The classes of services.
#[must_use]
pub fn sacs() -> &'static [Sac] {
    &RULES.sac
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_can_be_read_and_every_line_names_its_source() {
        let rules: Rules = toml::from_str(TABLE).unwrap();
        assert_eq!(rules.rate_basis_points, 1_800);
        assert!(!rules.rate_source.is_empty());
        for said in [&rules.pure_agent, &rules.not_registered, &rules.reverse_unregistered] {
            assert!(!said.reason.is_empty() && !said.authority.is_empty());
        }
        assert!(rules.rule.iter().all(|rule| !rule.authority.is_empty()));
        for sac in &rules.sac {
            assert!(sac.code.len() == 6 && !sac.words.is_empty() && !sac.source.is_empty());
        }
    }
}
