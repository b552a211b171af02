//! The chain of language models: who is asked, in which order, and what happens when
//! one fails. Every call has its money set aside before and is in the ledger after,
//! also one that failed or that nobody waits for any more.
//!
//! `call` is one call of one model, `run` the walk along the chain, `breaker` what is
//! known of a provider, `history` what is kept of outages, `status` what admins see.

mod breaker;
mod call;
mod history;
mod run;
mod status;

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::mpsc;

use super::llm::{Completion, Finish, Llm, LlmError, ToolCall};
use crate::audit::Audit;
use crate::db::{Db, DbError};
use crate::kernel::Clock;
use crate::usage::{Account, Cost, Outcome, Tokens, Usage};

pub use breaker::{Limits, State};
pub use history::{Outage, Switch};
pub use status::{ModelsError, Now, Standing, Status, Tried};

use breaker::Breaker;
use history::History;

/// Models in the order they are asked.
#[derive(Clone)]
pub struct Chain {
    inner: Arc<Inner>,
}

struct Inner {
    links: Vec<Link>,
    rules: Rules,
    usage: Usage,
    clock: Arc<dyn Clock>,
    audit: Audit,
    db: Db,
    history: History,
}

/// A model of the chain.
struct Link {
    llm: Arc<dyn Llm>,
    /// The most tokens prompt and answer may have together, where that is known.
    context: Option<u64>,
    breaker: Breaker,
}

impl Link {
    /// What it is called in the history: provider and model.
    fn name(&self) -> String {
        format!("{} / {}", self.llm.provider(), self.llm.model())
    }
}

/// A model to ask.
pub struct Provider {
    /// The model.
    pub llm: Arc<dyn Llm>,
    /// The most tokens prompt and answer may have together, where that is known.
    pub context: Option<u64>,
}

/// How the chain goes about failures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rules {
    /// How often a model that failed before its first word is asked again.
    pub retries: u32,
    /// The longest pause a provider may ask for that is waited for.
    pub retry_wait: Duration,
    /// After how long a silence the next model is asked beside the first.
    pub hedge: Option<Duration>,
    /// How long a whole answer may take, over all models and rounds.
    pub deadline: Duration,
    /// When a provider is left alone.
    pub breaker: Limits,
}

/// What a chain is made of.
pub struct Parts {
    /// The models, in the order they are asked.
    pub providers: Vec<Provider>,
    /// How it goes about failures.
    pub rules: Rules,
    /// The ledger.
    pub usage: Usage,
    /// The tables.
    pub db: Db,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// The record.
    pub audit: Audit,
}

/// What happens while a chain answers.
#[derive(Debug)]
pub enum Step {
    /// A model is asked.
    Asking {
        /// Its name.
        model: String,
    },
    /// The next of the text.
    Text(String),
    /// A tool the model asks for.
    Tool(ToolCall),
    /// A model failed after it was asked, and another goes on. What it said so far
    /// stands; the next goes on after it.
    Switched {
        /// The one that failed.
        from: String,
        /// The one asked instead.
        to: String,
        /// Why, in words for the reader.
        reason: String,
    },
    /// What a call took; in the ledger already.
    Spent(Spent),
    /// The answer is complete.
    End(Finish),
    /// No model answered, or none to the end.
    Failed(ChainError),
}

/// What a call took.
#[derive(Debug, Clone)]
pub struct Spent {
    /// Who ran the model.
    pub provider: String,
    /// Which model.
    pub model: String,
    /// What it took.
    pub tokens: Tokens,
    /// What that cost.
    pub cost: Cost,
    /// How it ended.
    pub outcome: Outcome,
}

/// Why no model answered.
#[derive(Debug, thiserror::Error)]
pub enum ChainError {
    /// A limit of money is reached.
    #[error("{0}")]
    OverBudget(String),
    /// The last model that was asked failed, and there is none after it.
    #[error(transparent)]
    Model(#[from] LlmError),
    /// Every model is left alone for now.
    #[error("no language model can be asked now: {0}")]
    Away(String),
    /// The time for the whole answer is up.
    #[error("the answer took too long")]
    Late,
    /// Money could not be set aside, and without that nothing is asked.
    #[error("the ledger could not be written")]
    Ledger(#[source] DbError),
}

impl Chain {
    /// Puts a chain together.
    #[must_use]
    pub fn new(parts: Parts) -> Self {
        let Parts { providers, rules, usage, db, clock, audit } = parts;
        let links = providers.into_iter().map(|Provider { llm, context }| Link {
            llm,
            context,
            breaker: Breaker::new(rules.breaker),
        });
        let history = History::new(db.clone(), Arc::clone(&clock));
        let links = links.collect();
        Self { inner: Arc::new(Inner { links, rules, usage, clock, audit, db, history }) }
    }

    /// Whether there is no model to ask.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.inner.links.is_empty()
    }

    /// The model that is asked first: provider and name.
    #[must_use]
    pub fn first(&self) -> Option<(String, String)> {
        let first = &self.inner.links.first()?.llm;
        Some((first.provider().to_owned(), first.model().to_owned()))
    }

    /// When an answer that begins now must be there.
    #[must_use]
    pub fn deadline(&self) -> Instant {
        Instant::now() + self.inner.rules.deadline
    }

    /// Has a question answered. Dropping what is returned ends the call and its cost,
    /// which is in the ledger then too.
    #[must_use]
    pub fn answer(&self, request: Completion, account: Account) -> mpsc::Receiver<Step> {
        self.answer_until(request, account, self.deadline())
    }

    /// The same for one round of an answer that must be there by a time.
    #[must_use]
    pub fn answer_until(
        &self,
        request: Completion,
        account: Account,
        until: Instant,
    ) -> mpsc::Receiver<Step> {
        let (steps, receiver) = mpsc::channel(64);
        let chain = self.clone();
        tokio::spawn(async move {
            let asked = call::Asked { request, account, until, steps };
            chain.walk(asked).await;
        });
        receiver
    }

    /// Ends the outages a process that was stopped or killed left open: breakers live as
    /// long as it did.
    ///
    /// # Errors
    /// Fails when the database does.
    pub async fn end_interrupted(&self) -> Result<(), DbError> {
        self.inner.history.end_all().await
    }

    /// Notes that something the assistant leans on, such as search by meaning, is away or
    /// there; only changes are kept.
    ///
    /// # Errors
    /// Fails when the database does.
    pub async fn note_part(
        &self,
        part: &'static str,
        name: &str,
        missing: Option<&str>,
    ) -> Result<(), DbError> {
        if self.inner.history.is_open(part, name).await? == missing.is_some() {
            return Ok(());
        }
        match missing {
            Some(reason) => self.inner.history.opened(part, name, reason, 1).await,
            None => self.inner.history.closed(part, name).await,
        }
    }
}
