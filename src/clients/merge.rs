//! Making one client of two that are the same.

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::{Client, ClientError, Clients, NewClient, moves, store};
use crate::db::{DbError, Tx};
use crate::kernel::{ClientId, ContactId, Permission, Scope};
use crate::statement;

/// Which of two clients something is taken from.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Take {
    /// From the one that is kept.
    #[default]
    Kept,
    /// From the one that goes.
    Gone,
}

impl Take {
    fn of<T>(self, kept: T, gone: T) -> T {
        match self {
            Self::Kept => kept,
            Self::Gone => gone,
        }
    }
}

/// From which of the two each field is taken.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
#[schema(as = MergeChoices)]
pub struct Choices {
    /// How it is called.
    pub name: Take,
    /// What it is.
    pub kind: Take,
    /// Where to write.
    pub email: Take,
    /// Where to call.
    pub phone: Take,
    /// Where it is.
    pub city: Take,
    /// The language of letters.
    pub language: Take,
    /// PAN and GSTIN with the State, which belong together.
    pub tax_ids: Take,
    /// The postal address.
    pub address: Take,
    /// What the law of GST sees in it.
    pub gst_class: Take,
    /// The notes.
    pub notes: Take,
}

/// Two clients to be made one.
#[derive(Debug, Clone, Copy)]
pub struct Merge {
    /// The one that stays.
    pub kept: ClientId,
    /// The one that goes; its id finds the other from then on.
    pub gone: ClientId,
    /// From which of them each field is taken.
    pub choices: Choices,
    /// That different PANs or GSTINs were seen, and they are one all the same.
    pub tax_ids_confirmed: bool,
}

/// What a merge moved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Merged {
    /// The client there is now.
    pub client: Client,
    /// How many rows of which tables.
    pub moved: Vec<(&'static str, u64)>,
}

impl Clients {
    /// Makes one client of two: takes each field from the one it was chosen from, and moves
    /// cases, invoices, people, shares, consents, holds and walls. It cannot be undone. A
    /// wall around either stands around the one there is then.
    ///
    /// # Errors
    /// Fails for whoever may not merge, when a wall keeps the caller from either, when both
    /// are the same, and when PANs or GSTINs differ and that was not confirmed.
    pub async fn merge(&self, scope: &Scope, merge: Merge) -> Result<Merged, ClientError> {
        if !scope.may(Permission::MergeClients) {
            return Err(ClientError::NotFound);
        }
        let mut tx = self.db.write().await?;
        let (kept, gone) = self.both(&mut tx, scope, merge.kept, merge.gone).await?;
        if tax_ids_differ(&kept, &gone) && !merge.tax_ids_confirmed {
            return Err(ClientError::TaxIdsDiffer);
        }
        if !claim(&mut tx, scope, &kept, &gone).await? {
            return Err(ClientError::Stale);
        }
        let moved = moves::all(&mut tx, gone.id, kept.id).await?;
        let after = super::client_of(
            kept.id,
            chosen(&kept, &gone, merge.choices).checked()?,
            kept.created_at.min(gone.created_at),
        );
        // Claiming counted the revision up.
        if store::update(&mut tx, scope, &after, kept.revision + 1).await? == 0 {
            return Err(ClientError::Stale);
        }
        self.note(&mut tx, scope, &kept, &gone).await?;
        let tables: serde_json::Map<_, _> =
            moved.iter().map(|(table, count)| ((*table).to_owned(), json!(count))).collect();
        let details = json!({ "client": kept.id, "gone": gone.id, "moved": tables,
            "tax_ids_differed": tax_ids_differ(&kept, &gone) });
        self.record(&mut tx, scope, "client.merge", details).await?;
        let client = store::find(&mut tx, scope, kept.id).await?.ok_or(ClientError::NotFound)?;
        tx.commit().await?;
        Ok(Merged { client, moved })
    }

    /// Moves what somebody entered for a client while it was merged, in the last hour: such a
    /// row stands in no merge and would be nobody's.
    ///
    /// # Errors
    /// Fails when the database does.
    pub async fn follow_merges(&self) -> Result<(), ClientError> {
        let mut tx = self.db.write().await?;
        moves::again(&mut tx, self.clock.now() - TimeDelta::hours(1)).await?;
        Ok(tx.commit().await?)
    }

    /// Both clients of a merge, when the caller may know of both.
    ///
    /// # Errors
    /// Fails when they may not, or both are one.
    pub async fn pair(
        &self,
        scope: &Scope,
        kept: ClientId,
        gone: ClientId,
    ) -> Result<(Client, Client), ClientError> {
        if !scope.may(Permission::MergeClients) {
            return Err(ClientError::NotFound);
        }
        let mut tx = self.db.read().await?;
        self.both(&mut tx, scope, kept, gone).await
    }

    async fn both(
        &self,
        tx: &mut Tx,
        scope: &Scope,
        kept: ClientId,
        gone: ClientId,
    ) -> Result<(Client, Client), ClientError> {
        let kept = self.find_in(tx, scope, kept).await?;
        let gone = self.find_in(tx, scope, gone).await?;
        if kept.id == gone.id { Err(ClientError::Same) } else { Ok((kept, gone)) }
    }

    async fn note(
        &self,
        tx: &mut Tx,
        scope: &Scope,
        kept: &Client,
        gone: &Client,
    ) -> Result<(), DbError> {
        let insert = statement!(
            "INSERT INTO client_merges (id, organisation_id, kept_id, gone_id, merged_by, merged_at)
             VALUES ($1, $2, $3, $4, $5, $6)"
        )
        .bind(ContactId::new().uuid())
        .bind(scope.organisation())
        .bind(kept.id)
        .bind(gone.id)
        .bind(scope.user())
        .bind(self.clock.now());
        tx.execute(insert).await.map(drop)
    }
}

/// Whether two clients have numbers that only one of them can have.
#[must_use]
pub(super) fn tax_ids_differ(kept: &Client, gone: &Client) -> bool {
    let differ = |one: &Option<String>, other: &Option<String>| {
        one.as_ref().zip(other.as_ref()).is_some_and(|(one, other)| one != other)
    };
    differ(&kept.pan, &gone.pan) || differ(&kept.gstin, &gone.gstin)
}

/// Takes both rows for this merge: none of them may have changed or been merged since they
/// were read. From here on the one that goes is found as the other.
async fn claim(tx: &mut Tx, scope: &Scope, kept: &Client, gone: &Client) -> Result<bool, DbError> {
    let hold = statement!(
        "UPDATE clients SET revision = revision + 1
         WHERE id = $1 AND organisation_id = $2 AND revision = $3 AND merged_into IS NULL"
    )
    .bind(kept.id)
    .bind(scope.organisation())
    .bind(kept.revision);
    let leave = statement!(
        "UPDATE clients SET merged_into = $4, revision = revision + 1
         WHERE id = $1 AND organisation_id = $2 AND revision = $3 AND merged_into IS NULL"
    )
    .bind(gone.id)
    .bind(scope.organisation())
    .bind(gone.revision)
    .bind(kept.id);
    // In one order, so that two merges of the same two cannot wait for each other.
    let (first, second) = if kept.id < gone.id { (hold, leave) } else { (leave, hold) };
    Ok(tx.execute(first).await? == 1 && tx.execute(second).await? == 1)
}

/// The details of the client there is then.
fn chosen(kept: &Client, gone: &Client, choices: Choices) -> NewClient {
    let tax = choices.tax_ids.of(kept, gone);
    NewClient {
        name: choices.name.of(&kept.name, &gone.name).clone(),
        kind: choices.kind.of(kept.kind, gone.kind),
        email: choices.email.of(&kept.email, &gone.email).clone(),
        phone: choices.phone.of(&kept.phone, &gone.phone).clone(),
        city: choices.city.of(&kept.city, &gone.city).clone(),
        language: Some(choices.language.of(kept.language, gone.language)),
        gstin: tax.gstin.clone(),
        pan: tax.pan.clone(),
        state_code: tax.state_code.clone(),
        address: choices.address.of(&kept.address, &gone.address).clone(),
        gst_class: choices.gst_class.of(kept.gst_class, gone.gst_class),
        notes: choices.notes.of(&kept.notes, &gone.notes).clone(),
    }
}
