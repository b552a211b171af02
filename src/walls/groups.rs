//! Groups: people named together, so that one wall keeps all of them out.

use serde_json::json;

use super::{WallError, Walls, allowed, reason_of, store};
use crate::audit::Changes;
use crate::db::DbError;
use crate::kernel::{GroupId, Scope, UserId};

/// A group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Its id.
    pub id: GroupId,
    /// How it is called.
    pub name: String,
    /// Who is in it.
    pub members: Vec<GroupMember>,
    /// How many walls that stand name it.
    pub walls: i64,
}

/// Someone in a group.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct GroupMember {
    /// Who.
    pub user_id: UserId,
    /// How they are called.
    pub name: String,
}

fn name_of(name: &str) -> Result<String, WallError> {
    let name = name.trim();
    if name.is_empty() { Err(WallError::NoName) } else { Ok(name.chars().take(200).collect()) }
}

/// A change that met a name taken, in our words.
fn unless_taken<T>(done: Result<T, DbError>) -> Result<T, WallError> {
    match done {
        Err(error) if error.is_conflict() => Err(WallError::NameTaken),
        done => Ok(done?),
    }
}

impl Walls {
    /// Every group, by name.
    ///
    /// # Errors
    /// Fails unless the caller looks after walls.
    pub async fn groups(&self, scope: &Scope) -> Result<Vec<Group>, WallError> {
        allowed(scope)?;
        let mut tx = self.db.read().await?;
        Ok(store::groups(&mut tx, scope).await?)
    }

    /// Makes a group with nobody in it.
    ///
    /// # Errors
    /// Fails without a name or with one that is taken, and unless the caller looks
    /// after walls.
    pub async fn add_group(&self, scope: &Scope, name: &str) -> Result<GroupId, WallError> {
        allowed(scope)?;
        let name = name_of(name)?;
        let id = GroupId::new();
        let mut tx = self.db.write().await?;
        unless_taken(store::insert_group(&mut tx, scope, id, &name, self.clock.now()).await)?;
        let details = Changes::of("name", None::<&str>, &name).onto(json!({ "group": id }));
        self.record(&mut tx, scope, "group.add", details).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// Gives a group another name.
    ///
    /// # Errors
    /// As [`Walls::add_group`], and when there is no such group.
    pub async fn rename_group(
        &self,
        scope: &Scope,
        id: GroupId,
        name: &str,
    ) -> Result<(), WallError> {
        allowed(scope)?;
        let name = name_of(name)?;
        let mut tx = self.db.write().await?;
        let before = store::group_name(&mut tx, scope, id).await?.ok_or(WallError::NoGroup)?;
        unless_taken(store::rename_group(&mut tx, id, &name).await)?;
        let details = Changes::of("name", before, &name).onto(json!({ "group": id }));
        self.record(&mut tx, scope, "group.rename", details).await?;
        Ok(tx.commit().await?)
    }

    /// Deletes a group that no wall names.
    ///
    /// # Errors
    /// Fails when there is no such group, a wall names or named it, and unless the
    /// caller looks after walls.
    pub async fn delete_group(&self, scope: &Scope, id: GroupId) -> Result<(), WallError> {
        allowed(scope)?;
        let mut tx = self.db.write().await?;
        let name = store::group_name(&mut tx, scope, id).await?.ok_or(WallError::NoGroup)?;
        if store::count_walls_of(&mut tx, id).await? > 0 {
            return Err(WallError::Named);
        }
        store::delete_group(&mut tx, id).await?;
        let details = Changes::of("name", name, None::<&str>).onto(json!({ "group": id }));
        self.record(&mut tx, scope, "group.delete", details).await?;
        Ok(tx.commit().await?)
    }

    /// Puts someone into a group; the walls that name it keep them out from now on.
    ///
    /// # Errors
    /// Fails when there is no such group or person, and unless the caller looks after
    /// walls.
    pub async fn add_to_group(
        &self,
        scope: &Scope,
        id: GroupId,
        user: UserId,
    ) -> Result<(), WallError> {
        allowed(scope)?;
        let mut tx = self.db.write().await?;
        store::group_name(&mut tx, scope, id).await?.ok_or(WallError::NoGroup)?;
        if !store::is_person(&mut tx, scope, user).await? {
            return Err(WallError::NoPerson);
        }
        store::insert_group_member(&mut tx, id, user).await?;
        let details = Changes::of("member", false, true);
        let details = details.onto(json!({ "group": id, "user": user }));
        self.record(&mut tx, scope, "group.member.add", details).await?;
        Ok(tx.commit().await?)
    }

    /// Takes someone out of a group. While walls name it that opens what they kept the
    /// person out of, so a reason is asked for and recorded.
    ///
    /// # Errors
    /// Fails when there is no such group or member, a reason is missing, and unless
    /// the caller looks after walls.
    pub async fn take_from_group(
        &self,
        scope: &Scope,
        id: GroupId,
        user: UserId,
        reason: &str,
    ) -> Result<(), WallError> {
        allowed(scope)?;
        let mut tx = self.db.write().await?;
        store::group_name(&mut tx, scope, id).await?.ok_or(WallError::NoGroup)?;
        let reason = if store::count_standing(&mut tx, id).await? > 0 {
            Some(reason_of(reason)?)
        } else {
            reason_of(reason).ok()
        };
        if store::delete_group_member(&mut tx, id, user).await? == 0 {
            return Err(WallError::NoPerson);
        }
        let details = Changes::of("member", true, false);
        let details = details.onto(json!({ "group": id, "user": user, "reason": reason }));
        self.record(&mut tx, scope, "group.member.remove", details).await?;
        Ok(tx.commit().await?)
    }
}
