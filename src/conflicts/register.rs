//! The register of names: every name there ever was, with by what it is found.
//!
//! It is read from the tables themselves, before each check and now and then: whatever
//! entered a client or party, and whichever way, a check cannot miss it. A row whose
//! source was changed or removed stays.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::identifiers::Identifiers;
use super::names::{Name, keys};
use super::{ConflictError, Parts, store};
use crate::db::DbError;
use crate::kernel::{OrganisationId, day_in_india};

/// How many names one transaction takes in.
const BATCH: i64 = 500;

/// A name that was found in a table.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(super) struct Found {
    pub(super) source: String,
    pub(super) source_id: Uuid,
    pub(super) client_id: Option<Uuid>,
    pub(super) case_id: Option<Uuid>,
    pub(super) check_id: Option<Uuid>,
    pub(super) name: String,
    pub(super) role: Option<String>,
    pub(super) ours: bool,
    pub(super) father: Option<String>,
    pub(super) city: Option<String>,
    pub(super) pan: Option<String>,
    pub(super) gstin: Option<String>,
    pub(super) cin: Option<String>,
    pub(super) phone: Option<String>,
    pub(super) email: Option<String>,
}

impl Found {
    /// All that is compared, as one short text.
    pub(super) fn said(&self) -> String {
        let mut digest = Sha256::new();
        let texts = [
            Some(&self.name),
            self.role.as_ref(),
            self.father.as_ref(),
            self.city.as_ref(),
            self.pan.as_ref(),
            self.gstin.as_ref(),
            self.cin.as_ref(),
            self.phone.as_ref(),
            self.email.as_ref(),
        ];
        for text in texts {
            digest.update(text.map_or("", String::as_str).as_bytes());
            digest.update([0, u8::from(text.is_some()), u8::from(self.ours)]);
        }
        let mut said = String::with_capacity(64);
        for byte in digest.finalize() {
            // Writing to a text cannot fail.
            let _ = write!(said, "{byte:02x}");
        }
        said
    }

    pub(super) fn identifiers(&self) -> Identifiers {
        Identifiers {
            pan: self.pan.clone(),
            gstin: self.gstin.clone(),
            cin: self.cin.clone(),
            phone: self.phone.clone(),
            email: self.email.clone(),
        }
    }

    /// Whether it is the title of a case, in which both sides stand.
    pub(super) fn is_title(&self) -> bool {
        self.source == "party" && self.case_id == Some(self.source_id)
    }

    /// The name as it is compared.
    pub(super) fn read(&self) -> Name {
        if self.is_title() {
            Name::of_title(&self.name)
        } else {
            Name::read(&self.name).child_of(self.father.as_deref())
        }
    }

    /// By what it is found.
    fn keys(&self) -> BTreeSet<String> {
        let mut found = keys(&self.read());
        found.extend(self.identifiers().keys());
        found
    }
}

/// Takes in what the tables of an organisation hold and the register does not.
pub(super) async fn refresh(
    parts: &Parts,
    organisation: OrganisationId,
) -> Result<(), ConflictError> {
    // Mostly there is nothing new, and nobody who writes waits for that to be seen. What is
    // taken in is read anew: it may have been erased meanwhile.
    let mut tx = parts.db.read().await?;
    if store::unregistered(&mut tx, organisation, 1).await?.is_empty() {
        return Ok(());
    }
    drop(tx);
    let today = day_in_india(parts.clock.now()).to_string();
    loop {
        let mut tx = parts.db.write().await?;
        let found = store::unregistered(&mut tx, organisation, BATCH).await?;
        let mut taken = 0;
        for name in &found {
            let keys = name.keys();
            if store::register(&mut tx, organisation, name, &keys, &today).await? {
                taken += 1;
            }
        }
        tx.commit().await?;
        // Nothing new, or another process took the same in.
        if taken == 0 || found.len() < usize::try_from(BATCH).unwrap_or(usize::MAX) {
            return Ok(());
        }
    }
}

/// The same for every organisation.
pub(super) async fn refresh_all(parts: &Parts) -> Result<(), ConflictError> {
    let organisations = {
        let mut tx = parts.db.read().await?;
        store::organisations(&mut tx).await?
    };
    for organisation in organisations {
        refresh(parts, organisation).await?;
    }
    Ok(())
}

/// Names that may be one that is asked for.
pub(super) async fn candidates(
    tx: &mut crate::db::Tx,
    organisation: OrganisationId,
    name: &Name,
    identifiers: &Identifiers,
) -> Result<Vec<store::Known>, DbError> {
    let mut wanted = keys(name);
    wanted.extend(identifiers.keys());
    store::found_by(tx, organisation, wanted).await
}
