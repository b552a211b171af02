//! The files read, by what kind of document they are.

use std::fs;
use std::path::{Path, PathBuf};

/// Documents of one kind.
pub(crate) struct Group {
    /// What they are.
    pub(crate) name: &'static str,
    /// Their files, in order.
    pub(crate) files: Vec<PathBuf>,
    /// The ending of the files that hold the true text, when somebody wrote it down.
    pub(crate) truth: Option<&'static str>,
}

/// The kinds: name, folders below the data, ending of the true text.
const KINDS: [(&str, &[&str], Option<&str>); 9] = [
    ("Indian reporter pages", &["legal-pdf/in-scr-official"], None),
    (
        "web-printed judgments",
        &["legal-pdf/in-sc-indiankanoon", "legal-pdf/in-landmark-and-hc"],
        None,
    ),
    ("statutes", &["legal-pdf/in-acts"], None),
    ("gazettes", &["legal-pdf/in-gazette"], None),
    ("US courts", &["legal-pdf/us-courts"], None),
    ("contracts", &["pdf-quality/cuad"], Some("txt")),
    ("columns and tables", &["pdf-quality/docling"], Some("md")),
    ("odd files", &["pdf-quality/pdfbox"], Some("txt")),
    ("Hindi and other Indic", &["pdf-quality/udhr-indic"], Some("txt")),
];

/// The kinds there are files of.
pub(crate) fn all(data: &Path) -> Vec<Group> {
    let group = |&(name, folders, truth): &(&'static str, &[&str], Option<&'static str>)| {
        let mut files = Vec::new();
        for folder in folders {
            collect(&data.join(folder), &mut files);
        }
        files.sort();
        Group { name, files, truth }
    };
    KINDS.iter().map(group).filter(|group| !group.files.is_empty()).collect()
}

impl Group {
    /// The true text of one of its files.
    pub(crate) fn truth_of(&self, file: &Path) -> Option<String> {
        let bytes = fs::read(file.with_extension(self.truth?)).ok()?;
        let text = match bytes.as_slice() {
            [0xff, 0xfe, ..] => encoding_rs::UTF_16LE.decode(&bytes).0.into_owned(),
            [0xfe, 0xff, ..] => encoding_rs::UTF_16BE.decode(&bytes).0.into_owned(),
            _ => String::from_utf8_lossy(&bytes).into_owned(),
        };
        Some(if self.truth == Some("md") { plain(&text) } else { text })
    }
}

/// Markdown without its marks.
fn plain(text: &str) -> String {
    let mut out = String::new();
    for line in text.lines().filter(|line| !line.starts_with("<!--")) {
        let line = line.trim_start_matches(['#', '-', ' ']);
        out.push_str(&line.replace('|', " ").replace(['*', '`', '\\'], ""));
        out.push('\n');
    }
    out.replace("&amp;", "&").replace("&lt;", "<").replace("&gt;", ">")
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for path in entries.filter_map(Result::ok).map(|entry| entry.path()) {
        let is_pdf = path.extension().is_some_and(|end| end.eq_ignore_ascii_case("pdf"));
        if path.is_dir() {
            collect(&path, files);
        } else if is_pdf {
            files.push(path);
        }
    }
}
