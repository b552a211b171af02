//! Settling: pieces that cannot be syntax where they stand become text.

use super::lex::{Item, Kind, has_words};
use super::slips::Slip;

/// Makes text of what has no operands, joins neighbouring text, and notes the
/// operators that are lost.
pub(super) fn settle(typed: &str, mut items: Vec<Item>, slips: &mut Vec<Slip>) -> Vec<Item> {
    settle_groups(typed, &mut items);
    settle_operators(typed, &mut items, slips);
    merge_text(typed, items)
}

/// Makes parentheses text unless they hold a group: `(2019) 4 SCC 1`.
fn settle_groups(typed: &str, items: &mut [Item]) {
    let mut open = Vec::new();
    for at in 0..items.len() {
        match items[at].kind {
            Kind::Open => open.push(at),
            Kind::Close => {
                let Some(begun) = open.pop() else { continue };
                let of_field = begun > 0 && matches!(items[begun - 1].kind, Kind::Field(_));
                if !is_group(typed, &items[begun + 1..at], of_field) {
                    items[begun].kind = Kind::Text;
                    items[at].kind = Kind::Text;
                }
            }
            _ => {}
        }
    }
    for begun in open {
        items[begun].kind = Kind::Text;
    }
}

/// Whether parentheses around these pieces say something: there are several, or one
/// that is syntax or a field's value.
fn is_group(typed: &str, inside: &[Item], of_field: bool) -> bool {
    let operands = inside.iter().filter(|item| is_operand(typed, item)).count();
    let syntax = inside
        .iter()
        .any(|item| item.kind == Kind::Not || (is_operand(typed, item) && item.kind != Kind::Text));
    (syntax && operands > 0) || operands > usize::from(!of_field)
}

/// Whether a piece is an operand by itself.
fn is_operand(typed: &str, item: &Item) -> bool {
    match item.kind {
        Kind::Phrase | Kind::Value | Kind::Fuzzy | Kind::Dates(_) => true,
        Kind::Text => has_words(&typed[item.span.clone()]),
        _ => false,
    }
}

/// Makes operators text until each that is left has its operands.
fn settle_operators(typed: &str, items: &mut [Item], slips: &mut Vec<Slip>) {
    // Text without words, such as `&`, is nothing to an operator.
    let solid = |at: &usize| items[*at].kind != Kind::Text || is_operand(typed, &items[*at]);
    let mut solid: Vec<usize> = (0..items.len()).filter(solid).collect();
    let mut nth = 0;
    while nth < solid.len() {
        if has_operands(items, &solid, nth) {
            nth += 1;
            continue;
        }
        let at = solid.remove(nth);
        let Item { kind, span } = items[at].clone();
        let written = &typed[span.clone()];
        let says = match kind {
            Kind::Not => format!("“{written}” needs a word after it and was read as text"),
            Kind::Field(_) => format!("“{written}” needs a value after it and was read as text"),
            _ => format!("“{written}” needs words on both sides and was read as text"),
        };
        slips.push(Slip::new(span, says, ""));
        items[at].kind = Kind::Lone;
        // The one before may have leant on it.
        nth = nth.saturating_sub(1);
    }
}

/// Whether a piece, the `nth` of those that are something, has its operands.
fn has_operands(items: &[Item], solid: &[usize], nth: usize) -> bool {
    let kind = |nth: usize| solid.get(nth).map(|&at| items[at].kind);
    let operand = |kind: Kind| {
        matches!(kind, Kind::Text | Kind::Phrase | Kind::Value | Kind::Fuzzy | Kind::Dates(_))
    };
    let before = nth.checked_sub(1).and_then(kind);
    let ends = before.is_some_and(|kind| kind == Kind::Close || operand(kind));
    let after = kind(nth + 1);
    let starts =
        after.is_some_and(|kind| operand(kind) || matches!(kind, Kind::Open | Kind::Field(_)));
    match items[solid[nth]].kind {
        Kind::And | Kind::Or => ends && (starts || after == Some(Kind::Not)),
        Kind::Near(_) => ends && starts,
        Kind::Not => starts,
        Kind::Field(_) => {
            solid.get(nth + 1) == Some(&(solid[nth] + 1))
                && matches!(after, Some(Kind::Open | Kind::Phrase | Kind::Value))
        }
        _ => true,
    }
}

/// Joins neighbouring text into runs, as it was typed; drops what has no words, and
/// operators that stand among syntax without their operands.
fn merge_text(typed: &str, items: Vec<Item>) -> Vec<Item> {
    let plain = items
        .iter()
        .all(|item| matches!(item.kind, Kind::Text | Kind::Lone | Kind::Open | Kind::Close));
    let mut merged: Vec<Item> = Vec::with_capacity(items.len());
    for mut item in items {
        if plain {
            // Groups of plain words say nothing.
            item.kind = Kind::Text;
        }
        match merged.last_mut() {
            Some(last) if last.is_text() && item.is_text() => {
                last.span.end = item.span.end;
                last.kind = if last.kind == item.kind { last.kind } else { Kind::Text };
            }
            _ => merged.push(item),
        }
    }
    merged.retain(|item| !item.is_text() || is_operand(typed, item));
    merged
}

impl Item {
    const fn is_text(&self) -> bool {
        matches!(self.kind, Kind::Text | Kind::Lone)
    }
}
