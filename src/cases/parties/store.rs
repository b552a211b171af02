//! Every statement about parties and their advocates.

use chrono::{DateTime, Utc};

use super::{Counsel, Party, PartyFile};
use crate::cases::store::seen_by;
use crate::db::{DbError, Tx};
use crate::kernel::{CaseId, PartyId, Scope};
use crate::statement;

#[derive(sqlx::FromRow)]
struct Count {
    count: i64,
}

pub(super) async fn insert(
    tx: &mut Tx,
    (id, case): (PartyId, CaseId),
    new: &PartyFile,
    names: Option<String>,
) -> Result<(), DbError> {
    let before = statement!(
        "SELECT coalesce(MAX(p.ordinal), 0) AS count FROM case_parties p WHERE p.case_id = $1"
    );
    let before = tx.one::<Count>(before.bind(case)).await?.count;
    let insert = statement!(
        "INSERT INTO case_parties (id, case_id, ordinal, name, role, ours, counsel, removed_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, NULL)"
    )
    .bind(id)
    .bind(case)
    .bind(before + 1)
    .bind(new.name.as_str())
    .bind(new.role.as_str())
    .bind(new.ours)
    .bind(names);
    tx.execute(insert).await.map(drop)
}

pub(super) async fn find(tx: &mut Tx, case: CaseId, id: PartyId) -> Result<Option<Party>, DbError> {
    let select = statement!(
        "SELECT p.id, p.name, p.role, p.ours, p.counsel FROM case_parties p
         WHERE p.id = $1 AND p.case_id = $2 AND p.removed_at IS NULL"
    );
    tx.optional(select.bind(id).bind(case)).await
}

pub(super) async fn update(
    tx: &mut Tx,
    id: PartyId,
    new: &PartyFile,
    names: Option<String>,
) -> Result<(), DbError> {
    let update = statement!(
        "UPDATE case_parties SET name = $2, role = $3, ours = $4, counsel = $5 WHERE id = $1"
    );
    let update = update.bind(id).bind(new.name.as_str()).bind(new.role.as_str());
    tx.execute(update.bind(new.ours).bind(names)).await.map(drop)
}

pub(super) async fn remove(
    tx: &mut Tx,
    case: CaseId,
    id: PartyId,
    now: DateTime<Utc>,
) -> Result<bool, DbError> {
    let update = statement!(
        "UPDATE case_parties SET removed_at = $3
         WHERE id = $1 AND case_id = $2 AND removed_at IS NULL"
    );
    Ok(tx.execute(update.bind(id).bind(case).bind(now)).await? == 1)
}

pub(super) async fn set_ordinal(tx: &mut Tx, id: PartyId, ordinal: i64) -> Result<(), DbError> {
    let update = statement!("UPDATE case_parties SET ordinal = $2 WHERE id = $1");
    tx.execute(update.bind(id).bind(ordinal)).await.map(drop)
}

pub(super) async fn set_counsel(
    tx: &mut Tx,
    party: PartyId,
    counsel: &[Counsel],
) -> Result<(), DbError> {
    let delete = statement!("DELETE FROM case_counsel WHERE party_id = $1");
    tx.execute(delete.bind(party)).await?;
    for (ordinal, one) in (1_i64..).zip(counsel) {
        let insert = statement!(
            "INSERT INTO case_counsel (party_id, ordinal, name, enrolment) VALUES ($1, $2, $3, $4)"
        );
        let insert = insert.bind(party).bind(ordinal).bind(one.name.as_str());
        tx.execute(insert.bind(one.enrolment.clone())).await?;
    }
    Ok(())
}

#[derive(sqlx::FromRow)]
struct CounselRow {
    party_id: PartyId,
    name: String,
    enrolment: Option<String>,
}

pub(super) async fn counsel(tx: &mut Tx, case: CaseId) -> Result<Vec<(PartyId, Counsel)>, DbError> {
    let select = statement!(
        "SELECT o.party_id, o.name, o.enrolment
         FROM case_counsel o JOIN case_parties p ON p.id = o.party_id
         WHERE p.case_id = $1 ORDER BY p.ordinal, p.id, o.ordinal LIMIT 5000"
    );
    let rows = tx.all::<CounselRow>(select.bind(case)).await?;
    let one = |CounselRow { party_id, name, enrolment }| (party_id, Counsel { name, enrolment });
    Ok(rows.into_iter().map(one).collect())
}

pub(super) async fn parties(
    tx: &mut Tx,
    scope: &Scope,
    case: CaseId,
) -> Result<Vec<Party>, DbError> {
    let select = statement!(
        "SELECT p.id, p.name, p.role, p.ours, p.counsel
         FROM case_parties p JOIN cases c ON c.id = p.case_id
         WHERE c.organisation_id = $1
           AND ($2 OR EXISTS (SELECT 1 FROM open_cases m
                              WHERE m.case_id = c.id AND m.user_id = $3))
           AND c.id = $4 AND p.removed_at IS NULL
         ORDER BY p.ordinal, p.id LIMIT 1000"
    );
    tx.all(seen_by(select, scope).bind(case)).await
}
