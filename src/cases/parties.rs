//! The parties of a case and who appears for them.

use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::{CaseError, Cases, diary, filled};
use crate::kernel::{CaseId, PartyId, Scope};

/// A party to be entered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct NewParty {
    /// How they are called.
    pub name: String,
    /// As the court calls them: `petitioner`, `defendant`, `accused`.
    pub role: String,
    /// Whether the chamber acts for them.
    pub ours: bool,
    /// Who appears for them, when it is not the chamber.
    pub counsel: Option<String>,
}

/// A party of a case.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Party {
    /// Its id.
    pub id: PartyId,
    /// How they are called.
    pub name: String,
    /// As the court calls them.
    pub role: String,
    /// Whether the chamber acts for them.
    pub ours: bool,
    /// Who appears for them, when it is not the chamber.
    pub counsel: Option<String>,
}

impl Cases {
    /// Enters a party of a case, after those it has.
    ///
    /// # Errors
    /// Fails when the case is not the caller's to change, or name or role are missing or
    /// too long.
    pub async fn add_party(
        &self,
        scope: &Scope,
        case: CaseId,
        new: NewParty,
    ) -> Result<PartyId, CaseError> {
        let name =
            filled(Some(new.name))?.ok_or(CaseError::Unfit("say how the party is called"))?;
        let role = filled(Some(new.role))?;
        let role = role.ok_or(CaseError::Unfit("say what the party is in the case"))?;
        let new = NewParty { name, role, counsel: filled(new.counsel)?, ours: new.ours };
        let mut tx = self.db.write().await?;
        self.changes(&mut tx, scope, case).await?;
        let id = PartyId::new();
        diary::insert_party(&mut tx, (id, case), &new).await?;
        self.record(&mut tx, scope, "party.add", json!({ "case": case, "party": id })).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// The parties of a case, in the order they were entered; none when what is in the
    /// case is not open to the caller.
    ///
    /// # Errors
    /// Fails when the database does.
    pub async fn parties(&self, scope: &Scope, case: CaseId) -> Result<Vec<Party>, CaseError> {
        let mut tx = self.db.read().await?;
        Ok(diary::parties(&mut tx, scope, case).await?)
    }
}
