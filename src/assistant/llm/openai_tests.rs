//! The adapter against a server that misbehaves as told.

use serde_json::json;

use super::*;
use crate::assistant::llm::{ToolCall, Turn};

#[path = "../../../tests/it/support/scripted_llm.rs"]
#[expect(dead_code, reason = "the tests of the whole service use the rest")]
mod scripted_llm;

use scripted_llm::{Lie, Script, ScriptedLlm};

/// What a failure must be.
type Expected = fn(&LlmError) -> bool;

const QUICK: Timeouts = Timeouts {
    connect: Duration::from_millis(300),
    first_token: Duration::from_millis(400),
    idle: Duration::from_millis(300),
    total: Duration::from_secs(5),
};

fn model(base_url: &str, timeouts: Timeouts) -> OpenAi {
    OpenAi::new(Endpoint {
        provider: "scripted".to_owned(),
        base_url: base_url.parse().unwrap(),
        model: "model-x".to_owned(),
        key: Some("secret".to_owned().into()),
        timeouts,
        outside: crate::outside::Outside::default(),
    })
    .unwrap()
}

fn question() -> Completion {
    Completion {
        system: "Be exact.".to_owned(),
        history: vec![Turn { question: "Who?".to_owned(), answer: "She.".to_owned() }],
        user: "Was it allowed?".to_owned(),
        exchanges: Vec::new(),
        tools: Vec::new(),
        max_tokens: 100,
    }
}

/// What came of one request: the text, the usage, and how it ended.
struct Outcome {
    text: String,
    calls: Vec<ToolCall>,
    usage: Option<TokenUsage>,
    end: Result<Finish, LlmError>,
}

async fn ask(model: &OpenAi) -> Outcome {
    let mut outcome =
        Outcome { text: String::new(), calls: Vec::new(), usage: None, end: Err(LlmError::Cut) };
    let mut pieces = match model.stream(question()).await {
        Ok(pieces) => pieces,
        Err(error) => return Outcome { end: Err(error), ..outcome },
    };
    while let Some(piece) = pieces.next().await {
        match piece {
            Ok(Piece::Text(text)) => outcome.text.push_str(&text),
            Ok(Piece::Tool(call)) => outcome.calls.push(call),
            Ok(Piece::Usage(usage)) => outcome.usage = Some(usage),
            Ok(Piece::End(finish)) => outcome.end = Ok(finish),
            Err(error) => outcome.end = Err(error),
        }
    }
    outcome
}

async fn asked(script: Script) -> (Outcome, ScriptedLlm) {
    let server = ScriptedLlm::start(vec![script]).await.unwrap();
    let outcome = ask(&model(&server.base_url(), QUICK)).await;
    (outcome, server)
}

#[tokio::test]
async fn an_answer_streams_and_says_what_it_cost() {
    let (outcome, server) = asked(Script::say("It was allowed, with costs. अपील स्वीकार।")).await;
    assert_eq!(outcome.text, "It was allowed, with costs. अपील स्वीकार।");
    assert!(matches!(outcome.end, Ok(Finish::Stop)));
    let usage = outcome.usage.unwrap();
    assert_eq!((usage.input, usage.output, usage.estimated), (7, 7, false));
    let requests = server.requests();
    assert_eq!(requests[0].path, "/v1/chat/completions");
    assert_eq!(requests[0].authorization.as_deref(), Some("Bearer secret"));
    assert_eq!(requests[0].body["max_tokens"], 100);
    let roles: Vec<_> =
        requests[0].body["messages"].as_array().unwrap().iter().map(|m| &m["role"]).collect();
    assert_eq!(roles, ["system", "user", "assistant", "user"]);
}

#[tokio::test]
async fn a_reply_may_depend_on_the_prompt() {
    let echo =
        Script::reply(|body| body["messages"][3]["content"].as_str().unwrap_or("").to_owned());
    let (outcome, _server) = asked(echo).await;
    assert_eq!(outcome.text, "Was it allowed?");
}

#[tokio::test]
async fn an_answer_without_usage_is_counted_here() {
    let (outcome, _server) = asked(Script::NoUsage("It was allowed.".to_owned())).await;
    assert!(matches!(outcome.end, Ok(Finish::Stop)));
    let usage = outcome.usage.unwrap();
    assert!(usage.estimated && usage.input > 10 && usage.output >= 3, "{usage:?}");
}

#[tokio::test]
async fn failures_before_the_first_piece_are_told_apart_and_not_retried() {
    let spent = json!({ "error": { "message": "pay", "type": "insufficient_quota" } }).to_string();
    let busy = Script::Status { code: 429, retry_after: Some(9), body: "slow down".to_owned() };
    let broke = Script::Status { code: 429, retry_after: None, body: spent };
    let cases: [(Script, Expected); 9] = [
        (busy, |e| matches!(e, LlmError::Busy(d) if d.as_secs() == 9)),
        (broke, |e| matches!(e, LlmError::Busy(d) if d.as_secs() > 60)),
        (Script::status(529), |e| matches!(e, LlmError::Busy(_))),
        (
            Script::status(401),
            |e| matches!(e, LlmError::Misconfigured(m) if m.contains("as scripted")),
        ),
        (Script::status(500), |e| matches!(e, LlmError::Unreachable(_))),
        (Script::HangUp, |e| matches!(e, LlmError::Unreachable(_))),
        (Script::StallBefore, |e| matches!(e, LlmError::Stalled(_))),
        (Script::Garbage, |e| matches!(e, LlmError::Unreachable(_))),
        (Script::CutAfter(String::new()), |e| matches!(e, LlmError::Cut)),
    ];
    for (at, (script, expected)) in cases.into_iter().enumerate() {
        let (outcome, server) = asked(script).await;
        let error = outcome.end.unwrap_err();
        assert!(expected(&error), "case {at}: {error:?}");
        assert_eq!(server.requests().len(), 1, "case {at} was retried");
        assert!(outcome.usage.is_none_or(|usage| usage.estimated));
    }
}

#[tokio::test]
async fn an_answer_that_breaks_off_keeps_its_text_and_its_cost() {
    let (cut, _server) = asked(Script::CutAfter("It was al".to_owned())).await;
    assert_eq!(cut.text, "It was al");
    assert!(matches!(cut.end, Err(LlmError::Cut)), "{:?}", cut.end);
    assert!(cut.usage.unwrap().estimated);
    let (stalled, _server) = asked(Script::StallAfter("It was al".to_owned())).await;
    assert_eq!(stalled.text, "It was al");
    assert!(matches!(stalled.end, Err(LlmError::Stalled(_))), "{:?}", stalled.end);
    assert!(stalled.usage.unwrap().estimated);
}

#[tokio::test]
async fn the_whole_answer_has_a_deadline() {
    let server = ScriptedLlm::start(vec![Script::StallAfter("x".to_owned())]).await.unwrap();
    let total = Duration::from_millis(250);
    let timeouts = Timeouts { idle: Duration::from_mins(1), total, ..QUICK };
    let outcome = ask(&model(&server.base_url(), timeouts)).await;
    assert!(matches!(outcome.end, Err(LlmError::Stalled(after)) if after == total));
}

#[tokio::test]
async fn a_server_that_is_gone_is_unreachable() {
    let server = ScriptedLlm::start(Vec::new()).await.unwrap();
    let url = server.base_url();
    drop(server);
    tokio::time::sleep(Duration::from_millis(50)).await;
    let outcome = ask(&model(&url, QUICK)).await;
    assert!(matches!(outcome.end, Err(LlmError::Unreachable(_))), "{:?}", outcome.end);
}

#[tokio::test]
async fn endpoints_that_leave_things_out_are_understood() {
    let event = |value: serde_json::Value| value.to_string();
    let text = event(json!({ "choices": [{ "delta": { "content": "Yes." } }] }));
    let long = event(json!({ "choices": [{ "finish_reason": "length" }] }));
    let cost = event(json!({ "usage": { "prompt_tokens": 3, "completion_tokens": 1 } }));
    let failed = event(json!({ "error": { "message": "later", "type": "overloaded_error" } }));
    let refused =
        event(json!({ "choices": [{ "delta": { "refusal": "No." }, "finish_reason": "stop" }] }));
    let filtered = event(json!({ "choices": [{ "finish_reason": "content_filter" }] }));

    let (no_finish, _server) = asked(Script::Events(vec![text.clone(), cost])).await;
    assert!(matches!(no_finish.end, Ok(Finish::Stop)));
    assert_eq!(no_finish.usage.unwrap().input, 3);
    let (cut, _server) = asked(Script::Events(vec![text.clone()])).await;
    assert!(matches!(cut.end, Err(LlmError::Cut)));
    let (length, _server) = asked(Script::Events(vec![text.clone(), long])).await;
    assert!(matches!(length.end, Ok(Finish::Length)));
    let (busy, _server) = asked(Script::Events(vec![text, failed])).await;
    assert!(matches!(busy.end, Err(LlmError::Busy(_))));
    let (no, _server) = asked(Script::Events(vec![refused])).await;
    assert!(matches!(no.end, Err(LlmError::Refused(why)) if why == "No."));
    let (no, _server) = asked(Script::Events(vec![filtered])).await;
    assert!(matches!(no.end, Err(LlmError::Refused(_))));
}

#[tokio::test]
async fn scripts_are_followed_in_order_and_embeddings_depend_on_words() {
    let server = ScriptedLlm::start(vec![Script::status(500), Script::say("Yes.")]).await.unwrap();
    let model = model(&server.base_url(), QUICK);
    assert!(ask(&model).await.end.is_err());
    assert_eq!(ask(&model).await.text, "Yes.");
    server.follow(vec![Script::Answer(vec!["No.".to_owned()])]);
    assert_eq!(ask(&model).await.text, "No.");

    server.embed_in(8);
    let http = reqwest::Client::new();
    let embed = async |body: serde_json::Value| -> serde_json::Value {
        let url = format!("{}/embeddings", server.base_url());
        http.post(url).json(&body).send().await.unwrap().json().await.unwrap()
    };
    let answer = embed(json!({ "model": "e", "input": ["bail order", "Order: bail!"] })).await;
    assert_eq!(answer["data"][0]["embedding"], answer["data"][1]["embedding"]);
    assert_eq!(answer["data"][0]["embedding"].as_array().unwrap().len(), 8);
    let wide = embed(json!({ "model": "e", "input": "x", "dimensions": 16 })).await;
    assert_eq!(wide["data"][0]["embedding"].as_array().unwrap().len(), 16);
    server.fail_embeddings(503);
    assert_eq!(embed(json!({ "input": "x" })).await, json!({}));

    let chat = json!({ "model": "m", "messages": [{ "role": "user", "content": "two words" }] });
    let url = format!("{}/chat/completions", server.base_url());
    let whole: serde_json::Value =
        http.post(url).json(&chat).send().await.unwrap().json().await.unwrap();
    assert_eq!(whole["choices"][0]["message"]["content"], "No.");
    assert_eq!(whole["usage"]["prompt_tokens"], 2);
}

#[tokio::test]
async fn tools_are_asked_for_and_text_beside_them_is_kept() {
    let tools = Script::Tools {
        said: "Let me look.".to_owned(),
        calls: vec![
            ("hearings".to_owned(), r#"{"day":"2026-11-23"}"#.to_owned()),
            ("dues".to_owned(), "{broken".to_owned()),
        ],
    };
    let (outcome, _server) = asked(tools).await;
    assert_eq!(outcome.text, "Let me look.");
    assert!(matches!(outcome.end, Ok(Finish::Tools)), "{:?}", outcome.end);
    let names: Vec<&str> = outcome.calls.iter().map(|call| call.name.as_str()).collect();
    assert_eq!(names, ["hearings", "dues"]);
    assert_eq!(outcome.calls[0].arguments, r#"{"day":"2026-11-23"}"#);
    assert_eq!(outcome.calls[1].arguments, "{broken");
    assert!(!outcome.usage.unwrap().estimated);
}

#[tokio::test]
async fn what_comes_twice_is_counted_once() {
    let event = |value: serde_json::Value| value.to_string();
    let text = event(json!({ "choices": [{ "delta": { "content": "Yes." } }] }));
    let stop = event(json!({ "choices": [{ "finish_reason": "stop" }] }));
    let cost =
        event(json!({ "choices": [], "usage": { "prompt_tokens": 3, "completion_tokens": 1 } }));
    let twice = vec![text.clone(), stop.clone(), stop, text, cost.clone(), cost];
    let (outcome, _server) = asked(Script::Events(twice)).await;
    assert_eq!(outcome.text, "Yes.");
    let usage = outcome.usage.unwrap();
    assert_eq!((usage.input, usage.output, usage.estimated), (3, 1, false));
}

#[tokio::test]
async fn what_may_have_been_billed_is_counted_and_what_failed_is_not() {
    for (script, billed) in [
        (Script::HangUp, true),
        (Script::StallBefore, true),
        (Script::CutAfter(String::new()), true),
        (Script::Garbage, true),
        (Script::status(500), false),
        (Script::status(401), false),
    ] {
        let (outcome, _server) = asked(script).await;
        assert!(outcome.end.is_err());
        assert_eq!(outcome.usage.is_some_and(|usage| usage.estimated && usage.input > 10), billed);
    }
}

#[tokio::test]
async fn a_report_that_is_no_count_is_counted_here() {
    let (outcome, _server) = asked(Script::Lies("It was allowed.".to_owned(), Lie::Negative)).await;
    assert!(matches!(outcome.end, Ok(Finish::Stop)));
    assert!(outcome.usage.unwrap().estimated);
}
