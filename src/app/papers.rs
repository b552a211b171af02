//! Documents, and the stores by which they are found.

use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Context;

use super::Duty;
use super::parts::{embedding_models, open_index, open_vectors, reader, vector_stores};
use super::platform::Platform;
use crate::cases::Cases;
use crate::config::Config;
use crate::documents::blobs::Blobs;
use crate::documents::{self, Documents, Images};
use crate::messages::{self, Messages};
use crate::search::golden::{Golden, GoldenParts};
use crate::search::{LiveIndex, Search};
use crate::vectors::{VectorParts, VectorStores, Vectors};

pub(super) struct Papers {
    pub(super) blobs: Blobs,
    pub(super) documents: Documents,
    pub(super) messages: Messages,
    pub(super) index: Arc<LiveIndex>,
    pub(super) vectors: Vectors,
    pub(super) vector_stores: Arc<dyn VectorStores>,
    pub(super) search: Search,
    pub(super) golden: Golden,
}

impl Papers {
    /// `missing` is told what this machine lacks.
    pub(super) async fn open(
        config: &Config,
        platform: &Platform,
        cases: &Cases,
        program: PathBuf,
        duty: Duty,
        missing: &mut Vec<String>,
    ) -> anyhow::Result<Self> {
        let dir = &config.data.dir;
        let Platform { db, clock, vault, audit, jobs, usage, .. } = platform;
        let blobs =
            Blobs::open(&dir.join("blobs"), vault.clone()).context("opening the original files")?;
        let delivered = Blobs::open(&dir.join("deliveries"), vault.clone())
            .context("opening the files clients sent")?;
        if duty == Duty::Work {
            delivered.clear_incoming().context("clearing unfinished deliveries")?;
        }
        let images =
            Images::open(&dir.join("images"), vault.clone()).context("opening the page images")?;
        let documents = Documents::new(documents::Parts {
            db: db.clone(),
            clock: Arc::clone(clock),
            audit: audit.clone(),
            events: platform.events.clone(),
            jobs: jobs.clone(),
            cases: cases.clone(),
            blobs: blobs.clone(),
            delivered,
            reader: reader(config, program, duty, missing),
            images,
            max_upload_bytes: config.http.max_upload_mib << 20,
        });
        let messages = Messages::new(messages::Parts {
            db: db.clone(),
            clock: Arc::clone(clock),
            audit: audit.clone(),
            events: platform.events.clone(),
            notices: platform.notices.clone(),
            cases: cases.clone(),
            documents: documents.clone(),
            vault: vault.clone(),
        });
        let index = Arc::new(open_index(dir, duty)?);
        let vector_stores = vector_stores(config, dir)?;
        let vectors = Vectors::new(VectorParts {
            db: db.clone(),
            clock: Arc::clone(clock),
            audit: audit.clone(),
            jobs: jobs.clone(),
            documents: documents.clone(),
            usage: usage.clone(),
            stores: Arc::clone(&vector_stores),
            sources: embedding_models(config),
        });
        open_vectors(&vectors, duty, missing).await?;
        let search = Search::new(documents.clone(), vectors.clone(), Arc::clone(&index));
        let golden = Golden::new(GoldenParts {
            db: db.clone(),
            clock: Arc::clone(clock),
            audit: audit.clone(),
            documents: documents.clone(),
            search: search.clone(),
            vectors: vectors.clone(),
        });
        Ok(Self { blobs, documents, messages, index, vectors, vector_stores, search, golden })
    }
}
