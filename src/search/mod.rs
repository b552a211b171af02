//! Search: by words, by meaning, and by both together.
//!
//! Start with [`Search`]. It asks the full-text [`Index`] and the vectors under the
//! caller's scope and fuses their rankings.
//!
//! Text is cut into *tokens* by one analyser ([`analyse`]), which documents,
//! queries and highlights share. A *query* ([`Query`]) is what an advocate typed,
//! read once into a tree that the [`Index`] translates and [`highlight()`] marks in
//! a text. The index holds *entries* of two kinds: whole documents, of which
//! phrases, operators and proximity are true, and their passages, which are what
//! a search finds.
//!
//! The index is derived from the tables: it can be dropped and built again, and
//! it says so when it has been ([`Opened::rebuilt`]).

mod analysis;
mod fuse;
mod highlight;
mod hybrid;
mod index;
mod query;

pub use analysis::{Token, analyse};
pub use fuse::FoundBy;
pub use highlight::{Part, Snippet, highlight, snippet};
pub use hybrid::{Hit, Indexing, Results, Search, SearchError};
pub use index::{
    Found, Index, IndexError, IndexedPassage, IndexedVersion, LexicalHit, Mode, Opened,
};
pub use query::Query;
