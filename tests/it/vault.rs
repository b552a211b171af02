//! The master key changes under a chamber that is in use.

use std::process::Command;

use munshi::db::Dialect;

use crate::support::TestApp;

fn munshi(config: &std::path::Path, words: &[&str]) -> String {
    let done = Command::new(env!("CARGO_BIN_EXE_munshi"))
        .arg("--config")
        .arg(config)
        .args(words)
        .output()
        .unwrap();
    assert!(done.status.success(), "{words:?}: {done:?}");
    String::from_utf8(done.stdout).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_rotation_the_old_key_is_needed_for_nothing() {
    let app = TestApp::start(Dialect::Sqlite).await;
    let case = app.admin().await.open_case("A v. B").await;
    let path = format!("/api/v1/cases/{case}/documents");
    let received = app.admin().await.upload(&path, "n.txt", b"The rent was paid in Surat.").await;
    let document = received.body["document_id"].as_str().unwrap().to_owned();
    app.settle().await;
    let TestApp { app: service, router, dir, settings } = app;
    service.close().await;
    drop((service, router));

    let config = dir.path().join("munshi.toml");
    std::fs::write(&config, &settings).unwrap();
    let before = munshi(&config, &["keys", "list"]);
    assert!(before.contains("key 1") && before.contains("1 files"), "{before}");
    let said = munshi(&config, &["keys", "rotate"]);
    assert!(said.contains("Made key 2") && said.contains("Sealed 1 files"), "{said}");
    assert!(said.contains("no longer used"), "{said}");

    // Without the old key everything still opens.
    let keys = dir.path().join("data/keys/master");
    let text = std::fs::read_to_string(&keys).unwrap();
    let newest = text.lines().next().unwrap();
    assert!(newest.starts_with("2 "));
    std::fs::write(&keys, format!("{newest}\n")).unwrap();
    let service = crate::support::open(&settings).await;
    let router = crate::support::router(&service);
    let app = TestApp { app: service, router, dir, settings };
    let admin = app.admin().await;
    let original = admin.get(&format!("/api/v1/documents/{document}/versions/1/original")).await;
    assert_eq!(original.text, "The rent was paid in Surat.");
}
