//! Clients: the people and firms the chamber acts for.

mod store;

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use crate::audit::Audit;
use crate::db::{Db, DbError};
use crate::kernel::{ClientId, Clock, Permission, Scope};

/// What can be done with clients.
#[derive(Clone)]
pub struct Clients {
    db: Db,
    clock: Arc<dyn Clock>,
    audit: Audit,
}

/// What a client is in law.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ClientKind)]
pub enum Kind {
    /// A natural person.
    Person,
    /// A partnership or proprietorship.
    Firm,
    /// A company, LLP or society.
    Company,
    /// A government or its body.
    Government,
}

impl Kind {
    /// The stored form.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Firm => "firm",
            Self::Company => "company",
            Self::Government => "government",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Kind {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "person" => Ok(Self::Person),
            "firm" => Ok(Self::Firm),
            "company" => Ok(Self::Company),
            "government" => Ok(Self::Government),
            other => Err(format!("`{other}` is none of person, firm, company, government")),
        }
    }
}

/// A client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Client {
    /// Its id.
    pub id: ClientId,
    /// How it is called.
    pub name: String,
    /// What it is.
    pub kind: Kind,
    /// Where to write.
    pub email: Option<String>,
    /// Where to call.
    pub phone: Option<String>,
    /// Where it is.
    pub city: Option<String>,
}

/// A client to be added.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct NewClient {
    /// How it is called.
    pub name: String,
    /// What it is.
    pub kind: Kind,
    /// Where to write.
    pub email: Option<String>,
    /// Where to call.
    pub phone: Option<String>,
    /// Where it is.
    pub city: Option<String>,
}

/// Why something could not be done to a client.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// The name is empty.
    #[error("the client's name must not be empty")]
    NoName,
    /// Clients see no clients.
    #[error("there is no such client")]
    NotFound,
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Clients {
    /// Puts the area together.
    #[must_use]
    pub fn new(db: Db, clock: Arc<dyn Clock>, audit: Audit) -> Self {
        Self { db, clock, audit }
    }

    /// Adds a client to the caller's organisation.
    ///
    /// # Errors
    /// Fails on an empty name, and for callers who are clients themselves.
    pub async fn add(&self, scope: &Scope, new: NewClient) -> Result<Client, ClientError> {
        if !scope.may(Permission::AddClients) {
            return Err(ClientError::NotFound);
        }
        let name = new.name.trim().to_owned();
        if name.is_empty() {
            return Err(ClientError::NoName);
        }
        let NewClient { name: _, kind, email, phone, city } = new;
        let client = Client { id: ClientId::new(), name, kind, email, phone, city };
        let mut tx = self.db.write().await?;
        store::insert(&mut tx, scope, &client, self.clock.now()).await?;
        let details = json!({ "client": client.id });
        self.audit
            .record(&mut tx, scope.organisation(), Some(scope.user()), "client.add", details)
            .await?;
        tx.commit().await?;
        Ok(client)
    }

    /// The clients of the caller's organisation, by name; for a member of a case
    /// who is not an admin, those of the cases open to them.
    ///
    /// # Errors
    /// Fails when the database does.
    pub async fn list(&self, scope: &Scope) -> Result<Vec<Client>, ClientError> {
        let mut tx = self.db.read().await?;
        Ok(store::list(&mut tx, scope).await?)
    }
}
