//! The portal: what a client is shown, asked for and sends, and who decides on it.

use axum::body::Body;
use axum::http::{Method, StatusCode};
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

fn problem(answer: &Answer, slug: &str) {
    assert_eq!(answer.body["type"], format!("/problems/{slug}"), "{answer:?}");
}

async fn user_of(admin: &Caller, email: &str) -> String {
    let users = admin.get("/api/v1/users").await.body;
    let user = users.as_array().unwrap().iter().find(|user| user["email"] == email).unwrap();
    user["id"].as_str().unwrap().to_owned()
}

/// A case an advocate leads, with a member of staff, a viewer and a client.
struct Chamber {
    admin: Caller,
    lead: Caller,
    staff: Caller,
    viewer: Caller,
    client: Caller,
    case: String,
}

impl Chamber {
    async fn build(app: &TestApp) -> Self {
        let admin = app.admin().await;
        let lead = app.person("lead@example.in", "advocate", None).await;
        let staff = app.person("staff@example.in", "staff", None).await;
        let viewer = app.person("viewer@example.in", "advocate", None).await;
        let new = json!({ "name": "Sharma Traders", "kind": "firm" });
        let client_id =
            lead.post("/api/v1/clients", new).await.body["id"].as_str().unwrap().to_owned();
        let new = json!({ "title": "Sharma v. Kapoor", "client_id": client_id });
        let case = lead.post("/api/v1/cases", new).await.body["id"].as_str().unwrap().to_owned();
        for (email, role) in [("staff@example.in", "member"), ("viewer@example.in", "viewer")] {
            let member = json!({ "user_id": user_of(&admin, email).await, "role": role });
            done(&lead.post(&format!("/api/v1/cases/{case}/members"), member).await);
        }
        let client = app.person(CLIENT, "client", Some(&client_id)).await;
        Self { admin, lead, staff, viewer, client, case }
    }

    fn of_case(&self, end: &str) -> String {
        format!("/api/v1/cases/{}{end}", self.case)
    }

    async fn show(&self) {
        done(&self.lead.post(&self.of_case("/portal/show"), json!({})).await);
    }

    async fn ask(&self, what: &str) -> String {
        let asked = self.staff.post(&self.of_case("/requests"), json!({ "what": what })).await;
        done(&asked);
        asked.body["id"].as_str().unwrap().to_owned()
    }

    async fn deliver(&self, fields: &[(&str, &str)], name: &str, bytes: &[u8]) -> Answer {
        deliver(&self.client, fields, name, bytes).await
    }
}

/// Sends a file as a client's program does.
async fn deliver(client: &Caller, fields: &[(&str, &str)], name: &str, bytes: &[u8]) -> Answer {
    let mut body = Vec::new();
    for (field, value) in fields {
        let part =
            format!("--XX\r\ncontent-disposition: form-data; name=\"{field}\"\r\n\r\n{value}\r\n");
        body.extend_from_slice(part.as_bytes());
    }
    let head = format!(
        "--XX\r\ncontent-disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n"
    );
    body.extend_from_slice(head.as_bytes());
    body.extend_from_slice(bytes);
    body.extend_from_slice(b"\r\n--XX--\r\n");
    let kind = Some("multipart/form-data; boundary=XX");
    client.send(Method::POST, "/api/v1/portal/deliveries", Body::from(body), kind).await
}

/// How many files of clients wait on the disk.
fn kept(app: &TestApp) -> usize {
    fn files(folder: &std::path::Path) -> usize {
        let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
        entries.map(|entry| if entry.path().is_dir() { files(&entry.path()) } else { 1 }).sum()
    }
    files(&app.dir.path().join("data/deliveries/sealed"))
}

async fn in_portal(app: &TestApp) -> Pages {
    let mut browser = Pages::default();
    let before = app.code_letter(CLIENT).await;
    let page = browser.post(app, "/portal/sign-in", &[("address", CLIENT)]).await;
    let code = code_in(&app.new_code_letter(CLIENT, before).await);
    let request = page.field("request");
    let form = [("address", CLIENT), ("request", &*request), ("code", &*code)];
    assert_eq!(browser.post(app, "/portal/sign-in/code", &form).await.to(), "/portal");
    browser
}

on_both_engines! {
    async fn a_case_is_shown_only_when_its_lead_says_so(app: TestApp) {
        let chamber = Chamber::build(&app).await;
        let own = format!("/api/v1/portal/cases/{}", chamber.case);
        assert_eq!(chamber.client.get("/api/v1/portal/cases").await.body, json!([]));
        absent(&chamber.client.get(&own).await);
        problem(&chamber.staff.post(&chamber.of_case("/portal/show"), json!({})).await, "leads-only");
        problem(&chamber.viewer.post(&chamber.of_case("/portal/show"), json!({})).await, "read-only");
        absent(&chamber.client.post(&chamber.of_case("/portal/show"), json!({})).await);
        chamber.show().await;
        let shown = chamber.client.get(&own).await;
        assert_eq!(shown.body["title"], "Sharma v. Kapoor", "{shown:?}");
        // What the chamber keeps to itself is not in it.
        for secret in ["summary", "members", "note", "documents"] {
            assert!(shown.body.get(secret).is_none(), "{secret}: {shown:?}");
        }
        done(&chamber.lead.post(&chamber.of_case("/portal/hide"), json!({})).await);
        absent(&chamber.client.get(&own).await);
        // A client of another, and an advocate outside, learn nothing of it.
        let new = json!({ "name": "Kapoor", "kind": "person" });
        let other = chamber.admin.post("/api/v1/clients", new).await.body["id"].as_str().unwrap().to_owned();
        let other = app.person("kapoor@example.in", "client", Some(&other)).await;
        let outside = app.person("outside@example.in", "advocate", None).await;
        chamber.show().await;
        absent(&other.get(&own).await);
        for end in ["/portal", "/portal/preview", "/requests", "/news", "/deliveries"] {
            absent(&outside.get(&chamber.of_case(end)).await);
            absent(&chamber.client.get(&chamber.of_case(end)).await);
        }
    }

    async fn hiding_a_case_says_what_stays_shared_and_can_end_it(app: TestApp) {
        let chamber = Chamber::build(&app).await;
        chamber.show().await;
        let path = chamber.of_case("/documents");
        let received = chamber.lead.upload(&path, "notice.txt", b"The notice of Jaipur.").await;
        let document = received.body["document_id"].as_str().unwrap().to_owned();
        done(&chamber.lead.post(&format!("/api/v1/documents/{document}/share"), json!({})).await);
        let hidden = chamber.lead.post(&chamber.of_case("/portal/hide"), json!({})).await;
        assert_eq!(hidden.body["still_shared"], 1, "{hidden:?}");
        done(&chamber.client.get(&format!("/api/v1/documents/{document}")).await);
        let hidden = chamber.lead.post(&chamber.of_case("/portal/hide"), json!({ "end_shares": true })).await;
        assert_eq!(hidden.body["still_shared"], 0, "{hidden:?}");
        absent(&chamber.client.get(&format!("/api/v1/documents/{document}")).await);
    }

    async fn a_wall_hides_a_shown_case_from_the_person_it_names(app: TestApp) {
        let chamber = Chamber::build(&app).await;
        chamber.show().await;
        let request = chamber.ask("A copy of the lease").await;
        let wall = json!({
            "user_id": user_of(&chamber.admin, CLIENT).await, "case_id": chamber.case,
            "reason": "a dispute in the firm",
        });
        done(&chamber.admin.post("/api/v1/walls", wall).await);
        assert_eq!(chamber.client.get("/api/v1/portal/cases").await.body, json!([]));
        assert_eq!(chamber.client.get("/api/v1/portal/requests").await.body, json!([]));
        absent(&chamber.client.get(&format!("/api/v1/portal/cases/{}", chamber.case)).await);
        let fields = [("case_id", &*chamber.case), ("request_id", &*request)];
        absent(&chamber.deliver(&fields, "lease.txt", b"The lease.").await);
        assert_eq!(kept(&app), 0);
        let people = chamber.lead.get(&chamber.of_case("/portal")).await;
        assert_eq!(people.body["people"][0]["walled"], true, "{people:?}");
    }

    async fn a_request_is_done_by_a_delivery_and_open_again_when_that_is_refused(app: TestApp) {
        let chamber = Chamber::build(&app).await;
        let request = chamber.ask("A copy of the lease").await;
        problem(&chamber.viewer.post(&chamber.of_case("/requests"), json!({ "what": "x" })).await, "read-only");
        problem(&chamber.staff.post(&chamber.of_case("/requests"), json!({ "what": "  " })).await, "bad-request");
        // Before the case is shown nothing is asked, and nothing can be sent.
        assert_eq!(chamber.client.get("/api/v1/portal/requests").await.body, json!([]));
        let fields = [("case_id", &*chamber.case), ("request_id", &*request)];
        absent(&chamber.deliver(&fields, "lease.txt", b"The lease.").await);
        chamber.show().await;
        let asked = chamber.client.get("/api/v1/portal/requests").await;
        assert_eq!(asked.body[0]["what"], "A copy of the lease", "{asked:?}");
        let sent = chamber.deliver(&fields, "lease.txt", b"The lease.").await;
        assert_eq!(sent.status, StatusCode::ACCEPTED, "{sent:?}");
        let delivery = sent.body["id"].as_str().unwrap().to_owned();
        let asked = chamber.client.get("/api/v1/portal/requests").await;
        assert_eq!(asked.body[0]["done_how"], "delivered", "{asked:?}");
        // It is no document of the case yet.
        assert_eq!(chamber.lead.get(&chamber.of_case("/documents")).await.body, json!([]));
        assert_eq!(kept(&app), 1);
        let refuse = format!("/api/v1/deliveries/{delivery}/refuse");
        problem(&chamber.staff.post(&refuse, json!({ "reason": " " })).await, "bad-request");
        problem(&chamber.viewer.post(&refuse, json!({ "reason": "no" })).await, "read-only");
        absent(&chamber.client.post(&refuse, json!({ "reason": "no" })).await);
        done(&chamber.staff.post(&refuse, json!({ "reason": "a page is missing" })).await);
        assert_eq!(kept(&app), 0);
        let seen = chamber.client.get("/api/v1/portal/deliveries").await;
        assert_eq!((&seen.body[0]["status"], &seen.body[0]["reason"]), (&json!("refused"), &json!("a page is missing")));
        assert!(seen.body[0]["decided_by"].is_null(), "{seen:?}");
        let asked = chamber.client.get("/api/v1/portal/requests").await;
        assert!(asked.body[0]["done_at"].is_null(), "{asked:?}");
        problem(&chamber.staff.post(&refuse, json!({ "reason": "again" })).await, "changed-meanwhile");
        // The chamber ticks it off, opens it again, and withdraws it.
        let act = async |end: &str| chamber.staff.post(&format!("/api/v1/requests/{request}/{end}"), json!({})).await;
        done(&act("done").await);
        problem(&act("done").await, "changed-meanwhile");
        done(&act("reopen").await);
        done(&act("withdraw").await);
        assert_eq!(chamber.client.get("/api/v1/portal/requests").await.body, json!([]));
    }

    async fn a_delivery_taken_in_is_a_document_once(app: TestApp) {
        let chamber = Chamber::build(&app).await;
        chamber.show().await;
        let sent = chamber.deliver(&[("case_id", &*chamber.case), ("note", "from the landlord")], "../lease deed.txt", b"The lease of Jaipur.").await;
        let delivery = sent.body["id"].as_str().unwrap().to_owned();
        let listed = chamber.viewer.get(&chamber.of_case("/deliveries")).await;
        assert_eq!((&listed.body[0]["file_name"], &listed.body[0]["note"]), (&json!("lease deed.txt"), &json!("from the landlord")));
        let file = chamber.viewer.get(&format!("/api/v1/deliveries/{delivery}/file")).await;
        assert!(file.text.contains("lease of Jaipur"), "{file:?}");
        let accept = format!("/api/v1/deliveries/{delivery}/accept");
        problem(&chamber.viewer.post(&accept, json!({})).await, "read-only");
        absent(&chamber.client.post(&accept, json!({})).await);
        let (one, two) = tokio::join!(chamber.staff.post(&accept, json!({})), chamber.lead.post(&accept, json!({})));
        let won = [&one, &two].into_iter().filter(|answer| answer.status.is_success()).count();
        assert_eq!(won, 1, "{one:?} {two:?}");
        app.settle().await;
        let documents = chamber.lead.get(&chamber.of_case("/documents")).await;
        assert_eq!(documents.body.as_array().map(Vec::len), Some(1), "{documents:?}");
        assert_eq!(chamber.lead.get("/api/v1/search?q=Jaipur").await.body["documents"], 1);
        assert_eq!(kept(&app), 0);
        absent(&chamber.lead.get(&format!("/api/v1/deliveries/{delivery}/file")).await);
        // Sent is not shared: the client reads that it was taken, not the document.
        assert_eq!(chamber.client.get("/api/v1/portal/documents").await.body, json!([]));
        let seen = chamber.client.get("/api/v1/portal/deliveries").await;
        assert_eq!(seen.body[0]["status"], "accepted");
        assert!(seen.body[0]["document_id"].is_null(), "{seen:?}");
    }

    async fn what_cannot_be_read_is_not_taken(app: TestApp) {
        let chamber = Chamber::build(&app).await;
        chamber.show().await;
        let fields = [("case_id", &*chamber.case)];
        problem(&chamber.deliver(&fields, "empty.pdf", b"").await, "file-empty");
        // A program under the name of a paper is told by its bytes.
        problem(&chamber.deliver(&fields, "lease.pdf", b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x02\0>\0").await, "file-refused");
        problem(&chamber.deliver(&[], "lease.txt", b"The lease.").await, "bad-request");
        let strange = [("case_id", &*chamber.case), ("request_id", "01900000-0000-7000-8000-00000000dead")];
        absent(&chamber.deliver(&strange, "lease.txt", b"The lease.").await);
        assert_eq!(kept(&app), 0);
        assert_eq!(chamber.client.get("/api/v1/portal/deliveries").await.body, json!([]));
        // The chamber's own people do not send here.
        absent(&deliver(&chamber.lead, &fields, "lease.txt", b"The lease.").await);
    }

    async fn news_is_read_when_an_advocate_has_approved_that_wording(app: TestApp) {
        let chamber = Chamber::build(&app).await;
        chamber.show().await;
        let read = async || {
            let case = chamber.client.get(&format!("/api/v1/portal/cases/{}", chamber.case)).await;
            case.body["news"].clone()
        };
        problem(&chamber.staff.post(&chamber.of_case("/news"), json!({ "english": " " })).await, "bad-request");
        let texts = json!({ "english": "The court heard us.", "hindi": "अदालत ने हमें सुना।" });
        let drafted = chamber.staff.post(&chamber.of_case("/news"), texts).await;
        let news = format!("/api/v1/news/{}", drafted.body["id"].as_str().unwrap());
        assert_eq!(read().await, json!([]));
        let approve = format!("{news}/approve");
        problem(&chamber.staff.post(&approve, json!({ "wording": 1 })).await, "leads-only");
        problem(&chamber.viewer.post(&approve, json!({ "wording": 1 })).await, "read-only");
        problem(&chamber.lead.post(&approve, json!({ "wording": 2 })).await, "changed-meanwhile");
        done(&chamber.lead.post(&approve, json!({ "wording": 1 })).await);
        assert_eq!(read().await[0]["hindi"], "अदालत ने हमें सुना।");
        // Worded anew it waits again; the wording approved before stays until then.
        done(&chamber.staff.put(&news, json!({ "english": "The court heard us at length." })).await);
        problem(&chamber.lead.post(&approve, json!({ "wording": 1 })).await, "changed-meanwhile");
        assert_eq!(read().await[0]["english"], "The court heard us.");
        done(&chamber.lead.post(&approve, json!({ "wording": 2 })).await);
        let now = read().await;
        assert_eq!(now[0]["english"], "The court heard us at length.");
        assert!(now[0]["hindi"].is_null(), "{now}");
        // Withdrawn, it is read no more, and what it said is kept.
        done(&chamber.staff.post(&format!("{news}/withdraw"), json!({})).await);
        assert_eq!(read().await, json!([]));
        problem(&chamber.lead.put(&news, json!({ "english": "Again." })).await, "changed-meanwhile");
        let kept = chamber.viewer.get(&chamber.of_case("/news")).await;
        assert_eq!(kept.body[0]["wordings"].as_array().map(Vec::len), Some(2), "{kept:?}");
    }

    async fn a_client_reads_in_the_language_they_chose(app: TestApp) {
        let chamber = Chamber::build(&app).await;
        chamber.show().await;
        chamber.ask("A copy of the lease").await;
        let door = Pages::default().get(&app, "/portal/sign-in?lang=hi").await;
        assert!(door.text.contains("<html lang=\"hi\""), "{}", door.text);
        assert!(door.text.contains("प्रवेश"), "{}", door.text);
        let mut browser = in_portal(&app).await;
        let english = browser.get(&app, "/portal").await;
        assert!(english.text.contains("<html lang=\"en\"") && english.text.contains("What we need from you"));
        let csrf = english.field("csrf");
        let chosen = browser.post(&app, "/portal/language", &[("csrf", &*csrf), ("language", "hi")]).await;
        assert_eq!(chosen.to(), "/portal");
        for path in [
            "/portal".to_owned(), format!("/portal/cases/{}", chamber.case), "/portal/documents".to_owned(),
            "/portal/requests".to_owned(), "/portal/deliver".to_owned(), "/portal/invoices".to_owned(),
            "/portal/privacy".to_owned(),
        ] {
            let page = browser.get(&app, &path).await;
            assert_eq!(page.status, StatusCode::OK, "{path}");
            assert!(page.text.contains("<html lang=\"hi\""), "{path}");
            assert!(page.text.contains("दस्तावेज़"), "{path}: {}", page.text);
            assert!(!page.text.contains("Skip to the content"), "{path}");
        }
        let missing = browser.get(&app, "/portal/cases/01900000-0000-7000-8000-00000000dead").await;
        assert_eq!(missing.status, StatusCode::NOT_FOUND);
        assert!(missing.text.contains("अपने वकील से पूछें"), "{}", missing.text);
        assert_eq!(chamber.client.get("/api/v1/portal/language").await.body, json!({ "language": "hi" }));
        let people = chamber.lead.get(&chamber.of_case("/portal")).await;
        assert_eq!(people.body["people"][0]["language"], "hi");
        assert!(people.body["people"][0]["last_visit"].is_string(), "{people:?}");
    }

    async fn what_is_refused_is_refused_in_the_reader_s_language(app: TestApp) {
        let chamber = Chamber::build(&app).await;
        chamber.show().await;
        done(&chamber.client.put("/api/v1/portal/language", json!({ "language": "hi" })).await);
        let new = json!({ "channel": "client", "text": "कृपया पढ़ें।" });
        done(&chamber.lead.post(&chamber.of_case("/messages"), new).await);
        let mut browser = in_portal(&app).await;
        let thread = format!("/portal/messages/{}", chamber.case);
        let page = browser.get(&app, &thread).await;
        let csrf = page.field("csrf");
        let parts = |fields: &[(&str, &str)]| {
            let part = |(name, value): &(&str, &str)| {
                format!("--XX\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
            };
            fields.iter().map(part).collect::<String>() + "--XX--\r\n"
        };
        let empty = browser.post_form(&app, &thread, parts(&[("csrf", &csrf), ("text", " ")])).await;
        assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(empty.text.contains("कुछ लिखें, या कोई फ़ाइल जोड़ें।"), "{}", empty.text);
        let none = browser.post_form(&app, "/portal/deliver", parts(&[("csrf", &csrf), ("case", &chamber.case)])).await;
        assert!(none.text.contains("पहले कोई फ़ाइल चुनें।"), "{}", none.text);
        let strange = "/portal/case-messages/01900000-0000-7000-8000-00000000dead/withdraw";
        let missing = browser.post(&app, strange, &[("csrf", &csrf)]).await;
        assert!(missing.text.contains("अपने वकील से पूछें"), "{}", missing.text);
        for page in [&page, &empty, &none, &missing] {
            assert!(page.text.contains("<html lang=\"hi\""), "{}", page.text);
            for english in ["Write something", "Choose", "The chamber", "read everything", "Keyboard", "Send"] {
                assert!(!page.text.contains(english), "{english}: {}", page.text);
            }
            for month in "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(' ') {
                assert!(!page.text.contains(&format!(" {month} 20")), "{month}: {}", page.text);
            }
        }
    }

    async fn a_file_is_sent_for_no_case_unasked(app: TestApp) {
        let chamber = Chamber::build(&app).await;
        chamber.show().await;
        let mut browser = in_portal(&app).await;
        // With one case there is nothing to choose.
        let page = browser.get(&app, "/portal/deliver").await;
        assert!(!page.text.contains("Choose the case"), "{}", page.text);
        let shown = chamber.lead.get(&chamber.of_case("")).await;
        let new = json!({ "title": "Sharma v. Rao", "client_id": shown.body["client_id"] });
        let second = chamber.lead.post("/api/v1/cases", new).await.body["id"].as_str().unwrap().to_owned();
        done(&chamber.lead.post(&format!("/api/v1/cases/{second}/portal/show"), json!({})).await);
        let request = chamber.ask("A copy of the lease").await;
        let page = browser.get(&app, "/portal/deliver").await;
        assert!(page.text.contains("<option value=\"\">Choose the case</option>"), "{}", page.text);
        assert!(page.text.contains("A copy of the lease (Sharma v. Kapoor)"), "{}", page.text);
        let csrf = page.field("csrf");
        let form = |case: &str| format!(
            "--XX\r\ncontent-disposition: form-data; name=\"csrf\"\r\n\r\n{csrf}\r\n\
             --XX\r\ncontent-disposition: form-data; name=\"case\"\r\n\r\n{case}\r\n\
             --XX\r\ncontent-disposition: form-data; name=\"file\"; filename=\"lease.txt\"\r\n\r\nThe lease.\r\n--XX--\r\n",
        );
        let refused = browser.post_form(&app, "/portal/deliver", form("")).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.text.contains("Choose the case first."), "{}", refused.text);
        assert_eq!(kept(&app), 0);
        // Come from a request, its case is chosen.
        let page = browser.get(&app, &format!("/portal/deliver?request={request}")).await;
        assert!(page.text.contains(&format!("value=\"{}\" selected", chamber.case)), "{}", page.text);
        let sent = browser.post_form(&app, "/portal/deliver", form(&second)).await;
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text);
        let seen = chamber.client.get("/api/v1/portal/deliveries").await;
        assert_eq!(seen.body[0]["case_id"], second.as_str(), "{seen:?}");
    }

    async fn the_form_for_files_keeps_what_was_typed_when_one_is_refused(app: TestApp) {
        let chamber = Chamber::build(&app).await;
        chamber.show().await;
        let mut browser = in_portal(&app).await;
        let page = browser.get(&app, "/portal/deliver").await;
        assert!(page.text.contains("Sharma v. Kapoor") && page.text.contains("multiple"), "{}", page.text);
        let tab = chamber.lead.get(&chamber.of_case("/portal/preview")).await;
        assert_eq!(tab.body["title"], "Sharma v. Kapoor", "{tab:?}");
        let mut advocate = Pages::default();
        advocate.sign_in(&app, "lead@example.in").await;
        let csrf = advocate.csrf(&app).await;
        let path = format!("/cases/{}/portal/requests", chamber.case);
        let form = [("csrf", &*csrf), ("what", "The lease"), ("due", "tomorrow")];
        let refused = advocate.post(&app, &path, &form).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.text.contains("value=\"The lease\"") && refused.text.contains("due-error"), "{}", refused.text);
        let form = [("csrf", &*csrf), ("what", "The lease"), ("due", "2126-12-31")];
        assert_eq!(advocate.post(&app, &path, &form).await.status, StatusCode::SEE_OTHER);
        let asked = chamber.client.get("/api/v1/portal/requests").await;
        assert_eq!(asked.body[0]["due_on"], "2126-12-31", "{asked:?}");
        for path in ["/portal", "/portal/preview", "/portal/preview?lang=hi"] {
            let page = advocate.get(&app, &format!("/cases/{}{path}", chamber.case)).await;
            assert_eq!(page.status, StatusCode::OK, "{path}");
            assert!(page.text.contains("The lease"), "{path}: {}", page.text);
        }
    }

    async fn what_a_client_looks_at_and_sends_is_in_the_record(app: TestApp) {
        let chamber = Chamber::build(&app).await;
        chamber.show().await;
        done(&chamber.client.get(&format!("/api/v1/portal/cases/{}", chamber.case)).await);
        let sent = chamber.deliver(&[("case_id", &*chamber.case)], "lease.txt", b"The lease.").await;
        done(&sent);
        let scope = app.app.auth.local_admin().await.unwrap();
        let recorded = app.app.audit.recent(&scope).await.unwrap();
        for action in ["portal.show", "portal.view", "delivery.send"] {
            let row = recorded.iter().find(|entry| entry.action == action);
            let row = row.unwrap_or_else(|| panic!("no {action}"));
            assert_eq!(row.details["case"], Value::from(chamber.case.as_str()), "{action}");
            assert!(!row.details.to_string().contains("lease"), "{action} tells the file's name");
        }
        assert_eq!(app.app.audit.check(scope.organisation()).await.unwrap(), None);
    }
}
