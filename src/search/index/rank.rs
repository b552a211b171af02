//! Ranking: which passages of the documents that match come first.
//!
//! A passage that holds the whole query comes before one of a document that holds
//! it, and that before one that holds some of it; within each step, words side by
//! side and in order, then titles, then BM25. The steps are far enough apart that
//! BM25, a few dozen at most, cannot cross them.

use tantivy::Result;
use tantivy::query::{BooleanQuery, BoostQuery, ConstScoreQuery, Occur, Query as Engine};

use super::super::query::{Node, Phrase, Plain, Word};
use super::scope::Clause;
use super::translate::Places;

/// What holding the whole query is worth to a passage.
const PASSAGE_HOLDS: f32 = 1000.0;

/// What its document's holding every word is worth to a passage.
pub(super) const DOCUMENT_HOLDS: f32 = 500.0;

/// What the words in order and close together are worth.
const IN_ORDER: f32 = 200.0;

/// How many other words may stand between words that are close together.
const CLOSE: u32 = 2;

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

/// What lifts one passage above another.
pub(super) fn bonuses(places: &Places, root: &Node) -> Result<Vec<Clause>> {
    let mut bonuses = Vec::new();
    match root {
        Node::Plain(plain) => {
            bonuses.push(worth(places.all_words(plain)?, PASSAGE_HOLDS));
            if plain.words.len() > 1 {
                bonuses.push(worth(places.in_order(&plain.words, CLOSE)?, IN_ORDER));
            }
            for pair in plain.words.windows(2) {
                bonuses.push((Occur::Should, places.in_order(pair, CLOSE)?));
            }
        }
        root => bonuses.push(worth(places.holds(root)?, PASSAGE_HOLDS)),
    }
    Ok(bonuses)
}

/// A bonus of a fixed worth.
pub(super) fn worth(query: Box<dyn Engine>, score: f32) -> Clause {
    (Occur::Should, Box::new(ConstScoreQuery::new(query, score)))
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
        Node::Word(_) | Node::Prefix(_) => parts.push(places.holds(node)?),
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
        Node::Not(_) => {}
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
        for slot in phrase.slots.iter().filter(|slot| !slot.prefix) {
            let (exact, typed) = (slot.form.clone(), slot.form.clone());
            let word = Word { typed, exact, stem: None, position: 0 };
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
