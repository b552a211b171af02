//! The record: who did what.

use std::fmt::Write;

use axum::body::Body;
use axum::extract::State;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::IntoResponse;
use chrono::{DateTime, Days, NaiveDate, NaiveTime, Utc};
use futures_util::stream;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::caller::May;
use super::extract::{Json, Query};
use super::problem::{Code, Problem};
use crate::app::App;
use crate::audit::{Audit, Entry, Filter, Verdict, words};
use crate::kernel::permission::permit::ReadRecord;
use crate::kernel::{CaseId, DocumentId, Scope, UserId};

/// How many rows a list holds unless told otherwise.
const USUAL: i64 = 100;
/// How many rows a list holds at most, and an export reads at once.
const MOST: i64 = 500;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::default()
        .routes(routes!(list_audit_entries))
        .routes(routes!(export_audit_csv))
        .routes(routes!(export_audit_jsonl))
        .routes(routes!(verify_audit))
}

/// Which rows are wanted.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct AuditQuery {
    /// By this person.
    #[param(value_type = Option<Uuid>)]
    user: Option<UserId>,
    /// An action such as `document.view`, or the noun a group of actions begins with,
    /// such as `document`.
    action: Option<String>,
    /// In this case.
    #[param(value_type = Option<Uuid>)]
    case: Option<CaseId>,
    /// To this document.
    #[param(value_type = Option<Uuid>)]
    document: Option<DocumentId>,
    /// From an address or network that begins so.
    address: Option<String>,
    /// The first day, in UTC.
    from: Option<NaiveDate>,
    /// The last day, in UTC.
    to: Option<NaiveDate>,
    /// Before the row of this number: the last one of the page before.
    before: Option<i64>,
    /// How many, 1 to 500.
    #[param(minimum = 1, maximum = 500, default = 100)]
    limit: Option<i64>,
}

impl AuditQuery {
    fn filter(self) -> Result<Filter, Problem> {
        let Self { user, action, case, document, address, from, to, before, limit } = self;
        let limit = limit.unwrap_or(USUAL);
        if !(1..=MOST).contains(&limit) {
            return Err(Problem::shown(Code::BadRequest, "`limit` must be from 1 to 500"));
        }
        if action.iter().chain(&address).any(|text| text.contains('\0')) {
            return Err(Problem::shown(Code::BadRequest, "a filter holds a null character"));
        }
        let (from, until) = days(from, to);
        Ok(Filter { user, action, case, document, address, from, until, before, limit })
    }
}

/// Days as the times the first begins and the last ends.
pub(crate) fn days(
    from: Option<NaiveDate>,
    to: Option<NaiveDate>,
) -> (Option<DateTime<Utc>>, Option<DateTime<Utc>>) {
    let begins = |day: NaiveDate| day.and_time(NaiveTime::MIN).and_utc();
    let after = to.and_then(|day| day.checked_add_days(Days::new(1)));
    (from.map(begins), after.map(begins))
}

/// One row of the record.
#[derive(Serialize, ToSchema)]
struct AuditEntry {
    /// Its place in the record, from 1.
    number: i64,
    /// When it was done.
    at: DateTime<Utc>,
    /// By whom; nobody for the service itself.
    user_id: Option<UserId>,
    /// What.
    #[schema(example = "document.view")]
    action: String,
    /// What, in words.
    #[schema(example = "opened a document")]
    words: String,
    /// The particulars.
    #[schema(value_type = Object)]
    details: Value,
    /// From which address or network.
    #[schema(example = "203.0.113.0/24")]
    address: Option<String>,
    /// In which request: the `x-request-id` of its answer.
    request_id: Option<Uuid>,
}

impl From<Entry> for AuditEntry {
    fn from(entry: Entry) -> Self {
        let Entry { number, at, user_id, action, details, address, request_id, .. } = entry;
        Self { number, at, user_id, words: words(&action), action, details, address, request_id }
    }
}

/// List who did what
///
/// The rows that pass the filter, newest first; the next page begins before the last
/// row's number. For admins.
#[utoipa::path(get, path = "/api/v1/audit", tag = "admin", params(AuditQuery),
    responses((status = 200, description = "The rows.", body = [AuditEntry]), Problem))]
async fn list_audit_entries(
    State(app): State<App>,
    May(caller, ..): May<ReadRecord>,
    Query(query): Query<AuditQuery>,
) -> Result<Json<Vec<AuditEntry>>, Problem> {
    let entries = app.audit.list(&caller.scope, &query.filter()?).await?;
    Ok(Json(entries.into_iter().map(AuditEntry::from).collect()))
}

/// Download who did what as CSV
///
/// Every row that passes the filter, newest first. The download is recorded. For admins.
#[utoipa::path(get, path = "/api/v1/audit.csv", tag = "admin", params(AuditQuery),
    responses((status = 200, description = "The rows.", body = String,
               content_type = "text/csv"), Problem))]
async fn export_audit_csv(
    State(app): State<App>,
    May(caller, ..): May<ReadRecord>,
    Query(query): Query<AuditQuery>,
) -> Result<impl IntoResponse, Problem> {
    let head = "number,at,user_id,action,address,request_id,details\n";
    export(app.audit, caller.scope, query, ("csv", "text/csv; charset=utf-8"), head, csv_line).await
}

/// Download who did what as JSON lines
///
/// Every row that passes the filter, newest first. The download is recorded. For admins.
#[utoipa::path(get, path = "/api/v1/audit.jsonl", tag = "admin", params(AuditQuery),
    responses((status = 200, description = "One row a line.", body = String,
               content_type = "application/jsonl"), Problem))]
async fn export_audit_jsonl(
    State(app): State<App>,
    May(caller, ..): May<ReadRecord>,
    Query(query): Query<AuditQuery>,
) -> Result<impl IntoResponse, Problem> {
    let kind = ("jsonl", "application/jsonl; charset=utf-8");
    export(app.audit, caller.scope, query, kind, "", json_line).await
}

/// Streams the rows, a few hundred at a time.
async fn export(
    audit: Audit,
    scope: Scope,
    query: AuditQuery,
    (ending, mime): (&'static str, &'static str),
    head: &'static str,
    line: fn(Entry) -> String,
) -> Result<impl IntoResponse, Problem> {
    let filter = Filter { limit: MOST, ..query.filter()? };
    let details = json!({ "format": ending, "user": filter.user, "action": filter.action,
                          "case": filter.case, "document": filter.document });
    audit.acted(&scope, "record.export", details).await?;
    let rows = stream::try_unfold(Some(filter), move |filter| {
        let (audit, scope) = (audit.clone(), scope.clone());
        async move {
            let Some(filter) = filter else { return Ok(None) };
            let rows = audit.list(&scope, &filter).await?;
            let before = rows.last().map(|row| row.number);
            let text: String = rows.into_iter().map(line).collect();
            let next = before.map(|before| Filter { before: Some(before), ..filter });
            Ok::<_, crate::db::DbError>(Some((text, next)))
        }
    });
    let head = stream::once(async move { Ok(head.to_owned()) });
    let body = Body::from_stream(futures_util::StreamExt::chain(head, rows));
    let name = format!("attachment; filename=\"record.{ending}\"");
    Ok(([(CONTENT_TYPE, mime.to_owned()), (CONTENT_DISPOSITION, name)], body))
}

fn csv_line(entry: Entry) -> String {
    let AuditEntry { number, at, user_id, action, address, request_id, details, .. } =
        AuditEntry::from(entry);
    let user = user_id.map(|id| id.to_string()).unwrap_or_default();
    let request = request_id.map(|id| id.to_string()).unwrap_or_default();
    let mut line = format!("{number},{},{user},{action}", at.to_rfc3339());
    for cell in [address.unwrap_or_default(), request, details.to_string()] {
        // A spreadsheet takes what begins so for a formula.
        let guard = if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) { "'" } else { "" };
        let _ = write!(line, ",\"{guard}{}\"", cell.replace('"', "\"\""));
    }
    line + "\n"
}

fn json_line(entry: Entry) -> String {
    serde_json::to_string(&AuditEntry::from(entry)).unwrap_or_default() + "\n"
}

/// What a walk over the record found.
#[derive(Serialize, ToSchema)]
struct AuditVerdict {
    /// Whether every row is the one that was written, and none is missing.
    whole: bool,
    /// How many rows are there.
    rows: i64,
    /// How many older rows were removed after their time.
    removed: i64,
    /// How many rows are from before the record had a key.
    unkeyed: i64,
    /// The last row that fits, as `NUMBER:HASH`, to be noted elsewhere.
    #[schema(example = "12:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08")]
    last: String,
    /// What is wrong, in words.
    finding: Option<String>,
}

impl From<Verdict> for AuditVerdict {
    fn from(verdict: Verdict) -> Self {
        let Verdict { rows, unkeyed, removed, last: (number, hash), finding } = verdict;
        let finding = finding.map(|finding| finding.to_string());
        let last = format!("{number}:{hash}");
        Self { whole: finding.is_none(), rows, removed, unkeyed, last, finding }
    }
}

/// Check the record
///
/// Walks it from the first row to its sealed end. For admins.
#[utoipa::path(post, path = "/api/v1/audit/verify", tag = "admin",
    responses((status = 200, description = "What was found.", body = AuditVerdict), Problem))]
async fn verify_audit(
    State(app): State<App>,
    May(caller, ..): May<ReadRecord>,
) -> Result<Json<AuditVerdict>, Problem> {
    Ok(Json(app.audit.verify(caller.scope.organisation(), None).await?.into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_day_is_whole() {
        let day = NaiveDate::from_ymd_opt(2026, 2, 28);
        let (from, until) = days(day, day);
        assert_eq!((until.unwrap() - from.unwrap()).num_hours(), 24);
    }
}
