//! What a case's client is shown, asked for and sends, as the chamber decides it.

use askama::Template;

use crate::kernel::{DeliveryId, DocumentId, NewsId, RequestId};
use crate::web::cases::CaseTabs;
use crate::web::page::Layout;
use crate::web::parts::{Choice, Field};
use crate::web::show::Moment;

/// The portal of one case.
#[derive(Debug, Clone, Template)]
#[template(path = "portal/chamber.html")]
pub struct CasePortalPage {
    /// The frame.
    pub layout: Layout,
    /// The pages of the case.
    pub tabs: CaseTabs,
    /// Why the form just sent was not taken.
    pub problem: Option<String>,
    /// The client, where the case has one.
    pub client: Option<String>,
    /// Who showed the case, and when; none when it is hidden.
    pub shown: Option<(String, Moment)>,
    /// Whether the reader shows and hides it.
    pub leads: bool,
    /// Whether the reader asks, drafts, shares and takes in.
    pub works: bool,
    /// Whether the reader approves news.
    pub approves: bool,
    /// How many documents are shared now.
    pub open_shares: i64,
    /// Who comes into the portal for the client.
    pub people: Vec<PersonRow>,
    /// What was asked for.
    pub requests: Vec<AskedRow>,
    /// What is asked for in the form.
    pub what: Field,
    /// By when, in the form.
    pub due: Field,
    /// News.
    pub news: Vec<NewsDraft>,
    /// What the form for news says in English.
    pub english: Field,
    /// The same in Hindi.
    pub hindi: Field,
    /// The news the form words anew; none for new ones.
    pub rewording: Option<NewsId>,
    /// Files the client sent.
    pub deliveries: Vec<DeliveryDecision>,
    /// Documents shared.
    pub shares: Vec<ShareLine>,
    /// Documents that can be shared; none in a case without any.
    pub documents: Vec<Choice>,
    /// The pages in the form for sharing.
    pub pages: Field,
    /// The last day in the form for sharing.
    pub until: Field,
    /// What was looked at.
    pub receipts: Vec<ReceiptRow>,
}

/// Somebody who comes into the portal.
#[derive(Debug, Clone)]
pub struct PersonRow {
    /// Their name and address.
    pub name: String,
    /// What they sign in with.
    pub email: String,
    /// When they were last there.
    pub last: Option<Moment>,
    /// What stands in their way, in a sentence.
    pub barred: Option<&'static str>,
    /// The language they read.
    pub language: &'static str,
}

/// Something that was asked for.
#[derive(Debug, Clone)]
pub struct AskedRow {
    /// Which.
    pub id: RequestId,
    /// What.
    pub what: String,
    /// By when, who asked and how it stands, in a few words each.
    pub about: Vec<String>,
    /// Whether it is open.
    pub open: bool,
    /// Whether it was withdrawn.
    pub withdrawn: bool,
}

/// News and its newest wording.
#[derive(Debug, Clone)]
pub struct NewsDraft {
    /// Which.
    pub id: NewsId,
    /// The number of the newest wording.
    pub wording: i64,
    /// In English.
    pub english: Option<String>,
    /// In Hindi.
    pub hindi: Option<String>,
    /// Who wrote it and how it stands, in a few words each.
    pub about: Vec<String>,
    /// Whether the newest wording waits for an approval.
    pub waits: bool,
    /// Whether the client reads an earlier wording meanwhile.
    pub earlier_shown: bool,
    /// Whether it was withdrawn.
    pub withdrawn: bool,
    /// Earlier wordings: what they said, and about them.
    pub earlier: Vec<(String, String)>,
}

/// A file that came.
#[derive(Debug, Clone)]
pub struct DeliveryDecision {
    /// Which.
    pub id: DeliveryId,
    /// What the file is called.
    pub name: String,
    /// Its size, who sent it and when, in a few words each.
    pub about: Vec<String>,
    /// What the client says of it.
    pub note: Option<String>,
    /// Whether it waits.
    pub waits: bool,
    /// What became of it.
    pub outcome: Option<String>,
    /// The document it became.
    pub document: Option<DocumentId>,
}

/// A document that is shared.
#[derive(Debug, Clone)]
pub struct ShareLine {
    /// Which.
    pub id: DocumentId,
    /// Its title.
    pub title: String,
    /// Its terms, in a few words each.
    pub terms: Vec<String>,
    /// Whether it has ended.
    pub ended: bool,
}

/// What somebody looked at.
#[derive(Debug, Clone)]
pub struct ReceiptRow {
    /// The document's title.
    pub title: String,
    /// Who.
    pub name: String,
    /// Which pages and how often, in words.
    pub pages: String,
    /// When last.
    pub last: Moment,
}

#[cfg(test)]
mod samples {
    use super::*;
    use crate::kernel::Role;
    use crate::web::cases::CaseTab;
    use crate::web::page::Area;
    use crate::web::parts::samples::{id, moment, text};

    impl CasePortalPage {
        pub(crate) fn sample() -> Self {
            Self {
                layout: Layout::sample("Portal", Area::Cases, Role::Advocate),
                tabs: CaseTabs::sample(CaseTab::Portal),
                problem: None,
                client: Some(text("Sharma Traders")),
                shown: Some((text("Anjali Mehta"), moment(-600))),
                leads: true,
                works: true,
                approves: true,
                open_shares: 1,
                people: vec![PersonRow {
                    name: text("Rakesh Sharma"),
                    email: text("rakesh@example.in"),
                    last: Some(moment(-30)),
                    barred: Some("An ethical wall keeps them out of this case."),
                    language: "हिन्दी",
                }],
                requests: vec![AskedRow {
                    id: id(31),
                    what: text("A copy of the lease of 2019"),
                    about: vec![text("by 20 Jul 2026"), text("asked by Anjali Mehta")],
                    open: true,
                    withdrawn: false,
                }],
                what: Field::default(),
                due: Field::refused("yesterday", "Write the day as 2026-12-31."),
                news: vec![NewsDraft {
                    id: id(32),
                    wording: 2,
                    english: Some(text("The court asked the other side to answer.")),
                    hindi: Some(text("अदालत ने दूसरे पक्ष से उत्तर माँगा।")),
                    about: vec![text("worded by Ravi")],
                    waits: true,
                    earlier_shown: true,
                    withdrawn: false,
                    earlier: vec![(text("The court heard us."), text("approved by Anjali"))],
                }],
                english: Field::default(),
                hindi: Field::default(),
                rewording: None,
                deliveries: vec![DeliveryDecision {
                    id: id(33),
                    name: text("lease.pdf"),
                    about: vec![text("2.4 MB"), text("Rakesh Sharma")],
                    note: Some(text("from the landlord")),
                    waits: true,
                    outcome: None,
                    document: None,
                }],
                shares: vec![ShareLine {
                    id: id(21),
                    title: text("Order dated 12 March 2023"),
                    terms: vec![text("pages 1-3,7"), text("watermark")],
                    ended: false,
                }],
                documents: vec![Choice {
                    value: text("1"),
                    label: text("Writ petition"),
                    chosen: false,
                }],
                pages: Field::default(),
                until: Field::default(),
                receipts: vec![ReceiptRow {
                    title: text("Order dated 12 March 2023"),
                    name: text("Rakesh Sharma"),
                    pages: text("pages 1 (twice), 7"),
                    last: moment(-20),
                }],
            }
        }

        pub(crate) fn sample_empty() -> Self {
            Self {
                client: None,
                shown: None,
                open_shares: 0,
                people: Vec::new(),
                requests: Vec::new(),
                due: Field::default(),
                news: Vec::new(),
                deliveries: Vec::new(),
                shares: Vec::new(),
                documents: Vec::new(),
                receipts: Vec::new(),
                ..Self::sample()
            }
        }
    }
}
