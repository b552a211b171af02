//! The kernel: nouns every part of the service shares, with no input or output.
//!
//! Ids are typed, time comes from a [`Clock`], money is whole minor units, and a
//! [`Scope`] says what the caller may see.

pub mod case_numbers;
mod clock;
pub mod csv;
mod ids;
mod money;
mod origin;
pub mod permission;
mod realm;
mod scope;
pub mod sentences;
pub mod tax_ids;

pub use clock::{Clock, ManualClock, SystemClock, day_in_india};
pub use ids::{
    AgreedFeeId, AttachmentId, CalendarFeedId, CaseFieldId, CaseMessageId, CauseListEntryId,
    CauseListId, ConflictCheckId, ContactId, CreditNoteId, DeliveryId, EventId, ExpenseId,
    FeeAgreementId, FeeId, HearingClaimId, HolidayCalendarId, ImportId, LedgerEntryId,
    LimitationId, NewsId, NoteId, RateId, RequestId, TimerId, VakalatnamaId, WebhookId,
};
pub use ids::{ApiTokenId, ClientCodeId, TokenKeyId};
pub use ids::{BudgetId, ProviderReportId};
pub use ids::{
    CallId, CaseId, CitationId, ClientId, ConsentId, ConversationId, DocumentId, EntityId,
    ErasureId, ExportId, GenerationId, GoldenId, GoldenRunId, GroupId, HearingId, HoldId,
    InvoiceId, InvoiceLineId, JobId, LetterId, MessageId, OrganisationId, PartyId, PassageId,
    PasskeyId, PaymentId, ProposalId, SavedSearchId, SessionId, TaskId, TimeEntryId, UserId,
    VersionId, WallId, WordingId,
};
pub use ids::{FeedbackId, PinId};
pub use money::{MicroDollars, Paise};
pub use origin::Origin;
pub use permission::{Permission, TokenScope};
pub use realm::Realm;
pub use scope::{CaseRole, Reach, Role, Scope};
