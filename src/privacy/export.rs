//! Exports: everything of a client or a person in one ZIP, which opens with a page that
//! needs nothing but a browser. It is put together in the background, lies sealed, and
//! is removed when its time is over.

use std::fs::File;
use std::io;
use std::path::PathBuf;

use async_trait::async_trait;
use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use futures_util::{Stream, stream};
use serde::Serialize;
use serde_json::json;
use uuid::Uuid;

use super::store::{self, FileRecord};
use super::{Privacy, PrivacyError, Subject, allowed, work};
use crate::db::Tx;
use crate::jobs::{Handler, Job, JobError, NewJob};
use crate::kernel::{ClientId, ExportId, OrganisationId, Permission, Scope, UserId};
use crate::vault::Opener;

/// What exports are sealed as.
pub(super) const PURPOSE: &str = "export";
/// How many days an export can be fetched.
const DAYS: i64 = 7;

/// An export.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Export {
    /// Its id.
    pub id: ExportId,
    /// Whose it is.
    pub organisation_id: OrganisationId,
    /// The client it is of.
    pub client_id: Option<ClientId>,
    /// The person of the chamber it is of.
    pub user_id: Option<UserId>,
    /// Who asked for it.
    pub asked_by: UserId,
    /// When.
    pub asked_at: DateTime<Utc>,
    /// `running`, `done` or `failed`.
    pub status: String,
    /// How many files are in it so far.
    pub done: i64,
    /// How many there will be.
    pub total: i64,
    /// How large it is, in bytes.
    pub size_bytes: Option<i64>,
    /// Why it failed.
    pub error: Option<String>,
    /// Until when it can be fetched.
    pub expires_at: DateTime<Utc>,
}

/// Puts exports together.
pub struct Exporting(Privacy);

impl Exporting {
    /// Puts the handler together.
    #[must_use]
    pub const fn new(privacy: Privacy) -> Self {
        Self(privacy)
    }
}

#[async_trait]
impl Handler for Exporting {
    fn kind(&self) -> &'static str {
        work::EXPORT
    }

    async fn run(&self, job: &Job) -> Result<(), JobError> {
        self.0.put_together(ExportId::from(job.subject)).await.map_err(JobError::retry)
    }

    async fn gave_up(&self, job: &Job, reason: &str) -> Result<(), JobError> {
        let mut tx = self.0.db.write().await?;
        store::finish_export(&mut tx, ExportId::from(job.subject), None, Some(reason)).await?;
        Ok(tx.commit().await?)
    }
}

/// A part of an export that is not a file of a document.
pub(super) struct Part {
    pub(super) name: &'static str,
    pub(super) title: &'static str,
    pub(super) json: String,
    pub(super) rows: usize,
}

impl Part {
    fn of<T: Serialize>(
        name: &'static str,
        title: &'static str,
        rows: &[T],
    ) -> Result<Self, PrivacyError> {
        let json = serde_json::to_string_pretty(rows)
            .map_err(|error| PrivacyError::Invalid(error.to_string()))?;
        Ok(Self { name, title, json, rows: rows.len() })
    }
}

impl Privacy {
    /// Has an export put together: of a client or a person for those who protect data,
    /// of themselves for a client.
    ///
    /// # Errors
    /// Fails when it is not there or not the caller's.
    pub async fn export(&self, scope: &Scope, subject: Subject) -> Result<ExportId, PrivacyError> {
        let (client_id, user_id) = match subject {
            Subject::Client(id) => (Some(id), None),
            Subject::User(id) => (None, Some(id)),
            Subject::Case(_) | Subject::Document(_) => {
                let words = "an export is of a client or of a person".to_owned();
                return Err(PrivacyError::Invalid(words));
            }
        };
        let is_own = client_id.is_some() && scope.client() == client_id;
        if !is_own {
            allowed(scope)?;
        }
        let now = self.clock.now();
        let mut tx = self.db.write().await?;
        let organisation = scope.organisation();
        let is_open = match (client_id, user_id) {
            (Some(id), _) => {
                store::client(&mut tx, organisation, id).await?.is_some()
                    && (is_own || store::knows_client(&mut tx, scope.user(), id).await?)
            }
            (None, Some(id)) => store::person(&mut tx, organisation, id).await?.is_some(),
            (None, None) => false,
        };
        if !is_open {
            return Err(PrivacyError::NotFound);
        }
        let export = Export {
            id: ExportId::new(),
            organisation_id: organisation,
            client_id,
            user_id,
            asked_by: scope.user(),
            asked_at: now,
            status: "running".to_owned(),
            done: 0,
            total: 0,
            size_bytes: None,
            error: None,
            expires_at: now + TimeDelta::days(DAYS),
        };
        store::insert_export(&mut tx, &export).await?;
        let job = NewJob { organisation, kind: work::EXPORT, subject: export.id.uuid() };
        self.jobs.enqueue(&mut tx, job).await?;
        let details =
            json!({ "export": export.id, "kind": subject.kind(), "subject": subject.id() });
        self.record(&mut tx, scope, "export.begin", details).await?;
        tx.commit().await?;
        self.jobs.nudge();
        Ok(export.id)
    }

    /// The exports of the organisation for those who protect data, of themselves for a
    /// client; newest first.
    ///
    /// # Errors
    /// Fails for other callers.
    pub async fn exports(&self, scope: &Scope) -> Result<Vec<Export>, PrivacyError> {
        if scope.client().is_none() {
            allowed(scope)?;
        }
        let mut tx = self.db.read().await?;
        let found = store::exports(&mut tx, scope.organisation(), scope.client()).await?;
        let mut exports = Vec::new();
        for export in found {
            if is_open(&mut tx, scope, &export).await? {
                exports.push(export);
            }
        }
        Ok(exports)
    }

    /// Whether an export is open to the caller at this moment.
    ///
    /// # Errors
    /// Fails when the database does.
    pub async fn is_export_open(&self, scope: &Scope, id: ExportId) -> Result<bool, PrivacyError> {
        let mut tx = self.db.read().await?;
        let Some(export) = store::export(&mut tx, id).await? else { return Ok(false) };
        is_open(&mut tx, scope, &export).await
    }

    /// An export, to be fetched; the fetching is recorded.
    ///
    /// # Errors
    /// Fails when it is not there, not done, over, or not the caller's.
    pub async fn fetch_export(
        &self,
        scope: &Scope,
        id: ExportId,
    ) -> Result<(Export, impl Stream<Item = io::Result<Bytes>> + Send + use<>), PrivacyError> {
        let mut tx = self.db.read().await?;
        let export = store::export(&mut tx, id).await?.ok_or(PrivacyError::NotFound)?;
        let is_over = export.status != "done" || export.expires_at <= self.clock.now();
        if is_over || !is_open(&mut tx, scope, &export).await? {
            return Err(PrivacyError::NotFound);
        }
        drop(tx);
        let (vault, path) = (self.vault.clone(), self.export_path(id.uuid()));
        let open = move || Opener::open(&vault, PURPOSE, File::open(path)?);
        let opener = tokio::task::spawn_blocking(open).await.map_err(io::Error::other)??;
        self.audit.viewed(scope, "export.fetch", json!({ "export": id })).await?;
        let bytes = stream::try_unfold(opener, |mut opener| async move {
            let next = move || opener.chunk().map(|piece| (piece, opener));
            let (piece, opener) =
                tokio::task::spawn_blocking(next).await.map_err(io::Error::other)??;
            Ok(piece.map(|piece| (Bytes::copy_from_slice(&piece), opener)))
        });
        Ok((export, bytes))
    }

    /// Removes exports whose time is over, and says how many there were.
    ///
    /// # Errors
    /// Fails when the database or the disk does.
    pub async fn remove_expired_exports(&self) -> Result<usize, PrivacyError> {
        let mut tx = self.db.write().await?;
        let expired = store::expired_exports(&mut tx, self.clock.now()).await?;
        for export in &expired {
            self.remove_exports([&export.id.uuid()])?;
            store::delete_export(&mut tx, export.id).await?;
        }
        tx.commit().await?;
        Ok(expired.len())
    }

    pub(super) fn export_path(&self, id: Uuid) -> PathBuf {
        self.exports.join(id.to_string())
    }

    /// Removes the files of exports, and says how many there were.
    pub(super) fn remove_exports<'a>(
        &self,
        ids: impl IntoIterator<Item = &'a Uuid>,
    ) -> io::Result<u64> {
        let mut removed = 0;
        for id in ids {
            match std::fs::remove_file(self.export_path(*id)) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(error),
                Ok(()) => removed += 1,
            }
        }
        Ok(removed)
    }

    /// What goes into an export, and how its subject is called.
    pub(super) async fn gather(
        &self,
        tx: &mut Tx,
        export: &Export,
    ) -> Result<(String, Vec<Part>, Vec<FileRecord>), PrivacyError> {
        let (client, user) = (export.client_id, export.user_id);
        let accounts = store::accounts(tx, client, user).await?;
        let cases = store::cases_of(tx, export).await?;
        let mut parts = Vec::new();
        let mut files = Vec::new();
        let mut name = accounts.first().map(|it| it.name.clone()).unwrap_or_default();
        if let Some(client) = client {
            let record = store::client_record(tx, client).await?.ok_or(PrivacyError::NotFound)?;
            name.clone_from(&record.name);
            let asks_themselves =
                accounts.iter().any(|account| account.id == export.asked_by.uuid());
            files = if asks_themselves {
                store::files_shared(tx, export.asked_by, self.clock.now()).await?
            } else {
                store::files_of_cases(tx, client, export.asked_by).await?
            };
            parts.push(Part::of("client.json", "The client's record", &[record])?);
            let messages = store::case_messages_of(tx, client, export.asked_by).await?;
            parts.push(Part::of("messages.json", "Messages with the chamber", &messages)?);
            let consents = store::consent_records(tx, client).await?;
            parts.push(Part::of("consents.json", "What was consented to, and how", &consents)?);
            parts.extend(practice_parts(tx, export).await?);
        }
        if let Some(user) = user {
            let messages = store::messages_of(tx, user, export.asked_by).await?;
            parts.push(Part::of("conversations.json", "Questions and answers", &messages)?);
            let searches = store::searches_of(tx, user).await?;
            parts.push(Part::of("searches.json", "Searches kept", &searches)?);
            let acts = store::acts_of(tx, export.organisation_id, user).await?;
            parts.push(Part::of("record.json", "What the record holds of them", &acts)?);
        }
        parts.push(Part::of("accounts.json", "Accounts", &accounts)?);
        parts.push(Part::of("cases.json", "Cases", &cases)?);
        parts.push(Part::of("documents.json", "Documents", &files)?);
        Ok((name, parts, files))
    }
}

/// What an export tells of a client's cases and money; parts without rows are left out.
async fn practice_parts(tx: &mut Tx, export: &Export) -> Result<Vec<Part>, PrivacyError> {
    let details = store::client_details(tx, export).await?;
    let contacts = store::contacts_of(tx, export).await?;
    let hearings = store::hearings_of(tx, export).await?;
    let invoices = store::invoices_of(tx, export).await?;
    let receipts = store::receipts_of(tx, export).await?;
    let money = store::money_of(tx, export).await?;
    let requests = store::requests_of(tx, export).await?;
    let deliveries = store::deliveries_of(tx, export).await?;
    let parts = vec![
        Part::of("details.json", "Tax numbers, address and language", &details)?,
        Part::of("contacts.json", "Who is reached there", &contacts)?,
        Part::of("hearings.json", "Hearings", &hearings)?,
        Part::of("invoices.json", "Invoices", &invoices)?,
        Part::of("payments.json", "Payments", &receipts)?,
        Part::of("client-money.json", "Money held for them", &money)?,
        Part::of("requests.json", "What was asked of them", &requests)?,
        Part::of("deliveries.json", "Files they sent", &deliveries)?,
    ];
    Ok(parts.into_iter().filter(|part| part.rows > 0).collect())
}

/// Whether an export is the caller's to see: a client's, if they asked for it; for those
/// who protect data any that tells of nothing closed to them.
async fn is_open(tx: &mut Tx, scope: &Scope, export: &Export) -> Result<bool, PrivacyError> {
    if export.organisation_id != scope.organisation() {
        return Ok(false);
    }
    if scope.client().is_some() {
        return Ok(export.asked_by == scope.user());
    }
    Ok(scope.may(Permission::ProtectData)
        && store::is_export_open(tx, export.id, scope.user()).await?)
}
