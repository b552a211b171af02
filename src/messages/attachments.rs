//! Files that go with messages: looked at before they are taken, kept sealed, given back
//! as downloads, and kept among the documents when somebody of the team says so.

use std::fmt::Write;
use std::path::PathBuf;

use bytes::Bytes;
use futures_util::stream;
use serde_json::json;
use sha2::{Digest, Sha256};

use super::{Channel, LARGEST_FILE, MessageError, Messages, store};
use crate::documents::reading::{Format, Plain, identify, is_container};
use crate::documents::{DocumentError, Received, Target};
use crate::kernel::{AttachmentId, CaseId, DocumentId, Scope};

/// What files are sealed as.
const PURPOSE: &str = "attachment";
/// How many first bytes tell what a file is.
const HEAD: usize = 8192;
/// The longest name of a file that is kept, in characters.
const LONGEST_NAME: usize = 200;

/// A file that goes with a message.
#[derive(Clone)]
pub struct NewFile {
    /// The name it came with.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

impl std::fmt::Debug for NewFile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "NewFile({} bytes)", self.bytes.len())
    }
}

/// A file of a message, opened.
pub struct Fetched {
    /// How it is called.
    pub name: String,
    /// Of which case.
    pub case: CaseId,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// A file ready to be kept.
pub(super) struct Sealed {
    pub(super) name: String,
    pub(super) media_type: &'static str,
    pub(super) size: i64,
    pub(super) sha256: String,
    pub(super) bytes: Vec<u8>,
}

impl Messages {
    /// A file of a message the caller may read; the fetching is recorded.
    ///
    /// # Errors
    /// Fails when it is not there, not open to the caller, or its message was taken back.
    pub async fn fetch(&self, scope: &Scope, id: AttachmentId) -> Result<Fetched, MessageError> {
        let mut tx = self.parts.db.read().await?;
        let file = store::file(&mut tx, scope, id).await?.ok_or(MessageError::NotFound)?;
        drop(tx);
        let bytes = self.parts.vault.unseal(PURPOSE, &file.sealed)?.to_vec();
        let details = json!({ "attachment": id, "case": file.case_id });
        self.parts.audit.viewed(scope, "message.download", details).await?;
        Ok(Fetched { name: file.name, case: file.case_id, bytes })
    }

    /// Keeps a file of a message among the documents of its case, where it is read and
    /// searched like any other.
    ///
    /// # Errors
    /// Fails when the caller may not change the case, the file is kept already, or is of
    /// no kind that is read.
    pub async fn keep(&self, scope: &Scope, id: AttachmentId) -> Result<DocumentId, MessageError> {
        if scope.client().is_some() {
            return Err(MessageError::NotFound);
        }
        let mut tx = self.parts.db.read().await?;
        let file = store::file(&mut tx, scope, id).await?.ok_or(MessageError::NotFound)?;
        drop(tx);
        self.parts.cases.to_be_changed(scope, file.case_id).await?;
        if file.document_id.is_some() {
            return Err(MessageError::Kept);
        }
        let bytes = Bytes::from(self.parts.vault.unseal(PURPOSE, &file.sealed)?.to_vec());
        let target = Target::Case(file.case_id);
        let whole = stream::iter([Ok(bytes)]);
        let received = self.parts.documents.receive(scope, target, &file.name, whole).await?;
        let Received { document, .. } = received;
        let mut tx = self.parts.db.write().await?;
        if store::keep(&mut tx, id, document).await? == 0 {
            return Err(MessageError::Kept);
        }
        let details = json!({ "attachment": id, "case": file.case_id, "document": document });
        self.record(&mut tx, scope, "message.keep", details).await?;
        tx.commit().await?;
        Ok(document)
    }

    /// Whether a channel is open to the caller at this moment, for pages that show it
    /// before they read a form.
    ///
    /// # Errors
    /// Fails with [`MessageError::NotFound`] when it is not.
    pub async fn is_open(
        &self,
        scope: &Scope,
        case: CaseId,
        channel: Channel,
    ) -> Result<(), MessageError> {
        let mut tx = self.parts.db.read().await?;
        self.opens(&mut tx, scope, case, channel).await
    }

    /// Looks at a file and seals it.
    ///
    /// # Errors
    /// Fails when it is too large or of no kind that is taken.
    pub(super) async fn sealed(&self, file: NewFile) -> Result<Sealed, MessageError> {
        let messages = self.clone();
        let sealing = tokio::task::spawn_blocking(move || messages.seal(file)).await;
        sealing.map_err(|error| DocumentError::Disk(std::io::Error::other(error)))?
    }

    fn seal(&self, file: NewFile) -> Result<Sealed, MessageError> {
        let NewFile { name, bytes } = file;
        let name = named(&name);
        if bytes.len() > LARGEST_FILE {
            return Err(MessageError::TooLarge(name));
        }
        let media_type = match format(&bytes) {
            Ok(format) => format.mime(),
            Err(DocumentError::Refused(why)) => return Err(MessageError::Refused(name, why)),
            Err(error) => return Err(error.into()),
        };
        let sha256 = Sha256::digest(&bytes).iter().fold(String::new(), |mut digits, byte| {
            let _ = write!(digits, "{byte:02x}");
            digits
        });
        let size = i64::try_from(bytes.len()).unwrap_or(i64::MAX);
        let bytes = self.parts.vault.seal(PURPOSE, &bytes)?;
        Ok(Sealed { name, media_type, size, sha256, bytes })
    }
}

/// What a file is, told from its bytes and never from its name: something that is read
/// here. Programs and pages for browsers are not taken.
fn format(bytes: &[u8]) -> Result<Format, DocumentError> {
    let head = bytes.get(..HEAD).unwrap_or(bytes);
    // What is packed is told only by what is in it: a program may be packed like a paper.
    let mut whole = is_container(head).then_some(bytes);
    let packed = if whole.is_some() { Some(Plain::of(|| Ok(whole.take()))?) } else { None };
    let path = packed.as_ref().map_or_else(PathBuf::new, Plain::path);
    match identify(head, &path) {
        Ok(Format::Html) => {
            let words = "this looks like a web page; print it to PDF and attach that";
            Err(DocumentError::Refused(words.to_owned()))
        }
        Ok(format) => Ok(format),
        Err(refusal) => Err(DocumentError::Refused(refusal.to_string())),
    }
}

/// The last part of a name without what no file name holds, so that it can be shown and
/// offered as a download.
fn named(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let plain: String = last.chars().filter(|c| !c.is_control() && *c != '"').collect();
    let plain: String = plain.trim().chars().take(LONGEST_NAME).collect();
    if plain.is_empty() { "file".to_owned() } else { plain }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_only_a_name() {
        assert_eq!(named("C:\\papers\\order.pdf"), "order.pdf");
        assert_eq!(named("../../etc/passwd"), "passwd");
        assert_eq!(named("a\r\nb\".txt"), "ab.txt");
        assert_eq!(named(" "), "file");
        assert_eq!(named(&"x".repeat(999)).len(), 200);
    }

    #[test]
    fn a_file_is_what_its_bytes_are() {
        assert_eq!(format(b"%PDF-1.7\n").unwrap(), Format::Pdf);
        assert_eq!(format(b"Please find the order.").unwrap(), Format::Text);
        assert!(format(b"MZ\x90\x00\x03\x00\x00\x00").is_err());
        assert!(format(b"<!DOCTYPE html><html><script>alert(1)</script></html>").is_err());
        assert!(format(b"").is_err());
    }

    /// A ZIP with empty parts of these names.
    fn packed(parts: &[&str]) -> Vec<u8> {
        let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        for part in parts {
            zip.start_file(*part, zip::write::SimpleFileOptions::default()).unwrap();
        }
        zip.finish().unwrap().into_inner()
    }

    #[test]
    fn a_packed_file_is_what_is_packed_in_it() {
        let paper = packed(&["[Content_Types].xml", "word/document.xml"]);
        assert_eq!(format(&paper).unwrap(), Format::Docx);
        assert_eq!(format(&packed(&["scan 1.jpg"])).unwrap(), Format::Zip);
        assert!(format(&packed(&["META-INF/MANIFEST.MF", "Steal.class"])).is_err());
        assert!(format(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 an installer").is_err());
    }
}
