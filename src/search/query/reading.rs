//! The reading: a query in plain words, so that nobody guesses what was searched.

use super::{Node, Phrase, Plain};

/// How the query was read.
pub(super) fn reading(root: Option<&Node>, cut: bool) -> String {
    let mut reading = match root {
        None => "searched for nothing, since the query has no words".to_owned(),
        Some(root) => format!("searched for documents {}", held(root)),
    };
    if cut {
        reading.push_str(" (only the beginning of the query was read)");
    }
    reading
}

/// A part with its `with` or `without`.
fn held(node: &Node) -> String {
    match node {
        Node::Not(inner) => format!("without {}", part(inner)),
        Node::And(parts) => clauses(parts),
        Node::Plain(plain) => format!("with {}", of_plain(plain)),
        other => format!("with {}", other_parts(other)),
    }
}

/// Parts that all hold, those that must not after a `without` of their own.
fn clauses(parts: &[Node]) -> String {
    let mut reading = String::new();
    let mut wanted: Option<bool> = None;
    for node in parts {
        let (wants, shown) = match node {
            Node::Not(inner) => (false, part(inner)),
            node => (true, part(node)),
        };
        if wanted.is_some() {
            reading.push_str(" and ");
        }
        if wanted != Some(wants) || !wants {
            reading.push_str(if wants { "with " } else { "without " });
        }
        reading.push_str(&shown);
        wanted = Some(wants);
    }
    reading
}

/// A part inside another, in parentheses where it would be misread.
fn part(node: &Node) -> String {
    match node {
        Node::And(_) | Node::Or(_) => format!("({})", other_parts(node)),
        other => other_parts(other),
    }
}

fn other_parts(node: &Node) -> String {
    match node {
        Node::Word(word) => quoted(&word.typed),
        Node::Prefix(prefix) => format!("words beginning {}", quoted(&prefix.typed)),
        Node::Phrase(phrase) => of_phrase(phrase),
        Node::Plain(plain) => of_plain(plain),
        Node::And(parts) => listed(parts.iter().map(inside), " and "),
        Node::Or(parts) => listed(parts.iter().map(inside), " or "),
        Node::Not(inner) => format!("not {}", part(inner)),
        Node::Near { left, right, words } => {
            format!("{} within {words} words of {}", part(left), part(right))
        }
    }
}

fn inside(node: &Node) -> String {
    match node {
        Node::Not(_) => other_parts(node),
        node => part(node),
    }
}

fn of_phrase(phrase: &Phrase) -> String {
    if !phrase.reference {
        return format!("the phrase {}", quoted(&phrase.typed));
    }
    match phrase.slots.as_slice() {
        // What a section became is shown, not how it was typed.
        [unit, rest @ ..] if super::super::analysis::is_unit_form(&unit.form) => {
            let mut shown = unit.form.clone();
            for slot in rest {
                shown.push(' ');
                shown.push_str(&slot.form);
            }
            shown
        }
        _ => quoted(&phrase.typed),
    }
}

fn of_plain(plain: &Plain) -> String {
    let words = || listed(plain.words.iter().map(|word| quoted(&word.typed)), ", ");
    let references = || listed(plain.references.iter().map(of_phrase), " or ");
    match (plain.words.len(), plain.references.len()) {
        (1, 0) => words(),
        (_, 0) => format!("any of {}, those with all of them first", with_and(&words())),
        (0, _) => references(),
        _ => format!("{}, those that also have {} first", references(), with_and(&words())),
    }
}

/// Puts an `and` for the last comma of a list of quoted words.
fn with_and(list: &str) -> String {
    match list.rsplit_once(", “") {
        Some((before, end)) => format!("{before} and “{end}"),
        None => list.to_owned(),
    }
}

fn listed(shown: impl Iterator<Item = String>, between: &str) -> String {
    shown.collect::<Vec<_>>().join(between)
}

fn quoted(typed: &str) -> String {
    format!("“{typed}”")
}
