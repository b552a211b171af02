//! Snapshots of the files: what is copied while others write, and what an interrupted
//! or damaged one leaves.

use std::collections::BTreeSet;
use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};

use super::tests::{all, entries, fresh, only_file, open};
use super::*;
use crate::kernel::CaseId;

/// A store with two versions, and a snapshot of it from before the second was forgotten.
struct Taken {
    dir: tempfile::TempDir,
    store: FlatStore,
    org: OrganisationId,
    kept: VersionId,
    forgotten: VersionId,
    name: String,
}

fn taken() -> Taken {
    let (dir, store) = fresh();
    let org = OrganisationId::new();
    let (kept, given) = entries(CaseId::new(), DocumentId::new(), &[0.0, 1.0]);
    store.replace(org, kept, &given).unwrap();
    let (forgotten, given) = entries(CaseId::new(), DocumentId::new(), &[0.5]);
    store.replace(org, forgotten, &given).unwrap();
    let name = store.snapshot(3).unwrap().name;
    store.replace(org, forgotten, &[]).unwrap();
    Taken { dir, store, org, kept, forgotten, name }
}

fn snapshot_file(dir: &Path, name: &str) -> PathBuf {
    only_file(&dir.join("snapshots").join(name))
}

#[test]
fn a_record_that_is_being_written_is_not_part_of_a_snapshot() {
    let (dir, store) = fresh();
    let org = OrganisationId::new();
    let (version, given) = entries(CaseId::new(), DocumentId::new(), &[0.0, 1.0]);
    store.replace(org, version, &given).unwrap();
    let whole = fs::metadata(only_file(dir.path())).unwrap().len();
    let mut file = OpenOptions::new().append(true).open(only_file(dir.path())).unwrap();
    file.write_all(&[7; 21]).unwrap();
    let snapshot = store.snapshot(3).unwrap();
    assert_eq!(snapshot.bytes, whole);
    store.restore(&snapshot.name).unwrap();
    assert_eq!(fs::metadata(only_file(dir.path())).unwrap().len(), whole);
    assert_eq!(store.versions(org).unwrap(), BTreeSet::from([version]));
}

#[test]
fn what_is_written_later_is_not_part_of_a_snapshot() {
    let Taken { store, org, kept, forgotten, name, dir } = taken();
    assert_eq!(store.versions(org).unwrap(), BTreeSet::from([kept]));
    store.restore(&name).unwrap();
    assert_eq!(store.versions(org).unwrap(), BTreeSet::from([kept, forgotten]));
    assert_eq!(all(&open(dir.path()), org), all(&store, org));
}

#[test]
fn a_damaged_snapshot_is_refused_and_what_is_there_is_kept() {
    let Taken { dir, store, org, kept, name, .. } = taken();
    let file = snapshot_file(dir.path(), &name);
    let mut bytes = fs::read(&file).unwrap();
    fs::remove_file(&file).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 0x10;
    fs::write(&file, bytes).unwrap();
    for _ in 0..2 {
        assert!(matches!(store.restore(&name), Err(StoreError::BadSnapshot(_))));
        assert_eq!(store.versions(org).unwrap(), BTreeSet::from([kept]));
        assert_eq!(open(dir.path()).versions(org).unwrap(), BTreeSet::from([kept]));
    }
}

#[test]
fn a_snapshot_of_another_model_is_refused() {
    let Taken { dir, name, org, .. } = taken();
    let other = FlatStore::open(dir.path(), "another", 8).unwrap().store;
    assert!(matches!(other.restore(&name), Err(StoreError::BadSnapshot(_))));
    assert_eq!(other.count(org).unwrap(), 0);
}

#[test]
fn a_restoration_that_was_interrupted_is_finished_when_the_store_opens() {
    let Taken { dir, store, org, kept, forgotten, name } = taken();
    let stranger = OrganisationId::new();
    let (version, given) = entries(CaseId::new(), DocumentId::new(), &[2.0]);
    store.replace(stranger, version, &given).unwrap();
    let length = store.snapshots().unwrap()[0].bytes;
    drop(store);
    // Everything is copied and named, and nothing is moved yet.
    let snapshot = dir.path().join("snapshots").join(&name);
    let restored = dir.path().join("restored");
    fs::create_dir(&restored).unwrap();
    fs::copy(snapshot.join(MANIFEST), restored.join(MANIFEST)).unwrap();
    let file = only_file(&snapshot);
    let mut bytes = fs::read(&file).unwrap();
    bytes.truncate(usize::try_from(length).unwrap());
    fs::write(restored.join(file.file_name().unwrap()), bytes).unwrap();

    let store = open(dir.path());
    assert!(!restored.exists());
    assert_eq!(store.versions(org).unwrap(), BTreeSet::from([kept, forgotten]));
    assert_eq!(store.count(stranger).unwrap(), 0);
}

#[test]
fn a_restoration_that_was_never_named_changes_nothing() {
    let Taken { dir, store, org, kept, .. } = taken();
    drop(store);
    fs::create_dir(dir.path().join(".unfinished-restored")).unwrap();
    assert_eq!(open(dir.path()).versions(org).unwrap(), BTreeSet::from([kept]));
}
