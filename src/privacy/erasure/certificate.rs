//! What was erased, by whom and when, and what was found afterwards. It holds ids
//! and numbers alone.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::kernel::{ErasureId, UserId};

/// A certificate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Certificate {
    /// The erasure.
    pub erasure: ErasureId,
    /// What was erased: `client`, `case`, `document`, `user`.
    pub subject_kind: String,
    /// The id it had.
    pub subject_id: Uuid,
    /// Who asked for it.
    pub asked_by: UserId,
    /// When they did.
    pub asked_at: DateTime<Utc>,
    /// When it was done.
    pub done_at: DateTime<Utc>,
    /// How many rows of each table were removed.
    pub rows: BTreeMap<String, u64>,
    /// How many rows of the books stay, by table: issued invoices, credit notes, receipts,
    /// client money. Section 36 of the CGST Act has them kept; the name stays on the papers.
    #[serde(default)]
    pub books: BTreeMap<String, u64>,
    /// How many files.
    pub files: u64,
    /// How many images of pages.
    pub page_images: u64,
    /// How many exports made earlier.
    pub exports: u64,
    /// How many snapshots of the vectors.
    pub snapshots: u64,
    /// How many people's names and addresses were taken out of their accounts.
    pub people: u64,
    /// What was looked for afterwards, and how much of it was found: nothing.
    pub probes: Vec<Probe>,
    /// In how many rows of others' records the names still stand; these were not
    /// erased, since they belong to somebody else.
    pub mentions: BTreeMap<String, u64>,
}

/// A look into a store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Probe {
    /// Which.
    pub store: String,
    /// How many places were looked at.
    pub looked: u64,
    /// What was found that should be gone.
    pub found: u64,
}

impl Certificate {
    /// The text that is kept, and its SHA-256 in hexadecimal.
    ///
    /// # Errors
    /// Fails never, as far as is known.
    pub fn sealed(&self) -> serde_json::Result<(String, String)> {
        use std::fmt::Write;
        let text = serde_json::to_string_pretty(self)?;
        let hash = Sha256::digest(text.as_bytes()).iter().fold(String::new(), |mut hex, byte| {
            let _ = write!(hex, "{byte:02x}");
            hex
        });
        Ok((text, hash))
    }

    /// Whether nothing was found.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.probes.iter().all(|probe| probe.found == 0)
    }
}
