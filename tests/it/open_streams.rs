//! A wall raised while something is under way closes the rest of it at once.

use std::time::Duration;

use axum::http::StatusCode;
use futures_util::{Stream, StreamExt};
use munshi::db::Dialect;
use serde_json::json;

use crate::support::scripted_llm::{Script, ScriptedLlm};
use crate::support::{Caller, PASSWORD, TestApp};

/// A chamber on a real socket, a case of an advocate, and the wall to be raised.
struct Open {
    app: TestApp,
    address: String,
    token: String,
    advocate: Caller,
    admin: Caller,
    case: String,
    user: String,
}

impl Open {
    async fn start(settings: &str) -> Self {
        let _chosen = rustls::crypto::ring::default_provider().install_default();
        let app = TestApp::start_with(Dialect::Sqlite, settings).await;
        let admin = app.admin().await;
        let advocate = app.person("adv@example.in", "advocate", None).await;
        let case = advocate.open_case("Sharma v. Kapoor").await;
        let users = admin.get("/api/v1/users").await.body;
        let users = users.as_array().unwrap();
        let user = users.iter().find(|user| user["email"] == "adv@example.in").unwrap();
        let user = user["id"].as_str().unwrap().to_owned();
        let session = json!({ "email": "adv@example.in", "password": PASSWORD });
        let session = app.anonymous().post("/api/v1/session", session).await;
        let token = session.body["token"].as_str().unwrap().to_owned();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let router = app.router.clone();
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { app, address, token, advocate, admin, case, user }
    }

    async fn upload(&self, name: &str, bytes: &[u8]) -> String {
        let path = format!("/api/v1/cases/{}/documents", self.case);
        let received = self.admin.upload(&path, name, bytes).await;
        assert!(received.status.is_success(), "{received:?}");
        received.body["document_id"].as_str().unwrap().to_owned()
    }

    async fn open(
        &self,
        path: &str,
    ) -> (StatusCode, impl Stream<Item = reqwest::Result<axum::body::Bytes>> + Unpin + use<>) {
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        let url = format!("{}{path}", self.address);
        let answer = client.get(url).bearer_auth(&self.token).send().await.unwrap();
        (answer.status(), Box::pin(answer.bytes_stream()))
    }

    async fn raise(&self) {
        let wall = json!({ "user_id": self.user, "case_id": self.case, "reason": "conflict" });
        let raised = self.admin.post("/api/v1/walls", wall).await;
        assert_eq!(raised.status, StatusCode::CREATED, "{raised:?}");
    }
}

/// Reads until a word has come; everything that came.
async fn until(
    stream: &mut (impl Stream<Item = reqwest::Result<axum::body::Bytes>> + Unpin),
    word: &str,
) -> String {
    let mut text = String::new();
    while !text.contains(word) {
        let next = tokio::time::timeout(Duration::from_secs(20), stream.next()).await;
        let piece = next.expect("something comes").expect("it goes on").unwrap();
        text.push_str(&String::from_utf8_lossy(&piece));
    }
    text
}

/// Reads what is left, which must come to an end.
async fn rest(
    stream: &mut (impl Stream<Item = reqwest::Result<axum::body::Bytes>> + Unpin),
) -> (usize, String, bool) {
    let (mut count, mut text, mut broke) = (0, String::new(), false);
    loop {
        let next = tokio::time::timeout(Duration::from_secs(30), stream.next()).await;
        match next.expect("it comes to an end") {
            Some(Ok(piece)) => {
                count += piece.len();
                if count < 1 << 20 {
                    text.push_str(&String::from_utf8_lossy(&piece));
                }
            }
            Some(Err(_)) => broke = true,
            None => return (count, text, broke),
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_next_page_of_a_search_is_empty() {
    let open = Open::start("").await;
    for number in 0..12 {
        let text = format!("Parcel {number} of lot {} reached Jaipur.", number * 17);
        open.upload(&format!("n{number}.txt"), text.as_bytes()).await;
    }
    open.app.settle().await;
    let first = open.advocate.get("/api/v1/search?q=Jaipur&limit=5").await;
    assert_eq!(first.body["hits"].as_array().map(Vec::len), Some(5), "{first:?}");
    let after = first.body["next"].as_str().unwrap_or_else(|| panic!("{first:?}")).to_owned();
    let next = format!("/api/v1/search?q=Jaipur&limit=5&after={after}");
    assert!(!open.advocate.get(&next).await.body["hits"].as_array().unwrap().is_empty());
    open.raise().await;
    let second = open.advocate.get(&next).await;
    assert_eq!(second.body["hits"], json!([]), "{second:?}");
    assert_eq!(second.body["documents"], 0, "{second:?}");
    let within = open.advocate.get(&format!("{next}&case={}", open.case)).await;
    assert_eq!(within.status, StatusCode::NOT_FOUND, "{within:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_next_event_of_an_answer_says_that_it_is_closed() {
    let llm = ScriptedLlm::start(vec![Script::StallBefore]).await.unwrap();
    let settings = format!(
        "llm.base_url = {:?}\nllm.model = \"scripted\"\nllm.api_key = \"k\"\nllm.connect_secs = 1\n\
         llm.first_token_secs = 4\nllm.idle_secs = 4\nllm.total_secs = 8",
        llm.base_url()
    );
    let open = Open::start(&settings).await;
    open.upload("note.txt", b"The tenant vacated the shop in Jaipur on Monday.").await;
    open.app.settle().await;
    let question = json!({ "question": "Where did the tenant vacate?", "case_id": open.case });
    let asked = open.advocate.post("/api/v1/questions", question).await;
    let events = asked.body["events"].as_str().unwrap().to_owned();
    let (status, mut stream) = open.open(&events).await;
    assert_eq!(status, StatusCode::OK);
    until(&mut stream, "vacated the shop").await;
    open.raise().await;
    let (_, left, _) = rest(&mut stream).await;
    assert!(left.contains("no longer open to you"), "{left}");
    assert!(!left.contains("shop") && !left.contains("event: delta"), "{left}");
    // Nor does coming back help, nor asking for the message whole.
    let back = open.advocate.get(&events).await;
    assert_eq!(back.status, StatusCode::NOT_FOUND, "{back:?}");
}

/// A wall raised over what a question is about stops the model too: nobody pays for what
/// nobody will read.
#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_is_closed_stops_spending() {
    for script in
        [Script::StallAfter("The tenant vacated the shop [1]. And ".into()), Script::StallBefore]
    {
        let before_a_word = matches!(script, Script::StallBefore);
        let llm = ScriptedLlm::start(vec![script]).await.unwrap();
        // Left alone, the model would be waited for longer than this test waits.
        let settings = format!(
            "llm.base_url = {:?}\nllm.model = \"scripted\"\nllm.api_key = \"k\"\n\
             llm.first_token_secs = 600\nllm.idle_secs = 600\nllm.total_secs = 600",
            llm.base_url()
        );
        let open = Open::start(&settings).await;
        open.upload("note.txt", b"The tenant vacated the shop in Jaipur on Monday.").await;
        open.app.settle().await;
        let question = json!({ "question": "Where did the tenant vacate?", "case_id": open.case });
        let asked = open.advocate.post("/api/v1/questions", question).await;
        let events = asked.body["events"].as_str().unwrap().to_owned();
        let message = asked.body["message_id"].as_str().unwrap().to_owned();
        let (_, mut stream) = open.open(&events).await;
        until(&mut stream, if before_a_word { "Asking scripted" } else { "event: delta" }).await;
        open.raise().await;
        let (_, left, _) = rest(&mut stream).await;
        assert!(left.contains("no longer open to you"), "{left}");
        // The call is over, and in the ledger as one that was given up.
        let recorded = async {
            loop {
                let rows = open.admin.get("/api/v1/audit?action=question.answer").await.body;
                if let Some(row) = rows.as_array().and_then(|rows| rows.first()) {
                    break row.clone();
                }
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        };
        let answered = tokio::time::timeout(Duration::from_secs(20), recorded).await;
        let answered = answered.expect("the answer is over");
        assert_eq!(answered["details"]["stopped"], true, "{answered}");
        assert_eq!(answered["details"]["message"], message, "{answered}");
        assert_eq!(llm.requests().iter().filter(|it| it.path.contains("chat")).count(), 1);
        let hung_up = async {
            while !llm.is_idle() {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(20), hung_up).await.expect("the call is ended");
        let usage = open.admin.get("/api/v1/usage?by=model").await.body;
        let spent = usage["lines"][0]["tokens_in"].as_i64();
        assert!(spent > Some(10), "what was sent is paid for: {usage}");
        // Lifted, the answer says what became of it, and nothing it had said.
        let walls = open.admin.get("/api/v1/walls").await.body;
        let lifting = format!("/api/v1/walls/{}/lift", walls[0]["id"].as_str().unwrap());
        let lifted = open.admin.post(&lifting, json!({ "reason": "a mistake" })).await;
        assert!(lifted.status.is_success(), "{lifted:?}");
        let again = open.advocate.get(&format!("/api/v1/messages/{message}")).await;
        assert_eq!(again.body["status"], "failed", "{again:?}");
        assert!(again.text.contains("was stopped"), "{again:?}");
        assert!(!again.body["text"].as_str().unwrap().contains("vacated"), "{again:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn progress_ends_before_the_next_change_is_told() {
    let open = Open::start("").await;
    open.upload("first.txt", b"The first paper.").await;
    let (status, mut stream) = open.open(&format!("/api/v1/cases/{}/progress", open.case)).await;
    assert_eq!(status, StatusCode::OK);
    until(&mut stream, "first").await;
    open.raise().await;
    open.upload("later.txt", b"A later paper.").await;
    let (_, left, _) = rest(&mut stream).await;
    assert!(!left.contains("later"), "{left}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_download_breaks_off() {
    let open = Open::start("").await;
    let line = b"A line of a very long paper about Jaipur, and then another.\n";
    let whole = line.repeat((48 << 20) / line.len());
    let document = open.upload("long.txt", &whole).await;
    let path = format!("/api/v1/documents/{document}/versions/1/original");
    let (status, mut stream) = open.open(&path).await;
    assert_eq!(status, StatusCode::OK);
    let first = stream.next().await.unwrap().unwrap();
    open.raise().await;
    let (left, _, broke) = rest(&mut stream).await;
    assert!(broke, "a part was given for the whole");
    assert!(first.len() + left < whole.len(), "all of it came: {left}");
    // Open to the admin, it comes whole.
    let all = open.admin.get(&path).await;
    assert_eq!(all.text.len(), whole.len());
}
