//! How a mail reads, whichever program saved it.

use super::source::Source;
use super::{Attachment, Finding, FindingKind, ReadError, html, text};

/// Most files one mail may carry.
pub(super) const MAX_FILES: usize = 1000;
/// Most bytes all files of a mail may have together; they are held in memory.
pub(super) const MAX_BYTES: u64 = 512 << 20;
/// Pictures inside the text up to so many bytes are logos and icons of a
/// signature, not pages somebody sent.
const LOGO: usize = 10_000;

/// A mail.
#[derive(Debug, Default)]
pub(super) struct Letter {
    /// Header lines: `From`, `To`, `Cc`, `Bcc`, `Date`, with their values.
    pub(super) headers: Vec<(&'static str, String)>,
    /// What it is about.
    pub(super) subject: Option<String>,
    /// What it says.
    pub(super) body: String,
    /// What its reader must know of the mail itself, a sentence each.
    pub(super) notes: Vec<&'static str>,
    /// The files it carries.
    pub(super) files: Vec<Attachment>,
    /// Names of files that were left out, with the reason.
    pub(super) left_out: Vec<String>,
    /// Logos left out.
    pub(super) logos: usize,
}

/// Why the body of an encrypted mail is not shown.
pub(super) const ENCRYPTED: &str =
    "This mail is encrypted: open it in your mail program, save it decrypted and upload that.";

impl Letter {
    /// Adds a file, unless it is a logo inside the text or there are too many.
    pub(super) fn add(&mut self, file: Attachment, picture_in_text: bool) {
        if picture_in_text && file.bytes.len() <= LOGO {
            self.logos += 1;
            return;
        }
        let size: u64 = self.files.iter().map(|file| file.bytes.len() as u64).sum();
        if self.files.len() >= MAX_FILES || size + file.bytes.len() as u64 > MAX_BYTES {
            self.left_out.push(format!("{} (too many or too large together)", file.file_name));
            return;
        }
        self.files.push(file);
    }

    /// The mail as a document.
    pub(super) fn into_source(self) -> Source {
        let headers = self.headers.iter().map(|(name, value)| (*name, one_line(value)));
        let title = self.subject.map(|subject| one_line(&subject)).filter(|s| !s.is_empty());
        let subject = title.iter().map(|subject| ("Subject", subject.clone()));
        let lines: Vec<String> =
            headers.chain(subject).map(|(name, value)| format!("{name}: {value}")).collect();
        let mut parts = vec![lines.join("\n")];
        parts.extend(self.notes.into_iter().map(str::to_owned));
        let body = self.body.replace("\r\n", "\n");
        parts.push(body.trim_start_matches('\n').trim_end().to_owned());
        if !self.files.is_empty() {
            let names: Vec<&str> = self.files.iter().map(|file| file.file_name.as_str()).collect();
            parts.push(format!("Attachments: {}", names.join(", ")));
        }
        let mut left_out = self.left_out;
        if self.logos > 0 {
            left_out.push(format!("small pictures inside the text: {}", self.logos));
        }
        if !left_out.is_empty() {
            parts.push(format!("Left out: {}", left_out.join(", ")));
        }
        parts.retain(|part| !part.is_empty());
        let page = parts.join("\n\n");
        let packages = self.files.iter().filter(|file| is_outlook_package(file));
        let findings = packages
            .map(|file| Finding {
                kind: FindingKind::EmbeddedFile,
                detail: format!(
                    "{}: a package only Outlook opens; ask for the mail as plain text",
                    file.file_name
                ),
            })
            .collect();
        Source {
            title,
            pages: text::pages(&page),
            attachments: self.files,
            findings,
            ..Source::default()
        }
    }
}

/// Whether a file is Outlook's package of a mail's formatting and files
/// ([MS-OXTNEF], section 2.1.1).
fn is_outlook_package(file: &Attachment) -> bool {
    file.bytes.starts_with(b"\x78\x9f\x3e\x22")
}

/// The text of a web page in a mail, which was decoded already.
///
/// # Errors
/// Fails when it is no web page.
pub(super) fn text_of_html(page: &str) -> Result<String, ReadError> {
    // The mark tells that what the page says of its encoding is not so any more.
    let page = format!("\u{feff}{page}");
    Ok(html::read(page.as_bytes())?.pages.join("\n"))
}

/// A name and an address as header lines show them.
pub(super) fn person(name: Option<&str>, address: Option<&str>) -> String {
    let filled = |text: &&str| !text.trim().is_empty();
    match (name.filter(filled), address.filter(filled)) {
        (Some(name), Some(address)) if name != address => format!("{name} <{address}>"),
        (name, address) => address.or(name).unwrap_or_default().to_owned(),
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
