//! Vectors: meaning as numbers, and finding the passages nearest in meaning.
//!
//! An [`Embedder`] turns text into vectors of a fixed length; two texts that mean
//! the same point the same way, so that the dot product of their vectors is near
//! one. [`MiniLm`] does it in this process on the processor, [`Remote`] asks an
//! OpenAI-compatible endpoint.
//!
//! A [`VectorStore`] keeps the vectors of passages and finds those nearest to a query
//! among all the caller's [`Scope`] opens. The embedded one, [`FlatStores`], compares
//! every one of them: up to some hundred thousand passages that is faster than any
//! approximate index, and exact. Beyond, [`QdrantStores`] asks a server.
//!
//! The vectors of one model are a [`Generation`]. One is live; another model's are made
//! beside it in the background ([`Reembedding`]) and take its place when they are
//! complete ([`Vectors::switch`]).
//!
//! Vectors are derived data. Whatever is lost here is rebuilt from the documents.
//!
//! [`Scope`]: crate::kernel::Scope

#[cfg(test)]
mod conformance;
mod embedder;
mod embedding;
mod erase;
mod estimate;
mod flat;
mod founding;
mod generations;
mod meaning;
mod minilm;
mod models;
mod openai;
mod qdrant;
mod reembed;
mod store;
mod windows;

pub use embedder::{EmbedError, Embedded, Embedder, ModelError, Purpose};
pub use embedding::Embedding;
pub use estimate::Estimate;
pub use flat::{FlatStore, FlatStores, Opened};
pub use generations::{Generation, GenerationError, Held, Spent, Stage, Standing};
pub use meaning::{NEAR_ENOUGH, VectorError, VectorParts, Vectors};
pub use minilm::MiniLm;
pub use models::{Source, distinct};
pub use openai::Remote;
pub use qdrant::QdrantStores;
pub use reembed::{REEMBED, Reembedding};
pub use store::{Entry, Narrow, Near, Snapshot, StoreError, VectorStore, VectorStores};
pub use windows::{mean, windows};

/// Scales a vector to length one; a vector of zeros stays as it is.
fn normalise(vector: &mut [f32]) {
    let length = vector.iter().map(|x| x * x).sum::<f32>().sqrt();
    if length > 0.0 {
        for x in vector {
            *x /= length;
        }
    }
}
