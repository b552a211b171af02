//! The files of the index: opened again, of other versions, torn.

use std::time::{Duration, Instant};

use std::fs;
use std::path::Path;

use super::super::open::ENTRIES;
use super::*;

/// A way to tear a file.
type Tear = fn(&Path);

#[test]
fn a_reader_follows_the_writer_and_writes_nothing() {
    let chamber = Chamber::with(&["bail"]);
    let reader = Index::open(chamber.dir.path(), Mode::ReaderOnly).unwrap();
    assert!(!reader.rebuilt);
    assert!(matches!(reader.index.replace(&[]), Err(IndexError::ReadOnly)));
    assert!(matches!(Index::open(chamber.dir.path(), Mode::Writer), Err(IndexError::Busy)));
    chamber.add("Late", &["parole"]);
    let begun = Instant::now();
    while reader.index.documents_total(&chamber.admin(), None).unwrap() < 2 {
        assert!(begun.elapsed() < Duration::from_secs(20), "the reader does not follow");
        std::thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn a_reader_waits_for_an_index_that_fits() {
    let dir = tempfile::tempdir().unwrap();
    assert!(matches!(Index::open(dir.path(), Mode::ReaderOnly), Err(IndexError::NotReady)));
}

#[test]
fn an_index_is_kept_when_it_is_opened_again() {
    let chamber = Chamber::with(&["bail"]);
    let Chamber { dir, index, organisation, .. } = chamber;
    drop(index);
    let again = Index::open(dir.path(), Mode::Writer).unwrap();
    assert!(!again.rebuilt);
    let all = scope(organisation, Reach::Organisation);
    assert_eq!(again.index.documents_total(&all, None).unwrap(), 1);
}

#[test]
fn another_version_of_the_analyser_builds_the_index_again() {
    let Chamber { dir, index, organisation, .. } = Chamber::with(&["bail"]);
    drop(index);
    let manifest = dir.path().join("manifest.toml");
    let written = fs::read_to_string(&manifest).unwrap();
    let other = written.replace("analyser = ", "analyser = 9");
    assert_ne!(written, other);
    fs::write(&manifest, other).unwrap();
    assert!(matches!(Index::open(dir.path(), Mode::ReaderOnly), Err(IndexError::NotReady)));
    let again = Index::open(dir.path(), Mode::Writer).unwrap();
    assert!(again.rebuilt);
    assert!(again.index.versions(organisation).unwrap().is_empty());
    drop(again);
    assert!(!Index::open(dir.path(), Mode::Writer).unwrap().rebuilt);
}

#[test]
fn a_torn_index_is_built_again() {
    let ways: [(&str, Tear); 4] = [
        ("deleted", |file| fs::remove_file(file).unwrap()),
        ("emptied", |file| fs::write(file, "").unwrap()),
        ("halved", |file| {
            let bytes = fs::read(file).unwrap();
            fs::write(file, &bytes[..bytes.len() / 2]).unwrap();
        }),
        ("garbled", |file| fs::write(file, "not what was written").unwrap()),
    ];
    for (way, tear) in ways {
        let whole = Chamber::with(&["anticipatory bail", "refused"]);
        let count = files(whole.dir.path()).len();
        assert!(count > 4);
        for nth in 0..count {
            let Chamber { dir, index, organisation, .. } =
                Chamber::with(&["anticipatory bail", "refused"]);
            drop(index);
            let Some(file) = files(dir.path()).into_iter().nth(nth) else { continue };
            tear(&file);
            let opened = Index::open(dir.path(), Mode::Writer)
                .unwrap_or_else(|error| panic!("{way} {}: {error:?}", file.display()));
            let all = scope(organisation, Reach::Organisation);
            let found = opened.index.search(&all, None, &Query::parse("\"anticipatory bail\""), 5);
            if !opened.rebuilt {
                let unharmed = found.as_ref().is_ok_and(|found| found.hits.len() == 1);
                drop(opened);
                let again = Index::open(dir.path(), Mode::Writer).unwrap();
                assert!(unharmed || again.rebuilt, "{way} {}: {found:?}", file.display());
            }
        }
    }
}

/// The files of the entries that hold what was indexed.
fn files(dir: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = fs::read_dir(dir.join(ENTRIES))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_none_or(|end| end != "lock"))
        .collect();
    files.sort_by_key(|path| (path.extension().map(std::ffi::OsStr::to_owned), path.clone()));
    files
}
