//! A table to take away, as CSV and as a sheet of XLSX.

use crate::kernel::Paise;

/// A table with a head.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sheet {
    /// What it is called: at most 31 characters count in XLSX.
    pub name: String,
    /// What stands above each column.
    pub columns: Vec<String>,
    /// The rows.
    pub rows: Vec<Vec<Cell>>,
}

/// A cell of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    /// Words.
    Text(String),
    /// A whole number.
    Number(i64),
    /// Money, written in rupees with two places.
    Money(Paise),
}

impl Cell {
    /// Words.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// The figure as a spreadsheet reads it; none for words.
    #[must_use]
    pub fn figure(&self) -> Option<String> {
        match self {
            Self::Text(_) => None,
            Self::Number(number) => Some(number.to_string()),
            Self::Money(money) => Some(rupees(*money)),
        }
    }
}

/// Rupees with two places, made of whole paise: `-12.05`.
#[must_use]
pub fn rupees(money: Paise) -> String {
    let sign = if money.0 < 0 { "-" } else { "" };
    let whole = money.0.unsigned_abs();
    format!("{sign}{}.{:02}", whole / 100, whole % 100)
}

impl Sheet {
    /// The table as CSV. What a spreadsheet could take for a formula is written with an
    /// apostrophe before it.
    #[must_use]
    pub fn csv(&self) -> String {
        let heads: Vec<String> = self.columns.iter().map(|head| quoted(head)).collect();
        let mut text = format!("{}\r\n", heads.join(","));
        for row in &self.rows {
            let cells: Vec<String> = row
                .iter()
                .map(|cell| match cell {
                    Cell::Text(text) => quoted(text),
                    figure => figure.figure().unwrap_or_default(),
                })
                .collect();
            text.push_str(&cells.join(","));
            text.push_str("\r\n");
        }
        text
    }
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", safe(text).replace('"', "\"\""))
}

/// A text that no spreadsheet takes for a formula.
fn safe(text: &str) -> String {
    let risky = |c: char| matches!(c, '=' | '+' | '-' | '@' | '\t' | '\r' | '\n');
    if text.trim_start_matches(' ').starts_with(risky) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_bare_and_words_are_no_formula() {
        let sheet = Sheet {
            name: "Ageing".to_owned(),
            columns: vec!["Client".to_owned(), "Due".to_owned(), "Bills".to_owned()],
            rows: vec![vec![
                Cell::text("=HYPERLINK(\"x\")"),
                Cell::Money(Paise(-1_205)),
                Cell::Number(3),
            ]],
        };
        assert_eq!(
            sheet.csv(),
            "\"Client\",\"Due\",\"Bills\"\r\n\"'=HYPERLINK(\"\"x\"\")\",-12.05,3\r\n"
        );
    }

    #[test]
    fn a_text_is_guarded_wherever_a_formula_could_begin() {
        for text in ["=1", "+1", "-1", "@x", "\t=1", "\r=1", "\n=1", "  =1"] {
            assert_eq!(safe(text), format!("'{text}"));
        }
        assert_eq!(safe("Rao = Mehta"), "Rao = Mehta");
    }

    #[test]
    fn rupees_have_two_places() {
        assert_eq!(rupees(Paise(5)), "0.05");
        assert_eq!(rupees(Paise(123_456)), "1234.56");
    }
}
