//! Sample pages of cases.

use super::super::page::Area;
use super::super::parts::samples::{case, day, id, moment, text};
use super::*;
use crate::kernel::Role;

fn layout(title: &str) -> Layout {
    Layout::sample(title, Area::Cases, Role::Advocate)
}

impl CaseRow {
    pub(crate) fn samples() -> Vec<Self> {
        let row = |number, title: &str, case_number: &str, court: &str, documents, failed| Self {
            id: id(number),
            title: text(title),
            number: Some(text(case_number)),
            court: Some(text(court)),
            client: Some(text("Sharma Textiles Pvt. Ltd.")),
            documents: Some(documents),
            reading: u64::from(failed == 0),
            failed,
            touched: moment(-600),
            stage: Some(text("Evidence")),
            next: (number == 1).then(|| day(3)),
            tags: vec![text("commercial")],
            closed: number == 3,
        };
        let delhi = "High Court of Delhi";
        vec![
            row(1, "Sharma Textiles v. Union of India", "W.P.(C) 1234/2023", delhi, 42, 0),
            row(2, "State v. Ramesh Kumar", "CRL.M.C. 12/2021", delhi, 7, 2),
            row(3, "In re Kaveri Infra Ltd.", "C.P.(IB)/123/MB/2023", "NCLT, Mumbai Bench", 118, 0),
        ]
    }
}

impl ReadState {
    const fn sample(stage: Stage) -> Self {
        Self {
            stage,
            pages_done: 40,
            pages_total: Some(40),
            pages_failed: 0,
            searchable: true,
            semantic: true,
            error: None,
            job: None,
            eta_secs: None,
        }
    }

    pub(crate) const fn sample_ready() -> Self {
        Self::sample(Stage::Ready)
    }

    pub(crate) fn sample_reading() -> Self {
        Self {
            pages_done: 2,
            searchable: false,
            semantic: false,
            eta_secs: Some(130),
            ..Self::sample(Stage::Reading)
        }
    }

    fn sample_failed() -> Self {
        Self {
            pages_done: 0,
            pages_total: None,
            searchable: false,
            semantic: false,
            error: Some(text("The PDF is locked with a password. Upload a copy without one.")),
            job: Some(id(900)),
            ..Self::sample(Stage::Failed)
        }
    }
}

impl CasesPage {
    pub(crate) fn sample() -> Self {
        Self {
            layout: layout("Cases"),
            filter: String::new(),
            narrowed: false,
            narrows: false,
            selects: vec![RegisterSelect {
                name: "status",
                label: "Open or closed",
                blank: "Both",
                choices: vec![Choice { value: text("open"), label: text("Open"), chosen: true }],
            }],
            has_fields: true,
            value: String::new(),
            total: 3,
            csv: text("/cases/register.csv"),
            cases: CaseRow::samples(),
            next: Some(text("/cases?after=3")),
        }
    }

    pub(crate) fn sample_empty() -> Self {
        Self { cases: Vec::new(), next: None, ..Self::sample() }
    }
}

impl NewCasePage {
    pub(crate) fn sample() -> Self {
        let client = |number: u128, name: &str| Choice {
            value: id::<CaseId>(number).to_string(),
            label: text(name),
            chosen: false,
        };
        Self {
            layout: layout("New case"),
            title: Field::refused("", "Give the case a title."),
            number: Field::of("W.P.(C) 1234/2023"),
            court: Field::default(),
            cnr: Field::default(),
            clients: vec![client(31, "Kaveri Infra Ltd."), client(32, "Sharma Textiles Pvt. Ltd.")],
            new_client: Field::default(),
            fields: super::EditPage::sample().fields,
            courts: vec![text("Supreme Court of India"), text("High Court of Delhi")],
            problem: None,
        }
    }
}

impl CasePage {
    pub(crate) fn sample() -> Self {
        let member = |number, name: &str, role: &str| Member {
            id: id(number),
            name: text(name),
            role: text(role),
            does: if number == 41 { "lead" } else { "viewer" },
            shut_out: number == 42,
        };
        Self {
            layout: layout("Sharma Textiles v. Union of India"),
            facts: CaseFacts {
                id: id(1),
                title: text("Sharma Textiles v. Union of India"),
                number: Some(text("W.P.(C) 1234/2023")),
                court: Some(text("High Court of Delhi")),
                cnr: Some(text("DLHC010012342023")),
                client: Some(text("Sharma Textiles Pvt. Ltd.")),
                opened: day(-200),
                documents: 5,
                pages: 1_204,
            },
            documents: DocumentRow::samples(),
            next: Some(text("/cases/1?after=25")),
            members: vec![member(41, "Anjali Mehta", "Advocate"), member(42, "R. Iyer", "Staff")],
            candidates: vec![Choice { value: text("43"), label: text("S. Khan"), chosen: false }],
            is_open: true,
            may_change: true,
            may_manage: true,
            reader: id(42),
            limits: UploadLimits {
                max_mib: 500,
                kinds: text("PDF, Word, mail, text, spreadsheets, images and ZIP"),
            },
            failed: 1,
            tabs: CaseTabs::sample(CaseTab::Overview),
            glance: Glance::sample(),
            link_kinds: vec![Choice {
                value: text("appeal"),
                label: text("appeal"),
                chosen: false,
            }],
            proposals: ProposalRow::samples(),
            pinned: vec![PinnedView::sample()],
        }
    }

    pub(crate) fn sample_register() -> Self {
        let mut page = Self::sample();
        page.layout = Layout::sample("A case", Area::Cases, Role::Billing);
        page.documents.clear();
        page.pinned.clear();
        page.candidates.clear();
        page.proposals.clear();
        (page.is_open, page.may_change, page.may_manage) = (false, false, false);
        page
    }

    pub(crate) fn sample_empty() -> Self {
        let mut page = Self::sample();
        page.documents.clear();
        page.pinned.clear();
        page.next = None;
        page.failed = 0;
        page.proposals.clear();
        page.facts.client = None;
        page.facts.documents = 0;
        page.facts.pages = 0;
        page.glance = Glance::sample_empty();
        page
    }
}

impl DocumentRow {
    fn samples() -> Vec<Self> {
        let row = |number, title: &str, kind: &str, state| Self {
            id: id(number),
            title: text(title),
            kind: text(kind),
            version: 1,
            added: moment(-90),
            added_by: text("R. Iyer"),
            state,
            shared: number == 21,
        };
        let queued = ReadState {
            searchable: false,
            semantic: false,
            pages_total: None,
            ..ReadState::sample(Stage::Queued)
        };
        let indexing = ReadState {
            semantic: false,
            pages_total: Some(212),
            pages_failed: 3,
            ..ReadState::sample(Stage::Indexing)
        };
        vec![
            row(21, "Writ petition with annexures", "PDF", ReadState::sample_ready()),
            row(22, "Scanned order sheet, 2019 to 2024", "PDF", ReadState::sample_reading()),
            row(23, "Counter affidavit of respondent no. 2", "Word", indexing),
            row(24, "Fwd: revised settlement terms", "Mail", queued),
            row(25, "Bank statement", "PDF", ReadState::sample_failed()),
        ]
    }
}

impl FailedPage {
    pub(crate) fn sample() -> Self {
        Self {
            layout: layout("Work that failed"),
            case: case(),
            work: vec![FailedWork {
                job: id(900),
                what: text("Read the document"),
                document: Some(DocumentRef { id: id(25), title: text("Bank statement") }),
                reason: text("The PDF is locked with a password. Upload a copy without one."),
                attempts: 1,
                failed: moment(-30),
            }],
        }
    }
}

#[test]
fn reading_is_told_by_page_with_the_time_left() {
    assert_eq!(ReadState::sample_reading().words(), "Reading page 3 of 40, about 2 minutes left");
    assert_eq!(ReadState::sample_ready().words(), "Searchable by words and meaning");
}
