//! The statements of the register and of checks as they are made.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::asking::{Asked, AskedName};
use super::register::Found;
use crate::db::{DbError, Sql, Tx};
use crate::kernel::{CaseId, ClientId, ConflictCheckId, ContactId, OrganisationId, Scope, UserId};
use crate::statement;

#[derive(sqlx::FromRow)]
struct Count {
    count: i64,
}

#[derive(sqlx::FromRow)]
struct Id {
    id: OrganisationId,
}

/// An id of a row that nothing else names.
fn row_id() -> Uuid {
    ContactId::new().uuid()
}

pub(super) async fn organisations(tx: &mut Tx) -> Result<Vec<OrganisationId>, DbError> {
    let rows = tx.all::<Id>(statement!("SELECT id FROM organisations ORDER BY id")).await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

/// Names of the tables that the register does not have in this form: those of clients,
/// their contacts, parties, titles of cases, counsel of other sides, and of checks somebody
/// asked for.
pub(super) async fn unregistered(
    tx: &mut Tx,
    organisation: OrganisationId,
    limit: i64,
) -> Result<Vec<Found>, DbError> {
    let clients = statement!(
        "SELECT 'client' AS source, k.id AS source_id, coalesce(k.merged_into, k.id) AS client_id,
             CAST(NULL AS UUID) AS case_id, CAST(NULL AS UUID) AS check_id, k.name,
             CAST(NULL AS TEXT) AS role, TRUE AS ours, CAST(NULL AS TEXT) AS father, k.city, k.pan,
             k.gstin, CAST(NULL AS TEXT) AS cin, k.phone, k.email
         FROM clients k
         WHERE k.organisation_id = $1 AND k.name <> 'Erased client'
           AND NOT EXISTS (SELECT 1 FROM known_names n
               WHERE n.source_id = k.id AND n.source = 'client' AND n.name = k.name
                 AND n.city IS NOT DISTINCT FROM k.city AND n.pan IS NOT DISTINCT FROM k.pan
                 AND n.gstin IS NOT DISTINCT FROM k.gstin
                 AND n.phone IS NOT DISTINCT FROM k.phone
                 AND n.email IS NOT DISTINCT FROM k.email)
         ORDER BY k.id LIMIT $2"
    );
    let contacts = statement!(
        "SELECT 'contact' AS source, t.id AS source_id, t.client_id AS client_id,
             CAST(NULL AS UUID) AS case_id, CAST(NULL AS UUID) AS check_id, t.name, t.post AS role,
             TRUE AS ours, CAST(NULL AS TEXT) AS father, CAST(NULL AS TEXT) AS city,
             CAST(NULL AS TEXT) AS pan, CAST(NULL AS TEXT) AS gstin, CAST(NULL AS TEXT) AS cin,
             t.phone, t.email
         FROM client_contacts t JOIN clients k ON k.id = t.client_id
         WHERE k.organisation_id = $1
           AND NOT EXISTS (SELECT 1 FROM known_names n
               WHERE n.source_id = t.id AND n.source = 'contact' AND n.name = t.name
                 AND n.role IS NOT DISTINCT FROM t.post
                 AND n.phone IS NOT DISTINCT FROM t.phone
                 AND n.email IS NOT DISTINCT FROM t.email)
         ORDER BY t.id LIMIT $2"
    );
    let asked = statement!(
        "SELECT 'check' AS source, a.id AS source_id, CAST(NULL AS UUID) AS client_id,
             q.case_id AS case_id, q.id AS check_id, a.name, CAST(NULL AS TEXT) AS role, a.ours,
             a.father, a.city, a.pan, a.gstin, a.cin, a.phone, a.email
         FROM conflict_check_names a JOIN conflict_checks q ON q.id = a.check_id
         WHERE q.organisation_id = $1 AND q.occasion = 'asked'
           AND NOT EXISTS (SELECT 1 FROM known_names n
               WHERE n.source_id = a.id AND n.source = 'check')
         ORDER BY a.id LIMIT $2"
    );
    let mut found = Vec::new();
    let [parties, titles, advocates, counsel] = of_cases();
    for select in [clients, contacts, parties, titles, advocates, counsel, asked] {
        let left = limit - i64::try_from(found.len()).unwrap_or(limit);
        if left > 0 {
            found.extend(tx.all::<Found>(select.bind(organisation).bind(left)).await?);
        }
    }
    Ok(found)
}

/// The same of those that stand in cases.
fn of_cases() -> [Sql; 4] {
    let parties = statement!(
        "SELECT 'party' AS source, p.id AS source_id, CAST(NULL AS UUID) AS client_id,
             p.case_id AS case_id, CAST(NULL AS UUID) AS check_id, p.name, p.role, p.ours,
             CAST(NULL AS TEXT) AS father, CAST(NULL AS TEXT) AS city, CAST(NULL AS TEXT) AS pan,
             CAST(NULL AS TEXT) AS gstin, CAST(NULL AS TEXT) AS cin, CAST(NULL AS TEXT) AS phone,
             CAST(NULL AS TEXT) AS email
         FROM case_parties p JOIN cases c ON c.id = p.case_id
         WHERE c.organisation_id = $1
           AND NOT EXISTS (SELECT 1 FROM known_names n
               WHERE n.source_id = p.id AND n.source = 'party' AND n.name = p.name
                 AND n.role IS NOT DISTINCT FROM p.role AND n.ours = p.ours)
         ORDER BY p.id LIMIT $2"
    );
    // Who stands in a title may be entered as no party.
    let titles = statement!(
        "SELECT 'party' AS source, c.id AS source_id, CAST(NULL AS UUID) AS client_id,
             c.id AS case_id, CAST(NULL AS UUID) AS check_id, c.title AS name,
             'in the title' AS role, FALSE AS ours, CAST(NULL AS TEXT) AS father,
             CAST(NULL AS TEXT) AS city, CAST(NULL AS TEXT) AS pan, CAST(NULL AS TEXT) AS gstin,
             CAST(NULL AS TEXT) AS cin, CAST(NULL AS TEXT) AS phone, CAST(NULL AS TEXT) AS email
         FROM cases c
         WHERE c.organisation_id = $1
           AND NOT EXISTS (SELECT 1 FROM known_names n
               WHERE n.source_id = c.id AND n.source = 'party' AND n.name = c.title)
         ORDER BY c.id LIMIT $2"
    );
    // Each advocate of another side; where nobody told them apart, the line they stand in.
    let advocates = statement!(
        "SELECT 'counsel' AS source, p.id AS source_id, CAST(NULL AS UUID) AS client_id,
             p.case_id AS case_id, CAST(NULL AS UUID) AS check_id, o.name,
             CAST(NULL AS TEXT) AS role, FALSE AS ours, CAST(NULL AS TEXT) AS father,
             CAST(NULL AS TEXT) AS city, CAST(NULL AS TEXT) AS pan, CAST(NULL AS TEXT) AS gstin,
             CAST(NULL AS TEXT) AS cin, CAST(NULL AS TEXT) AS phone, CAST(NULL AS TEXT) AS email
         FROM case_counsel o JOIN case_parties p ON p.id = o.party_id
         JOIN cases c ON c.id = p.case_id
         WHERE c.organisation_id = $1 AND p.ours = FALSE
           AND NOT EXISTS (SELECT 1 FROM known_names n
               WHERE n.source_id = p.id AND n.source = 'counsel' AND n.name = o.name)
         ORDER BY p.id, o.ordinal LIMIT $2"
    );
    let counsel = statement!(
        "SELECT 'counsel' AS source, p.id AS source_id, CAST(NULL AS UUID) AS client_id,
             p.case_id AS case_id, CAST(NULL AS UUID) AS check_id, p.counsel AS name,
             CAST(NULL AS TEXT) AS role, FALSE AS ours, CAST(NULL AS TEXT) AS father,
             CAST(NULL AS TEXT) AS city, CAST(NULL AS TEXT) AS pan, CAST(NULL AS TEXT) AS gstin,
             CAST(NULL AS TEXT) AS cin, CAST(NULL AS TEXT) AS phone, CAST(NULL AS TEXT) AS email
         FROM case_parties p JOIN cases c ON c.id = p.case_id
         WHERE c.organisation_id = $1 AND p.counsel IS NOT NULL AND p.ours = FALSE
           AND NOT EXISTS (SELECT 1 FROM case_counsel o WHERE o.party_id = p.id)
           AND NOT EXISTS (SELECT 1 FROM known_names n
               WHERE n.source_id = p.id AND n.source = 'counsel' AND n.name = p.counsel)
         ORDER BY p.id LIMIT $2"
    );
    [parties, titles, advocates, counsel]
}

/// Takes a name in with its keys; false when it is there already.
pub(super) async fn register(
    tx: &mut Tx,
    organisation: OrganisationId,
    found: &Found,
    keys: &BTreeSet<String>,
    today: &str,
) -> Result<bool, DbError> {
    let id = row_id();
    let insert = statement!(
        "INSERT INTO known_names (id, organisation_id, source, source_id, client_id, case_id,
             check_id, name, role, ours, father, city, pan, gstin, cin, phone, email, said, seen_on)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18,
             $19)
         ON CONFLICT (source_id, source, said) DO NOTHING"
    )
    .bind(id)
    .bind(organisation)
    .bind(found.source.as_str())
    .bind(found.source_id)
    .bind(found.client_id)
    .bind(found.case_id)
    .bind(found.check_id)
    .bind(found.name.as_str())
    .bind(found.role.clone())
    .bind(found.ours)
    .bind(found.father.clone())
    .bind(found.city.clone())
    .bind(found.pan.clone())
    .bind(found.gstin.clone())
    .bind(found.cin.clone())
    .bind(found.phone.clone())
    .bind(found.email.clone())
    .bind(found.said())
    .bind(today);
    if tx.execute(insert).await? == 0 {
        return Ok(false);
    }
    for key in keys {
        let insert = statement!(
            "INSERT INTO name_keys (id, organisation_id, name_id, name_key) VALUES ($1, $2, $3, $4)"
        );
        tx.execute(insert.bind(row_id()).bind(organisation).bind(id).bind(key.as_str())).await?;
    }
    Ok(true)
}

/// A name of the register.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(super) struct Known {
    pub(super) id: Uuid,
    #[sqlx(flatten)]
    pub(super) found: Found,
    /// For whom the chamber acts in the case, where the name is its title and that is known.
    pub(super) our_side: Option<String>,
}

/// The names of the register that have one of these keys, each once; at most 20,000.
pub(super) async fn found_by(
    tx: &mut Tx,
    organisation: OrganisationId,
    keys: BTreeSet<String>,
) -> Result<Vec<Known>, DbError> {
    let select = statement!(
        "SELECT n.id, n.source, n.source_id, n.client_id, n.case_id, n.check_id, n.name, n.role,
             n.ours, n.father, n.city, n.pan, n.gstin, n.cin, n.phone, n.email,
             coalesce(k.name, (SELECT MIN(p.name) FROM case_parties p
                               WHERE p.case_id = c.id AND p.ours = TRUE)) AS our_side
         FROM name_keys y JOIN known_names n ON n.id = y.name_id
         LEFT JOIN cases c ON c.id = n.case_id AND c.id = n.source_id
         LEFT JOIN clients k ON k.id = c.client_id
         WHERE y.organisation_id = $1"
    );
    let select = select.bind(organisation).and_in("y.name_key", keys);
    // A name that shares several keys comes once for each.
    let mut found: Vec<Known> = tx.all(select.then(" ORDER BY n.id LIMIT 20000")).await?;
    found.dedup_by_key(|known| known.id);
    Ok(found)
}

/// Whether a wall that stands keeps a person out of anything.
pub(super) async fn is_walled(tx: &mut Tx, user: UserId) -> Result<bool, DbError> {
    let select = statement!("SELECT COUNT(*) AS count FROM walled_people w WHERE w.user_id = $1");
    Ok(tx.one::<Count>(select.bind(user)).await?.count > 0)
}

pub(super) async fn insert_check(
    tx: &mut Tx,
    scope: &Scope,
    id: ConflictCheckId,
    asked: &Asked,
    (to_confirm, now): (bool, DateTime<Utc>),
) -> Result<(), DbError> {
    let insert = statement!(
        "INSERT INTO conflict_checks (id, organisation_id, case_id, client_id, occasion, to_confirm,
             with_counsel, asked_by, asked_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
    )
    .bind(id)
    .bind(scope.organisation())
    .bind(asked.case.map(CaseId::uuid))
    .bind(asked.client.map(ClientId::uuid))
    .bind(asked.occasion.as_str())
    .bind(to_confirm)
    .bind(asked.with_counsel)
    .bind(scope.user())
    .bind(now);
    tx.execute(insert).await.map(drop)
}

pub(super) async fn insert_name(
    tx: &mut Tx,
    check: ConflictCheckId,
    ordinal: i64,
    name: &AskedName,
) -> Result<(), DbError> {
    let insert = statement!(
        "INSERT INTO conflict_check_names (id, check_id, ordinal, ours, name, father, city, pan,
             gstin, cin, phone, email)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"
    )
    .bind(row_id())
    .bind(check)
    .bind(ordinal)
    .bind(name.ours)
    .bind(name.name.as_str())
    .bind(name.father.clone())
    .bind(name.city.clone())
    .bind(name.identifiers.pan.clone())
    .bind(name.identifiers.gstin.clone())
    .bind(name.identifiers.cin.clone())
    .bind(name.identifiers.phone.clone())
    .bind(name.identifiers.email.clone());
    tx.execute(insert).await.map(drop)
}

pub(super) async fn insert_hit(
    tx: &mut Tx,
    check: ConflictCheckId,
    (ordinal, name): (i64, Uuid),
    (score, reasons): (i64, &[String]),
) -> Result<(), DbError> {
    let insert = statement!(
        "INSERT INTO conflict_hits (id, check_id, ordinal, name_id, score, reasons)
         VALUES ($1, $2, $3, $4, $5, $6)"
    )
    .bind(row_id())
    .bind(check)
    .bind(ordinal)
    .bind(name)
    .bind(score)
    .bind(reasons.join("\n"));
    tx.execute(insert).await.map(drop)
}
