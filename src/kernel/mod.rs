//! The kernel: nouns every part of the service shares, with no input or output.
//!
//! Ids are typed, time comes from a [`Clock`], money is whole minor units, and a
//! [`Scope`] says what the caller may see.

mod clock;
mod ids;
mod money;
mod scope;
pub mod sentences;

pub use clock::{Clock, ManualClock, SystemClock};
pub use ids::{
    CallId, CaseId, CitationId, ClientId, ConversationId, DocumentId, EntityId, GenerationId,
    GoldenId, GoldenRunId, JobId, MessageId, OrganisationId, PassageId, SavedSearchId, SessionId,
    UserId, VersionId,
};
pub use money::{MicroDollars, Paise};
pub use scope::{Reach, Role, Scope};
