//! The table of words `tesseract` writes.
//!
//! Twelve columns: level, page, block, paragraph, line, word, left, top,
//! width, height, confidence, text. Level 1 is the page, level 5 a word;
//! boxes are in pixels.

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

/// Reads the table of a page that is `width` points wide.
#[expect(clippy::cast_precision_loss, reason = "lengths of words")]
pub(super) fn parse(table: &str, width: f32) -> Recognised {
    let mut page = Recognised::default();
    let mut scale = 1.0;
    let mut at: Option<((u32, u32), u32)> = None;
    let (mut sum, mut letters) = (0.0, 0.0);
    for row in table.lines().filter_map(row) {
        let [left, top, right, bottom] = row.edges;
        if row.level == 1 && right > left {
            scale = width / (right - left);
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
        let [x0, y0, x1, y1] = [left, top, right, bottom].map(|edge| edge * scale);
        page.words.push(Word { start, end: short(page.text.len()), x0, y0, x1, y1 });
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

    #[test]
    fn words_lines_and_paragraphs_come_out() {
        let page = parse(TABLE, 595.2);
        assert_eq!(page.text, "IN THE\nधारा\n\nORDER");
        let spans: Vec<&str> =
            page.words.iter().map(|w| &page.text[w.start as usize..w.end as usize]).collect();
        assert_eq!(spans, ["IN", "THE", "धारा", "ORDER"]);
    }

    #[test]
    fn pixels_become_points() {
        let word = parse(TABLE, 595.2).words[0];
        assert!((word.x0 - 72.0).abs() < 0.01 && (word.y1 - 84.0).abs() < 0.01, "{word:?}");
    }

    #[test]
    fn confidence_is_weighed_by_length() {
        let confidence = parse(TABLE, 595.2).confidence.unwrap();
        assert!((confidence - 88.393).abs() < 0.01, "{confidence}");
        assert_eq!(parse("garbage\n\t\t", 595.0), Recognised::default());
    }
}
