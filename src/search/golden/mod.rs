//! Golden questions: what an organisation asks its own search to see whether it is
//! good, before and after something changes.
//!
//! A golden question says what should be found for it: documents, pages, or spans of
//! a page. A *run* asks every question one way: by words, by meaning or by both, with
//! the live vectors or with those that another model is making (`run.rs`). Its figures
//! are kept, so that before and after stand side by side.
//!
//! Questions belong to the organisation and are kept by its admins; a run sees what
//! the admin who starts it may see.

mod lines;
mod metrics;
mod run;
mod store;

use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::Search;
use crate::audit::{Audit, Changes};
use crate::db::{Db, DbError};
use crate::documents::{DocumentError, Documents};
use crate::kernel::{CaseId, Clock, DocumentId, GoldenId, Permission, Scope};
use crate::vectors::{VectorError, Vectors};

pub use run::{Batch, Outcome, Run, Way};

/// The longest question, in characters.
const LONGEST: usize = 1_000;
/// The most questions of an organisation: a run asks every one of them.
const MOST: i64 = 500;
/// The most answers expected of one question.
const MOST_EXPECTED: usize = 50;

/// What can be done with golden questions.
#[derive(Clone)]
pub struct Golden {
    db: Db,
    clock: Arc<dyn Clock>,
    audit: Audit,
    documents: Documents,
    search: Search,
    vectors: Vectors,
}

/// What golden questions lean on.
pub struct GoldenParts {
    /// The tables.
    pub db: Db,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// The record.
    pub audit: Audit,
    /// What should be found.
    pub documents: Documents,
    /// The search that is tried.
    pub search: Search,
    /// The vectors it looks at.
    pub vectors: Vectors,
}

/// A question whose right answers are known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// Its id.
    pub id: GoldenId,
    /// What is asked, as one would type it.
    pub question: String,
    /// The case it is asked in; over everything when there is none.
    pub case: Option<CaseId>,
    /// What to know about it.
    pub note: String,
    /// What should be found.
    pub expected: Vec<Expected>,
    /// When it was last changed.
    pub changed_at: DateTime<Utc>,
}

/// What a golden question is to say.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewGoldenQuestion)]
pub struct NewQuestion {
    /// What is asked, as one would type it.
    pub question: String,
    /// The case it is asked in; over everything when left out.
    #[serde(default)]
    pub case: Option<CaseId>,
    /// What to know about it.
    #[serde(default)]
    pub note: String,
    /// What should be found.
    #[serde(default)]
    pub expected: Vec<Expected>,
}

/// Something that should be found: a document, a page of it, or a span of the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = GoldenExpected)]
pub struct Expected {
    /// The document.
    pub document: DocumentId,
    /// The page, from 1; anywhere in the document when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<u32>,
    /// Where the span begins, in bytes of the page's text; the whole page when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start: Option<u32>,
    /// Where it ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end: Option<u32>,
}

/// Why something could not be done with golden questions.
#[derive(Debug, thiserror::Error)]
pub enum GoldenError {
    /// Only admins may.
    #[error("only an admin may keep golden questions")]
    AdminOnly,
    /// There is no such question or run.
    #[error("there is no such golden question")]
    NotFound,
    /// The question is empty or too long.
    #[error("type a question of up to {LONGEST} characters")]
    Length,
    /// Nothing is expected, or too much.
    #[error("say what should be found: between one document or page and {MOST_EXPECTED}")]
    Expected,
    /// A span is not one.
    #[error("a span needs a page, and a beginning before its end")]
    Span,
    /// The case or a document is not there, or not open to the caller.
    #[error("{0}")]
    Document(String),
    /// There are too many questions.
    #[error("{MOST} golden questions are the most; delete some first")]
    TooMany,
    /// There are no questions to run.
    #[error("there are no golden questions yet; add some first")]
    NoneYet,
    /// A line of a file cannot be read.
    #[error("line {line}: {reason}")]
    Line {
        /// The line's number, from 1.
        line: usize,
        /// What is wrong with it.
        reason: String,
    },
    /// The search failed.
    #[error(transparent)]
    Search(#[from] super::SearchError),
    /// The embedding model or the vectors failed.
    #[error(transparent)]
    Vectors(#[from] VectorError),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbError),
}

fn admins_only(scope: &Scope) -> Result<(), GoldenError> {
    if scope.may(Permission::RunService) { Ok(()) } else { Err(GoldenError::AdminOnly) }
}

impl Golden {
    /// Puts the area together.
    #[must_use]
    pub fn new(parts: GoldenParts) -> Self {
        let GoldenParts { db, clock, audit, documents, search, vectors } = parts;
        Self { db, clock, audit, documents, search, vectors }
    }

    /// Every golden question that asks about nothing a wall keeps the caller from, in
    /// the order they were added.
    ///
    /// # Errors
    /// Fails for anyone but an admin, or when the database does.
    pub async fn list(&self, scope: &Scope) -> Result<Vec<Question>, GoldenError> {
        admins_only(scope)?;
        let mut tx = self.db.read().await?;
        Ok(store::list(&mut tx, scope).await?)
    }

    /// One golden question.
    ///
    /// # Errors
    /// Fails when there is no such question, or for anyone but an admin.
    pub async fn find(&self, scope: &Scope, id: GoldenId) -> Result<Question, GoldenError> {
        let questions = self.list(scope).await?;
        questions.into_iter().find(|one| one.id == id).ok_or(GoldenError::NotFound)
    }

    /// Adds a golden question.
    ///
    /// # Errors
    /// Fails on a question that does not make sense, names what is not there, or is
    /// one too many; and for anyone but an admin.
    pub async fn add(&self, scope: &Scope, new: NewQuestion) -> Result<GoldenId, GoldenError> {
        let ids = self.add_all(scope, vec![new]).await?;
        ids.into_iter().next().ok_or(GoldenError::NotFound)
    }

    /// Changes a golden question.
    ///
    /// # Errors
    /// As [`Golden::add`], and when there is no such question.
    pub async fn change(
        &self,
        scope: &Scope,
        id: GoldenId,
        new: NewQuestion,
    ) -> Result<(), GoldenError> {
        admins_only(scope)?;
        let before = self.find(scope, id).await?;
        let new = self.checked(scope, new).await?;
        let mut tx = self.db.write().await?;
        if !store::change(&mut tx, scope.organisation(), id, &new, self.clock.now()).await? {
            return Err(GoldenError::NotFound);
        }
        let (organisation, user) = (scope.organisation(), Some(scope.user()));
        let details = Changes::of("case", before.case, new.case)
            .and("expected", &before.expected, &new.expected)
            .and_withheld("question", before.question != new.question)
            .and_withheld("note", before.note != new.note)
            .onto(json!({ "question": id }));
        self.audit.record(&mut tx, organisation, user, "golden.change", details).await?;
        Ok(tx.commit().await?)
    }

    /// Deletes a golden question. What runs found for it is kept.
    ///
    /// # Errors
    /// Fails when there is no such question, or for anyone but an admin.
    pub async fn delete(&self, scope: &Scope, id: GoldenId) -> Result<(), GoldenError> {
        self.find(scope, id).await?;
        let mut tx = self.db.write().await?;
        if !store::delete(&mut tx, scope.organisation(), id).await? {
            return Err(GoldenError::NotFound);
        }
        let (organisation, user) = (scope.organisation(), Some(scope.user()));
        let details = json!({ "question": id });
        self.audit.record(&mut tx, organisation, user, "golden.delete", details).await?;
        Ok(tx.commit().await?)
    }

    /// Adds questions, all or none of them.
    async fn add_all(
        &self,
        scope: &Scope,
        new: Vec<NewQuestion>,
    ) -> Result<Vec<GoldenId>, GoldenError> {
        admins_only(scope)?;
        let mut checked = Vec::with_capacity(new.len());
        for one in new {
            checked.push(self.checked(scope, one).await?);
        }
        let mut tx = self.db.write().await?;
        let there = store::count(&mut tx, scope.organisation()).await?;
        if there.saturating_add(i64::try_from(checked.len()).unwrap_or(i64::MAX)) > MOST {
            return Err(GoldenError::TooMany);
        }
        let now = self.clock.now();
        let mut ids = Vec::with_capacity(checked.len());
        for one in &checked {
            let id = GoldenId::new();
            store::insert(&mut tx, scope, id, one, now).await?;
            ids.push(id);
        }
        let details = json!({ "questions": ids.len() });
        let (organisation, user) = (scope.organisation(), Some(scope.user()));
        self.audit.record(&mut tx, organisation, user, "golden.add", details).await?;
        tx.commit().await?;
        Ok(ids)
    }

    /// A question as it is kept, if it makes sense and names only what is there.
    async fn checked(&self, scope: &Scope, new: NewQuestion) -> Result<NewQuestion, GoldenError> {
        let NewQuestion { question, case, note, mut expected } = new;
        let question = question.trim().to_owned();
        if question.is_empty() || question.chars().count() > LONGEST {
            return Err(GoldenError::Length);
        }
        expected.dedup();
        if expected.is_empty() || expected.len() > MOST_EXPECTED {
            return Err(GoldenError::Expected);
        }
        if let Some(case) = case {
            self.documents.list(scope, case).await.map_err(refused)?;
        }
        for one in &expected {
            let whole = matches!((one.start, one.end), (None, None));
            let span = matches!((one.start, one.end), (Some(start), Some(end)) if start < end);
            if one.page == Some(0) || !(whole || span && one.page.is_some()) {
                return Err(GoldenError::Span);
            }
            self.documents.find(scope, one.document).await.map_err(refused)?;
        }
        Ok(NewQuestion { question, case, note: note.trim().to_owned(), expected })
    }
}

/// What is not there, in words; a failure of ours stays one.
fn refused(error: DocumentError) -> GoldenError {
    match error {
        DocumentError::Db(error) => GoldenError::Db(error),
        error => GoldenError::Document(error.to_string()),
    }
}
