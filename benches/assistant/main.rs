//! What an answer costs beside the model: finding the evidence, the way of the text from
//! the model to the reader, money set aside, quotations checked.
//!
//! ```text
//! cargo bench --bench assistant
//! MUNSHI_BENCH_PASSAGES=2000 cargo bench --bench assistant
//! ```
//!
//! Documents are made of real passages, as for `--bench search`, and received, read,
//! indexed and embedded as any are, once, in the folder that `MUNSHI_BENCH_CACHE` names,
//! or else in the folder for temporary files: 250,000 passages take their time the first
//! time. The model is a server in this process that answers at once and notes when it was
//! asked and when it sent each token; the same clock tells when the reader had it.

#![expect(
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a bench that cannot go on should stop, and it exists to print"
)]
#![expect(clippy::cast_precision_loss, reason = "figures are printed with a few digits")]

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::StreamExt;
use munshi::app::{App, Duty, Seams};
use munshi::assistant::live::Event;
use munshi::assistant::{Evidence, EvidencePage, Gate, Grounds, Question};
use munshi::auth::NewUser;
use munshi::cases::NewCase;
use munshi::config::Config;
use munshi::documents::Target;
use munshi::kernel::{CaseId, DocumentId, PassageId, Role, Scope, SystemClock, VersionId};
use munshi::usage::{Account, Ended, Outcome, Tokens};

#[path = "../search/corpus.rs"]
mod corpus;
mod server;

use server::{Server, TOKENS};

/// How often each thing is done.
const ROUNDS: usize = 40;
/// How many calls are reserved and settled.
const CALLS: usize = 300;
/// What is asked: of facts, of law, of a clause, of a document by name.
const QUESTIONS: &[&str] = &[
    "When was the cheque presented and why was it returned?",
    "What did the court hold on limitation?",
    "Is the agreement governed by the laws of a foreign state?",
    "Does section 138 of the Negotiable Instruments Act apply to a security cheque?",
    "Consider the appeal of Sharma; was the conviction under section 302 upheld?",
];

#[tokio::main]
async fn main() {
    // The client below is made before the service, which chooses it too.
    let _chosen = rustls::crypto::ring::default_provider().install_default();
    let server = Server::start().await;
    gate();
    direct(&server).await;
    let (app, scope) = Box::pin(chamber(&server)).await;
    evidence(&app, &scope, &server).await;
    money(&app, &scope).await;
    app.close().await;
}

#[expect(clippy::disallowed_methods, reason = "a bench has no configuration file")]
fn setting() -> (PathBuf, PathBuf, usize) {
    let path = |name: &str| std::env::var_os(name).map(PathBuf::from);
    let passages = std::env::var("MUNSHI_BENCH_PASSAGES").ok();
    (
        path("MUNSHI_TEST_DATA").unwrap_or_else(|| "../shared/data".into()),
        path("MUNSHI_BENCH_CACHE").unwrap_or_else(|| std::env::temp_dir().join("munshi-bench")),
        passages.and_then(|number| number.parse().ok()).unwrap_or(250_000),
    )
}

/// A chamber with documents of so many passages, and a model.
async fn chamber(server: &Server) -> (App, Scope) {
    let (data, cache, passages) = setting();
    let folder = cache.join(format!("assistant-{passages}"));
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    // Nothing is answered from the cache: each question goes to the model every time.
    let settings = format!(
        "data.dir = {:?}\nembeddings.model_dir = {:?}\nllm.base_url = {:?}\nllm.model = \"made\"\n\
         llm.api_key = \"k\"\nassistant.cache_days = 0",
        folder.display().to_string(),
        root.join("models/all-MiniLM-L6-v2").display().to_string(),
        server.url(),
    );
    let config = Config::from_toml(&settings).expect("good settings");
    let program = env!("CARGO_BIN_EXE_munshi").into();
    let seams = Seams { clock: Arc::new(SystemClock), program };
    let app = App::open(config, seams, Duty::Work).await.expect("the service opens");
    if app.auth.local_admin().await.is_err() {
        let admin = NewUser {
            name: "Bench".into(),
            email: "bench@example.in".into(),
            role: Role::Admin,
            client: None,
            password: "not a secret at all".into(),
        };
        app.auth.set_up("Bench", admin).await.expect("a chamber");
    }
    let scope = app.auth.local_admin().await.expect("an admin");
    if !folder.join("complete").exists() {
        fill(&app, &scope, &data, passages).await;
        std::fs::write(folder.join("complete"), "").expect("a file");
    }
    if let Some(missing) = app.vectors.missing() {
        println!("without vectors: {missing}");
    }
    let coverage = app.documents.coverage(&scope, None).await.expect("counted");
    println!(
        "corpus: {} documents, {} pages, about {passages} passages",
        coverage.documents, coverage.pages
    );
    (app, scope)
}

async fn fill(app: &App, scope: &Scope, data: &Path, passages: usize) {
    let corpus = corpus::Corpus::read(data);
    assert!(!corpus.passages.is_empty(), "no corpora in {}", data.display());
    let new = NewCase {
        title: "All papers".into(),
        number: None,
        court: None,
        cnr: None,
        client_id: None,
        summary: None,
        opened_on: None,
    };
    let case = app.cases.open(scope, new).await.expect("a case");
    let mut maker = corpus::Maker::new(&corpus, scope, vec![case], 1);
    let (mut made, started) = (0, Instant::now());
    while made < passages {
        let document = maker.document();
        made += document.passages.len();
        let name = format!("{}.txt", document.title);
        let stream = tokio_stream::iter([Ok(document.text.into())]);
        app.documents.receive(scope, Target::Case(case), &name, stream).await.expect("received");
    }
    println!("received in {:.0} s; reading, indexing, embedding", started.elapsed().as_secs_f64());
    app.work_off().await.expect("read");
    println!("ready after {:.0} s", started.elapsed().as_secs_f64());
}

/// From the question to the first byte sent to the model, and from the model's tokens to
/// the reader.
async fn evidence(app: &App, scope: &Scope, server: &Server) {
    let (mut to_model, mut first, mut each) = (Vec::new(), Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        for question in QUESTIONS {
            let question = Question { text: (*question).into(), case: None, conversation: None };
            let started = Instant::now();
            let asked = app.assistant.ask(scope, question).await.expect("asked");
            let events = app.assistant.events(scope, asked.message).await.expect("events");
            let (mut place, mut had, mut text) = (0, Vec::new(), 0);
            while let Some(event) = events.next(place).await {
                place += 1;
                if let Event::Delta { text: more } = event {
                    had.push(Instant::now());
                    text += more.len();
                }
            }
            let Some(noted) = server.last() else { continue };
            // The first round fills caches of files.
            if round == 0 || noted.asked < started || text == 0 {
                continue;
            }
            to_model.push(noted.asked - started);
            if let (Some(came), Some(last)) = (had.first(), had.last()) {
                first.push(came.saturating_duration_since(noted.first));
                each.push((*last - noted.first) / TOKENS);
            }
        }
    }
    print("evidence: question to the first byte sent to the model", to_model);
    print("through the service: token sent to first text shown", first);
    print("through the service: time for each token", each);
}

/// The same server asked without the service.
async fn direct(server: &Server) {
    let client = reqwest::Client::new();
    let (mut first, mut each) = (Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        let body = serde_json::json!({ "model": "made", "stream": true, "messages": [] });
        let url = format!("{}/chat/completions", server.url());
        let answer = client.post(url).json(&body).send().await.expect("an answer");
        let mut stream = answer.bytes_stream();
        let mut had = Vec::new();
        while let Some(piece) = stream.next().await {
            piece.expect("bytes");
            had.push(Instant::now());
        }
        let noted = server.last().expect("asked");
        if let (true, Some(came), Some(last)) = (round > 0, had.first(), had.last()) {
            first.push(came.saturating_duration_since(noted.first));
            each.push((*last - noted.first) / TOKENS);
        }
    }
    print("direct: token sent to first bytes read", first);
    print("direct: time for each token", each);
}

/// Money set aside and settled, one call after the other.
async fn money(app: &App, scope: &Scope) {
    let (mut reserving, mut settling) = (Vec::new(), Vec::new());
    let tokens = Tokens { input: 4_000, output: 300, ..Tokens::default() };
    let account = Account {
        organisation: scope.organisation(),
        user: Some(scope.user()),
        case: None,
        conversation: None,
        purpose: "answer",
        prompt_hash: None,
    };
    for _ in 0..CALLS {
        let started = Instant::now();
        let reserved = app.usage.reserve(&account, "bench", "made", tokens).await;
        reserving.push(started.elapsed());
        let reserved = reserved.expect("within limits");
        let ended = Ended { tokens, latency_ms: 1, outcome: Outcome::Answered };
        let started = Instant::now();
        app.usage.settle(reserved, ended).await.expect("settled");
        settling.push(started.elapsed());
    }
    print("ledger: reserve", reserving);
    print("ledger: settle", settling);
}

/// How much text the gate checks in a second: an answer of quotations, word by word.
fn gate() {
    let sentence = "The appellant issued a cheque for Rs. 1,00,000 on 12.03.2019, which was \
                    dishonoured for insufficient funds. ";
    let passage = |number: u32| {
        let text = format!("{}This is passage {number}.", sentence.repeat(8));
        Evidence {
            number,
            passage: PassageId::new(),
            document: DocumentId::new(),
            version: VersionId::new(),
            case: CaseId::new(),
            title: format!("Judgment {number}"),
            page: 1,
            heading: None,
            pages: vec![EvidencePage { number: 1, text: text.clone() }],
            text,
            start: 0,
            ocr: false,
        }
    };
    let evidence: Arc<[Evidence]> = (1..=15).map(passage).collect();
    let mut answer = String::new();
    for number in 1..=15 {
        let _ = write!(answer, "The court says \"This is passage {number}\" [{number}]. ");
        answer.push_str("What follows from that is for the reader to see and needs no proof. ");
    }
    let (mut bytes, started) = (0, Instant::now());
    while started.elapsed() < Duration::from_secs(2) {
        let mut gate = Gate::new(Grounds::of(Arc::clone(&evidence), "What does each passage say?"));
        for word in answer.split_inclusive(' ') {
            std::hint::black_box(gate.push(word));
        }
        std::hint::black_box(gate.finish());
        bytes += answer.len();
    }
    let seconds = started.elapsed().as_secs_f64();
    println!(
        "gate: {:.2} MB of answer a second, half of it quotations",
        bytes as f64 / 1e6 / seconds
    );
}

fn print(what: &str, mut times: Vec<Duration>) {
    times.sort();
    let at = |share: usize| {
        let nth = times.len().saturating_sub(1) * share / 100;
        times.get(nth).map_or(f64::NAN, |time| time.as_secs_f64() * 1000.0)
    };
    println!("{what}: p50 {:.3} ms, p99 {:.3} ms ({} runs)", at(50), at(99), times.len());
}
