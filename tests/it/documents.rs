//! A document arrives.

use std::path::{Path, PathBuf};

use axum::http::{Method, StatusCode};
use serde_json::json;

use crate::on_both_engines;
use crate::support::{TestApp, sample, test_data};

const ORDER: &str = "sharma-v-kapoor/order-2026-07-17.pdf";

on_both_engines! {
    async fn an_uploaded_order_is_read_searched_and_shown(app: TestApp) {
        let admin = app.admin().await;
        let case = admin.open_case("Sharma v. Kapoor").await;
        let received = admin.upload_sample(&case, ORDER).await;
        assert_eq!(received.status, StatusCode::ACCEPTED, "{received:?}");
        app.settle().await;

        let id = received.body["document_id"].as_str().unwrap();
        let document = admin.get(&format!("/api/v1/documents/{id}")).await;
        assert_eq!(document.status, StatusCode::OK, "{document:?}");
        let found = admin.get("/api/v1/search?q=%22within%20limitation%22").await;
        let hit = &found.body["hits"][0];
        assert_eq!(hit["document_id"], id, "{found:?}");

        let (page, start, end) = (&hit["page"], &hit["start"], &hit["end"]);
        let path = format!("/api/v1/documents/{id}/versions/1/pages/{page}?start={start}&end={end}");
        let shown = admin.get(&path).await;
        let text = shown.body["text"].as_str().unwrap();
        let place = |value: &serde_json::Value| usize::try_from(value.as_u64().unwrap()).unwrap();
        let span = place(start)..place(end);
        let marked = text[span].split_whitespace().collect::<Vec<_>>().join(" ");
        assert_eq!(marked.to_lowercase(), "within limitation");
        assert!(!shown.body["marks"].as_array().unwrap().is_empty(), "{shown:?}");

        let image = admin.get(&format!("/api/v1/documents/{id}/versions/1/pages/1/image?dpi=72")).await;
        assert_eq!(image.status, StatusCode::OK);
        assert!(image.text.contains("PNG"));
    }

    async fn the_same_bytes_are_linked_not_stored_twice(app: TestApp) {
        let admin = app.admin().await;
        let case = admin.open_case("A v. B").await;
        let path = format!("/api/v1/cases/{case}/documents");
        let first = admin.upload(&path, "one.txt", b"The suit is decreed.").await;
        let second = admin.upload(&path, "two.txt", b"The suit is decreed.").await;
        assert_eq!(first.body["duplicate"], false);
        assert_eq!(second.body["duplicate"], true);
        assert_eq!(first.body["document_id"], second.body["document_id"]);
    }

    async fn what_cannot_be_read_is_refused_with_what_to_do(app: TestApp) {
        let admin = app.admin().await;
        let case = admin.open_case("A v. B").await;
        let path = format!("/api/v1/cases/{case}/documents");
        let empty = admin.upload(&path, "empty.pdf", b"").await;
        assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY, "{empty:?}");
        let program = admin.upload(&path, "setup.exe", b"MZ\x90\0\x03\0\0\0\x04\0\0\0\xff\xff\0\0").await;
        assert_eq!(program.status, StatusCode::UNPROCESSABLE_ENTITY, "{program:?}");
        let none = admin.send(Method::POST, &path, axum::body::Body::empty(), None).await;
        assert_eq!(none.status, StatusCode::BAD_REQUEST, "{none:?}");
        let listed = admin.get(&path).await;
        assert_eq!(listed.body.as_array().map(Vec::len), Some(0), "{listed:?}");
    }

    async fn a_damaged_file_fails_with_its_reason_and_can_be_tried_again(app: TestApp) {
        let admin = app.admin().await;
        let case = admin.open_case("A v. B").await;
        let path = format!("/api/v1/cases/{case}/documents");
        let received = admin.upload(&path, "broken.pdf", b"%PDF-1.7\nnothing else").await;
        assert_eq!(received.status, StatusCode::ACCEPTED, "{received:?}");
        app.settle().await;
        let listed = admin.get(&path).await;
        assert_eq!(listed.body[0]["status"], "failed", "{listed:?}");
        assert!(listed.body[0]["error"].as_str().is_some_and(|reason| reason.len() > 10));
        let jobs = admin.get("/api/v1/jobs").await;
        assert_eq!(jobs.body[0]["status"], "dead", "{jobs:?}");
        let retry = format!("/api/v1/jobs/{}/retry", jobs.body[0]["id"].as_str().unwrap());
        assert!(admin.post(&retry, json!({})).await.status.is_success());
    }

    async fn a_new_version_leaves_the_old_one_where_it_was(app: TestApp) {
        let admin = app.admin().await;
        let case = admin.open_case("A v. B").await;
        let path = format!("/api/v1/cases/{case}/documents");
        let first = admin.upload(&path, "note.txt", b"The tenant vacated in Jaipur.").await;
        app.settle().await;
        let id = first.body["document_id"].as_str().unwrap();
        let second = admin
            .upload(&format!("/api/v1/documents/{id}/versions"), "note.txt", b"The tenant vacated in Kota.")
            .await;
        assert_eq!(second.status, StatusCode::ACCEPTED, "{second:?}");
        app.settle().await;
        assert_eq!(admin.get("/api/v1/search?q=Jaipur").await.body["documents"], 0);
        assert_eq!(admin.get("/api/v1/search?q=Kota").await.body["documents"], 1);
        let old = admin.get(&format!("/api/v1/documents/{id}/versions/1/pages/1")).await;
        assert!(old.body["text"].as_str().unwrap().contains("Jaipur"), "{old:?}");
    }

    async fn a_mail_brings_its_attachments(app: TestApp) {
        let admin = app.admin().await;
        let case = admin.open_case("Sharma v. Kapoor").await;
        admin.upload_sample(&case, "sharma-v-kapoor/mail-2025-07-21.eml").await;
        app.settle().await;
        let listed = admin.get(&format!("/api/v1/cases/{case}/documents")).await;
        let listed = listed.body.as_array().unwrap();
        assert_eq!(listed.len(), 3, "{listed:?}");
        assert!(listed.iter().all(|document| document["searchable"] == true), "{listed:?}");
    }

    async fn a_scan_is_recognised_and_marked_on_its_image(app: TestApp) {
        let admin = app.admin().await;
        let case = admin.open_case("Sharma v. Kapoor").await;
        let received = admin.upload_sample(&case, "sharma-v-kapoor/return-memo-scan.pdf").await;
        app.settle().await;
        let id = received.body["document_id"].as_str().unwrap();
        let page = admin.get(&format!("/api/v1/documents/{id}/versions/1/pages/1?start=0&end=20")).await;
        assert_eq!(page.body["method"], "ocr", "{page:?}");
        assert!(page.body["confidence"].as_f64().unwrap() > 60.0, "{page:?}");
        assert!(!page.body["marks"].as_array().unwrap().is_empty(), "{page:?}");
    }
}

/// Every real judgment of the test data is read, and its pages' passages are found.
#[tokio::test(flavor = "multi_thread")]
async fn real_judgments_are_read_whole() {
    let Some(dir) = test_data("legal-pdf/in-sc-indiankanoon") else { return };
    let app = TestApp::start(munshi::db::Dialect::Sqlite).await;
    let admin = app.admin().await;
    let case = admin.open_case("Real judgments").await;
    let path = format!("/api/v1/cases/{case}/documents");
    let mut files = Vec::new();
    pdfs_below(&dir, &mut files);
    files.sort();
    assert!(!files.is_empty(), "there is no PDF below {}", dir.display());
    for file in files.iter().take(3) {
        let name = file.file_name().unwrap().to_string_lossy();
        let received = admin.upload(&path, &name, &std::fs::read(file).unwrap()).await;
        assert_eq!(received.status, StatusCode::ACCEPTED, "{received:?}");
    }
    app.settle().await;
    for document in admin.get(&path).await.body.as_array().unwrap() {
        assert_eq!(document["searchable"], true, "{document}");
        assert_eq!(document["semantic"], true, "{document}");
        assert_eq!(document["pages_unreadable"], 0, "{document}");
    }
}

fn pdfs_below(dir: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            pdfs_below(&path, found);
        } else if path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("pdf")) {
            found.push(path);
        }
    }
}

#[test]
fn the_sample_chamber_is_there() {
    assert!(sample(ORDER).exists());
}
