//! Pictures as documents: JPEG, PNG, and TIFF with its pages.
//!
//! A picture is a scan or a photograph of a page: its text is recognised, and
//! its size in points follows from its resolution, or from what a page most
//! likely measures where the file says nothing.

mod density;
mod fax;
mod paper;
mod tiff;

use std::io::Cursor;
use std::time::Instant;

use image::codecs::png::{CompressionType, FilterType as PngFilter, PngEncoder};
use image::imageops::{self, FilterType};
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageEncoder, ImageFormat, ImageReader, RgbImage};

use super::frame::{Doubt, PageRecord};
use super::ocr::{self, Placement, Prepared};
use super::{Layout, Limits, ReadError};
use paper::Paper;

/// Dots per inch text recognition works best with.
const OCR_DPI: u32 = 300;
/// A picture is enlarged for recognition to at most so many times its sides:
/// there is no more to be seen in it.
const MOST_ENLARGED: u32 = 2;
/// Bytes a pixel takes while a picture is decoded: three as such, six in the
/// coefficients of a progressive JPEG, three in the copy that is turned.
const BYTES_A_PIXEL: u64 = 12;

/// A file of pictures, opened.
pub(super) struct Pictures {
    file: File,
    limits: Limits,
}

/// What the pictures are stored in.
enum File {
    /// One JPEG or PNG.
    Single { bytes: Vec<u8>, format: ImageFormat, sheet: Sheet },
    /// A TIFF of one page or more.
    Tiff(Box<tiff::Tiff>),
}

/// What is known of a page before its picture is decoded.
#[derive(Debug, Clone, PartialEq)]
struct Sheet {
    /// Width in pixels, as stored.
    width: u32,
    /// Height in pixels, as stored.
    height: u32,
    /// Dots per inch across and down, as far as the file says.
    density: Option<(f32, f32)>,
    /// How it must be turned.
    orientation: Orientation,
}

impl Sheet {
    /// The size of its page.
    fn paper(&self) -> Paper {
        let paper = Paper::of(self.width, self.height, self.density);
        if turns(self.orientation) { paper.turned() } else { paper }
    }
}

impl Pictures {
    /// Opens a file of pictures.
    ///
    /// # Errors
    /// Fails when it is damaged, or too large once unpacked.
    pub(super) fn open(bytes: Vec<u8>, limits: &Limits) -> Result<Self, ReadError> {
        // The two byte orders of a TIFF, of 4 GB at most or more.
        if bytes.starts_with(b"II") || bytes.starts_with(b"MM") {
            let file = File::Tiff(Box::new(tiff::Tiff::open(bytes, limits)?));
            return Ok(Self { file, limits: *limits });
        }
        let format = image::guess_format(&bytes).map_err(|error| damaged(&error))?;
        let mut decoder = ImageReader::with_format(Cursor::new(&bytes), format)
            .into_decoder()
            .map_err(|error| damaged(&error))?;
        let (width, height) = decoder.dimensions();
        let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
        drop(decoder);
        if let Some(why) = too_large(width, height, BYTES_A_PIXEL, limits) {
            return Err(ReadError::TooLarge(why));
        }
        let density = density::of(&bytes);
        let sheet = Sheet { width, height, density, orientation };
        Ok(Self { file: File::Single { bytes, format, sheet }, limits: *limits })
    }

    /// How many pages there are.
    pub(super) fn len(&self) -> u32 {
        match &self.file {
            File::Single { .. } => 1,
            File::Tiff(tiff) => tiff.len(),
        }
    }

    /// A page as a record that wants recognition, and its bytes: its packed layout
    /// and then its picture, made ready for that. A page that cannot be decoded says why.
    ///
    /// # Errors
    /// Fails when there is no such page.
    pub(super) fn page(&self, number: u32) -> Result<(PageRecord, Vec<u8>), ReadError> {
        let started = Instant::now();
        let mut record = PageRecord { number, ..PageRecord::default() };
        let picture = match self.decode(number) {
            Ok((picture, paper)) => {
                (record.width, record.height) = (paper.width, paper.height);
                let size = paper.pixels(OCR_DPI, self.limits.max_pixels);
                let size = paper::at_most(size, &picture, MOST_ENLARGED);
                #[expect(clippy::cast_precision_loss, reason = "the width of a page in pixels")]
                let pixel = record.width / size.0.max(1) as f32;
                Ok((scaled(&DynamicImage::from(picture.into_luma8()), size).into_luma8(), pixel))
            }
            Err(error @ ReadError::NoSuchPage { .. }) => return Err(error),
            Err(error) => Err(error),
        };
        let layout = Layout { width: record.width, height: record.height, words: Vec::new() };
        let mut bytes = layout.pack();
        record.layout = bytes.len();
        match picture {
            Ok((picture, pixel)) => {
                record.wants_ocr = Some(Doubt::Picture);
                match ocr::prepare(picture) {
                    Some(Prepared { bytes: picture, tilt }) => {
                        record.placement = Some(Placement { pixel, tilt });
                        bytes.extend(picture);
                    }
                    None => record.blank = true,
                }
            }
            Err(error) => record.error = Some(error.to_string()),
        }
        record.took_ms = u32::try_from(started.elapsed().as_millis()).unwrap_or(u32::MAX);
        Ok((record, bytes))
    }

    /// A page as PNG at `dpi`, or as coarsely as the pixel limit demands.
    ///
    /// # Errors
    /// Fails when there is no such page or it is damaged.
    pub(super) fn draw(&self, number: u32, dpi: u32) -> Result<Vec<u8>, ReadError> {
        let (picture, paper) = self.decode(number)?;
        png(&picture, paper.pixels(dpi, self.limits.max_pixels))
    }

    /// A page upright, grey or in colour, on white; and its size.
    fn decode(&self, number: u32) -> Result<(DynamicImage, Paper), ReadError> {
        let pages = self.len();
        if number == 0 || number > pages {
            return Err(ReadError::NoSuchPage { page: number, pages });
        }
        let (mut picture, sheet) = match &self.file {
            File::Tiff(tiff) => tiff.decode(number)?,
            File::Single { bytes, format, sheet } => {
                let mut reader = ImageReader::with_format(Cursor::new(bytes), *format);
                let mut memory = image::Limits::no_limits();
                memory.max_alloc = Some((self.limits.memory_mib << 20) / 2);
                reader.limits(memory);
                (reader.decode().map_err(|error| damaged(&error))?, sheet.clone())
            }
        };
        picture.apply_orientation(sheet.orientation);
        Ok((on_white(picture), sheet.paper()))
    }
}

/// Why a picture is not decoded: it would take more than a third of the memory
/// there is, which leaves room for the file and the copy that is sent.
fn too_large(width: u32, height: u32, bytes_a_pixel: u64, limits: &Limits) -> Option<String> {
    let pixels = u64::from(width) * u64::from(height);
    let most = (limits.memory_mib << 20) / bytes_a_pixel;
    (pixels > most).then(|| {
        format!(
            "the picture has {width} × {height} pixels, at most {} million can be read",
            most / 1_000_000
        )
    })
}

/// Eight bits a channel, and white where the picture is transparent.
fn on_white(picture: DynamicImage) -> DynamicImage {
    let color = picture.color();
    if !color.has_alpha() {
        return if color.has_color() {
            picture.into_rgb8().into()
        } else {
            picture.into_luma8().into()
        };
    }
    let see_through = picture.into_rgba8();
    let over_white = |channel: u8, alpha: u8| {
        let (channel, alpha) = (u16::from(channel), u16::from(alpha));
        u8::try_from((channel * alpha + 255 * (255 - alpha)) / 255).unwrap_or(u8::MAX)
    };
    let (width, height) = see_through.dimensions();
    RgbImage::from_fn(width, height, |x, y| {
        let [red, green, blue, alpha] = see_through.get_pixel(x, y).0;
        image::Rgb([red, green, blue].map(|channel| over_white(channel, alpha)))
    })
    .into()
}

/// A picture of that size.
fn scaled(picture: &DynamicImage, (width, height): (u32, u32)) -> DynamicImage {
    match picture {
        same if (same.width(), same.height()) == (width, height) => same.clone(),
        DynamicImage::ImageLuma8(grey) => {
            imageops::resize(grey, width, height, FilterType::Triangle).into()
        }
        other => other.resize_exact(width, height, FilterType::Triangle),
    }
}

/// A picture as PNG of that size.
fn png(picture: &DynamicImage, (width, height): (u32, u32)) -> Result<Vec<u8>, ReadError> {
    let picture = scaled(picture, (width, height));
    let mut bytes = Vec::new();
    PngEncoder::new_with_quality(&mut bytes, CompressionType::Fast, PngFilter::Adaptive)
        .write_image(picture.as_bytes(), width, height, picture.color().into())
        .map_err(|error| damaged(&error))?;
    Ok(bytes)
}

/// Whether an orientation exchanges width and height.
fn turns(orientation: Orientation) -> bool {
    use Orientation::{Rotate90, Rotate90FlipH, Rotate270, Rotate270FlipH};
    matches!(orientation, Rotate90 | Rotate270 | Rotate90FlipH | Rotate270FlipH)
}

fn damaged(error: &impl std::fmt::Display) -> ReadError {
    ReadError::Damaged(format!("as a picture: {error}"))
}

#[cfg(test)]
mod tests;
