//! How fast the embedding model reads passages and answers queries.
//!
//! ```text
//! MUNSHI_BENCH_PYTHON=venv/bin/python cargo bench --bench embedding
//! ```
//!
//! Where that Python has `onnxruntime`, `onnx`, `numpy` and `tokenizers`, onnxruntime
//! runs the same model on the same texts in 32-bit numbers, with as many threads, right
//! after ours (`peer.py`). Tokenising is part of the time on both sides.
//!
//! The passages are about 200 tokens of real judgments, taken from `legal-text` in
//! the test data (`MUNSHI_TEST_DATA`, else `../shared/data`).

use std::error::Error;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use munshi::vectors::{Embedder, MiniLm, Purpose};

/// How long each figure is measured, after one round that is not.
const SPAN: Duration = Duration::from_secs(6);

/// How many passages are prepared.
const PASSAGES: usize = 256;

const QUERY: &str = "When is the director of a company liable for its dishonoured cheque?";

#[expect(clippy::print_stdout, reason = "a benchmark's result is what it prints")]
#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let dir = root.join("models/all-MiniLM-L6-v2");
    let model = match MiniLm::load(&dir) {
        Ok(model) => model,
        Err(error) => {
            println!("not run: {error}");
            return Ok(());
        }
    };
    let data = test_data(root).join("legal-text/in-sc-judgment-summary/judgement");
    let passages = passages(&data, &model, 200);
    if passages.is_empty() {
        println!("not run: no judgments in `legal-text` of the test data");
        return Ok(());
    }
    println!("instructions: {}", model.path());
    let mut ours = Vec::new();
    for batch in [1, 8, 32] {
        let (texts, tokens) = rate(&model, &passages, batch).await?;
        println!("batch {batch:>2}: {texts:>6.1} passages/s, {tokens:>7.0} tokens/s");
        ours.push((batch, tokens));
    }
    if let Err(error) = beside(&dir, &model, &passages, &ours).await {
        println!("onnxruntime not run: {error}");
    }
    let (median, worst) = latency(&model).await?;
    println!("query of {} tokens: p50 {median:.1?}, p99 {worst:.1?}", model.count_tokens(QUERY));
    let (median, worst) = latency_behind(model, passages).await?;
    println!("the same behind a backlog of passages: p50 {median:.1?}, p99 {worst:.1?}");
    Ok(())
}

#[expect(clippy::disallowed_methods, reason = "a benchmark has no configuration file")]
fn test_data(root: &Path) -> PathBuf {
    std::env::var("MUNSHI_TEST_DATA").map_or_else(|_| root.join("../shared/data"), PathBuf::from)
}

/// Runs onnxruntime on the same passages and prints its figures and the ratio.
#[expect(clippy::disallowed_methods, reason = "a benchmark has no configuration file")]
#[expect(clippy::print_stdout, reason = "a benchmark's result is what it prints")]
async fn beside(
    dir: &Path,
    model: &MiniLm,
    passages: &[String],
    ours: &[(usize, f64)],
) -> Result<(), Box<dyn Error>> {
    let python = std::env::var("MUNSHI_BENCH_PYTHON").unwrap_or_else(|_| "python3".into());
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/embedding/peer.py");
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let mut child = Command::new(python)
        .args([script.as_path(), dir])
        .args([threads.to_string(), SPAN.as_secs().to_string()])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    if let Some(mut stdin) = child.stdin.take() {
        stdin.write_all(&serde_json::to_vec(passages)?)?;
    }
    let output = child.wait_with_output()?;
    if !output.status.success() {
        return Err("Python or a package of it is missing".into());
    }
    let lines: Vec<serde_json::Value> =
        output.stdout.split(|byte| *byte == b'\n').flat_map(serde_json::from_slice).collect();
    let (first, rates) = lines.split_first().ok_or("it printed nothing")?;
    let theirs: Vec<f32> = serde_json::from_value(first["first"].clone())?;
    let shortest = passages.iter().min_by_key(|text| text.chars().count()).cloned();
    let mine = model.embed(shortest.as_slice(), Purpose::Passage).await?;
    let cosine: f32 = mine.vectors.iter().flatten().zip(&theirs).map(|(x, y)| x * y).sum();
    println!("onnxruntime {}, cosine of a passage to ours {cosine:.4}", first["version"]);
    for ((batch, tokens), line) in ours.iter().zip(rates) {
        let number = |name: &str| line[name].as_f64().ok_or("it printed no figure");
        let rate = number("tokens")? / number("seconds")?;
        println!("batch {batch:>2}: {rate:>7.0} tokens/s, ours {:.2} times that", tokens / rate);
    }
    Ok(())
}

/// Cuts the judgments of a directory into passages of about `tokens` tokens.
fn passages(dir: &Path, model: &MiniLm, tokens: usize) -> Vec<String> {
    let mut files: Vec<PathBuf> = fs::read_dir(dir)
        .map(|entries| entries.flatten().map(|entry| entry.path()).collect())
        .unwrap_or_default();
    files.sort();
    let mut passages = Vec::new();
    for text in files.iter().filter_map(|file| fs::read_to_string(file).ok()) {
        let mut passage = String::new();
        for word in text.split_whitespace() {
            passage.push_str(word);
            passage.push(' ');
            // Counting is slow: begin when the passage is likely long enough.
            if passage.len() > tokens * 4 && model.count_tokens(&passage) >= tokens {
                passages.push(std::mem::take(&mut passage));
                if passages.len() == PASSAGES {
                    return passages;
                }
            }
        }
    }
    passages
}

/// Passages and tokens a second, in batches of a size, one after the other.
async fn rate(
    model: &MiniLm,
    passages: &[String],
    batch: usize,
) -> Result<(f64, f64), Box<dyn Error>> {
    model.embed(&passages[..batch.min(passages.len())], Purpose::Passage).await?;
    let (mut texts, mut tokens) = (0_u32, 0_u32);
    let started = Instant::now();
    for batch in passages.chunks_exact(batch).cycle() {
        tokens += u32::try_from(model.embed(batch, Purpose::Passage).await?.tokens)?;
        texts += u32::try_from(batch.len())?;
        if started.elapsed() > SPAN {
            break;
        }
    }
    let seconds = started.elapsed().as_secs_f64();
    Ok((f64::from(texts) / seconds, f64::from(tokens) / seconds))
}

/// The median and the 99th percentile of the time a query takes.
async fn latency(model: &MiniLm) -> Result<(Duration, Duration), Box<dyn Error>> {
    let query = [QUERY.to_string()];
    let mut times = Vec::new();
    for _ in 0..300 {
        let started = Instant::now();
        model.embed(&query, Purpose::Query).await?;
        times.push(started.elapsed());
    }
    times.sort();
    Ok((times[times.len() / 2], times[times.len() * 99 / 100]))
}

/// The same while passages are being embedded.
async fn latency_behind(
    model: MiniLm,
    passages: Vec<String>,
) -> Result<(Duration, Duration), Box<dyn Error>> {
    let model = std::sync::Arc::new(model);
    let backlog = tokio::spawn({
        let model = model.clone();
        async move { while model.embed(&passages, Purpose::Passage).await.is_ok() {} }
    });
    let measured = latency(&model).await;
    backlog.abort();
    measured
}
