//! The bytes of a vector file.
//!
//! ```text
//! file    = magic (8)  dimensions (u64)  record*
//! record  = length of body (u32)  CRC-32 of body (u32)  body
//! body    = 1  version (16)  document (16)  case (16)  count (u32)
//!              passage (16) * count   vector (f32 * dimensions) * count
//!         | 2  document (16)
//! ```
//!
//! Numbers are little-endian. The first kind of body replaces all entries of a
//! version, the second removes a document: the entries of a version are there
//! together or not at all, whatever happens while they are written.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;

use uuid::Uuid;

use crate::kernel::{CaseId, DocumentId, PassageId, VersionId};
use crate::vectors::store::{Entry, StoreError};

/// The bytes before the first record.
pub(super) const FILE_HEAD: u64 = 16;

/// The bytes of a record before its body.
pub(super) const RECORD_HEAD: u64 = 8;

/// The bytes of a replacing body before its passages.
const REPLACE_HEAD: usize = 1 + 3 * ID + 4;

const ID: usize = 16;
const MAGIC: [u8; 8] = *b"mnshvec\x01";
const REPLACE: u8 = 1;
const REMOVE: u8 = 2;

/// What a record says, without passages and vectors.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Record {
    Replace(Stub),
    Remove(DocumentId),
}

/// The entries of a version: whose they are, and where in the file.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Stub {
    pub(super) version: VersionId,
    pub(super) document: DocumentId,
    pub(super) case: CaseId,
    pub(super) count: usize,
    /// Where the record starts.
    pub(super) start: u64,
    /// How many bytes the record has, its head included.
    pub(super) length: u64,
}

impl Stub {
    /// Where the vector of an entry is in the file.
    pub(super) fn vector_at(&self, entry: usize, dimensions: usize) -> u64 {
        let within = REPLACE_HEAD + ID * self.count + 4 * dimensions * entry;
        self.start + RECORD_HEAD + within as u64
    }
}

/// A record read back, with its body.
pub(super) struct Read {
    pub(super) record: Record,
    body: Vec<u8>,
    dimensions: usize,
    /// Where the next record starts.
    pub(super) end: u64,
}

impl Read {
    /// The passages and vectors of a replacing record.
    pub(super) fn entries(&self) -> impl Iterator<Item = (PassageId, Vec<f32>)> {
        let count = match self.record {
            Record::Replace(stub) => stub.count,
            Record::Remove(_) => 0,
        };
        let tail = self.body.get(REPLACE_HEAD..).unwrap_or_default();
        let (passages, vectors) = tail.split_at(tail.len().min(ID * count));
        let passages = passages.as_chunks::<ID>().0.iter().map(|id| Uuid::from_bytes(*id).into());
        passages.zip(vectors.chunks_exact(4 * self.dimensions).map(floats))
    }
}

/// The first bytes of a file.
pub(super) fn file_head(dimensions: usize) -> Vec<u8> {
    let mut head = MAGIC.to_vec();
    head.extend((dimensions as u64).to_le_bytes());
    head
}

/// The record that replaces the entries of a version, which are all of one document
/// and case.
pub(super) fn replace(version: VersionId, entries: &[Entry]) -> Result<Vec<u8>, StoreError> {
    let (document, case) = match entries.first() {
        Some(first) => (first.document, first.case),
        None => (Uuid::nil().into(), Uuid::nil().into()),
    };
    let count = u32::try_from(entries.len()).map_err(|_| StoreError::TooLarge(version))?;
    let mut body = vec![REPLACE];
    for id in [version.uuid(), document.uuid(), case.uuid()] {
        body.extend(id.as_bytes());
    }
    body.extend(count.to_le_bytes());
    for entry in entries {
        body.extend(entry.passage.uuid().as_bytes());
    }
    for number in entries.iter().flat_map(|entry| &entry.vector) {
        body.extend(number.to_le_bytes());
    }
    let length = u32::try_from(body.len()).map_err(|_| StoreError::TooLarge(version))?;
    Ok(seal(length, &body))
}

/// The record that removes a document.
pub(super) fn remove(document: DocumentId) -> Vec<u8> {
    let mut body = [0; 1 + ID];
    body[0] = REMOVE;
    body[1..].copy_from_slice(document.uuid().as_bytes());
    seal(1 + 16, &body)
}

fn seal(length: u32, body: &[u8]) -> Vec<u8> {
    let crc = crc32fast::hash(body);
    [&length.to_le_bytes(), &crc.to_le_bytes(), body].concat()
}

/// Reads the record at `start`; `None` when no whole and undamaged one is there.
pub(super) fn read(
    file: &File,
    start: u64,
    end: u64,
    dimensions: usize,
) -> io::Result<Option<Read>> {
    let body_start = start + RECORD_HEAD;
    if body_start > end {
        return Ok(None);
    }
    let mut head = [[0; 4]; 2];
    file.read_exact_at(head.as_flattened_mut(), start)?;
    let [length, crc] = head.map(u32::from_le_bytes);
    let record_end = body_start + u64::from(length);
    if record_end > end {
        return Ok(None);
    }
    let mut body = vec![0; length as usize];
    file.read_exact_at(&mut body, body_start)?;
    if crc32fast::hash(&body) != crc {
        return Ok(None);
    }
    let record = parse(&body, start, dimensions);
    Ok(record.map(|record| Read { record, body, dimensions, end: record_end }))
}

/// How many bytes of a file are its head and whole records; none when its head is
/// another.
pub(super) fn whole(file: &File, dimensions: usize) -> io::Result<u64> {
    let length = file.metadata()?.len();
    let head = file_head(dimensions);
    let mut found = vec![0; head.len()];
    if length < FILE_HEAD {
        return Ok(0);
    }
    file.read_exact_at(&mut found, 0)?;
    if found != head {
        return Ok(0);
    }
    let mut end = FILE_HEAD;
    while let Some(next) = read(file, end, length, dimensions)? {
        end = next.end;
    }
    Ok(end)
}

fn parse(body: &[u8], start: u64, dimensions: usize) -> Option<Record> {
    let id = |number: usize| -> Option<Uuid> {
        Uuid::from_slice(body.get(1 + ID * number..1 + ID * (number + 1))?).ok()
    };
    match *body.first()? {
        REMOVE if body.len() == 1 + ID => Some(Record::Remove(id(0)?.into())),
        REPLACE => {
            let count = body.get(1 + 3 * ID..REPLACE_HEAD)?.try_into().ok()?;
            let count = usize::try_from(u32::from_le_bytes(count)).ok()?;
            let whole = body.len() == REPLACE_HEAD + count * (ID + 4 * dimensions);
            whole.then_some(Record::Replace(Stub {
                version: id(0)?.into(),
                document: id(1)?.into(),
                case: id(2)?.into(),
                count,
                start,
                length: RECORD_HEAD + body.len() as u64,
            }))
        }
        _ => None,
    }
}

/// Reads the vector at `at`.
pub(super) fn read_vector(file: &File, at: u64, dimensions: usize) -> io::Result<Vec<f32>> {
    let mut bytes = vec![0; 4 * dimensions];
    file.read_exact_at(&mut bytes, at)?;
    Ok(floats(&bytes))
}

fn floats(bytes: &[u8]) -> Vec<f32> {
    bytes.as_chunks::<4>().0.iter().map(|number| f32::from_le_bytes(*number)).collect()
}
