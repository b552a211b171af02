//! Vectors in a Qdrant server, for more of them than one machine should compare.
//!
//! Each generation is a collection, `munshi-<generation>`. A point is a passage: its id
//! is the passage's, its payload says whose it is (`points.rs`). What a caller may see
//! is part of every query's filter, on indexed fields.
//!
//! Qdrant applies one request at a time, but no transaction holds several together. So
//! a version is replaced in an order in which nothing is missed: its new points are
//! written and applied first, then those that are no longer among them are deleted. A
//! reader may for a moment find old and new passages beside each other, never fewer
//! than there were. Every point also says how many its version has; a version that
//! holds another number was interrupted, and does not count as kept (`store.rs`).

mod points;
mod snapshots;
mod store;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use qdrant_client::qdrant::vectors_config::Config as VectorsConfig;
use qdrant_client::qdrant::{
    CollectionInfo, CreateCollectionBuilder, CreateFieldIndexCollectionBuilder, Distance,
    FieldType, HnswConfigDiffBuilder, KeywordIndexParamsBuilder, ScalarQuantizationBuilder,
    VectorParamsBuilder,
};
use qdrant_client::{Qdrant, QdrantError};
use secrecy::{ExposeSecret, SecretString};
use url::Url;

use self::points::{CASE, DOCUMENT, ORGANISATION, VERSION, WHOLE};
use self::snapshots::Files;
use self::store::QdrantStore;
use super::store::{StoreError, VectorStore, VectorStores, check_name};
use crate::outside::Outside;

/// What the collections' names begin with.
const PREFIX: &str = "munshi-";
/// The port of the protocol this speaks.
const GRPC: u16 = 6334;
/// The port of the pages and of the snapshots.
const HTTP: u16 = 6333;
/// How long to wait for a connection.
const CONNECT: Duration = Duration::from_secs(2);
/// How long to wait for an answer.
const ANSWER: Duration = Duration::from_secs(10);
/// How long to wait for a snapshot to be taken, moved or put back.
const SNAPSHOT: Duration = Duration::from_hours(1);
/// How many links the graph of an organisation or a case has for each of its vectors;
/// Qdrant's own choice for a graph.
const LINKS: u64 = 16;

/// The stores of a Qdrant server.
pub struct QdrantStores {
    server: Arc<Server>,
    snapshots: usize,
    address: Url,
    outside: Outside,
}

/// A server, ready to be asked; nothing is sent before the first question.
struct Server {
    /// For questions that are answered at once.
    quick: Qdrant,
    /// For those that take as long as there are vectors.
    patient: Qdrant,
    files: Files,
}

impl QdrantStores {
    /// The stores of the server at an address, which may name the port of either of
    /// its protocols; `snapshots` of each store are kept.
    ///
    /// # Errors
    /// Fails when the address cannot be used; not when nobody answers there.
    pub fn new(
        address: &Url,
        api_key: &SecretString,
        snapshots: usize,
        outside: Outside,
    ) -> Result<Self, StoreError> {
        outside.check(address).map_err(|error| StoreError::Refused(error.to_string()))?;
        let (grpc, http) = addresses(address)?;
        let key = Some(api_key.expose_secret()).filter(|key| !key.is_empty());
        let client = |timeout: Duration| {
            Qdrant::from_url(grpc.as_str().trim_end_matches('/'))
                .api_key(key)
                .connect_timeout(CONNECT)
                .timeout(timeout)
                .keep_alive_while_idle()
                .skip_compatibility_check()
                .build()
                .map_err(|error| StoreError::Refused(error.to_string()))
        };
        let server = Server {
            quick: client(ANSWER)?,
            patient: client(SNAPSHOT)?,
            files: Files::new(http, api_key, &outside)?,
        };
        Ok(Self { server: Arc::new(server), snapshots, address: address.clone(), outside })
    }
}

#[async_trait]
impl VectorStores for QdrantStores {
    fn name(&self) -> &'static str {
        "Qdrant"
    }

    async fn open(
        &self,
        generation: &str,
        dimensions: usize,
    ) -> Result<Arc<dyn VectorStore>, StoreError> {
        check_name(generation)?;
        let allowed = self.outside.check_now(&self.address).await;
        allowed.map_err(|error| StoreError::Refused(error.to_string()))?;
        let collection = format!("{PREFIX}{generation}");
        let server = &self.server;
        if !answer(generation, server.quick.collection_exists(&collection)).await? {
            // A large future, kept off the stack.
            let making = server.quick.create_collection(layout(&collection, dimensions));
            let made = answer(generation, Box::pin(making)).await;
            // Somebody else may have made it in the meantime.
            if !answer(generation, server.quick.collection_exists(&collection)).await? {
                made?;
            }
        }
        let found = answer(generation, server.quick.collection_info(&collection)).await?;
        let info = found.result.unwrap_or_default();
        if let Some(expected) = length(&info).filter(|length| *length != dimensions) {
            return Err(StoreError::WrongDimension { expected, actual: dimensions });
        }
        for (field, params) in fields() {
            if !info.payload_schema.contains_key(field) {
                let index =
                    CreateFieldIndexCollectionBuilder::new(&collection, field, FieldType::Keyword)
                        .field_index_params(params)
                        .wait(true);
                answer(generation, server.quick.create_field_index(index)).await?;
            }
        }
        Ok(Arc::new(QdrantStore {
            server: Arc::clone(server),
            generation: generation.to_owned(),
            collection,
            dimensions,
            snapshots: self.snapshots,
        }))
    }

    async fn dimensions(&self, generation: &str) -> Result<Option<usize>, StoreError> {
        check_name(generation)?;
        let collection = format!("{PREFIX}{generation}");
        match answer(generation, self.server.quick.collection_info(&collection)).await {
            Ok(found) => Ok(length(&found.result.unwrap_or_default())),
            Err(StoreError::Dropped(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }

    async fn generations(&self) -> Result<BTreeSet<String>, StoreError> {
        let found = answer("", self.server.quick.list_collections()).await?;
        let name = |name: String| name.strip_prefix(PREFIX).map(str::to_owned);
        Ok(found.collections.into_iter().filter_map(|found| name(found.name)).collect())
    }

    async fn drop_generation(&self, generation: &str) -> Result<(), StoreError> {
        check_name(generation)?;
        let collection = format!("{PREFIX}{generation}");
        match answer(generation, self.server.quick.delete_collection(collection)).await {
            Ok(_) | Err(StoreError::Dropped(_)) => Ok(()),
            Err(error) => Err(error),
        }
    }
}

/// A collection: vectors of length one compared by their dot product; eight-bit codes
/// in memory and the exact numbers beside them; a graph for each organisation and case
/// that is large enough, and none over them all, for no search crosses them.
fn layout(collection: &str, dimensions: usize) -> CreateCollectionBuilder {
    CreateCollectionBuilder::new(collection)
        .vectors_config(VectorParamsBuilder::new(dimensions as u64, Distance::Dot))
        .quantization_config(ScalarQuantizationBuilder::default().always_ram(true))
        .hnsw_config(HnswConfigDiffBuilder::default().m(0).payload_m(LINKS))
        .timeout(ANSWER.as_secs())
}

/// The fields that searches are filtered by, and how each is indexed.
fn fields() -> [(&'static str, KeywordIndexParamsBuilder); 5] {
    let plain = || KeywordIndexParamsBuilder::default().enable_hnsw(false);
    [
        (ORGANISATION, KeywordIndexParamsBuilder::default().is_tenant(true)),
        (CASE, KeywordIndexParamsBuilder::default()),
        (DOCUMENT, plain()),
        (VERSION, plain()),
        (WHOLE, plain()),
    ]
}

/// The length of a collection's vectors.
fn length(info: &CollectionInfo) -> Option<usize> {
    let params = info.config.as_ref()?.params.as_ref()?;
    match params.vectors_config.as_ref()?.config.as_ref()? {
        VectorsConfig::Params(params) => usize::try_from(params.size).ok(),
        VectorsConfig::ParamsMap(_) => None,
    }
}

/// The addresses of the server's two protocols, from that of either.
fn addresses(address: &Url) -> Result<(Url, Url), StoreError> {
    let named = address.port().unwrap_or(GRPC);
    let (grpc, http) = if named == HTTP { (GRPC, HTTP) } else { (named, named.saturating_sub(1)) };
    if named == HTTP {
        tracing::info!("`{address}` is Qdrant's HTTP port; vectors go to port {GRPC} beside it");
    }
    let at = |port: u16| {
        let mut url = address.clone();
        let right = matches!(url.scheme(), "http" | "https") && url.set_port(Some(port)).is_ok();
        right.then_some(url).ok_or_else(|| {
            let reason = "take an address such as `http://127.0.0.1:6334`";
            StoreError::Refused(format!("`{address}` is not the address of a server; {reason}"))
        })
    };
    Ok((at(grpc)?, at(http)?))
}

/// Waits for an answer of the server about a generation, and not for ever.
async fn answer<T>(
    generation: &str,
    question: impl Future<Output = Result<T, QdrantError>>,
) -> Result<T, StoreError> {
    within(CONNECT + ANSWER, generation, question).await
}

/// The same with another patience.
async fn within<T>(
    patience: Duration,
    generation: &str,
    question: impl Future<Output = Result<T, QdrantError>>,
) -> Result<T, StoreError> {
    match tokio::time::timeout(patience, question).await {
        Ok(answer) => answer.map_err(|error| failed(generation, error)),
        Err(_) => Err(StoreError::Unreachable(format!("no answer in {} s", patience.as_secs()))),
    }
}

/// What an error of the server means to us.
fn failed(generation: &str, error: QdrantError) -> StoreError {
    let status = match error {
        QdrantError::ResponseError { status }
        | QdrantError::ResourceExhaustedError { status, .. } => status,
        other => return StoreError::Refused(other.to_string()),
    };
    let message = status.message();
    // The numbers are those of the protocol's own table of status codes.
    match i32::from(status.code()) {
        1 | 4 | 8 | 14 => StoreError::Unreachable(message.to_owned()),
        13 if message.starts_with("Failed to connect") => {
            StoreError::Unreachable(message.to_owned())
        }
        5 => StoreError::Dropped(generation.to_owned()),
        7 | 16 => StoreError::Refused(format!(
            "the key in `vectors.qdrant_api_key` is missing or wrong: {message}"
        )),
        _ => StoreError::Refused(message.to_owned()),
    }
}

#[cfg(test)]
mod tests;
