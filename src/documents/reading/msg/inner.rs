//! A mail inside a mail, as a file of its own.

use std::io::{Cursor, Write};
use std::path::Path;

use cfb::CompoundFile;

use super::properties::{FIXED, Store};
use crate::documents::reading::letter;

/// Most storages and streams of a mail inside.
const MAX_ENTRIES: usize = 20_000;
/// Where the properties of a mail inside lack the eight zeros a mail of its
/// own has ([MS-OXMSG], sections 2.4.1.1 and 2.4.1.2).
const GAP_AT: usize = 24;

/// Copies a mail inside a mail; `None` when it is damaged or too large.
pub(super) fn as_file(store: &mut Store, at: &Path) -> Option<Vec<u8>> {
    let mut copy = CompoundFile::create(Cursor::new(Vec::new())).ok()?;
    for (path, is_storage) in store.below(at, MAX_ENTRIES) {
        let target = Path::new("/").join(path.strip_prefix(at).ok()?);
        if is_storage {
            copy.create_storage(&target).ok()?;
            continue;
        }
        let mut bytes = store.stream(&path, letter::MAX_BYTES)?;
        if target == Path::new("/").join(FIXED) && bytes.len() >= GAP_AT {
            bytes.splice(GAP_AT..GAP_AT, [0; 8]);
        }
        copy.create_stream(&target).ok()?.write_all(&bytes).ok()?;
    }
    copy.flush().ok()?;
    Some(copy.into_inner().into_inner())
}
