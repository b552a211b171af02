//! Looking after sealed files: removing them, sealing those from before, and
//! changing the master key under them.

use std::fs::File;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use tokio::io::AsyncReadExt;

use super::{Blobs, PIECE, PURPOSE, SEALED, names};
use crate::kernel::OrganisationId;
use crate::vault::{key_of, reseal};

/// What became of files when the master key changed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Resealed {
    /// How many files there are.
    pub files: u64,
    /// How many of them an older key had sealed.
    pub changed: u64,
}

impl Blobs {
    /// Removes a blob; nothing, when it is not there.
    ///
    /// # Errors
    /// Fails when the disk does.
    pub fn remove(&self, organisation: OrganisationId, sha256: &str) -> io::Result<()> {
        self.remove_named(&self.name(organisation, sha256)).map(drop)
    }

    /// Removes a blob by its name on the disk; whether it was there.
    ///
    /// # Errors
    /// Fails when the disk does.
    pub fn remove_named(&self, name: &str) -> io::Result<bool> {
        let path = self.place_of(name);
        match std::fs::remove_file(&path) {
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
            Err(error) => Err(error),
            Ok(()) => {
                path.parent().map_or(Ok(()), |folder| File::open(folder)?.sync_all()).map(|()| true)
            }
        }
    }

    /// Whether there is a blob of this name on the disk.
    #[must_use]
    pub fn has_named(&self, name: &str) -> bool {
        self.place_of(name).exists()
    }

    /// The SHA-256 of every file from before they were sealed.
    ///
    /// # Errors
    /// Fails when the folder cannot be read.
    pub fn unsealed(&self) -> io::Result<Vec<String>> {
        let is_hex = |name: &str, length: usize| {
            name.len() == length && name.bytes().all(|byte| byte.is_ascii_hexdigit())
        };
        let mut found = Vec::new();
        for folder in entries(&self.dir)? {
            let name = folder.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            if !is_hex(name, 2) {
                continue;
            }
            for file in entries(&folder)? {
                let name = file.file_name().and_then(|name| name.to_str()).unwrap_or_default();
                if is_hex(name, 64) {
                    found.push(name.to_owned());
                }
            }
        }
        Ok(found)
    }

    /// Seals a file from before for each organisation that has it, then removes it.
    /// May be done again when it was cut short.
    ///
    /// # Errors
    /// Fails when the disk does; then the file is as it was.
    pub async fn seal_former(
        &self,
        sha256: &str,
        organisations: &[OrganisationId],
    ) -> io::Result<()> {
        let from = self.former_path(sha256);
        for &organisation in organisations {
            let mut writing = self.start(organisation).await?;
            let mut file = tokio::fs::File::open(&from).await?;
            loop {
                let mut piece = Vec::new();
                if (&mut file).take(PIECE).read_to_end(&mut piece).await? == 0 {
                    break;
                }
                writing.write(&piece).await?;
            }
            let sealed = self.finish(writing).await?;
            if sealed.sha256 != sha256 {
                self.remove(organisation, &sealed.sha256)?;
                let words = format!("the file `{sha256}` is damaged");
                return Err(io::Error::new(ErrorKind::InvalidData, words));
            }
        }
        tokio::fs::remove_file(from).await
    }

    /// The master keys that seal the files, one for each.
    ///
    /// # Errors
    /// Fails when a file cannot be read.
    pub fn keys(&self) -> io::Result<Vec<u32>> {
        let mut keys = Vec::new();
        for folder in entries(&self.dir.join(SEALED))? {
            for path in entries(&folder)? {
                keys.push(key_of(&self.vault, PURPOSE, &File::open(path)?)?);
            }
        }
        Ok(keys)
    }

    /// Has the newest master key seal every file.
    ///
    /// # Errors
    /// Fails when a file cannot be read, opened or written.
    pub fn reseal(&self, told: &mut dyn FnMut(Resealed)) -> io::Result<Resealed> {
        let key = self.dir.join(names::FILE);
        let opened = self.vault.unseal(names::PURPOSE, &std::fs::read(&key)?)?;
        names::place(&key, &self.vault.seal(names::PURPOSE, &opened)?)?;
        let mut done = Resealed::default();
        for folder in entries(&self.dir.join(SEALED))? {
            for path in entries(&folder)? {
                let file = File::options().read(true).write(true).open(&path)?;
                let changed = reseal(&self.vault, PURPOSE, &file).map_err(|error| {
                    io::Error::new(error.kind(), format!("{}: {error}", path.display()))
                })?;
                done.files += 1;
                done.changed += u64::from(changed);
                told(done);
            }
        }
        Ok(done)
    }
}

/// What is in a folder; nothing when it is not there.
fn entries(folder: &Path) -> io::Result<Vec<PathBuf>> {
    match std::fs::read_dir(folder) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) if error.kind() == ErrorKind::NotADirectory => Ok(Vec::new()),
        read => read?.map(|entry| entry.map(|entry| entry.path())).collect(),
    }
}
