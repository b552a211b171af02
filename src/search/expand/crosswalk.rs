//! The crosswalk: the number a provision has in the other code.
//!
//! A number is expanded only where its code is named in the query, and what is
//! searched for besides must stand near the name of the other code, so that section
//! 103 of some other Act is not found. A bare number that several codes have gets a
//! caution and nothing else: it finds all of them already.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::super::query::{Node, Phrase};
use super::line::{self, Line};
use super::tables::{ROWS, Row, STATUTE_LIST, Section, Statute, Terms};
use super::{Expansion, ExpansionKind, Found, slug};

/// How many words the name of a code may stand from the number.
const NEAR: u32 = 12;

/// The statutes that the crosswalk joins, by each of their names.
static CODES: LazyLock<Terms<&'static Statute>> = LazyLock::new(|| {
    let sections = ROWS.iter().flat_map(|row| std::iter::once(&row.old).chain(&row.new));
    let codes: HashMap<&str, &'static Statute> = sections
        .filter_map(|section| STATUTE_LIST.get(&section.statute))
        .map(|statute| (statute.key.as_str(), statute))
        .collect();
    Terms::new(codes.into_values().flat_map(|code| code.forms().map(move |form| (form, code))))
});

/// A code named in a line, and by which words.
struct Named {
    code: &'static str,
    words: Vec<usize>,
}

/// What the references of a line are in the other code.
pub(super) fn find(line: &Line) -> Vec<Found> {
    let mut found = Vec::new();
    if line.references.is_empty() {
        return found;
    }
    let named = named(line);
    for (nth, reference) in line.references.iter().enumerate() {
        let Some(numbers) = numbers(reference) else { continue };
        if named.is_empty() {
            found.extend(ambiguous(reference, &numbers));
        }
        for code in &named {
            for (row, from, to) in directions() {
                if from.statute == code.code && agree(&from.numbers(), &numbers) {
                    found.push(of(row, from, to, nth, &code.words));
                }
            }
        }
    }
    found
}

/// The rows from each section to its counterpart; to nothing, where there is none.
fn directions() -> impl Iterator<Item = (&'static Row, &'static Section, Option<&'static Section>)>
{
    ROWS.iter().flat_map(|row| {
        let back = row.new.as_ref().map(|new| (row, new, Some(&row.old)));
        std::iter::once((row, &row.old, row.new.as_ref())).chain(back)
    })
}

/// The codes that a line names.
fn named(line: &Line) -> Vec<Named> {
    let mut named = Vec::new();
    let mut at = 0;
    while at < line.words.len() {
        let (count, codes) = CODES.at(line, at);
        if let Some(code) = codes.first() {
            named.push(Named { code: &code.key, words: (at..at + count).collect() });
        }
        at += count.max(1);
    }
    named
}

/// The number of a section and its subsections; `None` of another reference.
fn numbers(reference: &Phrase) -> Option<Vec<String>> {
    let forms: Vec<&str> = reference.slots.iter().map(|slot| slot.form.as_str()).collect();
    let (unit, numbers) = forms.split_first()?;
    (*unit == "section" && !numbers.is_empty())
        .then(|| numbers.iter().map(|number| (*number).to_owned()).collect())
}

/// Whether one is the other or a subsection of it.
fn agree(one: &[String], other: &[String]) -> bool {
    one.iter().zip(other).all(|(one, other)| one == other)
}

fn of(row: &Row, from: &Section, to: Option<&Section>, reference: usize, words: &[usize]) -> Found {
    let id = match to {
        Some(to) => format!("crosswalk:{}:{}", name(from), name(to)),
        None => format!("crosswalk:{}:none", name(from)),
    };
    let mut caution = row.caution.clone();
    if !row.identical && caution.is_none() {
        caution = Some("the two provisions are not identical; compare their wording".to_owned());
    }
    Found {
        expansion: Expansion {
            id,
            kind: ExpansionKind::Crosswalk,
            typed: shown(from),
            other: to.map(shown).unwrap_or_default(),
            caution,
        },
        node: to.and_then(|to| counterpart(row, to)),
        words: words.to_vec(),
        references: vec![reference],
    }
}

/// The section near the name of its code.
fn counterpart(row: &Row, to: &Section) -> Option<Node> {
    let mut numbers = to.numbers();
    let new = row.new.as_ref().is_some_and(|new| std::ptr::eq(new, to));
    if !(new && row.subsection) {
        // `103 BNS` is written for its subsection (1) as well.
        numbers.truncate(1);
    }
    let statute = STATUTE_LIST.get(&to.statute)?;
    let mut names: Vec<Node> = Vec::new();
    for form in statute.forms() {
        names.extend(line::node(form).filter(|node| !names.contains(node)));
    }
    Some(Node::within(line::section(&numbers), Node::Or(names), NEAR))
}

/// A caution for a number that several of the codes have.
fn ambiguous(reference: &Phrase, numbers: &[String]) -> Option<Found> {
    let mut meanings: Vec<String> = Vec::new();
    let mut codes: Vec<&str> = Vec::new();
    for (_, from, to) in directions() {
        let Some(to) = to.filter(|_| from.numbers().first() == numbers.first()) else { continue };
        if !codes.contains(&from.statute.as_str()) {
            codes.push(&from.statute);
        }
        meanings.push(format!("{} is {}", shown(from), shown(to)));
    }
    if codes.len() < 2 {
        return None;
    }
    Some(Found {
        expansion: Expansion {
            id: format!("crosswalk:section-{}:ambiguous", numbers.join("-")),
            kind: ExpansionKind::Crosswalk,
            typed: reference.typed.clone(),
            other: String::new(),
            caution: Some(format!(
                "several codes have this number: {}; name the code to search for its counterpart",
                meanings.join(", ")
            )),
        },
        node: None,
        words: Vec::new(),
        references: Vec::new(),
    })
}

/// A section in an id: `bns-103-1`.
fn name(section: &Section) -> String {
    slug(&format!("{} {}", section.statute.to_lowercase(), section.section))
        .replace("-section-", "-")
}

/// A section as it is shown: `103(1) BNS`.
fn shown(section: &Section) -> String {
    format!("{} {}", section.section, section.statute)
}
