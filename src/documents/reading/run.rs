//! The reading of one document: page after page, child after child.

use tokio::sync::mpsc;

use super::frame::{Answer, Task};
use super::furniture::Furnisher;
use super::readable::Readable;
use super::supervisor::Failure;
use super::{
    Attachment, Format, Method, ReadError, ReadEvent, ReadOptions, ReadPage, Reader, pages,
};

/// Opening a file, or reading one that is read as a whole, may take this many
/// times as long as a page.
const OPENING: u32 = 4;
/// So many pages read earn a document one more child that may be lost.
const EARNING: u32 = 20;
/// What a page says that came after too many that stopped the reader.
const NOT_TRIED: &str =
    "this page was not tried, since too many before it stopped the reader; read it again by itself";

/// The reading of one document.
pub(super) struct Run {
    reader: Reader,
    file: Readable,
    format: Format,
    options: ReadOptions,
    /// Marks running heads and the like.
    furnisher: Furnisher,
    /// The page read next.
    next: u32,
    /// How many there are, once known.
    pages: Option<u32>,
    /// How many were read.
    good: u32,
    /// How many bytes came of them that are kept.
    kept: u64,
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
    /// Nothing is read yet.
    pub(super) fn new(
        reader: Reader,
        file: Readable,
        format: Format,
        options: ReadOptions,
        events: mpsc::Sender<Result<ReadEvent, ReadError>>,
    ) -> Self {
        Self {
            reader,
            file,
            format,
            next: options.from.max(1),
            options,
            pages: None,
            good: 0,
            kept: 0,
            furnisher: Furnisher::default(),
            events,
        }
    }

    /// Reads it to its end.
    pub(super) async fn all(mut self) {
        let mut lost = 0;
        while lost <= self.reader.limits().restarts.saturating_add(self.good / EARNING) {
            lost += 1;
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
        // What was read is kept; the rest says that it was not tried.
        let _unheard = self.leave_rest().await;
    }

    /// Reports the pages that are left as not tried, and ends.
    async fn leave_rest(&mut self) -> Result<(), Stop> {
        let last = if self.options.only { self.options.from } else { self.pages.unwrap_or(0) };
        for number in self.next..=last {
            self.pass_on(unread(number, NOT_TRIED.to_owned())).await?;
        }
        self.release().await?;
        self.send(ReadEvent::Done).await
    }

    /// Reads on with a fresh child until it is done or fails.
    async fn one_child(&mut self) -> Result<(), Stop> {
        let lost_all_wanted = self.options.only && self.next > self.options.from.max(1);
        if lost_all_wanted || self.pages.is_some_and(|pages| self.next > pages) {
            self.release().await?;
            return self.send(ReadEvent::Done).await;
        }
        let can_recognise =
            self.format.has_pictures() && !self.reader.ocr_status().await.languages().is_empty();
        let task = Task::Read {
            from: self.next,
            only: self.options.only,
            ocr_dpi: can_recognise.then_some(self.reader.ocr().dpi),
            ocr_always: self.options.recognise_all,
        };
        let password = self.options.password.as_deref();
        let mut worker = self.reader.start(&self.file, self.format, password, task).await?;
        let page_time = self.reader.page_time();
        let mut within = page_time * OPENING;
        let before = self.good;
        loop {
            let answer = tokio::select! {
                () = self.events.closed() => return Err(Stop::Unheard),
                answer = worker.next(within) => answer.map_err(Stop::Child)?,
            };
            within = page_time;
            if !self.take(answer).await? {
                return Ok(());
            }
            worker.grant(self.good - before);
        }
    }

    /// Passes an answer on; false after the last.
    async fn take(&mut self, (answer, bytes): (Answer, Vec<u8>)) -> Result<bool, Stop> {
        self.weigh(&answer, &bytes)?;
        let event = match answer {
            Answer::Started { pages, .. } if self.pages.is_some() => {
                self.pages = Some(pages);
                return Ok(true);
            }
            Answer::Started { pages, title, outline, findings } => {
                self.pages = Some(pages);
                ReadEvent::Started { pages, title, outline, findings }
            }
            Answer::Page(record) => {
                let number = record.number;
                if number < self.next || self.pages.is_none_or(|pages| number > pages) {
                    return Err(ReadError::Crashed("its pages came out of order".into()).into());
                }
                let page = tokio::select! {
                    () = self.events.closed() => return Err(Stop::Unheard),
                    page = pages::finish(&self.reader, &self.options, record, &bytes) => page,
                };
                self.next = number.saturating_add(1);
                self.good += 1;
                self.pass_on(page).await?;
                return Ok(true);
            }
            Answer::Attachment { file_name } => {
                self.release().await?;
                ReadEvent::Attachment(Attachment { file_name, bytes })
            }
            Answer::Failed(error) => return Err(Stop::Document(error)),
            Answer::Picture | Answer::Ready(_) | Answer::Escapes(_) => {
                return Err(ReadError::Crashed("it sent what was not asked for".into()).into());
            }
            Answer::Done => {
                self.release().await?;
                ReadEvent::Done
            }
        };
        let last = event == ReadEvent::Done;
        self.send(event).await?;
        Ok(!last)
    }

    /// Counts what is kept of an answer; fails when the document comes to too much.
    fn weigh(&mut self, answer: &Answer, bytes: &[u8]) -> Result<(), Stop> {
        let kept = match answer {
            // The picture after the layout is gone once it is recognised.
            Answer::Page(page) => page.text.len() + page.layout.min(bytes.len()),
            Answer::Attachment { .. } => bytes.len(),
            _ => 0,
        };
        self.kept = self.kept.saturating_add(kept as u64);
        let most = self.reader.limits().output_mib;
        if self.kept > most << 20 {
            let what = format!("its text and attachments come to more than {most} MiB");
            return Err(ReadError::TooLarge(what).into());
        }
        Ok(())
    }

    /// Passes a page on as soon as its furniture is known.
    async fn pass_on(&mut self, page: ReadPage) -> Result<(), Stop> {
        for page in self.furnisher.push(page) {
            self.send(ReadEvent::Page(page)).await?;
        }
        Ok(())
    }

    /// Passes the pages on that were held back.
    async fn release(&mut self) -> Result<(), Stop> {
        for page in self.furnisher.finish() {
            self.send(ReadEvent::Page(page)).await?;
        }
        Ok(())
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
        let secs = self.reader.limits().page_secs;
        let error = match failure {
            Failure::Stuck => format!("this page took longer than {secs} s and was left out"),
            Failure::Gone(why) => format!("this page stopped the reader and was left out: {why}"),
        };
        self.next += 1;
        let page = unread(page, format!("{error}; print the file to a new PDF"));
        // Should nobody listen any more, the next child will find out.
        let _unheard = self.pass_on(page).await;
        None
    }
}

/// A page of which nothing was read.
fn unread(number: u32, error: String) -> ReadPage {
    ReadPage {
        number,
        text: String::new(),
        layout: None,
        method: Method::None,
        language: None,
        confidence: None,
        took_ms: 0,
        error: Some(error),
        reason: None,
        furniture: Vec::new(),
        findings: Vec::new(),
    }
}
