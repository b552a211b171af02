//! How well and how fast PDFs are read, beside other readers.
//!
//! Run with `cargo bench --bench reading`. Reads the PDFs below `pdf-quality` and
//! `legal-pdf` in `../shared/data`, or in the folder that `MUNSHI_TEST_DATA` names.
//! `pdftotext` serves as a peer when it is installed; `PyMuPDF` and `pdfium` when the
//! Python that `MUNSHI_BENCH_PYTHON` names (else `python3`) has `pymupdf` and
//! `pypdfium2`. What is not there is named, and left out of the table.

#![expect(clippy::print_stdout, reason = "a report for people")]

mod groups;
mod ocr;
mod peers;
mod quality;
mod speed;
mod words;

use std::path::PathBuf;

use peers::Reading;

/// The argument that makes this binary the child.
const CHILD: &str = "read-worker";

fn main() {
    if std::env::args().nth(1).as_deref() == Some(CHILD) {
        std::process::exit(i32::from(
            munshi::documents::reading::worker_main() != std::process::ExitCode::SUCCESS,
        ));
    }
    let data = std::env::var_os("MUNSHI_TEST_DATA").map_or("../shared/data".into(), PathBuf::from);
    let groups = groups::all(&data);
    if groups.is_empty() {
        println!("not run: no PDFs below {}/pdf-quality and legal-pdf", data.display());
        return;
    }
    let readings: Vec<Reading> = match peers::all(&groups) {
        Ok(readings) => readings,
        Err(error) => return println!("not run: {error}"),
    };
    quality::report(&groups, &readings);
    speed::report(&groups, &readings);
    if let Err(error) = ocr::run(&data) {
        println!("text recognition: not run: {error}");
    }
}
