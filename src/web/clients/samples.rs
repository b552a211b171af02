//! Samples of the clients' pages.

use super::*;
use crate::kernel::Role;
use crate::web::page::Area;
use crate::web::parts::samples::{case, day, id, text};

fn choice(value: &str, label: &str, chosen: bool) -> Choice {
    Choice { value: text(value), label: text(label), chosen }
}

impl ClientsPage {
    pub(crate) fn sample() -> Self {
        let row = |number, name: &str, kind| ClientRow {
            id: id(number),
            name: text(name),
            kind,
            city: Some(text("Jaipur")),
            pan: Some(text("AAxxxxxx8L")),
        };
        Self {
            layout: Layout::sample("Clients", Area::Clients, Role::Admin),
            words: text("sharma"),
            kinds: vec![choice("person", "Person", false), choice("company", "Company", true)],
            archived: false,
            narrowed: true,
            clients: vec![
                row(31, "Sharma Textiles Private Limited", "Company, LLP or society"),
                row(32, "Ramesh Sharma", "Person"),
            ],
            next: Some(text("/clients?after=1")),
            may_add: true,
            may_merge: true,
        }
    }

    pub(crate) fn sample_empty() -> Self {
        Self {
            words: String::new(),
            narrowed: false,
            clients: Vec::new(),
            next: None,
            ..Self::sample()
        }
    }
}

impl ClientPage {
    pub(crate) fn sample() -> Self {
        Self {
            layout: Layout::sample("Sharma Textiles Private Limited", Area::Clients, Role::Admin),
            id: id(31),
            name: text("Sharma Textiles Private Limited"),
            kind: "Company, LLP or society",
            archived: false,
            facts: vec![
                ("GSTIN", text("27AAPFU0939F1ZV")),
                ("Address", text("12 Mill Road\nPune")),
            ],
            warnings: vec![text("The PAN is that of a firm or LLP.")],
            contacts: vec![ContactRow {
                id: id(41),
                name: text("Anil Sharma"),
                post: Some(text("Director")),
                email: Some(text("anil@example.in")),
                phone: Some(text("98100 12345")),
                gets_portal_mail: true,
                gets_invoices: true,
            }],
            contact: ContactFields {
                name: Field::of("A. Rao"),
                email: Field::refused("rao", "This is not an email address."),
                ..ContactFields::default()
            },
            cases: vec![ClientCaseRow {
                case: case(),
                number: Some(text("CS(COMM) 45/2026")),
                is_closed: false,
                opened: Some(day(-300)),
            }],
            money: Some(ClientMoney {
                outstanding: text("₹1,25,000.00"),
                overdue: Some(text("₹25,000.00")),
            }),
            portal: vec![(text("Anil Sharma"), text("anil@example.in"), true)],
            checks: vec![(id(51), text("1 possible conflict"))],
            may_change: true,
            may_check: true,
            is_admin: true,
        }
    }

    pub(crate) fn sample_contact() -> Self {
        let sample = Self::sample();
        let contact = ContactFields { id: Some(id(41)), ..sample.contact.clone() };
        Self { contact, ..sample }
    }

    pub(crate) fn sample_empty() -> Self {
        Self {
            archived: true,
            facts: Vec::new(),
            warnings: Vec::new(),
            contacts: Vec::new(),
            contact: ContactFields::default(),
            cases: Vec::new(),
            money: None,
            portal: Vec::new(),
            checks: Vec::new(),
            ..Self::sample()
        }
    }
}

impl ClientFormPage {
    pub(crate) fn sample() -> Self {
        Self {
            layout: Layout::sample("New client", Area::Clients, Role::Advocate),
            client: None,
            revision: 0,
            problem: None,
            name: Field::refused("", "The client's name must not be empty."),
            kinds: vec![choice("person", "Person", true), choice("firm", "Firm", false)],
            email: Field::default(),
            phone: Field::default(),
            city: Field::default(),
            languages: vec![choice("en", "English", true), choice("hi", "Hindi", false)],
            gstin: Field::refused("27AAPFU0939F1ZW", "The last character does not fit."),
            pan: Field::default(),
            states: vec![choice("27", "27 Maharashtra", true)],
            state_error: Some(text("The GSTIN is of another State.")),
            classes: vec![choice("not_business", "Not a business", false)],
            address: Field::default(),
            notes: Field::default(),
        }
    }

    pub(crate) fn sample_known() -> Self {
        Self {
            layout: Layout::sample("Change a client", Area::Clients, Role::Advocate),
            client: Some((id(31), text("Sharma Textiles"))),
            revision: 3,
            problem: Some(text("Somebody changed this client since you opened it.")),
            state_error: None,
            ..Self::sample()
        }
    }
}

impl MergePage {
    pub(crate) fn sample() -> Self {
        let field = |name, label, kept: &str, gone: &str| MergeField {
            name,
            label,
            kept: text(kept),
            gone: text(gone),
            take_gone: false,
        };
        Self {
            layout: Layout::sample("Merge clients", Area::Clients, Role::Admin),
            problem: Some(text("The two have different PANs.")),
            kept: (id(31), text("Sharma Textiles Pvt Ltd")),
            gone: (id(32), text("M/s Sharma Textiles")),
            fields: vec![
                field("name", "Name", "Sharma Textiles Pvt Ltd", "M/s Sharma Textiles"),
                field("email", "Email", "", "office@example.in"),
            ],
            tax_ids_differ: true,
        }
    }
}

impl DuplicatesPage {
    pub(crate) fn sample() -> Self {
        Self {
            layout: Layout::sample("Clients that may be the same", Area::Clients, Role::Admin),
            pairs: vec![DuplicateRow {
                first: (id(31), text("Sharma Textiles Pvt Ltd")),
                second: (id(32), text("M/s Sharma Textiles")),
                percent: 96,
                reasons: vec![text("The same in both: Sharma, Textile.")],
            }],
        }
    }

    pub(crate) fn sample_empty() -> Self {
        Self { pairs: Vec::new(), ..Self::sample() }
    }
}
