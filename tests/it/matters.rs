//! What is known of a case: its file, parties, proceeding, notes, end; the register, and
//! lists of cases taken over.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use axum::http::StatusCode;
use munshi::db::Sql;
use munshi::kernel::{CaseId, Clock, InvoiceId, SystemClock};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::firm;
use crate::on_both_engines;
use crate::support::pages::Pages;
use crate::support::{Answer, Caller, TestApp};

fn done(answer: &Answer) {
    assert!(answer.status.is_success(), "{answer:?}");
}

fn absent(answer: &Answer) {
    assert_eq!(answer.status, StatusCode::NOT_FOUND, "{answer:?}");
}

fn problem(answer: &Answer, slug: &str) {
    assert_eq!(answer.body["type"], format!("/problems/{slug}"), "{answer:?}");
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().unwrap_or_else(|| panic!("{name} in {value}"))
}

async fn user_of(app: &TestApp, email: &str) -> String {
    let users = app.admin().await.get("/api/v1/users").await.body;
    let found = users.as_array().unwrap().iter().find(|user| user["email"] == email).cloned();
    text(&found.unwrap(), "id").to_owned()
}

async fn join(app: &TestApp, lead: &Caller, case: &str, email: &str, role: &str) {
    let body = json!({ "user_id": user_of(app, email).await, "role": role });
    done(&lead.post(&format!("/api/v1/cases/{case}/members"), body).await);
}

async fn wall(app: &TestApp, email: &str, case: &str) {
    let body =
        json!({ "user_id": user_of(app, email).await, "case_id": case, "reason": "conflict" });
    done(&app.admin().await.post("/api/v1/walls", body).await);
}

/// The titles the register gives.
async fn register(caller: &Caller, query: &str) -> Vec<String> {
    let found = caller.get(&format!("/api/v1/cases/register?{query}")).await;
    done(&found);
    let rows = found.body["cases"].as_array().unwrap();
    rows.iter().map(|row| text(&row["case"], "title").to_owned()).collect()
}

async fn upload_list(caller: &Caller, list: &str) -> Value {
    let read = caller.upload("/api/v1/case-lists", "cases.csv", list.as_bytes()).await;
    assert_eq!(read.status, StatusCode::CREATED, "{read:?}");
    read.body
}

#[derive(sqlx::FromRow)]
struct Count {
    count: i64,
}

/// How many rows a statement counts for an id.
async fn count(app: &TestApp, text: &'static str, id: &str) -> i64 {
    let mut tx = firm::tables(app).await.read().await.unwrap();
    tx.one::<Count>(Sql::new(text).bind(id.parse::<Uuid>().unwrap())).await.unwrap().count
}

const LIST: &str = "Case Title,Case No.,Court,Client,Next date,Opponent,Remarks\n\
    Gupta v. Rao,CS 12/2024,District Court Saket,Gupta Traders,31/12/2099,Rao,Papers in rack 4\n\
    ,W.P.(C) 55/2023,High Court of Delhi,Meera Devi,,Union of India,\n\
    Gupta v. Rao,C.S. No. 12 of 2024,District Court Saket,Gupta Traders,,Rao,\n\
    ,,,,,,only a remark\n";

on_both_engines! {
    async fn a_case_is_changed_over_its_revision_and_a_stale_form_is_refused(app: TestApp) {
        let lead = app.person("lead@example.in", "advocate", None).await;
        let case = lead.open_case("A v. B").await;
        let path = format!("/api/v1/cases/{case}/file");
        let shown = lead.get(&path).await.body;
        let mut file = shown["file"].clone();
        file["stage"] = json!("evidence");
        file["cnr"] = json!("dlhc01-001234 2023");
        file["numbers"] = json!([
            { "number": "CS(COMM) 45/2025", "kind": "own" },
            { "number": "Filing 7/2025", "kind": "filing" },
        ]);
        let body = json!({ "revision": shown["revision"], "file": file });
        let changed = lead.put(&path, body.clone()).await;
        done(&changed);
        assert_eq!(changed.body["file"]["cnr"], "DLHC010012342023");
        assert_eq!(lead.get(&format!("/api/v1/cases/{case}")).await.body["number"], "CS(COMM) 45/2025");

        // The same form sent again stands on a revision that is over.
        problem(&lead.put(&path, body).await, "changed-meanwhile");
        // A record number that does not fit is told and kept.
        file["cnr"] = json!("SHORT");
        let odd = lead.put(&path, json!({ "revision": changed.body["revision"], "file": file })).await;
        done(&odd);
        assert!(odd.body["warnings"].to_string().contains("SHORT"), "{odd:?}");
        // The record says what changed, of names only that they did.
        let record = app.admin().await.get("/api/v1/audit?action=case.change").await;
        assert!(record.text.contains("evidence") && !record.text.contains("45/2025"), "{record:?}");
    }

    async fn two_changes_at_once_leave_one_of_them(app: TestApp) {
        let lead = app.person("lead@example.in", "advocate", None).await;
        let case = lead.open_case("A v. B").await;
        let path = format!("/api/v1/cases/{case}/file");
        let shown = lead.get(&path).await.body;
        let mut sent = Vec::new();
        for stage in ["one", "two", "three", "four"] {
            let mut file = shown["file"].clone();
            file["stage"] = json!(stage);
            let (lead, path) = (lead.clone(), path.clone());
            let body = json!({ "revision": shown["revision"], "file": file });
            sent.push(tokio::spawn(async move { lead.put(&path, body).await.status }));
        }
        let mut taken = 0;
        for one in sent {
            match one.await.unwrap() {
                StatusCode::OK => taken += 1,
                status => assert_eq!(status, StatusCode::CONFLICT),
            }
        }
        assert_eq!(taken, 1);
    }

    async fn a_stale_page_shows_both_values_and_loses_nothing(app: TestApp) {
        let lead = app.person("lead@example.in", "advocate", None).await;
        let case = lead.open_case("A v. B").await;
        let mut pages = Pages::default();
        pages.sign_in(&app, "lead@example.in").await;
        let edit = format!("/cases/{case}/edit");
        let form = pages.get(&app, &edit).await;
        let (csrf, revision) = (form.field("csrf"), form.field("revision"));
        let send = |stage: &'static str| {
            vec![("csrf", csrf.clone()), ("revision", revision.clone()), ("title", "A v. B".to_owned()), ("stage", stage.to_owned()), ("tags", "urgent".to_owned())]
        };
        let first: Vec<(&str, String)> = send("evidence");
        let first: Vec<(&str, &str)> = first.iter().map(|(name, value)| (*name, value.as_str())).collect();
        assert_eq!(pages.post(&app, &edit, &first).await.to(), format!("/cases/{case}"));
        let second: Vec<(&str, String)> = send("arguments");
        let second: Vec<(&str, &str)> = second.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let refused = pages.post(&app, &edit, &second).await;
        assert_eq!(refused.status, StatusCode::CONFLICT, "{}", refused.text);
        assert!(refused.text.contains("arguments") && refused.text.contains("evidence"), "{}", refused.text);
        assert_eq!(lead.get(&format!("/api/v1/cases/{case}/tags")).await.body, json!({ "tags": ["urgent"] }));
    }

    async fn only_members_change_and_whoever_is_outside_finds_nothing(app: TestApp) {
        let lead = app.person("lead@example.in", "advocate", None).await;
        let viewer = app.person("viewer@example.in", "staff", None).await;
        let walled = app.person("walled@example.in", "advocate", None).await;
        let outside = app.person("outside@example.in", "advocate", None).await;
        let books = app.person("books@example.in", "billing", None).await;
        let case = lead.open_case("A v. B").await;
        join(&app, &lead, &case, "viewer@example.in", "viewer").await;
        join(&app, &lead, &case, "walled@example.in", "member").await;
        let base = format!("/api/v1/cases/{case}");
        done(&lead.post(&format!("{base}/notes"), json!({ "text": "Settle at zanzibar." })).await);
        done(&lead.put(&format!("{base}/tags"), json!({ "tags": ["Urgent", "urgent "] })).await);
        let party = json!({ "name": "Kapoor Mills", "role": "defendant", "counsel": [{ "name": "S. Khan", "enrolment": "D/1/2010" }] });
        done(&lead.post(&format!("{base}/parties"), party.clone()).await);
        wall(&app, "walled@example.in", &case).await;

        assert_eq!(viewer.get(&format!("{base}/tags")).await.body["tags"], json!(["urgent"]));
        for (path, body) in [
            ("notes", json!({ "text": "x" })),
            ("parties", party.clone()),
            ("vakalatnamas", json!({ "parties": "A", "advocates": "B", "state": "signed" })),
        ] {
            problem(&viewer.post(&format!("{base}/{path}"), body.clone()).await, "read-only");
            for stranger in [&outside, &walled, &books] {
                absent(&stranger.post(&format!("{base}/{path}"), body.clone()).await);
                absent(&stranger.get(&format!("{base}/{path}")).await);
            }
        }
        for path in ["file", "tags", "proceeding"] {
            for stranger in [&outside, &walled, &books] {
                absent(&stranger.get(&format!("{base}/{path}")).await);
            }
        }
        // The register: words inside a case find it for those inside alone.
        for word in ["zanzibar", "kapoor", "urgent"] {
            assert_eq!(register(&viewer, &format!("q={word}")).await, ["A v. B"], "{word}");
            for stranger in [&outside, &walled, &books] {
                assert!(register(stranger, &format!("q={word}")).await.is_empty(), "{word}");
            }
        }
        assert_eq!(register(&books, "q=A").await, ["A v. B"]);
        assert!(register(&walled, "").await.is_empty());
        assert!(register(&books, "tag=urgent").await.is_empty());
        assert_eq!(register(&viewer, "tag=urgent").await, ["A v. B"]);
    }

    async fn a_removed_party_is_gone_from_the_case(app: TestApp) {
        let lead = app.person("lead@example.in", "advocate", None).await;
        let case = lead.open_case("A v. B").await;
        let path = format!("/api/v1/cases/{case}/parties");
        let mut ids = Vec::new();
        for name in ["First", "Second"] {
            let added = lead.post(&path, json!({ "name": name, "role": "petitioner", "ours": name == "First" })).await;
            done(&added);
            ids.push(text(&added.body, "id").to_owned());
        }
        done(&lead.post(&format!("{path}/{}/move", ids[1]), json!({ "up": true })).await);
        let names = |body: &Value| body.as_array().unwrap().iter().map(|one| text(one, "name").to_owned()).collect::<Vec<_>>();
        assert_eq!(names(&lead.get(&path).await.body), ["Second", "First"]);
        done(&lead.delete(&format!("{path}/{}", ids[1])).await);
        assert_eq!(names(&lead.get(&path).await.body), ["First"]);
        absent(&lead.delete(&format!("{path}/{}", ids[1])).await);
        problem(&lead.post(&path, json!({ "name": " ", "role": "x" })).await, "bad-request");
        // A party of one case is not one of another.
        let other = lead.open_case("C v. D").await;
        let stolen = json!({ "name": "First", "role": "x" });
        absent(&lead.put(&format!("/api/v1/cases/{other}/parties/{}", ids[0]), stolen).await);
    }

    async fn a_proceeding_has_no_circles_and_hides_what_is_not_open(app: TestApp) {
        let lead = app.person("lead@example.in", "advocate", None).await;
        let junior = app.person("junior@example.in", "staff", None).await;
        let suit = lead.open_case("Suit").await;
        let appeal = lead.open_case("Appeal").await;
        let leave = lead.open_case("Leave petition").await;
        let link = |child: &str, parent: &str, kind: &str| {
            (format!("/api/v1/cases/{child}/links"), json!({ "parent_id": parent, "kind": kind }))
        };
        for (child, parent, kind) in [(&appeal, &suit, "appeal"), (&leave, &appeal, "slp")] {
            let (path, body) = link(child, parent, kind);
            done(&lead.post(&path, body).await);
        }
        for (child, parent) in [(&suit, &leave), (&suit, &appeal), (&suit, &suit)] {
            let (path, body) = link(child, parent, "connected");
            problem(&lead.post(&path, body).await, "bad-request");
        }
        let titles = |body: &Value| body.as_array().unwrap().iter().map(|one| text(one, "title").to_owned()).collect::<Vec<_>>();
        let tree = lead.get(&format!("/api/v1/cases/{leave}/proceeding")).await;
        assert_eq!(titles(&tree.body), ["Suit", "Appeal", "Leave petition"]);
        // The appeal is not open to the junior: neither it nor its title is there.
        for case in [&suit, &leave] {
            join(&app, &lead, case, "junior@example.in", "member").await;
        }
        for case in [&suit, &leave] {
            let tree = junior.get(&format!("/api/v1/cases/{case}/proceeding")).await;
            assert_eq!(tree.body, json!([]), "{tree:?}");
            let mut pages = Pages::default();
            pages.sign_in(&app, "junior@example.in").await;
            let page = pages.get(&app, &format!("/cases/{case}")).await;
            assert!(!page.text.contains("Appeal"), "{}", page.text);
        }
        // Nor can they link to it.
        let (path, body) = link(&leave, &appeal, "slp");
        problem(&junior.post(&path, body).await, "bad-request");
    }

    async fn links_made_at_once_close_no_circle(app: TestApp) {
        let lead = app.person("lead@example.in", "advocate", None).await;
        let one = lead.open_case("One").await;
        let two = lead.open_case("Two").await;
        let mut sent = Vec::new();
        for (child, parent) in [(&one, &two), (&two, &one)] {
            let (path, lead) = (format!("/api/v1/cases/{child}/links"), lead.clone());
            let body = json!({ "parent_id": parent, "kind": "connected" });
            sent.push(tokio::spawn(async move { lead.post(&path, body).await.status }));
        }
        let mut linked = 0;
        for one in sent {
            linked += usize::from(one.await.unwrap().is_success());
        }
        assert_eq!(linked, 1);
    }

    async fn notes_are_changed_by_who_wrote_them(app: TestApp) {
        let lead = app.person("lead@example.in", "advocate", None).await;
        let member = app.person("member@example.in", "staff", None).await;
        let case = lead.open_case("A v. B").await;
        join(&app, &lead, &case, "member@example.in", "member").await;
        let path = format!("/api/v1/cases/{case}/notes");
        let note = lead.post(&path, json!({ "text": "Original with the clerk." })).await;
        let note = format!("{path}/{}", text(&note.body, "id"));
        problem(&member.put(&note, json!({ "text": "Lost." })).await, "bad-request");
        done(&member.put(&note, json!({ "text": "Original with the clerk.", "pinned": true })).await);
        problem(&member.delete(&note).await, "leads-only");
        done(&lead.put(&note, json!({ "text": "Original with us." })).await);
        let shown = lead.get(&path).await.body;
        assert_eq!(shown[0]["text"], "Original with us.");
        assert!(shown[0]["edited_at"].is_string(), "{shown}");
        done(&lead.delete(&note).await);
        assert_eq!(lead.get(&path).await.body, json!([]));
    }

    async fn the_chambers_own_fields_are_filled_and_found(app: TestApp) {
        let admin = app.admin().await;
        let lead = app.person("lead@example.in", "advocate", None).await;
        let case = lead.open_case("A v. B").await;
        let new = json!({ "name": "Rack", "kind": "choice", "choices": ["B-12", "C-1"], "required": true });
        absent(&lead.post("/api/v1/case-fields", new.clone()).await);
        let field = admin.post("/api/v1/case-fields", new.clone()).await;
        let field = text(&field.body, "id").to_owned();
        problem(&admin.post("/api/v1/case-fields", new).await, "bad-request");
        let path = format!("/api/v1/cases/{case}/file");
        let shown = lead.get(&path).await.body;
        let with = |value: Option<&str>| {
            let mut file = shown["file"].clone();
            let values: Vec<Value> = value.map(|value| json!({ "field_id": field, "value": value })).into_iter().collect();
            file["fields"] = json!(values);
            json!({ "revision": shown["revision"], "file": file })
        };
        problem(&lead.put(&path, with(None)).await, "bad-request");
        problem(&lead.put(&path, with(Some("Z-9"))).await, "bad-request");
        done(&lead.put(&path, with(Some("B-12"))).await);
        assert_eq!(register(&lead, &format!("field={field}&value=b-12")).await, ["A v. B"]);
        assert!(register(&lead, &format!("field={field}&value=C-1")).await.is_empty());
        done(&admin.post(&format!("/api/v1/case-fields/{field}/archive"), json!({ "archived": true })).await);
        assert_eq!(lead.get(&path).await.body["file"]["fields"], json!([]));
    }

    async fn a_closed_case_is_read_and_opened_again_with_a_reason(app: TestApp) {
        let lead = app.person("lead@example.in", "advocate", None).await;
        let member = app.person("member@example.in", "staff", None).await;
        let case = lead.open_case("A v. B").await;
        join(&app, &lead, &case, "member@example.in", "member").await;
        let base = format!("/api/v1/cases/{case}");
        let closing = json!({ "disposal": "dismissed", "note": "Papers returned." });
        problem(&member.post(&format!("{base}/close"), closing.clone()).await, "leads-only");
        problem(&lead.post(&format!("{base}/close"), json!({ "disposal": "gone" })).await, "bad-request");
        let later = json!({ "disposal": "dismissed", "closed_on": "2999-01-01" });
        problem(&lead.post(&format!("{base}/close"), later).await, "bad-request");
        done(&lead.post(&format!("{base}/close"), closing.clone()).await);
        problem(&lead.post(&format!("{base}/close"), closing).await, "bad-request");
        assert_eq!(lead.get(&base).await.body["status"], "closed");
        assert_eq!(register(&lead, "status=closed").await, ["A v. B"]);
        let mut pages = Pages::default();
        pages.sign_in(&app, "lead@example.in").await;
        let page = pages.get(&app, &format!("/cases/{case}")).await;
        assert!(page.text.contains("Closed on") && page.text.contains("Papers returned"), "{}", page.text);

        problem(&lead.post(&format!("{base}/reopen"), json!({ "reason": " " })).await, "bad-request");
        done(&lead.post(&format!("{base}/reopen"), json!({ "reason": "Review filed" })).await);
        assert_eq!(lead.get(&base).await.body["status"], "open");
        assert!(lead.get(&format!("{base}/notes")).await.text.contains("Review filed"));
    }

    async fn what_a_former_client_was_shown_ends_with_the_client(app: TestApp) {
        let admin = app.admin().await;
        let mut clients = Vec::new();
        for name in ["Former", "Present"] {
            let added = admin.post("/api/v1/clients", json!({ "name": name, "kind": "person" })).await;
            clients.push(text(&added.body, "id").to_owned());
        }
        let opened = admin.post("/api/v1/cases", json!({ "title": "A v. B", "client_id": clients[0] })).await;
        let case = text(&opened.body, "id").to_owned();
        let received = admin.upload(&format!("/api/v1/cases/{case}/documents"), "n.txt", b"Jaipur.").await;
        let document = text(&received.body, "document_id").to_owned();
        app.settle().await;
        done(&admin.post(&format!("/api/v1/documents/{document}/share"), json!({})).await);
        let former = app.person("former@example.in", "client", Some(&clients[0])).await;
        done(&former.get(&format!("/api/v1/documents/{document}")).await);
        let path = format!("/api/v1/cases/{case}/file");
        let shown = admin.get(&path).await.body;
        let mut file = shown["file"].clone();
        file["client_id"] = json!(clients[1]);
        done(&admin.put(&path, json!({ "revision": shown["revision"], "file": file })).await);
        absent(&former.get(&format!("/api/v1/documents/{document}")).await);
    }

    async fn the_register_is_paged_and_sorted_and_taken_away_as_csv(app: TestApp) {
        let lead = app.person("lead@example.in", "advocate", None).await;
        for title in ["=Cmd v. X", "Beta v. Y", "Alpha v. Z"] {
            lead.open_case(title).await;
        }
        let first = lead.get("/api/v1/cases/register?order=title&limit=2").await.body;
        assert_eq!(first["total"], 3);
        let next = text(&first, "next").to_owned();
        assert_eq!(register(&lead, &format!("order=title&limit=2&after={next}")).await, ["Beta v. Y"]);
        let mut pages = Pages::default();
        pages.sign_in(&app, "lead@example.in").await;
        let csv = pages.get(&app, "/cases/register.csv?sort=title").await;
        assert!(csv.text.contains("\"'=Cmd v. X\""), "{}", csv.text);
        assert_eq!(csv.text.lines().count(), 4);
    }

    async fn a_number_finds_its_case_however_it_is_written(app: TestApp) {
        let lead = app.person("lead@example.in", "advocate", None).await;
        let new = json!({ "title": "A v. B", "number": "W.P.(C) No. 1234 of 2023" });
        done(&lead.post("/api/v1/cases", new).await);
        for query in ["WP(C)+1234/2023", "W.P.(C)+1234%2F2023"] {
            assert_eq!(register(&lead, &format!("q={query}")).await, ["A v. B"], "{query}");
        }
        assert!(register(&lead, "q=W.P.(C)+1235/2023").await.is_empty());
    }

    async fn a_list_is_shown_before_it_is_entered_and_entered_once(app: TestApp) {
        let lead = app.person("lead@example.in", "advocate", None).await;
        let other = app.person("other@example.in", "advocate", None).await;
        let list = upload_list(&lead, LIST).await;
        let path = format!("/api/v1/case-lists/{}", text(&list, "id"));
        assert!(register(&lead, "").await.is_empty(), "nothing is entered before it is confirmed");
        let rows = list["rows"].as_array().unwrap();
        assert_eq!(rows.len(), 4);
        assert_eq!(rows[1]["title"], "Meera Devi v. Union of India");
        assert_eq!(rows[2]["duplicate"], "line 2 of this file");
        assert!(!rows[3]["errors"].as_array().unwrap().is_empty(), "{list}");
        for answer in [other.get(&path).await, other.delete(&path).await, other.post(&format!("{path}/enter"), json!({ "lines": [2] })).await] {
            absent(&answer);
        }
        problem(&lead.post(&format!("{path}/enter"), json!({ "lines": [5] })).await, "bad-request");

        let mut sent = Vec::new();
        for _ in 0..4 {
            let (lead, path) = (lead.clone(), format!("{path}/enter"));
            sent.push(tokio::spawn(async move { lead.post(&path, json!({ "lines": [2, 3] })).await }));
        }
        let mut answers = BTreeSet::new();
        for one in sent {
            let answer = one.await.unwrap();
            done(&answer);
            answers.insert(answer.text);
        }
        assert_eq!(answers.len(), 1, "each gets the same answer: {answers:?}");
        let mut titles = register(&lead, "order=title").await;
        titles.sort();
        assert_eq!(titles, ["Gupta v. Rao", "Meera Devi v. Union of India"]);
        let found = lead.get("/api/v1/cases/register?q=rack").await.body;
        assert_eq!(found["cases"][0]["next_on"], "2099-12-31", "{found}");
        let clients = lead.get("/api/v1/clients").await;
        assert!(clients.text.contains("Gupta Traders") && clients.text.contains("Meera Devi"), "{clients:?}");

        // Read again, it finds its cases, and its clients are not added twice.
        let again = upload_list(&lead, LIST).await;
        assert_eq!(again["rows"][0]["duplicate"], "Gupta v. Rao");
        assert!(again["rows"][0]["client_id"].is_string(), "{again}");
    }

    async fn columns_can_be_said_anew_and_what_is_no_list_is_refused(app: TestApp) {
        let lead = app.person("lead@example.in", "advocate", None).await;
        let list = upload_list(&lead, "Sache;Gericht\nA v. B;Saket\n").await;
        assert_eq!(list["mapping"], json!(["ignored", "ignored"]));
        let path = format!("/api/v1/case-lists/{}", text(&list, "id"));
        problem(&lead.put(&path, json!({ "mapping": ["title", "title"] })).await, "bad-request");
        let mapped = lead.put(&path, json!({ "mapping": ["title", "court"] })).await;
        assert_eq!((&mapped.body["rows"][0]["title"], &mapped.body["rows"][0]["court"]), (&json!("A v. B"), &json!("Saket")));
        for (name, bytes) in [("a.pdf", &b"%PDF-1.7"[..]), ("b.csv", b""), ("c.xlsx", b"PK\x03\x04no")] {
            problem(&lead.upload("/api/v1/case-lists", name, bytes).await, "bad-request");
        }
        done(&lead.delete(&path).await);
        absent(&lead.get(&path).await);
    }

    async fn duplicates_of_cases_behind_a_wall_are_not_told(app: TestApp) {
        let lead = app.person("lead@example.in", "advocate", None).await;
        let outside = app.person("outside@example.in", "advocate", None).await;
        done(&lead.post("/api/v1/cases", json!({ "title": "Secret v. Secret", "number": "CS 12/2024", "court": "District Court Saket" })).await);
        let list = upload_list(&outside, LIST).await;
        assert_eq!(list["rows"][0]["duplicate"], Value::Null, "{list}");
        assert!(!list.to_string().contains("Secret"), "{list}");
    }

    async fn the_page_of_a_case_says_what_came_since_the_last_visit(app: TestApp) {
        let lead = app.person("lead@example.in", "advocate", None).await;
        let case = lead.open_case("A v. B").await;
        let mut pages = Pages::default();
        pages.sign_in(&app, "lead@example.in").await;
        let page = pages.get(&app, &format!("/cases/{case}")).await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.text);
        for words in ["No next date is known", "You are here for the first time", "No open task", "Overview"] {
            assert!(page.text.contains(words), "{words}: {}", page.text);
        }
        let mut stranger = Pages::default();
        assert!(stranger.get(&app, &format!("/cases/{case}")).await.to().starts_with("/sign-in"));
    }

    async fn what_was_issued_outlives_the_erasure_of_its_client(app: TestApp) {
        let admin = app.admin().await;
        let client = admin.post("/api/v1/clients", json!({ "name": "Quill Traders", "kind": "firm" })).await;
        let client = text(&client.body, "id").to_owned();
        let new = json!({ "title": "Quill v. Rao", "client_id": client, "number": "CS 3/2024" });
        let case = text(&admin.post("/api/v1/cases", new).await.body, "id").to_owned();
        let party = json!({ "name": "Quill Traders", "role": "plaintiff", "ours": true });
        done(&admin.post(&format!("/api/v1/cases/{case}/parties"), party).await);
        done(&admin.post(&format!("/api/v1/cases/{case}/notes"), json!({ "text": "Quill pays late." })).await);
        let db = firm::tables(&app).await;
        for (status, number) in [("issued", Some("MR/26-27/9")), ("draft", None)] {
            let insert = "INSERT INTO invoices (id, organisation_id, client_id, case_id, status,
                     number, issued_on, due_on, created_at)
                 SELECT $1, c.organisation_id, c.client_id, c.id, $3, $4, '2026-11-02', NULL, $5
                 FROM cases c WHERE c.id = $2";
            let insert = Sql::new(insert).bind(InvoiceId::new()).bind(case.parse::<Uuid>().unwrap());
            let insert = insert.bind(status).bind(number.map(str::to_owned)).bind(SystemClock.now());
            firm::run(&db, insert).await;
        }
        let preview = admin.get(&format!("/api/v1/erasures/preview/client/{client}")).await;
        assert_eq!(preview.body["books"], json!([{ "table": "invoices", "rows": 1 }]), "{preview:?}");
        let mut pages = Pages::default();
        pages.sign_in(&app, "admin@example.in").await;
        let page = pages.get(&app, &format!("/admin/privacy/erase?subject=client:{client}")).await;
        assert!(page.text.contains("Books that would stay"), "{}", page.text);
        let subject = json!({ "kind": "client", "id": client, "name": "Quill Traders" });
        let begun = admin.post("/api/v1/erasures", subject).await;
        assert_eq!(begun.status, StatusCode::ACCEPTED, "{begun:?}");
        app.settle().await;
        let path = format!("/api/v1/erasures/{}", text(&begun.body, "id"));
        let erasure = admin.get(&path).await;
        assert_eq!(erasure.body["status"], "done", "{erasure:?}");
        let told = admin.get(&format!("{path}/certificate")).await.text;
        assert!(told.contains("books"), "{told}");

        let issued = "SELECT COUNT(*) AS count FROM invoices WHERE client_id = $1 AND case_id IS NULL
            AND number = 'MR/26-27/9'";
        assert_eq!(count(&app, issued, &client).await, 1);
        assert_eq!(count(&app, "SELECT COUNT(*) AS count FROM invoices WHERE client_id = $1", &client).await, 1);
        let nameless = "SELECT COUNT(*) AS count FROM clients WHERE id = $1 AND name = 'Erased client'";
        assert_eq!(count(&app, nameless, &client).await, 1);
        for gone in [
            "SELECT COUNT(*) AS count FROM cases WHERE id = $1",
            "SELECT COUNT(*) AS count FROM case_parties WHERE case_id = $1",
            "SELECT COUNT(*) AS count FROM case_notes WHERE case_id = $1",
            "SELECT COUNT(*) AS count FROM case_numbers WHERE case_id = $1",
        ] {
            assert_eq!(count(&app, gone, &case).await, 0, "{gone}");
        }
    }

    async fn the_register_answers_quickly_over_five_thousand_cases(app: TestApp) {
        let lead = app.person("lead@example.in", "advocate", None).await;
        let first = lead.open_case("Anchor v. Chain").await.parse::<Uuid>().unwrap();
        let db = firm::tables(&app).await;
        let mut tx = db.write().await.unwrap();
        for number in 0..5_000 {
            let id = CaseId::new();
            let insert = "INSERT INTO cases (id, organisation_id, title, number, court, status,
                     opened_on, created_at)
                 SELECT $1, c.organisation_id, $3, $4, 'District Court Saket', 'open',
                     '2026-01-02', c.created_at
                 FROM cases c WHERE c.id = $2";
            let insert = Sql::new(insert).bind(id).bind(first);
            let insert = insert.bind(format!("Gupta {number} v. Rao"));
            tx.execute(insert.bind(format!("CS {number}/2024"))).await.unwrap();
            let insert = "INSERT INTO case_members (case_id, user_id, added_at, role)
                 SELECT $1, m.user_id, m.added_at, 'lead' FROM case_members m WHERE m.case_id = $2";
            tx.execute(Sql::new(insert).bind(id).bind(first)).await.unwrap();
        }
        tx.commit().await.unwrap();
        for query in ["order=next_date", "q=gupta+4321", "q=CS+4321%2F2024", "status=open&order=title"] {
            let begun = Instant::now();
            let found = lead.get(&format!("/api/v1/cases/register?{query}")).await;
            let took = begun.elapsed();
            done(&found);
            println!("register of 5,001 cases, {query}: {took:?}, {} found", found.body["total"]);
            // Most of it is the scope, which names every case of the caller.
            assert!(took < Duration::from_secs(3), "{query}: {took:?}");
        }
        assert_eq!(register(&lead, "q=gupta+4321").await, ["Gupta 4321 v. Rao"]);
    }
}
