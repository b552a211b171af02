//! Receiving a file: streamed to the blob store, recognised, and entered together
//! with the job that reads it.

use std::path::{Path, PathBuf};

use bytes::Bytes;
use futures_util::{Stream, StreamExt};
use serde_json::json;

use super::blobs::{Blob, Writing};
use super::reading::{Format, identify, is_container};
use super::{DocumentError, Documents, store, work};
use crate::db::Tx;
use crate::jobs::NewJob;
use crate::kernel::{CaseId, DocumentId, OrganisationId, Scope, UserId, VersionId};

/// Where a received file goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// A new document of a case.
    Case(CaseId),
    /// A new version of a document.
    Document(DocumentId),
}

/// What became of a received file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Received {
    /// The document.
    pub document: DocumentId,
    /// Its version with these bytes.
    pub version: VersionId,
    /// How the document is called.
    pub title: String,
    /// Whether the case had these bytes already; then nothing was stored again.
    pub duplicate: bool,
}

/// A file about to be entered.
pub(super) struct NewFile<'a> {
    pub(super) organisation: OrganisationId,
    pub(super) case: CaseId,
    pub(super) parent: Option<DocumentId>,
    /// The document it is a new version of, with its title.
    pub(super) existing: Option<(DocumentId, String)>,
    pub(super) file_name: &'a str,
    pub(super) format: Format,
    pub(super) by: UserId,
}

impl Documents {
    /// Receives a file as a stream of bytes.
    ///
    /// # Errors
    /// Fails when the case or document is not the caller's to change, the file is
    /// empty, too large or of no kind the service reads, or the stream breaks off.
    /// Then nothing is kept.
    pub async fn receive<S>(
        &self,
        scope: &Scope,
        target: Target,
        file_name: &str,
        bytes: S,
    ) -> Result<Received, DocumentError>
    where
        S: Stream<Item = std::io::Result<Bytes>> + Send,
    {
        if scope.client().is_some() {
            return Err(DocumentError::NotAllowed);
        }
        let (case, existing) = match target {
            Target::Case(case) => (case, None),
            Target::Document(id) => {
                let document = self.find(scope, id).await?;
                (document.case_id, Some((id, document.title)))
            }
        };
        self.cases.to_be_changed(scope, case).await?;
        let (blob, format) = self.store_blob(scope.organisation(), file_name, bytes).await?;
        let new = NewFile {
            organisation: scope.organisation(),
            case,
            parent: None,
            existing,
            file_name,
            format,
            by: scope.user(),
        };
        let mut tx = self.db.write().await?;
        self.cases.still_changes(&mut tx, scope, case).await?;
        let received = self.enter(&mut tx, &new, &blob).await?;
        tx.commit().await?;
        self.jobs.nudge();
        Ok(received)
    }

    /// Streams bytes into the blob store and tells what they are.
    pub(super) async fn store_blob<S>(
        &self,
        organisation: OrganisationId,
        file_name: &str,
        bytes: S,
    ) -> Result<(Blob, Format), DocumentError>
    where
        S: Stream<Item = std::io::Result<Bytes>> + Send,
    {
        let mut writing = self.blobs.start(organisation).await?;
        let format = match self.fill(&mut writing, file_name, bytes).await {
            Ok(format) => format,
            Err(error) => {
                self.blobs.abandon(writing).await;
                return Err(error);
            }
        };
        Ok((self.blobs.finish(writing).await?, format))
    }

    async fn fill<S>(
        &self,
        writing: &mut Writing,
        file_name: &str,
        bytes: S,
    ) -> Result<Format, DocumentError>
    where
        S: Stream<Item = std::io::Result<Bytes>> + Send,
    {
        let mut bytes = std::pin::pin!(bytes);
        while let Some(piece) = bytes.next().await {
            let piece = piece.map_err(DocumentError::BrokenOff)?;
            writing.write(&piece).await?;
            if writing.size() > self.max_upload_bytes {
                return Err(DocumentError::TooLarge(self.max_upload_bytes >> 20));
            }
        }
        if writing.size() == 0 {
            return Err(DocumentError::Empty);
        }
        writing.seal().await?;
        let whole = if is_container(writing.head()) {
            Some(self.blobs.plain_of(writing).await?)
        } else {
            None
        };
        let path = whole.as_ref().map_or_else(PathBuf::new, |plain| plain.path());
        identify(writing.head(), &path).map_err(|refusal| {
            DocumentError::Refused(format!("`{}` was not taken: {refusal}", short(file_name)))
        })
    }

    /// Enters a stored file: document, version, job and record, in one transaction.
    pub(super) async fn enter(
        &self,
        tx: &mut Tx,
        new: &NewFile<'_>,
        blob: &Blob,
    ) -> Result<Received, DocumentError> {
        if let Some(same) = store::find_same(tx, new, &blob.sha256).await? {
            return self.link(tx, new.organisation, same).await;
        }
        let now = self.clock.now();
        let (document, title) = if let Some(existing) = &new.existing {
            existing.clone()
        } else {
            let (document, title) = (DocumentId::new(), title_of(new.file_name));
            store::insert_document(tx, document, new, &title, now).await?;
            (document, title)
        };
        let version = VersionId::new();
        store::insert_version(tx, version, document, new, blob, now).await?;
        let read =
            NewJob { organisation: new.organisation, kind: work::READ, subject: version.uuid() };
        self.jobs.enqueue(tx, read).await?;
        let details = json!({ "document": document, "version": version });
        self.audit.record(tx, new.organisation, Some(new.by), "document.receive", details).await?;
        Ok(Received { document, version, title, duplicate: false })
    }
}

impl Documents {
    /// Links a file to the version the case has of it already. One that could not
    /// be read is tried again: who sends it anew may have installed what was missing.
    async fn link(
        &self,
        tx: &mut Tx,
        organisation: OrganisationId,
        same: store::Same,
    ) -> Result<Received, DocumentError> {
        let store::Same { document_id: document, version_id: version, title, status } = same;
        if status == "failed" {
            store::wait_again(tx, version).await?;
            let read = NewJob { organisation, kind: work::READ, subject: version.uuid() };
            self.jobs.enqueue(tx, read).await?;
        }
        Ok(Received { document, version, title, duplicate: true })
    }
}

/// What a document is called: its file's name without folders and extension.
fn title_of(file_name: &str) -> String {
    let name = file_name.rsplit(['/', '\\']).next().unwrap_or(file_name);
    let stem = Path::new(name).file_stem().map_or(name.into(), |stem| stem.to_string_lossy());
    let words: Vec<&str> = stem.split(['_', ' ']).filter(|word| !word.is_empty()).collect();
    let title = words.join(" ");
    if title.is_empty() { "Untitled document".to_owned() } else { short(&title) }
}

/// A name cut to what fits a line.
fn short(name: &str) -> String {
    name.chars().filter(|c| !c.is_control()).take(200).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_come_from_file_names() {
        assert_eq!(title_of("Order_dated_3_May.pdf"), "Order dated 3 May");
        assert_eq!(title_of("C:\\papers\\plaint.docx"), "plaint");
        assert_eq!(title_of("../../etc/passwd"), "passwd");
        assert_eq!(title_of(""), "Untitled document");
    }
}
