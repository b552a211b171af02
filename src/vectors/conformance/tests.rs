//! Entries, searches and scopes.

use std::collections::BTreeSet;

use super::*;
use crate::kernel::{
    CaseId, ClientId, DocumentId, OrganisationId, PassageId, Reach, Role, Scope, UserId,
};
use crate::vectors::{Entry, Near};

/// How far a score may be from the exact one: stores keep vectors of 32-bit numbers.
const NEARLY: f32 = 1e-4;

pub(super) fn scope(org: OrganisationId, reach: Reach) -> Scope {
    Scope::granted(org, UserId::new(), Role::Advocate, reach)
}

pub(super) fn everything(org: OrganisationId) -> Scope {
    scope(org, Reach::Organisation)
}

fn cases(org: OrganisationId, cases: &[CaseId]) -> Scope {
    scope(org, Reach::Cases(Arc::new(cases.iter().copied().collect())))
}

fn shared(org: OrganisationId, documents: &[DocumentId]) -> Scope {
    let documents = Arc::new(documents.iter().copied().collect());
    scope(org, Reach::Shared { client: ClientId::new(), documents })
}

/// A vector of length one that points at an angle, in the plane of the first two axes.
pub(super) fn towards(angle: f32) -> Vec<f32> {
    let mut vector = vec![0.0; DIMENSIONS];
    vector[0] = angle.cos();
    vector[1] = angle.sin();
    vector
}

/// A version of a document and its entries, each pointing at its angle.
pub(super) fn entries(
    case: CaseId,
    document: DocumentId,
    angles: &[f32],
) -> (VersionId, Vec<Entry>) {
    let version = VersionId::new();
    let entry = |angle: &f32| Entry {
        passage: PassageId::new(),
        document,
        version,
        case,
        vector: towards(*angle),
    };
    (version, angles.iter().map(entry).collect())
}

pub(super) async fn all(store: &dyn VectorStore, scope: &Scope) -> Vec<Near> {
    store.search(scope, &Narrow::default(), &towards(0.7), 1_000).await.unwrap()
}

fn passages(near: &[Near]) -> BTreeSet<PassageId> {
    near.iter().map(|near| near.passage).collect()
}

fn given(entries: &[&[Entry]]) -> BTreeSet<PassageId> {
    entries.iter().flat_map(|entries| entries.iter()).map(|entry| entry.passage).collect()
}

pub(super) async fn entries_are_replaced_and_forgotten_together(ground: Ground) {
    let store = ground.store().await;
    let (org, case, document) = (OrganisationId::new(), CaseId::new(), DocumentId::new());
    assert_eq!(store.count(org).await.unwrap(), 0);
    let (version, first) = entries(case, document, &[0.0, 0.5, 1.0]);
    for _ in 0..2 {
        store.replace(org, version, first.clone()).await.unwrap();
        assert_eq!(passages(&all(&*store, &everything(org)).await), given(&[&first]));
        assert_eq!(store.count(org).await.unwrap(), 3);
        assert_eq!(store.versions(org).await.unwrap(), BTreeSet::from([version]));
    }
    // Other passages, and one of the old ones that points elsewhere now.
    let (_, mut second) = entries(case, document, &[2.0, 2.5]);
    second.push(Entry { vector: towards(1.5), ..first[0].clone() });
    for entry in &mut second {
        entry.version = version;
    }
    store.replace(org, version, second.clone()).await.unwrap();
    assert_eq!(passages(&all(&*store, &everything(org)).await), given(&[&second]));
    let moved = store.search(&everything(org), &Narrow::default(), &towards(1.5), 1).await.unwrap();
    assert_eq!(moved[0].passage, first[0].passage);
    assert!((moved[0].score - 1.0).abs() < NEARLY);

    for _ in 0..2 {
        store.replace(org, version, Vec::new()).await.unwrap();
        assert!(all(&*store, &everything(org)).await.is_empty());
        assert_eq!(store.count(org).await.unwrap(), 0);
        assert!(store.versions(org).await.unwrap().is_empty());
    }
}

pub(super) async fn two_versions_of_a_document_stand_side_by_side(ground: Ground) {
    let store = ground.store().await;
    let (org, case, document) = (OrganisationId::new(), CaseId::new(), DocumentId::new());
    let (old, old_entries) = entries(case, document, &[0.0, 1.0]);
    let (new, new_entries) = entries(case, document, &[0.2]);
    store.replace(org, old, old_entries.clone()).await.unwrap();
    store.replace(org, new, new_entries.clone()).await.unwrap();
    assert_eq!(store.versions(org).await.unwrap(), BTreeSet::from([old, new]));
    store.replace(org, old, Vec::new()).await.unwrap();
    assert_eq!(store.versions(org).await.unwrap(), BTreeSet::from([new]));
    assert_eq!(passages(&all(&*store, &everything(org)).await), given(&[&new_entries]));
}

pub(super) async fn removing_a_document_removes_all_its_versions_and_no_other(ground: Ground) {
    let store = ground.store().await;
    let (org, other) = (OrganisationId::new(), OrganisationId::new());
    let (case, document) = (CaseId::new(), DocumentId::new());
    for _ in 0..2 {
        let (version, given) = entries(case, document, &[0.0, 1.0]);
        store.replace(org, version, given).await.unwrap();
    }
    let (kept, kept_entries) = entries(case, DocumentId::new(), &[0.5]);
    store.replace(org, kept, kept_entries).await.unwrap();
    // Another organisation's request for the same document removes nothing here.
    store.remove_document(other, document).await.unwrap();
    assert_eq!(store.count(org).await.unwrap(), 5);
    for _ in 0..2 {
        store.remove_document(org, document).await.unwrap();
        assert_eq!(store.versions(org).await.unwrap(), BTreeSet::from([kept]));
        assert_eq!(store.count(org).await.unwrap(), 1);
    }
}

pub(super) async fn the_nearest_come_first_with_their_exact_scores(ground: Ground) {
    let store = ground.store().await;
    let (org, case, document) = (OrganisationId::new(), CaseId::new(), DocumentId::new());
    let angles = [0.0, 0.15, 0.4, 0.8, 1.2, 2.0, 3.0];
    let (version, given) = entries(case, document, &angles);
    store.replace(org, version, given.clone()).await.unwrap();
    let near = store.search(&everything(org), &Narrow::default(), &towards(0.3), 5).await.unwrap();
    let mut expected: Vec<(f32, PassageId)> = angles
        .iter()
        .zip(&given)
        .map(|(angle, entry)| ((angle - 0.3_f32).cos(), entry.passage))
        .collect();
    expected.sort_by(|a, b| b.0.total_cmp(&a.0));
    assert_eq!(near.len(), 5);
    for (found, (score, passage)) in near.iter().zip(&expected) {
        assert_eq!(found.passage, *passage);
        assert!((found.score - score).abs() < NEARLY, "{} is not {score}", found.score);
        assert_eq!((found.document, found.case), (document, case));
    }
}

pub(super) async fn a_scope_opens_what_it_opens_and_nothing_else(ground: Ground) {
    let store = ground.store().await;
    let (org, other) = (OrganisationId::new(), OrganisationId::new());
    let [a, b, closed] = [CaseId::new(), CaseId::new(), CaseId::new()];
    let mut written = Vec::new();
    for case in [a, b, closed] {
        let (version, given) = entries(case, DocumentId::new(), &[0.1, 0.6, 1.1]);
        store.replace(org, version, given.clone()).await.unwrap();
        written.push(given);
    }
    let (version, theirs) = entries(CaseId::new(), DocumentId::new(), &[0.7, 0.7]);
    store.replace(other, version, theirs.clone()).await.unwrap();
    let [in_a, in_b, in_closed] = &written[..] else { panic!() };

    let opened = [
        (everything(org), given(&[in_a, in_b, in_closed])),
        (everything(other), given(&[&theirs])),
        (everything(OrganisationId::new()), BTreeSet::new()),
        (cases(org, &[a, b]), given(&[in_a, in_b])),
        (cases(org, &[a, CaseId::new()]), given(&[in_a])),
        (cases(org, &[]), BTreeSet::new()),
        // A case or a document of ours opens nothing in another organisation.
        (cases(other, &[a, b, closed]), BTreeSet::new()),
        (shared(org, &[in_b[0].document]), given(&[in_b])),
        (shared(org, &[in_a[0].document, in_closed[0].document]), given(&[in_a, in_closed])),
        (shared(org, &[]), BTreeSet::new()),
        (shared(other, &[in_a[0].document]), BTreeSet::new()),
    ];
    for (scope, expected) in opened {
        let near = all(&*store, &scope).await;
        assert_eq!(passages(&near), expected, "{scope:?}");
        assert_eq!(near.len(), expected.len(), "{scope:?}");
        // The best of few, too, is the best of what is open.
        let best = store.search(&scope, &Narrow::default(), &towards(0.7), 1).await.unwrap();
        assert_eq!(best.len(), expected.len().min(1));
        assert!(best.iter().all(|near| expected.contains(&near.passage)));
    }
    assert_eq!(store.count(org).await.unwrap(), 9);
    assert_eq!(store.versions(other).await.unwrap(), BTreeSet::from([version]));
}

pub(super) async fn a_search_is_narrowed_to_a_case_and_to_documents(ground: Ground) {
    let store = ground.store().await;
    let org = OrganisationId::new();
    let (a, b) = (CaseId::new(), CaseId::new());
    let mut written = Vec::new();
    for case in [a, a, b] {
        let (version, given) = entries(case, DocumentId::new(), &[0.1, 0.6]);
        store.replace(org, version, given.clone()).await.unwrap();
        written.push(given);
    }
    let [one, two, three] = &written[..] else { panic!() };
    let documents = |of: &[&Vec<Entry>]| {
        let documents: BTreeSet<DocumentId> = of.iter().map(|given| given[0].document).collect();
        Some(Arc::new(documents))
    };
    let in_a = Narrow { case: Some(a), documents: None };
    let first = Narrow { case: None, documents: documents(&[one, three]) };
    let both = Narrow { case: Some(a), documents: documents(&[one, three]) };
    let nothing = Narrow { case: None, documents: documents(&[]) };
    let narrowed = [
        (everything(org), &in_a, given(&[one, two])),
        (everything(org), &first, given(&[one, three])),
        (everything(org), &both, given(&[one])),
        (everything(org), &nothing, BTreeSet::new()),
        (cases(org, &[a]), &in_a, given(&[one, two])),
        (cases(org, &[b]), &in_a, BTreeSet::new()),
        (cases(org, &[b]), &first, given(&[three])),
        (shared(org, &[two[0].document]), &in_a, given(&[two])),
        (shared(org, &[two[0].document]), &first, BTreeSet::new()),
        (shared(org, &[three[0].document]), &both, BTreeSet::new()),
    ];
    for (scope, narrow, expected) in narrowed {
        let near = store.search(&scope, narrow, &towards(0.3), 100).await.unwrap();
        assert_eq!(passages(&near), expected, "{scope:?} {narrow:?}");
    }
    // Narrowed to more than a statement would be given at once.
    let mut many: BTreeSet<DocumentId> = (0..5_000).map(|_| DocumentId::new()).collect();
    many.insert(two[0].document);
    let narrow = Narrow { case: None, documents: Some(Arc::new(many)) };
    let near = store.search(&everything(org), &narrow, &towards(0.3), 100).await.unwrap();
    assert_eq!(passages(&near), given(&[two]));
}

pub(super) async fn more_than_there_is_gives_what_there_is(ground: Ground) {
    let store = ground.store().await;
    let org = OrganisationId::new();
    let (version, given) = entries(CaseId::new(), DocumentId::new(), &[0.0, 1.0]);
    store.replace(org, version, given).await.unwrap();
    for (k, found) in [(0, 0), (1, 1), (2, 2), (3, 2), (10_000, 2)] {
        let near = store.search(&everything(org), &Narrow::default(), &towards(0.0), k).await;
        assert_eq!(near.unwrap().len(), found, "of {k}");
    }
}

pub(super) async fn what_does_not_fit_is_refused_and_changes_nothing(ground: Ground) {
    let store = ground.store().await;
    let org = OrganisationId::new();
    let (version, given) = entries(CaseId::new(), DocumentId::new(), &[0.0, 1.0]);
    let query = store.search(&everything(org), &Narrow::default(), &[1.0], 5).await;
    assert!(matches!(query, Err(StoreError::WrongDimension { expected: DIMENSIONS, actual: 1 })));
    let endless = [f32::INFINITY; DIMENSIONS];
    let query = store.search(&everything(org), &Narrow::default(), &endless, 5).await;
    assert!(matches!(query, Err(StoreError::NotFinite)));

    let mut short = given.clone();
    short[1].vector.pop();
    let refused = store.replace(org, version, short).await;
    assert!(matches!(refused, Err(StoreError::WrongDimension { .. })));
    let mut broken = given.clone();
    broken[1].vector[3] = f32::NAN;
    assert!(matches!(store.replace(org, version, broken).await, Err(StoreError::NotFinite)));
    let mut mixed = given.clone();
    mixed[1].case = CaseId::new();
    assert!(matches!(store.replace(org, version, mixed).await, Err(StoreError::Mixed(_))));
    let mut mixed = given.clone();
    mixed[1].document = DocumentId::new();
    assert!(matches!(store.replace(org, version, mixed).await, Err(StoreError::Mixed(_))));
    let other = store.replace(org, VersionId::new(), given).await;
    assert!(matches!(other, Err(StoreError::Mixed(_))));
    assert_eq!(store.count(org).await.unwrap(), 0);
}

pub(super) async fn many_entries_of_one_version_are_kept(ground: Ground) {
    let store = ground.store().await;
    let (org, case, document) = (OrganisationId::new(), CaseId::new(), DocumentId::new());
    let angles: Vec<f32> = (0_u16..5_000).map(|number| f32::from(number) * 0.001).collect();
    let (version, given) = entries(case, document, &angles);
    store.replace(org, version, given.clone()).await.unwrap();
    assert_eq!(store.count(org).await.unwrap(), 5_000);
    assert_eq!(store.versions(org).await.unwrap(), BTreeSet::from([version]));
    let near = store.search(&everything(org), &Narrow::default(), &towards(2.5), 3).await.unwrap();
    assert_eq!(near[0].passage, given[2_500].passage);
    store.replace(org, version, given[..10].to_vec()).await.unwrap();
    assert_eq!(store.count(org).await.unwrap(), 10);
    assert_eq!(store.versions(org).await.unwrap(), BTreeSet::from([version]));
}

pub(super) async fn writers_and_readers_work_at_once(ground: Ground) {
    let store = ground.store().await;
    let org = OrganisationId::new();
    let (kept, kept_entries) = entries(CaseId::new(), DocumentId::new(), &[0.0]);
    store.replace(org, kept, kept_entries.clone()).await.unwrap();
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..4 {
        let store = Arc::clone(&store);
        tasks.spawn(async move {
            let (case, document) = (CaseId::new(), DocumentId::new());
            for _ in 0..10 {
                let (version, given) = entries(case, document, &[1.0, 1.1, 1.2]);
                store.replace(org, version, given).await.unwrap();
                store.replace(org, version, Vec::new()).await.unwrap();
            }
            let (version, given) = entries(case, document, &[1.5]);
            store.replace(org, version, given).await.unwrap();
        });
    }
    for _ in 0..2 {
        let (store, kept) = (Arc::clone(&store), kept_entries[0].passage);
        tasks.spawn(async move {
            for _ in 0..50 {
                let near =
                    store.search(&everything(org), &Narrow::default(), &towards(0.0), 1).await;
                assert_eq!(near.unwrap()[0].passage, kept);
            }
        });
    }
    while let Some(ended) = tasks.join_next().await {
        ended.unwrap();
    }
    assert_eq!(store.versions(org).await.unwrap().len(), 5);
    assert_eq!(store.count(org).await.unwrap(), 5);
}
