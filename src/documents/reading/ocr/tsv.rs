//! The table of words `tesseract` writes.
//!
//! Twelve columns: level, page, block, paragraph, line, word, left, top,
//! width, height, confidence, text. Level 1 is the page, level 5 a word;
//! boxes are in pixels.

use super::Placement;
use crate::documents::reading::Word;

/// Less confidence than this on a sign by itself is a speck.
const SPECK: f32 = 30.0;

/// A recognised page.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Recognised {
    /// Its text, a line a line, an empty line between paragraphs.
    pub(crate) text: String,
    /// Its words, in points.
    pub(crate) words: Vec<Word>,
    /// The mean confidence of its characters, 0 to 100.
    pub(crate) confidence: Option<f32>,
}

/// One row of the table.
struct Row<'a> {
    level: u32,
    paragraph: (u32, u32),
    line: u32,
    edges: [f32; 4],
    confidence: f32,
    text: &'a str,
}

/// From pixels of a picture to points of its page.
struct Map {
    pixel: f32,
    sin: f32,
    cos: f32,
    /// The middle of the picture, in pixels.
    middle: (f32, f32),
    /// The middle of the page, in points.
    centre: (f32, f32),
}

impl Map {
    /// For a picture of `size` pixels of a page of `page` points.
    fn new(size: (f32, f32), page: (f32, f32), placement: Option<Placement>) -> Self {
        let (sin, cos) = placement.map_or((0.0, 1.0), |placement| placement.tilt.sin_cos());
        let fitted = if size.0 > 0.0 { page.0 / size.0 } else { 1.0 };
        let pixel = placement.map_or(fitted, |placement| placement.pixel);
        // A picture that was not turned need not fill its page to the last pixel.
        let whole = if sin == 0.0 { (size.0 * pixel, size.1 * pixel) } else { page };
        let middle = (size.0 / 2.0, size.1 / 2.0);
        Self { pixel, sin, cos, middle, centre: (whole.0 / 2.0, whole.1 / 2.0) }
    }

    fn point(&self, x: f32, y: f32) -> (f32, f32) {
        let (x, y) = (x - self.middle.0, y - self.middle.1);
        (
            (x * self.cos - y * self.sin) * self.pixel + self.centre.0,
            (x * self.sin + y * self.cos) * self.pixel + self.centre.1,
        )
    }

    /// The upright box that holds a box of the picture: left, top, right, bottom.
    fn edges(&self, [left, top, right, bottom]: [f32; 4]) -> [f32; 4] {
        let corners = [(left, top), (right, top), (left, bottom), (right, bottom)]
            .map(|(x, y)| self.point(x, y));
        let least =
            |of: fn(&(f32, f32)) -> f32| corners.iter().map(of).fold(f32::INFINITY, f32::min);
        let most =
            |of: fn(&(f32, f32)) -> f32| corners.iter().map(of).fold(f32::NEG_INFINITY, f32::max);
        [least(|c| c.0), least(|c| c.1), most(|c| c.0), most(|c| c.1)]
    }
}

/// Reads the table of a page that is so many points wide and high.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "lengths of words, and a share of a hundred"
)]
pub(super) fn parse(table: &str, size: (f32, f32), placement: Option<Placement>) -> Recognised {
    let mut page = Recognised::default();
    let mut map = Map::new((0.0, 0.0), size, placement);
    let mut at: Option<((u32, u32), u32)> = None;
    let (mut sum, mut letters) = (0.0, 0.0);
    for row in table.lines().filter_map(row) {
        let [left, top, right, bottom] = row.edges;
        if row.level == 1 && right > left {
            map = Map::new((right - left, bottom - top), size, placement);
        }
        if row.level != 5 || row.text.is_empty() {
            continue;
        }
        let length = row.text.chars().count();
        if row.confidence < SPECK && length == 1 && !row.text.chars().all(char::is_alphanumeric) {
            continue;
        }
        page.text.push_str(match at {
            None => "",
            Some(at) if at == (row.paragraph, row.line) => " ",
            Some((paragraph, _)) if paragraph == row.paragraph => "\n",
            Some(_) => "\n\n",
        });
        at = Some((row.paragraph, row.line));
        let start = short(page.text.len());
        page.text.push_str(row.text);
        let [x0, y0, x1, y1] = map.edges(row.edges);
        let confidence = Some(row.confidence.clamp(0.0, 100.0).round() as u8);
        page.words.push(Word { start, end: short(page.text.len()), x0, y0, x1, y1, confidence });
        sum += row.confidence * length as f32;
        letters += length as f32;
    }
    page.confidence = (letters > 0.0).then(|| (sum / letters).clamp(0.0, 100.0));
    page
}

fn row(line: &str) -> Option<Row<'_>> {
    let columns: Vec<&str> = line.splitn(12, '\t').collect();
    let whole = |at: usize| columns.get(at)?.parse::<u32>().ok();
    let real = |at: usize| columns.get(at)?.parse::<f32>().ok().filter(|value| value.is_finite());
    let (left, top) = (real(6)?, real(7)?);
    Some(Row {
        level: whole(0)?,
        paragraph: (whole(2)?, whole(3)?),
        line: whole(4)?,
        edges: [left, top, left + real(8)?, top + real(9)?],
        confidence: real(10)?,
        text: columns.get(11).map_or("", |text| text.trim()),
    })
}

fn short(len: usize) -> u32 {
    u32::try_from(len).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &str = "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext\n\
        1\t1\t0\t0\t0\t0\t0\t0\t2480\t3508\t-1\t\n\
        2\t1\t1\t0\t0\t0\t300\t300\t900\t200\t-1\t\n\
        5\t1\t1\t1\t1\t1\t300\t300\t200\t50\t96.5\tIN\n\
        5\t1\t1\t1\t1\t2\t520\t300\t200\t50\t91.5\tTHE\n\
        5\t1\t1\t1\t2\t1\t300\t380\t400\t50\t80\tधारा\n\
        5\t1\t1\t2\t1\t1\t300\t500\t10\t10\t12\t~\n\
        5\t1\t2\t1\t1\t1\t300\t600\t400\t50\t90\tORDER\n";

    const A4: (f32, f32) = (595.2, 841.92);

    #[test]
    fn words_lines_and_paragraphs_come_out() {
        let page = parse(TABLE, A4, None);
        assert_eq!(page.text, "IN THE\nधारा\n\nORDER");
        let spans: Vec<&str> =
            page.words.iter().map(|w| &page.text[w.start as usize..w.end as usize]).collect();
        assert_eq!(spans, ["IN", "THE", "धारा", "ORDER"]);
    }

    #[test]
    fn pixels_become_points() {
        let word = parse(TABLE, A4, None).words[0];
        assert!((word.x0 - 72.0).abs() < 0.01 && (word.y1 - 84.0).abs() < 0.01, "{word:?}");
    }

    #[test]
    fn boxes_of_a_turned_picture_lie_where_the_page_shows_them() {
        // Lines of the page fall by 5.71 degrees, a tenth of their length.
        let placement = Placement { pixel: 0.24, tilt: 0.1_f32.atan() };
        let page = parse(TABLE, A4, Some(placement));
        let (first, last) = (page.words[0], page.words[1]);
        let middle = |word: Word| (word.x0.midpoint(word.x1), word.y0.midpoint(word.y1));
        let (from, to) = (middle(first), middle(last));
        assert!(((to.1 - from.1) / (to.0 - from.0) - 0.1).abs() < 0.001, "{from:?} {to:?}");
        // The middle of the picture is the middle of the page.
        let map = Map::new((2480.0, 3508.0), A4, Some(placement));
        assert_eq!(map.point(1240.0, 1754.0), (297.6, 420.96));
    }

    #[test]
    fn confidence_is_weighed_by_length() {
        let confidence = parse(TABLE, A4, None).confidence.unwrap();
        assert!((confidence - 88.393).abs() < 0.01, "{confidence}");
        assert_eq!(parse("garbage\n\t\t", A4, None), Recognised::default());
    }
}
