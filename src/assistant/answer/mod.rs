//! Answering one question: facts and evidence, then the models or the documents alone,
//! every quotation checked, everything stored and accounted for.

mod again;
mod keep;
pub(super) mod model;
mod show;
mod tables;
mod words;

use std::collections::BTreeSet;
use std::fmt::Write;
use std::sync::{Arc, OnceLock};
use std::time::Instant;

use super::ask::{AskError, Asked, Assistant};
use super::cache::Place;
use super::evidence::Gathered;
use super::evidence::gather::{BUDGET_TOKENS, Within};
use super::extractive;
use super::facts::FactError;
use super::gate::{Verification, paragraph_numbers};
use super::grounds::{Fact, Grounds, Numbered};
use super::live::{Cited, Event, Live, Running, Source, Struck};
use super::llm::Turn;
use super::prompt::PromptError;
use super::store::MessageRow;
use super::tasks::Order;
use crate::documents::PassageText;
use crate::kernel::{CaseId, DocumentId, MessageId, MicroDollars, Paise, Scope};
use crate::usage::{Account, Ended, Outcome, Tokens};
use words::{hidden, in_words, not_found};

/// How many pages are read to know which paragraphs the documents in evidence have.
const WHOLE_PAGES: usize = 2_000;
/// How many earlier questions of the conversation, with their answers, the model is shown.
const HISTORY: usize = 3;
/// How an answer made without a model is labelled.
pub const WITHOUT_MODEL: &str = "Answered from the documents without a language model";
/// How an answer is labelled that the tables alone gave.
const FROM_RECORDS: &str = "Answered from the case records without a language model";

/// How an answer is labelled that who asked stopped.
const STOPPED_BY_ASKER: &str = "Stopped by you";

/// A question being answered.
pub(super) struct Answering {
    pub(super) assistant: Assistant,
    pub(super) scope: Scope,
    pub(super) case: Option<CaseId>,
    pub(super) documents: Option<Arc<BTreeSet<DocumentId>>>,
    pub(super) asked: Asked,
    /// Whether an answer given before is not wanted.
    pub(super) fresh: bool,
    /// When its models must be done; set with the first call.
    pub(super) until: OnceLock<Instant>,
    pub(super) question: String,
    pub(super) history: Vec<MessageRow>,
    pub(super) running: Arc<Running>,
}

/// An answer as it will be stored.
#[derive(Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is one thing that is stored or told")]
pub(super) struct Finished {
    pub(super) failed: bool,
    pub(super) text: String,
    pub(super) label: String,
    pub(super) coverage: String,
    pub(super) removed: Vec<Struck>,
    /// What checking it came to.
    pub(super) verification: Verification,
    pub(super) cited: Vec<Cited>,
    /// What the tables say that it could cite.
    pub(super) facts: Vec<Fact>,
    /// Whether it was stopped, because it is no longer open to who asked.
    pub(super) stopped: bool,
    /// Whether a model answered to the end.
    pub(super) whole: bool,
    /// What the models' calls cost so far, in millionths of a dollar and in paise.
    pub(super) cost: (MicroDollars, Paise),
    /// Where it is kept to be given again.
    pub(super) place: Option<Place>,
    /// Whether who asked stopped it; what had come is kept.
    pub(super) by_asker: bool,
}

impl Answering {
    /// Answers a question, or does a task, and stores it; failures of ours end as an answer
    /// that says so.
    pub(super) async fn run_for(self, task: Option<Order>) {
        let _ending = Ending {
            live: self.assistant.live.clone(),
            message: self.asked.message,
            running: Arc::clone(&self.running),
        };
        let mut finished = Finished::default();
        // Giving the work up ends the call of the model, and its cost.
        let answered = tokio::select! {
            biased;
            () = self.running.until_stopped() => None,
            answered = self.work_or_answer(task.as_ref(), &mut finished) => Some(answered),
        };
        let passages = match answered {
            None => self.stop_as_asked(&mut finished).await,
            Some(Ok(passages)) => passages,
            Some(Err(error)) => {
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

    async fn work_or_answer(
        &self,
        task: Option<&Order>,
        finished: &mut Finished,
    ) -> Result<Vec<PassageText>, AnswerError> {
        match task {
            Some(order) => self.work(order, finished).await,
            None => self.answer(finished).await,
        }
    }

    /// Keeps what had come of an answer that who asked stopped.
    async fn stop_as_asked(&self, finished: &mut Finished) -> Vec<PassageText> {
        let passages = self.running.evidence();
        finished.by_asker = true;
        STOPPED_BY_ASKER.clone_into(&mut finished.label);
        finished.facts = self.running.facts();
        if !self.is_open(&passages).await {
            finished.by_asker = false;
            self.stop(finished);
        }
        passages
    }

    async fn answer(&self, finished: &mut Finished) -> Result<Vec<PassageText>, AnswerError> {
        let Assistant { documents, facts, chain, .. } = &self.assistant;
        let mut grounds = Grounds::of(Arc::from([]), &self.question);
        let routed = facts.route(&self.scope, self.case, &self.question, &mut grounds).await?;
        if let Some(text) = routed {
            return self.answer_from_tables(&text, grounds, finished).await;
        }
        self.status("Searching the documents");
        let coverage = documents.coverage(&self.scope, self.case).await.map_err(AskError::from)?;
        finished.coverage = in_words(coverage);
        let place = self.place().await?;
        if let Some(place) = place.as_ref().filter(|_| !self.fresh)
            && let Some(passages) = self.again(place, finished).await?
        {
            if !self.is_open(&passages).await {
                self.stop(finished);
            }
            return Ok(passages);
        }
        let within = Within { case: self.case, documents: self.documents.clone() };
        let gathered = self
            .assistant
            .gather(&self.scope, &within, &self.question, &self.turns(), BUDGET_TOKENS)
            .await?;
        let Gathered { passages, evidence, understood, found, promising, searched, hiding, .. } =
            gathered;
        if hiding > 0 {
            finished.coverage.push_str(&hidden(hiding));
        }
        self.running.rest_on(&passages);
        let sources = (1..).zip(&passages).map(|(number, passage)| Source::of(number, passage));
        self.running.push(Event::Passages { passages: sources.collect() });
        grounds.passages = evidence;
        grounds.numbered = self.numbered(&grounds).await?;
        if !chain.is_empty() {
            self.ask_tables(&mut grounds, finished).await?;
        }

        let enough = if chain.is_empty() { found } else { promising };
        if finished.stopped {
            self.stop(finished);
            return Ok(passages);
        }
        if !enough && grounds.facts.is_empty() {
            WITHOUT_MODEL.clone_into(&mut finished.label);
            self.show(&not_found(&searched, &finished.coverage), finished);
            self.note_extractive("answer").await?;
        } else if chain.is_empty() {
            WITHOUT_MODEL.clone_into(&mut finished.label);
            self.answer_without_model(&understood.asked, &grounds, &passages, finished).await?;
        } else {
            self.ask_models(&understood.asked, &grounds, &passages, finished).await?;
            let usage = &self.assistant.usage;
            let notice = usage.notice(&self.scope, self.case).await.map_err(AskError::from)?;
            if let Some(notice) = notice.filter(|_| !finished.stopped) {
                finished.label = format!("{}; {notice}", finished.label);
            }
        }
        // What the tables say changes by the hour.
        finished.place = place.filter(|_| grounds.facts.is_empty());
        finished.facts = grounds.facts;
        let open = self.is_open(&passages).await && self.facts_are_open(&finished.facts).await;
        if finished.stopped || !open {
            self.stop(finished);
        }
        Ok(passages)
    }

    /// Answers what the question's own words ask of the tables. It is exact, at once, and
    /// costs nothing, so no model is asked even where there is one.
    async fn answer_from_tables(
        &self,
        text: &str,
        grounds: Grounds,
        finished: &mut Finished,
    ) -> Result<Vec<PassageText>, AnswerError> {
        self.tell_facts(&grounds, 0);
        FROM_RECORDS.clone_into(&mut finished.label);
        self.check_and_show(text, &grounds, &[], finished);
        finished.facts = grounds.facts;
        if !self.facts_are_open(&finished.facts).await {
            self.stop(finished);
        }
        self.note_extractive("answer").await?;
        Ok(Vec::new())
    }

    /// Answers with sentences of the documents, and with what the tables were found to say.
    async fn answer_without_model(
        &self,
        asked: &str,
        grounds: &Grounds,
        passages: &[PassageText],
        finished: &mut Finished,
    ) -> Result<(), AnswerError> {
        let mut text = extractive::answer(asked, &grounds.question, &grounds.passages).text;
        for Fact { number, title, text: lines, .. } in &grounds.facts {
            let _ = write!(text, "\n\n{title} [{number}]:");
            lines.lines().for_each(|line| text.extend(["\n- ", line]));
        }
        self.check_and_show(&text, grounds, passages, finished);
        self.note_extractive("answer").await
    }

    /// Keeps an answer without a model in the ledger too, at no cost, so that a report
    /// shows how often no model answered.
    pub(super) async fn note_extractive(&self, purpose: &'static str) -> Result<(), AnswerError> {
        let usage = &self.assistant.usage;
        let ended = Ended { tokens: Tokens::default(), latency_ms: 0, outcome: Outcome::Answered };
        let account = self.account(purpose, None);
        let reserved = usage.reserve(&account, "documents", "extractive", ended.tokens).await;
        if let Ok(reserved) = reserved {
            usage.settle(reserved, ended).await.map_err(AskError::from)?;
        }
        Ok(())
    }

    /// Until when the models may answer; a question has one deadline over all its calls, a
    /// task, which reads long documents in parts, one for each.
    fn until(&self, purpose: &str) -> Instant {
        let chain = &self.assistant.chain;
        if purpose.starts_with("task.") {
            return chain.deadline();
        }
        *self.until.get_or_init(|| chain.deadline())
    }

    /// The numbers of the paragraphs and pages of the documents in evidence, of those that
    /// can be read whole.
    async fn numbered(&self, grounds: &Grounds) -> Result<Vec<Numbered>, AnswerError> {
        let mut versions: Vec<_> = grounds.passages.iter().map(|passage| passage.version).collect();
        versions.sort_unstable();
        versions.dedup();
        let documents = &self.assistant.documents;
        let wholes = documents.wholes(&self.scope, &versions, WHOLE_PAGES).await;
        let wholes = wholes.map_err(AskError::from)?.into_iter();
        Ok(wholes
            .map(|(version, pages)| Numbered {
                version,
                pages: u32::try_from(pages.len()).unwrap_or(u32::MAX),
                paragraphs: pages.iter().flat_map(|page| paragraph_numbers(&page.text)).collect(),
            })
            .collect())
    }

    /// On whose account the calls of this answer are made.
    pub(super) fn account(&self, purpose: &'static str, prompt_hash: Option<String>) -> Account {
        Account {
            organisation: self.scope.organisation(),
            user: Some(self.scope.user()),
            case: self.case,
            conversation: Some(self.asked.conversation),
            purpose,
            prompt_hash,
        }
    }

    /// The conversation so far, as the model is shown it.
    fn turns(&self) -> Vec<Turn> {
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
pub(super) enum AnswerError {
    #[error(transparent)]
    Ask(#[from] AskError),
    #[error(transparent)]
    Search(#[from] crate::search::SearchError),
    #[error(transparent)]
    Facts(#[from] FactError),
    #[error(transparent)]
    Prompt(#[from] PromptError),
}
