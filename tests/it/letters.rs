//! Letters on their way out: a real mail server and a real gateway, small ones.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::http::StatusCode;
use munshi::db::{Db, Dialect};
use munshi::outbox::{Filter, Letter, Status, To, Words};
use serde_json::json;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

use crate::on_both;
use crate::support::TestApp;
use crate::support::letters::{letters, token_in};

/// What a server heard, one text for each mail or request.
pub(crate) type Heard = Arc<Mutex<Vec<String>>>;

/// A mail server that takes everything but mail to `bounce@…`, and nothing while
/// `busy` is set.
pub(crate) async fn mail_server(busy: Arc<Mutex<bool>>) -> (String, Heard) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("smtp://{}", listener.local_addr().unwrap());
    let heard = Heard::default();
    let kept = Arc::clone(&heard);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(converse(stream, Arc::clone(&kept), Arc::clone(&busy)));
        }
    });
    (address, heard)
}

async fn converse(stream: TcpStream, heard: Heard, busy: Arc<Mutex<bool>>) {
    let mut stream = BufReader::new(stream);
    stream.write_all(b"220 test ESMTP\r\n").await.unwrap();
    let (mut line, mut mail, mut in_mail) = (String::new(), String::new(), false);
    while stream.read_line(&mut line).await.unwrap_or(0) > 0 {
        let said = line.trim_end().to_owned();
        let answer = match said.as_str() {
            "." if in_mail => {
                in_mail = false;
                heard.lock().unwrap().push(std::mem::take(&mut mail));
                "250 taken"
            }
            _ if in_mail => {
                mail.push_str(&said);
                mail.push('\n');
                ""
            }
            said if said.starts_with("EHLO") => "250-test\r\n250-8BITMIME\r\n250 AUTH PLAIN",
            // Asked only of who brings a name and password.
            said if said.starts_with("AUTH") => "535 not you",
            said if said.starts_with("RCPT") && said.contains("bounce@") => "550 no such box",
            said if said.starts_with("MAIL") && *busy.lock().unwrap() => "451 come back later",
            "DATA" => {
                in_mail = true;
                "354 go on"
            }
            "QUIT" => "221 bye",
            _ => "250 fine",
        };
        if !answer.is_empty() {
            stream.write_all(format!("{answer}\r\n").as_bytes()).await.unwrap();
        }
        line.clear();
    }
}

/// An HTTP server that answers each request with the next of some heads, the last one
/// for ever.
pub(crate) async fn gateway(answers: Vec<&'static str>) -> (String, Heard) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}/send?key=in-the-address", listener.local_addr().unwrap());
    let heard = Heard::default();
    let kept = Arc::clone(&heard);
    tokio::spawn(async move {
        let mut number = 0;
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut request = Vec::new();
            while !is_whole(&request) {
                let mut part = [0; 4096];
                let read = stream.read(&mut part).await.unwrap_or(0);
                if read == 0 {
                    break;
                }
                request.extend_from_slice(&part[..read]);
            }
            kept.lock().unwrap().push(String::from_utf8_lossy(&request).into_owned());
            let status = answers[number.min(answers.len() - 1)];
            number += 1;
            let reply =
                format!("HTTP/1.1 {status}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
            let _ = stream.write_all(reply.as_bytes()).await;
        }
    });
    (address, heard)
}

fn is_whole(request: &[u8]) -> bool {
    let text = String::from_utf8_lossy(request);
    let Some((head, body)) = text.split_once("\r\n\r\n") else { return false };
    let length = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse::<usize>().unwrap())
    });
    body.len() >= length.unwrap_or(0)
}

/// Puts a text message among the letters.
async fn post_text(app: &TestApp, number: &str, text: &str) {
    post_kind(app, "code", number, text).await;
}

async fn post_kind(app: &TestApp, kind: &'static str, number: &str, text: &str) {
    let scope = app.app.auth.local_admin().await.unwrap();
    let db = Db::connect(&app.app.config.database_address()).await.unwrap();
    let mut tx = db.write().await.unwrap();
    let letter = Letter {
        organisation: scope.organisation(),
        to: To::Phone(number.to_owned()),
        kind,
        words: Words { subject: String::new(), text: text.to_owned() },
    };
    app.app.outbox.post(&mut tx, letter).await.unwrap();
    tx.commit().await.unwrap();
}

/// The bytes of what is kept of every letter.
async fn kept(app: &TestApp) -> Vec<Vec<u8>> {
    #[derive(sqlx::FromRow)]
    struct Sealed {
        sealed: Vec<u8>,
    }
    let db = Db::connect(&app.app.config.database_address()).await.unwrap();
    let mut tx = db.read().await.unwrap();
    let rows: Vec<Sealed> =
        tx.all(munshi::db::Sql::new("SELECT sealed FROM letters ORDER BY id")).await.unwrap();
    rows.into_iter().map(|row| row.sealed).collect()
}

async fn mail_is_delivered_once_and_forgotten(dialect: Dialect) {
    let busy = Arc::new(Mutex::new(true));
    let (address, heard) = mail_server(Arc::clone(&busy)).await;
    let settings =
        format!("[mail]\nsmtp_url = {address:?}\nfrom = \"Chamber of Rao <office@example.in>\"");
    let (app, clock) = TestApp::start_timed(dialect, &settings).await;
    let admin = app.admin().await;
    for email in ["nila@example.in", "bounce@example.in"] {
        let new = json!({ "name": "Nila Rao", "email": email, "role": "advocate" });
        assert_eq!(admin.post("/api/v1/users", new).await.status, StatusCode::CREATED);
    }
    let outbox = &app.app.outbox;
    assert_eq!(outbox.deliver_due().await.unwrap(), 0, "the server is busy");
    let lines = letters(&app).await;
    assert!(lines.iter().all(|line| line.status() == Status::Waiting && line.attempts == 1));
    assert!(lines[0].last_error.as_ref().unwrap().contains("451"), "{lines:?}");
    *busy.lock().unwrap() = false;
    assert_eq!(outbox.deliver_due().await.unwrap(), 0, "not before the wait is over");

    clock.advance(Duration::from_secs(31));
    let both = tokio::join!(outbox.deliver_due(), outbox.deliver_due());
    assert_eq!(both.0.unwrap() + both.1.unwrap(), 2, "the admin's confirmation and the invitation");
    let mails = heard.lock().unwrap().clone();
    assert_eq!(mails.len(), 2, "no letter goes out twice");
    let mail = mails.iter().find(|mail| mail.contains("To: nila@example.in")).unwrap();
    assert!(mail.contains("From: \"Chamber of Rao\" <office@example.in>"), "{mail}");
    let lines = letters(&app).await;
    let line = lines.iter().find(|line| line.recipient == "nila@example.in").unwrap();
    // The same however often it goes out.
    assert!(mail.contains(&format!("Message-ID: <{}@example.in>", line.id)), "{mail}");
    let token = token_in(&mail.replace("=\n", "").replace("=3D", "="));
    let body = json!({ "token": token, "password": "teak monsoon lantern 4821" });
    let chosen = app.anonymous().post("/api/v1/password/choose", body).await;
    assert_eq!(chosen.status, StatusCode::NO_CONTENT, "{chosen:?}");

    let lines = letters(&app).await;
    let failed: Vec<_> = lines.iter().filter(|line| line.status() == Status::Failed).collect();
    assert_eq!(failed.len(), 1);
    assert_eq!(failed[0].recipient, "bounce@example.in");
    assert!(failed[0].last_error.as_ref().unwrap().contains("550"), "{failed:?}");
    let empty = kept(&app).await.iter().filter(|sealed| sealed.is_empty()).count();
    assert_eq!(empty, 2, "what was sent is not kept");
    let scope = app.app.auth.local_admin().await.unwrap();
    let sent = lines.iter().find(|line| line.status() == Status::Sent).unwrap();
    assert!(outbox.read(&scope, sent.id).await.is_err());
    assert!(outbox.retry(&scope, sent.id).await.is_err());
    outbox.retry(&scope, failed[0].id).await.unwrap();
    outbox.deliver_due().await.unwrap();
    assert_eq!(heard.lock().unwrap().len(), 2);
}

async fn a_wrong_password_for_the_mail_server_gives_no_letter_up(dialect: Dialect) {
    let (address, heard) = mail_server(Arc::default()).await;
    let address = address.replace("smtp://", "smtp://office:mistyped@");
    let settings = format!("[mail]\nsmtp_url = {address:?}\nfrom = \"office@example.in\"");
    let (app, _clock) = TestApp::start_timed(dialect, &settings).await;
    app.admin().await;
    assert_eq!(app.app.outbox.deliver_due().await.unwrap(), 0);
    let lines = letters(&app).await;
    assert!(!lines.is_empty() && lines.iter().all(|line| line.status() == Status::Waiting));
    let error = lines[0].last_error.clone().unwrap();
    assert!(error.contains("535") && !error.contains("mistyped"), "{error}");
    assert!(heard.lock().unwrap().is_empty());
}

async fn a_code_goes_before_notices_and_a_letter_is_listed_for_a_year(dialect: Dialect) {
    let (address, heard) = gateway(vec!["200 OK"]).await;
    let settings = format!("[sms]\nurl = {address:?}\nbody = \"to={{number}}&text={{text}}\"");
    let (app, clock) = TestApp::start_timed(dialect, &settings).await;
    app.admin().await;
    for number in 0..21 {
        post_kind(&app, "notice-task", "+919800000006", &format!("Notice {number}")).await;
    }
    clock.advance(Duration::from_secs(1));
    post_text(&app, "+919800000007", "Code 4711").await;
    let outbox = &app.app.outbox;
    assert_eq!(outbox.deliver_due().await.unwrap(), 20);
    assert!(heard.lock().unwrap().iter().any(|request| request.contains("4711")));
    assert_eq!(outbox.deliver_due().await.unwrap(), 2);
    clock.advance(Duration::from_hours(24 * 365));
    assert_eq!(outbox.forget_old().await.unwrap(), 0);
    clock.advance(Duration::from_hours(48));
    assert!(outbox.forget_old().await.unwrap() >= 22);
    assert!(letters(&app).await.is_empty());
}

async fn a_gateway_gets_text_messages_and_leads_nowhere_else(dialect: Dialect) {
    let (elsewhere, stolen) = gateway(vec!["200 OK"]).await;
    let redirect: &'static str =
        Box::leak(format!("307 Temporary Redirect\r\nlocation: {elsewhere}").into_boxed_str());
    let (address, heard) = gateway(vec!["503 Busy", "200 OK", redirect, "400 Bad"]).await;
    let settings = format!(
        "[sms]\nurl = {address:?}\nbody = '{{\"to\": \"{{number}}\", \"text\": \"{{text}}\"}}'\n\
         headers = {{ authorization = \"Bearer of-the-gateway\" }}"
    );
    let (app, clock) = TestApp::start_timed(dialect, &settings).await;
    app.admin().await;
    let outbox = &app.app.outbox;
    post_text(&app, "+919800000001", "Your code is \"123456\".").await;
    assert_eq!(outbox.deliver_due().await.unwrap(), 0);
    clock.advance(Duration::from_secs(31));
    assert_eq!(outbox.deliver_due().await.unwrap(), 1);
    let request = heard.lock().unwrap()[1].clone();
    assert!(request.starts_with("POST /send?key=in-the-address HTTP/1.1"), "{request}");
    assert!(request.contains("authorization: Bearer of-the-gateway"), "{request}");
    let (_, body) = request.split_once("\r\n\r\n").unwrap();
    let body: serde_json::Value = serde_json::from_str(body).unwrap();
    assert_eq!(body, json!({ "to": "+919800000001", "text": "Your code is \"123456\"." }));

    for why in ["307", "400"] {
        post_text(&app, "+919800000002", "Your code is 654321.").await;
        assert_eq!(outbox.deliver_due().await.unwrap(), 0);
        let lines = letters(&app).await;
        let line = lines.iter().find(|line| line.recipient == "+919800000002").unwrap();
        assert_eq!(line.status(), Status::Failed);
        let error = line.last_error.clone().unwrap();
        assert!(error.contains(why) && !error.contains("in-the-address"), "{error}");
        clock.advance(Duration::from_secs(1));
    }
    assert!(stolen.lock().unwrap().is_empty(), "a redirect was followed");
    // Mail has nothing that delivers it, and waits.
    let lines = letters(&app).await;
    let mail = lines.iter().find(|line| line.channel == "mail").unwrap();
    assert_eq!((mail.status(), mail.attempts), (Status::Waiting, 0));
}

async fn a_dead_gateway_is_tried_a_bounded_number_of_times(dialect: Dialect) {
    let (address, heard) = gateway(vec!["500 Broken"]).await;
    let settings = format!("[sms]\nurl = {address:?}\nbody = \"to={{number}}&text={{text}}\"");
    let (app, clock) = TestApp::start_timed(dialect, &settings).await;
    app.admin().await;
    post_text(&app, "+919800000003", "A code").await;
    for _ in 0..30 {
        app.app.outbox.deliver_due().await.unwrap();
        clock.advance(Duration::from_hours(1));
    }
    assert_eq!(heard.lock().unwrap().len(), 10);
    let lines = letters(&app).await;
    assert_eq!(lines[0].status(), Status::Failed);
}

async fn letters_are_for_admins_and_reading_one_is_recorded(dialect: Dialect) {
    let app = TestApp::start(dialect).await;
    app.admin().await;
    app.person("staff@example.in", "staff", None).await;
    let staff = app.app.auth.scope_of("staff@example.in").await.unwrap();
    let admin = app.app.auth.local_admin().await.unwrap();
    let id = letters(&app).await[0].id;
    let outbox = &app.app.outbox;
    assert!(outbox.list(&staff, &Filter::default()).await.is_err());
    assert!(outbox.read(&staff, id).await.is_err());
    assert!(outbox.retry(&staff, id).await.is_err());
    assert!(outbox.read(&admin, munshi::kernel::LetterId::new()).await.is_err());
    let opened = outbox.read(&admin, id).await.unwrap();
    assert!(opened.words.text.contains("?token="));
    assert!(!format!("{opened:?}").contains("token="), "not in what is logged");
    let recent = app.app.audit.recent(&admin).await.unwrap();
    assert_eq!(recent[0].action, "letter.read");
    assert_eq!(recent[0].details, json!({ "letter": id, "kind": opened.kind }));
    // Without anything that delivers, letters wait and are not tried.
    assert_eq!(outbox.deliver_due().await.unwrap(), 0);
    assert_eq!(letters(&app).await[0].attempts, 0);
}

/// The API lists letters by state, a page at a time, without their words, and tries one
/// again that was given up; for admins alone.
async fn the_api_lists_letters_and_tries_one_again(dialect: Dialect) {
    let (address, heard) = gateway(vec!["500 Broken"]).await;
    let settings = format!("[sms]\nurl = {address:?}\nbody = \"to={{number}}&text={{text}}\"");
    let (app, clock) = TestApp::start_timed(dialect, &settings).await;
    app.admin().await;
    app.person("staff@example.in", "staff", None).await;
    post_text(&app, "+919800000004", "Code 4711").await;
    post_text(&app, "+919800000005", "Code 4712").await;
    for _ in 0..30 {
        app.app.outbox.deliver_due().await.unwrap();
        clock.advance(Duration::from_hours(1));
    }
    let admin = app.admin().await;
    let staff = app.sign_in("staff@example.in").await;
    let list = |query: &str| format!("/api/v1/letters{query}");
    let failed = admin.get(&list("?state=failed&channel=sms")).await;
    assert_eq!(failed.status, StatusCode::OK, "{}", failed.body);
    let rows = failed.body.as_array().unwrap();
    assert_eq!(rows.len(), 2);
    assert_eq!(rows[0]["recipient"], "+919800000005", "the newest first");
    assert!(!failed.body.to_string().contains("4712"), "never what it says");
    assert!(rows.iter().all(|row| row["state"] == "failed" && row["next_at"].is_null()));
    let first = rows[0]["id"].as_str().unwrap();
    let next = admin.get(&list(&format!("?state=failed&limit=1&before={first}"))).await;
    assert_eq!(next.body.as_array().unwrap()[0]["recipient"], "+919800000004");
    assert_eq!(admin.get(&list("?state=sent")).await.body, json!([]));
    assert_eq!(admin.get(&list("?limit=0")).await.status, StatusCode::BAD_REQUEST);
    assert_eq!(staff.get(&list("")).await.status, StatusCode::NOT_FOUND);

    let retry = format!("/api/v1/letters/{first}/retry");
    assert_eq!(staff.post(&retry, json!({})).await.status, StatusCode::NOT_FOUND);
    assert_eq!(admin.post(&retry, json!({})).await.status, StatusCode::ACCEPTED);
    let waiting = admin.get(&list("?state=waiting&channel=sms")).await;
    assert_eq!(waiting.body[0]["id"], first);
    let before = heard.lock().unwrap().len();
    app.app.outbox.deliver_due().await.unwrap();
    assert_eq!(heard.lock().unwrap().len(), before + 1, "it was tried again");
}

on_both! {
    mail_is_delivered_once_and_forgotten
    a_wrong_password_for_the_mail_server_gives_no_letter_up
    a_code_goes_before_notices_and_a_letter_is_listed_for_a_year
    a_gateway_gets_text_messages_and_leads_nowhere_else
    a_dead_gateway_is_tried_a_bounded_number_of_times
    letters_are_for_admins_and_reading_one_is_recorded
    the_api_lists_letters_and_tries_one_again
}
