//! Every statement the cases area runs.

use chrono::{DateTime, Utc};

use super::{Case, Member, NewCase};
use crate::db::{DbError, Sql, Tx};
use crate::kernel::{CaseId, ClientId, Scope, UserId};
use crate::statement;

macro_rules! select {
    () => {
        "SELECT c.id, c.client_id, k.name AS client_name, c.title, c.number, c.court, c.cnr,
             c.summary, c.status, c.opened_on, c.created_at,
             (SELECT COUNT(*) FROM documents d WHERE d.case_id = c.id) AS documents,
             (SELECT COUNT(*) FROM documents d JOIN versions v ON v.document_id = d.id
              WHERE d.case_id = c.id AND v.status IN ('queued', 'reading')) AS reading,
             (SELECT COUNT(*) FROM documents d JOIN versions v ON v.document_id = d.id
              WHERE d.case_id = c.id AND v.status = 'failed') AS failed,
             coalesce((SELECT MAX(d.created_at) FROM documents d WHERE d.case_id = c.id),
                      c.created_at) AS touched_at
         FROM cases c LEFT JOIN clients k ON k.id = c.client_id
         WHERE c.organisation_id = $1
           AND ($2 OR EXISTS (SELECT 1 FROM case_members m
                              WHERE m.case_id = c.id AND m.user_id = $3))"
    };
}

/// Binds what every read of cases needs: `$1` to `$3`.
fn seen_by(sql: Sql, scope: &Scope) -> Sql {
    sql.bind(scope.organisation()).bind(scope.sees_all()).bind(scope.user())
}

pub(super) async fn client_exists(
    tx: &mut Tx,
    scope: &Scope,
    client: ClientId,
) -> Result<bool, DbError> {
    let select =
        statement!("SELECT COUNT(*) AS count FROM clients WHERE id = $1 AND organisation_id = $2");
    Ok(tx.one::<Count>(select.bind(client).bind(scope.organisation())).await?.count == 1)
}

pub(super) async fn insert(
    tx: &mut Tx,
    scope: &Scope,
    id: CaseId,
    new: NewCase,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    let filled = |text: Option<String>| text.filter(|text| !text.trim().is_empty());
    let opened_on = new.opened_on.unwrap_or_else(|| now.date_naive());
    let insert = statement!(
        "INSERT INTO cases (id, organisation_id, client_id, title, number, court, cnr, summary,
             status, opened_on, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'open', $9, $10)"
    )
    .bind(id)
    .bind(scope.organisation())
    .bind(new.client_id)
    .bind(new.title.trim())
    .bind(filled(new.number))
    .bind(filled(new.court))
    .bind(filled(new.cnr))
    .bind(filled(new.summary))
    .bind(opened_on.to_string())
    .bind(now);
    tx.execute(insert).await.map(drop)
}

pub(super) async fn find(tx: &mut Tx, scope: &Scope, id: CaseId) -> Result<Option<Case>, DbError> {
    let select = statement!(concat!(select!(), " AND c.id = $4"));
    tx.optional(seen_by(select, scope).bind(id)).await
}

pub(super) async fn find_titled(
    tx: &mut Tx,
    scope: &Scope,
    title: &str,
) -> Result<Option<Case>, DbError> {
    let select = statement!(concat!(
        select!(),
        " AND lower(c.title) = lower($4) ORDER BY c.created_at, c.id LIMIT 1"
    ));
    tx.optional(seen_by(select, scope).bind(title)).await
}

pub(super) async fn list(tx: &mut Tx, scope: &Scope) -> Result<Vec<Case>, DbError> {
    let select =
        statement!(concat!(select!(), " ORDER BY c.created_at DESC, c.id DESC LIMIT 1000"));
    tx.all(seen_by(select, scope)).await
}

pub(super) async fn members(tx: &mut Tx, id: CaseId) -> Result<Vec<Member>, DbError> {
    let select = statement!(
        "SELECT u.id AS user_id, u.name, u.email FROM case_members m
         JOIN users u ON u.id = m.user_id
         WHERE m.case_id = $1 ORDER BY u.name, u.id LIMIT 1000"
    );
    tx.all(select.bind(id)).await
}

#[derive(sqlx::FromRow)]
struct Count {
    count: i64,
}

pub(super) async fn may_be_member(
    tx: &mut Tx,
    scope: &Scope,
    user: UserId,
) -> Result<bool, DbError> {
    let select = statement!(
        "SELECT COUNT(*) AS count FROM users
         WHERE id = $1 AND organisation_id = $2 AND role IN ('advocate', 'staff')
           AND active = TRUE"
    );
    Ok(tx.one::<Count>(select.bind(user).bind(scope.organisation())).await?.count == 1)
}

pub(super) async fn insert_member(
    tx: &mut Tx,
    id: CaseId,
    user: UserId,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    let insert = statement!(
        "INSERT INTO case_members (case_id, user_id, added_at) VALUES ($1, $2, $3)
         ON CONFLICT (case_id, user_id) DO NOTHING"
    );
    tx.execute(insert.bind(id).bind(user).bind(now)).await.map(drop)
}

pub(super) async fn delete_member(tx: &mut Tx, id: CaseId, user: UserId) -> Result<(), DbError> {
    let delete = statement!("DELETE FROM case_members WHERE case_id = $1 AND user_id = $2");
    tx.execute(delete.bind(id).bind(user)).await.map(drop)
}
