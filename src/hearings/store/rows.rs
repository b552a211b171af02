//! A row of a hearing and what it means.

use chrono::{DateTime, NaiveTime, Utc};

use super::super::{Adjourned, Hearing, NewHearing, SourceKind, Withdrawn};
use super::day;
use crate::cases::Source;
use crate::db::DbError;
use crate::kernel::{CaseId, DocumentId, HearingId, Paise, VersionId};

const TABLE: &str = "hearings";

#[derive(sqlx::FromRow)]
pub(super) struct HearingRow {
    id: HearingId,
    case_id: CaseId,
    case_title: String,
    case_number: Option<String>,
    court: Option<String>,
    on_date: String,
    starts_at: Option<String>,
    bench: Option<String>,
    court_hall: Option<String>,
    item: Option<String>,
    list_type: Option<String>,
    stage: Option<String>,
    purpose: Option<String>,
    outcome: Option<String>,
    note: Option<String>,
    source_kind: String,
    source_version_id: Option<VersionId>,
    source_page: Option<i64>,
    source_quote: Option<String>,
    previous_id: Option<HearingId>,
    mentioned: bool,
    appeared_ours: Option<String>,
    appeared_theirs: Option<String>,
    adjourned_by: Option<String>,
    adjourned_reason: Option<String>,
    adjourned_words: Option<String>,
    costs_paise: Option<i64>,
    withdrawn_at: Option<DateTime<Utc>>,
    withdrawn_reason: Option<String>,
    sequence: i64,
    source_document_id: Option<DocumentId>,
    source_number: Option<i64>,
}

/// Reads a stored word.
pub(super) fn word<T: std::str::FromStr<Err = String>>(
    table: &'static str,
    column: &'static str,
    text: &str,
) -> Result<T, DbError> {
    text.parse().map_err(|value| DbError::Inconsistent { table, column, value })
}

fn some_word<T: std::str::FromStr<Err = String>>(
    column: &'static str,
    text: Option<&str>,
) -> Result<Option<T>, DbError> {
    text.map(|text| word(TABLE, column, text)).transpose()
}

/// Reads a stored source.
pub(super) fn source(
    version: Option<VersionId>,
    page: Option<i64>,
    quote: Option<&String>,
) -> Option<Source> {
    let page = page.and_then(|page| u32::try_from(page).ok());
    version.map(|version| Source { version, page, quote: quote.cloned() })
}

impl HearingRow {
    pub(super) fn hearing(self) -> Result<Hearing, DbError> {
        let source_kind: SourceKind = word(TABLE, "source_kind", &self.source_kind)?;
        let source = source(self.source_version_id, self.source_page, self.source_quote.as_ref());
        let quote = if source.is_some() { None } else { self.source_quote };
        let starts_at = self.starts_at.map(|text| {
            let unread = |_| DbError::Inconsistent {
                table: TABLE,
                column: "starts_at",
                value: text.clone(),
            };
            NaiveTime::parse_from_str(&text, "%H:%M").map_err(unread)
        });
        let known = NewHearing {
            on_date: day(TABLE, "on_date", &self.on_date)?,
            starts_at: starts_at.transpose()?,
            bench: self.bench,
            court_hall: self.court_hall,
            item: self.item,
            list_type: some_word("list_type", self.list_type.as_deref())?,
            stage: self.stage,
            purpose: self.purpose,
            outcome: some_word("outcome", self.outcome.as_deref())?,
            note: self.note,
            source_kind,
            source,
            quote,
        };
        let by = some_word("adjourned_by", self.adjourned_by.as_deref())?;
        let (reason, words) = (self.adjourned_reason, self.adjourned_words);
        let withdrawn = self
            .withdrawn_at
            .map(|at| Withdrawn { at, reason: self.withdrawn_reason.unwrap_or_default() });
        Ok(Hearing {
            id: self.id,
            case_id: self.case_id,
            case_title: self.case_title,
            case_number: self.case_number,
            court: self.court,
            known,
            previous: self.previous_id,
            mentioned: self.mentioned,
            appeared_ours: self.appeared_ours,
            appeared_theirs: self.appeared_theirs,
            adjourned: by.map(|by| Adjourned { by, reason, words }),
            costs: self.costs_paise.map(Paise),
            withdrawn,
            sequence: self.sequence,
            document: self.source_document_id.zip(self.source_number),
        })
    }
}
