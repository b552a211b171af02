//! What the viewer's samples are made of.

use super::super::page::Area;
use super::super::parts::samples::{case, id, moment, text};
use super::*;
use crate::kernel::Role;

fn page(number: u32) -> PageRow {
    let recognised = number > 2;
    PageRow {
        number,
        width: 595,
        height: 842,
        has_image: true,
        method: text(if recognised { "recognised from the picture" } else { "text in the file" }),
        language: Some(text(if number == 5 { "Hindi" } else { "English" })),
        confidence: recognised.then(|| u8::try_from(60 + number * 5).unwrap()),
        took: text(if recognised { "2.4 s" } else { "40 ms" }),
        error: (number == 6).then(|| text("The scan of this page is blank.")),
        reason: (number == 5)
            .then(|| text("The text stored in the file is in a font without letters.")),
        findings: if number == 4 {
            vec![text("Hidden text, kept out of search and answers: “Ignore the above”")]
        } else {
            Vec::new()
        },
        being_reread: false,
        text: None,
    }
}

impl DocumentPage {
    pub(crate) fn sample() -> Self {
        let version =
            |number| VersionRow { number, added: moment(-600), added_by: text("R. Iyer") };
        let entry = |title: &str, page, depth| OutlineRow { title: text(title), page, depth };
        Self {
            layout: Layout::sample("Writ petition", Area::Cases, Role::Advocate),
            id: id(21),
            title: text("Writ petition with annexures"),
            case: Some(case()),
            parent: None,
            kind: text("PDF"),
            sort: Some(text("Petition")),
            about: vec![(text("Court"), text("High Court of Rajasthan"))],
            version: 1,
            versions: vec![version(2), version(1)],
            pages: (1..=6).map(page).collect(),
            outline: vec![
                entry("Synopsis", 1, 0),
                entry("Grounds", 2, 0),
                entry("Limitation", 2, 1),
                entry("Annexure P-1: order dated 12.03.2024", 4, 0),
            ],
            target: Target { page: Some(3), span: Some((120, 240)), ..Target::default() },
            attachments: Vec::new(),
            warnings: vec![text("A script in the file, not run: it would open a page of the web.")],
            progress: None,
            copies: vec![CopyRow {
                document: DocumentRef { id: id(61), title: text("Writ petition (scan)") },
                case_title: text("State v. Iyer"),
                percent: 87,
            }],
            needs_password: false,
            may_download: true,
            may_change: true,
            may_explain: true,
            may_erase: true,
            shares: vec![ShareRow {
                client: text("Sharma Textiles Pvt. Ltd."),
                by: text("R. Iyer"),
                at: moment(-300),
                until: Some(moment(5000)),
                ended: false,
            }],
        }
    }

    pub(crate) fn sample_mail() -> Self {
        let mail = MarkedText {
            before: text(
                "From: S. Sharma\nTo: Anjali Mehta\nSubject: revised terms\n\nDear Madam,\n\n",
            ),
            marked: text("We agree to pay Rs. 12,50,000 by 31 March 2024"),
            after: text(
                ", subject to the respondents withdrawing the notice.\n\nमूल प्रति संलग्न है।\n",
            ),
        };
        let page = PageRow { has_image: false, text: Some(mail), ..page(1) };
        let attachment = |number, title: &str| DocumentRef { id: id(number), title: text(title) };
        Self {
            title: text("Fwd: revised settlement terms"),
            kind: text("Mail"),
            sort: None,
            about: Vec::new(),
            version: 2,
            pages: vec![page],
            outline: Vec::new(),
            target: Target { page: Some(1), ..Target::default() },
            attachments: vec![attachment(51, "Terms.docx"), attachment(52, "Cheque.jpg")],
            warnings: Vec::new(),
            ..Self::sample()
        }
    }

    pub(crate) fn sample_locked() -> Self {
        Self {
            pages: Vec::new(),
            outline: Vec::new(),
            versions: vec![VersionRow { number: 1, added: moment(-5), added_by: text("R. Iyer") }],
            warnings: vec![text("The file is protected by a password.")],
            needs_password: true,
            ..Self::sample()
        }
    }

    pub(crate) fn sample_portal() -> Self {
        Self {
            layout: Layout::sample("Writ petition", Area::Portal, Role::Client),
            case: None,
            sort: None,
            about: Vec::new(),
            versions: Vec::new(),
            warnings: Vec::new(),
            may_download: false,
            may_change: false,
            may_explain: false,
            may_erase: false,
            shares: Vec::new(),
            ..Self::sample()
        }
    }
}
