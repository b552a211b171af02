//! The rows of the tables, as they are written.

use serde::Deserialize;

use super::{Join, Mark};

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StopWords {
    pub(super) set: Vec<StopSet>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StopSet {
    #[serde(rename = "language")]
    _language: String,
    #[serde(rename = "source")]
    _source: String,
    pub(super) words: Vec<String>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Units {
    pub(super) unit: Vec<UnitRow>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct UnitRow {
    pub(super) form: String,
    pub(super) written: Vec<String>,
    #[serde(default)]
    pub(super) roman: bool,
    #[serde(rename = "source")]
    _source: String,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Joins {
    pub(super) join: Vec<Join>,
    pub(super) bracketed: Vec<Bracketed>,
}

/// Ways to write what stands in brackets after a case type or a reporter.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Bracketed {
    pub(super) form: String,
    pub(super) written: Vec<String>,
    #[serde(rename = "source")]
    _source: String,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Identifiers {
    pub(super) set: Vec<MarkSet>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct MarkSet {
    pub(super) kind: Mark,
    #[serde(rename = "source")]
    _source: String,
    pub(super) words: Vec<String>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Letters {
    pub(super) set: Vec<LetterSet>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LetterSet {
    #[serde(rename = "script")]
    _script: String,
    #[serde(rename = "source")]
    _source: String,
    pub(super) letters: Vec<Letter>,
}

/// A letter and a sequence that stands for it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct Letter {
    pub(in super::super) written: String,
    pub(in super::super) is: char,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct EnglishStems {
    pub(super) kept: Vec<KeptSet>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct KeptSet {
    #[serde(rename = "source")]
    _source: String,
    /// Words of one stem; the first is the stem.
    pub(super) stems: Vec<Vec<String>>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct HindiStems {
    pub(super) masculine: Vec<Masculine>,
    pub(super) irregular: Vec<Irregular>,
    pub(super) verb: Vec<Verbs>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Masculine {
    #[serde(rename = "source")]
    _source: String,
    pub(super) words: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Irregular {
    pub(super) stem: String,
    #[serde(rename = "source")]
    _source: String,
    pub(super) words: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Verbs {
    #[serde(rename = "source")]
    _source: String,
    pub(super) roots: Vec<String>,
    pub(super) endings: Vec<String>,
    pub(super) past: Vec<String>,
    pub(super) past_roots: Vec<String>,
}
