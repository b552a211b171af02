//! Text recognition by `tesseract`, a program of its own.
//!
//! It is started once for each page, by the parent: the child that reads the
//! document may not start anything. It gets the picture on standard input and
//! gives words with boxes and confidence on standard output.

mod tsv;

use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use tokio::io::AsyncWriteExt;
use tokio::process::Command;

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

    /// Recognises the picture of a page `width` points wide.
    ///
    /// # Errors
    /// Fails with a message for the reader of the page.
    pub(super) async fn recognise(
        &self,
        picture: &[u8],
        languages: &str,
        width: f32,
    ) -> Result<Recognised, String> {
        let mut command = Command::new(&self.binary);
        command
            .args(["-", "-", "-l", languages, "--dpi", &self.dpi.to_string(), "tsv"])
            // Several threads cost more processor time than they save.
            .env("OMP_THREAD_LIMIT", "1")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true);
        let failed = |error: std::io::Error| format!("text recognition could not run: {error}");
        let mut child = command.spawn().map_err(failed)?;
        let input = child.stdin.take();
        let work = async {
            let feed = async {
                if let Some(mut input) = input {
                    // A program that does not want the picture says so by its exit.
                    let _refused = input.write_all(picture).await;
                }
            };
            tokio::join!(feed, child.wait_with_output()).1
        };
        let output = tokio::time::timeout(Duration::from_secs(self.page_secs), work)
            .await
            .map_err(|_| {
                format!("text recognition took longer than {} s and was stopped", self.page_secs)
            })?
            .map_err(failed)?;
        if !output.status.success() {
            return Err("text recognition failed on the picture of this page".into());
        }
        Ok(tsv::parse(&String::from_utf8_lossy(&output.stdout), width))
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
