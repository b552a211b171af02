//! Typed ids.
//!
//! Every id is a `UUIDv7`: unique without asking the database, and ordered by the
//! time it was made, so that indexes grow at one end.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
            sqlx::Type, ToSchema,
        )]
        #[serde(transparent)]
        #[sqlx(transparent)]
        #[schema(value_type = Uuid)]
        pub struct $name(Uuid);

        impl $name {
            /// Makes a new id.
            #[must_use]
            #[expect(clippy::new_without_default, reason = "two ids are never the same default")]
            #[expect(clippy::disallowed_methods, reason = "this is where ids are made")]
            pub fn new() -> Self {
                Self(Uuid::now_v7())
            }

            /// The bare UUID, for stores that know no types of ours.
            #[must_use]
            pub const fn uuid(self) -> Uuid {
                self.0
            }
        }

        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self {
                Self(id)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }
    )+};
}

ids! {
    /// A firm or chamber; the outermost wall.
    OrganisationId,
    /// A person who can sign in.
    UserId,
    /// A signed-in browser or an API token.
    SessionId,
    /// A person or firm the chamber acts for.
    ClientId,
    /// A matter.
    CaseId,
    /// A document of a case, whatever its versions.
    DocumentId,
    /// One version of a document: certain bytes.
    VersionId,
    /// A span of a version's text that is searched and cited.
    PassageId,
    /// A name, number or reference found in a version's text.
    EntityId,
    /// A conversation with the assistant.
    ConversationId,
    /// A question or an answer in a conversation.
    MessageId,
    /// A citation of an answer.
    CitationId,
    /// What somebody thinks of an answer.
    FeedbackId,
    /// An answer pinned in a case.
    PinId,
    /// A call of a model, as the ledger keeps it.
    CallId,
    /// A limit of what the models may cost.
    BudgetId,
    /// A provider's own account of what was used.
    ProviderReportId,
    /// A piece of background work.
    JobId,
    /// A search a person keeps.
    SavedSearchId,
    /// The vectors one embedding model made.
    GenerationId,
    /// A question whose right answers are known.
    GoldenId,
    /// A way of searching, tried on the golden questions.
    GoldenRunId,
    /// People named together, for ethical walls.
    GroupId,
    /// An ethical wall.
    WallId,
    /// A mail or text message on its way out.
    LetterId,
    /// A personal API token.
    ApiTokenId,
    /// A key that signs access tokens.
    TokenKeyId,
    /// A one-time code sent to a client.
    ClientCodeId,
    /// A passkey of a person.
    PasskeyId,
    /// A wording of what clients consent to.
    WordingId,
    /// A client's consent.
    ConsentId,
    /// A legal hold on a case or client.
    HoldId,
    /// An erasure.
    ErasureId,
    /// A person's export.
    ExportId,
    /// A party of a case.
    PartyId,
    /// A hearing of a case.
    HearingId,
    /// A task or deadline.
    TaskId,
    /// A bill to a client.
    InvoiceId,
    /// A line of a bill.
    InvoiceLineId,
    /// A payment of a client.
    PaymentId,
    /// Time worked on a case.
    TimeEntryId,
    /// Something the assistant proposes to write.
    ProposalId,
}
