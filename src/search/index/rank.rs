//! Ranking: which passages of the documents that match come first.
//!
//! A passage that holds the whole query comes before one of a document that holds
//! it, and that before one that holds some of it; within each step, words side by
//! side and in order, then titles, then BM25. The steps are far enough apart that
//! BM25, a few dozen at most, cannot cross them.

use tantivy::Result;
use tantivy::query::{BooleanQuery, BoostQuery, Occur, Query as Engine};

use super::super::query::{Node, Phrase, Plain, Word};
use super::translate::Places;

/// What holding the whole query is worth to a passage.
pub(super) const PASSAGE_HOLDS: f32 = 1000.0;

/// What its document's holding every word is worth to a passage.
pub(super) const DOCUMENT_HOLDS: f32 = 500.0;

/// What the words in order and close together are worth.
pub(super) const IN_ORDER: f32 = 200.0;

/// How many other words may stand between words that are close together.
pub(super) const CLOSE: u32 = 2;

/// What a title with every word, and one with some, is worth to its passages.
pub(super) const TITLE_HOLDS: f32 = 100.0;
pub(super) const TITLE_TOUCHES: f32 = 5.0;

/// What a passage is worth that only stands for its document.
pub(super) const STANDS_FOR: f32 = 0.001;

/// How much more a phrase counts than a word, and the words of a phrase less.
const PHRASE_BOOST: f32 = 3.0;
const LOOSE_BOOST: f32 = 0.05;

/// Where in a passage any part of the query is found.
pub(super) fn touches(places: &Places, root: &Node) -> Result<Vec<Box<dyn Engine>>> {
    let mut parts = Vec::new();
    collect(places, root, &mut parts)?;
    Ok(parts)
}

/// Passages that hold the whole query.
pub(super) fn whole(places: &Places, root: &Node) -> Result<Box<dyn Engine>> {
    match root {
        // Alone in a union, a word is found with an eye on the best.
        Node::Plain(plain) if plain.references.is_empty() && plain.words.len() == 1 => {
            let words: Result<Vec<_>> = plain.words.iter().map(|word| places.word(word)).collect();
            Ok(any(words?))
        }
        Node::Word(word) => Ok(any(vec![places.word(word)?])),
        Node::Plain(plain) => places.all_words(plain),
        root if has_not(root) => Ok(Box::new(BooleanQuery::new(vec![
            (Occur::Must, any(touches(places, root)?)),
            (Occur::Must, places.holds(root)?),
        ]))),
        root => places.holds(root),
    }
}

/// Whether some part must not hold, so that a passage may hold the query and none
/// of its words.
fn has_not(node: &Node) -> bool {
    match node {
        Node::Not(_) => true,
        Node::And(parts) | Node::Or(parts) => parts.iter().any(has_not),
        Node::Near { left, right, .. } => has_not(left) || has_not(right),
        _ => false,
    }
}

/// Whether a query is of single words only, the best of which can be found without
/// looking at all.
pub(super) fn only_terms(node: &Node) -> bool {
    let alone = |word: &Word| word.also.is_empty();
    match node {
        Node::Word(word) => alone(word),
        Node::Plain(plain) => plain.references.is_empty() && plain.words.iter().all(alone),
        Node::Or(parts) => parts.iter().all(|part| matches!(part, Node::Word(word) if alone(word))),
        _ => false,
    }
}

/// Collects the parts that are looked for; what must not hold is not.
fn collect(places: &Places, node: &Node, parts: &mut Vec<Box<dyn Engine>>) -> Result<()> {
    match node {
        Node::Plain(Plain { words, references }) => {
            for word in words {
                parts.push(places.word(word)?);
            }
            for phrase in references {
                collect_phrase(places, phrase, parts)?;
            }
        }
        Node::Phrase(phrase) => collect_phrase(places, phrase, parts)?,
        Node::Near { left, right, .. } => {
            parts.push(boosted(places.holds(node)?, PHRASE_BOOST));
            collect(places, left, parts)?;
            collect(places, right, parts)?;
        }
        Node::And(inner) | Node::Or(inner) => {
            for part in inner {
                collect(places, part, parts)?;
            }
        }
        Node::Not(_) | Node::Field { .. } | Node::Dates(_) => {}
        node => parts.push(places.holds(node)?),
    }
    Ok(())
}

/// A phrase, and its words for when it runs over the end of a passage.
fn collect_phrase(
    places: &Places,
    phrase: &Phrase,
    parts: &mut Vec<Box<dyn Engine>>,
) -> Result<()> {
    parts.push(boosted(places.phrase(phrase)?, PHRASE_BOOST));
    if phrase.slots.len() > 1 {
        for slot in phrase.slots.iter().filter(|slot| !slot.pattern) {
            let (exact, typed) = (slot.form.clone(), slot.form.clone());
            let word = Word { typed, exact, stem: None, position: 0, also: Vec::new() };
            if !word.is_stop() {
                parts.push(boosted(places.word(&word)?, LOOSE_BOOST));
            }
        }
    }
    Ok(())
}

fn boosted(query: Box<dyn Engine>, boost: f32) -> Box<dyn Engine> {
    Box::new(BoostQuery::new(query, boost))
}

/// Any of the queries.
pub(super) fn any(queries: Vec<Box<dyn Engine>>) -> Box<dyn Engine> {
    Box::new(BooleanQuery::union(queries))
}
