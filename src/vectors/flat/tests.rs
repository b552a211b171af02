//! The store against what it promises: nothing lost, nothing shown outside a scope.

use proptest::prelude::*;
use tempfile::{TempDir, tempdir};

use super::*;
use crate::kernel::{CaseId, PassageId};
use crate::kernel::{ClientId, Role, UserId};

const DIMENSIONS: usize = 8;

pub(super) fn open(dir: &Path) -> FlatStore {
    FlatStore::open(dir, "model", DIMENSIONS).unwrap().store
}

pub(super) fn fresh() -> (TempDir, FlatStore) {
    let dir = tempdir().unwrap();
    let store = open(dir.path());
    (dir, store)
}

fn scope(org: OrganisationId, reach: Reach) -> Scope {
    Scope::granted(org, UserId::new(), Role::Advocate, reach)
}

fn everything(org: OrganisationId) -> Scope {
    scope(org, Reach::Organisation)
}

fn shared(org: OrganisationId, documents: &[DocumentId]) -> Scope {
    let documents = Arc::new(documents.iter().copied().collect());
    scope(org, Reach::Shared { client: ClientId::new(), documents })
}

/// A version of a document and its entries, each pointing where its number says.
pub(super) fn entries(
    case: CaseId,
    document: DocumentId,
    directions: &[f32],
) -> (VersionId, Vec<Entry>) {
    let version = VersionId::new();
    let entry = |direction: &f32| {
        let mut vector = vec![0.1; DIMENSIONS];
        vector[0] = direction.cos();
        vector[1] = direction.sin();
        crate::vectors::normalise(&mut vector);
        Entry { passage: PassageId::new(), document, version, case, vector }
    };
    (version, directions.iter().map(entry).collect())
}

pub(super) fn all(store: &FlatStore, org: OrganisationId) -> Vec<Near> {
    store.search(&everything(org), &Narrow::default(), &[0.5; DIMENSIONS], 10_000).unwrap()
}

pub(super) fn only_file(dir: &Path) -> PathBuf {
    let mut files = organisations(dir).unwrap();
    assert_eq!(files.len(), 1);
    files.remove(0).1
}

#[test]
fn the_nearest_come_first_and_survive_reopening() {
    let (dir, store) = fresh();
    let (org, case, document) = (OrganisationId::new(), CaseId::new(), DocumentId::new());
    let (version, given) = entries(case, document, &[0.0, 0.4, 0.8, 1.2]);
    store.replace(org, version, &given).unwrap();
    for store in [&store, &open(dir.path())] {
        let near = store.search(&everything(org), &Narrow::default(), &given[1].vector, 2).unwrap();
        assert_eq!(near.len(), 2);
        assert_eq!(near[0].passage, given[1].passage);
        assert_eq!((near[0].document, near[0].case), (document, case));
        assert!((near[0].score - 1.0).abs() < 1e-6 && near[1].score < near[0].score);
        assert_eq!(store.versions(org).unwrap(), BTreeSet::from([version]));
        assert_eq!(store.count(org).unwrap(), 4);
    }
}

#[test]
fn replacing_is_idempotent_and_by_nothing_forgets() {
    let (dir, store) = fresh();
    let org = OrganisationId::new();
    let (version, given) = entries(CaseId::new(), DocumentId::new(), &[0.0, 1.0]);
    store.replace(org, version, &given).unwrap();
    let once = all(&store, org);
    store.replace(org, version, &given).unwrap();
    assert_eq!(all(&store, org), once);
    assert_eq!(all(&open(dir.path()), org), once);

    store.replace(org, version, &given[..1]).unwrap();
    assert_eq!(store.count(org).unwrap(), 1);
    store.replace(org, version, &[]).unwrap();
    store.replace(org, version, &[]).unwrap();
    assert!(all(&store, org).is_empty() && store.versions(org).unwrap().is_empty());
    assert!(open(dir.path()).count(org).unwrap() == 0);
}

#[test]
fn removing_a_document_removes_all_its_versions_and_no_other() {
    let (dir, store) = fresh();
    let (org, case, document) = (OrganisationId::new(), CaseId::new(), DocumentId::new());
    for _ in 0..2 {
        let (version, given) = entries(case, document, &[0.0, 1.0]);
        store.replace(org, version, &given).unwrap();
    }
    let (kept, given) = entries(case, DocumentId::new(), &[0.5]);
    store.replace(org, kept, &given).unwrap();
    store.remove_document(org, document).unwrap();
    store.remove_document(org, document).unwrap();
    assert_eq!(store.versions(org).unwrap(), BTreeSet::from([kept]));
    assert_eq!(open(dir.path()).versions(org).unwrap(), BTreeSet::from([kept]));
}

#[test]
fn what_does_not_fit_is_refused() {
    let (_dir, store) = fresh();
    let org = OrganisationId::new();
    let (version, given) = entries(CaseId::new(), DocumentId::new(), &[0.0, 1.0]);
    let query = store.search(&everything(org), &Narrow::default(), &[1.0], 5);
    assert!(matches!(query, Err(StoreError::WrongDimension { expected: 8, actual: 1 })));
    let mut broken = given.clone();
    broken[1].vector[3] = f32::NAN;
    assert!(matches!(store.replace(org, version, &broken), Err(StoreError::NotFinite)));
    let mut mixed = given.clone();
    mixed[1].case = CaseId::new();
    assert!(matches!(store.replace(org, version, &mixed), Err(StoreError::Mixed(_))));
    let other = store.replace(org, VersionId::new(), &given);
    assert!(matches!(other, Err(StoreError::Mixed(_))));
    assert!(store.count(org).unwrap() == 0);
}

#[test]
fn vectors_of_another_model_are_dropped_and_told() {
    let (dir, store) = fresh();
    let org = OrganisationId::new();
    let (version, given) = entries(CaseId::new(), DocumentId::new(), &[0.0]);
    store.replace(org, version, &given).unwrap();
    drop(store);
    assert!(!FlatStore::open(dir.path(), "model", DIMENSIONS).unwrap().rebuilt);
    let opened = FlatStore::open(dir.path(), "another", DIMENSIONS).unwrap();
    assert!(opened.rebuilt && opened.store.count(org).unwrap() == 0);
    assert!(!FlatStore::open(dir.path(), "another", DIMENSIONS).unwrap().rebuilt);
}

#[test]
fn a_record_torn_at_any_byte_costs_that_record_alone() {
    let (dir, store) = fresh();
    let (org, case) = (OrganisationId::new(), CaseId::new());
    let (first, given) = entries(case, DocumentId::new(), &[0.0, 1.0]);
    store.replace(org, first, &given).unwrap();
    let path = only_file(dir.path());
    let whole = fs::metadata(&path).unwrap().len();
    let (last, given) = entries(case, DocumentId::new(), &[0.5]);
    store.replace(org, last, &given).unwrap();
    drop(store);
    let bytes = fs::read(&path).unwrap();
    let whole = usize::try_from(whole).unwrap();
    for torn in whole..bytes.len() {
        fs::write(&path, &bytes[..torn]).unwrap();
        let store = open(dir.path());
        assert_eq!(store.versions(org).unwrap(), BTreeSet::from([first]), "torn at {torn}");
        store.replace(org, last, &given).unwrap();
        assert_eq!(fs::read(&path).unwrap(), bytes, "torn at {torn}");
        assert_eq!(open(dir.path()).count(org).unwrap(), 3);
    }
}

#[test]
fn a_damaged_byte_is_noticed_and_a_file_torn_in_its_head_starts_anew() {
    let (dir, store) = fresh();
    let org = OrganisationId::new();
    let (version, given) = entries(CaseId::new(), DocumentId::new(), &[0.0, 1.0]);
    store.replace(org, version, &given).unwrap();
    drop(store);
    let path = only_file(dir.path());
    let bytes = fs::read(&path).unwrap();
    for place in 0..bytes.len() {
        let mut damaged = bytes.clone();
        damaged[place] ^= 0x10;
        fs::write(&path, damaged).unwrap();
        assert!(open(dir.path()).count(org).unwrap() == 0, "damaged at {place}");
    }
    for torn in 0..=16 {
        fs::write(&path, &bytes[..torn]).unwrap();
        let store = open(dir.path());
        store.replace(org, version, &given).unwrap();
        assert_eq!(fs::read(&path).unwrap(), bytes, "torn at {torn}");
    }
}

#[test]
fn what_another_process_writes_is_seen() {
    let (dir, writer) = fresh();
    let reader = open(dir.path());
    let (org, case) = (OrganisationId::new(), CaseId::new());
    assert!(all(&reader, org).is_empty());
    let (first, given) = entries(case, DocumentId::new(), &[0.0]);
    writer.replace(org, first, &given).unwrap();
    assert_eq!(all(&reader, org), all(&writer, org));
    let (second, given) = entries(case, DocumentId::new(), &[1.0, 2.0]);
    writer.replace(org, second, &given).unwrap();
    assert_eq!(all(&reader, org).len(), 3);
    writer.remove_document(org, given[0].document).unwrap();
    assert_eq!(reader.versions(org).unwrap(), BTreeSet::from([first]));
    // Another model: the file goes.
    FlatStore::open(dir.path(), "another", DIMENSIONS).unwrap();
    assert!(all(&reader, org).is_empty());
}

#[test]
fn a_file_that_is_mostly_dead_is_rewritten_and_readers_follow() {
    let (dir, writer) = fresh();
    let reader = open(dir.path());
    let org = OrganisationId::new();
    let (kept, small) = entries(CaseId::new(), DocumentId::new(), &[0.0]);
    writer.replace(org, kept, &small).unwrap();
    let (version, given) = entries(CaseId::new(), DocumentId::new(), &vec![0.3; 8_000]);
    let mut largest = 0;
    for _ in 0..8 {
        writer.replace(org, version, &given).unwrap();
        largest = largest.max(fs::metadata(only_file(dir.path())).unwrap().len());
        assert_eq!(reader.count(org).unwrap(), 8_001);
    }
    let record = 8_000 * (16 + 4 * DIMENSIONS as u64);
    assert!(largest < 4 * record, "the file grew to {largest}");
    for store in [&writer, &reader, &open(dir.path())] {
        let near = store.search(&everything(org), &Narrow::default(), &small[0].vector, 1).unwrap();
        assert_eq!(near[0].passage, small[0].passage);
    }
}

#[test]
fn an_organisation_never_sees_another() {
    let (_dir, store) = fresh();
    let (one, two) = (OrganisationId::new(), OrganisationId::new());
    let (version, given) = entries(CaseId::new(), DocumentId::new(), &[0.0]);
    store.replace(one, version, &given).unwrap();
    assert!(all(&store, two).is_empty());
    let theirs = shared(two, &[given[0].document]);
    assert!(store.search(&theirs, &Narrow::default(), &given[0].vector, 5).unwrap().is_empty());
    let cases = scope(two, Reach::Cases(Arc::new(BTreeSet::from([given[0].case]))));
    assert!(
        store
            .search(
                &cases,
                &Narrow { case: Some(given[0].case), documents: None },
                &given[0].vector,
                5
            )
            .unwrap()
            .is_empty()
    );
}

/// Who sees what in a generated store, by numbers of cases and documents.
#[derive(Debug, Clone)]
enum Sees {
    All,
    Cases(BTreeSet<usize>),
    Documents(BTreeSet<usize>),
}

fn sees() -> impl Strategy<Value = Sees> {
    prop_oneof![
        Just(Sees::All),
        proptest::collection::btree_set(0..5_usize, 0..4).prop_map(Sees::Cases),
        proptest::collection::btree_set(0..12_usize, 0..6).prop_map(Sees::Documents),
    ]
}

type Documents = Vec<(usize, Vec<Vec<f32>>)>;

/// Up to twelve documents, each of one of five cases.
fn documents() -> impl Strategy<Value = Documents> {
    let vector = proptest::collection::vec(-1.0_f32..1.0, DIMENSIONS);
    let document = (0..5_usize, proptest::collection::vec(vector, 1..40));
    proptest::collection::vec(document, 1..12)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..Default::default() })]

    #[test]
    fn search_is_a_full_comparison_within_the_scope(
        documents in documents(),
        sees in sees(),
        within in proptest::option::of(0..5_usize),
        query in proptest::collection::vec(-1.0_f32..1.0, DIMENSIONS),
        k in 1..150_usize,
    ) {
        let (_dir, store) = fresh();
        let org = OrganisationId::new();
        let cases: Vec<CaseId> = (0..5).map(|_| CaseId::new()).collect();
        let ids: Vec<DocumentId> = (0..12).map(|_| DocumentId::new()).collect();
        let mut expected = Vec::new();
        for (number, (case, vectors)) in documents.iter().enumerate() {
            let (case_id, document, version) = (cases[*case], ids[number], VersionId::new());
            let given: Vec<Entry> = vectors.iter().map(|vector| Entry {
                passage: PassageId::new(), document, version, case: case_id, vector: vector.clone(),
            }).collect();
            store.replace(org, version, &given).unwrap();
            let seen = match &sees {
                Sees::All => true,
                Sees::Cases(cases) => cases.contains(case),
                Sees::Documents(documents) => documents.contains(&number),
            };
            if seen && within.is_none_or(|within| within == *case) {
                expected.extend(given);
            }
        }
        let reach = match &sees {
            Sees::All => Reach::Organisation,
            Sees::Cases(open) => {
                Reach::Cases(Arc::new(open.iter().map(|case| cases[*case]).collect()))
            }
            Sees::Documents(open) => Reach::Shared {
                client: ClientId::new(),
                documents: Arc::new(open.iter().map(|document| ids[*document]).collect()),
            },
        };
        let narrow = Narrow { case: within.map(|case| cases[case]), documents: None };
        let near = store.search(&scope(org, reach), &narrow, &query, k).unwrap();

        let mut all: Vec<(f32, PassageId)> =
            expected.iter().map(|entry| (scan::dot(&query, &entry.vector), entry.passage)).collect();
        all.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        all.truncate(k);
        let found: Vec<(f32, PassageId)> =
            near.iter().map(|near| (near.score, near.passage)).collect();
        prop_assert_eq!(found, all);
    }
}
