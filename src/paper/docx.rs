//! Setting a paper as DOCX (ECMA-376), with no more parts than a word processor needs.

use std::fmt::Write as _;
use std::io::{Cursor, Write};

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::{Block, Paper, PaperError, Run, Sum, Table};

const TYPES: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/><Override PartName="/word/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml"/><Override PartName="/word/footer1.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.footer+xml"/><Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/></Types>"#;
const RELATIONS: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties" Target="docProps/core.xml"/></Relationships>"#;
const DOCUMENT_RELATIONS: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/footer" Target="footer1.xml"/></Relationships>"#;
const STYLES: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<w:styles xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii="Noto Sans" w:hAnsi="Noto Sans" w:cs="Noto Sans Devanagari"/><w:sz w:val="21"/><w:szCs w:val="21"/><w:lang w:val="en-IN" w:bidi="hi-IN"/></w:rPr></w:rPrDefault><w:pPrDefault><w:pPr><w:spacing w:after="120" w:line="276" w:lineRule="auto"/></w:pPr></w:pPrDefault></w:docDefaults><w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style><w:style w:type="paragraph" w:styleId="Title"><w:name w:val="Title"/><w:basedOn w:val="Normal"/><w:pPr><w:keepNext/></w:pPr><w:rPr><w:b/><w:sz w:val="34"/></w:rPr></w:style><w:style w:type="paragraph" w:styleId="Heading1"><w:name w:val="heading 1"/><w:basedOn w:val="Normal"/><w:pPr><w:keepNext/><w:spacing w:before="240"/><w:outlineLvl w:val="0"/></w:pPr><w:rPr><w:b/><w:sz w:val="25"/></w:rPr></w:style><w:style w:type="paragraph" w:styleId="Quote"><w:name w:val="Quote"/><w:basedOn w:val="Normal"/><w:pPr><w:ind w:left="567" w:right="567"/></w:pPr></w:style></w:styles>"#;
const OPEN: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><w:body>"#;
const CLOSE: &str = r#"<w:sectPr><w:footerReference w:type="default" r:id="rId2"/><w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1134" w:right="1134" w:bottom="1134" w:left="1134" w:header="567" w:footer="567" w:gutter="0"/></w:sectPr></w:body></w:document>"#;
/// What is between the margins, in twentieths of a point.
const WIDTH: u32 = 9_638;

/// Sets a paper as DOCX.
///
/// # Errors
/// Fails when the file cannot be put together.
pub fn docx(paper: &Paper) -> Result<Vec<u8>, PaperError> {
    let mut body = OPEN.to_owned();
    for block in &paper.blocks {
        write_block(&mut body, block);
    }
    body.push_str(CLOSE);
    let foot = format!(
        r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<w:ftr xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:p><w:pPr><w:jc w:val="center"/></w:pPr>{}<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve"> PAGE </w:instrText></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>{}<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve"> NUMPAGES </w:instrText></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r></w:p></w:ftr>"#,
        runs(&[Run::plain(format!("{} · page ", paper.foot))]),
        runs(&[Run::plain(" of ")]),
    );
    let core = format!(
        r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{}</dc:title></cp:coreProperties>"#,
        escaped(&paper.title)
    );
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in [
        ("[Content_Types].xml", TYPES),
        ("_rels/.rels", RELATIONS),
        ("word/document.xml", &body),
        ("word/_rels/document.xml.rels", DOCUMENT_RELATIONS),
        ("word/styles.xml", STYLES),
        ("word/footer1.xml", &foot),
        ("docProps/core.xml", &core),
    ] {
        zip.start_file(name, SimpleFileOptions::default()).map_err(std::io::Error::from)?;
        zip.write_all(text.as_bytes())?;
    }
    Ok(zip.finish().map_err(std::io::Error::from)?.into_inner())
}

fn write_block(body: &mut String, block: &Block) {
    match block {
        Block::Title(text) => paragraph(body, r#"<w:pStyle w:val="Title"/>"#, &[Run::plain(text)]),
        Block::Heading(text) => {
            paragraph(body, r#"<w:pStyle w:val="Heading1"/>"#, &[Run::plain(text)]);
        }
        Block::Text(runs) | Block::Small(runs) => paragraph(body, "", runs),
        Block::Quote(runs) => paragraph(body, r#"<w:pStyle w:val="Quote"/>"#, runs),
        Block::Item(mark, runs) => {
            let mut all = vec![Run::plain(format!("{mark}\t"))];
            all.extend_from_slice(runs);
            let inset = r#"<w:tabs><w:tab w:val="left" w:pos="567"/></w:tabs><w:ind w:left="567" w:hanging="567"/>"#;
            paragraph(body, inset, &all);
        }
        Block::Table(table) => write_table(body, table),
        Block::NewPage => body.push_str(r#"<w:p><w:r><w:br w:type="page"/></w:r></w:p>"#),
        Block::Blank(what) => {
            let line = "_".repeat(34);
            paragraph(
                body,
                r#"<w:spacing w:before="480"/>"#,
                &[Run::plain(format!("{what}: {line}"))],
            );
        }
        Block::Columns(columns) => {
            for (head, lines) in columns {
                let text = Run::plain(format!("\n{}", lines.join("\n")));
                paragraph(body, "", &[Run::bold(head), text]);
            }
        }
        Block::Sums(sums) => {
            for Sum { what, figure, bold } in sums {
                let run = Run { text: format!("{what}  {figure}"), bold: *bold };
                paragraph(body, r#"<w:jc w:val="right"/>"#, &[run]);
            }
        }
        Block::Code { payload, beside } => {
            paragraph(body, "", beside);
            paragraph(body, "", &[Run::plain(payload)]);
        }
        Block::Mark(word) => paragraph(body, "", &[Run::bold(word)]),
    }
}

fn paragraph(body: &mut String, shape: &str, content: &[Run]) {
    let _ = write!(body, "<w:p><w:pPr>{shape}</w:pPr>{}</w:p>", runs(content));
}

fn runs(content: &[Run]) -> String {
    let mut out = String::new();
    for Run { text, bold } in content {
        let weight = if *bold { "<w:rPr><w:b/><w:bCs/></w:rPr>" } else { "" };
        for (line, part) in text.split('\n').enumerate() {
            let before = if line > 0 { "<w:br/>" } else { "" };
            let mut parts = String::new();
            for (tab, part) in part.split('\t').enumerate() {
                let before = if tab > 0 { "<w:tab/>" } else { "" };
                let _ =
                    write!(parts, r#"{before}<w:t xml:space="preserve">{}</w:t>"#, escaped(part));
            }
            let _ = write!(out, "<w:r>{weight}{before}{parts}</w:r>");
        }
    }
    out
}

fn write_table(body: &mut String, table: &Table) {
    let all: u32 = table.columns.iter().map(|column| u32::from(column.share)).sum();
    let widths: Vec<u32> =
        table.columns.iter().map(|column| WIDTH * u32::from(column.share) / all.max(1)).collect();
    body.push_str(r#"<w:tbl><w:tblPr><w:tblW w:w="5000" w:type="pct"/><w:tblBorders><w:top w:val="single" w:sz="4"/><w:bottom w:val="single" w:sz="4"/><w:insideH w:val="single" w:sz="4"/></w:tblBorders><w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid>"#);
    for width in &widths {
        let _ = write!(body, r#"<w:gridCol w:w="{width}"/>"#);
    }
    body.push_str("</w:tblGrid>");
    let heads: Vec<Run> = table.columns.iter().map(|column| Run::bold(&column.head)).collect();
    row(body, "<w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>", table, &widths, &heads);
    for cells in &table.rows {
        let cells: Vec<Run> = cells.iter().map(Run::plain).collect();
        row(body, "", table, &widths, &cells);
    }
    // A table must not be the last thing of a body.
    body.push_str("</w:tbl><w:p/>");
}

fn row(body: &mut String, shape: &str, table: &Table, widths: &[u32], cells: &[Run]) {
    let _ = write!(body, "<w:tr>{shape}");
    for ((column, width), cell) in table.columns.iter().zip(widths).zip(cells) {
        let _ = write!(body, r#"<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>"#);
        let side = if column.right { r#"<w:jc w:val="right"/>"# } else { "" };
        paragraph(body, side, std::slice::from_ref(cell));
        body.push_str("</w:tc>");
    }
    body.push_str("</w:tr>");
}

/// Text as XML holds it; what XML cannot hold is left out.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\u{fffe}' | '\u{ffff}' => {}
            c if c < ' ' && !matches!(c, '\t' | '\n' | '\r') => {}
            c => out.push(c),
        }
    }
    out
}
