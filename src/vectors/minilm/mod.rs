//! all-MiniLM-L6-v2 in this process: six transformer layers on the processor.
//!
//! Text becomes tokens (`tokenizers`), tokens become a vector (`forward.rs`, a
//! forward pass of our own, in eight bits where the processor multiplies those), and
//! a few threads do the work (`queue.rs`). The model reads the first 256 tokens of a text and knows English
//! only.

mod forward;
mod queue;
mod tokens;
mod weights;

use std::fs;
use std::path::Path;
use std::sync::Arc;

use anyhow::anyhow;
use async_trait::async_trait;
use munshi_kernels::Instructions;

use self::queue::{Queue, Unit};
use self::tokens::Tokens;
use self::weights::Weights;
use super::{EmbedError, Embedded, Embedder, ModelError, Purpose};

/// The longest text the model was trained to read, in tokens.
const MAX_TOKENS: usize = 256;

/// The embedding model all-MiniLM-L6-v2, run by threads of this process.
pub struct MiniLm {
    tokens: Arc<Tokens>,
    queue: Arc<Queue>,
    dimensions: usize,
    threads: usize,
    path: &'static str,
}

impl MiniLm {
    /// Loads the model from the directory of its files and starts its threads,
    /// one for each processor. Where the processor has instructions for eight-bit
    /// numbers, the weights are kept and multiplied in eight bits.
    ///
    /// # Errors
    /// Fails when the files are not there or are not this kind of model.
    pub fn load(dir: &Path) -> Result<Self, ModelError> {
        Self::load_by(dir, Instructions::best().are_wide())
    }

    /// The same in the model's own numbers, whatever the processor: several times
    /// slower, and what the eight-bit numbers are measured against.
    ///
    /// # Errors
    /// Fails when the files are not there or are not this kind of model.
    pub fn load_exact(dir: &Path) -> Result<Self, ModelError> {
        Self::load_by(dir, false)
    }

    /// How the model is run here, for people: the numbers and the instructions.
    #[must_use]
    pub const fn path(&self) -> &'static str {
        self.path
    }

    fn load_by(dir: &Path, coded: bool) -> Result<Self, ModelError> {
        let set = Instructions::best();
        let config = read(dir, "config.json")?;
        let tokens = Arc::new(Tokens::read(&read(dir, "tokenizer.json")?, MAX_TOKENS)?);
        let weights =
            Arc::new(Weights::read(&config, &read(dir, "model.safetensors")?, set, coded)?);
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        let dimensions = weights.hidden;
        let path = if coded { set.name() } else { "32-bit numbers" };
        let queue = Arc::new(Queue::default());
        for number in 0..threads {
            let (queue, tokens, weights) = (queue.clone(), tokens.clone(), weights.clone());
            std::thread::Builder::new()
                .name(format!("embedding-{number}"))
                .spawn(move || queue::work(&queue, &tokens, &weights, threads))
                .map_err(ModelError::Threads)?;
        }
        Ok(Self { tokens, queue, dimensions, threads, path })
    }
}

impl Drop for MiniLm {
    fn drop(&mut self) {
        self.queue.close();
    }
}

#[async_trait]
impl Embedder for MiniLm {
    fn model(&self) -> &'static str {
        "all-MiniLM-L6-v2"
    }

    fn provider(&self) -> &'static str {
        "in-process"
    }

    fn path(&self) -> Option<&str> {
        Some(self.path)
    }

    fn dimensions(&self) -> usize {
        self.dimensions
    }

    fn max_tokens(&self) -> usize {
        MAX_TOKENS
    }

    fn count_tokens(&self, text: &str) -> usize {
        self.tokens.count(text)
    }

    async fn embed(&self, texts: &[String], purpose: Purpose) -> Result<Embedded, EmbedError> {
        let replies = self.queue.submit(Unit::split(texts, MAX_TOKENS, self.threads), purpose)?;
        let mut embedded = Embedded { vectors: vec![Vec::new(); texts.len()], tokens: 0 };
        for reply in replies {
            let done = reply
                .await
                .map_err(|_| EmbedError::Unreachable(anyhow!("the embedding thread gave up")))??;
            embedded.tokens += done.tokens;
            for (place, vector) in done.vectors {
                embedded.vectors[place] = vector;
            }
        }
        Ok(embedded)
    }
}

/// Reads one of the model's files; an absent one means that there is no model.
fn read(dir: &Path, file: &'static str) -> Result<Vec<u8>, ModelError> {
    fs::read(dir.join(file)).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => ModelError::Missing,
        _ => ModelError::Unreadable { file, source: error.into() },
    })
}

#[cfg(test)]
mod tests;
