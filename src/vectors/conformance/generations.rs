//! Generations, what is kept of them, and snapshots.

use std::collections::BTreeSet;

use super::tests::{all, entries, everything};
use super::*;
use crate::kernel::{CaseId, DocumentId, OrganisationId};

pub(super) async fn generations_stand_side_by_side_and_are_dropped(ground: Ground) {
    let stores = ground.stores();
    let store = stores.open(&ground.generation, DIMENSIONS).await.unwrap();
    let shadow_name = format!("{}-shadow", ground.generation);
    let shadow = stores.open(&shadow_name, 2 * DIMENSIONS).await.unwrap();
    let (org, case, document) = (OrganisationId::new(), CaseId::new(), DocumentId::new());
    let (version, given) = entries(case, document, &[0.0, 1.0]);
    store.replace(org, version, given.clone()).await.unwrap();
    let mut longer = given[..1].to_vec();
    longer[0].vector.resize(2 * DIMENSIONS, 0.0);
    shadow.replace(org, version, longer).await.unwrap();
    assert_eq!(store.count(org).await.unwrap(), 2);
    assert_eq!(shadow.count(org).await.unwrap(), 1);
    let generations = stores.generations().await.unwrap();
    assert!(generations.contains(&ground.generation) && generations.contains(&shadow_name));

    stores.drop_generation(&shadow_name).await.unwrap();
    stores.drop_generation(&shadow_name).await.unwrap();
    assert!(!stores.generations().await.unwrap().contains(&shadow_name));
    // Whoever still has it open is told, and does not bring it back.
    let used = shadow.search(&everything(org), &Narrow::default(), &[0.0; 2 * DIMENSIONS], 1).await;
    assert!(matches!(used, Err(StoreError::Dropped(_))), "{used:?}");
    let used = shadow.replace(org, version, Vec::new()).await;
    assert!(matches!(used, Err(StoreError::Dropped(_))), "{used:?}");
    assert!(!stores.generations().await.unwrap().contains(&shadow_name));
    assert_eq!(store.count(org).await.unwrap(), 2);
    // The same name again is another, empty store.
    let again = stores.open(&shadow_name, DIMENSIONS).await.unwrap();
    assert_eq!(again.count(org).await.unwrap(), 0);
    stores.drop_generation(&shadow_name).await.unwrap();
}

pub(super) async fn a_generation_has_a_name_and_one_dimension(ground: Ground) {
    let stores = ground.stores();
    for name in ["", "..", "a/b", "a b", ".hidden", &"x".repeat(65)] {
        let opened = stores.open(name, DIMENSIONS).await.err();
        assert!(matches!(opened, Some(StoreError::Name(_))), "`{name}` {opened:?}");
        let dropped = stores.drop_generation(name).await.err();
        assert!(matches!(dropped, Some(StoreError::Name(_))), "`{name}` {dropped:?}");
    }
    assert_eq!(stores.dimensions(&ground.generation).await.unwrap(), None);
    ground.store().await;
    for stores in [stores, ground.stores()] {
        assert_eq!(stores.dimensions(&ground.generation).await.unwrap(), Some(DIMENSIONS));
        stores.open(&ground.generation, DIMENSIONS).await.unwrap();
        let other = stores.open(&ground.generation, DIMENSIONS + 1).await.err();
        assert!(
            matches!(other, Some(StoreError::WrongDimension { expected: DIMENSIONS, .. })),
            "{other:?}"
        );
    }
}

pub(super) async fn what_is_kept_is_there_after_reopening(ground: Ground) {
    let org = OrganisationId::new();
    let (version, given) = entries(CaseId::new(), DocumentId::new(), &[0.0, 0.4, 0.8]);
    ground.store().await.replace(org, version, given).await.unwrap();
    let before = all(&*ground.store().await, &everything(org)).await;
    let stores = ground.stores();
    assert!(stores.generations().await.unwrap().contains(&ground.generation));
    let reopened = stores.open(&ground.generation, DIMENSIONS).await.unwrap();
    assert_eq!(all(&*reopened, &everything(org)).await, before);
    assert_eq!(reopened.versions(org).await.unwrap(), BTreeSet::from([version]));
    // Opened twice, it is the same store: what one writes the other finds.
    let twice = stores.open(&ground.generation, DIMENSIONS).await.unwrap();
    twice.replace(org, version, Vec::new()).await.unwrap();
    assert_eq!(reopened.count(org).await.unwrap(), 0);
}

pub(super) async fn a_snapshot_is_put_back(ground: Ground) {
    let store = ground.store().await;
    let (org, later) = (OrganisationId::new(), OrganisationId::new());
    let (kept, kept_entries) = entries(CaseId::new(), DocumentId::new(), &[0.0, 0.5]);
    let (changed, changed_entries) = entries(CaseId::new(), DocumentId::new(), &[1.0]);
    store.replace(org, kept, kept_entries.clone()).await.unwrap();
    store.replace(org, changed, changed_entries.clone()).await.unwrap();
    let before = all(&*store, &everything(org)).await;
    assert!(store.snapshots().await.unwrap().is_empty());
    let snapshot = store.snapshot().await.unwrap();
    assert!(snapshot.bytes > 0);
    assert_eq!(store.snapshots().await.unwrap(), vec![snapshot.clone()]);

    store.remove_document(org, kept_entries[0].document).await.unwrap();
    store.replace(org, changed, Vec::new()).await.unwrap();
    let (version, given) = entries(CaseId::new(), DocumentId::new(), &[2.0]);
    store.replace(later, version, given).await.unwrap();
    for name in ["20200101-000000-000000", "no-such-snapshot"] {
        let missing = store.restore(name).await;
        assert!(matches!(missing, Err(StoreError::NoSnapshot(_))), "{missing:?}");
    }
    assert!(matches!(store.restore("../x").await, Err(StoreError::Name(_))));
    assert_eq!(store.count(later).await.unwrap(), 1);

    // It can be put back more than once, and written to afterwards.
    for _ in 0..2 {
        store.restore(&snapshot.name).await.unwrap();
        assert_eq!(all(&*store, &everything(org)).await, before);
        assert_eq!(store.versions(org).await.unwrap(), BTreeSet::from([kept, changed]));
        assert_eq!(store.count(later).await.unwrap(), 0);
        store.replace(org, kept, Vec::new()).await.unwrap();
        assert_eq!(store.versions(org).await.unwrap(), BTreeSet::from([changed]));
    }
    assert_eq!(ground.store().await.versions(org).await.unwrap(), BTreeSet::from([changed]));
}

pub(super) async fn only_the_newest_snapshots_are_kept(ground: Ground) {
    let store = ground.store().await;
    let org = OrganisationId::new();
    let mut taken = Vec::new();
    for angle in [0.0, 1.0, 2.0, 3.0_f32] {
        let (version, given) = entries(CaseId::new(), DocumentId::new(), &[angle]);
        store.replace(org, version, given).await.unwrap();
        taken.push(store.snapshot().await.unwrap().name);
        // Qdrant names its snapshots by the second.
        tokio::time::sleep(std::time::Duration::from_millis(1_100)).await;
    }
    let left: Vec<String> =
        store.snapshots().await.unwrap().into_iter().map(|snapshot| snapshot.name).collect();
    assert_eq!(left, taken[1..]);
    assert!(matches!(store.restore(&taken[0]).await, Err(StoreError::NoSnapshot(_))));
    store.restore(&taken[1]).await.unwrap();
    assert_eq!(store.count(org).await.unwrap(), 2);
}
