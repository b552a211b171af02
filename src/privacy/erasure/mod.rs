//! Erasing: what would go, taking it out of every store, looking into each
//! afterwards, and the certificate.

mod books;
mod certificate;
mod file;
mod rows;
mod run;
mod survey;

use chrono::{DateTime, Utc};
use serde_json::json;

pub use certificate::{Certificate, Probe};
pub use run::Erasing;

use super::{Privacy, PrivacyError, Subject, allowed, holds, store, work};
use crate::db::Catalogue;
use crate::jobs::NewJob;
use crate::kernel::{ErasureId, Scope};
use survey::survey;

/// What the names are sealed as by which traces are looked for.
const MARKS: &str = "marks of an erasure";
/// Shorter words would find what they are not about.
const SHORTEST_MARK: usize = 4;
/// How many further words an admin may name.
const MOST_WORDS: usize = 20;

/// What an erasure would remove.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preview {
    /// What is called so would go; to be typed to confirm.
    pub name: String,
    /// Why it must not be erased, if a legal hold stands.
    pub held: Option<String>,
    /// How many rows of each table.
    pub counts: Vec<(String, u64)>,
    /// How many rows of the books stay, by table: the law has them kept.
    pub books: Vec<(String, u64)>,
    /// How many files no other document uses.
    pub files: u64,
    /// How many people's names and addresses are taken out.
    pub people: u64,
}

/// An erasure.
#[derive(Debug, Clone, PartialEq, sqlx::FromRow)]
pub struct Erasure {
    /// Its id.
    pub id: ErasureId,
    /// What was erased: `client`, `case`, `document`, `user`.
    pub subject_kind: String,
    /// Its id.
    pub subject_id: uuid::Uuid,
    /// By whom.
    pub asked_by: crate::kernel::UserId,
    /// When it was asked for.
    pub asked_at: DateTime<Utc>,
    /// `running`, `done` or `failed`.
    pub status: String,
    /// The certificate as JSON, once it is done.
    pub certificate: Option<String>,
    /// The SHA-256 of the certificate.
    pub hash: Option<String>,
    /// Why it failed.
    pub error: Option<String>,
    /// When it was done.
    pub done_at: Option<DateTime<Utc>>,
}

impl Privacy {
    /// What an erasure would remove. Nothing is changed.
    ///
    /// # Errors
    /// Fails when it is not there or not open to the caller.
    pub async fn preview_erasure(
        &self,
        scope: &Scope,
        subject: Subject,
    ) -> Result<Preview, PrivacyError> {
        allowed(scope)?;
        let mut tx = self.db.read().await?;
        let found = self.open_to(&mut tx, scope, subject).await?;
        let (versions, deliveries) = (found.versions(), found.of("deliveries"));
        let organisation = scope.organisation();
        let files = self.documents.files_of(&mut tx, organisation, &versions, &deliveries).await?;
        let held = holds::standing(&mut tx, &found.rows).await?;
        Ok(Preview {
            name: found.name,
            held,
            counts: found
                .rows
                .iter()
                .map(|(table, ids)| (table.clone(), ids.len() as u64))
                .collect(),
            books: found.books.into_iter().collect(),
            files: files.len() as u64,
            people: found.people.len() as u64,
        })
    }

    /// Erases, in the background. `name` is typed as the preview shows it; traces are
    /// looked for by the names of a client or case, and by further `words`.
    ///
    /// # Errors
    /// Fails when it is not there or not open to the caller, a legal hold stands, or the
    /// name is not the one shown.
    pub async fn erase(
        &self,
        scope: &Scope,
        subject: Subject,
        name: &str,
        words: &[String],
    ) -> Result<ErasureId, PrivacyError> {
        allowed(scope)?;
        if subject == Subject::User(scope.user()) {
            return Err(PrivacyError::Invalid("another admin must erase your account".into()));
        }
        let words: Vec<String> =
            words.iter().map(|word| word.trim().to_owned()).filter(|it| !it.is_empty()).collect();
        if words.len() > MOST_WORDS || words.iter().any(|word| word.chars().count() < SHORTEST_MARK)
        {
            let text = format!(
                "name up to {MOST_WORDS} further words, each of {SHORTEST_MARK} letters or more"
            );
            return Err(PrivacyError::Invalid(text));
        }
        let mut tx = self.db.write().await?;
        let found = self.open_to(&mut tx, scope, subject).await?;
        if let Some(reason) = holds::standing(&mut tx, &found.rows).await? {
            return Err(PrivacyError::Held(reason));
        }
        if found.name.trim() != name.trim() {
            return Err(PrivacyError::NotConfirmed(found.name));
        }
        let id = ErasureId::new();
        let marks: Vec<String> = found.marks.into_iter().chain(words).collect();
        let marks = serde_json::to_vec(&marks).unwrap_or_default();
        let marks = self.vault.seal(MARKS, &marks)?;
        store::insert_erasure(&mut tx, id, scope, subject, marks, self.clock.now()).await?;
        let job =
            NewJob { organisation: scope.organisation(), kind: work::ERASE, subject: id.uuid() };
        self.jobs.enqueue(&mut tx, job).await?;
        let details = json!({ "erasure": id, "kind": subject.kind(), "subject": subject.id() });
        self.record(&mut tx, scope, "erasure.begin", details).await?;
        tx.commit().await?;
        self.jobs.nudge();
        Ok(id)
    }

    /// The erasures of the caller's organisation, newest first.
    ///
    /// # Errors
    /// Fails for callers who do not protect data.
    pub async fn erasures(&self, scope: &Scope) -> Result<Vec<Erasure>, PrivacyError> {
        allowed(scope)?;
        let mut tx = self.db.read().await?;
        Ok(store::erasures(&mut tx, scope.organisation()).await?)
    }

    /// One erasure.
    ///
    /// # Errors
    /// Fails when it is not there or not open to the caller.
    pub async fn erasure(&self, scope: &Scope, id: ErasureId) -> Result<Erasure, PrivacyError> {
        allowed(scope)?;
        let mut tx = self.db.read().await?;
        store::erasure(&mut tx, scope.organisation(), id).await?.ok_or(PrivacyError::NotFound)
    }

    /// What belongs to a subject, if it is open to the caller: an ethical wall keeps an
    /// admin from erasing too.
    async fn open_to(
        &self,
        tx: &mut crate::db::Tx,
        scope: &Scope,
        subject: Subject,
    ) -> Result<survey::Survey, PrivacyError> {
        let catalogue = Catalogue::read(tx).await?;
        let found = survey(tx, &catalogue, scope.organisation(), subject, None).await?;
        let found = found.ok_or(PrivacyError::NotFound)?;
        let is_open = match subject {
            Subject::Document(id) => {
                store::case_of(tx, id).await?.is_some_and(|case| scope.opens(case))
            }
            Subject::Client(id) => store::knows_client(tx, scope.user(), id).await?,
            Subject::Case(_) | Subject::User(_) => true,
        };
        let cases_are_open = found.of("cases").iter().all(|case| scope.opens((*case).into()));
        if is_open && cases_are_open { Ok(found) } else { Err(PrivacyError::NotFound) }
    }
}
