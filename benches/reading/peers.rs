//! The same files read by us and by others.

use std::io::{Error, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use munshi::documents::reading::{Format, Limits, Ocr, ReadEvent, ReadOptions, Reader};
use serde::Deserialize;

use crate::groups::Group;
use crate::speed::processor_seconds;

/// The program that reads with a Python library.
const PEER: &str = include_str!("peer.py");
/// Our own name in the table.
pub(crate) const OURS: &str = "munshi";

/// What one reader made of a file.
#[derive(Deserialize)]
pub(crate) struct Text {
    /// How many pages it has.
    pub(crate) pages: u32,
    /// What they say.
    pub(crate) text: String,
}

/// What one reader made of all files.
pub(crate) struct Reading {
    /// The reader.
    pub(crate) name: &'static str,
    /// Group by group, file by file.
    pub(crate) texts: Vec<Vec<Text>>,
    /// Processor seconds spent on each group, starting processes for each file
    /// included where the reader does so.
    pub(crate) seconds: Vec<f64>,
    /// Processor seconds of that which go into starting a process for one file.
    pub(crate) start: f64,
}

/// Reads everything with everyone, ourselves first.
///
/// # Errors
/// Fails when our own reader cannot be started.
pub(crate) fn all(groups: &[Group]) -> Result<Vec<Reading>, Error> {
    let mut readings = vec![ours(groups)?];
    if Command::new("pdftotext").arg("-v").stderr(Stdio::null()).status().is_ok() {
        readings.push(each("pdftotext", groups, pdftotext));
    } else {
        println!("left out: `pdftotext` is not installed (poppler-utils)");
    }
    for name in ["pymupdf", "pypdfium2"] {
        match python(name, groups) {
            Ok(reading) => readings.push(reading),
            Err(error) => println!("left out: {name}: {error}"),
        }
    }
    Ok(readings)
}

fn ours(groups: &[Group]) -> Result<Reading, Error> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let ocr = Ocr { enabled: false, ..Ocr::default() };
    let reader = Reader::new(std::env::current_exe()?, Limits::default(), ocr);
    let reading = each(OURS, groups, |file| runtime.block_on(read(&reader, file)));
    let before = processor_seconds();
    for _ in 0..STARTS {
        // Nothing is there to be read: what is left is the start of the child.
        runtime.block_on(async {
            let mut events = reader.read(Path::new("/nowhere.pdf"), Format::Pdf, options());
            while events.recv().await.is_some() {}
        });
    }
    let start = (processor_seconds() - before) / f64::from(STARTS);
    Ok(Reading { start, ..reading })
}

/// Starts measured, since the system counts time in hundredths of a second.
const STARTS: u32 = 50;

fn options() -> ReadOptions {
    ReadOptions::default()
}

async fn read(reader: &Reader, file: &Path) -> Text {
    let (mut pages, mut text) = (0, String::new());
    let mut events = reader.read(file, Format::Pdf, options());
    while let Some(event) = events.recv().await {
        match event {
            Ok(ReadEvent::Page(page)) => {
                pages += 1;
                text.push_str(&page.text);
                text.push('\n');
            }
            Ok(_) => {}
            Err(error) => println!("{}: {error}", file.display()),
        }
    }
    Text { pages, text }
}

fn pdftotext(file: &Path) -> Text {
    let output = Command::new("pdftotext").arg(file).arg("-").stderr(Stdio::null()).output();
    let text = output.map(|output| String::from_utf8_lossy(&output.stdout).into_owned());
    let text = text.unwrap_or_default();
    let pages = text.bytes().filter(|&byte| byte == b'\x0c').count();
    Text { pages: u32::try_from(pages).unwrap_or(u32::MAX), text }
}

/// Reads file by file.
fn each(name: &'static str, groups: &[Group], mut read: impl FnMut(&Path) -> Text) -> Reading {
    let (mut texts, mut seconds) = (Vec::new(), Vec::new());
    for group in groups {
        let before = processor_seconds();
        texts.push(group.files.iter().map(|file| read(file)).collect());
        seconds.push(processor_seconds() - before);
    }
    Reading { name, texts, seconds, start: 0.0 }
}

/// One line of [`PEER`].
#[derive(Deserialize)]
struct Line {
    #[serde(flatten)]
    text: Text,
    seconds: f64,
}

/// Reads all files in one process of Python.
fn python(name: &'static str, groups: &[Group]) -> Result<Reading, Error> {
    let python = std::env::var_os("MUNSHI_BENCH_PYTHON").map_or("python3".into(), PathBuf::from);
    let mut child = Command::new(python)
        .args(["-c", PEER, name])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()?;
    let files = groups.iter().flat_map(|group| &group.files);
    let list = files.map(|file| file.display().to_string()).collect::<Vec<_>>().join("\n");
    let mut input = child.stdin.take().ok_or_else(|| Error::other("no input"))?;
    // The list is longer than a pipe holds only when there are hundreds of files.
    let writer = std::thread::spawn(move || input.write_all(list.as_bytes()));
    let output = child.wait_with_output()?;
    let _gone = writer.join();
    let mut lines = output.stdout.split(|&byte| byte == b'\n');
    let (mut texts, mut seconds) = (Vec::new(), Vec::new());
    for group in groups {
        let (mut read, mut spent) = (Vec::new(), 0.0);
        for _ in &group.files {
            let line = lines.next().filter(|line| !line.is_empty());
            let line = line.ok_or_else(|| Error::other("it is not installed, or it crashed"))?;
            let line: Line = serde_json::from_slice(line)?;
            spent += line.seconds;
            read.push(line.text);
        }
        texts.push(read);
        seconds.push(spent);
    }
    Ok(Reading { name, texts, seconds, start: 0.0 })
}
