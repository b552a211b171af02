//! Who works on a case, and what they may do in it.

use chrono::{DateTime, Utc};
use serde_json::json;

use super::{CaseError, Cases, store};
use crate::audit::Changes;
use crate::db::Tx;
use crate::kernel::{CaseId, CaseRole, Role, Scope, UserId};

/// Someone who works on a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Who.
    pub user_id: UserId,
    /// How they are called.
    pub name: String,
    /// What they sign in with.
    pub email: String,
    /// What they may do in the case.
    pub role: CaseRole,
    /// Since when.
    pub added_at: DateTime<Utc>,
    /// Whether the case is open to them all the same: an ethical wall, another role in
    /// the chamber or an account switched off closes it.
    pub has_access: bool,
}

impl Cases {
    /// Who works on a case.
    ///
    /// # Errors
    /// Fails with [`CaseError::NotFound`] when the caller does not know of the case.
    pub async fn members(&self, scope: &Scope, id: CaseId) -> Result<Vec<Member>, CaseError> {
        let mut tx = self.db.read().await?;
        store::find(&mut tx, scope, id).await?.ok_or(CaseError::NotFound)?;
        Ok(store::members(&mut tx, id).await?)
    }

    /// Lets an advocate or staff member work on a case, or changes what they may do in
    /// it.
    ///
    /// # Errors
    /// Fails when the caller does not lead the case, the person is not one who can be
    /// a member, or nobody would lead the case any more.
    pub async fn set_member(
        &self,
        scope: &Scope,
        id: CaseId,
        user: UserId,
        role: CaseRole,
    ) -> Result<(), CaseError> {
        let mut tx = self.db.write().await?;
        self.to_be_led(&mut tx, scope, id).await?;
        if !store::may_be_member(&mut tx, scope, id, user).await? {
            return Err(CaseError::NoMember);
        }
        let before = store::member_role(&mut tx, id, user).await?;
        store::set_member(&mut tx, scope, id, (user, role), self.clock.now()).await?;
        if before == Some(CaseRole::Lead) {
            keeps_a_lead(&mut tx, scope, id).await?;
        }
        let details = Changes::of("role", before, role).onto(json!({ "case": id, "user": user }));
        let action = if before.is_some() { "case.member.change" } else { "case.member.add" };
        self.record(&mut tx, scope, action, details).await?;
        Ok(tx.commit().await?)
    }

    /// Takes someone off a case; from then on it does not exist for them. Anyone may
    /// leave a case themselves.
    ///
    /// # Errors
    /// Fails when the caller does not lead the case, or nobody would lead it any more.
    pub async fn remove_member(
        &self,
        scope: &Scope,
        id: CaseId,
        user: UserId,
    ) -> Result<(), CaseError> {
        let mut tx = self.db.write().await?;
        if user != scope.user() || !scope.opens(id) {
            self.to_be_led(&mut tx, scope, id).await?;
        }
        let Some(before) = store::member_role(&mut tx, id, user).await? else {
            return Err(CaseError::NotFound);
        };
        store::delete_member(&mut tx, id, user).await?;
        if before == CaseRole::Lead {
            keeps_a_lead(&mut tx, scope, id).await?;
        }
        let details = Changes::of("role", Some(before), None::<CaseRole>);
        let details = details.onto(json!({ "case": id, "user": user }));
        self.record(&mut tx, scope, "case.member.remove", details).await?;
        Ok(tx.commit().await?)
    }

    /// Makes sure that the caller says who works on a case.
    async fn to_be_led(&self, tx: &mut Tx, scope: &Scope, id: CaseId) -> Result<(), CaseError> {
        store::find(tx, scope, id).await?.ok_or(CaseError::NotFound)?;
        if !scope.opens(id) {
            return Err(CaseError::NotFound);
        }
        if scope.leads(id) && store::leads(tx, scope, id).await? {
            Ok(())
        } else {
            Err(CaseError::LeadsOnly)
        }
    }
}

/// Refuses to leave a case without somebody to lead it; an admin may, and can appoint
/// another at any time.
async fn keeps_a_lead(tx: &mut Tx, scope: &Scope, id: CaseId) -> Result<(), CaseError> {
    if scope.role() == Role::Admin || store::count_leads(tx, id).await? > 0 {
        Ok(())
    } else {
        Err(CaseError::LastLead)
    }
}
