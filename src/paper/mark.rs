//! Words drawn across a picture, again and again, so that no part of it is without them.

use image::{Rgb, RgbImage};
use skrifa::instance::{LocationRef, Size};
use skrifa::outline::{DrawSettings, OutlinePen};
use skrifa::{FontRef, GlyphId, MetadataProvider};

use super::PaperError;
use super::pdf::faces::{Faces, Glyph};

/// The colour of the words, and how much of it covers what is under them: the page stays
/// readable, on dark pages the words are lighter than the ground.
const INK: [f32; 3] = [150.0, 40.0, 60.0];
const STRENGTH: f32 = 0.26;
/// How many letters of their size fit across a picture.
const ACROSS: f32 = 34.0;
/// The smallest size words can be read at, in pixels.
const SMALLEST: f32 = 9.0;
/// From line to line, and from one repetition to the next, in sizes.
const LINE_GAP: f32 = 6.0;
const WORDS_GAP: f32 = 2.5;
/// The rise of the lines: 30 degrees.
const ACROSS_RISE: (f32, f32) = (0.866_025_4, 0.5);
/// Lines of samples to a line of pixels.
const SAMPLES: usize = 4;

/// A straight piece of an outline.
type Edge = [(f32, f32); 2];

/// Draws words across a picture.
///
/// # Errors
/// Fails when a font of ours cannot be read.
pub fn mark(picture: &mut RgbImage, words: &str) -> Result<(), PaperError> {
    let faces = Faces::new()?;
    let (width, height) = picture.dimensions();
    let (across, down) = (pixels(width), pixels(height));
    let size = (across / ACROSS).max(SMALLEST);
    let (line, length) = outlines(&faces, &faces.set(words, true), size)?;
    let mut sheet = Sheet::new(width as usize, height as usize);
    let reach = across.hypot(down) / 2.0;
    let (mut row, mut up) = (0_u8, -reach);
    while up < reach {
        // Every other line is moved, so that words stand over gaps.
        let mut along = -reach - if row % 2 == 0 { 0.0 } else { length / 2.0 };
        while along < reach {
            for edge in &line {
                sheet.add(edge.map(|(x, y)| turned((along + x, up + y), (across, down))));
            }
            along += length + size * WORDS_GAP;
        }
        up += size * LINE_GAP;
        row = row.wrapping_add(1);
    }
    sheet.ink(picture);
    Ok(())
}

/// A place counted from the middle of the picture along the lines and up from them, as a
/// place of the picture.
fn turned((along, up): (f32, f32), (across, down): (f32, f32)) -> (f32, f32) {
    let (cos, sin) = ACROSS_RISE;
    (across / 2.0 + along * cos - up * sin, down / 2.0 - along * sin - up * cos)
}

/// The outlines of glyphs in one line, and how long it is.
fn outlines(faces: &Faces, glyphs: &[Glyph], size: f32) -> Result<(Vec<Edge>, f32), PaperError> {
    let mut edges = Vec::new();
    let mut x = 0.0;
    for glyph in glyphs {
        let Some(face) = faces.face(glyph.face) else { continue };
        let font = FontRef::new(face.bytes).map_err(|_| PaperError::Font(face.name))?;
        let (right, up) = glyph.shift;
        let at = (x + right * size / 1_000.0, up * size / 1_000.0);
        if let Some(outline) = font.outline_glyphs().get(GlyphId::from(glyph.id)) {
            let settings = DrawSettings::unhinted(Size::new(size), LocationRef::default());
            let mut pen = Pen { edges: &mut edges, at, from: (0.0, 0.0), start: (0.0, 0.0) };
            outline.draw(settings, &mut pen).map_err(|_| PaperError::Font(face.name))?;
        }
        x += glyph.advance * size / 1_000.0;
    }
    Ok((edges, x.max(size)))
}

/// Takes an outline apart into straight pieces.
struct Pen<'a> {
    edges: &'a mut Vec<Edge>,
    at: (f32, f32),
    from: (f32, f32),
    start: (f32, f32),
}

impl Pen<'_> {
    fn straight(&mut self, to: (f32, f32)) {
        let moved = |(x, y): (f32, f32)| (x + self.at.0, y + self.at.1);
        self.edges.push([moved(self.from), moved(to)]);
        self.from = to;
    }
}

impl OutlinePen for Pen<'_> {
    fn move_to(&mut self, x: f32, y: f32) {
        self.from = (x, y);
        self.start = (x, y);
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.straight((x, y));
    }

    fn quad_to(&mut self, cx0: f32, cy0: f32, x: f32, y: f32) {
        let (x0, y0) = self.from;
        for part in [0.25_f32, 0.5, 0.75, 1.0] {
            let rest = 1.0 - part;
            let of = |from: f32, by: f32, to: f32| {
                rest * rest * from + 2.0 * rest * part * by + part * part * to
            };
            self.straight((of(x0, cx0, x), of(y0, cy0, y)));
        }
    }

    fn curve_to(&mut self, cx0: f32, cy0: f32, cx1: f32, cy1: f32, x: f32, y: f32) {
        let (x0, y0) = self.from;
        for part in [0.2_f32, 0.4, 0.6, 0.8, 1.0] {
            let rest = 1.0 - part;
            let of = |from: f32, one: f32, two: f32, to: f32| {
                rest.powi(3) * from
                    + 3.0 * rest * rest * part * one
                    + 3.0 * rest * part * part * two
                    + part.powi(3) * to
            };
            self.straight((of(x0, cx0, cx1, x), of(y0, cy0, cy1, y)));
        }
    }

    fn close(&mut self) {
        self.straight(self.start);
    }
}

/// Where outlines cross the lines of samples: how far from the left, and whether
/// downwards.
struct Sheet {
    width: usize,
    crossings: Vec<Vec<(f32, i32)>>,
}

impl Sheet {
    fn new(width: usize, height: usize) -> Self {
        Self { width, crossings: vec![Vec::new(); height * SAMPLES] }
    }

    fn add(&mut self, [from, to]: Edge) {
        let (top, bottom, turn) = if from.1 <= to.1 { (from, to, 1) } else { (to, from, -1) };
        let samples = pixels(SAMPLES);
        let first = whole((top.1 * samples - 0.5).ceil());
        let last = whole((bottom.1 * samples - 0.5).ceil()).min(self.crossings.len());
        for line in first..last {
            let y = (pixels(line) + 0.5) / samples;
            let part = (y - top.1) / (bottom.1 - top.1);
            self.crossings[line].push((top.0 + (bottom.0 - top.0) * part, turn));
        }
    }

    /// Covers the picture with ink where outlines are wound around.
    fn ink(mut self, picture: &mut RgbImage) {
        let mut covered = vec![0.0_f32; self.width];
        for (line, crossings) in self.crossings.iter_mut().enumerate() {
            crossings.sort_by(|one, other| one.0.total_cmp(&other.0));
            let mut wound = 0;
            for pair in crossings.windows(2) {
                wound += pair[0].1;
                if wound != 0 {
                    cover(&mut covered, pair[0].0, pair[1].0);
                }
            }
            if line % SAMPLES == SAMPLES - 1 {
                blend(picture, line / SAMPLES, &covered);
                covered.fill(0.0);
            }
        }
    }
}

/// Adds a stretch of one line of samples.
fn cover(covered: &mut [f32], from: f32, to: f32) {
    let from = from.max(0.0);
    let to = to.min(pixels(covered.len()));
    let mut column = whole(from);
    while pixels(column) < to {
        let part = to.min(pixels(column) + 1.0) - from.max(pixels(column));
        covered[column] += part.max(0.0) / pixels(SAMPLES);
        column += 1;
    }
}

fn blend(picture: &mut RgbImage, line: usize, covered: &[f32]) {
    let Ok(y) = u32::try_from(line) else { return };
    for (x, share) in (0_u32..).zip(covered) {
        if *share > 0.0
            && let Some(Rgb(pixel)) = picture.get_pixel_mut_checked(x, y)
        {
            let strength = share.min(1.0) * STRENGTH;
            for (part, ink) in pixel.iter_mut().zip(INK) {
                let was = f32::from(*part);
                *part = byte(was + (ink - was) * strength);
            }
        }
    }
}

/// A count of pixels or samples as a length.
fn pixels(count: impl TryInto<u16>) -> f32 {
    f32::from(count.try_into().unwrap_or(u16::MAX))
}

fn whole(length: f32) -> usize {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a place on a picture, and never below zero"
    )]
    let whole = length.max(0.0) as usize;
    whole
}

fn byte(value: f32) -> u8 {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "brought within a byte first"
    )]
    let byte = value.round().clamp(0.0, 255.0) as u8;
    byte
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sheet(level: u8) -> RgbImage {
        RgbImage::from_pixel(300, 420, Rgb([level; 3]))
    }

    #[test]
    fn every_part_of_a_page_carries_the_words() {
        for level in [255, 0] {
            let mut page = sheet(level);
            mark(&mut page, "शर्मा ट्रेडर्स · 3 Nov 2026 · shared by Rao & Mehta").unwrap();
            for (left, top) in [(0, 0), (150, 0), (0, 210), (150, 210), (75, 300)] {
                let part = image::imageops::crop_imm(&page, left, top, 150, 120).to_image();
                let marked = part.pixels().filter(|pixel| pixel.0 != [level; 3]).count();
                assert!(marked > 100, "{left},{top} on {level}: {marked}");
            }
        }
    }

    #[test]
    fn other_words_are_another_picture_and_the_same_words_the_same() {
        let (mut one, mut same, mut other) = (sheet(255), sheet(255), sheet(255));
        mark(&mut one, "Sharma").unwrap();
        mark(&mut same, "Sharma").unwrap();
        mark(&mut other, "Kapoor").unwrap();
        assert_eq!(one.as_raw(), same.as_raw());
        assert_ne!(one.as_raw(), other.as_raw());
    }

    #[test]
    fn a_square_covers_what_it_should() {
        let mut page = RgbImage::from_pixel(4, 4, Rgb([255; 3]));
        let mut sheet = Sheet::new(4, 4);
        let corners = [(1.0, 1.0), (1.0, 3.0), (3.0, 3.0), (3.0, 1.0)];
        for (place, corner) in corners.iter().enumerate() {
            sheet.add([*corner, corners[(place + 1) % 4]]);
        }
        sheet.ink(&mut page);
        let inked = page.pixels().filter(|pixel| pixel.0 != [255; 3]).count();
        assert_eq!(inked, 4);
    }

    #[test]
    fn nothing_to_say_marks_nothing_and_ends() {
        let mut page = sheet(255);
        mark(&mut page, "").unwrap();
        assert!(page.pixels().all(|pixel| pixel.0 == [255; 3]));
    }
}
