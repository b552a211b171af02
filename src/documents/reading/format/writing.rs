//! What a file of characters is, told from its first lines.

use super::{Format, Refusal};
use crate::documents::reading::{mbox, text};

/// How far into a file the first tag of a web page may stand, in bytes:
/// comments and a style sheet may come first.
const TAG_WITHIN: usize = 2048;

/// Headers a person or a mail program gives a mail.
const HEADERS: [&str; 14] = [
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
/// Headers a letter never begins with: it may well say "From: … To: … Subject: …".
const MARKS: [&str; 7] = [
    "received",
    "return-path",
    "message-id",
    "mime-version",
    "content-type",
    "delivered-to",
    "reply-to",
];

/// The format a file of characters is marked as by its first lines.
///
/// # Errors
/// Fails when it is marked as one that cannot be read.
pub(super) fn marked(head: &[u8]) -> Result<Option<Format>, Refusal> {
    if head.trim_ascii_start().starts_with(b"{\\rtf") {
        return Ok(Some(Format::Rtf));
    }
    let text = opening(head);
    if let Some(office) = office_xml(&text) {
        return office.map(Some);
    }
    if is_mailbox(&text) {
        return Ok(Some(Format::Mbox));
    }
    if is_mail(&text) {
        return Ok(Some(Format::Mail));
    }
    Ok(is_web_page(&text).then_some(Format::Html))
}

/// Whether bytes may be text: UTF-16, or hardly any control characters.
pub(super) fn is_text(head: &[u8]) -> bool {
    let strange = |c: &char| c.is_control() && !matches!(c, '\n' | '\t' | '\u{c}' | '\u{1a}');
    let text = text::decode(head);
    // Zeros are dropped from text; where they are not half of a character, they count.
    let zeros = head.split(|byte| *byte == 0).count() - 1;
    let zeros = if text::is_wide(head) { 0 } else { zeros };
    let strange = text.chars().filter(strange).count() + zeros;
    strange * 100 <= text.chars().count()
}

/// The beginning as text, whatever its encoding, without marks and empty lines.
fn opening(head: &[u8]) -> String {
    let text = text::decode(head);
    text.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}').to_owned()
}

/// Knows Office documents saved as one XML file: those of Word 2003 are read, the
/// others refused.
fn office_xml(text: &str) -> Option<Result<Format, Refusal>> {
    const KINDS: [(&str, &str, &str); 3] = [
        ("progid=\"Excel.Sheet\"", "an Excel workbook saved as XML", "save it as XLSX"),
        (
            "schemas.microsoft.com/office/2006/xmlPackage",
            "a Word document saved as XML",
            "save it as DOCX",
        ),
        ("office:mimetype=", "an OpenDocument file saved as XML", "save it as ODT or ODS"),
    ];
    if !text.starts_with("<?xml") {
        return None;
    }
    if text.contains("progid=\"Word.Document\"") {
        return Some(Ok(Format::Doc));
    }
    let (_, kind, advice) = KINDS.iter().find(|(mark, _, _)| text.contains(mark))?;
    Some(Err(Refusal::looks_like(kind, advice)))
}

/// Whether a text begins as web pages do. Portals offer tables as `.xls` that
/// are web pages without a head.
fn is_web_page(text: &str) -> bool {
    const FIRST: [&str; 20] = [
        "head", "body", "table", "div", "title", "meta", "style", "script", "link", "center", "h1",
        "h2", "h3", "h4", "p", "span", "font", "b", "a", "br",
    ];
    let end = text.floor_char_boundary(TAG_WITHIN);
    let start = text[..end].to_ascii_lowercase();
    let Some(tag) = start.strip_prefix('<') else { return false };
    let name = tag.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
    start.contains("<!doctype html") || start.contains("<html") || FIRST.contains(&name)
}

/// Whether a text begins as a mailbox: the line that starts each mail in it,
/// then a header line.
fn is_mailbox(text: &str) -> bool {
    let Some((first, rest)) = text.split_once('\n') else { return false };
    let next = rest.lines().next().unwrap_or_default();
    mbox::is_start(first.as_bytes()) && next.split_once(':').is_some_and(|(name, _)| is_name(name))
}

/// Whether a text begins with the header lines of a mail.
fn is_mail(text: &str) -> bool {
    let mut names = Vec::new();
    let mut sender = false;
    for line in text.lines().take_while(|line| !line.trim().is_empty()) {
        if line.starts_with([' ', '\t']) {
            continue;
        }
        let (name, value) = line.split_once(':').unwrap_or_default();
        let name = name.trim_end().to_ascii_lowercase();
        if !is_name(&name) {
            break;
        }
        sender |= name == "from" && value.contains('@');
        names.push(name);
    }
    let count = |wanted: &[&str]| names.iter().filter(|name| wanted.contains(&&***name)).count();
    let known = count(&HEADERS);
    known >= 2 && count(&MARKS) >= 1 || known >= 3 && sender && count(&["date"]) == 1
}

/// Whether a line begins as header lines do.
fn is_name(name: &str) -> bool {
    !name.is_empty() && name.len() < 80 && name.bytes().all(|byte| byte.is_ascii_graphic())
}
