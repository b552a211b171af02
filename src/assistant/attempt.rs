//! One attempt of a model at an answer, which ends when the answer is no longer for who
//! asked: a wall raised meanwhile stops the spending, not only the reading.

use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::StreamExt;

use super::answer::{Answering, Finished, tokens};
use super::evidence::Evidence;
use super::gate::Gate;
use super::live::Event;
use super::llm::{Completion, Llm, LlmError, Piece, TokenUsage};
use super::prompt::AnswerPrompt;
use crate::documents::PassageText;
use crate::usage::{Call, Outcome, Tokens};

/// How often an answer that runs asks whether what it is made from is still open to who
/// asked: so long, at most, a model is paid for what nobody will read.
const ASK_AGAIN: Duration = Duration::from_millis(500);
/// What stands in the place of an answer that was stopped.
const STOPPED: &str = "What this question is about is no longer open to you, so the answer was \
                       stopped.";

/// How a model's attempt went.
pub(super) enum Attempt {
    /// It answered.
    Answered,
    /// It failed.
    Broke(LlmError),
    /// The answer is no longer for who asked.
    Stopped,
}

impl Answering {
    /// Asks the model and shows what it says as it comes. The answer is given up, and
    /// paid for no longer, as soon as it is not for who asked any more.
    pub(super) async fn attempt(
        &self,
        llm: &dyn Llm,
        evidence: &Arc<[Evidence]>,
        passages: &[PassageText],
        finished: &mut Finished,
    ) -> Attempt {
        let started = Instant::now();
        let written = match AnswerPrompt::new(&self.question, evidence).write() {
            Ok(written) => written,
            Err(error) => return Attempt::Broke(LlmError::Rejected(error.to_string())),
        };
        let completion = Completion {
            system: written.system,
            user: written.user,
            history: self.turns(),
            max_tokens: self.assistant.max_tokens,
        };
        let mut gate = Gate::new(Arc::clone(evidence));
        let mut usage = None;
        let mut broke = None;
        let mut said = String::new();
        let closed = self.until_closed(passages);
        tokio::pin!(closed);
        let begun = tokio::select! {
            biased;
            () = &mut closed => None,
            begun = llm.stream(completion.clone()) => Some(begun),
        };
        let stopped = match begun {
            None => true,
            Some(Err(error)) => {
                broke = Some(error);
                false
            }
            // A stream that broke still says what it cost, so it is read to its end; one
            // that nobody may read any more is dropped, which ends the call.
            Some(Ok(mut pieces)) => loop {
                let piece = tokio::select! {
                    biased;
                    () = &mut closed => break true,
                    piece = pieces.next() => piece,
                };
                match piece {
                    None => break false,
                    Some(Ok(Piece::Text(text))) => {
                        said.push_str(&text);
                        self.pass(gate.push(&text), passages, finished);
                    }
                    Some(Ok(Piece::Usage(tokens))) => usage = Some(tokens),
                    Some(Ok(Piece::End(_))) => {}
                    Some(Err(error)) => broke = Some(error),
                }
            },
        };
        if stopped {
            let spent = usage.unwrap_or_else(|| TokenUsage::estimate(&completion, &said));
            let (provider, model) = (llm.provider(), llm.model());
            let call = self.call(provider, model, started, Outcome::Cancelled, tokens(spent));
            finished.calls.push(Call { prompt_hash: Some(AnswerPrompt::hash()), ..call });
            return Attempt::Stopped;
        }
        self.pass(gate.finish(), passages, finished);
        let outcome = match &broke {
            None => Outcome::Answered,
            Some(LlmError::Cut | LlmError::Stalled(_)) => Outcome::Cut,
            Some(_) => Outcome::Failed,
        };
        let tokens = usage.map_or_else(Tokens::default, tokens);
        let call = self.call(llm.provider(), llm.model(), started, outcome, tokens);
        finished.calls.push(Call { prompt_hash: Some(AnswerPrompt::hash()), ..call });
        broke.map_or(Attempt::Answered, Attempt::Broke)
    }

    /// Whether the answer is still for who asked. What cannot be told is closed.
    pub(super) async fn is_open(&self, passages: &[PassageText]) -> bool {
        let documents: Vec<_> = passages.iter().map(|passage| passage.document).collect();
        let (asker, message) = (self.scope.user(), self.asked.message);
        let open = self.assistant.still_for_asker(asker, message, &documents).await;
        open.unwrap_or_else(|error| {
            let error = &error as &dyn std::error::Error;
            tracing::error!(error, "whether an answer is still open could not be told");
            false
        })
    }

    /// Waits until the answer is no longer for who asked.
    async fn until_closed(&self, passages: &[PassageText]) {
        while self.is_open(passages).await {
            tokio::time::sleep(ASK_AGAIN).await;
        }
    }

    /// Puts plain words in the place of an answer that is no longer for who asked.
    pub(super) fn stop(&self, finished: &mut Finished) {
        (finished.failed, finished.stopped) = (true, true);
        STOPPED.clone_into(&mut finished.text);
        "Stopped".clone_into(&mut finished.label);
        finished.coverage.clear();
        finished.removed.clear();
        finished.cited.clear();
        self.running.push(Event::Error { detail: STOPPED.to_owned() });
    }
}
