//! Word documents of the formats before 2007.
//!
//! The file is a small file system. Its stream `WordDocument` holds a header,
//! the text in pieces and, on pages of 512 bytes, how its stretches look; the
//! *table stream* says where each of them is. The text of notes, running
//! heads, comments and text boxes follows that of the body.

mod header;
mod looks;
mod numbers;
mod pieces;
mod summary;
mod walk;

use std::io::{Cursor, Read};

use cfb::CompoundFile;

use super::source::Source;
use super::{FindingKind, ReadError, docx, text};
use header::{Header, Table};
use looks::Looks;
use numbers::Numbers;
use walk::Walk;

/// The file system a document is in.
type Container = CompoundFile<Cursor<Vec<u8>>>;

/// Takes a Word document apart.
///
/// # Errors
/// Fails when it is damaged, protected, or older than Word 6.
pub(super) fn read(bytes: Vec<u8>) -> Result<Source, ReadError> {
    if bytes.trim_ascii_start().starts_with(b"<?xml") {
        return docx::read_flat(&text::decode(&bytes));
    }
    let size = bytes.len() as u64;
    let mut container = CompoundFile::open(Cursor::new(bytes))
        .map_err(|error| ReadError::Damaged(format!("as a container: {error}")))?;
    let names: Vec<String> =
        container.walk().map(|entry| entry.path().to_string_lossy().into_owned()).collect();
    let has = |part: &str| names.iter().any(|name| name.contains(part));
    if has("EncryptedPackage") || has("DRMContent") {
        return Err(ReadError::Encrypted);
    }
    let main = stream(&mut container, "/WordDocument", size)
        .ok_or_else(|| ReadError::Damaged("its text is missing".into()))?;
    let header = Header::read(&main)?;
    let table = match header.table {
        Table::Own => main.clone(),
        Table::Zero => stream(&mut container, "/0Table", size).unwrap_or_default(),
        Table::One => stream(&mut container, "/1Table", size).unwrap_or_default(),
    };
    let text = pieces::read(&header, &main, &table)?;
    let looks = Looks::read(&header, &main, &table);
    let mut walk = Walk::new(&text, &looks, Numbers::read(&header, &table));
    walk.body(&header, &main, &table);
    if has("/Macros") || has("_VBA_PROJECT") {
        walk.asides.note(FindingKind::Macro, "a Visual Basic project");
    }
    let objects = names.iter().filter(|name| name.contains("/ObjectPool/"));
    for object in objects.filter(|name| name.matches('/').count() == 2) {
        let name = object.rsplit('/').next().unwrap_or_default();
        walk.asides.note(FindingKind::EmbeddedFile, format!("an object ({name})"));
    }
    let title = stream(&mut container, "/\u{5}SummaryInformation", size)
        .and_then(|summary| summary::title(&summary));
    let (pages, outline) = walk.flow.finish()?;
    let findings = walk.asides.into_findings();
    Ok(Source { title, pages, outline, findings, ..Source::default() })
}

/// The content of a stream; `None` when there is none of that name or it is damaged.
fn stream(container: &mut Container, name: &str, most: u64) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    container.open_stream(name).ok()?.take(most).read_to_end(&mut bytes).ok()?;
    Some(bytes)
}

/// Two bytes as a number, zero beyond the end.
fn u16_at(bytes: &[u8], at: usize) -> u16 {
    let two = at.checked_add(2).and_then(|end| bytes.get(at..end));
    two.map_or(0, |two| u16::from_le_bytes([two[0], two[1]]))
}

/// Four bytes as a number, zero beyond the end.
fn u32_at(bytes: &[u8], at: usize) -> u32 {
    u32::from(u16_at(bytes, at)) | u32::from(u16_at(bytes, at.saturating_add(2))) << 16
}

/// A number as a place in memory.
fn place(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests;
