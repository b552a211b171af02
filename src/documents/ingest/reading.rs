//! Reading the pages a version does not have yet, and publishing them as they come.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::super::reading::{
    Attachment, Finding, FindingKind, Format, Plain, ReadEvent, ReadOptions, ReadPage, identify,
    is_container,
};
use super::super::upload::NewFile;
use super::super::{DocumentError, Documents, Origin, store};
use super::decide;
use crate::db::{DbError, Tx};
use crate::jobs::JobError;
use crate::kernel::{DocumentId, VersionId};
use crate::statement;

/// How many pages are stored in one transaction while reading.
const BATCH: usize = 16;
/// Pages become searchable this soon after they are read.
const PUBLISH: Duration = Duration::from_secs(2);
/// Publishing may take at most one part in so many of the time, so that a long
/// document does not spend itself on it.
const SHARE: u32 = 10;
/// How deep files may lie inside files: a mail in a mail in an archive, and so on.
const DEEPEST: usize = 6;

/// When what is read so far was last published.
struct Published {
    at: Instant,
    took: Duration,
}

impl Published {
    fn is_due(&self) -> bool {
        self.at.elapsed() >= PUBLISH.max(self.took * SHARE)
    }
}

impl Documents {
    /// Reads the pages a version does not have yet.
    pub(super) async fn read_pages(&self, origin: &Origin) -> Result<(), JobError> {
        let version = origin.version_id;
        let mut tx = self.db.write().await?;
        store::start_reading(&mut tx, version, self.clock.now()).await?;
        let from = store::last_page(&mut tx, version).await? + 1;
        tx.commit().await?;

        let options = ReadOptions { from, ..self.options(origin)? };
        let file = self.plain_file(origin).await?;
        let mut events = self.reader.read(file, origin.format()?, options);
        let mut published = Published { at: Instant::now(), took: Duration::ZERO };
        let mut waiting = Vec::new();
        let mut done = false;
        while let Some(event) = events.recv().await {
            match event {
                Ok(ReadEvent::Started { pages, outline, findings, .. }) => {
                    let mut tx = self.db.write().await?;
                    store::set_opened(&mut tx, version, pages, &outline, &findings).await?;
                    tx.commit().await?;
                }
                Ok(ReadEvent::Page(page)) => waiting.push(page),
                Ok(ReadEvent::Attachment(attachment)) => self.attach(origin, attachment).await?,
                Ok(ReadEvent::Done) => done = true,
                Err(error) => {
                    self.store_pages(version, &mut waiting).await?;
                    if error.wants_password() {
                        self.ask_password(version).await?;
                    }
                    return Err(decide(error));
                }
            }
            if waiting.len() >= BATCH || events.is_empty() {
                self.store_pages(version, &mut waiting).await?;
            }
            if !done && published.is_due() {
                let started = Instant::now();
                self.publish(origin).await?;
                published = Published { at: Instant::now(), took: started.elapsed() };
            }
        }
        self.store_pages(version, &mut waiting).await?;
        if done {
            Ok(())
        } else {
            Err(JobError::Retry(anyhow::anyhow!("reading broke off before the last page")))
        }
    }

    /// Stores pages as read and empties the list.
    pub(super) async fn store_pages(
        &self,
        version: VersionId,
        waiting: &mut Vec<ReadPage>,
    ) -> Result<(), DbError> {
        if waiting.is_empty() {
            return Ok(());
        }
        let mut tx = self.db.write().await?;
        for page in waiting.drain(..) {
            store::insert_page(&mut tx, version, page).await?;
        }
        tx.commit().await
    }

    /// Notes that only a password stands in the way.
    pub(super) async fn ask_password(&self, version: VersionId) -> Result<(), DbError> {
        let mut tx = self.db.write().await?;
        let update = statement!("UPDATE versions SET needs_password = TRUE WHERE id = $1");
        tx.execute(update.bind(version)).await?;
        tx.commit().await
    }

    /// Enters an attachment of a mail, or a file of an archive, as a document of its
    /// own; one that cannot be read is told of in the findings of what carried it.
    async fn attach(&self, origin: &Origin, attachment: Attachment) -> Result<(), JobError> {
        let Attachment { file_name, bytes } = attachment;
        let mut tx = self.db.read().await?;
        let depth = depth(&mut tx, origin.document_id).await?;
        drop(tx);
        if depth >= DEEPEST {
            return self.left_out(origin, &file_name, "it lies too deep inside other files").await;
        }
        let organisation = origin.organisation_id;
        let blob = self.blobs.put(organisation, &bytes).await.map_err(JobError::retry)?;
        let whole = if is_container(&blob.head) {
            Some(self.blobs.plain(organisation, &blob.sha256).await.map_err(JobError::retry)?)
        } else {
            None
        };
        let path = whole.as_ref().map_or_else(PathBuf::new, |plain| plain.path());
        let format = match identify(&blob.head, &path) {
            Ok(format) => format,
            Err(refusal) => return self.left_out(origin, &file_name, &refusal.to_string()).await,
        };
        let new = NewFile {
            organisation: origin.organisation_id,
            case: origin.case_id,
            parent: Some(origin.document_id),
            existing: None,
            file_name: &file_name,
            format,
            by: origin.created_by,
        };
        let mut tx = self.db.write().await?;
        self.enter(&mut tx, &new, &blob).await.map_err(DocumentError::into_job)?;
        tx.commit().await?;
        self.jobs.nudge();
        Ok(())
    }

    async fn left_out(&self, origin: &Origin, name: &str, why: &str) -> Result<(), JobError> {
        let detail = format!("“{name}” was left out: {why}");
        let finding = Finding { kind: FindingKind::EmbeddedFile, detail };
        let mut tx = self.db.write().await?;
        store::add_finding(&mut tx, origin.version_id, finding).await?;
        Ok(tx.commit().await?)
    }
}

impl Documents {
    /// The plain bytes of a version's file.
    pub(super) async fn plain_file(&self, origin: &Origin) -> Result<Arc<Plain>, JobError> {
        let plain = self.blobs.plain(origin.organisation_id, &origin.sha256).await;
        plain.map_err(JobError::retry)
    }

    /// How a version's file is to be read.
    pub(super) fn options(&self, origin: &Origin) -> Result<ReadOptions, JobError> {
        Ok(ReadOptions {
            password: self.password_of(origin).map_err(JobError::fail)?,
            languages: origin.languages.clone(),
            recognise_all: origin.recognise_all,
            ..ReadOptions::default()
        })
    }
}

impl Origin {
    /// What its file is.
    pub(super) fn format(&self) -> Result<Format, JobError> {
        Format::parse(&self.format).ok_or_else(|| {
            JobError::fail(DbError::Inconsistent {
                table: "versions",
                column: "format",
                value: self.format.clone(),
            })
        })
    }
}

#[derive(sqlx::FromRow)]
struct Parent {
    parent_id: Option<DocumentId>,
}

/// How many documents a document lies inside of.
async fn depth(tx: &mut Tx, document: DocumentId) -> Result<usize, DbError> {
    let (mut depth, mut next) = (0, Some(document));
    while let Some(document) = next.take().filter(|_| depth <= DEEPEST) {
        let select = statement!("SELECT parent_id FROM documents WHERE id = $1");
        let row = tx.optional::<Parent>(select.bind(document)).await?;
        next = row.and_then(|row| row.parent_id);
        depth += usize::from(next.is_some());
    }
    Ok(depth)
}
