//! Numbers of lists and headings, counted as their styles say.

use std::collections::HashMap;

use super::styles::Styles;
use crate::documents::reading::count::count_as;

/// OpenDocument knows ten levels.
pub(super) const LEVELS: usize = 10;

/// One level of a list style.
#[derive(Debug, Clone, Default)]
pub(super) struct Level {
    /// The bullet, when it has no number.
    pub(super) bullet: Option<char>,
    /// How it counts: `1`, `a`, `A`, `i`, `I`, or nothing.
    pub(super) format: String,
    /// Before the number.
    pub(super) prefix: String,
    /// After the number.
    pub(super) suffix: String,
    /// The first number.
    pub(super) start: u32,
    /// How many levels are shown.
    pub(super) shown: usize,
}

/// How far a list has counted at each level; `None` where it has not begun.
type Counts = [Option<u32>; LEVELS];

/// The lists being read.
#[derive(Debug, Default)]
pub(super) struct Lists {
    /// The styles of the open lists, outermost first.
    open: Vec<String>,
    counts: Counts,
    /// How far lists of each style have counted when they ended.
    ended: HashMap<String, Counts>,
}

impl Lists {
    /// Opens a list, in the open item if there is one.
    pub(super) fn begin(&mut self, style: Option<String>, continues: bool) {
        let style = style.or_else(|| self.open.last().cloned()).unwrap_or_else(|| "?".into());
        if self.open.is_empty() {
            let before = self.ended.get(&style).filter(|_| continues);
            self.counts = before.copied().unwrap_or_default();
        }
        self.open.push(style);
    }

    /// Ends the innermost list.
    pub(super) fn end(&mut self) {
        let depth = self.open.len();
        if let Some(style) = self.open.pop().filter(|_| depth == 1) {
            self.ended.insert(style, self.counts);
        }
        if let Some(counts) = self.counts.get_mut(depth..) {
            counts.fill(None);
        }
    }

    /// The mark of the next item of the innermost list, empty for none.
    pub(super) fn item(&mut self, styles: &Styles, start: Option<u32>) -> String {
        let Some(style) = self.open.last() else { return String::new() };
        let at = self.open.len() - 1;
        let Some(levels) = styles.list(style) else { return String::new() };
        mark(levels, &mut self.counts, at, start)
    }

    /// The number of a heading, empty for none. `level` counts from 0.
    pub(super) fn heading(&mut self, styles: &Styles, level: usize) -> String {
        let Some(levels) = styles.list(super::styles::OUTLINE) else { return String::new() };
        let counts = self.ended.entry(super::styles::OUTLINE.to_owned()).or_default();
        mark(levels, counts, level, None)
    }
}

/// Counts one on and writes the number.
fn mark(levels: &[Level; LEVELS], counts: &mut Counts, at: usize, start: Option<u32>) -> String {
    let Some(level) = levels.get(at) else { return String::new() };
    let next = counts[at].map_or(level.start, |count| count.saturating_add(1));
    counts[at] = Some(start.unwrap_or(next));
    counts[at + 1..].fill(None);
    if let Some(bullet) = level.bullet {
        return format!("{bullet} ");
    }
    if level.format.is_empty() {
        return String::new();
    }
    let first = (at + 1).saturating_sub(level.shown.max(1));
    let numbers: Vec<String> = (first..=at)
        .filter(|index| !levels[*index].format.is_empty())
        .map(|index| {
            let format = match levels[index].format.as_str() {
                "a" => "lowerLetter",
                "A" => "upperLetter",
                "i" => "lowerRoman",
                "I" => "upperRoman",
                "१, २, ३, ..." => "hindiNumbers",
                _ => "decimal",
            };
            count_as(format, counts[index].unwrap_or(levels[index].start))
        })
        .collect();
    format!("{}{}{} ", level.prefix, numbers.join("."), level.suffix)
}
