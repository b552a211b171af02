//! What the chamber keeps beside its documents: cases, hearings, deadlines, clients, fees
//! and bills.

use std::sync::Arc;

use super::platform::Platform;
use crate::billing::{self, Billing};
use crate::cases::Cases;
use crate::clients::Clients;
use crate::conflicts::{self, Conflicts};
use crate::deadlines::{self, Deadlines};
use crate::documents::Documents;
use crate::fees::{self, Fees};
use crate::hearings::{self, Hearings};
use crate::portal::{self, Portal};

pub(super) struct Practice {
    pub(super) cases: Cases,
    pub(super) clients: Clients,
    pub(super) hearings: Hearings,
    pub(super) deadlines: Deadlines,
    pub(super) conflicts: Conflicts,
    pub(super) fees: Fees,
    pub(super) billing: Billing,
}

impl Practice {
    pub(super) fn new(platform: &Platform) -> Self {
        let Platform { db, clock, vault, audit, events, notices, .. } = platform;
        let cases = Cases::new(db.clone(), Arc::clone(clock), audit.clone(), events.clone());
        let clients = Clients::new(db.clone(), Arc::clone(clock), audit.clone(), events.clone());
        let hearings = Hearings::new(hearings::Parts {
            db: db.clone(),
            clock: Arc::clone(clock),
            audit: audit.clone(),
            events: events.clone(),
            notices: notices.clone(),
            cases: cases.clone(),
        });
        let deadlines = Deadlines::new(deadlines::Parts {
            db: db.clone(),
            clock: Arc::clone(clock),
            audit: audit.clone(),
            events: events.clone(),
            notices: notices.clone(),
            cases: cases.clone(),
        });
        let conflicts = Conflicts::new(conflicts::Parts {
            db: db.clone(),
            clock: Arc::clone(clock),
            audit: audit.clone(),
            events: events.clone(),
            notices: notices.clone(),
            cases: cases.clone(),
            clients: clients.clone(),
        });
        let fees = Fees::new(fees::Parts {
            db: db.clone(),
            clock: Arc::clone(clock),
            audit: audit.clone(),
            events: events.clone(),
            notices: notices.clone(),
            cases: cases.clone(),
            clients: clients.clone(),
            vault: vault.clone(),
        });
        let billing = Billing::new(billing::Parts {
            db: db.clone(),
            clock: Arc::clone(clock),
            audit: audit.clone(),
            vault: vault.clone(),
            events: events.clone(),
            notices: notices.clone(),
            fees: fees.clone(),
        });
        Self { cases, clients, hearings, deadlines, conflicts, fees, billing }
    }
}

/// What clients see of it.
pub(super) fn portal(platform: &Platform, practice: &Practice, documents: &Documents) -> Portal {
    Portal::new(portal::Parts {
        db: platform.db.clone(),
        clock: Arc::clone(&platform.clock),
        audit: platform.audit.clone(),
        events: platform.events.clone(),
        notices: platform.notices.clone(),
        cases: practice.cases.clone(),
        clients: practice.clients.clone(),
        documents: documents.clone(),
        hearings: practice.hearings.clone(),
        billing: practice.billing.clone(),
    })
}
