//! Workbooks: a page for each sheet, a line for each row.
//!
//! Cells are written as their number formats show them, as far as lawyers use
//! those: dates, amounts, shares. Formulas show their last result; nothing is
//! calculated. Hidden sheets are told as findings.

mod shown;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

use calamine::{
    Data, DataRef, DataType, Reader, Sheet, SheetType, SheetVisible, Xls, XlsError, Xlsb, Xlsx,
};

use super::aside::{Aside, Asides};
use super::flow::Flow;
use super::parts::Parts;
use super::source::Source;
use super::{FindingKind, ReadError, odt, ooxml};

/// Empty cells between two filled ones that are kept; more keep their place no better.
const WIDEST_GAP: u32 = 20;
/// How a compound file begins: a workbook before 2007, or one with a password.
const OLD_OFFICE: &[u8] = b"\xd0\xcf\x11\xe0";

/// The cells of a sheet that say something, by row and column.
type Cells = BTreeMap<(u32, u32), String>;

/// Takes a workbook apart.
///
/// # Errors
/// Fails when it is damaged, needs a password, or unpacks to too much.
pub(super) fn read(bytes: Vec<u8>) -> Result<Source, ReadError> {
    // calamine 0.38 reads past the end of damaged XLS records, which panics.
    let read = catch_unwind(AssertUnwindSafe(|| take_apart(bytes)));
    read.unwrap_or_else(|_| Err(ReadError::Damaged("its structure is broken".into())))
}

fn take_apart(bytes: Vec<u8>) -> Result<Source, ReadError> {
    if bytes.starts_with(OLD_OFFICE) {
        return old(bytes);
    }
    if is_bare(&bytes) {
        return Err(ReadError::Io(
            "workbooks of Excel 4 and before are not read; save it as XLSX and upload that".into(),
        ));
    }
    let mut parts = Parts::open(bytes)?;
    if parts.has("content.xml") {
        return odt::read_parts(parts, odt::Kind::Sheets);
    }
    let mut book = Book::default();
    ooxml::active_content(&mut parts, &mut book.asides)?;
    let remarks = named(&parts, &["xl/comments", "xl/threadedComments"]);
    for name in remarks {
        for comment in ooxml::paragraphs(&parts.text(&name)?.unwrap_or_default(), "comment") {
            book.asides.take(Aside::Comment, &comment);
            book.asides.end_line();
        }
    }
    let mut drawn = Vec::new();
    for name in named(&parts, &["xl/drawings/drawing"]) {
        drawn.extend(ooxml::paragraphs(&parts.text(&name)?.unwrap_or_default(), "txBody"));
    }
    let title = parts.text("docProps/core.xml")?;
    let title = title.and_then(|core| super::xml::text_of(&core, "title"));
    let binary = parts.has("xl/workbook.bin");
    let container = Cursor::new(parts.check()?);
    if binary {
        book.binary(container)?;
    } else {
        book.current(container)?;
    }
    if !drawn.is_empty() {
        book.flow.line("Text in drawings:");
        for line in &drawn {
            book.flow.line(line);
        }
    }
    book.finish(title)
}

/// Whether the records of a workbook lie in the file without a container.
fn is_bare(bytes: &[u8]) -> bool {
    matches!(bytes, [0x09, 0x00 | 0x02 | 0x04, 0x04 | 0x06, 0x00, ..])
}

/// The parts whose names begin so, in order.
fn named(parts: &Parts, starts: &[&str]) -> Vec<String> {
    let wanted = |name: &Cow<'_, str>| {
        starts.iter().any(|start| name.starts_with(start)) && name.ends_with(".xml")
    };
    let mut names: Vec<String> = parts.names().filter(wanted).map(Cow::into_owned).collect();
    names.sort_unstable();
    names
}

fn damaged(error: impl std::fmt::Display) -> ReadError {
    ReadError::Damaged(format!("as a workbook: {error}"))
}

/// Takes a workbook of the formats before 2007 apart.
fn old(bytes: Vec<u8>) -> Result<Source, ReadError> {
    let mut book = Book::default();
    let container = cfb::CompoundFile::open(Cursor::new(&bytes)).map_err(damaged)?;
    for entry in container.walk() {
        let path = entry.path().to_string_lossy().into_owned();
        if path.contains("EncryptedPackage") {
            return Err(ReadError::Encrypted);
        }
        let name = path.trim_start_matches('/');
        if name == "_VBA_PROJECT_CUR" {
            book.asides.note(FindingKind::Macro, "a Visual Basic project");
        } else if name.starts_with("MBD") && !name.contains('/') {
            book.asides.note(FindingKind::EmbeddedFile, format!("an object ({name})"));
        }
    }
    drop(container);
    let mut workbook = Xls::new(Cursor::new(bytes)).map_err(|error| match error {
        XlsError::Password => ReadError::Encrypted,
        error => damaged(error),
    })?;
    for sheet in workbook.sheets_metadata().to_vec() {
        let Ok(range) = workbook.worksheet_range(&sheet.name) else { continue };
        let (top, left) = range.start().unwrap_or_default();
        let place = |row: usize, column: usize| {
            let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
            (top.saturating_add(number(row)), left.saturating_add(number(column)))
        };
        let cells = range
            .used_cells()
            .map(|(row, column, value)| (place(row, column), shown::value(value, "")))
            .collect();
        book.sheet(&sheet, &cells);
    }
    book.finish(None)
}

/// A workbook being turned into pages.
#[derive(Default)]
struct Book {
    flow: Flow,
    asides: Asides,
}

impl Book {
    /// Reads the sheets of an XLSX.
    fn current(&mut self, container: Cursor<Vec<u8>>) -> Result<(), ReadError> {
        let mut workbook = Xlsx::new(container).map_err(damaged)?;
        for sheet in workbook.sheets_metadata().to_vec() {
            if sheet.typ != SheetType::WorkSheet {
                self.sheet(&sheet, &Cells::new());
                continue;
            }
            let mut reader = workbook.worksheet_cells_reader(&sheet.name).map_err(damaged)?;
            let formats: Vec<String> = reader
                .styles()
                .iter()
                .map(|style| style.number_format.as_ref())
                .map(|format| format.map(|format| format.format_code.clone()).unwrap_or_default())
                .collect();
            let mut cells = Cells::new();
            // A sheet that breaks off keeps its rows so far.
            while let Ok(Some((cell, style))) = reader.next_cell_with_style_id() {
                let format = formats.get(style).map(String::as_str).unwrap_or_default();
                let value = shown::value(&owned(cell.get_value()), format);
                cells.insert(cell.get_position(), value);
            }
            self.sheet(&sheet, &cells);
        }
        Ok(())
    }

    /// Reads the sheets of an XLSB.
    fn binary(&mut self, container: Cursor<Vec<u8>>) -> Result<(), ReadError> {
        let mut workbook = Xlsb::new(container).map_err(damaged)?;
        for sheet in workbook.sheets_metadata().to_vec() {
            let mut cells = Cells::new();
            if let Ok(mut reader) = workbook.worksheet_cells_reader(&sheet.name) {
                while let Ok(Some(cell)) = reader.next_cell() {
                    cells.insert(cell.get_position(), shown::value(&owned(cell.get_value()), ""));
                }
            }
            self.sheet(&sheet, &cells);
        }
        Ok(())
    }

    /// Writes a sheet, or sets it aside when it is hidden.
    fn sheet(&mut self, sheet: &Sheet, cells: &Cells) {
        if sheet.typ == SheetType::MacroSheet {
            self.asides.note(FindingKind::Macro, format!("the macro sheet {}", sheet.name));
        }
        if sheet.visible != SheetVisible::Visible {
            self.asides.take(Aside::Hidden, &format!("sheet {}:", sheet.name));
            for value in cells.values().take(100) {
                self.asides.take(Aside::Hidden, &format!(" {value}"));
            }
            self.asides.end_line();
            return;
        }
        self.flow.end_page();
        self.flow.line(&sheet.name);
        let left = cells.keys().map(|(_, column)| *column).min().unwrap_or(0);
        let mut row: Vec<String> = Vec::new();
        let mut at = (cells.keys().next().map_or(0, |(row, _)| *row), left);
        for (&(line, column), value) in cells.iter().filter(|(_, value)| !value.is_empty()) {
            if line != at.0 {
                self.flow.row(&row);
                row.clear();
                if line - at.0 > 1 {
                    self.flow.gap();
                }
                at = (line, left);
            }
            let gap = column.saturating_sub(at.1).min(WIDEST_GAP);
            row.extend((0..gap).map(|_| String::new()));
            row.push(value.trim().to_owned());
            at.1 = column + 1;
        }
        self.flow.row(&row);
    }

    fn finish(mut self, title: Option<String>) -> Result<Source, ReadError> {
        self.flow.laid_out();
        let (pages, outline) = self.flow.finish()?;
        let findings = self.asides.into_findings();
        Ok(Source { title, pages, outline, findings, ..Source::default() })
    }
}

/// A value that does not borrow the strings of its workbook.
fn owned(value: &DataRef<'_>) -> Data {
    match value {
        DataRef::SharedString(text) => Data::String((*text).to_owned()),
        value if value.is_empty() => Data::Empty,
        value => value.clone().into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::documents::reading::parts::tests::pack;

    const RELATIONS: &str = "<Relationships xmlns='r'>\
        <Relationship Id='rId1' \
        Type='http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet' \
        Target='worksheets/sheet1.xml'/>\
        <Relationship Id='rId2' \
        Type='http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet' \
        Target='worksheets/sheet2.xml'/></Relationships>";
    const ROOT: &str = "<Relationships><Relationship Id='r' Target='xl/workbook.xml' \
        Type='http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument'/>\
        </Relationships>";
    const STYLES: &str = "<styleSheet><numFmts><numFmt numFmtId='164' formatCode='dd/mm/yyyy'/>\
        </numFmts><cellXfs><xf numFmtId='0'/><xf numFmtId='164'/><xf numFmtId='4'/></cellXfs>\
        </styleSheet>";

    fn book(state: &str, rows: &str, others: &[(&str, &str)]) -> Source {
        let workbook = format!(
            "<workbook xmlns:r='http://schemas.openxmlformats.org/officeDocument/2006/relationships'>\
             <sheets><sheet name='Rent' sheetId='1' r:id='rId1'/>\
             <sheet name='Notes' sheetId='2' {state} r:id='rId2'/></sheets></workbook>"
        );
        let first = format!("<worksheet><sheetData>{rows}</sheetData></worksheet>");
        let second = "<worksheet><sheetData><row r='1'><c r='A1' t='inlineStr'><is><t>more</t></is>\
            </c></row></sheetData></worksheet>";
        let mut parts = vec![
            ("_rels/.rels", ROOT),
            ("xl/workbook.xml", workbook.as_str()),
            ("xl/_rels/workbook.xml.rels", RELATIONS),
            ("xl/styles.xml", STYLES),
            ("xl/worksheets/sheet1.xml", &first),
            ("xl/worksheets/sheet2.xml", second),
        ];
        parts.extend(others);
        read(pack(&parts)).unwrap()
    }

    #[test]
    fn sheets_are_pages_and_rows_lines() {
        let rows = "<row r='2'><c r='B2' t='inlineStr'><is><t>Due</t></is></c>\
            <c r='C2' s='1'><v>45663</v></c><c r='E2' s='2'><v>1234567.5</v></c></row>\
            <row r='5'><c r='B5'><v>0.1</v></c><c r='C5' t='b'><v>1</v></c></row>";
        let source = book("", rows, &[]);
        let first = "Rent\nDue | 06/01/2025 |  | 1,234,567.50\n\n0.1 | TRUE";
        assert_eq!(source.pages, [first, "Notes\nmore"]);
    }

    #[test]
    fn a_hidden_sheet_is_told_and_left_out() {
        let source = book("state='veryHidden'", "", &[("xl/vbaProject.bin", "x")]);
        assert_eq!(source.pages, ["Rent"]);
        let details: Vec<_> = source.findings.iter().map(|f| f.detail.as_str()).collect();
        assert_eq!(details, ["sheet Notes: more", "a Visual Basic project"]);
    }

    #[test]
    fn a_cell_far_away_costs_nothing() {
        let rows = "<row r='1'><c r='A1'><v>1</v></c></row>\
            <row r='1048576'><c r='XFD1048576'><v>2</v></c></row>";
        let source = book("", rows, &[]);
        assert!(source.pages[0].starts_with("Rent\n1\n\n"), "{}", source.pages[0]);
        assert!(source.pages[0].ends_with('2'));
    }

    #[test]
    fn opendocument_sheets_are_pages_too() {
        let content = "<o><office:spreadsheet><table:table table:name='Rent'><table:table-row>\
            <table:table-cell><text:p>Due</text:p></table:table-cell><table:table-cell>\
            <text:p>06/01/25</text:p></table:table-cell>\
            <table:table-cell table:number-columns-repeated='16000'/></table:table-row>\
            </table:table><table:table table:name='Two'/></office:spreadsheet></o>";
        let source = read(pack(&[("content.xml", content)])).unwrap();
        assert_eq!(source.pages, ["Rent\nDue | 06/01/25", "Two"]);
    }

    #[test]
    fn what_is_no_workbook_is_damaged() {
        assert!(matches!(read(b"PK".to_vec()), Err(ReadError::Damaged(_))));
        assert!(matches!(read(pack(&[("a", "b")])), Err(ReadError::Damaged(_))));
        let bare = read(b"\x09\x04\x06\0\0\0\x10\0".to_vec()).unwrap_err();
        assert!(bare.to_string().contains("save it as XLSX"), "{bare}");
        assert!(matches!(read(OLD_OFFICE.to_vec()), Err(ReadError::Damaged(_))));
    }
}
