//! ZIP archives: a batch of documents.
//!
//! The page of an archive lists its files, and why one was left out; each
//! other file becomes a document of its own. A file that cannot be unpacked
//! never takes the others along.

use std::io::{Cursor, Read};

use zip::CompressionMethod;
use zip::ZipArchive;
use zip::read::ZipFile;

use super::filename::{self, Names};
use super::source::Source;
use super::{Attachment, ReadError, text};

/// Most files of one archive that are looked at.
const MAX_FILES: usize = 5000;
/// Most bytes all files may unpack to; they are held in memory together.
const MAX_UNPACKED: u64 = 512 << 20;
/// A file that unpacks to more than this many times its packed size, once it
/// is large, is a bomb; text rarely passes 30.
const MAX_RATIO: u64 = 200;
/// Small files may pack as well as they like.
const RATIO_FROM: u64 = 8 << 20;

/// Takes an archive apart.
///
/// # Errors
/// Fails when its list of files cannot be read.
pub(super) fn read(bytes: &[u8]) -> Result<Source, ReadError> {
    let mut archive = ZipArchive::new(Cursor::new(bytes))
        .map_err(|error| ReadError::Damaged(format!("as an archive: {error}")))?;
    let mut unpacking =
        Unpacking { whole: bytes, left: MAX_UNPACKED, names: Names::default(), files: Vec::new() };
    let count = archive.len();
    let mut list = Vec::new();
    for index in 0..count.min(MAX_FILES) {
        let Some((path, size)) = describe(&mut archive, index) else { continue };
        let row = format!("{} | {path} | {}", list.len() + 1, readable(size));
        list.push(match unpacking.take(&mut archive, index, &path) {
            Ok(()) => row,
            Err(why) => format!("{row} | left out: {why}"),
        });
    }
    let head = match list.len() {
        0 => "This archive is empty.".to_owned(),
        1 => "Archive of 1 file".to_owned(),
        listed => format!("Archive of {listed} files"),
    };
    let mut page = format!("{head}\n\n{}\n", list.join("\n"));
    if count > MAX_FILES {
        page.push_str(
            "\nThere are more files, which were not looked at; pack them on their own.\n",
        );
    }
    Ok(Source { pages: text::pages(&page), attachments: unpacking.files, ..Source::default() })
}

/// The path and unpacked size of a file; `None` for a folder and what only a
/// system needs.
fn describe(archive: &mut ZipArchive<Cursor<&[u8]>>, index: usize) -> Option<(String, u64)> {
    let file = archive.by_index_raw(index).ok()?;
    let path = path(&file);
    let name = path.rsplit('/').next().unwrap_or_default();
    let of_a_system = path.starts_with("__MACOSX/")
        || [".DS_Store", "Thumbs.db", "desktop.ini"].contains(&name)
        || name.starts_with("~$");
    (!file.is_dir() && !name.is_empty() && !of_a_system).then(|| (path, file.size()))
}

/// A path as its packer meant it: many write UTF-8 without saying so.
fn path<R: Read>(file: &ZipFile<'_, R>) -> String {
    let path = match std::str::from_utf8(file.name_raw()) {
        Ok(path) => path.to_owned(),
        Err(_) => file
            .name()
            .map_or_else(|_| String::from_utf8_lossy(file.name_raw()).into_owned(), Into::into),
    };
    path.replace('\\', "/").chars().filter(|c| !c.is_control()).collect()
}

/// Files unpacked so far, and what may still be.
struct Unpacking<'a> {
    whole: &'a [u8],
    left: u64,
    names: Names,
    files: Vec<Attachment>,
}

impl Unpacking<'_> {
    /// Unpacks a file, or says why it is left out.
    fn take(
        &mut self,
        archive: &mut ZipArchive<Cursor<&[u8]>>,
        index: usize,
        path: &str,
    ) -> Result<(), String> {
        let raw = archive.by_index_raw(index).map_err(damaged)?;
        if raw.encrypted() {
            return Err("it is protected by a password; pack it again without one".into());
        }
        if raw.is_symlink() {
            return Err("it only points to another file; pack that file itself".into());
        }
        let method = raw.compression();
        if ![CompressionMethod::Stored, CompressionMethod::Deflated].contains(&method) {
            return Err(format!("it is packed as {method}; pack it again in the usual way"));
        }
        let packed = raw.compressed_size();
        drop(raw);
        let file = archive.by_index(index).map_err(damaged)?;
        let bytes = self.unpack(file, packed)?;
        if bytes == self.whole {
            return Err("it is a copy of the archive it is in".into());
        }
        self.left -= bytes.len() as u64;
        let number = index + 1;
        let name = Some(filename::of_path(path)).filter(|name| !name.is_empty());
        let name = name.unwrap_or_else(|| format!("file-{number}"));
        let file_name = self.names.give(name, number);
        self.files.push(Attachment { file_name, bytes });
        Ok(())
    }

    /// Unpacks as far as the limits go; what a file says of its size may be a lie.
    fn unpack(&self, file: impl Read, packed: u64) -> Result<Vec<u8>, String> {
        let most = self.left.min(packed.saturating_mul(MAX_RATIO).max(RATIO_FROM));
        let mut bytes = Vec::new();
        file.take(most + 1).read_to_end(&mut bytes).map_err(damaged)?;
        if bytes.len() as u64 <= most {
            return Ok(bytes);
        }
        Err(if most == self.left {
            format!("all files together unpack to more than {}; split it", readable(MAX_UNPACKED))
        } else {
            format!("it unpacks to more than {MAX_RATIO} times its size, as no document does")
        })
    }
}

fn damaged(error: impl std::fmt::Display) -> String {
    format!("it is damaged ({error}); pack it again")
}

/// A size as people say it.
pub(super) fn readable(bytes: u64) -> String {
    match bytes {
        0..1_000 => format!("{bytes} bytes"),
        1_000..1_000_000 => format!("{} kB", bytes / 1_000),
        _ => format!("{}.{} MB", bytes / 1_000_000, bytes / 100_000 % 10),
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use zip::write::SimpleFileOptions;

    use super::*;

    fn pack(files: &[(&str, &[u8])]) -> Vec<u8> {
        let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (name, bytes) in files {
            zip.start_file(*name, SimpleFileOptions::default()).unwrap();
            zip.write_all(bytes).unwrap();
        }
        zip.finish().unwrap().into_inner()
    }

    fn names(source: &Source) -> Vec<&str> {
        source.attachments.iter().map(|file| file.file_name.as_str()).collect()
    }

    #[test]
    fn every_file_becomes_a_document_with_its_path_in_its_name() {
        let zip = pack(&[
            ("Orders/2024/final.pdf", b"%PDF-1.4"),
            ("__MACOSX/Orders/._final.pdf", b"x"),
            ("Orders/Thumbs.db", b"x"),
            ("../../etc/passwd", b"root"),
            ("वाद/दावा.txt", b"text"),
        ]);
        let source = read(&zip).unwrap();
        assert_eq!(names(&source), ["Orders - 2024 - final.pdf", "etc - passwd", "वाद - दावा.txt"]);
        assert_eq!(source.attachments[0].bytes, b"%PDF-1.4");
        assert!(source.pages[0].contains("1 | Orders/2024/final.pdf | 8 bytes\n"));
    }

    #[test]
    fn a_bomb_is_left_out_and_its_neighbours_are_kept() {
        let zip = pack(&[("bomb.txt", &vec![0; 16 << 20]), ("order.txt", b"Allowed.")]);
        let source = read(&zip).unwrap();
        assert_eq!(names(&source), ["order.txt"]);
        assert!(source.pages[0].contains("bomb.txt | 16.7 MB | left out: it unpacks to more than"));
    }

    #[test]
    fn a_locked_or_damaged_file_is_left_out_with_its_reason() {
        let mut locked = pack(&[("a.txt", b"first"), ("b.txt", b"second")]);
        // The flag of encryption, in the list of files: 8 bytes into an entry.
        let list = locked.windows(4).position(|w| w == b"PK\x01\x02").unwrap();
        locked[list + 8] |= 1;
        let source = read(&locked).unwrap();
        assert_eq!(names(&source), ["b.txt"]);
        assert!(source.pages[0].contains("left out: it is protected by a password"));

        let mut damaged = pack(&[("a.txt", b"first"), ("b.txt", b"second")]);
        let list = damaged.windows(4).position(|w| w == b"PK\x01\x02").unwrap();
        damaged[list + 16] ^= 0xff;
        let source = read(&damaged).unwrap();
        assert_eq!(names(&source), ["b.txt"]);
        assert!(source.pages[0].contains("left out: it is damaged"));
    }

    #[test]
    fn what_is_no_archive_is_refused() {
        assert!(matches!(read(b"PK\x03\x04 cut short"), Err(ReadError::Damaged(_))));
        assert_eq!(read(&pack(&[])).unwrap().pages, ["This archive is empty."]);
    }
}
