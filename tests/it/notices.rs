//! Notices: who is told of what, in which language and when, and what keeps a letter from
//! somebody who may no longer read it.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use munshi::db::{Db, Dialect, Sql};
use munshi::kernel::{CaseId, Clock, ManualClock, Scope, UserId};
use munshi::messages::{Channel, NewMessage};
use munshi::notices::{Notice, Reader};
use munshi::outbox::{Line, Status, Words};
use serde_json::{Value, json};

use crate::letters::{Heard, mail_server};
use crate::messages::{World, id_of};
use crate::on_both;
use crate::support::TestApp;
use crate::support::letters::letters;
use crate::support::pages::Pages;

/// A chamber with a case, a client who is shown it, and a mail server.
struct Told {
    world: World,
    clock: Arc<ManualClock>,
    heard: Heard,
}

impl Told {
    async fn start(dialect: Dialect) -> Self {
        let (address, heard) = mail_server(Arc::new(Mutex::new(false))).await;
        let settings =
            format!("[mail]\nsmtp_url = {address:?}\nfrom = \"Chamber <office@example.in>\"");
        let (app, clock) = TestApp::start_timed(dialect, &settings).await;
        let world = World::set_up(app).await;
        let told = Self { world, clock, heard };
        told.deliver().await;
        told.heard.lock().unwrap().clear();
        told
    }

    async fn deliver(&self) -> usize {
        let mut sent = 0;
        // A round takes twenty letters.
        for _ in 0..5 {
            sent += self.world.app.app.outbox.deliver_due().await.unwrap();
        }
        sent
    }

    /// The mails an address got since it was last asked.
    fn mails(&self, email: &str) -> Vec<String> {
        let mut heard = self.heard.lock().unwrap();
        let to = format!("To: {email}");
        let (own, rest) = heard.drain(..).partition(|mail: &String| mail.contains(&to));
        *heard = rest;
        own
    }

    async fn scope(&self, email: &str) -> Scope {
        self.world.app.app.auth.scope_of(email).await.unwrap()
    }

    async fn write(&self, email: &str, channel: Channel, text: &str) {
        let new = NewMessage {
            case: self.case(),
            channel,
            text: text.to_owned(),
            files: Vec::new(),
            documents: Vec::new(),
            share: false,
        };
        let scope = self.scope(email).await;
        self.world.app.app.messages.post(&scope, new).await.unwrap();
    }

    fn case(&self) -> CaseId {
        self.world.case.parse().unwrap()
    }

    async fn run(&self, sql: Sql) {
        let db = Db::connect(&self.world.app.app.config.database_address()).await.unwrap();
        let mut tx = db.write().await.unwrap();
        tx.execute(sql).await.unwrap();
        tx.commit().await.unwrap();
    }

    async fn tell(&self, reader: Reader, notice: &Notice, link: &str) {
        let db = Db::connect(&self.world.app.app.config.database_address()).await.unwrap();
        let mut tx = db.write().await.unwrap();
        let organisation = self.scope("admin@example.in").await.organisation();
        let notices = &self.world.app.app.notices;
        notices.tell(&mut tx, organisation, reader, notice, link).await.unwrap();
        tx.commit().await.unwrap();
    }

    async fn line(&self, email: &str, kind: &str) -> Line {
        let mut lines = letters(&self.world.app).await;
        lines.retain(|line| line.recipient == email && line.kind == kind);
        assert_eq!(lines.len(), 1, "{email} {kind}: {lines:?}");
        lines.remove(0)
    }

    async fn words(&self, line: &Line) -> Words {
        let scope = self.world.app.app.auth.local_admin().await.unwrap();
        self.world.app.app.outbox.read(&scope, line.id).await.unwrap().words
    }
}

fn at(text: &str) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(text).unwrap().to_utc()
}

const LEAD: &str = "lead@example.in";
const CLIENT: &str = "client@example.in";

async fn a_notice_goes_by_mail_without_what_it_is_about(dialect: Dialect) {
    let told = Told::start(dialect).await;
    // It is three in the afternoon in India.
    told.write(LEAD, Channel::Client, "The bail was refused.").await;
    assert!(told.deliver().await >= 1);
    let mails = told.mails(CLIENT);
    assert_eq!(mails.len(), 1, "{mails:?}");
    let mail = mails[0].replace("=\n", "").replace("=3D", "=");
    assert!(mail.contains("Sharma v. Kapoor") && mail.contains("/portal/messages/"), "{mail}");
    assert!(mail.contains("/portal/notices"), "{mail}");
    assert!(!mail.contains("bail"), "{mail}");
}

async fn quiet_hours_hold_a_client_s_letter_until_the_morning(dialect: Dialect) {
    let told = Told::start(dialect).await;
    // From three in the afternoon to ten at night.
    told.clock.advance(Duration::from_hours(7));
    told.write(LEAD, Channel::Client, "Good evening.").await;
    let line = told.line(CLIENT, "notice-message").await;
    assert_eq!(line.next_at, at("2026-11-03T07:00:00+05:30"));
    told.deliver().await;
    assert!(told.mails(CLIENT).is_empty(), "it is night");
    // The team has no quiet hours unless they want some.
    told.write(CLIENT, Channel::Client, "I cannot sleep.").await;
    told.deliver().await;
    assert_eq!(told.mails(LEAD).len(), 1);
    told.clock.advance(Duration::from_hours(9) + Duration::from_secs(1));
    assert_eq!(told.clock.now(), at("2026-11-03T07:00:01+05:30"));
    told.deliver().await;
    assert_eq!(told.mails(CLIENT).len(), 1);
}

async fn who_lost_access_between_writing_and_sending_gets_nothing(dialect: Dialect) {
    let told = Told::start(dialect).await;
    told.write(CLIENT, Channel::Client, "Please call me.").await;
    told.write(LEAD, Channel::Client, "We will.").await;
    let removed = format!(
        "/api/v1/cases/{}/members/{}",
        told.world.case,
        id_of(&told.world.app, "helper@example.in").await
    );
    assert!(told.world.admin.delete(&removed).await.status.is_success());
    let wall = json!({
        "user_id": id_of(&told.world.app, LEAD).await, "case_id": told.world.case,
        "reason": "acted for the other side",
    });
    assert!(told.world.admin.post("/api/v1/walls", wall).await.status.is_success());
    let admin = told.world.app.app.auth.local_admin().await.unwrap();
    told.world.app.app.portal.hide(&admin, told.case(), false).await.unwrap();
    told.deliver().await;
    for email in ["helper@example.in", LEAD, CLIENT] {
        assert!(told.mails(email).is_empty(), "{email}");
        let line = told.line(email, "notice-message").await;
        assert_eq!(line.status(), Status::Failed, "{email}");
        assert_eq!(line.last_error.as_deref(), Some("no longer open to its reader"), "{email}");
    }
    // Nor is anything written for them from now on.
    let count = letters(&told.world.app).await.len();
    let notice = Notice::NewsOfCase { case_title: "Sharma v. Kapoor".to_owned() };
    let link = format!("/portal/cases/{}", told.case());
    told.tell(Reader::Client(told.world.client_id.parse().unwrap()), &notice, &link).await;
    assert_eq!(letters(&told.world.app).await.len(), count);
}

async fn a_walled_admin_finds_no_letter_of_the_case(dialect: Dialect) {
    let (app, _clock) = TestApp::start_timed(dialect, "").await;
    let world = World::set_up(app).await;
    world.write_as_client("Please call me.").await;
    world.app.person("second@example.in", "admin", None).await;
    let scope = async || world.app.app.auth.scope_of("second@example.in").await.unwrap();
    let list = async || {
        let filter = munshi::outbox::Filter::default();
        let mut lines = world.app.app.outbox.list(&scope().await, &filter).await.unwrap();
        lines.retain(|line| line.kind == "notice-message");
        lines
    };
    let before = list().await;
    assert!(!before.is_empty());
    let wall = json!({
        "user_id": id_of(&world.app, "second@example.in").await, "case_id": world.case,
        "reason": "acted for the other side",
    });
    assert!(world.admin.post("/api/v1/walls", wall).await.status.is_success());
    assert!(list().await.is_empty());
    assert!(world.app.app.outbox.read(&scope().await, before[0].id).await.is_err());
    assert!(world.app.app.outbox.retry(&scope().await, before[0].id).await.is_err());
}

async fn a_digest_is_one_letter_a_day(dialect: Dialect) {
    let told = Told::start(dialect).await;
    told.write(LEAD, Channel::Team, "File the reply.").await;
    told.write("helper@example.in", Channel::Team, "It is filed.").await;
    told.deliver().await;
    assert!(told.mails(LEAD).is_empty(), "messages of the team come with the digest");
    let notices = &told.world.app.app.notices;
    let both = tokio::join!(notices.send_digests(), notices.send_digests());
    // The lead, the helper and the viewer: their hour of today is over already.
    assert_eq!(both.0.unwrap() + both.1.unwrap(), 3);
    told.deliver().await;
    let mails = told.mails(LEAD);
    assert_eq!(mails.len(), 1, "{mails:?}");
    assert!(mails[0].contains("helper@example.in") && !mails[0].contains("filed"), "{mails:?}");
    told.mails("helper@example.in");
    // What comes later today waits for tomorrow at eight.
    let read = munshi::db::Sql::new("DELETE FROM notice_marks");
    told.run(read).await;
    told.write("helper@example.in", Channel::Team, "And stamped.").await;
    assert_eq!(notices.send_digests().await.unwrap(), 0);
    told.clock.advance(Duration::from_hours(16));
    assert_eq!(notices.send_digests().await.unwrap(), 0, "it is seven in the morning");
    // A wall that was raised meanwhile leaves nothing to tell.
    let raise = Sql::new(
        "INSERT INTO walls (id, organisation_id, user_id, case_id, reason, raised_by, raised_at)
         SELECT $1, u.organisation_id, u.id, $2, 'the other side', u.id, $3 FROM users u
         WHERE u.email = 'lead@example.in'",
    );
    let raise = raise.bind(munshi::kernel::WallId::new()).bind(told.case());
    told.run(raise.bind(told.clock.now())).await;
    told.clock.advance(Duration::from_hours(1));
    assert_eq!(notices.send_digests().await.unwrap(), 1, "the viewer's alone");
    told.deliver().await;
    assert!(told.mails(LEAD).is_empty());
    assert_eq!(told.mails("viewer@example.in").len(), 2);
}

async fn a_digest_waits_until_quiet_is_over(dialect: Dialect) {
    let told = Told::start(dialect).await;
    // It is three in the afternoon; the digest is late.
    let quiet = json!({ "quiet_from": "14:00", "quiet_until": "16:00", "digest_at": "08:00" });
    told.world.lead.put("/api/v1/notice-settings", quiet).await;
    told.write("helper@example.in", Channel::Team, "It is filed.").await;
    assert!(told.world.app.app.notices.send_digests().await.unwrap() >= 1);
    let line = told.line(LEAD, "notice-digest").await;
    assert_eq!(line.next_at, at("2026-11-02T16:00:00+05:30"));
}

async fn work_given_is_told_only_while_its_case_is_open(dialect: Dialect) {
    let told = Told::start(dialect).await;
    let helper = id_of(&told.world.app, "helper@example.in").await;
    let lead = id_of(&told.world.app, LEAD).await;
    for assignee in [&helper, &lead] {
        let work = json!({
            "case_id": told.world.case, "kind": "task", "title": "File the reply",
            "assignee_id": assignee,
        });
        let made = told.world.admin.post("/api/v1/deadlines", work).await;
        assert_eq!(made.status, StatusCode::CREATED, "{made:?}");
    }
    // Before the letters go, one leaves the case and the other gets a new address.
    let removed = format!("/api/v1/cases/{}/members/{helper}", told.world.case);
    assert!(told.world.admin.delete(&removed).await.status.is_success());
    let moved = "UPDATE users SET email = 'moved@example.in' WHERE email = 'lead@example.in'";
    told.run(Sql::new(moved)).await;
    told.deliver().await;
    let line = told.line("helper@example.in", "notice-task").await;
    assert_eq!(line.last_error.as_deref(), Some("no longer open to its reader"));
    assert!(told.mails("helper@example.in").is_empty());
    assert_eq!(told.mails("moved@example.in").len(), 1);
    assert_eq!(told.line("moved@example.in", "notice-task").await.status(), Status::Sent);
}

async fn people_say_what_they_are_told_of_and_when(dialect: Dialect) {
    let told = Told::start(dialect).await;
    let path = "/api/v1/notice-settings";
    let lead = &told.world.lead;
    let shown = lead.get(path).await;
    assert_eq!(
        (&shown.body["quiet_from"], &shown.body["digest_at"]),
        (&Value::Null, &json!("08:00"))
    );
    let of = |body: &Value, kind: &str| {
        let choices = body["choices"].as_array().unwrap().iter();
        choices.clone().find(|choice| choice["kind"] == kind).map(|it| it["how"].clone())
    };
    assert_eq!(of(&shown.body, "team_message"), Some(json!("digest")));
    assert_eq!(of(&shown.body, "invoice"), None, "nobody of the chamber gets invoices");
    let new = json!({
        "choices": [{ "kind": "message", "how": "never" }], "quiet_from": "22:00",
        "quiet_until": "06:30", "digest_at": "18:15",
    });
    assert_eq!(lead.put(path, new).await.status, StatusCode::NO_CONTENT);
    let shown = lead.get(path).await;
    assert_eq!(of(&shown.body, "message"), Some(json!("never")));
    assert_eq!(of(&shown.body, "mention"), Some(json!("at_once")), "the rest stays as it was");
    assert_eq!(shown.body["quiet_until"], "06:30");
    for bad in [
        json!({ "digest_at": "8" }),
        json!({ "digest_at": "08:00", "quiet_from": "22:00" }),
        json!({ "digest_at": "08:00", "choices": [{ "kind": "invoice", "how": "never" }] }),
        json!({ "digest_at": "08:00", "choices": [{ "kind": "message", "how": "loudly" }] }),
    ] {
        let refused = lead.put(path, bad).await;
        assert_eq!(refused.status, StatusCode::BAD_REQUEST, "{refused:?}");
    }
    told.write(CLIENT, Channel::Client, "Hello?").await;
    told.deliver().await;
    assert!(told.mails(LEAD).is_empty());
    assert_eq!(told.mails("helper@example.in").len(), 1);
    let client = told.world.client.get(path).await;
    assert_eq!(client.body["quiet_from"], "21:00");
    assert_eq!(of(&client.body, "team_message"), None);
}

async fn a_hindi_client_is_told_in_hindi(dialect: Dialect) {
    let told = Told::start(dialect).await;
    told.run(Sql::new("UPDATE clients SET language = 'hi'")).await;
    let day = "2026-12-05".parse().ok();
    let notice = Notice::NextDate { case_title: "Sharma v. Kapoor".to_owned(), day };
    let link = format!("/portal/cases/{}", told.case());
    let client = Reader::Client(told.world.client_id.parse().unwrap());
    told.tell(client, &notice, &link).await;
    let words = told.words(&told.line(CLIENT, "notice-next-date").await).await;
    assert_eq!(words.subject, "आपके मामले की अगली तारीख़");
    assert!(words.text.contains("5 दिसंबर 2026"), "{words:?}");
    // People of the chamber are written to in English.
    let lead: UserId = id_of(&told.world.app, LEAD).await.parse().unwrap();
    let notice =
        Notice::TaskGiven { title: "File the reply".to_owned(), case_title: None, due: day };
    told.tell(Reader::Person(lead), &notice, "/diary").await;
    let words = told.words(&told.line(LEAD, "notice-task").await).await;
    assert!(words.text.contains("due on 5 December 2026"), "{words:?}");
    // Somebody whose account is off is told nothing.
    told.run(Sql::new("UPDATE users SET active = FALSE WHERE email = 'lead@example.in'")).await;
    let count = letters(&told.world.app).await.len();
    told.tell(Reader::Person(lead), &notice, "/diary").await;
    assert_eq!(letters(&told.world.app).await.len(), count);
}

async fn letters_given_up_are_shown_and_tried_again_together(dialect: Dialect) {
    let told = Told::start(dialect).await;
    let app = &told.world.app;
    // The mail server knows no such box.
    let new = json!({ "name": "Nila Rao", "email": "bounce@example.in", "role": "advocate" });
    assert_eq!(told.world.admin.post("/api/v1/users", new).await.status, StatusCode::CREATED);
    told.deliver().await;
    let mut pages = Pages::default();
    pages.sign_in(app, "admin@example.in").await;
    let office = pages.get(app, "/admin").await;
    assert!(office.text.contains("1 letter was not delivered"), "{}", office.text);
    let page = pages.get(app, "/admin/letters?state=failed").await;
    assert!(page.text.contains("Try all of them again"), "{}", page.text);
    let csrf = page.field("csrf");
    let done = pages.post(app, "/admin/letters/retry", &[("csrf", &csrf)]).await;
    assert_eq!(done.status, StatusCode::OK);
    assert!(done.text.contains("1 letter is tried again."), "{}", done.text);
    let line = told.line("bounce@example.in", "invitation").await;
    assert_eq!((line.status(), line.attempts), (Status::Waiting, 0));
    let again = told.world.lead.post("/api/v1/letters/retry", json!({})).await;
    assert_eq!(again.status, StatusCode::NOT_FOUND);
}

async fn the_page_keeps_what_was_typed(dialect: Dialect) {
    let told = Told::start(dialect).await;
    let app = &told.world.app;
    let mut pages = Pages::default();
    pages.sign_in(app, LEAD).await;
    let csrf = pages.get(app, "/account/notices").await.field("csrf");
    let mut form = vec![
        ("csrf", csrf.as_str()),
        ("kind-message", "never"),
        ("quiet_from", "9 pm"),
        ("quiet_until", "07:00"),
        ("digest_at", "08:00"),
    ];
    let refused = pages.post(app, "/account/notices", &form).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains("9 pm") && refused.text.contains("Write times of day"));
    form[2] = ("quiet_from", "21:00");
    let kept = pages.post(app, "/account/notices", &form).await;
    assert_eq!(kept.status, StatusCode::OK);
    assert!(kept.text.contains("Your choices are kept."), "{}", kept.text);
    assert_eq!(pages.get(app, "/portal/notices").await.status, StatusCode::NOT_FOUND);
}

on_both! {
    a_notice_goes_by_mail_without_what_it_is_about
    quiet_hours_hold_a_client_s_letter_until_the_morning
    who_lost_access_between_writing_and_sending_gets_nothing
    a_walled_admin_finds_no_letter_of_the_case
    a_digest_is_one_letter_a_day
    a_digest_waits_until_quiet_is_over
    work_given_is_told_only_while_its_case_is_open
    people_say_what_they_are_told_of_and_when
    a_hindi_client_is_told_in_hindi
    letters_given_up_are_shown_and_tried_again_together
    the_page_keeps_what_was_typed
}
