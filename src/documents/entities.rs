//! What the text of a document names: citations, sections, case numbers, dates.
//!
//! Recognition is deterministic, by the patterns of `index/entities.toml`, each of
//! which states its source.

use std::sync::LazyLock;

use regex::Regex;
use serde::Deserialize;

/// A name, number or reference on a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entity {
    /// What it is: `citation`, `section`, `case_number`, `cnr`, `article`, `date`, `amount`.
    pub kind: &'static str,
    /// Where it begins in the page's text, in bytes.
    pub start: usize,
    /// Where it ends, exclusive.
    pub end: usize,
    /// As written.
    pub text: String,
    /// Without dots, with single spaces, in upper case: what makes two mentions equal.
    pub normal: String,
}

#[derive(Deserialize)]
struct Table {
    pattern: Vec<Row>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    kind: String,
    #[expect(dead_code, reason = "the table's rows name and source themselves for their readers")]
    name: String,
    regex: String,
    #[expect(dead_code, reason = "the table's rows name and source themselves for their readers")]
    source: String,
}

#[expect(clippy::expect_used, reason = "the table is part of the binary and a test reads it")]
static PATTERNS: LazyLock<Vec<(&'static str, Regex)>> = LazyLock::new(|| {
    let table: Table =
        toml::from_str(include_str!("../../index/entities.toml")).expect("a readable table");
    let compile = |row: Row| {
        let kind: &'static str = row.kind.leak();
        (kind, Regex::new(&row.regex).expect("a valid pattern"))
    };
    table.pattern.into_iter().map(compile).collect()
});

/// Finds the entities of a page, in order, none inside another.
#[must_use]
pub fn find(text: &str) -> Vec<Entity> {
    let mut found: Vec<Entity> = Vec::new();
    for (kind, pattern) in PATTERNS.iter() {
        for hit in pattern.find_iter(text) {
            let taken =
                found.iter().any(|other| hit.start() < other.end && other.start < hit.end());
            if !taken {
                found.push(Entity {
                    kind,
                    start: hit.start(),
                    end: hit.end(),
                    text: hit.as_str().to_owned(),
                    normal: normal(hit.as_str()),
                });
            }
        }
    }
    found.sort_by_key(|entity| entity.start);
    found
}

fn normal(text: &str) -> String {
    let undotted = text.replace('.', "");
    undotted.split_whitespace().collect::<Vec<_>>().join(" ").to_uppercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(text: &str) -> Vec<(&'static str, String)> {
        find(text).into_iter().map(|entity| (entity.kind, entity.text)).collect()
    }

    #[test]
    fn citations_of_every_shipped_family_are_found() {
        for citation in [
            "2024 INSC 835",
            "2023:DHC:2720",
            "2023:DHC:2720-DB",
            "(2019) 4 SCC 1",
            "2020 SCC OnLine SC 123",
            "AIR 1973 SC 1461",
            "[1973] 4 SCR 1",
            "[2024] 5 S.C.R. 123",
        ] {
            let text = format!("as held in {citation}, the rule stands");
            assert_eq!(kinds(&text), [("citation", citation.to_owned())], "{citation}");
        }
    }

    #[test]
    fn numbers_sections_and_dates_are_found() {
        let text = "Criminal Appeal No. 1234 of 2024, W.P.(C) 1234/2023, CNR MHAU019999992015, \
                    u/s 138 of the Act, Section 65B(4), dated 12.03.2024, Rs. 1,25,000/-";
        let found: Vec<_> = kinds(text).into_iter().map(|(kind, _)| kind).collect();
        assert_eq!(
            found,
            ["case_number", "case_number", "cnr", "section", "section", "date", "amount"]
        );
    }
}
