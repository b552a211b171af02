//! How many characters and words text recognition gets wrong, on pages of known text.
//!
//! Three sets: English judgments, whose text layer is the truth, word for word as it
//! stands on the page; Hindi pages with a published text; both drawn at 300 dpi as the
//! service draws them; and scans with their text beside them. An error is a character
//! (or word) to insert, delete or replace, white space counted as one space; the rate is
//! errors per character of the truth.

use std::fs;
use std::path::{Path, PathBuf};

use munshi::documents::reading::{
    Format, Limits, Ocr, OcrStatus, ReadEvent, ReadOptions, ReadPage, Reader, Word, identify,
};
use tokio::runtime::Runtime;

/// English pages drawn: the first two of so many judgments.
const JUDGMENTS: usize = 4;
/// Pages read of each.
const PAGES: u32 = 2;

/// Recognises every set below `data` and prints its error rates.
pub(crate) fn run(data: &Path) -> std::io::Result<()> {
    let ocr = Ocr::default();
    let (OcrStatus::Ready { version, .. } | OcrStatus::Incomplete { version, .. }) = ocr.detect()
    else {
        println!("text recognition: not run: tesseract is not installed");
        return Ok(());
    };
    let bench = Bench {
        runtime: tokio::runtime::Builder::new_current_thread().enable_all().build()?,
        reader: Reader::new(std::env::current_exe()?, Limits::default(), ocr),
    };
    println!("text recognition by tesseract {version}, {} at 300 dpi", Ocr::default().languages);
    println!("{:<52} pages  CER     WER     confidence", "");
    bench.english(&data.join("legal-pdf/in-sc-indiankanoon"));
    bench.hindi(&data.join("pdf-quality/udhr-indic"));
    bench.scans(&data.join("scans"));
    Ok(())
}

struct Bench {
    runtime: Runtime,
    reader: Reader,
}

impl Bench {
    /// Judgments against their own text layer.
    fn english(&self, folder: &Path) {
        let mut total = Errors::default();
        for file in files(folder, "pdf").iter().step_by(7).take(JUDGMENTS) {
            let one = |number, recognise_all| {
                let options =
                    ReadOptions { from: number, only: true, recognise_all, ..Default::default() };
                self.pages(file, options)
            };
            let mut errors = Errors::default();
            for number in 1..=PAGES {
                let (read, truth) = (one(number, true), one(number, false));
                errors.add(&read, &by_place(&read), &by_place(&truth));
            }
            errors.report(file);
            total.join(&errors);
        }
        total.report(Path::new("drawn English, all"));
    }

    /// Hindi pages against their published text.
    fn hindi(&self, folder: &Path) {
        let mut total = Errors::default();
        for file in files(folder, "pdf") {
            let is_hindi = file.file_name().is_some_and(|name| {
                let name = name.to_string_lossy();
                name.starts_with("HIN") && !name.contains("Sun")
            });
            let Ok(truth) = fs::read_to_string(file.with_extension("txt")) else { continue };
            if is_hindi {
                let options = ReadOptions { recognise_all: true, ..Default::default() };
                let mut errors = Errors::default();
                let read = self.pages(&file, options);
                errors.add(&read, &text(&read), &truth);
                errors.report(&file);
                total.join(&errors);
            }
        }
        total.report(Path::new("drawn Hindi, all"));
    }

    /// Scans with a text beside them, in languages that are read.
    fn scans(&self, folder: &Path) {
        let mut totals = [("bitonal300", Errors::default()), ("poor150", Errors::default())];
        for file in files(folder, "pdf") {
            let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let kind = totals.iter_mut().find(|(kind, _)| name.contains(kind));
            let Some((kind, total)) = kind else { continue };
            let truth = file.with_file_name(name.replace(&format!(".{kind}.pdf"), ".txt"));
            let Ok(truth) = fs::read_to_string(truth) else { continue };
            if name.contains("BEN") || name.contains("TAM") {
                continue;
            }
            let mut errors = Errors::default();
            let read = self.pages(&file, ReadOptions::default());
            errors.add(&read, &text(&read), &truth);
            errors.report(&file);
            total.join(&errors);
        }
        for (kind, total) in totals {
            total.report(Path::new(&format!("scans {kind}, all")));
        }
    }

    /// The pages of a file.
    fn pages(&self, file: &Path, options: ReadOptions) -> Vec<ReadPage> {
        let head = fs::read(file).unwrap_or_default();
        let format = identify(&head, file).unwrap_or(Format::Pdf);
        self.runtime.block_on(async {
            let mut events = self.reader.read(file, format, options);
            let mut pages = Vec::new();
            while let Some(event) = events.recv().await {
                if let Ok(ReadEvent::Page(page)) = event {
                    pages.push(page);
                }
            }
            pages
        })
    }
}

/// Errors counted.
#[derive(Default)]
struct Errors {
    pages: usize,
    characters: (usize, usize),
    words: (usize, usize),
    confidence: f32,
}

impl Errors {
    /// Compares what was read of pages with their true text.
    fn add(&mut self, pages: &[ReadPage], read: &str, truth: &str) {
        let letters = |text: &str| spaced(text).chars().collect::<Vec<_>>();
        let words = |text: &str| spaced(text).split(' ').map(str::to_owned).collect::<Vec<_>>();
        let (wrong, of) = distance(&letters(read), &letters(truth));
        self.characters = (self.characters.0 + wrong, self.characters.1 + of);
        let (wrong, of) = distance(&words(read), &words(truth));
        self.words = (self.words.0 + wrong, self.words.1 + of);
        self.pages += pages.len();
        self.confidence += pages.iter().filter_map(|page| page.confidence).sum::<f32>();
    }

    fn join(&mut self, other: &Self) {
        self.pages += other.pages;
        self.characters.0 += other.characters.0;
        self.characters.1 += other.characters.1;
        self.words.0 += other.words.0;
        self.words.1 += other.words.1;
        self.confidence += other.confidence;
    }

    #[expect(clippy::cast_precision_loss, reason = "counts of a report")]
    fn report(&self, name: &Path) {
        let rate = |(wrong, of): (usize, usize)| wrong as f64 / of.max(1) as f64;
        let name = name.file_name().unwrap_or_default().to_string_lossy();
        let name: String = name.chars().take(52).collect();
        println!(
            "{name:<52} {:>5}  {:.4}  {:.4}  {:.1}",
            self.pages,
            rate(self.characters),
            rate(self.words),
            self.confidence / self.pages.max(1) as f32,
        );
    }
}

fn text(pages: &[ReadPage]) -> String {
    pages.iter().map(|page| page.text.as_str()).collect::<Vec<_>>().join("\n")
}

/// The words of pages line by line as they stand there, so that a running foot which a
/// text layer has first is no error.
fn by_place(pages: &[ReadPage]) -> String {
    let mut text = String::new();
    for page in pages {
        let Some(layout) = &page.layout else { continue };
        let middle = |word: &Word| word.y0.midpoint(word.y1);
        let mut words: Vec<&Word> = layout.words.iter().collect();
        words.sort_by(|a, b| middle(a).total_cmp(&middle(b)));
        let same_line = |a: &&Word, b: &&Word| middle(b) - middle(a) < (a.y1 - a.y0) / 4.0;
        for line in words.chunk_by_mut(same_line) {
            line.sort_by(|a, b| a.x0.total_cmp(&b.x0));
            for word in line {
                text.push_str(&page.text[word.start as usize..word.end as usize]);
                text.push(' ');
            }
        }
    }
    text
}

/// A text with every stretch of white space as one space.
fn spaced(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The edit distance to the truth, and the length of the truth.
fn distance<T: PartialEq>(read: &[T], truth: &[T]) -> (usize, usize) {
    let mut row: Vec<usize> = (0..=truth.len()).collect();
    for (above, item) in read.iter().enumerate() {
        let mut corner = row[0];
        row[0] = above + 1;
        for (at, expected) in truth.iter().enumerate() {
            let replaced = corner + usize::from(item != expected);
            corner = row[at + 1];
            row[at + 1] = replaced.min(row[at] + 1).min(corner + 1);
        }
    }
    (row[truth.len()], truth.len())
}

/// The files of a folder and those below it that end so, in order.
fn files(folder: &Path, end: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok) {
        let path = entry.path();
        if path.is_dir() {
            found.extend(files(&path, end));
        } else if path.extension().is_some_and(|other| other.eq_ignore_ascii_case(end)) {
            found.push(path);
        }
    }
    found.sort();
    found
}
