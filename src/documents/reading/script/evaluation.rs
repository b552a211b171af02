//! How many damaged pages are caught and how many sound ones disturbed, over real files.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use unicode_normalization::UnicodeNormalization;

use crate::documents::reading::Limits;
use crate::documents::reading::frame::{Doubt, PageRecord, Task};
use crate::documents::reading::pdf::Document;

/// A page with fewer words says too little to be sorted by its truth.
const SORTABLE: usize = 10;
/// Sound pages of the declarations share at least 90 % of their words with the truth (the
/// rest are letters set apart), damaged ones at most 84 %.
const SOUND_PERCENT: usize = 87;

/// The folder of test data.
fn data() -> PathBuf {
    std::env::var_os("MUNSHI_TEST_DATA")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data"), PathBuf::from)
}

/// The PDFs of a folder and those below it, in order.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok) {
        let path = entry.path();
        if path.is_dir() {
            found.extend(files(&path));
        } else if path.extension().is_some_and(|end| end.eq_ignore_ascii_case("pdf")) {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// The text of each page and what is doubted of it.
fn pages(file: &Path) -> Vec<(String, Option<Doubt>)> {
    let bytes = std::fs::read(file).unwrap();
    let Ok(document) = Document::open(bytes, None, &Limits::default()) else { return Vec::new() };
    let task = Task::Read { from: 1, only: false, ocr_dpi: None, ocr_always: false };
    let mut pages = Vec::new();
    let take = |page: PageRecord, _| {
        pages.push((page.text, page.wants_ocr));
        Ok::<(), ()>(())
    };
    document.read(&task, take).unwrap();
    pages
}

/// Whether the words of a page are those of the truth.
fn is_true(text: &str, truth: &HashSet<String>) -> bool {
    let words: Vec<String> = text.split_whitespace().map(|word| word.nfc().collect()).collect();
    let known = words.iter().filter(|word| truth.contains(*word)).count();
    known * 100 >= words.len() * SOUND_PERCENT
}

/// Pages counted and pages doubted.
#[derive(Default)]
struct Count {
    pages: usize,
    doubted: usize,
    named: Vec<String>,
}

impl Count {
    fn add(&mut self, file: &Path, number: usize, doubted: bool, noteworthy: bool) {
        self.pages += 1;
        self.doubted += usize::from(doubted);
        if noteworthy {
            let name = file.file_name().unwrap_or_default().to_string_lossy();
            self.named.push(format!("{name} page {number}"));
        }
    }
}

#[test]
fn damaged_pages_are_caught_and_sound_ones_left_alone() {
    let folder = data();
    if !folder.join("pdf-quality/udhr-indic").is_dir() {
        println!("not run: there is no test data in {}", folder.display());
        return;
    }
    let (mut damaged, mut sound) = (Count::default(), Count::default());
    for file in files(&folder.join("pdf-quality/udhr-indic")) {
        let truth = std::fs::read_to_string(file.with_extension("txt")).unwrap();
        let truth: HashSet<String> =
            truth.split_whitespace().map(|word| word.nfc().collect()).collect();
        for (number, (text, doubt)) in (1..).zip(pages(&file)) {
            if text.split_whitespace().count() < SORTABLE {
                continue;
            }
            if is_true(&text, &truth) {
                sound.add(&file, number, doubt.is_some(), doubt.is_some());
            } else {
                damaged.add(&file, number, doubt.is_some(), doubt.is_none());
            }
        }
    }
    for part in
        ["legal-pdf", "pdf-quality/cuad", "pdf-quality/docling", "pdf-quality/pdfbox", "scans"]
    {
        for file in files(&folder.join(part)) {
            let pages = pages(&file);
            for (number, (text, doubt)) in (1..).zip(pages) {
                // The Hindi half of this gazette stores other letters than it shows.
                let is_hindi = super::language(&text) == Some("hi");
                if is_hindi && file.to_string_lossy().contains("Immigration") {
                    damaged.add(&file, number, doubt.is_some(), doubt.is_none());
                } else if text.split_whitespace().count() >= SORTABLE
                    && doubt != Some(Doubt::Picture)
                {
                    sound.add(&file, number, doubt.is_some(), doubt.is_some());
                }
            }
        }
    }
    println!(
        "damaged: {} of {} caught, missed {:?}",
        damaged.doubted, damaged.pages, damaged.named
    );
    println!("sound: {} of {} disturbed, {:?}", sound.doubted, sound.pages, sound.named);
    assert!(damaged.pages > 50 && damaged.doubted * 100 >= damaged.pages * 95);
    assert!(sound.pages > 2000 && sound.doubted * 100 < sound.pages);
}
