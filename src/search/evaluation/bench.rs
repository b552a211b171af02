//! A set in the product's own stores, and the searches over it.

use std::collections::HashMap;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use uuid::Uuid;

use super::cache::Remembering;
use super::report::{self, Outcome, Report, Side};
use super::sets::{RetrievalSet, SetDocument, SetQuery};
use crate::documents::passages::{Page, cut};
use crate::kernel::{CaseId, DocumentId, PassageId, Scope, VersionId};
use crate::search::Wanted;
use crate::search::fuse::{Fused, Rankings, Wholes, documents, fuse};
use crate::search::index::{
    Found, Index, IndexError, IndexedAbout, IndexedPassage, IndexedVersion, Mode,
};
use crate::search::rankings;
use crate::vectors::{
    EmbedError, Embedder, Entry, NEAR_ENOUGH, Narrow, Near, Purpose, StoreError, VectorStore, mean,
    windows,
};

/// How many passages go to the model at once.
const BATCH: usize = 256;
/// About how many bytes of text are indexed at once.
const INDEX_BYTES: usize = 16 << 20;

/// Why a set could not be measured.
#[derive(Debug, thiserror::Error)]
pub enum EvaluationError {
    /// The index failed.
    #[error(transparent)]
    Index(#[from] IndexError),
    /// The model failed.
    #[error(transparent)]
    Embed(#[from] EmbedError),
    /// The vector store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The remembered vectors cannot be used.
    #[error("the remembered vectors cannot be used: {0:#}")]
    Cache(anyhow::Error),
}

/// A set taken in, ready to be searched.
pub struct Bench {
    scope: Scope,
    index: Index,
    meaning: Option<(Remembering, Arc<dyn VectorStore>)>,
    places: HashMap<DocumentId, usize>,
    spans: HashMap<PassageId, (usize, Range<usize>)>,
}

/// A model, the store for its vectors, and the folder where they are remembered.
pub struct Meaning<'m> {
    /// Turns text into vectors.
    pub embedder: Arc<dyn Embedder>,
    /// Holds them.
    pub store: Arc<dyn VectorStore>,
    /// Where vectors made before are.
    pub cache: &'m Path,
}

impl Bench {
    /// Takes the documents of a set in, into an empty folder. `progress` is told how many
    /// passages of how many are embedded.
    ///
    /// # Errors
    /// Fails when the index, the model or the vector store does.
    pub async fn build(
        scope: &Scope,
        set: &RetrievalSet,
        folder: &Path,
        meaning: Option<Meaning<'_>>,
        progress: &(dyn Fn(usize, usize) + Sync),
    ) -> Result<Self, EvaluationError> {
        let index = Index::open(folder, Mode::Writer)?.index;
        let mut bench = Self {
            scope: scope.clone(),
            index,
            meaning: None,
            places: HashMap::new(),
            spans: HashMap::new(),
        };
        let case = CaseId::new();
        let mut entries = Vec::new();
        let mut batch: Vec<IndexedVersion> = Vec::new();
        for (place, document) in set.documents.iter().enumerate() {
            let version = bench.cut(case, place, document);
            entries.extend(version.passages.iter().map(|passage| {
                let id = (passage.id, version.document, version.version);
                (id, passage.text.clone())
            }));
            batch.push(version);
            if batch.iter().map(|version| version.text.len()).sum::<usize>() > INDEX_BYTES {
                bench.index.replace(&std::mem::take(&mut batch))?;
            }
        }
        bench.index.replace(&batch)?;
        if let Some(Meaning { embedder, store, cache }) = meaning {
            let model = Remembering::open(embedder, cache).map_err(EvaluationError::Cache)?;
            embed(scope, case, &entries, (&model, store.as_ref()), progress).await?;
            bench.meaning = Some((model, store));
        }
        Ok(bench)
    }

    /// Cuts a document as the product does; its place is its id, so that ties fall
    /// alike every time.
    fn cut(&mut self, case: CaseId, place: usize, document: &SetDocument) -> IndexedVersion {
        let number = place as u128 + 1;
        let id = DocumentId::from(Uuid::from_u128(number));
        self.places.insert(id, place);
        let page = Page { number: 1, text: &document.text, furniture: &[] };
        let mut passages = Vec::new();
        let mut characters = 0;
        for (ordinal, span) in (0..).zip(cut(&[page])) {
            let text = &document.text[span.first_offset..span.last_offset];
            let passage = PassageId::from(Uuid::from_u128((number << 32) + u128::from(ordinal)));
            let end = characters + text.chars().count();
            self.spans.insert(passage, (place, characters..end));
            characters = end;
            passages.push(IndexedPassage {
                id: passage,
                page: 1,
                ordinal,
                text: text.to_owned(),
                heading: span.heading().map(ToOwned::to_owned),
            });
        }
        IndexedVersion {
            organisation: self.scope.organisation(),
            case,
            document: id,
            version: VersionId::from(Uuid::from_u128(number)),
            title: document.title.clone(),
            about: IndexedAbout::default(),
            text: document.text.clone(),
            passages,
        }
    }

    /// Searches for every query by words, by meaning and by both, and measures.
    /// `progress` is told how many queries are done.
    ///
    /// # Errors
    /// Fails when the index, the model or the vector store does.
    pub async fn measure(
        &self,
        set: &RetrievalSet,
        progress: &(dyn Fn(usize, usize) + Sync),
    ) -> Result<Report, EvaluationError> {
        let sides: &[Side] = match self.meaning {
            Some(_) => &[Side::Lexical, Side::Semantic, Side::Hybrid],
            None => &[Side::Lexical],
        };
        let mut figures = vec![Vec::with_capacity(set.queries.len()); sides.len()];
        let mut times = vec![Vec::with_capacity(set.queries.len()); sides.len()];
        for (nth, query) in set.queries.iter().enumerate() {
            progress(nth, set.queries.len());
            let outcomes = self.search(query).await?;
            for (side, outcome) in outcomes.into_iter().take(sides.len()).enumerate() {
                figures[side].push(report::measure(query, &outcome));
                times[side].push(outcome.took);
            }
        }
        let rows = sides.iter().zip(figures).zip(times);
        Ok(Report {
            documents: set.documents.len(),
            passages: self.spans.len(),
            queries: set.queries.len(),
            without: set.without,
            unknown: set.unknown,
            model: self.meaning.as_ref().map(|(model, _)| model.model().to_owned()),
            rows: rows
                .map(|((side, figures), times)| report::row(*side, &figures, times))
                .collect(),
        })
    }

    /// What a query gives by words, by meaning and by both.
    async fn search(&self, query: &SetQuery) -> Result<[Outcome; 3], EvaluationError> {
        let started = Instant::now();
        let by_words = ByWords::find(&self.index, &self.scope, &query.text)?;
        let words = started.elapsed();
        let started = Instant::now();
        let near = if by_words.exact { Vec::new() } else { self.near(&query.text).await? };
        let meaning = started.elapsed();
        let both = by_words.with(&near);
        let only_words = Rankings { meaning: Vec::new(), ..both.clone() };
        let only_meaning = Rankings { meaning: both.meaning.clone(), ..Rankings::default() };
        let fused = |rankings: &Rankings, took: Duration| {
            let started = Instant::now();
            let fused = fuse(rankings);
            self.outcome(&fused, took + started.elapsed())
        };
        Ok([
            fused(&only_words, words),
            fused(&only_meaning, meaning),
            fused(&both, words + meaning),
        ])
    }

    async fn near(&self, text: &str) -> Result<Vec<Near>, EvaluationError> {
        let Some((model, store)) = &self.meaning else { return Ok(Vec::new()) };
        let vector = mean(model.embed(&windows(text), Purpose::Query).await?.vectors);
        let narrow = Narrow::default();
        let mut near = store.search(&self.scope, &narrow, &vector, rankings::DEPTH).await?;
        near.retain(|near| near.score >= NEAR_ENOUGH);
        Ok(near)
    }

    fn outcome(&self, fused: &[Fused], took: Duration) -> Outcome {
        let place = |document: &DocumentId| self.places.get(document).copied();
        Outcome {
            ranking: documents(fused).iter().filter_map(place).collect(),
            retrieved: fused
                .iter()
                .filter_map(|found| self.spans.get(&found.passage).cloned())
                .collect(),
            took,
        }
    }
}

/// What a text finds by its words, to be put together with what is near it in meaning.
/// It is for benches: a search reads the passages from the tables, too.
pub struct ByWords {
    text: String,
    /// Whether it has syntax or names something, so that its meaning is not asked for.
    exact: bool,
    found: Found,
    wholes: Wholes,
}

impl ByWords {
    /// Searches by words, as a search does before it fuses.
    ///
    /// # Errors
    /// Fails when the index does.
    pub fn find(index: &Index, scope: &Scope, text: &str) -> Result<Self, IndexError> {
        let wanted = Wanted { limit: rankings::DEPTH, ..Wanted::default() };
        let read = rankings::read(index, text);
        let found = index.find(scope, &read, &wanted)?;
        let wholes = index.wholes(scope, None, &read, rankings::DEPTH)?;
        Ok(Self { text: text.to_owned(), exact: read.is_exact(), found, wholes })
    }

    /// The passages in the order of both.
    #[must_use]
    pub fn fused(self, near: &[Near]) -> Vec<PassageId> {
        fuse(&self.with(near)).iter().map(|found| found.passage).collect()
    }

    fn with(self, near: &[Near]) -> Rankings {
        Rankings::of(&self.text, &self.found, self.wholes, near)
    }
}

type Known = (PassageId, DocumentId, VersionId);

/// Turns passages into vectors, across documents, and gives each version its own.
async fn embed(
    scope: &Scope,
    case: CaseId,
    entries: &[(Known, String)],
    (model, store): (&Remembering, &dyn VectorStore),
    progress: &(dyn Fn(usize, usize) + Sync),
) -> Result<(), EvaluationError> {
    let mut vectors = Vec::with_capacity(entries.len());
    for batch in entries.chunks(BATCH) {
        progress(vectors.len(), entries.len());
        let texts: Vec<String> = batch.iter().map(|(_, text)| text.clone()).collect();
        vectors.extend(model.embed(&texts, Purpose::Passage).await?.vectors);
    }
    let mut all = entries.iter().zip(vectors).map(|(((passage, document, version), _), vector)| {
        Entry { passage: *passage, document: *document, version: *version, case, vector }
    });
    let mut version: Vec<Entry> = Vec::new();
    loop {
        let next = all.next();
        if let Some(last) = version.last()
            && next.as_ref().is_none_or(|next| next.version != last.version)
        {
            let id = last.version;
            store.replace(scope.organisation(), id, std::mem::take(&mut version)).await?;
        }
        match next {
            Some(entry) => version.push(entry),
            None => return Ok(()),
        }
    }
}
