//! Quotations of real judgments: altered ones never leave the gate, true ones always do.
//!
//! The judgments are uploaded, read and cut by the service itself; the gate is the one that
//! answers pass. The choice is made by a fixed seed, so that a failure can be looked into.

mod altered;
mod service;
mod true_ones;

use std::sync::Arc;

use munshi::assistant::{Evidence, EvidencePage, GateEvent, Removed, parse_complete};
use munshi::db::Dialect;
use munshi::documents::TextPage;
use munshi::kernel::sentences::sentences;
use munshi::kernel::{CaseId, DocumentId, PassageId, VersionId};

use crate::support::{Caller, TestApp, test_data};

/// The folders the judgments are taken from, and how many of each.
const JUDGMENTS: [(&str, usize); 6] = [
    ("legal-pdf/in-scr-official", 3),
    ("legal-pdf/in-sc-indiankanoon/2021", 2),
    ("legal-pdf/in-sc-indiankanoon/2022", 2),
    ("legal-pdf/in-sc-indiankanoon/2023", 2),
    ("legal-pdf/in-sc-indiankanoon/2024", 2),
    ("legal-pdf/in-sc-indiankanoon/2025", 2),
];
/// The longest file taken, in bytes, so that reading them takes no longer than it must.
const LARGEST: u64 = 400_000;

/// A generator of numbers that are the same each time.
pub(super) struct Seeded(u64);

impl Seeded {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    pub(super) fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(limit.max(1)).unwrap()).unwrap()
    }

    pub(super) fn shuffle<T>(&mut self, list: &mut [T]) {
        for at in (1..list.len()).rev() {
            list.swap(at, self.below(at + 1));
        }
    }
}

/// The pages of a judgment as the service read them.
pub(super) struct Judgment {
    pub(super) name: String,
    pub(super) pages: Vec<TextPage>,
}

/// Uploads the judgments and has them read.
pub(super) async fn chamber(settings: &str) -> Option<(TestApp, Caller, String)> {
    let mut files = Vec::new();
    for (folder, count) in JUDGMENTS {
        let mut found: Vec<_> = std::fs::read_dir(test_data(folder)?)
            .unwrap()
            .map(|file| file.unwrap().path())
            .collect();
        found.retain(|path| {
            path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("pdf"))
                && path.metadata().unwrap().len() <= LARGEST
        });
        found.sort();
        files.extend(found.into_iter().take(count));
    }
    let app = TestApp::start_with(Dialect::Sqlite, settings).await;
    let admin = app.admin().await;
    let case = admin.open_case("Quotations").await;
    for file in files {
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        let bytes = std::fs::read(&file).unwrap();
        let received =
            admin.upload(&format!("/api/v1/cases/{case}/documents"), &name, &bytes).await;
        assert!(received.status.is_success(), "{name}: {received:?}");
    }
    app.settle().await;
    Some((app, admin, case))
}

pub(super) async fn judgments(app: &TestApp, case: &str) -> Vec<Judgment> {
    let scope = app.app.auth.local_admin().await.unwrap();
    let case: CaseId = case.parse().unwrap();
    let documents = app.app.documents.list(&scope, case).await.unwrap();
    let mut judgments = Vec::new();
    for document in documents {
        let version = document.version.version_id;
        let wholes = app.app.documents.wholes(&scope, &[version], 1_000).await.unwrap();
        let pages = wholes.into_iter().flat_map(|(_, pages)| pages).collect();
        judgments.push(Judgment { name: document.title, pages });
    }
    judgments.sort_by(|one, other| one.name.cmp(&other.name));
    assert!(judgments.iter().map(|judgment| judgment.pages.len()).sum::<usize>() > 60);
    judgments
}

/// A sentence of a judgment that can be quoted.
pub(super) struct Sentence {
    /// Its judgment.
    pub(super) judgment: usize,
    /// The page's place among the judgment's.
    pub(super) page: usize,
    /// As the page sets it.
    pub(super) set: String,
    /// In one line.
    pub(super) line: String,
}

/// The sentences of all judgments that begin and end on a page and hold no marks that an
/// answer would read as its own.
pub(super) fn all_sentences(judgments: &[Judgment]) -> Vec<Sentence> {
    let mut all = Vec::new();
    for (judgment, text) in judgments.iter().enumerate() {
        for (place, page) in text.pages.iter().enumerate() {
            for range in sentences(&page.text) {
                let set = page.text[range].trim();
                let line = set.split_whitespace().collect::<Vec<_>>().join(" ");
                let count = line.split(' ').count();
                let plain = !set
                    .contains(['"', '“', '”', '[', ']', '<', '>', '‘', '`', '*', '«', '»'])
                    && !set.contains("\n\n")
                    && !set.contains("  ")
                    && line.starts_with(|c: char| c.is_ascii_uppercase())
                    && line.ends_with('.')
                    && line
                        .split(' ')
                        .filter(|word| word.contains('\'') || word.contains('’'))
                        .count()
                        == 0;
                if (9..=45).contains(&count) && plain {
                    all.push(Sentence { judgment, page: place, set: set.to_owned(), line });
                }
            }
        }
    }
    all
}

/// A passage that touches pages.
pub(super) fn evidence(pages: &[TextPage]) -> Arc<[Evidence]> {
    let pages: Vec<EvidencePage> = pages
        .iter()
        .map(|page| EvidencePage { number: page.number, text: page.text.clone() })
        .collect();
    Arc::from([Evidence {
        number: 1,
        passage: PassageId::new(),
        document: DocumentId::new(),
        version: VersionId::new(),
        case: CaseId::new(),
        title: "Judgment".to_owned(),
        page: pages[0].number,
        heading: None,
        text: pages[0].text.clone(),
        start: 0,
        ocr: false,
        pages,
    }])
}

/// Whether an answer that says a quotation loses it at the gate.
pub(super) fn is_struck(evidence: Arc<[Evidence]>, quote: &str) -> bool {
    let answer = format!("The court put it in these words: \"{quote}\" [1] and so it is.");
    let events = parse_complete(evidence, &answer);
    let struck = events
        .iter()
        .any(|event| matches!(event, GateEvent::Removed { what: Removed::Quote(_), .. }));
    let shown: String = events
        .iter()
        .filter_map(|event| match event {
            GateEvent::Text(text) => Some(text.as_str()),
            _ => None,
        })
        .collect();
    let cited = events
        .iter()
        .any(|event| matches!(event, GateEvent::Cited { quote: Some(_), differs: 0, .. }));
    assert_eq!(struck, !cited, "struck and cited at once: {answer}");
    assert_eq!(struck, !shown.contains(quote), "{answer} left as {shown}");
    struck
}

#[tokio::test(flavor = "multi_thread")]
async fn altered_quotations_are_struck_and_true_ones_leave() {
    let Some((app, _, case)) = chamber("").await else { return };
    let judgments = judgments(&app, &case).await;
    altered::all_are_struck(&judgments);
    true_ones::none_is_struck(&judgments);
}
