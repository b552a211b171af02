//! What is inside the containers that many formats share.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::path::Path;

use zip::ZipArchive;

use super::{Format, Refusal};
use crate::documents::reading::compound;

/// Most bytes read to learn what a container holds. The list of names of a
/// document is far smaller; it is read outside the confined process, so a
/// hostile list must not fill the memory.
const READ: u64 = 16 << 20;
/// Most names looked at.
const NAMES: usize = 50_000;
/// An open document (ODT, ODS, ODP) gives its kind in a part of some forty bytes.
const KIND: u64 = 128;

/// What to do with what its own program can still open.
const SAVE_AS_PDF: &str = "save it as PDF and upload that";
/// What to do with an old or rare text document.
const SAVE_AS_DOCX: &str = "open it, save it as DOCX or PDF and upload that";

/// Parts of Office documents, by how their names begin.
const OFFICE_PARTS: [(&str, Found); 5] = [
    ("word/document", Ok(Format::Docx)),
    ("xl/workbook.", Ok(Format::Sheet)),
    ("ppt/presentation.", Ok(Format::Slides)),
    ("visio/document.", Err(("looks like a drawing (Visio)", SAVE_AS_PDF))),
    ("word/", Err(("looks like a Word document without its main part", SAVE_AS_DOCX))),
];
/// Parts that give other packed files away.
const PARTS: [(&str, Found); 8] = [
    ("FixedDocSeq.fdseq", Err(("looks like an XPS document", PRINT))),
    ("FixedDocumentSequence.fdseq", Err(("looks like an XPS document", PRINT))),
    ("Index/Document.iwa", Err(("looks like a document of Apple Pages or Numbers", SAVE_AS_PDF))),
    ("AndroidManifest.xml", Err(("looks like a program", NO_PROGRAMS))),
    ("META-INF/MANIFEST.MF", Err(("looks like a program", NO_PROGRAMS))),
    ("META-INF/container.xml", Err(("looks like an e-book", SAVE_AS_PDF))),
    ("doc.kml", Err(("looks like a map (KMZ)", SAVE_AS_PDF))),
    ("3D/3dmodel.model", Err(("looks like a 3D model", SAVE_AS_PDF))),
];
/// What to do with what can be printed.
const PRINT: &str = "print it to PDF and upload that";
/// What is said to who uploads a program.
const NO_PROGRAMS: &str = "programs are not taken; upload a document";

/// Streams that give a compound file away, by name.
const STREAMS: [(&str, Found); 14] = [
    ("EncryptedPackage", Err(("is an Office document protected by a password", NO_PASSWORD))),
    ("\tDRMContent", Err(("is an Office document whose reading is restricted (DRM)", NO_PASSWORD))),
    ("\u{6}DataSpaces", Err(("is an Office document whose reading is restricted", NO_PASSWORD))),
    ("__properties_version1.0", Ok(Format::Msg)),
    ("WordDocument", Ok(Format::Doc)),
    ("Workbook", Ok(Format::Sheet)),
    ("Book", Ok(Format::Sheet)),
    (
        "PowerPoint Document",
        Err((
            "looks like a PowerPoint presentation of the old format (.ppt)",
            "open it, save it as PPTX or PDF and upload that",
        )),
    ),
    ("VisioDocument", Err(("looks like a drawing (Visio)", SAVE_AS_PDF))),
    ("Quill", Err(("looks like a Publisher document", SAVE_AS_PDF))),
    ("PerfectOffice_MAIN", Err(("looks like a WordPerfect document", SAVE_AS_DOCX))),
    ("MatOST", Err(("looks like a Works document", SAVE_AS_DOCX))),
    ("HwpSummaryInformation", Err(("looks like a Hangul document", SAVE_AS_DOCX))),
    ("\u{5}SummaryInformation", Err(("looks like an Office file of a rare kind", SAVE_AS_DOCX))),
];
/// What to do with a document that is locked.
const NO_PASSWORD: &str = "save a copy without the password or restriction and upload that";

/// A format, or what it is instead and what to do.
type Found = Result<Format, (&'static str, &'static str)>;

/// Tells apart what is packed as a ZIP.
///
/// # Errors
/// Fails when it is cut short or holds no document.
pub(super) fn zip(file: &Path) -> Result<Format, Refusal> {
    let opened = open(file).and_then(|file| Ok(ZipArchive::new(file)?));
    let Ok(mut archive) = opened else {
        return Err(Refusal::new(
            "looks like a Word document or archive cut short",
            "open it in its own program, save it again and upload that",
        ));
    };
    if let Some(kind) = open_document(&mut archive) {
        return kind.map_err(refusal);
    }
    // A batch may well hold a folder `word`; an Office document has this part too.
    let parts: &[(&str, Found)] = match archive.index_for_name("[Content_Types].xml") {
        Some(_) => &[OFFICE_PARTS.as_slice(), &PARTS].concat(),
        None => &PARTS,
    };
    let has = |part: &str| {
        archive.file_names_raw().take(NAMES).any(|name| name.starts_with(part.as_bytes()))
    };
    match parts.iter().find(|(part, _)| has(part)) {
        Some(&(_, is)) => is.map_err(refusal),
        None => Ok(Format::Zip),
    }
}

/// The kind an open document or e-book states in its first part.
fn open_document(archive: &mut ZipArchive<impl Read + Seek>) -> Option<Found> {
    const OPEN: &str = "application/vnd.oasis.opendocument.";
    let mut kind = String::new();
    let part = archive.by_name("mimetype").ok()?;
    part.take(KIND).read_to_string(&mut kind).ok()?;
    let kind = kind.trim();
    if kind == "application/epub+zip" {
        return Some(Err(("looks like an e-book", SAVE_AS_PDF)));
    }
    let kind = kind.strip_prefix(OPEN)?;
    Some(match kind.split('-').next().unwrap_or_default() {
        "text" => Ok(Format::Odt),
        "spreadsheet" => Ok(Format::Sheet),
        "presentation" => Ok(Format::Slides),
        _ => Err(("looks like an OpenDocument drawing or database", SAVE_AS_PDF)),
    })
}

/// Tells apart what is packed as a compound file: Office before 2007, mails of
/// Outlook, and Office documents behind a password.
///
/// # Errors
/// Fails when it is damaged or holds no document that can be read.
pub(super) fn compound(file: &Path) -> Result<Format, Refusal> {
    let opened = open(file).and_then(cfb::CompoundFile::open).map(|file| names(&file));
    let Ok(names) = opened.or_else(|_| mended(file)) else {
        return Err(Refusal::new(
            "looks like an Office file of the old format that is damaged",
            "open it in its own program, save it as DOCX or PDF and upload that",
        ));
    };
    let has = |stream: &str| names.iter().any(|name| name.eq_ignore_ascii_case(stream));
    match STREAMS.iter().find(|(stream, _)| has(stream)) {
        Some(&(_, is)) => is.map_err(refusal),
        None => Err(Refusal::looks_like("an Office file of a rare kind", SAVE_AS_DOCX)),
    }
}

/// The names in a compound file that needs mending first.
fn mended(file: &Path) -> io::Result<Vec<String>> {
    let mut bytes = Vec::new();
    open(file)?.read_to_end(&mut bytes)?;
    Ok(names(&compound::open(bytes)?))
}

/// The names at the root of a compound file.
fn names<F>(container: &cfb::CompoundFile<F>) -> Vec<String> {
    container.read_root_storage().take(NAMES).map(|entry| entry.name().to_owned()).collect()
}

fn refusal((what, advice): (&str, &'static str)) -> Refusal {
    Refusal::new(what, advice)
}

fn open(file: &Path) -> io::Result<Bounded<BufReader<File>>> {
    Ok(Bounded { inner: BufReader::new(File::open(file)?), left: READ })
}

/// A file of which only so much can be read.
struct Bounded<R> {
    inner: R,
    left: u64,
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.left = self
            .left
            .checked_sub(read as u64)
            .ok_or_else(|| io::Error::other("more than is worth reading"))?;
        Ok(read)
    }
}

impl<R: Seek> Seek for Bounded<R> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.inner.seek(to)
    }
}
