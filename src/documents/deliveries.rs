//! Files clients sent: kept sealed in a folder of their own until somebody of the chamber
//! takes them into the case or refuses them.
//!
//! Each is kept under its own id, so that removing one never takes another's bytes away,
//! however equal they are.

use std::io;

use bytes::Bytes;
use futures_util::{Stream, StreamExt};

use super::reading::{Format, identify, is_container};
use super::upload::NewFile;
use super::{DocumentError, Documents, Received};
use crate::db::Tx;
use crate::kernel::{CaseId, DeliveryId, OrganisationId, Scope};

/// A file as it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivered {
    /// The SHA-256 of its bytes, in hexadecimal.
    pub sha256: String,
    /// How many bytes.
    pub size: u64,
    /// What the bytes are.
    pub format: Format,
}

/// A delivered file that was put among the chamber's files and is not entered yet.
pub struct Moved {
    blob: super::blobs::Blob,
    format: Format,
}

/// The name a delivery's bytes are kept under: its own, in the place of a chamber's.
fn owner(id: DeliveryId) -> OrganisationId {
    OrganisationId::from(id.uuid())
}

impl Documents {
    /// Keeps a file a client sends, apart from every case; nothing is kept of one that is
    /// refused.
    ///
    /// # Errors
    /// Fails when it is empty, larger than `most` bytes, of no kind the service reads, or
    /// the stream breaks off.
    pub async fn take_delivery<S>(
        &self,
        id: DeliveryId,
        most: u64,
        bytes: S,
    ) -> Result<Delivered, DocumentError>
    where
        S: Stream<Item = io::Result<Bytes>> + Send,
    {
        let most = most.min(self.max_upload_bytes);
        let mut writing = self.delivered.start(owner(id)).await?;
        let filled = async {
            let mut bytes = std::pin::pin!(bytes);
            while let Some(piece) = bytes.next().await {
                writing.write(&piece.map_err(DocumentError::BrokenOff)?).await?;
                if writing.size() > most {
                    return Err(DocumentError::TooLarge(most >> 20));
                }
            }
            if writing.size() == 0 {
                return Err(DocumentError::Empty);
            }
            writing.seal().await?;
            let whole = if is_container(writing.head()) {
                Some(self.delivered.plain_of(&writing).await?)
            } else {
                None
            };
            let path = whole.as_ref().map_or_else(Default::default, |plain| plain.path());
            identify(writing.head(), &path)
                .map_err(|refusal| DocumentError::Refused(refusal.to_string()))
        };
        match filled.await {
            Ok(format) => {
                let blob = self.delivered.finish(writing).await?;
                Ok(Delivered { sha256: blob.sha256, size: blob.size, format })
            }
            Err(error) => {
                self.delivered.abandon(writing).await;
                Err(error)
            }
        }
    }

    /// The bytes of a delivered file, for those who decide on it.
    ///
    /// # Errors
    /// Fails when it is not there any more.
    pub async fn delivered_bytes(
        &self,
        id: DeliveryId,
        sha256: &str,
    ) -> Result<impl Stream<Item = io::Result<Bytes>> + Send + use<>, DocumentError> {
        Ok(self.delivered.bytes(owner(id), sha256).await?)
    }

    /// Puts a delivered file among the chamber's files, before it is entered.
    ///
    /// # Errors
    /// Fails when it is not there any more, or the disk does.
    pub async fn move_delivery(
        &self,
        scope: &Scope,
        id: DeliveryId,
        sha256: &str,
        file_name: &str,
    ) -> Result<Moved, DocumentError> {
        let bytes = self.delivered.bytes(owner(id), sha256).await?;
        let (blob, format) = self.store_blob(scope.organisation(), file_name, bytes).await?;
        Ok(Moved { blob, format })
    }

    /// Enters a moved file as a document of a case, in the transaction of who calls and
    /// has found that they may; it is read like any other.
    ///
    /// # Errors
    /// Fails when the database does.
    pub async fn enter_delivery_in(
        &self,
        tx: &mut Tx,
        scope: &Scope,
        case: CaseId,
        file_name: &str,
        moved: &Moved,
    ) -> Result<Received, DocumentError> {
        let new = NewFile {
            organisation: scope.organisation(),
            case,
            parent: None,
            existing: None,
            file_name,
            format: moved.format,
            by: scope.user(),
        };
        self.enter(tx, &new, &moved.blob).await
    }

    /// Has what was entered read at once.
    pub fn nudge(&self) {
        self.jobs.nudge();
    }

    /// Removes the bytes of a delivery that was decided on. May be done twice.
    ///
    /// # Errors
    /// Fails when the disk does.
    pub async fn forget_delivery(&self, id: DeliveryId, sha256: &str) -> Result<(), DocumentError> {
        let (delivered, sha256) = (self.delivered.clone(), sha256.to_owned());
        let remove = move || delivered.remove(owner(id), &sha256);
        Ok(tokio::task::spawn_blocking(remove).await.map_err(io::Error::other)??)
    }

    /// What the bytes of a delivery are called on the disk.
    pub(super) fn delivery_name(&self, id: uuid::Uuid, sha256: &str) -> String {
        self.delivered.name(OrganisationId::from(id), sha256)
    }
}
