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
use super::xml;

/// Word knows nine levels.
const LEVELS: usize = 9;

/// One level of a pattern.
#[derive(Debug, Clone)]
struct Level {
    start: u32,
    format: String,
    text: String,
    /// Written directly before the text, without a space.
    joined: bool,
    /// All numbers in the text are decimal.
    legal: bool,
    /// Counts on when a higher level moves.
    keeps_on: bool,
    /// The paragraph style this level belongs to.
    style: Option<String>,
}

impl Default for Level {
    fn default() -> Self {
        Self {
            start: 1,
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
pub(super) struct Numbering {
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
    pub(super) fn label(&mut self, reference: ListRef, styles: &[&str]) -> String {
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
        let text = render(shape, &pattern.levels, counters);
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
            "lvlText" => self.text = xml::val(element).unwrap_or_default(),
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
    levels: &[Option<Level>; LEVELS],
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
        let own = levels.get(index).and_then(Option::as_ref);
        let start = own.map_or(1, |level| level.start);
        let count = counters.get(index).copied().flatten().unwrap_or(start);
        let format = own.map_or("decimal", |level| level.format.as_str());
        let format = if shape.legal { "decimal" } else { format };
        text.push_str(&count_as(format, count));
    }
    text
}

/// A count in one of Word's number formats; unknown ones count in decimal.
fn count_as(format: &str, count: u32) -> String {
    match format {
        "none" => String::new(),
        "lowerLetter" => letters(count, b'a'),
        "upperLetter" => letters(count, b'A'),
        "lowerRoman" => roman(count).to_lowercase(),
        "upperRoman" => roman(count),
        "decimalZero" => format!("{count:02}"),
        "ordinal" => format!("{count}{}", ordinal_end(count)),
        "hindiNumbers" => {
            let digit = |c: char| c.to_digit(10).and_then(|d| char::from_u32(0x0966 + d));
            count.to_string().chars().filter_map(digit).collect()
        }
        _ => count.to_string(),
    }
}

/// a … z, aa, bb …: Word repeats the letter.
fn letters(count: u32, first: u8) -> String {
    let Some(index) = count.checked_sub(1) else { return "0".into() };
    let letter = u8::try_from(index % 26).map_or(first, |offset| first + offset);
    char::from(letter).to_string().repeat((index as usize / 26 + 1).min(40))
}

fn roman(count: u32) -> String {
    const SIGNS: [(u32, &str); 13] = [
        (1000, "M"),
        (900, "CM"),
        (500, "D"),
        (400, "CD"),
        (100, "C"),
        (90, "XC"),
        (50, "L"),
        (40, "XL"),
        (10, "X"),
        (9, "IX"),
        (5, "V"),
        (4, "IV"),
        (1, "I"),
    ];
    if count > 9999 {
        return count.to_string();
    }
    let mut left = count;
    let mut text = String::new();
    for (value, sign) in SIGNS {
        while left >= value {
            text.push_str(sign);
            left -= value;
        }
    }
    text
}

fn ordinal_end(count: u32) -> &'static str {
    match (count % 10, count % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_take_every_form() {
        assert_eq!(count_as("lowerLetter", 28), "bb");
        assert_eq!(count_as("upperRoman", 1994), "MCMXCIV");
        assert_eq!(count_as("lowerRoman", 4), "iv");
        assert_eq!(count_as("ordinal", 22), "22nd");
        assert_eq!(count_as("hindiNumbers", 12), "१२");
        assert_eq!(count_as("decimalZero", 7), "07");
        assert_eq!(count_as("chicago", 3), "3");
    }

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
