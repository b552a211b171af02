//! Conversations: branches, names, search, deletion, feedback and pinned answers, and
//! answers that outlive what happens to their documents.

use axum::body::Body;
use axum::http::{Method, StatusCode};
use munshi::db::{Db, Sql};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::firm::{run, tables};
use crate::on_both_engines;
use crate::support::{Caller, TestApp};

const RENT: &str = "The tenant paid the rent of May in June. The landlord accepted it without \
                    protest. The tenancy ended in July.";

/// A case with a document, and who opened it.
async fn with_paper(app: &TestApp) -> (Caller, String, String) {
    let admin = app.admin().await;
    let case = admin.open_case("Rao v. Iyer").await;
    let document = upload(&admin, &case, "rent.txt", RENT).await;
    app.settle().await;
    (admin, case, document)
}

async fn upload(caller: &Caller, case: &str, name: &str, text: &str) -> String {
    let path = format!("/api/v1/cases/{case}/documents");
    let received = caller.upload(&path, name, text.as_bytes()).await;
    assert!(received.status.is_success(), "{received:?}");
    received.body["document_id"].as_str().unwrap().to_owned()
}

async fn ask(caller: &Caller, question: &str, more: Value) -> Value {
    let mut body = json!({ "question": question });
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let answer = caller.post("/api/v1/ask", body).await;
    assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
    answer.body
}

/// Waits for an answer that was begun.
async fn answered(caller: &Caller, begun: &crate::support::Answer) -> Value {
    assert_eq!(begun.status, StatusCode::ACCEPTED, "{begun:?}");
    let id = begun.body["message_id"].as_str().unwrap();
    for _ in 0..600 {
        let message = caller.get(&format!("/api/v1/messages/{id}")).await.body;
        if message["status"] != "running" {
            return message;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("no answer came");
}

fn id(value: &Value) -> String {
    value["id"].as_str().unwrap_or_else(|| panic!("{value}")).to_owned()
}

fn ids(messages: &Value) -> Vec<String> {
    messages["messages"].as_array().unwrap().iter().map(id).collect()
}

async fn rows(db: &Db, text: &'static str) -> i64 {
    let mut tx = db.read().await.unwrap();
    tx.one::<(i64,)>(Sql::new(text)).await.unwrap().0
}

async fn person(app: &TestApp, email: &str) -> (Caller, String) {
    let caller = app.person(email, "advocate", None).await;
    let users = app.admin().await.get("/api/v1/users").await.body;
    let user = users.as_array().unwrap().iter().find(|user| user["email"] == email).unwrap();
    (caller, id(user))
}

async fn add_to(admin: &Caller, case: &str, user: &str) {
    let member = json!({ "user_id": user, "role": "member" });
    let added = admin.post(&format!("/api/v1/cases/{case}/members"), member).await;
    assert!(added.status.is_success(), "{added:?}");
}

async fn wall(admin: &Caller, case: &str, user: &str) {
    let wall = json!({ "user_id": user, "case_id": case, "reason": "conflict" });
    let raised = admin.post("/api/v1/walls", wall).await;
    assert_eq!(raised.status, StatusCode::CREATED, "{raised:?}");
}

on_both_engines! {
    async fn a_conversation_branches_and_every_branch_is_reached(app: TestApp) {
        let (admin, case, _) = with_paper(&app).await;
        let first = ask(&admin, "When was the rent of May paid?", json!({ "case_id": case })).await;
        let conversation = first["conversation_id"].as_str().unwrap().to_owned();
        let path = format!("/api/v1/conversations/{conversation}");

        // Another answer to the same question: the newest is shown, the earlier reached.
        let again = admin.post(&format!("/api/v1/messages/{}/again", id(&first)), json!({})).await;
        let second = answered(&admin, &again).await;
        assert_eq!(second["parent_id"], first["parent_id"]);
        assert_eq!(second["variants"], json!([id(&first), id(&second)]));
        let shown = admin.get(&path).await.body;
        assert_eq!(ids(&shown).last(), Some(&id(&second)));
        let earlier = admin.get(&format!("{path}?through={}", id(&first))).await.body;
        assert_eq!(ids(&earlier).last(), Some(&id(&first)));

        // A question goes on after the answer that is named.
        let more = json!({ "conversation_id": conversation, "after": id(&first) });
        let third = ask(&admin, "When did the tenancy end?", more).await;
        let earlier = admin.get(&format!("{path}?through={}", id(&first))).await.body;
        assert_eq!(ids(&earlier).last(), Some(&id(&third)));
        assert_eq!(ids(&admin.get(&path).await.body).len(), 2, "the newest branch is another");

        // An edited question begins a branch of its own.
        let question = third["parent_id"].as_str().unwrap().to_owned();
        let edit = format!("/api/v1/messages/{question}/edit");
        let edited = admin.post(&edit, json!({ "question": "Why did the tenancy end?" })).await;
        let fourth = answered(&admin, &edited).await;
        let shown = admin.get(&format!("{path}?through={}", id(&fourth))).await.body;
        assert_eq!(shown["messages"].as_array().unwrap().len(), 4);
        assert_eq!(shown["messages"][2]["text"], "Why did the tenancy end?");
        let variants = &shown["messages"][2]["variants"];
        assert_eq!(variants[0], json!(question), "{variants}");
        let earlier = admin.get(&format!("{path}?through={question}")).await.body;
        assert_eq!(earlier["messages"][2]["text"], "When did the tenancy end?");

        // An answer is not edited, nor a question answered again; nor either by others.
        let no_question = format!("/api/v1/messages/{}/edit", id(&fourth));
        let refused = admin.post(&no_question, json!({ "question": "x" })).await;
        assert_eq!(refused.status, StatusCode::NOT_FOUND);
        let (other, _) = person(&app, "ravi@example.in").await;
        for path in [format!("/api/v1/messages/{}/again", id(&first)), edit] {
            let refused = other.post(&path, json!({ "question": "x" })).await;
            assert_eq!(refused.status, StatusCode::NOT_FOUND, "{path}");
        }
        let db = tables(&app).await;
        let noted = "SELECT COUNT(*) FROM audit_log WHERE action IN ('question.again', 'question.edit')";
        assert_eq!(rows(&db, noted).await, 2);
    }

    async fn conversations_are_named_found_paged_exported_and_deleted(app: TestApp) {
        let (admin, case, _) = with_paper(&app).await;
        let rent = ask(&admin, "When was the rent of May paid? Tell me the day, please", json!({ "case_id": case })).await;
        let weather = ask(&admin, "Which breed of dog won in Helsinki?", json!({})).await;
        let of = |answer: &Value| answer["conversation_id"].as_str().unwrap().to_owned();
        let list = admin.get("/api/v1/conversations").await.body;
        let listed: Vec<&str> = list.as_array().unwrap().iter().map(|row| row["title"].as_str().unwrap()).collect();
        assert_eq!(listed, ["Which breed of dog won in Helsinki?", "When was the rent of May paid?"]);

        // Found by words of question and answer, all of which must stand in it.
        for (words, found) in [
            ("rent", vec![of(&rent)]),
            ("HELSINKI", vec![of(&weather)]),
            ("rent june", vec![of(&rent)]),
            ("rent helsinki", vec![]),
            ("%25", vec![]),
        ] {
            let matching = admin.get(&format!("/api/v1/conversations?words={}", words.replace(' ', "+"))).await.body;
            let matching: Vec<String> = matching.as_array().unwrap().iter().map(id).collect();
            assert_eq!(matching, found, "{words}");
        }
        let (other, _) = person(&app, "ravi@example.in").await;
        assert_eq!(other.get("/api/v1/conversations?words=rent").await.body, json!([]));

        let first = admin.get("/api/v1/conversations?limit=1").await.body;
        assert_eq!(id(&first[0]), of(&weather));
        let next = admin.get(&format!("/api/v1/conversations?limit=1&after={}", of(&weather))).await.body;
        assert_eq!(id(&next[0]), of(&rent));
        let beyond = admin.get(&format!("/api/v1/conversations?after={}", of(&rent))).await.body;
        assert_eq!(beyond, json!([]));
        let in_case = admin.get(&format!("/api/v1/conversations?case={case}")).await.body;
        assert_eq!(in_case.as_array().unwrap().len(), 1);

        let path = format!("/api/v1/conversations/{}", of(&rent));
        assert_eq!(other.put(&path, json!({ "title": "x" })).await.status, StatusCode::NOT_FOUND);
        let empty = admin.put(&path, json!({ "title": "  " })).await;
        assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY, "{empty:?}");
        assert_eq!(admin.put(&path, json!({ "title": " Rent  of May " })).await.status, StatusCode::NO_CONTENT);
        assert_eq!(admin.get(&path).await.body["title"], "Rent of May");

        let export = admin.get(&format!("{path}/export")).await;
        assert_eq!(export.status, StatusCode::OK, "{export:?}");
        let answer = &export.body["messages"][1];
        let excerpt = answer["sources"][0]["excerpt"].as_str();
        assert!(excerpt.is_some_and(|text| text.contains("rent of May")), "{}", export.body);
        assert_eq!(other.get(&format!("{path}/export")).await.status, StatusCode::NOT_FOUND);

        let db = tables(&app).await;
        let calls = rows(&db, "SELECT COUNT(*) FROM model_calls WHERE purpose = 'answer'").await;
        assert_eq!(other.delete(&path).await.status, StatusCode::NOT_FOUND);
        let hold = json!({ "case_id": case, "reason": "Suit pending" });
        let hold = admin.post("/api/v1/holds", hold).await.body;
        assert_eq!(admin.delete(&path).await.status, StatusCode::CONFLICT);
        let settled = json!({ "reason": "Settled" });
        admin.post(&format!("/api/v1/holds/{}/lift", id(&hold)), settled).await;
        assert_eq!(admin.delete(&path).await.status, StatusCode::NO_CONTENT);
        assert_eq!(admin.get(&path).await.status, StatusCode::NOT_FOUND);
        assert_eq!(rows(&db, "SELECT COUNT(*) FROM model_calls WHERE purpose = 'answer'").await, calls);
        assert_eq!(rows(&db, "SELECT COUNT(*) FROM conversations").await, 1);
        let noted = "SELECT COUNT(*) FROM audit_log WHERE action = 'conversation.delete'";
        assert_eq!(rows(&db, noted).await, 1);
    }

    async fn an_answer_behind_a_wall_is_not_found_by_its_words(app: TestApp) {
        let (admin, case, _) = with_paper(&app).await;
        let (ravi, user) = person(&app, "ravi@example.in").await;
        add_to(&admin, &case, &user).await;
        // Asked over everything, so that the conversation itself is of no case.
        let answer = ask(&ravi, "When was the rent of May paid?", json!({})).await;
        assert!(answer["text"].as_str().unwrap().contains("June"), "{answer}");
        let found = ravi.get("/api/v1/conversations?words=june").await.body;
        assert_eq!(found.as_array().unwrap().len(), 1);
        wall(&admin, &case, &user).await;
        assert_eq!(ravi.get("/api/v1/conversations?words=june").await.body, json!([]));
        let own = ravi.get("/api/v1/conversations?words=when").await.body;
        assert_eq!(own.as_array().unwrap().len(), 1, "the question is their own");
    }

    async fn feedback_is_read_within_the_walls(app: TestApp) {
        let (admin, case, _) = with_paper(&app).await;
        let (ravi, user) = person(&app, "ravi@example.in").await;
        add_to(&admin, &case, &user).await;
        let answer = ask(&ravi, "When was the rent of May paid?", json!({ "case_id": case })).await;
        let path = format!("/api/v1/messages/{}/feedback", id(&answer));
        let judged = json!({ "helpful": false, "reason": "incomplete", "words": "=The day is missing" });
        assert_eq!(admin.put(&path, judged.clone()).await.status, StatusCode::NOT_FOUND, "not theirs");
        assert_eq!(ravi.put(&path, judged).await.status, StatusCode::NO_CONTENT);
        let unknown = json!({ "helpful": false, "reason": "boring" });
        assert!(ravi.put(&path, unknown).await.status.is_client_error());
        let own = ravi.get(&format!("/api/v1/messages/{}", id(&answer))).await.body;
        assert_eq!(own["feedback"]["reason"], "incomplete", "{own}");

        assert_eq!(ravi.get("/api/v1/feedback").await.status, StatusCode::NOT_FOUND);
        let read = admin.get("/api/v1/feedback").await.body;
        assert_eq!(read["counts"][0], json!({ "helpful": false, "reason": "incomplete", "count": 1 }));
        assert_eq!(read["given"][0]["question"], "When was the rent of May paid?");
        assert_eq!(read["given"][0]["words"], "=The day is missing");
        let csv = admin.get("/api/v1/feedback.csv").await;
        assert!(csv.text.contains("incomplete,\"'=The day is missing\""), "{}", csv.text);

        // Another admin, behind a wall, sees that there is something and not what.
        let second = app.person("second@example.in", "admin", None).await;
        let users = admin.get("/api/v1/users").await.body;
        let user = users.as_array().unwrap().iter().find(|user| user["email"] == "second@example.in");
        wall(&admin, &case, &id(user.unwrap())).await;
        let read = second.get("/api/v1/feedback").await;
        assert_eq!(read.body["counts"][0]["count"], 1);
        assert_eq!(read.body["given"][0]["question"], Value::Null, "{read:?}");
        for word in ["rent", "missing", "Rao v. Iyer"] {
            assert!(!read.text.contains(word), "{word}: {}", read.text);
            assert!(!second.get("/api/v1/feedback.csv").await.text.contains(word), "{word}");
        }

        // A later word replaces the earlier.
        assert_eq!(ravi.put(&path, json!({ "helpful": true })).await.status, StatusCode::NO_CONTENT);
        let read = admin.get("/api/v1/feedback").await.body;
        assert_eq!(read["counts"], json!([{ "helpful": true, "reason": null, "count": 1 }]));
    }

    async fn a_pinned_answer_is_seen_by_those_to_whom_it_is_open(app: TestApp) {
        let (admin, case, _) = with_paper(&app).await;
        let (ravi, ravi_id) = person(&app, "ravi@example.in").await;
        let (mira, mira_id) = person(&app, "mira@example.in").await;
        add_to(&admin, &case, &ravi_id).await;
        add_to(&admin, &case, &mira_id).await;
        let answer = ask(&ravi, "When was the rent of May paid?", json!({ "case_id": case })).await;
        let pin = format!("/api/v1/messages/{}/pin", id(&answer));
        let none = Body::empty;
        assert_eq!(mira.send(Method::POST, &pin, none(), None).await.status, StatusCode::NOT_FOUND);
        assert_eq!(ravi.send(Method::POST, &pin, none(), None).await.status, StatusCode::NO_CONTENT);
        let path = format!("/api/v1/cases/{case}/pinned");
        let pinned = mira.get(&path).await.body;
        assert_eq!(pinned[0]["question"], "When was the rent of May paid?", "{pinned}");
        assert_eq!(pinned[0]["pinned_by"], "ravi@example.in");
        assert!(pinned[0]["answer"]["text"].as_str().unwrap().contains("June"), "{pinned}");
        assert!(!pinned[0]["answer"]["citations"].as_array().unwrap().is_empty(), "{pinned}");
        assert_eq!(pinned[0]["may_unpin"], false);
        // The conversation stays its owner's.
        let message = format!("/api/v1/messages/{}", id(&answer));
        assert_eq!(mira.get(&message).await.status, StatusCode::NOT_FOUND);
        let (other, _) = person(&app, "other@example.in").await;
        assert_eq!(other.get(&path).await.status, StatusCode::NOT_FOUND);
        wall(&admin, &case, &mira_id).await;
        let walled = mira.get(&path).await;
        assert!(!walled.text.contains("June") && !walled.text.contains("rent"), "{walled:?}");
        assert_eq!(mira.delete(&pin).await.status, StatusCode::NOT_FOUND);

        // Who leads the case takes it down too.
        assert_eq!(admin.get(&path).await.body[0]["may_unpin"], true);
        assert_eq!(admin.delete(&pin).await.status, StatusCode::NO_CONTENT);
        assert_eq!(ravi.get(&path).await.body, json!([]));

        let everywhere = ask(&ravi, "When was the rent of May paid?", json!({})).await;
        let pin = format!("/api/v1/messages/{}/pin", id(&everywhere));
        let refused = ravi.send(Method::POST, &pin, none(), None).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{refused:?}");
    }

    async fn what_the_tables_said_is_shown_and_not_pinned(app: TestApp) {
        let (admin, case, _) = with_paper(&app).await;
        let (ravi, user) = person(&app, "ravi@example.in").await;
        add_to(&admin, &case, &user).await;
        let answer = ask(&ravi, "When was the rent of May paid?", json!({ "case_id": case })).await;
        let facts = json!([{ "number": 9, "title": "Hearings of Rao v. Iyer",
            "href": format!("/cases/{case}"), "text": "12 March 2027, for orders" }]);
        let db = tables(&app).await;
        let update = "UPDATE messages SET facts = $1 WHERE id = $2";
        let message: Uuid = id(&answer).parse().unwrap();
        run(&db, Sql::new(update).bind(facts.clone()).bind(message)).await;
        let path = format!("/api/v1/messages/{message}");
        assert_eq!(ravi.get(&path).await.body["facts"], facts);
        let pin = ravi.send(Method::POST, &format!("{path}/pin"), Body::empty(), None).await;
        assert_eq!(pin.status, StatusCode::UNPROCESSABLE_ENTITY, "{pin:?}");
        assert!(pin.text.contains("records"), "{pin:?}");

        // Asked over everything: a wall raised since withholds what may be of the case.
        let answer = ask(&ravi, "Which breed of dog won in Helsinki?", json!({})).await;
        let message: Uuid = id(&answer).parse().unwrap();
        let facts = json!([{ "number": 9, "title": "Hearings tomorrow", "href": "/hearings",
            "text": "Rao v. Iyer, for orders" }]);
        run(&db, Sql::new("UPDATE messages SET facts = $1, text = 'Rao v. Iyer [9].' WHERE id = $2").bind(facts).bind(message)).await;
        let path = format!("/api/v1/messages/{message}");
        assert!(ravi.get(&path).await.text.contains("Rao v. Iyer"));
        wall(&admin, &case, &user).await;
        let closed = ravi.get(&path).await;
        assert!(!closed.text.contains("Rao v. Iyer"), "{closed:?}");
    }

    async fn an_answer_outlives_a_new_version_and_a_new_index(app: TestApp) {
        let (admin, case, document) = with_paper(&app).await;
        let answer = ask(&admin, "When was the rent of May paid?", json!({ "case_id": case })).await;
        let path = format!("/api/v1/messages/{}", id(&answer));
        let before = admin.get(&path).await.body;
        assert_eq!(before["sources"][0]["newer"], Value::Null, "{before}");
        let cited = before["citations"][0].clone();
        assert!(cited["quote"].is_string(), "{before}");

        let newer = "The tenant never paid the rent of May, and the landlord sued in August.";
        let versions = format!("/api/v1/documents/{document}/versions");
        let received = admin.upload(&versions, "rent.txt", newer.as_bytes()).await;
        assert!(received.status.is_success(), "{received:?}");
        app.settle().await;
        let reread = admin.post(&format!("{versions}/1/reread"), json!({})).await;
        assert_eq!(reread.status, StatusCode::ACCEPTED, "{reread:?}");
        app.settle().await;
        app.app.search.want_new_index();
        app.settle().await;

        let after = admin.get(&path).await.body;
        assert_eq!(after["text"], before["text"]);
        assert_eq!(after["citations"][0], cited, "{after}");
        assert_eq!(after["sources"][0]["version"], 1, "{after}");
        assert_eq!(after["sources"][0]["newer"], 2, "{after}");
        assert!(after["sources"][0]["excerpt"].as_str().unwrap().contains("in June"), "{after}");
        let page = format!(
            "/api/v1/documents/{document}/versions/{}/pages/{}?start={}&end={}",
            cited["version"], cited["page"], cited["start"], cited["end"]
        );
        let page = admin.get(&page).await.body;
        assert!(page["text"].as_str().unwrap().contains(cited["quote"].as_str().unwrap()), "{page}");
    }

    async fn an_erasure_takes_all_of_a_conversation(app: TestApp) {
        let (admin, case, _) = with_paper(&app).await;
        let answer = ask(&admin, "When was the rent of May paid?", json!({ "case_id": case })).await;
        let again = admin.post(&format!("/api/v1/messages/{}/again", id(&answer)), json!({})).await;
        let second = answered(&admin, &again).await;
        let judged = json!({ "helpful": false, "words": "Rao v. Iyer is not told" });
        admin.put(&format!("/api/v1/messages/{}/feedback", id(&second)), judged).await;
        admin.send(Method::POST, &format!("/api/v1/messages/{}/pin", id(&second)), Body::empty(), None).await;
        let db = tables(&app).await;
        let all = "SELECT (SELECT COUNT(*) FROM message_events) + (SELECT COUNT(*) FROM answer_feedback)
                       + (SELECT COUNT(*) FROM pinned_answers) + (SELECT COUNT(*) FROM messages)";
        assert!(rows(&db, all).await > 6);
        let subject = json!({ "kind": "case", "id": case, "name": "Rao v. Iyer" });
        let begun = admin.post("/api/v1/erasures", subject).await;
        assert_eq!(begun.status, StatusCode::ACCEPTED, "{begun:?}");
        app.settle().await;
        let erasure = admin.get(&format!("/api/v1/erasures/{}", id(&begun.body))).await.body;
        assert_eq!(erasure["status"], "done", "{erasure}");
        assert_eq!(rows(&db, all).await, 0);
    }
}
