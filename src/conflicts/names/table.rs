//! What names in India have in common, read from `index/names.toml`.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use serde::Deserialize;

/// What a body is by law.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Form {
    Private,
    Limited,
    Llp,
    Family,
    Opc,
    Company,
    Incorporated,
}

/// The table, made ready to be asked.
#[derive(Debug, Default)]
pub(super) struct Table {
    pub(super) titles: HashSet<String>,
    pub(super) empty: HashSet<String>,
    pub(super) common: HashSet<String>,
    pub(super) general: HashSet<String>,
    pub(super) bodies: HashSet<String>,
    /// The longest first.
    pub(super) relations: Vec<String>,
    pub(super) ends: Vec<String>,
    pub(super) aliases: Vec<String>,
    pub(super) forms: HashMap<String, Form>,
    /// Each spelling and the one that is compared.
    pub(super) same: HashMap<String, String>,
    /// Words in a row and what they stand for, the most words first.
    pub(super) phrases: Vec<(Vec<String>, Vec<String>)>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Words {
    #[serde(rename = "source")]
    _source: String,
    words: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Groups {
    #[serde(rename = "source")]
    _source: String,
    words: Vec<Vec<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Forms {
    #[serde(rename = "source")]
    _source: String,
    private: Vec<String>,
    limited: Vec<String>,
    llp: Vec<String>,
    family: Vec<String>,
    opc: Vec<String>,
    company: Vec<String>,
    incorporated: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    titles: Words,
    relations: Words,
    ends: Words,
    aliases: Words,
    forms: Forms,
    empty: Words,
    common: Words,
    general: Words,
    bodies: Words,
    same: Vec<Groups>,
    phrases: Vec<Groups>,
}

impl From<File> for Table {
    fn from(file: File) -> Self {
        let set = |words: Words| words.words.into_iter().collect();
        let longest_first = |words: Words| {
            let mut words = words.words;
            words.sort_by_key(|word| std::cmp::Reverse(word.chars().count()));
            words
        };
        let mut same = HashMap::new();
        for class in file.same.into_iter().flat_map(|group| group.words) {
            let first = class.first().cloned().unwrap_or_default();
            same.extend(class.into_iter().map(|word| (word, first.clone())));
        }
        let cut = |text: &String| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
        let mut phrases = Vec::new();
        for class in file.phrases.iter().flat_map(|group| &group.words) {
            let first = class.first().map(cut).unwrap_or_default();
            phrases.extend(class.iter().skip(1).map(|phrase| (cut(phrase), first.clone())));
        }
        phrases.sort_by_key(|(words, _)| std::cmp::Reverse(words.len()));
        Self {
            titles: set(file.titles),
            empty: set(file.empty),
            common: set(file.common),
            general: set(file.general),
            bodies: set(file.bodies),
            relations: longest_first(file.relations),
            ends: longest_first(file.ends),
            aliases: longest_first(file.aliases),
            forms: forms(file.forms),
            same,
            phrases,
        }
    }
}

fn forms(forms: Forms) -> HashMap<String, Form> {
    let all = [
        (forms.private, Form::Private),
        (forms.limited, Form::Limited),
        (forms.llp, Form::Llp),
        (forms.family, Form::Family),
        (forms.opc, Form::Opc),
        (forms.company, Form::Company),
        (forms.incorporated, Form::Incorporated),
    ];
    let each = |(words, form): (Vec<String>, Form)| words.into_iter().map(move |word| (word, form));
    all.into_iter().flat_map(each).collect()
}

fn read() -> Result<Table, toml::de::Error> {
    toml::from_str::<File>(include_str!("../../../index/names.toml")).map(Table::from)
}

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    read().unwrap_or_else(|error| {
        tracing::error!(%error, "index/names.toml cannot be read");
        Table::default()
    })
});

/// The table of this build.
pub(super) fn table() -> &'static Table {
    &TABLE
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_can_be_read_and_each_word_stands_for_one() {
        let file: File = toml::from_str(include_str!("../../../index/names.toml")).unwrap();
        let mut seen = HashSet::new();
        for word in file.same.iter().flat_map(|group| group.words.iter().flatten()) {
            assert!(seen.insert(word.clone()), "`{word}` stands in two classes");
        }
        let table = read().unwrap();
        assert_eq!(table.same["mukhopadhyay"], "mukherjee");
        assert!(table.forms.contains_key("pvt") && table.titles.contains("smt"));
        assert!(
            table.phrases.iter().all(|(words, stands)| !words.is_empty() && !stands.is_empty())
        );
    }
}
