//! The index, through real directories.

use std::collections::BTreeSet;
use std::sync::Arc;

use tempfile::TempDir;

use super::*;
use crate::kernel::{ClientId, Reach, Role, Scope, UserId};
use crate::search::highlight;

mod care;
mod expansions;
mod files;
mod find;
mod language;
mod references;
mod worlds;

/// A chamber with an index of its own.
struct Chamber {
    dir: TempDir,
    index: Index,
    organisation: OrganisationId,
    case: CaseId,
}

impl Chamber {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let index = Index::open(dir.path(), Mode::Writer).unwrap().index;
        Self { dir, index, organisation: OrganisationId::new(), case: CaseId::new() }
    }

    fn with(texts: &[&str]) -> Self {
        let chamber = Self::new();
        let versions: Vec<_> =
            texts.iter().map(|text| chamber.version("Document", &[text])).collect();
        chamber.index.replace(&versions).unwrap();
        chamber
    }

    fn version(&self, title: &str, passages: &[&str]) -> IndexedVersion {
        version_in(self.organisation, self.case, title, passages)
    }

    fn add(&self, title: &str, passages: &[&str]) -> IndexedVersion {
        let version = self.version(title, passages);
        self.index.replace(std::slice::from_ref(&version)).unwrap();
        version
    }

    fn admin(&self) -> Scope {
        scope(self.organisation, Reach::Organisation)
    }

    fn find(&self, query: &str) -> Found {
        self.index.search(&self.admin(), None, &Query::parse(query), 10).unwrap()
    }

    /// The documents found, the best first, each once.
    fn documents(&self, query: &str) -> Vec<DocumentId> {
        let mut documents = Vec::new();
        for hit in self.find(query).hits {
            if !documents.contains(&hit.document) {
                documents.push(hit.document);
            }
        }
        documents
    }
}

fn version_in(
    organisation: OrganisationId,
    case: CaseId,
    title: &str,
    passages: &[&str],
) -> IndexedVersion {
    let passage = |(nth, text): (usize, &&str)| IndexedPassage {
        id: PassageId::new(),
        page: u32::try_from(nth).unwrap() + 1,
        ordinal: u32::try_from(nth).unwrap(),
        text: (*text).to_owned(),
        heading: None,
    };
    IndexedVersion {
        organisation,
        case,
        document: DocumentId::new(),
        version: VersionId::new(),
        about: IndexedAbout::default(),
        title: title.to_owned(),
        text: passages.join("\n\n"),
        passages: passages.iter().enumerate().map(passage).collect(),
    }
}

fn scope(organisation: OrganisationId, reach: Reach) -> Scope {
    Scope::granted(organisation, UserId::new(), Role::Advocate, reach)
}

/// Texts and the queries that must find them: section 9 of the domain notes.
const TYPED: &[(&str, &[&str])] = &[
    (
        "W.P.(C) No. 1234/2023 filed under Article 226",
        &["W.P.(C) 1234/2023", "WP(C) 1234 of 2023", "Art. 226"],
    ),
    ("reported in (2019) 4 SCC 1", &["(2019) 4 SCC 1", "2019 4 S.C.C. 1"]),
    ("[2021] 5 SCR 12 relied", &["[2021] 5 SCR 12"]),
    ("see AIR 1973 SC 1461", &["AIR 1973 SC 1461", "A.I.R. 1973 S.C. 1461"]),
    ("2024 INSC 835 decided", &["2024 INSC 835"]),
    ("2023:DHC:2720 Delhi", &["2023:DHC:2720"]),
    (
        "complaint u/s 138 of the N.I. Act",
        &["u/s 138", "section 138", "s.138 NI Act", "138 NI Act", "§ 138", "S. 138"],
    ),
    ("M/s ABC Traders", &["M/s ABC", "\"M/s. ABC\""]),
    ("I.A. No. 5 of 2023 listed", &["I.A. No. 5 of 2023", "IA 5/2023"]),
    ("the unbalanced quote", &["\"unbalanced quote"]),
    ("State of Kerala: respondent", &["State of Kerala: respondent"]),
    (
        "Order XXXIX Rules 1 & 2 CPC",
        &["Order XXXIX Rules 1 & 2", "Order 39 Rule 1", "O. 39 R. 2", "order xxxix rule 2"],
    ),
    ("Section 65B(4) certificate", &["65B(4)", "Section 65B(4)", "s. 65-B"]),
    (
        "bail was refused; fresh application filed",
        &["refused w/5 application", "application w/2 refused"],
    ),
    (
        "anticipatory bail granted",
        &["anticipat*", "\"anticip* bail\"", "\"anticipatory ba*\"", "grant", "\"bail granted\""],
    ),
    ("O.A./12/2020 before the Tribunal", &["O.A./12/2020", "tribunal AND", "OA 12 of 2020"]),
    ("inherent power CrPC s.482", &["CrPC s.482", "section 482 CrPC", "482 Cr.P.C."]),
];

#[test]
fn every_query_an_advocate_types_finds_its_text_first() {
    let texts: Vec<&str> = TYPED.iter().map(|(text, _)| *text).collect();
    let chamber = Chamber::new();
    let versions: Vec<_> = texts.iter().map(|text| chamber.version("Paper", &[text])).collect();
    chamber.index.replace(&versions).unwrap();
    for (version, (text, queries)) in versions.iter().zip(TYPED) {
        for typed in *queries {
            let query = Query::parse(typed);
            let found = chamber.index.search(&chamber.admin(), None, &query, 10).unwrap();
            let first =
                found.hits.first().unwrap_or_else(|| panic!("{typed} finds nothing: {query:?}"));
            assert_eq!(first.document, version.document, "{typed}: {query:?}");
            assert_eq!(first.passage, Some(version.passages[0].id), "{typed}");
            assert!(!highlight(text, &query).is_empty(), "{typed} marks nothing");
        }
    }
}

#[test]
fn a_reference_finds_nothing_but_itself() {
    let chamber = Chamber::with(&[
        "(2019) 4 SCC 1 and (2018) 5 SCC 2",
        "section 138 of one Act",
        "dated 138 days after section 5",
        "section 65B alone",
        "WP 1234 of 2022, disposed of in 2023",
    ]);
    for (typed, documents) in [
        ("(2019) 5 SCC 1", 0),
        ("u/s 138", 1),
        ("65B(4)", 0),
        ("s. 65B", 1),
        ("1234/2023", 0),
        ("1234/2022", 1),
    ] {
        assert_eq!(chamber.find(typed).documents, documents, "{typed}");
    }
}

#[test]
fn a_word_of_an_indian_script_finds_itself_and_not_its_pieces() {
    const WORDS: [&str; 14] = [
        "न्याय",
        "हिन्दी",
        "ज़मानत",
        "सर्वोच्च",
        "अधिवक्ता",
        "न्यायालय",
        "తెలుగు",
        "தமிழ்நாடு",
        "ন্যায়",
        "ನ್ಯಾಯಾಲಯ",
        "ન્યાયાલય",
        "കോടതി",
        "अदालत",
        "धारा",
    ];
    let chamber = Chamber::new();
    let versions: Vec<_> = WORDS.iter().map(|word| chamber.version("", &[word])).collect();
    chamber.index.replace(&versions).unwrap();
    for (version, word) in versions.iter().zip(WORDS) {
        for typed in [word.to_owned(), format!("\"{word}\"")] {
            assert_eq!(chamber.documents(&typed), [version.document], "{typed}");
        }
        // The pieces another tokenizer would leave, and every other cut.
        for (cut, _) in word.char_indices().skip(1) {
            let (head, tail) = word.split_at(cut);
            for piece in [head, tail] {
                let others = chamber.documents(piece);
                let whole = WORDS.contains(&piece);
                assert!(whole || !others.contains(&version.document), "{piece} finds {word}");
            }
        }
    }
    assert_eq!(chamber.documents("जमानत"), chamber.documents("ज\u{93C}मानत"));
    assert_eq!(chamber.documents("हिंदी"), chamber.documents("हिन्दी"));
    let joined = "अधिवक्\u{200D}ता";
    assert_eq!(chamber.documents(joined), chamber.documents("अधिवक्ता"));
}

#[test]
fn phrases_and_operators_are_true_of_the_document() {
    let chamber = Chamber::new();
    let both =
        chamber.add("Order", &["anticipatory bail was sought", "the application was refused"]);
    let one = chamber.add("Order", &["anticipatory bail was granted", "costs were waived"]);
    let over = chamber.add("Order", &["he prayed for interim", "relief and for costs"]);
    assert_eq!(chamber.documents("\"anticipatory bail\" AND refused"), [both.document]);
    assert_eq!(chamber.documents("\"anticipatory bail\" -refused"), [one.document]);
    assert_eq!(chamber.documents("\"anticipatory bail\" NOT (granted OR waived)"), [both.document]);
    assert_eq!(chamber.documents("refused OR costs").len(), 3);
    assert_eq!(chamber.documents("\"interim relief\""), [over.document]);
    assert_eq!(chamber.documents("sought w/9 refused"), [both.document]);
    assert_eq!(chamber.documents("sought w/2 refused"), []);
    assert_eq!(chamber.documents("\"anticipatory bail\" w/3 granted"), [one.document]);
    assert_eq!(chamber.documents("NOT bail"), [over.document]);
    let found = chamber.find("\"anticipatory bail\" AND refused");
    assert_eq!(found.documents, 1);
    assert_eq!(found.hits[0].passage, Some(both.passages[0].id));
}

#[test]
fn plain_words_rank_passages_with_all_of_them_above_those_with_some() {
    let chamber = Chamber::new();
    let some = chamber.add("A", &["bail bail bail bail bail bail", "nothing here"]);
    let spread = chamber.add("B", &["regular bail", "was cancelled by the court"]);
    let near = chamber.add("C", &["bail once given and much later, for reasons, then cancelled"]);
    let phrase = chamber
        .add("D", &["a long passage about other things, in which bail cancelled is only once"]);
    assert_eq!(
        chamber.documents("bail cancelled"),
        [phrase.document, near.document, spread.document, some.document]
    );
    assert_eq!(chamber.find("bail cancelled").documents, 4);
}

#[test]
fn a_document_matched_by_its_title_gives_its_first_passage() {
    let chamber = Chamber::new();
    let titled =
        chamber.add("Vakalatnama of Ram Lal", &["first page", "second page", "third page"]);
    let bare = chamber.add("Vakalatnama of Shyam", &[]);
    let found = chamber.find("vakalatnama Ram");
    assert_eq!(found.documents, 2);
    assert_eq!(found.hits.len(), 2);
    assert_eq!(found.hits[0].passage, Some(titled.passages[0].id));
    assert_eq!((found.hits[1].document, found.hits[1].passage), (bare.document, None));
    assert_eq!(chamber.documents("\"ram lal\""), [titled.document]);
    assert_eq!(chamber.find("page AND vakalatnama").hits.len(), 3);
}

#[test]
fn the_words_of_a_heading_are_the_passages() {
    let chamber = Chamber::new();
    let mut version = chamber.version("Plaint", &["the first paragraph", "the second paragraph"]);
    version.passages[1].heading = Some("Cause of action".into());
    chamber.index.replace(&[version.clone()]).unwrap();
    assert_eq!(chamber.find("action").hits[..], []);
    version.text = "the first paragraph\n\nCause of action\n\nthe second paragraph".into();
    chamber.index.replace(&[version.clone()]).unwrap();
    assert_eq!(chamber.find("action").hits[0].passage, Some(version.passages[1].id));
}

#[test]
fn what_is_not_the_callers_is_neither_found_nor_counted() {
    let chamber = Chamber::new();
    let (other, elsewhere) = (CaseId::new(), OrganisationId::new());
    let mine = chamber.version("Mine", &["privileged advice"]);
    let walled = version_in(chamber.organisation, other, "Walled", &["privileged advice"]);
    let foreign = version_in(elsewhere, chamber.case, "Foreign", &["privileged advice", "more"]);
    chamber.index.replace(&[mine.clone(), walled.clone(), foreign.clone()]).unwrap();
    let cases = |cases: &[CaseId]| Reach::Cases(Arc::new(cases.iter().copied().collect()));
    let shared = |documents: &[DocumentId]| Reach::Shared {
        client: ClientId::new(),
        documents: Arc::new(documents.iter().copied().collect()),
    };
    let organisation = chamber.organisation;
    for (reach, within, expected) in [
        (Reach::Organisation, None, vec![&mine, &walled]),
        (Reach::Organisation, Some(other), vec![&walled]),
        (cases(&[chamber.case]), None, vec![&mine]),
        (cases(&[chamber.case]), Some(other), vec![]),
        (cases(&[chamber.case, other]), Some(other), vec![&walled]),
        (cases(&[]), None, vec![]),
        (shared(&[walled.document]), None, vec![&walled]),
        (shared(&[walled.document]), Some(chamber.case), vec![]),
        (shared(&[foreign.document]), None, vec![]),
        (shared(&[]), None, vec![]),
    ] {
        let scope = scope(organisation, reach);
        let expected: BTreeSet<_> = expected.into_iter().map(|version| version.document).collect();
        for typed in [
            "privileged",
            "\"privileged advice\"",
            "priv*",
            "NOT nothing",
            "mine walled foreign privileged",
        ] {
            let found = chamber.index.search(&scope, within, &Query::parse(typed), 10).unwrap();
            let documents: BTreeSet<_> = found.hits.iter().map(|hit| hit.document).collect();
            assert_eq!(documents, expected, "{typed} {scope:?}");
            assert_eq!(found.documents, expected.len(), "{typed} {scope:?}");
        }
        assert_eq!(chamber.index.documents_total(&scope, within).unwrap(), expected.len());
        assert_eq!(chamber.index.passages_total(&scope, within).unwrap(), expected.len());
    }
    assert_eq!(
        chamber.index.versions(organisation).unwrap(),
        BTreeSet::from([mine.version, walled.version])
    );
    assert_eq!(chamber.index.versions(elsewhere).unwrap(), BTreeSet::from([foreign.version]));
}

#[test]
fn a_new_version_takes_the_place_of_the_old() {
    let chamber = Chamber::new();
    let old = chamber.add("Draft", &["the first wording", "and more"]);
    let mut new = chamber.version("Draft", &["the second wording"]);
    new.document = old.document;
    chamber.index.replace(std::slice::from_ref(&new)).unwrap();
    assert_eq!(chamber.find("first").documents, 0);
    assert_eq!(chamber.find("second").hits[0].version, new.version);
    assert_eq!(
        chamber.index.versions(chamber.organisation).unwrap(),
        BTreeSet::from([new.version])
    );
    assert_eq!(chamber.index.passages_total(&chamber.admin(), None).unwrap(), 1);
    chamber.index.remove_document(old.document).unwrap();
    assert_eq!(chamber.find("second"), Found::default());
}

#[test]
fn a_limit_is_kept_and_the_count_is_not_cut() {
    let chamber = Chamber::with(&["bail one", "bail two", "bail three"]);
    for (limit, hits) in [(0, 0), (2, 2), (50, 3)] {
        let query = Query::parse("bail");
        let found = chamber.index.search(&chamber.admin(), None, &query, limit).unwrap();
        assert_eq!((found.hits.len(), found.documents), (hits, 3));
    }
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(32))]
    #[test]
    fn no_query_is_an_error(typed in proptest::collection::vec("\\PC{0,40}", 8)) {
        let chamber = Chamber::with(&["anticipatory bail", "s. 138 NI Act, 5 of 2023"]);
        for typed in typed {
            let query = Query::parse(&typed);
            proptest::prop_assert!(chamber.index.search(&chamber.admin(), None, &query, 3).is_ok(), "{typed}");
        }
    }
}
