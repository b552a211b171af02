//! Where the bytes of documents are: a folder, one sealed file per content.
//!
//! A *blob* is known by the SHA-256 of its bytes, so an organisation keeps the same
//! bytes once and a damaged file shows. Its file is sealed from the first byte that
//! arrives ([`crate::vault`]) and named by a keyed hash of organisation and SHA-256:
//! whoever has the disk alone cannot even tell whether a document they have too is
//! among them (ADR 0012). It is written to a temporary file, synced, and only then
//! given its name: a blob that can be opened is whole.

mod care;
mod names;

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bytes::Bytes;
use futures_util::{Stream, stream};
use sha2::{Digest, Sha256};
use tokio::fs;
use tokio::io::AsyncWriteExt;
use uuid::Uuid;

use super::reading::Plain;
use crate::kernel::OrganisationId;
use crate::vault::{Opener, Sealer, Vault};

pub use care::Resealed;
use names::Names;

/// What blobs are sealed as.
const PURPOSE: &str = "document file";
/// The folder of the sealed files.
const SEALED: &str = "sealed";
/// The folder of files that are being written.
const INCOMING: &str = "incoming";
/// How much of a file from before they were sealed is read at once.
const PIECE: u64 = 64 << 10;

/// The blob folder.
#[derive(Debug, Clone)]
pub struct Blobs {
    dir: PathBuf,
    vault: Vault,
    names: Arc<Names>,
}

/// A blob being written.
pub struct Writing {
    organisation: OrganisationId,
    file: fs::File,
    temporary: PathBuf,
    sealer: Option<Sealer>,
    hash: Sha256,
    head: Vec<u8>,
    size: u64,
}

/// A blob as written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Blob {
    /// The SHA-256 of its bytes, in hexadecimal.
    pub sha256: String,
    /// How many bytes.
    pub size: u64,
    /// Its first bytes, for telling what it is.
    pub head: Vec<u8>,
}

/// How many first bytes a blob's writer keeps.
const HEAD: usize = 8192;

/// The bytes of a blob, from its file.
enum Body {
    Sealed(Box<Opener<File>>),
    /// From before they were sealed.
    Plain(File),
}

impl Body {
    fn next(&mut self) -> io::Result<Option<zeroize::Zeroizing<Vec<u8>>>> {
        match self {
            Self::Sealed(opener) => opener.chunk(),
            Self::Plain(file) => {
                let mut piece = Vec::new();
                file.take(PIECE).read_to_end(&mut piece)?;
                Ok((!piece.is_empty()).then(|| piece.into()))
            }
        }
    }
}

impl Blobs {
    /// Opens the folder, creating it if need be.
    ///
    /// # Errors
    /// Fails when the folder cannot be created, or the key of the names not be opened.
    pub fn open(dir: &Path, vault: Vault) -> io::Result<Self> {
        std::fs::create_dir_all(dir.join(INCOMING))?;
        std::fs::create_dir_all(dir.join(SEALED))?;
        let names = Names::open(dir, &vault)?;
        Ok(Self { dir: dir.to_owned(), vault, names: Arc::new(names) })
    }

    /// What seals them.
    #[must_use]
    pub const fn vault(&self) -> &Vault {
        &self.vault
    }

    /// Starts a blob of an organisation.
    ///
    /// # Errors
    /// Fails when the disk does.
    pub async fn start(&self, organisation: OrganisationId) -> io::Result<Writing> {
        let temporary = self.dir.join(INCOMING).join(Uuid::new_v4().to_string());
        let mut file = fs::File::create(&temporary).await?;
        let (sealer, header) = Sealer::start(&self.vault, PURPOSE)?;
        file.write_all(&header).await?;
        Ok(Writing {
            organisation,
            file,
            temporary,
            sealer: Some(sealer),
            hash: Sha256::new(),
            head: Vec::new(),
            size: 0,
        })
    }

    /// What a blob is called on the disk.
    #[must_use]
    pub fn name(&self, organisation: OrganisationId, sha256: &str) -> String {
        self.names.of(organisation, sha256)
    }

    /// Where a blob's sealed file is.
    fn path(&self, organisation: OrganisationId, sha256: &str) -> PathBuf {
        self.place_of(&self.name(organisation, sha256))
    }

    /// Where the file of a name is.
    fn place_of(&self, name: &str) -> PathBuf {
        let (first, _) = name.split_at(name.len().min(2));
        self.dir.join(SEALED).join(first).join(name)
    }

    /// Where a blob was before they were sealed.
    fn former_path(&self, sha256: &str) -> PathBuf {
        let (first, _) = sha256.split_at(sha256.len().min(2));
        self.dir.join(first).join(sha256)
    }

    /// Finishes a blob: synced and named, or recognised as one there already.
    ///
    /// # Errors
    /// Fails when the disk does; then nothing has the blob's name.
    pub async fn finish(&self, mut writing: Writing) -> io::Result<Blob> {
        writing.seal().await?;
        let Writing { organisation, file, temporary, hash, head, size, .. } = writing;
        file.sync_all().await?;
        drop(file);
        let sha256 = hex(&hash.finalize());
        let path = self.path(organisation, &sha256);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).await?;
            fs::rename(&temporary, &path).await?;
            fs::File::open(folder).await?.sync_all().await?;
        }
        Ok(Blob { sha256, size, head })
    }

    /// Gives up a blob.
    pub async fn abandon(&self, writing: Writing) {
        drop(writing.file);
        if let Err(error) = fs::remove_file(&writing.temporary).await {
            tracing::warn!(%error, "an abandoned upload stays on disk");
        }
    }

    /// Removes what a process that was killed left half-written.
    ///
    /// # Errors
    /// Fails when the folder cannot be read.
    pub fn clear_incoming(&self) -> io::Result<()> {
        for entry in std::fs::read_dir(self.dir.join(INCOMING))? {
            std::fs::remove_file(entry?.path())?;
        }
        Ok(())
    }

    /// Writes bytes that are in memory already.
    ///
    /// # Errors
    /// Fails when the disk does.
    pub async fn put(&self, organisation: OrganisationId, bytes: &[u8]) -> io::Result<Blob> {
        let mut writing = self.start(organisation).await?;
        writing.write(bytes).await?;
        self.finish(writing).await
    }

    fn body(&self, organisation: OrganisationId, sha256: &str) -> io::Result<Body> {
        match File::open(self.path(organisation, sha256)) {
            Ok(file) => Ok(Body::Sealed(Box::new(Opener::open(&self.vault, PURPOSE, file)?))),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                Ok(Body::Plain(File::open(self.former_path(sha256))?))
            }
            Err(error) => Err(error),
        }
    }

    /// The plain bytes of a blob in memory, for what needs them all.
    ///
    /// # Errors
    /// Fails when there is no such blob, or it is damaged.
    pub async fn plain(
        &self,
        organisation: OrganisationId,
        sha256: &str,
    ) -> io::Result<Arc<Plain>> {
        let (blobs, sha256) = (self.clone(), sha256.to_owned());
        let plain = move || {
            let mut body = blobs.body(organisation, &sha256)?;
            Plain::of(|| body.next()).map(Arc::new)
        };
        tokio::task::spawn_blocking(plain).await.map_err(io::Error::other)?
    }

    /// The plain bytes of a blob, piece by piece.
    ///
    /// # Errors
    /// Fails when there is no such blob; the stream, when it is damaged.
    pub async fn bytes(
        &self,
        organisation: OrganisationId,
        sha256: &str,
    ) -> io::Result<impl Stream<Item = io::Result<Bytes>> + Send + use<>> {
        let (blobs, sha256) = (self.clone(), sha256.to_owned());
        let open = move || blobs.body(organisation, &sha256);
        let body = tokio::task::spawn_blocking(open).await.map_err(io::Error::other)??;
        Ok(stream::try_unfold(body, |mut body| async move {
            let next = move || body.next().map(|piece| (piece, body));
            let (piece, body) =
                tokio::task::spawn_blocking(next).await.map_err(io::Error::other)??;
            Ok(piece.map(|piece| (Bytes::copy_from_slice(&piece), body)))
        }))
    }

    /// Whether there is a file of a blob.
    #[must_use]
    pub fn has(&self, organisation: OrganisationId, sha256: &str) -> bool {
        self.path(organisation, sha256).exists()
    }
}

impl Writing {
    /// Adds bytes.
    ///
    /// # Errors
    /// Fails when the disk does.
    pub async fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        let wanted = HEAD.saturating_sub(self.head.len()).min(bytes.len());
        self.head.extend_from_slice(&bytes[..wanted]);
        self.hash.update(bytes);
        self.size += bytes.len() as u64;
        let Some(sealer) = &mut self.sealer else {
            return Err(io::Error::other("the file was ended already"));
        };
        let chunks = sealer.write(bytes)?;
        self.file.write_all(&chunks).await
    }

    /// Ends the file and hands it to the operating system, so that it can be read.
    ///
    /// # Errors
    /// Fails when the disk does.
    pub async fn seal(&mut self) -> io::Result<()> {
        if let Some(sealer) = self.sealer.take() {
            self.file.write_all(&sealer.finish()?).await?;
        }
        self.file.flush().await
    }

    /// How many bytes so far.
    #[must_use]
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// Its first bytes, for telling what it is.
    #[must_use]
    pub fn head(&self) -> &[u8] {
        &self.head
    }
}

impl Blobs {
    /// The plain bytes of a blob that has been written and sealed, but not named yet.
    ///
    /// # Errors
    /// Fails when the disk does.
    pub async fn plain_of(&self, writing: &Writing) -> io::Result<Arc<Plain>> {
        let (vault, path) = (self.vault.clone(), writing.temporary.clone());
        let plain = move || {
            let opener = Opener::open(&vault, PURPOSE, File::open(path)?)?;
            let mut body = Body::Sealed(Box::new(opener));
            Plain::of(|| body.next()).map(Arc::new)
        };
        tokio::task::spawn_blocking(plain).await.map_err(io::Error::other)?
    }
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests;
