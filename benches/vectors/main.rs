//! How fast the vector stores find the fifty nearest passages, and how many of the ten
//! nearest they find; and how fast a search by words and meaning is over them.
//!
//! ```text
//! cargo bench --bench vectors                  # 100,000, 250,000 and 500,000 vectors
//! cargo bench --bench vectors -- 100000        # so many
//! cargo bench --bench vectors -- hybrid        # only words and meaning together
//! MUNSHI_TEST_QDRANT_URL=http://127.0.0.1:6334 cargo bench --bench vectors
//! ```
//!
//! The vectors lie in clusters, as passages lie in subjects, 384 numbers each, spread
//! over a thousand cases. Three callers ask: one who sees the whole organisation, one
//! who is on one case in a hundred, and the first about a single case. Where a Qdrant
//! server is named, it answers the same questions in the same run.

#![expect(
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a bench that cannot go on should stop, and it exists to print"
)]

#[path = "../search/corpus.rs"]
mod corpus;
mod hybrid;
mod made;

use std::sync::Arc;
use std::time::{Duration, Instant};

use hybrid::Words;
use made::{CASES, Chamber, Made};
use munshi::kernel::{PassageId, Scope};
use munshi::vectors::{FlatStores, Narrow, QdrantStores, VectorStore, VectorStores};
use secrecy::SecretString;

/// How many vectors each round has, when nothing else is said.
const SIZES: [usize; 3] = [100_000, 250_000, 500_000];
/// How many questions each figure is of.
const QUESTIONS: usize = 200;
/// How many questions are compared with every vector exactly.
const CHECKED: usize = 20;
/// How many passages are asked for.
const NEAREST: usize = 50;
/// How long a server may take to bring its own index up to date.
const SETTLE: Duration = Duration::from_mins(30);

#[tokio::main]
async fn main() {
    let sizes: Vec<usize> = std::env::args().filter_map(|word| word.parse().ok()).collect();
    let only_hybrid = std::env::args().any(|word| word == "hybrid");
    let hybrid_size = sizes.first().copied().filter(|_| only_hybrid).unwrap_or(hybrid::PASSAGES);
    let sizes = match (only_hybrid, sizes.is_empty()) {
        (true, _) => Vec::new(),
        (false, true) => SIZES.to_vec(),
        (false, false) => sizes,
    };
    let dir = tempfile::tempdir().expect("a temporary folder");
    let chamber = Box::pin(Chamber::open(dir.path())).await;
    for size in sizes {
        let folder = dir.path().join(format!("vectors-{size}"));
        let before = resident_mib();
        run(&chamber, Arc::new(FlatStores::new(folder.clone())), size).await;
        // Opened anew, as when the service starts.
        let stores = FlatStores::new(folder.clone());
        let started = Instant::now();
        let store = stores.open("bench", made::DIMENSIONS).await.expect("the store opens");
        let grown = resident_mib().saturating_sub(before);
        println!("  opened again in {:.1?}; memory grown by {grown} MiB", started.elapsed());
        drop(store);
        drop(stores);
        std::fs::remove_dir_all(folder).expect("removed");
        if let Some(stores) = qdrant() {
            run(&chamber, stores, size).await;
        } else {
            println!("Qdrant, {size}: not run; `MUNSHI_TEST_QDRANT_URL` names no server");
        }
    }
    let words = match Words::build(&dir.path().join("index"), &chamber, hybrid_size) {
        Ok(words) => words,
        Err(why) => return println!("words and meaning: not run: {why}"),
    };
    let embedded: Arc<dyn VectorStores> = Arc::new(FlatStores::new(dir.path().join("hybrid")));
    for stores in [Some(embedded), qdrant()].into_iter().flatten() {
        println!("{}, words and meaning:", stores.name());
        stores.drop_generation("bench").await.expect("dropped");
        let store = stores.open("bench", made::DIMENSIONS).await.expect("the store opens");
        words.run(&chamber, store).await;
        if stores.name() != "embedded" {
            stores.drop_generation("bench").await.expect("dropped");
        }
    }
}

/// The stores of the server the environment names.
#[expect(clippy::disallowed_methods, reason = "a bench has no configuration file")]
fn qdrant() -> Option<Arc<dyn VectorStores>> {
    let address = std::env::var("MUNSHI_TEST_QDRANT_URL").ok()?;
    let address = address.parse().expect("an address");
    let stores = QdrantStores::new(
        &address,
        &SecretString::from(""),
        3,
        munshi::outside::Outside::default(),
    );
    Some(Arc::new(stores.expect("a usable address")))
}

/// Fills a generation, asks it, and drops it.
async fn run(chamber: &Chamber, stores: Arc<dyn VectorStores>, size: usize) {
    stores.drop_generation("bench").await.expect("dropped");
    let store = stores.open("bench", made::DIMENSIONS).await.expect("the store opens");
    let started = Instant::now();
    let mut made = Made::new();
    for number in 0..CASES {
        let each = size / CASES + usize::from(number < size % CASES);
        for (version, entries) in made.case(chamber.cases[number], each) {
            let organisation = chamber.admin.organisation();
            store.replace(organisation, version, entries).await.expect("written");
        }
    }
    println!("{}, {size} vectors: written in {:.1?}", stores.name(), started.elapsed());
    settle(&*store, chamber, &made).await;

    let one = Narrow { case: Some(chamber.cases[0]), documents: None };
    let all = Narrow::default();
    ask("whole organisation", &*store, &chamber.admin, &all, &made).await;
    ask("one case in a hundred", &*store, &chamber.advocate, &all, &made).await;
    ask("one case", &*store, &chamber.admin, &one, &made).await;
    recall(&*store, &chamber.admin, &made).await;
    if stores.name() != "embedded" {
        stores.drop_generation("bench").await.expect("dropped");
    }
}

/// Waits until a server that builds an index behind our back answers as fast as it did
/// a moment ago.
async fn settle(store: &dyn VectorStore, chamber: &Chamber, made: &Made) {
    let started = Instant::now();
    let mut last = Duration::MAX;
    while started.elapsed() < SETTLE {
        let round = Instant::now();
        for question in made.questions(10) {
            let near = store.search(&chamber.admin, &Narrow::default(), &question, NEAREST).await;
            near.expect("an answer");
        }
        let took = round.elapsed();
        if took < Duration::from_millis(50) || took > last.mul_f64(0.9) {
            return;
        }
        last = took;
        tokio::time::sleep(Duration::from_secs(5)).await;
    }
}

async fn ask(what: &str, store: &dyn VectorStore, scope: &Scope, narrow: &Narrow, made: &Made) {
    let mut times = Vec::with_capacity(QUESTIONS);
    for question in made.questions(QUESTIONS) {
        let started = Instant::now();
        let near = store.search(scope, narrow, &question, NEAREST).await.expect("an answer");
        times.push(started.elapsed());
        assert_eq!(near.len(), NEAREST, "{what}");
    }
    times.sort();
    let at = |share: usize| times[(times.len() - 1) * share / 100].as_secs_f64() * 1000.0;
    println!("  {what:<22} p50 {:>7.2} ms, p99 {:>7.2} ms", at(50), at(99));
}

async fn recall(store: &dyn VectorStore, scope: &Scope, made: &Made) {
    let mut found = 0;
    for question in made.questions(CHECKED) {
        let exact: Vec<PassageId> = made.nearest(&question, 10);
        let near = store.search(scope, &Narrow::default(), &question, 10).await.expect("an answer");
        found += exact.iter().filter(|id| near.iter().any(|near| near.passage == **id)).count();
    }
    let share = found * 1000 / (CHECKED * 10);
    println!("  recall@10 of {CHECKED} questions: {}.{:03}", share / 1000, share % 1000);
}

/// The memory this process holds, in MiB; none where the system does not tell.
fn resident_mib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kib = line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok());
    kib.unwrap_or(0) / 1024
}
