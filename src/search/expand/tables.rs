//! The tables of `index/` that expansion reads.

use std::collections::HashMap;
use std::sync::LazyLock;

use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::line;

const STATUTES: &str = include_str!("../../../index/statutes.toml");
const CROSSWALK: &str = include_str!("../../../index/crosswalk.toml");
const SYNONYMS: &str = include_str!("../../../index/synonyms.toml");
const HINGLISH: &str = include_str!("../../../index/hinglish.toml");

/// Statutes by their keys.
pub(super) static STATUTE_LIST: LazyLock<HashMap<String, Statute>> = LazyLock::new(|| {
    let table: Statutes = read("statutes", STATUTES);
    table.statute.into_iter().map(|statute| (statute.key.clone(), statute)).collect()
});

/// The rows of the crosswalk.
pub(super) static ROWS: LazyLock<Vec<Row>> = LazyLock::new(|| {
    let table: Crosswalk = read("crosswalk", CROSSWALK);
    table.row
});

/// Terms that mean the same.
pub(super) static SETS: LazyLock<Vec<Vec<String>>> = LazyLock::new(|| {
    let table: Synonyms = read("synonyms", SYNONYMS);
    table.set.into_iter().map(|set| set.terms).collect()
});

/// Hindi words and names as advocates type them in Latin letters.
pub(super) static WORDS: LazyLock<Vec<Entry>> = LazyLock::new(|| {
    let table: Hinglish = read("hinglish", HINGLISH);
    let names = table.names.into_iter().flat_map(|set| set.words);
    let named = names.map(|hindi| Entry { hindi, typed: Vec::new(), _source: String::new() });
    table.word.into_iter().chain(named).collect()
});

/// A statute and the ways it is named.
#[derive(Deserialize)]
pub(super) struct Statute {
    pub(super) key: String,
    pub(super) name: String,
    pub(super) names: Vec<String>,
    pub(super) abbreviations: Vec<String>,
}

impl Statute {
    /// Every way it is named; its own key first.
    pub(super) fn forms(&self) -> impl Iterator<Item = &str> {
        [&self.key, &self.name]
            .into_iter()
            .chain(&self.names)
            .chain(&self.abbreviations)
            .map(String::as_str)
    }
}

/// A section and the one that took its place.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Row {
    pub(super) old: Section,
    pub(super) new: Option<Section>,
    #[serde(default = "yes")]
    pub(super) identical: bool,
    /// Whether only the subsection corresponds, not its section.
    #[serde(default)]
    pub(super) subsection: bool,
    pub(super) caution: Option<String>,
    #[serde(rename = "source")]
    _source: String,
}

const fn yes() -> bool {
    true
}

/// A section of a statute.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Section {
    pub(super) statute: String,
    pub(super) section: String,
}

impl Section {
    /// The number and its subsections as the analyser cuts them: `103`, `1`.
    pub(super) fn numbers(&self) -> Vec<String> {
        let bare = self.section.replace(')', "").to_ascii_lowercase();
        bare.split('(').map(str::to_owned).collect()
    }
}

/// A Hindi word and how else it is typed than by its sounds.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Entry {
    pub(super) hindi: String,
    #[serde(default)]
    pub(super) typed: Vec<String>,
    #[serde(rename = "source")]
    _source: String,
}

#[derive(Default, Deserialize)]
struct Statutes {
    statute: Vec<Statute>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Crosswalk {
    row: Vec<Row>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Synonyms {
    set: Vec<Set>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Set {
    terms: Vec<String>,
    #[serde(rename = "source")]
    _source: String,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Hinglish {
    word: Vec<Entry>,
    names: Vec<NameSet>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NameSet {
    #[serde(rename = "source")]
    _source: String,
    words: Vec<String>,
}

/// Terms by the key of their first word.
pub(super) struct Terms<T> {
    by_first: HashMap<String, Vec<(Vec<String>, T)>>,
}

impl<T: Copy> Terms<T> {
    pub(super) fn new<'t>(terms: impl Iterator<Item = (&'t str, T)>) -> Self {
        let mut by_first: HashMap<String, Vec<(Vec<String>, T)>> = HashMap::new();
        for (term, value) in terms {
            let keys = line::keys(term);
            if let Some(first) = keys.first() {
                by_first.entry(first.clone()).or_default().push((keys, value));
            }
        }
        for list in by_first.values_mut() {
            list.sort_by_key(|(keys, _)| std::cmp::Reverse(keys.len()));
        }
        Self { by_first }
    }

    /// The longest terms that a line holds from a word on, and of how many words.
    pub(super) fn at(&self, line: &line::Line, from: usize) -> (usize, Vec<T>) {
        let first = line.words.get(from).map_or("", |word| line::key_of_word(word));
        let mut found = (0, Vec::new());
        for (keys, value) in self.by_first.get(first).map_or(&[][..], Vec::as_slice) {
            if keys.len() >= found.0 && line.holds(keys, from) {
                found.0 = keys.len();
                found.1.push(*value);
            }
        }
        found
    }
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
    fn every_table_can_be_read_and_names_what_others_hold() {
        toml::from_str::<Statutes>(STATUTES).unwrap();
        toml::from_str::<Crosswalk>(CROSSWALK).unwrap();
        toml::from_str::<Synonyms>(SYNONYMS).unwrap();
        toml::from_str::<Hinglish>(HINGLISH).unwrap();
        for section in ROWS.iter().flat_map(|row| std::iter::once(&row.old).chain(&row.new)) {
            assert!(STATUTE_LIST.contains_key(&section.statute), "{}", section.statute);
        }
        assert!(ROWS.iter().all(|row| row.new.is_some() || row.caution.is_some()));
        assert!(SETS.iter().all(|terms| terms.len() > 1));
    }
}
