//! Vectors that were made before, so that a set is embedded once for each model.
//!
//! One file for each model, of records of one length: the SHA-256 of the model's name
//! and the text, then the vector's numbers (`f32`, little-endian). Records are only
//! added; half a record at the end, left by a stop, is cut off.

use std::collections::HashMap;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::Context;
use async_trait::async_trait;
use sha2::{Digest, Sha256};

use crate::vectors::{EmbedError, Embedded, Embedder, Purpose};

type Key = [u8; 32];

/// An embedding model that remembers the vectors of passages.
pub(super) struct Remembering {
    inner: Arc<dyn Embedder>,
    known: Mutex<Known>,
}

struct Known {
    vectors: HashMap<Key, Vec<f32>>,
    file: File,
}

impl Remembering {
    /// Opens the vectors that a folder holds of a model; the folder is made when it is
    /// not there.
    pub(super) fn open(inner: Arc<dyn Embedder>, dir: &Path) -> anyhow::Result<Self> {
        fs::create_dir_all(dir)
            .with_context(|| format!("the cache `{}` cannot be made", dir.display()))?;
        let plain = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' };
        let name: String = inner.model().chars().map(plain).collect();
        let path = dir.join(format!("vectors-{name}-{}.bin", inner.dimensions()));
        let opened = open(&path, inner.dimensions());
        let known = opened
            .with_context(|| format!("the cached vectors `{}` cannot be read", path.display()))?;
        Ok(Self { inner, known: Mutex::new(known) })
    }

    fn key(&self, text: &str) -> Key {
        let mut hash = Sha256::new();
        hash.update(self.inner.model().as_bytes());
        hash.update([0]);
        hash.update(text.as_bytes());
        hash.finalize().into()
    }

    fn find(&self, keys: &[Key]) -> Vec<Option<Vec<f32>>> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        keys.iter().map(|key| known.vectors.get(key).cloned()).collect()
    }

    fn keep(&self, made: &[(Key, Vec<f32>)]) -> io::Result<()> {
        let mut bytes = Vec::new();
        for (key, vector) in made {
            bytes.extend_from_slice(key);
            bytes.extend(vector.iter().flat_map(|x| x.to_le_bytes()));
        }
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.file.write_all(&bytes)?;
        known.vectors.extend(made.iter().cloned());
        Ok(())
    }
}

fn open(path: &Path, dimensions: usize) -> io::Result<Known> {
    let mut file = OpenOptions::new().read(true).append(true).create(true).open(path)?;
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes)?;
    let length = size_of::<Key>() + dimensions * size_of::<f32>();
    let whole = bytes.len() - bytes.len() % length;
    if whole < bytes.len() {
        file.set_len(whole as u64)?;
    }
    let mut vectors = HashMap::with_capacity(whole / length);
    for record in bytes[..whole].chunks_exact(length) {
        let Some((key, numbers)) = record.split_first_chunk() else { continue };
        let (numbers, _) = numbers.as_chunks();
        vectors.insert(*key, numbers.iter().map(|x| f32::from_le_bytes(*x)).collect());
    }
    Ok(Known { vectors, file })
}

#[async_trait]
impl Embedder for Remembering {
    fn model(&self) -> &str {
        self.inner.model()
    }

    fn provider(&self) -> &str {
        self.inner.provider()
    }

    fn dimensions(&self) -> usize {
        self.inner.dimensions()
    }

    fn max_tokens(&self) -> usize {
        self.inner.max_tokens()
    }

    fn count_tokens(&self, text: &str) -> usize {
        self.inner.count_tokens(text)
    }

    /// Makes vectors of the texts that have none yet; of queries always, so that their
    /// time is the model's.
    async fn embed(&self, texts: &[String], purpose: Purpose) -> Result<Embedded, EmbedError> {
        if purpose == Purpose::Query {
            return self.inner.embed(texts, purpose).await;
        }
        let keys: Vec<Key> = texts.iter().map(|text| self.key(text)).collect();
        let mut found = self.find(&keys);
        let missing: Vec<usize> = (0..texts.len()).filter(|nth| found[*nth].is_none()).collect();
        let mut tokens = 0;
        if !missing.is_empty() {
            let new: Vec<String> = missing.iter().map(|nth| texts[*nth].clone()).collect();
            let made = self.inner.embed(&new, purpose).await?;
            tokens = made.tokens;
            let made: Vec<(Key, Vec<f32>)> =
                missing.iter().map(|nth| keys[*nth]).zip(made.vectors).collect();
            self.keep(&made).map_err(|error| EmbedError::Unreachable(error.into()))?;
            for (nth, (_, vector)) in missing.into_iter().zip(made) {
                found[nth] = Some(vector);
            }
        }
        Ok(Embedded { vectors: found.into_iter().flatten().collect(), tokens })
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    /// A model whose vectors tell the length of the text, and which counts its work.
    #[derive(Default)]
    struct Counting(AtomicUsize);

    #[async_trait]
    impl Embedder for Counting {
        fn model(&self) -> &'static str {
            "counting"
        }

        fn provider(&self) -> &'static str {
            "in-process"
        }

        fn dimensions(&self) -> usize {
            2
        }

        fn max_tokens(&self) -> usize {
            8
        }

        fn count_tokens(&self, text: &str) -> usize {
            text.len()
        }

        async fn embed(&self, texts: &[String], _: Purpose) -> Result<Embedded, EmbedError> {
            self.0.fetch_add(texts.len(), Ordering::Relaxed);
            let vector = |text: &String| vec![f32::from(u8::try_from(text.len()).unwrap()), 1.0];
            Ok(Embedded { vectors: texts.iter().map(vector).collect(), tokens: 1 })
        }
    }

    #[tokio::test]
    async fn a_passage_is_embedded_once_and_a_query_each_time() {
        let dir = tempfile::tempdir().unwrap();
        let texts = ["one".to_owned(), "three".to_owned()];
        let inner = Arc::new(Counting::default());
        let model = Remembering::open(inner.clone(), dir.path()).unwrap();
        let first = model.embed(&texts[..1], Purpose::Passage).await.unwrap();
        assert_eq!(first.vectors, [[3.0, 1.0]]);
        drop(model);
        let file = fs::read_dir(dir.path()).unwrap().next().unwrap().unwrap().path();
        OpenOptions::new().append(true).open(file).unwrap().write_all(b"torn").unwrap();
        let again = Remembering::open(inner.clone(), dir.path()).unwrap();
        let both = again.embed(&texts, Purpose::Passage).await.unwrap();
        assert_eq!(both.vectors, [[3.0, 1.0], [5.0, 1.0]]);
        assert_eq!(inner.0.load(Ordering::Relaxed), 2);
        again.embed(&texts, Purpose::Query).await.unwrap();
        assert_eq!(inner.0.load(Ordering::Relaxed), 4);
        drop(again);
        let last = Remembering::open(inner.clone(), dir.path()).unwrap();
        assert_eq!(last.embed(&texts, Purpose::Passage).await.unwrap().vectors, both.vectors);
        assert_eq!(inner.0.load(Ordering::Relaxed), 4);
    }
}
