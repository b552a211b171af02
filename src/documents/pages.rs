//! The page ledger, and the pages' images.

use super::reading::{self, Finding, Format, Rect, TextSpan};
use super::{DocumentError, Documents, Version, store};
use crate::kernel::{DocumentId, Scope};

/// A page as read.
#[derive(Debug, Clone, PartialEq)]
pub struct Page {
    /// Its number, from 1.
    pub number: u32,
    /// Its text in reading order.
    pub text: String,
    /// Its width in points, when it has an image.
    pub width: Option<f32>,
    /// Its height in points.
    pub height: Option<f32>,
    /// How it was read.
    pub method: String,
    /// Its language.
    pub language: Option<String>,
    /// How sure the recognition was, 0 to 100.
    pub confidence: Option<f64>,
    /// How long it took.
    pub took_ms: i64,
    /// Why it could not be read.
    pub error: Option<String>,
    /// Why the text stored in the file was not relied on.
    pub reason: Option<String>,
    /// The spans of its text that are running heads and the like.
    pub furniture: Vec<TextSpan>,
    /// What its reader should know: hidden text and the like.
    pub findings: Vec<Finding>,
    /// Whether it waits to be read anew.
    pub being_reread: bool,
    pub(super) layout: Option<Vec<u8>>,
}

impl Documents {
    /// The page ledger of a version, without the texts.
    ///
    /// # Errors
    /// Fails when it is not there or not open to the caller.
    pub async fn ledger(
        &self,
        scope: &Scope,
        id: DocumentId,
        number: i64,
    ) -> Result<Vec<Page>, DocumentError> {
        let version = self.version(scope, id, number).await?;
        let open = self.open_pages(scope, id).await?;
        let mut tx = self.db.read().await?;
        let pages = store::ledger(&mut tx, version.version_id).await?;
        Ok(pages.into_iter().filter(|page| open.has(page.number)).collect())
    }

    /// One page of a version, as read.
    ///
    /// # Errors
    /// Fails when it is not there or not open to the caller.
    pub async fn page(
        &self,
        scope: &Scope,
        id: DocumentId,
        number: i64,
        page: u32,
    ) -> Result<Page, DocumentError> {
        let version = self.version(scope, id, number).await?;
        self.opens_page(scope, id, page).await?;
        let mut tx = self.db.read().await?;
        store::page(&mut tx, version.version_id, page).await?.ok_or(DocumentError::NotFound)
    }

    /// The image of a page as PNG, drawn once and kept. A client gets it with the mark
    /// in it that their share asks for.
    ///
    /// # Errors
    /// Fails when the page is not there, not open to the caller, or cannot be drawn.
    pub async fn page_image(
        &self,
        scope: &Scope,
        id: DocumentId,
        number: i64,
        page: u32,
        dpi: u32,
    ) -> Result<Vec<u8>, DocumentError> {
        let version = self.version(scope, id, number).await?;
        self.opens_page(scope, id, page).await?;
        let image = self.picture(scope, &version, page, dpi).await?;
        self.page_viewed(scope, id, number, page).await?;
        self.picture_for(scope, id, image).await
    }

    /// The image of a page of a version the caller was found to see, without a mark.
    pub(super) async fn picture(
        &self,
        scope: &Scope,
        version: &Version,
        page: u32,
        dpi: u32,
    ) -> Result<Vec<u8>, DocumentError> {
        let Some(format) = Format::parse(&version.format).filter(|format| format.has_pictures())
        else {
            return Err(DocumentError::NotFound);
        };
        if page == 0 || i64::from(page) > version.pages_total.unwrap_or(0) {
            return Err(DocumentError::NotFound);
        }
        let blob = self.blobs.name(scope.organisation(), &version.sha256);
        if let Some(image) = self.images.find(&blob, page, dpi).await {
            return Ok(image);
        }
        let mut tx = self.db.read().await?;
        let origin = store::origin(&mut tx, version.version_id).await?;
        drop(tx);
        let password = origin.map(|origin| self.password_of(&origin)).transpose()?.flatten();
        let file = self.blobs.plain(scope.organisation(), &version.sha256).await?;
        let image = self.reader.draw(file, format, password.as_deref(), page, dpi).await?;
        self.images.keep(&blob, page, dpi, &image).await?;
        Ok(image)
    }
}

impl Page {
    /// The rectangles of a span of the page's text, in points from the top left.
    #[must_use]
    pub fn rects(&self, start: usize, end: usize) -> Vec<Rect> {
        let layout = self.layout.as_deref().map(reading::Layout::from_bytes);
        match layout {
            Some(Ok(layout)) => layout.rects(start, end),
            Some(Err(error)) => {
                tracing::warn!(page = self.number, %error, "word boxes cannot be read");
                Vec::new()
            }
            None => Vec::new(),
        }
    }
}

impl Page {
    /// Its layout without its words, for a text that stands nowhere on the picture.
    pub(super) fn without_words(&self) -> Option<Vec<u8>> {
        let layout = reading::Layout::from_bytes(self.layout.as_deref()?).ok()?;
        Some(reading::Layout { words: Vec::new(), ..layout }.to_bytes())
    }
}
