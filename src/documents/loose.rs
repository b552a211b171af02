//! The text of a file that becomes no document: read as documents are, in a child, and
//! kept nowhere.

use std::path::PathBuf;
use std::sync::Arc;

use super::reading::{Plain, ReadEvent, ReadOptions, identify, is_container};
use super::{DocumentError, Documents};

/// How many bytes of a file say what it is.
const HEAD: usize = 4_096;
/// How many pages of such a file are read.
const PAGES: u32 = 500;

impl Documents {
    /// The text of a file, page after page. Pages are recognised where they are pictures;
    /// files inside the file are left alone.
    ///
    /// # Errors
    /// Fails when the file is empty, is none that is read here, cannot be read, or has more
    /// than 500 pages.
    pub async fn text_of(&self, bytes: Vec<u8>) -> Result<String, DocumentError> {
        if bytes.is_empty() {
            return Err(DocumentError::Empty);
        }
        let head = bytes.get(..HEAD.min(bytes.len())).unwrap_or_default().to_vec();
        let mut whole = Some(bytes);
        let plain = Arc::new(Plain::of(|| Ok(whole.take()))?);
        let path = if is_container(&head) { plain.path() } else { PathBuf::new() };
        let format = identify(&head, &path);
        let format = format.map_err(|refusal| DocumentError::Refused(refusal.to_string()))?;
        let mut events = self.reader.read(plain, format, ReadOptions::default());
        let mut text = String::new();
        while let Some(event) = events.recv().await {
            match event? {
                ReadEvent::Started { pages, .. } if pages > PAGES => {
                    let words = format!("the file has more than {PAGES} pages; send a part of it");
                    return Err(DocumentError::Refused(words));
                }
                ReadEvent::Page(page) => {
                    text.push_str(&page.text);
                    text.push('\n');
                }
                ReadEvent::Started { .. } | ReadEvent::Attachment(_) => {}
                ReadEvent::Done => return Ok(text),
            }
        }
        Err(DocumentError::Refused("the file could not be read to its end".to_owned()))
    }
}
