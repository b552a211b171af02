//! Models that fail, alone and two at once, under many questions: every answer is whole or
//! says honestly that it is not, and the ledger has what the providers counted.

use std::time::{Duration, Instant};

use axum::body::Body;
use axum::http::Method;
use futures_util::future::join_all;
use munshi::db::{Db, Dialect, Sql};
use serde_json::{Value, json};

use crate::support::scripted_llm::{Lie, Script, ScriptedLlm};
use crate::support::{Caller, TestApp, wire};

const QUESTION: &str = "What did the court hold on limitation?";
const ORDER: &str = "sharma-v-kapoor/order-2026-07-17.pdf";
const WHOLE: &str = "The court decided the point [1]. \
                     \"The Court accordingly holds that the suit is within limitation\" [1].";
const BEGUN: &str = "The court decided the point [1]. It then turned to ";
/// How long an answer may take, in the settings of these tests.
const DEADLINE_SECS: u64 = 40;

/// Two providers and a case with an order.
struct Chamber {
    app: TestApp,
    admin: Caller,
    case: String,
    first: ScriptedLlm,
    second: ScriptedLlm,
}

impl Chamber {
    async fn open(more: &str) -> Self {
        Self::open_with("", "", more).await
    }

    /// Opens one with more settings of the first and second provider, and of all.
    async fn open_with(first_more: &str, second_more: &str, more: &str) -> Self {
        let first = ScriptedLlm::start(vec![Script::say(WHOLE)]).await.unwrap();
        let second = ScriptedLlm::start(vec![Script::say(WHOLE)]).await.unwrap();
        let provider = |name: &str, model: &str, server: &ScriptedLlm, more: &str| {
            let url = server.base_url();
            format!("{{ name = {name:?}, base_url = {url:?}, model = {model:?}{more} }}")
        };
        let deadline = if more.contains("llm.deadline_secs") {
            String::new()
        } else {
            format!("llm.deadline_secs = {DEADLINE_SECS}")
        };
        let settings = format!(
            "llm.providers = [{}, {}]\nllm.max_tokens = 100\nllm.connect_secs = 3\n\
             {deadline}\n{more}",
            provider("first", "model-a", &first, first_more),
            provider("second", "model-b", &second, second_more),
        );
        let app = TestApp::start_with(Dialect::Sqlite, &settings).await;
        let admin = app.admin().await;
        let case = admin.open_case("Sharma v. Kapoor").await;
        admin.upload_sample(&case, ORDER).await;
        app.settle().await;
        Self { app, admin, case, first, second }
    }

    async fn ask(&self, question: &str) -> Value {
        let body = json!({ "question": question, "case_id": self.case });
        self.admin.post("/api/v1/ask", body).await.body
    }

    async fn label(&self) -> String {
        let answer = self.ask(QUESTION).await;
        assert_eq!(answer["status"], "done", "{answer}");
        answer["label"].as_str().unwrap().to_owned()
    }

    async fn models(&self) -> Value {
        self.admin.get("/api/v1/models").await.body
    }

    async fn reset(&self) {
        for place in [1, 2] {
            let reset = self.admin.post(&format!("/api/v1/models/{place}/reset"), json!({})).await;
            assert_eq!(reset.status, 204, "{reset:?}");
        }
    }

    /// Waits until no server is at work any more.
    async fn quiet(&self) {
        let began = Instant::now();
        while !(self.first.is_idle() && self.second.is_idle()) {
            assert!(began.elapsed() < Duration::from_mins(1), "a call never ends");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// What the ledger has of a provider: exact calls and their tokens, and estimated ones.
    async fn ledger(&self, provider: &str) -> Ledger {
        let db = Db::connect(&self.app.app.config.database_address()).await.unwrap();
        let select = Sql::new(
            "SELECT tokens_in, tokens_out, estimated, outcome FROM model_calls WHERE provider = $1",
        );
        let rows: Vec<Row> = db.read().await.unwrap().all(select.bind(provider)).await.unwrap();
        let mut ledger = Ledger::default();
        for row in rows {
            match (row.estimated, row.tokens_in) {
                (true, _) => ledger.estimated += 1,
                (false, 0) => ledger.free += 1,
                (false, _) => {
                    ledger.exact += 1;
                    ledger.prompt += u64::try_from(row.tokens_in).unwrap();
                    ledger.completion += u64::try_from(row.tokens_out).unwrap();
                }
            }
            ledger.cancelled += usize::from(row.outcome == "cancelled");
        }
        ledger
    }

    /// The ledger has what each provider counted, to the token where it said so, and is
    /// marked as estimated where it did not.
    async fn adds_up(&self) {
        self.quiet().await;
        for (name, server) in [("first", &self.first), ("second", &self.second)] {
            let bills = server.bills();
            let told: Vec<_> = bills.iter().filter(|bill| bill.reported).collect();
            let wanted = |ledger: &Ledger| {
                ledger.exact == told.len() && ledger.estimated == bills.len() - told.len()
            };
            // A call that was given up is settled a moment after.
            let began = Instant::now();
            let mut ledger = self.ledger(name).await;
            while !wanted(&ledger) && began.elapsed() < Duration::from_secs(10) {
                tokio::time::sleep(Duration::from_millis(50)).await;
                ledger = self.ledger(name).await;
            }
            assert!(wanted(&ledger), "{name}: {ledger:?}, {} of {}", told.len(), bills.len());
            let prompt: u64 = told.iter().map(|bill| bill.prompt).sum();
            let completion: u64 = told.iter().map(|bill| bill.completion).sum();
            assert_eq!((ledger.prompt, ledger.completion), (prompt, completion), "{name}");
            // A call that was given up before it was sent has a row too, at no cost.
            let calls = ledger.exact + ledger.estimated + ledger.free;
            assert!(calls >= server.requests().len(), "{name}: a row for each call");
        }
    }
}

#[derive(Debug, Default, PartialEq)]
struct Ledger {
    exact: usize,
    prompt: u64,
    completion: u64,
    estimated: usize,
    free: usize,
    cancelled: usize,
}

#[derive(sqlx::FromRow)]
struct Row {
    tokens_in: i64,
    tokens_out: i64,
    estimated: bool,
    outcome: String,
}

/// How an answer of one model must end.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Ends {
    Whole,
    Short,
    Midway,
    Never,
}

/// Every way a provider can behave: what it is called, how its answers end, what it does.
const KINDS: [(&str, Ends); 18] = [
    ("fine", Ends::Whole),
    ("hang up", Ends::Never),
    ("busy for a second", Ends::Never),
    ("500", Ends::Never),
    ("529", Ends::Never),
    ("slow to the first byte", Ends::Never),
    ("malformed from the start", Ends::Never),
    ("stall midway", Ends::Midway),
    ("cut midway", Ends::Midway),
    ("malformed midway", Ends::Midway),
    ("everything twice", Ends::Whole),
    ("no usage", Ends::Whole),
    ("usage below zero", Ends::Whole),
    ("usage of nothing", Ends::Whole),
    ("usage of millions", Ends::Whole),
    ("tools", Ends::Whole),
    ("never ending", Ends::Short),
    ("a word late", Ends::Whole),
];

fn script(kind: usize) -> Script {
    let (whole, begun) = (WHOLE.to_owned(), BEGUN.to_owned());
    match KINDS[kind].0 {
        "fine" => Script::say(WHOLE),
        "hang up" => Script::HangUp,
        "busy for a second" => {
            Script::Status { code: 429, retry_after: Some(1), body: String::new() }
        }
        "500" => Script::status(500),
        "529" => Script::status(529),
        "slow to the first byte" => Script::Slow(whole, 60_000),
        "malformed from the start" => Script::Garbage,
        "stall midway" => Script::StallAfter(begun),
        "cut midway" => Script::CutAfter(begun),
        "malformed midway" => Script::GarbageAfter(begun),
        "everything twice" => Script::Twice(whole),
        "no usage" => Script::NoUsage(whole),
        "usage below zero" => Script::Lies(whole, Lie::Negative),
        "usage of nothing" => Script::Lies(whole, Lie::Nothing),
        "usage of millions" => Script::Lies(whole, Lie::Enormous),
        // It was offered none.
        "tools" => {
            let calls = vec![("no_such_tool".to_owned(), "{broken".to_owned())];
            Script::Tools { said: whole, calls }
        }
        "never ending" => Script::Endless("and so on ".to_owned()),
        "a word late" => Script::Slow(whole, 200),
        other => unreachable!("{other}"),
    }
}

/// A question that tells each provider what to do.
fn telling(first: usize, second: usize) -> String {
    format!("{QUESTION} Kind-{first}-and-{second}-end")
}

/// Does as the question tells the first or the second provider.
fn obedient(place: usize) -> Script {
    Script::choose(move |body| {
        let prompt = body.to_string();
        let told = prompt.rsplit("Kind-").next().unwrap().split("-end").next().unwrap();
        let kinds: Vec<usize> = told.split("-and-").map(|kind| kind.parse().unwrap()).collect();
        script(kinds[place])
    })
}

/// Checks the label and the text of an answer against what the providers did.
fn is_honest(answer: &Value, first: usize, second: usize) {
    let (a, b) = (KINDS[first], KINDS[second]);
    let told = format!("{} then {}: {answer}", a.0, b.0);
    assert_eq!(answer["status"], "done", "{told}");
    let (label, text) = (answer["label"].as_str().unwrap(), answer["text"].as_str().unwrap());
    match (a.1, b.1) {
        (Ends::Whole, _) => assert_eq!(label, "Answered by model-a", "{told}"),
        (Ends::Short, _) => {
            assert_eq!(
                label, "Answered by model-a, cut short at the longest answer allowed",
                "{told}"
            );
        }
        (Ends::Never, Ends::Whole) => assert_eq!(label, "Answered by model-b", "{told}"),
        (Ends::Midway, Ends::Whole) => {
            assert_eq!(label, "Answered by model-a, then model-b", "{told}");
        }
        (_, Ends::Short) => assert!(label.contains("model-b, cut short"), "{told}"),
        (Ends::Never, Ends::Never) => {
            assert!(label.contains("without a language model"), "{told}");
        }
        _ => assert!(label.contains("completed from the documents"), "{told}"),
    }
    if a.1 == Ends::Midway {
        assert!(text.contains("[model-a broke off here; model-b goes on.]"), "{told}");
    }
    if label.contains("completed from the documents") {
        assert!(text.contains("[The language model broke off here.]"), "{told}");
    }
    if matches!((a.1, b.1), (Ends::Whole, _) | (Ends::Never, Ends::Whole)) {
        assert!(!text.contains("broke off"), "{told}");
        assert_eq!(text.matches("The court decided the point").count(), 1, "{told}");
    }
}

const NEVER_ALONE: &str = "llm.breaker_failures = 1000000\nllm.first_token_secs = 4\n\
                           llm.idle_secs = 4\nllm.total_secs = 12";

/// Asks fifty at once and checks that each ends in time and honestly.
async fn ask_all(chamber: &Chamber, pairs: &[(usize, usize)], at_once: usize) {
    for wave in pairs.chunks(at_once) {
        let asking = wave.iter().map(|&(first, second)| async move {
            let began = Instant::now();
            let answer = chamber.ask(&telling(first, second)).await;
            let took = began.elapsed();
            let limit = Duration::from_secs(DEADLINE_SECS + 20);
            assert!(took < limit, "{first} {second}: {took:?}");
            (first, second, answer)
        });
        for (first, second, answer) in join_all(asking).await {
            is_honest(&answer, first, second);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_pair_of_failures_ends_honestly_and_the_ledger_adds_up() {
    let chamber = Chamber::open(NEVER_ALONE).await;
    chamber.first.follow(vec![obedient(0)]);
    chamber.second.follow(vec![obedient(1)]);
    let kinds = 0..KINDS.len();
    let pairs: Vec<(usize, usize)> = kinds
        .clone()
        .flat_map(|first| kinds.clone().map(move |second| (first, second)))
        // What follows a whole answer is never asked: one of them says so.
        .filter(|&(first, second)| {
            matches!(KINDS[first].1, Ends::Never | Ends::Midway) || second == 0
        })
        .collect();
    ask_all(&chamber, &pairs, 50).await;
    chamber.adds_up().await;
    let models = chamber.models().await;
    let switched: i64 =
        models["switches"].as_array().unwrap().iter().map(|s| s["answers"].as_i64().unwrap()).sum();
    let wanted = pairs.iter().filter(|pair| matches!(KINDS[pair.0].1, Ends::Never | Ends::Midway));
    // One that asks for tools is gone over to in each of its rounds.
    assert!(usize::try_from(switched).unwrap() >= wanted.count(), "{models}");
}

/// A key, address or model that is wrong puts a provider out for everybody, so these have
/// rounds of their own.
#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_key_or_model_puts_a_provider_out_and_the_next_answers() {
    let chamber = Chamber::open(NEVER_ALONE).await;
    for code in [401, 404] {
        for (first_is_wrong, whole) in [(true, "model-b"), (false, "model-a")] {
            let (wrong, other) = if first_is_wrong {
                (&chamber.first, &chamber.second)
            } else {
                (&chamber.second, &chamber.first)
            };
            wrong.follow(vec![Script::status(code)]);
            other.follow(vec![Script::say(WHOLE)]);
            let answers = join_all((0..50).map(|_| chamber.label())).await;
            let wanted = format!("Answered by {whole}");
            assert!(answers.iter().all(|label| *label == wanted), "{answers:?}");
            // Both at once: the documents answer, and say why.
            other.follow(vec![Script::status(500)]);
            for label in join_all((0..25).map(|_| chamber.label())).await {
                assert!(label.contains("without a language model"), "{label}");
            }
            let before = wrong.requests().len();
            assert!(chamber.label().await.contains("without a language model"));
            assert_eq!(wrong.requests().len(), before, "it is out");
            let models = chamber.models().await;
            let place = usize::from(!first_is_wrong);
            assert_eq!(models["models"][place]["state"], "out", "{models}");
            chamber.reset().await;
        }
    }
    chamber.adds_up().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_connection_is_gone_around() {
    let gone = ScriptedLlm::start(Vec::new()).await.unwrap().base_url();
    let chamber =
        Chamber::open(&format!("llm.base_url = {gone:?}\nllm.model = \"gone\"\n{NEVER_ALONE}"))
            .await;
    for label in join_all((0..50).map(|_| chamber.label())).await {
        assert_eq!(label, "Answered by model-a");
    }
    chamber.first.follow(vec![Script::status(500)]);
    chamber.second.follow(vec![Script::CutAfter(BEGUN.to_owned())]);
    for label in join_all((0..20).map(|_| chamber.label())).await {
        assert!(label.contains("completed from the documents"), "{label}");
    }
    chamber.adds_up().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_refused_malformed_or_too_long_is_not_asked_of_just_anyone() {
    let chamber = Chamber::open_with("", ", context_tokens = 90000", NEVER_ALONE).await;
    let error = |code: u16, kind: &str, message: &str| {
        let body = json!({ "error": { "type": kind, "message": message } }).to_string();
        Script::Status { code, retry_after: None, body }
    };
    for script in [
        error(400, "content_filter", "no"),
        error(400, "invalid_request_error", "a field is wrong"),
        error(422, "", ""),
    ] {
        chamber.first.follow(vec![script]);
        let label = chamber.label().await;
        assert!(label.contains("without a language model"), "{label}");
        assert!(chamber.second.requests().is_empty(), "no other is asked");
    }
    // The second is known to hold more.
    let long = error(400, "", "the maximum context length is 10 tokens");
    chamber.first.follow(vec![long.clone()]);
    assert_eq!(chamber.label().await, "Answered by model-b");
    chamber.adds_up().await;

    // Whether it holds more is not known, so it is not asked.
    let chamber = Chamber::open(NEVER_ALONE).await;
    chamber.first.follow(vec![long]);
    assert!(chamber.label().await.contains("too long"));
    assert!(chamber.second.requests().is_empty());

    // What cannot fit is not sent at all.
    let chamber =
        Chamber::open_with(", context_tokens = 110", ", context_tokens = 90000", NEVER_ALONE).await;
    assert_eq!(chamber.label().await, "Answered by model-b");
    assert!(chamber.first.requests().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failing_model_is_left_alone_tried_again_and_kept_in_the_history() {
    let chamber = Chamber::open(
        "llm.breaker_failures = 3\nllm.breaker_pause_secs = 3600\nllm.retries = 0\n\
         llm.first_token_secs = 5",
    )
    .await;
    chamber.first.follow(vec![Script::status(500)]);
    for _ in 0..6 {
        assert_eq!(chamber.label().await, "Answered by model-b");
    }
    assert_eq!(chamber.first.requests().len(), 3, "it is left alone after three");
    let models = chamber.models().await;
    assert_eq!(models["answering"], "model");
    assert_eq!(models["words"], "model-b");
    assert_eq!(models["models"][0]["state"], "open", "{models}");
    assert_eq!(models["models"][0]["failed"], 3, "{models}");
    assert!(models["models"][1]["p50_ms"].is_i64(), "{models}");
    assert_eq!(models["outages"].as_array().unwrap().len(), 1, "{models}");
    assert_eq!(models["outages"][0]["name"], "first / model-a");
    assert!(models["outages"][0]["ended_at"].is_null());
    assert_eq!(models["switches"][0]["answers"], 3, "{models}");

    // Trying it says that it fails; once it answers it is asked again.
    let test = async || chamber.admin.post("/api/v1/models/1/test", json!({})).await.body;
    assert_eq!(test().await["works"], false);
    assert_eq!(chamber.models().await["models"][0]["state"], "open");
    chamber.first.follow(vec![Script::say(WHOLE)]);
    assert_eq!(test().await["works"], true);
    assert_eq!(chamber.label().await, "Answered by model-a");
    let models = chamber.models().await;
    assert!(models["outages"][0]["ended_at"].is_string(), "{models}");
    let nobody = chamber.admin.post("/api/v1/models/3/test", json!({})).await;
    assert_eq!(nobody.status, 404, "{nobody:?}");

    // With both away the page says that the documents answer, and the assistant's too.
    for server in [&chamber.first, &chamber.second] {
        server.follow(vec![Script::status(503)]);
    }
    for _ in 0..3 {
        assert!(chamber.label().await.contains("without a language model"));
    }
    let asked = (chamber.first.requests().len(), chamber.second.requests().len());
    let label = chamber.label().await;
    assert!(label.contains("no language model can be asked now"), "{label}");
    assert_eq!((chamber.first.requests().len(), chamber.second.requests().len()), asked);
    let cookie = wire::cookie(&chamber.app).await;
    for (path, words) in [
        ("/admin/models", "Answers come from the documents now"),
        ("/assistant", "Answers come from the documents now"),
        ("/admin", "/admin/models"),
    ] {
        let page =
            chamber.admin.reply(Method::GET, path, Body::empty(), "text/html", &cookie).await;
        assert!(page.status.is_success() && page.text.contains(words), "{path}: {}", page.text);
    }
    chamber.reset().await;
    assert_eq!(chamber.models().await["answering"], "model");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_silent_model_is_raced_by_the_next_and_both_are_settled() {
    let chamber = Chamber::open("llm.hedge_ms = 300\nllm.first_token_secs = 30").await;
    chamber.first.follow(vec![Script::Slow(WHOLE.to_owned(), 60_000)]);
    let answers = join_all((0..10).map(|_| chamber.label())).await;
    for label in &answers {
        assert_eq!(label, "Answered by model-b");
    }
    chamber.adds_up().await;
    let lost = chamber.ledger("first").await;
    assert_eq!((lost.cancelled, lost.estimated + lost.free), (10, 10), "{lost:?}");
    // A model that speaks in time is not raced.
    chamber.first.follow(vec![Script::say(WHOLE)]);
    assert_eq!(chamber.label().await, "Answered by model-a");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_whole_answer_has_one_deadline() {
    let chamber = Chamber::open("llm.first_token_secs = 2\nllm.deadline_secs = 3").await;
    for server in [&chamber.first, &chamber.second] {
        server.follow(vec![Script::StallBefore]);
    }
    let began = Instant::now();
    for label in join_all((0..50).map(|_| chamber.label())).await {
        assert!(label.contains("took too long"), "{label}");
    }
    assert!(began.elapsed() < Duration::from_secs(30), "{:?}", began.elapsed());
    chamber.adds_up().await;
}
