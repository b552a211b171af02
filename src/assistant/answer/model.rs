//! Having a question answered by the models. The answer ends when it is no longer for who
//! asked: a wall raised meanwhile stops the spending, not only the reading.

use std::time::Duration;

use super::{AnswerError, Answering, Finished, WITHOUT_MODEL};
use crate::assistant::ask::Assistant;
use crate::assistant::chain::{ChainError, Step};
use crate::assistant::gate::{Gate, Verification};
use crate::assistant::grounds::{Fact, Grounds};
use crate::assistant::live::Event;
use crate::assistant::llm::{Completion, Finish, ToolCall};
use crate::assistant::prompt::AnswerPrompt;
use crate::documents::PassageText;
use crate::usage::Account;

/// How often an answer that runs asks whether what it is made from is still open to who
/// asked: so long, at most, a model is paid for what nobody will read.
const ASK_AGAIN: Duration = Duration::from_millis(500);
/// What stands in the place of an answer that was stopped.
const STOPPED: &str = "What this question is about is no longer open to you, so the answer was \
                       stopped.";

/// What a call of the chain came to.
#[derive(Debug, Default)]
pub(in crate::assistant) struct Said {
    /// What was said.
    pub(in crate::assistant) text: String,
    /// The tools asked for.
    pub(in crate::assistant) calls: Vec<ToolCall>,
    /// Why it broke off, if it did.
    pub(in crate::assistant) broke: Option<ChainError>,
    /// Whether the longest length was reached before the end.
    pub(in crate::assistant) cut: bool,
    /// Whether it was given up, because it is no longer for who asked.
    pub(in crate::assistant) stopped: bool,
}

impl Answering {
    /// Asks the models; on any failure the documents answer, and the label says so.
    pub(super) async fn ask_models(
        &self,
        asked: &str,
        grounds: &Grounds,
        passages: &[PassageText],
        finished: &mut Finished,
    ) -> Result<(), AnswerError> {
        let written = AnswerPrompt::new(&self.question, grounds).write()?;
        let completion = Completion {
            system: written.system,
            user: written.user,
            history: self.turns(),
            exchanges: Vec::new(),
            // Whoever has read the documents is given no tools (ADR 19).
            tools: Vec::new(),
            max_tokens: self.assistant.max_tokens,
        };
        let account = self.account("answer", Some(AnswerPrompt::hash()));
        let mut gate = Gate::new(grounds.clone());
        let mut model = String::new();
        let shown = Some((&mut gate, passages));
        let said = self.call(completion, account, shown, passages, finished, &mut model).await;
        if said.stopped {
            finished.stopped = true;
            return Ok(());
        }
        let silent = finished.text.trim().is_empty();
        let error = said.broke.map(|error| {
            tracing::warn!(error = &error as &dyn std::error::Error, "no model answered");
            error.to_string()
        });
        let error = error.or_else(|| silent.then(|| "the model said nothing".to_owned()));
        let Some(error) = error else {
            let cut = if said.cut { ", cut short at the longest answer allowed" } else { "" };
            finished.label = format!("Answered by {model}{cut}");
            finished.whole = !said.cut;
            return Ok(());
        };
        if silent {
            finished.label = format!("{WITHOUT_MODEL}: {error}");
        } else {
            self.show("\n\n[The language model broke off here.]\n\n", finished);
            finished.label = format!("Begun by {model}, completed from the documents: {error}");
        }
        self.status("The language model did not answer; answering from the documents");
        self.answer_without_model(asked, grounds, passages, finished).await
    }

    /// Calls the chain once. What it says goes through a gate to the reader as it comes,
    /// with the passages it may cite; without a gate it is only returned. Given up, and
    /// paid for no longer, as soon as one of the documents of `rests_on` is no longer open
    /// to who asked.
    pub(in crate::assistant) async fn call(
        &self,
        completion: Completion,
        account: Account,
        mut shown: Option<(&mut Gate, &[PassageText])>,
        rests_on: &[PassageText],
        finished: &mut Finished,
        model: &mut String,
    ) -> Said {
        let until = self.until(account.purpose);
        let mut steps = self.assistant.chain.answer_until(completion, account, until);
        let mut said = Said::default();
        let closed = self.until_closed(rests_on);
        tokio::pin!(closed);
        loop {
            let step = tokio::select! {
                biased;
                // Dropping the steps ends the call.
                () = &mut closed => return Said { stopped: true, ..Said::default() },
                step = steps.recv() => step,
            };
            match step {
                None => break,
                Some(Step::End(finish)) => {
                    said.cut = finish == Finish::Length;
                    break;
                }
                Some(Step::Asking { model: name }) => {
                    if shown.is_some() {
                        self.status(&format!("Asking {name}"));
                    }
                    *model = name;
                }
                Some(Step::Text(text)) => {
                    said.text.push_str(&text);
                    if let Some((gate, passages)) = &mut shown {
                        self.pass(gate.push(&text), passages, finished);
                    }
                }
                Some(Step::Tool(call)) => said.calls.push(call),
                Some(Step::Switched { from, to, reason }) => {
                    self.status(&format!("{from} failed ({reason}); asking {to}"));
                    // What came stands, and is marked. A quotation that was not closed is
                    // struck: the next model begins whole ones.
                    if said.text.is_empty() {
                        *model = to;
                        continue;
                    }
                    if let Some((gate, passages)) = &mut shown {
                        self.pass(gate.finish(), passages, finished);
                        finished.verification.add(gate.verification());
                        gate.restart();
                        let mark = format!("\n\n[{from} broke off here; {to} goes on.]\n\n");
                        self.show(&mark, finished);
                    }
                    *model = format!("{model}, then {to}");
                }
                Some(Step::Spent(spent)) => {
                    let (dollars, paise) = finished.cost;
                    finished.cost = (dollars + spent.cost.microdollars, paise + spent.cost.paise);
                    self.running.push(Event::Usage {
                        tokens_in: spent.tokens.input,
                        tokens_out: spent.tokens.output,
                        cost_paise: spent.cost.paise.0,
                        model: spent.model,
                    });
                }
                Some(Step::Failed(error)) => {
                    said.broke = Some(error);
                    break;
                }
            }
        }
        if let Some((gate, passages)) = &mut shown {
            self.pass(gate.finish(), passages, finished);
            finished.verification.add(gate.verification());
        }
        said
    }

    /// Whether the answer is still for who asked. What cannot be told is closed.
    pub(in crate::assistant) async fn is_open(&self, passages: &[PassageText]) -> bool {
        let documents: Vec<_> = passages.iter().map(|passage| passage.document).collect();
        let (asker, message) = (self.scope.user(), self.asked.message);
        let open = self.assistant.still_for_asker(asker, message, &documents).await;
        open.unwrap_or_else(|error| {
            let error = &error as &dyn std::error::Error;
            tracing::error!(error, "whether an answer is still open could not be told");
            false
        })
    }

    /// Whether the facts told may be told to who asked at this moment. What cannot be
    /// told is closed.
    pub(super) async fn facts_are_open(&self, told: &[Fact]) -> bool {
        let Assistant { auth, facts, .. } = &self.assistant;
        let Ok(scope) = auth.scope_now(self.scope.user()).await else { return false };
        facts.still_open(&scope, told).await.unwrap_or_else(|error| {
            let error = &error as &dyn std::error::Error;
            tracing::error!(error, "whether facts are still open could not be told");
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
    pub(in crate::assistant) fn stop(&self, finished: &mut Finished) {
        (finished.failed, finished.stopped) = (true, true);
        STOPPED.clone_into(&mut finished.text);
        "Stopped".clone_into(&mut finished.label);
        finished.coverage.clear();
        finished.removed.clear();
        finished.verification = Verification::default();
        finished.cited.clear();
        finished.facts.clear();
        self.running.push(Event::Error { detail: STOPPED.to_owned() });
    }
}
