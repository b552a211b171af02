//! Words and meaning together: passages of real text, each with a made vector.
//!
//! The text is that of the search bench, put together as documents of the chamber and of
//! two other firms. What is measured is a search without its tables: the query is embedded
//! by the model in the process, the store and at the same time the index are asked for
//! 1,000 passages each, and the two rankings are fused.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use munshi::kernel::{CaseId, DocumentId, OrganisationId, PassageId, Scope, VersionId};
use munshi::search::evaluation::ByWords;
use munshi::search::{Index, IndexedVersion, Mode};
use munshi::vectors::{Embedder, Entry, MiniLm, Narrow, Near, Purpose, VectorStore, mean, windows};

use crate::corpus::{Corpus, Maker};
use crate::made::{Chamber, Made};

/// How many passages the chamber has, when nothing else is said.
pub(crate) const PASSAGES: usize = 250_000;
/// How many passages each side is asked for.
const DEPTH: usize = 1_000;
/// How many documents are committed together.
const BATCH: usize = 400;
/// How many queries of a kind there are.
const QUERIES: usize = 100;
/// How long a kind is asked for.
const SPAN: Duration = Duration::from_secs(4);
const CLIENTS: usize = 32;

/// A version's passages, which the stores are filled with.
type Version = (OrganisationId, CaseId, DocumentId, VersionId, Vec<PassageId>);

/// The index, what is in it, and what it is asked.
pub(crate) struct Words {
    index: Arc<Index>,
    versions: Vec<Version>,
    kinds: [(&'static str, Vec<String>); 3],
    model: Arc<MiniLm>,
}

impl Words {
    /// Builds the index in a folder, with so many passages of the chamber; none when
    /// there are no corpora or no model.
    pub(crate) fn build(dir: &Path, chamber: &Chamber, passages: usize) -> Result<Self, String> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let model = MiniLm::load(&root.join("models/all-MiniLM-L6-v2"));
        let model = Arc::new(model.map_err(|error| error.to_string())?);
        let data = data(root);
        let corpus = Corpus::read(&data);
        if corpus.passages.is_empty() {
            return Err(format!("no corpora in {}", data.display()));
        }
        std::fs::create_dir_all(dir).expect("a folder");
        let index = Index::open(dir, Mode::Writer).expect("a new index").index;
        let mut maker = Maker::new(&corpus, &chamber.admin, chamber.cases.clone(), 1);
        let (mut versions, mut ours, mut bytes) = (Vec::new(), 0, 0);
        let mut spent = Duration::ZERO;
        while ours < passages {
            let batch: Vec<IndexedVersion> = (0..BATCH).map(|_| maker.document()).collect();
            for version in &batch {
                let ids: Vec<PassageId> = version.passages.iter().map(|each| each.id).collect();
                if version.organisation == chamber.admin.organisation() {
                    ours += ids.len();
                }
                bytes += version.text.len();
                let IndexedVersion { organisation, case, document, version, .. } = version;
                versions.push((*organisation, *case, *document, *version, ids));
            }
            let started = Instant::now();
            index.replace(&batch).expect("written");
            spent += started.elapsed();
        }
        let all: usize = versions.iter().map(|(.., passages)| passages.len()).sum();
        println!(
            "text: {} MB in {all} passages, {ours} of the chamber; indexed in {spent:.1?}",
            bytes / 1_000_000
        );
        let kinds = [("keywords", 3), ("sentence", 14), ("passage", usize::MAX)];
        let kinds = kinds.map(|(kind, words)| (kind, queries(&corpus, words)));
        Ok(Self { index: Arc::new(index), versions, kinds, model })
    }

    /// Fills a store and asks it.
    pub(crate) async fn run(&self, chamber: &Chamber, store: Arc<dyn VectorStore>) {
        let mut made = Made::new();
        for (organisation, case, document, version, passages) in &self.versions {
            let entry = |passage: &PassageId| Entry {
                passage: *passage,
                document: *document,
                version: *version,
                case: *case,
                vector: made.vector(),
            };
            let entries = passages.iter().map(entry).collect();
            store.replace(*organisation, *version, entries).await.expect("written");
        }
        println!(
            "  {:<22}{:>9}{:>9}   {:>9}{:>9}   {:>9}{:>9}   {:>9}{:>9}",
            "ms", "1 p50", "1 p99", "32 p50", "32 p99", "1 p50", "1 p99", "32 p50", "32 p99"
        );
        for (kind, queries) in &self.kinds {
            let ask = |with_words: bool| {
                Arc::new(Asking {
                    model: Arc::clone(&self.model),
                    index: with_words.then(|| Arc::clone(&self.index)),
                    store: Arc::clone(&store),
                    scope: chamber.admin.clone(),
                    queries: queries.clone(),
                    questions: made.questions(QUERIES),
                    next: AtomicUsize::new(0),
                })
            };
            let mut line = format!("  {kind:<22}");
            for with_words in [false, true] {
                for clients in [1, CLIENTS] {
                    let times = measure(ask(with_words), clients).await;
                    let at = |share: usize| {
                        times[(times.len() - 1) * share / 100].as_secs_f64() * 1000.0
                    };
                    let _ = write!(line, "{:>9.2}{:>9.2}   ", at(50), at(99));
                }
            }
            println!("{}", line.trim_end());
        }
        println!("  (left: by meaning alone; right: words and meaning)");
    }
}

/// What clients share.
struct Asking {
    model: Arc<MiniLm>,
    /// Where words are looked up, if they are.
    index: Option<Arc<Index>>,
    store: Arc<dyn VectorStore>,
    scope: Scope,
    queries: Vec<String>,
    questions: Vec<Vec<f32>>,
    next: AtomicUsize,
}

impl Asking {
    /// Asks the next query.
    async fn ask(&self) {
        let nth = self.next.fetch_add(1, Ordering::Relaxed) % self.queries.len();
        let text = &self.queries[nth];
        let near = self.near(text, &self.questions[nth % self.questions.len()]);
        let Some(index) = &self.index else {
            near.await;
            return;
        };
        let (index, scope, text) = (Arc::clone(index), self.scope.clone(), text.clone());
        let words = move || ByWords::find(&index, &scope, &text).expect("an answer");
        let (near, words) = tokio::join!(near, tokio::task::spawn_blocking(words));
        let found = words.expect("an answer").fused(&near);
        assert!(found.len() >= DEPTH, "{} found", found.len());
    }

    /// Embeds the query, and looks for what is near a made one: the vectors are made.
    async fn near(&self, text: &str, question: &[f32]) -> Vec<Near> {
        let embedded = self.model.embed(&windows(text), Purpose::Query).await.expect("a vector");
        std::hint::black_box(mean(embedded.vectors));
        let narrow = Narrow::default();
        self.store.search(&self.scope, &narrow, question, DEPTH).await.expect("an answer")
    }
}

/// Asks with so many clients at once; gives how long each answer took, the shortest first.
async fn measure(asking: Arc<Asking>, clients: usize) -> Vec<Duration> {
    asking.ask().await;
    let begun = Instant::now();
    let clients: Vec<_> = (0..clients)
        .map(|_| {
            let asking = Arc::clone(&asking);
            tokio::spawn(async move {
                let mut times = Vec::new();
                while begun.elapsed() < SPAN {
                    let started = Instant::now();
                    asking.ask().await;
                    times.push(started.elapsed());
                }
                times
            })
        })
        .collect();
    let mut times = Vec::new();
    for client in clients {
        times.extend(client.await.expect("a client"));
    }
    times.sort_unstable();
    times
}

/// Queries of so many words that stand in passages here and there.
fn queries(corpus: &Corpus, words: usize) -> Vec<String> {
    let step = (corpus.passages.len() / QUERIES).max(1);
    let passages = corpus.passages.iter().step_by(step).take(QUERIES);
    let plain = |word: &&str| word.chars().all(char::is_alphabetic) && word.len() > 3;
    passages
        .map(|passage| {
            let plain = passage.split_whitespace().filter(plain);
            plain.take(words).collect::<Vec<_>>().join(" ").to_lowercase()
        })
        .filter(|query| !query.is_empty())
        .collect()
}

fn data(root: &Path) -> PathBuf {
    std::env::var_os("MUNSHI_TEST_DATA").map_or_else(|| root.join("../shared/data"), PathBuf::from)
}
