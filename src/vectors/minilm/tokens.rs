//! Text to token numbers, as the model was trained to read them.

use tokenizers::Tokenizer;

use crate::vectors::{EmbedError, ModelError};

/// The model's tokenizer and how many tokens it may make.
pub(super) struct Tokens {
    tokenizer: Tokenizer,
    max: usize,
}

impl Tokens {
    /// Reads `tokenizer.json`. Its own padding and truncation are dropped: batches
    /// are packed, and the cut is made in [`Tokens::read_text`].
    pub(super) fn read(json: &[u8], max: usize) -> Result<Self, ModelError> {
        let unreadable = |error: tokenizers::Error| ModelError::Unreadable {
            file: "tokenizer.json",
            source: anyhow::Error::from_boxed(error),
        };
        let mut tokenizer = Tokenizer::from_bytes(json).map_err(unreadable)?;
        tokenizer.with_padding(None);
        tokenizer.with_truncation(None).map_err(unreadable)?;
        Ok(Self { tokenizer, max })
    }

    /// The tokens of a text; of a long one the first, closed by its last marker.
    pub(super) fn read_text(&self, text: &str) -> Result<Vec<u32>, EmbedError> {
        let encoding = self
            .tokenizer
            .encode_fast(text, true)
            .map_err(|error| EmbedError::Rejected(error.to_string()))?;
        let mut ids = encoding.get_ids().to_vec();
        if let (Some(&end), true) = (ids.last(), ids.len() > self.max) {
            ids.truncate(self.max - 1);
            ids.push(end);
        }
        Ok(ids)
    }

    /// How many tokens a text has; an estimate should the tokenizer fail.
    pub(super) fn count(&self, text: &str) -> usize {
        self.tokenizer.encode_fast(text, true).map_or(text.len() / 4, |encoding| encoding.len())
    }
}
