//! How fast the service answers over the sample chamber: search p50 and p99, and the
//! time to the first text of an extractive answer.
//!
//! The sample documents are received and read once into a temporary folder, by the
//! program itself, as an advocate's would be.

#![expect(
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a bench that cannot go on should stop, and it exists to print"
)]

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use munshi::app::{App, Duty, Seams};
use munshi::assistant::live::Event;
use munshi::assistant::{Events, Question};
use munshi::auth::NewUser;
use munshi::cases::NewCase;
use munshi::config::Config;
use munshi::documents::Target;
use munshi::kernel::{Role, Scope, SystemClock};
use munshi::search::Request;

/// What is searched for: words, phrases, operators, references, Hindi.
const QUERIES: &[&str] = &[
    "limitation",
    "acknowledgment of debt",
    "\"within limitation\"",
    "cheque w/5 dishonour",
    "bail AND conditions",
    "section 138",
    "CS(COMM) 45/2025",
    "anticipat*",
    "जमानत",
    "what is the seat of arbitration",
];
const QUESTIONS: &[&str] = &[
    "What did the court hold on limitation?",
    "What is the seat of arbitration and how is the arbitrator appointed?",
    "When was the legal notice served?",
];
const ROUNDS: usize = 50;

#[tokio::main]
async fn main() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let settings = format!(
        "data.dir = {:?}\nembeddings.model_dir = {:?}",
        dir.path().display().to_string(),
        root.join("models/all-MiniLM-L6-v2").display().to_string()
    );
    let config = Config::from_toml(&settings).expect("good settings");
    let program = env!("CARGO_BIN_EXE_munshi").into();
    let seams = Seams { clock: Arc::new(SystemClock), program };
    let app = App::open(config, seams, Duty::Work).await.expect("the service opens");
    if let Some(missing) = app.vectors.missing() {
        println!("search by meaning is not measured: {missing}");
    }
    let scope = fill(&app, &root.join("fixtures/chamber")).await;
    search(&app, &scope).await;
    answer(&app, &scope).await;
}

/// Puts the sample documents into one case and reads them.
async fn fill(app: &App, dir: &Path) -> Scope {
    let admin = NewUser {
        name: "Bench".into(),
        email: "bench@example.in".into(),
        role: Role::Admin,
        client: None,
        password: "not a secret at all".into(),
    };
    app.auth.set_up("Bench", admin).await.expect("a chamber");
    let scope = app.auth.local_admin().await.expect("an admin");
    let new = NewCase {
        title: "All papers".into(),
        number: None,
        court: None,
        cnr: None,
        client_id: None,
        summary: None,
        opened_on: None,
    };
    let case = app.cases.open(&scope, new).await.expect("a case");
    let mut files = Vec::new();
    for folder in std::fs::read_dir(dir).expect("the sample chamber").flatten() {
        if folder.path().is_dir() {
            files.extend(std::fs::read_dir(folder.path()).expect("a folder").flatten());
        }
    }
    for file in files {
        let name = file.file_name().to_string_lossy().into_owned();
        let bytes = std::fs::read(file.path()).expect("a file");
        let stream = tokio_stream::iter([Ok(bytes.into())]);
        app.documents.receive(&scope, Target::Case(case), &name, stream).await.expect("received");
    }
    app.work_off().await.expect("read");
    let coverage = app.documents.coverage(&scope, None).await.expect("counted");
    println!("sample corpus: {} documents, {} pages", coverage.documents, coverage.pages);
    scope
}

async fn search(app: &App, scope: &Scope) {
    let mut times = Vec::new();
    for _ in 0..ROUNDS {
        for query in QUERIES {
            let started = Instant::now();
            let wanted = Request { text: (*query).to_owned(), limit: 30, ..Request::default() };
            app.search.search(scope, &wanted).await.expect("an answer");
            times.push(started.elapsed());
        }
    }
    print("search, one client, with passages and highlights", times);
}

async fn answer(app: &App, scope: &Scope) {
    let mut times = Vec::new();
    for _ in 0..ROUNDS / 5 {
        for question in QUESTIONS {
            let question = Question { text: (*question).into(), case: None, conversation: None };
            let started = Instant::now();
            let asked = app.assistant.ask(scope, question).await.expect("asked");
            let events = app.assistant.events(scope, asked.message).await.expect("events");
            times.push(first_text(&events, started).await);
        }
    }
    print("extractive answer, question to first text", times);
}

/// Follows an answer to its end and gives the time of its first text.
async fn first_text(events: &Events, started: Instant) -> Duration {
    let (mut place, mut first) = (0, None);
    while let Some(event) = events.next(place).await {
        if matches!(event, Event::Delta { .. }) && first.is_none() {
            first = Some(started.elapsed());
        }
        place += 1;
    }
    first.expect("some text")
}

fn print(what: &str, mut times: Vec<Duration>) {
    times.sort();
    let at = |share: usize| times[(times.len() - 1) * share / 100].as_secs_f64() * 1000.0;
    println!("{what}: p50 {:.1} ms, p99 {:.1} ms ({} runs)", at(50), at(99), times.len());
}
