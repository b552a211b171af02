//! The parent's side: hands documents to children and listens.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use tokio::process::Command;
use tokio::sync::{OnceCell, mpsc};

use super::confine::{self, Confinement};
use super::frame::{Answer, Request, Task};
use super::ocr::OcrStatus;
use super::pool::Pool;
use super::readable::Readable;
use super::run::Run;
use super::supervisor::{Failure, Worker};
use super::{Format, Limits, Ocr, ReadError, ReadEvent};

/// Pages read ahead of the receiver.
const AHEAD: usize = 4;

/// Reads documents and draws their pages, each in a child process.
#[derive(Clone)]
pub struct Reader {
    inner: Arc<Inner>,
}

struct Inner {
    pool: Pool,
    ocr: Ocr,
    status: OnceCell<OcrStatus>,
}

impl Reader {
    /// `binary` is this program itself, which knows the command `read-worker`.
    #[must_use]
    pub fn new(binary: PathBuf, limits: Limits, ocr: Ocr) -> Self {
        let pool = Pool::new(binary, limits);
        Self { inner: Arc::new(Inner { pool, ocr, status: OnceCell::new() }) }
    }

    /// Starts the children kept warm, so that even the first document need not
    /// wait for one. Without it they start with the first document.
    pub fn warm(&self) {
        self.inner.pool.warm();
    }

    /// What holds the children, asked of one that tries to get out.
    ///
    /// # Errors
    /// Fails when no child can be started or it does not answer.
    pub async fn confinement(&self) -> Result<Confinement, ReadError> {
        let mut worker = self.inner.pool.take()?;
        let failed = |failure| match failure {
            Failure::Stuck => ReadError::Crashed("it does not answer".into()),
            Failure::Gone(why) => ReadError::Crashed(why),
        };
        let held = worker.ready().await.map_err(failed)?;
        // The file is of no interest; any will do.
        let file = Readable::from("/dev/null");
        self.give(&worker, &file, Format::Text, None, Task::Probe).await?;
        match worker.next(self.page_time()).await.map_err(failed)? {
            (Answer::Escapes(escapes), _) => Ok(Confinement { escapes, ..held }),
            _ => Err(ReadError::Crashed("it did not try what it was asked to".into())),
        }
    }

    /// Reads a document as `options` say, one event for each page.
    ///
    /// A page that kills or stalls the child carries an error, and a fresh
    /// child goes on after it. An `Err` is the last thing sent. Dropping the
    /// receiver ends the child.
    #[must_use]
    pub fn read(
        &self,
        file: impl Into<Readable>,
        format: Format,
        options: ReadOptions,
    ) -> mpsc::Receiver<Result<ReadEvent, ReadError>> {
        let (events, receiver) = mpsc::channel(AHEAD);
        let run = Run::new(self.clone(), file.into(), format, options, events);
        tokio::spawn(run.all());
        receiver
    }

    /// Draws a page as PNG at `dpi`.
    ///
    /// # Errors
    /// Fails when the file has no pictures of pages or cannot be opened, has no such
    /// page, or drawing costs more than the limits allow.
    pub async fn draw(
        &self,
        file: impl Into<Readable>,
        format: Format,
        password: Option<&str>,
        page: u32,
        dpi: u32,
    ) -> Result<Vec<u8>, ReadError> {
        let file = file.into();
        let mut worker = self.start(&file, format, password, Task::Draw { page, dpi }).await?;
        match worker.next(self.page_time() * 2).await {
            Ok((Answer::Picture, picture)) => Ok(picture),
            Ok((Answer::Failed(error), _)) => Err(error),
            Ok(_) => Err(ReadError::Crashed("it sent no picture".into())),
            Err(Failure::Stuck) => Err(ReadError::TimedOut { page }),
            Err(Failure::Gone(why)) => Err(ReadError::Crashed(why)),
        }
    }

    /// A command that runs a program that is not ours: limited to so much memory and
    /// processor time, with files to read and none to write, and no network.
    /// Arguments and pipes are the caller's to add.
    #[must_use]
    pub fn helper(&self, program: &Path, memory_mib: u64, processor_secs: u64) -> Command {
        confine::helper_command(self.inner.pool.binary(), program, memory_mib, processor_secs)
    }

    /// How text is recognised.
    pub(super) fn ocr(&self) -> &Ocr {
        &self.inner.ocr
    }

    /// Hands a document to a child.
    pub(super) async fn start(
        &self,
        file: &Readable,
        format: Format,
        password: Option<&str>,
        task: Task,
    ) -> Result<Worker, ReadError> {
        let worker = self.inner.pool.take()?;
        self.give(&worker, file, format, password, task).await?;
        Ok(worker)
    }

    async fn give(
        &self,
        worker: &Worker,
        file: &Readable,
        format: Format,
        password: Option<&str>,
        task: Task,
    ) -> Result<(), ReadError> {
        let file = file.open().await?;
        let size = file.metadata()?.len();
        let password = password.map(str::to_owned);
        let request = Request { size, format, password, limits: *self.limits(), task };
        worker.give(&request, &file);
        Ok(())
    }

    /// What each child may use.
    pub(super) fn limits(&self) -> &Limits {
        self.inner.pool.limits()
    }

    /// How long a page may take.
    pub(super) fn page_time(&self) -> Duration {
        Duration::from_secs(self.limits().page_secs)
    }

    /// What text recognition there is; asked once.
    pub(super) async fn ocr_status(&self) -> &OcrStatus {
        self.inner
            .status
            .get_or_init(|| async {
                let ocr = self.inner.ocr.clone();
                tokio::task::spawn_blocking(move || ocr.detect()).await.unwrap_or_else(|_| {
                    OcrStatus::Missing { reason: "it could not be looked for".into() }
                })
            })
            .await
    }
}

/// What is wanted of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadOptions {
    /// The first page wanted, from 1.
    pub from: u32,
    /// Whether it is the only one wanted.
    pub only: bool,
    /// The password that opens the file, if it needs one.
    pub password: Option<String>,
    /// The languages of its pages as `tesseract` names them (`eng+hin`); those of
    /// [`Ocr::languages`] when nothing is said.
    pub languages: Option<String>,
    /// Whether to recognise every page, whatever its stored text is worth.
    pub recognise_all: bool,
}

impl Default for ReadOptions {
    fn default() -> Self {
        Self { from: 1, only: false, password: None, languages: None, recognise_all: false }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reader(binary: &str) -> Reader {
        let ocr = Ocr { enabled: false, ..Ocr::default() };
        Reader::new(binary.into(), Limits { page_secs: 1, ..Limits::default() }, ocr)
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn a_child_that_ends_or_hangs_is_reported() {
        let mut events =
            reader("/bin/false").read(Path::new("/dev/null"), Format::Pdf, ReadOptions::default());
        assert!(matches!(events.recv().await, Some(Err(_))));
        assert_eq!(events.recv().await, None);
        let missing =
            reader("/nonexistent").draw(Path::new("/dev/null"), Format::Pdf, None, 1, 72).await;
        assert!(matches!(missing, Err(ReadError::Io(_))), "{missing:?}");
    }
}
