//! Documents without page pictures: everything but PDF and pictures.

use super::pdf::unseen_finding;
use super::{
    Attachment, Finding, Format, OutlineEntry, ReadError, archive, doc, docx, html, mail, mbox,
    msg, odt, rtf, sheet, slides, text,
};

/// A document taken apart.
///
/// A page's text has a line for each line or paragraph, an empty line at a gap,
/// and a line for each row of a table with its cells separated by ` | `.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Source {
    /// The title it gives itself.
    pub(super) title: Option<String>,
    /// The text of its pages.
    pub(super) pages: Vec<String>,
    /// Its headings, as an outline.
    pub(super) outline: Vec<OutlineEntry>,
    /// What its reader should know.
    pub(super) findings: Vec<Finding>,
    /// The files it carries.
    pub(super) attachments: Vec<Attachment>,
}

/// Takes a document apart; what nobody can see of its text is left out, and told.
///
/// # Errors
/// Fails when it is not what it claims to be, is damaged, needs a password, or
/// unpacks to too much.
pub(super) fn read(format: Format, bytes: Vec<u8>) -> Result<Source, ReadError> {
    let mut source = apart(format, bytes)?;
    source.leave_out_unseen();
    Ok(source)
}

impl Source {
    /// Leaves out characters that spell text nobody sees or change the order of what is
    /// seen: the tags block and the overrides of direction.
    fn leave_out_unseen(&mut self) {
        let mut unseen = String::new();
        for page in &mut self.pages {
            if page.contains(is_unseen) {
                unseen.extend(page.chars().filter(|&c| is_unseen(c)));
                page.retain(|c| !is_unseen(c));
            }
        }
        for entry in &mut self.outline {
            entry.title.retain(|c| !is_unseen(c));
        }
        if let Some(title) = &mut self.title {
            title.retain(|c| !is_unseen(c));
        }
        self.findings.extend(unseen_finding(&unseen));
    }
}

/// Whether a character has no shape and spells or reorders text.
fn is_unseen(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{e0000}'..='\u{e007f}')
}

fn apart(format: Format, bytes: Vec<u8>) -> Result<Source, ReadError> {
    match format {
        Format::Docx => docx::read(bytes),
        Format::Doc => doc::read(bytes),
        Format::Rtf => rtf::read(&bytes),
        Format::Odt => odt::read(bytes),
        Format::Sheet => sheet::read(bytes),
        Format::Slides => slides::read(bytes),
        Format::Html => html::read(&bytes),
        Format::Text => {
            Ok(Source { pages: text::pages(&text::decode(&bytes)), ..Source::default() })
        }
        Format::Mail => mail::read(&bytes),
        Format::Msg => msg::read(bytes),
        Format::Mbox => mbox::read(&bytes),
        Format::Zip => archive::read(&bytes),
        Format::Pdf | Format::Jpeg | Format::Png | Format::Tiff => {
            Err(ReadError::Damaged("it has pictures of pages".into()))
        }
    }
}

#[cfg(test)]
mod tests;
