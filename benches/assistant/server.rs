//! A model server that answers every chat with the same tokens at once, and notes when.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// How many tokens an answer has.
pub(crate) const TOKENS: u32 = 300;

/// When a chat was asked, and when its first token was sent.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Noted {
    /// The first byte of the request was there.
    pub(crate) asked: Instant,
    /// The first token was about to be sent.
    pub(crate) first: Instant,
}

/// The server; it runs as long as the process.
pub(crate) struct Server {
    port: u16,
    noted: Arc<Mutex<Option<Noted>>>,
}

impl Server {
    /// Listens on a free port of this machine.
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
        let port = listener.local_addr().expect("an address").port();
        let noted = Arc::new(Mutex::new(None));
        let kept = Arc::clone(&noted);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let noted = Arc::clone(&kept);
                tokio::spawn(async move { drop(answer(stream, &noted).await) });
            }
        });
        Self { port, noted }
    }

    /// Its address, as the settings take it.
    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}/v1", self.port)
    }

    /// What was noted of the last chat.
    pub(crate) fn last(&self) -> Option<Noted> {
        *self.noted.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn answer(mut stream: TcpStream, noted: &Mutex<Option<Noted>>) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    let mut bytes = vec![0; 64 << 10];
    let mut read = stream.read(&mut bytes).await?;
    let asked = Instant::now();
    // The head says how long the body is.
    while read > 0 {
        let text = String::from_utf8_lossy(&bytes[..read]).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head.lines().find_map(|line| {
                let (name, value) = line.split_once(':')?;
                name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse().ok())?
            });
            if body.len() >= length.unwrap_or(0) {
                break;
            }
        }
        if read == bytes.len() {
            bytes.resize(2 * read, 0);
        }
        let more = stream.read(&mut bytes[read..]).await?;
        if more == 0 {
            break;
        }
        read += more;
    }
    let head = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n";
    stream.write_all(head.as_bytes()).await?;
    let first = Instant::now();
    *noted.lock().unwrap_or_else(PoisonError::into_inner) = Some(Noted { asked, first });
    for nth in 0..TOKENS {
        let text = if nth % 12 == 11 { "so. " } else { "word " };
        let chunk = serde_json::json!({
            "id": "made", "object": "chat.completion.chunk", "created": 1, "model": "made",
            "choices": [{ "index": 0, "delta": { "role": "assistant", "content": text },
                "finish_reason": null }],
        });
        stream.write_all(format!("data: {chunk}\n\n").as_bytes()).await?;
    }
    let end = serde_json::json!({
        "id": "made", "object": "chat.completion.chunk", "created": 1, "model": "made",
        "choices": [{ "index": 0, "delta": {}, "finish_reason": "stop" }],
        "usage": { "prompt_tokens": 100, "completion_tokens": TOKENS,
            "total_tokens": 100 + TOKENS },
    });
    stream.write_all(format!("data: {end}\n\ndata: [DONE]\n\n").as_bytes()).await?;
    stream.shutdown().await
}
