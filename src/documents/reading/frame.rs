//! What parent and child say to each other.
//!
//! The child's standard input is a socket on which each message arrives whole,
//! in JSON: first the [`Limits`] it sets itself, later one [`Request`] and with
//! it the open file. The child answers on its standard output with frames: two
//! lengths (little endian, four bytes each), an [`Answer`] in JSON, and bytes
//! that would be a waste in JSON (word boxes, pictures, attachments).

use std::io::{self, Write};

use serde::{Deserialize, Serialize};
use tokio::io::{AsyncRead, AsyncReadExt};

use super::confine::Confinement;
use super::ocr::Placement;
use super::{Finding, Format, Limits, OutlineEntry, ReadError};

/// The bytes of no page and no attachment are more; a child that claims so is broken.
const MAX_BYTES: usize = 512 << 20;
/// The same of what is said in JSON.
const MAX_HEAD: usize = 64 << 20;

/// What the child is to do.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Request {
    /// How large the file that comes along is, in bytes.
    pub(super) size: u64,
    /// What the file is.
    pub(super) format: Format,
    /// The password that opens it, if it needs one.
    pub(super) password: Option<String>,
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
        /// The first page wanted.
        from: u32,
        /// The only page wanted, when not all that follow are.
        only: bool,
        /// Draw pages without usable text at this resolution.
        ocr_dpi: Option<u32>,
        /// Draw every page, whatever its text is worth.
        ocr_always: bool,
    },
    /// The picture of a page.
    Draw {
        /// The page.
        page: u32,
        /// The resolution.
        dpi: u32,
    },
    /// To try what a confined process must not be able to do.
    Probe,
}

impl Task {
    /// Whether the text of this page is wanted.
    pub(super) fn wants(&self, number: u32) -> bool {
        match *self {
            Self::Read { from, only, .. } => {
                if only {
                    number == from
                } else {
                    number >= from
                }
            }
            Self::Draw { .. } | Self::Probe => false,
        }
    }

    /// Whether no more than one page is wanted.
    pub(super) fn wants_only_a_page(&self) -> bool {
        !matches!(self, Self::Read { only: false, .. })
    }
}

/// What the child says; the bytes of a frame belong to it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) enum Answer {
    /// The child is confined like this, and waits.
    Ready(Confinement),
    /// The document could be opened.
    Started {
        pages: u32,
        title: Option<String>,
        outline: Vec<OutlineEntry>,
        findings: Vec<Finding>,
    },
    /// A page; the bytes are its packed layout, then its picture if it needs
    /// recognition.
    Page(PageRecord),
    /// A file inside a mail; the bytes are its content.
    Attachment { file_name: String },
    /// A picture; the bytes are a PNG.
    Picture,
    /// What the child could do that it must not be able to.
    Escapes(Vec<String>),
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
    /// How the picture that follows the layout lies on the page; without it, the picture
    /// is as wide as the page.
    pub(super) placement: Option<Placement>,
    /// Whether recognition is wanted but there is nothing on the page.
    pub(super) blank: bool,
    /// Width of the displayed page in points.
    pub(super) width: f32,
    /// Height of the displayed page in points.
    pub(super) height: f32,
    /// What went wrong.
    pub(super) error: Option<String>,
    /// What its reader should know.
    pub(super) findings: Vec<Finding>,
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
    /// The font stores Latin letters for an Indian script.
    Font,
    /// The text was recognised before, over a scan, and much of it is no language.
    Layer,
    /// A person wants it recognised whatever it is worth.
    Asked,
}

/// Writes one frame; one that says it cannot be done when it would be too large.
///
/// # Errors
/// Fails when the parent has gone.
pub(super) fn write(out: &mut impl Write, answer: &Answer, bytes: &[u8]) -> io::Result<()> {
    let head = serde_json::to_vec(answer)?;
    if head.len() > MAX_HEAD || bytes.len() > MAX_BYTES {
        let part = ReadError::TooLarge("a page or an attachment unpacks to too much".into());
        return write(out, &Answer::Failed(part), &[]);
    }
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
    let head = part(input, head, MAX_HEAD).await?;
    let bytes = part(input, bytes, MAX_BYTES).await?;
    Ok(Some((serde_json::from_slice(&head)?, bytes)))
}

async fn part(input: &mut (impl AsyncRead + Unpin), len: u32, most: usize) -> io::Result<Vec<u8>> {
    let len = len as usize;
    if len > most {
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
    async fn a_page_beyond_all_bounds_is_refused_in_words() {
        let page = PageRecord { text: "a".repeat(MAX_HEAD), ..Default::default() };
        let mut pipe = Vec::new();
        write(&mut pipe, &Answer::Page(page), &[]).unwrap();
        let (answer, _) = read(&mut pipe.as_slice()).await.unwrap().unwrap();
        assert!(matches!(answer, Answer::Failed(ReadError::TooLarge(_))), "{answer:?}");
    }

    #[tokio::test]
    async fn a_broken_frame_is_an_error() {
        assert!(read(&mut [2, 0, 0, 0, 0, 0, 0, 0, b'{'].as_slice()).await.is_err());
        assert!(read(&mut [255; 40].as_slice()).await.is_err());
    }
}
