//! Good files, and how they are broken: by chance, but the same way each time.

use std::io::{Cursor, Read, Write};
use std::path::{Path, PathBuf};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

/// Larger files would make each case slow without making it harder.
const LARGEST: u64 = 64 << 10;
/// Files taken of each kind.
const OF_EACH_KIND: usize = 6;
/// What the formats themselves are made of.
const TOKENS: [&[u8]; 24] = [
    b"/Length 99999999 ",
    b"/Kids[1 0 R]",
    b"/Parent 1 0 R",
    b"/Filter/FlateDecode",
    b"/Filter[/ASCII85Decode/LZWDecode]",
    b"<<<<<<<<",
    b"[[[[[[[[",
    b"endstream endobj",
    b"1 0 obj",
    b"/X Do ",
    b"<w:tbl><w:tr><w:tc>",
    b"<w:p><w:r><w:t>",
    b"&lt;&#0;&amp;",
    b"<!DOCTYPE a [<!ENTITY b \"&b;\">]>",
    b"{\\rtf1{\\*\\bin9999999 ",
    b"\\u-32768?\\'ff",
    b"{{{{{{{{",
    b"Content-Type: multipart/mixed; boundary=\"\"\r\n\r\n",
    b"Content-Transfer-Encoding: base64\r\n",
    b"=?utf-8?B?////?=",
    b"\nFrom x@y Thu Jan  1 00:00:00 1970\n",
    b"\xff\xff\xff\xff",
    b"\x00\x00\x00\x00\x00\x00\x00\x00",
    b"\xed\xa0\x80\xc0\xaf",
];

/// What a number becomes.
const NUMBERS: [&[u8]; 7] =
    [b"0", b"-1", b"1", b"65536", b"2147483648", b"99999999999999999999", b"1e9"];

/// Numbers that come the same way each time (`SplitMix64`).
pub(super) struct Chance(u64);

impl Chance {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        bits ^ (bits >> 31)
    }

    /// A number below `end`, 0 when there is none.
    pub(super) fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % (end.max(1) as u64)).unwrap()
    }

    fn byte(&mut self) -> u8 {
        self.next().to_le_bytes()[0]
    }
}

/// Good files: the sample chamber, small ones made here, and some of each kind
/// of the real ones where they are.
pub(super) fn good_files(data: Option<PathBuf>) -> Vec<(String, Vec<u8>)> {
    let mut files = made();
    let mut found = Vec::new();
    collect(&Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/chamber"), &mut found);
    if let Some(data) = data {
        collect(&data, &mut found);
    }
    found.sort();
    let mut taken = std::collections::HashMap::<String, usize>::new();
    for path in found {
        let kind = path.extension().unwrap_or_default().to_string_lossy().to_lowercase();
        let count = taken.entry(kind).or_default();
        if *count < OF_EACH_KIND {
            *count += 1;
            files.push((path.display().to_string(), std::fs::read(&path).unwrap()));
        }
    }
    files
}

/// Every file below a folder that is small and not malformed already.
fn collect(folder: &Path, into: &mut Vec<PathBuf>) {
    const KINDS: [&str; 18] = [
        "pdf", "docx", "doc", "rtf", "odt", "xlsx", "xls", "ods", "pptx", "html", "eml", "msg",
        "mbox", "tif", "tiff", "png", "jpg", "zip",
    ];
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for path in entries.map(|entry| entry.unwrap().path()) {
        let kind = path.extension().unwrap_or_default().to_string_lossy().to_lowercase();
        if path.is_dir() && !path.ends_with("malformed") && !path.ends_with("pdf-malformed") {
            collect(&path, into);
        } else if KINDS.contains(&kind.as_str()) && path.metadata().unwrap().len() <= LARGEST {
            into.push(path);
        }
    }
}

/// A small file of each kind that needs no program to make.
fn made() -> Vec<(String, Vec<u8>)> {
    let text = "IN THE HIGH COURT\n\n1. धारा 302 के अंतर्गत अपील।\n2. The appeal is allowed.\n";
    let mail = "From: a@b.in\r\nTo: c@d.in\r\nSubject: Notice\r\nMessage-ID: <1@b.in>\r\n\
        MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=\"x\"\r\n\r\n--x\r\n\
        Content-Type: text/plain; charset=utf-8\r\n\r\nSee the deed.\r\n--x\r\n\
        Content-Type: text/plain\r\nContent-Disposition: attachment; filename=\"deed.txt\"\r\n\
        Content-Transfer-Encoding: base64\r\n\r\nVGhpcyBkZWVk\r\n--x--\r\n";
    let rtf = "{\\rtf1\\ansi{\\fonttbl{\\f0 Times;}}\\f0 This deed\\par \\u2343? witnesses\
        {\\trowd\\cellx100 a\\cell b\\cell\\row}}";
    let html = "<!DOCTYPE html><html><title>T</title><body><h1>Order</h1><p>Heard.</p>\
        <table><tr><td>1<td>2</table></body></html>";
    let mut picture = Cursor::new(Vec::new());
    image::GrayImage::new(64, 64).write_to(&mut picture, image::ImageFormat::Tiff).unwrap();
    let tiff = picture.into_inner();
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in [("order.html", html), ("mail/notice.eml", mail)] {
        archive.start_file(name, SimpleFileOptions::default()).unwrap();
        archive.write_all(bytes.as_bytes()).unwrap();
    }
    let archive = archive.finish().unwrap().into_inner();
    let mbox = format!("From a@b.in Thu Jan  1 00:00:00 2026\n{}", mail.repeat(2));
    let named = |name: &str, bytes: &[u8]| (name.to_owned(), bytes.to_vec());
    vec![
        named("made.txt", text.as_bytes()),
        named("made.eml", mail.as_bytes()),
        named("made.rtf", rtf.as_bytes()),
        named("made.html", html.as_bytes()),
        named("made.mbox", mbox.as_bytes()),
        named("made.tiff", &tiff),
        named("made.zip", &archive),
    ]
}

/// Breaks a file. The parts of a container are broken inside it, or nearly
/// every case would end at a checksum.
pub(super) fn broken(good: &[u8], chance: &mut Chance) -> Vec<u8> {
    if good.starts_with(b"PK")
        && chance.below(4) > 0
        && let Some(bytes) = inside(good, chance)
    {
        return bytes;
    }
    let mut bytes = good.to_vec();
    for _ in 0..=chance.below(6) {
        once(&mut bytes, chance);
    }
    bytes
}

/// Packs a container again with one part broken.
fn inside(good: &[u8], chance: &mut Chance) -> Option<Vec<u8>> {
    let mut archive = ZipArchive::new(Cursor::new(good)).ok()?;
    let chosen = chance.below(archive.len());
    let mut again = ZipWriter::new(Cursor::new(Vec::new()));
    let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    for index in 0..archive.len() {
        let mut part = archive.by_index(index).ok()?;
        let name = part.name().ok()?.into_owned();
        let mut bytes = Vec::new();
        part.read_to_end(&mut bytes).ok()?;
        // The part with the text is broken most often.
        if index == chosen || name.ends_with("document.xml") || name.ends_with("content.xml") {
            for _ in 0..=chance.below(4) {
                once(&mut bytes, chance);
            }
        }
        again.start_file(name, stored).ok()?;
        again.write_all(&bytes).ok()?;
    }
    Some(again.finish().ok()?.into_inner())
}

/// One change.
fn once(bytes: &mut Vec<u8>, chance: &mut Chance) {
    let at = chance.below(bytes.len());
    let most = bytes.len() - at;
    match chance.below(8) {
        // A bit.
        0 if most > 0 => bytes[at] ^= 1 << chance.below(8),
        // A byte.
        1 if most > 0 => bytes[at] = chance.byte(),
        // The end.
        2 => bytes.truncate(at),
        // A block moved over another.
        3 => {
            let len = chance.below(most.min(512));
            let block = bytes[at..at + len].to_vec();
            let to = chance.below(bytes.len() - len);
            bytes[to..to + len].copy_from_slice(&block);
        }
        // A block twice, or gone.
        4 => {
            let block = bytes[at..at + chance.below(most.min(512))].to_vec();
            bytes.splice(at..at, block);
        }
        5 => drop(bytes.drain(at..at + chance.below(most.min(256)))),
        // A number.
        6 => {
            let found = bytes[at..].iter().position(u8::is_ascii_digit);
            let Some(start) = found.map(|step| at + step) else { return };
            let len = bytes[start..].iter().take_while(|byte| byte.is_ascii_digit()).count();
            bytes.splice(start..start + len, NUMBERS[chance.below(NUMBERS.len())].iter().copied());
        }
        // A word of the format where none should be.
        _ => {
            let token = TOKENS[chance.below(TOKENS.len())].repeat(1 + chance.below(3));
            bytes.splice(at..at, token);
        }
    }
}
