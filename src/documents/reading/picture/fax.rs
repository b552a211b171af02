//! Black and white pages packed as faxes are (ITU-T T.4 and T.6), the usual
//! form of a scanned court file.

use hayro_ccitt::{DecodeSettings, Decoder, DecoderContext, EncodingMode};
use image::GrayImage;

/// White, as a grey of eight bits.
const WHITE: u8 = 255;

/// How the pages of a TIFF are packed (TIFF 6.0, sections 10 and 11).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Packing {
    /// Lines of run lengths, each beginning at a byte.
    Lines,
    /// Group 3: lines of run lengths with marks between; `true` when some are
    /// given as changes to the line above.
    Group3 {
        /// Whether lines may be changes to the line above.
        two_dimensional: bool,
    },
    /// Group 4: each line is changes to the line above.
    Group4,
}

impl Packing {
    fn settings(self, columns: u32, rows: u32) -> DecodeSettings {
        let encoding = match self {
            Self::Lines | Self::Group3 { two_dimensional: false } => EncodingMode::Group3_1D,
            Self::Group3 { two_dimensional: true } => EncodingMode::Group3_2D,
            Self::Group4 => EncodingMode::Group4,
        };
        DecodeSettings {
            columns,
            rows,
            end_of_block: self != Self::Lines,
            end_of_line: matches!(self, Self::Group3 { .. }),
            rows_are_byte_aligned: self == Self::Lines,
            encoding,
            strict: false,
        }
    }
}

/// A page being unpacked, strip by strip.
pub(super) struct Page {
    width: u32,
    pixels: Vec<u8>,
    next: usize,
    ink: u8,
}

impl Page {
    /// A white page; with `inverted`, what is stored as black is white.
    pub(super) fn new(width: u32, height: u32, inverted: bool) -> Self {
        let (paper, ink) = if inverted { (0, WHITE) } else { (WHITE, 0) };
        Self { width, pixels: vec![paper; width as usize * height as usize], next: 0, ink }
    }

    /// Unpacks a strip of `rows` lines from line `first` on. Where a strip is
    /// damaged, the lines before the damage stand; says whether there are any.
    pub(super) fn unpack(&mut self, strip: &[u8], packing: Packing, first: u32, rows: u32) -> bool {
        self.next = first as usize;
        let mut context = DecoderContext::new(packing.settings(self.width, rows));
        let whole = hayro_ccitt::decode(strip, self, &mut context).is_ok();
        whole || self.next > first as usize
    }

    /// The page as a picture.
    pub(super) fn finish(self) -> Option<GrayImage> {
        let height = u32::try_from(self.pixels.len() / (self.width.max(1) as usize)).ok()?;
        GrayImage::from_raw(self.width, height, self.pixels)
    }
}

impl Decoder for Page {
    fn push_row(&mut self, changes: &[u32]) {
        let width = self.width as usize;
        let start = self.next * width;
        self.next += 1;
        let Some(row) = self.pixels.get_mut(start..start + width) else { return };
        for run in changes.chunks(2) {
            let from = run.first().map_or(width, |at| *at as usize).min(width);
            let to = run.get(1).map_or(width, |at| *at as usize).clamp(from, width);
            row[from..to].fill(self.ink);
        }
    }
}
