//! Where the words of a page are.
//!
//! A [`Layout`] maps any span of a page's text to rectangles on the picture of
//! the page, so that a quotation can be shown where it stands. It is kept
//! beside the text in a small binary form: a version byte, then a zstd frame
//! of differences between neighbouring words, in steps of 1/64 point.

use std::fmt;

/// The version this code writes; it also reads version 1, which knew no confidence.
const VERSION: u8 = 2;
/// The version before words had a confidence.
const WITHOUT_CONFIDENCE: u8 = 1;
/// Coordinates are stored in steps of 1/64 point.
const STEP: f32 = 64.0;
/// A page of a hundred thousand words stays far below this.
const MAX_RAW: usize = 32 << 20;
/// The default of zstd: boxes shrink to about a third and it costs microseconds.
const LEVEL: i32 = 3;

/// One word of a page: a byte span of the page text and its box.
///
/// Offsets count UTF-8 bytes of [`ReadPage::text`](super::ReadPage::text);
/// coordinates are points from the top left corner of the page as displayed,
/// crop box and rotation applied.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Word {
    /// Where the word starts in the text.
    pub start: u32,
    /// Where it ends, exclusive.
    pub end: u32,
    /// Left edge.
    pub x0: f32,
    /// Top edge.
    pub y0: f32,
    /// Right edge.
    pub x1: f32,
    /// Bottom edge.
    pub y1: f32,
    /// How sure text recognition is of it, 0 to 100; `None` for other methods.
    pub confidence: Option<u8>,
}

/// A rectangle on the page, in points from its top left corner.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rect {
    /// Left edge.
    pub x: f32,
    /// Top edge.
    pub y: f32,
    /// Extent to the right.
    pub width: f32,
    /// Extent downwards.
    pub height: f32,
}

/// The word boxes of a page, in the order of its text.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Layout {
    /// Width of the displayed page in points.
    pub width: f32,
    /// Height of the displayed page in points.
    pub height: f32,
    /// The words, in text order.
    pub words: Vec<Word>,
}

/// Why stored bytes are no layout.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LayoutError {
    /// Written by another version of this program.
    #[error("layout has version {0}, this program reads version {VERSION}; read the page again")]
    Version(u8),
    /// Cut short or altered.
    #[error("layout is damaged; read the page again")]
    Damaged,
}

impl Layout {
    /// Packs the layout for storage.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let raw = self.pack();
        let mut bytes = vec![VERSION];
        // zstd fails only when memory does; an uncompressed frame is then no better.
        bytes.extend(zstd::bulk::compress(&raw, LEVEL).unwrap_or_default());
        bytes
    }

    /// Unpacks what [`Layout::to_bytes`] wrote.
    ///
    /// # Errors
    /// Fails when the bytes are of another version or damaged.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, LayoutError> {
        match bytes.split_first() {
            Some((&version @ (WITHOUT_CONFIDENCE | VERSION), frame)) => {
                let size = zstd::stream::decompressed_size(frame)
                    .and_then(|size| usize::try_from(size).ok())
                    .filter(|size| *size <= MAX_RAW)
                    .ok_or(LayoutError::Damaged)?;
                let raw = zstd::bulk::decompress(frame, size).map_err(|_| LayoutError::Damaged)?;
                Self::unpack_version(&raw, version)
            }
            Some((version, _)) => Err(LayoutError::Version(*version)),
            None => Err(LayoutError::Damaged),
        }
    }

    /// The uncompressed form; the child process sends this to its parent.
    pub(super) fn pack(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(16 + self.words.len() * 9);
        out.extend(self.width.to_le_bytes());
        out.extend(self.height.to_le_bytes());
        put(&mut out, self.words.len() as u64);
        let mut at = 0;
        let mut before = [0_i64; 4];
        for word in &self.words {
            put(&mut out, u64::from(word.start.saturating_sub(at)));
            let length = u64::from(word.end.saturating_sub(word.start)) << 1;
            put(&mut out, length | u64::from(word.confidence.is_some()));
            out.extend(word.confidence);
            at = word.start;
            let now = [steps(word.x0), steps(word.y0), steps(word.x1), steps(word.y1)];
            for (now, before) in now.iter().zip(before) {
                put(&mut out, zigzag(now.wrapping_sub(before)));
            }
            before = now;
        }
        out
    }

    /// Reads [`Layout::pack`]'s form.
    pub(super) fn unpack(raw: &[u8]) -> Result<Self, LayoutError> {
        Self::unpack_version(raw, VERSION)
    }

    fn unpack_version(raw: &[u8], version: u8) -> Result<Self, LayoutError> {
        let mut bytes = Bytes(raw);
        let width = bytes.float()?;
        let height = bytes.float()?;
        let count = usize::try_from(bytes.number()?).map_err(|_| LayoutError::Damaged)?;
        if count > raw.len() {
            return Err(LayoutError::Damaged);
        }
        let mut words = Vec::with_capacity(count);
        let mut at = 0_u32;
        let mut edges = [0_i64; 4];
        for _ in 0..count {
            let start = at.checked_add(bytes.short()?).ok_or(LayoutError::Damaged)?;
            let mut length = bytes.number()?;
            let mut confidence = None;
            if version != WITHOUT_CONFIDENCE {
                if length & 1 == 1 {
                    confidence = Some(bytes.byte()?);
                }
                length >>= 1;
            }
            let length = u32::try_from(length).map_err(|_| LayoutError::Damaged)?;
            let end = start.checked_add(length).ok_or(LayoutError::Damaged)?;
            at = start;
            for edge in &mut edges {
                *edge = edge.wrapping_add(unzigzag(bytes.number()?));
            }
            let [x0, y0, x1, y1] = edges.map(points);
            words.push(Word { start, end, x0, y0, x1, y1, confidence });
        }
        Ok(Self { width, height, words })
    }

    /// The rectangles that cover bytes `start..end` of the text, one for each
    /// line touched.
    ///
    /// A word touched in part counts in proportion to its bytes.
    #[must_use]
    pub fn rects(&self, start: usize, end: usize) -> Vec<Rect> {
        let mut lines: Vec<[f32; 4]> = Vec::new();
        for word in &self.words {
            let Some(part) = covered(word, start, end) else { continue };
            match lines.last_mut() {
                Some(line) if same_line(line, &part) => {
                    *line = [
                        line[0].min(part[0]),
                        line[1].min(part[1]),
                        line[2].max(part[2]),
                        line[3].max(part[3]),
                    ];
                }
                _ => lines.push(part),
            }
        }
        lines
            .into_iter()
            .map(|[x0, y0, x1, y1]| Rect { x: x0, y: y0, width: x1 - x0, height: y1 - y0 })
            .collect()
    }
}

impl fmt::Display for Rect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.1},{:.1},{:.1},{:.1}", self.x, self.y, self.width, self.height)
    }
}

/// The part of a word's box inside a span, or `None` when they do not touch.
#[expect(clippy::cast_precision_loss, reason = "a word is at most a few kilobytes long")]
fn covered(word: &Word, start: usize, end: usize) -> Option<[f32; 4]> {
    let (from, to) = (word.start as usize, word.end as usize);
    let (first, last) = (from.max(start), to.min(end));
    if first >= last {
        return None;
    }
    let width = (word.x1 - word.x0) / (to - from) as f32;
    let x0 = word.x0 + width * (first - from) as f32;
    let x1 = word.x0 + width * (last - from) as f32;
    Some([x0, word.y0, x1, word.y1])
}

/// Whether a box continues the line to the right.
fn same_line(line: &[f32; 4], next: &[f32; 4]) -> bool {
    let overlap = line[3].min(next[3]) - line[1].max(next[1]);
    let lower = (line[3] - line[1]).min(next[3] - next[1]);
    overlap > lower * 0.5 && next[0] >= line[0]
}

#[expect(clippy::cast_possible_truncation, reason = "a saturating cast; pages are small")]
fn steps(points: f32) -> i64 {
    (points * STEP).round() as i64
}

#[expect(clippy::cast_precision_loss, reason = "pages are small")]
fn points(steps: i64) -> f32 {
    steps as f32 / STEP
}

/// Folds the sign into the lowest bit, so that small differences stay short.
fn zigzag(value: i64) -> u64 {
    (value.wrapping_shl(1) ^ (value >> 63)).cast_unsigned()
}

fn unzigzag(value: u64) -> i64 {
    (value >> 1).cast_signed() ^ -((value & 1).cast_signed())
}

/// Appends a number, seven bits a byte, low bits first.
#[expect(clippy::cast_possible_truncation, reason = "masked to seven bits")]
fn put(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push((value & 0x7f) as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

/// Bytes being read from the front.
struct Bytes<'a>(&'a [u8]);

impl Bytes<'_> {
    fn float(&mut self) -> Result<f32, LayoutError> {
        let (head, tail) = self.0.split_first_chunk::<4>().ok_or(LayoutError::Damaged)?;
        self.0 = tail;
        Ok(f32::from_le_bytes(*head))
    }

    fn byte(&mut self) -> Result<u8, LayoutError> {
        let (byte, tail) = self.0.split_first().ok_or(LayoutError::Damaged)?;
        self.0 = tail;
        Ok(*byte)
    }

    fn number(&mut self) -> Result<u64, LayoutError> {
        let mut value = 0_u64;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Ok(value);
            }
        }
        Err(LayoutError::Damaged)
    }

    fn short(&mut self) -> Result<u32, LayoutError> {
        u32::try_from(self.number()?).map_err(|_| LayoutError::Damaged)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layout() -> Layout {
        let word = |start, end, x0, y0| Word {
            start,
            end,
            x0,
            y0,
            x1: x0 + 40.0,
            y1: y0 + 12.0,
            confidence: (start > 9).then_some(91),
        };
        Layout {
            width: 595.25,
            height: 842.0,
            words: vec![
                word(0, 4, 72.0, 72.0),
                word(5, 9, 120.5, 72.25),
                word(10, 14, 72.0, 90.0),
                word(16, 20, -3.0, 5000.0),
            ],
        }
    }

    #[test]
    fn a_layout_survives_storage() {
        let stored = layout().to_bytes();
        assert_eq!(Layout::from_bytes(&stored), Ok(layout()));
        assert_eq!(stored[0], VERSION);
    }

    #[test]
    fn damaged_or_foreign_bytes_are_refused() {
        let stored = layout().to_bytes();
        assert_eq!(Layout::from_bytes(&[]), Err(LayoutError::Damaged));
        assert_eq!(Layout::from_bytes(&[9, 1, 2]), Err(LayoutError::Version(9)));
        assert_eq!(Layout::from_bytes(&stored[..stored.len() - 3]), Err(LayoutError::Damaged));
        assert_eq!(Layout::unpack(&layout().pack()[..20]), Err(LayoutError::Damaged));
    }

    #[test]
    fn a_span_gives_one_rectangle_for_each_line() {
        let rects = layout().rects(5, 14);
        assert_eq!(rects.len(), 2);
        assert_eq!(rects[0], Rect { x: 120.5, y: 72.25, width: 40.0, height: 12.0 });
        assert_eq!(rects[1], Rect { x: 72.0, y: 90.0, width: 40.0, height: 12.0 });
        let first_line = layout().rects(0, 9);
        assert_eq!(first_line, [Rect { x: 72.0, y: 72.0, width: 88.5, height: 12.25 }]);
    }

    #[test]
    fn a_word_touched_in_part_counts_in_part() {
        assert_eq!(layout().rects(2, 3), [Rect { x: 92.0, y: 72.0, width: 10.0, height: 12.0 }]);
        assert!(layout().rects(4, 5).is_empty());
    }

    #[test]
    fn numbers_of_every_size_survive() {
        for value in [0, 1, -1, 63, -64, i64::from(i32::MAX), i64::MAX, i64::MIN] {
            assert_eq!(unzigzag(zigzag(value)), value);
        }
    }
}
