//! Building the index once, and asking it by kind.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use munshi::kernel::{CaseId, Scope};
use munshi::search::{Index, IndexedVersion, Mode};

use crate::asked::{Asked, KINDS, Kind, make};
use crate::corpus::{Corpus, Maker};
use crate::raw::Raw;

/// How many documents are committed together.
const BATCH: usize = 400;
/// How many queries of a kind there are.
const QUERIES: usize = 50;
/// How long a kind is asked for.
const SPAN: Duration = Duration::from_secs(2);
const CLIENTS: usize = 32;

/// What the bench is told.
pub(crate) struct Setting {
    pub(crate) data: PathBuf,
    pub(crate) cache: PathBuf,
    pub(crate) passages: usize,
}

impl Setting {
    /// Reads the environment.
    #[expect(clippy::disallowed_methods, reason = "a bench has no configuration file")]
    pub(crate) fn of_environment() -> Self {
        let path = |name: &str| std::env::var_os(name).map(PathBuf::from);
        let passages = std::env::var("MUNSHI_BENCH_PASSAGES").ok();
        Self {
            data: path("MUNSHI_TEST_DATA").unwrap_or_else(|| "../shared/data".into()),
            cache: path("MUNSHI_BENCH_CACHE")
                .unwrap_or_else(|| std::env::temp_dir().join("munshi-bench")),
            passages: passages.and_then(|number| number.parse().ok()).unwrap_or(1_000_000),
        }
    }
}

/// Builds what is not there and prints every figure. `cases` are all those of the
/// firm; the scope has some of them.
pub(crate) fn run(setting: &Setting, scope: &Scope, cases: &BTreeSet<CaseId>) {
    let corpus = Corpus::read(&setting.data);
    if corpus.passages.is_empty() {
        println!("not run: no corpora in {}", setting.data.display());
        return;
    }
    let cases: Vec<CaseId> = cases.iter().copied().collect();
    let dir = setting.cache.join(format!("search-{}", setting.passages));
    if !dir.join("complete").exists() {
        let mut maker = Maker::new(&corpus, scope, cases.clone(), 1);
        build(&dir, setting.passages, &mut maker);
    }
    print!("{}", fs::read_to_string(dir.join("complete")).unwrap_or_default());
    let index = Index::open(&dir, Mode::ReaderOnly).expect("the index opens").index;
    let seen = index.documents_total(scope, None).expect("counted");
    let passages = index.passages_total(scope, None).expect("counted");
    println!("in scope: {seen} documents, {passages} passages");
    let raw = Raw::open(&dir.join("entries"), scope);
    println!(
        "{:<16}{:>9}{:>9}{:>9}{:>9}{:>7}   {:>9}{:>9}{:>9}{:>9}{:>7}  {:>8}{:>8}{:>7}  {:>8}{:>8}",
        "ms",
        "1 p50",
        "1 p99",
        "raw p50",
        "raw p99",
        "ratio",
        "32 p50",
        "32 p99",
        "raw p50",
        "raw p99",
        "ratio",
        "cpu",
        "raw cpu",
        "ratio",
        "found",
        "raw"
    );
    let (mut all, mut all_raw) = (Vec::new(), Vec::new());
    for kind in KINDS {
        let asked = make(&corpus, kind, QUERIES);
        let ours = |asked: &Asked| {
            let found = index.find(scope, &asked.query(), &asked.wanted()).expect("an answer");
            found.documents
        };
        let theirs = |asked: &Asked| raw.ask(asked).0;
        // Once unmeasured, so that the files are in memory.
        let found: usize = asked.iter().map(&ours).sum::<usize>() / asked.len().max(1);
        let found_raw: usize = asked.iter().map(&theirs).sum::<usize>() / asked.len().max(1);
        let one = (measure(&asked, 1, &ours), measure(&asked, 1, &theirs));
        let cost = (processor(&asked, &ours), processor(&asked, &theirs));
        let many = (measure(&asked, CLIENTS, &ours), measure(&asked, CLIENTS, &theirs));
        println!(
            "{:<16}{}   {}  {:>8.2}{:>8.2}{:>7.2}  {found:>8}{found_raw:>8}",
            kind.name(),
            row(&one.0, &one.1),
            row(&many.0, &many.1),
            cost.0,
            cost.1,
            cost.0 / cost.1,
        );
        if kind != Kind::Facets {
            all.extend(many.0);
            all_raw.extend(many.1);
        }
    }
    all.sort_unstable();
    all_raw.sort_unstable();
    println!("{:<16}{:>43}   {}", "all but facets", "", row(&all, &all_raw));
    writing(setting, &corpus, scope, &cases);
}

fn row(ours: &[Duration], raw: &[Duration]) -> String {
    let at = |times: &[Duration], share: usize| {
        let nth = times.len().saturating_sub(1) * share / 100;
        times.get(nth).map_or(0.0, |time| time.as_secs_f64() * 1000.0)
    };
    format!(
        "{:>9.2}{:>9.2}{:>9.2}{:>9.2}{:>7.2}",
        at(ours, 50),
        at(ours, 99),
        at(raw, 50),
        at(raw, 99),
        mean(ours) / mean(raw)
    )
}

/// The mean in seconds: what a query costs, whatever its place among the others.
fn mean(times: &[Duration]) -> f64 {
    times.iter().sum::<Duration>().as_secs_f64() / times.len().max(1) as f64
}

/// How many milliseconds of a processor a query takes, whatever else runs; as Linux
/// tells it, and elsewhere no number.
fn processor(asked: &[Asked], ask: &impl Fn(&Asked) -> usize) -> f64 {
    let spent = || -> f64 {
        let told = fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
        told.split(' ').next().and_then(|spent| spent.parse().ok()).unwrap_or(f64::NAN)
    };
    let before = spent();
    for asked in asked {
        std::hint::black_box(ask(asked));
    }
    (spent() - before) / asked.len().max(1) as f64 / 1e6
}

/// Asks with so many clients at once, each as soon as it has its answer; gives how
/// long each answer took, the shortest first.
fn measure(
    asked: &[Asked],
    clients: usize,
    ask: &(impl Fn(&Asked) -> usize + Sync),
) -> Vec<Duration> {
    let (next, begun) = (AtomicUsize::new(0), Instant::now());
    let client = || {
        let mut times = Vec::new();
        while begun.elapsed() < SPAN {
            let nth = next.fetch_add(1, Ordering::Relaxed);
            let Some(asked) = asked.get(nth % asked.len().max(1)) else { break };
            let started = Instant::now();
            std::hint::black_box(ask(asked));
            times.push(started.elapsed());
        }
        times
    };
    let mut times: Vec<Duration> = std::thread::scope(|scope| {
        let running: Vec<_> = (0..clients).map(|_| scope.spawn(client)).collect();
        running.into_iter().flat_map(|thread| thread.join().expect("a client")).collect()
    });
    times.sort_unstable();
    times
}

/// Builds the index.
fn build(dir: &Path, passages: usize, maker: &mut Maker<'_>) {
    let _ = fs::remove_dir_all(dir);
    fs::create_dir_all(dir).expect("a folder");
    let index = Index::open(dir, Mode::Writer).expect("a new index").index;
    let (mut made, mut documents, mut bytes) = (0, 0, 0);
    let mut spent = Duration::ZERO;
    while made < passages {
        let batch: Vec<IndexedVersion> = (0..BATCH).map(|_| maker.document()).collect();
        made += batch.iter().map(|version| version.passages.len()).sum::<usize>();
        bytes += batch.iter().map(|version| version.text.len()).sum::<usize>();
        documents += batch.len();
        let started = Instant::now();
        index.replace(&batch).expect("written");
        spent += started.elapsed();
        if documents % (BATCH * 25) == 0 {
            println!("{made} passages in {:.0} s", spent.as_secs_f64());
        }
    }
    // The writer waits for merges when it goes.
    drop(index);
    let size = size(&dir.join("entries"));
    let report = format!(
        "index: {documents} documents, {made} passages, text {:.0} MB, index {:.0} MB, {:.2} times the text; written in {:.0} s\n",
        mb(bytes),
        mb(size),
        size as f64 / bytes as f64,
        spent.as_secs_f64()
    );
    fs::write(dir.join("complete"), report).expect("a file");
}

/// How fast an index is written: by one writer, and by two, each with its own.
fn writing(setting: &Setting, corpus: &Corpus, scope: &Scope, cases: &[CaseId]) {
    const DOCUMENTS: usize = 1_200;
    for writers in [1, 2] {
        let batches: Vec<Vec<IndexedVersion>> = (0..writers)
            .map(|nth| {
                let mut maker = Maker::new(corpus, scope, cases.to_vec(), 11 + nth);
                (0..DOCUMENTS).map(|_| maker.document()).collect()
            })
            .collect();
        let bytes: usize = batches.iter().flatten().map(|version| version.text.len()).sum();
        let started = Instant::now();
        std::thread::scope(|threads| {
            for (nth, batch) in batches.iter().enumerate() {
                let dir = setting.cache.join(format!("search-writing-{nth}"));
                threads.spawn(move || {
                    let _ = fs::remove_dir_all(&dir);
                    fs::create_dir_all(&dir).expect("a folder");
                    let index = Index::open(&dir, Mode::Writer).expect("a new index").index;
                    for part in batch.chunks(BATCH) {
                        index.replace(part).expect("written");
                    }
                    drop(index);
                    let _ = fs::remove_dir_all(&dir);
                });
            }
        });
        let speed = mb(bytes) / started.elapsed().as_secs_f64();
        println!("writing with {writers}: {speed:.1} MB of text a second");
    }
}

fn size(dir: &Path) -> usize {
    let files = fs::read_dir(dir).into_iter().flatten().flatten();
    files.filter_map(|file| file.metadata().ok()).map(|data| data.len() as usize).sum()
}

fn mb(bytes: usize) -> f64 {
    bytes as f64 / 1e6
}
