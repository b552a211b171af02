//! Every statement about walls and groups.

use std::collections::HashMap;

use chrono::{DateTime, Utc};

use super::{Group, GroupMember, Lifted, Wall, What, Who};
use crate::db::{DbError, Sql, Tx};
use crate::kernel::{CaseId, ClientId, GroupId, Scope, UserId, WallId};
use crate::statement;

#[derive(sqlx::FromRow)]
struct Count {
    count: i64,
}

/// Binds the organisation, whether all of it is open, and the caller: `$1` to `$3`.
fn seen_by(sql: Sql, scope: &Scope) -> Sql {
    sql.bind(scope.organisation()).bind(scope.sees_all()).bind(scope.user())
}

#[derive(sqlx::FromRow)]
struct WallRow {
    id: WallId,
    user_id: Option<UserId>,
    user_name: Option<String>,
    group_id: Option<GroupId>,
    group_name: Option<String>,
    of_client: bool,
    case_id: Option<CaseId>,
    case_title: Option<String>,
    client_id: Option<ClientId>,
    client_name: Option<String>,
    reason: String,
    raised_by: String,
    raised_at: DateTime<Utc>,
    lifted_by: Option<String>,
    lifted_at: Option<DateTime<Utc>>,
    lifted_reason: Option<String>,
}

impl WallRow {
    /// The wall; none for a row that names nobody, which the table does not allow.
    fn wall(self) -> Option<Wall> {
        let person = self.user_id.map(Who::Person).zip(self.user_name);
        let group = self.group_id.map(Who::Group).zip(self.group_name);
        let (who, who_name) = person.or(group)?;
        let case = self.case_id.map(What::Case).zip(self.case_title);
        let client = self.client_id.map(What::Client).zip(self.client_name);
        let lifted = self.lifted_by.zip(self.lifted_at).zip(self.lifted_reason);
        Some(Wall {
            id: self.id,
            who,
            who_name,
            of_client: self.of_client,
            what: case.or(client),
            reason: self.reason,
            raised_by: self.raised_by,
            raised_at: self.raised_at,
            lifted: lifted.map(|((by, at), reason)| Lifted { by, at, reason }),
        })
    }
}

pub(super) async fn walls(tx: &mut Tx, scope: &Scope) -> Result<Vec<Wall>, DbError> {
    let select = statement!(
        "SELECT w.id, w.user_id, u.name AS user_name, w.group_id, g.name AS group_name,
             (w.client_id IS NOT NULL) AS of_client, c.id AS case_id, c.title AS case_title,
             k.id AS client_id, k.name AS client_name, w.reason, r.name AS raised_by, w.raised_at,
             l.name AS lifted_by, w.lifted_at, w.lifted_reason
         FROM walls w
         JOIN users r ON r.id = w.raised_by
         LEFT JOIN users l ON l.id = w.lifted_by
         LEFT JOIN users u ON u.id = w.user_id
         LEFT JOIN groups g ON g.id = w.group_id
         LEFT JOIN cases c ON c.id = w.case_id
          AND ($2 OR EXISTS (SELECT 1 FROM known_cases m
                             WHERE m.case_id = c.id AND m.user_id = $3))
         LEFT JOIN clients k ON k.id = w.client_id
          AND ($2 OR EXISTS (SELECT 1 FROM known_clients m
                             WHERE m.client_id = k.id AND m.user_id = $3))
         WHERE w.organisation_id = $1
         ORDER BY (CASE WHEN w.lifted_at IS NULL THEN 0 ELSE 1 END), w.raised_at DESC, w.id
         LIMIT 1000"
    );
    let rows = tx.all::<WallRow>(seen_by(select, scope)).await?;
    Ok(rows.into_iter().filter_map(WallRow::wall).collect())
}

pub(super) async fn knows_case(tx: &mut Tx, scope: &Scope, case: CaseId) -> Result<bool, DbError> {
    let select = statement!(
        "SELECT COUNT(*) AS count FROM cases c
         WHERE c.id = $4 AND c.organisation_id = $1
           AND ($2 OR EXISTS (SELECT 1 FROM known_cases m
                              WHERE m.case_id = c.id AND m.user_id = $3))"
    );
    Ok(tx.one::<Count>(seen_by(select, scope).bind(case)).await?.count == 1)
}

pub(super) async fn knows_client(
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

pub(super) async fn is_person(tx: &mut Tx, scope: &Scope, user: UserId) -> Result<bool, DbError> {
    let select =
        statement!("SELECT COUNT(*) AS count FROM users WHERE id = $1 AND organisation_id = $2");
    Ok(tx.one::<Count>(select.bind(user).bind(scope.organisation())).await?.count == 1)
}

fn parts(
    who: Who,
    what: What,
) -> (Option<UserId>, Option<GroupId>, Option<CaseId>, Option<ClientId>) {
    let (user, group) = match who {
        Who::Person(user) => (Some(user), None),
        Who::Group(group) => (None, Some(group)),
    };
    match what {
        What::Case(case) => (user, group, Some(case), None),
        What::Client(client) => (user, group, None, Some(client)),
    }
}

/// Whether the same wall stands already.
pub(super) async fn stands(
    tx: &mut Tx,
    scope: &Scope,
    who: Who,
    what: What,
) -> Result<bool, DbError> {
    let (user, group, case, client) = parts(who, what);
    let select = statement!(
        "SELECT COUNT(*) AS count FROM walls w
         WHERE w.organisation_id = $1 AND w.lifted_at IS NULL
           AND w.user_id IS NOT DISTINCT FROM $2 AND w.group_id IS NOT DISTINCT FROM $3
           AND w.case_id IS NOT DISTINCT FROM $4 AND w.client_id IS NOT DISTINCT FROM $5"
    );
    let select = select.bind(scope.organisation()).bind(user).bind(group).bind(case).bind(client);
    Ok(tx.one::<Count>(select).await?.count > 0)
}

pub(super) async fn insert_wall(
    tx: &mut Tx,
    scope: &Scope,
    id: WallId,
    (who, what, reason): (Who, What, &str),
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    let (user, group, case, client) = parts(who, what);
    let insert = statement!(
        "INSERT INTO walls (id, organisation_id, user_id, group_id, case_id, client_id, reason,
             raised_by, raised_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
    )
    .bind(id)
    .bind(scope.organisation())
    .bind(user)
    .bind(group)
    .bind(case)
    .bind(client)
    .bind(reason)
    .bind(scope.user())
    .bind(now);
    tx.execute(insert).await.map(drop)
}

/// Lifts a wall that stands; says how many were lifted.
/// Whom a wall is about, and what it keeps them out of.
pub(super) async fn about(
    tx: &mut Tx,
    scope: &Scope,
    id: WallId,
) -> Result<Option<(Who, What)>, DbError> {
    type Row = (Option<UserId>, Option<GroupId>, Option<CaseId>, Option<ClientId>);
    let select = statement!(
        "SELECT user_id, group_id, case_id, client_id FROM walls
         WHERE id = $1 AND organisation_id = $2"
    );
    let row: Option<Row> = tx.optional(select.bind(id).bind(scope.organisation())).await?;
    Ok(row.and_then(|(user, group, case, client)| {
        let who = user.map(Who::Person).or(group.map(Who::Group))?;
        let what = case.map(What::Case).or(client.map(What::Client))?;
        Some((who, what))
    }))
}

pub(super) async fn lift(
    tx: &mut Tx,
    scope: &Scope,
    id: WallId,
    reason: &str,
    now: DateTime<Utc>,
) -> Result<u64, DbError> {
    let update = statement!(
        "UPDATE walls SET lifted_by = $3, lifted_at = $4, lifted_reason = $5
         WHERE id = $1 AND organisation_id = $2 AND lifted_at IS NULL"
    );
    let update = update.bind(id).bind(scope.organisation());
    tx.execute(update.bind(scope.user()).bind(now).bind(reason)).await
}

#[derive(sqlx::FromRow)]
struct GroupRow {
    id: GroupId,
    name: String,
    walls: i64,
}

#[derive(sqlx::FromRow)]
struct GroupMemberRow {
    group_id: GroupId,
    #[sqlx(flatten)]
    member: GroupMember,
}

pub(super) async fn groups(tx: &mut Tx, scope: &Scope) -> Result<Vec<Group>, DbError> {
    let select = statement!(
        "SELECT m.group_id, m.user_id, u.name FROM group_members m
         JOIN users u ON u.id = m.user_id
         JOIN groups g ON g.id = m.group_id
         WHERE g.organisation_id = $1 ORDER BY u.name, u.id LIMIT 10000"
    );
    let mut members: HashMap<GroupId, Vec<GroupMember>> = HashMap::new();
    for row in tx.all::<GroupMemberRow>(select.bind(scope.organisation())).await? {
        members.entry(row.group_id).or_default().push(row.member);
    }
    let select = statement!(
        "SELECT g.id, g.name,
             (SELECT COUNT(*) FROM walls w
              WHERE w.group_id = g.id AND w.lifted_at IS NULL) AS walls
         FROM groups g WHERE g.organisation_id = $1 ORDER BY g.name, g.id LIMIT 1000"
    );
    let rows = tx.all::<GroupRow>(select.bind(scope.organisation())).await?;
    let group = |GroupRow { id, name, walls }| {
        let members = members.remove(&id).unwrap_or_default();
        Group { id, name, members, walls }
    };
    Ok(rows.into_iter().map(group).collect())
}

#[derive(sqlx::FromRow)]
struct Name {
    name: String,
}

pub(super) async fn group_name(
    tx: &mut Tx,
    scope: &Scope,
    id: GroupId,
) -> Result<Option<String>, DbError> {
    let select = statement!("SELECT name FROM groups WHERE id = $1 AND organisation_id = $2");
    let row = tx.optional::<Name>(select.bind(id).bind(scope.organisation())).await?;
    Ok(row.map(|row| row.name))
}

pub(super) async fn insert_group(
    tx: &mut Tx,
    scope: &Scope,
    id: GroupId,
    name: &str,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    let insert = statement!(
        "INSERT INTO groups (id, organisation_id, name, created_at) VALUES ($1, $2, $3, $4)"
    );
    let insert = insert.bind(id).bind(scope.organisation()).bind(name).bind(now);
    tx.execute(insert).await.map(drop)
}

pub(super) async fn rename_group(tx: &mut Tx, id: GroupId, name: &str) -> Result<(), DbError> {
    let update = statement!("UPDATE groups SET name = $2 WHERE id = $1");
    tx.execute(update.bind(id).bind(name)).await.map(drop)
}

pub(super) async fn delete_group(tx: &mut Tx, id: GroupId) -> Result<(), DbError> {
    let members = statement!("DELETE FROM group_members WHERE group_id = $1");
    tx.execute(members.bind(id)).await?;
    let delete = statement!("DELETE FROM groups WHERE id = $1");
    tx.execute(delete.bind(id)).await.map(drop)
}

pub(super) async fn insert_group_member(
    tx: &mut Tx,
    id: GroupId,
    user: UserId,
) -> Result<(), DbError> {
    let insert = statement!(
        "INSERT INTO group_members (group_id, user_id) VALUES ($1, $2)
         ON CONFLICT (group_id, user_id) DO NOTHING"
    );
    tx.execute(insert.bind(id).bind(user)).await.map(drop)
}

pub(super) async fn delete_group_member(
    tx: &mut Tx,
    id: GroupId,
    user: UserId,
) -> Result<u64, DbError> {
    let delete = statement!("DELETE FROM group_members WHERE group_id = $1 AND user_id = $2");
    tx.execute(delete.bind(id).bind(user)).await
}

/// How many walls name a group, also those that were lifted.
pub(super) async fn count_walls_of(tx: &mut Tx, id: GroupId) -> Result<i64, DbError> {
    let select = statement!("SELECT COUNT(*) AS count FROM walls WHERE group_id = $1");
    Ok(tx.one::<Count>(select.bind(id)).await?.count)
}

/// How many walls that stand name a group.
pub(super) async fn count_standing(tx: &mut Tx, id: GroupId) -> Result<i64, DbError> {
    let select =
        statement!("SELECT COUNT(*) AS count FROM walls WHERE group_id = $1 AND lifted_at IS NULL");
    Ok(tx.one::<Count>(select.bind(id)).await?.count)
}
