//! Documents built by hand, byte by byte.

use std::io::Write;

use super::header::List;
use super::*;

/// Where the builder puts the text, and the pages on how it looks.
const TEXT: usize = 0x800;
const PARAGRAPHS: usize = 0x1000;
const CHARACTERS: usize = 0x1200;

/// A stretch of text that looks so: from, to, and the changes that say it.
type Look = (usize, usize, Vec<u8>);

#[derive(Default)]
struct Builder {
    /// Body, footnotes, running heads, macros, comments, endnotes, boxes.
    parts: [&'static str; 7],
    paragraphs: Vec<Look>,
    characters: Vec<Look>,
    lists: Vec<(List, Vec<u8>)>,
    flags: u16,
    old: bool,
}

fn put(bytes: &mut [u8], at: usize, value: &[u8]) {
    bytes[at..at + value.len()].copy_from_slice(value);
}

fn number(number: usize) -> [u8; 4] {
    u32::try_from(number).unwrap().to_le_bytes()
}

/// A page of looks; paragraphs have entries of 13 bytes and begin with a style.
fn page(looks: &[Look], is_paragraphs: bool) -> Vec<u8> {
    let mut page = vec![0; 512];
    page[511] = u8::try_from(looks.len()).unwrap();
    let width = if is_paragraphs { 13 } else { 1 };
    let mut data = 510;
    for (index, (from, to, changes)) in looks.iter().enumerate() {
        put(&mut page, 4 * index, &number(TEXT + from));
        put(&mut page, 4 * index + 4, &number(TEXT + to));
        let mut bytes = if is_paragraphs {
            let words = u8::try_from(changes.len().div_ceil(2)).unwrap();
            vec![0, words]
        } else {
            vec![u8::try_from(changes.len()).unwrap()]
        };
        bytes.extend(changes);
        bytes.resize(bytes.len().next_multiple_of(2), 0);
        data -= bytes.len();
        put(&mut page, data, &bytes);
        page[4 * (looks.len() + 1) + width * index] = u8::try_from(data / 2).unwrap();
    }
    page
}

impl Builder {
    fn bytes(&self) -> Vec<u8> {
        let text = self.parts.concat();
        let mut main = vec![0; 0x1400];
        put(&mut main, 0, &0xa5ec_u16.to_le_bytes());
        put(&mut main, 2, &(if self.old { 0x68_u16 } else { 0xc1 }).to_le_bytes());
        put(&mut main, 10, &(self.flags | 0x200).to_le_bytes());
        let lengths = if self.old { 0x34 } else { 0x4c };
        for (index, part) in self.parts.iter().enumerate() {
            put(&mut main, lengths + 4 * index, &number(part.len()));
        }
        put(&mut main, TEXT, text.as_bytes());
        if self.old {
            put(&mut main, 0x18, &number(TEXT));
        }
        put(&mut main, PARAGRAPHS, &page(&self.paragraphs, true));
        put(&mut main, CHARACTERS, &page(&self.characters, false));
        let one_page = |at: usize| [number(0), number(9), number(at / 512)].concat();
        let mut pieces = vec![2];
        pieces.extend(number(16));
        pieces.extend([number(0), number(text.len())].concat());
        pieces.extend([0, 0]);
        pieces.extend((u32::try_from(TEXT * 2).unwrap() | 0x4000_0000).to_le_bytes());
        pieces.extend([0, 0]);
        let mut lists = vec![
            (List::Pieces, pieces),
            (List::Paragraphs, one_page(PARAGRAPHS)),
            (List::Characters, one_page(CHARACTERS)),
        ];
        lists.extend(self.lists.iter().cloned());
        let mut table = Vec::new();
        for (list, bytes) in lists.into_iter().filter(|_| !self.old) {
            put(&mut main, 0x9a + 8 * (list as usize), &number(table.len()));
            // Levels follow the list of patterns without being counted.
            let counted = if matches!(list, List::Patterns) { 30 } else { bytes.len() };
            put(&mut main, 0x9a + 8 * (list as usize) + 4, &number(counted));
            table.extend(bytes);
        }
        let mut container = CompoundFile::create(Cursor::new(Vec::new())).unwrap();
        container.create_stream("/WordDocument").unwrap().write_all(&main).unwrap();
        container.create_stream("/1Table").unwrap().write_all(&table).unwrap();
        container.create_storage("/Macros").unwrap();
        container.flush().unwrap();
        container.into_inner().into_inner()
    }

    fn read(&self) -> Source {
        read(self.bytes()).unwrap()
    }
}

fn body(text: &'static str) -> Builder {
    Builder { parts: [text, "", "", "", "", "", ""], ..Builder::default() }
}

fn details(source: &Source) -> Vec<&str> {
    source.findings.iter().map(|finding| finding.detail.as_str()).collect()
}

#[test]
fn paragraphs_fields_and_pages_are_read() {
    let source =
        body("One\x0btwo\r\x13 DDEAUTO c:\\cmd.exe \x14shown\x15 here\r\x0cnext\x1e\x1fpage\r")
            .read();
    assert_eq!(source.pages, ["One\ntwo\nshown here", "next-page"]);
    assert_eq!(details(&source), ["a field: DDEAUTO c:\\cmd.exe", "a Visual Basic project"]);
}

#[test]
fn tables_keep_their_rows_and_headings_make_the_outline() {
    let in_table = vec![0, 0, 0x16, 0x24, 1];
    let ends_row = vec![0, 0, 0x16, 0x24, 1, 0x17, 0x24, 1];
    let paragraphs =
        vec![(0, 6, vec![1, 0]), (6, 10, in_table.clone()), (10, 15, in_table), (15, 16, ends_row)];
    let source = Builder { paragraphs, ..body("Facts\rRs\r5\x07Due\x07\x07\x07after\r") }.read();
    assert_eq!(source.pages, ["Facts\nRs 5 | Due\nafter"]);
    assert_eq!((source.outline[0].title.as_str(), source.outline[0].depth), ("Facts", 0));
}

#[test]
fn hidden_and_deleted_words_are_told_and_left_out() {
    let characters =
        vec![(4, 11, vec![0x3c, 0x08, 1]), (11, 15, vec![0x00, 0x08, 1]), (15, 18, Vec::new())];
    let source = Builder { characters, ..body("pay secret not now\r") }.read();
    assert_eq!(source.pages, ["pay now"]);
    assert_eq!(details(&source)[..2], ["secret", "tracked deletion: not"]);
}

#[test]
fn notes_running_heads_and_comments_have_their_place() {
    let places = |numbers: &[usize]| numbers.iter().flat_map(|n| number(*n)).collect::<Vec<u8>>();
    let mut marks = places(&[3, 6]);
    marks.extend([0, 0]);
    let lists = vec![
        (List::FootnoteMarks, marks),
        (List::Footnotes, places(&[0, 7, 8])),
        (List::Heads, places(&[0, 0, 0, 0, 0, 0, 0, 0, 5, 5, 5, 5, 5])),
        (List::Comments, places(&[0, 6, 7])),
    ];
    let parts = ["See\x02.\r", "\x02 1973\r\r", "Head\r", "", "check\r\r", "", "in a box\r"];
    let source = Builder { parts, lists, ..Builder::default() }.read();
    assert_eq!(source.pages, ["Head\n\nSee[1].\n\nin a box\n\n[1] 1973"]);
    assert_eq!(details(&source)[0], "comment: check");
}

#[test]
fn paragraphs_are_numbered_as_word_numbers_them() {
    let mut patterns = vec![1, 0];
    patterns.extend(7_u32.to_le_bytes());
    patterns.extend([0; 22]);
    patterns.extend([1, 0]);
    patterns.extend([3, 0, 0, 0, 4, 0]);
    patterns.extend([0; 22]);
    // Three characters: a bracket, the number of the first level, a bracket.
    patterns.extend([3, 0, b'(', 0, 0, 0, b')', 0]);
    let mut list = number(1).to_vec();
    list.extend(7_u32.to_le_bytes());
    list.extend([0; 12]);
    let in_list = vec![0, 0, 0x0b, 0x46, 1, 0];
    let paragraphs = vec![(0, 4, in_list.clone()), (4, 6, vec![0, 0]), (6, 10, in_list)];
    let lists = vec![(List::Patterns, patterns), (List::Lists, list)];
    let source = Builder { paragraphs, lists, ..body("one\rx\rtwo\r") }.read();
    assert_eq!(source.pages, ["(c) one\nx\n(d) two"]);
}

#[test]
fn word_95_is_read_and_a_password_is_seen() {
    assert_eq!(
        Builder { old: true, ..body("Rent\x07Rs 5\x07\x07end\r") }.read().pages,
        ["Rent | Rs 5\nend"]
    );
    let locked = Builder { flags: 0x100, ..body("x") }.bytes();
    assert_eq!(read(locked), Err(ReadError::Encrypted));
}

#[test]
fn word_2003_xml_is_read() {
    let xml = "<?xml version='1.0'?><w:wordDocument><w:body><w:p><w:r><w:t>flat</w:t></w:r></w:p>\
        </w:body></w:wordDocument>";
    assert_eq!(read(xml.as_bytes().to_vec()).unwrap().pages, ["flat"]);
}

#[test]
fn damaged_bytes_do_no_harm() {
    assert!(matches!(read(b"\xd0\xcf\x11\xe0".to_vec()), Err(ReadError::Damaged(_))));
    let places = vec![(List::Heads, vec![0xff; 64]), (List::Lists, vec![0xff; 64])];
    let bytes = Builder { lists: places, ..body("text\r") }.bytes();
    for at in (0..bytes.len()).step_by(7) {
        let mut broken = bytes.clone();
        broken[at] ^= 0xff;
        // Refused or read, but never a panic.
        let _either = read(broken);
    }
}
