//! Classes of work: the service accounting codes of GST, of which every line of an invoice
//! states one. `index/legal_services.toml` holds their words and source.

use std::fmt;
use std::str::FromStr;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A class of legal work, by its service accounting code.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema,
)]
#[schema(as = WorkClass)]
pub enum Work {
    /// Advice and representation in criminal law.
    #[serde(rename = "998211")]
    Criminal,
    /// Advice and representation in other fields of law.
    #[default]
    #[serde(rename = "998212")]
    OtherFields,
    /// Documents on intellectual property.
    #[serde(rename = "998213")]
    PropertyDocuments,
    /// Other legal documents.
    #[serde(rename = "998214")]
    OtherDocuments,
    /// Arbitration and conciliation.
    #[serde(rename = "998215")]
    Arbitration,
    /// Other legal services.
    #[serde(rename = "998216")]
    OtherServices,
}

impl Work {
    /// Every class.
    pub const ALL: [Self; 6] = [
        Self::Criminal,
        Self::OtherFields,
        Self::PropertyDocuments,
        Self::OtherDocuments,
        Self::Arbitration,
        Self::OtherServices,
    ];

    /// The service accounting code: the stored form, and what an invoice states.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Criminal => "998211",
            Self::OtherFields => "998212",
            Self::PropertyDocuments => "998213",
            Self::OtherDocuments => "998214",
            Self::Arbitration => "998215",
            Self::OtherServices => "998216",
        }
    }

    /// In words.
    #[must_use]
    pub fn words(self) -> &'static str {
        let found = SERVICES.iter().find(|service| service.code == self.as_str());
        found.map_or("Legal services", |service| &service.words)
    }
}

impl fmt::Display for Work {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Work {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let found = Self::ALL.into_iter().find(|work| work.as_str() == text);
        found.ok_or_else(|| format!("`{text}` is no service accounting code of legal services"))
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Service {
    code: String,
    words: String,
    #[cfg_attr(not(test), expect(dead_code, reason = "for whoever reviews the table"))]
    source: String,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    service: Vec<Service>,
}

static SERVICES: LazyLock<Vec<Service>> = LazyLock::new(|| {
    let text = include_str!("../../index/legal_services.toml");
    toml::from_str::<Table>(text).unwrap_or_default().service
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_class_of_work_has_words_and_a_source() {
        assert_eq!(SERVICES.len(), Work::ALL.len());
        for work in Work::ALL {
            let row = SERVICES.iter().find(|service| service.code == work.as_str()).unwrap();
            assert!(!row.words.is_empty() && row.source.contains("11/2017"), "{work}");
            assert_eq!(work.as_str().parse(), Ok(work));
            assert_eq!(serde_json::to_value(work).unwrap(), work.as_str());
        }
        assert!("998217".parse::<Work>().is_err());
    }
}
