//! How well references are found: in sentences marked by hand, and in lists of
//! citations that others published.

use std::collections::BTreeMap;

use munshi::documents::entities;
use serde::Deserialize;
use serde_json::Value;

use crate::support::test_data;

/// The least share of what is found that must be right. Measured: 1.000 on the
/// sentences the patterns were written with, 0.986 on the unseen ones.
const LEAST_PRECISION: f64 = 0.97;
/// The least share of what is marked that must be found. Measured: 0.997 on the
/// sentences the patterns were written with, 0.959 on the unseen ones.
const LEAST_RECALL: f64 = 0.95;

#[derive(Deserialize)]
struct Table {
    sentence: Vec<Sentence>,
}

#[derive(Deserialize)]
struct Sentence {
    text: String,
    /// Whether it was marked after the patterns were written.
    #[serde(default)]
    unseen: bool,
    names: Vec<Name>,
}

#[derive(Deserialize, PartialEq, Eq, Debug)]
struct Name {
    kind: String,
    text: String,
}

/// How many references were found rightly, wrongly, and not at all.
#[derive(Default, Clone, Copy)]
struct Count {
    right: u32,
    wrong: u32,
    missed: u32,
}

impl Count {
    fn precision(self) -> f64 {
        f64::from(self.right) / f64::from(self.right + self.wrong)
    }

    fn recall(self) -> f64 {
        f64::from(self.right) / f64::from(self.right + self.missed)
    }
}

#[test]
fn references_in_running_text_are_found() {
    let table: Table = toml::from_str(include_str!("references.toml")).unwrap();
    let mut counts: BTreeMap<bool, Count> = BTreeMap::new();
    for sentence in &table.sentence {
        let count = counts.entry(sentence.unseen).or_default();
        check(sentence, count);
    }
    let mut all = Count::default();
    for (unseen, count) in counts {
        println!(
            "{} {} references: precision {:.3}, recall {:.3}",
            count.right + count.missed,
            if unseen { "unseen" } else { "known" },
            count.precision(),
            count.recall()
        );
        all.right += count.right;
        all.wrong += count.wrong;
        all.missed += count.missed;
    }
    assert!(all.right + all.missed >= 400, "the marked set has shrunk");
    assert!(all.precision() >= LEAST_PRECISION && all.recall() >= LEAST_RECALL);
}

/// Compares what is found in a sentence with what is marked.
fn check(sentence: &Sentence, count: &mut Count) {
    let mut open: Vec<&Name> = sentence.names.iter().collect();
    for entity in entities::find(&sentence.text) {
        if !matches!(entity.kind, "citation" | "case_number" | "fir" | "cnr") {
            continue;
        }
        let named = |name: &&Name| name.kind == entity.kind && name.text == entity.text;
        if let Some(place) = open.iter().position(named) {
            open.remove(place);
            count.right += 1;
        } else {
            count.wrong += 1;
            println!("wrong: {} {:?} in {}", entity.kind, entity.text, sentence.text);
        }
    }
    count.missed += u32::try_from(open.len()).unwrap();
    for name in open {
        println!("missed: {} {:?} in {}", name.kind, name.text, sentence.text);
    }
}

/// The rows of a published list; none when the data is not there.
fn rows(file: &str) -> Vec<Value> {
    let Some(path) = test_data(file) else { return Vec::new() };
    let lines = std::fs::read_to_string(path).unwrap();
    lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// Whether a citation is found whole.
fn is_found(citation: &str) -> bool {
    let found = entities::find(citation);
    let whole = found
        .iter()
        .any(|entity| entity.kind == "citation" && entity.text.len() * 10 >= citation.len() * 7);
    if !whole {
        println!("missed: {citation}");
    }
    whole
}

#[test]
fn citations_of_published_lists_are_found() {
    let mut citations = Vec::new();
    for row in rows("citations/indiankanoon-headers.jsonl") {
        let equivalent = row["equivalent_citations"].as_array().cloned().unwrap_or_default();
        citations.extend(
            equivalent
                .iter()
                .chain([&row["neutral_citation"]])
                .filter_map(|value| value.as_str().map(str::to_owned)),
        );
    }
    for row in rows("citations/scr-case-law-reference.jsonl") {
        let referred = row["case_law_reference"].as_array().cloned().unwrap_or_default();
        citations
            .extend(referred.iter().filter_map(|one| one["citation"].as_str().map(str::to_owned)));
    }
    if citations.is_empty() {
        return;
    }
    let found = citations.iter().filter(|citation| is_found(citation)).count();
    println!("{found} of {} published citations are found", citations.len());
    assert!(found * 100 >= citations.len() * 97);
}
