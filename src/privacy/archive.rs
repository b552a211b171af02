//! The archive of an export: put together in memory, sealed piece by piece.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};

use serde_json::json;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::export::PURPOSE;
use super::page::{Entry, index_page};
use super::{Privacy, PrivacyError, store};
use crate::kernel::ExportId;
use crate::vault::Sealer;

/// How much is sealed at once, in bytes.
const PIECE: usize = 64 << 10;

impl Privacy {
    pub(super) async fn put_together(&self, id: ExportId) -> Result<(), PrivacyError> {
        let mut tx = self.db.write().await?;
        let Some(export) = store::export(&mut tx, id).await? else { return Ok(()) };
        store::set_export_cases(&mut tx, &export).await?;
        let (name, parts, files) = self.gather(&mut tx, &export).await?;
        tx.commit().await?;
        let mut zip = ZipWriter::new(memory_file()?);
        let failed = |error: zip::result::ZipError| PrivacyError::Disk(error.into());
        let options = SimpleFileOptions::default();
        let mut entries = Vec::new();
        for (number, file) in files.iter().enumerate() {
            let path = format!("files/{:04}-{}", number + 1, safe(&file.file_name));
            let mut from = self.documents.file_of(export.organisation_id, &file.sha256).await?;
            zip.start_file(path.as_str(), options).map_err(failed)?;
            io::copy(&mut from, &mut zip)?;
            entries.push(Entry { path, file });
            let mut tx = self.db.write().await?;
            store::export_progress(&mut tx, id, number + 1, files.len()).await?;
            tx.commit().await?;
        }
        for part in &parts {
            zip.start_file(part.name, options).map_err(failed)?;
            zip.write_all(part.json.as_bytes())?;
        }
        let listed: Vec<_> = parts.iter().map(|part| (part.name, part.title, part.rows)).collect();
        zip.start_file("index.html", options).map_err(failed)?;
        zip.write_all(index_page(&name, export.asked_at, &listed, &entries).as_bytes())?;
        let mut whole = zip.finish().map_err(failed)?;
        let size = whole.seek(SeekFrom::End(0))?;
        whole.rewind()?;
        self.seal_export(id, whole)?;
        let mut tx = self.db.write().await?;
        if store::finish_export(&mut tx, id, Some(size), None).await? == 0 {
            // What it is of was erased meanwhile.
            self.remove_exports([&id.uuid()])?;
        }
        let details = json!({ "export": id, "files": files.len() });
        let by = Some(export.asked_by);
        self.audit.record(&mut tx, export.organisation_id, by, "export.done", details).await?;
        Ok(tx.commit().await?)
    }

    /// Writes an export to its place, sealed.
    fn seal_export(&self, id: ExportId, mut whole: File) -> Result<(), PrivacyError> {
        std::fs::create_dir_all(&self.exports)?;
        let path = self.export_path(id.uuid());
        let (mut sealer, header) = Sealer::start(&self.vault, PURPOSE)?;
        let mut file = File::create(&path)?;
        file.write_all(&header)?;
        let mut piece = vec![0; PIECE];
        loop {
            let read = whole.read(&mut piece)?;
            if read == 0 {
                break;
            }
            file.write_all(&sealer.write(&piece[..read])?)?;
        }
        file.write_all(&sealer.finish()?)?;
        Ok(file.sync_all()?)
    }
}

/// A file in memory that no folder names.
fn memory_file() -> io::Result<File> {
    let flags = rustix::fs::MemfdFlags::CLOEXEC;
    Ok(File::from(rustix::fs::memfd_create("munshi-export", flags)?))
}

/// A file's name without what leads to other folders or confuses programs.
fn safe(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or(name);
    let fits = |c: char| !c.is_control() && !matches!(c, ':' | '*' | '?' | '"' | '<' | '>' | '|');
    last.chars().map(|c| if fits(c) { c } else { '_' }).take(120).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_an_archive_lead_nowhere_else() {
        assert_eq!(safe("../../etc/passwd"), "passwd");
        assert_eq!(safe("C:\\deeds\\a?.pdf"), "a_.pdf");
        assert_eq!(safe("आदेश.pdf"), "आदेश.pdf");
    }
}
