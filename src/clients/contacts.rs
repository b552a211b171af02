//! Who is reached at a client.

use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;

use super::details::{filled, unfit};
use super::{ClientError, Clients};
use crate::db::{DbError, Tx};
use crate::kernel::{ClientId, ContactId, Scope};
use crate::statement;

/// Somebody who is reached at a client.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Contact {
    /// Which.
    pub id: ContactId,
    /// How they are called.
    pub name: String,
    /// What they are there.
    pub post: Option<String>,
    /// Where to write.
    pub email: Option<String>,
    /// Where to call.
    pub phone: Option<String>,
    /// Whether letters of the portal go to them.
    pub gets_portal_mail: bool,
    /// Whether invoices go to them.
    pub gets_invoices: bool,
}

/// Somebody to be reached at a client.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewContact {
    /// How they are called.
    pub name: String,
    /// What they are there: director, munim, brother.
    pub post: Option<String>,
    /// Where to write.
    pub email: Option<String>,
    /// Where to call.
    pub phone: Option<String>,
    /// Whether letters of the portal go to them.
    #[serde(default)]
    pub gets_portal_mail: bool,
    /// Whether invoices go to them.
    #[serde(default)]
    pub gets_invoices: bool,
}

impl NewContact {
    fn checked(self) -> Result<Self, ClientError> {
        let name = filled("contact_name", Some(self.name))?;
        let name = name.ok_or_else(|| unfit("contact_name", "say how the person is called"))?;
        let email = filled("contact_email", self.email)?;
        if email.as_ref().is_some_and(|email| !email.contains('@') || email.contains(' ')) {
            let words = "this is not an email address; it has one @ and no spaces";
            return Err(unfit("contact_email", words));
        }
        if (self.gets_portal_mail || self.gets_invoices) && email.is_none() {
            let words = "letters can go to this person only with an email address; enter one";
            return Err(unfit("contact_email", words));
        }
        let post = filled("contact_post", self.post)?;
        let phone = filled("contact_phone", self.phone)?;
        Ok(Self { name, post, email, phone, ..self })
    }
}

impl Clients {
    /// Who is reached at a client the caller may know of, by name.
    ///
    /// # Errors
    /// Fails with [`ClientError::NotFound`] when the client is not theirs to know.
    pub async fn contacts(&self, scope: &Scope, id: ClientId) -> Result<Vec<Contact>, ClientError> {
        let mut tx = self.db.read().await?;
        let client = self.find_in(&mut tx, scope, id).await?;
        Ok(list(&mut tx, client.id).await?)
    }

    /// Enters somebody who is reached at a client.
    ///
    /// # Errors
    /// Fails when the client is not the caller's to change, or what is entered is unfit.
    pub async fn add_contact(
        &self,
        scope: &Scope,
        id: ClientId,
        new: NewContact,
    ) -> Result<ContactId, ClientError> {
        let new = new.checked()?;
        let mut tx = self.db.write().await?;
        let client = self.changes(&mut tx, scope, id).await?;
        let contact = ContactId::new();
        insert(&mut tx, scope, (contact, client.id), new, self.clock.now()).await?;
        let details = json!({ "client": client.id, "contact": contact });
        self.record(&mut tx, scope, "client.contact.add", details).await?;
        tx.commit().await?;
        Ok(contact)
    }

    /// Changes what is known of somebody who is reached at a client.
    ///
    /// # Errors
    /// Fails when the client is not the caller's to change, the person is not there, or
    /// what is entered is unfit.
    pub async fn change_contact(
        &self,
        scope: &Scope,
        id: ClientId,
        contact: ContactId,
        new: NewContact,
    ) -> Result<(), ClientError> {
        let new = new.checked()?;
        let mut tx = self.db.write().await?;
        let client = self.changes(&mut tx, scope, id).await?;
        if update(&mut tx, (contact, client.id), new).await? == 0 {
            return Err(ClientError::NotFound);
        }
        let details = json!({ "client": client.id, "contact": contact });
        self.record(&mut tx, scope, "client.contact.change", details).await?;
        Ok(tx.commit().await?)
    }

    /// Takes somebody out who was reached at a client.
    ///
    /// # Errors
    /// Fails when the client is not the caller's to change, or the person is not there.
    pub async fn remove_contact(
        &self,
        scope: &Scope,
        id: ClientId,
        contact: ContactId,
    ) -> Result<(), ClientError> {
        let mut tx = self.db.write().await?;
        let client = self.changes(&mut tx, scope, id).await?;
        let delete = statement!("DELETE FROM client_contacts WHERE id = $1 AND client_id = $2");
        if tx.execute(delete.bind(contact).bind(client.id)).await? == 0 {
            return Err(ClientError::NotFound);
        }
        let details = json!({ "client": client.id, "contact": contact });
        self.record(&mut tx, scope, "client.contact.remove", details).await?;
        Ok(tx.commit().await?)
    }
}

async fn list(tx: &mut Tx, client: ClientId) -> Result<Vec<Contact>, DbError> {
    let select = statement!(
        "SELECT id, name, post, email, phone, gets_portal_mail, gets_invoices
         FROM client_contacts WHERE client_id = $1 ORDER BY name, id LIMIT 200"
    );
    tx.all(select.bind(client)).await
}

async fn insert(
    tx: &mut Tx,
    scope: &Scope,
    (id, client): (ContactId, ClientId),
    new: NewContact,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    let insert = statement!(
        "INSERT INTO client_contacts (id, client_id, name, post, email, phone, gets_portal_mail,
             gets_invoices, added_by, added_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
    )
    .bind(id)
    .bind(client)
    .bind(new.name)
    .bind(new.post)
    .bind(new.email)
    .bind(new.phone)
    .bind(new.gets_portal_mail)
    .bind(new.gets_invoices)
    .bind(scope.user())
    .bind(now);
    tx.execute(insert).await.map(drop)
}

async fn update(
    tx: &mut Tx,
    (id, client): (ContactId, ClientId),
    new: NewContact,
) -> Result<u64, DbError> {
    let update = statement!(
        "UPDATE client_contacts SET name = $3, post = $4, email = $5, phone = $6,
             gets_portal_mail = $7, gets_invoices = $8
         WHERE id = $1 AND client_id = $2"
    )
    .bind(id)
    .bind(client)
    .bind(new.name)
    .bind(new.post)
    .bind(new.email)
    .bind(new.phone)
    .bind(new.gets_portal_mail)
    .bind(new.gets_invoices);
    tx.execute(update).await
}
