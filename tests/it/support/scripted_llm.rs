//! A model server that does what it is told.
//!
//! It speaks the OpenAI wire protocol over real HTTP, one request a connection,
//! so that clients meet true refusals, stalls and cut connections. Chat requests
//! take the next script each; the last one is repeated. Embeddings are always
//! answered, with vectors that depend on the words of the text alone.

use std::collections::VecDeque;
use std::io;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU16, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// What the server does with one chat request.
#[derive(Clone)]
pub(crate) enum Script {
    /// Answers with these pieces of text.
    Answer(Vec<String>),
    /// Answers with what a function makes of the request, so that a test can
    /// quote the passages it finds in the prompt.
    Reply(Arc<dyn Fn(&Value) -> String + Send + Sync>),
    /// Answers with a text and never says what it cost.
    NoUsage(String),
    /// Sends these bodies of events as they are.
    Events(Vec<String>),
    /// Answers with an error.
    Status {
        /// The HTTP status.
        code: u16,
        /// Seconds for the `Retry-After` header.
        retry_after: Option<u64>,
        /// The body.
        body: String,
    },
    /// Closes the connection without a word.
    HangUp,
    /// Never answers.
    StallBefore,
    /// Sends a text, then nothing more.
    StallAfter(String),
    /// Sends a text, then closes the connection.
    CutAfter(String),
    /// Sends an event that is not JSON.
    Garbage,
    /// Sends a text, then an event that is not JSON.
    GarbageAfter(String),
    /// Answers with a text after so many milliseconds without a byte.
    Slow(String, u64),
    /// Sends the end, the usage and a piece after the end twice.
    Twice(String),
    /// Answers with a text and a usage that cannot be true.
    Lies(String, Lie),
    /// Says the same words for ever.
    Endless(String),
    /// Asks for tools, by name and arguments, after a text.
    Tools {
        /// The text.
        said: String,
        /// The calls.
        calls: Vec<(String, String)>,
    },
    /// Does what a function chooses by the request: by its model, or by words of its
    /// prompt, so that requests at the same time get each their own.
    Choose(Arc<dyn Fn(&Value) -> Script + Send + Sync>),
}

/// A usage that cannot be true.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Lie {
    /// Less than nothing.
    Negative,
    /// Nothing for a long text.
    Nothing,
    /// More than any model holds.
    Enormous,
    /// More cached than there was.
    Parts,
}

/// What the server counts for a call it worked on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Bill {
    /// The model asked.
    pub(crate) model: String,
    /// The words of the prompt.
    pub(crate) prompt: u64,
    /// The words it sent.
    pub(crate) completion: u64,
    /// Whether it told the client so, and the client was there to hear it.
    pub(crate) reported: bool,
}

impl Script {
    /// Answers with a text, in pieces.
    pub(crate) fn say(text: &str) -> Self {
        Self::Answer(pieces(text))
    }

    /// Answers with what a function makes of the request.
    pub(crate) fn reply(reply: impl Fn(&Value) -> String + Send + Sync + 'static) -> Self {
        Self::Reply(Arc::new(reply))
    }

    /// Does what a function chooses by the request.
    pub(crate) fn choose(choose: impl Fn(&Value) -> Self + Send + Sync + 'static) -> Self {
        Self::Choose(Arc::new(choose))
    }

    /// Answers with an error in the usual envelope.
    pub(crate) fn status(code: u16) -> Self {
        let body = json!({ "error": { "message": "as scripted", "type": "scripted" } }).to_string();
        Self::Status { code, retry_after: None, body }
    }
}

/// A request the server got.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    /// The path asked for.
    pub(crate) path: String,
    /// The `Authorization` header.
    pub(crate) authorization: Option<String>,
    /// The body.
    pub(crate) body: Value,
}

/// The server; dropping it closes its port.
pub(crate) struct ScriptedLlm {
    address: SocketAddr,
    shared: Arc<Shared>,
    task: JoinHandle<()>,
}

struct Shared {
    scripts: Mutex<VecDeque<Script>>,
    requests: Mutex<Vec<Request>>,
    bills: Mutex<Vec<Bill>>,
    dimension: AtomicUsize,
    /// How many connections are open.
    open: AtomicUsize,
    /// The status embeddings fail with, or 0.
    embeddings_fail: AtomicU16,
    /// How long embeddings take, in milliseconds.
    embeddings_take: AtomicU64,
}

impl ScriptedLlm {
    /// Starts a server on a free port.
    pub(crate) async fn start(scripts: Vec<Script>) -> io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared {
            scripts: Mutex::new(scripts.into()),
            requests: Mutex::default(),
            bills: Mutex::default(),
            dimension: AtomicUsize::new(384),
            open: AtomicUsize::new(0),
            embeddings_fail: AtomicU16::new(0),
            embeddings_take: AtomicU64::new(0),
        });
        let serving = Arc::clone(&shared);
        let task = tokio::spawn(async move {
            // Connections end with the server, so that dropping it is an outage.
            let mut connections = tokio::task::JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                let shared = Arc::clone(&serving);
                shared.open.fetch_add(1, Ordering::SeqCst);
                connections.spawn(async move {
                    let served = serve(stream, Arc::clone(&shared)).await;
                    shared.open.fetch_sub(1, Ordering::SeqCst);
                    served
                });
                while connections.try_join_next().is_some() {}
            }
        });
        Ok(Self { address, shared, task })
    }

    /// The address clients are to be given.
    pub(crate) fn base_url(&self) -> String {
        format!("http://{}/v1", self.address)
    }

    /// The requests so far, oldest first.
    pub(crate) fn requests(&self) -> Vec<Request> {
        self.shared.requests.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// What the server counted so far, for every call it worked on, also those that broke.
    pub(crate) fn bills(&self) -> Vec<Bill> {
        self.shared.bills.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Whether nobody is connected.
    pub(crate) fn is_idle(&self) -> bool {
        self.shared.open.load(Ordering::SeqCst) == 0
    }

    /// Replaces the scripts that are left.
    pub(crate) fn follow(&self, scripts: Vec<Script>) {
        *self.shared.scripts.lock().unwrap_or_else(PoisonError::into_inner) = scripts.into();
    }

    /// Sets the length of embeddings, unless the request says.
    pub(crate) fn embed_in(&self, dimension: usize) {
        self.shared.dimension.store(dimension, Ordering::SeqCst);
    }

    /// Makes embeddings fail with a status, or with 0 succeed again.
    pub(crate) fn fail_embeddings(&self, status: u16) {
        self.shared.embeddings_fail.store(status, Ordering::SeqCst);
    }

    /// Makes each request for embeddings take so long.
    pub(crate) fn embed_slowly(&self, ms: u64) {
        self.shared.embeddings_take.store(ms, Ordering::SeqCst);
    }

    /// The texts embedded so far.
    pub(crate) fn embedded(&self) -> Vec<String> {
        let requests = self.requests();
        let asked = requests.iter().filter(|request| request.path == "/v1/embeddings");
        let inputs =
            asked.flat_map(|request| request.body["input"].as_array().into_iter().flatten());
        inputs.filter_map(Value::as_str).map(str::to_owned).collect()
    }
}

impl Drop for ScriptedLlm {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Shared {
    fn next_script(&self) -> Script {
        let mut scripts = self.scripts.lock().unwrap_or_else(PoisonError::into_inner);
        let next = if scripts.len() > 1 { scripts.pop_front() } else { scripts.front().cloned() };
        next.unwrap_or_else(|| Script::status(500))
    }
}

async fn serve(mut stream: TcpStream, shared: Arc<Shared>) -> io::Result<()> {
    let Some(request) = read_request(&mut stream).await? else { return Ok(()) };
    let Request { path, body, .. } = request.clone();
    shared.requests.lock().unwrap_or_else(PoisonError::into_inner).push(request);
    match path.as_str() {
        "/v1/chat/completions" => {
            let mut script = shared.next_script();
            while let Script::Choose(choose) = script {
                script = choose(&body);
            }
            let mut bill = Bill {
                model: body["model"].as_str().unwrap_or_default().to_owned(),
                prompt: prompt_words(&body),
                completion: 0,
                reported: false,
            };
            // Whatever becomes of the connection, what was worked on is billed.
            let works = works(&script);
            let answered = chat(&mut stream, &body, script, &mut bill).await;
            if works {
                shared.bills.lock().unwrap_or_else(PoisonError::into_inner).push(bill);
            }
            answered?;
        }
        "/v1/embeddings" => match shared.embeddings_fail.load(Ordering::SeqCst) {
            0 => {
                let takes = shared.embeddings_take.load(Ordering::SeqCst);
                tokio::time::sleep(Duration::from_millis(takes)).await;
                let vectors = embeddings(&body, shared.dimension.load(Ordering::SeqCst));
                write_json(&mut stream, 200, None, &vectors.to_string()).await?;
            }
            status => write_json(&mut stream, status, None, "{}").await?,
        },
        _ => write_json(&mut stream, 404, None, "{}").await?,
    }
    stream.shutdown().await
}

async fn read_request(stream: &mut TcpStream) -> io::Result<Option<Request>> {
    let mut bytes = Vec::new();
    let head = loop {
        if let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            break end;
        }
        if stream.read_buf(&mut bytes).await? == 0 {
            return Ok(None);
        }
    };
    let headers = String::from_utf8_lossy(&bytes[..head]).into_owned();
    let header = |name: &str| {
        headers.lines().find_map(|line| {
            let (key, value) = line.split_once(':')?;
            key.eq_ignore_ascii_case(name).then(|| value.trim().to_owned())
        })
    };
    let length = header("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
    while bytes.len() < head + 4 + length {
        if stream.read_buf(&mut bytes).await? == 0 {
            return Ok(None);
        }
    }
    Ok(Some(Request {
        path: headers.split(' ').nth(1).unwrap_or_default().to_owned(),
        authorization: header("authorization"),
        body: serde_json::from_slice(&bytes[head + 4..]).unwrap_or_default(),
    }))
}

/// Whether a script works on the request, and so bills it.
fn works(script: &Script) -> bool {
    !matches!(script, Script::Status { .. })
}

async fn chat(
    stream: &mut TcpStream,
    body: &Value,
    script: Script,
    bill: &mut Bill,
) -> io::Result<()> {
    let streaming = body["stream"] == true;
    let (texts, end) = match script {
        Script::Answer(texts) => (texts, End::Usage),
        Script::Reply(reply) => (pieces(&reply(body)), End::Usage),
        Script::NoUsage(text) => (pieces(&text), End::Bare),
        Script::StallAfter(text) => (pieces(&text), End::Stall),
        Script::CutAfter(text) => (pieces(&text), End::Cut),
        Script::GarbageAfter(text) => (pieces(&text), End::Garbage),
        Script::Twice(text) => (pieces(&text), End::Twice),
        Script::Lies(text, lie) => (pieces(&text), End::Lie(lie)),
        Script::Slow(text, ms) => {
            let gone = tokio::time::timeout(Duration::from_millis(ms), stream.read_u8()).await;
            if gone.is_ok() {
                return Ok(());
            }
            (pieces(&text), End::Usage)
        }
        Script::Tools { said, calls } => (pieces(&said), End::Tools(calls)),
        Script::Endless(text) => {
            start_events(stream).await?;
            loop {
                for text in pieces(&text) {
                    let event = chunk(body, &delta(&json!({ "content": text }), None));
                    write_event(stream, &event.to_string()).await?;
                    bill.completion += text.split_whitespace().count() as u64;
                    tokio::time::sleep(Duration::from_millis(1)).await;
                }
            }
        }
        Script::Status { code, retry_after, body } => {
            return write_json(stream, code, retry_after, &body).await;
        }
        Script::HangUp | Script::Choose(_) => return Ok(()),
        Script::StallBefore => return stall(stream).await,
        Script::Garbage => {
            start_events(stream).await?;
            return write_event(stream, "this is not JSON").await;
        }
        Script::Events(events) => {
            start_events(stream).await?;
            for event in events {
                write_event(stream, &event).await?;
            }
            return stream.write_all(b"0\r\n\r\n").await;
        }
    };
    if streaming {
        return stream_answer(stream, body, &texts, end, bill).await;
    }
    bill.completion = words(&texts.concat());
    let mut whole = json!({
        "model": body["model"],
        "choices": [{
            "index": 0,
            "message": { "role": "assistant", "content": texts.concat() },
            "finish_reason": "stop",
        }],
    });
    match end {
        End::Stall => return stall(stream).await,
        End::Cut | End::Garbage => {
            return stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{").await;
        }
        End::Bare => {}
        _ => whole["usage"] = usage(bill),
    }
    write_json(stream, 200, None, &whole.to_string()).await?;
    bill.reported = whole["usage"].is_object();
    Ok(())
}

/// How an answer ends.
enum End {
    Usage,
    Bare,
    Stall,
    Cut,
    Garbage,
    Twice,
    Lie(Lie),
    Tools(Vec<(String, String)>),
}

/// One event of a stream.
fn chunk(body: &Value, choices: &Value) -> Value {
    json!({ "model": body["model"], "choices": choices })
}

fn delta(delta: &Value, finish: Option<&str>) -> Value {
    json!([{ "index": 0, "delta": delta, "finish_reason": finish }])
}

async fn stream_answer(
    stream: &mut TcpStream,
    body: &Value,
    texts: &[String],
    end: End,
    bill: &mut Bill,
) -> io::Result<()> {
    start_events(stream).await?;
    let mut sent = String::new();
    for text in texts {
        let event = chunk(body, &delta(&json!({ "content": text }), None));
        sent.push_str(text);
        bill.completion = words(&sent);
        write_event(stream, &event.to_string()).await?;
    }
    match &end {
        End::Stall => return stall(stream).await,
        End::Cut => return Ok(()),
        End::Garbage => return write_event(stream, "{ \"choices\": [ this is not JSON").await,
        End::Tools(calls) => {
            for (index, (name, arguments)) in calls.iter().enumerate() {
                bill.completion += words(arguments);
                for part in tool_parts(index, name, arguments) {
                    let event = chunk(body, &delta(&json!({ "tool_calls": [part] }), None));
                    write_event(stream, &event.to_string()).await?;
                }
            }
        }
        End::Usage | End::Bare | End::Twice | End::Lie(_) => {}
    }
    let finish = if matches!(end, End::Tools(_)) { "tool_calls" } else { "stop" };
    let last = chunk(body, &delta(&json!({}), Some(finish)));
    let times = if matches!(end, End::Twice) { 2 } else { 1 };
    for _ in 0..times {
        write_event(stream, &last.to_string()).await?;
    }
    if times == 2 {
        let again = texts.last().map_or("", String::as_str);
        let event = chunk(body, &delta(&json!({ "content": again }), None));
        write_event(stream, &event.to_string()).await?;
    }
    let wanted = body["stream_options"]["include_usage"] == true;
    if wanted && !matches!(end, End::Bare) {
        let mut event = chunk(body, &json!([]));
        event["usage"] = match end {
            End::Lie(lie) => lie.told(bill),
            _ => usage(bill),
        };
        for _ in 0..times {
            write_event(stream, &event.to_string()).await?;
        }
        bill.reported = !matches!(end, End::Lie(_));
    }
    write_event(stream, "[DONE]").await?;
    stream.write_all(b"0\r\n\r\n").await
}

/// A tool call in the parts in which it is streamed.
fn tool_parts(index: usize, name: &str, arguments: &str) -> Vec<Value> {
    let id = format!("call_{index}");
    let begin = json!({ "name": name, "arguments": "" });
    let mut parts =
        vec![json!({ "index": index, "id": id, "type": "function", "function": begin })];
    parts.extend(
        pieces(arguments)
            .into_iter()
            .map(|piece| json!({ "index": index, "function": { "arguments": piece } })),
    );
    parts
}

impl Lie {
    fn told(self, bill: &Bill) -> Value {
        let (prompt, completion) = (bill.prompt, bill.completion);
        match self {
            Self::Negative => json!({ "prompt_tokens": -5, "completion_tokens": -1 }),
            Self::Nothing => json!({ "prompt_tokens": 0, "completion_tokens": 0 }),
            Self::Enormous => {
                json!({ "prompt_tokens": 900_000_000_u64, "completion_tokens": completion })
            }
            Self::Parts => json!({
                "prompt_tokens": prompt,
                "completion_tokens": completion,
                "prompt_tokens_details": { "cached_tokens": prompt + 1 },
            }),
        }
    }
}

/// Waits until the other side hangs up, or for longer than any test does.
async fn stall(stream: &mut TcpStream) -> io::Result<()> {
    let hour = Duration::from_hours(1);
    let _ = tokio::time::timeout(hour, stream.read_u8()).await;
    Ok(())
}

async fn start_events(stream: &mut TcpStream) -> io::Result<()> {
    let head = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\
                transfer-encoding: chunked\r\nconnection: close\r\n\r\n";
    stream.write_all(head.as_bytes()).await
}

async fn write_event(stream: &mut TcpStream, data: &str) -> io::Result<()> {
    let event = format!("data: {data}\n\n");
    stream.write_all(format!("{:x}\r\n{event}\r\n", event.len()).as_bytes()).await?;
    stream.flush().await
}

async fn write_json(
    stream: &mut TcpStream,
    status: u16,
    retry_after: Option<u64>,
    body: &str,
) -> io::Result<()> {
    let after = retry_after.map(|secs| format!("retry-after: {secs}\r\n")).unwrap_or_default();
    let head = format!(
        "HTTP/1.1 {status} Scripted\r\ncontent-type: application/json\r\n{after}\
         content-length: {}\r\nconnection: close\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).await?;
    stream.write_all(body.as_bytes()).await
}

/// A text as a model would send it: in pieces that break words.
fn pieces(text: &str) -> Vec<String> {
    let letters: Vec<char> = text.chars().collect();
    letters.chunks(7).map(|piece| piece.iter().collect()).collect()
}

fn words(text: &str) -> u64 {
    text.split_whitespace().count() as u64
}

/// The words of a prompt.
fn prompt_words(body: &Value) -> u64 {
    let messages = body["messages"].as_array().into_iter().flatten();
    messages.filter_map(|message| message["content"].as_str()).map(words).sum()
}

/// Usage by a simple rule: a word is a token.
fn usage(bill: &Bill) -> Value {
    json!({ "prompt_tokens": bill.prompt, "completion_tokens": bill.completion })
}

fn embeddings(body: &Value, dimension: usize) -> Value {
    let dimension = body["dimensions"]
        .as_u64()
        .and_then(|dimension| usize::try_from(dimension).ok())
        .unwrap_or(dimension)
        .max(1);
    let inputs: Vec<&str> = match &body["input"] {
        Value::String(text) => vec![text],
        Value::Array(texts) => texts.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    let data: Vec<Value> = inputs
        .iter()
        .enumerate()
        .map(|(index, text)| {
            json!({ "object": "embedding", "index": index, "embedding": vector(text, dimension) })
        })
        .collect();
    let tokens: usize = inputs.iter().map(|text| text.split_whitespace().count()).sum();
    json!({
        "model": body["model"],
        "data": data,
        "usage": { "prompt_tokens": tokens, "total_tokens": tokens },
    })
}

/// A unit vector of a text: each word adds to the places its hash chooses, so
/// that texts which share words are near each other.
fn vector(text: &str, dimension: usize) -> Vec<f32> {
    let mut vector = vec![0.0_f32; dimension];
    for word in text.to_lowercase().split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty())
    {
        // FNV-1a, which is the same on every machine.
        let mut hash = word.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
        for _ in 0..4 {
            hash = hash.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(0x1405_7b7e_f767_814f);
            let places = u64::try_from(dimension).unwrap_or(1);
            let place = usize::try_from((hash >> 33) % places).unwrap_or_default();
            vector[place] += if hash & (1 << 20) == 0 { 1.0 } else { -1.0 };
        }
    }
    let length = vector.iter().map(|x| x * x).sum::<f32>().sqrt();
    vector.into_iter().map(|part| if length > 0.0 { part / length } else { 1.0 }).collect()
}
