use std::fs;

use futures_util::TryStreamExt;

use super::*;
use crate::vault::{KeySource, Keys};

fn vault(text: &str) -> Vault {
    Vault::open(&KeySource::Text(text.to_owned().into())).unwrap()
}

fn files(dir: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found
}

async fn whole(blobs: &Blobs, organisation: OrganisationId, sha256: &str) -> Vec<u8> {
    let pieces: Vec<Bytes> =
        blobs.bytes(organisation, sha256).await.unwrap().try_collect().await.unwrap();
    pieces.concat()
}

#[tokio::test]
async fn the_same_bytes_of_an_organisation_are_kept_once_and_tell_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let blobs = Blobs::open(dir.path(), vault(&format!("1 {}", Keys::random_text()))).unwrap();
    let (one, two) = (OrganisationId::new(), OrganisationId::new());
    let text = b"In the matter of a will".repeat(9000);
    let first = blobs.put(one, &text).await.unwrap();
    assert_eq!(first, blobs.put(one, &text).await.unwrap());
    assert_eq!(files(dir.path()).len(), 2, "one file, and the key of the names");
    blobs.put(two, &text).await.unwrap();
    assert_eq!(files(dir.path()).len(), 3);
    for file in files(dir.path()) {
        assert!(!file.to_string_lossy().contains(&first.sha256));
        let bytes = fs::read(file).unwrap();
        assert!(!bytes.windows(6).any(|window| window == b"matter"));
    }
    assert_eq!(whole(&blobs, one, &first.sha256).await, text);
    let plain = blobs.plain(one, &first.sha256).await.unwrap();
    for _ in 0..2 {
        let mut read = Vec::new();
        plain.open().unwrap().read_to_end(&mut read).unwrap();
        assert_eq!(read, text, "each opening begins at the first byte");
    }
    let change = File::options().write(true).open(plain.path());
    let changed = change.and_then(|file| std::os::unix::fs::FileExt::write_at(&file, b"x", 0));
    assert!(changed.is_err(), "the plain bytes can be changed");
    blobs.remove(one, &first.sha256).unwrap();
    assert!(!blobs.has(one, &first.sha256) && blobs.has(two, &first.sha256));
}

#[tokio::test]
async fn files_from_before_are_read_and_then_sealed() {
    let dir = tempfile::tempdir().unwrap();
    let blobs = Blobs::open(dir.path(), vault(&format!("1 {}", Keys::random_text()))).unwrap();
    let sha256 = hex(&Sha256::digest(b"an old deed"));
    let former = blobs.former_path(&sha256);
    fs::create_dir_all(former.parent().unwrap()).unwrap();
    fs::write(&former, b"an old deed").unwrap();
    let organisation = OrganisationId::new();
    assert_eq!(whole(&blobs, organisation, &sha256).await, b"an old deed");
    assert_eq!(blobs.unsealed().unwrap(), std::slice::from_ref(&sha256));
    blobs.seal_former(&sha256, &[organisation]).await.unwrap();
    assert_eq!(blobs.unsealed().unwrap(), Vec::<String>::new());
    assert_eq!(whole(&blobs, organisation, &sha256).await, b"an old deed");
}

#[tokio::test]
async fn the_master_key_changes_under_the_files() {
    let dir = tempfile::tempdir().unwrap();
    let (one, two) = (Keys::random_text(), Keys::random_text());
    let organisation = OrganisationId::new();
    let before = Blobs::open(dir.path(), vault(&format!("1 {one}"))).unwrap();
    let blob = before.put(organisation, b"kept").await.unwrap();
    let both = Blobs::open(dir.path(), vault(&format!("2 {two},1 {one}"))).unwrap();
    assert_eq!(both.reseal(&mut |_| ()).unwrap(), Resealed { files: 1, changed: 1 });
    assert_eq!(both.reseal(&mut |_| ()).unwrap(), Resealed { files: 1, changed: 0 });
    let after = Blobs::open(dir.path(), vault(&format!("2 {two}"))).unwrap();
    assert_eq!(whole(&after, organisation, &blob.sha256).await, b"kept");
}
