//! The chat completions format, read leniently.
//!
//! Endpoints that call themselves compatible leave fields out, add their own and
//! send null for both. Everything read here is optional; what is missing means
//! what its absence most plausibly means.

use std::time::Duration;

use anyhow::anyhow;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Completion, Exchange, LlmError, TokenUsage, Tool, ToolCall};

/// How long a busy provider is left alone when it does not say.
const BUSY: Duration = Duration::from_secs(2);
/// How long one is left alone whose quota is spent.
const SPENT: Duration = Duration::from_hours(1);

/// What a model is told that is to go on after another.
const GO_ON: &str = "Your answer above broke off. Go on after it, without repeating what is there \
    and without a word about the break. If its last sentence is not finished, write that sentence \
    anew, whole; a quotation must stand whole in what you write now.";

/// Writes a request; `limit` is the name the endpoint has for the most tokens.
pub(super) fn request(model: &str, limit: &str, completion: &Completion) -> Value {
    let mut messages = vec![json!({ "role": "system", "content": completion.system })];
    for turn in &completion.history {
        messages.push(json!({ "role": "user", "content": turn.question }));
        messages.push(json!({ "role": "assistant", "content": turn.answer }));
    }
    messages.push(json!({ "role": "user", "content": completion.user }));
    for exchange in &completion.exchanges {
        push_exchange(&mut messages, exchange);
    }
    let mut body = json!({
        "model": model,
        "messages": messages,
        "stream": true,
        "stream_options": { "include_usage": true },
        limit: completion.max_tokens,
    });
    if !completion.tools.is_empty() {
        let tools = completion.tools.iter().map(|tool| {
            let Tool { name, description, parameters } = tool;
            let function =
                json!({ "name": name, "description": description, "parameters": parameters });
            json!({ "type": "function", "function": function })
        });
        body["tools"] = tools.collect();
    }
    body
}

fn push_exchange(messages: &mut Vec<Value>, exchange: &Exchange) {
    let Exchange { said, calls } = exchange;
    if calls.is_empty() {
        messages.push(json!({ "role": "assistant", "content": said }));
        messages.push(json!({ "role": "user", "content": GO_ON }));
        return;
    }
    let asked: Vec<Value> = calls
        .iter()
        .map(|(ToolCall { id, name, arguments }, _)| {
            let function = json!({ "name": name, "arguments": arguments });
            json!({ "id": id, "type": "function", "function": function })
        })
        .collect();
    // Null, not an empty text, which some endpoints refuse.
    let said = if said.is_empty() { Value::Null } else { json!(said) };
    messages.push(json!({ "role": "assistant", "content": said, "tool_calls": asked }));
    for (call, given) in calls {
        messages.push(json!({ "role": "tool", "tool_call_id": call.id, "content": given }));
    }
}

/// One event of the stream.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Chunk {
    pub(super) choices: Option<Vec<Choice>>,
    pub(super) usage: Option<Value>,
    pub(super) error: Option<Value>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Choice {
    pub(super) delta: Option<Delta>,
    pub(super) finish_reason: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Delta {
    content: Option<Value>,
    pub(super) refusal: Option<String>,
    pub(super) tool_calls: Option<Vec<ToolDelta>>,
}

/// A part of a tool call.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ToolDelta {
    pub(super) index: Option<u64>,
    pub(super) id: Option<String>,
    pub(super) function: Option<FunctionDelta>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct FunctionDelta {
    pub(super) name: Option<String>,
    /// A piece of text, or from some endpoints the whole as an object.
    pub(super) arguments: Option<Value>,
}

impl Delta {
    /// The text, whether it came as a string or as parts.
    pub(super) fn text(&self) -> String {
        match &self.content {
            Some(Value::String(text)) => text.clone(),
            Some(Value::Array(parts)) => {
                parts.iter().filter_map(|part| part["text"].as_str()).collect()
            }
            _ => String::new(),
        }
    }
}

/// The usage, if the report says anything that can be one.
///
/// Prompts and answers go by two names; what was cached and what was reasoning stand in
/// details or beside the sums. Where the sums leave reasoning out, which the total shows,
/// it is added to the answer.
pub(super) fn usage(report: &Value) -> Option<TokenUsage> {
    let number = |pointers: &[&str]| {
        pointers.iter().find_map(|pointer| report.pointer(pointer).and_then(Value::as_u64))
    };
    let input = number(&["/prompt_tokens", "/input_tokens"])?;
    // An answer's count that is there and no count makes the report no report.
    let output = ["/completion_tokens", "/output_tokens"]
        .iter()
        .find_map(|pointer| report.pointer(pointer).filter(|value| !value.is_null()));
    let output = output.map_or(Some(0), Value::as_u64)?;
    let cached = number(&[
        "/prompt_tokens_details/cached_tokens",
        "/input_tokens_details/cached_tokens",
        "/prompt_cache_hit_tokens",
        "/cached_tokens",
        "/cache_read_input_tokens",
    ]);
    let reasoning = number(&[
        "/completion_tokens_details/reasoning_tokens",
        "/output_tokens_details/reasoning_tokens",
        "/reasoning_tokens",
    ]);
    let reasoning = reasoning.unwrap_or_default();
    let sum = input.saturating_add(output).saturating_add(reasoning);
    let apart = number(&["/total_tokens"]) == Some(sum);
    let output = if apart { output.saturating_add(reasoning) } else { output };
    let cached = cached.unwrap_or_default();
    Some(TokenUsage { input, cached, output, reasoning, estimated: false })
}

/// What a failed response means.
pub(super) fn failure(status: u16, retry_after: Option<&str>, body: &str) -> LlmError {
    let parsed: Value = serde_json::from_str(body).unwrap_or_default();
    let told = Told::read(parsed.get("error").unwrap_or(&parsed), body);
    if told.is_too_long() || status == 413 {
        return LlmError::TooLong;
    }
    let pause = retry_after.and_then(|after| after.trim().parse().ok()).map(Duration::from_secs);
    match status {
        429 if told.kind.contains("insufficient_quota") => LlmError::Busy(SPENT),
        // A quota that is spent is no fault of the request.
        402 => LlmError::Busy(SPENT),
        408 | 425 | 429 | 503 | 529 => LlmError::Busy(pause.unwrap_or(BUSY)),
        400..=499 if told.is_refusal() => LlmError::Refused(told.message),
        // The request may be fine; who sends it, where to, or for which model is not.
        300..=399 | 401 | 403..=405 | 410 => {
            LlmError::Misconfigured(format!("{status}: {}", told.message))
        }
        400..=499 => LlmError::Rejected(format!("{status}: {}", told.message)),
        _ => LlmError::Unreachable(anyhow!("the provider answered {status}: {}", told.message)),
    }
}

/// What an error inside a stream means.
pub(super) fn stream_failure(error: &Value) -> LlmError {
    let told = Told::read(error, &error.to_string());
    let code = error["code"].as_u64().or_else(|| error["status"].as_u64());
    if let Some(status) = code.and_then(|code| u16::try_from(code).ok()).filter(|code| *code >= 400)
    {
        return failure(status, None, &json!({ "error": error }).to_string());
    }
    if told.is_too_long() {
        LlmError::TooLong
    } else if told.is_refusal() {
        LlmError::Refused(told.message)
    } else if ["rate_limit", "overloaded", "busy"].iter().any(|kind| told.kind.contains(kind)) {
        LlmError::Busy(BUSY)
    } else {
        LlmError::Unreachable(anyhow!("the provider failed: {}", told.message))
    }
}

/// What an error says of itself.
struct Told {
    /// Its type and code.
    kind: String,
    message: String,
}

impl Told {
    fn read(error: &Value, body: &str) -> Self {
        let word = |key: &str| error[key].as_str().unwrap_or_default().to_lowercase();
        let message = error["message"].as_str().or(error.as_str()).unwrap_or(body);
        // A gateway's error page is not worth more than its beginning.
        let message = message.trim().chars().take(300).collect();
        Self { kind: format!("{} {}", word("type"), word("code")), message }
    }

    fn is_too_long(&self) -> bool {
        let message = self.message.to_lowercase();
        self.kind.contains("context_length_exceeded")
            || [
                "context length",
                "context window",
                "prompt is too long",
                "too many tokens",
                "context size",
            ]
            .iter()
            .any(|words| message.contains(words))
    }

    fn is_refusal(&self) -> bool {
        ["content_filter", "content_policy", "responsibleaipolicy", "safety"]
            .iter()
            .any(|kind| self.kind.contains(kind))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn failures_become_the_decision_they_ask_for() {
        let error = |kind: &str, message: &str| {
            json!({ "error": { "type": kind, "message": message } }).to_string()
        };
        assert!(matches!(failure(429, Some("7"), "slow"), LlmError::Busy(d) if d.as_secs() == 7));
        assert!(matches!(failure(529, None, ""), LlmError::Busy(BUSY)));
        assert!(matches!(
            failure(429, None, &error("insufficient_quota", "")),
            LlmError::Busy(SPENT)
        ));
        assert!(
            matches!(failure(401, None, &error("x", "bad key")), LlmError::Misconfigured(m) if m == "401: bad key")
        );
        assert!(matches!(failure(422, None, ""), LlmError::Rejected(_)));
        assert!(matches!(failure(500, None, "<html>"), LlmError::Unreachable(_)));
        assert!(matches!(failure(413, None, ""), LlmError::TooLong));
        let long =
            error("invalid_request_error", "This model's maximum context length is 8192 tokens");
        assert!(matches!(failure(400, None, &long), LlmError::TooLong));
        assert!(matches!(failure(400, None, &error("content_filter", "no")), LlmError::Refused(_)));
        let overloaded = json!({ "type": "overloaded_error", "message": "later" });
        assert!(matches!(stream_failure(&overloaded), LlmError::Busy(_)));
        assert!(matches!(stream_failure(&json!({ "code": 429 })), LlmError::Busy(_)));
        assert!(matches!(stream_failure(&json!("boom")), LlmError::Unreachable(_)));
    }

    #[test]
    fn what_endpoints_leave_out_is_not_missed() {
        for event in [
            "{}",
            r#"{"choices":null,"usage":null,"error":null}"#,
            r#"{"choices":[{"delta":null}]}"#,
            r#"{"choices":[{"delta":{"content":null,"role":"assistant","new":1}}]}"#,
        ] {
            serde_json::from_str::<Chunk>(event).unwrap();
        }
        let parts =
            r#"{"choices":[{"delta":{"content":[{"type":"text","text":"a"},{"text":"b"}]}}]}"#;
        let chunk: Chunk = serde_json::from_str(parts).unwrap();
        assert_eq!(chunk.choices.unwrap()[0].delta.as_ref().unwrap().text(), "ab");
    }

    #[test]
    fn usage_is_read_in_the_shapes_it_comes_in() {
        let read = |report: &Value| {
            usage(report).map(|usage| (usage.input, usage.cached, usage.output, usage.reasoning))
        };
        for (report, wanted) in [
            (
                json!({ "prompt_tokens": 9, "completion_tokens": 2, "total_tokens": 11,
                        "prompt_tokens_details": { "cached_tokens": 4 } }),
                Some((9, 4, 2, 0)),
            ),
            (
                json!({ "input_tokens": 9, "output_tokens": 6,
                        "input_tokens_details": { "cached_tokens": 3 },
                        "output_tokens_details": { "reasoning_tokens": 5 } }),
                Some((9, 3, 6, 5)),
            ),
            (
                json!({ "prompt_tokens": 9, "completion_tokens": 2,
                        "prompt_cache_hit_tokens": 8, "prompt_cache_miss_tokens": 1 }),
                Some((9, 8, 2, 0)),
            ),
            (
                json!({ "prompt_tokens": 9, "completion_tokens": 2, "total_tokens": 16,
                        "completion_tokens_details": { "reasoning_tokens": 5 } }),
                Some((9, 0, 7, 5)),
            ),
            (
                json!({ "prompt_tokens": 9, "completion_tokens": 7, "total_tokens": 16,
                        "completion_tokens_details": { "reasoning_tokens": 5 } }),
                Some((9, 0, 7, 5)),
            ),
            (json!({ "prompt_tokens": 9 }), Some((9, 0, 0, 0))),
            (json!({ "prompt_tokens": -9, "completion_tokens": 2 }), None),
            (json!({ "prompt_tokens": 9, "completion_tokens": -2 }), None),
            (json!({ "prompt_tokens": "many" }), None),
            (json!({}), None),
        ] {
            assert_eq!(read(&report), wanted, "{report}");
        }
    }

    #[test]
    fn tools_and_rounds_are_written_as_the_format_wants_them() {
        let call = ToolCall {
            id: "c1".to_owned(),
            name: "hearings".to_owned(),
            arguments: "{broken".to_owned(),
        };
        let request_of = |exchanges, tools| Completion {
            system: "s".to_owned(),
            history: Vec::new(),
            user: "u".to_owned(),
            exchanges,
            tools,
            max_tokens: 5,
        };
        let rounds = vec![
            Exchange { said: String::new(), calls: vec![(call, "none".to_owned())] },
            Exchange { said: "The suit".to_owned(), calls: Vec::new() },
        ];
        let tool = Tool { name: "hearings", description: "d", parameters: json!({}) };
        let body = request("m", "max_tokens", &request_of(rounds, vec![tool]));
        assert_eq!(body["tools"][0]["function"]["name"], "hearings");
        assert!(body.get("tool_choice").is_none());
        assert_eq!(
            body["messages"][2],
            json!({ "role": "assistant", "content": null, "tool_calls": [{
                "id": "c1", "type": "function",
                "function": { "name": "hearings", "arguments": "{broken" },
            }] })
        );
        assert_eq!(
            body["messages"][3],
            json!({ "role": "tool", "tool_call_id": "c1", "content": "none" })
        );
        assert_eq!(body["messages"][4]["content"], "The suit");
        assert_eq!(body["messages"][5]["role"], "user");
        let bare = request("m", "max_tokens", &request_of(Vec::new(), Vec::new()));
        assert!(bare.get("tools").is_none());
    }
}
