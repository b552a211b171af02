//! The kind of a document, by the rules of `index/document_kinds.toml`.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use regex::Regex;
use serde::Deserialize;

/// A kind must gather at least this much.
const ENOUGH: f32 = 3.0;
/// How far the head reaches, in bytes.
const HEAD: usize = 700;
/// How far the first pages reach, in bytes.
const FIRST: usize = 6_000;

#[derive(Deserialize)]
struct Table {
    rule: Vec<Row>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    kind: String,
    #[serde(rename = "where")]
    place: Place,
    pattern: String,
    weight: f32,
    says: String,
    #[expect(dead_code, reason = "rows state their source for those who read the table")]
    source: String,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Place {
    Head,
    First,
    Pages,
}

struct Rule {
    row: Row,
    pattern: Regex,
}

#[expect(clippy::expect_used, reason = "the table is part of the binary and a test reads it")]
static RULES: LazyLock<Vec<Rule>> = LazyLock::new(|| {
    let table: Table = toml::from_str(include_str!("../../../index/document_kinds.toml"))
        .expect("a readable table");
    let rule = |row: Row| Rule { pattern: Regex::new(&row.pattern).expect("a valid pattern"), row };
    table.rule.into_iter().map(rule).collect()
});

/// The kind and the reasons for it, from the text of the first pages and the last.
pub(super) fn tell(beginning: &str, last: &str) -> (&'static str, Vec<&'static str>) {
    let cut = |length| &beginning[..beginning.floor_char_boundary(length)];
    let (head, first) = (cut(HEAD), cut(FIRST));
    let mut scores: BTreeMap<&'static str, (f32, Vec<&'static str>)> = BTreeMap::new();
    for rule in RULES.iter() {
        let holds = match rule.row.place {
            Place::Head => rule.pattern.is_match(head),
            Place::First => rule.pattern.is_match(first),
            Place::Pages => rule.pattern.is_match(beginning) || rule.pattern.is_match(last),
        };
        if holds {
            let (score, reasons) = scores.entry(&rule.row.kind).or_default();
            *score += rule.row.weight;
            reasons.push(&rule.row.says);
        }
    }
    let best = scores.into_iter().max_by(|(_, (a, _)), (_, (b, _))| a.total_cmp(b));
    match best {
        Some((kind, (score, reasons))) if score >= ENOUGH => (kind, reasons),
        _ => ("other", Vec::new()),
    }
}
