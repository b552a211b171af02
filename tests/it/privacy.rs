//! Consent, exports and retention.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::on_both_engines;
use crate::support::{Answer, TestApp};

fn id(answer: &Answer) -> String {
    assert!(answer.status.is_success(), "{answer:?}");
    answer.body["id"].as_str().unwrap().to_owned()
}

async fn client(app: &TestApp, name: &str) -> String {
    let new = json!({ "name": name, "kind": "person" });
    id(&app.admin().await.post("/api/v1/clients", new).await)
}

on_both_engines! {
    async fn consent_is_kept_with_its_wording_until_it_is_withdrawn(app: TestApp) {
        let admin = app.admin().await;
        let (asha, other) = (client(&app, "Asha Rao").await, client(&app, "Other").await);
        let person = app.person("asha@example.in", "client", Some(&asha)).await;
        let first = json!({ "language": "en", "text": "We keep your papers to act for you." });
        let first = id(&admin.post("/api/v1/consent-wordings", first).await);
        let own = json!({ "client_id": asha, "wording_id": first, "how": "portal" });
        let given = id(&person.post("/api/v1/consents", own.clone()).await);
        // Clients speak for themselves, and only in the portal; admins never there.
        for (who, wrong) in [
            (&person, json!({ "client_id": other, "wording_id": first, "how": "portal" })),
            (&person, json!({ "client_id": asha, "wording_id": first, "how": "paper" })),
            (&admin, own),
        ] {
            let refused = who.post("/api/v1/consents", wrong).await;
            assert!(refused.status.is_client_error(), "{refused:?}");
        }
        let second = json!({ "language": "en", "text": "We keep them for seven years." });
        id(&admin.post("/api/v1/consent-wordings", second).await);
        let consents = person.get("/api/v1/consents").await;
        assert_eq!(consents.body[0]["number"], 1, "the wording agreed to, not the newest");
        let withdrawn = person.post(&format!("/api/v1/consents/{given}/withdraw"), json!({})).await;
        assert_eq!(withdrawn.status, StatusCode::NO_CONTENT, "{withdrawn:?}");
        let consents = admin.get("/api/v1/consents").await;
        assert!(consents.body[0]["withdrawn_at"].is_string(), "{consents:?}");
        let again = person.post(&format!("/api/v1/consents/{given}/withdraw"), json!({})).await;
        assert_eq!(again.status, StatusCode::NOT_FOUND);
        let advocate = app.person("adv@example.in", "advocate", None).await;
        assert_eq!(advocate.get("/api/v1/consents").await.status, StatusCode::NOT_FOUND);
    }

    async fn a_client_fetches_what_was_shared_and_nothing_else(app: TestApp) {
        let admin = app.admin().await;
        let (asha, other) = (client(&app, "Asha <b>Rao</b>").await, client(&app, "Other").await);
        let person = app.person("asha@example.in", "client", Some(&asha)).await;
        let stranger = app.person("other@example.in", "client", Some(&other)).await;
        let case = json!({ "title": "Rao v. State", "client_id": asha });
        let case = id(&admin.post("/api/v1/cases", case).await);
        let path = format!("/api/v1/cases/{case}/documents");
        let shared = admin.upload(&path, "shared.txt", b"To be shown.").await;
        admin.upload(&path, "draft.txt", b"Not to be shown.").await;
        app.settle().await;
        let shared = shared.body["document_id"].as_str().unwrap().to_owned();
        let terms = json!({ "download": true, "watermark": false });
        admin.post(&format!("/api/v1/documents/{shared}/share"), terms).await;
        admin.post(&format!("/api/v1/cases/{case}/portal/show"), json!({})).await;
        let path = format!("/api/v1/portal/cases/{case}/messages");
        id(&person.post(&path, json!({ "text": "Is the notice enough?" })).await);
        let subject = json!({ "kind": "client", "id": asha });
        assert_eq!(stranger.post("/api/v1/exports", subject.clone()).await.status, StatusCode::NOT_FOUND);
        let mut names = Vec::new();
        for who in [&person, &admin] {
            let export = id(&who.post("/api/v1/exports", subject.clone()).await);
            app.settle().await;
            let file = format!("/api/v1/exports/{export}/file");
            assert_eq!(stranger.get(&file).await.status, StatusCode::NOT_FOUND);
            let scope = if names.is_empty() { "asha@example.in" } else { "admin@example.in" };
            names.push(unpacked(&app, scope, &export).await);
        }
        let of = |at: usize, name: &str| names[at].iter().find(|(it, _)| it.contains(name));
        assert!(of(0, "shared.txt").is_some() && of(0, "draft.txt").is_none(), "{names:?}");
        assert!(of(1, "shared.txt").is_some() && of(1, "draft.txt").is_some(), "{names:?}");
        for at in 0..2 {
            let messages = &of(at, "messages.json").unwrap().1;
            assert!(messages.contains("Is the notice enough?"), "{messages}");
        }
        let page = &of(0, "index.html").unwrap().1;
        assert!(page.contains("Asha &lt;b&gt;Rao&lt;/b&gt;") && !page.contains("<script"), "{page}");
        for link in page.split("href=\"").skip(1) {
            let link = link.split('"').next().unwrap();
            assert!(names[0].iter().any(|(name, _)| name == link), "{link} leads nowhere");
        }
    }

    async fn a_wall_closes_the_exports_made_before_it_and_keeps_out_of_those_after(app: TestApp) {
        let admin = app.admin().await;
        let second = app.person("second@example.in", "admin", None).await;
        let one = app.person("one@example.in", "advocate", None).await;
        let users = admin.get("/api/v1/users").await.body;
        let user = |email: &str| {
            let users = users.as_array().unwrap();
            users.iter().find(|user| user["email"] == email).unwrap()["id"].clone()
        };
        let asha = client(&app, "Asha Rao").await;
        let (mut cases, mut exports) = (Vec::new(), Vec::new());
        for title in ["Rao v. Walled", "Rao v. Open"] {
            let case = json!({ "title": title, "client_id": asha });
            let case = id(&admin.post("/api/v1/cases", case).await);
            let member = json!({ "user_id": user("one@example.in"), "role": "lead" });
            admin.post(&format!("/api/v1/cases/{case}/members"), member).await;
            let path = format!("/api/v1/cases/{case}/documents");
            let text = format!("The notice in {title} was served on 12 March.");
            admin.upload(&path, "notice.txt", text.as_bytes()).await;
            cases.push(case);
        }
        app.settle().await;
        for case in [Some(&cases[0]), None] {
            let question = json!({ "question": "When was the notice served?", "case_id": case });
            let asked = one.post("/api/v1/ask", question).await;
            assert!(asked.text.contains("Walled"), "{asked:?}");
        }
        let subjects = [
            json!({ "kind": "client", "id": asha }),
            json!({ "kind": "user", "id": user("one@example.in") }),
        ];
        for subject in &subjects {
            exports.push(id(&admin.post("/api/v1/exports", subject.clone()).await));
        }
        app.settle().await;
        let files: Vec<_> = exports.iter().map(|id| format!("/api/v1/exports/{id}/file")).collect();
        for (file, export) in files.iter().zip(&exports) {
            assert_eq!(admin.get(file).await.status, StatusCode::OK);
            let said = format!("{:?}", unpacked(&app, "admin@example.in", export).await);
            assert!(said.contains("Rao v. Walled"), "{said}");
        }
        let wall = json!({
            "user_id": user("admin@example.in"), "case_id": cases[0], "reason": "acted before",
        });
        id(&second.post("/api/v1/walls", wall).await);
        for file in &files {
            assert_eq!(admin.get(file).await.status, StatusCode::NOT_FOUND, "{file}");
            assert_eq!(second.get(file).await.status, StatusCode::OK, "{file}");
        }
        assert_eq!(admin.get("/api/v1/exports").await.body, json!([]));
        for subject in subjects {
            let export = id(&admin.post("/api/v1/exports", subject).await);
            app.settle().await;
            let said = format!("{:?}", unpacked(&app, "admin@example.in", &export).await);
            assert!(said.contains("Rao v. Open") && !said.contains("Walled"), "{said}");
        }
    }

    async fn a_rule_proposes_and_erases_nothing(app: TestApp) {
        let admin = app.admin().await;
        let (old, young) = (admin.open_case("Old").await, admin.open_case("Young").await);
        for (case, ended_on) in [(&old, "2001-03-01"), (&young, "2999-03-01")] {
            let rule = json!({ "case_id": case, "ended_on": ended_on, "years": 8 });
            assert_eq!(admin.put("/api/v1/retention", rule).await.status, StatusCode::NO_CONTENT);
        }
        let hold = json!({ "case_id": old, "reason": "Appeal" });
        id(&admin.post("/api/v1/holds", hold).await);
        let rules = admin.get("/api/v1/retention").await;
        let due: Vec<&Value> = rules.body.as_array().unwrap().iter().collect();
        assert_eq!((&due[0]["title"], &due[0]["is_due"]), (&json!("Old"), &json!(true)), "{rules:?}");
        assert_eq!((&due[0]["from"], &due[0]["held"]), (&json!("2009-03-01"), &json!("Appeal")));
        assert_eq!(due[1]["is_due"], false, "{rules:?}");
        app.settle().await;
        assert_eq!(admin.get(&format!("/api/v1/cases/{old}")).await.status, StatusCode::OK);
    }
}

/// The files of an export, by name, as text.
async fn unpacked(app: &TestApp, email: &str, export: &str) -> Vec<(String, String)> {
    use futures_util::TryStreamExt;
    let scope = app.app.auth.scope_of(email).await.unwrap();
    let fetched = app.app.privacy.fetch_export(&scope, export.parse().unwrap()).await.unwrap();
    let pieces: Vec<bytes::Bytes> = fetched.1.try_collect().await.unwrap();
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(pieces.concat())).unwrap();
    (0..zip.len())
        .map(|number| {
            let mut file = zip.by_index(number).unwrap();
            let mut text = String::new();
            std::io::Read::read_to_string(&mut file, &mut text).unwrap();
            (file.name().unwrap().into_owned(), text)
        })
        .collect()
}
