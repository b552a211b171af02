//! Shared documents: pages, marks, downloads, versions and receipts; what was not shared is
//! nowhere.

use axum::http::StatusCode;
use munshi::db::{Db, Sql};
use munshi::documents::Taken;
use munshi::kernel::{DocumentId, Scope};
use munshi::paper::{Block, Paper, Run, pdf};
use serde_json::{Value, json};

use crate::on_both_engines;
use crate::support::pages::Pages;
use crate::support::{Answer, Caller, TestApp, code_in};

const CLIENT: &str = "rakesh@example.in";

fn done(answer: &Answer) {
    assert!(answer.status.is_success(), "{answer:?}");
}

fn absent(answer: &Answer) {
    assert_eq!(answer.status, StatusCode::NOT_FOUND, "{answer:?}");
}

/// A paper of three pages, each with a word of its own.
fn paper(words: [&str; 3]) -> Vec<u8> {
    let mut blocks = Vec::new();
    for (place, word) in words.into_iter().enumerate() {
        if place > 0 {
            blocks.push(Block::NewPage);
        }
        let text = format!("The {word} paragraph of the order stands on this page of the paper.");
        blocks.push(Block::Text(vec![Run::plain(text)]));
    }
    pdf(&Paper { title: "Order".into(), foot: String::new(), blocks }).unwrap()
}

/// A case with a client and a document of three pages.
struct Chamber {
    admin: Caller,
    client: Caller,
    client_id: String,
    case: String,
    document: String,
    bytes: Vec<u8>,
}

impl Chamber {
    async fn build(app: &TestApp) -> Self {
        let admin = app.admin().await;
        let new = json!({ "name": "Sharma Traders", "kind": "firm" });
        let client_id =
            admin.post("/api/v1/clients", new).await.body["id"].as_str().unwrap().to_owned();
        let new = json!({ "title": "Sharma v. Kapoor", "client_id": client_id });
        let case = admin.post("/api/v1/cases", new).await.body["id"].as_str().unwrap().to_owned();
        let bytes = paper(["alpha", "bravo", "charlie"]);
        let path = format!("/api/v1/cases/{case}/documents");
        let received = admin.upload(&path, "order.pdf", &bytes).await;
        done(&received);
        let document = received.body["document_id"].as_str().unwrap().to_owned();
        app.settle().await;
        let client = app.person(CLIENT, "client", Some(&client_id)).await;
        Self { admin, client, client_id, case, document, bytes }
    }

    async fn share(&self, terms: Value) -> Answer {
        self.admin.post(&format!("/api/v1/documents/{}/share", self.document), terms).await
    }

    fn page(&self, page: u32, end: &str) -> String {
        format!("/api/v1/documents/{}/versions/1/pages/{page}{end}", self.document)
    }

    fn id(&self) -> DocumentId {
        self.document.parse().unwrap()
    }
}

async fn scope(app: &TestApp, email: &str) -> Scope {
    app.app.auth.scope_of(email).await.unwrap()
}

/// A browser in which the client is signed in.
async fn in_portal(app: &TestApp) -> Pages {
    let mut browser = Pages::default();
    let before = app.code_letter(CLIENT).await;
    let page = browser.post(app, "/portal/sign-in", &[("address", CLIENT)]).await;
    let code = code_in(&app.new_code_letter(CLIENT, before).await);
    let request = page.field("request");
    let form = [("address", CLIENT), ("request", &*request), ("code", &*code)];
    let entered = browser.post(app, "/portal/sign-in/code", &form).await;
    assert_eq!(entered.to(), "/portal", "{}", entered.text);
    browser
}

async fn run(app: &TestApp, sql: Sql) {
    let db = Db::connect(&app.app.config.database_address()).await.unwrap();
    let mut tx = db.write().await.unwrap();
    assert!(tx.execute(sql).await.unwrap() > 0);
    tx.commit().await.unwrap();
}

on_both_engines! {
    async fn a_page_that_is_not_shared_is_nowhere(app: TestApp) {
        let chamber = Chamber::build(&app).await;
        done(&chamber.share(json!({ "pages": "1, 3" })).await);
        let client = &chamber.client;
        // What is shared is there.
        for (page, word) in [(1, "alpha"), (3, "charlie")] {
            let read = client.get(&chamber.page(page, "")).await;
            assert!(read.text.contains(word), "{read:?}");
            done(&client.get(&chamber.page(page, "/words")).await);
            done(&client.get(&chamber.page(page, "/image?dpi=40")).await);
        }
        // What is not is nowhere: text, words, picture, in any version.
        for end in ["", "/words", "/image", "/image?dpi=200", "?start=0&end=9"] {
            absent(&client.get(&chamber.page(2, end)).await);
            absent(&client.get(&chamber.page(4, end)).await);
            absent(&client.get(&chamber.page(0, end)).await);
        }
        let base = format!("/api/v1/documents/{}", chamber.document);
        let found = client.get(&format!("{base}/versions/1/find?q=bravo")).await;
        assert_eq!(found.body["hits"], json!([]), "{found:?}");
        let found = client.get(&format!("{base}/versions/1/find?q=alpha")).await;
        assert_eq!(found.body["hits"].as_array().map(Vec::len), Some(1), "{found:?}");
        let outline = client.get(&format!("{base}/versions/1/outline")).await;
        assert!(!outline.text.contains("bravo"), "{outline:?}");
        for end in ["/versions/1/original", "/versions/1/ledger", "/versions/1/entities", "/versions/1/changes?against=1"] {
            absent(&client.get(&format!("{base}{end}")).await);
        }
        let shown = client.get(&base).await;
        assert!(shown.body["about"].is_null() && shown.body["kind"].is_null(), "{shown:?}");
        // The same on the pages of the portal.
        let mut browser = in_portal(&app).await;
        let pictures = browser.get(&app, &format!("/portal/documents/{}", chamber.document)).await;
        assert_eq!(pictures.status, StatusCode::OK);
        assert!(pictures.text.contains("/pages/1/image") && pictures.text.contains("/pages/3/image"));
        assert!(!pictures.text.contains("/pages/2/image"), "{}", pictures.text);
        let text = browser.get(&app, &format!("/portal/documents/{}?text=1", chamber.document)).await;
        assert!(text.text.contains("alpha") && !text.text.contains("bravo"), "{}", text.text);
        let image = format!("/documents/{}/versions/1/pages/2/image", chamber.document);
        assert_eq!(browser.get(&app, &image).await.status, StatusCode::NOT_FOUND);
    }

    async fn a_marked_page_never_comes_without_its_mark(app: TestApp) {
        let chamber = Chamber::build(&app).await;
        let (ours, theirs) = (scope(&app, "admin@example.in").await, chamber.id());
        done(&chamber.share(json!({})).await);
        let client = scope(&app, CLIENT).await;
        let mut plain = Vec::new();
        for dpi in [40, 72, 110] {
            let own = app.app.documents.page_image(&ours, theirs, 1, 1, dpi).await.unwrap();
            let shown = app.app.documents.page_image(&client, theirs, 1, 1, dpi).await.unwrap();
            let (own_picture, shown_picture) =
                (image::load_from_memory(&own).unwrap(), image::load_from_memory(&shown).unwrap());
            let (own_pixels, shown_pixels) = (own_picture.to_rgb8(), shown_picture.to_rgb8());
            assert_eq!(own_pixels.dimensions(), shown_pixels.dimensions());
            let pairs = own_pixels.pixels().zip(shown_pixels.pixels());
            let changed = pairs.filter(|(one, other)| one != other).count();
            assert!(changed > 500, "only {changed} pixels differ at {dpi}");
            plain.push(own);
        }
        // Asked for again the plain picture is kept, and still never given to the client.
        let again = app.app.documents.page_image(&client, theirs, 1, 1, 110).await.unwrap();
        assert_ne!(again, plain[2]);
        // Without a mark it is the page as it is.
        done(&chamber.share(json!({ "watermark": false })).await);
        let client = scope(&app, CLIENT).await;
        let shown = app.app.documents.page_image(&client, theirs, 1, 1, 110).await.unwrap();
        assert_eq!(shown, plain[2]);
    }

    async fn a_file_is_taken_away_only_as_the_share_allows(app: TestApp) {
        let chamber = Chamber::build(&app).await;
        let file = format!("/api/v1/portal/documents/{}/file", chamber.document);
        done(&chamber.share(json!({})).await);
        absent(&chamber.client.get(&file).await);
        // With a mark: a copy of pictures, without text and without the file's bytes.
        done(&chamber.share(json!({ "download": true, "pages": "1-2" })).await);
        done(&chamber.client.get(&file).await);
        let client = scope(&app, CLIENT).await;
        let Taken::Copy { pdf, .. } = app.app.documents.take_away(&client, chamber.id()).await.unwrap() else {
            panic!("the original was given away");
        };
        assert!(pdf.starts_with(b"%PDF-") && pdf != chamber.bytes);
        let copy = lopdf::Document::load_mem(&pdf).unwrap();
        assert_eq!(copy.get_pages().len(), 2);
        assert!(!pdf.windows(6).any(|part| part == b"/Font "), "the copy carries text");
        let refused = app.app.documents.original(&client, chamber.id(), 1).await;
        assert!(refused.is_err(), "the original is open though a mark is asked for");
        // All of it and no mark: the file itself.
        done(&chamber.share(json!({ "download": true, "watermark": false })).await);
        let client = scope(&app, CLIENT).await;
        let taken = app.app.documents.take_away(&client, chamber.id()).await.unwrap();
        assert!(matches!(taken, Taken::Original(_)), "{taken:?}");
        done(&chamber.client.get(&file).await);
        // The original's own address stays closed to clients.
        let original = format!("/api/v1/documents/{}/versions/1/original", chamber.document);
        absent(&chamber.client.get(&original).await);
        let own = chamber.client.get("/api/v1/portal/documents").await;
        assert_eq!((&own.body[0]["download"], &own.body[0]["pages"]), (&json!(true), &json!(3)));
    }

    async fn a_share_is_of_the_version_it_was_made_of(app: TestApp) {
        let chamber = Chamber::build(&app).await;
        done(&chamber.share(json!({})).await);
        let path = format!("/api/v1/documents/{}/versions", chamber.document);
        let second = paper(["delta", "echo", "foxtrot"]);
        done(&chamber.admin.upload(&path, "order.pdf", &second).await);
        app.settle().await;
        let seen = chamber.client.get(&format!("/api/v1/documents/{}", chamber.document)).await;
        assert_eq!(seen.body["version"], 1, "{seen:?}");
        assert_eq!(seen.body["versions"].as_array().map(Vec::len), Some(1));
        let page = format!("/api/v1/documents/{}/versions/2/pages/1", chamber.document);
        absent(&chamber.client.get(&page).await);
        absent(&chamber.client.get(&format!("{page}/image")).await);
        // Shared with later versions, it is seen.
        done(&chamber.share(json!({ "version": 1, "later_versions": true })).await);
        assert!(chamber.client.get(&page).await.text.contains("delta"));
        let list = chamber.client.get("/api/v1/portal/documents").await;
        assert_eq!(list.body[0]["version"], 2, "{list:?}");
        // Of the second alone, the first is gone.
        done(&chamber.share(json!({ "version": 2 })).await);
        absent(&chamber.client.get(&chamber.page(1, "")).await);
    }

    async fn bad_terms_are_refused_with_what_would_do(app: TestApp) {
        let chamber = Chamber::build(&app).await;
        for terms in [
            json!({ "pages": "3-1" }), json!({ "pages": "x" }), json!({ "pages": "7-9" }),
            json!({ "expires_at": "2001-01-01T00:00:00Z" }),
        ] {
            let refused = chamber.share(terms).await;
            assert_eq!(refused.status, StatusCode::BAD_REQUEST, "{refused:?}");
        }
        absent(&chamber.share(json!({ "version": 9 })).await);
        assert_eq!(chamber.client.get("/api/v1/portal/documents").await.body, json!([]));
    }

    async fn who_looked_at_what_is_kept(app: TestApp) {
        let chamber = Chamber::build(&app).await;
        done(&chamber.share(json!({ "download": true })).await);
        for _ in 0..3 {
            done(&chamber.client.get(&chamber.page(2, "/image?dpi=40")).await);
        }
        done(&chamber.client.get(&chamber.page(3, "")).await);
        done(&chamber.client.get(&format!("/api/v1/portal/documents/{}/file", chamber.document)).await);
        // The chamber's own looks are none of a client's.
        done(&chamber.admin.get(&chamber.page(1, "/image?dpi=40")).await);
        let receipts = chamber.admin.get(&format!("/api/v1/cases/{}/receipts", chamber.case)).await;
        assert_eq!(receipts.body.as_array().map(Vec::len), Some(1), "{receipts:?}");
        let receipt = &receipts.body[0];
        assert_eq!(receipt["name"], CLIENT);
        assert_eq!(receipt["pages"], json!([{ "page": 2, "views": 3 }, { "page": 3, "views": 1 }]));
        assert_eq!(receipt["downloads"], 1);
        let outside = app.person("outside@example.in", "advocate", None).await;
        absent(&outside.get(&format!("/api/v1/cases/{}/receipts", chamber.case)).await);
        absent(&outside.get(&format!("/api/v1/cases/{}/shares", chamber.case)).await);
        absent(&chamber.client.get(&format!("/api/v1/cases/{}/receipts", chamber.case)).await);
    }

    async fn others_and_walled_people_of_the_client_see_nothing(app: TestApp) {
        let chamber = Chamber::build(&app).await;
        done(&chamber.share(json!({ "download": true })).await);
        let new = json!({ "name": "Kapoor", "kind": "person" });
        let other = chamber.admin.post("/api/v1/clients", new).await.body["id"].as_str().unwrap().to_owned();
        let other = app.person("kapoor@example.in", "client", Some(&other)).await;
        let walled = app.person("walled@example.in", "client", Some(&chamber.client_id)).await;
        let users = chamber.admin.get("/api/v1/users").await.body;
        let user = users.as_array().unwrap().iter().find(|user| user["email"] == "walled@example.in").unwrap();
        let wall = json!({ "user_id": user["id"], "case_id": chamber.case, "reason": "a dispute in the firm" });
        done(&chamber.admin.post("/api/v1/walls", wall).await);
        for stranger in [&other, &walled] {
            for end in ["", "/image", "/words"] {
                absent(&stranger.get(&chamber.page(1, end)).await);
            }
            absent(&stranger.get(&format!("/api/v1/portal/documents/{}/file", chamber.document)).await);
            assert_eq!(stranger.get("/api/v1/portal/documents").await.body, json!([]));
        }
        done(&chamber.client.get(&chamber.page(1, "")).await);
    }

    async fn a_share_ends_when_the_case_becomes_another_clients(app: TestApp) {
        let chamber = Chamber::build(&app).await;
        done(&chamber.share(json!({})).await);
        done(&chamber.client.get(&chamber.page(1, "")).await);
        let new = json!({ "name": "Kapoor", "kind": "person" });
        let other = chamber.admin.post("/api/v1/clients", new).await.body["id"].as_str().unwrap().to_owned();
        let update = "UPDATE cases SET client_id = $1 WHERE id = $2";
        let (other, case): (uuid::Uuid, uuid::Uuid) = (other.parse().unwrap(), chamber.case.parse().unwrap());
        run(&app, Sql::new(update).bind(other).bind(case)).await;
        absent(&chamber.client.get(&chamber.page(1, "")).await);
        absent(&chamber.client.get(&chamber.page(1, "/image")).await);
        assert_eq!(chamber.client.get("/api/v1/portal/documents").await.body, json!([]));
    }

    async fn the_chamber_shares_from_the_portal_tab(app: TestApp) {
        let chamber = Chamber::build(&app).await;
        let mut browser = Pages::default();
        assert_eq!(browser.sign_in(&app, "admin@example.in").await.status, StatusCode::SEE_OTHER);
        let csrf = browser.csrf(&app).await;
        let path = format!("/cases/{}/portal/share", chamber.case);
        // What was typed comes back with what is wrong beside it.
        let wrong = [("csrf", &*csrf), ("document", &*chamber.document), ("pages", "three"), ("watermark", "true")];
        let refused = browser.post(&app, &path, &wrong).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.text.contains("value=\"three\"") && refused.text.contains("pages-error"), "{}", refused.text);
        let right = [("csrf", &*csrf), ("document", &*chamber.document), ("pages", "2"), ("watermark", "true")];
        assert_eq!(browser.post(&app, &path, &right).await.status, StatusCode::SEE_OTHER);
        let shares = chamber.admin.get(&format!("/api/v1/cases/{}/shares", chamber.case)).await;
        assert_eq!((&shares.body[0]["pages"], &shares.body[0]["watermark"]), (&json!("2"), &json!(true)));
        assert_eq!(shares.body[0]["download"], false);
        // A document of another case is not shared from here.
        let elsewhere = chamber.admin.open_case("Elsewhere").await;
        let path = format!("/cases/{elsewhere}/portal/share");
        let strange = browser.post(&app, &path, &right).await;
        assert_eq!(strange.status, StatusCode::NOT_FOUND);
    }
}
