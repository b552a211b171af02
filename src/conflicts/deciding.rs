//! What was decided on a check: by whom, when and why. A later decision is a further row.

use std::str::FromStr;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::{ConflictError, Conflicts, allowed, store, views};
use crate::kernel::{ConflictCheckId, ContactId, Scope};
use crate::statement;

/// What was decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ConflictDecision)]
pub enum Decision {
    /// There is no conflict.
    NoConflict,
    /// There is one, and the chamber does not act.
    Declined,
    /// There is one, and those concerned agreed that the chamber acts.
    Waived,
}

impl Decision {
    /// Every decision.
    pub const ALL: [Self; 3] = [Self::NoConflict, Self::Declined, Self::Waived];

    /// The stored form.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NoConflict => "no_conflict",
            Self::Declined => "declined",
            Self::Waived => "waived",
        }
    }

    /// What it is, in words.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::NoConflict => "No conflict",
            Self::Declined => "Conflict: not taken",
            Self::Waived => "Conflict: waived with consent",
        }
    }
}

impl FromStr for Decision {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let found = Self::ALL.into_iter().find(|decision| decision.as_str() == text);
        found.ok_or_else(|| format!("`{text}` is no decision on a conflict"))
    }
}

/// A decision with who made it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decided {
    /// What was decided.
    pub decision: Decision,
    /// Why.
    pub reason: String,
    /// By whom.
    pub by: String,
    /// When.
    pub at: DateTime<Utc>,
}

impl Conflicts {
    /// Decides on a check the caller may see: admins, those who lead its case, and, where it
    /// is for no case, the advocate who asked. Never whoever a wall keeps out of anything in
    /// a check of their own, and nobody while a match is not open to them.
    ///
    /// # Errors
    /// Fails when the check is not the caller's to see or decide, or no reason was given.
    pub async fn decide(
        &self,
        scope: &Scope,
        id: ConflictCheckId,
        decision: Decision,
        reason: &str,
    ) -> Result<(), ConflictError> {
        allowed(scope)?;
        let reason = reason.trim();
        if reason.is_empty() || reason.chars().count() > 1000 {
            return Err(ConflictError::NoReason);
        }
        let mut tx = self.parts.db.write().await?;
        let check = views::find(&mut tx, scope, id).await?;
        let own = check.row.asked_by.0 == scope.user();
        let walled = own && store::is_walled(&mut tx, scope.user()).await?;
        if walled || !check.may_decide {
            return Err(ConflictError::NotTheirs);
        }
        let insert = statement!(
            "INSERT INTO conflict_decisions (id, check_id, decision, reason, decided_by, decided_at)
             VALUES ($1, $2, $3, $4, $5, $6)"
        )
        .bind(ContactId::new().uuid())
        .bind(id)
        .bind(decision.as_str())
        .bind(reason)
        .bind(scope.user())
        .bind(self.parts.clock.now());
        tx.execute(insert).await?;
        let details = json!({ "check": id, "case": check.row.case.map(|(case, _)| case),
            "client": check.row.client.map(|(client, _)| client),
            "decision": decision.as_str() });
        let user = Some(scope.user());
        self.parts
            .audit
            .record(&mut tx, scope.organisation(), user, "conflict.decide", details)
            .await?;
        Ok(tx.commit().await?)
    }
}
