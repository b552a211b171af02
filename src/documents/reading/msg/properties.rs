//! Properties of a mail, its recipients and files.

use std::collections::HashMap;
use std::io::{Cursor, Read};
use std::path::{Path, PathBuf};

use cfb::CompoundFile;
use encoding_rs::Encoding;

use crate::documents::reading::{ReadError, compound, letter, text};

/// The type of a text of two bytes a character.
const UNICODE: u16 = 0x001f;
/// The type of a text of one byte a character, by the mail's code page.
const EIGHT_BIT: u16 = 0x001e;
/// The type of bytes.
const BINARY: u16 = 0x0102;
/// The type of a storage inside.
pub(super) const OBJECT: u16 = 0x000d;
/// The type of a number of four bytes.
const NUMBER: u16 = 0x0003;
/// The type of a time.
const TIME: u16 = 0x0040;

/// The code page of texts of one byte a character.
const CODE_PAGE: u16 = 0x3ffd;
/// The code page of a web page in the mail.
const PAGE_CODE_PAGE: u16 = 0x3fde;

/// The stream of the properties that need no stream of their own.
pub(super) const FIXED: &str = "__properties_version1.0";
/// Bytes before the first property: of a mail, and of what is in it.
const HEADERS: [usize; 2] = [32, 8];
/// Bytes of one property: its type and number, flags, its value.
const PROPERTY: usize = 16;
/// Most bytes of such properties that are read.
const MAX_FIXED: u64 = 1 << 20;
/// Most bytes of one text; a body rarely has a thousandth.
const MAX_TEXT: u64 = 64 << 20;

/// The name of the stream or storage of a property.
pub(super) fn stream_name(id: u16, kind: u16) -> String {
    format!("__substg1.0_{id:04X}{kind:04X}")
}

/// An open mail, and how many bytes may still be read from it: parts of a
/// hostile file can share their bytes and be larger together than the file.
pub(super) struct Store {
    file: CompoundFile<Cursor<Vec<u8>>>,
    left: u64,
}

/// A mail, a recipient or a file in it.
pub(super) struct Object {
    at: PathBuf,
    fixed: HashMap<(u16, u16), [u8; 8]>,
}

impl Store {
    /// Opens a mail.
    ///
    /// # Errors
    /// Fails when its container is damaged or holds something else.
    pub(super) fn open(bytes: Vec<u8>) -> Result<Self, ReadError> {
        let file = compound::open(bytes)
            .map_err(|error| ReadError::Damaged(format!("as a container: {error}")))?;
        let store = Self { file, left: letter::MAX_BYTES };
        if store.is_mail(Path::new("/")) {
            return Ok(store);
        }
        Err(ReadError::Damaged("it holds no mail".into()))
    }

    /// Whether a storage holds a mail.
    pub(super) fn is_mail(&self, at: &Path) -> bool {
        self.file.is_stream(at.join(FIXED))
    }

    /// The storages of recipients or files, by how their names begin.
    pub(super) fn parts(&self, prefix: &str, most: usize) -> Vec<PathBuf> {
        let parts = self
            .file
            .read_root_storage()
            .filter(|entry| entry.is_storage() && entry.name().starts_with(prefix));
        parts.take(most).map(|entry| entry.path().to_owned()).collect()
    }

    /// What is below a storage, in order, storages before what is in them:
    /// the path, and whether it is a storage.
    pub(super) fn below(&self, at: &Path, most: usize) -> Vec<(PathBuf, bool)> {
        let Ok(entries) = self.file.walk_storage(at) else { return Vec::new() };
        let entries = entries.skip(1).take(most);
        entries.map(|entry| (entry.path().to_owned(), entry.is_storage())).collect()
    }

    /// An object with its properties.
    pub(super) fn object(&mut self, at: &Path) -> Object {
        let bytes = self.stream(&at.join(FIXED), MAX_FIXED).unwrap_or_default();
        let is_root = at.parent().is_none();
        let header = if is_root { HEADERS[0] } else { HEADERS[1] };
        let mut fixed = HashMap::new();
        for property in bytes.get(header..).unwrap_or_default().chunks_exact(PROPERTY) {
            let (kind, id) = (word(property, 0), word(property, 2));
            let mut value = [0; 8];
            value.copy_from_slice(&property[8..]);
            fixed.insert((id, kind), value);
        }
        Object { at: at.to_owned(), fixed }
    }

    /// A property that is text.
    pub(super) fn text(&mut self, object: &Object, id: u16) -> Option<String> {
        let path = |kind| object.at.join(stream_name(id, kind));
        let text = match self.stream(&path(UNICODE), MAX_TEXT) {
            Some(bytes) => encoding_rs::UTF_16LE.decode_without_bom_handling(&bytes).0.into_owned(),
            None => object.decode(&self.stream(&path(EIGHT_BIT), MAX_TEXT)?, CODE_PAGE),
        };
        Some(text.trim_end_matches('\0').to_owned())
    }

    /// A property that is bytes.
    pub(super) fn binary(&mut self, object: &Object, id: u16) -> Option<Vec<u8>> {
        self.stream(&object.at.join(stream_name(id, BINARY)), letter::MAX_BYTES)
    }

    /// The bytes of a stream; `None` when there is none or too much of it.
    pub(super) fn stream(&mut self, at: &Path, most: u64) -> Option<Vec<u8>> {
        if !self.file.is_stream(at) {
            return None;
        }
        let most = most.min(self.left);
        let mut bytes = Vec::new();
        self.file.open_stream(at).ok()?.take(most + 1).read_to_end(&mut bytes).ok()?;
        let read = bytes.len() as u64;
        self.left = self.left.saturating_sub(read);
        (read <= most).then_some(bytes)
    }
}

impl Object {
    /// A property that is a number.
    pub(super) fn number(&self, id: u16) -> Option<u32> {
        let value = self.fixed.get(&(id, NUMBER))?;
        Some(u32::from_le_bytes([value[0], value[1], value[2], value[3]]))
    }

    /// A property that is a time, in steps of 100 ns since 1601.
    pub(super) fn time(&self, id: u16) -> Option<u64> {
        Some(u64::from_le_bytes(*self.fixed.get(&(id, TIME))?)).filter(|time| *time > 0)
    }

    /// A web page of this mail as text.
    pub(super) fn decode_page(&self, bytes: &[u8]) -> String {
        self.decode(bytes, PAGE_CODE_PAGE)
    }

    fn decode(&self, bytes: &[u8], code_page: u16) -> String {
        match self.number(code_page).and_then(encoding) {
            Some(encoding) => encoding.decode(bytes).0.into_owned(),
            None => text::decode(bytes),
        }
    }
}

/// The encoding of a Windows code page.
fn encoding(code_page: u32) -> Option<&'static Encoding> {
    let label = match code_page {
        65001 => "utf-8".to_owned(),
        932 => "shift_jis".to_owned(),
        936 => "gbk".to_owned(),
        949 => "euc-kr".to_owned(),
        950 => "big5".to_owned(),
        20127 => "windows-1252".to_owned(),
        28591..=28605 => format!("iso-8859-{}", code_page - 28590),
        874 | 1250..=1258 => format!("windows-{code_page}"),
        _ => return None,
    };
    Encoding::for_label(label.as_bytes())
}

fn word(bytes: &[u8], at: usize) -> u16 {
    u16::from_le_bytes([bytes[at], bytes[at + 1]])
}
