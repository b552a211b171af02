//! What every vector store has to do, as one set of tests that each store runs.
//!
//! The embedded store always runs them. Qdrant runs them whenever
//! `MUNSHI_TEST_QDRANT_URL` names a server; one that is named and does not answer
//! fails them.

mod generations;
mod recall;
mod tests;

use std::sync::Arc;

use secrecy::SecretString;

use super::{FlatStores, Narrow, QdrantStores, StoreError, VectorStore, VectorStores};
use crate::kernel::VersionId;
use crate::outside::Outside;

/// The length of the tests' vectors.
const DIMENSIONS: usize = 32;

/// Stores to test, with a generation of the test's own.
#[derive(Clone)]
struct Ground {
    /// Reaches the stores anew, as another process would.
    reach: Arc<dyn Fn() -> Arc<dyn VectorStores> + Send + Sync>,
    generation: String,
}

impl Ground {
    fn new(reach: impl Fn() -> Arc<dyn VectorStores> + Send + Sync + 'static) -> Self {
        Self { reach: Arc::new(reach), generation: format!("test-{}", VersionId::new()) }
    }

    /// The stores, reached once more.
    fn stores(&self) -> Arc<dyn VectorStores> {
        (self.reach)()
    }

    /// The store of the test's generation.
    async fn store(&self) -> Arc<dyn VectorStore> {
        self.stores().open(&self.generation, DIMENSIONS).await.unwrap()
    }

    /// Runs a test and takes its generation away, however it ends.
    async fn run<F>(self, test: impl FnOnce(Self) -> F)
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let ended = tokio::spawn(test(self.clone())).await;
        self.stores().drop_generation(&self.generation).await.unwrap();
        if let Err(failed) = ended {
            std::panic::resume_unwind(failed.into_panic());
        }
    }
}

/// The embedded stores, in a folder that goes with the test.
#[expect(clippy::unnecessary_wraps, reason = "not every store is always there")]
fn embedded() -> Option<Ground> {
    let dir = Arc::new(tempfile::tempdir().unwrap());
    Some(Ground::new(move || Arc::new(FlatStores::new(dir.path().to_path_buf()))))
}

/// The stores of the server the environment names, if it names one.
#[expect(clippy::disallowed_methods, reason = "the tests' own switch")]
fn qdrant() -> Option<Ground> {
    let Ok(address) = std::env::var("MUNSHI_TEST_QDRANT_URL") else {
        eprintln!("not run: `MUNSHI_TEST_QDRANT_URL` names no Qdrant server");
        return None;
    };
    let address: url::Url = address.parse().unwrap();
    let key = SecretString::from("");
    Some(Ground::new(move || {
        Arc::new(QdrantStores::new(&address, &key, 3, Outside::default()).unwrap())
    }))
}

/// The tests, once for each store.
macro_rules! conformance {
    ($($module:ident :: $name:ident),+ $(,)?) => {
        conformance!(embedded: $($module::$name),+);
        conformance!(qdrant: $($module::$name),+);
    };
    ($store:ident: $($module:ident :: $name:ident),+) => {
        mod $store {
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $name() {
                    if let Some(ground) = super::$store() {
                        ground.run(super::$module::$name).await;
                    }
                }
            )+
        }
    };
}

conformance! {
    tests::entries_are_replaced_and_forgotten_together,
    tests::two_versions_of_a_document_stand_side_by_side,
    tests::removing_a_document_removes_all_its_versions_and_no_other,
    tests::the_nearest_come_first_with_their_exact_scores,
    tests::a_scope_opens_what_it_opens_and_nothing_else,
    tests::a_search_is_narrowed_to_a_case_and_to_documents,
    tests::more_than_there_is_gives_what_there_is,
    tests::what_does_not_fit_is_refused_and_changes_nothing,
    tests::many_entries_of_one_version_are_kept,
    tests::writers_and_readers_work_at_once,
    generations::generations_stand_side_by_side_and_are_dropped,
    generations::a_generation_has_a_name_and_one_dimension,
    generations::what_is_kept_is_there_after_reopening,
    generations::a_snapshot_is_put_back,
    generations::only_the_newest_snapshots_are_kept,
    recall::nearly_all_of_the_ten_nearest_are_found,
}
