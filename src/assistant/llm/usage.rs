//! Tokens: as providers report them, and as they are counted without a report.

use serde::{Deserialize, Serialize};
use tiktoken_rs::o200k_base_singleton;

use super::Completion;

/// What a call cost in tokens.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenUsage {
    /// The prompt, cached tokens among them.
    pub input: u64,
    /// The part of the prompt the provider had in its cache.
    pub cached: u64,
    /// The answer, reasoning among it.
    pub output: u64,
    /// The part of the answer that was reasoning and is not shown.
    pub reasoning: u64,
    /// Whether this was counted here because the provider did not say.
    pub estimated: bool,
}

/// The tokens a chat format spends on each message beside its text.
const PER_MESSAGE: u64 = 4;

impl TokenUsage {
    /// Counts what a call cost whose provider did not say, or could not.
    #[must_use]
    pub fn estimate(request: &Completion, answer: &str) -> Self {
        let turns = request.history.iter().flat_map(|turn| [&turn.question, &turn.answer]);
        let input = [&request.system, &request.user]
            .into_iter()
            .chain(turns)
            .map(|text| count_tokens(text) + PER_MESSAGE)
            .sum();
        Self { input, output: count_tokens(answer), estimated: true, ..Self::default() }
    }
}

/// Counts the tokens of a text with the `o200k` vocabulary.
///
/// Other vocabularies differ by some percent in English and more in Indian
/// scripts; budgets leave room for that.
#[must_use]
pub fn count_tokens(text: &str) -> u64 {
    o200k_base_singleton().count_ordinary(text) as u64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assistant::llm::Turn;

    #[test]
    fn every_message_of_a_request_is_counted() {
        let turn = Turn { question: "Who won?".to_owned(), answer: "The appellant.".to_owned() };
        let mut request = Completion {
            system: "Answer.".to_owned(),
            history: Vec::new(),
            user: "Why?".to_owned(),
            max_tokens: 10,
        };
        let short = TokenUsage::estimate(&request, "Because.");
        request.history.push(turn);
        let long = TokenUsage::estimate(&request, "Because.");
        assert!(short.estimated && short.output > 0);
        assert!(long.input > short.input + 2 * PER_MESSAGE);
    }
}
