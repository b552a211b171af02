//! Commits that are shared, segments that stay few, and the live index.

use super::*;
use crate::search::LiveIndex;

#[test]
fn writers_at_the_same_time_share_commits_and_each_sees_its_own() {
    let chamber = Chamber::new();
    let (writers, each) = (8, 12);
    std::thread::scope(|threads| {
        for writer in 0..writers {
            let chamber = &chamber;
            threads.spawn(move || {
                for nth in 0..each {
                    let text = format!("parcel w{writer}n{nth}x");
                    let version = chamber.add("Notice", &[&text]);
                    assert_eq!(chamber.documents(&text)[0], version.document);
                }
            });
        }
    });
    let (commits, _) = chamber.index.commits_and_segments();
    assert!(commits < writers * each, "{commits} commits");
    assert_eq!(chamber.find("parcel").documents, 96);
}

#[test]
fn many_small_commits_leave_few_segments() {
    let chamber = Chamber::new();
    for nth in 0..150 {
        chamber.add("Notice", &[&format!("parcel {nth}")]);
    }
    let (commits, segments) = chamber.index.commits_and_segments();
    assert_eq!(commits, 150);
    assert!(segments < 40, "{segments} segments");
}

#[test]
fn a_version_that_cannot_be_written_is_told_and_the_next_can() {
    let chamber = Chamber::with(&["bail"]);
    let broken = chamber
        .index
        .writer()
        .unwrap()
        .add(|_| Err(TantivyError::InvalidArgument("not an entry".to_owned())));
    assert!(broken.wait().is_err());
    chamber.add("Order", &["parole"]);
    assert_eq!((chamber.documents("bail").len(), chamber.documents("parole").len()), (1, 1));
}

#[test]
fn what_is_written_while_another_index_is_filled_is_in_both() {
    let (dir, chamber) = (tempfile::tempdir().unwrap(), Chamber::new());
    let live = LiveIndex::open(dir.path(), Mode::Writer).unwrap();
    let first = live.to_fill().unwrap();
    live.finish(&first).unwrap();
    let (old, new) = (chamber.version("Old", &["parcel"]), chamber.version("New", &["parcel"]));
    live.add(std::slice::from_ref(&old)).unwrap().wait().unwrap();
    live.want();
    let beside = live.to_fill().unwrap();
    live.add(std::slice::from_ref(&new)).unwrap().wait().unwrap();
    let held = |index: &Index| -> BTreeSet<VersionId> {
        index.held().unwrap().iter().map(|held| held.version).collect()
    };
    assert_eq!(held(&live.current()), BTreeSet::from([old.version, new.version]));
    assert_eq!(held(&beside), BTreeSet::from([new.version]));
    beside.fill(&old).unwrap();
    beside.replace(&[]).unwrap();
    live.finish(&beside).unwrap();
    assert_eq!(held(&live.current()), BTreeSet::from([old.version, new.version]));
    assert!(!live.is_wanted());
}

#[test]
fn damaged_files_are_told_from_whole_ones() {
    for ending in ["store", "term", "idx", "pos", "fast", "fieldnorm", "meta.json"] {
        let chamber = Chamber::with(&["anticipatory bail", "refused"]);
        assert!(chamber.index.is_whole().unwrap());
        let folder = chamber.dir.path().join("entries");
        let file = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .find(|path| path.to_string_lossy().ends_with(ending))
            .unwrap();
        let mut bytes = std::fs::read(&file).unwrap();
        let middle = bytes.len() / 2;
        bytes[middle] = !bytes[middle];
        std::fs::write(&file, bytes).unwrap();
        assert!(!chamber.index.is_whole().unwrap(), "{ending}");
    }
}
