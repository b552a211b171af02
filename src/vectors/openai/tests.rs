//! The adapter against a server that answers as told.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::http::HeaderMap;
use axum::response::IntoResponse;
use axum::routing::post;
use serde_json::{Value, json};

use super::*;

type Seen = Arc<Mutex<Vec<(HeaderMap, Value)>>>;

/// A server that gives every request the same answer and keeps what it was sent.
async fn endpoint(status: u16, headers: &'static [(&str, &str)], body: Value) -> (String, Seen) {
    let seen = Seen::default();
    let keep = seen.clone();
    let handler = async move |sent: HeaderMap, bytes: Bytes| {
        keep.lock().unwrap().push((sent, serde_json::from_slice(&bytes).unwrap()));
        let mut answer = (StatusCode::from_u16(status).unwrap(), body.to_string()).into_response();
        for (name, value) in headers {
            answer.headers_mut().insert(*name, HeaderValue::from_static(value));
        }
        answer
    };
    let app = Router::new().route("/v1/embeddings", post(handler));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/v1/", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, app).await });
    (url, seen)
}

fn remote(url: &str) -> Remote {
    Remote::new(url, "secret".into(), "bge-m3", 2, &Outside::default()).unwrap()
}

async fn embed(remote: &Remote) -> Result<Embedded, EmbedError> {
    remote.embed(&["first".into(), "second".into()], Purpose::Passage).await
}

#[tokio::test]
async fn vectors_come_back_in_order_and_of_length_one() {
    let body = json!({
        "data": [
            { "index": 1, "embedding": [0.0, 5.0] },
            { "index": 0, "embedding": [3.0, 4.0] },
        ],
        "usage": { "prompt_tokens": 7, "total_tokens": 7 },
    });
    let (url, seen) = endpoint(200, &[], body).await;
    let remote = remote(&url);
    let embedded = embed(&remote).await.unwrap();
    assert_eq!(embedded, Embedded { vectors: vec![vec![0.6, 0.8], vec![0.0, 1.0]], tokens: 7 });
    assert_eq!((remote.model(), remote.provider()), ("bge-m3", "127.0.0.1"));

    let seen = seen.lock().unwrap();
    let (headers, sent) = &seen[0];
    assert_eq!(headers["authorization"], "Bearer secret");
    let expected =
        json!({ "model": "bge-m3", "input": ["first", "second"], "encoding_format": "float" });
    assert_eq!(*sent, expected);
}

#[tokio::test]
async fn tokens_are_estimated_when_the_endpoint_does_not_count() {
    let item = |index| json!({ "index": index, "embedding": [1.0, 0.0] });
    let (url, _) = endpoint(200, &[], json!({ "data": [item(0), item(1)] })).await;
    assert_eq!(embed(&remote(&url)).await.unwrap().tokens, 4);
}

#[tokio::test]
async fn a_vector_of_another_length_is_told() {
    let body = json!({ "data": [{ "index": 0, "embedding": [1.0, 2.0, 3.0] }] });
    let (url, _) = endpoint(200, &[], body).await;
    let error = embed(&remote(&url)).await.unwrap_err();
    assert!(matches!(error, EmbedError::WrongDimension { expected: 2, actual: 3 }));
}

#[tokio::test]
async fn a_text_left_out_is_an_error() {
    let body = json!({ "data": [{ "index": 0, "embedding": [1.0, 2.0] }] });
    let (url, _) = endpoint(200, &[], body).await;
    assert!(matches!(embed(&remote(&url)).await, Err(EmbedError::Unreachable(_))));
}

#[tokio::test]
async fn a_busy_endpoint_is_asked_once_and_its_pause_kept() {
    let body = json!({ "error": { "message": "slow down" } });
    let (url, seen) = endpoint(429, &[("retry-after", "7")], body).await;
    let error = embed(&remote(&url)).await.unwrap_err();
    assert!(matches!(error, EmbedError::Busy(pause) if pause == Duration::from_secs(7)));
    assert_eq!(seen.lock().unwrap().len(), 1);
}

#[tokio::test]
async fn an_exhausted_account_is_a_refusal() {
    let body = json!({ "error": { "message": "you exceeded your current quota" } });
    let (url, _) = endpoint(429, &[], body).await;
    assert!(matches!(embed(&remote(&url)).await, Err(EmbedError::Rejected(_))));
}

#[tokio::test]
async fn a_failing_endpoint_is_asked_once() {
    let (url, seen) = endpoint(500, &[], json!("out of order")).await;
    assert!(matches!(embed(&remote(&url)).await, Err(EmbedError::Unreachable(_))));
    assert_eq!(seen.lock().unwrap().len(), 1);
}

#[tokio::test]
async fn a_refusal_says_why() {
    let body = json!({ "error": { "message": "no such model" } });
    let (url, _) = endpoint(404, &[], body).await;
    let error = embed(&remote(&url)).await.unwrap_err();
    assert_eq!(error.to_string(), "the embedding model refused the request: no such model");
}

#[tokio::test]
async fn a_text_too_long_is_told() {
    let body = json!({ "error": { "message": "This model's maximum context length is 8192" } });
    let (url, _) = endpoint(400, &[], body).await;
    assert!(matches!(embed(&remote(&url)).await, Err(EmbedError::TooLong)));
}

#[tokio::test]
async fn nobody_listening_is_unreachable() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/v1", listener.local_addr().unwrap());
    drop(listener);
    assert!(matches!(embed(&remote(&url)).await, Err(EmbedError::Unreachable(_))));
}

#[test]
fn an_unusable_address_or_key_is_refused_at_once() {
    assert!(Remote::new("not an address", "".into(), "m", 2, &Outside::default()).is_err());
    assert!(
        Remote::new("http://localhost/v1", "line\nbreak".into(), "m", 2, &Outside::default())
            .is_err()
    );
}

#[test]
fn tokens_are_counted_generously() {
    let remote = remote("http://localhost/v1");
    assert_eq!(remote.count_tokens("bail"), 1);
    assert_eq!(remote.count_tokens("जमानत"), 5);
}
