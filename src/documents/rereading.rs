//! What a person can do for pages that were not read well: have them read again,
//! in another language, with a password, or type what they say.

use serde_json::{Value, json};

use super::{DocumentError, Documents, Version, store, work};
use crate::audit::Changes;
use crate::db::{DbError, Tx};
use crate::jobs::NewJob;
use crate::kernel::{DocumentId, Scope, VersionId};
use crate::statement;

/// The longest password taken, in bytes; PDF stops at 127.
const LONGEST_PASSWORD: usize = 512;
/// The longest transcript of a page, in bytes.
const LONGEST_TRANSCRIPT: usize = 256 << 10;

/// How a whole version is to be read again.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reread {
    /// The languages of its pages as `tesseract` names them, joined by `+`; as
    /// configured when nothing is said.
    pub languages: Option<String>,
    /// Whether to recognise every page, whatever text the file has.
    pub recognise_all: bool,
}

impl Documents {
    /// Has one page of a version read again.
    ///
    /// # Errors
    /// Fails when there is no such page, it is not open to the caller, or the caller
    /// is a client.
    pub async fn retry_page(
        &self,
        scope: &Scope,
        id: DocumentId,
        number: i64,
        page: u32,
    ) -> Result<(), DocumentError> {
        let version = self.to_be_changed(scope, id, number).await?;
        let mut tx = self.db.write().await?;
        let update =
            statement!("UPDATE pages SET again = TRUE WHERE version_id = $1 AND number = $2");
        if tx.execute(update.bind(version.version_id).bind(page)).await? == 0 {
            return Err(DocumentError::NotFound);
        }
        let details = json!({ "document": id, "version": number, "page": page });
        self.read_again_soon(tx, scope, &version, "document.page.retry", details).await
    }

    /// Has a whole version read again, and says in which languages.
    ///
    /// # Errors
    /// Fails when the version is not open to the caller, a language is no name of
    /// one, or the caller is a client.
    pub async fn reread(
        &self,
        scope: &Scope,
        id: DocumentId,
        number: i64,
        reread: Reread,
    ) -> Result<(), DocumentError> {
        let Reread { languages, recognise_all } = reread;
        if let Some(languages) = &languages
            && !languages.split('+').all(is_language)
        {
            let words = "write languages as tesseract names them, joined by +: eng+hin".to_owned();
            return Err(DocumentError::Invalid(words));
        }
        let version = self.to_be_changed(scope, id, number).await?;
        let mut tx = self.db.write().await?;
        let (before_languages, before_all) = how_read(&mut tx, version.version_id).await?;
        let details = Changes::of("languages", before_languages, &languages)
            .and("recognise_all", before_all, recognise_all)
            .onto(json!({ "document": id, "version": number }));
        let update =
            statement!("UPDATE versions SET languages = $2, recognise_all = $3 WHERE id = $1");
        let update = update.bind(version.version_id).bind(languages).bind(recognise_all);
        tx.execute(update).await?;
        // What a person typed is not overwritten by a machine.
        let pages = statement!(
            "UPDATE pages SET again = TRUE WHERE version_id = $1 AND transcribed_by IS NULL"
        );
        tx.execute(pages.bind(version.version_id)).await?;
        self.read_again_soon(tx, scope, &version, "document.reread", details).await
    }

    /// Gives the password a version needs and has it read.
    ///
    /// # Errors
    /// Fails when the version is not open to the caller, needs no password, or the
    /// caller is a client.
    pub async fn give_password(
        &self,
        scope: &Scope,
        id: DocumentId,
        number: i64,
        password: &str,
    ) -> Result<(), DocumentError> {
        let version = self.to_be_changed(scope, id, number).await?;
        if !version.needs_password {
            return Err(DocumentError::Invalid("this file needs no password".into()));
        }
        if password.is_empty() || password.len() > LONGEST_PASSWORD {
            return Err(DocumentError::Invalid("type the password of the file".into()));
        }
        let mut tx = self.db.write().await?;
        let update = statement!(
            "UPDATE versions SET password_sealed = $2, needs_password = FALSE WHERE id = $1"
        );
        tx.execute(update.bind(version.version_id).bind(self.seal_password(password)?)).await?;
        let details = Changes::default().and_withheld("password", true);
        let details = details.onto(json!({ "document": id, "version": number }));
        self.read_again_soon(tx, scope, &version, "document.password", details).await
    }

    /// Puts what a person read on a page in the place of its text.
    ///
    /// # Errors
    /// Fails when there is no such page, it is not open to the caller, the text is too
    /// long, or the caller is a client.
    pub async fn transcribe(
        &self,
        scope: &Scope,
        id: DocumentId,
        number: i64,
        page: u32,
        text: &str,
    ) -> Result<(), DocumentError> {
        if text.trim().is_empty() || text.len() > LONGEST_TRANSCRIPT {
            return Err(DocumentError::Invalid("type what the page says, up to 256 KiB".into()));
        }
        let version = self.to_be_changed(scope, id, number).await?;
        let mut tx = self.db.write().await?;
        // The size of the page stays known, so that its picture is still shown; its
        // words have no places any more.
        let before = store::page(&mut tx, version.version_id, page).await?;
        let before = before.ok_or(DocumentError::NotFound)?;
        let text = text.replace("\r\n", "\n").replace('\0', " ");
        let changes = Changes::of("method", &before.method, "transcript")
            .and_withheld("text", before.text != text);
        let layout = before.without_words();
        store::retire_of_page(&mut tx, version.version_id, page, &text).await?;
        let update = statement!(
            "UPDATE pages SET text = $3, layout = $4, method = 'transcript', confidence = NULL,
                 error = NULL, furniture = NULL, again = FALSE, transcribed_by = $5
             WHERE version_id = $1 AND number = $2"
        )
        .bind(version.version_id)
        .bind(page)
        .bind(text)
        .bind(layout)
        .bind(scope.user());
        tx.execute(update).await?;
        let details = changes.onto(json!({ "document": id, "version": number, "page": page }));
        self.read_again_soon(tx, scope, &version, "document.page.transcribe", details).await
    }

    /// The version, if the caller may change how it is read.
    async fn to_be_changed(
        &self,
        scope: &Scope,
        id: DocumentId,
        number: i64,
    ) -> Result<Version, DocumentError> {
        if scope.client().is_some() {
            return Err(DocumentError::NotAllowed);
        }
        let document = self.find(scope, id).await?;
        self.cases.to_be_changed(scope, document.case_id).await?;
        self.version(scope, id, number).await
    }

    /// Queues the reading of a version, writes down why, and commits.
    async fn read_again_soon(
        &self,
        mut tx: Tx,
        scope: &Scope,
        version: &Version,
        action: &'static str,
        details: Value,
    ) -> Result<(), DocumentError> {
        store::wait_again(&mut tx, version.version_id).await?;
        let organisation = scope.organisation();
        let subject = version.version_id.uuid();
        self.jobs.enqueue(&mut tx, NewJob { organisation, kind: work::READ, subject }).await?;
        self.audit.record(&mut tx, organisation, Some(scope.user()), action, details).await?;
        tx.commit().await?;
        self.jobs.nudge();
        Ok(())
    }
}

/// Whether this may be a language of `tesseract`: `eng`, `hin`, `chi_sim`,
/// `script/Devanagari`. It becomes an argument of a program, so nothing else is let
/// through.
fn is_language(name: &str) -> bool {
    let plain = name.strip_prefix("script/").unwrap_or(name);
    (2..=32).contains(&plain.len()) && plain.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// In which languages a version is read, and whether all its pages are recognised.
async fn how_read(tx: &mut Tx, version: VersionId) -> Result<(Option<String>, bool), DbError> {
    let select = statement!("SELECT languages, recognise_all FROM versions WHERE id = $1");
    tx.one(select.bind(version)).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_of_languages_are_let_through() {
        for name in ["eng", "hin", "chi_sim", "script/Devanagari"] {
            assert!(is_language(name), "{name}");
        }
        for name in ["", "-l", "eng --psm", "../etc/passwd", "script/../x"] {
            assert!(!is_language(name), "{name}");
        }
    }
}
