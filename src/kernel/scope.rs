//! Who may see what.
//!
//! A [`Scope`] is the only key to data: every read of cases, documents, search,
//! vectors, answers, counts and exports takes one. Only `auth` makes them (the
//! architecture test checks that [`Scope::granted`] is called nowhere else), so
//! a read without a decision about the caller does not compile.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{CaseId, ClientId, DocumentId, OrganisationId, UserId};

/// What a person is in the chamber.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Runs the chamber: users, every case, costs.
    Admin,
    /// Works on the cases they are a member of.
    Advocate,
    /// Works on the cases they are a member of, for an advocate.
    Staff,
    /// Sees the documents shared with them, in the portal.
    Client,
}

impl Role {
    /// The stored form.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::Advocate => "advocate",
            Self::Staff => "staff",
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
            "client" => Ok(Self::Client),
            other => Err(format!("`{other}` is not a role")),
        }
    }
}

/// How far a caller sees inside their organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reach {
    /// Every case: an admin.
    Organisation,
    /// The cases the caller is a member of.
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
}

impl Scope {
    /// Grants a scope. Called by `auth` alone.
    pub(crate) const fn granted(
        organisation: OrganisationId,
        user: UserId,
        role: Role,
        reach: Reach,
    ) -> Self {
        Self { organisation, user, role, reach }
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
}
