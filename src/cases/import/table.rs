//! A file with a list of cases as headings and rows.

use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

use calamine::{Data, Reader, Xlsx};
use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};
use serde::{Deserialize, Serialize};

use super::columns::{self, ListColumn};
use crate::cases::CaseError;
use crate::cases::values::wrong;
use crate::kernel::csv;

/// The most rows a list may have.
pub(super) const MOST_ROWS: usize = 5_000;
/// The most columns that are looked at.
const MOST_COLUMNS: usize = 60;
/// The longest text of a cell, in characters.
const LONGEST_CELL: usize = 2_000;
/// The most bytes a workbook may unpack to.
const LARGEST: u64 = 200 << 20;

/// Headings and rows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Table {
    pub(super) headings: Vec<String>,
    /// Each row with its line in the file.
    pub(super) rows: Vec<(usize, Vec<String>)>,
}

/// Reads a file: a workbook by its content, anything else as text with cells between
/// commas, semicolons or tabs.
pub(super) fn read(bytes: &[u8]) -> Result<Table, CaseError> {
    let lines = if bytes.starts_with(b"PK\x03\x04") {
        // A damaged workbook may make the reader panic.
        let read = catch_unwind(AssertUnwindSafe(|| workbook(bytes)));
        read.unwrap_or_else(|_| {
            Err(wrong("file", "the workbook is damaged; save it anew as XLSX"))
        })?
    } else if bytes.starts_with(b"\xd0\xcf\x11\xe0") {
        return Err(wrong("file", "this is an old or locked workbook; save it as XLSX or CSV"));
    } else if bytes.starts_with(b"%PDF") {
        return Err(wrong("file", "a PDF is no list; save the list as XLSX or CSV"));
    } else {
        let rows = csv::read(&decode(bytes)).into_iter();
        rows.map(|row| (row.line, row.cells)).collect()
    };
    let above = above_headings(&lines);
    let mut lines = lines.into_iter().skip(above);
    let Some((_, headings)) = lines.next() else {
        return Err(wrong("file", "the file is empty"));
    };
    // A list that was printed has its headings again on each page.
    let rows: Vec<(usize, Vec<String>)> = lines
        .filter(|(_, cells)| *cells != headings)
        .map(|(line, cells)| (line, cells.into_iter().take(MOST_COLUMNS).map(cut).collect()))
        .collect();
    if rows.is_empty() {
        return Err(wrong("file", "the file has a first line with headings and no rows after it"));
    }
    if rows.len() > MOST_ROWS {
        return Err(wrong("file", "a list has at most 5,000 rows; send it in parts"));
    }
    let headings = headings.into_iter().take(MOST_COLUMNS).map(cut).collect();
    Ok(Table { headings, rows })
}

/// How many lines stand above the headings, such as `Cases of the chamber`, merged over all
/// columns: the headings are the line among the first ten of which most are known. None where
/// no line has two.
fn above_headings(lines: &[(usize, Vec<String>)]) -> usize {
    let known = |cells: &Vec<String>| {
        let columns = columns::guess(cells);
        columns.into_iter().filter(|column| *column != ListColumn::Ignored).count()
    };
    let counted = lines.iter().take(10).map(|(_, cells)| known(cells)).enumerate();
    // The first of those with most.
    let best = counted.rev().max_by_key(|(_, count)| *count);
    best.filter(|(_, count)| *count >= 2).map_or(0, |(at, _)| at)
}

fn cut(mut cell: String) -> String {
    cell.retain(|letter| letter != '\0');
    if let Some((end, _)) = cell.char_indices().nth(LONGEST_CELL) {
        cell.truncate(end);
    }
    cell
}

/// The text of a file: by its byte order mark, as UTF-8 where it is, or else guessed.
fn decode(bytes: &[u8]) -> String {
    let encoding = match Encoding::for_bom(bytes) {
        Some((encoding, _)) => encoding,
        None if std::str::from_utf8(bytes).is_ok() && !bytes.contains(&0) => UTF_8,
        None if wide(bytes, 1) => UTF_16LE,
        None if wide(bytes, 0) => UTF_16BE,
        None => {
            let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
            detector.feed(bytes, true);
            detector.guess(Some(b"in"), Utf8Detection::Allow)
        }
    };
    let (text, _, _) = encoding.decode(bytes);
    text.replace("\r\n", "\n").replace('\r', "\n")
}

/// Whether every second byte is mostly zero, as in UTF-16 without a mark.
fn wide(bytes: &[u8], from: usize) -> bool {
    let head = bytes.get(..bytes.len().min(4096)).unwrap_or(bytes);
    let zeros = head.iter().skip(from).step_by(2).filter(|byte| **byte == 0).count();
    zeros > head.len() / 5
}

/// The rows of the first sheet of a workbook.
fn workbook(bytes: &[u8]) -> Result<Vec<(usize, Vec<String>)>, CaseError> {
    let damaged = || wrong("file", "the workbook cannot be read; save it anew as XLSX");
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|_| damaged())?;
    let mut unpacked = 0_u64;
    for place in 0..archive.len() {
        let part = archive.by_index_raw(place).map_err(|_| damaged())?;
        unpacked = unpacked.saturating_add(part.size());
    }
    if unpacked > LARGEST {
        return Err(wrong("file", "the workbook is too large; keep the list alone in it"));
    }
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|_| damaged())?;
    let sheet = book.worksheet_range_at(0).ok_or_else(damaged)?.map_err(|_| damaged())?;
    let first = sheet.start().map_or(0, |(row, _)| usize::try_from(row).unwrap_or(0));
    let mut rows = Vec::new();
    for (place, cells) in sheet.rows().enumerate() {
        let cells: Vec<String> = cells.iter().take(MOST_COLUMNS).map(shown).collect();
        if cells.iter().any(|cell| !cell.is_empty()) {
            rows.push((first + place + 1, cells));
        }
        if rows.len() > MOST_ROWS + 1 {
            break;
        }
    }
    Ok(rows)
}

/// A cell as text: days as `YYYY-MM-DD`, whole numbers without a fraction.
fn shown(cell: &Data) -> String {
    match cell {
        Data::DateTime(moment) => {
            let (year, month, day, ..) = moment.to_ymd_hms_milli();
            format!("{year:04}-{month:02}-{day:02}")
        }
        Data::Error(_) | Data::Empty => String::new(),
        Data::DateTimeIso(text) => text.chars().take(10).collect(),
        other => other.to_string().trim().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_read_whatever_divides_its_cells_and_however_it_is_encoded() {
        let wanted = Table {
            headings: vec!["Title".to_owned(), "Court".to_owned()],
            rows: vec![(2, vec!["राम v. श्याम".to_owned(), "Delhi".to_owned()])],
        };
        for text in [
            "Title,Court\nराम v. श्याम,Delhi\n",
            "Title;Court\r\nराम v. श्याम;Delhi",
            "\u{feff}Title\tCourt\nराम v. श्याम\tDelhi\n\n",
        ] {
            assert_eq!(read(text.as_bytes()).unwrap(), wanted, "{text:?}");
            let wide: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
            let text = if text.starts_with('\u{feff}') { Some(wide) } else { None };
            if let Some(wide) = text {
                assert_eq!(read(&wide).unwrap(), wanted);
            }
        }
    }

    #[test]
    fn lines_above_the_headings_and_headings_again_are_no_cases() {
        let text = "Cases of Adv. Rao, Delhi\nas on 1 November\nSl. No.,Case No.,Title,Court\n\
                    1,CS 1/2024,A v. B,Delhi\nSl. No.,Case No.,Title,Court\n2,CS 2/2024,C v. D,Delhi";
        let list = read(text.as_bytes()).unwrap();
        assert_eq!(list.headings, ["Sl. No.", "Case No.", "Title", "Court"]);
        let lines: Vec<usize> = list.rows.iter().map(|(line, _)| *line).collect();
        assert_eq!(lines, [4, 6]);
        // Without a heading that is known, the first line has them.
        let other = read(b"Alpha,Beta\n1,2\n").unwrap();
        assert_eq!((other.headings.len(), other.rows.len()), (2, 1));
    }

    #[test]
    fn what_is_no_list_is_refused_in_words() {
        for (bytes, words) in [
            (&b""[..], "empty"),
            (b"Title,Court\n", "no rows"),
            (b"%PDF-1.7", "PDF"),
            (b"PK\x03\x04broken", "workbook"),
            (b"\xd0\xcf\x11\xe0", "XLSX"),
        ] {
            let error = read(bytes).unwrap_err().to_string();
            assert!(error.contains(words), "{error}");
        }
        let many = format!("Title\n{}", "A v. B\n".repeat(MOST_ROWS + 1));
        assert!(read(many.as_bytes()).is_err());
    }
}
