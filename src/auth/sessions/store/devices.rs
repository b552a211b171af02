//! The statements about where people are signed in, and what they are known by.

use chrono::{DateTime, Utc};

use crate::auth::sessions::Device;
use crate::db::{DbError, Tx};
use crate::kernel::UserId;
use crate::statement;

pub(in crate::auth::sessions) async fn list(
    tx: &mut Tx,
    user: UserId,
    now: DateTime<Utc>,
) -> Result<Vec<Device>, DbError> {
    let select = statement!(
        "SELECT s.id, s.kind, s.agent, s.address, s.created_at, s.last_used_at, s.expires_at
         FROM sessions s
         WHERE s.user_id = $1 AND s.expires_at > $2 AND s.idle_at > $2
         ORDER BY s.last_used_at DESC, s.id DESC LIMIT 1000"
    );
    tx.all::<Device>(select.bind(user).bind(now)).await
}

#[derive(sqlx::FromRow)]
struct DeviceRow {
    last_seen_at: DateTime<Utc>,
}

/// When a person was last seen with a device.
pub(in crate::auth::sessions) async fn device_seen(
    tx: &mut Tx,
    user: UserId,
    device: Vec<u8>,
) -> Result<Option<DateTime<Utc>>, DbError> {
    let select = statement!(
        "SELECT d.last_seen_at FROM devices d WHERE d.user_id = $1 AND d.device_hash = $2"
    );
    let row = tx.optional::<DeviceRow>(select.bind(user).bind(device)).await?;
    Ok(row.map(|row| row.last_seen_at))
}

#[derive(sqlx::FromRow)]
struct Count {
    count: i64,
}

pub(in crate::auth::sessions) async fn count_devices(
    tx: &mut Tx,
    user: UserId,
) -> Result<i64, DbError> {
    let select = statement!("SELECT COUNT(*) AS count FROM devices d WHERE d.user_id = $1");
    Ok(tx.one::<Count>(select.bind(user)).await?.count)
}

pub(in crate::auth::sessions) async fn note_device(
    tx: &mut Tx,
    user: UserId,
    device: Vec<u8>,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    let insert = statement!(
        "INSERT INTO devices (user_id, device_hash, first_seen_at, last_seen_at)
         VALUES ($1, $2, $3, $3)
         ON CONFLICT (user_id, device_hash) DO UPDATE SET last_seen_at = excluded.last_seen_at"
    );
    tx.execute(insert.bind(user).bind(device).bind(now)).await.map(drop)
}
