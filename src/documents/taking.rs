//! What a client takes away of a shared document: the original, or a copy made of what
//! they were shown.

use image::ImageFormat;
use image::codecs::jpeg::JpegEncoder;
use serde_json::json;

use super::{DocumentError, Documents, Version, store};
use crate::kernel::{DocumentId, Scope};
use crate::paper::{self, Block, Paper, Picture, Run};

/// The resolution copies are made in, in dots an inch, and how finely they are kept.
const DPI: u32 = 144;
const QUALITY: u8 = 80;
/// The most pages a copy is made of: it is put together in memory while its reader waits.
const MOST_PAGES: usize = 150;

/// What is to be taken away.
#[derive(Debug, Clone)]
pub enum Taken {
    /// The original of this version; its bytes come from [`Documents::original`].
    Original(Version),
    /// A PDF made of the pages that are shared.
    Copy {
        /// The version it was made of.
        version: Version,
        /// Its bytes.
        pdf: Vec<u8>,
    },
}

impl Documents {
    /// What the client who asks may take away of a document: the original where all of it
    /// is shared without a mark, else a copy of the pages they are shown. Written down.
    ///
    /// # Errors
    /// Fails with [`DocumentError::NotFound`] when it is not shared, or not to be taken
    /// away, and with [`DocumentError::Invalid`] when it is too long to copy.
    pub async fn take_away(&self, scope: &Scope, id: DocumentId) -> Result<Taken, DocumentError> {
        let terms = self.terms(scope, id).await?;
        if !terms.download {
            return Err(DocumentError::NotFound);
        }
        let version = self.find(scope, id).await?.version;
        if terms.gives_original() {
            self.taken_by_client(scope, id, version.number).await?;
            return Ok(Taken::Original(version));
        }
        let pages = self.pictured(scope, id, version.number).await?;
        // In boxes: these futures are large, and so would be whatever awaits them.
        let pdf = if pages.is_empty() {
            Box::pin(self.text_copy(scope, id, &version)).await?
        } else {
            Box::pin(self.picture_copy(scope, id, &version, &pages)).await?
        };
        self.taken_by_client(scope, id, version.number).await?;
        let details = json!({ "document": id, "version": version.number, "pages": pages });
        self.audit.viewed(scope, "document.copy", details).await?;
        Ok(Taken::Copy { version, pdf })
    }

    /// Whether the client who asks may take a document away, and it is not too long to be
    /// copied.
    ///
    /// # Errors
    /// Fails as [`Documents::take_away`].
    pub async fn take_away_fits(&self, scope: &Scope, id: DocumentId) -> Result<(), DocumentError> {
        let terms = self.terms(scope, id).await?;
        if !terms.download {
            return Err(DocumentError::NotFound);
        }
        if terms.gives_original() {
            return Ok(());
        }
        let version = self.find(scope, id).await?.version;
        fits(&self.pictured(scope, id, version.number).await?)
    }

    /// A copy of pages that have pictures, each picture as the client sees it.
    async fn picture_copy(
        &self,
        scope: &Scope,
        id: DocumentId,
        version: &Version,
        pages: &[u32],
    ) -> Result<Vec<u8>, DocumentError> {
        fits(pages)?;
        let mut pictures = Vec::with_capacity(pages.len());
        for &page in pages {
            let drawn = self.picture(scope, version, page, DPI).await?;
            let drawn = self.picture_for(scope, id, drawn).await?;
            let made = tokio::task::spawn_blocking(move || picture(&drawn)).await;
            pictures.push(made.map_err(std::io::Error::other)??);
        }
        let title = version.file_name.clone();
        let made = tokio::task::spawn_blocking(move || paper::pictures(&title, &pictures)).await;
        Ok(made.map_err(std::io::Error::other)?.map_err(std::io::Error::other)?)
    }

    /// A copy of pages that have text only, with the mark at their foot.
    async fn text_copy(
        &self,
        scope: &Scope,
        id: DocumentId,
        version: &Version,
    ) -> Result<Vec<u8>, DocumentError> {
        let terms = self.terms(scope, id).await?;
        let foot = if terms.watermark { self.mark_of(scope).await? } else { String::new() };
        let mut tx = self.db.read().await?;
        let texts = store::texts(&mut tx, version.version_id).await?;
        drop(tx);
        let shown = |number: i64| u32::try_from(number).is_ok_and(|number| terms.pages.has(number));
        let mut blocks = Vec::new();
        for page in texts.into_iter().filter(|page| shown(page.number)) {
            let paragraphs = page.text.split("\n\n").filter(|text| !text.trim().is_empty());
            blocks.extend(paragraphs.map(|text| Block::Text(vec![Run::plain(text.trim())])));
        }
        let paper = Paper { title: version.file_name.clone(), foot, blocks };
        let made = tokio::task::spawn_blocking(move || paper::pdf(&paper)).await;
        Ok(made.map_err(std::io::Error::other)?.map_err(std::io::Error::other)?)
    }
}

/// Refuses more pages than a copy is made of.
fn fits(pages: &[u32]) -> Result<(), DocumentError> {
    if pages.len() <= MOST_PAGES {
        return Ok(());
    }
    let words = format!(
        "a copy may have {MOST_PAGES} pages; ask the chamber to share fewer, or the original"
    );
    Err(DocumentError::Invalid(words))
}

/// A drawn page as a picture of a paper.
fn picture(png: &[u8]) -> std::io::Result<Picture> {
    let drawn = image::load_from_memory_with_format(png, ImageFormat::Png);
    let drawn = drawn.map_err(std::io::Error::other)?.into_rgb8();
    let mut jpeg = Vec::new();
    JpegEncoder::new_with_quality(&mut jpeg, QUALITY)
        .encode_image(&drawn)
        .map_err(std::io::Error::other)?;
    let points = |pixels: u32| {
        let pixels = f32::from(u16::try_from(pixels).unwrap_or(u16::MAX));
        pixels * 72.0 / f32::from(u16::try_from(DPI).unwrap_or(u16::MAX))
    };
    let (across, down) = drawn.dimensions();
    Ok(Picture { jpeg, pixels: (across, down), points: (points(across), points(down)) })
}
