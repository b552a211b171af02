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
    /// A note on a case.
    NoteId,
    /// A field of cases that the chamber made.
    CaseFieldId,
    /// A list of cases or clients read from a file.
    ImportId,
    /// An authority to appear for a client in a case.
    VakalatnamaId,
    /// A cause list that was read.
    CauseListId,
    /// An entry of a cause list.
    CauseListEntryId,
    /// Another day that a source gives for a hearing.
    HearingClaimId,
    /// A person's calendar address.
    CalendarFeedId,
    /// A limitation that was worked out and kept.
    LimitationId,
    /// A calendar of a court's holidays.
    HolidayCalendarId,
    /// Somebody to be reached at a client.
    ContactId,
    /// A conflict check.
    ConflictCheckId,
    /// A clock that runs for somebody's work.
    TimerId,
    /// What an hour or an appearance of somebody costs.
    RateId,
    /// What was agreed with a client on the fees of a case.
    FeeAgreementId,
    /// A line of a fee agreement.
    AgreedFeeId,
    /// A fee that fell due under an agreement.
    FeeId,
    /// What was laid out for a client.
    ExpenseId,
    /// What takes part of an invoice back.
    CreditNoteId,
    /// An entry of a client's money held by the chamber.
    LedgerEntryId,
    /// Something the chamber needs from a client.
    RequestId,
    /// News of a case, in plain words for its client.
    NewsId,
    /// A file a client sent to the chamber.
    DeliveryId,
    /// A message of a case, between people.
    CaseMessageId,
    /// A file that goes with a message.
    AttachmentId,
    /// Something that happened, for other systems.
    EventId,
    /// Another system that is told of events.
    WebhookId,
}
