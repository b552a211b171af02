use std::io::{Cursor, Write};
use std::path::PathBuf;

use super::*;

fn of(bytes: &[u8]) -> Result<Format, String> {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(bytes).unwrap();
    identify(&bytes[..bytes.len().min(8192)], file.path()).map_err(|refusal| refusal.to_string())
}

fn zip_with(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        zip.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(content.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn office(part: &str) -> Vec<u8> {
    zip_with(&[("[Content_Types].xml", "<x/>"), (part, "<x/>")])
}

fn open_document(kind: &str) -> Vec<u8> {
    zip_with(&[("mimetype", &format!("application/vnd.oasis.opendocument.{kind}"))])
}

fn compound(stream: &str) -> Vec<u8> {
    let mut file = cfb::CompoundFile::create(Cursor::new(Vec::new())).unwrap();
    file.create_stream(stream).unwrap().write_all(b"x").unwrap();
    file.into_inner().into_inner()
}

#[test]
fn documents_are_known_by_content() {
    assert_eq!(of(b"%PDF-1.7\n..."), Ok(Format::Pdf));
    assert_eq!(of(b"\n\njunk %PDF-1.4"), Ok(Format::Pdf));
    assert_eq!(of("धारा 302 के अंतर्गत".as_bytes()), Ok(Format::Text));
    assert_eq!(of(b"\xff\xfeA\0b\0"), Ok(Format::Text));
    assert_eq!(of(b"Message-ID: <1@x>\r\nFrom: a@b\r\nSubject: S\r\n\r\nHi"), Ok(Format::Mail));
    assert_eq!(of(b"  {\\rtf1\\ansi}"), Ok(Format::Rtf));
    assert_eq!(of(b"\xef\xbb\xbf<!-- saved -->\n<!DOCTYPE html><html>"), Ok(Format::Html));
    assert_eq!(of(b"<table border=1><tr><td>Case No.</td></tr></table>"), Ok(Format::Html));
    assert_eq!(of(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"), Ok(Format::Png));
    assert_eq!(of(b"\xff\xd8\xff\xe0\0\x10JFIF"), Ok(Format::Jpeg));
    assert_eq!(of(b"MM\0*\0\0\0\x08"), Ok(Format::Tiff));
}

#[test]
fn packed_documents_are_known_by_their_parts() {
    assert_eq!(of(&office("word/document.xml")), Ok(Format::Docx));
    assert_eq!(of(&office("word/document2.xml")), Ok(Format::Docx));
    assert_eq!(of(&office("xl/workbook.xml")), Ok(Format::Sheet));
    assert_eq!(of(&office("xl/workbook.bin")), Ok(Format::Sheet));
    assert_eq!(of(&office("ppt/presentation.xml")), Ok(Format::Slides));
    assert_eq!(of(&open_document("text")), Ok(Format::Odt));
    assert_eq!(of(&open_document("text-template")), Ok(Format::Odt));
    assert_eq!(of(&open_document("spreadsheet")), Ok(Format::Sheet));
    assert_eq!(of(&open_document("presentation")), Ok(Format::Slides));
    assert_eq!(of(&compound("WordDocument")), Ok(Format::Doc));
    assert_eq!(of(&compound("Workbook")), Ok(Format::Sheet));
    assert_eq!(of(&compound("__properties_version1.0")), Ok(Format::Msg));
}

#[test]
fn a_batch_is_an_archive_whatever_is_in_it() {
    assert_eq!(of(&zip_with(&[("deeds/sale.pdf", "%PDF-1.4")])), Ok(Format::Zip));
    assert_eq!(
        of(&zip_with(&[("a.pdf", "%PDF-1.4"), ("word/document.pdf", "x")])),
        Ok(Format::Zip)
    );
    assert_eq!(of(&zip_with(&[])), Ok(Format::Zip));
}

#[test]
fn a_mailbox_is_told_from_a_letter_and_a_mail() {
    let mailbox = b"From asha@firm.example Mon Jun 01 10:00:00 2009\nSubject: S\n\nHi\n";
    assert_eq!(of(mailbox), Ok(Format::Mbox));
    assert_eq!(of(b"From the High Court of 2009\nat Bombay: judgment"), Ok(Format::Text));
    assert_eq!(of(b"To: The Registrar\nSubject: listing\n\nSir,"), Ok(Format::Text));
    assert_eq!(of(b"From: The Clerk\nTo: The Bar\nDate: 1.2.2024\n\nSir,"), Ok(Format::Text));
    assert_eq!(of(b"Date: x\nFrom: a@b.in\nTo: c@d.in\nSubject: S\n\nHi"), Ok(Format::Mail));
    let wide: Vec<u8> = "MIME-Version: 1.0\nDate: Fri, 16 Dec 2022 17:04:16 -0500\nTo: c@d\n\nHi"
        .encode_utf16()
        .flat_map(u16::to_be_bytes)
        .collect();
    assert_eq!(of(&wide), Ok(Format::Mail));
}

#[test]
fn what_cannot_be_read_is_named_with_advice() {
    for (bytes, said) in [
        (b"PK\x03\x04broken".to_vec(), "cut short"),
        (compound("EncryptedPackage"), "password"),
        (compound("PowerPoint Document"), "save it as PPTX or PDF"),
        (b"\xd0\xcf\x11\xe0broken".to_vec(), "damaged"),
        (zip_with(&[("mimetype", "application/epub+zip")]), "e-book"),
        (b"\xffWPC\x10\0\0\0\x01\x0a".to_vec(), "WordPerfect"),
        (b"Rar!\x1a\x07\x01\0".to_vec(), "archive (RAR)"),
        (b"GIF89a\x01\0\x01\0".to_vec(), "picture (GIF)"),
        (b"BM\x46\0\0\0\0\0\0\0\x36\0\0\0".to_vec(), "picture (BMP)"),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic".to_vec(), "picture (HEIF)"),
        (b"ID3\x03\0\0\0".to_vec(), "recording (MP3)"),
        (b"\x30\x80\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02".to_vec(), "signed or encrypted"),
        (b"<?xml version=\"1.0\"?><?mso-application progid=\"Excel.Sheet\"?>".to_vec(), "XLSX"),
        ([b"\x7fELF\x02\x01\x01".as_slice(), &[0; 64]].concat(), "program"),
        ([b"MZ\x90\0\x03\0\0\0".as_slice(), &[0; 64]].concat(), "program"),
        (vec![1, 2, 3, 4, 5, 6, 7, 8, 14, 15, 16], "unknown kind"),
        (Vec::new(), "empty"),
    ] {
        let refused = of(&bytes).unwrap_err();
        assert!(refused.contains(said), "{refused:?} should say {said:?}");
    }
}

/// What a file of the test data is by its name, when its name tells the truth.
fn by_name(path: &Path) -> Option<Vec<Format>> {
    /// Locked, and too old.
    const REFUSED: [&str; 2] = ["password_protected.xlsx", "testEXCEL_4.xls"];
    let name = path.file_name()?.to_str()?;
    if REFUSED.contains(&name) {
        return Some(Vec::new());
    }
    let formats = match name.rsplit_once('.')?.1 {
        "pdf" => vec![Format::Pdf],
        "docx" | "docm" | "dotx" => vec![Format::Docx],
        "doc" => vec![Format::Doc],
        "rtf" => vec![Format::Rtf],
        "odt" => vec![Format::Odt],
        "xlsx" | "xls" | "xlsb" | "ods" => vec![Format::Sheet],
        "pptx" | "odp" => vec![Format::Slides],
        "html" => vec![Format::Html],
        "txt" | "md" => vec![Format::Text],
        // A mail exported with the line that starts it in a mailbox is both.
        "eml" => vec![Format::Mail, Format::Mbox],
        "mhtml" => vec![Format::Mail],
        "msg" => vec![Format::Msg],
        "mbox" => vec![Format::Mbox],
        "jpg" => vec![Format::Jpeg],
        "png" => vec![Format::Png],
        "tif" | "tiff" => vec![Format::Tiff],
        "zip" => vec![Format::Zip],
        "p7m" | "epub" | "gz" | "wpd" => Vec::new(),
        _ => return None,
    };
    Some(formats)
}

#[test]
fn every_file_of_the_test_data_is_what_it_is_named() {
    const FOLDERS: [&str; 7] = [
        "office/docling",
        "office/freelaw",
        "office/kreuzberg",
        "office/tika",
        "office/unstructured",
        "office/uk-judgments-docx",
        "scans",
    ];
    let data = std::env::var_os("MUNSHI_TEST_DATA").map_or("../shared/data".into(), PathBuf::from);
    let mut folders: Vec<PathBuf> = FOLDERS.iter().map(|folder| data.join(folder)).collect();
    let (mut seen, mut wrong) = (0, Vec::new());
    while let Some(folder) = folders.pop() {
        let Ok(files) = std::fs::read_dir(folder) else { continue };
        for path in files.map(|file| file.unwrap().path()) {
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let Some(wanted) = by_name(&path) else { continue };
            let bytes = std::fs::read(&path).unwrap();
            let found = identify(&bytes[..bytes.len().min(8192)], &path);
            seen += 1;
            let right = match &found {
                Ok(format) => wanted.contains(format),
                Err(_) => wanted.is_empty(),
            };
            if !right {
                wrong.push(format!("{}: {found:?}", path.display()));
            }
        }
    }
    if seen == 0 {
        eprintln!("not run: the test data is not at {}", data.display());
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
