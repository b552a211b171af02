//! Every statement that is run for proposals.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{Kind, NewProposal, Proposal, Sourced, Status, Which, may_decide};
use crate::db::{DbError, Sql, Tx};
use crate::kernel::{CaseId, DocumentId, MessageId, ProposalId, Scope, UserId};
use crate::statement;

macro_rules! proposals {
    () => {
        "SELECT p.id, p.case_id, c.title AS case_title, p.kind, p.title, p.on_date, p.doubt,
             p.computed, p.minutes, p.message_id, d.id AS document_id, d.title AS document_title,
             v.number AS version, p.source_page, p.source_quote, p.status,
             p.proposed_by AS proposer, w.name AS proposed_by, p.proposed_at,
             (SELECT u.name FROM users u WHERE u.id = p.decided_by) AS decided_by,
             p.decided_at, p.reason, p.became_id,
             CASE p.kind
                 WHEN 'hearing' THEN (SELECT COUNT(*) FROM hearings h
                     WHERE h.case_id = p.case_id AND h.on_date = p.on_date
                       AND h.withdrawn_at IS NULL)
                 WHEN 'time' THEN (SELECT COUNT(*) FROM time_entries t
                     WHERE t.case_id = p.case_id AND t.user_id = p.proposed_by
                       AND t.worked_on = p.on_date AND t.minutes = p.minutes)
                 ELSE (SELECT COUNT(*) FROM tasks t
                     WHERE t.case_id = p.case_id AND t.due_on = p.on_date
                       AND lower(t.title) = lower(p.title))
             END AS duplicates
         FROM proposals p
         JOIN cases c ON c.id = p.case_id
         JOIN users w ON w.id = p.proposed_by
         LEFT JOIN versions v ON v.id = p.source_version_id
         LEFT JOIN documents d ON d.id = v.document_id
         WHERE p.organisation_id = $1
           AND ($2 OR EXISTS (SELECT 1 FROM open_cases m
                              WHERE m.case_id = p.case_id AND m.user_id = $3))"
    };
}

/// Binds what every read of proposals needs: `$1` to `$3`.
fn seen_by(sql: Sql, scope: &Scope) -> Sql {
    sql.bind(scope.organisation()).bind(scope.sees_all()).bind(scope.user())
}

#[derive(sqlx::FromRow)]
struct Row {
    id: ProposalId,
    case_id: CaseId,
    case_title: String,
    kind: String,
    title: String,
    on_date: Option<String>,
    doubt: Option<String>,
    computed: Option<String>,
    minutes: Option<i64>,
    message_id: Option<MessageId>,
    document_id: Option<DocumentId>,
    document_title: Option<String>,
    version: Option<i64>,
    source_page: Option<i64>,
    source_quote: Option<String>,
    status: String,
    proposer: UserId,
    proposed_by: String,
    proposed_at: DateTime<Utc>,
    decided_by: Option<String>,
    decided_at: Option<DateTime<Utc>>,
    reason: Option<String>,
    became_id: Option<Uuid>,
    duplicates: i64,
}

fn told(scope: &Scope, row: Row) -> Result<Proposal, DbError> {
    let wrong = |column| move |value| DbError::Inconsistent { table: "proposals", column, value };
    let kind: Kind = row.kind.parse().map_err(wrong("kind"))?;
    let status: Status = row.status.parse().map_err(wrong("status"))?;
    let source = match (row.document_id, row.document_title, row.version, row.source_quote) {
        (Some(document_id), Some(title), Some(version), Some(quote)) => {
            let page = u32::try_from(row.source_page.unwrap_or(1)).unwrap_or(1);
            Some(Sourced { document_id, title, version, page, quote })
        }
        _ => None,
    };
    Ok(Proposal {
        id: row.id,
        case_id: row.case_id,
        case_title: row.case_title,
        kind,
        title: row.title,
        on: row.on_date,
        doubt: row.doubt,
        computed: row.computed,
        minutes: row.minutes,
        message_id: row.message_id,
        source,
        status,
        proposed_by: row.proposed_by,
        proposed_at: row.proposed_at,
        decided_by: row.decided_by,
        decided_at: row.decided_at,
        reason: row.reason,
        became_id: row.became_id,
        is_duplicate: status == Status::Open && row.duplicates > 0,
        may_decide: status == Status::Open && may_decide(scope, row.case_id, kind, row.proposer),
    })
}

pub(super) async fn find(
    tx: &mut Tx,
    scope: &Scope,
    id: ProposalId,
) -> Result<Option<Proposal>, DbError> {
    let select = statement!(concat!(proposals!(), " AND p.id = $4"));
    let row = tx.optional::<Row>(seen_by(select, scope).bind(id)).await?;
    row.map(|row| told(scope, row)).transpose()
}

pub(super) async fn list(
    tx: &mut Tx,
    scope: &Scope,
    which: Which,
) -> Result<Vec<Proposal>, DbError> {
    let select = seen_by(statement!(proposals!()), scope)
        .and_if("p.case_id =", which.case)
        .and_if("p.message_id =", which.message)
        .and_if("p.status =", which.status.map(Status::as_str))
        .then(
            " ORDER BY CASE p.status WHEN 'open' THEN 0 ELSE 1 END, p.proposed_at DESC, p.id
              LIMIT 500",
        );
    let rows = tx.all::<Row>(select).await?;
    rows.into_iter().map(|row| told(scope, row)).collect()
}

#[derive(sqlx::FromRow)]
struct Known {
    id: ProposalId,
}

/// The proposal that says the same in the same answer; of what rules read off a document,
/// the one that they made of the same words in any answer or in none.
pub(super) async fn same(
    tx: &mut Tx,
    scope: &Scope,
    new: &NewProposal,
) -> Result<Option<ProposalId>, DbError> {
    let select = statement!(
        "SELECT p.id FROM proposals p
         WHERE p.organisation_id = $1 AND p.case_id = $2 AND p.kind = $3
           AND p.on_date IS NOT DISTINCT FROM $4
           AND p.source_version_id IS NOT DISTINCT FROM $5
           AND p.source_page IS NOT DISTINCT FROM $6
           AND p.source_quote IS NOT DISTINCT FROM $7
           AND (($8 AND p.computed IS NOT NULL)
                OR (p.title = $9 AND p.message_id IS NOT DISTINCT FROM $10))
         ORDER BY p.proposed_at, p.id LIMIT 1"
    );
    let source = new.source.as_ref();
    let select = select
        .bind(scope.organisation())
        .bind(new.case)
        .bind(new.kind.as_str())
        .bind(new.on.map(|day| day.to_string()))
        .bind(source.map(|source| source.version))
        .bind(source.map(|source| source.page))
        .bind(source.map(|source| source.quote.clone()))
        .bind(source.is_some() && new.computed.is_some())
        .bind(new.title.as_str())
        .bind(new.message);
    Ok(tx.optional::<Known>(select).await?.map(|known| known.id))
}

pub(super) async fn insert(
    tx: &mut Tx,
    scope: &Scope,
    id: ProposalId,
    new: &NewProposal,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    let source = new.source.as_ref();
    let insert = statement!(
        "INSERT INTO proposals
             (id, organisation_id, case_id, kind, title, on_date, doubt, computed, minutes,
              message_id, source_version_id, source_page, source_quote, proposed_by, proposed_at,
              status)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, 'open')"
    )
    .bind(id)
    .bind(scope.organisation())
    .bind(new.case)
    .bind(new.kind.as_str())
    .bind(new.title.as_str())
    .bind(new.on.map(|day| day.to_string()))
    .bind(new.doubt.clone())
    .bind(new.computed.clone())
    .bind(new.minutes)
    .bind(new.message)
    .bind(source.map(|source| source.version))
    .bind(source.map(|source| source.page))
    .bind(source.map(|source| source.quote.clone()))
    .bind(scope.user())
    .bind(now);
    tx.execute(insert).await.map(drop)
}

#[derive(sqlx::FromRow)]
struct Count {
    count: i64,
}

/// How many proposals an answer has made.
pub(super) async fn count_of(tx: &mut Tx, message: MessageId) -> Result<i64, DbError> {
    let select = statement!("SELECT COUNT(*) AS count FROM proposals WHERE message_id = $1");
    Ok(tx.one::<Count>(select.bind(message)).await?.count)
}

/// A decision about a proposal.
pub(super) struct Decision<'a> {
    pub(super) status: Status,
    pub(super) title: &'a str,
    pub(super) on: Option<&'a str>,
    pub(super) reason: Option<&'a str>,
}

/// Decides on a proposal that waits; none is changed that does not.
pub(super) async fn decide(
    tx: &mut Tx,
    scope: &Scope,
    id: ProposalId,
    decision: Decision<'_>,
    now: DateTime<Utc>,
) -> Result<bool, DbError> {
    let update = statement!(
        "UPDATE proposals SET status = $2, title = $3, on_date = $4, reason = $5, decided_by = $6,
             decided_at = $7
         WHERE id = $1 AND status = 'open'"
    )
    .bind(id)
    .bind(decision.status.as_str())
    .bind(decision.title)
    .bind(decision.on.map(str::to_owned))
    .bind(decision.reason.map(str::to_owned))
    .bind(scope.user())
    .bind(now);
    Ok(tx.execute(update).await? == 1)
}

/// Says what a proposal became.
pub(super) async fn became(tx: &mut Tx, id: ProposalId, became: Uuid) -> Result<(), DbError> {
    let update = statement!("UPDATE proposals SET became_id = $2 WHERE id = $1");
    tx.execute(update.bind(id).bind(became)).await.map(drop)
}

#[derive(sqlx::FromRow)]
struct SourceRow {
    version_id: Option<crate::kernel::VersionId>,
    page: Option<i64>,
    quote: Option<String>,
}

/// Where a proposal's words stand, as what it becomes keeps it.
pub(super) async fn source_of(
    tx: &mut Tx,
    id: ProposalId,
) -> Result<Option<crate::cases::Source>, DbError> {
    let select = statement!(
        "SELECT source_version_id AS version_id, source_page AS page, source_quote AS quote
         FROM proposals WHERE id = $1"
    );
    let row = tx.one::<SourceRow>(select.bind(id)).await?;
    Ok(row.version_id.map(|version| crate::cases::Source {
        version,
        page: row.page.and_then(|page| u32::try_from(page).ok()),
        quote: row.quote,
    }))
}
