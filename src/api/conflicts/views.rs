//! Checks on the wire.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use crate::conflicts::{Check, CheckRow, Decided, Decision, Hit};
use crate::kernel::{CaseId, ClientId, ConflictCheckId, UserId};

/// A name that was looked for.
#[derive(Serialize, ToSchema)]
struct CheckedName {
    /// The name.
    name: String,
    /// Whether the chamber would act for them.
    ours: bool,
}

/// A conflict check in a list.
#[derive(Serialize, ToSchema)]
#[schema(as = ConflictCheckLine)]
pub(super) struct CheckLine {
    /// Its id.
    id: ConflictCheckId,
    /// The names that were looked for.
    names: Vec<CheckedName>,
    /// The case it is for.
    case_id: Option<CaseId>,
    /// Its title.
    case_title: Option<String>,
    /// The client it is for.
    client_id: Option<ClientId>,
    /// How that is called.
    client_name: Option<String>,
    /// Why it was made: `asked`, `client` or `party`.
    occasion: &'static str,
    /// Who asked.
    asked_by: UserId,
    /// How they are called.
    asked_by_name: String,
    /// When.
    asked_at: DateTime<Utc>,
    /// Whether counsel of other sides were looked among.
    with_counsel: bool,
    /// Whether an admin confirms it.
    to_confirm: bool,
    /// How many matches the caller may know of; those in what is not open count as one.
    possible: usize,
    /// Whether it waits for a decision.
    undecided: bool,
    /// What was decided last.
    decided: Option<DecisionView>,
}

/// A decision on a check.
#[derive(Serialize, ToSchema)]
#[schema(as = ConflictDecided)]
struct DecisionView {
    /// What was decided.
    decision: Decision,
    /// Why.
    reason: String,
    /// By whom.
    by: String,
    /// When.
    at: DateTime<Utc>,
}

/// A match.
#[derive(Serialize, ToSchema)]
#[schema(as = ConflictHit)]
struct HitView {
    /// Which of the names that were looked for, from 0.
    asked: usize,
    /// How alike they are, in thousandths.
    score: i64,
    /// Why, a sentence each.
    reasons: Vec<String>,
    /// The known name.
    name: String,
    /// Where it was read: `client`, `contact`, `party`, `counsel` or `check`.
    source: &'static str,
    /// What they were in the case, or are at the client.
    role: Option<String>,
    /// Whether the chamber acted for them.
    ours: bool,
    /// The case.
    case_id: Option<CaseId>,
    /// Its title.
    case_title: Option<String>,
    /// Whether the case is closed.
    case_closed: bool,
    /// The client.
    client_id: Option<ClientId>,
    /// How that is called.
    client_name: Option<String>,
    /// The earlier check.
    check_id: Option<ConflictCheckId>,
    /// Since when it is known.
    since: Option<NaiveDate>,
}

/// A conflict check.
#[derive(Serialize, ToSchema)]
#[schema(as = ConflictCheck)]
pub(super) struct CheckView {
    /// The check.
    #[serde(flatten)]
    line: CheckLine,
    /// The matches in what is open to the caller, the most alike first.
    hits: Vec<HitView>,
    /// Whether there are matches in what is not open to them; an admin may be asked.
    closed: bool,
    /// Whether the caller may decide.
    may_decide: bool,
    /// Every decision, the newest first.
    decisions: Vec<DecisionView>,
}

impl From<CheckRow> for CheckLine {
    fn from(row: CheckRow) -> Self {
        let undecided = row.is_undecided();
        let CheckRow {
            id,
            names,
            case,
            client,
            occasion,
            asked_by: (asked_by, asked_by_name),
            asked_at,
            with_counsel,
            to_confirm,
            possible,
            decided,
        } = row;
        let (case_id, case_title) = case.unzip();
        let (client_id, client_name) = client.unzip();
        Self {
            id,
            names: names.into_iter().map(|(name, ours)| CheckedName { name, ours }).collect(),
            case_id,
            case_title,
            client_id,
            client_name,
            occasion: occasion.as_str(),
            asked_by,
            asked_by_name,
            asked_at,
            with_counsel,
            to_confirm,
            possible,
            undecided,
            decided: decided.map(DecisionView::from),
        }
    }
}

impl From<Decided> for DecisionView {
    fn from(decided: Decided) -> Self {
        let Decided { decision, reason, by, at } = decided;
        Self { decision, reason, by, at }
    }
}

impl From<Hit> for HitView {
    fn from(hit: Hit) -> Self {
        let Hit {
            ordinal,
            score,
            reasons,
            name,
            source,
            role,
            ours,
            case,
            client,
            check,
            since,
            is_closed,
        } = hit;
        let (case_id, case_title) = case.unzip();
        let (client_id, client_name) = client.unzip();
        Self {
            asked: ordinal,
            score,
            reasons,
            name,
            source: source.as_str(),
            role,
            ours,
            case_id,
            case_title,
            case_closed: is_closed,
            client_id,
            client_name,
            check_id: check,
            since,
        }
    }
}

impl From<Check> for CheckView {
    fn from(check: Check) -> Self {
        let Check { row, hits, closed, may_decide, decisions } = check;
        Self {
            line: row.into(),
            hits: hits.into_iter().map(HitView::from).collect(),
            closed,
            may_decide,
            decisions: decisions.into_iter().map(DecisionView::from).collect(),
        }
    }
}
