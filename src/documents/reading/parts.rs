//! The parts of an office document kept in a ZIP, unpacked within bounds.

use std::borrow::Cow;
use std::io::{Cursor, Read};

use zip::ZipArchive;

use super::ReadError;

/// Most bytes all parts read may unpack to.
const MAX_UNPACKED: u64 = 200 << 20;
/// A part that unpacks to more than this many times its packed size, once it
/// is large, is a bomb; text rarely passes 30.
const MAX_RATIO: u64 = 200;
/// Small parts may pack as well as they like.
const RATIO_FROM: u64 = 8 << 20;
/// How the container of Office before 2007 begins; a newer document is kept
/// in one when it has a password.
const OLD_OFFICE: &[u8] = b"\xd0\xcf\x11\xe0";

/// The parts of the container, counted as they are unpacked.
pub(super) struct Parts {
    archive: ZipArchive<Cursor<Vec<u8>>>,
    left: u64,
}

impl Parts {
    /// Opens the container.
    ///
    /// # Errors
    /// Fails when it is none, or is encrypted.
    pub(super) fn open(bytes: Vec<u8>) -> Result<Self, ReadError> {
        if bytes.starts_with(OLD_OFFICE) {
            return Err(ReadError::Encrypted);
        }
        let archive = ZipArchive::new(Cursor::new(bytes))
            .map_err(|error| ReadError::Damaged(format!("as a container: {error}")))?;
        Ok(Self { archive, left: MAX_UNPACKED })
    }

    /// Unpacks a part; `None` when the document has none of that name.
    ///
    /// # Errors
    /// Fails when it is damaged, encrypted, or unpacks to too much.
    pub(super) fn bytes(&mut self, name: &str) -> Result<Option<Vec<u8>>, ReadError> {
        let Some(index) = self.archive.index_for_name(name) else { return Ok(None) };
        let damaged = |error: String| ReadError::Damaged(format!("in its part {name}: {error}"));
        let part = self.archive.by_index(index).map_err(|error| match error {
            zip::result::ZipError::UnsupportedArchive(zip::result::ZipError::PASSWORD_REQUIRED) => {
                ReadError::Encrypted
            }
            error => damaged(error.to_string()),
        })?;
        let most = self.left.min(part.compressed_size().saturating_mul(MAX_RATIO).max(RATIO_FROM));
        let mut bytes = Vec::new();
        let read = part
            .take(most + 1)
            .read_to_end(&mut bytes)
            .map_err(|error| damaged(error.to_string()))? as u64;
        if read > most {
            return Err(ReadError::TooLarge(format!(
                "its part {name} unpacks to more than {} MiB",
                most >> 20
            )));
        }
        self.left -= read;
        Ok(Some(bytes))
    }

    /// Unpacks a part and decodes its text; `None` when there is none of that name.
    ///
    /// # Errors
    /// As [`Parts::bytes`].
    pub(super) fn text(&mut self, name: &str) -> Result<Option<String>, ReadError> {
        Ok(self.bytes(name)?.map(|bytes| super::text::decode(&bytes)))
    }

    /// The names of all parts.
    pub(super) fn names(&self) -> impl Iterator<Item = Cow<'_, str>> {
        self.archive.file_names().filter_map(Result::ok)
    }

    /// Whether there is a part of that name.
    pub(super) fn has(&self, name: &str) -> bool {
        self.archive.index_for_name(name).is_some()
    }

    /// Unpacks every part once and keeps none, so that another reader may
    /// unpack them without bounds of its own.
    ///
    /// # Errors
    /// Fails when one is encrypted, or all unpack to too much.
    pub(super) fn check(mut self) -> Result<Vec<u8>, ReadError> {
        let names: Vec<String> = self.names().map(Cow::into_owned).collect();
        for name in names {
            match self.bytes(&name) {
                // The other reader may not need the damaged part.
                Ok(_) | Err(ReadError::Damaged(_)) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(self.archive.into_inner().into_inner())
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use std::io::Write;

    /// Packs a container of named parts.
    pub(in crate::documents::reading) fn pack(parts: &[(&str, &str)]) -> Vec<u8> {
        let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (name, content) in parts {
            zip.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
            zip.write_all(content.as_bytes()).unwrap();
        }
        zip.finish().unwrap().into_inner()
    }

    #[test]
    fn a_bomb_is_refused_wherever_it_lies() {
        let bomb = " ".repeat(64 << 20);
        let mut parts = Parts::open(pack(&[("a.xml", &bomb)])).unwrap();
        assert!(matches!(parts.text("a.xml"), Err(ReadError::TooLarge(_))));
        assert!(matches!(parts.check(), Err(ReadError::TooLarge(_))));
    }

    #[test]
    fn a_document_with_a_password_says_so() {
        let bytes = [OLD_OFFICE, &[0; 600]].concat();
        assert_eq!(Parts::open(bytes).err(), Some(ReadError::Encrypted));
    }

    #[test]
    fn parts_come_by_name() {
        let mut parts = Parts::open(pack(&[("a", "x")])).unwrap();
        assert_eq!(parts.text("a"), Ok(Some("x".into())));
        assert_eq!(parts.text("b"), Ok(None));
        assert_eq!(parts.check(), Ok(pack(&[("a", "x")])));
    }
}
