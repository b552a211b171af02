//! Changing the master key: everything an older one sealed is sealed by the newest,
//! after which the older one is needed for nothing and can be removed.

use std::collections::BTreeMap;

use super::{Privacy, PrivacyError};
use uuid::Uuid;

use crate::vault::{Vault, VaultError};

/// How many rows are sealed anew in a transaction. One is read at a time: an attachment, a
/// receipt or a paper may be megabytes.
const BATCH: usize = 50;

/// A column of sealed bytes.
struct Sealed {
    table: &'static str,
    /// What tells its rows apart.
    key: &'static str,
    column: &'static str,
    /// What the bytes are sealed as.
    purpose: &'static str,
    /// Whether each row is sealed as its own: `PURPOSE of KEY`.
    each: bool,
}

impl Sealed {
    const fn of(table: &'static str, column: &'static str, purpose: &'static str) -> Self {
        Self { table, key: "id", column, purpose, each: false }
    }

    fn purpose_of(&self, row: Uuid) -> String {
        if self.each { format!("{} of {row}", self.purpose) } else { self.purpose.to_owned() }
    }
}

/// Columns a master key seals. A new `BYTEA` column goes here or into `PLAIN`; a test
/// says so.
const SEALED: &[Sealed] = &[
    Sealed::of("attachments", "sealed", "attachment"),
    Sealed { key: "organisation_id", ..Sealed::of("audit_heads", "sealed", "audit_heads.sealed") },
    Sealed {
        key: "user_id",
        each: true,
        ..Sealed::of("authenticators", "sealed", "authenticator")
    },
    Sealed::of("erasures", "marks", "marks of an erasure"),
    Sealed { each: true, ..Sealed::of("issued_papers", "sealed", "issued paper") },
    Sealed::of("letters", "sealed", "letter"),
    Sealed { key: "expense_id", each: true, ..Sealed::of("receipts", "sealed", "receipt") },
    Sealed::of("token_keys", "sealed", "token-key"),
    Sealed::of("versions", "password_sealed", "document password"),
    Sealed::of("webhooks", "former_secret", "webhook secret"),
    Sealed::of("webhooks", "secret", "webhook secret"),
];

/// Columns of bytes that are not sealed (hashes, and what is made of pages), and what is
/// sealed for ten minutes only: a key that was changed is kept longer than that.
#[cfg(test)]
const PLAIN: &[(&str, &str)] = &[
    ("api_tokens", "token_hash"),
    ("audit_log", "hash"),
    ("audit_log", "previous_hash"),
    ("backup_codes", "code_hash"),
    ("backup_codes", "salt"),
    ("ceremonies", "state"),
    ("ceremonies", "token_hash"),
    ("client_codes", "link_hash"),
    ("client_codes", "request_hash"),
    ("client_codes", "sealed"),
    ("devices", "device_hash"),
    ("one_time_links", "token_hash"),
    ("pages", "layout"),
    ("passkeys", "credential_id"),
    ("pending_sign_ins", "token_hash"),
    ("phone_codes", "sealed"),
    ("sessions", "token_hash"),
    ("sign_in_attempts", "subject"),
    ("sketches", "sketch"),
    ("spent_refresh_tokens", "token_hash"),
];

/// What a master key still seals.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyUse {
    /// Its number.
    pub number: u32,
    /// Whether it seals what is new.
    pub is_newest: bool,
    /// Whether it is among the keys at hand.
    pub is_here: bool,
    /// How many values in the tables.
    pub values: u64,
    /// How many files.
    pub files: u64,
}

/// What was sealed anew.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Rotated {
    /// Values in the tables.
    pub values: u64,
    /// Files.
    pub files: u64,
}

impl Privacy {
    /// Which key still seals what.
    ///
    /// # Errors
    /// Fails when the database or the disk does.
    pub async fn key_uses(&self) -> Result<Vec<KeyUse>, PrivacyError> {
        let mut uses: BTreeMap<u32, (u64, u64)> = BTreeMap::new();
        let mut tx = self.db.read().await?;
        for Sealed { table, key, column, .. } in SEALED {
            for row in tx.rows_with_bytes(table, key, column).await? {
                if let Some(sealed) = tx.bytes_in((table, key, column), row).await? {
                    uses.entry(Vault::key_of(&sealed)?).or_default().0 += 1;
                }
            }
        }
        drop(tx);
        for number in self.documents.file_keys().await? {
            uses.entry(number).or_default().1 += 1;
        }
        let here = self.vault.key_numbers();
        for &number in &here {
            uses.entry(number).or_default();
        }
        let newest = self.vault.newest_key();
        Ok(uses
            .into_iter()
            .rev()
            .map(|(number, (values, files))| KeyUse {
                number,
                is_newest: number == newest,
                is_here: here.contains(&number),
                values,
                files,
            })
            .collect())
    }

    /// Has the newest master key seal everything. Exports and page images that an older
    /// one sealed are removed; they are made anew. `told` is given what was done so far.
    ///
    /// # Errors
    /// Fails when something cannot be opened; what was done stays done.
    pub async fn seal_anew(
        &self,
        mut told: impl FnMut(Rotated) + Send + 'static,
    ) -> Result<Rotated, PrivacyError> {
        let mut done = Rotated::default();
        for place in SEALED {
            let mut tx = self.db.read().await?;
            let rows = tx.rows_with_bytes(place.table, place.key, place.column).await?;
            drop(tx);
            for batch in rows.chunks(BATCH) {
                done.values += self.seal_rows_anew(place, batch).await?;
                told(done);
            }
        }
        self.documents.clear_images().await?;
        let before = done;
        let resealed = self.documents.reseal_files(move |files| {
            told(Rotated { files: files.changed, ..before });
        });
        done.files = resealed.await?.changed;
        done.files += self.reseal_exports()?;
        Ok(done)
    }

    /// Has the newest master key seal rows, one after the other, and says how many it did.
    async fn seal_rows_anew(&self, place: &Sealed, rows: &[Uuid]) -> Result<u64, PrivacyError> {
        let Sealed { table, key, column, .. } = place;
        let mut changed = 0;
        let mut tx = self.db.write().await?;
        for &row in rows {
            let Some(sealed) = tx.bytes_in((table, key, column), row).await? else { continue };
            if Vault::key_of(&sealed)? == self.vault.newest_key() {
                continue;
            }
            let purpose = place.purpose_of(row);
            let plain = self.vault.unseal(&purpose, &sealed)?;
            let anew = self.vault.seal(&purpose, &plain)?;
            tx.set_bytes(table, key, column, row, anew).await?;
            changed += 1;
        }
        tx.commit().await?;
        Ok(changed)
    }

    fn reseal_exports(&self) -> Result<u64, PrivacyError> {
        let mut changed = 0;
        if self.exports.exists() {
            for entry in std::fs::read_dir(&self.exports)? {
                let path = entry?.path();
                let file = std::fs::File::options().read(true).write(true).open(&path)?;
                changed += u64::from(self.reseal_export(&file)?);
            }
        }
        Ok(changed)
    }

    fn reseal_export(&self, file: &std::fs::File) -> Result<bool, VaultError> {
        crate::vault::reseal(&self.vault, super::export::PURPOSE, file)
            .map_err(|_| VaultError::Damaged)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::MIGRATIONS;

    #[test]
    fn every_column_of_bytes_is_said_to_be_sealed_or_not() {
        let mut table = "";
        for (_, name, text) in MIGRATIONS {
            for line in text.lines() {
                for start in ["CREATE TABLE ", "ALTER TABLE "] {
                    if let Some(rest) = line.trim_start().strip_prefix(start) {
                        table = rest.split(' ').next().unwrap();
                    }
                }
                let Some(before) = line.split(" BYTEA").next().filter(|it| *it != line) else {
                    continue;
                };
                let column = before.split(' ').next_back().unwrap();
                let sealed =
                    SEALED.iter().any(|place| (place.table, place.column) == (table, column));
                let plain = PLAIN.contains(&(table, column));
                assert!(sealed != plain, "{name}: list `{table}.{column}` as sealed or plain");
            }
        }
    }
}
