//! The child process: opens one file, confined, and says what is in it.

use std::fs::File;
use std::io::{self, BufRead, BufWriter, Read, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;

use rlimit::Resource;

use super::frame::{self, Answer, PageRecord, Request, Task};
use super::{Format, Limits, ReadError, docx, mail, pdf, script, text};

/// Deeply nested files recurse deeply; the usual stack of 8 MiB is soon gone.
const STACK: usize = 128 << 20;
/// A request names a file and some limits.
const LONGEST_REQUEST: u64 = 64 << 10;

/// Entry of the hidden `munshi read-worker` command.
///
/// Takes one request from standard input, limits itself, and answers in
/// frames on standard output, to which nothing else may ever be written.
pub fn worker_main() -> ExitCode {
    // A panic becomes an answer; its message would only confuse the log.
    std::panic::set_hook(Box::new(|_| {}));
    let Some(request) = request() else { return ExitCode::from(2) };
    if confine(&request.limits).is_err() {
        return ExitCode::from(3);
    }
    let worker = std::thread::Builder::new().stack_size(STACK).spawn(move || work(&request));
    match worker.map(std::thread::JoinHandle::join) {
        Ok(Ok(Ok(()))) => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    }
}

fn request() -> Option<Request> {
    let mut line = String::new();
    io::stdin().lock().take(LONGEST_REQUEST).read_line(&mut line).ok()?;
    serde_json::from_str(&line).ok()
}

/// Gives up for good what reading a document does not need.
fn confine(limits: &Limits) -> io::Result<()> {
    let memory = limits.memory_mib << 20;
    Resource::AS.set(memory, memory)?;
    Resource::CPU.set(limits.document_secs, limits.document_secs + 5)?;
    Resource::NOFILE.set(limits.open_files, limits.open_files)?;
    Resource::FSIZE.set(0, 0)?;
    Resource::CORE.set(0, 0)
}

/// Does the task and reports it; fails only when the parent has gone.
fn work(request: &Request) -> io::Result<()> {
    let mut out = BufWriter::new(io::stdout().lock());
    let done = catch_unwind(AssertUnwindSafe(|| answer(request, &mut out)));
    match done {
        Ok(Ok(())) => frame::write(&mut out, &Answer::Done, &[]),
        Ok(Err(Stop::Parent(error))) => Err(error),
        Ok(Err(Stop::Document(error))) => frame::write(&mut out, &Answer::Failed(error), &[]),
        Err(_) => {
            let error = ReadError::Damaged("its structure is broken".into());
            frame::write(&mut out, &Answer::Failed(error), &[])
        }
    }
}

/// Why a task ends early.
enum Stop {
    /// Nobody listens any more.
    Parent(io::Error),
    /// The document is at fault.
    Document(ReadError),
}

impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Self {
        Self::Parent(error)
    }
}

impl From<ReadError> for Stop {
    fn from(error: ReadError) -> Self {
        Self::Document(error)
    }
}

fn answer(request: &Request, out: &mut impl Write) -> Result<(), Stop> {
    let bytes = load(request)?;
    match request.task {
        Task::Draw { page, dpi } => {
            let picture = pdf::Document::open(bytes, &request.limits)?.draw(page, dpi)?;
            Ok(frame::write(out, &Answer::Picture, &picture)?)
        }
        Task::Read { format: Format::Pdf, from, ocr_dpi } => {
            let document = pdf::Document::open(bytes, &request.limits)?;
            let started = Answer::Started { pages: document.len(), title: document.title() };
            frame::write(out, &started, &[])?;
            document.read(from, ocr_dpi, |page, bytes| {
                Ok(frame::write(out, &Answer::Page(page), &bytes)?)
            })
        }
        Task::Read { format: Format::Docx, from, .. } => {
            let document = docx::read(bytes)?;
            pages(out, document.title, document.pages, from)
        }
        Task::Read { format: Format::Text, from, .. } => {
            pages(out, None, text::pages(&text::decode(&bytes)), from)
        }
        Task::Read { format: Format::Mail, from, .. } => {
            let mail = mail::read(&bytes)?;
            pages(out, mail.title, mail.pages, from)?;
            for file in mail.attachments {
                let answer = Answer::Attachment { file_name: file.file_name };
                frame::write(out, &answer, &file.bytes)?;
            }
            Ok(())
        }
    }
}

/// Loads the file, as far as the limit goes.
fn load(request: &Request) -> Result<Vec<u8>, ReadError> {
    let most = request.limits.file_mib << 20;
    let mut bytes = Vec::new();
    File::open(&request.file)?.take(most + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > most {
        return Err(ReadError::TooLarge(format!("more than {} MiB", request.limits.file_mib)));
    }
    Ok(bytes)
}

/// Tells the pages of a source without page pictures.
fn pages(
    out: &mut impl Write,
    title: Option<String>,
    pages: Vec<String>,
    from: u32,
) -> Result<(), Stop> {
    let count = u32::try_from(pages.len()).unwrap_or(u32::MAX);
    frame::write(out, &Answer::Started { pages: count, title }, &[])?;
    for (number, text) in (1..).zip(pages) {
        if number >= from {
            let error = script::is_legacy_font(&text).then(|| {
                "this text was typed in a font from before Unicode; convert it and upload it again"
                    .to_owned()
            });
            let page = PageRecord { number, text, error, source: true, ..PageRecord::default() };
            frame::write(out, &Answer::Page(page), &[])?;
        }
    }
    Ok(())
}
