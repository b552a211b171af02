//! Searching from what one has before one: who cites an authority, and passages like
//! a passage.

use std::sync::Arc;

use super::fuse::Fused;
use super::hybrid::{Search, grouped, in_order};
use super::index::Found;
use super::query::Query;
use super::results::{Results, SearchError};
use crate::audit::Searched;
use crate::documents::DocumentError;
use crate::kernel::{CaseId, PassageId, Scope};

impl Search {
    /// Passages of other documents that are most like a passage, by the words it is
    /// most about. Written down, as every search is.
    ///
    /// # Errors
    /// Fails when the passage is not there or not open to the caller, and when the index
    /// or the database fails.
    pub async fn similar(
        &self,
        scope: &Scope,
        within: Option<CaseId>,
        passage: PassageId,
        limit: usize,
    ) -> Result<Results, SearchError> {
        let given = self.documents.passages(scope, &[passage]).await?.into_iter().next();
        let given = given.ok_or(DocumentError::NotFound)?;
        let reading = match &given.paragraph {
            Some(paragraph) => {
                format!("searched for passages like paragraph {paragraph} of “{}”", given.title)
            }
            None => {
                format!(
                    "searched for passages like one on page {} of “{}”",
                    given.page(),
                    given.title
                )
            }
        };
        let (index, scope_of) = (Arc::clone(&self.index), scope.clone());
        let document = given.document;
        let like = move || {
            let except = Some(document);
            index.ask(|index| index.similar(&scope_of, within, &given.text, except, limit))
        };
        let hits =
            tokio::task::spawn_blocking(like).await.map_err(|_| SearchError::Interrupted)??;
        let found = Found { hits, ..Found::default() };
        let results = self.listed(scope, reading, &Query::parse(""), found).await?;
        let searched = Searched {
            kind: "similar",
            text: &passage.to_string(),
            case: within,
            document: Some(document),
            documents: Some(results.documents as u64),
        };
        self.documents.searched(scope, searched).await?;
        Ok(results)
    }

    /// The documents that cite an authority by any of its citations, the newest first,
    /// each by the passage that does. Written down, as every search is.
    ///
    /// # Errors
    /// Fails when the index or the database does.
    pub async fn citing(
        &self,
        scope: &Scope,
        authority: &str,
        limit: usize,
    ) -> Result<Results, SearchError> {
        let (index, scope_of) = (Arc::clone(&self.index), scope.clone());
        let asked = authority.to_owned();
        let citing = move || index.ask(|index| index.citing(&scope_of, None, &asked, limit, None));
        let citing =
            tokio::task::spawn_blocking(citing).await.map_err(|_| SearchError::Interrupted)??;
        let named: Vec<String> =
            citing.citations.iter().map(|citation| format!("“{citation}”")).collect();
        let reading = format!("searched for documents that cite {}", named.join(" or "));
        let query = Query::parse(&citing.citations.join(" OR "));
        let results = self.listed(scope, reading, &query, citing.found).await?;
        let searched = Searched {
            kind: "citing",
            text: authority,
            case: None,
            document: None,
            documents: Some(results.documents as u64),
        };
        self.documents.searched(scope, searched).await?;
        Ok(results)
    }

    async fn listed(
        &self,
        scope: &Scope,
        reading: String,
        query: &Query,
        found: Found,
    ) -> Result<Results, SearchError> {
        let mut results = Results { reading, notice: self.index.notice(), ..Results::default() };
        let ranking: Vec<Fused> = in_order(&found);
        let passages = self.fetch(scope, &ranking).await?;
        results.take(query, &ranking, &passages, &grouped(&passages));
        results.documents = found.documents.max(results.hits.len());
        Ok(results)
    }
}
