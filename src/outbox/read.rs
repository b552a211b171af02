//! Reading the letters that wait.

use super::{Outbox, OutboxError, PURPOSE, Words};
use crate::kernel::{Permission, Scope};
use crate::statement;

#[derive(sqlx::FromRow)]
struct SealedRow {
    sealed: Vec<u8>,
}

impl Outbox {
    /// What the newest letter of a kind that waits for someone says; nothing for
    /// whoever does not look after the chamber's people.
    ///
    /// # Errors
    /// Fails when the database does, or it cannot be opened.
    pub async fn latest(
        &self,
        scope: &Scope,
        kind: &str,
        recipient: &str,
    ) -> Result<Option<Words>, OutboxError> {
        if !scope.may(Permission::ManagePeople) {
            return Ok(None);
        }
        let mut tx = self.db.read().await?;
        let select = statement!(
            "SELECT l.sealed FROM letters l
             WHERE l.organisation_id = $1 AND l.kind = $2 AND l.recipient = $3
               AND l.status = 'waiting'
             ORDER BY l.created_at DESC, l.id DESC LIMIT 1"
        )
        .bind(scope.organisation())
        .bind(kind)
        .bind(recipient);
        let Some(row) = tx.optional::<SealedRow>(select).await? else { return Ok(None) };
        let words = self.vault.unseal(PURPOSE, &row.sealed)?;
        Ok(serde_json::from_slice(&words).ok())
    }
}
