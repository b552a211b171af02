//! The seam to vector stores: what holds vectors and finds the nearest.
//!
//! A store holds the vectors of one *generation*: one embedding model, one
//! dimension. Another model is another generation, filled beside the live one.

use std::collections::BTreeSet;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use async_trait::async_trait;

use crate::kernel::{CaseId, DocumentId, OrganisationId, PassageId, Scope, VersionId};

/// One vector and what the scope needs to know of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The passage the vector stands for.
    pub passage: PassageId,
    /// The document it is in.
    pub document: DocumentId,
    /// The version of the document it is in.
    pub version: VersionId,
    /// The case the document belongs to.
    pub case: CaseId,
    /// The vector, of length one (L2).
    pub vector: Vec<f32>,
}

/// A passage near to a query.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Near {
    /// The passage.
    pub passage: PassageId,
    /// The document it is in.
    pub document: DocumentId,
    /// The case the document belongs to.
    pub case: CaseId,
    /// The dot product with the query: the cosine, as both have length one.
    pub score: f32,
}

/// Why the vector store could not do something.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The disk said no.
    #[error("the vector file `{}` cannot be used", path.display())]
    Io {
        /// The file or directory.
        path: PathBuf,
        /// What the disk said.
        #[source]
        source: io::Error,
    },
    /// A vector is of another length than the store's.
    #[error("the vector has `{actual}` dimensions instead of `{expected}`")]
    WrongDimension {
        /// The length of the store's vectors.
        expected: usize,
        /// The length of the vector given.
        actual: usize,
    },
    /// A vector holds something that is not a number.
    #[error("the vector holds a number that is not finite")]
    NotFinite,
    /// The entries given together are not of one version, document and case.
    #[error("the entries are not all of version `{0}` and of one document and case")]
    Mixed(VersionId),
    /// The server of the vectors did not answer.
    #[error("the vector store could not be reached ({0})")]
    Unreachable(String),
    /// The server of the vectors answered that it will not do it.
    #[error("the vector store refused the request ({0})")]
    Refused(String),
    /// A generation or a snapshot cannot be called so.
    #[error("`{0}` cannot be a name; take 1 to 64 letters, digits and hyphens")]
    Name(String),
    /// There is no such snapshot.
    #[error("there is no snapshot `{0}`; list the snapshots to see which there are")]
    NoSnapshot(String),
    /// A snapshot is not what it was when it was taken, or is of other vectors.
    #[error("the snapshot `{0}` is damaged or of another model; take another one")]
    BadSnapshot(String),
    /// The generation was dropped while the store was in use.
    #[error("the vectors of `{0}` were dropped; open the generation that is in use now")]
    Dropped(String),
    /// The work was stopped.
    #[error("the work on the vectors was interrupted")]
    Interrupted,
    /// A version has more passages than one record holds.
    #[error("version `{0}` has too many passages for one record")]
    TooLarge(VersionId),
}

/// What a search is narrowed to, within what the caller's scope opens.
#[derive(Debug, Clone, Default)]
pub struct Narrow {
    /// One case.
    pub case: Option<CaseId>,
    /// Certain documents.
    pub documents: Option<Arc<BTreeSet<DocumentId>>>,
}

/// A copy of a store's vectors, as they stood at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snapshot {
    /// Its name, by which it is restored.
    pub name: String,
    /// Its size in bytes.
    pub bytes: u64,
}

/// Holds the vectors of one generation. What a caller may see is part of every
/// search, inside the store; nothing is taken out of results afterwards.
#[async_trait]
pub trait VectorStore: Send + Sync {
    /// Replaces the entries of a version by these; by none, to forget the version.
    /// They are kept when this returns, all or none of them.
    ///
    /// # Errors
    /// Fails when the entries do not fit the store, or the store fails.
    async fn replace(
        &self,
        organisation: OrganisationId,
        version: VersionId,
        entries: Vec<Entry>,
    ) -> Result<(), StoreError>;

    /// Removes every entry of a document, whatever its version.
    ///
    /// # Errors
    /// Fails when the store does.
    async fn remove_document(
        &self,
        organisation: OrganisationId,
        document: DocumentId,
    ) -> Result<(), StoreError>;

    /// Removes every entry of documents so that nothing of them can be read from the
    /// store's files any more, and every snapshot; gives how many snapshots there were.
    ///
    /// # Errors
    /// Fails when the store does.
    async fn erase(
        &self,
        organisation: OrganisationId,
        documents: &[DocumentId],
    ) -> Result<u64, StoreError>;

    /// The `k` passages nearest to a query among those the scope opens, nearest first.
    ///
    /// # Errors
    /// Fails when the query does not fit the store, or the store fails.
    async fn search(
        &self,
        scope: &Scope,
        narrow: &Narrow,
        query: &[f32],
        k: usize,
    ) -> Result<Vec<Near>, StoreError>;

    /// The versions that have entries, to be compared with the documents.
    ///
    /// # Errors
    /// Fails when the store does.
    async fn versions(
        &self,
        organisation: OrganisationId,
    ) -> Result<BTreeSet<VersionId>, StoreError>;

    /// How many entries an organisation has.
    ///
    /// # Errors
    /// Fails when the store does.
    async fn count(&self, organisation: OrganisationId) -> Result<usize, StoreError>;

    /// Takes a copy of everything the store holds, beside it. Of the older copies
    /// only as many are kept as the settings say.
    ///
    /// # Errors
    /// Fails when the store does.
    async fn snapshot(&self) -> Result<Snapshot, StoreError>;

    /// The snapshots that there are, oldest first.
    ///
    /// # Errors
    /// Fails when the store does.
    async fn snapshots(&self) -> Result<Vec<Snapshot>, StoreError>;

    /// Puts back what a snapshot holds, in the place of what is there.
    ///
    /// # Errors
    /// Fails when there is no such snapshot, or the store fails; then what was there
    /// is kept.
    async fn restore(&self, name: &str) -> Result<(), StoreError>;
}

/// Where stores are: opens one for each generation.
#[async_trait]
pub trait VectorStores: Send + Sync {
    /// What holds them, in a word or two: `embedded`, `Qdrant`.
    fn name(&self) -> &str;

    /// Opens the store of a generation, making it when there is none. A generation's
    /// name is of letters, digits and hyphens.
    ///
    /// # Errors
    /// Fails when the store cannot be opened, or is of another dimension.
    async fn open(
        &self,
        generation: &str,
        dimensions: usize,
    ) -> Result<Arc<dyn VectorStore>, StoreError>;

    /// The length of a generation's vectors; none, when there is no such generation.
    ///
    /// # Errors
    /// Fails when the stores cannot be read.
    async fn dimensions(&self, generation: &str) -> Result<Option<usize>, StoreError>;

    /// The generations that there are.
    ///
    /// # Errors
    /// Fails when the stores cannot be listed.
    async fn generations(&self) -> Result<BTreeSet<String>, StoreError>;

    /// Drops a generation and all its vectors; nothing, when there is none.
    ///
    /// # Errors
    /// Fails when it cannot be dropped.
    async fn drop_generation(&self, generation: &str) -> Result<(), StoreError>;
}

/// Checks that a vector fits a store.
pub(super) fn check_vector(dimensions: usize, vector: &[f32]) -> Result<(), StoreError> {
    if vector.len() != dimensions {
        return Err(StoreError::WrongDimension { expected: dimensions, actual: vector.len() });
    }
    if vector.iter().all(|number| number.is_finite()) { Ok(()) } else { Err(StoreError::NotFinite) }
}

/// Checks that entries fit a store and are all of one version, document and case.
pub(super) fn check_entries(
    dimensions: usize,
    version: VersionId,
    entries: &[Entry],
) -> Result<(), StoreError> {
    let whose = |entry: &Entry| (entry.version, entry.document, entry.case);
    let Some(first) = entries.first() else { return Ok(()) };
    let one = (version, first.document, first.case);
    if entries.iter().any(|entry| whose(entry) != one) {
        return Err(StoreError::Mixed(version));
    }
    entries.iter().try_for_each(|entry| check_vector(dimensions, &entry.vector))
}

/// Checks the name of a generation or a snapshot: it becomes the name of a folder.
pub(super) fn check_name(name: &str) -> Result<(), StoreError> {
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '-';
    if (1..=64).contains(&name.len()) && name.chars().all(plain) {
        Ok(())
    } else {
        Err(StoreError::Name(name.to_owned()))
    }
}
