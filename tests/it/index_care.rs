//! The full-text index is built again beside itself, repaired and kept in step with
//! the tables, and searches go on meanwhile.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use munshi::app::{App, Duty, Seams};
use munshi::config::Config;
use munshi::db::Dialect;
use munshi::kernel::{Scope, SystemClock};
use munshi::search::Request;
use tokio_util::sync::CancellationToken;

use crate::support::{TestApp, open};

/// How many documents a chamber of these tests has.
const DOCUMENTS: usize = 12;

/// A chamber with documents that are searchable.
struct Chamber {
    app: App,
    scope: Scope,
    settings: String,
    dir: tempfile::TempDir,
}

impl Chamber {
    async fn new() -> Self {
        let app = TestApp::start_with(Dialect::Sqlite, "embeddings.model_dir = \"nowhere\"").await;
        Self::filled(app).await
    }

    async fn filled(app: TestApp) -> Self {
        let admin = app.admin().await;
        let case = admin.open_case("Parcels").await;
        let path = format!("/api/v1/cases/{case}/documents");
        for number in 0..DOCUMENTS {
            let text = format!("Notice about parcel marker{number}x was served by hand.");
            let received = admin.upload(&path, &format!("n{number}.txt"), text.as_bytes()).await;
            assert!(received.status.is_success(), "{received:?}");
        }
        app.settle().await;
        let scope = app.app.auth.local_admin().await.unwrap();
        let TestApp { app, dir, settings, .. } = app;
        let chamber = Self { app, scope, settings, dir };
        assert_eq!(chamber.found().await, (DOCUMENTS, None));
        chamber
    }

    /// How many documents are found, and what the search says about itself.
    async fn found(&self) -> (usize, Option<String>) {
        found(&self.app, &self.scope).await
    }

    /// Where the indexes are.
    fn folder(&self) -> PathBuf {
        self.dir.path().join("data/index")
    }

    /// The folder of the index that is searched.
    fn live(&self) -> PathBuf {
        self.folder().join(fs::read_to_string(self.folder().join("live")).unwrap())
    }

    /// How many indexes there are.
    fn indexes(&self) -> usize {
        let entries = fs::read_dir(self.folder()).unwrap();
        entries.filter(|entry| entry.as_ref().unwrap().path().is_dir()).count()
    }

    /// Stops the service, does something to its files, and starts it again.
    async fn restarted(self, meanwhile: impl FnOnce(&Path)) -> Self {
        let live = self.live();
        let Self { app, scope, settings, dir } = self;
        app.close().await;
        drop(app);
        meanwhile(&live);
        Self { app: Box::pin(open(&settings)).await, scope, settings, dir }
    }
}

async fn found(app: &App, scope: &Scope) -> (usize, Option<String>) {
    let results = app.search.search(scope, &wanted("\"about parcel\"", 50)).await.unwrap();
    (results.documents, results.notice)
}

/// Changes a number of an index's manifest.
fn change_manifest(live: &Path, name: &str) {
    let path = live.join("manifest.toml");
    let text = fs::read_to_string(&path).unwrap();
    let start = format!("{name} = ");
    let changed = |line: &str| {
        if line.starts_with(&start) { format!("{start}99\n") } else { format!("{line}\n") }
    };
    let other: String = text.lines().map(changed).collect();
    assert_ne!(text, other);
    fs::write(path, other).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_index_takes_the_place_of_the_live_one_while_searches_go_on() {
    let chamber = Chamber::new().await;
    let before = chamber.live();
    let seams =
        Seams { clock: Arc::new(SystemClock), program: env!("CARGO_BIN_EXE_munshi").into() };
    let config = Config::from_toml(&chamber.settings).unwrap();
    let beside = App::open(config, seams, Duty::Read).await.unwrap();
    assert_eq!(found(&beside, &chamber.scope).await.0, DOCUMENTS);

    let stop = CancellationToken::new();
    chamber.app.search.want_new_index();
    let building = chamber.app.search.build_index(&stop);
    tokio::pin!(building);
    loop {
        tokio::select! {
            built = &mut building => break built.unwrap(),
            found = chamber.found() => assert_eq!(found, (DOCUMENTS, None)),
        }
    }
    assert_ne!(chamber.live(), before);
    assert_eq!(chamber.indexes(), 1);
    assert_eq!(chamber.found().await, (DOCUMENTS, None));
    assert_eq!(chamber.app.search.differences().await.unwrap().count(), 0);
    // A process that only reads follows.
    until("the other process follows", async || {
        found(&beside, &chamber.scope).await == (DOCUMENTS, None)
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_process_can_ask_for_a_new_index() {
    let chamber = Chamber::new().await;
    let before = chamber.live();
    let stop = CancellationToken::new();
    let working = tokio::spawn({
        let (app, stop) = (chamber.app.clone(), stop.clone());
        async move { app.work(stop).await }
    });
    chamber.app.search.request_new_index().unwrap();
    until("the index is built", async || chamber.live() != before && chamber.indexes() == 1).await;
    assert_eq!(chamber.found().await, (DOCUMENTS, None));
    stop.cancel();
    working.await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_building_that_was_stopped_leaves_the_live_index_alone_and_goes_on() {
    let chamber = Chamber::new().await;
    let before = chamber.live();
    let stopped = CancellationToken::new();
    stopped.cancel();
    chamber.app.search.want_new_index();
    chamber.app.search.build_index(&stopped).await.unwrap();
    assert_eq!((chamber.live(), chamber.found().await), (before.clone(), (DOCUMENTS, None)));
    let chamber = chamber.restarted(|_| {}).await;
    assert_eq!((chamber.live(), chamber.found().await), (before, (DOCUMENTS, None)));
    chamber.app.search.want_new_index();
    chamber.app.work_off().await.unwrap();
    assert_eq!((chamber.indexes(), chamber.found().await), (1, (DOCUMENTS, None)));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_index_of_other_tables_is_searched_until_it_is_built_again() {
    let chamber = Chamber::new().await.restarted(|live| change_manifest(live, "tables")).await;
    let (documents, notice) = chamber.found().await;
    assert_eq!(documents, DOCUMENTS);
    assert!(notice.unwrap().contains("brought up to date"));
    chamber.app.work_off().await.unwrap();
    assert_eq!((chamber.indexes(), chamber.found().await), (1, (DOCUMENTS, None)));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_index_of_other_fields_is_built_again_and_searches_say_so() {
    let chamber = Chamber::new().await.restarted(|live| change_manifest(live, "schema")).await;
    let (documents, notice) = chamber.found().await;
    assert_eq!(documents, 0);
    assert!(notice.unwrap().contains("being built"));
    chamber.app.work_off().await.unwrap();
    assert_eq!((chamber.indexes(), chamber.found().await), (1, (DOCUMENTS, None)));
}

#[tokio::test(flavor = "multi_thread")]
async fn damage_is_found_while_running_and_everything_comes_back() {
    let chamber = Chamber::new().await;
    let stop = CancellationToken::new();
    let working = tokio::spawn({
        let (app, stop) = (chamber.app.clone(), stop.clone());
        async move { app.work(stop).await }
    });
    for ending in ["store", "term", "idx", "pos", "fast", "fieldnorm", "meta.json"] {
        let live = chamber.live();
        let file = fs::read_dir(live.join("entries"))
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .find(|path| path.to_string_lossy().ends_with(ending))
            .unwrap_or_else(|| panic!("there is no .{ending}"));
        let mut bytes = fs::read(&file).unwrap();
        let middle = bytes.len() / 2;
        for byte in bytes.iter_mut().skip(middle).take(4) {
            *byte = !*byte;
        }
        // In place, as a failing disk would.
        let mut open = fs::OpenOptions::new().write(true).open(&file).unwrap();
        std::io::Write::write_all(&mut open, &bytes).unwrap();
        drop(open);
        // A search never fails, whatever it meets; the check finds what none met.
        let _ = chamber.found().await;
        chamber.app.search.check_files().await.unwrap();
        until("the index is built again", async || {
            chamber.live() != live && chamber.found().await == (DOCUMENTS, None)
        })
        .await;
        assert_eq!(chamber.app.search.differences().await.unwrap().count(), 0, "{ending}");
    }
    stop.cancel();
    working.await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_torn_while_it_is_stopped_comes_back_at_the_next_start() {
    let mut chamber = Chamber::new().await;
    for nth in 0.. {
        let mut is_there = false;
        chamber = chamber
            .restarted(|live| {
                let mut files: Vec<PathBuf> = fs::read_dir(live.join("entries"))
                    .unwrap()
                    .map(|entry| entry.unwrap().path())
                    .filter(|path| path.extension().is_none_or(|ending| ending != "lock"))
                    .collect();
                files.sort_by_key(|path| path.extension().map(ToOwned::to_owned));
                files.dedup_by_key(|path| path.extension().map(ToOwned::to_owned));
                let Some(file) = files.get(nth) else { return };
                is_there = true;
                let bytes = fs::read(file).unwrap();
                fs::write(file, &bytes[..bytes.len() / 2]).unwrap();
            })
            .await;
        chamber.app.search.check_files().await.unwrap();
        chamber.app.work_off().await.unwrap();
        assert_eq!(chamber.found().await, (DOCUMENTS, None), "file {nth}");
        if !is_there {
            break;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_index_that_is_not_that_of_the_tables_is_brought_in_step() {
    let (one, two) = (Chamber::new().await, Chamber::new().await);
    // The other chamber's index holds nothing of this one's and much that is not.
    let (foreign, name) = (two.folder(), two.live());
    two.app.close().await;
    let Chamber { app, dir: _keep, .. } = two;
    drop(app);
    let one = one
        .restarted(|live| {
            fs::remove_dir_all(live).unwrap();
            fs::create_dir_all(live.join("entries")).unwrap();
            fs::copy(name.join("manifest.toml"), live.join("manifest.toml")).unwrap();
            for entry in fs::read_dir(name.join("entries")).unwrap() {
                let entry = entry.unwrap();
                fs::copy(entry.path(), live.join("entries").join(entry.file_name())).unwrap();
            }
        })
        .await;
    assert!(foreign.exists());
    // Opening has removed what is too much and queued what is missing.
    let found = one.app.search.differences().await.unwrap();
    assert_eq!((found.missing.len(), found.extra.len()), (DOCUMENTS, 0));
    one.app.work_off().await.unwrap();
    assert_eq!(one.app.search.differences().await.unwrap().count(), 0);
    assert_eq!(one.found().await, (DOCUMENTS, None));
}

/// Waits until something is so.
async fn until(what: &str, is_so: impl AsyncFn() -> bool) {
    let begun = Instant::now();
    while !is_so().await {
        assert!(begun.elapsed() < Duration::from_mins(2), "{what}: not within two minutes");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

/// A plain search for so many passages.
fn wanted(text: &str, limit: usize) -> Request {
    Request { text: text.to_owned(), limit, ..Request::default() }
}
