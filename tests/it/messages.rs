//! Messages of cases: two channels that never mix, whom each is open to, what goes along,
//! and who is told.

use axum::body::Body;
use axum::http::{Method, StatusCode};
use munshi::kernel::CaseId;
use munshi::outbox::Line;
use serde_json::{Value, json};

use crate::on_both_engines;
use crate::support::letters::letters;
use crate::support::pages::Pages;
use crate::support::{Caller, TestApp};

/// A case with a client who is shown it, and everybody around it.
pub(crate) struct World {
    pub(crate) app: TestApp,
    pub(crate) admin: Caller,
    pub(crate) lead: Caller,
    helper: Caller,
    viewer: Caller,
    outsider: Caller,
    pub(crate) client: Caller,
    pub(crate) client_id: String,
    pub(crate) case: String,
}

pub(crate) async fn id_of(app: &TestApp, email: &str) -> String {
    let users = app.admin().await.get("/api/v1/users").await.body;
    let user = users.as_array().unwrap().iter().find(|user| user["email"] == email).unwrap();
    user["id"].as_str().unwrap().to_owned()
}

/// A client named Sharma Traders, of the chamber.
async fn new_client(admin: &Caller, name: &str) -> String {
    let new = json!({ "name": name, "kind": "firm" });
    admin.post("/api/v1/clients", new).await.body["id"].as_str().unwrap().to_owned()
}

impl World {
    pub(crate) async fn set_up(app: TestApp) -> Self {
        let admin = app.admin().await;
        let client_id = new_client(&admin, "Sharma Traders").await;
        let new = json!({ "title": "Sharma v. Kapoor", "client_id": client_id });
        let opened = admin.post("/api/v1/cases", new).await;
        let case = opened.body["id"].as_str().unwrap().to_owned();
        let mut people = Vec::new();
        for (email, role) in [
            ("lead@example.in", "lead"),
            ("helper@example.in", "member"),
            ("viewer@example.in", "viewer"),
        ] {
            people.push(app.person(email, "advocate", None).await);
            let member = json!({ "user_id": id_of(&app, email).await, "role": role });
            let added = admin.post(&format!("/api/v1/cases/{case}/members"), member).await;
            assert!(added.status.is_success(), "{added:?}");
        }
        let [lead, helper, viewer]: [Caller; 3] = people.try_into().ok().unwrap();
        let outsider = app.person("outsider@example.in", "advocate", None).await;
        let client = app.person("client@example.in", "client", Some(&client_id)).await;
        let scope = app.app.auth.local_admin().await.unwrap();
        app.app.portal.show(&scope, case.parse::<CaseId>().unwrap()).await.unwrap();
        Self { app, admin, lead, helper, viewer, outsider, client, client_id, case }
    }

    fn messages(&self) -> String {
        format!("/api/v1/cases/{}/messages", self.case)
    }

    fn portal(&self) -> String {
        format!("/api/v1/portal/cases/{}/messages", self.case)
    }

    pub(crate) async fn write(&self, who: &Caller, channel: &str, text: &str) -> String {
        let body = json!({ "channel": channel, "text": text });
        let sent = who.post(&self.messages(), body).await;
        assert_eq!(sent.status, StatusCode::CREATED, "{sent:?}");
        sent.body["id"].as_str().unwrap().to_owned()
    }

    pub(crate) async fn write_as_client(&self, text: &str) -> String {
        let sent = self.client.post(&self.portal(), json!({ "text": text })).await;
        assert_eq!(sent.status, StatusCode::CREATED, "{sent:?}");
        sent.body["id"].as_str().unwrap().to_owned()
    }

    async fn texts(&self, who: &Caller, channel: &str) -> Vec<String> {
        let thread = who.get(&format!("{}?channel={channel}", self.messages())).await;
        assert_eq!(thread.status, StatusCode::OK, "{thread:?}");
        texts(&thread.body["messages"])
    }

    /// Makes the case another client's, as those who lead it do.
    async fn give_to(&self, client: &str) {
        let path = format!("/api/v1/cases/{}/file", self.case);
        let shown = self.admin.get(&path).await.body;
        let mut file = shown["file"].clone();
        file["client_id"] = json!(client);
        let body = json!({ "revision": shown["revision"], "file": file });
        let changed = self.admin.put(&path, body).await;
        assert_eq!(changed.status, StatusCode::OK, "{changed:?}");
    }

    async fn show(&self, end: &str) {
        let path = format!("/api/v1/cases/{}/portal/{end}", self.case);
        let shown = self.lead.post(&path, json!({})).await;
        assert!(shown.status.is_success(), "{shown:?}");
    }

    /// The letters of a kind to an address.
    async fn told(&self, email: &str, kind: &str) -> Vec<Line> {
        let mut lines = letters(&self.app).await;
        lines.retain(|line| line.recipient == email && line.kind == kind);
        lines
    }
}

/// What is kept of a file.
#[derive(sqlx::FromRow)]
struct Sealed {
    sealed: Vec<u8>,
}

fn texts(messages: &Value) -> Vec<String> {
    let messages = messages.as_array().unwrap().iter();
    messages.map(|message| message["text"].as_str().unwrap().to_owned()).collect()
}

/// A form with a text, a channel and files.
async fn send_files(
    who: &Caller,
    path: &str,
    channel: &str,
    files: &[(&str, &[u8])],
) -> crate::support::Answer {
    let mut body =
        format!("--XX\r\ncontent-disposition: form-data; name=\"channel\"\r\n\r\n{channel}\r\n")
            .into_bytes();
    for (name, bytes) in files {
        let head = format!(
            "--XX\r\ncontent-disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n"
        );
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(bytes);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(b"--XX--\r\n");
    let kind = Some("multipart/form-data; boundary=XX");
    who.send(Method::POST, path, Body::from(body), kind).await
}

on_both_engines! {
    async fn the_client_reads_the_client_s_channel_and_nothing_else(app: TestApp) {
        let world = World::set_up(app).await;
        world.write(&world.lead, "team", "Our weak point is limitation.").await;
        world.write(&world.lead, "client", "Please sign the affidavit.").await;
        world.write_as_client("I will sign it tomorrow.").await;
        assert_eq!(world.texts(&world.helper, "team").await, ["Our weak point is limitation."]);
        let both = ["Please sign the affidavit.", "I will sign it tomorrow."];
        assert_eq!(world.texts(&world.helper, "client").await, both);

        let thread = world.client.get(&world.portal()).await;
        assert_eq!(texts(&thread.body["messages"]), both);
        assert_eq!(thread.body["messages"][1]["by_client"], true);
        let inbox = world.client.get("/api/v1/portal/messages").await;
        assert_eq!(inbox.body.as_array().map(Vec::len), Some(1), "{inbox:?}");
        let found = world.client.get("/api/v1/portal/messages/search?q=limitation").await;
        assert_eq!(found.body, json!([]));
        let found = world.client.get("/api/v1/portal/messages/search?q=AFFIDAVIT%20sign").await;
        assert_eq!(found.body.as_array().map(Vec::len), Some(1), "{found:?}");
        // The chamber's side does not exist for a client, whatever they ask.
        for path in [
            world.messages(),
            format!("{}?channel=team", world.messages()),
            "/api/v1/case-messages".to_owned(),
            "/api/v1/case-messages/search?q=limitation".to_owned(),
        ] {
            assert_eq!(world.client.get(&path).await.status, StatusCode::NOT_FOUND, "{path}");
        }
        // A case taken out of the portal is closed to the client at once.
        let scope = world.app.app.auth.local_admin().await.unwrap();
        world.app.app.portal.hide(&scope, world.case.parse().unwrap(), false).await.unwrap();
        assert_eq!(world.client.get(&world.portal()).await.status, StatusCode::NOT_FOUND);
        assert_eq!(world.client.get("/api/v1/portal/messages").await.body, json!([]));
        let body = json!({ "channel": "client", "text": "Are you there?" });
        let refused = world.lead.post(&world.messages(), body).await;
        assert!(refused.text.contains("not shown this case"), "{refused:?}");
    }

    async fn a_new_client_reads_nothing_that_was_written_with_the_former(app: TestApp) {
        let world = World::set_up(app).await;
        world.write(&world.lead, "client", "Settle with Kapoor at nine lakh.").await;
        let path = format!("{}/files", world.portal());
        let sent = send_files(&world.client, &path, "", &[("limit.txt", b"Ten at most.")]).await;
        assert_eq!(sent.status, StatusCode::CREATED, "{sent:?}");
        let old = sent.body["id"].as_str().unwrap().to_owned();
        let thread = world.client.get(&world.portal()).await;
        let file = thread.body["messages"][1]["attachments"][0]["id"].as_str().unwrap().to_owned();
        let read = json!({ "channel": "client", "up_to": old });
        let marked = world.lead.post(&format!("{}/read", world.messages()), read).await;
        assert_eq!(marked.status, StatusCode::NO_CONTENT, "{marked:?}");
        // Hidden and shown again, it is the same client's, and so is what was written.
        world.show("hide").await;
        world.show("show").await;
        let thread = world.client.get(&world.portal()).await;
        assert_eq!(texts(&thread.body["messages"]).len(), 2, "{thread:?}");

        let kapoor = new_client(&world.admin, "Kapoor").await;
        let other = world.app.person("kapoor@example.in", "client", Some(&kapoor)).await;
        world.give_to(&kapoor).await;
        assert_eq!(world.client.get(&world.portal()).await.status, StatusCode::NOT_FOUND);
        assert_eq!(other.get(&world.portal()).await.status, StatusCode::NOT_FOUND);
        world.show("show").await;
        let thread = other.get(&world.portal()).await;
        assert_eq!((&thread.body["messages"], &thread.body["older"]), (&json!([]), &json!(false)));
        assert_eq!(thread.body["receipts"], json!([]), "{thread:?}");
        assert_eq!(other.get("/api/v1/portal/messages").await.body, json!([]));
        let found = other.get("/api/v1/portal/messages/search?q=lakh").await;
        assert_eq!(found.body, json!([]));
        let fetched = other.get(&format!("/api/v1/portal/attachments/{file}")).await;
        assert_eq!(fetched.status, StatusCode::NOT_FOUND);
        let read = json!({ "up_to": old });
        let marked = other.post(&format!("{}/read", world.portal()), read).await;
        assert_eq!(marked.status, StatusCode::NOT_FOUND);
        world.write(&world.lead, "client", "Welcome.").await;
        let thread = other.get(&world.portal()).await;
        assert_eq!(texts(&thread.body["messages"]), ["Welcome."]);
        let inbox = other.get("/api/v1/portal/messages").await;
        assert_eq!(inbox.body[0]["unread"], 1, "{inbox:?}");
        // The chamber keeps it all.
        assert_eq!(world.texts(&world.lead, "client").await.len(), 3);
        // The case is the former client's again: they are not shown it until somebody says so,
        // and never what was written with the other.
        world.give_to(&world.client_id).await;
        assert_eq!(world.client.get(&world.portal()).await.status, StatusCode::NOT_FOUND);
        world.show("show").await;
        let thread = world.client.get(&world.portal()).await;
        assert_eq!(thread.body["messages"], json!([]), "{thread:?}");
    }

    async fn who_is_kept_out_of_the_case_finds_no_message_of_it(app: TestApp) {
        let world = World::set_up(app).await;
        let message = world.write(&world.lead, "team", "Our weak point is limitation.").await;
        let sent = send_files(
            &world.lead, &format!("{}/files", world.messages()), "team", &[("n.txt", b"A note.")],
        ).await;
        assert_eq!(sent.status, StatusCode::CREATED, "{sent:?}");
        let thread = world.lead.get(&world.messages()).await;
        let file = thread.body["messages"][1]["attachments"][0]["id"].as_str().unwrap().to_owned();
        let other = new_client(&world.admin, "Others").await;
        let stranger = world.app.person("other-client@example.in", "client", Some(&other)).await;
        assert_eq!(stranger.get(&world.portal()).await.status, StatusCode::NOT_FOUND);
        let body = json!({ "text": "Hello" });
        assert_eq!(stranger.post(&world.portal(), body).await.status, StatusCode::NOT_FOUND);
        // A second admin sees everything, until a wall stands.
        let second = world.app.person("second@example.in", "admin", None).await;
        assert_eq!(second.get(&world.messages()).await.status, StatusCode::OK);
        let wall = json!({
            "user_id": id_of(&world.app, "second@example.in").await,
            "case_id": world.case, "reason": "acted for the other side",
        });
        assert!(world.admin.post("/api/v1/walls", wall).await.status.is_success());
        for who in [&world.outsider, &second] {
            for path in [
                world.messages(),
                format!("/api/v1/attachments/{file}"),
                format!("/api/v1/case-messages/{message}/withdrawn"),
            ] {
                assert_eq!(who.get(&path).await.status, StatusCode::NOT_FOUND, "{path}");
            }
            assert_eq!(who.get("/api/v1/case-messages").await.body, json!([]));
            assert_eq!(who.get("/api/v1/case-messages/search?q=limitation").await.body, json!([]));
            for (path, body) in [
                (world.messages(), json!({ "text": "Hello" })),
                (format!("{}/read", world.messages()), json!({ "up_to": message })),
                (format!("/api/v1/case-messages/{message}/withdraw"), json!({})),
                (format!("/api/v1/attachments/{file}/keep"), json!({})),
            ] {
                assert_eq!(who.post(&path, body).await.status, StatusCode::NOT_FOUND, "{path}");
            }
        }
    }

    async fn a_viewer_reads_and_does_not_write(app: TestApp) {
        let world = World::set_up(app).await;
        world.write(&world.lead, "team", "File by Friday.").await;
        assert_eq!(world.texts(&world.viewer, "team").await, ["File by Friday."]);
        let refused = world.viewer.post(&world.messages(), json!({ "text": "Hello" })).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN, "{refused:?}");
        for bad in [json!({ "text": "  " }), json!({ "text": "x".repeat(10_001) })] {
            let refused = world.lead.post(&world.messages(), bad).await;
            assert_eq!(refused.status, StatusCode::BAD_REQUEST, "{refused:?}");
        }
    }

    async fn readers_are_known_by_how_far_they_have_read(app: TestApp) {
        let world = World::set_up(app).await;
        let first = world.write(&world.lead, "client", "One.").await;
        let second = world.write(&world.lead, "client", "Two.").await;
        let inbox = world.helper.get("/api/v1/case-messages").await;
        assert_eq!(inbox.body[0]["unread"], 2, "{inbox:?}");
        let read = format!("{}/read", world.messages());
        let body = json!({ "channel": "client", "up_to": second });
        assert!(world.helper.post(&read, body).await.status.is_success());
        // It never goes back.
        let body = json!({ "channel": "client", "up_to": first });
        assert!(world.helper.post(&read, body).await.status.is_success());
        let inbox = world.helper.get("/api/v1/case-messages").await;
        assert_eq!(inbox.body[0]["unread"], 0, "{inbox:?}");
        let portal = format!("{}/read", world.portal());
        assert!(world.client.post(&portal, json!({ "up_to": first })).await.status.is_success());
        let thread = world.lead.get(&format!("{}?channel=client", world.messages())).await;
        let receipts = thread.body["receipts"].as_array().unwrap();
        let of = |name: &str| receipts.iter().find(|one| one["name"] == name).unwrap();
        assert_eq!(of("helper@example.in")["up_to"], second.as_str());
        assert_eq!(of("client@example.in")["up_to"], first.as_str());
        assert_eq!(of("client@example.in")["is_client"], true);
        // A client is told of the chamber as one.
        let thread = world.client.get(&world.portal()).await;
        let receipts = thread.body["receipts"].as_array().unwrap();
        assert_eq!(receipts.len(), 1, "{receipts:?}");
        assert_eq!(receipts[0]["name"], "The chamber");
        // A message of another channel marks nothing read.
        let team = world.write(&world.lead, "team", "Three.").await;
        let body = json!({ "channel": "client", "up_to": team });
        assert_eq!(world.helper.post(&read, body).await.status, StatusCode::NOT_FOUND);
    }

    async fn a_message_is_taken_back_by_its_author_alone(app: TestApp) {
        let world = World::set_up(app).await;
        let message = world.write(&world.lead, "client", "The judge is biased.").await;
        let path = format!("/api/v1/case-messages/{message}/withdraw");
        for who in [&world.helper, &world.admin] {
            assert_eq!(who.post(&path, json!({})).await.status, StatusCode::NOT_FOUND);
        }
        let body = json!({});
        assert_eq!(world.lead.post(&path, body).await.status, StatusCode::NO_CONTENT);
        let thread = world.client.get(&world.portal()).await;
        assert_eq!(texts(&thread.body["messages"]), [""]);
        assert!(thread.body["messages"][0]["withdrawn_at"].is_string());
        let found = world.lead.get("/api/v1/case-messages/search?q=biased").await;
        assert_eq!(found.body, json!([]));
        let again = world.lead.post(&path, json!({})).await;
        assert_eq!(again.status, StatusCode::BAD_REQUEST, "{again:?}");
        let kept = format!("/api/v1/case-messages/{message}/withdrawn");
        assert_eq!(world.lead.get(&kept).await.status, StatusCode::NOT_FOUND);
        assert_eq!(world.admin.get(&kept).await.body["text"], "The judge is biased.");
        let scope = world.app.app.auth.local_admin().await.unwrap();
        let recent = world.app.app.audit.recent(&scope).await.unwrap();
        assert_eq!(recent[0].action, "message.withdrawn.view");
        assert!(recent.iter().any(|entry| entry.action == "message.withdraw"));
        assert!(recent.iter().all(|entry| !entry.details.to_string().contains("biased")));
    }

    async fn files_are_looked_at_kept_sealed_and_kept_as_documents_on_request(app: TestApp) {
        let world = World::set_up(app).await;
        let path = format!("{}/files", world.portal());
        let program = b"MZ\x90\x00\x03\x00\x00\x00\x04\x00".as_slice();
        let refused = send_files(&world.client, &path, "", &[("letter.pdf", program)]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{refused:?}");
        let page = b"<!DOCTYPE html><html><script>alert(1)</script></html>".as_slice();
        let refused = send_files(&world.client, &path, "", &[("letter.txt", page)]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{refused:?}");
        let note = b"My PAN is with the bank in Jaipur.".as_slice();
        let sent = send_files(&world.client, &path, "team", &[("../pan note.txt", note)]).await;
        assert_eq!(sent.status, StatusCode::CREATED, "{sent:?}");
        // Whatever channel a client names, theirs is the client's.
        assert!(world.texts(&world.lead, "team").await.is_empty());
        let thread = world.lead.get(&format!("{}?channel=client", world.messages())).await;
        let file = &thread.body["messages"][0]["attachments"][0];
        assert_eq!((&file["name"], &file["is_file"]), (&json!("pan note.txt"), &json!(true)));
        let id = file["id"].as_str().unwrap();
        let fetched = world.lead.get(&format!("/api/v1/attachments/{id}")).await;
        assert_eq!(fetched.text.as_bytes(), note);
        let own = world.client.get(&format!("/api/v1/portal/attachments/{id}")).await;
        assert_eq!(own.text.as_bytes(), note);
        let keep = format!("/api/v1/attachments/{id}/keep");
        assert_eq!(world.viewer.post(&keep, json!({})).await.status, StatusCode::FORBIDDEN);
        let kept = world.helper.post(&keep, json!({})).await;
        assert_eq!(kept.status, StatusCode::ACCEPTED, "{kept:?}");
        let twice = world.helper.post(&keep, json!({})).await;
        assert_eq!(twice.status, StatusCode::BAD_REQUEST, "{twice:?}");
        world.app.settle().await;
        let found = world.lead.get("/api/v1/search?q=Jaipur").await;
        assert_eq!(found.body["documents"], 1, "{found:?}");
        // What the chamber kept it as is not the client's to see; the file is.
        let thread = world.client.get(&world.portal()).await;
        assert_eq!(thread.body["messages"][0]["attachments"][0]["id"], id);
        // Nothing of it lies readable in the tables.
        let db = munshi::db::Db::connect(&world.app.app.config.database_address()).await.unwrap();
        let mut tx = db.read().await.unwrap();
        let rows: Vec<Sealed> =
            tx.all(munshi::db::Sql::new("SELECT sealed FROM attachments")).await.unwrap();
        assert!(rows.iter().all(|row| !row.sealed.windows(6).any(|part| part == b"Jaipur")));
    }

    async fn a_document_goes_to_the_client_only_when_it_is_shared(app: TestApp) {
        let world = World::set_up(app).await;
        let path = format!("/api/v1/cases/{}/documents", world.case);
        let note = world.lead.upload(&path, "order.txt", b"The suit is decreed.").await;
        let document = note.body["document_id"].as_str().unwrap().to_owned();
        world.app.settle().await;
        let body = |share: bool| json!({
            "channel": "client", "text": "Please read.", "documents": [document], "share": share,
        });
        let refused = world.lead.post(&world.messages(), body(false)).await;
        assert!(refused.text.contains("is not shared with the client"), "{refused:?}");
        let hidden = world.client.get(&format!("/api/v1/documents/{document}")).await;
        assert_eq!(hidden.status, StatusCode::NOT_FOUND);
        let sent = world.lead.post(&world.messages(), body(true)).await;
        assert_eq!(sent.status, StatusCode::CREATED, "{sent:?}");
        let thread = world.client.get(&world.portal()).await;
        let attached = &thread.body["messages"][0]["attachments"];
        assert_eq!(attached[0]["document_id"], document.as_str(), "{thread:?}");
        let open = world.client.get(&format!("/api/v1/documents/{document}")).await;
        assert_eq!(open.status, StatusCode::OK, "{open:?}");
        let unshare = format!("/api/v1/documents/{document}/unshare");
        assert!(world.lead.post(&unshare, json!({})).await.status.is_success());
        let thread = world.client.get(&world.portal()).await;
        assert_eq!(thread.body["messages"][0]["attachments"], json!([]), "not even its title");
        // A document of another case goes nowhere.
        let other = world.lead.open_case("Another").await;
        let path = format!("/api/v1/cases/{other}/documents");
        let note = world.lead.upload(&path, "n.txt", b"Another.").await;
        let stray = json!({ "text": "x", "documents": [note.body["document_id"]] });
        let refused = world.lead.post(&world.messages(), stray).await;
        assert_eq!(refused.status, StatusCode::NOT_FOUND, "{refused:?}");
    }

    async fn a_client_writes_ten_messages_a_minute(app: TestApp) {
        let world = World::set_up(app).await;
        for number in 0..10 {
            world.write_as_client(&format!("Message {number}")).await;
        }
        let refused = world.client.post(&world.portal(), json!({ "text": "And another" })).await;
        assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS, "{refused:?}");
        // Taking one back is no writing.
        let thread = world.client.get(&world.portal()).await;
        let last = thread.body["messages"][9]["id"].as_str().unwrap().to_owned();
        let withdraw = format!("/api/v1/portal/case-messages/{last}/withdraw");
        let done = world.client.post(&withdraw, json!({})).await;
        assert_eq!(done.status, StatusCode::NO_CONTENT, "{done:?}");
    }

    async fn one_letter_stands_for_all_messages_until_they_are_read(app: TestApp) {
        let world = World::set_up(app).await;
        let lead = "lead@example.in";
        world.write_as_client("One.").await;
        let second = world.write_as_client("Two.").await;
        assert_eq!(world.told(lead, "notice-message").await.len(), 1);
        let letter = world.told(lead, "notice-message").await.remove(0);
        let scope = world.app.app.auth.local_admin().await.unwrap();
        let words = world.app.app.outbox.read(&scope, letter.id).await.unwrap().words;
        assert!(words.text.contains("Sharma v. Kapoor") && !words.text.contains("One."), "{words:?}");
        assert!(words.text.contains(&format!("/cases/{}/messages?with=client", world.case)));
        let read = json!({ "channel": "client", "up_to": second });
        let done = world.lead.post(&format!("{}/read", world.messages()), read).await;
        assert_eq!(done.status, StatusCode::NO_CONTENT, "{done:?}");
        world.write_as_client("Three.").await;
        assert_eq!(world.told(lead, "notice-message").await.len(), 2);
        assert_eq!(world.told("helper@example.in", "notice-message").await.len(), 1);
        // Who is named is told at once, by a letter of its own.
        world.write(&world.lead, "team", "@helper@example.in please draft the reply").await;
        assert_eq!(world.told("helper@example.in", "notice-mention").await.len(), 1);
        world.write(&world.lead, "client", "We have your papers.").await;
        assert_eq!(world.told("client@example.in", "notice-message").await.len(), 1);
        for stranger in ["outsider@example.in", "admin@example.in"] {
            for kind in ["notice-message", "notice-mention", "notice-team-message"] {
                assert!(world.told(stranger, kind).await.is_empty(), "{stranger} {kind}");
            }
        }
    }

    async fn the_assistant_tells_what_the_client_last_wrote(app: TestApp) {
        let world = World::set_up(app).await;
        world.write_as_client("The rent is paid until March.").await;
        world.write(&world.lead, "client", "Thank you.").await;
        let question = json!({
            "question": "What did the client last write?", "case_id": world.case,
        });
        let asked = world.lead.post("/api/v1/ask", question).await;
        let text = asked.body["text"].as_str().unwrap();
        assert!(text.contains("The rent is paid until March."), "{asked:?}");
        assert!(!text.contains("Thank you."), "{asked:?}");
        let question = json!({ "question": "Last message from the client in Sharma v. Kapoor" });
        let asked = world.outsider.post("/api/v1/ask", question).await;
        assert!(!asked.text.contains("rent is paid"), "{asked:?}");
    }

    async fn the_page_sends_to_the_client_only_what_was_confirmed(app: TestApp) {
        let world = World::set_up(app).await;
        let mut pages = Pages::default();
        pages.sign_in(&world.app, "lead@example.in").await;
        let team = pages.get(&world.app, &format!("/cases/{}/messages", world.case)).await;
        assert!(team.text.contains("The client never does"), "{}", team.text);
        let address = format!("/cases/{}/messages?with=client", world.case);
        let page = pages.get(&world.app, &address).await;
        assert!(page.text.contains("The client reads this."), "{}", page.text);
        let csrf = page.field("csrf");
        let form = |confirmed: &str| {
            let fields = [
                ("csrf", csrf.as_str()), ("with", "client"), ("text", "Please sign <b>it</b>."),
                ("confirmed", confirmed),
            ];
            let parts = fields.map(|(name, value)| {
                format!("--XX\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
            });
            parts.concat() + "--XX--\r\n"
        };
        let path = format!("/cases/{}/messages", world.case);
        let refused = pages.post_form(&world.app, &path, form("")).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.text.contains("Please sign &#60;b&#62;it"), "{}", refused.text);
        assert!(world.texts(&world.lead, "client").await.is_empty());
        let sent = pages.post_form(&world.app, &path, form("yes")).await;
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text);
        assert_eq!(world.texts(&world.lead, "client").await, ["Please sign <b>it</b>."]);
        let found = pages.get(&world.app, "/messages?q=sign").await;
        assert!(found.text.contains("Sharma v. Kapoor"), "{}", found.text);
        let mut other = Pages::default();
        other.sign_in(&world.app, "outsider@example.in").await;
        assert_eq!(other.get(&world.app, &path).await.status, StatusCode::NOT_FOUND);
        assert!(!other.get(&world.app, "/messages").await.text.contains("Sharma v. Kapoor"));
    }
}
