//! Text as it flows from a source without fixed pages into pages.
//!
//! Readers of office formats tell it lines, rows, notes and page breaks in
//! the order of the document; it puts them where they belong. Pages end where
//! the document says so; where it says nothing they are cut by length.

use super::{OutlineEntry, ReadError, text};

/// Between the cells of a row.
const CELL: &str = " | ";
/// A page the source did not end is cut when it passes this many characters.
const LONGEST: usize = 2 * text::PAGE_CHARS;
/// Bytes of text no honest document has: a thousand pages have three million.
const MOST_TEXT: usize = 64 << 20;
/// Tables in tables deeper than this lose their inner rows, not their text.
const DEEPEST: usize = 32;
/// Characters of a heading kept in the outline.
const TITLE: usize = 200;

/// A page being filled.
#[derive(Debug, Default)]
struct Page {
    text: String,
    notes: Vec<String>,
    /// Headings: the byte they start at, how deep they stand, what they say.
    headings: Vec<(usize, u32, String)>,
}

/// A table being filled.
#[derive(Debug, Default)]
struct Table {
    cells: Vec<String>,
    cell: String,
}

/// The pages of a document being filled.
#[derive(Debug, Default)]
pub(super) struct Flow {
    done: Vec<Page>,
    page: Page,
    tables: Vec<Table>,
    /// Tables opened beyond the deepest.
    deeper: usize,
    /// A page break inside a table takes effect after the row.
    breaks_after_row: bool,
    /// The source said where its pages ended, so lengths are not ours to judge.
    laid_out: bool,
    /// Bytes taken so far.
    taken: usize,
    heads: Vec<String>,
    feet: Vec<String>,
}

impl Flow {
    /// Adds a line, or several, to the open cell, else to the page.
    pub(super) fn line(&mut self, line: &str) {
        if !self.admits(line.len()) {
            return;
        }
        if let Some(table) = self.tables.last_mut() {
            push_line(&mut table.cell, line);
        } else {
            self.page.text.push_str(line.trim_end());
            self.page.text.push('\n');
        }
    }

    /// Adds a heading, `depth` levels below the highest.
    pub(super) fn heading(&mut self, line: &str, depth: u32) {
        if self.tables.is_empty() && !line.trim().is_empty() {
            let title = line.split_whitespace().collect::<Vec<_>>().join(" ");
            let title = title.chars().take(TITLE).collect();
            self.page.headings.push((self.page.text.len(), depth, title));
        }
        self.line(line);
    }

    /// Adds an empty line to the page, unless a table is open.
    pub(super) fn gap(&mut self) {
        if self.tables.is_empty() && !self.page.text.is_empty() {
            self.page.text.push('\n');
        }
    }

    /// Whether this much more may be taken.
    fn admits(&mut self, bytes: usize) -> bool {
        self.taken = self.taken.saturating_add(bytes + 1);
        self.taken <= MOST_TEXT
    }

    /// Whether a table is open.
    pub(super) fn in_table(&self) -> bool {
        !self.tables.is_empty()
    }

    /// Opens a table, in the open cell if there is one.
    pub(super) fn begin_table(&mut self) {
        if self.tables.len() == DEEPEST {
            self.deeper += 1;
        } else {
            self.tables.push(Table::default());
        }
    }

    /// Ends a cell, empty or not.
    pub(super) fn end_cell(&mut self) {
        if let (0, Some(table)) = (self.deeper, self.tables.last_mut()) {
            let cell = std::mem::take(&mut table.cell);
            table.cells.push(cell.trim().to_owned());
        }
    }

    /// Ends a cell that stands for as many cells of the same text.
    pub(super) fn end_cells(&mut self, times: usize) {
        self.end_cell();
        if let (0, Some(table)) = (self.deeper, self.tables.last_mut()) {
            let cell = table.cells.last().cloned().unwrap_or_default();
            self.taken = self.taken.saturating_add(cell.len().saturating_mul(times));
            if self.taken <= MOST_TEXT {
                table.cells.extend(std::iter::repeat_n(cell, times.saturating_sub(1)));
            }
        }
    }

    /// Ends a row: it becomes a line of the page, or of the cell around its table.
    pub(super) fn end_row(&mut self) {
        if self.deeper > 0 {
            return;
        }
        let Some(mut table) = self.tables.pop() else { return };
        let mut cells = std::mem::take(&mut table.cells);
        let loose = std::mem::take(&mut table.cell);
        cells.extend((!loose.trim().is_empty()).then(|| loose.trim().to_owned()));
        self.row(&cells);
        self.tables.push(table);
        if self.tables.len() == 1 && std::mem::take(&mut self.breaks_after_row) {
            self.finish_page();
        }
    }

    /// Ends a table and its last row.
    pub(super) fn end_table(&mut self) {
        if self.deeper > 0 {
            self.deeper -= 1;
            return;
        }
        self.end_row();
        self.tables.pop();
    }

    /// Adds a row. One with a single filled cell is plain text: pages are
    /// often laid out with such tables.
    pub(super) fn row(&mut self, cells: &[String]) {
        let filled = cells.iter().filter(|cell| !cell.trim().is_empty()).count();
        match filled {
            0 => {}
            1 => self.line(&cells.concat()),
            _ => {
                let cells: Vec<String> =
                    cells.iter().map(|cell| cell.trim().replace('\n', " ")).collect();
                self.line(cells.join(CELL).trim_end_matches([' ', '|']).trim_start());
            }
        }
    }

    /// Adds a note to the foot of the current page.
    pub(super) fn note(&mut self, note: String) {
        if self.admits(note.len()) {
            self.page.notes.push(note);
        }
    }

    /// Adds a running head, shown once, on the first page.
    pub(super) fn head(&mut self, text: &str) {
        keep_once(&mut self.heads, text);
    }

    /// Adds a running foot, shown once, on the first page.
    pub(super) fn foot(&mut self, text: &str) {
        keep_once(&mut self.feet, text);
    }

    /// Ends the page, after the row when a table is open, unless nothing is on it.
    pub(super) fn end_page(&mut self) {
        if self.tables.is_empty() {
            self.finish_page();
        } else {
            self.breaks_after_row = true;
        }
    }

    fn finish_page(&mut self) {
        let mut page = std::mem::take(&mut self.page);
        if page.text.trim().is_empty() && page.notes.is_empty() {
            return;
        }
        if !page.notes.is_empty() {
            page.text.push('\n');
        }
        for note in page.notes.drain(..) {
            page.text.push_str(&note);
            page.text.push('\n');
        }
        self.done.push(page);
    }

    /// Notes that the source itself decides where pages end.
    pub(super) fn laid_out(&mut self) {
        self.laid_out = true;
    }

    /// All pages, at least one, and the outline.
    ///
    /// # Errors
    /// Fails when there was more text than any document has.
    pub(super) fn finish(mut self) -> Result<(Vec<String>, Vec<OutlineEntry>), ReadError> {
        while self.in_table() {
            self.end_table();
        }
        self.finish_page();
        if self.taken > MOST_TEXT {
            let most = format!("it has more than {} MiB of text", MOST_TEXT >> 20);
            return Err(ReadError::TooLarge(most));
        }
        let mut pages = Vec::new();
        let mut outline = Vec::new();
        for page in &self.done {
            let whole = self.laid_out || page.text.chars().count() <= LONGEST;
            let pieces = if whole { vec![page.text.as_str()] } else { text::cut(&page.text) };
            let mut headings = page.headings.iter().peekable();
            let mut end = 0;
            for piece in pieces {
                end += piece.len();
                pages.push(tidy(piece));
                let number = u32::try_from(pages.len()).unwrap_or(u32::MAX);
                while let Some((_, depth, title)) = headings.next_if(|heading| heading.0 < end) {
                    let title = title.clone();
                    outline.push(OutlineEntry { title, page: number, depth: *depth });
                }
            }
        }
        if pages.is_empty() {
            pages.push(String::new());
        }
        self.frame(&mut pages[0]);
        Ok((pages, outline))
    }

    /// Puts running heads and feet around the first page.
    fn frame(&self, page: &mut String) {
        let parts = [self.heads.join("\n"), std::mem::take(page), self.feet.join("\n")];
        let filled: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        *page = filled.join("\n\n");
    }
}

/// Keeps a running head or foot that says something, once.
fn keep_once(kept: &mut Vec<String>, text: &str) {
    const MOST: usize = 12;
    const PAGE_WORDS: [&str; 4] = ["page", "of", "pg", "p"];
    let mut words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| {
        let lower = word.to_lowercase();
        word.chars().any(char::is_alphabetic) && !PAGE_WORDS.contains(&lower.as_str())
    });
    let text = tidy(text);
    if words.next().is_some() && kept.len() < MOST && !kept.contains(&text) {
        kept.push(text);
    }
}

/// Adds a line to lines, unless it is empty.
pub(super) fn push_line(text: &mut String, line: &str) {
    if line.trim().is_empty() {
        return;
    }
    if !text.is_empty() {
        text.push('\n');
    }
    text.push_str(line);
}

/// Without space at the ends, and with one empty line at most between others.
fn tidy(page: &str) -> String {
    let mut text = String::with_capacity(page.len());
    let mut empty = 0;
    for line in page.trim().lines() {
        empty = if line.is_empty() { empty + 1 } else { 0 };
        if empty <= 1 {
            text.push_str(line);
            text.push('\n');
        }
    }
    text.truncate(text.trim_end().len());
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pages(fill: impl FnOnce(&mut Flow)) -> Vec<String> {
        let mut flow = Flow::default();
        fill(&mut flow);
        flow.finish().unwrap().0
    }

    #[test]
    fn a_table_in_a_cell_becomes_part_of_its_row() {
        let pages = pages(|flow| {
            flow.begin_table();
            flow.line("Rent");
            flow.end_cell();
            flow.begin_table();
            flow.line("first year");
            flow.end_cell();
            flow.line("Rs 500");
            flow.end_cell();
            flow.end_table();
            flow.end_cell();
            flow.end_table();
        });
        assert_eq!(pages, ["Rent | first year | Rs 500"]);
    }

    #[test]
    fn tables_without_end_keep_their_text() {
        let pages = pages(|flow| {
            (0..20_000).for_each(|_| flow.begin_table());
            flow.line("deep");
            (0..20_000).for_each(|_| flow.end_table());
            flow.line("after");
        });
        assert_eq!(pages, ["deep\nafter"]);
    }

    #[test]
    fn headings_lead_to_the_page_they_end_up_on() {
        let mut flow = Flow::default();
        flow.heading("Facts", 0);
        for _ in 0..60 {
            flow.line(&"The parties agree as follows. ".repeat(5));
        }
        flow.heading("The  law", 1);
        flow.line("is clear");
        let (pages, outline) = flow.finish().unwrap();
        assert_eq!(pages.len(), 3);
        let wanted = |title: &str, page, depth| OutlineEntry { title: title.into(), page, depth };
        assert_eq!(outline, [wanted("Facts", 1, 0), wanted("The law", 3, 1)]);
        assert!(pages[2].contains("The  law"));
    }

    #[test]
    fn running_heads_that_say_something_stand_once_on_the_first_page() {
        let pages = pages(|flow| {
            flow.line("one");
            flow.end_page();
            flow.line("two");
            flow.head("Civil Appeal 5 of 2020");
            flow.head("Civil Appeal 5 of 2020");
            flow.foot("Page 1 of 2");
            flow.foot("Rao & Co");
        });
        assert_eq!(pages, ["Civil Appeal 5 of 2020\n\none\n\nRao & Co", "two"]);
    }

    #[test]
    fn more_text_than_any_document_has_is_refused() {
        let mut flow = Flow::default();
        let line = "x".repeat(1 << 20);
        (0..65).for_each(|_| flow.line(&line));
        assert!(matches!(flow.finish(), Err(ReadError::TooLarge(_))));
    }
}
