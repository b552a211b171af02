//! PDF: text with word boxes, and pictures of pages, from one interpreter.
//!
//! The interpreter of `hayro` plays a page's drawing operations to a
//! [`glyphs::Collector`] of ours, which keeps each glyph with its character and
//! place in the order they are drawn. [`lines`] makes words and lines of them;
//! [`quality`] judges whether that text can be relied on.

mod actual;
mod characters;
mod draw;
mod glyphs;
mod lines;
mod metrics;
mod quality;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Instant;

use hayro::hayro_interpret::kurbo::Rect;
use hayro::hayro_interpret::{Context, InterpreterCache, InterpreterSettings, interpret_page};
use hayro::hayro_syntax::page::Page;
use hayro::hayro_syntax::{DecryptionError, LoadPdfError, Pdf};

use super::frame::PageRecord;
use super::{Layout, Limits, ReadError};
use metrics::Metrics;

/// The interpreter's cache grows with the document; it is renewed this often.
const CACHED_PAGES: usize = 256;
/// What a page says whose reading ended in a panic.
const BROKEN: &str =
    "this page could not be read: its drawing instructions are broken; print it to a new PDF";

/// An open PDF.
pub(super) struct Document {
    pdf: Pdf,
    limits: Limits,
}

impl Document {
    /// Opens a PDF.
    ///
    /// # Errors
    /// Fails when it is encrypted, damaged beyond repair, or has too many pages.
    pub(super) fn open(bytes: Vec<u8>, limits: &Limits) -> Result<Self, ReadError> {
        let opened = catch_unwind(AssertUnwindSafe(|| Pdf::new(bytes)));
        let pdf = opened
            .map_err(|_| ReadError::Damaged("its structure is broken".into()))?
            .map_err(why_unopened)?;
        let document = Self { pdf, limits: *limits };
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
        u32::try_from(self.pdf.pages().len()).unwrap_or(u32::MAX)
    }

    /// The title in the document's information, if it means anything.
    pub(super) fn title(&self) -> Option<String> {
        let title = actual::text_string(self.pdf.metadata().title.as_deref()?);
        let title = title.split_whitespace().collect::<Vec<_>>().join(" ");
        (!title.is_empty() && title != "untitled").then_some(title)
    }

    /// Reads the pages from `from` on and hands each to `take`, with its packed
    /// layout and, where recognition is wanted, its picture.
    ///
    /// # Errors
    /// Passes on what `take` fails with.
    pub(super) fn read<E>(
        &self,
        from: u32,
        ocr_dpi: Option<u32>,
        mut take: impl FnMut(PageRecord, Vec<u8>) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut session = Session::default();
        for (number, page) in (1..).zip(self.pdf.pages().iter()) {
            if number < from {
                continue;
            }
            let (mut record, mut bytes) = session.read(number, page);
            if let (Some(dpi), Some(_)) = (ocr_dpi, record.wants_ocr) {
                match draw::png(page, dpi, &self.limits) {
                    Ok(picture) => bytes.extend(picture),
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
        let pages = self.pdf.pages();
        let index = (number as usize).checked_sub(1);
        let page = index
            .and_then(|index| pages.get(index))
            .ok_or(ReadError::NoSuchPage { page: number, pages: self.len() })?;
        draw::png(page, dpi, &self.limits)
    }
}

/// What is kept from page to page.
struct Session<'a> {
    cache: InterpreterCache<'a>,
    settings: InterpreterSettings,
    metrics: Metrics,
    pages: usize,
    started: Instant,
}

impl Default for Session<'_> {
    fn default() -> Self {
        Self {
            cache: InterpreterCache::new(),
            settings: InterpreterSettings::default(),
            metrics: Metrics::default(),
            pages: 0,
            started: Instant::now(),
        }
    }
}

impl<'a> Session<'a> {
    /// Reads one page; a panic inside the interpreter costs this page only.
    fn read(&mut self, number: u32, page: &'a Page<'a>) -> (PageRecord, Vec<u8>) {
        self.started = Instant::now();
        self.pages += 1;
        if self.pages.is_multiple_of(CACHED_PAGES) {
            self.cache = InterpreterCache::new();
        }
        let read = catch_unwind(AssertUnwindSafe(|| self.page(number, page)));
        read.unwrap_or_else(|_| {
            // What the panic left half done must not spoil the next page.
            self.cache = InterpreterCache::new();
            self.metrics = Metrics::default();
            let error = Some(BROKEN.into());
            (PageRecord { number, error, ..PageRecord::default() }, Vec::new())
        })
    }

    fn page(&mut self, number: u32, page: &'a Page<'a>) -> (PageRecord, Vec<u8>) {
        let (width, height) = page.render_dimensions();
        let bounds = Rect::new(0.0, 0.0, f64::from(width), f64::from(height));
        let transform = draw::to_affine(page.initial_transform(true));
        let mut context =
            Context::new(transform, bounds, &self.cache, page.xref(), self.settings.clone());
        let mut collector = glyphs::Collector::new(bounds, &mut self.metrics);
        interpret_page(page, &mut context, &mut collector);
        let (glyphs, ink) = collector.finish();
        let (text, words) = lines::compose(&glyphs);
        let wants_ocr = quality::doubt(&text, &ink);
        let layout = Layout { width, height, words }.pack();
        let record = PageRecord {
            number,
            text,
            layout: layout.len(),
            wants_ocr,
            width,
            height,
            ..PageRecord::default()
        };
        (record, layout)
    }

    fn took_ms(&self) -> u32 {
        u32::try_from(self.started.elapsed().as_millis()).unwrap_or(u32::MAX)
    }
}

fn why_unopened(error: LoadPdfError) -> ReadError {
    match error {
        LoadPdfError::Decryption(DecryptionError::PasswordProtected) => ReadError::Encrypted,
        LoadPdfError::Decryption(_) => ReadError::Damaged("its encryption is unusual".into()),
        LoadPdfError::Invalid => ReadError::Damaged("its structure is broken".into()),
    }
}
