//! Doing a task: with the models, part by part, or by rules where there are none.
//!
//! What fits a model is given to it whole. What does not is read in parts that end at
//! pages; of each part the model takes notes, whose quotations and numbers are checked
//! against that part before anything is made of them, and the notes are joined until they
//! fit. A part that failed is named in the answer. Where the models end, for want of money
//! or because they are away, the rules do the whole.

use std::sync::Arc;

use super::material::Material;
use super::parts::{cut, together};
use super::plain::{self, APART, Rendered, grounds_of};
use super::prompt::{Stage, TaskPrompt};
use super::reading::Gaps;
use super::{Order, TaskKind, named};
use crate::assistant::answer::model::Said;
use crate::assistant::answer::{AnswerError, Answering, Finished, WITHOUT_MODEL};
use crate::assistant::ask::AskError;
use crate::assistant::chain::ChainError;
use crate::assistant::gate::Gate;
use crate::assistant::grounds::Grounds;
use crate::assistant::live::{Event, Source};
use crate::assistant::llm::{Completion, LlmError};
use crate::documents::{Change, ChangeKind, PassageText};

/// The most a part of the documents takes of a prompt, in tokens: with rules and an answer
/// it fits models of 16,000 tokens.
const PART_TOKENS: u64 = 6_000;
/// The most the notes of one prompt take, in tokens.
const NOTES_TOKENS: u64 = 6_000;

/// How the models ended.
pub(super) enum Ended {
    /// The answer is written, over these passages.
    Written(Vec<PassageText>),
    /// It is no longer for who asked.
    Stopped,
    /// No model goes on; this many passages are numbered in what was shown.
    Broke(ChainError, Vec<usize>),
}

impl Answering {
    /// Does a task.
    pub(in crate::assistant) async fn work(
        &self,
        order: &Order,
        finished: &mut Finished,
    ) -> Result<Vec<PassageText>, AnswerError> {
        self.status("Opening the documents");
        let Some(case) = self.case else { return Ok(Vec::new()) };
        let material = Material::open(&self.assistant, &self.scope, case, order).await?;
        finished.coverage = material.coverage();
        let changes = match (order.kind, material.subjects.as_slice()) {
            (TaskKind::Compare, [before, after]) => {
                self.status("Comparing the texts");
                let documents = &self.assistant.documents;
                documents.between(before.version, after.version).await.map_err(AskError::from)?
            }
            _ => Vec::new(),
        };
        let witnesses = material.witnesses();
        let work = Work {
            answering: self,
            order,
            material: Arc::new(material),
            changes: changes.into(),
            witnesses,
        };
        let passages = work.run(finished).await?;
        if finished.stopped || !self.is_open(&work.witnesses).await {
            self.stop(finished);
        }
        Ok(passages)
    }
}

/// A task being done.
pub(super) struct Work<'a> {
    pub(super) answering: &'a Answering,
    pub(super) order: &'a Order,
    pub(super) material: Arc<Material>,
    changes: Arc<[Change]>,
    /// One passage of each document.
    pub(super) witnesses: Vec<PassageText>,
}

impl Work<'_> {
    async fn run(&self, finished: &mut Finished) -> Result<Vec<PassageText>, AnswerError> {
        let same = self.changes.iter().all(|change| change.kind == ChangeKind::Same);
        let by_rule = match self.order.kind {
            TaskKind::Directions => true,
            TaskKind::Compare => same,
            _ => false,
        };
        if by_rule || self.answering.assistant.chain.is_empty() || self.material.passages.is_empty()
        {
            WITHOUT_MODEL.clone_into(&mut finished.label);
            let passages = self.by_rules(Vec::new(), finished).await?;
            if self.order.kind == TaskKind::Directions {
                self.propose(finished).await?;
            }
            return Ok(passages);
        }
        let mut model = String::new();
        let ended = match self.order.kind {
            TaskKind::Chronology => self.chronology(&mut model, finished).await?,
            _ => self.by_models(&mut model, finished).await?,
        };
        match ended {
            Ended::Written(passages) => {
                finished.label = format!("Answered by {model}{}", finished.label);
                Ok(passages)
            }
            Ended::Stopped => {
                finished.stopped = true;
                Ok(Vec::new())
            }
            Ended::Broke(error, numbered) => {
                tracing::warn!(error = &error as &dyn std::error::Error, "no model did a task");
                let answering = self.answering;
                if finished.text.trim().is_empty() {
                    finished.label = format!("{WITHOUT_MODEL}: {error}");
                } else {
                    answering.show("\n\n[The language model broke off here.]\n\n", finished);
                    finished.label =
                        format!("Begun by {model}, completed from the documents: {error}");
                }
                answering.status("The language model did not answer; going on without it");
                self.by_rules(numbered, finished).await
            }
        }
    }

    /// Does the task by rules. Passages numbered before keep their numbers.
    async fn by_rules(
        &self,
        numbered: Vec<usize>,
        finished: &mut Finished,
    ) -> Result<Vec<PassageText>, AnswerError> {
        let (pages, _) = self.material.page_of(usize::MAX);
        self.answering.status(&format!("Reading {pages} pages"));
        let (order, material) = (self.order.clone(), Arc::clone(&self.material));
        let (changes, question) = (Arc::clone(&self.changes), self.context());
        let written = tokio::task::spawn_blocking(move || {
            let page = plain::written(&order, &material, &changes);
            page.render_after(&material, &question, numbered)
        });
        let Rendered { text, passages, grounds } = written.await.map_err(broken)?;
        self.write_out(&text, &passages, grounds, finished);
        self.answering.note_extractive(self.order.kind.purpose()).await?;
        Ok(passages)
    }

    /// Passes a text made by rule through the gate.
    pub(super) fn write_out(
        &self,
        text: &str,
        passages: &[PassageText],
        grounds: Grounds,
        finished: &mut Finished,
    ) {
        self.tell(passages, &grounds);
        finished.facts.clone_from(&grounds.facts);
        let mut gate = Gate::new(grounds);
        self.answering.pass(gate.push(text), passages, finished);
        self.answering.pass(gate.finish(), passages, finished);
        finished.verification.add(gate.verification());
    }

    /// Tells the reader what may be cited.
    fn tell(&self, passages: &[PassageText], grounds: &Grounds) {
        self.answering.running.rest_on(passages);
        let sources = (1..).zip(passages).map(|(number, passage)| Source::of(number, passage));
        self.answering.running.push(Event::Passages { passages: sources.collect() });
        if !grounds.facts.is_empty() {
            self.answering.running.push(Event::Facts { facts: grounds.facts.clone() });
        }
    }

    /// What the asker and the tables say, which an answer may say again.
    pub(super) fn context(&self) -> String {
        let mut words = self.answering.question.clone();
        for fact in &self.material.facts {
            words.push('\n');
            words.push_str(&fact.text);
        }
        words
    }

    /// The same with what the task itself states: the form to be filled, and the items of
    /// a checklist.
    pub(super) fn stated(&self, form: &str) -> String {
        let mut words = self.context();
        words.push_str(APART);
        words.push_str(form);
        let list = self.order.checklist.as_deref().and_then(named);
        for item in list.map(|list| list.items.as_slice()).unwrap_or_default() {
            for part in [&item.title, &item.why, &item.provision] {
                words.push_str(APART);
                words.push_str(part);
            }
        }
        words
    }

    /// Has the models do the task.
    async fn by_models(
        &self,
        model: &mut String,
        finished: &mut Finished,
    ) -> Result<Ended, AnswerError> {
        let mut places: Vec<usize> = Vec::new();
        let mut gaps = Gaps::default();
        let form = self.form().await?;
        let mut notes = if self.order.kind == TaskKind::Compare {
            let page = plain::written(self.order, &self.material, &self.changes);
            let rendered = page.render_places(&self.material);
            places = rendered.1;
            rendered.0.lines().map(str::to_owned).collect()
        } else {
            let parts = cut(&self.material.passages, PART_TOKENS);
            if parts.len() <= 1 {
                places = (0..self.material.passages.len()).collect();
                return self.last(Stage::Whole, &[], places, &form, model, finished).await;
            }
            match self.notes(parts, &form, &mut places, &mut gaps, model, finished).await? {
                Ok(notes) => notes,
                Err(ended) => return Ok(ended),
            }
        };
        loop {
            let groups = together(notes, NOTES_TOKENS);
            if groups.len() > 1 {
                match self.join(groups, &form, model, finished).await? {
                    Ok(joined) => notes = joined,
                    Err(ended) => return Ok(ended),
                }
                continue;
            }
            // There are no notes at all where no part had anything of use.
            let only = groups.into_iter().next().unwrap_or_default();
            if only.is_empty() && !gaps.is_empty() {
                let words = "no notes of these documents could be taken";
                let error = ChainError::Model(LlmError::Rejected(words.to_owned()));
                return Ok(Ended::Broke(error, Vec::new()));
            }
            let ended = self.last(Stage::Final, &only, places, &form, model, finished).await?;
            if let (Ended::Written(_), false) = (&ended, gaps.is_empty()) {
                self.answering.show(&gaps.in_words(), finished);
                ", but not all of it was read".clone_into(&mut finished.label);
            }
            return Ok(ended);
        }
    }

    /// Writes the whole and shows it as it comes.
    async fn last(
        &self,
        stage: Stage,
        notes: &[String],
        places: Vec<usize>,
        form: &str,
        model: &mut String,
        finished: &mut Finished,
    ) -> Result<Ended, AnswerError> {
        self.answering.status("Writing the answer");
        let (passages, grounds) = grounds_of(&self.material, &places, &self.stated(form));
        self.tell(&passages, &grounds);
        let mut prompt = self.prompt(stage, form).notes(notes);
        if stage == Stage::Whole {
            prompt = prompt.passages(grounds.passages.iter());
        }
        let mut gate = Gate::new(grounds);
        let shown = Some((&mut gate, passages.as_slice()));
        let said = self.ask(&prompt, shown, model, finished).await;
        if said.stopped {
            return Ok(Ended::Stopped);
        }
        if let Some(error) = said.broke {
            let numbered = if finished.text.trim().is_empty() { Vec::new() } else { places };
            return Ok(Ended::Broke(error, numbered));
        }
        if said.cut {
            let words = "\n\n[The answer ends here because it reached the longest length set for \
                         answers; ask for a part of it.]";
            self.answering.show(words, finished);
        }
        Ok(Ended::Written(passages))
    }

    /// The paper of a draft as far as rules fill it.
    async fn form(&self) -> Result<String, AnswerError> {
        if self.order.kind != TaskKind::Draft {
            return Ok(String::new());
        }
        let (order, material) = (self.order.clone(), Arc::clone(&self.material));
        let form = tokio::task::spawn_blocking(move || {
            let text = plain::written(&order, &material, &[]).render(&material, "").text;
            without_markers(&text)
        });
        form.await.map_err(broken)
    }

    /// A prompt with what every call of this task is told.
    pub(super) fn prompt(&self, stage: Stage, form: &str) -> TaskPrompt {
        let list = self.order.checklist.as_deref().and_then(named);
        TaskPrompt::new(self.order.kind, stage, &self.subject())
            .facts(&self.material.facts)
            .instructions(self.order.instructions.as_deref())
            .items(list.map(|list| list.items.as_slice()).unwrap_or_default())
            .form(form)
    }

    fn subject(&self) -> String {
        match (self.order.draft, self.material.subjects.as_slice()) {
            (Some(draft), _) => draft.words().to_owned(),
            (None, [only]) => only.title.clone(),
            (None, some) => {
                some.iter().map(|it| it.title.as_str()).take(20).collect::<Vec<_>>().join("; ")
            }
        }
    }

    /// Asks the chain on the account of this task.
    pub(super) async fn ask(
        &self,
        prompt: &TaskPrompt,
        shown: Option<(&mut Gate, &[PassageText])>,
        model: &mut String,
        finished: &mut Finished,
    ) -> Said {
        let Ok(written) = prompt.write() else {
            let error = LlmError::Rejected("the prompt".to_owned());
            return Said { broke: Some(error.into()), ..Said::default() };
        };
        let kind = self.order.kind;
        let account = self.answering.account(kind.purpose(), Some(TaskPrompt::hash(kind)));
        let completion = Completion {
            system: written.system,
            user: written.user,
            history: Vec::new(),
            exchanges: Vec::new(),
            tools: Vec::new(),
            max_tokens: self.answering.assistant.max_tokens,
        };
        self.answering.call(completion, account, shown, &self.witnesses, finished, model).await
    }
}

pub(super) fn broken(error: tokio::task::JoinError) -> AnswerError {
    let error = crate::documents::DocumentError::Disk(std::io::Error::other(error));
    AskError::from(error).into()
}

/// A text without its citations, for a form in which the model is to put its own.
fn without_markers(text: &str) -> String {
    super::reading::markers()
        .map_or_else(|| text.to_owned(), |it| it.replace_all(text, "").into_owned())
}
