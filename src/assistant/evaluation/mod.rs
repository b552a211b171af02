//! Evaluation: how good answers are, on sets that say where the answers stand.
//!
//! An [`AnswerSet`] has documents and questions with the spans that answer them, and
//! questions that its documents do not answer. Whoever runs one asks each question as a
//! person would and notes a [`Outcome`]; [`Figures`] is what comes of them. A [`Ruler`]
//! finds places of pages in the set's own text.

mod figures;
mod ruler;
mod set;

pub use figures::{Asked, At, Figures, Outcome};
pub use ruler::Ruler;
pub use set::{AnswerSet, Half, SetQuestion};
