//! How much may be asked for, and how slowly.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::Method;
use axum::routing::get;
use futures_util::stream;
use munshi::db::Dialect;
use serde_json::json;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

use crate::support::TestApp;
use crate::support::wire::{FORM, heard, listen, send, spoken};

const SLOW: &str = "limits.head_secs = 1\nlimits.idle_secs = 1";

#[tokio::test(flavor = "multi_thread")]
async fn sign_ins_are_counted_by_address() {
    let app = TestApp::start_with(Dialect::Sqlite, "limits.sign_in = 6").await;
    let body = json!({ "email": "nobody@example.in", "password": "not the password" }).to_string();
    let json = [("content-type", "application/json")];
    for attempt in 0..6 {
        let answer = send(&app.router, Method::POST, "/api/v1/session", &json, &body).await;
        assert!(answer.status != 429, "{attempt}: {answer:?}");
    }
    let answer = send(&app.router, Method::POST, "/api/v1/session", &json, &body).await;
    assert_eq!(answer.status, 429, "{answer:?}");
    let seconds: u64 = answer.header("retry-after").parse().unwrap();
    assert!((1..=10).contains(&seconds), "{seconds}");
    assert_eq!(answer.header("content-type"), "application/problem+json");
    assert!(answer.text.contains("/problems/too-many-requests"), "{}", answer.text);
    let page = send(&app.router, Method::POST, "/sign-in", &[FORM], "email=a&password=b").await;
    assert_eq!(page.status, 429);
    assert!(page.header("content-type").starts_with("text/html"), "{page:?}");
    assert!(page.text.contains("Too many at once; try again in"), "{}", page.text);
    // Another address is not held up, and reading goes on.
    assert!(send(&app.router, Method::GET, "/sign-in", &[], "").await.status != 429);
}

#[tokio::test(flavor = "multi_thread")]
async fn each_kind_of_work_is_counted_by_person() {
    let settings = "limits.search = 3\nlimits.models = 2\nlimits.uploads = 2\nlimits.exports = 2\n\
                    limits.others = 500\nlimits.sign_in = 500";
    let app = TestApp::start_with(Dialect::Sqlite, settings).await;
    let admin = app.admin().await;
    let other = app.person("adv@example.in", "advocate", None).await;
    let case = admin.open_case("A v. B").await;
    let upload = format!("/api/v1/cases/{case}/documents");
    for number in 0..2 {
        let name = format!("{number}.txt");
        let taken = admin.upload(&upload, &name, name.as_bytes()).await;
        assert!(taken.status.is_success(), "{taken:?}");
    }
    assert_eq!(admin.upload(&upload, "3.txt", b"3").await.status, 429);
    for _ in 0..3 {
        assert_eq!(admin.get("/api/v1/search?q=bail").await.status, 200);
    }
    assert_eq!(admin.get("/api/v1/search?q=bail").await.status, 429);
    for _ in 0..2 {
        assert_eq!(admin.get("/api/v1/usage.csv").await.status, 200);
    }
    assert_eq!(admin.get("/api/v1/usage.csv").await.status, 429);
    // Others have counts of their own, and other work goes on.
    assert_eq!(other.get("/api/v1/search?q=bail").await.status, 200);
    assert_eq!(admin.get("/api/v1/cases").await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_has_a_limit_too() {
    let settings = "limits.others = 5\nlimits.address_factor = 2";
    let app = TestApp::start_with(Dialect::Sqlite, settings).await;
    let mut refused = 0;
    for _ in 0..20 {
        let answer = send(&app.router, Method::GET, "/sign-in", &[], "").await;
        refused += u32::from(answer.status == 429);
    }
    assert!((9..=10).contains(&refused), "{refused}");
}

/// Forty connections that never finish their head are ended, and meanwhile others are
/// answered.
#[tokio::test(flavor = "multi_thread")]
async fn slow_heads_hold_nobody_up() {
    let app = TestApp::start(Dialect::Sqlite).await;
    let (address, stop) = listen(app.router.clone(), SLOW).await;
    let began = Instant::now();
    let mut slow = Vec::new();
    for _ in 0..40 {
        let mut socket = TcpStream::connect(&address).await.unwrap();
        socket.write_all(b"GET / HTTP/1.1\r\nhost: localhost\r\nx-a: ").await.unwrap();
        slow.push(socket);
    }
    // One that keeps sending a little is not spared.
    let mut drip = TcpStream::connect(&address).await.unwrap();
    let dripping = tokio::spawn(async move {
        for _ in 0..100 {
            if drip.write_all(b"G").await.is_err() {
                return true;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        false
    });
    let answer =
        spoken(&address, "GET /sign-in HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n")
            .await;
    assert!(answer.starts_with("HTTP/1.1 "), "{answer}");
    for mut socket in slow {
        let said = heard(&mut socket).await;
        assert!(said.is_empty() || said.starts_with("HTTP/1.1 4"), "{said}");
    }
    assert!(dripping.await.unwrap(), "a dripping head was let on for ever");
    assert!(began.elapsed() < Duration::from_secs(15));
    stop.cancel();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_that_stands_still_is_ended() {
    let app = TestApp::start_with(Dialect::Sqlite, SLOW).await;
    let admin = app.admin().await;
    let case = admin.open_case("A v. B").await;
    let session = app
        .anonymous()
        .post(
            "/api/v1/session",
            json!({ "email": "admin@example.in", "password": crate::support::PASSWORD }),
        )
        .await;
    let token = session.body["token"].as_str().unwrap().to_owned();
    let (address, stop) = listen(app.router.clone(), SLOW).await;
    let mut socket = TcpStream::connect(&address).await.unwrap();
    let head = format!(
        "POST /api/v1/cases/{case}/documents HTTP/1.1\r\nhost: localhost\r\n\
         authorization: Bearer {token}\r\ncontent-type: multipart/form-data; boundary=XX\r\n\
         content-length: 1000000\r\n\r\n--XX\r\ncontent-disposition: form-data; name=\"file\"; \
         filename=\"a.txt\"\r\n\r\nthe beginning"
    );
    socket.write_all(head.as_bytes()).await.unwrap();
    let said = heard(&mut socket).await;
    assert!(said.is_empty() || said.starts_with("HTTP/1.1 4"), "{said}");
    let documents = admin.get(&format!("/api/v1/cases/{case}/documents")).await;
    assert_eq!(documents.body, json!([]), "half a file was kept");
    stop.cancel();
}

/// Says when it is dropped.
struct Dropped(Arc<AtomicBool>);

impl Drop for Dropped {
    fn drop(&mut self) {
        self.0.store(true, Ordering::SeqCst);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_who_takes_nothing_is_given_up() {
    let ended = Arc::new(AtomicBool::new(false));
    let told = Arc::clone(&ended);
    let endless = move || {
        let held = Dropped(Arc::clone(&told));
        async move {
            let pieces = stream::unfold(held, |held| async move {
                Some((Ok::<_, std::io::Error>(Bytes::from(vec![b'x'; 64 << 10])), held))
            });
            Body::from_stream(pieces)
        }
    };
    let (address, stop) = listen(Router::new().route("/", get(endless)), SLOW).await;
    let mut socket = TcpStream::connect(&address).await.unwrap();
    socket.write_all(b"GET / HTTP/1.1\r\nhost: localhost\r\n\r\n").await.unwrap();
    let began = Instant::now();
    while !ended.load(Ordering::SeqCst) {
        assert!(began.elapsed() < Duration::from_secs(15), "the answer goes on for ever");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    stop.cancel();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_has_so_many_connections() {
    let app = TestApp::start(Dialect::Sqlite).await;
    let settings = "limits.connections_per_address = 3";
    let (address, stop) = listen(app.router.clone(), settings).await;
    let mut open = Vec::new();
    for _ in 0..3 {
        open.push(TcpStream::connect(&address).await.unwrap());
    }
    let mut refused = TcpStream::connect(&address).await.unwrap();
    assert_eq!(heard(&mut refused).await, "");
    drop(open);
    let asked = "GET /sign-in HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n";
    for attempt in 0.. {
        let mut socket = TcpStream::connect(&address).await.unwrap();
        let _ = socket.write_all(asked.as_bytes()).await;
        if heard(&mut socket).await.starts_with("HTTP/1.1 ") {
            break;
        }
        assert!(attempt < 100, "a place is not given back");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    stop.cancel();
}

#[tokio::test(flavor = "multi_thread")]
async fn large_heads_are_refused() {
    let app = TestApp::start(Dialect::Sqlite).await;
    let (address, stop) = listen(app.router.clone(), SLOW).await;
    let long = "x".repeat(100_000);
    let many = "a: b\r\n".repeat(200);
    for head in [
        format!("GET /sign-in HTTP/1.1\r\nhost: localhost\r\nx-long: {long}\r\n\r\n"),
        format!("GET /sign-in HTTP/1.1\r\nhost: localhost\r\n{many}\r\n"),
        format!("GET /{long} HTTP/1.1\r\nhost: localhost\r\n\r\n"),
    ] {
        let said = spoken(&address, &head).await;
        assert!(said.is_empty() || said.starts_with("HTTP/1.1 4"), "{said}");
    }
    let body = format!("{{\"email\": \"{}\"}}", "x".repeat(300 << 10));
    let json = [("content-type", "application/json")];
    let answer = send(&app.router, Method::POST, "/api/v1/session", &json, &body).await;
    assert_eq!(answer.status, 413, "{answer:?}");
    stop.cancel();
}
