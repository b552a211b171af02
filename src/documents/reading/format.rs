//! What a file is, told from its content and never from its name.

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;

use serde::{Deserialize, Serialize};

/// How much of an Office container is searched for the mark of encryption.
const SEARCHED: u64 = 16 << 20;

/// The formats that can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Format {
    /// A PDF.
    Pdf,
    /// A Word document in the current format.
    Docx,
    /// Plain text in any common encoding.
    Text,
    /// One mail, as `.eml`.
    Mail,
}

impl Format {
    /// The name stored and shown: `pdf`, `docx`, `text`, `mail`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Docx => "docx",
            Self::Text => "text",
            Self::Mail => "mail",
        }
    }

    /// Reads what [`Format::as_str`] wrote.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Pdf, Self::Docx, Self::Text, Self::Mail]
            .into_iter()
            .find(|format| format.as_str() == name)
    }

    /// The media type to serve the file with.
    #[must_use]
    pub fn mime(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            Self::Text => "text/plain",
            Self::Mail => "message/rfc822",
        }
    }
}

/// Why a file is not taken: what it is and what to upload instead.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("this {what}; {advice}")]
pub struct Refusal {
    what: String,
    advice: &'static str,
}

impl Refusal {
    fn new(what: impl Into<String>, advice: &'static str) -> Self {
        Self { what: what.into(), advice }
    }

    fn looks_like(kind: &str, advice: &'static str) -> Self {
        Self::new(format!("looks like {kind}"), advice)
    }
}

/// Tells what a file is from its first kilobytes (`head`) and, for containers,
/// from the file itself.
///
/// # Errors
/// Fails when the file cannot be read as a document, with a message for the
/// person who uploaded it.
pub fn identify(head: &[u8], file: &Path) -> Result<Format, Refusal> {
    if head.is_empty() {
        return Err(Refusal::new("file is empty", "upload it again"));
    }
    if head.starts_with(b"%PDF") || find(&head[..head.len().min(1024)], b"%PDF-").is_some() {
        return Ok(Format::Pdf);
    }
    if head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06") {
        return container(file);
    }
    if head.starts_with(b"\xd0\xcf\x11\xe0") {
        return Err(old_office(file));
    }
    if let Some(refusal) = by_signature(head) {
        return Err(refusal);
    }
    if !is_text(head) {
        return Err(Refusal::new(
            "file is of an unknown kind",
            "upload a PDF, a Word document (.docx), a text file or a mail (.eml)",
        ));
    }
    if is_mail(head) { Ok(Format::Mail) } else { Ok(Format::Text) }
}

/// Looks into a ZIP for the parts that tell Office formats apart.
fn container(file: &Path) -> Result<Format, Refusal> {
    const PARTS: [(&str, &str, &str); 4] = [
        ("xl/workbook.xml", "an Excel workbook", "save it as PDF and upload that"),
        ("ppt/presentation.xml", "a PowerPoint presentation", "save it as PDF and upload that"),
        ("content.xml", "an OpenDocument file", "save it as DOCX or PDF and upload that"),
        ("META-INF/container.xml", "an e-book", "save it as PDF and upload that"),
    ];
    let archive =
        File::open(file).ok().and_then(|file| zip::ZipArchive::new(BufReader::new(file)).ok());
    let Some(archive) = archive else {
        return Err(Refusal::new(
            "looks like a Word document or archive cut short",
            "open it in its own program, save it again and upload that",
        ));
    };
    let has = |name: &str| archive.index_for_name(name).is_some();
    if has("word/document.xml") || (has("[Content_Types].xml") && has("word/document2.xml")) {
        return Ok(Format::Docx);
    }
    match PARTS.iter().find(|(name, _, _)| has(name)) {
        Some((_, kind, advice)) => Err(Refusal::looks_like(kind, advice)),
        None => Err(Refusal::looks_like("a ZIP archive", "unpack it and upload its files")),
    }
}

/// Tells apart what shares the container of Office before 2007.
fn old_office(file: &Path) -> Refusal {
    let mut bytes = Vec::new();
    if let Ok(file) = File::open(file) {
        // What cannot be read cannot be told apart; the general refusal follows.
        let _read = file.take(SEARCHED).read_to_end(&mut bytes);
    }
    let has = |name: &str| {
        let wide: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        find(&bytes, &wide).is_some()
    };
    let save = "open it, save it as DOCX or PDF and upload that";
    if has("EncryptedPackage") {
        return Refusal::new(
            "is an Office document protected by a password",
            "save a copy without the password and upload that",
        );
    }
    if has("__properties_version1.0") {
        return Refusal::looks_like("an Outlook message", "save it as .eml or PDF and upload that");
    }
    if has("WordDocument") {
        return Refusal::looks_like("a Word document of the old format (.doc)", save);
    }
    if has("Workbook") {
        return Refusal::looks_like("an Excel workbook of the old format", save);
    }
    Refusal::looks_like("an Office file of the old format", save)
}

/// Refuses what its first bytes give away.
fn by_signature(head: &[u8]) -> Option<Refusal> {
    let start = head.trim_ascii_start();
    if start.starts_with(b"{\\rtf") {
        return Some(Refusal::looks_like("an RTF document", "save it as DOCX or PDF"));
    }
    let opening = String::from_utf8_lossy(&start[..start.len().min(256)]).to_lowercase();
    if opening.contains("<!doctype html") || opening.contains("<html") {
        return Some(Refusal::looks_like("a web page", "print it to PDF and upload that"));
    }
    if head.starts_with(b"From ") && is_mail(skip_line(head)) {
        return Some(Refusal::looks_like(
            "a mailbox of several messages",
            "save each message as .eml and upload those",
        ));
    }
    let kind = infer::get(head)?;
    let name = kind.extension().to_uppercase();
    let refusal = match kind.matcher_type() {
        infer::MatcherType::Image => Refusal::looks_like(
            &format!("a picture ({name})"),
            "put it into a PDF and upload that; its text will be recognised",
        ),
        infer::MatcherType::Archive => {
            Refusal::looks_like(&format!("an archive ({name})"), "unpack it and upload its files")
        }
        infer::MatcherType::Audio | infer::MatcherType::Video => {
            Refusal::looks_like(&format!("a recording ({name})"), "upload a transcript of it")
        }
        infer::MatcherType::App => {
            Refusal::looks_like("a program", "programs are not taken; upload a document")
        }
        infer::MatcherType::Text => return None,
        _ => Refusal::looks_like(&format!("a file of kind {name}"), "save it as PDF"),
    };
    Some(refusal)
}

/// Whether bytes may be text: UTF-16, or hardly any control characters.
fn is_text(head: &[u8]) -> bool {
    if head.starts_with(b"\xff\xfe") || head.starts_with(b"\xfe\xff") {
        return true;
    }
    let text = super::text::decode(head);
    let control = |c: &char| c.is_control() && !matches!(c, '\n' | '\t' | '\u{c}' | '\u{1a}');
    let strange = text.chars().filter(control).count();
    strange * 100 <= text.chars().count()
}

/// Whether bytes begin with the header lines of a mail.
fn is_mail(head: &[u8]) -> bool {
    const NAMES: [&str; 14] = [
        "from",
        "to",
        "cc",
        "bcc",
        "subject",
        "date",
        "received",
        "return-path",
        "message-id",
        "mime-version",
        "delivered-to",
        "content-type",
        "reply-to",
        "sender",
    ];
    // One of these besides: a letter may well begin "From: … To: … Subject: …".
    const MARKS: [&str; 5] =
        ["received", "return-path", "message-id", "mime-version", "content-type"];
    let head = String::from_utf8_lossy(head);
    let head = head.trim_start_matches('\u{feff}');
    let mut known = 0;
    let mut marks = 0;
    for line in head.lines().take_while(|line| !line.trim().is_empty()) {
        if line.starts_with([' ', '\t']) {
            continue;
        }
        let Some((name, _)) = line.split_once(':') else { return false };
        if name.is_empty() || !name.bytes().all(|b| b.is_ascii_graphic()) {
            return false;
        }
        let name = name.to_ascii_lowercase();
        known += usize::from(NAMES.contains(&name.as_str()));
        marks += usize::from(MARKS.contains(&name.as_str()));
    }
    known >= 2 && marks >= 1
}

fn skip_line(bytes: &[u8]) -> &[u8] {
    find(bytes, b"\n").map_or(&[], |at| &bytes[at + 1..])
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|window| window == wanted)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn of(bytes: &[u8]) -> Result<Format, String> {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(bytes).unwrap();
        identify(&bytes[..bytes.len().min(8192)], file.path())
            .map_err(|refusal| refusal.to_string())
    }

    fn zip_with(part: &str) -> Vec<u8> {
        let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        zip.start_file(part, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(b"<x/>").unwrap();
        zip.finish().unwrap().into_inner()
    }

    #[test]
    fn documents_are_known_by_content() {
        assert_eq!(of(b"%PDF-1.7\n..."), Ok(Format::Pdf));
        assert_eq!(of(b"\n\njunk %PDF-1.4"), Ok(Format::Pdf));
        assert_eq!(of(&zip_with("word/document.xml")), Ok(Format::Docx));
        assert_eq!(of("धारा 302 के अंतर्गत".as_bytes()), Ok(Format::Text));
        assert_eq!(of(b"\xff\xfeA\0b\0"), Ok(Format::Text));
        assert_eq!(of(b"Message-ID: <1@x>\r\nFrom: a@b\r\nSubject: S\r\n\r\nHi"), Ok(Format::Mail));
    }

    #[test]
    fn a_letter_is_no_mail() {
        assert_eq!(of(b"To: The Registrar\nSubject: listing\n\nSir,"), Ok(Format::Text));
    }

    #[test]
    fn what_cannot_be_read_is_named_with_advice() {
        let zip = of(&zip_with("deeds/sale.pdf")).unwrap_err();
        assert_eq!(zip, "this looks like a ZIP archive; unpack it and upload its files");
        assert!(of(&zip_with("xl/workbook.xml")).unwrap_err().contains("Excel"));
        assert!(of(b"PK\x03\x04broken").unwrap_err().contains("cut short"));
        assert!(of(b"{\\rtf1\\ansi}").unwrap_err().contains("RTF"));
        assert!(of(b"<!DOCTYPE html><html>").unwrap_err().contains("web page"));
        assert!(of(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR").unwrap_err().contains("picture (PNG)"));
        let program = [b"\x7fELF\x02\x01\x01".as_slice(), &[0; 64]].concat();
        assert!(of(&program).unwrap_err().contains("program"));
        assert!(of(&[1, 2, 3, 4, 5, 6, 7, 8, 14, 15, 16]).unwrap_err().contains("unknown kind"));
        assert!(of(b"").unwrap_err().contains("empty"));
        let mut locked = b"\xd0\xcf\x11\xe0".to_vec();
        locked.extend("EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes));
        assert!(of(&locked).unwrap_err().contains("password"));
    }
}
