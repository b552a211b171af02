//! Killing the program at any moment loses nothing.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use munshi::db::Dialect;
use munshi::search::Request;

use crate::support::{TestApp, open};

/// Fifty documents are received; the program is killed while it reads them, again
/// and again at other moments; in the end all are searchable, none twice.
#[tokio::test(flavor = "multi_thread")]
async fn fifty_documents_survive_being_killed() {
    let app = TestApp::start(Dialect::Sqlite).await;
    let admin = app.admin().await;
    let case = admin.open_case("Fifty").await;
    for number in 0..50 {
        let text =
            format!("Notice number {number} about parcel marker{number}x was served.\n").repeat(40);
        let path = format!("/api/v1/cases/{case}/documents");
        let received = admin.upload(&path, &format!("notice {number}.txt"), text.as_bytes()).await;
        assert!(received.status.is_success(), "{received:?}");
    }
    let TestApp { app, router, dir, settings } = app;
    app.close().await;
    drop((app, admin, router));

    let config = dir.path().join("munshi.toml");
    std::fs::write(&config, &settings).unwrap();
    for pause in [300, 700, 1_100] {
        let mut worker = Command::new(env!("CARGO_BIN_EXE_munshi"))
            .arg("--config")
            .arg(&config)
            .arg("worker")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        tokio::time::sleep(Duration::from_millis(pause)).await;
        worker.kill().unwrap();
        worker.wait().unwrap();
    }

    let app = open(&settings).await;
    let started = Instant::now();
    app.work_off().await.unwrap();
    println!("the rest took {:?}", started.elapsed());
    let scope = app.auth.local_admin().await.unwrap();
    let documents = app.documents.recent(&scope).await.unwrap();
    assert_eq!(documents.len(), 50);
    for number in [0, 7, 23, 49] {
        let found =
            app.search.search(&scope, &wanted(&format!("marker{number}x"), 10)).await.unwrap();
        assert_eq!(found.documents, 1, "marker{number}x");
    }
    for document in &documents {
        assert!(document.version.indexed_at.is_some(), "{document:?}");
        assert!(document.version.embedded_at.is_some(), "{document:?}");
        assert_eq!(document.version.pages_done, document.version.pages_total.unwrap());
    }
    let all = app.search.search(&scope, &wanted("parcel", 1000)).await.unwrap();
    assert_eq!(all.documents, 50);
    let mut passages: Vec<_> = all.hits.iter().map(|hit| hit.passage.id).collect();
    passages.sort();
    passages.dedup();
    assert_eq!(passages.len(), all.hits.len());
}

/// A plain search for so many passages.
fn wanted(text: &str, limit: usize) -> Request {
    Request { text: text.to_owned(), limit, ..Request::default() }
}
