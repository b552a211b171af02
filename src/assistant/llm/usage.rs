//! Tokens: as providers report them, and as they are counted without a report.

use serde::{Deserialize, Serialize};
use tiktoken_rs::o200k_base_singleton;

use super::{Completion, Exchange, Tool};

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
/// How far a report may be from the count made here.
const FACTOR: u64 = 10;
/// How many tokens a provider may add to a prompt, such as instructions of its own.
const SLACK: u64 = 4_000;
/// From how many tokens a text is long enough to judge a report by.
const LONG: u64 = 20;

fn of_exchange(exchange: &Exchange) -> u64 {
    let calls = exchange.calls.iter().map(|(call, given)| {
        let asked = count_tokens(&call.name) + count_tokens(&call.arguments);
        asked + count_tokens(given) + 2 * PER_MESSAGE
    });
    count_tokens(&exchange.said) + PER_MESSAGE + calls.sum::<u64>()
}

fn of_tool(tool: &Tool) -> u64 {
    let words = count_tokens(tool.name) + count_tokens(tool.description);
    words + count_tokens(&tool.parameters.to_string()) + 2 * PER_MESSAGE
}

impl TokenUsage {
    /// Counts what a call cost whose provider did not say, or could not.
    #[must_use]
    pub fn estimate(request: &Completion, answer: &str) -> Self {
        let turns = request.history.iter().flat_map(|turn| [&turn.question, &turn.answer]);
        let messages: u64 = [&request.system, &request.user]
            .into_iter()
            .chain(turns)
            .map(|text| count_tokens(text) + PER_MESSAGE)
            .sum();
        let exchanges: u64 = request.exchanges.iter().map(of_exchange).sum();
        let tools: u64 = request.tools.iter().map(of_tool).sum();
        let input = messages + exchanges + tools;
        Self { input, output: count_tokens(answer), estimated: true, ..Self::default() }
    }

    /// This report of a provider, or what is counted here in its place when the report
    /// cannot be true: more than the model can hold or was allowed to say, parts larger
    /// than their whole, next to nothing for a long text. Vocabularies differ by much less
    /// than the tenfold that is let pass.
    #[must_use]
    pub fn checked(self, counted: Self, most: u32, context: Option<u64>) -> Self {
        let said = self.output.saturating_sub(self.reasoning);
        let absurd = self.cached > self.input
            || self.reasoning > self.output
            || context.is_some_and(|context| self.input > context)
            || self.input > counted.input.saturating_mul(FACTOR).saturating_add(SLACK)
            || said > counted.output.saturating_mul(FACTOR).saturating_add(u64::from(most) * 2)
            || (counted.input > LONG && self.input.saturating_mul(FACTOR) < counted.input)
            || (counted.output > LONG && self.output.saturating_mul(FACTOR) < counted.output);
        if absurd && !self.estimated { counted } else { self }
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
    use crate::assistant::llm::{ToolCall, Turn};

    #[test]
    fn every_message_of_a_request_is_counted() {
        let turn = Turn { question: "Who won?".to_owned(), answer: "The appellant.".to_owned() };
        let mut request = Completion {
            system: "Answer.".to_owned(),
            history: Vec::new(),
            user: "Why?".to_owned(),
            exchanges: Vec::new(),
            tools: Vec::new(),
            max_tokens: 10,
        };
        let short = TokenUsage::estimate(&request, "Because.");
        request.history.push(turn);
        let long = TokenUsage::estimate(&request, "Because.");
        assert!(short.estimated && short.output > 0);
        assert!(long.input > short.input + 2 * PER_MESSAGE);
    }

    #[test]
    fn tools_and_what_came_of_them_are_counted() {
        let mut request = Completion {
            system: "Answer.".to_owned(),
            history: Vec::new(),
            user: "What is listed tomorrow?".to_owned(),
            exchanges: Vec::new(),
            tools: Vec::new(),
            max_tokens: 10,
        };
        let bare = TokenUsage::estimate(&request, "").input;
        request.tools.push(Tool {
            name: "hearings",
            description: "The hearings of a day.",
            parameters: serde_json::json!({ "type": "object" }),
        });
        let offered = TokenUsage::estimate(&request, "").input;
        assert!(offered > bare);
        let call = ToolCall {
            id: "1".to_owned(),
            name: "hearings".to_owned(),
            arguments: r#"{"day":"2026-11-23"}"#.to_owned(),
        };
        let calls = vec![(call, "Sharma v. Kapoor, court 4".to_owned())];
        request.exchanges.push(Exchange { said: String::new(), calls });
        assert!(TokenUsage::estimate(&request, "").input > offered + 10);
    }

    #[test]
    fn a_report_that_cannot_be_true_is_replaced() {
        let counted = TokenUsage { input: 1_000, output: 200, estimated: true, ..<_>::default() };
        let said = |input, cached, output, reasoning| TokenUsage {
            input,
            cached,
            output,
            reasoning,
            estimated: false,
        };
        let judged = |report: TokenUsage| report.checked(counted, 300, Some(8_000)).estimated;
        for fair in [
            said(1_000, 0, 200, 0),
            said(500, 400, 100, 0),
            said(4_000, 0, 900, 700),
            said(1_000, 1_000, 5_000, 4_800),
        ] {
            assert!(!judged(fair), "{fair:?}");
        }
        for lie in [
            said(0, 0, 200, 0),
            said(1_000, 0, 0, 0),
            said(1_000, 1_001, 200, 0),
            said(1_000, 0, 200, 201),
            said(9_000, 0, 200, 0),
            said(1_000, 0, 900_000, 0),
        ] {
            assert!(judged(lie), "{lie:?}");
        }
        let without = said(90_000, 0, 200, 0).checked(counted, 300, None);
        assert_eq!(without, counted);
    }
}
