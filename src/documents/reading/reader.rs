//! The parent's side: starts children, watches them, goes on after a failure.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{OnceCell, mpsc};

use super::frame::{Answer, Request, Task};
use super::ocr::OcrStatus;
use super::supervisor::{Failure, Worker};
use super::{Attachment, Format, Limits, Method, Ocr, ReadError, ReadEvent, ReadPage, pages};

/// Opening a file, or reading one that is read as a whole, may take this many
/// times as long as a page.
const OPENING: u32 = 4;
/// Pages read ahead of the receiver.
const AHEAD: usize = 4;

/// Reads documents and draws their pages, each in a child process.
#[derive(Clone)]
pub struct Reader {
    inner: Arc<Inner>,
}

struct Inner {
    binary: PathBuf,
    limits: Limits,
    ocr: Ocr,
    status: OnceCell<OcrStatus>,
}

impl Reader {
    /// `binary` is this program itself, which knows the command `read-worker`.
    #[must_use]
    pub fn new(binary: PathBuf, limits: Limits, ocr: Ocr) -> Self {
        Self { inner: Arc::new(Inner { binary, limits, ocr, status: OnceCell::new() }) }
    }

    /// Reads a document from page `from` on, one event for each page.
    ///
    /// A page that kills or stalls the child carries an error, and a fresh
    /// child goes on after it. An `Err` is the last thing sent. Dropping the
    /// receiver ends the child.
    #[must_use]
    pub fn read(
        &self,
        file: &Path,
        format: Format,
        from: u32,
    ) -> mpsc::Receiver<Result<ReadEvent, ReadError>> {
        let (events, receiver) = mpsc::channel(AHEAD);
        let run = Run {
            reader: self.clone(),
            file: file.to_owned(),
            format,
            next: from.max(1),
            pages: None,
            events,
        };
        tokio::spawn(run.all());
        receiver
    }

    /// Draws a page as PNG at `dpi`.
    ///
    /// # Errors
    /// Fails when the file is no PDF that can be opened, has no such page, or
    /// drawing costs more than the limits allow.
    pub async fn draw(&self, file: &Path, page: u32, dpi: u32) -> Result<Vec<u8>, ReadError> {
        let mut worker = self.start(file, Task::Draw { page, dpi }).await?;
        match worker.next(self.page_time() * 2).await {
            Ok((Answer::Picture, picture)) => Ok(picture),
            Ok((Answer::Failed(error), _)) => Err(error),
            Ok(_) => Err(ReadError::Crashed("it sent no picture".into())),
            Err(Failure::Stuck) => Err(ReadError::TimedOut { page }),
            Err(Failure::Gone(why)) => Err(ReadError::Crashed(why)),
        }
    }

    /// How text is recognised.
    pub(super) fn ocr(&self) -> &Ocr {
        &self.inner.ocr
    }

    async fn start(&self, file: &Path, task: Task) -> Result<Worker, ReadError> {
        let file = std::path::absolute(file)?;
        let request = Request { file, limits: self.inner.limits, task };
        Worker::start(&self.inner.binary, &request).await
    }

    fn page_time(&self) -> Duration {
        Duration::from_secs(self.inner.limits.page_secs)
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

/// The reading of one document.
struct Run {
    reader: Reader,
    file: PathBuf,
    format: Format,
    /// The page read next.
    next: u32,
    /// How many there are, once known.
    pages: Option<u32>,
    events: mpsc::Sender<Result<ReadEvent, ReadError>>,
}

/// Why a run stops before its end.
enum Stop {
    /// Nobody listens any more.
    Unheard,
    /// The document cannot be read.
    Document(ReadError),
    /// The child failed; another may go on.
    Child(Failure),
}

impl From<ReadError> for Stop {
    fn from(error: ReadError) -> Self {
        Self::Document(error)
    }
}

impl Run {
    async fn all(mut self) {
        for _ in 0..=self.reader.inner.limits.restarts {
            let error = match self.one_child().await {
                Ok(()) | Err(Stop::Unheard) => return,
                Err(Stop::Document(error)) => Some(error),
                Err(Stop::Child(failure)) => self.skip_page(failure).await,
            };
            if let Some(error) = error {
                // A receiver that has gone does not need to know.
                let _unheard = self.events.send(Err(error)).await;
                return;
            }
        }
        let error = ReadError::Crashed("too many of its pages could not be read".into());
        let _unheard = self.events.send(Err(error)).await;
    }

    /// Reads on with a fresh child until it is done or fails.
    async fn one_child(&mut self) -> Result<(), Stop> {
        if self.pages.is_some_and(|pages| self.next > pages) {
            return self.send(ReadEvent::Done).await;
        }
        let can_recognise =
            self.format == Format::Pdf && !self.reader.ocr_status().await.languages().is_empty();
        let ocr_dpi = can_recognise.then_some(self.reader.inner.ocr.dpi);
        let task = Task::Read { format: self.format, from: self.next, ocr_dpi };
        let mut worker = self.reader.start(&self.file, task).await?;
        let page_time = self.reader.page_time();
        let mut within = page_time * OPENING;
        loop {
            let answer = tokio::select! {
                () = self.events.closed() => return Err(Stop::Unheard),
                answer = worker.next(within) => answer.map_err(Stop::Child)?,
            };
            within = page_time;
            if !self.take(answer).await? {
                return Ok(());
            }
        }
    }

    /// Passes an answer on; false after the last.
    async fn take(&mut self, (answer, bytes): (Answer, Vec<u8>)) -> Result<bool, Stop> {
        let event = match answer {
            Answer::Started { pages, .. } if self.pages.is_some() => {
                self.pages = Some(pages);
                return Ok(true);
            }
            Answer::Started { pages, title } => {
                self.pages = Some(pages);
                ReadEvent::Started { pages, title }
            }
            Answer::Page(record) => {
                let number = record.number;
                let page = tokio::select! {
                    () = self.events.closed() => return Err(Stop::Unheard),
                    page = pages::finish(&self.reader, record, &bytes) => page,
                };
                self.next = number.saturating_add(1);
                ReadEvent::Page(page)
            }
            Answer::Attachment { file_name } => {
                ReadEvent::Attachment(Attachment { file_name, bytes })
            }
            Answer::Failed(error) => return Err(Stop::Document(error)),
            Answer::Picture => {
                return Err(ReadError::Crashed("it sent a picture for a page".into()).into());
            }
            Answer::Done => ReadEvent::Done,
        };
        let last = event == ReadEvent::Done;
        self.send(event).await?;
        Ok(!last)
    }

    async fn send(&self, event: ReadEvent) -> Result<(), Stop> {
        self.events.send(Ok(event)).await.map_err(|_| Stop::Unheard)
    }

    /// Reports the page a child failed at and steps over it; an error when
    /// there is nothing to step over.
    async fn skip_page(&mut self, failure: Failure) -> Option<ReadError> {
        let page = self.next;
        if self.pages.is_none_or(|pages| page > pages) {
            return Some(match failure {
                Failure::Stuck => ReadError::TimedOut { page },
                Failure::Gone(why) => ReadError::Crashed(why),
            });
        }
        let secs = self.reader.inner.limits.page_secs;
        let error = match failure {
            Failure::Stuck => format!("this page took longer than {secs} s and was left out"),
            Failure::Gone(why) => format!("this page stopped the reader and was left out: {why}"),
        };
        self.next += 1;
        let event = ReadEvent::Page(ReadPage {
            number: page,
            text: String::new(),
            layout: None,
            method: Method::None,
            language: None,
            confidence: None,
            took_ms: 0,
            error: Some(format!("{error}; print the file to a new PDF")),
        });
        // Should nobody listen any more, the next child will find out.
        let _unheard = self.send(event).await;
        None
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
        let mut events = reader("/bin/false").read(Path::new("/dev/null"), Format::Pdf, 1);
        assert!(matches!(events.recv().await, Some(Err(_))));
        assert_eq!(events.recv().await, None);
        let missing = reader("/nonexistent").draw(Path::new("/dev/null"), 1, 72).await;
        assert!(matches!(missing, Err(ReadError::Io(_))), "{missing:?}");
    }
}
