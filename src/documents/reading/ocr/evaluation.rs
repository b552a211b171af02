//! Whether the boxes of recognised words lie where the page shows them, over a real page
//! whose text layer says where its words are.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use image::GrayImage;

use super::{Look, Ocr, OcrStatus, Picture, Placement, prepare, tilt, unlimited};
use crate::documents::reading::frame::{PageRecord, Task};
use crate::documents::reading::pdf::Document;
use crate::documents::reading::{Layout, Limits, Word};

/// How far the middle of a box may be from the middle of its word, in points.
const NEAR: f32 = 3.0;

/// A judgment of the test data.
fn judgment() -> PathBuf {
    let root = std::env::var_os("MUNSHI_TEST_DATA").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data"),
        PathBuf::from,
    );
    root.join("legal-pdf/in-sc-indiankanoon/2023/K_L_Suneja_vs_Dr_Mrs_Manjeet_Kaur_Monga_D_on_31_January_2023_1.PDF")
}

/// Its second page: the record, its layout and its picture.
fn page(file: &Path) -> (PageRecord, Layout, GrayImage) {
    let document = Document::open(std::fs::read(file).unwrap(), None, &Limits::default()).unwrap();
    let task = Task::Read { from: 2, only: true, ocr_dpi: Some(300), ocr_always: true };
    let mut read = None;
    let take = |record: PageRecord, bytes: Vec<u8>| {
        read = Some((record, bytes));
        Ok::<(), ()>(())
    };
    document.read(&task, take).unwrap();
    let (record, bytes) = read.unwrap();
    let (layout, picture) = bytes.split_at(record.layout);
    let layout = Layout::unpack(layout).unwrap();
    (record, layout, grey_map(picture))
}

/// Unpacks a portable grey map as [`prepare`] writes it.
fn grey_map(bytes: &[u8]) -> GrayImage {
    let mut lines = bytes.splitn(4, |byte| *byte == b'\n');
    let (_, sides) = (lines.next().unwrap(), std::str::from_utf8(lines.next().unwrap()).unwrap());
    let (width, height) = sides.split_once(' ').unwrap();
    let greys = lines.nth(1).unwrap().to_vec();
    GrayImage::from_raw(width.parse().unwrap(), height.parse().unwrap(), greys).unwrap()
}

/// The middles of the words that stand once in a text.
fn middles(text: &str, words: &[Word]) -> HashMap<String, (f32, f32)> {
    let mut found: HashMap<String, Vec<(f32, f32)>> = HashMap::new();
    for word in words {
        let middle = (word.x0.midpoint(word.x1), word.y0.midpoint(word.y1));
        found.entry(text[word.start as usize..word.end as usize].into()).or_default().push(middle);
    }
    found.into_iter().filter(|(_, at)| at.len() == 1).map(|(word, at)| (word, at[0])).collect()
}

#[tokio::test]
async fn words_of_a_tilted_page_are_found_where_they_stand() {
    let (file, ocr) = (judgment(), Ocr::default());
    if !file.is_file() || matches!(ocr.detect(), OcrStatus::Missing { .. }) {
        println!("not run: it needs {} and tesseract", file.display());
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let reader = unlimited(folder.path(), ocr);
    let (record, layout, level) = page(&file);
    let pixel = record.placement.unwrap().pixel;
    let truth = middles(&record.text, &layout.words);
    for degrees in [0.0_f32, 9.0] {
        // Turning a level page level by so much tilts it the other way.
        let tilted = tilt::turn(&level, -degrees.to_radians(), 255);
        #[expect(clippy::cast_precision_loss, reason = "the sides of a page in pixels")]
        let size = (tilted.width() as f32 * pixel, tilted.height() as f32 * pixel);
        let prepared = prepare(tilted).unwrap();
        let placement = Some(Placement { pixel, tilt: prepared.tilt });
        let picture = Picture { bytes: &prepared.bytes, placement, page: size };
        let found = reader.recognise(picture, "eng", Look::Upright).await.unwrap();
        let found = middles(&found.text, &found.words);
        let (sin, cos) = degrees.to_radians().sin_cos();
        let both: Vec<_> = found
            .iter()
            .filter_map(|(word, at)| truth.get(word).map(|truth| (truth, at)))
            .collect();
        let near = both.iter().filter(|((x, y), (found_x, found_y))| {
            let (x, y) = (x - layout.width / 2.0, y - layout.height / 2.0);
            let (x, y) = (x * cos - y * sin + size.0 / 2.0, x * sin + y * cos + size.1 / 2.0);
            (x - found_x).hypot(y - found_y) < NEAR
        });
        let (near, all) = (near.count(), both.len());
        println!("tilted {degrees} degrees: {near} of {all} words within {NEAR} points");
        assert!(all * 10 > truth.len() * 9, "{all} of {} words were read", truth.len());
        assert!(near * 100 > all * 98);
    }
}
