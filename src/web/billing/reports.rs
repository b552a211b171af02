//! Reports, as tables.

use askama::Template;

use crate::paper::{Cell, Sheet};
use crate::web::page::Layout;
use crate::web::show::Day;

/// A report: its tables, and the files of it.
#[derive(Debug, Clone, Template)]
#[template(path = "billing/report.html")]
pub struct ReportPage {
    /// The frame.
    pub layout: Layout,
    /// What it tells, in a sentence.
    pub lead: &'static str,
    /// Its name in addresses.
    pub slug: &'static str,
    /// The days it is of, for a report of some days.
    pub span: Option<(Day, Day)>,
    /// What was wrong with the days.
    pub problem: Option<String>,
    /// Its tables.
    pub tables: Vec<TableView>,
    /// What to do when there is nothing to tell.
    pub empty: &'static str,
}

/// A table on a page.
#[derive(Debug, Clone)]
pub struct TableView {
    /// What it is called.
    pub name: String,
    /// What stands above each column, and whether it holds figures.
    pub heads: Vec<(String, bool)>,
    /// The rows, a text for each column.
    pub rows: Vec<Vec<(String, bool)>>,
}

impl From<Sheet> for TableView {
    fn from(sheet: Sheet) -> Self {
        let Sheet { name, columns, rows } = sheet;
        let figures = |at: usize| {
            rows.first().and_then(|row| row.get(at)).is_some_and(|cell| cell.figure().is_some())
        };
        let heads = columns.into_iter().enumerate().map(|(at, head)| (head, figures(at))).collect();
        let shown = |cell: &Cell| match cell {
            Cell::Text(text) => (text.clone(), false),
            Cell::Number(number) => (number.to_string(), true),
            Cell::Money(money) => (money.to_string(), true),
        };
        let rows = rows.iter().map(|row| row.iter().map(shown).collect()).collect();
        Self { name, heads, rows }
    }
}
