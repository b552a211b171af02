//! Every statement the clients area runs.

use chrono::{DateTime, Utc};

use super::Client;
use crate::db::{DbError, Tx};
use crate::kernel::{ClientId, Scope};
use crate::statement;

#[derive(sqlx::FromRow)]
struct ClientRow {
    id: ClientId,
    name: String,
    kind: String,
    email: Option<String>,
    phone: Option<String>,
    city: Option<String>,
}

impl ClientRow {
    fn client(self) -> Result<Client, DbError> {
        let Self { id, name, kind, email, phone, city } = self;
        let kind = kind.parse().map_err(|_| DbError::Inconsistent {
            table: "clients",
            column: "kind",
            value: kind,
        })?;
        Ok(Client { id, name, kind, email, phone, city })
    }
}

pub(super) async fn insert(
    tx: &mut Tx,
    scope: &Scope,
    client: &Client,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    let insert = statement!(
        "INSERT INTO clients (id, organisation_id, name, kind, email, phone, city, created_at,
             added_by)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
    )
    .bind(client.id)
    .bind(scope.organisation())
    .bind(client.name.as_str())
    .bind(client.kind.as_str())
    .bind(client.email.clone())
    .bind(client.phone.clone())
    .bind(client.city.clone())
    .bind(now)
    .bind(scope.user());
    tx.execute(insert).await.map(drop)
}

pub(super) async fn list(tx: &mut Tx, scope: &Scope) -> Result<Vec<Client>, DbError> {
    let select = statement!(
        "SELECT id, name, kind, email, phone, city FROM clients k
         WHERE k.organisation_id = $1
           AND ($2 OR EXISTS (SELECT 1 FROM known_clients m
                              WHERE m.client_id = k.id AND m.user_id = $3))
         ORDER BY name, id LIMIT 1000"
    )
    .bind(scope.organisation())
    .bind(scope.sees_all())
    .bind(scope.user());
    tx.all::<ClientRow>(select).await?.into_iter().map(ClientRow::client).collect()
}
