//! Follows the XML of one slide and gathers the lines of its shapes.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use crate::documents::reading::xml;

/// Between the cells of a row.
const CELL: &str = " | ";

/// A shape with text.
#[derive(Debug, Default)]
pub(super) struct Shape {
    /// What it is on the slide: `title`, `body`, `ftr`, …; empty for others.
    kind: String,
    /// It is not shown.
    pub(super) hidden: bool,
    /// Its paragraphs, or the rows of its table.
    pub(super) lines: Vec<String>,
}

impl Shape {
    /// Whether it is the title of the slide.
    pub(super) fn is_title(&self) -> bool {
        matches!(self.kind.as_str(), "title" | "ctrTitle")
    }

    /// Whether it is a running head or foot, or a date.
    pub(super) fn is_furniture(&self) -> bool {
        matches!(self.kind.as_str(), "hdr" | "ftr" | "dt")
    }
}

/// A slide taken apart.
#[derive(Debug)]
pub(super) struct Slide {
    /// Its shapes, in the order of the file.
    pub(super) shapes: Vec<Shape>,
    /// Whether it is shown.
    pub(super) shown: bool,
}

/// Where the reader of a slide is.
#[derive(Default)]
struct Walk {
    shapes: Vec<Shape>,
    line: String,
    in_text: bool,
    cell: Option<String>,
    cells: Vec<String>,
    /// Inside an element whose text is left out, so deep.
    skipped: usize,
}

/// Takes a slide apart; what comes after a break in the XML is left out.
pub(super) fn read(content: &str) -> Slide {
    let mut reader = Reader::from_str(content);
    let mut walk = Walk::default();
    let mut shown = true;
    loop {
        match reader.read_event() {
            Ok(Event::Start(element)) if walk.skipped > 0 || leaves_out(&element) => {
                walk.skipped += 1;
            }
            Ok(Event::End(_)) if walk.skipped > 0 => walk.skipped -= 1,
            Ok(Event::Eof) | Err(_) => break,
            Ok(_) if walk.skipped > 0 => {}
            Ok(Event::Start(element)) => {
                if element.local_name().into_inner() == "sld" {
                    let show = xml::attribute(&element, "show");
                    shown = !matches!(show.as_deref(), Some("0" | "false"));
                }
                walk.start(&element);
            }
            Ok(Event::Empty(element)) if !leaves_out(&element) => {
                walk.start(&element);
                walk.end(element.local_name().into_inner());
            }
            Ok(Event::End(element)) => walk.end(element.local_name().into_inner()),
            Ok(Event::Text(text)) if walk.in_text => walk.line.push_str(&text.xml10_content()),
            Ok(Event::GeneralRef(reference)) if walk.in_text => {
                walk.line.extend(xml::character(&reference));
            }
            Ok(_) => {}
        }
    }
    walk.end("p");
    walk.shapes.retain(|shape| !shape.lines.is_empty() && shape.kind != "sldNum");
    Slide { shapes: walk.shapes, shown }
}

/// The copy for older programs, and the number of the slide.
fn leaves_out(element: &BytesStart<'_>) -> bool {
    match element.local_name().into_inner() {
        "Fallback" => true,
        "fld" => xml::attribute(element, "type").as_deref() == Some("slidenum"),
        _ => false,
    }
}

impl Walk {
    fn start(&mut self, element: &BytesStart<'_>) {
        match element.local_name().into_inner() {
            "sp" | "graphicFrame" | "cxnSp" | "pic" => self.shapes.push(Shape::default()),
            "cNvPr" => {
                let hidden = xml::attribute(element, "hidden");
                if let Some(shape) = self.shapes.last_mut() {
                    shape.hidden |= matches!(hidden.as_deref(), Some("1" | "true"));
                }
            }
            "ph" => {
                if let Some(shape) = self.shapes.last_mut() {
                    shape.kind = xml::attribute(element, "type").unwrap_or_default();
                }
            }
            "t" => self.in_text = true,
            "br" | "tab" => self.line.push(' '),
            "tc" => self.cell = Some(String::new()),
            _ => {}
        }
    }

    fn end(&mut self, name: &str) {
        match name {
            "t" => self.in_text = false,
            "p" => {
                let line = std::mem::take(&mut self.line);
                let line = line.trim();
                match &mut self.cell {
                    _ if line.is_empty() => {}
                    Some(cell) if cell.is_empty() => line.clone_into(cell),
                    Some(cell) => cell.extend([" ", line]),
                    None => self.add(line.to_owned()),
                }
            }
            "tc" => self.cells.extend(self.cell.take()),
            "tr" => {
                let row = std::mem::take(&mut self.cells).join(CELL);
                let row = row.trim_end_matches([' ', '|']);
                if !row.is_empty() {
                    self.add(row.to_owned());
                }
            }
            _ => {}
        }
    }

    /// Adds a line to the shape being read.
    fn add(&mut self, line: String) {
        if self.shapes.is_empty() {
            self.shapes.push(Shape::default());
        }
        if let Some(shape) = self.shapes.last_mut() {
            shape.lines.push(line);
        }
    }
}
