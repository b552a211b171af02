//! Cases: the unit of work an advocate opens and works on.
//!
//! A case is open to its *members*, and to admins. To everyone else it does not
//! exist: not theirs and not there are the same answer. The other areas lean on
//! [`Cases::find`] for that decision.

mod store;

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use crate::audit::Audit;
use crate::db::{Db, DbError};
use crate::kernel::{CaseId, ClientId, Clock, Role, Scope, UserId};

/// What can be done with cases.
#[derive(Clone)]
pub struct Cases {
    db: Db,
    clock: Arc<dyn Clock>,
    audit: Audit,
}

/// A matter.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Case {
    /// Its id.
    pub id: CaseId,
    /// Who the chamber acts for.
    pub client_id: Option<ClientId>,
    /// The client's name.
    pub client_name: Option<String>,
    /// How it is called: `A v. B`.
    pub title: String,
    /// The court's number for it.
    pub number: Option<String>,
    /// The court.
    pub court: Option<String>,
    /// The national case number record.
    pub cnr: Option<String>,
    /// What it is about.
    pub summary: Option<String>,
    /// `open` or `closed`.
    pub status: String,
    /// When the chamber took it on, as `YYYY-MM-DD`.
    pub opened_on: String,
    /// When it was entered here.
    pub created_at: DateTime<Utc>,
    /// How many documents it has.
    pub documents: i64,
    /// How many of them are still being read.
    pub reading: i64,
    /// How many could not be read.
    pub failed: i64,
    /// When a document was last added, or the case itself.
    pub touched_at: DateTime<Utc>,
}

/// A case to be opened.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct NewCase {
    /// How it is called.
    pub title: String,
    /// The court's number for it.
    pub number: Option<String>,
    /// The court.
    pub court: Option<String>,
    /// The national case number record.
    pub cnr: Option<String>,
    /// Who the chamber acts for.
    pub client_id: Option<ClientId>,
    /// What it is about.
    pub summary: Option<String>,
    /// When the chamber took it on; today when left out.
    pub opened_on: Option<NaiveDate>,
}

/// Someone who works on a case.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow, Serialize, ToSchema)]
pub struct Member {
    /// Who.
    pub user_id: UserId,
    /// How they are called.
    pub name: String,
    /// What they sign in with.
    pub email: String,
}

/// Why something could not be done to a case.
#[derive(Debug, thiserror::Error)]
pub enum CaseError {
    /// It is not there, or not open to the caller.
    #[error("there is no such case")]
    NotFound,
    /// The title is empty.
    #[error("the case's title must not be empty")]
    NoTitle,
    /// The client is not one of the organisation's.
    #[error("there is no such client")]
    NoClient,
    /// The person is not one who can work on cases here.
    #[error("only active advocates and staff of the chamber can be members of a case")]
    NoMember,
    /// Clients open no cases.
    #[error("only the chamber's own people may do that")]
    NotAllowed,
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Cases {
    /// Puts the area together.
    #[must_use]
    pub fn new(db: Db, clock: Arc<dyn Clock>, audit: Audit) -> Self {
        Self { db, clock, audit }
    }

    /// Opens a case; an advocate or staff member who opens one is its first member.
    ///
    /// # Errors
    /// Fails on an empty title, an unknown client, or for a client.
    pub async fn open(&self, scope: &Scope, new: NewCase) -> Result<CaseId, CaseError> {
        if scope.role() == Role::Client {
            return Err(CaseError::NotAllowed);
        }
        if new.title.trim().is_empty() {
            return Err(CaseError::NoTitle);
        }
        let now = self.clock.now();
        let id = CaseId::new();
        let mut tx = self.db.write().await?;
        if let Some(client) = new.client_id
            && !store::client_exists(&mut tx, scope, client).await?
        {
            return Err(CaseError::NoClient);
        }
        store::insert(&mut tx, scope, id, new, now).await?;
        if scope.role() != Role::Admin {
            store::insert_member(&mut tx, id, scope.user(), now).await?;
        }
        self.record(&mut tx, scope, "case.open", json!({ "case": id })).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// A case the caller may see.
    ///
    /// # Errors
    /// Fails with [`CaseError::NotFound`] when it is not there or not open to them.
    pub async fn find(&self, scope: &Scope, id: CaseId) -> Result<Case, CaseError> {
        let mut tx = self.db.read().await?;
        store::find(&mut tx, scope, id).await?.ok_or(CaseError::NotFound)
    }

    /// The cases the caller may see, newest first.
    ///
    /// # Errors
    /// Fails when the database does.
    pub async fn list(&self, scope: &Scope) -> Result<Vec<Case>, CaseError> {
        let mut tx = self.db.read().await?;
        Ok(store::list(&mut tx, scope).await?)
    }

    /// The case of that title among those the caller may see.
    ///
    /// # Errors
    /// Fails with [`CaseError::NotFound`] when there is none.
    pub async fn find_titled(&self, scope: &Scope, title: &str) -> Result<Case, CaseError> {
        let mut tx = self.db.read().await?;
        store::find_titled(&mut tx, scope, title.trim()).await?.ok_or(CaseError::NotFound)
    }

    /// Who works on a case.
    ///
    /// # Errors
    /// Fails with [`CaseError::NotFound`] when the case is not open to the caller.
    pub async fn members(&self, scope: &Scope, id: CaseId) -> Result<Vec<Member>, CaseError> {
        let mut tx = self.db.read().await?;
        store::find(&mut tx, scope, id).await?.ok_or(CaseError::NotFound)?;
        Ok(store::members(&mut tx, id).await?)
    }

    /// Lets an advocate or staff member work on a case.
    ///
    /// # Errors
    /// Fails when the case is not open to the caller, or the person is not one who
    /// can be a member.
    pub async fn add_member(
        &self,
        scope: &Scope,
        id: CaseId,
        user: UserId,
    ) -> Result<(), CaseError> {
        let mut tx = self.db.write().await?;
        store::find(&mut tx, scope, id).await?.ok_or(CaseError::NotFound)?;
        if !store::may_be_member(&mut tx, scope, user).await? {
            return Err(CaseError::NoMember);
        }
        store::insert_member(&mut tx, id, user, self.clock.now()).await?;
        let details = json!({ "case": id, "user": user });
        self.record(&mut tx, scope, "case.member.add", details).await?;
        Ok(tx.commit().await?)
    }

    /// Takes someone off a case; from then on it does not exist for them.
    ///
    /// # Errors
    /// Fails when the case is not open to the caller.
    pub async fn remove_member(
        &self,
        scope: &Scope,
        id: CaseId,
        user: UserId,
    ) -> Result<(), CaseError> {
        let mut tx = self.db.write().await?;
        store::find(&mut tx, scope, id).await?.ok_or(CaseError::NotFound)?;
        store::delete_member(&mut tx, id, user).await?;
        let details = json!({ "case": id, "user": user });
        self.record(&mut tx, scope, "case.member.remove", details).await?;
        Ok(tx.commit().await?)
    }

    async fn record(
        &self,
        tx: &mut crate::db::Tx,
        scope: &Scope,
        action: &'static str,
        details: serde_json::Value,
    ) -> Result<(), DbError> {
        self.audit.record(tx, scope.organisation(), Some(scope.user()), action, details).await
    }
}
