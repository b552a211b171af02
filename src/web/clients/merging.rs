//! Clients that may be the same, and making them one.

use askama::Template;

use crate::kernel::ClientId;
use crate::web::page::Layout;

/// Clients that may be the same.
#[derive(Debug, Clone, Template)]
#[template(path = "clients/duplicates.html")]
pub struct DuplicatesPage {
    /// The frame.
    pub layout: Layout,
    /// The pairs, the most alike first.
    pub pairs: Vec<DuplicateRow>,
}

/// Two clients that may be the same.
#[derive(Debug, Clone)]
pub struct DuplicateRow {
    /// The one that was entered first.
    pub first: (ClientId, String),
    /// The other.
    pub second: (ClientId, String),
    /// How alike they are, in hundredths.
    pub percent: i64,
    /// Why, a sentence each.
    pub reasons: Vec<String>,
}

/// Two clients side by side.
#[derive(Debug, Clone, Template)]
#[template(path = "clients/merge.html")]
pub struct MergePage {
    /// The frame.
    pub layout: Layout,
    /// What was wrong with the form just sent.
    pub problem: Option<String>,
    /// The one that stays.
    pub kept: (ClientId, String),
    /// The one that goes.
    pub gone: (ClientId, String),
    /// What is known of both, field by field.
    pub fields: Vec<MergeField>,
    /// Whether their PANs or GSTINs differ, which is to be confirmed.
    pub tax_ids_differ: bool,
}

/// What two clients have in a field.
#[derive(Debug, Clone)]
pub struct MergeField {
    /// What the form sends it as.
    pub name: &'static str,
    /// What it is called.
    pub label: &'static str,
    /// What the one has that stays.
    pub kept: String,
    /// What the other has.
    pub gone: String,
    /// Whether the other's is chosen.
    pub take_gone: bool,
}
