//! How many of the nearest are found, against comparing every vector exactly.

use super::tests::everything;
use super::*;
use crate::kernel::{CaseId, DocumentId, OrganisationId, PassageId};
use crate::vectors::{Entry, normalise};

/// How many clusters the vectors lie in, as texts lie in subjects.
const CLUSTERS: usize = 60;
/// How many vectors there are in a cluster.
const EACH: usize = 200;
/// How many questions are asked.
const QUESTIONS: usize = 100;
/// How far the vectors of a cluster scatter about its middle, for each number.
const SCATTER: f32 = 0.6;

/// Numbers that scatter evenly, the same in every run.
struct Scatter(u64);

impl Scatter {
    fn next(&mut self) -> f32 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let bits = u16::try_from(self.0 >> 48).unwrap();
        f32::from(bits) / f32::from(u16::MAX) * 2.0 - 1.0
    }

    fn near(&mut self, middle: &[f32]) -> Vec<f32> {
        let mut vector: Vec<f32> = middle.iter().map(|x| x + SCATTER * self.next()).collect();
        normalise(&mut vector);
        vector
    }
}

pub(super) async fn nearly_all_of_the_ten_nearest_are_found(ground: Ground) {
    let store = ground.store().await;
    let org = OrganisationId::new();
    let mut scatter = Scatter(1860);
    let middles: Vec<Vec<f32>> =
        (0..CLUSTERS).map(|_| (0..DIMENSIONS).map(|_| scatter.next()).collect()).collect();
    let mut written: Vec<Entry> = Vec::new();
    for middle in &middles {
        let (case, document, version) = (CaseId::new(), DocumentId::new(), VersionId::new());
        let given: Vec<Entry> = (0..EACH)
            .map(|_| {
                let (passage, vector) = (PassageId::new(), scatter.near(middle));
                Entry { passage, document, version, case, vector }
            })
            .collect();
        store.replace(org, version, given.clone()).await.unwrap();
        written.extend(given);
    }
    let mut found = 0;
    for number in 0..QUESTIONS {
        let question = scatter.near(&middles[number % CLUSTERS]);
        let dot =
            |entry: &Entry| -> f32 { entry.vector.iter().zip(&question).map(|(x, y)| x * y).sum() };
        let mut exact: Vec<(f32, PassageId)> =
            written.iter().map(|entry| (dot(entry), entry.passage)).collect();
        exact.sort_by(|a, b| b.0.total_cmp(&a.0));
        let near = store.search(&everything(org), &Narrow::default(), &question, 10).await.unwrap();
        found += exact[..10]
            .iter()
            .filter(|(_, passage)| near.iter().any(|near| near.passage == *passage))
            .count();
    }
    assert!(found * 100 >= QUESTIONS * 10 * 99, "{found} of {} were found", QUESTIONS * 10);
}
