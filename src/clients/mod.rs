//! Clients: the people and firms the chamber acts for.
//!
//! A client is known to admins and for the books, to whoever entered it, and to those
//! who work on a case of it; a wall hides it from anybody. Two that turn out to be the
//! same are merged, and the id of the one that went goes on finding the other.

mod contacts;
mod details;
mod kinds;
mod merge;
mod moves;
mod store;

use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde_json::json;

use crate::audit::Audit;
use crate::db::{Db, DbError, Tx};
use crate::events::{Event, EventKind, Events};
use crate::kernel::{ClientId, Clock, Permission, Scope};

pub use contacts::{Contact, NewContact};
pub use details::{NewClient, oddities};
pub use kinds::{GstClass, Kind, Language};
pub use merge::{Choices, Merge, Merged, Take};
pub use moves::{LEFT, MOVED};
pub use store::{ClientCase, PortalPerson};

/// How many clients a page of the list has.
pub const PAGE: i64 = 50;

/// What can be done with clients.
#[derive(Clone)]
pub struct Clients {
    db: Db,
    clock: Arc<dyn Clock>,
    audit: Audit,
    events: Events,
}

/// A client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Client {
    /// Its id.
    pub id: ClientId,
    /// How it is called.
    pub name: String,
    /// What it is.
    pub kind: Kind,
    /// Where to write.
    pub email: Option<String>,
    /// Where to call.
    pub phone: Option<String>,
    /// Where it is.
    pub city: Option<String>,
    /// The language of letters to them.
    pub language: Language,
    /// Its GSTIN.
    pub gstin: Option<String>,
    /// Its PAN.
    pub pan: Option<String>,
    /// Its State, as the first two digits of a GSTIN.
    pub state_code: Option<String>,
    /// Its postal address.
    pub address: Option<String>,
    /// What the law of GST sees in it; none where nobody has said.
    pub gst_class: Option<GstClass>,
    /// What else is to be known, for the chamber alone.
    pub notes: Option<String>,
    /// Since when it is put away; none while it is in use.
    pub archived_at: Option<DateTime<Utc>>,
    /// Counted up at each change.
    pub revision: i64,
    /// When it was entered.
    pub created_at: DateTime<Utc>,
}

impl Client {
    /// Whether another name or number stands for it than before, so that it is looked for
    /// among all others anew.
    #[must_use]
    pub fn is_called_otherwise(&self, before: &Self) -> bool {
        (&self.name, &self.pan, &self.gstin) != (&before.name, &before.pan, &before.gstin)
    }
}

/// Which clients are wanted.
#[derive(Debug, Clone, Default)]
pub struct ClientQuery {
    /// Words of the name, the city, the address to write to, the number or the GSTIN.
    pub words: String,
    /// Of one kind.
    pub kind: Option<Kind>,
    /// Those put away instead of those in use.
    pub archived: bool,
    /// After this one in the list: the next page.
    pub after: Option<ClientId>,
}

/// Why something could not be done to a client.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// The name is empty.
    #[error("the client's name must not be empty")]
    NoName,
    /// Not there, or not known to the caller.
    #[error("there is no such client")]
    NotFound,
    /// They may see the client and nothing more.
    #[error("you may see this client but not change it; ask one who works on a case of theirs")]
    ReadOnly,
    /// What stands in a field cannot be right.
    #[error("{words}")]
    Unfit {
        /// Which field.
        field: &'static str,
        /// What is wrong with it.
        words: String,
    },
    /// Somebody changed the client since the form was opened.
    #[error("somebody changed this client since you opened it; look at it anew and change it then")]
    Stale,
    /// Two clients with different tax numbers are to be merged.
    #[error(
        "the two have different PANs or GSTINs, so they may be two; look again, and confirm it to \
         merge them all the same"
    )]
    TaxIdsDiffer,
    /// A client is to be merged with itself.
    #[error("choose another client to merge with")]
    Same,
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Clients {
    /// Puts the area together.
    #[must_use]
    pub fn new(db: Db, clock: Arc<dyn Clock>, audit: Audit, events: Events) -> Self {
        Self { db, clock, audit, events }
    }

    /// Adds a client to the caller's organisation.
    ///
    /// # Errors
    /// Fails on an empty name and on numbers that cannot be right, and for callers who are
    /// clients themselves.
    pub async fn add(&self, scope: &Scope, new: NewClient) -> Result<Client, ClientError> {
        let mut tx = self.db.write().await?;
        let client = self.add_in(&mut tx, scope, new).await?;
        tx.commit().await?;
        Ok(client)
    }

    /// The same in a transaction that does more.
    ///
    /// # Errors
    /// As [`Clients::add`].
    pub async fn add_in(
        &self,
        tx: &mut Tx,
        scope: &Scope,
        new: NewClient,
    ) -> Result<Client, ClientError> {
        if !scope.may(Permission::AddClients) {
            return Err(ClientError::NotFound);
        }
        let client = client_of(ClientId::new(), new.checked()?, self.clock.now());
        store::insert(tx, scope, &client).await?;
        let about = json!({ "client": client.id });
        self.record(tx, scope, "client.add", about.clone()).await?;
        let organisation = scope.organisation();
        let event = Event { organisation, kind: EventKind::ClientAdded, case: None, about };
        self.events.emit(tx, event).await?;
        Ok(client)
    }

    /// A client the caller may know of; the id of one that was merged finds the one it
    /// was merged into.
    ///
    /// # Errors
    /// Fails with [`ClientError::NotFound`] when it is not there or not theirs to know.
    pub async fn find(&self, scope: &Scope, id: ClientId) -> Result<Client, ClientError> {
        let mut tx = self.db.read().await?;
        self.find_in(&mut tx, scope, id).await
    }

    /// The same in a transaction that does more.
    ///
    /// # Errors
    /// As [`Clients::find`].
    pub async fn find_in(
        &self,
        tx: &mut Tx,
        scope: &Scope,
        id: ClientId,
    ) -> Result<Client, ClientError> {
        let id = store::now_called(tx, scope, id).await?.ok_or(ClientError::NotFound)?;
        store::find(tx, scope, id).await?.ok_or(ClientError::NotFound)
    }

    /// Whether the caller may change a client: admins, the books, whoever entered it, and
    /// those who work on a case of it.
    ///
    /// # Errors
    /// Fails when the database does.
    pub async fn may_change(&self, scope: &Scope, id: ClientId) -> Result<bool, ClientError> {
        let mut tx = self.db.read().await?;
        Ok(scope.may(Permission::AddClients) && store::may_change(&mut tx, scope, id).await?)
    }

    /// Changes what is known of a client. `revision` is that of the client the change was
    /// made from.
    ///
    /// # Errors
    /// Fails when the client is not the caller's to change, was changed meanwhile, or what
    /// is to be kept cannot be right.
    pub async fn update(
        &self,
        scope: &Scope,
        id: ClientId,
        revision: i64,
        new: NewClient,
    ) -> Result<Client, ClientError> {
        let new = new.checked()?;
        let mut tx = self.db.write().await?;
        let before = self.changes(&mut tx, scope, id).await?;
        let after = client_of(before.id, new, before.created_at);
        if store::update(&mut tx, scope, &after, revision).await? == 0 {
            return Err(ClientError::Stale);
        }
        let details = json!({ "client": before.id, "fields": changed(&before, &after) });
        self.record(&mut tx, scope, "client.change", details).await?;
        let client = store::find(&mut tx, scope, before.id).await?.ok_or(ClientError::NotFound)?;
        tx.commit().await?;
        Ok(client)
    }

    /// Puts a client away, or takes it out again: lists show those in use only.
    ///
    /// # Errors
    /// Fails when the client is not the caller's to change.
    pub async fn archive(
        &self,
        scope: &Scope,
        id: ClientId,
        away: bool,
    ) -> Result<(), ClientError> {
        let mut tx = self.db.write().await?;
        let client = self.changes(&mut tx, scope, id).await?;
        let since = away.then(|| self.clock.now());
        store::archive(&mut tx, scope, client.id, since).await?;
        let action = if away { "client.archive" } else { "client.restore" };
        self.record(&mut tx, scope, action, json!({ "client": client.id })).await?;
        Ok(tx.commit().await?)
    }

    /// The clients of the caller's organisation, by name; for a member of a case
    /// who is not an admin, those of the cases open to them. At most a thousand.
    ///
    /// # Errors
    /// Fails when the database does.
    pub async fn list(&self, scope: &Scope) -> Result<Vec<Client>, ClientError> {
        let mut tx = self.db.read().await?;
        Ok(store::list(&mut tx, scope).await?)
    }

    /// A page of the clients the caller may know of, by name, and the last of them when
    /// there are more.
    ///
    /// # Errors
    /// Fails when the database does.
    pub async fn search(
        &self,
        scope: &Scope,
        query: &ClientQuery,
    ) -> Result<(Vec<Client>, Option<ClientId>), ClientError> {
        let mut tx = self.db.read().await?;
        let mut found = store::search(&mut tx, scope, query, PAGE + 1).await?;
        let page = usize::try_from(PAGE).unwrap_or(usize::MAX);
        let more = found.len() > page;
        found.truncate(page);
        let next = found.last().filter(|_| more).map(|client| client.id);
        Ok((found, next))
    }

    /// The cases of a client that the caller may know of, newest first, at most 200.
    ///
    /// # Errors
    /// Fails when the database does.
    pub async fn cases(&self, scope: &Scope, id: ClientId) -> Result<Vec<ClientCase>, ClientError> {
        let mut tx = self.db.read().await?;
        Ok(store::cases(&mut tx, scope, id).await?)
    }

    /// Who comes into the portal for a client the caller may know of.
    ///
    /// # Errors
    /// Fails when the database does.
    pub async fn portal_people(
        &self,
        scope: &Scope,
        id: ClientId,
    ) -> Result<Vec<PortalPerson>, ClientError> {
        let mut tx = self.db.read().await?;
        Ok(store::portal_people(&mut tx, scope, id).await?)
    }

    /// The client, when the caller may change it at this moment.
    async fn changes(
        &self,
        tx: &mut Tx,
        scope: &Scope,
        id: ClientId,
    ) -> Result<Client, ClientError> {
        let client = self.find_in(tx, scope, id).await?;
        if scope.may(Permission::AddClients) && store::may_change(tx, scope, client.id).await? {
            Ok(client)
        } else {
            Err(ClientError::ReadOnly)
        }
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

/// A client of checked details.
fn client_of(id: ClientId, new: NewClient, created_at: DateTime<Utc>) -> Client {
    let NewClient {
        name,
        kind,
        email,
        phone,
        city,
        language,
        gstin,
        pan,
        state_code,
        address,
        gst_class,
        notes,
    } = new;
    Client {
        id,
        name,
        kind,
        email,
        phone,
        city,
        language: language.unwrap_or_default(),
        gstin,
        pan,
        state_code,
        address,
        gst_class,
        notes,
        archived_at: None,
        revision: 1,
        created_at,
    }
}

/// The names of the fields that differ.
fn changed(before: &Client, after: &Client) -> Vec<&'static str> {
    let all = [
        ("name", before.name != after.name),
        ("kind", before.kind != after.kind),
        ("email", before.email != after.email),
        ("phone", before.phone != after.phone),
        ("city", before.city != after.city),
        ("language", before.language != after.language),
        ("gstin", before.gstin != after.gstin),
        ("pan", before.pan != after.pan),
        ("state_code", before.state_code != after.state_code),
        ("address", before.address != after.address),
        ("gst_class", before.gst_class != after.gst_class),
        ("notes", before.notes != after.notes),
    ];
    all.into_iter().filter(|(_, differs)| *differs).map(|(name, _)| name).collect()
}
