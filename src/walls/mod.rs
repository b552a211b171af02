//! Ethical walls: who is kept out of a case, or of everything of a client, whatever
//! else they hold; groups of people named together; and why somebody can see
//! something.
//!
//! A wall has effect through the views of the tables that every statement asks, so it
//! closes a case everywhere at once. Admins are kept out like everybody else, until
//! the wall is lifted with a reason that is recorded.

mod explain;
mod groups;
mod store;

use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde_json::json;

use crate::audit::{Audit, Changes};
use crate::db::{Db, DbError, Tx};
use crate::kernel::{CaseId, ClientId, Clock, GroupId, Permission, Scope, UserId, WallId};

pub use explain::{Access, Reason, ReasonKind, Subject};
pub use groups::{Group, GroupMember};

/// The longest reason, in characters.
pub const LONGEST_REASON: usize = 1000;

/// What can be done with walls and groups.
#[derive(Clone)]
pub struct Walls {
    db: Db,
    clock: Arc<dyn Clock>,
    audit: Audit,
}

/// Whom a wall keeps out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    /// One person.
    Person(UserId),
    /// Everyone in a group, also those who join it later.
    Group(GroupId),
}

/// What a wall keeps them out of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// One case.
    Case(CaseId),
    /// Every case of a client, and the client.
    Client(ClientId),
}

/// A wall to be raised.
#[derive(Debug, Clone)]
pub struct NewWall {
    /// Whom it keeps out.
    pub who: Who,
    /// Of what.
    pub what: What,
    /// Why.
    pub reason: String,
}

/// A wall.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wall {
    /// Its id.
    pub id: WallId,
    /// Whom it keeps out.
    pub who: Who,
    /// What the person or group is called.
    pub who_name: String,
    /// Whether it is about a client and not about one case.
    pub of_client: bool,
    /// What it keeps them out of, with its title or name; withheld from a reader whom
    /// a wall keeps from knowing it.
    pub what: Option<(What, String)>,
    /// Why it was raised.
    pub reason: String,
    /// Who raised it.
    pub raised_by: String,
    /// When.
    pub raised_at: DateTime<Utc>,
    /// How it was lifted; none while it stands.
    pub lifted: Option<Lifted>,
}

/// How a wall was lifted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lifted {
    /// By whom.
    pub by: String,
    /// When.
    pub at: DateTime<Utc>,
    /// Why.
    pub reason: String,
}

/// Why something could not be done to a wall or a group.
#[derive(Debug, thiserror::Error)]
pub enum WallError {
    /// Only those may who look after walls.
    #[error("only an admin may do that")]
    NotAllowed,
    /// The wall is not there, or was lifted before.
    #[error("there is no such wall standing")]
    NotFound,
    /// The group is not there.
    #[error("there is no such group")]
    NoGroup,
    /// The person is not there.
    #[error("there is no such person in the chamber")]
    NoPerson,
    /// The case, client or document is not there, or not open to the caller.
    #[error("there is no such case, client or document")]
    NoSubject,
    /// No reason was given, or too long a one.
    #[error("say why, in up to {LONGEST_REASON} characters; the reason is recorded")]
    Reason,
    /// The same wall stands already.
    #[error("this wall stands already")]
    Standing,
    /// A group's name is empty.
    #[error("the group's name must not be empty")]
    NoName,
    /// A group's name is taken.
    #[error("there is a group of that name already; choose another name")]
    NameTaken,
    /// The group cannot be deleted.
    #[error("ethical walls name this group, so it is kept; take people out of it instead")]
    Named,
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Walls {
    /// Puts the area together.
    #[must_use]
    pub fn new(db: Db, clock: Arc<dyn Clock>, audit: Audit) -> Self {
        Self { db, clock, audit }
    }

    /// Every wall, those that stand first, then the newest; at most a thousand.
    ///
    /// # Errors
    /// Fails unless the caller looks after walls.
    pub async fn list(&self, scope: &Scope) -> Result<Vec<Wall>, WallError> {
        allowed(scope)?;
        let mut tx = self.db.read().await?;
        Ok(store::walls(&mut tx, scope).await?)
    }

    /// Raises a wall; it stands from this moment on, also for what is open just then.
    ///
    /// # Errors
    /// Fails when the caller does not look after walls, does not know of what the wall
    /// is about, names nobody, gives no reason, or the same wall stands already.
    pub async fn raise(&self, scope: &Scope, new: NewWall) -> Result<WallId, WallError> {
        allowed(scope)?;
        let reason = reason_of(&new.reason)?;
        let mut tx = self.db.write().await?;
        let known = match new.what {
            What::Case(case) => store::knows_case(&mut tx, scope, case).await?,
            What::Client(client) => store::knows_client(&mut tx, scope, client).await?,
        };
        if !known {
            return Err(WallError::NoSubject);
        }
        match new.who {
            Who::Person(user) if !store::is_person(&mut tx, scope, user).await? => {
                return Err(WallError::NoPerson);
            }
            Who::Group(group) if store::group_name(&mut tx, scope, group).await?.is_none() => {
                return Err(WallError::NoGroup);
            }
            Who::Person(_) | Who::Group(_) => {}
        }
        if store::stands(&mut tx, scope, new.who, new.what).await? {
            return Err(WallError::Standing);
        }
        let id = WallId::new();
        let now = self.clock.now();
        store::insert_wall(&mut tx, scope, id, (new.who, new.what, &reason), now).await?;
        let mut details = json!({ "wall": id, "reason": reason });
        name(&mut details, new.who, new.what);
        let details = Changes::of("stands", false, true).onto(details);
        self.record(&mut tx, scope, "wall.raise", details).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// Lifts a wall; also an admin whom it keeps out may, and the reason is recorded.
    ///
    /// # Errors
    /// Fails when the caller does not look after walls, the wall does not stand, or no
    /// reason is given.
    pub async fn lift(&self, scope: &Scope, id: WallId, reason: &str) -> Result<(), WallError> {
        allowed(scope)?;
        let reason = reason_of(reason)?;
        let mut tx = self.db.write().await?;
        if store::lift(&mut tx, scope, id, &reason, self.clock.now()).await? == 0 {
            return Err(WallError::NotFound);
        }
        let mut details = json!({ "wall": id, "reason": reason });
        if let Some((who, what)) = store::about(&mut tx, scope, id).await? {
            name(&mut details, who, what);
        }
        let details = Changes::of("stands", true, false).onto(details);
        self.record(&mut tx, scope, "wall.lift", details).await?;
        Ok(tx.commit().await?)
    }

    async fn record(
        &self,
        tx: &mut Tx,
        scope: &Scope,
        action: &'static str,
        details: serde_json::Value,
    ) -> Result<(), DbError> {
        self.audit.record(tx, scope.organisation(), Some(scope.user()), action, details).await
    }
}

/// Puts into a row's details whom a wall is about and what it keeps them out of.
fn name(details: &mut serde_json::Value, who: Who, what: What) {
    match who {
        Who::Person(user) => details["user"] = json!(user),
        Who::Group(group) => details["group"] = json!(group),
    }
    match what {
        What::Case(case) => details["case"] = json!(case),
        What::Client(client) => details["client"] = json!(client),
    }
}

/// Refuses whoever does not look after walls.
fn allowed(scope: &Scope) -> Result<(), WallError> {
    if scope.may(Permission::ManageWalls) { Ok(()) } else { Err(WallError::NotAllowed) }
}

/// A reason as it is kept.
fn reason_of(reason: &str) -> Result<String, WallError> {
    let reason = reason.trim();
    if reason.is_empty() || reason.chars().count() > LONGEST_REASON {
        return Err(WallError::Reason);
    }
    Ok(reason.to_owned())
}
