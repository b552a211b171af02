//! The reading: a query in plain words, so that nobody guesses what was searched.

use super::dates::said;
use super::tree::{Dates, Nearness, Node, Pattern, Phrase, Plain, Reach};

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
        Node::Pattern(pattern) => of_pattern(pattern),
        Node::Fuzzy(fuzzy) => {
            let letters = if fuzzy.distance > 1 { "two letters" } else { "one letter" };
            format!("words that differ from {} by at most {letters}", quoted(&fuzzy.typed))
        }
        Node::Phrase(phrase) => of_phrase(phrase),
        Node::Plain(plain) => of_plain(plain),
        Node::And(parts) => listed(parts.iter().map(inside), " and "),
        Node::Or(parts) => listed(parts.iter().map(inside), " or "),
        Node::Not(inner) => format!("not {}", part(inner)),
        Node::Near { left, right, how } => of_near(&beside(left), &beside(right), *how),
        Node::Field { name, value } => format!("{} {}", name.as_str(), of_value(value)),
        Node::Dates(dates) => of_dates(*dates),
    }
}

fn inside(node: &Node) -> String {
    match node {
        Node::Not(_) => other_parts(node),
        node => part(node),
    }
}

/// A part near another, in parentheses where it is a proximity itself.
fn beside(node: &Node) -> String {
    match node {
        Node::Near { .. } => format!("({})", other_parts(node)),
        other => part(other),
    }
}

fn of_near(left: &str, right: &str, how: Nearness) -> String {
    match (how.reach, how.ordered) {
        (Reach::Words(1), false) => format!("{left} beside {right}"),
        (Reach::Words(words), false) => format!("{left} within {words} words of {right}"),
        (Reach::Words(1), true) => format!("{left} right before {right}"),
        (Reach::Words(words), true) => format!("{left} at most {words} words before {right}"),
        (Reach::Sentence, false) => format!("{left} in the same sentence as {right}"),
        (Reach::Sentence, true) => format!("{left} before {right} in the same sentence"),
        (Reach::Paragraph, false) => format!("{left} in the same paragraph as {right}"),
        (Reach::Paragraph, true) => format!("{left} before {right} in the same paragraph"),
    }
}

/// The value of a field; its words need not be near each other there.
fn of_value(value: &Node) -> String {
    match value {
        Node::Phrase(phrase) => quoted(&phrase.typed),
        Node::Near { left, right, how: Nearness { reach: Reach::Paragraph, ordered: false } } => {
            format!("{} with {}", of_value(left), of_value(right))
        }
        value => part(value),
    }
}

fn of_dates(dates: Dates) -> String {
    match (dates.from, dates.to) {
        (Some(from), Some(to)) if from == to => format!("the date {}", said(from)),
        (Some(from), Some(to)) => format!("a date from {} to {}", said(from), said(to)),
        (Some(from), None) => format!("a date on or after {}", said(from)),
        (None, Some(to)) => format!("a date on or before {}", said(to)),
        (None, None) => "any date".to_owned(),
    }
}

fn of_pattern(pattern: &Pattern) -> String {
    let wild = |text: &str| text.contains(['*', '?']);
    match (pattern.typed.strip_suffix('*'), pattern.typed.strip_prefix('*')) {
        (Some(begins), _) if !wild(begins) => format!("words beginning {}", quoted(begins)),
        (_, Some(ends)) if !wild(ends) => format!("words ending {}", quoted(ends)),
        _ => format!("words of the form {}", quoted(&pattern.typed)),
    }
}

fn of_phrase(phrase: &Phrase) -> String {
    if !phrase.reference {
        let kind = if phrase.slots.len() > 1 { "the phrase" } else { "the exact word" };
        return format!("{kind} {}", quoted(&phrase.typed));
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
