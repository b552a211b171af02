//! The checklists agreements are reviewed against: data in `index/checklists.toml`.

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

const TABLE: &str = include_str!("../../../index/checklists.toml");

/// What an agreement of a kind is looked through for.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Checklist {
    /// What requests call it.
    pub key: String,
    /// The kind of agreement.
    pub name: String,
    /// What is looked for, in order.
    pub items: Vec<Item>,
}

/// One thing looked for.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Item {
    /// What it is.
    pub title: String,
    /// Why it matters.
    pub why: String,
    /// The provision behind that.
    pub provision: String,
    /// Beginnings of words that show it: one of these groups, all of it in one clause.
    pub words: Vec<Vec<String>>,
    /// Wordings of it that are out of the ordinary.
    #[serde(default)]
    pub unusual: Vec<Unusual>,
}

/// A wording that is out of the ordinary.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Unusual {
    /// Beginnings of words, all of them in the clause.
    pub words: Vec<String>,
    /// What is out of the ordinary.
    pub says: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    checklist: Vec<Checklist>,
}

static CHECKLISTS: LazyLock<Vec<Checklist>> = LazyLock::new(|| {
    let table: Result<Table, _> = toml::from_str(TABLE);
    table.map(|table| table.checklist).unwrap_or_default()
});

/// Every checklist, in the order of the table.
#[must_use]
pub fn checklists() -> &'static [Checklist] {
    &CHECKLISTS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_complete() {
        let table: Table = toml::from_str(TABLE).unwrap();
        let keys: Vec<&str> = table.checklist.iter().map(|list| list.key.as_str()).collect();
        for needed in ["lease", "services", "nda", "sale", "employment"] {
            assert!(keys.contains(&needed), "{needed}");
        }
        for list in &table.checklist {
            assert!(list.items.len() >= 8, "{}", list.key);
            for item in &list.items {
                let groups = item.words.iter().chain(item.unusual.iter().map(|it| &it.words));
                for group in groups {
                    assert!(!group.is_empty(), "{}", item.title);
                    for word in group {
                        assert_eq!(*word, word.to_lowercase(), "{}", item.title);
                    }
                }
                assert!(!item.words.is_empty() && item.why.len() > 20, "{}", item.title);
                assert!(item.provision.contains(|c: char| c.is_ascii_digit()), "{}", item.title);
            }
        }
    }
}
