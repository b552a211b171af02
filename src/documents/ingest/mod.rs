//! Reading a received version in the background.
//!
//! Pages are stored as they come, so an interrupted reading goes on at the page
//! it had reached. When the last page is in, passages and entities are cut and
//! entered in one transaction together with the jobs that index and embed them.

use std::path::PathBuf;

use async_trait::async_trait;

use super::reading::{Attachment, Format, ReadError, ReadEvent, ReadPage, identify};
use super::upload::NewFile;
use super::{DocumentError, Documents, Origin, entities, passages, store, work};
use crate::db::DbError;
use crate::jobs::{Handler, Job, JobError, NewJob};
use crate::kernel::VersionId;

/// How many pages are stored in one transaction while reading.
const BATCH: usize = 16;

/// Reads versions in the background.
pub struct Ingest {
    documents: Documents,
}

impl Ingest {
    /// Puts the handler together.
    #[must_use]
    pub fn new(documents: Documents) -> Self {
        Self { documents }
    }
}

#[async_trait]
impl Handler for Ingest {
    fn kind(&self) -> &'static str {
        work::READ
    }

    async fn run(&self, job: &Job) -> Result<(), JobError> {
        let version = VersionId::from(job.subject);
        let mut tx = self.documents.db.read().await?;
        let Some(origin) = store::origin(&mut tx, version).await? else { return Ok(()) };
        drop(tx);
        if origin.status != "read" {
            self.documents.read_pages(&origin).await?;
        }
        self.documents.finish(&origin).await?;
        Ok(())
    }

    async fn gave_up(&self, job: &Job, reason: &str) -> Result<(), JobError> {
        let mut tx = self.documents.db.write().await?;
        store::fail(&mut tx, VersionId::from(job.subject), reason).await?;
        Ok(tx.commit().await?)
    }
}

impl Documents {
    /// Reads the pages a version does not have yet.
    async fn read_pages(&self, origin: &Origin) -> Result<(), JobError> {
        let version = origin.version_id;
        let format = Format::parse(&origin.format).ok_or_else(|| {
            JobError::fail(DbError::Inconsistent {
                table: "versions",
                column: "format",
                value: origin.format.clone(),
            })
        })?;
        let mut tx = self.db.write().await?;
        store::start_reading(&mut tx, version, self.clock.now()).await?;
        let from = store::last_page(&mut tx, version).await? + 1;
        tx.commit().await?;

        let mut events = self.reader.read(&self.blobs.path(&origin.sha256), format, from);
        let mut waiting = Vec::new();
        let mut done = false;
        while let Some(event) = events.recv().await {
            match event.map_err(decide)? {
                ReadEvent::Started { pages, .. } => self.expect_pages(version, pages).await?,
                ReadEvent::Page(page) => waiting.push(page),
                ReadEvent::Attachment(attachment) => self.attach(origin, attachment).await?,
                ReadEvent::Done => done = true,
            }
            if waiting.len() >= BATCH || events.is_empty() {
                self.store_pages(version, &mut waiting).await?;
            }
        }
        self.store_pages(version, &mut waiting).await?;
        if done {
            Ok(())
        } else {
            Err(JobError::Retry(anyhow::anyhow!("reading broke off before the last page")))
        }
    }

    async fn expect_pages(&self, version: VersionId, pages: u32) -> Result<(), DbError> {
        let mut tx = self.db.write().await?;
        store::set_pages_total(&mut tx, version, pages).await?;
        tx.commit().await
    }

    async fn store_pages(
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

    /// Enters an attachment of a mail as a document of its own.
    async fn attach(&self, origin: &Origin, attachment: Attachment) -> Result<(), JobError> {
        let Attachment { file_name, bytes } = attachment;
        let blob = self.blobs.put(&bytes).await.map_err(JobError::retry)?;
        let path: PathBuf = self.blobs.path(&blob.sha256);
        let format = match identify(&blob.head, &path) {
            Ok(format) => format,
            Err(refusal) => {
                tracing::info!(document = %origin.document_id, file_name, %refusal, "attachment left out");
                return Ok(());
            }
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

    /// Cuts passages and entities from the pages and hands the version on.
    async fn finish(&self, origin: &Origin) -> Result<(), JobError> {
        let version = origin.version_id;
        let mut tx = self.db.read().await?;
        let texts = store::texts(&mut tx, version).await?;
        drop(tx);
        let pages: Vec<(u32, &str)> = texts
            .iter()
            .map(|page| (u32::try_from(page.number).unwrap_or(u32::MAX), page.text.as_str()))
            .collect();
        let spans = passages::cut(&pages);

        let mut tx = self.db.write().await?;
        if origin.status != "read" {
            store::clear_derived(&mut tx, version).await?;
            for (ordinal, span) in (0..).zip(spans) {
                store::insert_passage(&mut tx, version, ordinal, span).await?;
            }
            for page in &texts {
                for entity in entities::find(&page.text) {
                    store::insert_entity(&mut tx, version, page.number, entity).await?;
                }
            }
            let count = i64::try_from(texts.len()).unwrap_or(i64::MAX);
            store::finish_reading(&mut tx, version, count, self.clock.now()).await?;
        }
        for kind in [work::INDEX, work::EMBED] {
            let organisation = origin.organisation_id;
            let job = NewJob { organisation, kind, subject: version.uuid() };
            self.jobs.enqueue(&mut tx, job).await?;
        }
        tx.commit().await?;
        self.jobs.nudge();
        Ok(())
    }
}

impl DocumentError {
    fn into_job(self) -> JobError {
        match self {
            Self::Db(_) | Self::Disk(_) => JobError::retry(self),
            other => JobError::fail(other),
        }
    }
}

/// What a failed reading means for its job: a file that cannot be read now cannot
/// be read later; a process that died may fare better.
fn decide(error: ReadError) -> JobError {
    match error {
        ReadError::Io(_) | ReadError::Crashed(_) => JobError::retry(error),
        other => JobError::fail(other),
    }
}
