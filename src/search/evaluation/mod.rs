//! Evaluation: how well a search finds what it should, on sets that say what that is.
//!
//! A [`RetrievalSet`] has documents, queries, and judgments or spans. A [`Bench`] takes
//! its documents in as the product does (the same cutter, analyser, index, model and
//! vector store), searches for every query by words, by meaning and by both, and
//! measures the rankings ([`metrics`]). Nothing is searched differently here.
//!
//! Documents are ranked by their best passage. What a set judges are documents, or, in
//! a span set, characters.

mod bench;
mod cache;
mod files;
pub mod metrics;
mod report;
mod sets;

pub use bench::{Bench, ByWords, EvaluationError, Meaning};
pub use files::SetError;
pub use report::{Figures, Report, Row, Side};
pub use sets::{RetrievalSet, SetDocument, SetQuery};

#[cfg(test)]
mod tests;
