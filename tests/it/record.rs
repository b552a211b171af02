//! The record is complete: every class of act leaves its row, changes with what was and
//! what is, failures too, and a wall holds in it.

use axum::http::StatusCode;
use munshi::audit::{Entry, Filter};
use munshi::db::Dialect;
use serde_json::{Value, json};

use crate::on_both_engines;
use crate::support::pages::Pages;
use crate::support::{Answer, Caller, PASSWORD, TestApp};

const ORDER: &[u8] = b"Reliance is placed on 2024 INSC 835 : (2024) 9 SCC 1, on the delay in \
                       delivering possession of the flat to the buyer.";
const REPLY: &[u8] = b"See (2024) 9 SCC 1, where the builder's delay in delivering possession of \
                       the flat was held a deficiency of service.";

fn id_of(answer: &Answer) -> String {
    assert!(answer.status.is_success(), "{answer:?}");
    answer.body["id"].as_str().unwrap_or_else(|| panic!("{answer:?}")).to_owned()
}

fn done(answer: &Answer) {
    assert!(answer.status.is_success(), "{answer:?}");
}

/// The record as the person at the machine reads it, the oldest row first.
async fn record(app: &TestApp) -> Vec<Entry> {
    let scope = app.app.auth.local_admin().await.unwrap();
    let all = Filter { limit: 500, ..Filter::default() };
    let mut rows = app.app.audit.list(&scope, &all).await.unwrap();
    rows.reverse();
    rows
}

/// The last row of an action whose details hold some values.
fn row(rows: &[Entry], action: &str, wanted: &[(&str, Value)]) -> Entry {
    let fits = |row: &&Entry| {
        row.action == action && wanted.iter().all(|(key, value)| row.details[*key] == *value)
    };
    let found = rows.iter().rev().find(fits).cloned();
    found.unwrap_or_else(|| {
        let told = rows.iter().map(|row| format!("{} {}", row.action, row.details));
        panic!("no {action} with {wanted:?} in:\n{}", told.collect::<Vec<_>>().join("\n"))
    })
}

async fn user_id(admin: &Caller, email: &str) -> String {
    let users = admin.get("/api/v1/users").await.body;
    let user = users.as_array().unwrap().iter().find(|user| user["email"] == email).cloned();
    user.unwrap()["id"].as_str().unwrap().to_owned()
}

async fn upload(who: &Caller, case: &str, name: &str, bytes: &[u8]) -> String {
    let received = who.upload(&format!("/api/v1/cases/{case}/documents"), name, bytes).await;
    done(&received);
    received.body["document_id"].as_str().unwrap().to_owned()
}

/// A chamber with a client, who signs in, an advocate, and a case with two documents, one
/// of them in two versions.
struct Chamber {
    reader: Caller,
    client: String,
    advocate: String,
    case: String,
    order: String,
    versions: String,
}

async fn chamber(app: &TestApp) -> Chamber {
    let admin = app.admin().await;
    let new = json!({ "name": "Sharma Traders", "kind": "firm" });
    let client = id_of(&admin.post("/api/v1/clients", new).await);
    let reader = app.person("reader@example.in", "client", Some(&client)).await;
    app.person("adv@example.in", "advocate", None).await;
    let advocate = user_id(&admin, "adv@example.in").await;
    let new = json!({ "title": "A v. B", "client_id": client });
    let case = id_of(&admin.post("/api/v1/cases", new).await);
    let order = upload(&admin, &case, "order.txt", ORDER).await;
    upload(&admin, &case, "reply.txt", REPLY).await;
    let versions = format!("/api/v1/documents/{order}/versions");
    let second = [ORDER, b" It was read again."].concat();
    done(&admin.upload(&versions, "order.txt", &second).await);
    app.settle().await;
    Chamber { reader, client, advocate, case, order, versions }
}

/// Nothing personal is in the record, and none of it was changed.
async fn whole_and_impersonal(app: &TestApp, rows: &[Entry]) {
    let all: String = rows.iter().map(|row| row.details.to_string()).collect();
    for personal in ["Sharma", "example.in", PASSWORD, "delay", "possession", "order.txt"] {
        assert!(!all.contains(personal), "the record holds `{personal}`");
    }
    let scope = app.app.auth.local_admin().await.unwrap();
    let verdict = app.app.audit.verify(scope.organisation(), None).await.unwrap();
    assert_eq!(verdict.finding, None);
}

on_both_engines! {
    async fn every_class_of_act_leaves_its_row(app: TestApp) {
        let admin = app.admin().await;
        let wrong = json!({ "email": "admin@example.in", "password": "not the password 1" });
        let refused = app.anonymous().post("/api/v1/session", wrong).await;
        assert_eq!(refused.status, StatusCode::UNAUTHORIZED, "{refused:?}");
        let Chamber { reader, client, case, order, versions, .. } = chamber(&app).await;

        // Sign-ins.
        let mut browser = Pages::default();
        browser.sign_in(&app, "admin@example.in").await;
        let rows = record(&app).await;
        row(&rows, "session.refuse", &[("how", json!("password")), ("wrong", json!(1))]);
        row(&rows, "session.open", &[("how", json!("password"))]);
        row(&rows, "session.open", &[("how", json!("code"))]);
        row(&rows, "client_code.send", &[]);

        // Views of documents and pages, through the API, on pages, by the client.
        done(&admin.get(&format!("/api/v1/documents/{order}")).await);
        done(&admin.get(&format!("{versions}/1/pages/1")).await);
        assert_eq!(browser.get(&app, &format!("/documents/{order}")).await.status, StatusCode::OK);
        let changes = browser.get(&app, &format!("/documents/{order}/changes?from=1&to=2")).await;
        assert_eq!(changes.status, StatusCode::OK);
        done(&admin.post(&format!("/api/v1/documents/{order}/share"), json!({})).await);
        done(&reader.get(&format!("/api/v1/documents/{order}")).await);
        let rows = record(&app).await;
        let document = ("document", json!(order));
        row(&rows, "document.receive", std::slice::from_ref(&document));
        row(&rows, "document.view", std::slice::from_ref(&document));
        row(&rows, "document.page.view", &[document.clone(), ("page", json!(1))]);
        row(&rows, "document.page.view", &[document.clone(), ("pages", json!([1])), ("version", json!(2))]);
        row(&rows, "document.compare", &[document.clone(), ("from", json!(1)), ("version", json!(2))]);
        let reader_id = user_id(&admin, "reader@example.in").await;
        let viewed = |row: &&Entry| row.action == "document.view" && row.details["document"] == json!(order);
        let viewers = rows.iter().filter(viewed).filter_map(|row| row.user_id);
        assert!(viewers.map(|id| id.to_string()).any(|id| id == reader_id), "the client's view");

        // Searches of every kind.
        let found = admin.get("/api/v1/search/citing?authority=2024%20INSC%20835").await;
        let passage = found.body["hits"][0]["passage"].as_str().unwrap_or_else(|| panic!("{found:?}")).to_owned();
        done(&admin.get(&format!("/api/v1/search/similar?passage={passage}")).await);
        done(&admin.get(&format!("/api/v1/search?q=possession&case={case}")).await);
        done(&admin.get("/api/v1/search?q=&year=2024").await);
        done(&admin.get(&format!("{versions}/2/find?q=delay")).await);
        done(&admin.get("/api/v1/occurrences?kind=citation&normal=2024%20INSC%20835").await);
        for path in ["/search?q=deficiency", "/search/citing?authority=AIR+1973+SC+1461"] {
            assert_eq!(browser.get(&app, path).await.status, StatusCode::OK, "{path}");
        }
        assert_eq!(browser.get(&app, &format!("/search/similar?passage={passage}")).await.status, StatusCode::OK);
        let rows = record(&app).await;
        for kind in ["words", "citing", "similar", "inside", "mentions", "filters"] {
            row(&rows, "search", &[("kind", json!(kind))]);
        }
        let words = row(&rows, "search", &[("case", json!(case))]);
        assert_eq!(words.details["query"].as_str().map(str::len), Some(32), "{words:?}");
        row(&rows, "search", &[("kind", json!("inside")), document.clone()]);
        let citing = |row: &&Entry| row.action == "search" && row.details["kind"] == "citing";
        assert_eq!(rows.iter().filter(citing).count(), 2, "one through the API, one on a page");

        // Questions, answers, and reading them again.
        let question = json!({ "question": "What was delayed?", "case_id": case });
        let answer = admin.post("/api/v1/ask", question).await;
        done(&answer);
        let (talk, message) = (answer.body["conversation_id"].clone(), answer.body["id"].clone());
        done(&admin.get(&format!("/api/v1/conversations/{}", talk.as_str().unwrap())).await);
        done(&admin.get(&format!("/api/v1/messages/{}", message.as_str().unwrap())).await);
        let rows = record(&app).await;
        let about = [("conversation", talk.clone()), ("case", json!(case))];
        row(&rows, "question.ask", &about);
        row(&rows, "question.answer", &about);
        row(&rows, "conversation.view", &about);
        row(&rows, "conversation.view", &[("message", message)]);

        // Downloads and exports.
        done(&admin.get(&format!("{versions}/1/original")).await);
        for path in ["/api/v1/usage.csv", "/api/v1/golden.jsonl", "/api/v1/audit.csv"] {
            done(&admin.get(path).await);
        }
        let export = json!({ "kind": "client", "id": client });
        let export = id_of(&admin.post("/api/v1/exports", export).await);
        app.settle().await;
        done(&admin.get(&format!("/api/v1/exports/{export}/file")).await);
        let rows = record(&app).await;
        row(&rows, "document.download", std::slice::from_ref(&document));
        for action in ["costs.export", "golden.export", "record.export"] {
            row(&rows, action, &[]);
        }
        for action in ["export.begin", "export.done", "export.fetch"] {
            row(&rows, action, &[("export", json!(export))]);
        }

        // Erasures; and signing out.
        let erasure = json!({ "kind": "document", "id": order, "name": "order" });
        let erasure = id_of(&admin.post("/api/v1/erasures", erasure).await);
        app.settle().await;
        done(&admin.delete("/api/v1/session").await);
        let rows = record(&app).await;
        row(&rows, "erasure.begin", &[("erasure", json!(erasure))]);
        row(&rows, "erasure.done", &[("erasure", json!(erasure))]);
        row(&rows, "session.close", &[]);

        whole_and_impersonal(&app, &rows).await;
    }

    async fn every_change_of_rights_leaves_its_row(app: TestApp) {
        let admin = app.admin().await;
        let Chamber { advocate, case, order, .. } = chamber(&app).await;
        let document = ("document", json!(order));
        let mut browser = Pages::default();
        browser.sign_in(&app, "admin@example.in").await;
        done(&admin.post(&format!("/api/v1/documents/{order}/share"), json!({})).await);
        let csrf = browser.csrf(&app).await;
        let unshared = browser.post(&app, &format!("/documents/{order}/unshare"), &[("csrf", &csrf)]).await;
        assert!(unshared.status.is_redirection(), "{}", unshared.text);
        let members = format!("/api/v1/cases/{case}/members");
        done(&admin.post(&members, json!({ "user_id": advocate, "role": "lead" })).await);
        done(&admin.delete(&format!("{members}/{advocate}")).await);
        let wall = json!({ "user_id": advocate, "case_id": case, "reason": "conflict" });
        let wall = id_of(&admin.post("/api/v1/walls", wall).await);
        done(&admin.post(&format!("/api/v1/walls/{wall}/lift"), json!({ "reason": "over" })).await);
        let hold = id_of(&admin.post("/api/v1/holds", json!({ "case_id": case, "reason": "x" })).await);
        done(&admin.post(&format!("/api/v1/holds/{hold}/lift"), json!({ "reason": "y" })).await);
        let saved = json!({ "name": "Delay", "search": "q=delay" });
        let saved = id_of(&admin.post("/api/v1/saved-searches", saved).await);
        done(&admin.delete(&format!("/api/v1/saved-searches/{saved}")).await);
        let token = json!({ "name": "script", "scopes": ["search"], "days": 3 });
        done(&admin.post("/api/v1/tokens", token).await);
        let rows = record(&app).await;
        for action in ["document.share", "document.unshare"] {
            row(&rows, action, std::slice::from_ref(&document));
        }
        for (action, key, id) in [
            ("case.member.add", "user", &advocate),
            ("case.member.remove", "user", &advocate),
            ("wall.raise", "wall", &wall),
            ("wall.lift", "wall", &wall),
            ("hold.place", "hold", &hold),
            ("hold.lift", "hold", &hold),
            ("saved_search.save", "saved_search", &saved),
            ("saved_search.delete", "saved_search", &saved),
        ] {
            row(&rows, action, &[(key, json!(id))]);
        }
        row(&rows, "token.make", &[]);
        whole_and_impersonal(&app, &rows).await;
    }

    async fn changes_carry_what_was_and_what_is(app: TestApp) {
        let admin = app.admin().await;
        app.person("adv@example.in", "advocate", None).await;
        let advocate = user_id(&admin, "adv@example.in").await;
        let new = json!({ "name": "Sharma Traders", "kind": "firm" });
        let client = id_of(&admin.post("/api/v1/clients", new).await);
        let new = json!({ "title": "A v. B", "client_id": client });
        let case = id_of(&admin.post("/api/v1/cases", new).await);
        let order = upload(&admin, &case, "order.txt", ORDER).await;
        app.settle().await;
        let member = format!("/api/v1/cases/{case}/members/{advocate}");
        let add = json!({ "user_id": advocate, "role": "member" });
        done(&admin.post(&format!("/api/v1/cases/{case}/members"), add).await);
        done(&admin.put(&member, json!({ "role": "viewer" })).await);
        let share = format!("/api/v1/documents/{order}/share");
        done(&admin.post(&share, json!({})).await);
        done(&admin.post(&share, json!({ "expires_at": "2999-01-01T00:00:00Z" })).await);
        for (ended_on, years) in [("2020-03-01", 8), ("2020-03-01", 9)] {
            let rule = json!({ "case_id": case, "ended_on": ended_on, "years": years });
            done(&admin.put("/api/v1/retention", rule).await);
        }
        done(&admin.put("/api/v1/factor-rules/staff", json!({ "required": true })).await);
        done(&admin.post(&format!("/api/v1/users/{advocate}/deactivate"), json!({})).await);
        let group = id_of(&admin.post("/api/v1/groups", json!({ "name": "North" })).await);
        done(&admin.put(&format!("/api/v1/groups/{group}"), json!({ "name": "South" })).await);
        let wall = json!({ "group_id": group, "client_id": client, "reason": "conflict" });
        done(&admin.post("/api/v1/walls", wall).await);
        let saved = json!({ "name": "Sharma", "search": "q=delay" });
        let saved = id_of(&admin.post("/api/v1/saved-searches", saved).await);
        done(&admin.put(&format!("/api/v1/saved-searches/{saved}"), json!({ "name": "Verma" })).await);
        let transcript = json!({ "text": "typed anew" });
        done(&admin.put(&format!("/api/v1/documents/{order}/versions/1/pages/1/transcript"), transcript).await);
        let rows = record(&app).await;
        for (action, changed) in [
            ("case.member.add", json!({ "role": { "before": null, "after": "member" } })),
            ("case.member.change", json!({ "role": { "before": "member", "after": "viewer" } })),
            ("retention.set", json!({ "years": { "before": 8, "after": 9 } })),
            ("factor.rule", json!({ "required": { "before": false, "after": true } })),
            ("user.deactivate", json!({ "active": { "before": true, "after": false } })),
            ("group.rename", json!({ "name": { "before": "North", "after": "South" } })),
            ("wall.raise", json!({ "stands": { "before": false, "after": true } })),
            ("saved_search.rename", json!({ "name": "withheld" })),
            ("document.page.transcribe", json!({
                "method": { "before": "source", "after": "transcript" }, "text": "withheld",
            })),
        ] {
            assert_eq!(row(&rows, action, &[]).details["changed"], changed, "{action}");
        }
        let share = &row(&rows, "document.share", &[]).details["changed"]["shared_until"];
        assert_eq!(share["before"], "taken back", "{share}");
        assert!(share["after"].as_str().is_some_and(|day| day.starts_with("2999")), "{share}");

        // The page tells it in words.
        let mut browser = Pages::default();
        browser.sign_in(&app, "admin@example.in").await;
        let page = browser.get(&app, "/admin/record?action=case").await;
        assert!(page.text.contains("member → viewer"), "{}", page.text);
    }

    async fn a_stranger_who_is_refused_is_recorded_and_a_flood_is_not(app: TestApp) {
        app.admin().await;
        let attempt = |email: String| {
            let body = json!({ "email": email, "password": "not the password 1" });
            let caller = app.anonymous();
            async move { caller.post("/api/v1/session", body).await }
        };
        let first = attempt("Nobody@Example.in".into()).await;
        let again = attempt("nobody@example.in ".into()).await;
        let known = attempt("admin@example.in".into()).await;
        assert_eq!((first.status, &first.text), (again.status, &again.text));
        assert_eq!((first.status, &first.text), (known.status, &known.text));
        let rows = record(&app).await;
        let refused: Vec<&Entry> = rows.iter().filter(|row| row.action == "session.refuse").collect();
        assert_eq!(refused.len(), 3, "{refused:?}");
        let account = refused[0].details["account"].as_str().unwrap();
        assert_eq!(account.len(), 32);
        assert_eq!(refused[1].details["account"], account, "the same address, however written");
        assert_eq!(refused[0].address.as_deref(), Some("127.0.0.0/24"));
        assert_eq!(refused[0].user_id, None);
        assert!(refused[2].details["user"].is_string() && refused[2].details.get("account").is_none());
        assert!(rows.iter().all(|row| !row.details.to_string().to_lowercase().contains("nobody")));
        let page = app.admin().await.get("/api/v1/audit?action=session").await;
        assert!(!page.text.to_lowercase().contains("nobody@"), "{}", page.text);
    }

    async fn what_is_behind_a_wall_is_withheld_in_the_record(app: TestApp) {
        let admin = app.admin().await;
        let walled = app.person("second@example.in", "admin", None).await;
        let second = user_id(&admin, "second@example.in").await;
        let new = json!({ "name": "Sharma Traders", "kind": "firm" });
        let client = id_of(&admin.post("/api/v1/clients", new).await);
        let new = json!({ "title": "Walled v. Rest", "client_id": client });
        let case = id_of(&admin.post("/api/v1/cases", new).await);
        let other = admin.open_case("Open v. Rest").await;
        let order = upload(&admin, &case, "order.txt", ORDER).await;
        app.settle().await;
        done(&admin.get(&format!("/api/v1/documents/{order}")).await);
        let answer = admin.post("/api/v1/ask", json!({ "question": "What was delayed?", "case_id": case })).await;
        let talk = answer.body["conversation_id"].as_str().unwrap().to_owned();
        let export = id_of(&admin.post("/api/v1/exports", json!({ "kind": "client", "id": client })).await);
        let hold = id_of(&admin.post("/api/v1/holds", json!({ "client_id": client, "reason": "x" })).await);
        done(&admin.post(&format!("/api/v1/holds/{hold}/lift"), json!({ "reason": "y" })).await);
        app.settle().await;
        let secrets = [&case, &order, &client, &talk, &export, &hold];
        let before = walled.get("/api/v1/audit?limit=500").await.text;
        assert!(secrets.iter().all(|id| before.contains(id.as_str())), "{before}");

        let wall = json!({ "user_id": second, "client_id": client, "reason": "conflict of interest" });
        let wall = id_of(&admin.post("/api/v1/walls", wall).await);
        let mut browser = Pages::default();
        browser.sign_in(&app, "second@example.in").await;
        let answers = [
            walled.get("/api/v1/audit?limit=500").await.text,
            walled.get("/api/v1/audit.csv").await.text,
            walled.get("/api/v1/audit.jsonl").await.text,
            browser.get(&app, "/admin/record").await.text,
        ];
        for (place, text) in answers.iter().enumerate() {
            for secret in secrets.iter().map(|id| id.as_str()).chain([wall.as_str(), "conflict of interest"]) {
                assert!(!text.contains(secret), "{secret} in answer {place}: {text}");
            }
            assert!(text.contains("behind an ethical wall"), "answer {place}: {text}");
            assert!(text.contains(&other), "what is open is told, in answer {place}: {text}");
        }
        // The rows are there, each with its number, who and what kind of act.
        let all = walled.get("/api/v1/audit?limit=500").await.body;
        let all = all.as_array().unwrap();
        assert_eq!(all.last().unwrap()["number"], 1);
        let newest = usize::try_from(all[0]["number"].as_i64().unwrap()).unwrap();
        assert_eq!(all.len(), newest);
        let view = all.iter().find(|row| row["action"] == "document.view").unwrap();
        assert!(view["user_id"].is_string(), "{view}");
        assert_eq!(view["details"], json!({ "withheld": "behind an ethical wall" }));
        // Asking for what is behind it finds nothing.
        for filter in [format!("case={case}"), format!("document={order}")] {
            assert_eq!(walled.get(&format!("/api/v1/audit?{filter}")).await.body, json!([]), "{filter}");
            assert_ne!(admin.get(&format!("/api/v1/audit?{filter}")).await.body, json!([]), "{filter}");
        }
        let whole = walled.post("/api/v1/audit/verify", json!({})).await;
        assert_eq!((&whole.body["whole"], &whole.body["rows"].as_u64()), (&json!(true), &u64::try_from(newest).ok()));

        done(&admin.post(&format!("/api/v1/walls/{wall}/lift"), json!({ "reason": "over" })).await);
        let after = walled.get("/api/v1/audit?limit=500").await.text;
        assert!(secrets.iter().all(|id| after.contains(id.as_str())), "{after}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stuffing_run_fills_no_disk() {
    let settings = "sign_in.wrong_per_address = 1000";
    let app = TestApp::start_with(Dialect::Sqlite, settings).await;
    app.admin().await;
    let before = record(&app).await.len();
    let mut tries = Vec::new();
    for number in 0..130 {
        let caller = app.anonymous();
        tries.push(tokio::spawn(async move {
            let email = format!("made.up.{number}@example.in");
            let body = json!({ "email": email, "password": "not the password 1" });
            caller.post("/api/v1/session", body).await.status
        }));
    }
    for attempt in tries {
        assert_eq!(attempt.await.unwrap(), StatusCode::UNAUTHORIZED);
    }
    let rows = record(&app).await;
    assert_eq!(rows.len() - before, 61, "sixty one by one, and the hundred and twentieth");
    let last = row(&rows, "session.refuse", &[("of_this_hour", json!(120))]);
    assert_eq!(last.details["how"], "password");
}
