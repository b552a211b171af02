//! Presentations: a page for each slide, its title first, its notes last.
//!
//! Tables keep their rows; charts and diagrams give their words. Hidden
//! slides and shapes are told as findings.

mod walk;

use std::collections::HashMap;

use quick_xml::Reader;
use quick_xml::events::Event;

use super::aside::{Aside, Asides};
use super::flow::Flow;
use super::ooxml::{self, Reference};
use super::parts::Parts;
use super::source::Source;
use super::{ReadError, odt, xml};
use walk::{Shape, Slide};

/// How a compound file begins: a presentation before 2007, or one with a password.
const OLD_OFFICE: &[u8] = b"\xd0\xcf\x11\xe0";
/// Slides no presentation has.
const MOST_SLIDES: usize = 10_000;

/// Takes a presentation apart.
///
/// # Errors
/// Fails when it is damaged, needs a password, is older than 2007, or unpacks
/// to too much.
pub(super) fn read(bytes: Vec<u8>) -> Result<Source, ReadError> {
    if bytes.starts_with(OLD_OFFICE) && !is_encrypted(&bytes) {
        return Err(ReadError::Io(
            "PowerPoint files of the format before 2007 are not read; save it as PPTX or PDF and \
             upload that"
                .into(),
        ));
    }
    let mut parts = Parts::open(bytes)?;
    if parts.has("content.xml") {
        return odt::read_parts(parts, odt::Kind::Slides);
    }
    let root = ooxml::references(&mut parts, "")?;
    let main = root.into_values().find(|reference| reference.kind == "officeDocument");
    let main = main.map_or_else(|| "ppt/presentation.xml".to_owned(), |main| main.target);
    let presentation =
        parts.text(&main)?.ok_or_else(|| ReadError::Damaged("its main part is missing".into()))?;
    let references = ooxml::references(&mut parts, &main)?;
    let mut flow = Flow::default();
    let mut asides = Asides::default();
    for id in slide_ids(&presentation) {
        if let Some(reference) = references.get(&id).filter(|reference| !reference.external) {
            slide(&mut parts, &reference.target, &mut flow, &mut asides)?;
        }
    }
    ooxml::active_content(&mut parts, &mut asides)?;
    let title = parts.text("docProps/core.xml")?.and_then(|core| xml::text_of(&core, "title"));
    flow.laid_out();
    let (pages, outline) = flow.finish()?;
    Ok(Source { title, pages, outline, findings: asides.into_findings(), ..Source::default() })
}

/// Whether an old container holds an encrypted new presentation.
fn is_encrypted(bytes: &[u8]) -> bool {
    let container = cfb::CompoundFile::open(std::io::Cursor::new(bytes));
    container.is_ok_and(|container| container.exists("/EncryptedPackage"))
}

/// The references to the slides, in the order they are shown.
fn slide_ids(presentation: &str) -> Vec<String> {
    let mut reader = Reader::from_str(presentation);
    let mut ids = Vec::new();
    while ids.len() < MOST_SLIDES {
        match reader.read_event() {
            Ok(Event::Start(element) | Event::Empty(element))
                if element.local_name().into_inner() == "sldId" =>
            {
                // Its own number is an `id` too, but without a prefix.
                for attribute in element.attributes().with_checks(false).filter_map(Result::ok) {
                    if attribute.key.into_inner().ends_with(":id") {
                        ids.push(attribute.value.clone().into_owned());
                    }
                }
            }
            Ok(Event::Eof) | Err(_) => break,
            Ok(_) => {}
        }
    }
    ids
}

/// Writes a slide, or sets it aside when it is hidden.
fn slide(
    parts: &mut Parts,
    name: &str,
    flow: &mut Flow,
    asides: &mut Asides,
) -> Result<(), ReadError> {
    let Some(content) = parts.text(name)? else { return Ok(()) };
    let Slide { shapes, shown } = walk::read(&content);
    let references = ooxml::references(parts, name)?;
    if !shown {
        for shape in &shapes {
            asides.take(Aside::Hidden, &(shape.lines.join(" ") + " "));
        }
        asides.end_line();
        return Ok(());
    }
    flow.end_page();
    for shape in shapes.iter().filter(|shape| shape.is_title() && !shape.hidden) {
        flow.heading(&shape.lines.join(" "), 0);
    }
    let others = |shape: &&Shape| !shape.is_title() && !shape.is_furniture();
    for shape in shapes.iter().filter(others) {
        if shape.hidden {
            asides.take(Aside::Hidden, &shape.lines.join(" "));
            asides.end_line();
        } else {
            shape.lines.iter().for_each(|line| flow.line(line));
        }
    }
    for line in related(parts, &references)? {
        flow.line(&line);
    }
    for shape in shapes.iter().filter(|shape| shape.is_furniture()) {
        shape.lines.iter().for_each(|line| flow.line(line));
    }
    let notes = references.values().find(|reference| reference.kind == "notesSlide");
    if let Some(notes) = notes {
        let notes = walk::read(&parts.text(&notes.target)?.unwrap_or_default());
        let said = notes.shapes.iter().filter(|shape| !shape.is_furniture() && !shape.hidden);
        let lines: Vec<&String> = said.flat_map(|shape| &shape.lines).collect();
        if !lines.is_empty() {
            flow.gap();
            flow.line("Notes:");
            for line in lines {
                flow.line(line);
            }
        }
    }
    // Comments sort by the part they are in.
    let mut remarks: Vec<&Reference> =
        references.values().filter(|reference| reference.kind == "comments").collect();
    remarks.sort_by(|a, b| a.target.cmp(&b.target));
    for remark in remarks {
        for comment in ooxml::paragraphs(&parts.text(&remark.target)?.unwrap_or_default(), "cm") {
            asides.take(Aside::Comment, &comment);
            asides.end_line();
        }
    }
    Ok(())
}

/// The words of the charts and diagrams of a slide.
fn related(
    parts: &mut Parts,
    references: &HashMap<String, Reference>,
) -> Result<Vec<String>, ReadError> {
    let mut drawn: Vec<&Reference> = references.values().collect();
    drawn.sort_by(|a, b| a.target.cmp(&b.target));
    let mut lines = Vec::new();
    for reference in drawn.into_iter().filter(|reference| !reference.external) {
        lines.extend(ooxml::drawn(parts, reference)?);
    }
    Ok(lines)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::documents::reading::parts::tests::pack;

    const MAIN: &str = "<p:presentation><p:sldIdLst><p:sldId id='256' r:id='b'/>\
        <p:sldId id='257' r:id='a'/></p:sldIdLst></p:presentation>";
    const RELATIONS: &str = "<Relationships>\
        <Relationship Id='a' Type='x/slide' Target='slides/slide1.xml'/>\
        <Relationship Id='b' Type='x/slide' Target='slides/slide2.xml'/></Relationships>";

    fn p(text: &str) -> String {
        format!("<a:p><a:r><a:t>{text}</a:t></a:r></a:p>")
    }

    fn shape(kind: &str, text: &str) -> String {
        format!(
            "<p:sp><p:nvSpPr><p:cNvPr id='1'/><p:nvPr><p:ph type='{kind}'/></p:nvPr></p:nvSpPr>\
             <p:txBody>{text}</p:txBody></p:sp>"
        )
    }

    fn source(first: &str, second: &str, others: &[(&str, &str)]) -> Source {
        let mut parts = vec![
            ("ppt/presentation.xml", MAIN),
            ("ppt/_rels/presentation.xml.rels", RELATIONS),
            ("ppt/slides/slide2.xml", first),
            ("ppt/slides/slide1.xml", second),
        ];
        parts.extend(others);
        read(pack(&parts)).unwrap()
    }

    #[test]
    fn slides_are_pages_with_their_title_first_and_notes_last() {
        let body = shape("body", &(p("The rent &amp; costs") + &p("The term")));
        let first = format!(
            "<p:sld>{body}{}{}</p:sld>",
            shape("sldNum", &p("1")),
            shape("ctrTitle", &p("Lease"))
        );
        let notes = format!(
            "<p:notes>{}{}</p:notes>",
            shape("body", &p("speak up")),
            shape("sldNum", &p("1"))
        );
        let relations = "<Relationships><Relationship Id='n' Type='x/notesSlide' \
            Target='../notesSlides/n.xml'/></Relationships>";
        let others = [
            ("ppt/notesSlides/n.xml", notes.as_str()),
            ("ppt/slides/_rels/slide2.xml.rels", relations),
        ];
        let second = format!("<p:sld>{}</p:sld>", shape("body", &p("second")));
        let source = source(&first, &second, &others);
        assert_eq!(
            source.pages,
            ["Lease\nThe rent & costs\nThe term\n\nNotes:\nspeak up", "second"]
        );
        assert_eq!((source.outline[0].title.as_str(), source.outline[0].page), ("Lease", 1));
    }

    #[test]
    fn tables_keep_their_rows_and_charts_their_words() {
        let cell = |text: &str| format!("<a:tc><a:txBody>{}</a:txBody></a:tc>", p(text));
        let first = format!(
            "<p:sld><p:graphicFrame><a:tbl><a:tr>{}{}</a:tr><a:tr>{}{}</a:tr></a:tbl>\
             </p:graphicFrame></p:sld>",
            cell("Rent"),
            cell("Rs 500"),
            cell("Due"),
            cell("monthly")
        );
        let chart = "<c:chart><c:title><a:p><a:r><a:t>Rents</a:t></a:r></a:p></c:title><c:ser>\
            <c:tx><c:v>2024</c:v></c:tx><c:cat><c:v>Delhi</c:v></c:cat><c:val><c:v>5</c:v></c:val>\
            </c:ser></c:chart>";
        let relations = "<Relationships><Relationship Id='n' Type='x/chart' Target='/c.xml'/>\
            </Relationships>";
        let others = [("c.xml", chart), ("ppt/slides/_rels/slide2.xml.rels", relations)];
        let source = source(&first, "<p:sld/>", &others);
        assert_eq!(source.pages, ["Rent | Rs 500\nDue | monthly\nRents\n2024 | Delhi | 5"]);
    }

    #[test]
    fn hidden_slides_and_shapes_are_told_and_left_out() {
        let hidden = format!("<p:sld show='0'>{}</p:sld>", shape("body", &p("secret")));
        let shown = format!(
            "<p:sld>{}<p:sp><p:cNvPr hidden='1'/>{}</p:sp></p:sld>",
            shape("body", &p("seen")),
            p("unseen")
        );
        let source = source(&hidden, &shown, &[]);
        assert_eq!(source.pages, ["seen"]);
        assert_eq!(source.findings[0].detail, "secret unseen");
    }

    #[test]
    fn old_presentations_are_refused_with_advice() {
        let error = read([OLD_OFFICE, &[0; 600]].concat()).unwrap_err();
        assert!(error.to_string().contains("save it as PPTX or PDF"), "{error}");
    }

    #[test]
    fn opendocument_slides_are_pages_too() {
        let content = "<o><office:presentation><draw:page><draw:frame presentation:class='title'>\
            <draw:text-box><text:p>Lease</text:p></draw:text-box></draw:frame><draw:frame>\
            <draw:text-box><text:p>Rent</text:p></draw:text-box></draw:frame></draw:page>\
            <draw:page><text:p>two</text:p></draw:page></office:presentation></o>";
        let source = read(pack(&[("content.xml", content)])).unwrap();
        assert_eq!(source.pages, ["Lease\nRent", "two"]);
        assert_eq!(source.outline[0].title, "Lease");
    }
}
