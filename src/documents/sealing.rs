//! What of a document is sealed: its file (`blobs`), its password, and both where an
//! earlier release left them readable.

use super::{DocumentError, Documents, Origin};
use crate::db::DbError;
use crate::kernel::{OrganisationId, VersionId};
use crate::statement;
use crate::vault::VaultError;

/// What passwords are sealed as.
const PASSWORD: &str = "document password";

#[derive(sqlx::FromRow)]
struct Clear {
    id: VersionId,
    password: String,
}

#[derive(sqlx::FromRow)]
struct Owner {
    organisation_id: OrganisationId,
}

impl Documents {
    /// A password, to be stored.
    pub(super) fn seal_password(&self, password: &str) -> Result<Vec<u8>, VaultError> {
        self.blobs.vault().seal(PASSWORD, password.as_bytes())
    }

    /// The password that opens a version's file, if it needs one.
    pub(super) fn password_of(&self, origin: &Origin) -> Result<Option<String>, VaultError> {
        let Some(sealed) = &origin.password_sealed else { return Ok(None) };
        let password = self.blobs.vault().unseal(PASSWORD, sealed)?;
        Ok(Some(String::from_utf8_lossy(&password).into_owned()))
    }

    /// Seals the files and passwords an earlier release left readable, and says how
    /// many files there were. May be stopped at any moment and done again.
    ///
    /// # Errors
    /// Fails when the database or the disk does.
    pub async fn seal_former(&self) -> Result<usize, DocumentError> {
        let mut tx = self.db.write().await?;
        let select =
            statement!("SELECT id, password FROM versions WHERE password IS NOT NULL ORDER BY id");
        for Clear { id, password } in tx.all::<Clear>(select).await? {
            let update = statement!(
                "UPDATE versions SET password_sealed = $2, password = NULL WHERE id = $1"
            );
            tx.execute(update.bind(id).bind(self.seal_password(&password)?)).await?;
        }
        tx.commit().await?;

        let blobs = self.blobs.clone();
        let former = tokio::task::spawn_blocking(move || blobs.unsealed()).await;
        let former = former.map_err(std::io::Error::other)??;
        let total = former.len();
        if total > 0 {
            tracing::info!(files = total, "sealing the files of an earlier release");
        }
        for (number, sha256) in former.iter().enumerate() {
            let owners = self.owners(sha256).await?;
            if let Err(error) = self.blobs.seal_former(sha256, &owners).await {
                tracing::error!(sha256, %error, "a file could not be sealed and stays as it is");
            }
            if (number + 1) % 500 == 0 {
                tracing::info!(sealed = number + 1, files = total, "sealing files");
            }
        }
        Ok(total)
    }

    /// Who has a file with these bytes.
    async fn owners(&self, sha256: &str) -> Result<Vec<OrganisationId>, DbError> {
        let mut tx = self.db.read().await?;
        let select = statement!(
            "SELECT DISTINCT d.organisation_id
             FROM versions v JOIN documents d ON d.id = v.document_id WHERE v.sha256 = $1"
        );
        let rows = tx.all::<Owner>(select.bind(sha256)).await?;
        Ok(rows.into_iter().map(|row| row.organisation_id).collect())
    }
}
