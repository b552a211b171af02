//! The tables of `index/` that the analyser and the query language read.

mod rows;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::LazyLock;

use serde::Deserialize;
use serde::de::DeserializeOwned;

pub(super) use rows::Letter;
use rows::{EnglishStems, HindiStems, Identifiers, Joins, Letters, StopWords, UnitRow, Units};

const STOP_WORDS: &str = include_str!("../../../../index/stop_words.toml");
const UNITS: &str = include_str!("../../../../index/units.toml");
const JOINS: &str = include_str!("../../../../index/joins.toml");
const IDENTIFIERS: &str = include_str!("../../../../index/identifiers.toml");
const LETTERS: &str = include_str!("../../../../index/letters.toml");
const ENGLISH_STEMS: &str = include_str!("../../../../index/english_stems.toml");
const HINDI_STEMS: &str = include_str!("../../../../index/hindi_stems.toml");

/// What the texts of the tables add up to; another sum is another analyser.
pub(crate) static FINGERPRINT: LazyLock<u32> = LazyLock::new(|| {
    let mut sum = crc32fast::Hasher::new();
    for table in [STOP_WORDS, UNITS, JOINS, IDENTIFIERS, LETTERS, ENGLISH_STEMS, HINDI_STEMS] {
        sum.update(table.as_bytes());
    }
    sum.finalize()
});

/// Words that a query of plain words does not ask for.
static STOPS: LazyLock<HashSet<String>> = LazyLock::new(|| {
    let table: StopWords = read("stop_words", STOP_WORDS);
    table.set.into_iter().flat_map(|set| set.words).map(|word| super::fold::fold(&word)).collect()
});

/// Units by each way of writing them.
static UNIT_FORMS: LazyLock<HashMap<String, Unit>> = LazyLock::new(|| {
    let table: Units = read("units", UNITS);
    let written = |unit: UnitRow| {
        let known = Unit { form: unit.form, roman: unit.roman };
        unit.written.into_iter().map(move |form| (super::fold::fold(&form), known.clone()))
    };
    table.unit.into_iter().flat_map(written).collect()
});

static JOIN_TABLE: LazyLock<Joins> = LazyLock::new(|| read("joins", JOINS));

/// What a word in brackets after a case type or a reporter becomes.
static BRACKETED: LazyLock<HashMap<&str, &str>> = LazyLock::new(|| {
    let forms = |row: &'static rows::Bracketed| {
        row.written.iter().map(move |written| (written.as_str(), row.form.as_str()))
    };
    JOIN_TABLE.bracketed.iter().flat_map(forms).collect()
});

/// Joins by their first piece, the longest first.
static JOIN_LIST: LazyLock<HashMap<String, Vec<Join>>> = LazyLock::new(|| {
    let mut joins: HashMap<String, Vec<Join>> = HashMap::new();
    for join in JOIN_TABLE.join.iter().cloned() {
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
static MARKS: LazyLock<BTreeMap<Mark, HashSet<String>>> = LazyLock::new(|| {
    let table: Identifiers = read("identifiers", IDENTIFIERS);
    let mut marks: BTreeMap<Mark, HashSet<String>> = BTreeMap::new();
    for set in table.set {
        marks.entry(set.kind).or_default().extend(set.words);
    }
    marks
});

/// Words that are part of a mark of several words.
static PARTS: LazyLock<BTreeMap<Mark, HashSet<&str>>> = LazyLock::new(|| {
    let parts = |words: &'static HashSet<String>| {
        words.iter().flat_map(|words| words.split(' ')).collect::<HashSet<_>>()
    };
    MARKS.iter().map(|(mark, words)| (*mark, parts(words))).collect()
});

/// Letters by the first character of what stands for them, the longest first.
static LETTER_LIST: LazyLock<HashMap<char, Vec<Letter>>> = LazyLock::new(|| {
    let table: Letters = read("letters", LETTERS);
    let mut letters: HashMap<char, Vec<Letter>> = HashMap::new();
    for letter in table.set.into_iter().flat_map(|set| set.letters) {
        if let Some(first) = letter.written.chars().next() {
            letters.entry(first).or_default().push(letter);
        }
    }
    for list in letters.values_mut() {
        list.sort_by_key(|letter| std::cmp::Reverse(letter.written.len()));
    }
    letters
});

/// English words with a stem of their own.
static ENGLISH: LazyLock<HashMap<String, String>> = LazyLock::new(|| {
    let table: EnglishStems = read("english_stems", ENGLISH_STEMS);
    let mut stems = HashMap::new();
    for words in table.kept.into_iter().flat_map(|set| set.stems) {
        for word in &words {
            // No stem of the algorithm has a mark in it.
            stems.insert(word.clone(), format!("{}.", words[0]));
        }
    }
    stems
});

/// Hindi words by what they are inflections of.
static HINDI: LazyLock<Hindi> = LazyLock::new(|| {
    let table: HindiStems = read("hindi_stems", HINDI_STEMS);
    let irregular = table
        .irregular
        .into_iter()
        .flat_map(|row| row.words.into_iter().map(move |word| (word, row.stem.clone())));
    let mut verbs = HashMap::new();
    for verb in &table.verb {
        for (roots, endings) in [(&verb.roots, &verb.endings), (&verb.past_roots, &verb.past)] {
            for (root, ending) in
                roots.iter().flat_map(|root| endings.iter().map(move |e| (root, e)))
            {
                verbs.insert(format!("{root}{ending}"), root.clone());
            }
        }
    }
    Hindi {
        irregular: irregular.collect(),
        verbs,
        masculine: table.masculine.into_iter().flat_map(|row| row.words).collect(),
    }
});

struct Hindi {
    irregular: HashMap<String, String>,
    verbs: HashMap<String, String>,
    masculine: HashSet<String>,
}

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
    PARTS.get(&mark).is_some_and(|set| set.contains(word))
}

/// What a word in brackets after a case type or a reporter becomes.
pub(super) fn bracketed(form: &str) -> Option<&'static str> {
    BRACKETED.get(form).copied()
}

/// The letters that sequences beginning with a character stand for.
pub(super) fn letters(first: char) -> &'static [Letter] {
    LETTER_LIST.get(&first).map_or(&[], Vec::as_slice)
}

/// The stem of an English word that has one of its own.
pub(super) fn english_stem(word: &str) -> Option<&'static str> {
    ENGLISH.get(word).map(String::as_str)
}

/// What a Hindi word with a form of its own is a form of.
pub(super) fn hindi_irregular(word: &str) -> Option<&'static str> {
    HINDI.irregular.get(word).map(String::as_str)
}

/// The root of a Hindi word that is a form of a known verb.
pub(super) fn hindi_verb(word: &str) -> Option<&'static str> {
    HINDI.verbs.get(word).map(String::as_str)
}

/// Whether a word is a known masculine noun in `ा`.
pub(super) fn is_hindi_masculine(word: &str) -> bool {
    HINDI.masculine.contains(word)
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
        assert!(toml::from_str::<Letters>(LETTERS).is_ok());
        assert!(toml::from_str::<EnglishStems>(ENGLISH_STEMS).is_ok());
        assert!(toml::from_str::<HindiStems>(HINDI_STEMS).is_ok());
    }

    #[test]
    fn the_ways_of_writing_a_section_are_one_unit() {
        for written in ["s", "sec", "section", "§"] {
            assert_eq!(unit(written).map(|unit| unit.form.as_str()), Some("section"));
        }
        assert!(is_unit_form("rule") && !is_unit_form("rules"));
    }
}
