//! Legal holds: what must not be erased, by whose word, and until when.

use chrono::{DateTime, Utc};
use serde_json::json;

use super::{Privacy, PrivacyError, allowed, store};
use crate::audit::Changes;
use crate::db::{DbError, Rows, Tx};
use crate::kernel::{CaseId, ClientId, HoldId, Scope, UserId};

/// The longest reason, in characters.
const LONGEST_REASON: usize = 2_000;

/// What a hold is on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum On {
    /// A case.
    Case(CaseId),
    /// Everything of a client.
    Client(ClientId),
}

/// A legal hold.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Hold {
    /// Its id.
    pub id: HoldId,
    /// The client it is on.
    pub client_id: Option<ClientId>,
    /// The case it is on.
    pub case_id: Option<CaseId>,
    /// How the client or case is called.
    pub name: String,
    /// Why.
    pub reason: String,
    /// By whom.
    pub placed_by: UserId,
    /// Since when.
    pub placed_at: DateTime<Utc>,
    /// When it was lifted.
    pub lifted_at: Option<DateTime<Utc>>,
    /// Why it was lifted.
    pub lifted_reason: Option<String>,
}

impl Privacy {
    /// Places a hold.
    ///
    /// # Errors
    /// Fails without a reason, or when the case or client is not open to the caller.
    pub async fn hold(&self, scope: &Scope, on: On, reason: &str) -> Result<HoldId, PrivacyError> {
        allowed(scope)?;
        let reason = checked(reason)?;
        let mut tx = self.db.write().await?;
        let is_open = match on {
            On::Case(id) => {
                scope.opens(id) && store::case(&mut tx, scope.organisation(), id).await?.is_some()
            }
            On::Client(id) => store::knows_client(&mut tx, scope.user(), id).await?,
        };
        if !is_open {
            return Err(PrivacyError::NotFound);
        }
        let id = HoldId::new();
        store::insert_hold(&mut tx, id, scope, on, reason, self.clock.now()).await?;
        let details = match on {
            On::Case(case) => json!({ "hold": id, "case": case }),
            On::Client(client) => json!({ "hold": id, "client": client }),
        };
        let details = Changes::of("stands", false, true).onto(details);
        self.record(&mut tx, scope, "hold.place", details).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// Lifts a hold.
    ///
    /// # Errors
    /// Fails without a reason, or when there is no such hold that stands.
    pub async fn lift(&self, scope: &Scope, id: HoldId, reason: &str) -> Result<(), PrivacyError> {
        allowed(scope)?;
        let reason = checked(reason)?;
        let mut tx = self.db.write().await?;
        let lifted = store::lift_hold(&mut tx, id, scope, reason, self.clock.now()).await?;
        if lifted == 0 {
            return Err(PrivacyError::NotFound);
        }
        let details = Changes::of("stands", true, false).onto(json!({ "hold": id }));
        self.record(&mut tx, scope, "hold.lift", details).await?;
        Ok(tx.commit().await?)
    }

    /// The holds of the caller's organisation on what is open to the caller; those that
    /// stand first.
    ///
    /// # Errors
    /// Fails for callers who do not protect data.
    pub async fn holds(&self, scope: &Scope) -> Result<Vec<Hold>, PrivacyError> {
        allowed(scope)?;
        let mut tx = self.db.read().await?;
        Ok(store::holds(&mut tx, scope).await?)
    }
}

fn checked(reason: &str) -> Result<&str, PrivacyError> {
    let reason = reason.trim();
    if reason.is_empty() || reason.chars().count() > LONGEST_REASON {
        let words = format!("give a reason of at most {LONGEST_REASON} characters");
        return Err(PrivacyError::Invalid(words));
    }
    Ok(reason)
}

/// The reason of a hold that keeps any of these rows.
pub(super) async fn standing(tx: &mut Tx, rows: &Rows) -> Result<Option<String>, DbError> {
    for (table, column) in
        [("cases", Column::Case), ("clients", Column::Client), ("documents", Column::Document)]
    {
        for &id in rows.get(table).into_iter().flatten() {
            if let Some(reason) = store::hold_on(tx, column, id).await? {
                return Ok(Some(reason));
            }
        }
    }
    Ok(None)
}

/// Through what a hold is looked for.
#[derive(Debug, Clone, Copy)]
pub(super) enum Column {
    /// A case, or its client.
    Case,
    /// A client.
    Client,
    /// The case of a document, or its client.
    Document,
}
