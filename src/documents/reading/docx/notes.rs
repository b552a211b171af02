//! Parts that stand apart from the body: notes, comments, running heads.

use std::collections::BTreeMap;

use quick_xml::Reader;
use quick_xml::events::Event;

use super::body::{Body, Context};
use super::numbering::Numbering;
use super::styles::Styles;
use crate::documents::reading::xml;

/// The texts of footnotes, endnotes or comments, by kind and id.
pub(super) type Notes = BTreeMap<(&'static str, String), String>;

/// Reads the texts of footnotes, endnotes or comments.
pub(super) fn read(xml: &str, kind: &'static str, styles: &Styles, notes: &mut Notes) {
    for (id, part) in split(xml, kind) {
        let text = plain(part, styles).replace('\n', " ");
        if !text.trim().is_empty() {
            notes.insert((kind, id), text.trim().to_owned());
        }
    }
}

/// The text of a part that stands apart from the body: a note, a running head.
pub(super) fn plain(xml: &str, styles: &Styles) -> String {
    let context = Context { styles: Some(styles), ..Context::default() };
    let mut body = Body::new(&context, Numbering::default());
    // What breaks off is kept as far as it goes.
    let _broken = body.walk(xml);
    body.into_text()
}

/// The elements of a name, each with its id and inner XML.
fn split<'a>(xml: &'a str, name: &str) -> Vec<(String, &'a str)> {
    let mut reader = Reader::from_str(xml);
    let mut parts = Vec::new();
    let mut open = None;
    loop {
        let before = position(&reader);
        match reader.read_event() {
            Ok(Event::Start(element)) if element.local_name().into_inner() == name => {
                let id = xml::attribute(&element, "id").unwrap_or_default();
                open = Some((id, position(&reader)));
            }
            Ok(Event::End(element)) if element.local_name().into_inner() == name => {
                if let Some((id, from)) = open.take() {
                    parts.extend(xml.get(from..before).map(|part| (id, part)));
                }
            }
            Ok(Event::Eof) | Err(_) => return parts,
            Ok(_) => {}
        }
    }
}

fn position(reader: &Reader<&[u8]>) -> usize {
    usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX)
}
