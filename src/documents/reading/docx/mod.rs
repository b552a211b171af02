//! Word documents: their paragraphs with the numbers Word would show.
//!
//! A DOCX is a ZIP of XML parts. Numbers of clauses and paragraphs are not in
//! its text: they are counted from `numbering.xml` as Word counts them, since
//! lawyers cite by them. Pages are those Word last laid out where the file
//! says so, and cut by length where it does not. Running heads and feet stand
//! once, on the first page. Hidden text, tracked deletions and comments are no
//! part of the text and are told as findings.

mod body;
mod notes;
pub(super) mod numbering;
pub(super) mod styles;

use std::collections::{BTreeMap, HashMap};

use super::aside::Aside;
use super::ooxml::{self, Reference};
use super::parts::Parts;
use super::source::Source;
use super::{FindingKind, ReadError, html, text, xml};
use body::{Body, Context};
use notes::Notes;
use numbering::Numbering;
use styles::Styles;

/// Where Word, and Word on the web, put the main part.
const MAIN_PARTS: [&str; 2] = ["word/document.xml", "word/document2.xml"];

/// Takes a Word document apart.
///
/// # Errors
/// Fails when it is no Word document, damaged, or unpacks to too much.
pub(super) fn read(bytes: Vec<u8>) -> Result<Source, ReadError> {
    let mut parts = Parts::open(bytes)?;
    let (name, document) = main_part(&mut parts)?;
    let references = ooxml::references(&mut parts, &name)?;
    let styles = Styles::parse(&named(&mut parts, &references, "styles")?);
    let numbering = Numbering::parse(&named(&mut parts, &references, "numbering")?, &styles);
    let mut noted = Notes::new();
    notes::read(&named(&mut parts, &references, "footnotes")?, "footnote", &styles, &mut noted);
    notes::read(&named(&mut parts, &references, "endnotes")?, "endnote", &styles, &mut noted);
    let chunks = chunks(&mut parts, &references)?;
    let context = Context { styles: Some(&styles), notes: noted, chunks };
    let mut body = Body::new(&context, numbering);
    body.walk(&document)
        .map_err(|error| ReadError::Damaged(format!("its main part breaks off: {error}")))?;
    let (mut flow, mut asides) = body.into_flow();
    for (reference, is_head) in running(&references) {
        let part = parts.text(&reference.target)?.unwrap_or_default();
        let text = notes::plain(&part, &styles);
        if is_head { flow.head(&text) } else { flow.foot(&text) }
    }
    let mut comments = Notes::new();
    notes::read(&named(&mut parts, &references, "comments")?, "comment", &styles, &mut comments);
    for comment in comments.values() {
        asides.take(Aside::Comment, comment);
        asides.end_line();
    }
    for reference in references.values().filter(|reference| is_foreign(reference)) {
        asides.note(FindingKind::EmbeddedFile, reference.target.clone());
    }
    ooxml::active_content(&mut parts, &mut asides)?;
    let title = parts.text("docProps/core.xml")?.and_then(|core| xml::text_of(&core, "title"));
    let (pages, outline) = flow.finish()?;
    Ok(Source { title, pages, outline, findings: asides.into_findings(), ..Source::default() })
}

/// Takes apart a Word document kept in one file of XML, as Word 2003 could write it.
///
/// # Errors
/// Fails when the XML is broken or has more text than any document.
pub(super) fn read_flat(document: &str) -> Result<Source, ReadError> {
    let styles = Styles::parse(document);
    let context = Context { styles: Some(&styles), ..Context::default() };
    let mut body = Body::new(&context, Numbering::parse(document, &styles));
    body.walk(document).map_err(|error| ReadError::Damaged(format!("it breaks off: {error}")))?;
    let (flow, asides) = body.into_flow();
    let (pages, outline) = flow.finish()?;
    let title = xml::text_of(document, "Title");
    Ok(Source { title, pages, outline, findings: asides.into_findings(), ..Source::default() })
}

/// The name and content of the part that holds the body.
fn main_part(parts: &mut Parts) -> Result<(String, String), ReadError> {
    let root = ooxml::references(parts, "")?;
    let given = root.into_values().find(|reference| reference.kind == "officeDocument");
    let names = MAIN_PARTS.map(str::to_owned).into_iter().chain(given.map(|given| given.target));
    for name in names {
        if let Some(document) = parts.text(&name)? {
            return Ok((name, document));
        }
    }
    Err(ReadError::Damaged("its main part is missing".into()))
}

/// The part that is something to the body, empty when there is none.
fn named(
    parts: &mut Parts,
    references: &HashMap<String, Reference>,
    kind: &str,
) -> Result<String, ReadError> {
    let usual = format!("word/{kind}.xml");
    let given = references.values().find(|r| r.kind == kind && parts.has(&r.target));
    let name = given.map_or(&usual, |reference| &reference.target);
    Ok(parts.text(name)?.unwrap_or_default())
}

/// The running heads and feet, each once, in order.
fn running(references: &HashMap<String, Reference>) -> Vec<(&Reference, bool)> {
    let by_name: BTreeMap<&str, &Reference> =
        references.values().map(|reference| (reference.target.as_str(), reference)).collect();
    by_name
        .into_values()
        .filter(|reference| !reference.external)
        .filter_map(|reference| match reference.kind.as_str() {
            "header" => Some((reference, true)),
            "footer" => Some((reference, false)),
            _ => None,
        })
        .collect()
}

/// The text of web pages and text files the body includes, and the words of
/// its charts and diagrams.
fn chunks(
    parts: &mut Parts,
    references: &HashMap<String, Reference>,
) -> Result<HashMap<String, String>, ReadError> {
    let mut chunks = HashMap::new();
    for (id, reference) in references.iter().filter(|(_, r)| r.kind == "aFChunk" && !is_foreign(r))
    {
        let Some(bytes) = parts.bytes(&reference.target)? else { continue };
        let chunk = if has_end(&reference.target, &["txt"]) {
            text::decode(&bytes)
        } else {
            html::read(&bytes)?.pages.join("\n")
        };
        chunks.insert(id.clone(), chunk);
    }
    for (id, reference) in references.iter().filter(|(_, reference)| !reference.external) {
        let lines = ooxml::drawn(parts, reference)?;
        if !lines.is_empty() {
            chunks.insert(id.clone(), lines.join("\n"));
        }
    }
    Ok(chunks)
}

/// Whether the body includes a document that is not read here.
fn is_foreign(reference: &Reference) -> bool {
    reference.kind == "aFChunk" && !has_end(&reference.target, &["html", "htm", "xhtml", "txt"])
}

fn has_end(name: &str, ends: &[&str]) -> bool {
    name.rsplit_once('.').is_some_and(|(_, end)| ends.contains(&end.to_lowercase().as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::documents::reading::parts::tests::pack as docx;

    fn document(body: &str) -> String {
        format!("<w:document xmlns:w='w'><w:body>{body}</w:body></w:document>")
    }

    fn pages(body: &str, others: &[(&str, &str)]) -> Vec<String> {
        let document = document(body);
        let mut parts = vec![("word/document.xml", document.as_str())];
        parts.extend(others);
        read(docx(&parts)).unwrap().pages
    }

    fn p(text: &str) -> String {
        format!("<w:p><w:r><w:t>{text}</w:t></w:r></w:p>")
    }

    fn numbered(level: u32, text: &str) -> String {
        format!(
            "<w:p><w:pPr><w:numPr><w:ilvl w:val='{level}'/><w:numId w:val='1'/></w:numPr></w:pPr>\
             <w:r><w:t>{text}</w:t></w:r></w:p>"
        )
    }

    const NUMBERING: &str = "<w:numbering xmlns:w='w'><w:abstractNum w:abstractNumId='0'>\
        <w:lvl w:ilvl='0'><w:start w:val='1'/><w:numFmt w:val='decimal'/><w:lvlText w:val='%1.'/></w:lvl>\
        <w:lvl w:ilvl='1'><w:start w:val='1'/><w:numFmt w:val='decimal'/><w:lvlText w:val='%1.%2'/></w:lvl>\
        <w:lvl w:ilvl='2'><w:start w:val='1'/><w:numFmt w:val='lowerLetter'/><w:lvlText w:val='(%3)'/></w:lvl>\
        <w:lvl w:ilvl='3'><w:start w:val='1'/><w:numFmt w:val='lowerRoman'/><w:lvlText w:val='(%4)'/></w:lvl>\
        </w:abstractNum><w:num w:numId='1'><w:abstractNumId w:val='0'/></w:num></w:numbering>";

    #[test]
    fn clauses_are_numbered_as_word_numbers_them() {
        let body = [
            numbered(0, "Term"),
            numbered(1, "The lease runs"),
            numbered(2, "from"),
            numbered(3, "the first"),
            numbered(3, "the second"),
            numbered(2, "to"),
            numbered(1, "Renewal"),
            numbered(0, "Rent"),
            numbered(1, "Monthly"),
        ];
        let pages = pages(&body.concat(), &[("word/numbering.xml", NUMBERING)]);
        assert_eq!(
            pages[0].lines().collect::<Vec<_>>(),
            [
                "1. Term",
                "1.1 The lease runs",
                "(a) from",
                "(i) the first",
                "(ii) the second",
                "(b) to",
                "1.2 Renewal",
                "2. Rent",
                "2.1 Monthly",
            ]
        );
    }

    #[test]
    fn a_style_may_bring_the_number() {
        let styles = "<w:styles xmlns:w='w'><w:style w:styleId='Base'><w:pPr><w:numPr>\
            <w:numId w:val='1'/></w:numPr></w:pPr></w:style><w:style w:styleId='Para'>\
            <w:basedOn w:val='Base'/></w:style></w:styles>";
        let body = "<w:p><w:pPr><w:pStyle w:val='Para'/></w:pPr><w:r><w:t>Facts</w:t></w:r></w:p>";
        let parts = [("word/numbering.xml", NUMBERING), ("word/styles.xml", styles)];
        assert_eq!(pages(&body.repeat(2), &parts), ["1. Facts\n2. Facts"]);
    }

    #[test]
    fn rows_are_lines_and_cells_are_set_apart() {
        let cell = |text: &str| format!("<w:tc>{}</w:tc>", p(text));
        let row = |a, b| format!("<w:tr>{}{}</w:tr>", cell(a), cell(b));
        let table = format!("<w:tbl>{}{}</w:tbl>", row("Rent", "Rs 500"), row("Due", "monthly"));
        assert_eq!(pages(&table, &[]), ["Rent | Rs 500\nDue | monthly"]);
    }

    #[test]
    fn breaks_start_pages() {
        let body = format!(
            "{}<w:p><w:r><w:br w:type='page'/><w:t>two</w:t></w:r></w:p>\
             <w:p><w:r><w:lastRenderedPageBreak/><w:t>three</w:t></w:r></w:p>\
             <w:p><w:pPr><w:sectPr/></w:pPr></w:p>{}",
            p("one"),
            p("four")
        );
        assert_eq!(pages(&body, &[]), ["one", "two", "three", "four"]);
    }

    #[test]
    fn without_breaks_pages_end_with_a_paragraph() {
        let paragraph = p(&"The parties agree as follows. ".repeat(20));
        let pages = pages(&paragraph.repeat(30), &[]);
        assert!(pages.len() > 3);
        assert!(pages.iter().all(|page| page.len() < 4000 && page.starts_with("The parties")));
    }

    #[test]
    fn footnotes_follow_their_page() {
        let notes = "<w:footnotes xmlns:w='w'><w:footnote w:id='2'><w:p><w:r><w:footnoteRef/>\
            <w:t>AIR 1973 SC 1461</w:t></w:r></w:p></w:footnote></w:footnotes>";
        let body = "<w:p><w:r><w:t>See</w:t><w:footnoteReference w:id='2'/></w:r></w:p>";
        let pages = pages(body, &[("word/footnotes.xml", notes)]);
        assert_eq!(pages, ["See[1]\n\n[1] AIR 1973 SC 1461"]);
    }

    #[test]
    fn entities_are_never_expanded() {
        let document = "<!DOCTYPE d [<!ENTITY a 'boom'>]><w:document xmlns:w='w'><w:body>\
            <w:p><w:r><w:t>Rao &amp; Co &#8377;5 &a;</w:t></w:r></w:p></w:body></w:document>";
        let read = read(docx(&[("word/document.xml", document)])).unwrap();
        assert_eq!(read.pages, ["Rao & Co ₹5"]);
    }

    #[test]
    fn a_bomb_is_refused() {
        let bomb = document(&" ".repeat(64 << 20));
        let error = read(docx(&[("word/document.xml", &bomb)])).err();
        assert!(matches!(error, Some(ReadError::TooLarge(_))), "{error:?}");
    }

    #[test]
    fn what_is_no_document_is_damaged() {
        assert!(matches!(read(b"PK".to_vec()).err(), Some(ReadError::Damaged(_))));
        assert!(matches!(read(docx(&[("a", "b")])).err(), Some(ReadError::Damaged(_))));
    }

    fn details(source: &Source) -> Vec<&str> {
        source.findings.iter().map(|finding| finding.detail.as_str()).collect()
    }

    #[test]
    fn hidden_and_deleted_words_are_told_and_left_out() {
        let body = "<w:p><w:r><w:t>The tenant shall </w:t></w:r>\
            <w:del><w:r><w:delText>not </w:delText></w:r></w:del>\
            <w:ins><w:r><w:t>always </w:t></w:r></w:ins>\
            <w:r><w:rPr><w:vanish/></w:rPr><w:t>secretly </w:t></w:r>\
            <w:r><w:rPr><w:vanish w:val='0'/></w:rPr><w:t>pay</w:t></w:r>\
            <w:r><w:rPr><w:rStyle w:val='H'/></w:rPr><w:t> nothing</w:t></w:r>\
            <w:r><w:rPr><w:color w:val='FFFFFF'/></w:rPr><w:t> in white</w:t></w:r></w:p>";
        let styles = "<w:styles><w:style w:styleId='H'><w:rPr><w:vanish/></w:rPr></w:style>\
            </w:styles>";
        let body = document(body);
        let parts = [("word/document.xml", body.as_str()), ("word/styles.xml", styles)];
        let source = read(docx(&parts)).unwrap();
        assert_eq!(source.pages, ["The tenant shall always pay"]);
        assert_eq!(details(&source), ["secretly nothing in white", "tracked deletion: not"]);
    }

    #[test]
    fn headings_make_the_outline() {
        let styles = "<w:styles><w:style w:styleId='U1'><w:name w:val='heading 1'/></w:style>\
            <w:style w:styleId='U2'><w:basedOn w:val='U1'/><w:pPr><w:outlineLvl w:val='1'/>\
            </w:pPr></w:style></w:styles>";
        let paragraph = |style: &str, text: &str| {
            format!(
                "<w:p><w:pPr><w:pStyle w:val='{style}'/></w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"
            )
        };
        let body =
            document(&(paragraph("U1", "Facts") + &p("text") + &paragraph("U2", "The lease")));
        let parts = [("word/document.xml", body.as_str()), ("word/styles.xml", styles)];
        let outline = read(docx(&parts)).unwrap().outline;
        let told: Vec<_> = outline.iter().map(|e| (e.title.as_str(), e.depth, e.page)).collect();
        assert_eq!(told, [("Facts", 0, 1), ("The lease", 1, 1)]);
    }

    #[test]
    fn running_heads_and_comments_have_their_place() {
        let relations = "<Relationships><Relationship Id='a' Type='x/header' Target='header1.xml'/>\
            <Relationship Id='b' Type='x/footer' Target='footer1.xml'/></Relationships>";
        let head = format!("<w:hdr>{}</w:hdr>", p("Rao v. State"));
        let foot = format!("<w:ftr>{}</w:ftr>", p("Page 1"));
        let comments =
            format!("<w:comments><w:comment w:id='0'>{}</w:comment></w:comments>", p("Check this"));
        let body = document(&p("text"));
        let parts = [
            ("word/document.xml", body.as_str()),
            ("word/_rels/document.xml.rels", relations),
            ("word/header1.xml", &head),
            ("word/footer1.xml", &foot),
            ("word/comments.xml", &comments),
        ];
        let source = read(docx(&parts)).unwrap();
        assert_eq!(source.pages, ["Rao v. State\n\ntext"]);
        assert_eq!(details(&source), ["comment: Check this"]);
    }

    #[test]
    fn fields_that_start_programs_are_told() {
        let body = "<w:p><w:r><w:instrText>DDEAUTO c:\\\\cmd.exe</w:instrText></w:r>\
            <w:r><w:t>shown</w:t></w:r></w:p>";
        let body = document(body);
        let source = read(docx(&[("word/document.xml", &body)])).unwrap();
        assert_eq!(source.pages, ["shown"]);
        assert_eq!(source.findings[0].kind, FindingKind::Action);
    }

    #[test]
    fn web_pages_included_in_the_body_are_read() {
        let relations = "<Relationships><Relationship Id='c' Type='x/aFChunk' Target='/c.html'/>\
            </Relationships>";
        let body = document("<w:altChunk r:id='c'/>");
        let parts = [
            ("word/document.xml", body.as_str()),
            ("word/_rels/document.xml.rels", relations),
            ("c.html", "<p>from the web</p>"),
        ];
        assert_eq!(read(docx(&parts)).unwrap().pages, ["from the web"]);
    }
}
