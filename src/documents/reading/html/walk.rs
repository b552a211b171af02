//! Takes the tags and text of a web page as they come.

use std::cell::RefCell;

use html5ever::tokenizer::{StartTag, Tag, Token, TokenSink, TokenSinkResult};

use super::conceal::{self, Sheet};
use super::elements::{Kind, Raw, is_void, kind, raw};
use super::programs::{self, attribute};
use crate::documents::reading::aside::{Aside, Asides};
use crate::documents::reading::count::count_as;
use crate::documents::reading::flow::Flow;
use crate::documents::reading::source::Source;
use crate::documents::reading::{FindingKind, ReadError};

/// Lists in lists deeper than this lose their marks.
const DEEPEST: usize = 100;
/// Characters kept of a title.
const TITLE: usize = 300;
/// Bytes of a style sheet looked at.
const SHEET: usize = 1 << 20;

/// An open list.
#[derive(Debug, Default)]
struct List {
    /// How it counts: `1`, `a`, `A`, `i`, `I`; `None` for bullets.
    count: Option<char>,
    next: u32,
}

/// An element that is not shown.
#[derive(Debug)]
struct Hidden {
    name: String,
    /// Elements of its name open inside it, itself included.
    depth: usize,
    /// Tables and lists open inside it.
    inner: usize,
}

#[derive(Debug, Default)]
struct State {
    flow: Flow,
    asides: Asides,
    sheet: Sheet,
    title: String,
    line: String,
    /// A space is due before the next word.
    space: bool,
    /// The mark of a list item, due before its first word.
    mark: Option<String>,
    heading: Option<u32>,
    preformatted: usize,
    lists: Vec<List>,
    /// For each open table, whether a cell is open.
    tables: Vec<bool>,
    raw: Option<(String, Raw)>,
    /// What stands in a script or style sheet.
    script: String,
    hidden: Option<Hidden>,
    /// Something is painted somewhere, so white letters may be seen.
    painted: bool,
}

/// Receives the tokens of a page and makes text of them.
pub(super) struct Walk(RefCell<State>);

impl Walk {
    /// Starts with the whole page, to see whether anything is painted on it.
    pub(super) fn new(page: &str) -> Self {
        let painted =
            ["background", "bgcolor", "stylesheet"].iter().any(|word| page.contains(word));
        Self(RefCell::new(State { painted, ..State::default() }))
    }

    /// What was read.
    ///
    /// # Errors
    /// Fails when there was more text than any document has.
    pub(super) fn finish(self) -> Result<Source, ReadError> {
        let mut state = self.0.into_inner();
        state.end_line();
        let (pages, outline) = state.flow.finish()?;
        let title = state.title.split_whitespace().collect::<Vec<_>>().join(" ");
        let findings = state.asides.into_findings();
        let title = (!title.is_empty()).then_some(title);
        Ok(Source { title, pages, outline, findings, ..Source::default() })
    }
}

impl TokenSink for Walk {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        let mut state = self.0.borrow_mut();
        match token {
            Token::CharacterTokens(text) => state.text(&text),
            Token::TagToken(tag) if tag.kind == StartTag => return state.start(&tag),
            Token::TagToken(tag) => state.end(&tag.name),
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

impl State {
    fn text(&mut self, text: &str) {
        match &self.raw {
            Some((_, Raw::Script)) => return push_some(&mut self.script, text, TITLE),
            Some((_, Raw::Style)) => return push_some(&mut self.script, text, SHEET),
            Some((_, Raw::Title)) => return push_some(&mut self.title, text, TITLE),
            Some((_, Raw::Skip)) => return,
            None => {}
        }
        if self.hidden.is_some() {
            return self.asides.take(Aside::Hidden, text);
        }
        for c in text.chars() {
            if self.preformatted > 0 && c == '\n' {
                self.flush();
            } else if self.preformatted > 0 {
                self.line.push(c);
            } else if c.is_ascii_whitespace() {
                self.space = true;
            } else {
                self.begin_word();
                self.line.push(c);
            }
        }
    }

    /// Writes what is due before a word.
    fn begin_word(&mut self) {
        if let Some(mark) = self.mark.take() {
            self.line.push_str(&mark);
        }
        if std::mem::take(&mut self.space) && !self.line.is_empty() && !self.line.ends_with(' ') {
            self.line.push(' ');
        }
    }

    /// Ends the line, if anything is on it.
    fn end_line(&mut self) {
        self.space = false;
        if !self.line.trim().is_empty() {
            self.flush();
        }
        self.line.clear();
    }

    fn flush(&mut self) {
        let line = std::mem::take(&mut self.line);
        match self.heading {
            Some(depth) => self.flow.heading(&line, depth),
            None => self.flow.line(&line),
        }
    }

    fn start(&mut self, tag: &Tag) -> TokenSinkResult<()> {
        let name = &*tag.name;
        programs::note(&mut self.asides, tag);
        if self.still_hidden(name) {
            return raw(name).map_or(TokenSinkResult::Continue, |(kind, _)| {
                self.raw = Some((name.to_owned(), Raw::Skip));
                TokenSinkResult::RawData(kind)
            });
        }
        if let Some((kind, raw)) = raw(name) {
            self.raw = Some((name.to_owned(), raw));
            return TokenSinkResult::RawData(kind);
        }
        let style = attribute(tag, "style").unwrap_or_default().to_lowercase();
        if !is_void(name) && self.hides(tag, &style) {
            if kind(name) != Kind::Inline {
                self.end_line();
            }
            self.asides.end_line();
            self.hidden = Some(Hidden { name: name.to_owned(), depth: 1, inner: 0 });
            return TokenSinkResult::Continue;
        }
        self.begin_block(name);
        if style.contains("page-break-before") && style.contains("always") {
            self.flow.end_page();
        }
        self.open(tag);
        TokenSinkResult::Continue
    }

    /// Whether a tag that starts stands inside something hidden.
    fn still_hidden(&mut self, name: &str) -> bool {
        let Some(hidden) = &mut self.hidden else { return false };
        let same = hidden.name == name;
        let implied = match hidden.name.as_str() {
            "p" => kind(name) != Kind::Inline,
            "li" | "dt" | "dd" | "tr" | "td" | "th" | "option" => same && hidden.inner == 0,
            _ => false,
        };
        if implied {
            self.hidden = None;
            return false;
        }
        hidden.depth += usize::from(same && !is_void(name));
        hidden.inner += usize::from(matches!(name, "ul" | "ol" | "dl" | "table"));
        true
    }

    fn hides(&self, tag: &Tag, style: &str) -> bool {
        let value = |name| attribute(tag, name).unwrap_or_default();
        let white =
            || conceal::plain_color(value("color")) == conceal::WHITE || conceal::is_white(style);
        matches!(&*tag.name, "template" | "datalist")
            || attribute(tag, "hidden").is_some_and(|hidden| hidden != "until-found")
            || conceal::hides(style)
            || (!self.painted && white())
            || self.sheet.hides(&tag.name, value("id"), value("class"))
    }

    fn begin_block(&mut self, name: &str) {
        if kind(name) != Kind::Inline {
            self.end_line();
        }
        // A list in an item follows it closely.
        if kind(name) == Kind::Apart && self.lists.is_empty() {
            self.flow.gap();
        }
    }

    fn open(&mut self, tag: &Tag) {
        match &*tag.name {
            "br" => {
                self.space = false;
                self.flush();
            }
            "pre" => self.preformatted += 1,
            name @ ("h1" | "h2" | "h3" | "h4" | "h5" | "h6") => {
                let level = name[1..].parse::<u32>().unwrap_or(1);
                self.heading = Some(level.saturating_sub(1));
            }
            "ul" => self.begin_list(List::default()),
            "ol" => {
                let count = attribute(tag, "type").and_then(|kind| kind.chars().next());
                let next = attribute(tag, "start").and_then(|start| start.parse().ok());
                self.begin_list(List { count: count.or(Some('1')), next: next.unwrap_or(1) });
            }
            "li" => self.mark = self.next_mark(tag),
            "table" => {
                self.flow.begin_table();
                self.tables.push(false);
            }
            "tr" => self.end_row(),
            "td" | "th" => {
                self.end_cell();
                if let Some(cell) = self.tables.last_mut() {
                    *cell = true;
                }
            }
            "input"
                if matches!(attribute(tag, "type"), None | Some("text" | "submit" | "button")) =>
            {
                let value = attribute(tag, "value").unwrap_or_default().to_owned();
                self.space = true;
                self.text(&value);
                self.space = true;
            }
            _ => {}
        }
    }

    fn begin_list(&mut self, list: List) {
        if self.lists.len() < DEEPEST {
            self.lists.push(list);
        }
    }

    fn next_mark(&mut self, tag: &Tag) -> Option<String> {
        let list = self.lists.last_mut()?;
        let Some(count) = list.count else { return Some("• ".into()) };
        let number = attribute(tag, "value").and_then(|value| value.parse().ok());
        let number: u32 = number.unwrap_or(list.next);
        list.next = number.saturating_add(1);
        let format = match count {
            'a' => "lowerLetter",
            'A' => "upperLetter",
            'i' => "lowerRoman",
            'I' => "upperRoman",
            _ => "decimal",
        };
        Some(format!("{}. ", count_as(format, number)))
    }

    fn end(&mut self, name: &str) {
        if let Some((open, raw)) = self.raw.take() {
            let content = std::mem::take(&mut self.script);
            match raw {
                Raw::Script if !content.trim().is_empty() => {
                    let script = content.split_whitespace().collect::<Vec<_>>().join(" ");
                    self.asides.note(FindingKind::Script, script);
                }
                Raw::Style => self.sheet.add(&content),
                _ => {}
            }
            if open == name {
                return;
            }
        }
        if self.ends_hidden(name) {
            return;
        }
        if kind(name) != Kind::Inline || name == "title" {
            self.end_line();
        }
        match name {
            "pre" => self.preformatted = self.preformatted.saturating_sub(1),
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => self.heading = None,
            "ul" | "ol" => {
                self.lists.pop();
                self.mark = None;
            }
            "li" => self.mark = None,
            "caption" | "tr" => self.end_row(),
            "td" | "th" => self.end_cell(),
            "table" if !self.tables.is_empty() => {
                self.end_cell();
                self.tables.pop();
                self.flow.end_table();
            }
            _ => {}
        }
        if kind(name) == Kind::Apart && self.lists.is_empty() {
            self.flow.gap();
        }
    }

    /// Takes an end tag inside something hidden; whether it was spent on that.
    fn ends_hidden(&mut self, name: &str) -> bool {
        let Some(hidden) = &mut self.hidden else { return false };
        self.asides.take(Aside::Hidden, " ");
        if hidden.name == name {
            hidden.depth -= 1;
            if hidden.depth == 0 {
                self.hidden = None;
            }
            return true;
        }
        let container = matches!(name, "ul" | "ol" | "dl" | "table");
        let item = matches!(
            hidden.name.as_str(),
            "p" | "li" | "dt" | "dd" | "tr" | "td" | "th" | "option"
        );
        if container && hidden.inner > 0 {
            hidden.inner -= 1;
            return true;
        }
        if name == "body" || name == "html" || (item && kind(name) != Kind::Inline) {
            self.hidden = None;
            return false;
        }
        true
    }

    fn end_cell(&mut self) {
        if let Some(open @ true) = self.tables.last_mut() {
            *open = false;
            self.flow.end_cell();
        }
    }

    fn end_row(&mut self) {
        self.end_cell();
        if !self.tables.is_empty() {
            self.flow.end_row();
        }
    }
}

/// Adds text as long as there is little of it.
fn push_some(text: &mut String, more: &str, most: usize) {
    if text.len() < most {
        text.extend(more.chars().take(most));
    }
}
