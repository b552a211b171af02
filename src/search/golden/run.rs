//! Asking every golden question and scoring what is found.

use std::fmt;
use std::str::FromStr;
use std::time::Instant;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::metrics::{Scores, mean, scores};
use super::{Expected, Golden, GoldenError, Question, admins_only, store};
use crate::documents::PassageText;
use crate::kernel::{GenerationId, GoldenId, GoldenRunId, PassageId, Scope};
use crate::search::Request;
use crate::vectors::{Narrow, Vectors};

/// How many passages of a ranking are looked at.
const DEPTH: usize = 100;

/// A way to search.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = GoldenWay)]
pub enum Way {
    /// By words only.
    Lexical,
    /// By meaning only.
    Semantic,
    /// By both, as everybody searches.
    Hybrid,
}

impl Way {
    /// The stored form.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Lexical => "lexical",
            Self::Semantic => "semantic",
            Self::Hybrid => "hybrid",
        }
    }
}

impl fmt::Display for Way {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Way {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let all = [Self::Lexical, Self::Semantic, Self::Hybrid];
        let found = all.into_iter().find(|way| way.as_str() == text);
        found.ok_or_else(|| format!("`{text}` is not a way to search"))
    }
}

/// One way of searching, tried on every golden question. Scores are means, from 0 to 1.
#[derive(Debug, Clone, PartialEq)]
pub struct Run {
    /// Its id.
    pub id: GoldenRunId,
    /// When it was made.
    pub at: DateTime<Utc>,
    /// How was searched.
    pub way: Way,
    /// The generation of vectors; none for a search by words.
    pub generation: Option<GenerationId>,
    /// Its model.
    pub model: Option<String>,
    /// Whether those vectors were not the live ones then.
    pub is_shadow: bool,
    /// How many questions were asked.
    pub questions: u64,
    /// The share of what was expected among the first ten passages.
    pub recall_10: f64,
    /// The same among the first hundred.
    pub recall_100: f64,
    /// The mean of one divided by the first right passage's rank.
    pub mrr: f64,
    /// Normalised discounted cumulative gain of the first ten.
    pub ndcg_10: f64,
    /// How long all questions took together, in milliseconds.
    pub took_ms: u64,
}

/// Runs that were made together.
#[derive(Debug, Clone, PartialEq)]
pub struct Batch {
    /// What they have in common.
    pub id: GoldenRunId,
    /// When they were made.
    pub at: DateTime<Utc>,
    /// The runs.
    pub runs: Vec<Run>,
}

/// What a run found for a question.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// The question; it may be gone since.
    pub id: GoldenId,
    /// What was asked.
    pub question: String,
    /// The rank of the first right passage, from 1; none when it was not found.
    pub first_rank: Option<u64>,
    /// Normalised discounted cumulative gain of the first ten.
    pub ndcg_10: f64,
}

/// A way to search and the vectors to search in.
struct Trial {
    way: Way,
    vectors: Vectors,
    is_shadow: bool,
}

impl Golden {
    /// Asks every golden question by words, by meaning and by both, and by meaning and
    /// both in the shadow's vectors when there is a shadow; keeps what came of it.
    ///
    /// # Errors
    /// Fails for anyone but an admin, when there are no questions, or when the search or
    /// the embedding model does.
    pub async fn run(&self, scope: &Scope) -> Result<Batch, GoldenError> {
        let questions = self.list(scope).await?;
        if questions.is_empty() {
            return Err(GoldenError::NoneYet);
        }
        let batch = GoldenRunId::new();
        let at = self.clock.now();
        let mut runs = Vec::new();
        for trial in self.trials() {
            let (run, found) = self.attempt(scope, &trial, &questions, at).await?;
            runs.push((run, found));
        }
        let mut tx = self.db.write().await?;
        for (run, found) in &runs {
            store::insert_run(&mut tx, scope, batch, run).await?;
            for (question, scores) in questions.iter().zip(found) {
                store::insert_result(&mut tx, run.id, question, *scores).await?;
            }
        }
        let details = json!({ "batch": batch, "questions": questions.len(), "runs": runs.len() });
        let (organisation, user) = (scope.organisation(), Some(scope.user()));
        self.audit.record(&mut tx, organisation, user, "golden.run", details).await?;
        tx.commit().await?;
        Ok(Batch { id: batch, at, runs: runs.into_iter().map(|(run, _)| run).collect() })
    }

    /// The runs made so far, the latest batch first.
    ///
    /// # Errors
    /// Fails for anyone but an admin, or when the database does.
    pub async fn batches(&self, scope: &Scope) -> Result<Vec<Batch>, GoldenError> {
        admins_only(scope)?;
        let mut tx = self.db.read().await?;
        let rows = store::runs(&mut tx, scope.organisation()).await?;
        let mut batches: Vec<Batch> = Vec::new();
        for (id, run) in rows {
            match batches.last_mut().filter(|batch| batch.id == id) {
                Some(batch) => batch.runs.push(run),
                None => batches.push(Batch { id, at: run.at, runs: vec![run] }),
            }
        }
        Ok(batches)
    }

    /// What a run found, question by question.
    ///
    /// # Errors
    /// Fails when there is no such run, and for anyone but an admin.
    pub async fn outcomes(
        &self,
        scope: &Scope,
        run: GoldenRunId,
    ) -> Result<Vec<Outcome>, GoldenError> {
        admins_only(scope)?;
        let mut tx = self.db.read().await?;
        if !store::is_run(&mut tx, scope, run).await? {
            return Err(GoldenError::NotFound);
        }
        Ok(store::results(&mut tx, scope, run).await?)
    }

    /// The ways to search that there are now.
    fn trials(&self) -> Vec<Trial> {
        let off = self.vectors.off();
        let mut trials = vec![Trial { way: Way::Lexical, vectors: off, is_shadow: false }];
        for (vectors, is_shadow) in
            [(self.vectors.clone(), false), (self.vectors.of_shadow(), true)]
        {
            if vectors.missing().is_none() {
                let semantic = Trial { way: Way::Semantic, vectors: vectors.clone(), is_shadow };
                trials.push(semantic);
                trials.push(Trial { way: Way::Hybrid, vectors, is_shadow });
            }
        }
        trials
    }

    /// Asks every question one way.
    async fn attempt(
        &self,
        scope: &Scope,
        trial: &Trial,
        questions: &[Question],
        at: DateTime<Utc>,
    ) -> Result<(Run, Vec<Scores>), GoldenError> {
        let started = Instant::now();
        let mut found = Vec::with_capacity(questions.len());
        for question in questions {
            let passages = self.ranking(scope, trial, question).await?;
            found.push(scores(&ranks(&question.expected, &passages)));
        }
        let generation = trial.vectors.generation();
        let run = Run {
            id: GoldenRunId::new(),
            at,
            way: trial.way,
            generation: generation.as_ref().map(|generation| generation.id),
            model: generation.map(|generation| generation.model),
            is_shadow: trial.is_shadow,
            questions: questions.len() as u64,
            recall_10: mean(&found, |scores| scores.recall_10),
            recall_100: mean(&found, |scores| scores.recall_100),
            mrr: mean(&found, |scores| scores.reciprocal_rank),
            ndcg_10: mean(&found, |scores| scores.ndcg_10),
            took_ms: u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX),
        };
        Ok((run, found))
    }

    /// The passages a question finds one way, best first.
    async fn ranking(
        &self,
        scope: &Scope,
        trial: &Trial,
        question: &Question,
    ) -> Result<Vec<PassageText>, GoldenError> {
        let Question { question: text, case, .. } = question;
        if trial.way == Way::Semantic {
            let narrow = Narrow { case: *case, documents: None };
            let near = trial.vectors.near(scope, &narrow, text, DEPTH).await?;
            let ids: Vec<PassageId> = near.into_iter().map(|found| found.passage).collect();
            let passages = self.documents.passages(scope, &ids).await;
            let mut passages = passages.map_err(super::super::SearchError::from)?;
            passages.retain(|passage| passage.current);
            return Ok(passages);
        }
        let search = self.search.with_vectors(trial.vectors.clone());
        let request =
            Request { text: text.clone(), within: *case, limit: DEPTH, ..Request::default() };
        let results = search.find(scope, &request).await?;
        Ok(results.hits.into_iter().map(|hit| hit.passage).collect())
    }
}

/// The rank, from 1, at which each expected thing is found first.
fn ranks(expected: &[Expected], passages: &[PassageText]) -> Vec<Option<usize>> {
    let place = |one: &Expected| passages.iter().position(|passage| answers(one, passage));
    expected.iter().map(|one| place(one).map(|place| place + 1)).collect()
}

/// Whether a passage is what was expected, or a part of it.
fn answers(expected: &Expected, passage: &PassageText) -> bool {
    if expected.document != passage.document {
        return false;
    }
    let Some(page) = expected.page else { return true };
    let Some(place) = passage.pages.iter().position(|one| one.number == page) else { return false };
    let (Some(start), Some(end)) = (expected.start, expected.end) else { return true };
    let from = if place == 0 { passage.start } else { 0 };
    let to = if place + 1 == passage.pages.len() { passage.end } else { usize::MAX };
    (start as usize) < to && from < end as usize
}
