//! Clients and their contacts.

mod merging;
#[cfg(test)]
mod samples;

use askama::Template;

use super::page::{Layout, pages};
use super::parts::{CaseRef, Choice, Field};
use super::show::Day;
use crate::kernel::{ClientId, ConflictCheckId, ContactId};

pub use merging::{DuplicateRow, DuplicatesPage, MergeField, MergePage};

/// The clients the reader may know of.
#[expect(clippy::struct_excessive_bools, reason = "each is one thing the page says")]
#[derive(Debug, Clone, Template)]
#[template(path = "clients/list.html")]
pub struct ClientsPage {
    /// The frame.
    pub layout: Layout,
    /// The words that were looked for.
    pub words: String,
    /// The kinds there are, one of them chosen.
    pub kinds: Vec<Choice>,
    /// Whether those put away are shown.
    pub archived: bool,
    /// Whether anything narrows the list.
    pub narrowed: bool,
    /// The clients.
    pub clients: Vec<ClientRow>,
    /// Where the next page is.
    pub next: Option<String>,
    /// Whether the reader may add clients.
    pub may_add: bool,
    /// Whether the reader may merge clients.
    pub may_merge: bool,
}

/// A client in a list.
#[derive(Debug, Clone)]
pub struct ClientRow {
    /// Which.
    pub id: ClientId,
    /// How it is called.
    pub name: String,
    /// What it is, in words.
    pub kind: &'static str,
    /// Where it is.
    pub city: Option<String>,
    /// The PAN with its middle hidden.
    pub pan: Option<String>,
}

/// A client.
#[expect(clippy::struct_excessive_bools, reason = "each is one thing the page says")]
#[derive(Debug, Clone, Template)]
#[template(path = "clients/client.html")]
pub struct ClientPage {
    /// The frame.
    pub layout: Layout,
    /// Which.
    pub id: ClientId,
    /// How it is called.
    pub name: String,
    /// What it is, in words.
    pub kind: &'static str,
    /// Whether it is put away.
    pub archived: bool,
    /// What is known of it: what it is called, and what it is.
    pub facts: Vec<(&'static str, String)>,
    /// What is odd about its numbers.
    pub warnings: Vec<String>,
    /// Who is reached there.
    pub contacts: Vec<ContactRow>,
    /// The form for one of them or for another, with what was wrong with it.
    pub contact: ContactFields,
    /// Its cases, with whether each is closed and since when it is there.
    pub cases: Vec<ClientCaseRow>,
    /// What it owes, for those who may see it.
    pub money: Option<ClientMoney>,
    /// Who comes into the portal: name, address, and whether they may.
    pub portal: Vec<(String, String, bool)>,
    /// Conflict checks that wait for a decision: which, and how many matches.
    pub checks: Vec<(ConflictCheckId, String)>,
    /// Whether the reader may change it.
    pub may_change: bool,
    /// Whether the reader may look for conflicts.
    pub may_check: bool,
    /// Whether the reader may merge it, and protect its data.
    pub is_admin: bool,
}

impl ClientPage {
    /// Where the form of a contact is sent.
    #[must_use]
    pub fn contact_action(&self) -> String {
        match self.contact.id {
            Some(contact) => format!("/clients/{}/contacts/{contact}", self.id),
            None => format!("/clients/{}/contacts", self.id),
        }
    }

    /// Whether the form of a contact stands open: one is changed, or was refused.
    #[must_use]
    pub fn contact_is_open(&self) -> bool {
        let ContactFields { id, name, post, email, phone, .. } = &self.contact;
        let refused = [name, post, email, phone].into_iter().any(|field| field.error.is_some());
        id.is_some() || refused
    }
}

/// Somebody who is reached at a client.
#[derive(Debug, Clone)]
pub struct ContactRow {
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

/// The fields of a contact.
#[derive(Debug, Clone, Default)]
pub struct ContactFields {
    /// Who is changed; none where somebody is entered.
    pub id: Option<ContactId>,
    /// How they are called.
    pub name: Field,
    /// What they are there.
    pub post: Field,
    /// Where to write.
    pub email: Field,
    /// Where to call.
    pub phone: Field,
    /// Whether letters of the portal go to them.
    pub gets_portal_mail: bool,
    /// Whether invoices go to them.
    pub gets_invoices: bool,
}

/// A case of a client.
#[derive(Debug, Clone)]
pub struct ClientCaseRow {
    /// The case.
    pub case: CaseRef,
    /// The court's number for it.
    pub number: Option<String>,
    /// Whether it is closed.
    pub is_closed: bool,
    /// Since when the chamber has it.
    pub opened: Option<Day>,
}

/// What a client owes.
#[derive(Debug, Clone)]
pub struct ClientMoney {
    /// All that is not paid.
    pub outstanding: String,
    /// What of it is overdue.
    pub overdue: Option<String>,
}

/// The form of a client, new or known.
#[derive(Debug, Clone, Template)]
#[template(path = "clients/form.html")]
pub struct ClientFormPage {
    /// The frame.
    pub layout: Layout,
    /// The client that is changed; none for a new one.
    pub client: Option<(ClientId, String)>,
    /// The revision the form was opened at.
    pub revision: i64,
    /// What was wrong with the form as a whole.
    pub problem: Option<String>,
    /// How it is called.
    pub name: Field,
    /// What it is.
    pub kinds: Vec<Choice>,
    /// Where to write.
    pub email: Field,
    /// Where to call.
    pub phone: Field,
    /// Where it is.
    pub city: Field,
    /// The language of letters.
    pub languages: Vec<Choice>,
    /// Its GSTIN.
    pub gstin: Field,
    /// Its PAN.
    pub pan: Field,
    /// Its State.
    pub states: Vec<Choice>,
    /// What is wrong with the State.
    pub state_error: Option<String>,
    /// What the law of GST sees in it.
    pub classes: Vec<Choice>,
    /// Its postal address.
    pub address: Field,
    /// What else is to be known.
    pub notes: Field,
}

impl ClientFormPage {
    /// Where the form is sent.
    #[must_use]
    pub fn action(&self) -> String {
        match &self.client {
            Some((id, _)) => format!("/clients/{id}/edit"),
            None => "/clients".to_owned(),
        }
    }

    /// Where leaving the form leads.
    #[must_use]
    pub fn back(&self) -> String {
        self.client
            .as_ref()
            .map_or_else(|| "/clients".to_owned(), |(id, _)| format!("/clients/{id}"))
    }
}

pages!(ClientsPage, ClientPage, ClientFormPage, MergePage, DuplicatesPage);
