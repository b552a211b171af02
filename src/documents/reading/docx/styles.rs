//! Styles: what they say about numbering, the outline and hidden text.

use std::collections::HashMap;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use crate::documents::reading::xml;

/// Styles may be based on each other; a chain longer than this is a loop.
const DEEPEST: usize = 20;

/// A reference to a list: which one, and which of its levels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::documents::reading) struct ListRef {
    /// The list; 0 takes numbering away.
    pub(in crate::documents::reading) list: Option<u32>,
    /// The level, from 0.
    pub(in crate::documents::reading) level: Option<usize>,
}

#[derive(Debug, Default)]
struct Style {
    based_on: Option<String>,
    list: ListRef,
    /// How deep its paragraphs stand in the outline, from 0; 9 for not at all.
    outline: Option<u32>,
    /// Whether its text is hidden.
    hidden: Option<bool>,
}

/// The styles of a document, by their id.
#[derive(Debug, Default)]
pub(super) struct Styles {
    by_id: HashMap<String, Style>,
    default: Option<String>,
}

impl Styles {
    /// Reads `styles.xml`; what cannot be read is left out.
    pub(super) fn parse(xml: &str) -> Self {
        let mut styles = Self::default();
        let mut reader = Reader::from_str(xml);
        let mut current: Option<(String, Style)> = None;
        loop {
            match reader.read_event() {
                Ok(Event::Start(element) | Event::Empty(element)) => {
                    styles.element(&element, &mut current);
                }
                Ok(Event::Eof) | Err(_) => break,
                Ok(_) => {}
            }
        }
        styles.by_id.extend(current);
        styles
    }

    fn element(&mut self, element: &BytesStart<'_>, current: &mut Option<(String, Style)>) {
        let name = element.local_name().into_inner();
        if name == "style" {
            self.by_id.extend(current.take());
            let id = xml::attribute(element, "styleId").unwrap_or_default();
            let is = |name, wanted| xml::attribute(element, name).as_deref() == Some(wanted);
            if is("default", "1") && is("type", "paragraph") {
                self.default = Some(id.clone());
            }
            *current = Some((id, Style::default()));
            return;
        }
        let Some((_, style)) = current else { return };
        match name {
            "basedOn" => style.based_on = xml::val(element),
            "numId" => style.list.list = xml::number(element),
            "ilvl" => style.list.level = xml::number(element),
            "outlineLvl" => style.outline = xml::number(element),
            "vanish" => style.hidden = Some(xml::is_on(element)),
            "name" => style.outline = style.outline.or_else(|| heading_level(element)),
            _ => {}
        }
    }

    /// The list a style, or one it is based on, refers to, and the style that
    /// names it.
    pub(super) fn list(&self, id: Option<&str>) -> Option<(ListRef, &str)> {
        let mut next = id.or(self.default.as_deref());
        let mut found = ListRef::default();
        for _ in 0..DEEPEST {
            let (id, style) = self.by_id.get_key_value(next?)?;
            found.level = found.level.or(style.list.level);
            if style.list.list.is_some() {
                found.list = style.list.list;
                return Some((found, id));
            }
            next = style.based_on.as_deref();
        }
        None
    }

    /// How deep paragraphs of a style stand in the outline, from 0.
    pub(super) fn outline(&self, id: Option<&str>) -> Option<u32> {
        self.chain(id?).find_map(|id| self.by_id.get(id)?.outline)
    }

    /// Whether text of a style is hidden.
    pub(super) fn hides(&self, id: Option<&str>) -> bool {
        let Some(id) = id else { return false };
        self.chain(id).find_map(|id| self.by_id.get(id)?.hidden).unwrap_or(false)
    }

    /// A style and those it is based on, nearest first.
    pub(super) fn chain<'a>(&'a self, id: &'a str) -> impl Iterator<Item = &'a str> {
        let based_on =
            |id: &&'a str| self.by_id.get(*id).and_then(|style| style.based_on.as_deref());
        std::iter::successors(Some(id), based_on).take(DEEPEST)
    }
}

/// The outline level of the styles Word calls `heading 1` to `heading 9`.
fn heading_level(element: &BytesStart<'_>) -> Option<u32> {
    let name = xml::val(element)?.to_lowercase();
    let level: u32 = name.strip_prefix("heading ")?.trim().parse().ok()?;
    level.checked_sub(1)
}
