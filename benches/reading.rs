//! How fast PDFs are read: pages per processor second, beside `pdftotext`.
//!
//! Run with `cargo bench --bench reading`. Reads every PDF below
//! `../shared/data/legal-pdf`, or below `legal-pdf` in the folder that
//! `MUNSHI_TEST_DATA` names. Processor time is that of the children, so
//! starting them is counted for both.

#![expect(clippy::print_stdout, reason = "a report for people")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use munshi::documents::reading::{Format, Limits, Ocr, ReadEvent, Reader};

/// The argument that makes this binary the child.
const CHILD: &str = "read-worker";

fn main() {
    if std::env::args().nth(1).as_deref() == Some(CHILD) {
        std::process::exit(i32::from(
            munshi::documents::reading::worker_main() != std::process::ExitCode::SUCCESS,
        ));
    }
    let data = std::env::var_os("MUNSHI_TEST_DATA").map_or("../shared/data".into(), PathBuf::from);
    let mut files = Vec::new();
    collect(&data.join("legal-pdf"), &mut files);
    files.sort();
    if files.is_empty() {
        println!("not run: no PDFs below {}/legal-pdf", data.display());
        return;
    }
    if let Err(error) = measure_all(&files) {
        println!("not run: {error}");
    }
}

fn measure_all(files: &[PathBuf]) -> std::io::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let ocr = Ocr { enabled: false, ..Ocr::default() };
    let reader = Reader::new(std::env::current_exe()?, Limits::default(), ocr);
    let (mut pages, mut characters) = (0_u32, 0_usize);
    let own = measure(|| {
        runtime.block_on(async {
            for file in files {
                let mut events = reader.read(file, Format::Pdf, 1);
                while let Some(event) = events.recv().await {
                    if let Ok(ReadEvent::Page(page)) = event {
                        pages += 1;
                        characters += page.text.chars().count();
                    }
                }
            }
        });
    });
    println!("{} files, {pages} pages, {characters} characters", files.len());
    let rate = report("munshi", pages, &own);
    let peer = measure(|| {
        for file in files {
            let mut command = Command::new("pdftotext");
            command.arg(file).arg("-").stdout(Stdio::null()).stderr(Stdio::null());
            // A missing program shows as no time spent.
            let _missing = command.status();
        }
    });
    if peer.processor < 0.05 {
        println!("not run: `pdftotext` is not installed (poppler-utils)");
        return Ok(());
    }
    let peer_rate = report("pdftotext", pages, &peer);
    println!("ratio       {:.2} x pdftotext", rate / peer_rate);
    Ok(())
}

/// Seconds spent.
struct Spent {
    processor: f64,
    wall: f64,
}

/// Runs something and takes the time of it and of the children it waited for.
fn measure(work: impl FnOnce()) -> Spent {
    let (before, started) = (processor_seconds(), Instant::now());
    work();
    let wall = started.elapsed().as_secs_f64();
    Spent { processor: processor_seconds() - before, wall }
}

fn report(name: &str, pages: u32, spent: &Spent) -> f64 {
    let rate = f64::from(pages) / spent.processor;
    println!(
        "{name:<11} {rate:.0} pages per processor second ({:.2} s, {:.2} s on the clock)",
        spent.processor, spent.wall
    );
    rate
}

/// Processor seconds of this process and its ended children, in the system's
/// usual hundredths.
fn processor_seconds() -> f64 {
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields = stat.rsplit(')').next().unwrap_or_default().split_whitespace();
    // User and system time, own and children's: fields 14 to 17 of the line.
    fields.skip(11).take(4).filter_map(|ticks| ticks.parse::<f64>().ok()).sum::<f64>() / 100.0
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
