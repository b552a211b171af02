//! What is not taken, by the bytes it begins with.

use super::Refusal;

/// What to do with a sound or film.
const TRANSCRIPT: &str = "upload a transcript of it";
/// What to do with a packed file.
const UNPACK: &str = "unpack it and upload its files, or pack them as ZIP";
/// What to do with a text document of a rare kind.
const SAVE_AS_DOCX: &str = "open it, save it as DOCX or PDF and upload that";

/// What to do with an old workbook.
const SAVE_AS_XLSX: &str = "open it, save it as XLSX and upload that";

/// Files known by their first bytes, what they look like and what to do.
const SIGNATURES: [(&[u8], &str, &str); 17] = [
    (b"\xffWPC", "a WordPerfect document", SAVE_AS_DOCX),
    (b"\xdb\xa5", "a Word document from before 1997", SAVE_AS_DOCX),
    (b"\x31\xbe\0\0", "a Write document", SAVE_AS_DOCX),
    (b"\x09\0\x04\0", "an Excel workbook from before 1995", SAVE_AS_XLSX),
    (b"\x09\x02\x06\0", "an Excel workbook from before 1995", SAVE_AS_XLSX),
    (b"\x09\x04\x06\0", "an Excel workbook from before 1995", SAVE_AS_XLSX),
    (b"\x09\x08\x10\0", "an Excel workbook without its container", SAVE_AS_XLSX),
    (
        b"\x78\x9f\x3e\x22",
        "a package only Outlook opens (winmail.dat)",
        "ask for the mail as plain text, or save the files inside and upload those",
    ),
    (b"!BDN", "an Outlook data file (.pst)", "save the mails in it as .msg and upload those"),
    (b"ITOLITLS", "an e-book (LIT)", "save it as PDF"),
    (b"AT&TFORM", "a DjVu document", "save it as PDF and upload that"),
    (b"%!PS", "a PostScript document", "convert it to PDF and upload that"),
    (b"SQLite format 3", "a database", "save what matters of it as XLSX or PDF"),
    (b"Rar!", "an archive (RAR)", UNPACK),
    (b"7z\xbc\xaf\x27\x1c", "an archive (7Z)", UNPACK),
    (b"BM", "a picture (BMP)", "save it as JPEG, PNG or PDF and upload that"),
    (b"PK\x07\x08", "a part of an archive in many volumes", UNPACK),
];

/// Refuses what its first bytes give away.
pub(super) fn by_signature(head: &[u8]) -> Option<Refusal> {
    if is_cryptographic_message(head) {
        return Some(Refusal::looks_like(
            "a signed or encrypted container (.p7m or .p7s)",
            "open it in the program it was signed with, save the document inside and upload that",
        ));
    }
    let known = SIGNATURES
        .iter()
        .find(|(mark, _, _)| head.starts_with(mark) && (*mark != b"BM" || is_bitmap(head)));
    if let Some(&(_, kind, advice)) = known {
        return Some(Refusal::looks_like(kind, advice));
    }
    by_kind(infer::get(head)?)
}

/// Words a refusal for what the table of signatures at hand knows.
fn by_kind(kind: infer::Type) -> Option<Refusal> {
    let name = kind.extension().to_uppercase();
    let refusal = match kind.matcher_type() {
        infer::MatcherType::Image => Refusal::looks_like(
            &format!("a picture ({name})"),
            "save it as JPEG, PNG or PDF and upload that; its text will be recognised",
        ),
        infer::MatcherType::Archive => Refusal::looks_like(&format!("an archive ({name})"), UNPACK),
        infer::MatcherType::Audio | infer::MatcherType::Video => {
            Refusal::looks_like(&format!("a recording ({name})"), TRANSCRIPT)
        }
        infer::MatcherType::App => {
            Refusal::looks_like("a program", "programs are not taken; upload a document")
        }
        infer::MatcherType::Book => Refusal::looks_like("an e-book", "save it as PDF"),
        infer::MatcherType::Text => return None,
        _ => Refusal::looks_like(&format!("a file of kind {name}"), "save it as PDF"),
    };
    Some(refusal)
}

/// Whether it is a bitmap and no text that begins with the same two letters:
/// the next four bytes are its size, then come four zeros.
fn is_bitmap(head: &[u8]) -> bool {
    head.get(6..10) == Some(&[0; 4])
}

/// Whether bytes begin a message of signed or encrypted data: a sequence whose
/// first element names one of the types of PKCS #7 (RFC 5652, section 4), in
/// binary or between lines of Base64.
fn is_cryptographic_message(head: &[u8]) -> bool {
    const TYPE: &[u8] = b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07";
    let length = match head {
        [0x30, short, ..] if *short < 0x80 => 1,
        [0x30, long, ..] => 1 + usize::from(long & 0x0f),
        _ => {
            return [b"-----BEGIN PKCS7".as_slice(), b"-----BEGIN CMS"]
                .iter()
                .any(|mark| head.starts_with(mark));
        }
    };
    head.get(1 + length..).is_some_and(|rest| rest.starts_with(TYPE))
}
