//! After an erasure nothing of it stands anywhere: not in the tables or their file, not
//! in the index, the vectors, the files or what was made of them.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use axum::http::StatusCode;
use munshi::config::Config;
use serde_json::{Value, json};
use sqlx::{AssertSqlSafe, Connection, Row};

use crate::on_both_engines;
use crate::support::{Caller, TestApp};

const MARKER: &str = "Quillfeather77";

/// Every file under a folder.
fn files(dir: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found
}

/// Whether bytes hold the marker, in whatever case and as UTF-8 or UTF-16; packed
/// pieces among them are unpacked.
fn speaks(bytes: &[u8]) -> bool {
    let plain = MARKER.to_lowercase().into_bytes();
    let wide: Vec<u8> = plain.iter().flat_map(|byte| [*byte, 0]).collect();
    let lower = bytes.to_ascii_lowercase();
    let holds = |needle: &[u8]| lower.windows(needle.len()).any(|window| window == needle);
    if holds(&plain) || holds(&wide) {
        return true;
    }
    let magic = [0x28, 0xb5, 0x2f, 0xfd];
    let frames = bytes.windows(4).enumerate().filter(|(_, window)| *window == magic);
    frames.map(|(at, _)| at).any(|at| {
        let mut unpacked = Vec::new();
        let mut decoder = zstd::stream::read::Decoder::new(&bytes[at..]).unwrap().single_frame();
        // What comes before damage counts.
        let _end = std::io::Read::read_to_end(&mut decoder, &mut unpacked);
        unpacked.to_ascii_lowercase().windows(plain.len()).any(|window| window == plain)
    })
}

/// The files of the data folder that hold the marker, by their place in it.
fn speaking(dir: &Path) -> Vec<String> {
    let mut found: Vec<String> = files(dir)
        .iter()
        .filter(|path| speaks(&std::fs::read(path).unwrap()))
        .map(|path| path.strip_prefix(dir).unwrap().display().to_string())
        .collect();
    found.sort();
    found
}

/// The rows of a PostgreSQL database that hold the marker, as a dump would show them.
#[expect(clippy::disallowed_methods, reason = "a dump reads whatever tables there are")]
async fn speaking_rows(address: &str) -> Vec<String> {
    let mut database = sqlx::PgConnection::connect(address).await.unwrap();
    let tables = sqlx::query(AssertSqlSafe(
        "SELECT table_name::text FROM information_schema.tables
         WHERE table_schema = 'public' AND table_type = 'BASE TABLE'"
            .to_owned(),
    ))
    .fetch_all(&mut database)
    .await
    .unwrap();
    let mut found = Vec::new();
    for table in tables {
        let table: String = table.get(0);
        let rows = sqlx::query(AssertSqlSafe(format!("SELECT t::text FROM {table} t")))
            .fetch_all(&mut database)
            .await
            .unwrap();
        for row in rows {
            let text: String = row.get(0);
            let is_packed = table == "pages" && text.contains("28b52ffd");
            assert!(!is_packed || !text.contains('x') || !speaks(&unhex(&text)), "{table}: {text}");
            if speaks(text.as_bytes()) {
                found.push(format!("{table}: {text}"));
            }
        }
    }
    found
}

/// The bytes of the first hexadecimal value in a row.
fn unhex(row: &str) -> Vec<u8> {
    let Some((_, rest)) = row.split_once("\\x") else { return Vec::new() };
    let digits: Vec<u8> = rest.bytes().take_while(u8::is_ascii_hexdigit).collect();
    digits
        .chunks_exact(2)
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap())
        .collect()
}

/// A PDF of one page that says something.
fn pdf(text: &str) -> Vec<u8> {
    let drawing = format!("BT /F1 18 Tf 72 720 Td ({text}) Tj ET");
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R \
         /Resources << /Font << /F1 5 0 R >> >> >>"
            .to_owned(),
        format!("<< /Length {} >>\nstream\n{drawing}\nendstream", drawing.len()),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_owned(),
    ];
    let mut file = "%PDF-1.4\n".to_owned();
    let mut places = Vec::new();
    for (number, object) in (1..).zip(&objects) {
        places.push(file.len());
        writeln!(file, "{number} 0 obj\n{object}\nendobj").unwrap();
    }
    let table = file.len();
    file += "xref\n0 6\n0000000000 65535 f \n";
    for place in places {
        writeln!(file, "{place:010} 00000 n ").unwrap();
    }
    write!(file, "trailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n").unwrap();
    file.into_bytes()
}

fn id(answer: &crate::support::Answer) -> String {
    assert!(answer.status.is_success(), "{answer:?}");
    answer.body["id"].as_str().unwrap().to_owned()
}

/// What a client leaves behind; gives their id and the case's.
async fn leave_traces(app: &TestApp, admin: &Caller) -> (String, String) {
    let email = format!("{MARKER}@example.in");
    let client = json!({ "name": format!("{MARKER} Traders"), "kind": "firm", "email": email });
    let client = id(&admin.post("/api/v1/clients", client).await);
    let person = app.person(&format!("{MARKER}.p@example.in"), "client", Some(&client)).await;
    let case = json!({ "title": format!("{MARKER} v. State"), "client_id": client,
        "summary": format!("About {MARKER}.") });
    let case = id(&admin.post("/api/v1/cases", case).await);
    let path = format!("/api/v1/cases/{case}/documents");
    let text = format!("{MARKER} paid the rent of May in June. The tenancy ended in July.");
    let notice = admin.upload(&path, &format!("{MARKER} notice.txt"), text.as_bytes()).await;
    let notice = notice.body["document_id"].as_str().unwrap().to_owned();
    let deed = admin.upload(&path, "deed.pdf", &pdf(&format!("Deed of {MARKER} of 1998"))).await;
    let deed = deed.body["document_id"].as_str().unwrap().to_owned();
    let mail = format!(
        "From: a@example.in\r\nTo: b@example.in\r\nSubject: About {MARKER}\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/mixed; boundary=X\r\n\r\n--X\r\nContent-Type: text/plain\r\n\r\n\
         See what is attached.\r\n--X\r\nContent-Type: text/plain; name=\"{MARKER}.txt\"\r\n\
         Content-Disposition: attachment; filename=\"{MARKER}.txt\"\r\n\r\n\
         {MARKER} owes nothing to anybody.\r\n--X--\r\n"
    );
    assert!(admin.upload(&path, "mail.eml", mail.as_bytes()).await.status.is_success());
    app.settle().await;
    let shared = admin.post(&format!("/api/v1/documents/{notice}/share"), json!({})).await;
    assert!(shared.status.is_success(), "{shared:?}");
    assert!(person.get(&format!("/api/v1/documents/{notice}")).await.status.is_success());
    let image = admin.get(&format!("/api/v1/documents/{deed}/versions/1/pages/1/image")).await;
    assert_eq!(image.status, StatusCode::OK, "{image:?}");
    for (question, within) in [
        ("When was the rent of May paid?".to_owned(), Some(&case)),
        (format!("What did {MARKER} pay?"), None),
        ("Who paid the rent of May in June?".to_owned(), None),
    ] {
        let asked = json!({ "question": question, "case_id": within });
        assert_eq!(admin.post("/api/v1/ask", asked).await.status, StatusCode::OK);
    }
    let search = json!({ "name": "Rent", "search": format!("q={MARKER}+rent") });
    assert!(admin.post("/api/v1/saved-searches", search).await.status.is_success());
    let export = json!({ "kind": "client", "id": client });
    let export = id(&admin.post("/api/v1/exports", export).await);
    app.settle().await;
    let archive = admin.get(&format!("/api/v1/exports/{export}/file")).await;
    assert_eq!(archive.status, StatusCode::OK, "{}", archive.text);
    assert!(archive.text.contains("index.html"), "no archive");
    for generation in app.app.vector_stores.generations().await.unwrap() {
        let stores = &app.app.vector_stores;
        let dimensions = stores.dimensions(&generation).await.unwrap().unwrap();
        stores.open(&generation, dimensions).await.unwrap().snapshot().await.unwrap();
    }
    (client, case)
}

async fn erase(app: &TestApp, admin: &Caller, subject: Value) -> Value {
    let begun = admin.post("/api/v1/erasures", subject).await;
    assert_eq!(begun.status, StatusCode::ACCEPTED, "{begun:?}");
    app.settle().await;
    let erasure = admin.get(&format!("/api/v1/erasures/{}", id(&begun))).await;
    assert_eq!(erasure.body["status"], "done", "{erasure:?}");
    erasure.body
}

on_both_engines! {
    async fn nothing_of_an_erased_client_stands_anywhere(app: TestApp) {
        let admin = app.admin().await;
        let neighbour = admin.open_case("Neighbour v. State").await;
        let path = format!("/api/v1/cases/{neighbour}/documents");
        admin.upload(&path, "n.txt", b"The landlord vacated the shop in Jaipur.").await;
        let (client, case) = leave_traces(&app, &admin).await;
        let data = app.dir.path().join("data");
        let address = Config::from_toml(&app.settings).unwrap().database_address();
        let on_postgres = address.starts_with("postgres");

        // It is there to be found, but in nothing that is sealed.
        let before = speaking(&data);
        assert!(before.iter().any(|file| file.starts_with("index")), "{before:?}");
        assert!(on_postgres || before.iter().any(|file| file.starts_with("munshi.db")), "{before:?}");
        assert!(!on_postgres || !speaking_rows(&address).await.is_empty());
        let sealed = ["blobs", "images", "exports"];
        assert!(!before.iter().any(|file| sealed.iter().any(|dir| file.starts_with(dir))), "{before:?}");

        // A hold keeps it; a name mistyped does too.
        let hold = json!({ "case_id": case, "reason": "Suit pending" });
        let hold = id(&admin.post("/api/v1/holds", hold).await);
        let subject = json!({ "kind": "client", "id": client, "name": format!("{MARKER} Traders"), "words": [MARKER] });
        let refused = admin.post("/api/v1/erasures", subject.clone()).await;
        assert_eq!(refused.status, StatusCode::CONFLICT, "{refused:?}");
        assert!(refused.text.contains("Suit pending"), "{refused:?}");
        let lifted = admin.post(&format!("/api/v1/holds/{hold}/lift"), json!({ "reason": "Settled" })).await;
        assert_eq!(lifted.status, StatusCode::NO_CONTENT, "{lifted:?}");
        let wrong = json!({ "kind": "client", "id": client, "name": "Somebody" });
        let refused = admin.post("/api/v1/erasures", wrong).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{refused:?}");

        let preview = admin.get(&format!("/api/v1/erasures/preview/client/{client}")).await;
        let rows = |table: &str| {
            let counts = preview.body["counts"].as_array().unwrap();
            let count = counts.iter().find(|count| count["table"] == table);
            count.map_or(0, |count| count["rows"].as_u64().unwrap())
        };
        assert_eq!((rows("cases"), rows("documents")), (1, 4), "{preview:?}");
        assert_eq!((rows("conversations"), rows("sessions")), (3, 1), "{preview:?}");
        assert_eq!(preview.body["files"], 4, "{preview:?}");

        let erasure = erase(&app, &admin, subject).await;
        let certificate: Value = serde_json::from_str(erasure["certificate"].as_str().unwrap()).unwrap();
        assert!(certificate["probes"].as_array().unwrap().iter().all(|probe| probe["found"] == 0));
        assert_eq!(certificate["rows"]["documents"], 4, "{certificate}");
        assert_eq!(certificate["rows"]["saved_searches"], 1, "{certificate}");
        assert_eq!(certificate["mentions"], json!({}), "{certificate}");
        assert_eq!(admin.get("/api/v1/search?q=Jaipur").await.body["documents"], 1);
        assert_eq!(admin.get(&format!("/api/v1/search?q={MARKER}")).await.body["documents"], 0);
        let people = admin.get("/api/v1/users").await;
        assert!(people.text.contains("Former member") && !people.text.contains(MARKER), "{people:?}");

        app.app.close().await;
        assert_eq!(speaking(&data), Vec::<String>::new());
        if on_postgres {
            assert_eq!(speaking_rows(&address).await, Vec::<String>::new());
        }
    }

    async fn a_document_goes_and_its_neighbour_with_the_same_bytes_stays(app: TestApp) {
        let admin = app.admin().await;
        let (one, two) = (admin.open_case("One").await, admin.open_case("Two").await);
        let mut documents = Vec::new();
        for case in [&one, &two] {
            let path = format!("/api/v1/cases/{case}/documents");
            let received = admin.upload(&path, "same.txt", b"The same words in Ranchi.").await;
            documents.push(received.body["document_id"].as_str().unwrap().to_owned());
        }
        app.settle().await;
        let subject = json!({ "kind": "document", "id": documents[0], "name": "same" });
        let preview = admin.get(&format!("/api/v1/erasures/preview/document/{}", documents[0])).await;
        assert_eq!(preview.body["files"], 0, "{preview:?}");
        // A hold on its case keeps the document too.
        let appeal = id(&admin.post("/api/v1/holds", json!({ "case_id": one, "reason": "Appeal" })).await);
        let held = admin.get(&format!("/api/v1/erasures/preview/document/{}", documents[0])).await;
        assert_eq!(held.body["held"], "Appeal", "{held:?}");
        let refused = admin.post("/api/v1/erasures", subject.clone()).await;
        assert_eq!(refused.status, StatusCode::CONFLICT, "{refused:?}");
        admin.post(&format!("/api/v1/holds/{appeal}/lift"), json!({ "reason": "Decided" })).await;
        let erasure = erase(&app, &admin, subject).await;
        let path = format!("/api/v1/erasures/{}/certificate", erasure["id"].as_str().unwrap());
        let file = admin.get(&path).await;
        assert_eq!(file.status, StatusCode::OK, "{file:?}");
        assert!(file.text.starts_with("<!doctype html>") && file.text.contains("Test chamber"));
        assert!(file.text.contains(erasure["hash"].as_str().unwrap()), "{file:?}");
        let scope = app.app.auth.local_admin().await.unwrap();
        let newest = &app.app.audit.recent(&scope).await.unwrap()[0];
        assert_eq!((newest.action.as_str(), &newest.details["erasure"]), ("erasure.download", &erasure["id"]));
        let original = |document: &str| format!("/api/v1/documents/{document}/versions/1/original");
        assert_eq!(admin.get(&original(&documents[0])).await.status, StatusCode::NOT_FOUND);
        assert_eq!(admin.get(&original(&documents[1])).await.text, "The same words in Ranchi.");
        assert_eq!(admin.get("/api/v1/search?q=Ranchi").await.body["documents"], 1);
    }

    async fn only_admins_erase_and_none_across_a_wall_or_another_chamber(app: TestApp) {
        let admin = app.admin().await;
        let advocate = app.person("adv@example.in", "advocate", None).await;
        let case = advocate.open_case("A v. B").await;
        for path in ["/api/v1/erasures", "/api/v1/holds", "/api/v1/retention"] {
            assert_eq!(advocate.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
            assert_eq!(app.anonymous().get(path).await.status, StatusCode::UNAUTHORIZED, "{path}");
        }
        let subject = json!({ "kind": "case", "id": case, "name": "A v. B" });
        let refused = advocate.post("/api/v1/erasures", subject.clone()).await;
        assert_eq!(refused.status, StatusCode::NOT_FOUND, "{refused:?}");
        erase(&app, &admin, subject).await;
        assert_eq!(advocate.get(&format!("/api/v1/cases/{case}")).await.status, StatusCode::NOT_FOUND);
        let me = admin.get("/api/v1/users").await;
        let me = me.body.as_array().unwrap().iter().find(|it| it["email"] == "admin@example.in").unwrap()["id"].clone();
        let myself = json!({ "kind": "user", "id": me, "name": "Asha Admin" });
        assert_eq!(admin.post("/api/v1/erasures", myself).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    }

    async fn a_person_goes_and_what_they_did_stays_recorded(app: TestApp) {
        let admin = app.admin().await;
        let advocate = app.person("zubeida@example.in", "advocate", None).await;
        let case = advocate.open_case("A v. B").await;
        let people = admin.get("/api/v1/users").await;
        let person = people.body.as_array().unwrap().iter().find(|it| it["email"] == "zubeida@example.in").unwrap()["id"].clone();
        let export = id(&admin.post("/api/v1/exports", json!({ "kind": "user", "id": person })).await);
        app.settle().await;
        assert_eq!(admin.get(&format!("/api/v1/exports/{export}/file")).await.status, StatusCode::OK);
        erase(&app, &admin, json!({ "kind": "user", "id": person, "name": "zubeida@example.in" })).await;
        assert_eq!(advocate.get("/api/v1/cases").await.status, StatusCode::UNAUTHORIZED);
        let opened = admin.get(&format!("/api/v1/cases/{case}")).await;
        assert_eq!(opened.status, StatusCode::OK, "{opened:?}");
        let people = admin.get("/api/v1/users").await;
        assert!(!people.text.contains("zubeida"), "{people:?}");
        let organisation = app.app.auth.local_admin().await.unwrap().organisation();
        assert_eq!(app.app.audit.check(organisation).await.unwrap(), None);
    }
}

#[test]
fn the_search_for_the_marker_finds_it_packed_and_wide() {
    let wide: Vec<u8> = format!("xx{MARKER}").encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert!(speaks(&wide));
    let packed = zstd::encode_all(format!("a {MARKER} b").as_bytes(), 3).unwrap();
    assert!(speaks(&[b"before".to_vec(), packed, b"after".to_vec()].concat()));
    assert!(!speaks(b"nothing of it"));
}
