//! Statements: static text plus typed values.

use std::borrow::Cow;
use std::fmt::Write;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::kernel::{
    AgreedFeeId, AttachmentId, CalendarFeedId, CaseFieldId, CaseMessageId, CauseListEntryId,
    CauseListId, ConflictCheckId, ContactId, CreditNoteId, DeliveryId, EventId, ExpenseId,
    FeeAgreementId, FeeId, HearingClaimId, HolidayCalendarId, ImportId, LedgerEntryId,
    LimitationId, NewsId, NoteId, RateId, RequestId, TimerId, VakalatnamaId, WebhookId,
};
use crate::kernel::{ApiTokenId, BudgetId, ClientCodeId, ProviderReportId, TokenKeyId};
use crate::kernel::{
    CallId, CaseId, CitationId, ClientId, ConversationId, DocumentId, EntityId, GenerationId,
    GoldenId, GoldenRunId, GroupId, JobId, LetterId, MessageId, MicroDollars, OrganisationId,
    Paise, PassageId, PasskeyId, SavedSearchId, SessionId, UserId, VersionId, WallId,
};
use crate::kernel::{ConsentId, ErasureId, ExportId, HoldId, WordingId};
use crate::kernel::{FeedbackId, PinId};
use crate::kernel::{
    HearingId, InvoiceId, InvoiceLineId, PartyId, PaymentId, ProposalId, TaskId, TimeEntryId,
};

/// A registered statement text and where it stands.
#[derive(Debug)]
pub struct Statement {
    /// The text as written.
    pub text: &'static str,
    /// The source file.
    pub file: &'static str,
    /// The line in it.
    pub line: u32,
}

inventory::collect!(Statement);

/// What the prepare test cannot see.
pub const REGISTRY_NOTE: &str =
    "fragments added by `and_if`, `and_in` and `then` are not prepared alone";

/// Every statement of the service.
pub fn statements() -> impl Iterator<Item = &'static Statement> {
    inventory::iter::<Statement>.into_iter()
}

/// Writes a statement: registers its text and starts a [`Sql`] from it.
#[macro_export]
macro_rules! statement {
    ($text:expr) => {{
        const TEXT: &str = $text;
        inventory::submit! {
            $crate::db::Statement { text: TEXT, file: file!(), line: line!() }
        }
        $crate::db::Sql::new(TEXT)
    }};
}

/// A value to bind, in one of the types both engines store alike.
#[derive(Debug, Clone)]
pub enum Value {
    /// Text.
    Text(Option<String>),
    /// A whole number.
    Int(Option<i64>),
    /// A number.
    Float(Option<f64>),
    /// Yes or no.
    Bool(bool),
    /// Bytes.
    Bytes(Option<Vec<u8>>),
    /// An id.
    Uuid(Option<Uuid>),
    /// A time.
    Time(Option<DateTime<Utc>>),
    /// A JSON object or array; never a bare scalar, which SQLite would not give back.
    Json(serde_json::Value),
}

macro_rules! values {
    ($($type:ty => |$value:ident| $kind:ident($inner:expr)),+ $(,)?) => {$(
        impl From<$type> for Value {
            fn from($value: $type) -> Self {
                Self::$kind(Some($inner))
            }
        }

        impl From<Option<$type>> for Value {
            fn from(value: Option<$type>) -> Self {
                Self::$kind(value.map(|$value| $inner))
            }
        }
    )+};
}

values! {
    &str => |text| Text(text.to_owned()),
    String => |text| Text(text),
    i64 => |number| Int(number),
    i32 => |number| Int(i64::from(number)),
    u32 => |number| Int(i64::from(number)),
    f64 => |number| Float(number),
    f32 => |number| Float(f64::from(number)),
    Vec<u8> => |bytes| Bytes(bytes),
    DateTime<Utc> => |time| Time(time),
    Uuid => |id| Uuid(id),
    Paise => |money| Int(money.0),
    MicroDollars => |money| Int(money.0),
    OrganisationId => |id| Uuid(id.uuid()),
    UserId => |id| Uuid(id.uuid()),
    SavedSearchId => |id| Uuid(id.uuid()),
    SessionId => |id| Uuid(id.uuid()),
    ClientId => |id| Uuid(id.uuid()),
    CaseId => |id| Uuid(id.uuid()),
    DocumentId => |id| Uuid(id.uuid()),
    VersionId => |id| Uuid(id.uuid()),
    PassageId => |id| Uuid(id.uuid()),
    EntityId => |id| Uuid(id.uuid()),
    ConversationId => |id| Uuid(id.uuid()),
    MessageId => |id| Uuid(id.uuid()),
    CitationId => |id| Uuid(id.uuid()),
    FeedbackId => |id| Uuid(id.uuid()),
    PinId => |id| Uuid(id.uuid()),
    CallId => |id| Uuid(id.uuid()),
    BudgetId => |id| Uuid(id.uuid()),
    ProviderReportId => |id| Uuid(id.uuid()),
    JobId => |id| Uuid(id.uuid()),
    GenerationId => |id| Uuid(id.uuid()),
    GoldenId => |id| Uuid(id.uuid()),
    GoldenRunId => |id| Uuid(id.uuid()),
    GroupId => |id| Uuid(id.uuid()),
    WallId => |id| Uuid(id.uuid()),
    LetterId => |id| Uuid(id.uuid()),
    ApiTokenId => |id| Uuid(id.uuid()),
    TokenKeyId => |id| Uuid(id.uuid()),
    ClientCodeId => |id| Uuid(id.uuid()),
    PasskeyId => |id| Uuid(id.uuid()),
    WordingId => |id| Uuid(id.uuid()),
    ConsentId => |id| Uuid(id.uuid()),
    HoldId => |id| Uuid(id.uuid()),
    ErasureId => |id| Uuid(id.uuid()),
    ExportId => |id| Uuid(id.uuid()),
    PartyId => |id| Uuid(id.uuid()),
    HearingId => |id| Uuid(id.uuid()),
    TaskId => |id| Uuid(id.uuid()),
    InvoiceId => |id| Uuid(id.uuid()),
    InvoiceLineId => |id| Uuid(id.uuid()),
    PaymentId => |id| Uuid(id.uuid()),
    TimeEntryId => |id| Uuid(id.uuid()),
    ProposalId => |id| Uuid(id.uuid()),
    AgreedFeeId => |id| Uuid(id.uuid()),
    AttachmentId => |id| Uuid(id.uuid()),
    CalendarFeedId => |id| Uuid(id.uuid()),
    CaseFieldId => |id| Uuid(id.uuid()),
    CaseMessageId => |id| Uuid(id.uuid()),
    CauseListEntryId => |id| Uuid(id.uuid()),
    CauseListId => |id| Uuid(id.uuid()),
    HearingClaimId => |id| Uuid(id.uuid()),
    ConflictCheckId => |id| Uuid(id.uuid()),
    ContactId => |id| Uuid(id.uuid()),
    CreditNoteId => |id| Uuid(id.uuid()),
    DeliveryId => |id| Uuid(id.uuid()),
    EventId => |id| Uuid(id.uuid()),
    ExpenseId => |id| Uuid(id.uuid()),
    FeeAgreementId => |id| Uuid(id.uuid()),
    FeeId => |id| Uuid(id.uuid()),
    HolidayCalendarId => |id| Uuid(id.uuid()),
    ImportId => |id| Uuid(id.uuid()),
    LedgerEntryId => |id| Uuid(id.uuid()),
    LimitationId => |id| Uuid(id.uuid()),
    NewsId => |id| Uuid(id.uuid()),
    NoteId => |id| Uuid(id.uuid()),
    RateId => |id| Uuid(id.uuid()),
    RequestId => |id| Uuid(id.uuid()),
    TimerId => |id| Uuid(id.uuid()),
    VakalatnamaId => |id| Uuid(id.uuid()),
    WebhookId => |id| Uuid(id.uuid()),
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<serde_json::Value> for Value {
    fn from(value: serde_json::Value) -> Self {
        Self::Json(value)
    }
}

/// A statement with the values bound so far.
///
/// Text comes only from `&'static str`, values only through `bind`, `and_if` and
/// `and_in`: there is no way to write an injection.
#[derive(Debug, Clone)]
pub struct Sql {
    pub(super) text: Cow<'static, str>,
    pub(super) values: Vec<Value>,
}

impl Sql {
    /// Starts a statement. Use [`crate::statement!`], which also registers it.
    #[must_use]
    pub const fn new(text: &'static str) -> Self {
        Self { text: Cow::Borrowed(text), values: Vec::new() }
    }

    /// Binds the next `$n`.
    #[must_use]
    pub fn bind(mut self, value: impl Into<Value>) -> Self {
        self.values.push(value.into());
        self
    }

    /// Adds ` AND <left> $n` when there is a value; `left` ends in its operator.
    #[must_use]
    pub fn and_if(mut self, left: &'static str, value: Option<impl Into<Value>>) -> Self {
        if let Some(value) = value {
            self.values.push(value.into());
            let _ = write!(self.text.to_mut(), " AND {left} ${}", self.values.len());
        }
        self
    }

    /// Adds ` AND <column> IN (…)`; nothing matches an empty list.
    #[must_use]
    pub fn and_in<V: Into<Value>>(
        mut self,
        column: &'static str,
        values: impl IntoIterator<Item = V>,
    ) -> Self {
        let first = self.values.len();
        self.values.extend(values.into_iter().map(Into::into));
        let text = self.text.to_mut();
        if self.values.len() == first {
            text.push_str(" AND FALSE");
            return self;
        }
        let _ = write!(text, " AND {column} IN (");
        for place in first + 1..=self.values.len() {
            let comma = if place == first + 1 { "" } else { ", " };
            let _ = write!(text, "{comma}${place}");
        }
        text.push(')');
        self
    }

    /// Adds text to the end, such as an order and a limit.
    #[must_use]
    pub fn then(mut self, text: &'static str) -> Self {
        self.text.to_mut().push_str(text);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fragments_number_their_values() {
        let sql = Sql::new("SELECT 1 WHERE a = $1")
            .bind("x")
            .and_if("b <", None::<i64>)
            .and_if("c =", Some(3_i64))
            .and_in("d", ["p", "q"])
            .then(" LIMIT 1");
        assert_eq!(sql.text, "SELECT 1 WHERE a = $1 AND c = $2 AND d IN ($3, $4) LIMIT 1");
        assert_eq!(sql.values.len(), 4);
    }

    #[test]
    fn nothing_is_in_an_empty_list() {
        let sql = Sql::new("SELECT 1 WHERE TRUE").and_in("d", Vec::<String>::new());
        assert_eq!(sql.text, "SELECT 1 WHERE TRUE AND FALSE");
    }
}
