//! Conflict checks: what is found, what each reader is told, and who decides.

mod pairs;
mod walls;

use std::time::{Duration, Instant};

use axum::http::StatusCode;
use chrono::TimeDelta;
use munshi::cases::{Counsel, PartyFile};
use munshi::db::Sql;
use munshi::kernel::{CaseId, ConflictCheckId, PartyId};
use serde_json::{Value, json};

use crate::on_both_engines;
use crate::support::pages::Pages;
use crate::support::{Answer, Caller};

/// Looks for one name the chamber would act for.
async fn check(who: &Caller, name: &str) -> Answer {
    let body = json!({ "names": [{ "name": name, "ours": true }] });
    let made = who.post("/api/v1/conflicts", body).await;
    assert_eq!(made.status, StatusCode::CREATED, "{made:?}");
    made
}

/// The names of a check's matches.
fn names(check: &Value) -> Vec<String> {
    let hits = check["hits"].as_array().unwrap().iter();
    hits.map(|hit| hit["name"].as_str().unwrap().to_owned()).collect()
}

async fn party(who: &Caller, case: &str, name: &str, ours: bool) {
    let body = json!({ "name": name, "role": "defendant", "ours": ours });
    let added = who.post(&format!("/api/v1/cases/{case}/parties"), body).await;
    assert!(added.status.is_success(), "{added:?}");
}

on_both_engines! {
    async fn a_check_finds_a_party_under_another_spelling_and_says_where(app: TestApp) {
        let admin = app.admin().await;
        let case = admin.open_case("Rao v. Choudhary").await;
        party(&admin, &case, "Shri Rajiv Chaudhary", false).await;
        let made = check(&admin, "राजीव चौधरी").await;
        let hit = &made.body["hits"][0];
        assert_eq!(hit["name"], "Shri Rajiv Chaudhary", "{made:?}");
        assert_eq!(hit["case_id"], json!(case));
        assert_eq!(hit["ours"], false);
        assert!(hit["score"].as_i64().unwrap() >= 780);
        assert!(!hit["reasons"].as_array().unwrap().is_empty());
        assert_eq!(made.body["undecided"], true);
        assert_eq!(check(&admin, "Rajni Chopra").await.body["hits"], json!([]));
    }

    async fn a_party_that_was_renamed_is_found_under_the_old_name(app: TestApp) {
        let admin = app.admin().await;
        let client = json!({ "name": "Bharat Steel Works", "kind": "company" });
        let client = admin.post("/api/v1/clients", client).await;
        let id = client.body["id"].as_str().unwrap().to_owned();
        let renamed = json!({ "revision": 1, "details": { "name": "Navyug Metals", "kind": "company" } });
        let renamed = admin.put(&format!("/api/v1/clients/{id}"), renamed).await;
        assert_eq!(renamed.status, StatusCode::OK, "{renamed:?}");
        for name in ["Bharat Steel Works Pvt Ltd", "Navyug Metals Ltd"] {
            let made = check(&admin, name).await;
            assert_eq!(made.body["hits"][0]["client_id"], json!(id), "{name}: {made:?}");
        }
    }

    async fn a_number_finds_its_holder_under_any_name(app: TestApp) {
        let admin = app.admin().await;
        let client = json!({ "name": "Uday Stores", "kind": "firm", "gstin": "27AAPFU0939F1ZV" });
        let client = admin.post("/api/v1/clients", client).await;
        assert_eq!(client.status, StatusCode::CREATED, "{client:?}");
        let asked = json!({ "names": [{ "name": "Quite Another", "pan": "AAPFU0939F" }] });
        let made = admin.post("/api/v1/conflicts", asked).await;
        assert_eq!(names(&made.body), ["Uday Stores"], "{made:?}");
        assert_eq!(made.body["hits"][0]["score"], 1000);
    }

    async fn of_a_match_in_a_case_that_is_not_open_only_that_is_said(app: TestApp) {
        let one = app.person("one@example.in", "advocate", None).await;
        let other = app.person("other@example.in", "advocate", None).await;
        let case = one.open_case("Secret v. Quorum Holdings").await;
        party(&one, &case, "Quorum Holdings Ltd", false).await;
        let made = check(&other, "Quorum Holdings Limited").await;
        assert_eq!(made.body["hits"], json!([]));
        assert_eq!(made.body["closed"], true);
        assert_eq!(made.body["possible"], 1);
        assert!(!made.text.contains("Secret") && !made.text.contains(&case), "{made:?}");
        // Who cannot see a match does not decide; an admin who sees all of them does.
        let id = made.body["id"].as_str().unwrap().to_owned();
        let path = format!("/api/v1/conflicts/{id}/decisions");
        let decision = json!({ "decision": "no_conflict", "reason": "another company" });
        assert_eq!(other.post(&path, decision.clone()).await.status, StatusCode::FORBIDDEN);
        let admin = app.admin().await;
        assert_eq!(admin.post(&path, decision).await.status, StatusCode::NO_CONTENT);
        let seen = other.get(&format!("/api/v1/conflicts/{id}")).await;
        assert_eq!(seen.body["decided"]["decision"], "no_conflict");
        assert_eq!(seen.body["undecided"], false);
        // The check of one is not there for another.
        assert_eq!(one.get(&format!("/api/v1/conflicts/{id}")).await.status, StatusCode::NOT_FOUND);
    }

    async fn who_stands_in_a_title_only_is_found(app: TestApp) {
        let admin = app.admin().await;
        let client = json!({ "name": "Verma Constructions", "kind": "firm" });
        let client = admin.post("/api/v1/clients", client).await;
        let body = json!({ "title": "Verma Constructions v. Laxmi Textiles Pvt. Ltd.",
            "client_id": client.body["id"] });
        let case = admin.post("/api/v1/cases", body).await;
        let case = case.body["id"].as_str().unwrap().to_owned();
        let made = check(&admin, "Lakshmi Textiles").await;
        assert_eq!(made.body["hits"][0]["case_id"], json!(case), "{made:?}");
        assert_eq!(made.body["hits"][0]["role"], "in the title");
        // The chamber's own side of a title is no match: its client is.
        let made = check(&admin, "Verma Constructions").await;
        assert_eq!(made.body["hits"].as_array().map(Vec::len), Some(1), "{made:?}");
        assert_eq!(made.body["hits"][0]["source"], "client");
        // Once entered as a party, they are found as that.
        party(&admin, &case, "M/s Laxmi Textiles (P) Ltd.", false).await;
        let made = check(&admin, "Lakshmi Textiles").await;
        let hits = made.body["hits"].as_array().unwrap().iter();
        let of_case: Vec<_> = hits.filter(|hit| hit["case_id"] == json!(case)).collect();
        assert_eq!(of_case.len(), 1, "{made:?}");
        assert_eq!(of_case[0]["role"], "defendant");
    }

    async fn a_case_opened_against_a_client_stands_with_a_check(app: TestApp) {
        let admin = app.admin().await;
        for name in ["Lakshmi Textiles Private Limited", "Verma Constructions"] {
            let client = json!({ "name": name, "kind": "company" });
            let added = admin.post("/api/v1/clients", client).await;
            assert_eq!(added.status, StatusCode::CREATED, "{added:?}");
        }
        let clients = admin.get("/api/v1/clients").await.body;
        let mut clients = clients.as_array().unwrap().iter();
        let ours = clients.find(|client| client["name"] == "Verma Constructions").unwrap();
        let mut pages = Pages::default();
        pages.sign_in(&app, "admin@example.in").await;
        let csrf = pages.csrf(&app).await;
        for (title, warned) in [
            ("Verma Constructions v. Laxmi Textiles Pvt. Ltd.", true),
            ("Verma Constructions v. Zubin Dastur", false),
        ] {
            let client = ours["id"].as_str().unwrap();
            let typed = [("csrf", csrf.as_str()), ("title", title), ("client", client)];
            let opened = pages.post(&app, "/cases", &typed).await;
            assert_eq!(opened.status, StatusCode::SEE_OTHER, "{}", opened.text);
            let page = pages.get(&app, opened.to()).await;
            assert_eq!(page.text.contains("possible conflict"), warned, "{title}: {}", page.text);
        }
    }

    async fn each_of_several_counsel_is_found_by_name(app: TestApp) {
        let lead = app.person("lead@example.in", "advocate", None).await;
        let case = lead.open_case("A v. B").await;
        let scope = app.app.auth.scope_of("lead@example.in").await.unwrap();
        let counsel = |name: &str| Counsel { name: name.to_owned(), enrolment: None };
        let party = PartyFile {
            name: "Godavari Mills Ltd".to_owned(),
            role: "defendant".to_owned(),
            ours: false,
            counsel: vec![counsel("Zubin Dastur"), counsel("Meenakshi Iyer")],
        };
        app.app.cases.enter_party(&scope, case.parse().unwrap(), party).await.unwrap();
        for name in ["Zubin Dastur", "Minakshi Iyer"] {
            let asked = json!({ "names": [{ "name": name, "ours": false }], "with_counsel": true });
            let made = lead.post("/api/v1/conflicts", asked).await;
            assert_eq!(made.body["hits"][0]["source"], "counsel", "{made:?}");
        }
    }

    async fn an_old_check_waits_however_many_were_made_since(app: TestApp) {
        let admin = app.admin().await;
        let case = admin.open_case("A v. B").await;
        party(&admin, &case, "Godavari Mills Ltd", false).await;
        let waits = check(&admin, "Godavari Mills").await.body["id"].clone();
        let scope = app.app.auth.scope_of("admin@example.in").await.unwrap();
        let db = crate::firm::tables(&app).await;
        let mut tx = db.write().await.unwrap();
        for number in 0_i64..450 {
            let insert = "INSERT INTO conflict_checks (id, organisation_id, occasion, to_confirm,
                     with_counsel, asked_by, asked_at)
                 VALUES ($1, $2, 'party', FALSE, FALSE, $3, $4)";
            let at = app.app.clock.now() + TimeDelta::seconds(number);
            let insert = Sql::new(insert).bind(ConflictCheckId::new()).bind(scope.organisation());
            tx.execute(insert.bind(scope.user()).bind(at)).await.unwrap();
        }
        tx.commit().await.unwrap();
        let waiting = admin.get("/api/v1/conflicts?undecided=true").await;
        assert_eq!(waiting.body[0]["id"], waits, "{waiting:?}");
    }

    async fn a_later_decision_holds_and_the_one_before_is_kept(app: TestApp) {
        let admin = app.admin().await;
        let case = admin.open_case("A v. B").await;
        party(&admin, &case, "Harish Chandra Pandey", true).await;
        let made = check(&admin, "Harish Chander Pandey").await;
        let id = made.body["id"].as_str().unwrap().to_owned();
        let path = format!("/api/v1/conflicts/{id}/decisions");
        for (decision, reason) in [("no_conflict", "a namesake"), ("declined", "it is he")] {
            let body = json!({ "decision": decision, "reason": reason });
            assert_eq!(admin.post(&path, body).await.status, StatusCode::NO_CONTENT);
        }
        let seen = admin.get(&format!("/api/v1/conflicts/{id}")).await;
        assert_eq!(seen.body["decided"]["decision"], "declined");
        assert_eq!(seen.body["decisions"].as_array().map(Vec::len), Some(2));
        let without = json!({ "decision": "waived", "reason": " " });
        assert_eq!(admin.post(&path, without).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    }

    async fn a_check_of_a_case_stands_before_who_leads_it_until_it_is_decided(app: TestApp) {
        let lead = app.person("lead@example.in", "advocate", None).await;
        let case = lead.open_case("A v. B").await;
        let earlier = lead.open_case("C v. Godavari Mills").await;
        party(&lead, &earlier, "Godavari Mills Ltd", true).await;
        let scope = app.app.auth.scope_of("lead@example.in").await.unwrap();
        let parties = [("Godavari Mills Pvt Ltd".to_owned(), false)];
        let id = case.parse().unwrap();
        let summary = app.app.conflicts.check_parties(&scope, id, &parties).await.unwrap();
        assert_eq!(summary.possible, 1);
        let path = format!("/api/v1/conflicts?case={case}&undecided=true");
        let waiting = lead.get(&path).await;
        assert_eq!(waiting.body[0]["id"], json!(summary.check.to_string()), "{waiting:?}");
        let decide = format!("/api/v1/conflicts/{}/decisions", summary.check);
        let body = json!({ "decision": "declined", "reason": "we act for them" });
        assert_eq!(lead.post(&decide, body).await.status, StatusCode::NO_CONTENT);
        assert_eq!(lead.get(&path).await.body, json!([]));
    }

    async fn the_pages_ask_show_and_decide(app: TestApp) {
        let admin = app.admin().await;
        let case = admin.open_case("A v. B").await;
        party(&admin, &case, "Saraswati Bai", false).await;
        let mut pages = Pages::default();
        pages.sign_in(&app, "admin@example.in").await;
        let csrf = pages.csrf(&app).await;
        let empty = [("csrf", csrf.as_str()), ("ours", " "), ("others", "")];
        let refused = pages.post(&app, "/conflicts", &empty).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.text.contains("Enter at least one name"), "{}", refused.text);
        let asked = [("csrf", csrf.as_str()), ("ours", "Smt. Saraswathi Bai | Pune"), ("others", "")];
        let made = pages.post(&app, "/conflicts", &asked).await;
        let to = made.to().to_owned();
        assert!(to.starts_with("/conflicts/"), "{to}");
        let shown = pages.get(&app, &to).await;
        assert!(shown.text.contains("Saraswati Bai") && shown.text.contains("other side"));
        let none = [("csrf", csrf.as_str()), ("decision", "declined"), ("reason", "")];
        let refused = pages.post(&app, &format!("{to}/decisions"), &none).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        let decision = [("csrf", csrf.as_str()), ("decision", "declined"), ("reason", "the other side")];
        let decided = pages.post(&app, &format!("{to}/decisions"), &decision).await;
        assert_eq!(decided.to(), to);
        let shown = pages.get(&app, &to).await;
        assert!(shown.text.contains("Conflict: not taken"), "{}", shown.text);
    }

    async fn clients_and_strangers_find_no_checks(app: TestApp) {
        let admin = app.admin().await;
        let client = json!({ "name": "Sharma Traders", "kind": "firm" });
        let client = admin.post("/api/v1/clients", client).await;
        let id = client.body["id"].as_str().unwrap().to_owned();
        let made = check(&admin, "Sharma Traders").await;
        let path = format!("/api/v1/conflicts/{}", made.body["id"].as_str().unwrap());
        let person = app.person("client@example.in", "client", Some(&id)).await;
        for path in [path.as_str(), "/api/v1/conflicts"] {
            assert_eq!(person.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
        }
        let advocate = app.person("adv@example.in", "advocate", None).await;
        assert_eq!(advocate.get(&path).await.status, StatusCode::NOT_FOUND);
        assert_eq!(advocate.get("/api/v1/conflicts").await.body, json!([]));
    }

    async fn many_names_answer_fast(app: TestApp) {
        let admin = app.admin().await;
        let case = admin.open_case("A v. B").await;
        let case: CaseId = case.parse().unwrap();
        let given = ["Ramesh", "Sunita", "Harish", "Kavita", "Deepak", "Nandini", "Vinod", "Usha"];
        let last = ["Sharma", "Gupta", "Rao", "Pandey", "Menon", "Joshi", "Mehta", "Soni", "Nair"];
        let db = crate::firm::tables(&app).await;
        let mut tx = db.write().await.unwrap();
        for number in 0_i64..2000 {
            let at = usize::try_from(number).unwrap();
            let trade = format!("{} {} {number}", given[at % 8], last[at / 8 % 9]);
            let insert = "INSERT INTO case_parties (id, case_id, ordinal, name, role, ours)
                 VALUES ($1, $2, $3, $4, 'defendant', FALSE)";
            let insert = Sql::new(insert).bind(PartyId::new()).bind(case).bind(number);
            tx.execute(insert.bind(trade)).await.unwrap();
        }
        tx.commit().await.unwrap();
        check(&admin, "Nobody Known").await;
        let began = Instant::now();
        let made = check(&admin, "Nandini Menon").await;
        let took = began.elapsed();
        println!("a check among 2,000 names took {took:?}");
        assert!(!made.body["hits"].as_array().unwrap().is_empty());
        assert!(took < Duration::from_secs(3), "{took:?}");
    }

    async fn two_checks_at_once_register_each_name_once(app: TestApp) {
        let admin = app.admin().await;
        let case = admin.open_case("A v. B").await;
        party(&admin, &case, "Kaveri Exports Ltd", true).await;
        let (one, two) = tokio::join!(check(&admin, "Kaveri Exports"), check(&admin, "Kaveri Exports"));
        let third = check(&admin, "Kaveri Exports").await;
        let of_case = names(&third.body).into_iter().filter(|name| name == "Kaveri Exports Ltd");
        assert_eq!(of_case.count(), 1, "{one:?} {two:?} {third:?}");
    }
}
