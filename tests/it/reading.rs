//! Documents are read: page by page, again when asked, and with what people add.

use std::io::Write;
use std::time::Duration;

use axum::body::Body;
use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::on_both_engines;
use crate::support::{Caller, TestApp};

const SCAN: &str = "sharma-v-kapoor/return-memo-scan.pdf";

/// Uploads a file to a new case, has it read, and gives its id.
async fn read(app: &TestApp, admin: &Caller, name: &str, bytes: &[u8]) -> String {
    let case = admin.open_case("A v. B").await;
    let path = format!("/api/v1/cases/{case}/documents");
    let received = admin.upload(&path, name, bytes).await;
    assert_eq!(received.status, StatusCode::ACCEPTED, "{received:?}");
    app.settle().await;
    received.body["document_id"].as_str().unwrap().to_owned()
}

async fn put(caller: &Caller, path: &str, body: Value) -> StatusCode {
    let body = Body::from(body.to_string());
    caller.send(Method::PUT, path, body, Some("application/json")).await.status
}

on_both_engines! {
    async fn a_typed_page_is_found_and_stays(app: TestApp) {
        let admin = app.admin().await;
        let case = admin.open_case("Sharma v. Kapoor").await;
        let received = admin.upload_sample(&case, SCAN).await;
        app.settle().await;
        let id = received.body["document_id"].as_str().unwrap();
        let version = format!("/api/v1/documents/{id}/versions/1");
        let text = json!({ "text": "Returned unpaid for want of funds, initialled by the zamindar." });
        assert_eq!(put(&admin, &format!("{version}/pages/1/transcript"), text).await, StatusCode::ACCEPTED);
        app.settle().await;
        let found = admin.get("/api/v1/search?q=zamindar").await;
        assert_eq!(found.body["hits"][0]["document_id"], id, "{found:?}");
        let page = admin.get(&format!("{version}/pages/1")).await;
        assert_eq!(page.body["method"], "transcript", "{page:?}");
        assert!(page.body["width"].as_f64().is_some(), "the picture is still shown: {page:?}");

        // Reading the whole again leaves alone what a person typed.
        let again = admin.post(&format!("{version}/reread"), json!({ "languages": "eng" })).await;
        assert_eq!(again.status, StatusCode::ACCEPTED, "{again:?}");
        app.settle().await;
        let page = admin.get(&format!("{version}/pages/1")).await;
        assert_eq!(page.body["method"], "transcript", "{page:?}");

        // Reading the page again takes the machine's reading instead.
        let again = admin.post(&format!("{version}/pages/1/retry"), json!({})).await;
        assert_eq!(again.status, StatusCode::ACCEPTED, "{again:?}");
        app.settle().await;
        let page = admin.get(&format!("{version}/pages/1")).await;
        assert_eq!(page.body["method"], "ocr", "{page:?}");
        assert_eq!(admin.get("/api/v1/search?q=zamindar").await.body["documents"], 0);
    }

    async fn a_citation_never_marks_what_was_typed_since(app: TestApp) {
        let admin = app.admin().await;
        let id = read(&app, &admin, "note.txt", b"The tenant vacated in Jaipur.").await;
        let asked = admin.post("/api/v1/questions", json!({ "question": "Where did the tenant vacate?" })).await;
        assert!(asked.status.is_success(), "{asked:?}");
        let conversation = asked.body["conversation_id"].as_str().unwrap();
        let told = format!("/api/v1/conversations/{conversation}");
        let mut before = admin.get(&told).await;
        for _ in 0..100 {
            if before.text.contains("Jaipur") && before.text.contains("\"done\"") {
                break;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
            before = admin.get(&told).await;
        }
        let cited = |answer: &crate::support::Answer| {
            let messages = answer.body["messages"].as_array().unwrap();
            messages.last().unwrap()["citations"][0].clone()
        };
        assert!(cited(&before)["end"].as_u64().unwrap() > 0, "{before:?}");

        // As long as what it replaces, so that every place in it is a place in the old text.
        let text = json!({ "text": "The lessee returned to Ajmer." });
        let path = format!("/api/v1/documents/{id}/versions/1/pages/1/transcript");
        assert_eq!(put(&admin, &path, text).await, StatusCode::ACCEPTED);
        for settled in [false, true] {
            if settled {
                app.settle().await;
            }
            let after = admin.get(&told).await;
            assert_eq!(cited(&after)["quote"], cited(&before)["quote"], "{after:?}");
            assert_eq!(cited(&after)["end"], 0, "nothing is marked: {after:?}");
        }
        assert_eq!(admin.get("/api/v1/search?q=Jaipur").await.body["documents"], 0);
        assert_eq!(admin.get("/api/v1/search?q=Ajmer").await.body["documents"], 1);
    }

    async fn what_makes_no_sense_is_refused(app: TestApp) {
        let admin = app.admin().await;
        let id = read(&app, &admin, "note.txt", b"The tenant vacated.").await;
        let version = format!("/api/v1/documents/{id}/versions/1");
        for (path, body) in [
            ("reread", json!({ "languages": "-l eng; rm" })),
            ("password", json!({ "password": "secret" })),
        ] {
            let refused = admin.post(&format!("{version}/{path}"), body).await;
            assert_eq!(refused.status, StatusCode::BAD_REQUEST, "{path}: {refused:?}");
        }
        let none = admin.post(&format!("{version}/pages/9/retry"), json!({})).await;
        assert_eq!(none.status, StatusCode::NOT_FOUND, "{none:?}");
        let empty = put(&admin, &format!("{version}/pages/1/transcript"), json!({ "text": " " })).await;
        assert_eq!(empty, StatusCode::BAD_REQUEST);
    }

    async fn two_versions_are_compared(app: TestApp) {
        let admin = app.admin().await;
        let before = b"1. The rent is Rs. 10,000 a month.\n\n2. The term is one year.\n";
        let id = read(&app, &admin, "lease.txt", before).await;
        let after = b"1. The rent is Rs. 12,000 a month.\n\n2. The term is one year.\n\n3. No pets.\n";
        admin.upload(&format!("/api/v1/documents/{id}/versions"), "lease.txt", after).await;
        app.settle().await;
        let changes = admin.get(&format!("/api/v1/documents/{id}/versions/2/changes?against=1")).await;
        let kinds: Vec<&str> = changes.body.as_array().unwrap().iter()
            .map(|change| change["kind"].as_str().unwrap()).collect();
        assert_eq!(kinds, ["changed", "same", "added"], "{changes:?}");
        assert_eq!(changes.body[0]["before"]["pieces"][1]["text"], "10,000", "{changes:?}");
    }

    async fn another_copy_of_a_text_is_pointed_out(app: TestApp) {
        let admin = app.admin().await;
        let words: Vec<String> = (0..300).map(|number| format!("term{number}")).collect();
        let id = read(&app, &admin, "one.txt", words.join(" ").as_bytes()).await;
        let other = read(&app, &admin, "two.txt", words.join("\n").as_bytes()).await;
        let unlike = read(&app, &admin, "three.txt", "Something else. ".repeat(40).as_bytes()).await;
        let copies = admin.get(&format!("/api/v1/documents/{id}/copies")).await;
        let ids: Vec<&str> = copies.body.as_array().unwrap().iter()
            .map(|copy| copy["document_id"].as_str().unwrap()).collect();
        assert_eq!(ids, [other.as_str()], "{copies:?} not {unlike}");
        // Who may not see the other case does not learn of the copy.
        let outside = app.person("outside@example.in", "advocate", None).await;
        assert_eq!(outside.get(&format!("/api/v1/documents/{id}/copies")).await.status, StatusCode::NOT_FOUND);
    }

    async fn an_archive_is_a_batch_of_documents(app: TestApp) {
        let admin = app.admin().await;
        let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        let options = zip::write::SimpleFileOptions::default();
        for (name, bytes) in [
            ("papers/plaint.txt", b"The plaintiff sues for possession." as &[u8]),
            ("papers/reply.html", b"<html><body><p>The defendant denies it.</p></body></html>"),
            ("setup.exe", b"MZ\x90\0\x03\0\0\0\x04\0\0\0\xff\xff\0\0"),
        ] {
            zip.start_file(name, options).unwrap();
            zip.write_all(bytes).unwrap();
        }
        let bytes = zip.finish().unwrap().into_inner();
        let id = read(&app, &admin, "papers.zip", &bytes).await;
        for word in ["possession", "denies"] {
            let found = admin.get(&format!("/api/v1/search?q={word}")).await;
            assert_eq!(found.body["documents"], 1, "{word}: {found:?}");
        }
        let archive = admin.get(&format!("/api/v1/documents/{id}")).await;
        assert_eq!(archive.body["attachments"].as_array().map(Vec::len), Some(2), "{archive:?}");
        assert!(archive.text.contains("setup.exe"), "{archive:?}");
    }
}

/// Pages are found while those after them are still being read.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn pages_are_found_before_the_last_is_read() {
    let app = TestApp::start(munshi::db::Dialect::Sqlite).await;
    let admin = app.admin().await;
    let case = admin.open_case("Sharma v. Kapoor").await;
    // Text recognition takes about a second a page, much longer than pages of text.
    let mixed = mixed_file(16);
    let path = format!("/api/v1/cases/{case}/documents");
    let received = admin.upload(&path, "mixed.pdf", &mixed).await;
    assert_eq!(received.status, StatusCode::ACCEPTED, "{received:?}");
    let stop = tokio_util::sync::CancellationToken::new();
    let (worker, until) = (app.app.clone(), stop.clone());
    let work = tokio::spawn(async move { worker.work(until).await });
    let mut early = false;
    for _ in 0..600 {
        tokio::time::sleep(Duration::from_millis(200)).await;
        let document = &admin.get(&path).await.body[0];
        let found = admin.get("/api/v1/search?q=%22plain%20page%20number%22").await;
        if document["status"] == "reading" && found.body["documents"] == 1 {
            early = true;
        }
        if early || (document["status"] != "reading" && document["status"] != "queued") {
            break;
        }
    }
    stop.cancel();
    work.abort();
    assert!(early, "nothing was found while the file was being read");
}

/// A PDF of text pages followed by pages that are pictures of words.
fn mixed_file(scans: usize) -> Vec<u8> {
    let pages = 4 + scans;
    let mut objects: Vec<Vec<u8>> = Vec::new();
    let kids: Vec<String> = (0..pages).map(|page| format!("{} 0 R", 4 + page * 2)).collect();
    objects.push(b"<< /Type /Catalog /Pages 2 0 R >>".to_vec());
    objects
        .push(format!("<< /Type /Pages /Count {pages} /Kids [{}] >>", kids.join(" ")).into_bytes());
    objects.push(b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_vec());
    for page in 0..pages {
        let content = if page < 4 {
            let lines: Vec<String> = (1..=24)
                .map(|line| {
                    format!("(This is plain page number {} of the file, line {line}.) ' ", page + 1)
                })
                .collect();
            format!("BT /F1 12 Tf 20 TL 72 760 Td {} ET", lines.concat()).into_bytes()
        } else {
            picture()
        };
        objects.push(
            format!(
                "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {} 0 R \
                 /Resources << /Font << /F1 3 0 R >> >> >>",
                5 + page * 2
            )
            .into_bytes(),
        );
        let mut stream = format!("<< /Length {} >>\nstream\n", content.len()).into_bytes();
        stream.extend(content);
        stream.extend(b"\nendstream");
        objects.push(stream);
    }
    let mut file = b"%PDF-1.4\n".to_vec();
    let mut offsets = Vec::new();
    for (number, object) in (1..).zip(objects) {
        offsets.push(file.len());
        file.extend(format!("{number} 0 obj\n").into_bytes());
        file.extend(object);
        file.extend(b"\nendobj\n");
    }
    let start = file.len();
    file.extend(format!("xref\n0 {}\n0000000000 65535 f \n", offsets.len() + 1).into_bytes());
    for offset in &offsets {
        file.extend(format!("{offset:010} 00000 n \n").into_bytes());
    }
    file.extend(
        format!(
            "trailer << /Size {} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n",
            offsets.len() + 1
        )
        .into_bytes(),
    );
    file
}

/// Drawing operations of a page-wide picture that says `COURT` again and again, in
/// letters of five by seven dots.
fn picture() -> Vec<u8> {
    const LETTERS: [[u8; 7]; 5] = [
        [0b01110, 0b10001, 0b10000, 0b10000, 0b10000, 0b10001, 0b01110],
        [0b01110, 0b10001, 0b10001, 0b10001, 0b10001, 0b10001, 0b01110],
        [0b10001, 0b10001, 0b10001, 0b10001, 0b10001, 0b10001, 0b01110],
        [0b11110, 0b10001, 0b10001, 0b11110, 0b10100, 0b10010, 0b10001],
        [0b11111, 0b00100, 0b00100, 0b00100, 0b00100, 0b00100, 0b00100],
    ];
    let (width, height) = (216, 200);
    let mut content =
        format!("q 500 0 0 463 48 200 cm BI /W {width} /H {height} /CS /G /BPC 8 /F /AHx ID\n")
            .into_bytes();
    for row in 0..height {
        for column in 0..width {
            // Six dots a letter and a gap after five of them, twelve rows a line.
            let (place, dot) = (column % 36 / 6, column % 6);
            let dark = LETTERS
                .get(place)
                .zip((row % 12 < 7).then_some(row % 12))
                .is_some_and(|(letter, line)| dot < 5 && letter[line] >> (4 - dot) & 1 == 1);
            content.extend(if dark { b"10" } else { b"f0" });
        }
        content.push(b'\n');
    }
    content.extend(b">\nEI Q");
    content
}
