//! What admins see of the chain, and can do: how each model stands and did lately, what
//! answers now, trying a model, and having one asked again.

use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;
use tokio::sync::mpsc;

use super::call::{Asked, Event};
use super::{Chain, Outage, State, Switch};
use crate::assistant::llm::Completion;
use crate::db::{DbError, Tx};
use crate::kernel::Scope;
use crate::statement;
use crate::usage::Account;

/// How long a try may take.
const TRY: Duration = Duration::from_secs(30);
/// The calls of the last hour that are looked at, at most.
const LATEST: i64 = 10_000;

/// What answers now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Now {
    /// This model is asked first.
    Model(String),
    /// The documents alone; why, in words.
    Documents(String),
}

/// The chain, as it stands.
#[derive(Debug, Clone)]
pub struct Status {
    /// What answers now.
    pub now: Now,
    /// How long a whole answer may take.
    pub deadline: Duration,
    /// The models, in the order they are asked.
    pub models: Vec<Standing>,
    /// The last outages, of everything the assistant leans on.
    pub outages: Vec<Outage>,
    /// The last switches, by the hour.
    pub switches: Vec<Switch>,
}

/// How a model stands and did in the last hour.
#[derive(Debug, Clone)]
pub struct Standing {
    /// Its place in the chain, from 1.
    pub place: usize,
    /// Who runs it.
    pub provider: String,
    /// Which model.
    pub model: String,
    /// The most tokens it takes, where that is known.
    pub context: Option<u64>,
    /// Whether it is asked.
    pub state: State,
    /// When it last answered, since the service started.
    pub last_success: Option<DateTime<Utc>>,
    /// When it last failed and why, since the service started.
    pub last_failure: Option<(DateTime<Utc>, String)>,
    /// Calls of the last hour.
    pub calls: usize,
    /// Of them, those that failed or broke off.
    pub failed: usize,
    /// Half of the answers took no longer, in milliseconds.
    pub p50_ms: Option<i64>,
    /// All but a twentieth took no longer, in milliseconds.
    pub p95_ms: Option<i64>,
}

/// What came of trying a model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tried {
    /// Whether it answered.
    pub works: bool,
    /// What came of it, in words.
    pub words: String,
    /// How long it took, in milliseconds.
    pub ms: u64,
}

/// Why nothing was done about a model.
#[derive(Debug, thiserror::Error)]
pub enum ModelsError {
    /// The chain has no such place.
    #[error("there is no such model")]
    NotFound,
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbError),
}

#[derive(sqlx::FromRow)]
struct Took {
    latency_ms: i64,
    outcome: String,
}

impl Chain {
    /// What answers now.
    #[must_use]
    pub fn now(&self) -> Now {
        let now = self.inner.clock.now();
        let links = &self.inner.links;
        if links.is_empty() {
            return Now::Documents("no language model is set up".to_owned());
        }
        match links.iter().find(|link| link.breaker.would_admit(now)) {
            Some(link) => Now::Model(link.llm.model().to_owned()),
            None => Now::Documents(self.away()),
        }
    }

    /// The chain as it stands, with its history.
    ///
    /// # Errors
    /// Fails when the database does.
    pub async fn status(&self, scope: &Scope) -> Result<Status, DbError> {
        let since = self.inner.clock.now() - TimeDelta::hours(1);
        let mut models = Vec::new();
        let mut tx = self.inner.db.read().await?;
        for (at, link) in self.inner.links.iter().enumerate() {
            let (provider, model) = (link.llm.provider(), link.llm.model());
            let took = took(&mut tx, scope, provider, model, since).await?;
            let mut ms: Vec<i64> = took
                .iter()
                .filter(|call| call.outcome == "answered")
                .map(|call| call.latency_ms)
                .collect();
            ms.sort_unstable();
            let failed = took.iter().filter(|call| matches!(&*call.outcome, "failed" | "cut"));
            let seen = link.breaker.seen();
            models.push(Standing {
                place: at + 1,
                provider: provider.to_owned(),
                model: model.to_owned(),
                context: link.context,
                state: seen.state,
                last_success: seen.last_success,
                last_failure: seen.last_failure,
                calls: took.len(),
                failed: failed.count(),
                p50_ms: percentile(&ms, 50),
                p95_ms: percentile(&ms, 95),
            });
        }
        drop(tx);
        Ok(Status {
            now: self.now(),
            deadline: self.inner.rules.deadline,
            models,
            outages: self.inner.history.outages().await?,
            switches: self.inner.history.switches().await?,
        })
    }

    /// Tries a model with a short question, whatever its breaker says. One that answers is
    /// asked again from now on.
    ///
    /// # Errors
    /// Fails when there is no such place, or the database does.
    pub async fn test(&self, scope: &Scope, place: usize) -> Result<Tried, ModelsError> {
        let at = place.checked_sub(1).ok_or(ModelsError::NotFound)?;
        let link = self.inner.links.get(at).ok_or(ModelsError::NotFound)?;
        let request = Completion {
            system: "You are being tried. Answer with one word.".to_owned(),
            history: Vec::new(),
            user: "Say yes.".to_owned(),
            exchanges: Vec::new(),
            tools: Vec::new(),
            max_tokens: 200,
        };
        let account = Account {
            organisation: scope.organisation(),
            user: Some(scope.user()),
            case: None,
            conversation: None,
            purpose: "test",
            prompt_hash: None,
        };
        let (started, (steps, mut rest)) = (Instant::now(), mpsc::channel(8));
        let asked = Asked { request, account, until: started + TRY, steps };
        let mut call = self.call(at, asked);
        let mut heard = String::new();
        let mut end = None;
        while let Some(event) = call.events.recv().await {
            match event {
                Event::Text(text) => heard.push_str(&text),
                Event::Tool(_) => {}
                Event::Over(over) => end = Some(over),
            }
        }
        rest.close();
        let (works, told) = match end {
            Some(Ok(_)) => {
                let said: String = heard.trim().chars().take(80).collect();
                self.note(link, link.breaker.reset()).await;
                (true, format!("it answered: {said}"))
            }
            Some(Err(error)) => (false, error.to_string()),
            None => (false, "it did not answer".to_owned()),
        };
        let ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
        let details = json!({ "model": link.name(), "works": works });
        self.keep(scope, "model.test", details).await?;
        Ok(Tried { works, words: told, ms })
    }

    /// Has a model asked again that was left alone.
    ///
    /// # Errors
    /// Fails when there is no such place, or the database does.
    pub async fn reset(&self, scope: &Scope, place: usize) -> Result<(), ModelsError> {
        let at = place.checked_sub(1).ok_or(ModelsError::NotFound)?;
        let link = self.inner.links.get(at).ok_or(ModelsError::NotFound)?;
        self.keep(scope, "model.reset", json!({ "model": link.name() })).await?;
        self.note(link, link.breaker.reset()).await;
        Ok(())
    }

    async fn keep(
        &self,
        scope: &Scope,
        action: &'static str,
        details: serde_json::Value,
    ) -> Result<(), DbError> {
        self.inner.audit.acted(scope, action, details).await
    }

    /// The last call of an embedding model in the last half an hour: of which model, and
    /// whether it failed.
    ///
    /// # Errors
    /// Fails when the database does.
    pub async fn last_embedding(&self) -> Result<Option<(String, bool)>, DbError> {
        let since = self.inner.clock.now() - TimeDelta::minutes(30);
        let select = statement!(
            "SELECT concat(provider, ' / ', model) AS name, outcome FROM model_calls
             WHERE purpose LIKE 'embed.%' AND at >= $1 ORDER BY at DESC, id DESC LIMIT 1"
        );
        let last: Option<Embedded> =
            self.inner.db.read().await?.optional(select.bind(since)).await?;
        Ok(last.map(|Embedded { name, outcome }| (name, outcome == "failed")))
    }
}

#[derive(sqlx::FromRow)]
struct Embedded {
    name: String,
    outcome: String,
}

async fn took(
    tx: &mut Tx,
    scope: &Scope,
    provider: &str,
    model: &str,
    since: DateTime<Utc>,
) -> Result<Vec<Took>, DbError> {
    let select = statement!(
        "SELECT latency_ms, outcome FROM model_calls
         WHERE organisation_id = $1 AND provider = $2 AND model = $3 AND at >= $4
         ORDER BY at DESC, id DESC LIMIT $5"
    );
    let select = select.bind(scope.organisation()).bind(provider).bind(model);
    tx.all(select.bind(since).bind(LATEST)).await
}

/// The value that so many of a hundred do not exceed, of sorted ones.
fn percentile(sorted: &[i64], percent: usize) -> Option<i64> {
    let rank = (sorted.len() * percent).div_ceil(100).max(1);
    sorted.get(rank - 1).copied()
}

#[cfg(test)]
mod tests {
    use super::percentile;

    #[test]
    fn percentiles_are_values_that_occurred() {
        let hundred: Vec<i64> = (1..=100).collect();
        assert_eq!(percentile(&hundred, 50), Some(50));
        assert_eq!(percentile(&hundred, 95), Some(95));
        assert_eq!(percentile(&[7], 95), Some(7));
        assert_eq!(percentile(&[1, 9], 50), Some(1));
        assert_eq!(percentile(&[], 50), None);
    }
}
