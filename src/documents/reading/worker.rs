//! The child process: reads one file, confined, and says what is in it.

use std::fs::File;
use std::io::{self, BufWriter, Read, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;
use std::sync::mpsc;
use std::thread;

use super::confine::{self, Confinement};
use super::frame::{self, Answer, PageRecord, Request, Task};
use super::source::{self, Source};
use super::{Format, Limits, ReadError, channel, pdf, picture, script};

/// Deeply nested files recurse deeply; the usual stack of 8 MiB is soon gone.
const STACK: usize = 128 << 20;

/// The code of a child that could not make itself ready, for want of memory.
pub(super) const NO_ROOM: u8 = 3;

/// Entry of the hidden `munshi read-worker` command.
///
/// Limits itself, says so, takes one request from standard input and answers
/// in frames on standard output, to which nothing else may ever be written.
/// Ends with its parent. With `--run` it becomes a helper program instead.
#[must_use]
pub fn worker_main() -> ExitCode {
    if let Some(code) = confine::run_helper(std::env::args_os()) {
        return code;
    }
    // A panic becomes an answer; its message would only confuse the log.
    std::panic::set_hook(Box::new(|_| {}));
    let Some((limits, _)) = channel::receive::<Limits>(io::stdin()) else {
        return ExitCode::from(2);
    };
    let bounds = confine::limit(&limits);
    let files = confine::close_files();
    // The thread that works stands ready before no more can be started.
    let (hand_over, task) = mpsc::sync_channel::<(Request, File)>(1);
    let worker = thread::Builder::new().stack_size(STACK).spawn(move || {
        let Ok((request, file)) = task.recv() else { return };
        let code = i32::from(work(&request, file).is_err());
        std::process::exit(code);
    });
    let calls = confine::close_calls();
    let held = Confinement { limits: bounds, files, calls, escapes: Vec::new() };
    let said = frame::write(&mut io::stdout(), &Answer::Ready(held), &[]);
    if worker.is_err() || said.is_err() {
        return ExitCode::from(NO_ROOM);
    }
    let Some((request, Some(file))) = channel::receive(io::stdin()) else {
        return ExitCode::SUCCESS;
    };
    if hand_over.send((request, file)).is_ok() {
        // Nothing more comes but the end of the parent, which ends this process.
        let _end = channel::receive::<Request>(io::stdin());
    }
    ExitCode::FAILURE
}

/// Does the task and reports it; fails only when the parent has gone.
fn work(request: &Request, file: File) -> io::Result<()> {
    let mut out = BufWriter::new(io::stdout().lock());
    let done = catch_unwind(AssertUnwindSafe(|| {
        let bytes = load(request, file)?;
        answer(request, bytes, &mut out)
    }));
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

fn answer(request: &Request, bytes: Vec<u8>, out: &mut impl Write) -> Result<(), Stop> {
    match (&request.task, request.format) {
        (Task::Probe, _) => {
            let escapes = Answer::Escapes(confine::escapes(&request.limits));
            Ok(frame::write(out, &escapes, &[])?)
        }
        (&Task::Draw { page, dpi }, format) => {
            let picture = match format {
                Format::Pdf => open(request, bytes)?.draw(page, dpi)?,
                format if format.has_pictures() => {
                    picture::Pictures::open(bytes, &request.limits)?.draw(page, dpi)?
                }
                _ => return Err(ReadError::NoPicture.into()),
            };
            Ok(frame::write(out, &Answer::Picture, &picture)?)
        }
        (task, Format::Pdf) => {
            let document = open(request, bytes)?;
            let started = Answer::Started {
                pages: document.len(),
                title: document.title(),
                outline: document.outline(),
                findings: document.findings(),
            };
            frame::write(out, &started, &[])?;
            document.read(task, |page, bytes| Ok(frame::write(out, &Answer::Page(page), &bytes)?))
        }
        (task, format) if format.has_pictures() => pictures(out, bytes, task, &request.limits),
        (task, format) => pages(out, source::read(format, bytes)?, task),
    }
}

/// Reads bytes as a child would, but in this process and with nothing around
/// it: a parser that panics is seen to. For the fuzz targets alone.
#[doc(hidden)]
pub fn read_unconfined(format: Format, bytes: &[u8]) {
    // Small, so that a target tries many inputs in little time.
    let limits = Limits { max_pages: 64, max_pixels: 1 << 18, ..Limits::default() };
    let read = Task::Read { from: 1, only: false, ocr_dpi: Some(36), ocr_always: true };
    let draw = Task::Draw { page: 1, dpi: 36 };
    for task in [Some(read), format.has_pictures().then_some(draw)].into_iter().flatten() {
        let request = Request { size: bytes.len() as u64, format, password: None, limits, task };
        // That it cannot be read is as good an answer as any.
        let _end = answer(&request, bytes.to_vec(), &mut io::sink());
    }
}

fn open(request: &Request, bytes: Vec<u8>) -> Result<pdf::Document, ReadError> {
    pdf::Document::open(bytes, request.password.as_deref(), &request.limits)
}

/// Tells the pages of a file of pictures.
fn pictures(
    out: &mut impl Write,
    bytes: Vec<u8>,
    task: &Task,
    limits: &Limits,
) -> Result<(), Stop> {
    let pictures = picture::Pictures::open(bytes, limits)?;
    let pages = pictures.len();
    let started = Answer::Started { pages, title: None, outline: Vec::new(), findings: Vec::new() };
    frame::write(out, &started, &[])?;
    for number in (1..=pages).filter(|&number| task.wants(number)) {
        let (page, bytes) = pictures.page(number)?;
        frame::write(out, &Answer::Page(page), &bytes)?;
    }
    Ok(())
}

/// Loads the file, as far as the limit goes.
fn load(request: &Request, file: File) -> Result<Vec<u8>, ReadError> {
    let most = request.limits.file_mib << 20;
    let too_large = || ReadError::TooLarge(format!("more than {} MiB", request.limits.file_mib));
    if request.size > most {
        return Err(too_large());
    }
    let mut bytes = Vec::new();
    // One more byte tells the end from the limit.
    let room = usize::try_from(request.size + 1).unwrap_or(usize::MAX);
    bytes.try_reserve_exact(room).map_err(|_| too_large())?;
    file.take(most + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > most {
        return Err(too_large());
    }
    Ok(bytes)
}

/// Tells the pages of a source without page pictures, and the files it carries.
fn pages(out: &mut impl Write, source: Source, task: &Task) -> Result<(), Stop> {
    let Source { title, pages, outline, findings, attachments } = source;
    let count = u32::try_from(pages.len()).unwrap_or(u32::MAX);
    frame::write(out, &Answer::Started { pages: count, title, outline, findings }, &[])?;
    for (number, text) in (1..).zip(pages).filter(|&(number, _)| task.wants(number)) {
        let error = script::is_legacy_font(&text).then(|| {
            "this text was typed in a font from before Unicode; convert it and upload it again"
                .to_owned()
        });
        let page = PageRecord { number, text, error, source: true, ..PageRecord::default() };
        frame::write(out, &Answer::Page(page), &[])?;
    }
    if !task.wants_only_a_page() {
        for file in attachments {
            let answer = Answer::Attachment { file_name: file.file_name };
            frame::write(out, &answer, &file.bytes)?;
        }
    }
    Ok(())
}
