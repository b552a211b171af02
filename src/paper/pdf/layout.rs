//! Where each line of a paper stands.

use unicode_segmentation::UnicodeSegmentation;

use super::PAGE;
use super::faces::{Faces, Glyph};
use crate::paper::{Block, Column, Paper, Run, Table};

/// What is left free at each side of a page, in points.
pub(super) const MARGIN: f32 = 57.0;
/// Where the text ends above the foot.
const BOTTOM: f32 = 68.0;
/// The sizes of letters, in points.
const TITLE: f32 = 17.0;
const HEADING: f32 = 12.5;
pub(super) const TEXT: f32 = 10.0;
pub(super) const CELL: f32 = 8.5;
const FOOT: f32 = 8.0;
/// From one line to the next, in sizes; Indian scripts reach far up and down.
pub(super) const LEADING: f32 = 1.5;
/// How far quotations and items are set in.
const INSET: f32 = 24.0;
/// Between columns.
const GUTTER: f32 = 8.0;
/// The fewest lines of a row that are left on a page when the rest goes to the next.
const FEWEST: usize = 3;

/// A page.
#[derive(Default)]
pub(super) struct Page {
    pub(super) lines: Vec<Line>,
    /// Rules: from where, at which height, how long.
    pub(super) rules: Vec<(f32, f32, f32)>,
    /// Filled squares: from where, at which height, how wide.
    pub(super) squares: Vec<(f32, f32, f32)>,
    /// A word in pale letters behind everything.
    pub(super) mark: Option<Line>,
}

/// A line.
pub(super) struct Line {
    pub(super) x: f32,
    pub(super) y: f32,
    pub(super) size: f32,
    pub(super) glyphs: Vec<Glyph>,
}

/// Sets all pages of a paper.
pub(super) fn pages(paper: &Paper, faces: &Faces) -> Vec<Page> {
    let mut sheet =
        Sheet { faces, done: Vec::new(), page: Page::default(), y: PAGE.1 - MARGIN, mark: None };
    for block in &paper.blocks {
        sheet.block(block);
    }
    let mut pages = sheet.done;
    pages.push(sheet.page);
    let count = pages.len();
    for (number, page) in (1..).zip(&mut pages) {
        let foot = format!("{} · page {number} of {count}", paper.foot);
        let glyphs = faces.set(&foot, false);
        let x = (PAGE.0 - width(&glyphs, FOOT)) / 2.0;
        page.lines.push(Line { x: x.max(MARGIN), y: 36.0, size: FOOT, glyphs });
    }
    pages
}

pub(super) struct Sheet<'f> {
    pub(super) faces: &'f Faces,
    done: Vec<Page>,
    pub(super) page: Page,
    /// How high the next line may begin.
    pub(super) y: f32,
    /// The word behind each page from here on.
    pub(super) mark: Option<String>,
}

impl Sheet<'_> {
    fn block(&mut self, block: &Block) {
        let across = PAGE.0 - 2.0 * MARGIN;
        match block {
            Block::Title(text) => self.paragraph(&[Run::bold(text)], TITLE, 0.0, across, TITLE),
            Block::Heading(text) => {
                self.y -= HEADING * 0.6;
                // Two lines of what follows stay with it.
                self.need((HEADING + 2.0 * TEXT) * LEADING);
                self.paragraph(&[Run::bold(text)], HEADING, 0.0, across, 3.0);
            }
            Block::Text(runs) => self.paragraph(runs, TEXT, 0.0, across, 5.0),
            Block::Quote(runs) => self.paragraph(runs, TEXT, INSET, across - 2.0 * INSET, 5.0),
            Block::Item(mark, runs) => {
                self.need(TEXT * LEADING);
                let glyphs = self.faces.set(mark, false);
                let y = self.y - TEXT * 1.1;
                self.page.lines.push(Line { x: MARGIN, y, size: TEXT, glyphs });
                self.paragraph(runs, TEXT, INSET, across - INSET, 3.0);
            }
            Block::Table(table) => self.table(table),
            Block::NewPage => self.turn(),
            Block::Blank(what) => {
                self.need(TEXT * LEADING * 3.0);
                self.y -= TEXT * 2.4;
                self.page.rules.push((MARGIN, self.y, 200.0));
                self.paragraph(&[Run::plain(what)], CELL, 0.0, across, 4.0);
            }
            Block::Small(runs) => self.paragraph(runs, CELL, 0.0, across, 3.0),
            Block::Columns(columns) => self.columns(columns),
            Block::Sums(sums) => self.sums(sums),
            Block::Code { payload, beside } => self.code(payload, beside),
            Block::Mark(word) => self.begin_mark(word),
        }
    }

    /// Begins a page unless this one is still empty.
    fn turn(&mut self) {
        if !self.page.lines.is_empty() {
            self.done.push(std::mem::take(&mut self.page));
        }
        self.y = PAGE.1 - MARGIN;
        self.draw_mark();
    }

    /// Begins a page where so much is not free.
    pub(super) fn need(&mut self, height: f32) {
        if self.y - height < BOTTOM {
            self.turn();
        }
    }

    pub(super) fn paragraph(
        &mut self,
        runs: &[Run],
        size: f32,
        inset: f32,
        across: f32,
        after: f32,
    ) {
        for glyphs in lines(self.faces, runs, size, across) {
            self.need(size * LEADING);
            let y = self.y - size * 1.1;
            self.page.lines.push(Line { x: MARGIN + inset, y, size, glyphs });
            self.y -= size * LEADING;
        }
        self.y -= after;
    }

    fn table(&mut self, table: &Table) {
        let heads: Vec<String> = table.columns.iter().map(|column| column.head.clone()).collect();
        let head = self.cells(table, &heads, true);
        self.need(CELL * LEADING * 4.0);
        self.row(table, &head, 0, usize::MAX);
        for row in &table.rows {
            let cells = self.cells(table, row, false);
            let tallest = cells.iter().map(Vec::len).max().unwrap_or(0);
            let mut from = 0;
            while from < tallest {
                let free = self.free_lines();
                let left = tallest - from;
                let whole = PAGE.1 - MARGIN - BOTTOM;
                let fits_a_page = line_count(whole) > left + cells_height(&head) + 1;
                if free < left && (fits_a_page || free < FEWEST) {
                    self.turn();
                    self.row(table, &head, 0, usize::MAX);
                    continue;
                }
                let shown = left.min(free.max(1));
                self.row(table, &cells, from, shown);
                from += shown;
            }
        }
        self.y -= 6.0;
    }

    /// How many lines of a row find room on the page.
    fn free_lines(&self) -> usize {
        line_count(self.y - BOTTOM - 6.0)
    }

    fn cells(&self, table: &Table, texts: &[String], bold: bool) -> Vec<Vec<Vec<Glyph>>> {
        let cells = table.columns.iter().zip(texts).zip(spans(&table.columns));
        cells
            .map(|((_, text), (_, across))| {
                lines(self.faces, &[Run { text: text.clone(), bold }], CELL, across)
            })
            .collect()
    }

    /// Sets lines of a row's cells, and the rule below.
    fn row(&mut self, table: &Table, cells: &[Vec<Vec<Glyph>>], from: usize, most: usize) {
        let mut tallest = 0;
        for ((column, cell), (x, across)) in
            table.columns.iter().zip(cells).zip(spans(&table.columns))
        {
            let shown = cell.iter().skip(from).take(most);
            let mut y = self.y - CELL * 1.1 - 2.0;
            let mut count = 0;
            for glyphs in shown {
                let room = if column.right { across - width(glyphs, CELL) } else { 0.0 };
                let x = MARGIN + x + room.max(0.0);
                self.page.lines.push(Line { x, y, size: CELL, glyphs: glyphs.clone() });
                y -= CELL * LEADING;
                count += 1;
            }
            tallest = tallest.max(count);
        }
        #[expect(clippy::cast_precision_loss, reason = "a page has few lines")]
        let height = tallest as f32 * CELL * LEADING;
        self.y -= height + 4.0;
        self.page.rules.push((MARGIN, self.y, PAGE.0 - 2.0 * MARGIN));
    }
}

/// How many lines of a table a height holds.
fn line_count(height: f32) -> usize {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a height of a page, and never below zero"
    )]
    let count = (height / (CELL * LEADING)).max(0.0) as usize;
    count
}

fn cells_height(cells: &[Vec<Vec<Glyph>>]) -> usize {
    cells.iter().map(Vec::len).max().unwrap_or(0)
}

/// Where each column begins, and how wide it is.
fn spans(columns: &[Column]) -> Vec<(f32, f32)> {
    let all: f32 = columns.iter().map(|column| f32::from(column.share)).sum();
    let mut x = 0.0;
    columns
        .iter()
        .map(|column| {
            let across = (PAGE.0 - 2.0 * MARGIN) * f32::from(column.share) / all.max(1.0);
            let span = (x, across - GUTTER);
            x += across;
            span
        })
        .collect()
}

/// How wide glyphs are at a size.
pub(super) fn width(glyphs: &[Glyph], size: f32) -> f32 {
    glyphs.iter().map(|glyph| glyph.advance).sum::<f32>() * size / 1_000.0
}

/// Breaks runs into lines of a width; a word longer than a line is broken where it must.
pub(super) fn lines(faces: &Faces, runs: &[Run], size: f32, across: f32) -> Vec<Vec<Glyph>> {
    let mut lines: Vec<Vec<Glyph>> = vec![Vec::new()];
    let mut used = 0.0;
    for run in runs {
        for (place, line) in run.text.split('\n').enumerate() {
            if place > 0 {
                lines.push(Vec::new());
                used = 0.0;
            }
            for word in line.split_inclusive(' ') {
                let mut glyphs = faces.set(word, run.bold);
                let mut wide = width(&glyphs, size);
                let inked = width(&faces.set(word.trim_end(), run.bold), size);
                if used > 0.0 && used + inked > across {
                    lines.push(Vec::new());
                    used = 0.0;
                }
                if inked > across {
                    for part in word.graphemes(true) {
                        glyphs = faces.set(part, run.bold);
                        wide = width(&glyphs, size);
                        if used > 0.0 && used + wide > across {
                            lines.push(Vec::new());
                            used = 0.0;
                        }
                        push(&mut lines, glyphs);
                        used += wide;
                    }
                    continue;
                }
                push(&mut lines, glyphs);
                used += wide;
            }
        }
    }
    lines
}

fn push(lines: &mut [Vec<Glyph>], glyphs: Vec<Glyph>) {
    if let Some(last) = lines.last_mut() {
        last.extend(glyphs);
    }
}
