//! Runs of lines that belong together, and the passages made of them.

use super::marks::{self, Before, Mark, Number};
use super::split::cuts;
use super::{Content, SHORTEST, TARGET};

/// Level of a clause's own heading; sub-clauses are deeper by their points.
const CLAUSE_LEVEL: u8 = 5;
/// Level of the day of an order sheet.
const ENTRY_LEVEL: u8 = 1;
/// No more headings are kept above a passage.
const DEEPEST: usize = 6;

/// Where in a document's structure a place is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Context {
    path: Vec<(u8, String)>,
    main: Option<String>,
    part: Option<String>,
    /// Whether its paragraphs are numbered in brackets.
    bracketed: bool,
    entry: Option<String>,
}

/// What must be known of the text before to go on.
#[derive(Debug, Clone, Default)]
pub(super) struct Carried {
    context: Context,
    before: Before,
    /// Whether it broke off within a line.
    mid_line: bool,
    begun: bool,
}

/// A passage in the content being cut.
#[derive(Debug, Clone, Default)]
pub(super) struct Piece {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) context: Context,
    /// What the text after it needs to know.
    pub(super) leaves: Carried,
    heading: bool,
    joins: Joins,
}

/// When a run of lines may go into the passage before it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Joins {
    /// Whenever there is room.
    #[default]
    Fits,
    /// When the other is very short: a numbered paragraph.
    Short,
    /// Only after headings: another heading, the order of another day.
    Headings,
}

impl Context {
    pub(super) fn headings(&self) -> Vec<String> {
        self.path.iter().map(|(_, heading)| heading.clone()).collect()
    }

    pub(super) fn paragraph(&self) -> Option<String> {
        match (&self.main, &self.part) {
            (Some(main), Some(part)) => Some(format!("{main}({part})")),
            (main, part) => main.clone().or_else(|| part.clone()),
        }
    }

    pub(super) fn entry(&self) -> Option<String> {
        self.entry.clone()
    }

    fn enter(&mut self, mark: &Mark, line: &str) {
        match mark {
            Mark::Heading(level) => self.head(*level, line.trim()),
            Mark::Clause(number, end) => {
                let points = number.bytes().filter(|&byte| byte == b'.').count();
                let level = CLAUSE_LEVEL.saturating_add(u8::try_from(points).unwrap_or(4));
                self.head(level, line[..*end].trim());
                self.main = Some(number.clone());
                self.bracketed = false;
            }
            Mark::Entry(day) => {
                self.head(ENTRY_LEVEL, day);
                self.entry = Some(day.clone());
            }
            Mark::Paragraph(Number::Main(number)) => self.number(number, false),
            Mark::Paragraph(Number::Bracketed(number)) => {
                if self.main.is_none() || self.bracketed {
                    self.number(number, true);
                } else {
                    self.part = Some(number.clone());
                }
            }
            Mark::Paragraph(Number::Part(part)) => {
                // `138(1)(a)`: a letter under a sub-section in figures.
                let figures = self.part.as_deref().and_then(|part| part.split(')').next());
                let section = figures.filter(|part| part.chars().all(char::is_numeric));
                self.part = Some(match section {
                    Some(section) => format!("{section})({part}"),
                    None => part.clone(),
                });
            }
            Mark::None => {}
        }
    }

    fn number(&mut self, number: &str, bracketed: bool) {
        self.main = Some(number.to_owned());
        self.part = None;
        self.bracketed = bracketed;
    }

    fn head(&mut self, level: u8, heading: &str) {
        self.path.retain(|&(other, _)| other < level);
        let heading = heading.split_whitespace().collect::<Vec<_>>().join(" ");
        self.path.push((level, heading));
        let over = self.path.len().saturating_sub(DEEPEST);
        self.path.drain(..over);
        self.main = None;
        self.part = None;
    }
}

/// The passages of a content, which begins where `carried` left off.
pub(super) fn pieces(content: &Content, carried: &Carried) -> Vec<Piece> {
    let mut passages: Vec<Piece> = Vec::new();
    for piece in blocks(content, carried).into_iter().flat_map(|block| parts(content, &block)) {
        match passages.last_mut() {
            Some(open) if joins(open, &piece) => {
                if open.heading {
                    open.context = piece.context;
                }
                open.heading &= piece.heading;
                open.end = piece.end;
                open.leaves = piece.leaves;
            }
            _ => passages.push(piece),
        }
    }
    passages
}

/// Whether a piece goes into the passage being made. A piece that does not would
/// not if it were longer, so what later pages bring cannot undo a border.
fn joins(open: &Piece, piece: &Piece) -> bool {
    let fits = piece.end - open.start <= TARGET;
    let small = open.end - open.start < SHORTEST || open.heading;
    fits && match piece.joins {
        Joins::Fits => true,
        Joins::Short => small,
        Joins::Headings => open.heading,
    }
}

/// Runs of lines: a new one begins after an empty line, at a numbered paragraph,
/// at a heading, and at a page whose predecessor ended a sentence.
fn blocks(rest: &Content, carried: &Carried) -> Vec<Piece> {
    let text = rest.text();
    let mut blocks: Vec<Piece> = Vec::new();
    let mut context = carried.context.clone();
    let mut before = carried.before;
    before.gap |= !carried.begun;
    let mut at = 0;
    let mut lines = text.split_inclusive('\n').peekable();
    while let Some(line) = lines.next() {
        let (start, end) = (at, at + line.len());
        at = end;
        if line.trim().is_empty() {
            before.gap = true;
            match blocks.last_mut() {
                Some(last) => last.end = end,
                None => {
                    blocks.push(Piece { start, end, context: context.clone(), ..Piece::default() });
                }
            }
            if let Some(last) = blocks.last_mut() {
                last.leaves = leaves(&context, before, line);
            }
            continue;
        }
        let gap_after = lines.peek().is_none_or(|next| next.trim().is_empty());
        let continues = start == 0 && carried.mid_line;
        let mark = if continues { Mark::None } else { marks::mark(line, before, gap_after) };
        let heading = matches!(mark, Mark::Heading(_));
        let page_turn = before.stop && rest.turns_at(start);
        let begins = before.gap || before.heading || page_turn || mark != Mark::None;
        context.enter(&mark, line);
        before = Before { gap: false, stop: ends_sentence(line), heading };
        match blocks.last_mut() {
            Some(last) if !begins => last.end = end,
            _ => blocks.push(Piece {
                start,
                end,
                context: context.clone(),
                leaves: Carried::default(),
                heading,
                joins: when(&mark, &context),
            }),
        }
        if let Some(last) = blocks.last_mut() {
            last.leaves = leaves(&context, before, line);
        }
    }
    blocks
}

fn leaves(context: &Context, before: Before, line: &str) -> Carried {
    Carried { context: context.clone(), before, mid_line: !line.ends_with('\n'), begun: true }
}

fn when(mark: &Mark, context: &Context) -> Joins {
    match mark {
        Mark::Heading(_) | Mark::Entry(_) => Joins::Headings,
        Mark::Clause(..) | Mark::Paragraph(Number::Main(_)) => Joins::Short,
        Mark::Paragraph(Number::Bracketed(_)) if context.part.is_none() => Joins::Short,
        Mark::Paragraph(Number::Bracketed(_) | Number::Part(_)) | Mark::None => Joins::Fits,
    }
}

fn ends_sentence(line: &str) -> bool {
    line.trim_end().ends_with(['.', ':', ';', '?', '!', '।', '"', '”', '—'])
}

/// A block in parts that fit, cut at the ends of sentences.
fn parts(content: &Content, block: &Piece) -> Vec<Piece> {
    let text = &content.text()[block.start..block.end];
    let cuts = cuts(text);
    let last = cuts.len().saturating_sub(1);
    let mut start = 0;
    let mut parts = Vec::with_capacity(cuts.len());
    for (place, end) in cuts.into_iter().enumerate() {
        let first = place == 0;
        let mut leaves = block.leaves.clone();
        if place < last {
            let before = Before { stop: ends_sentence(&text[..end]), ..Before::default() };
            let mid_line = !text[..end].ends_with('\n');
            leaves = Carried { before, mid_line, ..leaves };
        }
        parts.push(Piece {
            start: block.start + start,
            end: block.start + end,
            context: block.context.clone(),
            leaves,
            heading: block.heading && first,
            joins: if first { block.joins } else { Joins::Fits },
        });
        start = end;
    }
    parts
}
