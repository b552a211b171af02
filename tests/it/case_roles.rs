//! Roles in a case, shares that end, walls raised and lifted, and what is said of why.

use axum::http::StatusCode;
use chrono::TimeDelta;
use munshi::kernel::{Clock, SystemClock};
use serde_json::{Value, json};

use crate::on_both_engines;
use crate::support::{Answer, Caller, TestApp};

async fn id_of(app: &TestApp, email: &str) -> String {
    let users = app.admin().await.get("/api/v1/users").await.body;
    let users = users.as_array().unwrap();
    let user = users.iter().find(|user| user["email"] == email).unwrap();
    user["id"].as_str().unwrap().to_owned()
}

fn absent(answer: &Answer) {
    assert_eq!(answer.status, StatusCode::NOT_FOUND, "{answer:?}");
}

fn done(answer: &Answer) {
    assert!(answer.status.is_success(), "{answer:?}");
}

fn problem(answer: &Answer, slug: &str) {
    assert_eq!(answer.body["type"], format!("/problems/{slug}"), "{answer:?}");
}

fn text_of(body: &Value) -> String {
    body["reasons"].to_string()
}

/// A case with a document and, when a client is named, with that client.
async fn case_of(caller: &Caller, title: &str, client: Option<&str>) -> (String, String) {
    let opened = caller.post("/api/v1/cases", json!({ "title": title, "client_id": client })).await;
    done(&opened);
    let case = opened.body["id"].as_str().unwrap().to_owned();
    let path = format!("/api/v1/cases/{case}/documents");
    let text = format!("The tenant of {title} vacated in Jaipur.");
    let received = caller.upload(&path, "note.txt", text.as_bytes()).await;
    done(&received);
    (case, received.body["document_id"].as_str().unwrap().to_owned())
}

on_both_engines! {
    async fn a_viewer_reads_and_asks_and_changes_nothing(app: TestApp) {
        let lead = app.person("lead@example.in", "advocate", None).await;
        let viewer = app.person("viewer@example.in", "staff", None).await;
        let (case, document) = case_of(&lead, "A v. B", None).await;
        app.settle().await;
        let members = format!("/api/v1/cases/{case}/members");
        let user = id_of(&app, "viewer@example.in").await;
        done(&lead.post(&members, json!({ "user_id": user, "role": "viewer" })).await);

        done(&viewer.get(&format!("/api/v1/documents/{document}")).await);
        assert_eq!(viewer.get("/api/v1/search?q=Jaipur").await.body["documents"], 1);
        done(&viewer.post("/api/v1/ask", json!({ "question": "Where?", "case_id": case })).await);
        let upload = format!("/api/v1/cases/{case}/documents");
        problem(&viewer.upload(&upload, "n.txt", b"x").await, "read-only");
        let versions = format!("/api/v1/documents/{document}/versions");
        problem(&viewer.upload(&versions, "n.txt", b"x").await, "read-only");
        for (path, body) in [
            (format!("{versions}/1/reread"), json!({ "recognise_all": false })),
            (format!("{versions}/1/pages/1/retry"), json!({})),
            (format!("/api/v1/documents/{document}/share"), json!({})),
            (format!("/api/v1/documents/{document}/unshare"), json!({})),
        ] {
            problem(&viewer.post(&path, body).await, "read-only");
        }
        let transcript = json!({ "text": "typed" });
        let path = format!("{versions}/1/pages/1/transcript");
        problem(&viewer.put(&path, transcript).await, "read-only");
        problem(&viewer.post(&members, json!({ "user_id": user, "role": "lead" })).await, "leads-only");

        // A member changes documents, and not the team.
        done(&lead.put(&format!("{members}/{user}"), json!({ "role": "member" })).await);
        done(&viewer.upload(&upload, "n.txt", b"a new paper").await);
        problem(&viewer.post(&members, json!({ "user_id": user, "role": "lead" })).await, "leads-only");
        // And may leave.
        done(&viewer.delete(&format!("{members}/{user}")).await);
        absent(&viewer.get(&format!("/api/v1/cases/{case}")).await);
    }

    async fn a_case_keeps_somebody_who_leads_it(app: TestApp) {
        let lead = app.person("lead@example.in", "advocate", None).await;
        app.person("next@example.in", "advocate", None).await;
        let (case, _) = case_of(&lead, "A v. B", None).await;
        let members = format!("/api/v1/cases/{case}/members");
        let (me, next) = (id_of(&app, "lead@example.in").await, id_of(&app, "next@example.in").await);
        problem(&lead.put(&format!("{members}/{me}"), json!({ "role": "viewer" })).await, "last-lead");
        problem(&lead.delete(&format!("{members}/{me}")).await, "last-lead");
        done(&lead.post(&members, json!({ "user_id": next, "role": "lead" })).await);
        done(&lead.put(&format!("{members}/{me}"), json!({ "role": "viewer" })).await);
        let scope = app.app.auth.local_admin().await.unwrap();
        let recorded = app.app.audit.recent(&scope).await.unwrap();
        let change = recorded.iter().find(|entry| entry.action == "case.member.change").unwrap();
        let role = json!({ "role": { "before": "lead", "after": "viewer" } });
        assert_eq!(change.details["changed"], role);
        assert_eq!(app.app.audit.check(scope.organisation()).await.unwrap(), None);
    }

    async fn a_share_ends_by_itself_and_is_told_of(app: TestApp) {
        let admin = app.admin().await;
        let new = json!({ "name": "Sharma Traders", "kind": "firm" });
        let client_id = admin.post("/api/v1/clients", new).await.body["id"].as_str().unwrap().to_owned();
        let (_, document) = case_of(&admin, "A v. B", Some(&client_id)).await;
        let client = app.person("client@example.in", "client", Some(&client_id)).await;
        let share = format!("/api/v1/documents/{document}/share");
        let shares = format!("/api/v1/documents/{document}/shares");
        let past = SystemClock.now() - TimeDelta::seconds(1);
        problem(&admin.post(&share, json!({ "expires_at": past })).await, "bad-request");
        let soon = SystemClock.now() + TimeDelta::milliseconds(1500);
        done(&admin.post(&share, json!({ "expires_at": soon })).await);
        let seen = client.get("/api/v1/portal/documents").await;
        assert_eq!(seen.body.as_array().map(Vec::len), Some(1), "{seen:?}");
        let listed = admin.get(&shares).await.body;
        assert_eq!((&listed[0]["client"], &listed[0]["ended"]), (&json!("Sharma Traders"), &json!(false)));
        while SystemClock.now() <= soon {
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        absent(&client.get(&format!("/api/v1/documents/{document}")).await);
        absent(&client.get(&format!("/api/v1/documents/{document}/versions/1/original")).await);
        assert_eq!(client.get("/api/v1/portal/documents").await.body, json!([]));
        assert_eq!(admin.get(&shares).await.body[0]["ended"], true);
        assert_eq!(admin.get(&format!("/api/v1/documents/{document}")).await.body["shares"], 0);
        // Shared anew it is open again; taken back it is not.
        done(&admin.post(&share, json!({})).await);
        done(&client.get(&format!("/api/v1/documents/{document}")).await);
        done(&admin.post(&format!("/api/v1/documents/{document}/unshare"), json!({})).await);
        absent(&client.get(&format!("/api/v1/documents/{document}")).await);
        absent(&client.get(&shares).await);
    }

    async fn a_wall_closes_a_case_to_an_admin_until_it_is_lifted_with_a_reason(app: TestApp) {
        let admin = app.admin().await;
        let second = app.person("second@example.in", "admin", None).await;
        let new = json!({ "name": "Sharma Traders", "kind": "firm" });
        let client_id = admin.post("/api/v1/clients", new).await.body["id"].as_str().unwrap().to_owned();
        let (case, document) = case_of(&admin, "Sharma v. Kapoor", Some(&client_id)).await;
        let (_, other) = case_of(&admin, "Rao v. Iyer", None).await;
        app.settle().await;
        done(&second.post("/api/v1/ask", json!({ "question": "Where?", "case_id": case })).await);
        let golden = json!({ "question": "Sharma?", "expected": [{ "document": document }] });
        done(&admin.post("/api/v1/golden", golden).await);
        let user = id_of(&app, "second@example.in").await;

        let wall = json!({ "user_id": user, "client_id": client_id, "reason": " " });
        problem(&admin.post("/api/v1/walls", wall).await, "reason-missing");
        let wall = json!({ "user_id": user, "client_id": client_id, "reason": "brother of the plaintiff" });
        let raised = admin.post("/api/v1/walls", wall.clone()).await;
        done(&raised);
        problem(&admin.post("/api/v1/walls", wall).await, "wall-stands");
        let wall = raised.body["id"].as_str().unwrap().to_owned();

        for path in [format!("/api/v1/cases/{case}"), format!("/api/v1/documents/{document}")] {
            absent(&second.get(&path).await);
        }
        done(&second.get(&format!("/api/v1/documents/{other}")).await);
        for path in [
            "/api/v1/cases", "/api/v1/clients", "/api/v1/search?q=Jaipur&facets=true",
            "/api/v1/usage?by=case", "/api/v1/usage.csv?by=case", "/api/v1/golden",
            "/api/v1/jobs", "/api/v1/jobs/dead", "/api/v1/conversations", "/api/v1/walls",
        ] {
            let seen = second.get(path).await;
            done(&seen);
            assert!(!seen.text.contains("Sharma"), "{path}: {seen:?}");
        }
        let listed = second.get("/api/v1/walls").await.body;
        assert_eq!(listed[0]["reason"], "brother of the plaintiff");
        assert_eq!((&listed[0]["what"], &listed[0]["client_id"]), (&Value::Null, &Value::Null));
        let asked = second.get(&format!("/api/v1/access?user={user}&case={case}")).await;
        absent(&asked);
        let why = admin.get(&format!("/api/v1/access?user={user}&document={document}")).await.body;
        assert_eq!(why["open"], false, "{why}");
        assert!(text_of(&why).contains("brother of the plaintiff"), "{why}");

        let lift = format!("/api/v1/walls/{wall}/lift");
        problem(&second.post(&lift, json!({ "reason": "" })).await, "reason-missing");
        done(&second.post(&lift, json!({ "reason": "raised by mistake" })).await);
        done(&second.get(&format!("/api/v1/documents/{document}")).await);
        absent(&second.post(&lift, json!({ "reason": "again" })).await);
        let listed = second.get("/api/v1/walls").await.body;
        assert_eq!(listed[0]["lifted_reason"], "raised by mistake");
        let scope = app.app.auth.local_admin().await.unwrap();
        let recorded = app.app.audit.recent(&scope).await.unwrap();
        let entry = recorded.iter().find(|entry| entry.action == "wall.lift").unwrap();
        assert_eq!(entry.details["reason"], "raised by mistake");
        assert_eq!(entry.user_id.map(|id| id.to_string()), Some(user));
    }

    async fn a_group_is_kept_out_together_and_left_with_a_reason(app: TestApp) {
        let admin = app.admin().await;
        let advocate = app.person("adv@example.in", "advocate", None).await;
        let (case, _) = case_of(&advocate, "A v. B", None).await;
        let user = id_of(&app, "adv@example.in").await;
        let group = admin.post("/api/v1/groups", json!({ "name": "Counsel" })).await;
        let group = group.body["id"].as_str().unwrap().to_owned();
        problem(&admin.post("/api/v1/groups", json!({ "name": "Counsel" })).await, "group-name-taken");
        let wall = json!({ "group_id": group, "case_id": case, "reason": "conflict" });
        done(&admin.post("/api/v1/walls", wall).await);
        done(&advocate.get(&format!("/api/v1/cases/{case}")).await);
        let member = format!("/api/v1/groups/{group}/members/{user}");
        done(&admin.put(&member, json!({})).await);
        absent(&advocate.get(&format!("/api/v1/cases/{case}")).await);
        let members = admin.get(&format!("/api/v1/cases/{case}/members")).await.body;
        assert_eq!((&members[0]["role"], &members[0]["has_access"]), (&json!("lead"), &json!(false)));
        let add = json!({ "user_id": user, "role": "lead" });
        problem(&admin.post(&format!("/api/v1/cases/{case}/members"), add).await, "no-member");
        problem(&admin.delete(&format!("/api/v1/groups/{group}")).await, "group-named");
        problem(&admin.delete(&member).await, "reason-missing");
        done(&admin.delete(&format!("{member}?reason=left+the+matter")).await);
        done(&advocate.get(&format!("/api/v1/cases/{case}")).await);
    }

    async fn billing_sees_the_register_and_nothing_in_it(app: TestApp) {
        let admin = app.admin().await;
        let billing = app.person("books@example.in", "billing", None).await;
        let new = json!({ "title": "A v. B", "summary": "a secret settlement" });
        let opened = admin.post("/api/v1/cases", new).await;
        let case = opened.body["id"].as_str().unwrap().to_owned();
        let path = format!("/api/v1/cases/{case}/documents");
        let received = admin.upload(&path, "privileged.txt", b"Jaipur").await;
        let document = received.body["document_id"].as_str().unwrap().to_owned();
        app.settle().await;
        let listed = billing.get("/api/v1/cases").await;
        assert_eq!(listed.body[0]["title"], "A v. B");
        assert_eq!(listed.body[0]["documents"], Value::Null);
        assert!(!listed.text.contains("secret"), "{listed:?}");
        done(&billing.get("/api/v1/usage?by=case").await);
        done(&billing.get("/api/v1/clients").await);
        absent(&billing.get(&path).await);
        for path in [
            format!("/api/v1/documents/{document}"), "/api/v1/search?q=Jaipur".to_owned(),
            format!("/api/v1/cases/{case}/progress"), "/api/v1/audit".to_owned(),
        ] {
            absent(&billing.get(&path).await);
        }
        absent(&billing.post("/api/v1/ask", json!({ "question": "Jaipur?" })).await);
        absent(&billing.upload(&path, "n.txt", b"x").await);
        // A wall closes the register to them too.
        let user = id_of(&app, "books@example.in").await;
        let wall = json!({ "user_id": user, "case_id": case, "reason": "party's kin" });
        done(&admin.post("/api/v1/walls", wall).await);
        assert_eq!(billing.get("/api/v1/cases").await.body, json!([]));
        assert!(!billing.get("/api/v1/usage?by=case").await.text.contains("A v. B"));
    }

    async fn the_explanation_names_who_let_them_in(app: TestApp) {
        let lead = app.person("lead@example.in", "advocate", None).await;
        let member = app.person("member@example.in", "staff", None).await;
        app.person("outside@example.in", "advocate", None).await;
        let (case, _) = case_of(&lead, "A v. B", None).await;
        let user = id_of(&app, "member@example.in").await;
        let members = format!("/api/v1/cases/{case}/members");
        done(&lead.post(&members, json!({ "user_id": user })).await);
        let why = lead.get(&format!("/api/v1/access?user={user}&case={case}")).await.body;
        assert_eq!(why["open"], true, "{why}");
        assert!(text_of(&why).contains("works on the case since"), "{why}");
        assert!(text_of(&why).contains("let in by lead@example.in"), "{why}");
        let outside = id_of(&app, "outside@example.in").await;
        let why = lead.get(&format!("/api/v1/access?user={outside}&case={case}")).await.body;
        assert_eq!(why["open"], false, "{why}");
        // Who does not lead the case may not ask.
        absent(&member.get(&format!("/api/v1/access?user={outside}&case={case}")).await);
    }
}
