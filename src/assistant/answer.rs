//! Answering one question: evidence, then the model or the documents alone, every
//! quotation checked, everything stored and accounted for.

use std::fmt::Write;
use std::sync::Arc;
use std::time::Instant;

use serde_json::json;

use super::ask::{AskError, Asked, Assistant};
use super::attempt::Attempt;
use super::evidence::Evidence;
use super::extractive;
use super::gate::{Gate, GateEvent, Removed};
use super::live::{Cited, Event, Live, Running, Source, Struck};
use super::llm::{Llm, TokenUsage, Turn};
use super::store::{self, MessageRow};
use crate::documents::{Coverage, PassageText};
use crate::kernel::{CaseId, MessageId, Scope};
use crate::usage::{Call, Cost, Outcome, Tokens};

/// How many passages of one document come before others get their turn.
const PER_DOCUMENT: usize = 6;
/// How much text the evidence may hold, in bytes: about 3,500 tokens.
const EVIDENCE_BYTES: usize = 14_000;
/// How many earlier questions of the conversation, with their answers, the model is shown.
const HISTORY: usize = 3;
/// How an answer made without a model is labelled.
pub const WITHOUT_MODEL: &str = "Answered from the documents without a language model";

/// A question being answered.
pub(super) struct Answering {
    pub(super) assistant: Assistant,
    pub(super) scope: Scope,
    pub(super) case: Option<CaseId>,
    pub(super) asked: Asked,
    pub(super) question: String,
    pub(super) history: Vec<MessageRow>,
    pub(super) running: Arc<Running>,
}

/// An answer as it will be stored.
#[derive(Debug, Default)]
pub(super) struct Finished {
    pub(super) failed: bool,
    pub(super) text: String,
    pub(super) label: String,
    pub(super) coverage: String,
    pub(super) removed: Vec<Struck>,
    pub(super) cited: Vec<Cited>,
    /// Whether it was stopped, because it is no longer open to who asked.
    pub(super) stopped: bool,
    pub(super) calls: Vec<Call>,
}

impl Answering {
    /// Answers and stores; failures of ours end as an answer that says so.
    pub(super) async fn run(self) {
        let _ending = Ending {
            live: self.assistant.live.clone(),
            message: self.asked.message,
            running: Arc::clone(&self.running),
        };
        let mut finished = Finished::default();
        let passages = match self.answer(&mut finished).await {
            Ok(passages) => passages,
            Err(error) => {
                tracing::error!(error = &error as &dyn std::error::Error, "an answer failed");
                finished.failed = true;
                "The answer could not be completed. Ask again; if it happens again, tell your \
                 administrator."
                    .clone_into(&mut finished.text);
                self.running.push(Event::Error { detail: finished.text.clone() });
                Vec::new()
            }
        };
        if let Err(error) = self.keep(finished, &passages).await {
            tracing::error!(error = &error as &dyn std::error::Error, "an answer was not stored");
            let detail = "The answer could not be stored. Ask again.".to_owned();
            self.running.push(Event::Error { detail });
        }
    }

    async fn answer(&self, finished: &mut Finished) -> Result<Vec<PassageText>, AnswerError> {
        self.status("Searching the documents");
        let Assistant { documents, search, .. } = &self.assistant;
        let coverage = documents.coverage(&self.scope, self.case).await.map_err(AskError::from)?;
        finished.coverage = in_words(coverage);
        let passages = search
            .evidence(&self.scope, self.case, &self.question, PER_DOCUMENT, EVIDENCE_BYTES)
            .await?;
        let sources = (1..).zip(&passages).map(|(number, passage)| Source::of(number, passage));
        self.running.push(Event::Passages { passages: sources.collect() });
        let evidence: Arc<[Evidence]> =
            (1..).zip(&passages).map(|(number, passage)| Evidence::of(number, passage)).collect();

        match &self.assistant.llm {
            Some(llm) if !evidence.is_empty() => {
                self.ask_model(llm.as_ref(), &evidence, &passages, finished).await;
            }
            _ => {
                WITHOUT_MODEL.clone_into(&mut finished.label);
                self.quote_documents(&evidence, &passages, finished);
            }
        }
        if finished.stopped || !self.is_open(&passages).await {
            self.stop(finished);
        }
        Ok(passages)
    }

    /// Asks the model; on any failure the documents answer, and the label says so.
    async fn ask_model(
        &self,
        llm: &dyn Llm,
        evidence: &Arc<[Evidence]>,
        passages: &[PassageText],
        finished: &mut Finished,
    ) {
        self.status(&format!("Asking {}", llm.model()));
        match self.attempt(llm, evidence, passages, finished).await {
            Attempt::Answered => finished.label = format!("Answered by {}", llm.model()),
            Attempt::Stopped => finished.stopped = true,
            Attempt::Broke(error) => {
                tracing::warn!(
                    model = llm.model(),
                    error = &error as &dyn std::error::Error,
                    "the model failed"
                );
                if finished.text.trim().is_empty() {
                    finished.label = format!("{WITHOUT_MODEL}: {error}");
                } else {
                    let broke = "\n\n[The language model broke off here.]\n\n";
                    self.show(broke, finished);
                    finished.label =
                        format!("Begun by {}, completed from the documents: {error}", llm.model());
                }
                self.status("The language model did not answer; answering from the documents");
                self.quote_documents(evidence, passages, finished);
            }
        }
    }

    /// Ranks and quotes sentences of the evidence.
    fn quote_documents(
        &self,
        evidence: &Arc<[Evidence]>,
        passages: &[PassageText],
        finished: &mut Finished,
    ) {
        let started = Instant::now();
        let extract = extractive::answer(&self.question, evidence);
        let mut gate = Gate::new(Arc::clone(evidence));
        self.pass(gate.push(&extract.text), passages, finished);
        self.pass(gate.finish(), passages, finished);
        let tokens = Tokens::default();
        let call = self.call("documents", "extractive", started, Outcome::Answered, tokens);
        finished.calls.push(call);
    }

    /// Shows what the gate let through and notes what it struck.
    pub(super) fn pass(
        &self,
        events: Vec<GateEvent>,
        passages: &[PassageText],
        finished: &mut Finished,
    ) {
        for event in events {
            match event {
                GateEvent::Text(text) => self.show(&text, finished),
                GateEvent::Cited { number, quote, span, .. } => {
                    let place = usize::try_from(number).unwrap_or(0).wrapping_sub(1);
                    let Some(passage) = passages.get(place) else { continue };
                    let (start, end) = passage.span_on_first_page();
                    let (page, start, end) = span.map_or((passage.page(), start, end), |span| {
                        (span.page, span.start, span.end)
                    });
                    let cited = Cited {
                        number,
                        quote,
                        document_id: passage.document,
                        version: passage.version_number,
                        page,
                        start,
                        end,
                    };
                    self.running.push(Event::Citation(cited.clone()));
                    finished.cited.push(cited);
                }
                GateEvent::Removed { what, reason } => {
                    let struck = struck(what, reason);
                    self.running.push(Event::Removed(struck.clone()));
                    finished.removed.push(struck);
                }
            }
        }
    }

    fn show(&self, text: &str, finished: &mut Finished) {
        finished.text.push_str(text);
        self.running.push(Event::Delta { text: text.to_owned() });
    }

    fn status(&self, text: &str) {
        self.running.push(Event::Status { text: text.to_owned() });
    }

    /// Stores the answer, its sources and its calls in one transaction, then says so.
    async fn keep(&self, finished: Finished, passages: &[PassageText]) -> Result<(), AskError> {
        let Assistant { db, usage, .. } = &self.assistant;
        let mut tx = db.write().await?;
        store::finish_message(&mut tx, self.asked.message, &finished).await?;
        store::insert_citations(&mut tx, self.asked.message, passages, &finished.cited).await?;
        let asked = &self.asked;
        let details = json!({
            "conversation": asked.conversation,
            "message": asked.message,
            "case": self.case,
            "sources": finished.cited.len(),
            "failed": finished.failed,
            "stopped": finished.stopped,
        });
        let mut spent: Option<(Tokens, Cost, String)> = None;
        for call in finished.calls {
            let (tokens, model) = (call.tokens, call.model.clone());
            let cost = usage.record_in(&mut tx, call).await?;
            if spent.is_none() {
                spent = Some((tokens, cost, model));
            }
        }
        let (organisation, user) = (self.scope.organisation(), Some(self.scope.user()));
        let action = "question.answer";
        self.assistant.audit.record(&mut tx, organisation, user, action, details).await?;
        tx.commit().await?;
        if let Some((tokens, cost, model)) = spent {
            self.running.push(Event::Usage {
                tokens_in: tokens.input,
                tokens_out: tokens.output,
                cost_paise: cost.paise.0,
                model,
            });
        }
        if !finished.failed {
            let (label, coverage) = (finished.label, finished.coverage);
            self.running.push(Event::Done { label, coverage });
        }
        Ok(())
    }

    pub(super) fn call(
        &self,
        provider: &str,
        model: &str,
        started: Instant,
        outcome: Outcome,
        tokens: Tokens,
    ) -> Call {
        Call {
            organisation: self.scope.organisation(),
            user: Some(self.scope.user()),
            case: self.case,
            conversation: Some(self.asked.conversation),
            purpose: "answer",
            provider: provider.to_owned(),
            model: model.to_owned(),
            prompt_hash: None,
            tokens,
            latency_ms: i64::try_from(started.elapsed().as_millis()).unwrap_or(i64::MAX),
            outcome,
        }
    }

    /// The conversation so far, as the model is shown it.
    pub(super) fn turns(&self) -> Vec<Turn> {
        let mut turns: Vec<Turn> = self
            .history
            .windows(2)
            .filter(|pair| pair[0].role == "question" && pair[1].role == "answer")
            .filter(|pair| pair[1].status == "done")
            .map(|pair| Turn { question: pair[0].text.clone(), answer: pair[1].text.clone() })
            .collect();
        turns.split_off(turns.len().saturating_sub(HISTORY))
    }
}

/// Ends an answer's events however its work ends, so that no reader waits for ever.
struct Ending {
    live: Live,
    message: MessageId,
    running: Arc<Running>,
}

impl Drop for Ending {
    fn drop(&mut self) {
        self.live.finish(self.message, &self.running);
    }
}

/// Why an answer failed for reasons of ours.
#[derive(Debug, thiserror::Error)]
enum AnswerError {
    #[error(transparent)]
    Ask(#[from] AskError),
    #[error(transparent)]
    Search(#[from] crate::search::SearchError),
}

pub(super) fn tokens(usage: TokenUsage) -> Tokens {
    let TokenUsage { input, cached, output, reasoning, estimated } = usage;
    Tokens { input, cached, output, reasoning, embedded: 0, estimated }
}

fn struck(what: Removed, reason: &str) -> Struck {
    let (what, text) = match what {
        Removed::Quote(text) => ("quotation", text),
        Removed::Citation(number) => ("citation", format!("[{number}]")),
        Removed::Authority(text) => ("authority", text),
    };
    Struck { what: what.to_owned(), text, reason: reason.to_owned() }
}

/// What was searched, in words for the reader.
fn in_words(coverage: Coverage) -> String {
    let Coverage { documents, pages, unreadable, waiting, failed } = coverage;
    let count = |number: i64, noun: &str| {
        let plural = if number == 1 { "" } else { "s" };
        format!("{number} {noun}{plural}")
    };
    let mut words = format!("Searched {}, {}", count(documents, "document"), count(pages, "page"));
    let gaps = [
        (unreadable, "page", "could not be read"),
        (waiting, "document", "still being read"),
        (failed, "document", "could not be opened"),
    ];
    for (number, noun, what) in gaps.into_iter().filter(|(number, ..)| *number > 0) {
        let _ = write!(words, "; {} {what}", count(number, noun));
    }
    words + "."
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn coverage_names_what_was_not_read() {
        let coverage = Coverage { documents: 1, pages: 12, unreadable: 2, waiting: 1, failed: 0 };
        assert_eq!(
            in_words(coverage),
            "Searched 1 document, 12 pages; 2 pages could not be read; 1 document still being read."
        );
    }
}
