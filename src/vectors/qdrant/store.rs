//! One collection as a vector store.

use std::collections::BTreeSet;
use std::sync::Arc;

use async_trait::async_trait;
use qdrant_client::qdrant::facet_value::Variant;
use qdrant_client::qdrant::points_update_operation::{DeletePoints, Operation, PointStructList};
use qdrant_client::qdrant::{
    Condition, CountPointsBuilder, DeletePointsBuilder, DeleteSnapshotRequestBuilder,
    FacetCountsBuilder, Filter, PayloadIncludeSelector, PointsSelector,
    QuantizationSearchParamsBuilder, Query, QueryPointsBuilder, SearchParamsBuilder,
    SnapshotDescription, UpdateBatchPointsBuilder, UpsertPointsBuilder,
};

use super::points::{self, CASE, DOCUMENT, WHOLE};
use super::{SNAPSHOT, Server, answer, within};
use crate::kernel::{DocumentId, OrganisationId, Scope, VersionId};
use crate::vectors::store::{
    Entry, Narrow, Near, Snapshot, StoreError, VectorStore, check_entries, check_name, check_vector,
};

/// How many candidates the graph keeps while it is walked, at least.
const WALKED: u64 = 256;
/// How many candidates it keeps for each passage asked for.
const WALKED_EACH: u64 = 4;
/// How many candidates found by their codes are compared exactly, for each passage
/// asked for.
const RESCORED_EACH: f64 = 4.0;

/// A generation in its collection.
pub(super) struct QdrantStore {
    pub(super) server: Arc<Server>,
    pub(super) generation: String,
    pub(super) collection: String,
    pub(super) dimensions: usize,
    /// How many snapshots are kept.
    pub(super) snapshots: usize,
}

impl QdrantStore {
    async fn delete(&self, filter: Filter) -> Result<(), StoreError> {
        let delete = DeletePointsBuilder::new(&self.collection).points(filter).wait(true);
        answer(&self.generation, self.server.quick.delete_points(delete)).await.map(drop)
    }

    /// The server's name of a snapshot.
    fn file(&self, name: &str) -> String {
        format!("{}-{name}.snapshot", self.collection)
    }

    /// Our name of one of the server's snapshots.
    fn named(&self, file: &str) -> Option<String> {
        let name = file.strip_prefix(&self.collection)?.strip_prefix('-')?;
        Some(name.strip_suffix(".snapshot")?.to_owned())
    }
}

#[async_trait]
impl VectorStore for QdrantStore {
    async fn replace(
        &self,
        organisation: OrganisationId,
        version: VersionId,
        entries: Vec<Entry>,
    ) -> Result<(), StoreError> {
        check_entries(self.dimensions, version, &entries)?;
        let ids: Vec<_> = entries.iter().map(|entry| points::id(entry.passage)).collect();
        let mut stale = points::of_version(organisation, version);
        let mut requests = points::requests(organisation, entries);
        let Some(last) = requests.pop() else { return self.delete(stale).await };
        for points in requests {
            let upsert = UpsertPointsBuilder::new(&self.collection, points).wait(true);
            answer(&self.generation, self.server.quick.upsert_points(upsert)).await?;
        }
        stale.must_not.push(Condition::has_id(ids));
        let operations = [
            Operation::Upsert(PointStructList { points: last, ..PointStructList::default() }),
            Operation::DeletePoints(DeletePoints {
                points: Some(PointsSelector::from(stale)),
                shard_key_selector: None,
            }),
        ];
        let operations: Vec<_> = operations.into_iter().map(Into::into).collect();
        let update = UpdateBatchPointsBuilder::new(&self.collection, operations).wait(true);
        answer(&self.generation, self.server.quick.update_points_batch(update)).await.map(drop)
    }

    async fn remove_document(
        &self,
        organisation: OrganisationId,
        document: DocumentId,
    ) -> Result<(), StoreError> {
        self.delete(points::of_document(organisation, document)).await
    }

    async fn erase(
        &self,
        organisation: OrganisationId,
        documents: &[DocumentId],
    ) -> Result<u64, StoreError> {
        for &document in documents {
            self.remove_document(organisation, document).await?;
        }
        let snapshots = self.snapshots().await?;
        for old in &snapshots {
            let old = DeleteSnapshotRequestBuilder::new(&self.collection, self.file(&old.name));
            answer(&self.generation, self.server.quick.delete_snapshot(old)).await?;
        }
        Ok(snapshots.len() as u64)
    }

    async fn search(
        &self,
        scope: &Scope,
        narrow: &Narrow,
        query: &[f32],
        k: usize,
    ) -> Result<Vec<Near>, StoreError> {
        check_vector(self.dimensions, query)?;
        let Some(filter) = points::open_to(scope, narrow).filter(|_| k > 0) else {
            return Ok(Vec::new());
        };
        let limit = k as u64;
        let codes =
            QuantizationSearchParamsBuilder::default().rescore(true).oversampling(RESCORED_EACH);
        let params = SearchParamsBuilder::default()
            .hnsw_ef(limit.saturating_mul(WALKED_EACH).max(WALKED))
            .quantization(codes);
        let fields = vec![DOCUMENT.to_owned(), CASE.to_owned()];
        let question = QueryPointsBuilder::new(&self.collection)
            .query(Query::new_nearest(query.to_vec()))
            .filter(filter)
            .params(params)
            .with_payload(PayloadIncludeSelector { fields })
            .limit(limit);
        // A large future, kept off the stack.
        let asking = Box::pin(self.server.quick.query(question));
        let found = answer(&self.generation, asking).await?;
        let mut near: Vec<Near> =
            found.result.iter().map(points::near).collect::<Result<_, _>>()?;
        near.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.passage.cmp(&b.passage)));
        Ok(near)
    }

    async fn versions(
        &self,
        organisation: OrganisationId,
    ) -> Result<BTreeSet<VersionId>, StoreError> {
        // There are no more versions than entries.
        let Some(most) = Some(self.count(organisation).await?).filter(|count| *count > 0) else {
            return Ok(BTreeSet::new());
        };
        let facets = FacetCountsBuilder::new(&self.collection, WHOLE)
            .filter(points::of_organisation(organisation))
            .limit(most as u64)
            .exact(true);
        let found = answer(&self.generation, self.server.quick.facet(facets)).await?;
        let version = |value: Option<Variant>, count: u64| match value {
            Some(Variant::StringValue(value)) => points::whole(&value, count),
            _ => None,
        };
        let hits = found.hits.into_iter();
        Ok(hits
            .filter_map(|hit| version(hit.value.and_then(|value| value.variant), hit.count))
            .collect())
    }

    async fn count(&self, organisation: OrganisationId) -> Result<usize, StoreError> {
        let count = CountPointsBuilder::new(&self.collection)
            .filter(points::of_organisation(organisation))
            .exact(true);
        let found = answer(&self.generation, self.server.quick.count(count)).await?;
        let count = found.result.unwrap_or_default().count;
        Ok(usize::try_from(count).unwrap_or(usize::MAX))
    }

    async fn snapshot(&self) -> Result<Snapshot, StoreError> {
        let taking = self.server.patient.create_snapshot(&*self.collection);
        let taken = within(SNAPSHOT, &self.generation, taking).await?;
        let file = taken.snapshot_description.unwrap_or_default().name;
        let all = self.snapshots().await?;
        for old in &all[..all.len().saturating_sub(self.snapshots.max(1))] {
            let old = DeleteSnapshotRequestBuilder::new(&self.collection, self.file(&old.name));
            answer(&self.generation, self.server.quick.delete_snapshot(old)).await?;
        }
        let newest = all.into_iter().find(|snapshot| self.file(&snapshot.name) == file);
        newest.ok_or(StoreError::NoSnapshot(file))
    }

    async fn snapshots(&self) -> Result<Vec<Snapshot>, StoreError> {
        let listing = self.server.quick.list_snapshots(&*self.collection);
        let mut found = answer(&self.generation, listing).await?.snapshot_descriptions;
        found.sort_by_key(|snapshot| {
            let taken = snapshot.creation_time.as_ref().map(|time| (time.seconds, time.nanos));
            (taken, snapshot.name.clone())
        });
        let snapshot = |found: SnapshotDescription| {
            let bytes = u64::try_from(found.size).unwrap_or(0);
            self.named(&found.name).map(|name| Snapshot { name, bytes })
        };
        Ok(found.into_iter().filter_map(snapshot).collect())
    }

    async fn restore(&self, name: &str) -> Result<(), StoreError> {
        check_name(name)?;
        if !self.snapshots().await?.iter().any(|snapshot| snapshot.name == name) {
            return Err(StoreError::NoSnapshot(name.to_owned()));
        }
        self.server.files.put_back(&self.collection, &self.file(name)).await
    }
}
