//! Events as they are stored.

use serde::{Deserialize, Serialize};

use super::gate::Verification;
use super::grounds::Fact;
use super::live::{Cited, Event, Source, Struck};

impl Event {
    /// The event as it is stored.
    ///
    /// # Errors
    /// Fails never, as far as is known.
    pub(super) fn to_stored(&self) -> serde_json::Result<serde_json::Value> {
        serde_json::to_value(Stored(self.clone()))
    }

    /// A stored event.
    ///
    /// # Errors
    /// Fails on what another release wrote and this one does not know.
    pub(super) fn from_stored(stored: serde_json::Value) -> serde_json::Result<Self> {
        serde_json::from_value::<Stored>(stored).map(|Stored(event)| event)
    }
}

/// An event with its name, as it is stored.
#[derive(Serialize, Deserialize)]
struct Stored(#[serde(with = "Named")] Event);

/// The stored form of [`Event`], which on the wire carries its name beside it.
#[derive(Serialize, Deserialize)]
#[serde(remote = "Event", tag = "name", content = "data", rename_all = "snake_case")]
enum Named {
    Status { text: String },
    Passages { passages: Vec<Source> },
    Facts { facts: Vec<Fact> },
    Delta { text: String },
    Citation(Cited),
    Removed(Struck),
    Usage { tokens_in: u64, tokens_out: u64, cost_paise: i64, model: String },
    Verified { summary: String, counts: Verification },
    Done { label: String, coverage: String },
    Error { detail: String },
}
