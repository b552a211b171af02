//! Lines: the words and references of a query that stand side by side.

use super::super::analysis::{Token, analyse, is_stop};
use super::super::query::{Node, Phrase, Slot, Word};

/// How many positions the words of one term may be apart: `dishonour of the cheque`.
const FARTHEST: u32 = 3;

/// Words and references that all stand in one list of the query.
pub(super) struct Line<'q> {
    pub(super) words: Vec<&'q mut Word>,
    pub(super) references: Vec<&'q mut Phrase>,
}

/// Calls for each line of a query. What must not hold has none: an expansion there
/// would hide what nobody named.
pub(super) fn each(node: &mut Node, act: &mut impl FnMut(&mut Line)) {
    match node {
        Node::Plain(plain) => act(&mut Line {
            words: plain.words.iter_mut().collect(),
            references: plain.references.iter_mut().collect(),
        }),
        Node::And(parts) => {
            let mut line = Line { words: Vec::new(), references: Vec::new() };
            for part in parts {
                let reference = matches!(&*part, Node::Phrase(phrase) if phrase.reference);
                match (part, reference) {
                    (Node::Word(word), _) => line.words.push(word),
                    (Node::Phrase(phrase), true) => line.references.push(phrase),
                    (other, _) => each(other, act),
                }
            }
            act(&mut line);
        }
        Node::Or(parts) => {
            for part in parts {
                each(part, act);
            }
        }
        Node::Near { left, right, .. } => {
            each(left, act);
            each(right, act);
        }
        Node::Word(word) => act(&mut Line { words: vec![word], references: Vec::new() }),
        Node::Phrase(phrase) if phrase.reference => {
            act(&mut Line { words: Vec::new(), references: vec![phrase] });
        }
        // Quotes and wildcards say exactly what is wanted.
        _ => {}
    }
}

impl Line<'_> {
    /// The words that are a term, from one on: each a form of the next of the term,
    /// close together and in order.
    pub(super) fn holds(&self, term: &[String], from: usize) -> bool {
        let Some(words) = self.words.get(from..from + term.len()) else { return false };
        words.iter().zip(term).all(|(word, key)| key_of_word(word) == key)
            && words.windows(2).all(|pair| {
                pair[1]
                    .position
                    .checked_sub(pair[0].position)
                    .is_some_and(|gap| (1..=FARTHEST).contains(&gap))
            })
    }

    /// Those words as they were typed.
    pub(super) fn typed(&self, words: &[usize]) -> String {
        let typed: Vec<&str> = words.iter().map(|&nth| self.words[nth].typed.as_str()).collect();
        typed.join(" ")
    }
}

/// What forms of one word share.
pub(super) fn key_of_word(word: &Word) -> &str {
    word.stem.as_deref().unwrap_or(&word.exact)
}

/// The keys of the words of a term that carry meaning; all, if none does.
pub(super) fn keys(text: &str) -> Vec<String> {
    let key = |token: Token| token.stem.unwrap_or(token.exact);
    content(text).into_iter().map(key).collect()
}

fn content(text: &str) -> Vec<Token> {
    let all: Vec<Token> = analyse(text).into_iter().filter(|token| !token.implied).collect();
    if all.iter().all(|token| is_stop(&token.exact)) {
        return all;
    }
    all.into_iter().filter(|token| !is_stop(&token.exact)).collect()
}

/// What is searched for when a term means the same: a word in its inflections, two
/// words near each other, or more side by side as they are written.
pub(super) fn node(text: &str) -> Option<Node> {
    let content = content(text);
    match content.as_slice() {
        [] => None,
        [only] => Some(Node::Word(word(only, text))),
        [one, other] => {
            let apart = other.position.saturating_sub(one.position);
            let room = if apart > 1 { apart + 1 } else { 1 };
            Some(Node::within(Node::Word(word(one, text)), Node::Word(word(other, text)), room))
        }
        _ => Some(side_by_side(text)),
    }
}

/// A term of several words, and its plural where the last word is English.
fn side_by_side(text: &str) -> Node {
    let tokens: Vec<Token> = analyse(text).into_iter().filter(|token| !token.implied).collect();
    let first =
        tokens.iter().find(|token| !is_stop(&token.exact)).map_or(0, |token| token.position);
    // What carries no meaning keeps its place and may be another word.
    let slots: Vec<Slot> = tokens
        .iter()
        .filter(|token| !is_stop(&token.exact))
        .map(|token| Slot {
            offset: token.position - first,
            form: token.exact.clone(),
            pattern: false,
        })
        .collect();
    let phrase = |slots| {
        Node::Phrase(Phrase { typed: text.to_owned(), reference: true, slots, also: Vec::new() })
    };
    let plural = slots.last().is_some_and(|last| {
        last.form.bytes().all(|byte| byte.is_ascii_lowercase()) && !last.form.ends_with('s')
    });
    if !plural {
        return phrase(slots);
    }
    let mut several = slots.clone();
    if let Some(last) = several.last_mut() {
        last.form.push('s');
    }
    Node::Or(vec![phrase(slots), phrase(several)])
}

fn word(token: &Token, text: &str) -> Word {
    Word {
        typed: text[token.start..token.end].to_owned(),
        exact: token.exact.clone(),
        stem: token.stem.clone(),
        position: 0,
        also: Vec::new(),
    }
}

/// A number after its unit: section 103.
pub(super) fn section(numbers: &[String]) -> Node {
    let forms = std::iter::once("section").chain(numbers.iter().map(String::as_str));
    let slots = (0..)
        .zip(forms)
        .map(|(offset, form)| Slot { offset, form: form.to_owned(), pattern: false })
        .collect();
    let typed = format!("section {}", numbers.join(" "));
    Node::Phrase(Phrase { typed, reference: true, slots, also: Vec::new() })
}
