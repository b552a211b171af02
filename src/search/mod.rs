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
//! The index is derived from the tables: it can be dropped and built again. The
//! [`LiveIndex`] is the one that is searched at the moment; another is built beside
//! it and takes its place when versions differ, damage shows, or somebody asks.

mod address;
mod analysis;
mod boundaries;
mod citing;
mod collapse;
mod erase;
pub mod evaluation;
mod evidence;
mod expand;
mod fuse;
pub mod golden;
mod highlight;
mod hybrid;
mod index;
mod indexing;
mod nearness;
mod places;
mod query;
mod rankings;
mod reconcile;
mod reindex;
mod request;
mod results;
mod saved;

pub use address::BadValue;
pub use analysis::{Token, analyse};
pub use evidence::{Lead, Sought};
pub use expand::{Expansion, ExpansionKind, Switches};
pub use fuse::FoundBy;
pub use highlight::{Highlight, Part, Snippet, highlight, highlights, snippet};
pub use hybrid::Search;
pub use index::{
    Found, Held, Index, IndexError, IndexedAbout, IndexedPassage, IndexedVersion, LexicalHit,
    LiveIndex, Mode, Opened, Progress, Writing,
};
pub use indexing::Indexing;
pub use query::{Query, Suggestion};
pub use reconcile::Differences;
pub use reindex::Schedule;
pub use request::{Citing, Cursor, Facet, FacetName, FacetValue, Filters, Request, Sort, Wanted};
pub use results::{AlsoIn, Hit, Results, SearchError};
pub use saved::{SavedError, SavedSearch, SavedSearches};
