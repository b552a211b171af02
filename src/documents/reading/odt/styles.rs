//! Styles: what they say about hidden text, breaks and numbers.

use std::collections::HashMap;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::lists::{LEVELS, Level};
use crate::documents::reading::xml;

/// Styles may be based on each other; a chain longer than this is a loop.
const DEEPEST: usize = 20;
/// Characters a bullet or the text around a number may have.
const LONGEST: usize = 16;

#[derive(Debug, Default)]
struct Style {
    parent: Option<String>,
    hidden: Option<bool>,
    breaks_before: Option<bool>,
    outline: Option<u32>,
    list: Option<String>,
}

/// The styles of a document, by name.
#[derive(Debug, Default)]
pub(super) struct Styles {
    by_name: HashMap<String, Style>,
    lists: HashMap<String, Box<[Level; LEVELS]>>,
}

/// The name the numbering of headings is kept under; no list style is named so.
pub(super) const OUTLINE: &str = "";

impl Styles {
    /// Adds the styles of a part; what cannot be read is left out.
    pub(super) fn add(&mut self, xml: &str) {
        let mut reader = Reader::from_str(xml);
        let mut current = (String::new(), Style::default());
        let mut list = String::new();
        loop {
            match reader.read_event() {
                Ok(Event::Start(element) | Event::Empty(element)) => {
                    self.element(&element, &mut current, &mut list);
                }
                Ok(Event::Eof) | Err(_) => break,
                Ok(_) => {}
            }
        }
        self.by_name.insert(current.0, current.1);
    }

    fn element(
        &mut self,
        element: &BytesStart<'_>,
        current: &mut (String, Style),
        list: &mut String,
    ) {
        let value = |name| xml::attribute(element, name);
        match element.local_name().into_inner() {
            "style" => {
                let style = Style {
                    parent: value("parent-style-name"),
                    outline: value("default-outline-level").and_then(|level| level.parse().ok()),
                    list: value("list-style-name"),
                    ..Style::default()
                };
                let next = (value("name").unwrap_or_default(), style);
                let (name, done) = std::mem::replace(current, next);
                self.by_name.insert(name, done);
            }
            "text-properties" => {
                let hidden = value("display").map(|display| display == "none");
                current.1.hidden = hidden.or(current.1.hidden);
            }
            "paragraph-properties" => {
                let breaks = value("break-before").map(|before| before == "page");
                current.1.breaks_before = breaks.or(current.1.breaks_before);
            }
            "table-properties" => {
                let hidden = value("display").map(|display| display == "false");
                current.1.hidden = hidden.or(current.1.hidden);
            }
            "list-style" => *list = value("name").unwrap_or_else(|| "?".into()),
            "outline-style" => OUTLINE.clone_into(list),
            "list-level-style-number" | "list-level-style-bullet" | "outline-level-style" => {
                self.level(element, list);
            }
            _ => {}
        }
    }

    fn level(&mut self, element: &BytesStart<'_>, list: &str) {
        let value = |name| xml::attribute(element, name);
        let short =
            |name| -> String { value(name).unwrap_or_default().chars().take(LONGEST).collect() };
        let number = |name| value(name).and_then(|number| number.parse::<u32>().ok());
        let index = number("level").unwrap_or(1).saturating_sub(1) as usize;
        let levels = self.lists.entry(list.to_owned()).or_default();
        let Some(level) = levels.get_mut(index) else { return };
        let private = |c: &char| ('\u{e000}'..='\u{f8ff}').contains(c);
        let bullet = value("bullet-char").and_then(|bullet| bullet.chars().next());
        *level = Level {
            bullet: bullet.map(|c| if private(&c) { '•' } else { c }),
            format: short("num-format"),
            prefix: short("num-prefix"),
            suffix: short("num-suffix"),
            start: number("start-value").unwrap_or(1),
            shown: number("display-levels").unwrap_or(1) as usize,
        };
    }

    /// The levels of a list style.
    pub(super) fn list(&self, name: &str) -> Option<&[Level; LEVELS]> {
        self.lists.get(name).map(Box::as_ref)
    }

    fn find<T>(&self, name: Option<&str>, get: impl Fn(&Style) -> Option<T>) -> Option<T> {
        let mut style = self.by_name.get(name?);
        for _ in 0..DEEPEST {
            let found = get(style?);
            if found.is_some() {
                return found;
            }
            style = self.by_name.get(style?.parent.as_deref()?);
        }
        None
    }

    /// Whether text of a style is hidden.
    pub(super) fn hides(&self, name: Option<&str>) -> bool {
        self.find(name, |style| style.hidden).unwrap_or(false)
    }

    /// Whether a paragraph of a style begins a page; this is not inherited by name.
    pub(super) fn breaks_before(&self, name: Option<&str>) -> bool {
        self.find(name, |style| style.breaks_before).unwrap_or(false)
    }

    /// How deep paragraphs of a style stand in the outline, from 1.
    pub(super) fn outline(&self, name: Option<&str>) -> Option<u32> {
        self.find(name, |style| style.outline)
    }

    /// The list style paragraphs of a style are numbered by.
    pub(super) fn list_of(&self, name: Option<&str>) -> Option<String> {
        self.find(name, |style| style.list.clone())
    }
}
