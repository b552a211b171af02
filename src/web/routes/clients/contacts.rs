//! Who is reached at a client: entered, changed and taken out on the client's page.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;

use super::{page, to_client};
use crate::app::App;
use crate::clients::{ClientError, NewContact};
use crate::kernel::permission::permit::AddClients;
use crate::kernel::{ClientId, ContactId};
use crate::web::clients::{ContactFields, ContactRow};
use crate::web::page::render;
use crate::web::parts::Field;
use crate::web::routes::viewer::{Nothing, sentence};
use crate::web::routes::{Allowed, Failure, Form, Viewer};

#[derive(Deserialize)]
pub(super) struct ContactForm {
    #[serde(default)]
    contact_name: String,
    #[serde(default)]
    contact_post: String,
    #[serde(default)]
    contact_email: String,
    #[serde(default)]
    contact_phone: String,
    #[serde(default)]
    gets_portal_mail: String,
    #[serde(default)]
    gets_invoices: String,
}

impl ContactForm {
    fn contact(&self) -> NewContact {
        NewContact {
            name: self.contact_name.clone(),
            post: Some(self.contact_post.clone()),
            email: Some(self.contact_email.clone()),
            phone: Some(self.contact_phone.clone()),
            gets_portal_mail: self.gets_portal_mail == "yes",
            gets_invoices: self.gets_invoices == "yes",
        }
    }

    /// The form as it was sent, with what was wrong beside its field.
    fn refused(self, id: Option<ContactId>, field: &str, words: &str) -> ContactFields {
        let said = |name: &str, value: String| Field {
            value,
            error: (name == field).then(|| sentence(words)),
        };
        ContactFields {
            id,
            name: said("contact_name", self.contact_name),
            post: said("contact_post", self.contact_post),
            email: said("contact_email", self.contact_email),
            phone: said("contact_phone", self.contact_phone),
            gets_portal_mail: self.gets_portal_mail == "yes",
            gets_invoices: self.gets_invoices == "yes",
        }
    }
}

/// The form of somebody who is known already.
pub(super) fn known(contact: &ContactRow) -> ContactFields {
    let text = |text: &Option<String>| Field::of(text.clone().unwrap_or_default());
    ContactFields {
        id: Some(contact.id),
        name: Field::of(contact.name.clone()),
        post: text(&contact.post),
        email: text(&contact.email),
        phone: text(&contact.phone),
        gets_portal_mail: contact.gets_portal_mail,
        gets_invoices: contact.gets_invoices,
    }
}

/// Leads back to the client, or shows the form again with what was wrong with it.
async fn answered(
    app: &App,
    viewer: &Viewer,
    (id, contact): (ClientId, Option<ContactId>),
    form: ContactForm,
    done: Result<(), ClientError>,
) -> Result<Response, Failure> {
    match done {
        Ok(()) => Ok(to_client(id)),
        Err(ClientError::Unfit { field, words }) => {
            let client = app.clients.find(viewer.scope(), id).await;
            let client = client.map_err(|error| viewer.failure(error))?;
            let page = page(app, viewer, client, form.refused(contact, field, &words)).await?;
            Ok(render(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
        Err(error) => Err(viewer.failure(error)),
    }
}

pub(super) async fn add(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<AddClients>,
    Path(id): Path<ClientId>,
    Form(form): Form<ContactForm>,
) -> Result<Response, Failure> {
    let done = app.clients.add_contact(viewer.scope(), id, form.contact()).await;
    answered(&app, &viewer, (id, None), form, done.map(drop)).await
}

pub(super) async fn change(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<AddClients>,
    Path((id, contact)): Path<(ClientId, ContactId)>,
    Form(form): Form<ContactForm>,
) -> Result<Response, Failure> {
    let done = app.clients.change_contact(viewer.scope(), id, contact, form.contact()).await;
    answered(&app, &viewer, (id, Some(contact)), form, done).await
}

pub(super) async fn remove(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<AddClients>,
    Path((id, contact)): Path<(ClientId, ContactId)>,
    Form(Nothing {}): Form<Nothing>,
) -> Result<Response, Failure> {
    let done = app.clients.remove_contact(viewer.scope(), id, contact).await;
    done.map(|()| to_client(id)).map_err(|error| viewer.failure(error))
}
