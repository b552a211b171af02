//! Who did what: an append-only record, each row bound to the one before it in its
//! organisation by a keyed hash, written in the transaction that did the thing.
//!
//! A changed, removed, moved or inserted row breaks the chain, rows cut off at the end
//! do not reach its sealed end (`head`), and [`Audit::verify`] names the first row that
//! does not fit. The tables themselves refuse changes, and removals other than
//! retention's. Details hold ids and numbers, never text of documents or secrets.

mod call;
mod chain;
mod changes;
mod head;
mod reading;
mod retention;
mod store;
mod verify;
mod views;
mod withheld;
mod words;

use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use uuid::Uuid;

use self::head::Head;
use self::views::Views;
use crate::db::{Db, DbError, Tx};
use crate::kernel::{CaseId, Clock, DocumentId, OrganisationId, Scope, UserId};
use crate::vault::{Vault, VaultError};

pub use call::Call;
pub use changes::Changes;
pub use reading::{Filter, GROUPS, group_words};
pub use verify::{Checked, Fault, Finding, Noted, Verdict};
pub use withheld::WITHHELD;
pub use words::words;

/// What can be done with the record.
#[derive(Clone)]
pub struct Audit {
    db: Db,
    clock: Arc<dyn Clock>,
    vault: Vault,
    settings: Settings,
    views: Arc<Views>,
}

/// What the area is put together from.
pub struct Parts {
    /// The tables.
    pub db: Db,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// What seals the end of the record.
    pub vault: Vault,
    /// What is kept, and how long.
    pub settings: Settings,
}

/// What the record keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settings {
    /// How long rows are kept, in days.
    pub keep_days: u32,
    /// Whether addresses are kept whole, or only their network.
    pub whole_addresses: bool,
    /// Whether what was searched for is kept in words, beside its keyed hash.
    pub search_text: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self { keep_days: 1095, whole_addresses: false, search_text: false }
    }
}

/// Why the record could not be written or read.
#[derive(Debug, thiserror::Error)]
pub enum AuditError {
    /// The sealed end belongs to another organisation or is not one.
    #[error("the sealed end of the record is not this organisation's")]
    Head,
    /// The sealed end cannot be sealed or opened.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl From<AuditError> for DbError {
    /// Whoever records something in a transaction can do nothing about a record that
    /// cannot be written but undo it.
    fn from(error: AuditError) -> Self {
        match error {
            AuditError::Db(error) => error,
            other => Self::Inconsistent {
                table: "audit_heads",
                column: "sealed",
                value: other.to_string(),
            },
        }
    }
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
    /// From where, as far as the settings let it be kept.
    pub address: Option<String>,
    /// In which request.
    pub request_id: Option<Uuid>,
    previous_hash: Vec<u8>,
    hash: Vec<u8>,
    digest: i64,
}

/// A search, as it is to be recorded.
#[derive(Debug, Clone, Copy)]
pub struct Searched<'a> {
    /// What kind: `words`, `filters`, `similar`, `citing`, `inside` or `mentions`.
    pub kind: &'static str,
    /// What was searched for.
    pub text: &'a str,
    /// Within which case.
    pub case: Option<CaseId>,
    /// In, or starting from, which document.
    pub document: Option<DocumentId>,
    /// How many documents were found; none where that is not counted.
    pub documents: Option<u64>,
}

impl Audit {
    /// Puts the area together.
    #[must_use]
    pub fn new(parts: Parts) -> Self {
        let Parts { db, clock, vault, settings } = parts;
        Self { db, clock, vault, settings, views: Arc::default() }
    }

    /// Writes a row in the transaction of what it records; the last thing that
    /// transaction does, since writers of one organisation's record wait for each
    /// other from here to the commit.
    ///
    /// # Errors
    /// Fails when the database does, and when the sealed end of the record cannot be
    /// opened: nothing is done that cannot be recorded.
    pub async fn record(
        &self,
        tx: &mut Tx,
        organisation: OrganisationId,
        user: Option<UserId>,
        action: &'static str,
        details: Value,
    ) -> Result<(), DbError> {
        let mut head = self.head(tx, organisation).await?;
        self.append(tx, organisation, &mut head, (user, action, details)).await?;
        let sealed = head.seal(&self.vault, organisation)?;
        store::keep_head(tx, organisation, sealed).await
    }

    /// Writes a row for a view, which changes nothing else. The same view by the same
    /// person within five minutes is written once.
    ///
    /// # Errors
    /// Fails when the database does.
    pub async fn viewed(
        &self,
        scope: &Scope,
        action: &'static str,
        details: Value,
    ) -> Result<(), DbError> {
        let (now, view) = (self.clock.now(), (scope.user(), action, details.to_string()));
        if self.views.seen(&view, now) {
            return Ok(());
        }
        let mut tx = self.db.write().await?;
        self.record(&mut tx, scope.organisation(), Some(scope.user()), action, details).await?;
        tx.commit().await?;
        self.views.remember(view, now);
        Ok(())
    }

    /// Writes a row for an act that changes nothing, such as an export; each time.
    ///
    /// # Errors
    /// Fails when the database does.
    pub async fn acted(
        &self,
        scope: &Scope,
        action: &'static str,
        details: Value,
    ) -> Result<(), DbError> {
        let mut tx = self.db.write().await?;
        self.record(&mut tx, scope.organisation(), Some(scope.user()), action, details).await?;
        tx.commit().await
    }

    /// Writes a row for a search: what kind, where, how many documents it found, and a
    /// keyed hash of what was searched for, from which the words cannot be had.
    ///
    /// # Errors
    /// Fails when the database does.
    pub async fn searched(&self, scope: &Scope, searched: Searched<'_>) -> Result<(), DbError> {
        let Searched { kind, text, case, document, documents } = searched;
        let view = format!("{kind} {case:?} {document:?} {text}");
        let (now, view) = (self.clock.now(), (scope.user(), "search", view));
        if self.views.seen(&view, now) {
            return Ok(());
        }
        let organisation = scope.organisation();
        let mut tx = self.db.write().await?;
        let mut head = self.head(&mut tx, organisation).await?;
        let query = chain::fingerprint(&head.key, text);
        let mut details = json!({ "kind": kind, "case": case, "query": query });
        if let Some(documents) = documents {
            details["documents"] = json!(documents);
        }
        if let Some(document) = document {
            details["document"] = json!(document);
        }
        if self.settings.search_text {
            details["text"] = json!(text);
        }
        let row = (Some(scope.user()), "search", details);
        self.append(&mut tx, organisation, &mut head, row).await?;
        let sealed = head.seal(&self.vault, organisation)?;
        store::keep_head(&mut tx, organisation, sealed).await?;
        tx.commit().await?;
        self.views.remember(view, now);
        Ok(())
    }

    /// What stands in the record for a text that must not: a keyed hash, the same for
    /// the same text of one organisation. For an email nobody has an account with.
    ///
    /// # Errors
    /// Fails when the database does.
    pub async fn fingerprint(
        &self,
        tx: &mut Tx,
        organisation: OrganisationId,
        text: &str,
    ) -> Result<String, DbError> {
        let head = self.head(tx, organisation).await?;
        let sealed = head.seal(&self.vault, organisation)?;
        store::keep_head(tx, organisation, sealed).await?;
        Ok(chain::fingerprint(&head.key, text))
    }

    /// The newest rows of the caller's organisation, newest first.
    ///
    /// # Errors
    /// Fails when the database does.
    pub async fn recent(&self, scope: &Scope) -> Result<Vec<Entry>, DbError> {
        self.list(scope, &Filter { limit: 200, ..Filter::default() }).await
    }

    /// The end of a record, which others must now wait for. A record that has rows
    /// but no sealed end yet is taken over as it is, and says so.
    async fn head(&self, tx: &mut Tx, organisation: OrganisationId) -> Result<Head, DbError> {
        if let Some(sealed) = store::lock_head(tx, organisation).await? {
            return Ok(Head::open(&self.vault, organisation, &sealed)?);
        }
        store::lock_organisation(tx, organisation).await?;
        if let Some(sealed) = store::lock_head(tx, organisation).await? {
            return Ok(Head::open(&self.vault, organisation, &sealed)?);
        }
        let last = store::last(tx, organisation).await?;
        let (count, hash) = last.map_or((0, None), |last| (last.number, Some(last.hash)));
        let mut head = Head::begin(count, hash);
        let sealed = head.seal(&self.vault, organisation)?;
        store::insert_head(tx, organisation, sealed).await?;
        if count > 0 {
            let row = (None, "record.adopt", json!({ "rows": count }));
            self.append(tx, organisation, &mut head, row).await?;
        }
        Ok(head)
    }

    /// Puts a row at the end.
    async fn append(
        &self,
        tx: &mut Tx,
        organisation: OrganisationId,
        head: &mut Head,
        (user_id, action, details): (Option<UserId>, &'static str, Value),
    ) -> Result<(), DbError> {
        let call = Call::under_way();
        let whole = self.settings.whole_addresses;
        let mut entry = Entry {
            number: head.count + 1,
            at: self.clock.now(),
            user_id,
            action: action.to_owned(),
            details,
            address: call.map(|call| call::kept(call.address, whole)),
            request_id: call.map(|call| call.request),
            previous_hash: head.hash.clone(),
            hash: Vec::new(),
            digest: chain::KEYED,
        };
        let digest = chain::digest(&entry, entry.number, organisation, &head.key);
        entry.hash = digest.unwrap_or_default();
        (head.count, head.hash) = (entry.number, entry.hash.clone());
        store::insert(tx, organisation, entry).await
    }
}
