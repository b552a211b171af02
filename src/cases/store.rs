//! Every statement the cases area runs.

use chrono::{DateTime, Utc};

use super::{Case, Member, NewCase};
use crate::db::{DbError, Sql, Tx};
use crate::kernel::{CaseId, CaseRole, ClientId, Scope, UserId, day_in_india};
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
           AND ($2 OR EXISTS (SELECT 1 FROM known_cases m
                              WHERE m.case_id = c.id AND m.user_id = $3))"
    };
}

/// Binds what every read of cases needs: `$1` to `$3`.
pub(super) fn seen_by(sql: Sql, scope: &Scope) -> Sql {
    sql.bind(scope.organisation()).bind(scope.sees_all()).bind(scope.user())
}

/// Whether a client is one the caller knows of.
pub(super) async fn client_exists(
    tx: &mut Tx,
    scope: &Scope,
    client: ClientId,
) -> Result<bool, DbError> {
    let select = statement!(
        "SELECT COUNT(*) AS count FROM clients k
         WHERE k.id = $4 AND k.organisation_id = $1 AND k.merged_into IS NULL
           AND ($2 OR EXISTS (SELECT 1 FROM known_clients m
                              WHERE m.client_id = k.id AND m.user_id = $3))"
    );
    Ok(tx.one::<Count>(seen_by(select, scope).bind(client)).await?.count == 1)
}

pub(super) async fn insert(
    tx: &mut Tx,
    scope: &Scope,
    id: CaseId,
    new: NewCase,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    let filled = |text: Option<String>| text.filter(|text| !text.trim().is_empty());
    let opened_on = new.opened_on.unwrap_or_else(|| day_in_india(now));
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
    .bind(filled(new.cnr).map(|cnr| super::values::plain_cnr(&cnr)))
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

/// Those of these cases that the caller may see, in no order.
pub(super) async fn those(
    tx: &mut Tx,
    scope: &Scope,
    ids: &[CaseId],
) -> Result<Vec<Case>, DbError> {
    let select = statement!(concat!(select!(), " AND TRUE"));
    tx.all(seen_by(select, scope).and_in("c.id", ids.iter().copied())).await
}

pub(super) async fn list(tx: &mut Tx, scope: &Scope) -> Result<Vec<Case>, DbError> {
    let select =
        statement!(concat!(select!(), " ORDER BY c.created_at DESC, c.id DESC LIMIT 1000"));
    tx.all(seen_by(select, scope)).await
}

#[derive(sqlx::FromRow)]
struct MemberRow {
    user_id: UserId,
    name: String,
    email: String,
    role: String,
    added_at: DateTime<Utc>,
    has_access: bool,
}

/// Reads a stored role in a case.
fn role_of(role: &str) -> Result<CaseRole, DbError> {
    let value = |value| DbError::Inconsistent { table: "case_members", column: "role", value };
    role.parse().map_err(value)
}

pub(super) async fn members(tx: &mut Tx, id: CaseId) -> Result<Vec<Member>, DbError> {
    let select = statement!(
        "SELECT u.id AS user_id, u.name, u.email, m.role, m.added_at,
             (u.active AND EXISTS (SELECT 1 FROM open_cases o
                                   WHERE o.case_id = m.case_id AND o.user_id = u.id)) AS has_access
         FROM case_members m
         JOIN users u ON u.id = m.user_id
         WHERE m.case_id = $1 ORDER BY u.name, u.id LIMIT 1000"
    );
    let member = |row: MemberRow| {
        let MemberRow { user_id, name, email, role, added_at, has_access } = row;
        let role = role_of(&role)?;
        Ok(Member { user_id, name, email, role, added_at, has_access })
    };
    tx.all::<MemberRow>(select.bind(id)).await?.into_iter().map(member).collect()
}

#[derive(sqlx::FromRow)]
struct Count {
    count: i64,
}

/// Whether someone can be a member of a case: active, of the chamber, and kept out of
/// it by no wall.
pub(super) async fn may_be_member(
    tx: &mut Tx,
    scope: &Scope,
    case: CaseId,
    user: UserId,
) -> Result<bool, DbError> {
    let select = statement!(
        "SELECT COUNT(*) AS count FROM users u JOIN cases c ON c.id = $3
         WHERE u.id = $1 AND u.organisation_id = $2 AND c.organisation_id = $2
           AND u.role IN ('advocate', 'staff') AND u.active = TRUE
           AND NOT EXISTS (SELECT 1 FROM walled_people w
                           WHERE w.user_id = u.id
                             AND (w.case_id = c.id OR w.client_id = c.client_id))"
    );
    let select = select.bind(user).bind(scope.organisation()).bind(case);
    Ok(tx.one::<Count>(select).await?.count == 1)
}

#[derive(sqlx::FromRow)]
struct RoleRow {
    role: String,
}

/// What a member may do in a case; none when they are no member.
pub(super) async fn member_role(
    tx: &mut Tx,
    id: CaseId,
    user: UserId,
) -> Result<Option<CaseRole>, DbError> {
    let select = statement!("SELECT role FROM case_members WHERE case_id = $1 AND user_id = $2");
    let row = tx.optional::<RoleRow>(select.bind(id).bind(user)).await?;
    row.map(|row| role_of(&row.role)).transpose()
}

pub(super) async fn set_member(
    tx: &mut Tx,
    scope: &Scope,
    id: CaseId,
    (user, role): (UserId, CaseRole),
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    let insert = statement!(
        "INSERT INTO case_members (case_id, user_id, role, added_at, added_by)
         VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (case_id, user_id) DO UPDATE SET role = $3"
    )
    .bind(id)
    .bind(user)
    .bind(role.as_str())
    .bind(now)
    .bind(scope.user());
    tx.execute(insert).await.map(drop)
}

pub(super) async fn delete_member(tx: &mut Tx, id: CaseId, user: UserId) -> Result<(), DbError> {
    let delete = statement!("DELETE FROM case_members WHERE case_id = $1 AND user_id = $2");
    tx.execute(delete.bind(id).bind(user)).await.map(drop)
}

/// How many lead a case.
pub(super) async fn count_leads(tx: &mut Tx, id: CaseId) -> Result<i64, DbError> {
    let select = statement!(
        "SELECT COUNT(*) AS count FROM open_cases o
         JOIN case_members m ON m.case_id = o.case_id AND m.user_id = o.user_id
         JOIN users u ON u.id = m.user_id AND u.active = TRUE
         WHERE o.case_id = $1 AND o.role = 'lead'"
    );
    Ok(tx.one::<Count>(select.bind(id)).await?.count)
}

/// Whether the caller leads a case at this moment.
pub(super) async fn leads(tx: &mut Tx, scope: &Scope, id: CaseId) -> Result<bool, DbError> {
    let select = statement!(
        "SELECT COUNT(*) AS count FROM open_cases o
         WHERE o.case_id = $1 AND o.user_id = $2 AND o.role = 'lead'"
    );
    Ok(tx.one::<Count>(select.bind(id).bind(scope.user())).await?.count == 1)
}

/// Whether the caller may change a case at this moment.
pub(super) async fn works_on(tx: &mut Tx, scope: &Scope, id: CaseId) -> Result<bool, DbError> {
    let select = statement!(
        "SELECT COUNT(*) AS count FROM open_cases o
         WHERE o.case_id = $1 AND o.user_id = $2 AND o.role IN ('lead', 'member')"
    );
    Ok(tx.one::<Count>(select.bind(id).bind(scope.user())).await?.count == 1)
}
