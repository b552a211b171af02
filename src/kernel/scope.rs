//! Who may see what.
//!
//! A [`Scope`] is the only key to data: every read of cases, documents, search,
//! vectors, answers, counts and exports takes one. Only `auth` makes them (the
//! architecture test checks that [`Scope::granted`] is called nowhere else), so
//! a read without a decision about the caller does not compile.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::permission::{Permission, Permissions, TokenScope};
use super::{CaseId, ClientId, DocumentId, OrganisationId, UserId};

/// What a person is in the chamber.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Runs the chamber: users, every case, costs.
    Admin,
    /// Works on the cases they are a member of.
    Advocate,
    /// Works on the cases they are a member of, for an advocate.
    Staff,
    /// Sees what cases and models cost, and which cases and clients there are.
    Billing,
    /// Sees the documents shared with them, in the portal.
    Client,
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 5] =
        [Self::Admin, Self::Advocate, Self::Staff, Self::Billing, Self::Client];

    /// The stored form.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::Advocate => "advocate",
            Self::Staff => "staff",
            Self::Billing => "billing",
            Self::Client => "client",
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Role {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "admin" => Ok(Self::Admin),
            "advocate" => Ok(Self::Advocate),
            "staff" => Ok(Self::Staff),
            "billing" => Ok(Self::Billing),
            "client" => Ok(Self::Client),
            other => Err(format!("`{other}` is not a role")),
        }
    }
}

/// What a member of a case may do in it; each may do what those after it may.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CaseRole {
    /// Says who works on the case.
    Lead,
    /// Adds and changes documents.
    Member,
    /// Reads, searches and asks.
    Viewer,
}

impl CaseRole {
    /// Every role in a case.
    pub const ALL: [Self; 3] = [Self::Lead, Self::Member, Self::Viewer];

    /// The stored form.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Lead => "lead",
            Self::Member => "member",
            Self::Viewer => "viewer",
        }
    }
}

impl FromStr for CaseRole {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let found = Self::ALL.into_iter().find(|role| role.as_str() == text);
        found.ok_or_else(|| format!("`{text}` is no role in a case"))
    }
}

/// How far a caller sees inside their organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reach {
    /// Every case: an admin whom no ethical wall keeps out of anything.
    Organisation,
    /// The cases the caller is a member of, or, for an admin, every case; without
    /// those an ethical wall keeps them out of.
    Cases(Arc<BTreeSet<CaseId>>),
    /// The documents shared with the client the caller is.
    Shared {
        /// Who the documents were shared with.
        client: ClientId,
        /// The documents.
        documents: Arc<BTreeSet<DocumentId>>,
    },
}

/// What one caller may see, decided once per request.
#[derive(Debug, Clone)]
pub struct Scope {
    organisation: OrganisationId,
    user: UserId,
    role: Role,
    reach: Reach,
    permissions: Permissions,
    case_roles: Arc<BTreeMap<CaseId, CaseRole>>,
    granted_at: DateTime<Utc>,
}

impl Scope {
    /// Grants a scope with every permission of the role. Called by `auth` alone.
    pub(crate) fn granted(
        organisation: OrganisationId,
        user: UserId,
        role: Role,
        reach: Reach,
    ) -> Self {
        Self {
            organisation,
            user,
            role,
            reach,
            permissions: Permissions::of(role),
            case_roles: Arc::default(),
            granted_at: DateTime::UNIX_EPOCH,
        }
    }

    /// The same scope as of a moment: what was shared until then is open, not later.
    pub(crate) const fn granted_as_of(mut self, now: DateTime<Utc>) -> Self {
        self.granted_at = now;
        self
    }

    /// The same scope with what the caller may do in the cases they are a member of.
    pub(crate) fn with_case_roles(mut self, roles: BTreeMap<CaseId, CaseRole>) -> Self {
        self.case_roles = Arc::new(roles);
        self
    }

    /// The same scope with no more permissions than a token's scopes name.
    pub(crate) fn within(mut self, scopes: &[TokenScope]) -> Self {
        self.permissions = self.permissions.within(scopes);
        self
    }

    /// The organisation every read is confined to.
    #[must_use]
    pub const fn organisation(&self) -> OrganisationId {
        self.organisation
    }

    /// The caller.
    #[must_use]
    pub const fn user(&self) -> UserId {
        self.user
    }

    /// What the caller is.
    #[must_use]
    pub const fn role(&self) -> Role {
        self.role
    }

    /// How far the caller sees; search and vectors put it into their queries.
    #[must_use]
    pub const fn reach(&self) -> &Reach {
        &self.reach
    }

    /// Whether every case of the organisation is open; statements bind it.
    #[must_use]
    pub const fn sees_all(&self) -> bool {
        matches!(self.reach, Reach::Organisation)
    }

    /// The client the caller is, in the portal.
    #[must_use]
    pub const fn client(&self) -> Option<ClientId> {
        match self.reach {
            Reach::Shared { client, .. } => Some(client),
            Reach::Organisation | Reach::Cases(_) => None,
        }
    }

    /// Whether a case is open to the caller.
    #[must_use]
    pub fn opens(&self, case: CaseId) -> bool {
        match &self.reach {
            Reach::Organisation => true,
            Reach::Cases(cases) => cases.contains(&case),
            Reach::Shared { .. } => false,
        }
    }

    /// Whether the caller may do such acts at all.
    #[must_use]
    pub const fn may(&self, permission: Permission) -> bool {
        self.permissions.has(permission)
    }

    /// Every permission the caller has.
    #[must_use]
    pub const fn permissions(&self) -> Permissions {
        self.permissions
    }

    /// When the scope was granted; statements compare the end of a share with it.
    #[must_use]
    pub const fn granted_at(&self) -> DateTime<Utc> {
        self.granted_at
    }

    /// What the caller may do in a case; none where it is not open to them.
    #[must_use]
    pub fn case_role(&self, case: CaseId) -> Option<CaseRole> {
        if !self.opens(case) {
            return None;
        }
        match self.role {
            Role::Admin => Some(CaseRole::Lead),
            _ => self.case_roles.get(&case).copied(),
        }
    }

    /// Whether the caller may add to a case and change what is in it.
    #[must_use]
    pub fn works_on(&self, case: CaseId) -> bool {
        self.may(Permission::WorkOnCases)
            && self.case_role(case).is_some_and(|role| role <= CaseRole::Member)
    }

    /// Whether the caller says who works on a case.
    #[must_use]
    pub fn leads(&self, case: CaseId) -> bool {
        self.may(Permission::ManageTeams) && self.case_role(case) == Some(CaseRole::Lead)
    }
}
