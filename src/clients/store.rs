//! Every statement about clients themselves.

use chrono::{DateTime, Utc};

use super::{Client, ClientQuery};
use crate::db::{DbError, Sql, Tx};
use crate::kernel::{CaseId, ClientId, Scope, UserId};
use crate::statement;

#[derive(sqlx::FromRow)]
struct ClientRow {
    id: ClientId,
    name: String,
    kind: String,
    email: Option<String>,
    phone: Option<String>,
    city: Option<String>,
    language: String,
    gstin: Option<String>,
    pan: Option<String>,
    state_code: Option<String>,
    address: Option<String>,
    gst_class: Option<String>,
    notes: Option<String>,
    archived_at: Option<DateTime<Utc>>,
    revision: i64,
    created_at: DateTime<Utc>,
}

fn unreadable(column: &'static str, value: String) -> DbError {
    DbError::Inconsistent { table: "clients", column, value }
}

impl ClientRow {
    fn client(self) -> Result<Client, DbError> {
        let class =
            self.gst_class.map(|class| class.parse().map_err(|_| unreadable("gst_class", class)));
        Ok(Client {
            id: self.id,
            name: self.name,
            kind: self.kind.parse().map_err(|_| unreadable("kind", self.kind))?,
            email: self.email,
            phone: self.phone,
            city: self.city,
            language: self.language.parse().map_err(|_| unreadable("language", self.language))?,
            gstin: self.gstin,
            pan: self.pan,
            state_code: self.state_code,
            address: self.address,
            gst_class: class.transpose()?,
            notes: self.notes,
            archived_at: self.archived_at,
            revision: self.revision,
            created_at: self.created_at,
        })
    }
}

macro_rules! select {
    () => {
        "SELECT k.id, k.name, k.kind, k.email, k.phone, k.city, k.language, k.gstin, k.pan,
             k.state_code, k.address, k.gst_class, k.notes, k.archived_at, k.revision, k.created_at
         FROM clients k
         WHERE k.organisation_id = $1 AND k.merged_into IS NULL
           AND ($2 OR EXISTS (SELECT 1 FROM known_clients m
                              WHERE m.client_id = k.id AND m.user_id = $3))"
    };
}

/// Binds what every read of clients needs: `$1` to `$3`.
fn seen_by(sql: Sql, scope: &Scope) -> Sql {
    sql.bind(scope.organisation()).bind(scope.sees_all()).bind(scope.user())
}

#[derive(sqlx::FromRow)]
struct Count {
    count: i64,
}

pub(super) async fn insert(tx: &mut Tx, scope: &Scope, client: &Client) -> Result<(), DbError> {
    let insert = statement!(
        "INSERT INTO clients (id, organisation_id, name, kind, email, phone, city, created_at,
             added_by, language, gstin, pan, state_code, address, gst_class, notes)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)"
    )
    .bind(client.id)
    .bind(scope.organisation())
    .bind(client.name.as_str())
    .bind(client.kind.as_str())
    .bind(client.email.clone())
    .bind(client.phone.clone())
    .bind(client.city.clone())
    .bind(client.created_at)
    .bind(scope.user())
    .bind(client.language.as_str())
    .bind(client.gstin.clone())
    .bind(client.pan.clone())
    .bind(client.state_code.clone())
    .bind(client.address.clone())
    .bind(client.gst_class.map(super::GstClass::as_str))
    .bind(client.notes.clone());
    tx.execute(insert).await.map(drop)
}

/// Writes what is known of a client over what was, where nobody did meanwhile; says how
/// many rows that were.
pub(super) async fn update(
    tx: &mut Tx,
    scope: &Scope,
    client: &Client,
    revision: i64,
) -> Result<u64, DbError> {
    let update = statement!(
        "UPDATE clients SET name = $4, kind = $5, email = $6, phone = $7, city = $8,
             language = $9, gstin = $10, pan = $11, state_code = $12, address = $13,
             gst_class = $14, notes = $15, revision = revision + 1
         WHERE id = $1 AND organisation_id = $2 AND revision = $3 AND merged_into IS NULL"
    )
    .bind(client.id)
    .bind(scope.organisation())
    .bind(revision)
    .bind(client.name.as_str())
    .bind(client.kind.as_str())
    .bind(client.email.clone())
    .bind(client.phone.clone())
    .bind(client.city.clone())
    .bind(client.language.as_str())
    .bind(client.gstin.clone())
    .bind(client.pan.clone())
    .bind(client.state_code.clone())
    .bind(client.address.clone())
    .bind(client.gst_class.map(super::GstClass::as_str))
    .bind(client.notes.clone());
    tx.execute(update).await
}

pub(super) async fn archive(
    tx: &mut Tx,
    scope: &Scope,
    id: ClientId,
    since: Option<DateTime<Utc>>,
) -> Result<(), DbError> {
    let update = statement!(
        "UPDATE clients SET archived_at = $3, revision = revision + 1
         WHERE id = $1 AND organisation_id = $2"
    );
    tx.execute(update.bind(id).bind(scope.organisation()).bind(since)).await.map(drop)
}

#[derive(sqlx::FromRow)]
struct NowRow {
    id: ClientId,
    merged_into: Option<ClientId>,
}

/// The client an id stands for now: itself, or what it was merged into.
pub(super) async fn now_called(
    tx: &mut Tx,
    scope: &Scope,
    id: ClientId,
) -> Result<Option<ClientId>, DbError> {
    let select = statement!(
        "SELECT k.id, k.merged_into FROM clients k WHERE k.id = $1 AND k.organisation_id = $2"
    );
    let row = tx.optional::<NowRow>(select.bind(id).bind(scope.organisation())).await?;
    Ok(row.map(|row| row.merged_into.unwrap_or(row.id)))
}

pub(super) async fn find(
    tx: &mut Tx,
    scope: &Scope,
    id: ClientId,
) -> Result<Option<Client>, DbError> {
    let select = statement!(concat!(select!(), " AND k.id = $4"));
    let row = tx.optional::<ClientRow>(seen_by(select, scope).bind(id)).await?;
    row.map(ClientRow::client).transpose()
}

pub(super) async fn list(tx: &mut Tx, scope: &Scope) -> Result<Vec<Client>, DbError> {
    let select = statement!(concat!(select!(), " ORDER BY k.name, k.id LIMIT 1000"));
    let rows = tx.all::<ClientRow>(seen_by(select, scope)).await?;
    rows.into_iter().map(ClientRow::client).collect()
}

/// A text as a pattern that finds it anywhere.
fn anywhere(text: &str) -> String {
    let text = text.trim().to_lowercase();
    let text = text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    format!("%{text}%")
}

pub(super) async fn search(
    tx: &mut Tx,
    scope: &Scope,
    query: &ClientQuery,
    limit: i64,
) -> Result<Vec<Client>, DbError> {
    let select = statement!(concat!(
        select!(),
        " AND (lower(k.name) LIKE $4 ESCAPE '\\'
               OR lower(coalesce(k.city, '')) LIKE $4 ESCAPE '\\'
               OR lower(coalesce(k.email, '')) LIKE $4 ESCAPE '\\'
               OR coalesce(k.phone, '') LIKE $4 ESCAPE '\\'
               OR lower(coalesce(k.gstin, '')) LIKE $4 ESCAPE '\\')
          AND ($5 = '' OR k.kind = $5)
          AND (CASE WHEN k.archived_at IS NULL THEN FALSE ELSE TRUE END) = $6
          AND (NOT $7 OR EXISTS (SELECT 1 FROM clients l WHERE l.id = $8
                   AND (l.name < k.name OR (l.name = k.name AND l.id < k.id))))
          ORDER BY k.name, k.id LIMIT $9"
    ));
    let select = seen_by(select, scope)
        .bind(anywhere(&query.words))
        .bind(query.kind.map_or("", super::Kind::as_str))
        .bind(query.archived)
        .bind(query.after.is_some())
        .bind(query.after)
        .bind(limit);
    let rows = tx.all::<ClientRow>(select).await?;
    rows.into_iter().map(ClientRow::client).collect()
}

/// Whether the caller works on a case of a client, entered it, or looks after all.
pub(super) async fn may_change(tx: &mut Tx, scope: &Scope, id: ClientId) -> Result<bool, DbError> {
    let select = statement!(
        "SELECT COUNT(*) AS count FROM known_clients m
         JOIN clients k ON k.id = m.client_id
         JOIN users u ON u.id = m.user_id
         WHERE m.client_id = $1 AND m.user_id = $2 AND k.merged_into IS NULL
           AND (u.role IN ('admin', 'billing') OR k.added_by = u.id
                OR EXISTS (SELECT 1 FROM open_cases o JOIN cases c ON c.id = o.case_id
                           WHERE o.user_id = u.id AND c.client_id = k.id
                             AND o.role IN ('lead', 'member')))"
    );
    Ok(tx.one::<Count>(select.bind(id).bind(scope.user())).await?.count > 0)
}

/// A case of a client, as a list shows it.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct ClientCase {
    /// Which case.
    pub id: CaseId,
    /// Its title.
    pub title: String,
    /// The court's number for it.
    pub number: Option<String>,
    /// `open` or `closed`.
    pub status: String,
    /// When the chamber took it on, as `YYYY-MM-DD`.
    pub opened_on: String,
}

pub(super) async fn cases(
    tx: &mut Tx,
    scope: &Scope,
    id: ClientId,
) -> Result<Vec<ClientCase>, DbError> {
    let select = statement!(
        "SELECT c.id, c.title, c.number, c.status, c.opened_on FROM cases c
         WHERE c.organisation_id = $1 AND c.client_id = $4
           AND ($2 OR EXISTS (SELECT 1 FROM known_cases m
                              WHERE m.case_id = c.id AND m.user_id = $3))
         ORDER BY c.opened_on DESC, c.id DESC LIMIT 200"
    );
    tx.all(seen_by(select, scope).bind(id)).await
}

/// Somebody who comes into the portal for a client.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct PortalPerson {
    /// Who.
    pub id: UserId,
    /// How they are called.
    pub name: String,
    /// What they sign in with.
    pub email: String,
    /// Whether they may.
    pub active: bool,
}

pub(super) async fn portal_people(
    tx: &mut Tx,
    scope: &Scope,
    id: ClientId,
) -> Result<Vec<PortalPerson>, DbError> {
    let select = statement!(
        "SELECT u.id, u.name, u.email, u.active FROM users u
         JOIN clients k ON k.id = u.client_id
         WHERE k.organisation_id = $1 AND k.id = $4
           AND ($2 OR EXISTS (SELECT 1 FROM known_clients m
                              WHERE m.client_id = k.id AND m.user_id = $3))
         ORDER BY u.name, u.id LIMIT 200"
    );
    tx.all(seen_by(select, scope).bind(id)).await
}
