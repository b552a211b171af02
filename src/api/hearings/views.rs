//! How hearings look on the wire.

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::api::problem::{Code, Problem};
use crate::cases::Source;
use crate::hearings::{
    Adjourned, AdjournedBy, Change, Hearing, HearingOutcome, ListType, NewHearing, SourceKind,
    Warning, WarningKind, Withdrawn, reason_words,
};
use crate::kernel::{CaseId, DocumentId, HearingId};

/// A hearing of a case.
#[derive(Serialize, ToSchema)]
#[schema(as = Hearing)]
pub(super) struct HearingView {
    /// Its id.
    id: HearingId,
    /// The case.
    case_id: CaseId,
    /// The case's title.
    case_title: String,
    /// The court's number for the case.
    case_number: Option<String>,
    /// The court.
    court: Option<String>,
    /// The day, in India.
    on_date: NaiveDate,
    /// When it begins, in India, as `HH:MM`.
    starts_at: Option<String>,
    /// Before whom.
    bench: Option<String>,
    /// In which room.
    court_hall: Option<String>,
    /// Its number in the day's list.
    item: Option<String>,
    /// In which list it stands.
    list_type: Option<ListType>,
    /// The stage the case is in.
    stage: Option<String>,
    /// What it is for.
    purpose: Option<String>,
    /// How it went; none before it was held.
    outcome: Option<HearingOutcome>,
    /// Whether it was mentioned before the court.
    mentioned: bool,
    /// Who appeared for this side.
    appeared_ours: Option<String>,
    /// Who appeared for the other.
    appeared_theirs: Option<String>,
    /// At whose request it was put off.
    adjourned_by: Option<AdjournedBy>,
    /// Why: a key of the list of reasons.
    adjourned_reason: Option<String>,
    /// That reason and what was written beside it, in words.
    adjourned_words: Option<String>,
    /// Costs that were ordered, in paise.
    costs_paise: Option<i64>,
    /// What was ordered, and what the team should know.
    note: Option<String>,
    /// How the day is known.
    source_kind: SourceKind,
    /// The document it is known from.
    source_document_id: Option<DocumentId>,
    /// The page of it, from 1.
    source_page: Option<u32>,
    /// The words it is known from.
    source_quote: Option<String>,
    /// The hearing it was adjourned from.
    previous_id: Option<HearingId>,
    /// When it was withdrawn.
    withdrawn_at: Option<DateTime<Utc>>,
    /// Why.
    withdrawn_reason: Option<String>,
}

impl From<Hearing> for HearingView {
    fn from(hearing: Hearing) -> Self {
        let Hearing {
            id,
            case_id,
            case_title,
            case_number,
            court,
            known,
            previous,
            mentioned,
            appeared_ours,
            appeared_theirs,
            adjourned,
            costs,
            withdrawn,
            sequence: _,
            document,
        } = hearing;
        let NewHearing {
            on_date,
            starts_at,
            bench,
            court_hall,
            item,
            list_type,
            stage,
            purpose,
            outcome,
            note,
            source_kind,
            source,
            quote,
        } = known;
        let (adjourned_by, adjourned_reason, adjourned_words) = match adjourned {
            Some(adjourned) => put_off(adjourned),
            None => (None, None, None),
        };
        let (source_page, source_quote) = match source {
            Some(Source { version: _, page, quote }) => (page, quote),
            None => (None, quote),
        };
        let (withdrawn_at, withdrawn_reason) = match withdrawn {
            Some(Withdrawn { at, reason }) => (Some(at), Some(reason)),
            None => (None, None),
        };
        Self {
            id,
            case_id,
            case_title,
            case_number,
            court,
            on_date,
            starts_at: starts_at.map(|time| time.format("%H:%M").to_string()),
            bench,
            court_hall,
            item,
            list_type,
            stage,
            purpose,
            outcome,
            mentioned,
            appeared_ours,
            appeared_theirs,
            adjourned_by,
            adjourned_reason,
            adjourned_words,
            costs_paise: costs.map(|costs| costs.0),
            note,
            source_kind,
            source_document_id: document.map(|(document, _)| document),
            source_page,
            source_quote,
            previous_id: previous,
            withdrawn_at,
            withdrawn_reason,
        }
    }
}

fn put_off(adjourned: Adjourned) -> (Option<AdjournedBy>, Option<String>, Option<String>) {
    let Adjourned { by, reason, words } = adjourned;
    let said = [reason.as_deref().map(reason_words), words.as_deref()];
    let said: Vec<&str> = said.into_iter().flatten().collect();
    let said = if said.is_empty() { None } else { Some(said.join(": ")) };
    (Some(by), reason, said)
}

/// That a hearing was moved.
#[derive(Serialize, ToSchema)]
#[schema(as = HearingChange)]
pub(super) struct ChangeView {
    /// The hearing.
    hearing_id: HearingId,
    /// The day it was on.
    from: NaiveDate,
    /// The day it was moved to.
    to: NaiveDate,
    /// Why.
    reason: Option<String>,
    /// How the new day is known.
    source_kind: SourceKind,
    /// The words it is known from.
    quote: Option<String>,
    /// Who entered it.
    by: String,
    /// When.
    at: DateTime<Utc>,
}

impl From<Change> for ChangeView {
    fn from(change: Change) -> Self {
        let Change { hearing, from, to, reason, source_kind, quote, by, at } = change;
        Self { hearing_id: hearing, from, to, reason, source_kind, quote, by, at }
    }
}

/// Something wrong with the dates of a case.
#[derive(Serialize, ToSchema)]
#[schema(as = HearingWarning)]
pub(super) struct WarningView {
    /// What kind it is.
    kind: WarningKind,
    /// The case.
    case_id: CaseId,
    /// The case's title.
    case_title: String,
    /// The hearing, where it is about one.
    hearing_id: Option<HearingId>,
    /// The day, where it is about one.
    day: Option<NaiveDate>,
    /// In words.
    words: String,
}

impl From<Warning> for WarningView {
    fn from(warning: Warning) -> Self {
        let Warning { kind, case_id, case_title, hearing, day, words } = warning;
        Self { kind, case_id, case_title, hearing_id: hearing, day, words }
    }
}

/// What was entered.
#[derive(Serialize, ToSchema)]
#[schema(as = HearingEntered)]
pub(super) struct Entered {
    /// Its id.
    pub(super) id: uuid::Uuid,
}

/// A time of day, as `HH:MM`.
pub(super) fn time(text: Option<&str>) -> Result<Option<NaiveTime>, Problem> {
    let read = |text| NaiveTime::parse_from_str(text, "%H:%M");
    text.map(read)
        .transpose()
        .map_err(|_| Problem::shown(Code::BadRequest, "write the time as `HH:MM`, such as `10:30`"))
}

/// The page of a document that something is taken from.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = HearingSource)]
pub(super) struct SourceBody {
    /// The version that was read.
    version: crate::kernel::VersionId,
    /// The page, from 1.
    page: Option<u32>,
    /// Its words.
    #[schema(max_length = 2000)]
    quote: Option<String>,
}

impl From<SourceBody> for Source {
    fn from(source: SourceBody) -> Self {
        let SourceBody { version, page, quote } = source;
        Self { version, page, quote }
    }
}
