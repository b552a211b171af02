//! Automatic numbers, counted as Word counts them.
//!
//! A *list* (`w:num`) refers to a *pattern* (`w:abstractNum`) of nine levels,
//! each with a start, a number format and a text such as `%1.%2`. Lists that
//! share a pattern share its counters. A list may restart them, which it does
//! once: at the level of its first paragraph. Higher levels count on.

use std::collections::{HashMap, HashSet};

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::styles::{ListRef, Styles};
use crate::documents::reading::count::count_as;
use crate::documents::reading::xml;

/// Word knows nine levels.
const LEVELS: usize = 9;
/// Characters the text of a number may have.
const LONGEST: usize = 64;

/// One level of a pattern.
#[derive(Debug, Clone)]
pub(in crate::documents::reading) struct Level {
    /// The first number.
    pub(in crate::documents::reading) start: u32,
    /// How it counts, by the name Word gives it.
    pub(in crate::documents::reading) format: String,
    /// The text of the number, such as `%1.%2`.
    pub(in crate::documents::reading) text: String,
    /// Written directly before the text, without a space.
    pub(in crate::documents::reading) joined: bool,
    /// All numbers in the text are decimal.
    pub(in crate::documents::reading) legal: bool,
    /// Counts on when a higher level moves.
    pub(in crate::documents::reading) keeps_on: bool,
    /// The paragraph style this level belongs to.
    pub(in crate::documents::reading) style: Option<String>,
}

impl Default for Level {
    fn default() -> Self {
        Self {
            // Word counts from zero where the file does not say otherwise.
            start: 0,
            format: "decimal".into(),
            text: String::new(),
            joined: false,
            legal: false,
            keeps_on: false,
            style: None,
        }
    }
}

#[derive(Debug, Default)]
struct Pattern {
    levels: [Option<Level>; LEVELS],
    /// The style whose list really defines this pattern.
    linked: Option<String>,
}

#[derive(Debug, Default)]
struct List {
    pattern: u32,
    starts: HashMap<usize, u32>,
    levels: HashMap<usize, Level>,
}

/// The lists of a document and how far each has counted.
#[derive(Debug, Default)]
pub(in crate::documents::reading) struct Numbering {
    patterns: HashMap<u32, Pattern>,
    lists: HashMap<u32, List>,
    counters: HashMap<u32, [Option<u32>; LEVELS]>,
    /// Lists met so far.
    begun: HashSet<u32>,
}

/// Where the parser is.
#[derive(Default)]
struct At {
    pattern: Option<u32>,
    list: Option<u32>,
    level: Option<usize>,
    overridden: Option<usize>,
}

impl Numbering {
    /// Reads `numbering.xml`; what cannot be read is left out.
    pub(super) fn parse(xml: &str, styles: &Styles) -> Self {
        let mut numbering = Self::default();
        let mut reader = Reader::from_str(xml);
        let mut at = At::default();
        loop {
            match reader.read_event() {
                Ok(Event::Start(element) | Event::Empty(element)) => {
                    numbering.element(&element, &mut at);
                }
                Ok(Event::End(element)) => match element.local_name().into_inner() {
                    "lvl" => at.level = None,
                    "lvlOverride" => at.overridden = None,
                    "abstractNum" => at.pattern = None,
                    "num" => at.list = None,
                    _ => {}
                },
                Ok(Event::Eof) | Err(_) => break,
                Ok(_) => {}
            }
        }
        numbering.follow_links(styles);
        numbering
    }

    /// Adds a pattern of levels.
    pub(in crate::documents::reading) fn add_pattern(&mut self, id: u32, levels: Vec<Level>) {
        let pattern = self.patterns.entry(id).or_default();
        for (place, level) in pattern.levels.iter_mut().zip(levels) {
            *place = Some(level);
        }
    }

    /// Adds a list of a pattern, with the levels it starts anew or shapes itself.
    pub(in crate::documents::reading) fn add_list(
        &mut self,
        id: u32,
        pattern: u32,
        starts: HashMap<usize, u32>,
        levels: HashMap<usize, Level>,
    ) {
        self.lists.insert(id, List { pattern, starts, levels });
    }

    fn element(&mut self, element: &BytesStart<'_>, at: &mut At) {
        let id = |name: &str| xml::attribute(element, name).and_then(|id| id.parse::<u32>().ok());
        let level = || id("ilvl").map(|level| level as usize).filter(|level| *level < LEVELS);
        match element.local_name().into_inner() {
            "abstractNum" => {
                at.pattern = id("abstractNumId");
                at.list = None;
            }
            "num" => {
                at.list = id("numId");
                at.pattern = None;
            }
            "abstractNumId" => {
                if let (Some(list), Some(pattern)) = (at.list, xml::number(element)) {
                    self.lists.entry(list).or_default().pattern = pattern;
                }
            }
            "numStyleLink" => {
                if let Some(pattern) = at.pattern {
                    self.patterns.entry(pattern).or_default().linked = xml::val(element);
                }
            }
            "lvlOverride" => at.overridden = level(),
            "startOverride" => {
                if let (Some(list), Some(level), Some(start)) =
                    (at.list, at.overridden, xml::number(element))
                {
                    self.lists.entry(list).or_default().starts.insert(level, start);
                }
            }
            "lvl" => at.level = level(),
            name => {
                if let Some(level) = self.level_at(at) {
                    level.set(name, element);
                }
            }
        }
    }

    /// The level being described, made when first touched.
    fn level_at(&mut self, at: &At) -> Option<&mut Level> {
        let level = at.level?;
        if let Some(pattern) = at.pattern {
            let levels = &mut self.patterns.entry(pattern).or_default().levels;
            return Some(levels.get_mut(level)?.get_or_insert_default());
        }
        let list = self.lists.entry(at.list?).or_default();
        Some(list.levels.entry(level).or_default())
    }

    /// Lets lists whose pattern only names a style use that style's pattern.
    fn follow_links(&mut self, styles: &Styles) {
        let mut moves = Vec::new();
        for (id, list) in &self.lists {
            let style = self.patterns.get(&list.pattern).and_then(|p| p.linked.as_deref());
            let target = styles
                .list(style.filter(|style| !style.is_empty()))
                .filter(|_| style.is_some())
                .and_then(|(found, _)| self.lists.get(&found.list?));
            if let Some(target) = target {
                moves.push((*id, target.pattern));
            }
        }
        for (id, pattern) in moves {
            self.lists.entry(id).or_default().pattern = pattern;
        }
    }

    /// Counts a paragraph and gives the number Word shows before it, with the
    /// space that follows; empty when the paragraph is not numbered.
    pub(in crate::documents::reading) fn label(
        &mut self,
        reference: ListRef,
        styles: &[&str],
    ) -> String {
        let Some(list_id) = reference.list.filter(|list| *list != 0) else { return String::new() };
        let Some(list) = self.lists.get(&list_id) else { return String::new() };
        let Some(pattern) = self.patterns.get(&list.pattern) else { return String::new() };
        let level =
            reference.level.or_else(|| pattern.level_of_style(styles)).unwrap_or(0).min(LEVELS - 1);
        let Some(shape) = list.levels.get(&level).or(pattern.levels[level].as_ref()) else {
            return String::new();
        };
        let first = self.begun.insert(list_id);
        let counters = self.counters.entry(list.pattern).or_default();
        let restart = list.starts.get(&level).filter(|_| first);
        counters[level] = Some(match (restart, counters[level]) {
            (Some(start), _) => *start,
            (None, Some(count)) => count.saturating_add(1),
            (None, None) => list.starts.get(&level).copied().unwrap_or(shape.start),
        });
        for (count, deeper) in counters.iter_mut().zip(&pattern.levels).skip(level + 1) {
            if !deeper.as_ref().is_some_and(|level| level.keeps_on) {
                *count = None;
            }
        }
        let levels = std::array::from_fn(|at| {
            list.levels.get(&at).or_else(|| pattern.levels.get(at)?.as_ref())
        });
        let text = render(shape, &levels, counters);
        if text.is_empty() || shape.joined { text } else { text + " " }
    }
}

impl Pattern {
    fn level_of_style(&self, styles: &[&str]) -> Option<usize> {
        let is = |level: &Option<Level>, style: &str| {
            level.as_ref().is_some_and(|level| level.style.as_deref() == Some(style))
        };
        styles.iter().find_map(|style| self.levels.iter().position(|level| is(level, style)))
    }
}

impl Level {
    fn set(&mut self, name: &str, element: &BytesStart<'_>) {
        match name {
            "start" => self.start = xml::number(element).unwrap_or(1),
            "numFmt" => self.format = xml::val(element).unwrap_or_default(),
            "lvlText" => {
                let text = xml::val(element).unwrap_or_default();
                self.text = text.chars().take(LONGEST).collect();
            }
            "suff" => self.joined = xml::val(element).as_deref() == Some("nothing"),
            "isLgl" => self.legal = xml::is_on(element),
            "lvlRestart" => self.keeps_on = xml::number(element) == Some(0),
            "pStyle" => self.style = xml::val(element),
            _ => {}
        }
    }
}

/// Fills a level's text: `%1` is the count of the first level, and so on.
fn render(
    shape: &Level,
    levels: &[Option<&Level>; LEVELS],
    counters: &[Option<u32>; LEVELS],
) -> String {
    if shape.format == "bullet" {
        let plain = shape.text.chars().all(|c| !('\u{e000}'..='\u{f8ff}').contains(&c));
        let bullet = if plain && !shape.text.is_empty() { shape.text.trim() } else { "•" };
        return bullet.to_owned();
    }
    let mut text = String::new();
    let mut rest = shape.text.chars().peekable();
    while let Some(c) = rest.next() {
        let level = rest.peek().and_then(|c| c.to_digit(10)).filter(|_| c == '%');
        let Some(index) = level.and_then(|level| (level as usize).checked_sub(1)) else {
            text.push(c);
            continue;
        };
        rest.next();
        let own = levels.get(index).copied().flatten();
        let start = own.map_or(1, |level| level.start);
        let count = counters.get(index).copied().flatten().unwrap_or(start);
        let format = own.map_or("decimal", |level| level.format.as_str());
        let format = if shape.legal { "decimal" } else { format };
        text.push_str(&count_as(format, count));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_of_one_pattern_count_on_unless_restarted() {
        let xml = "<n><abstractNum abstractNumId='4'><lvl ilvl='0'><start val='1'/>\
            <numFmt val='decimal'/><lvlText val='%1)'/></lvl></abstractNum>\
            <num numId='1'><abstractNumId val='4'/></num>\
            <num numId='2'><abstractNumId val='4'/></num>\
            <num numId='3'><abstractNumId val='4'/><lvlOverride ilvl='0'>\
            <startOverride val='1'/></lvlOverride></num></n>";
        let mut numbering = Numbering::parse(xml, &Styles::default());
        let mut label = |list| {
            let reference = ListRef { list: Some(list), level: Some(0) };
            numbering.label(reference, &[])
        };
        assert_eq!([label(1), label(2), label(3), label(3)], ["1) ", "2) ", "1) ", "2) "]);
        assert_eq!(label(0), "");
        assert_eq!(label(9), "");
    }
    #[test]
    fn a_list_may_shape_a_level_its_own_way() {
        let level = |format| {
            format!(
                "<lvl ilvl='0'><start val='1'/><numFmt val='{format}'/>\
            <lvlText val='%1'/></lvl>"
            )
        };
        let xml = format!(
            "<n><abstractNum abstractNumId='4'>{}</abstractNum><num numId='1'>\
             <abstractNumId val='4'/></num><num numId='2'><abstractNumId val='4'/>\
             <lvlOverride ilvl='0'>{}</lvlOverride></num></n>",
            level("decimal"),
            level("upperLetter")
        );
        let mut numbering = Numbering::parse(&xml, &Styles::default());
        let mut label = |list| numbering.label(ListRef { list: Some(list), level: Some(0) }, &[]);
        assert_eq!([label(1), label(2), label(2), label(1)], ["1 ", "B ", "C ", "4 "]);
    }

    #[test]
    fn a_level_without_a_start_counts_from_zero() {
        let xml = "<n><abstractNum abstractNumId='4'><lvl ilvl='0'><numFmt val='decimal'/>\
            <lvlText val='%1.'/></lvl></abstractNum><num numId='1'><abstractNumId val='4'/></num></n>";
        let mut numbering = Numbering::parse(xml, &Styles::default());
        let reference = ListRef { list: Some(1), level: Some(0) };
        assert_eq!(
            [numbering.label(reference, &[]), numbering.label(reference, &[])],
            ["0. ", "1. "]
        );
    }

    #[test]
    fn a_list_restarts_only_the_level_it_begins_at() {
        let level = |level| {
            format!(
                "<lvl ilvl='{level}'><start val='1'/><numFmt val='decimal'/>\
                 <lvlText val='%{}.'/></lvl>",
                level + 1
            )
        };
        let over =
            |level| format!("<lvlOverride ilvl='{level}'><startOverride val='1'/></lvlOverride>");
        let xml = format!(
            "<n><abstractNum abstractNumId='4'>{}{}</abstractNum>\
             <num numId='1'><abstractNumId val='4'/></num>\
             <num numId='2'><abstractNumId val='4'/>{}{}</num></n>",
            level(0),
            level(1),
            over(0),
            over(1)
        );
        let mut numbering = Numbering::parse(&xml, &Styles::default());
        let mut label =
            |list, level| numbering.label(ListRef { list: Some(list), level: Some(level) }, &[]);
        assert_eq!(
            [label(1, 0), label(1, 1), label(2, 1), label(2, 0)],
            ["1. ", "1. ", "1. ", "2. "]
        );
    }
}
