//! The two realms of sign-ins: what is a session in one is nothing in the other.

use std::str::FromStr;

use serde::Serialize;
use utoipa::ToSchema;

use super::Role;

/// Which part of the service a sign-in opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Realm {
    /// The chamber's own people.
    Practice,
    /// Clients.
    Portal,
}

impl Realm {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Practice, Self::Portal];

    /// The realm people of a role sign in to.
    #[must_use]
    pub const fn of(role: Role) -> Self {
        match role {
            Role::Admin | Role::Advocate | Role::Staff | Role::Billing => Self::Practice,
            Role::Client => Self::Portal,
        }
    }

    /// The stored form, which is also the audience of access tokens.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Practice => "practice",
            Self::Portal => "portal",
        }
    }
}

impl FromStr for Realm {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let found = Self::ALL.into_iter().find(|realm| realm.as_str() == text);
        found.ok_or_else(|| format!("`{text}` is no realm"))
    }
}
