//! Holds, consent, retention and exports.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::super::holds::Column;
use super::super::{Consent, Export, Given, Hold, On, Rule, Wording};
use crate::db::{DbError, Tx};
use crate::kernel::{
    CaseId, ClientId, ConsentId, ExportId, HoldId, OrganisationId, Scope, UserId, WordingId,
};
use crate::statement;

#[derive(sqlx::FromRow)]
struct Reason {
    reason: String,
}

#[derive(sqlx::FromRow)]
struct Count {
    count: i64,
}

#[derive(sqlx::FromRow)]
struct Client {
    client_id: ClientId,
}

pub(in crate::privacy) async fn insert_hold(
    tx: &mut Tx,
    id: HoldId,
    scope: &Scope,
    on: On,
    reason: &str,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    let (client, case) = match on {
        On::Case(case) => (None, Some(case)),
        On::Client(client) => (Some(client), None),
    };
    let insert = statement!(
        "INSERT INTO legal_holds
             (id, organisation_id, client_id, case_id, reason, placed_by, placed_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)"
    )
    .bind(id)
    .bind(scope.organisation())
    .bind(client)
    .bind(case)
    .bind(reason)
    .bind(scope.user())
    .bind(now);
    tx.execute(insert).await.map(drop)
}

pub(in crate::privacy) async fn lift_hold(
    tx: &mut Tx,
    id: HoldId,
    scope: &Scope,
    reason: &str,
    now: DateTime<Utc>,
) -> Result<u64, DbError> {
    let update = statement!(
        "UPDATE legal_holds SET lifted_by = $3, lifted_at = $4, lifted_reason = $5
         WHERE id = $1 AND organisation_id = $2 AND lifted_at IS NULL
           AND (case_id IN (SELECT o.case_id FROM open_cases o WHERE o.user_id = $3)
                OR client_id IN (SELECT k.client_id FROM known_clients k WHERE k.user_id = $3))"
    )
    .bind(id)
    .bind(scope.organisation())
    .bind(scope.user())
    .bind(now)
    .bind(reason);
    tx.execute(update).await
}

pub(in crate::privacy) async fn holds(tx: &mut Tx, scope: &Scope) -> Result<Vec<Hold>, DbError> {
    let select = statement!(
        "SELECT h.id, h.client_id, h.case_id, coalesce(c.title, k.name) AS name, h.reason,
             h.placed_by, h.placed_at, h.lifted_at, h.lifted_reason
         FROM legal_holds h
         LEFT JOIN cases c ON c.id = h.case_id
         LEFT JOIN clients k ON k.id = h.client_id
         WHERE h.organisation_id = $1
           AND (h.case_id IN (SELECT o.case_id FROM open_cases o WHERE o.user_id = $2)
                OR h.client_id IN (SELECT n.client_id FROM known_clients n WHERE n.user_id = $2))
         ORDER BY h.lifted_at IS NOT NULL, h.placed_at DESC, h.id LIMIT 1000"
    );
    tx.all(select.bind(scope.organisation()).bind(scope.user())).await
}

/// The reason of a hold that stands on a row.
pub(in crate::privacy) async fn hold_on(
    tx: &mut Tx,
    column: Column,
    id: Uuid,
) -> Result<Option<String>, DbError> {
    let select = match column {
        Column::Client => statement!(
            "SELECT reason FROM legal_holds WHERE lifted_at IS NULL AND client_id = $1
             ORDER BY placed_at, id LIMIT 1"
        ),
        Column::Case => statement!(
            "SELECT h.reason FROM legal_holds h JOIN cases c ON c.id = $1
             WHERE h.lifted_at IS NULL AND (h.case_id = c.id OR h.client_id = c.client_id)
             ORDER BY h.placed_at, h.id LIMIT 1"
        ),
        Column::Document => statement!(
            "SELECT h.reason FROM legal_holds h
             JOIN documents d ON d.id = $1 JOIN cases c ON c.id = d.case_id
             WHERE h.lifted_at IS NULL AND (h.case_id = c.id OR h.client_id = c.client_id)
             ORDER BY h.placed_at, h.id LIMIT 1"
        ),
    };
    Ok(tx.optional::<Reason>(select.bind(id)).await?.map(|row| row.reason))
}

pub(in crate::privacy) async fn insert_wording(
    tx: &mut Tx,
    id: WordingId,
    scope: &Scope,
    language: &str,
    text: &str,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    let insert = statement!(
        "INSERT INTO consent_wordings
             (id, organisation_id, language, number, text, created_by, valid_from)
         VALUES ($1, $2, $3,
             (SELECT coalesce(MAX(w.number), 0) + 1 FROM consent_wordings w
              WHERE w.organisation_id = $2 AND w.language = $3),
             $4, $5, $6)"
    )
    .bind(id)
    .bind(scope.organisation())
    .bind(language)
    .bind(text)
    .bind(scope.user())
    .bind(now);
    tx.execute(insert).await.map(drop)
}

pub(in crate::privacy) async fn wordings(
    tx: &mut Tx,
    organisation: OrganisationId,
) -> Result<Vec<Wording>, DbError> {
    let select = statement!(
        "SELECT id, language, number, text, valid_from FROM consent_wordings
         WHERE organisation_id = $1 ORDER BY valid_from DESC, id DESC LIMIT 500"
    );
    tx.all(select.bind(organisation)).await
}

pub(in crate::privacy) async fn newest_wordings(
    tx: &mut Tx,
    organisation: OrganisationId,
) -> Result<Vec<Wording>, DbError> {
    let select = statement!(
        "SELECT w.id, w.language, w.number, w.text, w.valid_from FROM consent_wordings w
         WHERE w.organisation_id = $1
           AND w.number = (SELECT MAX(o.number) FROM consent_wordings o
                           WHERE o.organisation_id = $1 AND o.language = w.language)
         ORDER BY w.language, w.id LIMIT 100"
    );
    tx.all(select.bind(organisation)).await
}

pub(in crate::privacy) async fn wording_is_known(
    tx: &mut Tx,
    scope: &Scope,
    id: WordingId,
) -> Result<bool, DbError> {
    let select = statement!(
        "SELECT COUNT(*) AS count FROM consent_wordings WHERE id = $1 AND organisation_id = $2"
    );
    Ok(tx.one::<Count>(select.bind(id).bind(scope.organisation())).await?.count > 0)
}

pub(in crate::privacy) async fn insert_consent(
    tx: &mut Tx,
    id: ConsentId,
    scope: &Scope,
    given: Given,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    let insert = statement!(
        "INSERT INTO consents
             (id, organisation_id, client_id, wording_id, how, given_at, recorded_by)
         VALUES ($1, $2, $3, $4, $5, $6, $7)"
    )
    .bind(id)
    .bind(scope.organisation())
    .bind(given.client)
    .bind(given.wording)
    .bind(given.how.as_str())
    .bind(now)
    .bind(scope.user());
    tx.execute(insert).await.map(drop)
}

pub(in crate::privacy) async fn client_of_consent(
    tx: &mut Tx,
    organisation: OrganisationId,
    id: ConsentId,
) -> Result<Option<ClientId>, DbError> {
    let select =
        statement!("SELECT client_id FROM consents WHERE id = $1 AND organisation_id = $2");
    Ok(tx.optional::<Client>(select.bind(id).bind(organisation)).await?.map(|row| row.client_id))
}

pub(in crate::privacy) async fn withdraw(
    tx: &mut Tx,
    id: ConsentId,
    by: UserId,
    now: DateTime<Utc>,
) -> Result<u64, DbError> {
    let update = statement!(
        "UPDATE consents SET withdrawn_at = $2, withdrawn_by = $3
         WHERE id = $1 AND withdrawn_at IS NULL"
    );
    tx.execute(update.bind(id).bind(now).bind(by)).await
}

pub(in crate::privacy) async fn consents(
    tx: &mut Tx,
    scope: &Scope,
    client: Option<ClientId>,
) -> Result<Vec<Consent>, DbError> {
    let select = statement!(
        "SELECT s.id, s.client_id, k.name AS client_name, s.wording_id, w.language, w.number,
             s.how, s.given_at, s.recorded_by, s.withdrawn_at
         FROM consents s
         JOIN clients k ON k.id = s.client_id
         JOIN consent_wordings w ON w.id = s.wording_id
         WHERE s.organisation_id = $1
           AND (k.id IN (SELECT n.client_id FROM known_clients n WHERE n.user_id = $2)
                OR k.id = (SELECT u.client_id FROM users u WHERE u.id = $2))"
    )
    .bind(scope.organisation())
    .bind(scope.user())
    .and_if("s.client_id =", client)
    .then(" ORDER BY s.given_at DESC, s.id DESC LIMIT 1000");
    tx.all(select).await
}

/// The day a case ended and for how many years it is kept, where a rule says so.
pub(in crate::privacy) async fn rule(
    tx: &mut Tx,
    scope: &Scope,
    case: CaseId,
) -> Result<Option<(String, i64)>, DbError> {
    let select = statement!(
        "SELECT ended_on, years FROM retention_rules WHERE organisation_id = $1 AND case_id = $2"
    );
    tx.optional(select.bind(scope.organisation()).bind(case)).await
}

pub(in crate::privacy) async fn set_rule(
    tx: &mut Tx,
    scope: &Scope,
    case: CaseId,
    ended_on: &str,
    years: i64,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    let insert = statement!(
        "INSERT INTO retention_rules (case_id, organisation_id, ended_on, years, set_by, set_at)
         VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (case_id) DO UPDATE
         SET ended_on = excluded.ended_on, years = excluded.years, set_by = excluded.set_by,
             set_at = excluded.set_at"
    )
    .bind(case)
    .bind(scope.organisation())
    .bind(ended_on)
    .bind(years)
    .bind(scope.user())
    .bind(now);
    tx.execute(insert).await.map(drop)
}

pub(in crate::privacy) async fn rules(
    tx: &mut Tx,
    organisation: OrganisationId,
) -> Result<Vec<Rule>, DbError> {
    let select = statement!(
        "SELECT r.case_id, c.title, r.ended_on, r.years,
             (SELECT COUNT(*) FROM documents d WHERE d.case_id = r.case_id) AS documents
         FROM retention_rules r JOIN cases c ON c.id = r.case_id
         WHERE r.organisation_id = $1 ORDER BY r.ended_on, r.case_id LIMIT 10000"
    );
    tx.all(select.bind(organisation)).await
}

macro_rules! export {
    () => {
        "SELECT id, organisation_id, client_id, user_id, asked_by, asked_at, status, done, total,
             size_bytes, error, expires_at
         FROM exports "
    };
}

pub(in crate::privacy) async fn insert_export(tx: &mut Tx, export: &Export) -> Result<(), DbError> {
    let insert = statement!(
        "INSERT INTO exports (id, organisation_id, client_id, user_id, asked_by, asked_at, status,
             done, total, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, 'running', 0, 0, $7)"
    )
    .bind(export.id)
    .bind(export.organisation_id)
    .bind(export.client_id)
    .bind(export.user_id)
    .bind(export.asked_by)
    .bind(export.asked_at)
    .bind(export.expires_at);
    tx.execute(insert).await.map(drop)
}

pub(in crate::privacy) async fn exports(
    tx: &mut Tx,
    organisation: OrganisationId,
    client: Option<ClientId>,
) -> Result<Vec<Export>, DbError> {
    let select = statement!(concat!(export!(), "WHERE organisation_id = $1"))
        .bind(organisation)
        .and_if("client_id =", client)
        .then(" ORDER BY asked_at DESC, id DESC LIMIT 200");
    tx.all(select).await
}

pub(in crate::privacy) async fn export(
    tx: &mut Tx,
    id: ExportId,
) -> Result<Option<Export>, DbError> {
    let select = statement!(concat!(export!(), "WHERE id = $1"));
    tx.optional(select.bind(id)).await
}

pub(in crate::privacy) async fn export_progress(
    tx: &mut Tx,
    id: ExportId,
    done: usize,
    total: usize,
) -> Result<(), DbError> {
    let whole = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
    let update = statement!("UPDATE exports SET done = $2, total = $3 WHERE id = $1");
    tx.execute(update.bind(id).bind(whole(done)).bind(whole(total))).await.map(drop)
}

pub(in crate::privacy) async fn finish_export(
    tx: &mut Tx,
    id: ExportId,
    size: Option<u64>,
    error: Option<&str>,
) -> Result<u64, DbError> {
    let update =
        statement!("UPDATE exports SET status = $2, size_bytes = $3, error = $4 WHERE id = $1");
    let status = if size.is_some() { "done" } else { "failed" };
    let size = size.map(|size| i64::try_from(size).unwrap_or(i64::MAX));
    tx.execute(update.bind(id).bind(status).bind(size).bind(error)).await
}

pub(in crate::privacy) async fn expired_exports(
    tx: &mut Tx,
    now: DateTime<Utc>,
) -> Result<Vec<Export>, DbError> {
    let select = statement!(concat!(export!(), "WHERE expires_at < $1 ORDER BY id"));
    tx.all(select.bind(now)).await
}

pub(in crate::privacy) async fn delete_export(tx: &mut Tx, id: ExportId) -> Result<(), DbError> {
    let delete = statement!("DELETE FROM exports WHERE id = $1");
    tx.execute(delete.bind(id)).await.map(drop)
}
