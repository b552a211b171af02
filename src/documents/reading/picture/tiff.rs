//! TIFF: pages of scans, in the packings scanners and fax machines use.

use std::cell::RefCell;
use std::io::Cursor;

use ::tiff::decoder::{Decoder, DecodingResult, ifd};
use ::tiff::tags::Tag;
use ::tiff::{ColorType, TiffError};
use bytes::Bytes;
use image::metadata::Orientation;
use image::{DynamicImage, GrayImage, RgbImage};

use super::fax::{self, Packing};
use super::{BYTES_A_PIXEL, Sheet, damaged, too_large};
use crate::documents::reading::{Limits, ReadError};

// Numbers of tags and their values, from TIFF 6.0.
const KIND: Tag = Tag::NewSubfileType;
const FAX_OPTIONS: Tag = Tag::Unknown(292);
const LINES: u16 = 2;
const GROUP_3: u16 = 3;
const GROUP_4: u16 = 4;
const BLACK_IS_ZERO: u16 = 1;
const LOWEST_BIT_FIRST: u16 = 2;
const CENTIMETRE: u16 = 3;
const APART: u16 = 2;
/// Bytes a pixel of a black and white page takes: as such, and turned, and scaled.
const BYTES_A_FAX_PIXEL: u64 = 4;

type Reader = Decoder<Cursor<Bytes>>;

/// A TIFF, opened.
pub(super) struct Tiff {
    bytes: Bytes,
    decoder: RefCell<Reader>,
    /// The place of each page among the pictures, and the page or what is wrong with it.
    pages: Vec<(usize, Result<Sheet, String>)>,
    limits: Limits,
}

impl Tiff {
    /// Opens a TIFF and looks through its pages.
    ///
    /// # Errors
    /// Fails when its first page is damaged, or there are too many.
    pub(super) fn open(bytes: Vec<u8>, limits: &Limits) -> Result<Self, ReadError> {
        let bytes = Bytes::from(bytes);
        let mut memory = ::tiff::decoder::Limits::default();
        memory.decoding_buffer_size =
            usize::try_from((limits.memory_mib << 20) / 3).unwrap_or(usize::MAX);
        let mut decoder =
            Decoder::new(Cursor::new(bytes.clone())).map_err(|e| damaged(&e))?.with_limits(memory);
        let mut pages = Vec::new();
        let mut found: Result<(), String> = Ok(());
        for index in 0.. {
            match found.and_then(|()| sheet(&mut decoder).map_err(|error| error.to_string())) {
                Ok(Some(sheet)) => pages.push((index, Ok(sheet))),
                Ok(None) => {}
                Err(error) => pages.push((index, Err(error))),
            }
            if pages.len() > limits.max_pages as usize {
                let most = limits.max_pages;
                return Err(ReadError::TooLarge(format!("more than {most} pages")));
            }
            let before = decoder.ifd_pointer();
            if !decoder.more_images() {
                break;
            }
            found = decoder.next_image().map_err(|error| error.to_string());
            // What follows the last page is often rubbish and no page.
            if found.is_err() && decoder.ifd_pointer() == before {
                break;
            }
        }
        if pages.is_empty() {
            return Err(ReadError::Damaged("it has no pages".into()));
        }
        Ok(Self { bytes, decoder: RefCell::new(decoder), pages, limits: *limits })
    }

    /// How many pages there are.
    pub(super) fn len(&self) -> u32 {
        u32::try_from(self.pages.len()).unwrap_or(u32::MAX)
    }

    /// A page as stored, grey or in colour; and what is known of it.
    ///
    /// # Errors
    /// Fails when it is damaged, too large, or packed in a way that is not known.
    pub(super) fn decode(&self, number: u32) -> Result<(DynamicImage, Sheet), ReadError> {
        let missing = ReadError::NoSuchPage { page: number, pages: self.len() };
        let index = (number as usize).checked_sub(1);
        let (index, sheet) = index.and_then(|index| self.pages.get(index)).ok_or(missing)?;
        let sheet = sheet.as_ref().map_err(damaged)?.clone();
        let mut decoder = self.decoder.borrow_mut();
        decoder.seek_to_image(*index).map_err(|error| damaged(&error))?;
        let packing = packing(&mut decoder);
        let cost = if packing.is_some() { BYTES_A_FAX_PIXEL } else { BYTES_A_PIXEL };
        if let Some(why) = too_large(sheet.width, sheet.height, cost, &self.limits) {
            return Err(ReadError::TooLarge(why));
        }
        let picture = match packing {
            Some(packing) => self.fax(&mut decoder, &sheet, packing)?,
            None => colourful(&mut decoder, &sheet)?,
        };
        Ok((picture, sheet))
    }

    /// Unpacks a page packed as faxes are.
    fn fax(
        &self,
        decoder: &mut Reader,
        sheet: &Sheet,
        packing: Packing,
    ) -> Result<DynamicImage, ReadError> {
        let broken = |error: TiffError| damaged(&error);
        let offsets = decoder.get_tag_u64_vec(Tag::StripOffsets).map_err(broken)?;
        let lengths = decoder.get_tag_u64_vec(Tag::StripByteCounts).map_err(broken)?;
        let rows = decoder.find_tag_unsigned::<u32>(Tag::RowsPerStrip).map_err(broken)?;
        let rows = rows.unwrap_or(sheet.height).clamp(1, sheet.height.max(1));
        let inverted = number_of(decoder, Tag::PhotometricInterpretation) == Some(BLACK_IS_ZERO);
        let reversed = number_of(decoder, Tag::FillOrder) == Some(LOWEST_BIT_FIRST);
        let mut page = fax::Page::new(sheet.width, sheet.height, inverted);
        let mut any = false;
        let firsts = (0..sheet.height).step_by(rows as usize);
        for ((first, offset), length) in firsts.zip(offsets).zip(lengths) {
            let range = usize::try_from(offset).ok().zip(usize::try_from(length).ok());
            let rest = range.and_then(|(from, length)| Some((self.bytes.get(from..)?, length)));
            let Some((rest, length)) = rest else { continue };
            let strip = &rest[..length.min(rest.len())];
            let rows = rows.min(sheet.height - first);
            any |= if reversed {
                let strip: Vec<u8> = strip.iter().map(|byte| byte.reverse_bits()).collect();
                page.unpack(&strip, packing, first, rows)
            } else {
                page.unpack(strip, packing, first, rows)
            };
        }
        let picture = page.finish().filter(|_| any);
        picture.map(Into::into).ok_or_else(|| damaged(&"its lines cannot be unpacked"))
    }
}

/// Unpacks a page packed in any other way.
fn colourful(decoder: &mut Reader, sheet: &Sheet) -> Result<DynamicImage, ReadError> {
    let apart = number_of(decoder, Tag::PlanarConfiguration) == Some(APART);
    if apart && number_of(decoder, Tag::SamplesPerPixel).is_some_and(|samples| samples > 1) {
        return Err(damaged(&"its colours are stored apart, which is not supported"));
    }
    let colors = colors(decoder);
    let color = decoder.colortype().map_err(|error| damaged(&error))?;
    let pixels = decoder.read_image().map_err(|error| damaged(&error))?;
    from_pixels(color, pixels, &colors, (sheet.width, sheet.height))
        .ok_or_else(|| damaged(&format!("its colours ({color:?}) are of a rare kind")))
}

/// What is known of the picture the decoder stands at; `None` for a preview.
fn sheet(decoder: &mut Reader) -> Result<Option<Sheet>, TiffError> {
    // The lowest bit tells a smaller copy of another page.
    if number_of(decoder, KIND).is_some_and(|kind| kind & 1 == 1) {
        return Ok(None);
    }
    let (width, height) = decoder.dimensions()?;
    let orientation = number_of(decoder, Tag::Orientation)
        .and_then(|turn| Orientation::from_exif(u8::try_from(turn).ok()?))
        .unwrap_or(Orientation::NoTransforms);
    let unit = number_of(decoder, Tag::ResolutionUnit);
    let per_inch = if unit == Some(CENTIMETRE) { 2.54 } else { 1.0 };
    let mut dots = |tag| match decoder.find_tag(tag) {
        Ok(Some(ifd::Value::Rational(count, of))) if of > 0 => Some(ratio(count, of) * per_inch),
        _ => None,
    };
    let density = dots(Tag::XResolution).zip(dots(Tag::YResolution));
    Ok(Some(Sheet { width, height, density, orientation }))
}

#[expect(clippy::cast_possible_truncation, reason = "a resolution needs no more than seven digits")]
fn ratio(count: u32, of: u32) -> f32 {
    (f64::from(count) / f64::from(of)) as f32
}

/// How a page is packed, if as a fax.
fn packing(decoder: &mut Reader) -> Option<Packing> {
    let options = decoder.find_tag_unsigned::<u32>(FAX_OPTIONS).ok().flatten().unwrap_or(0);
    match number_of(decoder, Tag::Compression)? {
        LINES => Some(Packing::Lines),
        GROUP_3 => Some(Packing::Group3 { two_dimensional: options & 1 == 1 }),
        GROUP_4 => Some(Packing::Group4),
        _ => None,
    }
}

fn number_of(decoder: &mut Reader, tag: Tag) -> Option<u16> {
    decoder.find_tag_unsigned(tag).ok().flatten()
}

/// The table of colours: all reds, then all greens, then all blues.
fn colors(decoder: &mut Reader) -> Vec<u8> {
    let table = decoder.find_tag_unsigned_vec::<u16>(Tag::ColorMap).ok().flatten();
    table.unwrap_or_default().into_iter().map(high_byte).collect()
}

/// A picture of decoded pixels; `None` for colours of a rare kind.
fn from_pixels(
    color: ColorType,
    pixels: DecodingResult,
    colors: &[u8],
    (width, height): (u32, u32),
) -> Option<DynamicImage> {
    let pixels: Vec<u8> = match pixels {
        DecodingResult::U8(pixels) => pixels,
        DecodingResult::U16(pixels) => pixels.into_iter().map(high_byte).collect(),
        _ => return None,
    };
    let grey = |pixels| Some(GrayImage::from_raw(width, height, pixels)?.into());
    let rgb = |pixels| Some(RgbImage::from_raw(width, height, pixels)?.into());
    match color {
        ColorType::Gray(8 | 16) => grey(pixels),
        ColorType::Gray(bits @ (1 | 2 | 4)) => {
            let white = (1u8 << bits) - 1;
            grey(spread(&pixels, bits, width).map(|level| level * (255 / white)).collect())
        }
        ColorType::Palette(bits @ (1 | 2 | 4 | 8)) => {
            let third = colors.len() / 3;
            let channel = |at: usize| colors.get(at).copied().unwrap_or(0);
            let levels = spread(&pixels, bits, width).map(usize::from);
            let of = |at: usize| [0, third, 2 * third].map(|from| channel(from + at));
            rgb(levels.flat_map(of).collect())
        }
        ColorType::RGB(8 | 16) => rgb(pixels),
        ColorType::RGBA(8 | 16) => Some(image::RgbaImage::from_raw(width, height, pixels)?.into()),
        ColorType::YCbCr(8) => {
            rgb(pixels.as_chunks().0.iter().flat_map(|p| of_video(*p)).collect())
        }
        ColorType::CMYK(8 | 16) => {
            rgb(pixels.as_chunks().0.iter().flat_map(|p| of_inks(*p)).collect())
        }
        ColorType::Multiband { bit_depth: 8 | 16, num_samples } => {
            grey(pixels.into_iter().step_by(usize::from(num_samples).max(1)).collect())
        }
        _ => None,
    }
}

/// Pixels of less than a byte, one a byte; each line begins at a byte.
fn spread(packed: &[u8], bits: u8, width: u32) -> impl Iterator<Item = u8> {
    let width = width as usize;
    let mask = u8::MAX >> (8 - bits);
    let line = (width * usize::from(bits)).div_ceil(8).max(1);
    packed.chunks_exact(line).flat_map(move |line| {
        let of = move |byte: &u8| {
            let byte = *byte;
            (1..=8 / bits)
                .map(move |place| byte.checked_shr(u32::from(8 - place * bits)).unwrap_or(0) & mask)
        };
        line.iter().flat_map(of).take(width)
    })
}

/// Red, green and blue of a brightness and two colour differences (TIFF 6.0,
/// section 21, with the usual coefficients).
#[expect(clippy::cast_possible_truncation, reason = "clamped to a byte")]
#[expect(clippy::cast_sign_loss, reason = "clamped to a byte")]
fn of_video([y, cb, cr]: [u8; 3]) -> [u8; 3] {
    let (y, cb, cr) = (f32::from(y), f32::from(cb) - 128.0, f32::from(cr) - 128.0);
    let green = 0.344_14f32.mul_add(-cb, 0.714_14f32.mul_add(-cr, y));
    [1.402f32.mul_add(cr, y), green, 1.772f32.mul_add(cb, y)]
        .map(|channel| channel.round().clamp(0.0, 255.0) as u8)
}

/// Red, green and blue of four inks.
fn of_inks([cyan, magenta, yellow, black]: [u8; 4]) -> [u8; 3] {
    [cyan, magenta, yellow].map(|ink| {
        let light = u16::from(255 - ink) * u16::from(255 - black) / 255;
        u8::try_from(light).unwrap_or(u8::MAX)
    })
}

fn high_byte(wide: u16) -> u8 {
    wide.to_be_bytes()[0]
}
