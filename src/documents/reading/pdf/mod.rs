//! PDF: text with word boxes, and pictures of pages.
//!
//! [`player`] follows a page's drawing instructions and hands each glyph with
//! its characters and place to a [`glyphs::Collector`], in the order they are
//! drawn. [`hidden`] takes out what nobody can see, [`lines`] makes words and
//! lines of the rest, and [`quality`] judges whether that text can be relied
//! on. [`draw`] makes pictures of pages with `hayro`, which also opens the file.

mod active;
mod actual;
mod areas;
mod bidi;
mod characters;
mod draw;
mod drawing;
mod fonts;
mod glyphs;
mod hidden;
mod layers;
mod legacy;
mod lines;
mod metrics;
mod outline;
mod paint;
mod path;
mod player;
mod quality;
mod recover;
mod repair;
mod show;
mod state;
mod stated;
#[cfg(test)]
mod tests;

pub(super) use hidden::invisible as unseen_finding;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Instant;

use hayro::hayro_syntax::page::Page;
use hayro::hayro_syntax::{DecryptionError, LoadPdfError, Pdf};
use hayro::kurbo::Rect;

use super::frame::{Doubt, PageRecord, Task};
use super::ocr::{self, Placement, Prepared};
use super::{Finding, Layout, Limits, OutlineEntry, ReadError};
use fonts::Fonts;
use layers::Layers;
use player::Player;
use repair::Second;

/// What is kept of fonts grows with the document; it is renewed this often.
const CACHED_PAGES: usize = 256;
/// What a page says that draws more than can be followed.
const TOO_MUCH: &str =
    "this page draws more than can be followed; its text may be cut short: print it to a new PDF";
/// What a page says whose reading ended in a panic.
const BROKEN: &str =
    "this page could not be read: its drawing instructions are broken; print it to a new PDF";

/// What a page says that was read without its drawing instructions.
const BARE: &str = "this page is too damaged to be shown; its text may be incomplete and has no \
                    places on the page: open the file in its own program and print it to a new PDF";

/// An open PDF.
pub(super) struct Document {
    body: Body,
    limits: Limits,
}

/// What could be opened of it.
enum Body {
    /// All of it.
    Whole(Pdf),
    /// Only the text of its pages.
    Bare(Vec<String>),
}

impl Document {
    /// Opens a PDF, with a password if it needs one.
    ///
    /// # Errors
    /// Fails when it is encrypted and the password is missing or wrong, when it
    /// is damaged beyond repair, or has too many pages.
    pub(super) fn open(
        bytes: Vec<u8>,
        password: Option<&str>,
        limits: &Limits,
    ) -> Result<Self, ReadError> {
        let body = open(&Arc::new(bytes), password)?;
        let document = Self { body, limits: *limits };
        match document.len() {
            0 => Err(ReadError::Damaged("it has no pages".into())),
            pages if pages > limits.max_pages => {
                Err(ReadError::TooLarge(format!("{pages} pages, at most {}", limits.max_pages)))
            }
            _ => Ok(document),
        }
    }

    /// How many pages there are.
    pub(super) fn len(&self) -> u32 {
        let pages = match &self.body {
            Body::Whole(pdf) => pdf.pages().len(),
            Body::Bare(pages) => pages.len(),
        };
        u32::try_from(pages).unwrap_or(u32::MAX)
    }

    /// The title in the document's information, if it means anything.
    pub(super) fn title(&self) -> Option<String> {
        let Body::Whole(pdf) = &self.body else { return None };
        let title = actual::text_string(pdf.metadata().title.as_deref()?);
        let title = title.split_whitespace().collect::<Vec<_>>().join(" ");
        (!title.is_empty() && title != "untitled").then_some(title)
    }

    /// Its bookmarks, in order.
    pub(super) fn outline(&self) -> Vec<OutlineEntry> {
        let Body::Whole(pdf) = &self.body else { return Vec::new() };
        catch_unwind(AssertUnwindSafe(|| outline::read(pdf))).unwrap_or_default()
    }

    /// What its reader should know of the whole.
    pub(super) fn findings(&self) -> Vec<Finding> {
        let Body::Whole(pdf) = &self.body else { return Vec::new() };
        catch_unwind(AssertUnwindSafe(|| active::find(pdf))).unwrap_or_default()
    }

    /// Reads the pages a task wants and hands each to `take`, with its packed
    /// layout and, where recognition is wanted, its picture.
    ///
    /// # Errors
    /// Passes on what `take` fails with.
    pub(super) fn read<E>(
        &self,
        task: &Task,
        mut take: impl FnMut(PageRecord, Vec<u8>) -> Result<(), E>,
    ) -> Result<(), E> {
        let &Task::Read { ocr_dpi, ocr_always, .. } = task else { return Ok(()) };
        let pdf = match &self.body {
            Body::Whole(pdf) => pdf,
            Body::Bare(pages) => return bare(pages, task, take),
        };
        let mut session = Session::default();
        for (number, page) in (1..).zip(pdf.pages().iter()) {
            if !task.wants(number) {
                continue;
            }
            let (mut record, mut bytes) = session.read(number, page);
            if ocr_always && record.wants_ocr.is_none() {
                record.wants_ocr = Some(Doubt::Asked);
            }
            if let (Some(dpi), Some(_)) = (ocr_dpi, record.wants_ocr) {
                match draw::grey(page, dpi, &self.limits) {
                    Ok((picture, pixel)) => match ocr::prepare(picture) {
                        Some(Prepared { bytes: picture, tilt }) => {
                            record.placement = Some(Placement { pixel, tilt });
                            bytes.extend(picture);
                        }
                        None => record.blank = true,
                    },
                    Err(error) => record.error = Some(error.to_string()),
                }
            }
            record.took_ms = session.took_ms();
            take(record, bytes)?;
        }
        Ok(())
    }

    /// Draws a page as PNG.
    ///
    /// # Errors
    /// Fails when there is no such page or it cannot be drawn.
    pub(super) fn draw(&self, number: u32, dpi: u32) -> Result<Vec<u8>, ReadError> {
        let Body::Whole(pdf) = &self.body else { return Err(ReadError::NoPicture) };
        let pages = pdf.pages();
        let index = (number as usize).checked_sub(1);
        let page = index
            .and_then(|index| pages.get(index))
            .ok_or(ReadError::NoSuchPage { page: number, pages: self.len() })?;
        draw::png(page, dpi, &self.limits)
    }
}

/// What is kept from page to page.
struct Session<'a> {
    fonts: Fonts<'a>,
    layers: Option<Layers>,
    pages: usize,
    started: Instant,
}

impl Default for Session<'_> {
    fn default() -> Self {
        Self { fonts: Fonts::default(), layers: None, pages: 0, started: Instant::now() }
    }
}

impl<'a> Session<'a> {
    /// Reads one page; a panic while it is played costs this page only.
    fn read(&mut self, number: u32, page: &'a Page<'a>) -> (PageRecord, Vec<u8>) {
        self.started = Instant::now();
        self.pages += 1;
        if self.pages.is_multiple_of(CACHED_PAGES) {
            self.fonts = Fonts::default();
        }
        let read = catch_unwind(AssertUnwindSafe(|| self.page(number, page)));
        read.unwrap_or_else(|_| {
            // What the panic left half done must not spoil the next page.
            self.fonts = Fonts::default();
            let error = Some(BROKEN.into());
            (PageRecord { number, error, ..PageRecord::default() }, Vec::new())
        })
    }

    fn page(&mut self, number: u32, page: &'a Page<'a>) -> (PageRecord, Vec<u8>) {
        let (width, height) = page.render_dimensions();
        let extent = Rect::new(0.0, 0.0, f64::from(width), f64::from(height));
        let matrix = draw::to_affine(page.initial_transform(true));
        let layers = self.layers.get_or_insert_with(|| Layers::of(page.xref())).clone();
        let mut player = Player::new(matrix, extent, &mut self.fonts, layers);
        player.page(page);
        let (collector, too_much) = player.finish();
        let found = collector.finish();
        let (text, words) = lines::compose(&found.glyphs);
        let wants_ocr = quality::doubt(&text, &found.ink);
        let layout = Layout { width, height, words }.pack();
        let record = PageRecord {
            number,
            text,
            layout: layout.len(),
            wants_ocr,
            width,
            height,
            error: too_much.then(|| TOO_MUCH.into()),
            findings: found.findings,
            ..PageRecord::default()
        };
        (record, layout)
    }

    fn took_ms(&self) -> u32 {
        u32::try_from(self.started.elapsed().as_millis()).unwrap_or(u32::MAX)
    }
}

/// Opens a file, by the second way when the first is closed.
fn open(bytes: &Arc<Vec<u8>>, password: Option<&str>) -> Result<Body, ReadError> {
    let plain = password.unwrap_or_default();
    let mut why = ReadError::Damaged("its structure is broken".into());
    for attempt in [plain, &repair::prepared(plain), ""] {
        match try_open(Arc::clone(bytes), attempt) {
            Ok(pdf) => return Ok(Body::Whole(pdf)),
            Err(Some(LoadPdfError::Decryption(error))) => why = why_locked(error, password),
            // Another password does not help a broken file.
            Err(_) => break,
        }
    }
    match repair::rewrite(bytes, password) {
        Second::Locked => return Err(why_locked(DecryptionError::PasswordProtected, password)),
        Second::Hopeless => return Err(why),
        Second::File(anew) => {
            if let Ok(pdf) = try_open(Arc::new(anew), "") {
                return Ok(Body::Whole(pdf));
            }
        }
    }
    let pages = repair::bare_pages(bytes, password);
    let says_something = pages.iter().any(|page| !page.is_empty());
    if says_something { Ok(Body::Bare(pages)) } else { Err(why) }
}

/// Opens a file that has pages; a panic counts as a failure.
fn try_open(bytes: Arc<Vec<u8>>, password: &str) -> Result<Pdf, Option<LoadPdfError>> {
    let opened = catch_unwind(AssertUnwindSafe(|| Pdf::new_with_password(bytes, password)));
    let pdf = opened.map_err(|_| None)?.map_err(Some)?;
    if pdf.pages().is_empty() { Err(None) } else { Ok(pdf) }
}

fn why_locked(error: DecryptionError, password: Option<&str>) -> ReadError {
    match (error, password) {
        (DecryptionError::PasswordProtected, Some(_)) => ReadError::WrongPassword,
        (DecryptionError::PasswordProtected, None) => ReadError::Encrypted,
        _ => ReadError::Damaged("its encryption is unusual".into()),
    }
}

/// Tells pages of which there is nothing but the text.
fn bare<E>(
    pages: &[String],
    task: &Task,
    mut take: impl FnMut(PageRecord, Vec<u8>) -> Result<(), E>,
) -> Result<(), E> {
    for (number, text) in (1..).zip(pages).filter(|&(number, _)| task.wants(number)) {
        let (text, error) = (text.clone(), Some(BARE.into()));
        take(PageRecord { number, text, error, ..PageRecord::default() }, Vec::new())?;
    }
    Ok(())
}
