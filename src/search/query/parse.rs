//! Parsing: pieces into a tree.
//!
//! `NOT` binds tightest, then `w/n`, then `AND` and standing side by side, then
//! `OR`. The lexer has made sure that every operator has its operands.

use super::lex::{self, Kind};
use super::terms::{self, Terms};
use super::{Node, Plain};

/// What a query was read as.
pub(super) struct Parsed {
    pub(super) root: Option<Node>,
    pub(super) syntax: bool,
    pub(super) identifier: bool,
}

/// Reads a query.
pub(super) fn parse(typed: &str) -> Parsed {
    let items = lex::lex(typed);
    if let [item] = items.as_slice()
        && item.kind == Kind::Text
    {
        let terms = terms::terms(&typed[item.span.clone()]);
        if !terms.has_prefix() {
            let identifier = terms.is_identifier();
            return Parsed { root: plain(terms), syntax: false, identifier };
        }
    }
    let pieces = pieces(typed, &items);
    let syntax = !pieces.is_empty();
    let root = Parser { pieces: pieces.into_iter().peekable() }.any_of();
    Parsed { root, syntax, identifier: false }
}

/// The tree of a query without syntax.
fn plain(terms: Terms) -> Option<Node> {
    let Plain { words, references } = terms.into_plain();
    match (words.len(), references.len()) {
        (0, 0) => None,
        _ => Some(Node::Plain(Plain { words, references })),
    }
}

/// A piece with its text read.
enum Piece {
    Operand(Node),
    Operator(Kind),
}

/// Reads the texts between the operators; each may be several operands.
fn pieces(typed: &str, items: &[lex::Item]) -> Vec<Piece> {
    let mut pieces = Vec::new();
    for item in items {
        let text = &typed[item.span.clone()];
        match item.kind {
            Kind::Text => pieces.extend(terms::terms(text).into_nodes().map(Piece::Operand)),
            Kind::Phrase => {
                pieces.extend(terms::phrase(text).map(Node::Phrase).map(Piece::Operand));
            }
            Kind::Lone => {}
            operator => pieces.push(Piece::Operator(operator)),
        }
    }
    pieces
}

struct Parser<I: Iterator<Item = Piece>> {
    pieces: std::iter::Peekable<I>,
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
        while let Some(&Piece::Operator(Kind::Within(words))) = self.pieces.peek() {
            self.pieces.next();
            left = match (left, self.operand()) {
                (Some(left), Some(right)) => {
                    Some(Node::Near { left: Box::new(left), right: Box::new(right), words })
                }
                (left, right) => left.or(right),
            };
        }
        left
    }

    fn operand(&mut self) -> Option<Node> {
        match self.pieces.next()? {
            Piece::Operand(node) => Some(node),
            Piece::Operator(Kind::Open) => {
                let inside = self.any_of();
                self.takes(Kind::Close);
                inside
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

/// The only part, or all of them under a node.
fn one_or(mut parts: Vec<Node>, node: impl FnOnce(Vec<Node>) -> Node) -> Option<Node> {
    match parts.len() {
        0 | 1 => parts.pop(),
        _ => Some(node(parts)),
    }
}
