use super::*;

/// A picture as a file.
fn file(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

fn open(bytes: Vec<u8>) -> Result<Pictures, ReadError> {
    Pictures::open(bytes, &Limits::default())
}

/// The picture of a page, as it goes to text recognition.
fn recognised(pictures: &Pictures, number: u32) -> (PageRecord, image::GrayImage) {
    let (record, bytes) = pictures.page(number).unwrap();
    let map = &bytes[record.layout..];
    // A portable grey map: three lines of head, then a byte a pixel.
    let head: Vec<&[u8]> = map.splitn(4, |byte| *byte == b'\n').collect();
    let [b"P5", size, b"255", greys] = head.as_slice() else { panic!("no grey map") };
    let (width, height) = str::from_utf8(size).unwrap().split_once(' ').unwrap();
    let (width, height) = (width.parse().unwrap(), height.parse().unwrap());
    (record, image::GrayImage::from_raw(width, height, greys.to_vec()).unwrap())
}

/// A dark field on white, so that the page is not blank.
fn inked(width: u32, height: u32) -> image::RgbImage {
    image::RgbImage::from_fn(width, height, |x, y| {
        let dark = x < width / 2 && y < height / 2;
        image::Rgb([if dark { 0 } else { 255 }; 3])
    })
}

/// Tags of a page, by number.
type Tags = [(u16, u32)];

/// A TIFF of one strip a page; each page gives its tags and its strip.
fn tiff(pages: &[(&Tags, &[u8])]) -> Vec<u8> {
    let mut bytes = b"II*\0\0\0\0\0".to_vec();
    let mut link = 4;
    for (tags, strip) in pages {
        let strip_at = u32::try_from(bytes.len()).unwrap();
        bytes.extend(*strip);
        let length = u32::try_from(strip.len()).unwrap();
        let mut tags: Vec<(u16, u32)> = tags.to_vec();
        tags.extend([(273, strip_at), (279, length)]);
        tags.sort_unstable();
        let directory = u32::try_from(bytes.len()).unwrap();
        bytes[link..link + 4].copy_from_slice(&directory.to_le_bytes());
        bytes.extend(u16::try_from(tags.len()).unwrap().to_le_bytes());
        for (tag, value) in tags {
            bytes.extend(tag.to_le_bytes());
            bytes.extend([4, 0, 1, 0, 0, 0]);
            bytes.extend(value.to_le_bytes());
        }
        link = bytes.len();
        bytes.extend([0; 4]);
    }
    bytes
}

/// Tags of a black and white page: its size, packing and other tags.
fn fax(width: u32, height: u32, packing: u32, more: &[(u16, u32)]) -> Vec<(u16, u32)> {
    let tags =
        [(256, width), (257, height), (258, 1), (259, packing), (262, 0), (277, 1), (278, height)];
    tags.iter().chain(more).copied().collect()
}

#[test]
fn a_png_is_a_page_that_wants_recognition() {
    let mut see_through = image::RgbaImage::from_pixel(1240, 1754, image::Rgba([0, 0, 0, 0]));
    for (x, y) in (0..60).flat_map(|x| (0..60).map(move |y| (x, y))) {
        see_through.put_pixel(x, y, image::Rgba([0, 0, 0, 255]));
    }
    let pictures = open(file(&see_through.into(), ImageFormat::Png)).unwrap();
    assert_eq!(pictures.len(), 1);
    let (record, picture) = recognised(&pictures, 1);
    assert_eq!(record.wants_ocr, Some(Doubt::Picture));
    assert!((record.width - 595.2).abs() < 1.0 && (record.height - 841.9).abs() < 1.0);
    // 150 dpi come to recognition as 300, and what was transparent is white.
    assert_eq!(picture.dimensions(), (2480, 3508));
    assert_eq!((picture.get_pixel(0, 0).0, picture.get_pixel(999, 999).0), ([0], [255]));
    let drawn = image::load_from_memory(&pictures.draw(1, 72).unwrap()).unwrap();
    assert_eq!((drawn.width(), drawn.height()), (595, 842));
}

#[test]
fn a_photograph_is_turned_upright() {
    let jpeg = file(&inked(400, 200).into(), ImageFormat::Jpeg);
    // Exif with one entry: orientation 6, a quarter to the right.
    let exif =
        b"\xff\xe1\0\x22Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0";
    let turned = [&jpeg[..2], exif, &jpeg[2..]].concat();
    let (record, picture) = recognised(&open(turned).unwrap(), 1);
    assert!(record.height > record.width, "{record:?}");
    assert!(picture.height() > picture.width());
}

#[test]
fn a_bomb_is_refused_before_it_is_decoded() {
    let mut png = file(&DynamicImage::new_luma8(1, 1), ImageFormat::Png);
    png[16..24].copy_from_slice(&[0, 0, 0xff, 0xff, 0, 0, 0xff, 0xff]);
    let crc = crc32fast::hash(&png[12..29]);
    png[29..33].copy_from_slice(&crc.to_be_bytes());
    let refused = open(png).err().unwrap();
    assert!(refused.to_string().contains("65535 × 65535 pixels"), "{refused}");
}

#[test]
fn each_page_of_a_scanned_file_is_read_and_a_broken_one_says_so() {
    // Four white lines of 16 pixels in Group 4: each is one bit, `1`.
    let white = fax(16, 4, 4, &[]);
    // As lines of run lengths: six black pixels after two white ones, then eight white.
    let line = fax_line();
    let lines = fax(16, 1, 2, &[]);
    let inverted = fax(16, 1, 2, &[(266, 2)]);
    let backwards: Vec<u8> = line.iter().map(|byte| byte.reverse_bits()).collect();
    let preview = fax(16, 4, 4, &[(254, 1)]);
    let huge = fax(60_000, 60_000, 4, &[]);
    let pictures = open(tiff(&[
        (&white, &[0xf0]),
        (&preview, &[0xf0]),
        (&lines, &line),
        (&huge, &[0xf0]),
        (&inverted, &backwards),
    ]))
    .unwrap();
    assert_eq!(pictures.len(), 4);
    let first = pictures.decode(1).unwrap().0.into_luma8();
    assert!(first.pixels().all(|pixel| pixel.0 == [255]));
    let stripes = [[255; 2].as_slice(), &[0; 6], &[255; 8]].concat();
    assert_eq!(pictures.decode(2).unwrap().0.into_luma8().into_raw(), stripes);
    let (record, _) = pictures.page(3).unwrap();
    assert!(record.error.unwrap().contains("60000 × 60000 pixels"));
    assert_eq!(pictures.decode(4).unwrap().0.into_luma8().into_raw(), stripes);
    assert!(matches!(pictures.page(5), Err(ReadError::NoSuchPage { page: 5, pages: 4 })));
}

/// Two white, six black and eight white pixels as run lengths.
fn fax_line() -> Vec<u8> {
    // White 2 is 0111, black 6 is 0010, white 8 is 10011 (T.4, table 2).
    vec![0b0111_0010, 0b1001_1000]
}

#[test]
fn colours_of_every_kind_become_a_picture() {
    for (picture, dark) in [
        (DynamicImage::new_luma8(30, 20), 0),
        (DynamicImage::new_rgb8(30, 20), 0),
        (DynamicImage::new_rgba8(30, 20), 255),
        (DynamicImage::new_luma16(30, 20), 0),
        (DynamicImage::new_rgb16(30, 20), 0),
    ] {
        let pictures = open(file(&picture, ImageFormat::Tiff)).unwrap();
        let (found, _) = pictures.decode(1).unwrap();
        let found = found.into_luma8();
        assert!(found.pixels().all(|pixel| pixel.0 == [dark]), "{:?}", picture.color());
    }
}

#[test]
fn what_is_no_picture_is_refused() {
    assert!(matches!(open(b"\xff\xd8\xff\xe0 cut".to_vec()), Err(ReadError::Damaged(_))));
    assert!(matches!(open(b"II*\0\xff\xff\xff\x7f".to_vec()), Err(ReadError::Damaged(_))));
    assert!(matches!(open(b"%PDF-1.4".to_vec()), Err(ReadError::Damaged(_))));
}
