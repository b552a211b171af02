//! The chat completions format, read leniently.
//!
//! Endpoints that call themselves compatible leave fields out, add their own and
//! send null for both. Everything read here is optional; what is missing means
//! what its absence most plausibly means.

use std::time::Duration;

use anyhow::anyhow;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Completion, LlmError, TokenUsage};

/// How long a busy provider is left alone when it does not say.
const BUSY: Duration = Duration::from_secs(2);
/// How long one is left alone whose quota is spent.
const SPENT: Duration = Duration::from_hours(1);

/// Writes a request; `limit` is the name the endpoint has for the most tokens.
pub(super) fn request(model: &str, limit: &str, completion: &Completion) -> Value {
    let mut messages = vec![json!({ "role": "system", "content": completion.system })];
    for turn in &completion.history {
        messages.push(json!({ "role": "user", "content": turn.question }));
        messages.push(json!({ "role": "assistant", "content": turn.answer }));
    }
    messages.push(json!({ "role": "user", "content": completion.user }));
    json!({
        "model": model,
        "messages": messages,
        "stream": true,
        "stream_options": { "include_usage": true },
        limit: completion.max_tokens,
    })
}

/// One event of the stream.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Chunk {
    pub(super) choices: Option<Vec<Choice>>,
    pub(super) usage: Option<Usage>,
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

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Usage {
    prompt_tokens: Option<u64>,
    completion_tokens: Option<u64>,
    prompt_cache_hit_tokens: Option<u64>,
    prompt_tokens_details: Option<PromptDetails>,
    completion_tokens_details: Option<CompletionDetails>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct PromptDetails {
    cached_tokens: Option<u64>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct CompletionDetails {
    reasoning_tokens: Option<u64>,
}

impl Usage {
    /// The usage, if the report says anything.
    pub(super) fn read(self) -> Option<TokenUsage> {
        let details = self.prompt_tokens_details.and_then(|details| details.cached_tokens);
        let reasoning = self.completion_tokens_details.and_then(|details| details.reasoning_tokens);
        Some(TokenUsage {
            input: self.prompt_tokens?,
            cached: details.or(self.prompt_cache_hit_tokens).unwrap_or_default(),
            output: self.completion_tokens.unwrap_or_default(),
            reasoning: reasoning.unwrap_or_default(),
            estimated: false,
        })
    }
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
        300..=499 => LlmError::Rejected(format!("{status}: {}", told.message)),
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
            matches!(failure(401, None, &error("x", "bad key")), LlmError::Rejected(m) if m == "401: bad key")
        );
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
        let usage: Usage = serde_json::from_str(r#"{"prompt_tokens":9,"completion_tokens":2,"prompt_tokens_details":{"cached_tokens":4}}"#).unwrap();
        let read = usage.read().unwrap();
        assert_eq!((read.input, read.cached, read.output), (9, 4, 2));
    }
}
