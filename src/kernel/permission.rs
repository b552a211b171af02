//! What a role may do: one table, from which the checks, the admin's page and
//! `docs/permissions.md` are made.
//!
//! A permission opens a kind of act; which cases, clients and documents it may be
//! done to is the caller's [`Reach`](super::Reach) and the role they have in a case.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Role;

/// What a personal API token may be made for; a token holds one or more of these.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum TokenScope {
    /// Looking at cases, clients, people and documents.
    Read,
    /// Searching.
    Search,
    /// Asking the assistant.
    Ask,
    /// Adding and changing.
    Write,
    /// What the models cost.
    Costs,
    /// Running the chamber.
    Manage,
}

impl TokenScope {
    /// Every scope.
    pub const ALL: [Self; 6] =
        [Self::Read, Self::Search, Self::Ask, Self::Write, Self::Costs, Self::Manage];

    /// The stored form.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Search => "search",
            Self::Ask => "ask",
            Self::Write => "write",
            Self::Costs => "costs",
            Self::Manage => "manage",
        }
    }
}

/// A permission as a type: what a handler takes says what it needs.
pub trait Permit: Send + Sync + 'static {
    /// The permission it stands for.
    const PERMISSION: Permission;
}

macro_rules! permissions {
    ($($(#[$docs:meta])* $name:ident $slug:literal $words:literal $scope:ident [$($role:ident)+];)+) => {
        /// A kind of act.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, ToSchema)]
        #[serde(rename_all = "snake_case")]
        pub enum Permission {
            $($(#[$docs])* $name,)+
        }

        impl Permission {
            /// Every permission, in the order they are shown.
            pub const ALL: &[Self] = &[$(Self::$name),+];

            /// Its name in the API and the record.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $slug),+ }
            }

            /// What it lets a person do, in words for people.
            #[must_use]
            pub const fn words(self) -> &'static str {
                match self { $(Self::$name => $words),+ }
            }

            /// Which roles have it.
            #[must_use]
            pub const fn roles(self) -> &'static [Role] {
                match self { $(Self::$name => &[$(Role::$role),+]),+ }
            }

            /// Which scope a personal API token needs for it.
            #[must_use]
            pub const fn token_scope(self) -> TokenScope {
                match self { $(Self::$name => TokenScope::$scope),+ }
            }
        }

        /// The permissions as types.
        pub mod permit {
            $(
                #[doc = concat!("[`", stringify!($name), "`](super::Permission::", stringify!($name), ") as a type.")]
                #[derive(Debug, Clone, Copy)]
                pub struct $name;

                impl super::Permit for $name {
                    const PERMISSION: super::Permission = super::Permission::$name;
                }
            )+
        }
    };
}

permissions! {
    /// Open documents within reach.
    ReadDocuments "read_documents" "Read the documents open to them" Read [Admin Advocate Staff Client];
    /// Take the original file of a document away.
    DownloadOriginals "download_originals" "Download original files" Read [Admin Advocate Staff];
    /// See cases and who works on them.
    ReadCases "read_cases" "See cases and who works on them" Read [Admin Advocate Staff Billing];
    /// Open a case.
    OpenCases "open_cases" "Open cases" Write [Admin Advocate Staff];
    /// Add and change documents and what belongs to them.
    WorkOnCases "work_on_cases" "Add and change documents in their cases" Write [Admin Advocate Staff];
    /// Say who works on a case.
    ManageTeams "manage_teams" "Say who works on the cases they lead" Write [Admin Advocate Staff];
    /// Share documents with the client of a case.
    ShareDocuments "share_documents" "Share documents with clients" Write [Admin Advocate Staff];
    /// Search.
    Search "search" "Search" Search [Admin Advocate Staff];
    /// Ask the assistant.
    Ask "ask" "Ask the assistant" Ask [Admin Advocate Staff];
    /// See clients.
    ReadClients "read_clients" "See clients" Read [Admin Advocate Staff Billing];
    /// Add clients.
    AddClients "add_clients" "Add clients" Write [Admin Advocate Staff Billing];
    /// Look for conflicts of interest, and record what was decided.
    CheckConflicts "check_conflicts" "Check for conflicts of interest" Write [Admin Advocate Staff Billing];
    /// Make one client of two that are the same.
    MergeClients "merge_clients" "Merge clients that are the same" Manage [Admin];
    /// See who works in the chamber.
    ReadPeople "read_people" "See who works in the chamber" Read [Admin Advocate Staff Billing];
    /// See what the models cost.
    ReadCosts "read_costs" "See what the models cost" Costs [Admin Billing];
    /// See time, invoices and dues: an advocate, those of the cases they lead.
    ReadBilling "read_billing" "See time, invoices and dues of the cases they lead or keep the books of" Costs [Admin Advocate Billing];
    /// Issue invoices and enter payments.
    KeepBooks "keep_books" "Issue invoices and enter payments" Write [Admin Billing];
    /// Enter time, fees and expenses of the cases they work on.
    KeepTime "keep_time" "Enter time, fees and expenses of their cases" Write [Admin Advocate Staff];
    /// Say what work costs.
    SetRates "set_rates" "Set rates and fee agreements" Write [Admin Billing];
    /// Write messages in cases, and to their clients.
    SendMessages "send_messages" "Write messages in their cases and to clients" Write [Admin Advocate Staff];
    /// Say what stands on the chamber's papers, its holidays and list columns.
    SetChamber "set_chamber" "Set the chamber's details, holidays and fields" Manage [Admin];
    /// Let other systems be told of what happens.
    ManageWebhooks "manage_webhooks" "Let other systems be told of events" Manage [Admin];
    /// Add people, switch them off, say how they must sign in.
    ManagePeople "manage_people" "Add people and say how they sign in" Manage [Admin];
    /// Raise and lift ethical walls.
    ManageWalls "manage_walls" "Raise and lift ethical walls" Manage [Admin];
    /// Read the record of who did what.
    ReadRecord "read_record" "Read the record of who did what" Manage [Admin];
    /// Consent, exports, erasure, holds and retention.
    ProtectData "protect_data" "Export, hold and erase personal data" Manage [Admin];
    /// Look after the service: background work, models, search quality.
    RunService "run_service" "Look after the service" Manage [Admin];
    /// Use the clients' portal.
    UsePortal "use_portal" "Use the clients' portal" Read [Client];
}

/// Which permissions someone has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Permissions(u64);

impl Permissions {
    /// Those of a role.
    #[must_use]
    pub fn of(role: Role) -> Self {
        Self::those(|permission| permission.roles().contains(&role))
    }

    /// Those of them that a personal API token with these scopes may use.
    #[must_use]
    pub fn within(self, scopes: &[TokenScope]) -> Self {
        Self::those(|permission| self.has(permission) && scopes.contains(&permission.token_scope()))
    }

    /// Whether a permission is among them.
    #[must_use]
    pub const fn has(self, permission: Permission) -> bool {
        self.0 & (1 << permission as u32) != 0
    }

    fn those(wanted: impl Fn(Permission) -> bool) -> Self {
        let wanted = Permission::ALL.iter().filter(|permission| wanted(**permission));
        Self(wanted.fold(0, |set, permission| set | 1 << *permission as u32))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_role_may_do_something_and_no_role_everything() {
        for role in Role::ALL {
            let has = Permissions::of(role);
            let count = Permission::ALL.iter().filter(|permission| has.has(**permission)).count();
            assert!(count > 0 && count < Permission::ALL.len(), "{role}: {count}");
        }
    }

    #[test]
    fn a_token_never_adds_to_its_owner() {
        let staff = Permissions::of(Role::Staff);
        assert_eq!(staff.within(&TokenScope::ALL), staff);
        let manage = staff.within(&[TokenScope::Manage]);
        assert!(Permission::ALL.iter().all(|permission| !manage.has(*permission)));
        let read = staff.within(&[TokenScope::Read]);
        assert!(read.has(Permission::ReadDocuments) && !read.has(Permission::WorkOnCases));
    }
}
