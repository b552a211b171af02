//! What a document is, and what its reader should know of the whole.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::reading::Finding;
use super::{Version, store};

/// What a document is, told from its first pages.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct About {
    /// `judgment`, `order`, `plaint`, `written_statement`, `affidavit`, `agreement`,
    /// `notice`, `vakalatnama`, `statute`, `letter`, `mail` or `other`.
    pub kind: String,
    /// How it calls itself: `Bachan Singh v. State of Punjab (1980)`.
    pub title: Option<String>,
    /// The court it is of.
    pub court: Option<String>,
    /// The parties, the side that came to court first.
    pub parties: Vec<String>,
    /// The judges.
    pub judges: Vec<String>,
    /// Its date: `2024-03-12`.
    pub date: Option<String>,
    /// What its kind was told by.
    pub reasons: Vec<String>,
}

impl Version {
    /// What it is, once it is read.
    #[must_use]
    pub fn told(&self) -> Option<About> {
        self.about.as_deref().and_then(|about| serde_json::from_str(about).ok())
    }

    /// What its reader should know of the whole: scripts, embedded files, macros.
    #[must_use]
    pub fn known_findings(&self) -> Vec<Finding> {
        store::listed(self.findings.as_deref())
    }
}
