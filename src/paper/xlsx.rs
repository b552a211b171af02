//! Tables as XLSX (ECMA-376, `SpreadsheetML`), with no more parts than a spreadsheet needs.
//! Words are inline strings, which are never read as formulas; figures are numbers.

use std::fmt::Write as _;
use std::io::{Cursor, Write};

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::docx::escaped;
use super::{Cell, PaperError, Sheet};

const HEAD: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>"#;
const RELATIONS: &str = r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
/// Style 0 is plain, 1 money, 2 the head.
const STYLES: &str = r##"<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><numFmts count="1"><numFmt numFmtId="164" formatCode="#,##0.00"/></numFmts><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="3"><xf xfId="0"/><xf numFmtId="164" xfId="0" applyNumberFormat="1"/><xf fontId="1" xfId="0" applyFont="1"/></cellXfs></styleSheet>"##;
const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";

/// Sets tables as the sheets of one workbook.
///
/// # Errors
/// Fails when the file cannot be put together.
pub fn xlsx(sheets: &[Sheet]) -> Result<Vec<u8>, PaperError> {
    let mut types = String::from(
        r#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/>"#,
    );
    let mut book = format!(
        r#"<workbook xmlns="{MAIN}" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>"#
    );
    let mut relations = String::from(
        r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/>"#,
    );
    for (number, sheet) in (1..).zip(sheets) {
        let _ = write!(
            types,
            r#"<Override PartName="/xl/worksheets/sheet{number}.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>"#
        );
        let (name, id) = (escaped(&name(&sheet.name)), number + 1);
        let _ = write!(book, r#"<sheet name="{name}" sheetId="{number}" r:id="rId{id}"/>"#);
        let _ = write!(
            relations,
            r#"<Relationship Id="rId{id}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet{number}.xml"/>"#
        );
    }
    types.push_str("</Types>");
    book.push_str("</sheets></workbook>");
    relations.push_str("</Relationships>");
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let mut add = |path: &str, text: &str| -> Result<(), PaperError> {
        zip.start_file(path, SimpleFileOptions::default()).map_err(std::io::Error::from)?;
        zip.write_all(HEAD.as_bytes())?;
        zip.write_all(text.as_bytes())?;
        Ok(())
    };
    add("[Content_Types].xml", &types)?;
    add("_rels/.rels", RELATIONS)?;
    add("xl/workbook.xml", &book)?;
    add("xl/_rels/workbook.xml.rels", &relations)?;
    add("xl/styles.xml", STYLES)?;
    for (number, sheet) in (1..).zip(sheets) {
        add(&format!("xl/worksheets/sheet{number}.xml"), &written(sheet))?;
    }
    Ok(zip.finish().map_err(std::io::Error::from)?.into_inner())
}

/// What a sheet may be called.
fn name(text: &str) -> String {
    let plain: String =
        text.chars().map(|c| if r"[]:*?/\'".contains(c) { ' ' } else { c }).take(31).collect();
    if plain.trim().is_empty() { "Sheet".to_owned() } else { plain }
}

fn written(sheet: &Sheet) -> String {
    let mut text = format!(
        r#"<worksheet xmlns="{MAIN}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><sheetData><row r="1">"#
    );
    for (column, head) in sheet.columns.iter().enumerate() {
        string(&mut text, &place(column, 1), head, 2);
    }
    text.push_str("</row>");
    for (number, row) in (2..).zip(&sheet.rows) {
        let _ = write!(text, r#"<row r="{number}">"#);
        for (column, cell) in row.iter().enumerate() {
            let at = place(column, number);
            let style = i32::from(matches!(cell, Cell::Money(_)));
            match (cell, cell.figure()) {
                (_, Some(figure)) => {
                    let _ = write!(text, r#"<c r="{at}" s="{style}"><v>{figure}</v></c>"#);
                }
                (Cell::Text(words), _) => string(&mut text, &at, words, 0),
                (Cell::Number(_) | Cell::Money(_), None) => {}
            }
        }
        text.push_str("</row>");
    }
    text.push_str("</sheetData></worksheet>");
    text
}

/// Where a cell is: `A1`, `AB12`.
fn place(column: usize, row: usize) -> String {
    let mut letters = String::new();
    let mut left = column + 1;
    while left > 0 {
        let letter = u8::try_from((left - 1) % 26).unwrap_or(0) + b'A';
        letters.insert(0, char::from(letter));
        left = (left - 1) / 26;
    }
    format!("{letters}{row}")
}

fn string(text: &mut String, at: &str, words: &str, style: u8) {
    let _ = write!(
        text,
        r#"<c r="{at}" t="inlineStr" s="{style}"><is><t xml:space="preserve">{}</t></is></c>"#,
        escaped(words)
    );
}

#[cfg(test)]
mod tests {
    use calamine::{Data, Reader, Xlsx};

    use super::*;
    use crate::kernel::Paise;

    #[test]
    fn columns_are_lettered_as_spreadsheets_do() {
        let all = [place(0, 1), place(25, 1), place(26, 2), place(701, 3), place(702, 4)];
        assert_eq!(all, ["A1", "Z1", "AA2", "ZZ3", "AAA4"]);
    }

    #[test]
    fn a_spreadsheet_reads_words_as_words_and_money_as_numbers() {
        let sheet = Sheet {
            name: "Ageing: all / due".to_owned(),
            columns: vec!["Client".to_owned(), "Due".to_owned()],
            rows: vec![
                vec![Cell::text("=1+1 & <शर्मा>"), Cell::Money(Paise(123_450))],
                vec![Cell::text("Rao"), Cell::Number(-3)],
            ],
        };
        let bytes = xlsx(&[sheet.clone(), Sheet { name: "More".to_owned(), ..sheet }]).unwrap();
        let mut book: Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(bytes)).unwrap();
        assert_eq!(book.sheet_names(), ["Ageing  all   due", "More"]);
        let range = book.worksheet_range("More").unwrap();
        assert_eq!(range.get_value((1, 0)), Some(&Data::String("=1+1 & <शर्मा>".to_owned())));
        assert_eq!(range.get_value((1, 1)), Some(&Data::Float(1234.5)));
        assert_eq!(range.get_value((2, 1)), Some(&Data::Float(-3.0)));
    }
}
