//! The document viewer: pages with what was cited or looked for marked.
//!
//! The template lays out every page of the version with its size, so that a link
//! to page 300 lands there before any image has arrived. The modules of the viewer
//! then draw each page as it comes near: its image at the resolution the screen
//! needs, its words as a layer of text over it, its marks. Beside the pages stand
//! what the document names, how each page was read, and what is known of the whole.

mod page_row;
#[cfg(test)]
mod samples;

use askama::Template;

pub use page_row::{MarkedText, PageRow, language_name, took};

use super::page::{Layout, pages};
use super::parts::{CaseRef, DocumentRef};
use super::show::{Moment, counted};
use crate::kernel::DocumentId;

/// A document, open in the viewer.
#[derive(Debug, Clone, Template)]
#[template(path = "viewer/document.html")]
#[expect(clippy::struct_excessive_bools, reason = "each is one thing the page or the answer says")]
pub struct DocumentPage {
    /// The frame.
    pub layout: Layout,
    /// Which document.
    pub id: DocumentId,
    /// Its title.
    pub title: String,
    /// Its case; not shown to a client.
    pub case: Option<CaseRef>,
    /// The mail it came with.
    pub parent: Option<DocumentRef>,
    /// What kind of file it is: `PDF`, `Word`, `Mail`.
    pub kind: String,
    /// What kind of document it is, as far as its text tells: `Judgment`.
    pub sort: Option<String>,
    /// What its text tells of it: court, parties, date; name and value.
    pub about: Vec<(String, String)>,
    /// The version shown.
    pub version: u32,
    /// Every version, the latest first.
    pub versions: Vec<VersionRow>,
    /// The pages of this version.
    pub pages: Vec<PageRow>,
    /// The bookmarks the file carries.
    pub outline: Vec<OutlineRow>,
    /// What the link points at.
    pub target: Target,
    /// The files that came with a mail.
    pub attachments: Vec<DocumentRef>,
    /// Other documents of nearly the same text.
    pub copies: Vec<CopyRow>,
    /// What the reader should know of the whole: why reading failed, what is hidden.
    pub warnings: Vec<String>,
    /// How far reading has come, while it goes on; in a sentence.
    pub progress: Option<String>,
    /// Whether a password is waited for.
    pub needs_password: bool,
    /// Whether the original may be downloaded.
    pub may_download: bool,
    /// Whether the reader may add versions and share the document.
    pub may_change: bool,
    /// Whether the reader may ask why others can see it.
    pub may_explain: bool,
    /// Whether the reader may erase it.
    pub may_erase: bool,
    /// Whom it is or was shared with.
    pub shares: Vec<ShareRow>,
}

/// A share of the document with a client.
#[derive(Debug, Clone)]
pub struct ShareRow {
    /// With whom.
    pub client: String,
    /// By whom.
    pub by: String,
    /// When.
    pub at: Moment,
    /// When it ends, if it does.
    pub until: Option<Moment>,
    /// Whether it has ended.
    pub ended: bool,
}

/// Another document of nearly the same text.
#[derive(Debug, Clone)]
pub struct CopyRow {
    /// Which.
    pub document: DocumentRef,
    /// Its case's title.
    pub case_title: String,
    /// How much of the words is the same, in percent.
    pub percent: u8,
}

/// A version of the document.
#[derive(Debug, Clone)]
pub struct VersionRow {
    /// Its number, from one.
    pub number: u32,
    /// When it was added.
    pub added: Moment,
    /// By whom.
    pub added_by: String,
}

/// A bookmark.
#[derive(Debug, Clone)]
pub struct OutlineRow {
    /// What it says.
    pub title: String,
    /// The page it leads to.
    pub page: u32,
    /// How deep it is shown, 0 to [`DEEPEST`].
    pub depth: u32,
}

/// How deep bookmarks are set in; deeper ones stand at this depth.
pub const DEEPEST: u32 = 4;

/// What a link into a document points at.
#[derive(Debug, Clone, Default)]
pub struct Target {
    /// The page, from one; the first unless the link says otherwise.
    pub page: Option<u32>,
    /// The marked span of the page's text, in bytes.
    pub span: Option<(u32, u32)>,
    /// Words to look for when the document opens.
    pub find: String,
}

/// The languages a page may be recognised in: as `tesseract` names them, and in
/// English. They are the languages of the Constitution's Eighth Schedule that it
/// knows, most spoken first, after English.
const LANGUAGES: [(&str, &str); 15] = [
    ("eng", "English"),
    ("hin", "Hindi"),
    ("ben", "Bengali"),
    ("mar", "Marathi"),
    ("tel", "Telugu"),
    ("tam", "Tamil"),
    ("guj", "Gujarati"),
    ("urd", "Urdu"),
    ("kan", "Kannada"),
    ("ori", "Odia"),
    ("mal", "Malayalam"),
    ("pan", "Punjabi"),
    ("asm", "Assamese"),
    ("nep", "Nepali"),
    ("san", "Sanskrit"),
];

impl DocumentPage {
    /// The latest version, when it is not the one shown.
    #[must_use]
    pub fn newer(&self) -> Option<u32> {
        let latest = self.versions.iter().map(|version| version.number).max()?;
        (latest > self.version).then_some(latest)
    }

    /// The number of pages, in words.
    #[must_use]
    pub fn extent(&self) -> String {
        counted(self.pages.len(), "page", "pages")
    }

    /// Whether any page has an image, so that image and text can be switched.
    #[must_use]
    pub fn has_images(&self) -> bool {
        self.pages.iter().any(|page| page.has_image)
    }

    /// How many pages deserve a second look.
    #[must_use]
    pub fn doubtful(&self) -> usize {
        self.pages.iter().filter(|page| page.is_doubtful()).count()
    }

    /// The page the link points at.
    #[must_use]
    pub fn first(&self) -> u32 {
        self.target.page.unwrap_or(1)
    }

    /// The resolutions an image of a page can be asked for in, in dots an inch.
    #[must_use]
    pub fn resolutions(&self) -> String {
        crate::api::pages::RESOLUTIONS.map(|dpi| dpi.to_string()).join(" ")
    }

    /// The languages a page may be recognised in: code and name.
    #[must_use]
    pub fn languages(&self) -> &'static [(&'static str, &'static str)] {
        &LANGUAGES
    }
}

pages!(DocumentPage);
