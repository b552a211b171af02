//! What each side of a search finds, before it is put together.
//!
//! The search and its evaluation both come here, so that what is measured is what is
//! searched with.

use super::fuse::{Asked, Ranked, Rankings, Wholes};
use super::index::{Found, Index};
use super::query::Query;
use crate::vectors::Near;

/// How many passages each side contributes.
pub(super) const DEPTH: usize = 1000;

/// Words that make a sentence a question.
const ASKING: &[&str] = &[
    "what", "who", "whom", "whose", "which", "when", "where", "why", "how", "whether", "is", "are",
    "was", "were", "does", "do", "did",
];

/// The most words that the parts of a text have, on average, for them to be keywords.
const KEYWORDS: usize = 4;

/// Reads what was typed: a query, a question, or a text to find the like of.
pub(super) fn read(index: &Index, text: &str) -> Query {
    if Query::is_prose(text) {
        Query::prose(text, index.rarity())
    } else if is_question(text) {
        Query::question(text)
    } else {
        Query::parse(text)
    }
}

/// Whether a text is a question in which AND, OR or NOT stand in a title set in capitals
/// ("the MARKETING AND SERVICE AGREEMENT"), and are not syntax. With any other sign of
/// syntax, it is none.
fn is_question(text: &str) -> bool {
    let mut words = text.split_whitespace().map(|word| word.trim_matches(['?', ',', ';', '.']));
    text.trim_end().ends_with('?')
        && !text.contains(['"', '“', '”', ':', '/', '(', '*', '~'])
        && words.clone().any(|word| matches!(word, "AND" | "OR" | "NOT"))
        && words.any(|word| ASKING.iter().any(|asking| word.eq_ignore_ascii_case(asking)))
}

/// Whether a text is keywords, one or a list of them ("Anticipatory Bail, Dowry Death"),
/// or says something.
fn asked(text: &str) -> Asked {
    let asking = |word: &str| ASKING.iter().any(|asking| word.eq_ignore_ascii_case(asking));
    let (mut parts, mut words) = (0, 0);
    for part in text.split([',', ';', '\n', '—', '–']) {
        let before = words;
        for word in part.split_whitespace() {
            if word.ends_with('?') || asking(word) {
                return Asked::Sentence;
            }
            words += 1;
        }
        parts += usize::from(words > before);
    }
    if words <= KEYWORDS * parts { Asked::Keywords } else { Asked::Sentence }
}

/// Says in plain words how a text was read.
pub(super) fn reading(text: &str, query: &Query) -> String {
    if !Query::is_prose(text) {
        return query.reading();
    }
    match query.weightiest() {
        words if words.is_empty() => {
            "searched for nothing, since none of its words is known".into()
        }
        words => format!(
            "searched for what is like this text, by the words it is most about: {}",
            words.join(", ")
        ),
    }
}

impl Rankings {
    /// Takes what each side found for a text.
    pub(super) fn of(text: &str, found: &Found, wholes: Wholes, near: &[Near]) -> Self {
        let words = found.hits.iter().filter_map(|hit| {
            let passage = hit.passage?;
            Some(Ranked { passage, document: hit.document, score: hit.score })
        });
        let meaning = near.iter().map(|near| Ranked {
            passage: near.passage,
            document: near.document,
            score: near.score,
        });
        Self { words: words.collect(), wholes, meaning: meaning.collect(), asked: asked(text) }
    }
}

#[cfg(test)]
mod tests {
    use super::super::fuse::Asked;
    use super::{asked, is_question};

    #[test]
    fn keywords_are_told_from_sentences() {
        for keywords in [
            "anticipatory bail",
            "Service Law — Dismissal — Natural Justice",
            "Abetment of Suicide, Cruelty; Dowry Death, Standard of Proof",
            "धारा 138",
        ] {
            assert_eq!(asked(keywords), Asked::Keywords, "{keywords}");
        }
        for sentence in [
            "whether notice",
            "cheque returned for want of funds",
            "bail?",
            "The tenant, who pays no rent, may be evicted by his landlord, as the court says",
        ] {
            assert_eq!(asked(sentence), Asked::Sentence, "{sentence}");
        }
    }

    #[test]
    fn a_title_in_capitals_does_not_make_a_question_a_query() {
        for question in [
            "Consider the MARKETING AND DISTRIBUTION AGREEMENT; What is the expiration date?",
            "Does the LEASE OR LICENCE allow subletting ?",
        ] {
            assert!(is_question(question), "{question}");
        }
        for query in [
            "cheque AND dishonour AND compl?",
            "\"what was said\" AND notice AND compl?",
            "which w/5 court AND bail?",
            "What is the expiration date of this contract?",
            "whether AND notice",
        ] {
            assert!(!is_question(query), "{query}");
        }
    }
}
