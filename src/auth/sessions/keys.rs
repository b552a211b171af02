//! The keys that sign access tokens: random, sealed in the tables, changed by
//! themselves. One that signs no more still proves what it signed, until the last
//! such token is over.

use serde_json::json;
use zeroize::Zeroizing;

use super::{ACCESS_LENGTH, store};
use crate::auth::{Auth, AuthError};
use crate::db::Tx;
use crate::kernel::{Permission, Scope, TokenKeyId};

/// What the keys are sealed as.
const PURPOSE: &str = "token-key";

/// A key that signs or proves access tokens.
pub(super) struct TokenKey {
    pub(super) id: TokenKeyId,
    pub(super) secret: Zeroizing<Vec<u8>>,
}

impl Auth {
    /// The key that signs now; a new one when the last is old or there is none.
    pub(super) async fn signing_key(&self, tx: &mut Tx) -> Result<TokenKey, AuthError> {
        let now = self.clock.now();
        match store::signing_key(tx).await? {
            Some(row) if row.created_at + self.settings.sessions.key_age > now => self.opened(&row),
            _ => self.new_key(tx).await,
        }
    }

    /// The key with an id, while it may have signed a token that is still good.
    pub(super) async fn proving_key(
        &self,
        tx: &mut Tx,
        id: TokenKeyId,
    ) -> Result<Option<TokenKey>, AuthError> {
        let row = store::key(tx, id, self.clock.now() - ACCESS_LENGTH).await?;
        row.map(|row| self.opened(&row)).transpose()
    }

    async fn new_key(&self, tx: &mut Tx) -> Result<TokenKey, AuthError> {
        let now = self.clock.now();
        let id = TokenKeyId::new();
        let secret = Zeroizing::new(rand::random::<[u8; 32]>().to_vec());
        let sealed = self.vault.seal(PURPOSE, &secret)?;
        store::retire_keys(tx, now, now - ACCESS_LENGTH).await?;
        store::insert_key(tx, id, sealed, now).await?;
        tracing::info!(key = %id, "access tokens are signed with a new key");
        Ok(TokenKey { id, secret })
    }

    fn opened(&self, row: &store::KeyRow) -> Result<TokenKey, AuthError> {
        Ok(TokenKey { id: row.id, secret: self.vault.unseal(PURPOSE, &row.sealed)? })
    }

    /// Signs with a new key from now on.
    ///
    /// # Errors
    /// Fails for whoever does not look after the service, and when the database does.
    pub async fn rotate_token_keys(&self, scope: &Scope) -> Result<TokenKeyId, AuthError> {
        if !scope.may(Permission::RunService) {
            return Err(AuthError::AdminOnly);
        }
        let mut tx = self.db.write().await?;
        let key = self.new_key(&mut tx).await?;
        let details = json!({ "key": key.id });
        let (organisation, user) = (scope.organisation(), Some(scope.user()));
        self.audit.record(&mut tx, organisation, user, "token_key.rotate", details).await?;
        tx.commit().await?;
        Ok(key.id)
    }
}
