//! Clients: what is known of them, who may change it, and making one of two.

use std::collections::BTreeSet;

use axum::http::StatusCode;
use munshi::clients::{LEFT, MOVED};
use munshi::db::Catalogue;
use serde_json::{Value, json};

use crate::on_both_engines;
use crate::support::Caller;
use crate::support::pages::Pages;

async fn add(who: &Caller, body: Value) -> String {
    let added = who.post("/api/v1/clients", body).await;
    assert_eq!(added.status, StatusCode::CREATED, "{added:?}");
    added.body["id"].as_str().unwrap().to_owned()
}

async fn case_of(who: &Caller, title: &str, client: &str) -> String {
    let opened = who.post("/api/v1/cases", json!({ "title": title, "client_id": client })).await;
    assert!(opened.status.is_success(), "{opened:?}");
    opened.body["id"].as_str().unwrap().to_owned()
}

async fn merge(who: &Caller, kept: &str, gone: &str, more: Value) -> crate::support::Answer {
    let mut body = json!({ "gone": gone });
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    who.post(&format!("/api/v1/clients/{kept}/merge"), body).await
}

on_both_engines! {
    async fn numbers_that_cannot_be_right_are_refused_and_odd_ones_are_told(app: TestApp) {
        let admin = app.admin().await;
        for (field, value) in [("gstin", "27AAPFU0939F1ZW"), ("pan", "ABCXK1234L"), ("email", "no")] {
            let mut body = json!({ "name": "Uday Stores", "kind": "firm" });
            body[field] = json!(value);
            let refused = admin.post("/api/v1/clients", body).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{field}: {refused:?}");
        }
        let odd = json!({ "name": "Uday", "kind": "person", "gstin": "27aapfu0939f1zv" });
        let id = add(&admin, odd).await;
        let client = admin.get(&format!("/api/v1/clients/{id}")).await;
        assert_eq!(client.body["pan"], "AAPFU0939F");
        assert_eq!(client.body["state_code"], "27");
        assert_eq!(client.body["warnings"].as_array().map(Vec::len), Some(1), "{client:?}");
        // In lists the PAN is hidden in part.
        let listed = admin.get("/api/v1/clients/search?words=uday").await;
        assert!(!listed.text.contains("AAPFU0939F"), "{listed:?}");
    }

    async fn a_change_made_from_an_old_form_is_refused(app: TestApp) {
        let admin = app.admin().await;
        let id = add(&admin, json!({ "name": "Rao", "kind": "person" })).await;
        let path = format!("/api/v1/clients/{id}");
        let change = |name: &str| {
            json!({ "revision": 1, "details": { "name": name, "kind": "person" } })
        };
        assert_eq!(admin.put(&path, change("A. Rao")).await.status, StatusCode::OK);
        assert_eq!(admin.put(&path, change("B. Rao")).await.status, StatusCode::CONFLICT);
        assert_eq!(admin.get(&path).await.body["name"], "A. Rao");
    }

    async fn a_page_keeps_what_was_typed_when_it_refuses(app: TestApp) {
        app.admin().await;
        let mut pages = Pages::default();
        pages.sign_in(&app, "admin@example.in").await;
        let csrf = pages.csrf(&app).await;
        let typed = [
            ("csrf", csrf.as_str()),
            ("name", "Uday Stores"),
            ("kind", "firm"),
            ("gstin", "27AAPFU0939F1ZW"),
            ("notes", "came by way of Mehta"),
        ];
        let refused = pages.post(&app, "/clients", &typed).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        for kept in ["Uday Stores", "27AAPFU0939F1ZW", "came by way of Mehta", "mistyped"] {
            assert!(refused.text.contains(kept), "{kept}");
        }
        let typed = [("csrf", csrf.as_str()), ("name", "Uday Stores"), ("kind", "firm")];
        let added = pages.post(&app, "/clients", &typed).await;
        let to = added.to().to_owned();
        assert!(to.starts_with("/clients/"), "{to}");
        let shown = pages.get(&app, &to).await;
        assert!(shown.text.contains("<h1>Uday Stores</h1>"), "{}", shown.text);
        let typed = [("csrf", csrf.as_str()), ("contact_name", "Anil"), ("gets_invoices", "yes")];
        let refused = pages.post(&app, &format!("{to}/contacts"), &typed).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.text.contains("enter one") && refused.text.contains("Anil"));
    }

    async fn a_contact_is_changed_on_the_page(app: TestApp) {
        let admin = app.admin().await;
        let id = add(&admin, json!({ "name": "Uday Stores", "kind": "firm" })).await;
        let contacts = format!("/api/v1/clients/{id}/contacts");
        let anil = json!({ "name": "Anil", "email": "anil@example.in", "gets_invoices": true });
        let added = admin.post(&contacts, anil).await;
        let contact = added.body["id"].as_str().unwrap().to_owned();
        let mut pages = Pages::default();
        pages.sign_in(&app, "admin@example.in").await;
        let csrf = pages.csrf(&app).await;
        let form = pages.get(&app, &format!("/clients/{id}?contact={contact}")).await;
        assert!(form.text.contains("Change a contact"), "{}", form.text);
        assert!(form.text.contains("value=\"anil@example.in\""), "{}", form.text);
        let path = format!("/clients/{id}/contacts/{contact}");
        let typed = [("csrf", csrf.as_str()), ("contact_name", "Anil Uday"), ("gets_invoices", "yes")];
        let refused = pages.post(&app, &path, &typed).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.text.contains("Anil Uday") && refused.text.contains(&path), "{}", refused.text);
        let typed = [("csrf", csrf.as_str()), ("contact_name", "Anil Uday"), ("contact_post", "Partner")];
        let changed = pages.post(&app, &path, &typed).await;
        assert_eq!(changed.to(), format!("/clients/{id}"));
        let all = admin.get(&contacts).await;
        assert_eq!(all.body.as_array().map(Vec::len), Some(1), "{all:?}");
        assert_eq!(all.body[0]["name"], "Anil Uday");
        assert_eq!(all.body[0]["email"], Value::Null);
        assert_eq!(all.body[0]["gets_invoices"], false);
    }

    async fn a_client_that_is_renamed_is_looked_for_anew(app: TestApp) {
        let admin = app.admin().await;
        let case = admin.open_case("A v. B").await;
        let party = json!({ "name": "Navyug Metals Ltd", "role": "defendant", "ours": false });
        let party = admin.post(&format!("/api/v1/cases/{case}/parties"), party).await;
        assert!(party.status.is_success(), "{party:?}");
        let id = add(&admin, json!({ "name": "Bharat Steel Works", "kind": "company" })).await;
        let waiting = format!("/api/v1/conflicts?client={id}&undecided=true");
        assert_eq!(admin.get(&waiting).await.body, json!([]));
        let renamed = json!({ "revision": 1, "details": { "name": "Navyug Metals", "kind": "company" } });
        let renamed = admin.put(&format!("/api/v1/clients/{id}"), renamed).await;
        assert_eq!(renamed.status, StatusCode::OK, "{renamed:?}");
        let found = admin.get(&waiting).await;
        assert_eq!(found.body.as_array().map(Vec::len), Some(1), "{found:?}");
    }

    async fn who_reads_a_case_only_does_not_change_its_client(app: TestApp) {
        let admin = app.admin().await;
        let id = add(&admin, json!({ "name": "Sharma Traders", "kind": "firm" })).await;
        let case = case_of(&admin, "Sharma v. Kapoor", &id).await;
        let path = format!("/api/v1/clients/{id}");
        let change = json!({ "revision": 1, "details": { "name": "X", "kind": "firm" } });
        let advocate = app.person("adv@example.in", "advocate", None).await;
        assert_eq!(advocate.get(&path).await.status, StatusCode::NOT_FOUND);
        assert_eq!(advocate.put(&path, change.clone()).await.status, StatusCode::NOT_FOUND);
        let scope = app.app.auth.scope_of("adv@example.in").await.unwrap();
        let member = format!("/api/v1/cases/{case}/members");
        for (role, status) in [("viewer", StatusCode::FORBIDDEN), ("member", StatusCode::OK)] {
            let body = json!({ "user_id": scope.user(), "role": role });
            let set = admin.post(&member, body).await;
            assert!(set.status.is_success(), "{set:?}");
            assert_eq!(advocate.get(&path).await.status, StatusCode::OK);
            assert_eq!(advocate.put(&path, change.clone()).await.status, status, "{role}");
        }
        let contacts = format!("{path}/contacts");
        let contact = json!({ "name": "Anil", "email": "anil@example.in", "gets_invoices": true });
        let added = advocate.post(&contacts, contact).await;
        assert_eq!(added.status, StatusCode::CREATED, "{added:?}");
        assert_eq!(advocate.get(&contacts).await.body[0]["name"], "Anil");
    }

    async fn a_merge_moves_everything_and_the_old_id_finds_the_client(app: TestApp) {
        let admin = app.admin().await;
        let kept = add(&admin, json!({ "name": "Sharma Textiles Pvt Ltd", "kind": "company" })).await;
        let gone = json!({ "name": "M/s Sharma Textiles", "kind": "firm", "city": "Pune" });
        let gone = add(&admin, gone).await;
        let case = case_of(&admin, "Sharma v. Union of India", &gone).await;
        let person = app.person("client@example.in", "client", Some(&gone)).await;
        let found = admin.get("/api/v1/clients/duplicates").await;
        assert_eq!(found.body.as_array().map(Vec::len), Some(1), "{found:?}");
        let choices = json!({ "choices": { "city": "gone" } });
        let merged = merge(&admin, &kept, &gone, choices).await;
        assert_eq!(merged.status, StatusCode::OK, "{merged:?}");
        assert_eq!(merged.body["client"]["city"], "Pune");
        let tables: BTreeSet<&str> = merged.body["moved"].as_array().unwrap().iter()
            .map(|row| row["table"].as_str().unwrap()).collect();
        assert!(tables.contains("cases") && tables.contains("users"), "{tables:?}");
        assert_eq!(admin.get(&format!("/api/v1/cases/{case}")).await.body["client_id"], json!(kept));
        assert_eq!(admin.get(&format!("/api/v1/clients/{gone}")).await.body["id"], json!(kept));
        let all = admin.get("/api/v1/clients").await;
        assert!(!all.text.contains(&gone), "{all:?}");
        // A session is bound to the client it was opened for; the next one is the kept client's.
        let gone_session = person.get("/api/v1/portal/documents").await;
        assert_eq!(gone_session.status, StatusCode::UNAUTHORIZED);
        let person = app.sign_in_by_code("client@example.in").await;
        assert_eq!(person.get("/api/v1/portal/documents").await.status, StatusCode::OK);
        // What it was called is still found.
        let check = json!({ "names": [{ "name": "Sharma Textiles" }] });
        let check = admin.post("/api/v1/conflicts", check).await;
        assert!(check.text.contains("M/s Sharma Textiles"), "{check:?}");
        // One that went cannot go again, nor stay.
        assert_eq!(merge(&admin, &kept, &gone, json!({})).await.status, StatusCode::CONFLICT);
    }

    async fn clients_with_other_tax_numbers_are_merged_only_when_that_is_confirmed(app: TestApp) {
        let admin = app.admin().await;
        let kept = add(&admin, json!({ "name": "Rao", "kind": "person", "pan": "ABCPK1234L" })).await;
        let gone = add(&admin, json!({ "name": "Rao", "kind": "person", "pan": "ABCPK1234M" })).await;
        assert_eq!(merge(&admin, &kept, &gone, json!({})).await.status, StatusCode::CONFLICT);
        let confirmed = merge(&admin, &kept, &gone, json!({ "tax_ids_confirmed": true })).await;
        assert_eq!(confirmed.status, StatusCode::OK, "{confirmed:?}");
        assert_eq!(confirmed.body["client"]["pan"], "ABCPK1234L");
    }

    async fn a_wall_around_either_stands_around_the_one_there_is_then(app: TestApp) {
        let admin = app.admin().await;
        let kept = add(&admin, json!({ "name": "Rao Mills", "kind": "firm" })).await;
        let gone = add(&admin, json!({ "name": "Rao Mill", "kind": "firm" })).await;
        let case = case_of(&admin, "Rao v. Union of India", &kept).await;
        let walled = app.person("walled@example.in", "admin", None).await;
        let scope = app.app.auth.scope_of("walled@example.in").await.unwrap();
        let wall = json!({ "user_id": scope.user(), "client_id": gone, "reason": "advised them" });
        assert_eq!(admin.post("/api/v1/walls", wall).await.status, StatusCode::CREATED);
        assert_eq!(walled.get(&format!("/api/v1/cases/{case}")).await.status, StatusCode::OK);
        // Whom a wall keeps from either merges nothing.
        let tried = merge(&walled, &kept, &gone, json!({})).await;
        assert_eq!(tried.status, StatusCode::NOT_FOUND, "{tried:?}");
        assert_eq!(merge(&admin, &kept, &gone, json!({})).await.status, StatusCode::OK);
        for path in [
            format!("/api/v1/cases/{case}"),
            format!("/api/v1/clients/{kept}"),
            format!("/api/v1/clients/{gone}"),
        ] {
            assert_eq!(walled.get(&path).await.status, StatusCode::NOT_FOUND, "{path}");
        }
        assert!(!walled.get("/api/v1/clients").await.text.contains("Rao"));
    }

    async fn two_merges_at_once_leave_one_client(app: TestApp) {
        let admin = app.admin().await;
        let one = add(&admin, json!({ "name": "Rao", "kind": "person" })).await;
        let two = add(&admin, json!({ "name": "Rao", "kind": "person" })).await;
        let (first, second) =
            tokio::join!(merge(&admin, &one, &two, json!({})), merge(&admin, &two, &one, json!({})));
        let done = [&first, &second].iter().filter(|answer| answer.status.is_success()).count();
        assert_eq!(done, 1, "{first:?} {second:?}");
        let all = admin.get("/api/v1/clients").await;
        assert_eq!(all.body.as_array().map(Vec::len), Some(1), "{all:?}");
    }

    async fn every_reference_to_a_client_is_moved_by_a_merge(app: TestApp) {
        let db = crate::firm::tables(&app).await;
        let mut tx = db.read().await.unwrap();
        let catalogue = Catalogue::read(&mut tx).await.unwrap();
        let known: BTreeSet<(&str, &str)> = MOVED.iter().chain(LEFT).copied().collect();
        let there = catalogue.references.iter().filter(|reference| reference.target == "clients");
        let there: BTreeSet<(&str, &str)> = there
            .map(|reference| (reference.table.as_str(), reference.column.as_str()))
            .collect();
        assert_eq!(there, known, "list it in src/clients/moves.rs");
    }
}
