//! Having a model look things up in the tables before it reads any document.
//!
//! The tools are offered in rounds of their own, in which the model sees the questions and
//! what the tables say, and not a word of a document: earlier answers, which quote them,
//! are left out. When it is shown the documents it has no tools any more. So nothing a
//! document says can make a tool run, whatever the model would do for it.

use std::sync::LazyLock;

use regex::Regex;

use super::{AnswerError, Answering, Finished};
use crate::assistant::ask::Assistant;
use crate::assistant::facts::FactError;
use crate::assistant::grounds::{Fact, Grounds};
use crate::assistant::llm::{Completion, Exchange, ToolCall, Turn};
use crate::assistant::prompt::TablesPrompt;
use crate::assistant::proposals::{self, Called};

/// How often a model may ask the tables.
const ROUNDS: usize = 4;
/// How many tools of one round are answered.
const TOOLS_AT_ONCE: usize = 8;
/// The longest a model may be about what to look up, in tokens.
const MAX_TOKENS: u32 = 400;
/// What stands in the place of an earlier answer, which may quote documents.
const ANSWERED: &str = "Answered.";

/// Words by which a question inside a case may be one for the tables. Everything else asked
/// there is asked of its documents, and a call is saved.
static CUES: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?i)\b(?:hearings?|listed|listing|next date|cause list|adjourn\w*|deadlines?|due|overdue|tasks?|remind\w*|to do|owe[sd]?|dues|outstanding|invoices?|bill(?:s|ed|ing)?|unbilled|fees?|paid|payments?|time entr\w+|hours|minutes|part(?:y|ies)|counsel|appears?|clients?|messages?|matters?|cases|add|note|record|schedule|propose|put down|diary|tareekh|tarikh|peshi)\b|तारीख|पेशी|सुनवाई|बकाया|फीस",
    )
    .ok()
});

impl Answering {
    /// Lets the models ask the tables what the question needs of them. What they are told
    /// is added to the grounds; that no model is there to ask is no failure.
    pub(super) async fn ask_tables(
        &self,
        grounds: &mut Grounds,
        finished: &mut Finished,
    ) -> Result<(), AnswerError> {
        let mut tools = self.assistant.facts.tools(&self.scope);
        tools.extend(proposals::tools(&self.scope));
        if tools.is_empty() || !self.may_be_for_tables() {
            return Ok(());
        }
        let case = match self.case {
            Some(case) => self.assistant.cases.find(&self.scope, case).await.ok(),
            None => None,
        };
        let case = case.map(|case| case.title);
        let written = TablesPrompt::new(&self.question, case.as_deref()).write()?;
        let mut exchanges: Vec<Exchange> = Vec::new();
        while exchanges.len() < ROUNDS {
            let completion = Completion {
                system: written.system.clone(),
                user: written.user.clone(),
                history: self.questions(),
                exchanges: exchanges.clone(),
                tools: tools.clone(),
                max_tokens: MAX_TOKENS,
            };
            let account = self.account("tables", Some(TablesPrompt::hash()));
            let mut model = String::new();
            let said = self.call(completion, account, None, &[], finished, &mut model).await;
            finished.stopped |= said.stopped;
            // That no model is there the answer itself will find out, and say.
            if said.stopped || said.broke.is_some() || said.calls.is_empty() {
                break;
            }
            exchanges.push(self.look_up(said.text, said.calls, grounds).await?);
        }
        Ok(())
    }

    /// Gives a model what it asked for.
    async fn look_up(
        &self,
        said: String,
        calls: Vec<ToolCall>,
        grounds: &mut Grounds,
    ) -> Result<Exchange, AnswerError> {
        self.status("Looking into the chamber's records");
        let before = grounds.facts.len();
        let mut given = Vec::new();
        for call in calls.into_iter().take(TOOLS_AT_ONCE) {
            let Assistant { facts, proposals, .. } = &self.assistant;
            let result = if proposals::is_tool(&call.name) {
                let about = (self.case, self.asked.message);
                let called = proposals.called(&self.scope, about, &call, &[]).await;
                let Called { said, case } = called.map_err(FactError::from)?;
                if let Some(case) = case {
                    grounds.add(Fact {
                        number: 0,
                        title: "Proposed, waiting for approval".to_owned(),
                        href: format!("/proposals?case={case}"),
                        text: said.clone(),
                    });
                }
                said
            } else {
                facts.call(&self.scope, self.case, &call, grounds).await?
            };
            given.push((call, result));
        }
        self.tell_facts(grounds, before);
        Ok(Exchange { said, calls: given })
    }

    /// The conversation so far without its answers.
    fn questions(&self) -> Vec<Turn> {
        let turns = self.turns().into_iter();
        turns.map(|turn| Turn { answer: ANSWERED.to_owned(), ..turn }).collect()
    }

    /// Whether the tables may have something to do with the question.
    fn may_be_for_tables(&self) -> bool {
        self.case.is_none() || CUES.as_ref().is_none_or(|cues| cues.is_match(&self.question))
    }
}
