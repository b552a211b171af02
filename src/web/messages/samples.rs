//! Sample pages.

use super::*;
use crate::kernel::Role;
use crate::portal::Language;
use crate::web::cases::CaseTab;
use crate::web::page::Area;
use crate::web::parts::samples::{case, id, moment, text};

fn rows(withdraw: &str) -> Vec<MessageRow> {
    let row = |number, author: &str, words: &str| MessageRow {
        id: id(number),
        author: text(author),
        own: false,
        by_client: false,
        text: text(words),
        sent: moment(-600),
        withdrawn: None,
        withdraw: None,
        is_new: false,
        attachments: Vec::new(),
    };
    let file = AttachmentRow {
        id: id(905),
        name: text("pan-card.pdf"),
        href: text("/api/v1/attachments/1"),
        size: Some(text("120 KB")),
        document: None,
        keep: Some(text("/attachments/1/keep")),
    };
    let document = AttachmentRow {
        id: id(906),
        name: text("Order dated 17 July 2026"),
        href: text("/documents/1"),
        size: None,
        document: None,
        keep: None,
    };
    vec![
        MessageRow {
            own: true,
            withdraw: Some(text(withdraw)),
            attachments: vec![document],
            ..row(901, "Anjali Mehta", "Please find the order.\nThe next date is in December.")
        },
        MessageRow { withdrawn: Some(moment(-550)), ..row(902, "Anjali Mehta", "") },
        MessageRow {
            by_client: true,
            is_new: true,
            attachments: vec![file],
            ..row(903, "Ramesh Sharma", "Thank you. My PAN card is attached.")
        },
    ]
}

fn receipts() -> Vec<ReceiptRow> {
    vec![ReceiptRow { name: text("Ramesh Sharma"), all: true, at: moment(-500) }]
}

impl CaseMessagesPage {
    pub(crate) fn sample() -> Self {
        Self {
            layout: Layout::sample("Messages", Area::Cases, Role::Advocate),
            words: message_words(Language::English),
            tabs: CaseTabs::sample(CaseTab::Messages),
            to_client: true,
            client: Some(text("Sharma Traders")),
            messages: rows("/case-messages/1/withdraw"),
            older: Some(text("/cases/1/messages?with=client&before=1")),
            receipts: receipts(),
            closed: None,
            problem: Some(text("Tick that the client reads this.")),
            text: Field::of("Half a message"),
            documents: vec![Choice {
                value: text("1"),
                label: text("Order dated 17 July 2026"),
                chosen: false,
            }],
            names: Vec::new(),
        }
    }

    pub(crate) fn sample_empty() -> Self {
        Self {
            to_client: false,
            messages: Vec::new(),
            older: None,
            receipts: Vec::new(),
            problem: None,
            text: Field::default(),
            documents: Vec::new(),
            names: vec![text("Ravi Iyer"), text("Asha Rao")],
            ..Self::sample()
        }
    }

    pub(crate) fn sample_closed() -> Self {
        let closed = text("The client is not shown this case; show it to them under Portal first.");
        Self { closed: Some(closed), ..Self::sample() }
    }
}

impl PortalMessagesPage {
    pub(crate) fn sample() -> Self {
        Self {
            layout: Layout::sample("Messages", Area::PortalMessages, Role::Client),
            words: message_words(Language::English),
            case: case(),
            messages: rows("/portal/case-messages/1/withdraw"),
            older: Some(text("/portal/messages/1?before=1")),
            receipts: vec![ReceiptRow { name: text("The chamber"), all: false, at: moment(-5) }],
            problem: None,
            text: Field::default(),
        }
    }

    pub(crate) fn sample_empty() -> Self {
        let layout = Layout::sample("संदेश", Area::PortalMessages, Role::Client);
        Self {
            layout: layout.in_language(Language::Hindi),
            words: message_words(Language::Hindi),
            messages: Vec::new(),
            older: None,
            receipts: Vec::new(),
            ..Self::sample()
        }
    }
}

impl InboxPage {
    pub(crate) fn sample() -> Self {
        let row = |to_client, unread| ConversationRow {
            case_title: case().title,
            href: text("/cases/1/messages?with=client"),
            to_client,
            author: text("Ramesh Sharma"),
            text: text("Thank you. My PAN card is attached."),
            sent: moment(-600),
            unread,
        };
        Self {
            layout: Layout::sample("Messages", Area::Messages, Role::Advocate),
            words: message_words(Language::English),
            portal: false,
            query: String::new(),
            conversations: vec![row(true, 2), row(false, 0)],
            found: None,
            cases: Vec::new(),
        }
    }

    pub(crate) fn sample_found() -> Self {
        let found = FoundRow {
            case_title: case().title,
            href: text("/cases/1/messages?with=client"),
            to_client: true,
            author: text("Ramesh Sharma"),
            text: text("Thank you. My PAN card is attached."),
            sent: moment(-600),
        };
        Self { query: text("pan"), found: Some(vec![found]), ..Self::sample() }
    }

    pub(crate) fn sample_empty() -> Self {
        Self {
            layout: Layout::sample("Messages", Area::PortalMessages, Role::Client),
            portal: true,
            conversations: Vec::new(),
            cases: vec![case()],
            ..Self::sample()
        }
    }
}
