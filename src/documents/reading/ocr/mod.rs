//! Text recognition by `tesseract`, a program of its own.
//!
//! It is started once for each page, by the parent: the child that reads the
//! document may not start anything. It gets the picture on standard input and
//! gives words with boxes and confidence on standard output.

#[cfg(test)]
mod evaluation;
mod orientation;
mod picture;
mod program;
mod smooth;
mod tilt;
mod tsv;

use std::path::PathBuf;
use std::process::Stdio;

pub(super) use orientation::Seen;
pub(super) use picture::{Placement, Prepared, prepare};
pub(super) use program::{Look, Picture};
pub(super) use tsv::Recognised;

/// How to get what is missing.
const HOW_TO_GET: &str = "apt-get install tesseract-ocr tesseract-ocr-hin";

/// How text is recognised.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ocr {
    /// Whether it is done at all.
    pub enabled: bool,
    /// The languages of the pages, as `tesseract` names them: `eng+hin`.
    pub languages: String,
    /// The program.
    pub binary: PathBuf,
    /// The resolution pages are drawn at.
    pub dpi: u32,
    /// Seconds one page may take.
    pub page_secs: u64,
}

impl Default for Ocr {
    fn default() -> Self {
        Self {
            enabled: true,
            languages: "eng+hin".into(),
            binary: "tesseract".into(),
            dpi: 300,
            page_secs: 120,
        }
    }
}

/// Whether text can be recognised here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OcrStatus {
    /// It can.
    Ready {
        /// The version of `tesseract`.
        version: String,
        /// The languages it knows.
        languages: Vec<String>,
    },
    /// It can, but not in all languages wanted.
    Incomplete {
        /// The version of `tesseract`.
        version: String,
        /// The languages it knows.
        languages: Vec<String>,
        /// Those it does not, and how to get them.
        reason: String,
    },
    /// It cannot; this says why and how to change that.
    Missing {
        /// For the operator.
        reason: String,
    },
}

impl Ocr {
    /// Asks the program what it is and which languages it knows.
    ///
    /// Starts the program twice, so it takes some milliseconds.
    #[must_use]
    pub fn detect(&self) -> OcrStatus {
        if !self.enabled {
            return OcrStatus::Missing { reason: "switched off in the configuration".into() };
        }
        let (Some(version), Some(list)) = (self.ask("--version"), self.ask("--list-langs")) else {
            let name = self.binary.display();
            let reason = format!("`{name}` is not installed or does not run: {HOW_TO_GET}");
            return OcrStatus::Missing { reason };
        };
        let version = version.lines().next().unwrap_or_default().replace("tesseract ", "");
        let known = |line: &&str| !line.contains(' ') && *line != "osd" && !line.is_empty();
        let languages: Vec<String> =
            list.lines().skip(1).map(str::trim).filter(known).map(str::to_owned).collect();
        let lacks = self.languages.split('+').filter(|name| !languages.iter().any(|l| l == name));
        let packages: Vec<String> = lacks.map(|name| format!("tesseract-ocr-{name}")).collect();
        if packages.is_empty() {
            return OcrStatus::Ready { version, languages };
        }
        let reason = format!("languages are missing: apt-get install {}", packages.join(" "));
        OcrStatus::Incomplete { version, languages, reason }
    }

    /// Starts the program with one option and returns what it says.
    fn ask(&self, option: &str) -> Option<String> {
        let mut command = std::process::Command::new(&self.binary);
        let output = command.arg(option).stdin(Stdio::null()).output().ok()?;
        let said = [output.stdout, output.stderr].concat();
        output.status.success().then(|| String::from_utf8_lossy(&said).into_owned())
    }
}

impl OcrStatus {
    /// The languages known, none when recognition is missing.
    pub(super) fn languages(&self) -> &[String] {
        match self {
            Self::Ready { languages, .. } | Self::Incomplete { languages, .. } => languages,
            Self::Missing { .. } => &[],
        }
    }
}

/// What a page says that needs recognition where there is none.
pub(super) fn not_installed(status: &OcrStatus) -> String {
    match status {
        OcrStatus::Missing { reason } if reason.contains("switched off") => {
            format!("text recognition is {reason}")
        }
        _ => format!("text recognition is not installed: {HOW_TO_GET}"),
    }
}

/// A reader whose programs run without the limits of a helper, since a unit test has
/// no program of ours to set them.
#[cfg(test)]
#[cfg(unix)]
pub(super) fn unlimited(folder: &std::path::Path, ocr: Ocr) -> super::Reader {
    use std::os::unix::fs::PermissionsExt;
    let file = folder.join("munshi");
    // read-worker --run, memory and time go before the program.
    std::fs::write(&file, "#!/bin/sh\nshift 4\nexec \"$@\"\n").unwrap();
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o755)).unwrap();
    super::Reader::new(file, super::Limits { warm: 0, ..super::Limits::default() }, ocr)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_program_says_how_to_get_it() {
        let ocr = Ocr { binary: "/nonexistent/tesseract".into(), ..Ocr::default() };
        let OcrStatus::Missing { reason } = ocr.detect() else { panic!("found") };
        assert!(reason.contains("apt-get install tesseract-ocr tesseract-ocr-hin"), "{reason}");
    }

    #[test]
    fn recognition_can_be_switched_off() {
        let ocr = Ocr { enabled: false, ..Ocr::default() };
        let status = ocr.detect();
        assert!(not_installed(&status).contains("switched off"));
        assert!(status.languages().is_empty());
    }
}
