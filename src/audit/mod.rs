//! Who did what: an append-only record, each row carrying the hash of the one
//! before it in its organisation, written in the transaction that did the thing.
//!
//! A changed, removed or inserted row breaks the chain, and [`Audit::check`] names
//! the first row that does not fit.

mod store;

use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::db::{Db, DbError, Tx};
use crate::kernel::{Clock, OrganisationId, Scope, UserId};

/// What can be done with the record.
#[derive(Clone)]
pub struct Audit {
    db: Db,
    clock: Arc<dyn Clock>,
}

/// One row of the record.
#[derive(Debug, Clone, PartialEq, sqlx::FromRow)]
pub struct Entry {
    /// Its place in the organisation's record, from 1.
    pub number: i64,
    /// When it was done.
    pub at: DateTime<Utc>,
    /// By whom; none for the service itself.
    pub user_id: Option<UserId>,
    /// What, as `noun.verb`.
    pub action: String,
    /// The particulars, as a JSON object.
    pub details: Value,
    previous_hash: Vec<u8>,
    hash: Vec<u8>,
}

impl Audit {
    /// Puts the area together.
    #[must_use]
    pub fn new(db: Db, clock: Arc<dyn Clock>) -> Self {
        Self { db, clock }
    }

    /// Writes a row in the transaction of what it records.
    ///
    /// # Errors
    /// Fails when the database does.
    pub async fn record(
        &self,
        tx: &mut Tx,
        organisation: OrganisationId,
        user: Option<UserId>,
        action: &'static str,
        details: Value,
    ) -> Result<(), DbError> {
        store::lock(tx, organisation).await?;
        let last = store::last(tx, organisation).await?;
        let (number, previous_hash) =
            last.map_or((1, vec![0; 32]), |last| (last.number + 1, last.hash));
        let mut entry = Entry {
            number,
            at: self.clock.now(),
            user_id: user,
            action: action.to_owned(),
            details,
            previous_hash,
            hash: Vec::new(),
        };
        entry.hash = entry.digest(organisation);
        store::insert(tx, organisation, entry).await
    }

    /// Writes a row for a view, which changes nothing else.
    ///
    /// # Errors
    /// Fails when the database does.
    pub async fn viewed(
        &self,
        scope: &Scope,
        action: &'static str,
        details: Value,
    ) -> Result<(), DbError> {
        let mut tx = self.db.write().await?;
        self.record(&mut tx, scope.organisation(), Some(scope.user()), action, details).await?;
        tx.commit().await
    }

    /// The newest rows of the caller's organisation, newest first.
    ///
    /// # Errors
    /// Fails when the database does.
    pub async fn recent(&self, scope: &Scope) -> Result<Vec<Entry>, DbError> {
        let mut tx = self.db.read().await?;
        store::recent(&mut tx, scope.organisation()).await
    }

    /// Walks an organisation's chain and gives the number of the first row that
    /// does not fit, or none when the record is whole.
    ///
    /// # Errors
    /// Fails when the database does.
    pub async fn check(&self, organisation: OrganisationId) -> Result<Option<i64>, DbError> {
        let mut tx = self.db.read().await?;
        let (mut expected, mut previous) = (1, vec![0; 32]);
        loop {
            let rows = store::from(&mut tx, organisation, expected).await?;
            if rows.is_empty() {
                return Ok(None);
            }
            for row in rows {
                let fits = row.number == expected
                    && row.previous_hash == previous
                    && row.hash == row.digest(organisation);
                if !fits {
                    return Ok(Some(expected));
                }
                expected += 1;
                previous = row.hash;
            }
        }
    }
}

impl Entry {
    fn digest(&self, organisation: OrganisationId) -> Vec<u8> {
        let user = self.user_id.map(|user| user.to_string()).unwrap_or_default();
        let text = format!(
            "{organisation}\n{}\n{}\n{user}\n{}\n{}",
            self.number,
            self.at.timestamp_micros(),
            self.action,
            canonical(&self.details)
        );
        Sha256::new().chain_update(&self.previous_hash).chain_update(text).finalize().to_vec()
    }
}

/// JSON with its keys in order, since PostgreSQL gives an object back in another
/// order than it was written.
fn canonical(value: &Value) -> String {
    match value {
        Value::Object(fields) => {
            let mut fields: Vec<_> = fields.iter().collect();
            fields.sort_by_key(|(name, _)| name.as_str());
            let fields = fields.into_iter().map(|(name, value)| {
                format!("{}:{}", Value::from(name.as_str()), canonical(value))
            });
            format!("{{{}}}", fields.collect::<Vec<_>>().join(","))
        }
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(canonical).collect();
            format!("[{}]", items.join(","))
        }
        plain => plain.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_order_of_keys_does_not_matter() {
        let one = json!({ "b": [1, { "y": 1, "x": null }], "a": "q\"" });
        let two: Value = serde_json::from_str(r#"{"a":"q\"","b":[1,{"x":null,"y":1}]}"#).unwrap();
        assert_eq!(canonical(&one), canonical(&two));
    }
}
