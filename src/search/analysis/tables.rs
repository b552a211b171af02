//! The tables of `index/` that the analyser and the query language read.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use serde::Deserialize;
use serde::de::DeserializeOwned;

const STOP_WORDS: &str = include_str!("../../../index/stop_words.toml");
const UNITS: &str = include_str!("../../../index/units.toml");
const JOINS: &str = include_str!("../../../index/joins.toml");
const IDENTIFIERS: &str = include_str!("../../../index/identifiers.toml");

/// What the texts of the tables add up to; another sum is another analyser.
pub(crate) static FINGERPRINT: LazyLock<u32> = LazyLock::new(|| {
    let mut sum = crc32fast::Hasher::new();
    for table in [STOP_WORDS, UNITS, JOINS, IDENTIFIERS] {
        sum.update(table.as_bytes());
    }
    sum.finalize()
});

/// Words that a query of plain words does not ask for.
static STOPS: LazyLock<BTreeSet<String>> = LazyLock::new(|| {
    let table: StopWords = read("stop_words", STOP_WORDS);
    table.set.into_iter().flat_map(|set| set.words).map(|word| super::fold::fold(&word)).collect()
});

/// Units by each way of writing them.
static UNIT_FORMS: LazyLock<BTreeMap<String, Unit>> = LazyLock::new(|| {
    let table: Units = read("units", UNITS);
    let written = |unit: UnitRow| {
        let known = Unit { form: unit.form, roman: unit.roman };
        unit.written.into_iter().map(move |form| (super::fold::fold(&form), known.clone()))
    };
    table.unit.into_iter().flat_map(written).collect()
});

/// Joins by their first piece, the longest first.
static JOIN_LIST: LazyLock<BTreeMap<String, Vec<Join>>> = LazyLock::new(|| {
    let table: Joins = read("joins", JOINS);
    let mut joins: BTreeMap<String, Vec<Join>> = BTreeMap::new();
    for join in table.join {
        if let Some(first) = join.pieces.first() {
            joins.entry(first.clone()).or_default().push(join);
        }
    }
    for list in joins.values_mut() {
        list.sort_by_key(|join| std::cmp::Reverse(join.pieces.len()));
    }
    joins
});

/// The marks of identifiers, by kind.
static MARKS: LazyLock<BTreeMap<Mark, BTreeSet<String>>> = LazyLock::new(|| {
    let table: Identifiers = read("identifiers", IDENTIFIERS);
    let mut marks: BTreeMap<Mark, BTreeSet<String>> = BTreeMap::new();
    for set in table.set {
        marks.entry(set.kind).or_default().extend(set.words);
    }
    marks
});

/// A word that names a part of a law when a number follows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Unit {
    /// The one form all ways of writing it become.
    pub(crate) form: String,
    /// Whether Roman numerals after it are numbers.
    pub(crate) roman: bool,
}

/// Pieces that are one word.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Join {
    pub(crate) pieces: Vec<String>,
    pub(crate) between: Between,
    pub(crate) form: String,
    #[serde(rename = "source")]
    _source: String,
}

/// What may stand between the pieces of a [`Join`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Between {
    Slash,
    Loose,
}

/// What a word marks in an identifier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
pub(crate) enum Mark {
    #[serde(rename = "statute")]
    Statute,
    #[serde(rename = "reporter")]
    Reporter,
    #[serde(rename = "court")]
    Court,
    #[serde(rename = "case type")]
    CaseType,
}

/// Whether a folded word is a stop word.
pub(crate) fn is_stop(form: &str) -> bool {
    STOPS.contains(form)
}

/// The unit a folded word may be.
pub(crate) fn unit(form: &str) -> Option<&'static Unit> {
    UNIT_FORMS.get(form)
}

/// Whether a word is the one form of a unit.
pub(crate) fn is_unit_form(form: &str) -> bool {
    unit(form).is_some_and(|unit| unit.form == form)
}

/// The joins that begin with a piece.
pub(crate) fn joins(first: &str) -> &'static [Join] {
    JOIN_LIST.get(first).map_or(&[], Vec::as_slice)
}

/// Whether a word, or two words with a space, carry a mark.
pub(crate) fn is_marked(mark: Mark, words: &str) -> bool {
    MARKS.get(&mark).is_some_and(|set| set.contains(words))
}

/// Whether a word is part of a longer mark of that kind, such as `ni` of `ni act`.
pub(crate) fn is_part_of(mark: Mark, word: &str) -> bool {
    MARKS.get(&mark).is_some_and(|set| set.iter().any(|words| words.split(' ').any(|w| w == word)))
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct StopWords {
    set: Vec<StopSet>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StopSet {
    #[serde(rename = "language")]
    _language: String,
    #[serde(rename = "source")]
    _source: String,
    words: Vec<String>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Units {
    unit: Vec<UnitRow>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct UnitRow {
    form: String,
    written: Vec<String>,
    #[serde(default)]
    roman: bool,
    #[serde(rename = "source")]
    _source: String,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Joins {
    join: Vec<Join>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Identifiers {
    set: Vec<MarkSet>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MarkSet {
    kind: Mark,
    #[serde(rename = "source")]
    _source: String,
    words: Vec<String>,
}

/// Reads a table. The tables are part of the binary and a test reads each, so a
/// broken one cannot ship; if it did, search would work without it.
fn read<T: DeserializeOwned + Default>(name: &str, text: &str) -> T {
    toml::from_str(text).unwrap_or_else(|error| {
        tracing::error!(table = name, error = %error, "a table of the index cannot be read");
        T::default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_table_can_be_read() {
        assert!(toml::from_str::<StopWords>(STOP_WORDS).is_ok());
        assert!(toml::from_str::<Units>(UNITS).is_ok());
        assert!(toml::from_str::<Joins>(JOINS).is_ok());
        assert!(toml::from_str::<Identifiers>(IDENTIFIERS).is_ok());
    }

    #[test]
    fn the_ways_of_writing_a_section_are_one_unit() {
        for written in ["s", "sec", "section", "§"] {
            assert_eq!(unit(written).map(|unit| unit.form.as_str()), Some("section"));
        }
        assert!(is_unit_form("rule") && !is_unit_form("rules"));
    }
}
