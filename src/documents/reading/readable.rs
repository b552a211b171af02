//! What a reader can be given: a file somewhere, or plain bytes held in memory.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::plain::Plain;

/// A file to be read, opened anew for each child it is given to.
#[derive(Debug, Clone)]
pub enum Readable {
    /// It is here.
    At(PathBuf),
    /// Its bytes are in memory, and stay there as long as it is read.
    Held(Arc<Plain>),
}

impl Readable {
    /// Opens it.
    pub(super) async fn open(&self) -> io::Result<File> {
        match self {
            Self::At(path) => Ok(tokio::fs::File::open(path).await?.into_std().await),
            Self::Held(plain) => plain.open(),
        }
    }
}

impl<P: AsRef<Path> + ?Sized> From<&P> for Readable {
    fn from(path: &P) -> Self {
        Self::At(path.as_ref().to_owned())
    }
}

impl From<Arc<Plain>> for Readable {
    fn from(plain: Arc<Plain>) -> Self {
        Self::Held(plain)
    }
}
