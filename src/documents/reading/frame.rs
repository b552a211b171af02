//! What parent and child say to each other.
//!
//! The parent writes one [`Request`] as a line of JSON to the child's standard
//! input. The child answers on its standard output with frames: two lengths
//! (little endian, four bytes each), an [`Answer`] in JSON, and bytes that
//! would be a waste in JSON (word boxes, pictures, attachments).

use std::io::{self, Write};
use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use tokio::io::{AsyncRead, AsyncReadExt};

use super::{Format, Limits, ReadError};

/// No page and no attachment is larger; a child that claims so is broken.
const MAX_PART: usize = 512 << 20;

/// What the child is to do.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Request {
    /// The file.
    pub(super) file: PathBuf,
    /// What it may cost.
    pub(super) limits: Limits,
    /// What is wanted of it.
    pub(super) task: Task,
}

/// What is wanted of a file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) enum Task {
    /// The text of its pages.
    Read {
        /// What the file is.
        format: Format,
        /// The first page wanted.
        from: u32,
        /// Draw pages without usable text at this resolution.
        ocr_dpi: Option<u32>,
    },
    /// The picture of a page.
    Draw {
        /// The page.
        page: u32,
        /// The resolution.
        dpi: u32,
    },
}

/// What the child says; the bytes of a frame belong to it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) enum Answer {
    /// The document could be opened.
    Started { pages: u32, title: Option<String> },
    /// A page; the bytes are its packed layout, then its picture if it needs
    /// recognition.
    Page(PageRecord),
    /// A file inside a mail; the bytes are its content.
    Attachment { file_name: String },
    /// A picture; the bytes are a PNG.
    Picture,
    /// The task could not be done.
    Failed(ReadError),
    /// The task is done.
    Done,
}

/// A page as the child read it.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub(super) struct PageRecord {
    /// Its number, from 1.
    pub(super) number: u32,
    /// Its text.
    pub(super) text: String,
    /// Whether the source has no page pictures.
    pub(super) source: bool,
    /// How many bytes of the frame are the layout.
    pub(super) layout: usize,
    /// Milliseconds taken.
    pub(super) took_ms: u32,
    /// Why the text cannot be relied on, if so.
    pub(super) wants_ocr: Option<Doubt>,
    /// Width of the displayed page in points.
    pub(super) width: f32,
    /// Height of the displayed page in points.
    pub(super) height: f32,
    /// What went wrong.
    pub(super) error: Option<String>,
}

/// Why a text layer cannot be relied on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Doubt {
    /// There is a picture and next to no text.
    Picture,
    /// Too many glyphs have no character.
    Unmapped,
    /// The characters are not those the reader of the page sees.
    Garbled,
}

/// Writes one frame.
///
/// # Errors
/// Fails when the parent has gone.
pub(super) fn write(out: &mut impl Write, answer: &Answer, bytes: &[u8]) -> io::Result<()> {
    let head = serde_json::to_vec(answer)?;
    out.write_all(&length(head.len())?)?;
    out.write_all(&length(bytes.len())?)?;
    out.write_all(&head)?;
    out.write_all(bytes)?;
    out.flush()
}

fn length(len: usize) -> io::Result<[u8; 4]> {
    let len = u32::try_from(len).map_err(|_| io::Error::other("frame too large"))?;
    Ok(len.to_le_bytes())
}

/// Reads one frame; `None` when the child has closed its output.
///
/// # Errors
/// Fails when the frame is cut short or is not one of ours.
pub(super) async fn read(
    input: &mut (impl AsyncRead + Unpin),
) -> io::Result<Option<(Answer, Vec<u8>)>> {
    let head = match input.read_u32_le().await {
        Ok(length) => length,
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
        Err(error) => return Err(error),
    };
    let bytes = input.read_u32_le().await?;
    let head = part(input, head).await?;
    let bytes = part(input, bytes).await?;
    Ok(Some((serde_json::from_slice(&head)?, bytes)))
}

async fn part(input: &mut (impl AsyncRead + Unpin), len: u32) -> io::Result<Vec<u8>> {
    let len = len as usize;
    if len > MAX_PART {
        return Err(io::Error::other("the reader sent an impossible answer"));
    }
    let mut bytes = Vec::new();
    input.take(len as u64).read_to_end(&mut bytes).await?;
    if bytes.len() < len {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_is_written_is_read() {
        let page =
            PageRecord { number: 3, text: "धारा".into(), layout: 2, ..Default::default() };
        let mut pipe = Vec::new();
        write(&mut pipe, &Answer::Page(page.clone()), &[7, 8]).unwrap();
        write(&mut pipe, &Answer::Done, &[]).unwrap();
        let mut input = pipe.as_slice();
        assert_eq!(read(&mut input).await.unwrap(), Some((Answer::Page(page), vec![7, 8])));
        assert_eq!(read(&mut input).await.unwrap(), Some((Answer::Done, vec![])));
        assert_eq!(read(&mut input).await.unwrap(), None);
    }

    #[tokio::test]
    async fn a_broken_frame_is_an_error() {
        assert!(read(&mut [2, 0, 0, 0, 0, 0, 0, 0, b'{'].as_slice()).await.is_err());
        assert!(read(&mut [255; 40].as_slice()).await.is_err());
    }
}
