//! What can go wrong while a document is read.

use serde::{Deserialize, Serialize};

/// Why a document, or the rest of it, could not be read.
///
/// The messages are shown to the person who uploaded the file: they say what
/// is the matter and what can be done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum ReadError {
    /// A password is needed.
    #[error(
        "the file is protected by a password; give it on the document's page, or upload a copy without"
    )]
    Encrypted,
    /// The password given is not the one.
    #[error("the password does not open the file; check it, or save a copy without a password")]
    WrongPassword,
    /// The file is not what it claims to be, or is broken.
    #[error("the file is damaged ({0}); open it in its own program, save it again and upload that")]
    Damaged(String),
    /// A page took longer than allowed and there is no way past it.
    #[error("reading stopped at page {page}, which took too long; print the file to a new PDF")]
    TimedOut {
        /// The page being read.
        page: u32,
    },
    /// The reading process ended unexpectedly.
    #[error("the reader stopped unexpectedly ({0}); print the file to a new PDF and upload that")]
    Crashed(String),
    /// The file could not be opened, or the reader could not be started.
    #[error("the file could not be opened: {0}")]
    Io(String),
    /// More than the limits allow.
    #[error("the file is too large: {0}; split it and upload the parts")]
    TooLarge(String),
    /// The page asked for is not there.
    #[error("the document has no page {page}; its last page is {pages}")]
    NoSuchPage {
        /// The page asked for.
        page: u32,
        /// How many there are.
        pages: u32,
    },
    /// The format has no pictures of pages.
    #[error("pages of this kind of file have no picture; show their text")]
    NoPicture,
}

impl ReadError {
    /// Whether the right password would help.
    #[must_use]
    pub fn wants_password(&self) -> bool {
        matches!(self, Self::Encrypted | Self::WrongPassword)
    }
}

impl From<std::io::Error> for ReadError {
    fn from(error: std::io::Error) -> Self {
        Self::Io(error.to_string())
    }
}
