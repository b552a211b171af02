//! Parsing: pieces into a tree.
//!
//! A field binds tightest, then proximity, then `NOT`, then `AND` and standing side
//! by side, then `OR`. The lexer has made sure that every operator has its operands.

use super::field::FieldName;
use super::lex::{self, Kind};
use super::pattern;
use super::slips::{self, Slip, Suggestion};
use super::terms::{self, Terms};
use super::tree::{Nearness, Node, Reach};

/// How many proximities a query may have, counting each that a group makes of one.
const MAX_NEAR: usize = 256;

/// How many proximities may stand in one another: `a w/2 b w/2 c` are two.
const MAX_CHAIN: usize = 16;

/// What a query was read as.
pub(super) struct Parsed {
    pub(super) root: Option<Node>,
    pub(super) syntax: bool,
    pub(super) identifier: bool,
    pub(super) suggestions: Vec<Suggestion>,
}

/// Reads a query.
pub(super) fn parse(typed: &str) -> Parsed {
    let (items, slips) = lex::lex(typed);
    if let [item] = items.as_slice()
        && item.kind == Kind::Text
    {
        let terms = terms::terms(&typed[item.span.clone()]);
        if !terms.has_pattern() {
            let suggestions = slips::suggestions(typed, slips);
            return Parsed { suggestions, ..plain(terms) };
        }
    }
    let pieces = pieces(typed, &items);
    let syntax = !pieces.is_empty();
    let mut parser = Parser { pieces: pieces.into_iter().peekable(), nears: 0, slips };
    let root = parser.any_of();
    let suggestions = slips::suggestions(typed, parser.slips);
    Parsed { root, syntax, identifier: false, suggestions }
}

/// Reads words in which nothing is syntax.
pub(super) fn parse_plain(typed: &str) -> Parsed {
    plain(terms::plain_terms(typed))
}

/// The tree of a query without syntax.
fn plain(terms: Terms) -> Parsed {
    let identifier = terms.is_identifier();
    let plain = terms.into_plain();
    let empty = plain.words.is_empty() && plain.references.is_empty();
    let root = (!empty).then_some(Node::Plain(plain));
    Parsed { root, syntax: false, identifier, suggestions: Vec::new() }
}

/// A piece with its text read.
enum Piece {
    Operand(Node),
    Operator(Kind),
}

/// Reads the texts between the operators; each may be several operands.
fn pieces(typed: &str, items: &[lex::Item]) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut field: Option<FieldName> = None;
    for item in items {
        let text = &typed[item.span.clone()];
        let operand = match item.kind {
            Kind::Text => {
                pieces.extend(terms::terms(text).into_nodes().map(Piece::Operand));
                None
            }
            Kind::Phrase => match field {
                Some(FieldName::Section) => all_of_value(text),
                _ => terms::phrase(text).map(Node::Phrase),
            },
            Kind::Value => one_or(terms::terms(text).into_nodes().collect(), Node::And),
            Kind::Fuzzy => pattern::fuzzy(text).map(Node::Fuzzy),
            Kind::Dates(dates) => Some(Node::Dates(dates)),
            Kind::Lone => None,
            operator => {
                pieces.push(Piece::Operator(operator));
                None
            }
        };
        pieces.extend(operand.map(Piece::Operand));
        field = if let Kind::Field(name) = item.kind { Some(name) } else { None };
    }
    pieces
}

/// The words of a quoted section, all of them in one value and in any order: the
/// value of `138 NI Act` is `NI Act s. 138`.
fn all_of_value(text: &str) -> Option<Node> {
    let beside = Nearness { reach: Reach::Paragraph, ordered: false };
    let parts = terms::terms(text).into_nodes().take(MAX_CHAIN);
    parts.reduce(|left, right| Node::near(left, right, beside))
}

struct Parser<I: Iterator<Item = Piece>> {
    pieces: std::iter::Peekable<I>,
    /// How many proximities there are so far.
    nears: usize,
    slips: Vec<Slip>,
}

impl<I: Iterator<Item = Piece>> Parser<I> {
    /// Reads up to the end of the group.
    fn any_of(&mut self) -> Option<Node> {
        let mut parts = Vec::new();
        parts.extend(self.all_of());
        while self.takes(Kind::Or) {
            parts.extend(self.all_of());
        }
        one_or(parts, Node::Or)
    }

    /// Reads up to an `OR` or the end of the group.
    fn all_of(&mut self) -> Option<Node> {
        let mut parts = Vec::new();
        loop {
            match self.pieces.peek() {
                None | Some(Piece::Operator(Kind::Or | Kind::Close)) => break,
                Some(Piece::Operator(Kind::And)) => {
                    self.pieces.next();
                }
                Some(_) => match self.negated() {
                    Some(Node::And(inner)) => parts.extend(inner),
                    part => parts.extend(part),
                },
            }
        }
        one_or(parts, Node::And)
    }

    fn negated(&mut self) -> Option<Node> {
        if self.takes(Kind::Not) {
            return self.near().map(|part| Node::Not(Box::new(part)));
        }
        self.near()
    }

    fn near(&mut self) -> Option<Node> {
        let mut left = self.operand();
        while let Some(&Piece::Operator(Kind::Near(how))) = self.pieces.peek() {
            self.pieces.next();
            left = match (left, self.operand()) {
                (Some(left), Some(right)) => Some(self.beside(left, right, how)),
                (left, right) => left.or(right),
            };
        }
        left
    }

    /// Two parts near each other. Proximity goes into the groups beside it:
    /// `(a AND b) w/5 c` is `a w/5 c AND b w/5 c`.
    fn beside(&mut self, left: Node, right: Node, how: Nearness) -> Node {
        let deep = chain(&left).max(chain(&right)) >= MAX_CHAIN;
        if deep || self.nears + units(&left) * units(&right) > MAX_NEAR {
            self.note("there are too many words near each other; of the rest, all must be there");
            // No more of them, or each would be multiplied by what follows.
            self.nears = MAX_NEAR;
            return Node::And(vec![left, right]);
        }
        if left.is_placed() && right.is_placed() {
            self.nears += 1;
            return Node::near(left, right, how);
        }
        let left_is_whole = left.is_placed();
        let (group, other) = if left_is_whole { (right, left) } else { (left, right) };
        let mut with = |part: Node| {
            let other = other.clone();
            if left_is_whole {
                self.beside(other, part, how)
            } else {
                self.beside(part, other, how)
            }
        };
        match group {
            Node::And(parts) => Node::And(parts.into_iter().map(with).collect()),
            Node::Or(parts) => Node::Or(parts.into_iter().map(with).collect()),
            Node::Not(inner) => Node::Not(Box::new(with(*inner))),
            group => {
                self.note(
                    "fields and dates have no place in the text; what is beside them must be there",
                );
                Node::And(if left_is_whole { vec![other, group] } else { vec![group, other] })
            }
        }
    }

    fn note(&mut self, says: &str) {
        self.slips.push(Slip::told(0..0, says.to_owned()));
    }

    fn operand(&mut self) -> Option<Node> {
        match self.pieces.next()? {
            Piece::Operand(node) => Some(node),
            Piece::Operator(Kind::Open) => {
                let inside = self.any_of();
                self.takes(Kind::Close);
                inside
            }
            Piece::Operator(Kind::Field(name)) => {
                let value = Box::new(self.operand()?);
                Some(Node::Field { name, value })
            }
            Piece::Operator(_) => None,
        }
    }

    /// Takes the operator if it is next.
    fn takes(&mut self, kind: Kind) -> bool {
        self.pieces
            .next_if(|piece| matches!(piece, Piece::Operator(next) if *next == kind))
            .is_some()
    }
}

/// How many parts of a group are near what stands beside the group.
fn units(node: &Node) -> usize {
    match node {
        node if node.is_placed() => 1,
        Node::And(parts) | Node::Or(parts) => parts.iter().map(units).sum(),
        Node::Not(inner) => units(inner),
        _ => 1,
    }
}

/// How many proximities stand in one another.
fn chain(node: &Node) -> usize {
    match node {
        Node::Near { left, right, .. } => 1 + chain(left).max(chain(right)),
        Node::And(parts) | Node::Or(parts) => parts.iter().map(chain).max().unwrap_or(0),
        Node::Not(inner) => chain(inner),
        _ => 0,
    }
}

/// The only part, or all of them under a node.
fn one_or(mut parts: Vec<Node>, node: impl FnOnce(Vec<Node>) -> Node) -> Option<Node> {
    match parts.len() {
        0 | 1 => parts.pop(),
        _ => Some(node(parts)),
    }
}
