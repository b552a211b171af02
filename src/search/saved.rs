//! Saved searches: what a person asks again and again, under a name.
//!
//! A search is kept as the query part of its address, so it is run again as it was
//! typed, over what is open to the person then. Nobody else sees it.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::address::BadValue;
use super::request::Request;
use crate::audit::{Audit, Changes};
use crate::db::{Db, DbError, Tx};
use crate::kernel::{Clock, SavedSearchId, Scope};
use crate::statement;

/// The longest name, in characters.
const LONGEST_NAME: usize = 120;
/// The longest search, in bytes of its address.
const LONGEST_SEARCH: usize = 8_192;
/// How many a person keeps; more than anybody finds their way in.
const MOST: i64 = 200;

/// What can be done with saved searches.
#[derive(Clone)]
pub struct SavedSearches {
    db: Db,
    clock: Arc<dyn Clock>,
    audit: Audit,
}

/// A search that was saved.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct SavedSearch {
    /// Its id.
    pub id: SavedSearchId,
    /// How it is called.
    pub name: String,
    /// The query part of its address.
    pub search: String,
    /// When it was saved.
    pub created_at: DateTime<Utc>,
}

impl SavedSearch {
    /// What was typed.
    #[must_use]
    pub fn text(&self) -> String {
        Request::from_address(&self.search).map(|request| request.text).unwrap_or_default()
    }
}

/// Why a search could not be saved or changed.
#[derive(Debug, thiserror::Error)]
pub enum SavedError {
    /// The name is empty or too long.
    #[error("give the search a name of at most {LONGEST_NAME} characters")]
    Name,
    /// There is nothing to search for, or too much.
    #[error("there is nothing to save: type a search or pick what to narrow it to first")]
    Nothing,
    /// A value in the search cannot be meant.
    #[error(transparent)]
    Bad(#[from] BadValue),
    /// Too many are kept.
    #[error("{MOST} searches are saved already; delete one that is no longer needed")]
    TooMany,
    /// It is not there, or another person's.
    #[error("there is no such saved search")]
    NotFound,
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl SavedSearches {
    /// Puts them together.
    #[must_use]
    pub fn new(db: Db, clock: Arc<dyn Clock>, audit: Audit) -> Self {
        Self { db, clock, audit }
    }

    /// The caller's saved searches, by name.
    ///
    /// # Errors
    /// Fails when the database does.
    pub async fn list(&self, scope: &Scope) -> Result<Vec<SavedSearch>, SavedError> {
        let mut tx = self.db.read().await?;
        let select = statement!(
            "SELECT id, name, search, created_at FROM saved_searches
             WHERE organisation_id = $1 AND user_id = $2 ORDER BY lower(name), id"
        );
        Ok(tx.all(select.bind(scope.organisation()).bind(scope.user())).await?)
    }

    /// Saves a search, given as the query part of its address.
    ///
    /// # Errors
    /// Fails without a name, with nothing to search for, or when too many are kept.
    pub async fn save(
        &self,
        scope: &Scope,
        name: &str,
        search: &str,
    ) -> Result<SavedSearch, SavedError> {
        let name = checked(name)?;
        let mut request = Request::from_address(search)?;
        request.after = None;
        let search = request.address();
        let nothing = request.text.trim().is_empty() && request.filters.is_empty();
        if nothing || search.len() > LONGEST_SEARCH {
            return Err(SavedError::Nothing);
        }
        let mut tx = self.db.write().await?;
        let count = statement!("SELECT COUNT(*) FROM saved_searches WHERE user_id = $1");
        let (kept,): (i64,) = tx.one(count.bind(scope.user())).await?;
        if kept >= MOST {
            return Err(SavedError::TooMany);
        }
        let (id, created_at) = (SavedSearchId::new(), self.clock.now());
        let insert = statement!(
            "INSERT INTO saved_searches (id, organisation_id, user_id, name, search, created_at)
             VALUES ($1, $2, $3, $4, $5, $6)"
        )
        .bind(id)
        .bind(scope.organisation())
        .bind(scope.user())
        .bind(name.as_str())
        .bind(search.as_str())
        .bind(created_at);
        tx.execute(insert).await?;
        self.record(tx, scope, "saved_search.save", json!({ "saved_search": id })).await?;
        Ok(SavedSearch { id, name, search, created_at })
    }

    /// Gives one of the caller's another name.
    ///
    /// # Errors
    /// Fails without a name, and when it is not one of theirs.
    pub async fn rename(
        &self,
        scope: &Scope,
        id: SavedSearchId,
        name: &str,
    ) -> Result<(), SavedError> {
        let name = checked(name)?;
        let mut tx = self.db.write().await?;
        let select = statement!(
            "SELECT name FROM saved_searches
             WHERE id = $1 AND organisation_id = $2 AND user_id = $3"
        );
        let select = select.bind(id).bind(scope.organisation()).bind(scope.user());
        let before: Option<(String,)> = tx.optional(select).await?;
        let (before,) = before.ok_or(SavedError::NotFound)?;
        let update = statement!(
            "UPDATE saved_searches SET name = $1
             WHERE id = $2 AND organisation_id = $3 AND user_id = $4"
        );
        let update =
            update.bind(name.as_str()).bind(id).bind(scope.organisation()).bind(scope.user());
        tx.execute(update).await?;
        // People name searches after parties; the record holds no names.
        let details = Changes::default().and_withheld("name", before != name);
        let details = details.onto(json!({ "saved_search": id }));
        self.record(tx, scope, "saved_search.rename", details).await
    }

    /// Deletes one of the caller's.
    ///
    /// # Errors
    /// Fails when it is not one of theirs.
    pub async fn delete(&self, scope: &Scope, id: SavedSearchId) -> Result<(), SavedError> {
        let delete = statement!(
            "DELETE FROM saved_searches WHERE id = $1 AND organisation_id = $2 AND user_id = $3"
        );
        let delete = delete.bind(id).bind(scope.organisation()).bind(scope.user());
        let mut tx = self.db.write().await?;
        if tx.execute(delete).await? == 0 {
            return Err(SavedError::NotFound);
        }
        self.record(tx, scope, "saved_search.delete", json!({ "saved_search": id })).await
    }

    /// Writes down what was done, and commits.
    async fn record(
        &self,
        mut tx: Tx,
        scope: &Scope,
        action: &'static str,
        details: Value,
    ) -> Result<(), SavedError> {
        let (organisation, user) = (scope.organisation(), Some(scope.user()));
        self.audit.record(&mut tx, organisation, user, action, details).await?;
        Ok(tx.commit().await?)
    }
}

fn checked(name: &str) -> Result<String, SavedError> {
    let name = name.trim();
    if name.is_empty() || name.chars().count() > LONGEST_NAME {
        return Err(SavedError::Name);
    }
    Ok(name.to_owned())
}
