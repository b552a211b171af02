//! What is done in the background, and the protection of personal data, parts of which are
//! done there.

use std::path::PathBuf;
use std::sync::Arc;

use super::papers::Papers;
use super::platform::Platform;
use crate::documents::ingest::Ingest;
use crate::jobs::{Handler, Runner};
use crate::privacy::{self, Erasing, Exporting, Privacy};
use crate::search::Indexing;
use crate::vectors::{Embedding, Reembedding};

/// Consent, exports, erasure, holds and retention; `exports` is the folder of the exports.
pub(super) fn privacy(platform: &Platform, papers: &Papers, exports: PathBuf) -> Privacy {
    Privacy::new(privacy::Parts {
        db: platform.db.clone(),
        clock: Arc::clone(&platform.clock),
        audit: platform.audit.clone(),
        jobs: platform.jobs.clone(),
        vault: platform.vault.clone(),
        documents: papers.documents.clone(),
        search: papers.search.clone(),
        vectors: papers.vectors.clone(),
        exports,
    })
}

/// Takes jobs from the queue, so many at a time as there are `workers`.
pub(super) fn runner(
    platform: &Platform,
    papers: &Papers,
    privacy: &Privacy,
    workers: usize,
) -> Runner {
    let Papers { documents, index, vectors, .. } = papers;
    let handlers: Vec<Arc<dyn Handler>> = vec![
        Arc::new(Ingest::new(documents.clone())),
        Arc::new(Indexing::new(documents.clone(), Arc::clone(index))),
        Arc::new(Embedding::new(vectors.clone())),
        Arc::new(Reembedding::new(vectors.clone())),
        Arc::new(Erasing::new(privacy.clone())),
        Arc::new(Exporting::new(privacy.clone())),
    ];
    Runner::new(platform.jobs.clone(), handlers, workers)
}
