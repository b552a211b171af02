//! What the rows of a list would become, and what stands in their way.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::columns::ListColumn;
use super::days::day;
use super::table::Table;
use crate::cases::KnownNumber;
use crate::cases::values::{cnr_warning, plain_cnr};
use crate::kernel::{CaseId, ClientId, case_numbers};

/// A row of a list as the case it would become.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PreviewRow {
    /// Its line in the file.
    pub line: usize,
    /// How the case would be called.
    pub title: String,
    /// Its number.
    pub number: Option<String>,
    /// Its court.
    pub court: Option<String>,
    /// Its national case number record.
    pub cnr: Option<String>,
    /// For whom: their name, and their id where the chamber has them already.
    pub client: Option<(String, Option<ClientId>)>,
    /// Its stage.
    pub stage: Option<String>,
    /// When it is listed next.
    pub next_on: Option<NaiveDate>,
    /// Who stands on the other side.
    pub opponent: Option<String>,
    /// Who appears for them.
    pub opposite_counsel: Option<String>,
    /// When the chamber took it on.
    pub opened_on: Option<NaiveDate>,
    /// What is to be noted.
    pub notes: Option<String>,
    /// Why it cannot be entered.
    pub errors: Vec<String>,
    /// What may be a slip.
    pub warnings: Vec<String>,
    /// The case it seems to be already: its title, and its id where it is not one of the
    /// same file.
    pub duplicate: Option<(String, Option<CaseId>)>,
}

impl PreviewRow {
    /// Whether it is entered unless somebody says otherwise.
    #[must_use]
    pub fn is_chosen(&self) -> bool {
        self.errors.is_empty() && self.duplicate.is_none()
    }
}

/// What rows are compared with.
pub(super) struct Known {
    pub(super) numbers: Vec<KnownNumber>,
    /// Clients the reader knows of, by the plain form of their name; none where two share it.
    pub(super) clients: BTreeMap<String, Option<ClientId>>,
    pub(super) today: NaiveDate,
}

/// A name by which two clients are taken for one: its letters and figures, small.
pub(super) fn plain(name: &str) -> String {
    let kept = name.chars().filter(|c| c.is_alphanumeric() || !c.is_ascii());
    kept.filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect()
}

/// Reads the rows of a list.
pub(super) fn preview(table: &Table, mapping: &[ListColumn], known: &Known) -> Vec<PreviewRow> {
    let mut seen: BTreeMap<String, (String, Option<CaseId>)> = BTreeMap::new();
    for one in &known.numbers {
        let of = || (one.title.clone(), Some(one.case_id));
        if let Some(cnr) = &one.cnr {
            seen.entry(format!("cnr {cnr}")).or_insert_with(of);
        }
        if let Some(normal) = one.number.as_deref().and_then(case_numbers::normal) {
            seen.entry(key(&normal, one.court.as_deref())).or_insert_with(of);
        }
        seen.entry(titled(&one.title, one.court.as_deref())).or_insert_with(of);
    }
    let row = |(line, cells): &(usize, Vec<String>)| {
        let mut row = read(*line, cells, mapping, known);
        let mut keys: Vec<String> = row.cnr.iter().map(|cnr| format!("cnr {cnr}")).collect();
        let normal = row.number.as_deref().and_then(case_numbers::normal);
        keys.extend(normal.map(|normal| key(&normal, row.court.as_deref())));
        if keys.is_empty() && row.errors.is_empty() {
            keys.push(titled(&row.title, row.court.as_deref()));
        }
        row.duplicate = keys.iter().find_map(|key| seen.get(key).cloned());
        for key in keys {
            seen.entry(key).or_insert_with(|| (format!("line {line} of this file"), None));
        }
        row
    };
    table.rows.iter().map(row).collect()
}

/// A title in its court: by what a case without any number is known.
fn titled(title: &str, court: Option<&str>) -> String {
    format!("title {} at {}", plain(title), plain(court.unwrap_or_default()))
}

/// A number in its court.
fn key(normal: &str, court: Option<&str>) -> String {
    format!("{normal} at {}", plain(court.unwrap_or_default()))
}

fn read(line: usize, cells: &[String], mapping: &[ListColumn], known: &Known) -> PreviewRow {
    let cell = |wanted: ListColumn| {
        let at = mapping.iter().position(|column| *column == wanted)?;
        let text = cells.get(at)?.split_whitespace().collect::<Vec<_>>().join(" ");
        let empty = text.is_empty() || matches!(text.as_str(), "-" | "--" | "NA" | "N/A" | "nil");
        (!empty).then_some(text)
    };
    let mut row = PreviewRow {
        line,
        number: cell(ListColumn::Number),
        court: cell(ListColumn::Court),
        cnr: cell(ListColumn::Cnr).map(|cnr| plain_cnr(&cnr)),
        stage: cell(ListColumn::Stage),
        opponent: cell(ListColumn::Opponent),
        opposite_counsel: cell(ListColumn::OppositeCounsel),
        notes: cell(ListColumn::Notes),
        ..PreviewRow::default()
    };
    row.client = cell(ListColumn::Client).map(|name| row.client_of(name, known));
    row.title = row.titled(cell(ListColumn::Title));
    if let Some(written) = cell(ListColumn::NextDate) {
        row.next_on = row.day_of("next date", &written);
        if row.next_on.is_some_and(|next| next < known.today) {
            row.warnings.push(format!("The next date {written} is past."));
        }
    }
    if let Some(written) = cell(ListColumn::OpenedOn) {
        row.opened_on = row.day_of("day of opening", &written);
    }
    if let Some(cnr) = &row.cnr
        && !case_numbers::is_cnr(cnr)
    {
        row.warnings.push(cnr_warning(cnr));
    }
    if row.opponent.is_none() && row.opposite_counsel.is_some() {
        let words = "No opposite party is named, so that their counsel is left out.";
        row.warnings.push(words.to_owned());
    }
    let client = row.client.as_ref().map(|(name, _)| name.clone());
    for (what, text) in [
        ("number", &row.number),
        ("court", &row.court),
        ("stage", &row.stage),
        ("client's name", &client),
        ("name of the opposite counsel", &row.opposite_counsel),
    ] {
        if text.as_ref().is_some_and(|text| text.chars().count() > 300) {
            row.errors.push(format!("The {what} is too long; keep it under 300 characters."));
        }
    }
    row
}

impl PreviewRow {
    fn client_of(&mut self, name: String, known: &Known) -> (String, Option<ClientId>) {
        let found = known.clients.get(&plain(&name));
        if found == Some(&None) {
            self.warnings.push(format!("Two clients are called {name}; the case gets a new one."));
        }
        (name, found.copied().flatten())
    }

    fn titled(&mut self, title: Option<String>) -> String {
        if let Some(title) = title {
            return title;
        }
        let client = self.client.as_ref().map(|(name, _)| name.clone());
        match (client, self.opponent.clone(), self.number.clone()) {
            (Some(client), Some(opponent), _) => format!("{client} v. {opponent}"),
            (Some(one), None, _) | (None, Some(one), _) => {
                self.warnings.push(String::from("There is no title; a party stands for it."));
                one
            }
            (None, None, Some(number)) => {
                self.warnings.push(String::from("There is no title; the number stands for it."));
                number
            }
            (None, None, None) => {
                self.errors.push(String::from("There is no title, no party and no number."));
                String::new()
            }
        }
    }

    fn day_of(&mut self, what: &str, written: &str) -> Option<NaiveDate> {
        let read = day(written);
        if read.is_none() {
            self.warnings.push(format!("The {what} “{written}” is no day; it is left out."));
        }
        read
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(rows: &[&[&str]]) -> Vec<PreviewRow> {
        use ListColumn::{Client, Cnr, Court, NextDate, Number, Opponent, Title};
        let mapping = [Title, Number, Court, Cnr, Client, Opponent, NextDate];
        let cells = |row: &&[&str]| row.iter().map(|cell| (*cell).to_owned()).collect();
        let rows = (2..).zip(rows.iter().map(cells)).collect();
        let table = Table { headings: Vec::new(), rows };
        let case_id = CaseId::new();
        let known = Known {
            numbers: vec![KnownNumber {
                case_id,
                title: "Old v. Case".to_owned(),
                court: Some("High Court of Delhi".to_owned()),
                cnr: Some("DLHC010012342023".to_owned()),
                number: Some("W.P.(C) 1234/2023".to_owned()),
                normal: None,
            }],
            clients: BTreeMap::from([("sharmatraders".to_owned(), Some(ClientId::new()))]),
            today: NaiveDate::from_ymd_opt(2026, 11, 22).unwrap(),
        };
        preview(&table, &mapping, &known)
    }

    #[test]
    fn a_row_says_what_it_would_become() {
        let rows = list(&[
            &["", "CS(COMM) 45/2025", "District Court", "", "M/s X", "Kapoor", "31/12/2026"],
            &["A v. B", "", "", "SHORT", "Sharma  Traders", "", "1/1/2020"],
            &["", "", "", "", "", "", ""],
        ]);
        assert_eq!(rows[0].title, "M/s X v. Kapoor");
        assert_eq!(rows[0].client.as_ref().unwrap().1, None);
        assert_eq!(rows[0].next_on, NaiveDate::from_ymd_opt(2026, 12, 31));
        assert!(rows[0].is_chosen() && rows[0].warnings.is_empty());
        assert!(rows[1].client.as_ref().unwrap().1.is_some());
        assert_eq!(rows[1].warnings.len(), 2, "{:?}", rows[1].warnings);
        assert!(!rows[2].is_chosen() && !rows[2].errors.is_empty());
    }

    #[test]
    fn a_case_that_is_there_is_known_by_its_numbers_in_the_same_court() {
        let rows = list(&[
            &["X v. Y", "WP(C) No. 1234 of 2023", "HIGH COURT OF DELHI", "", "", "", ""],
            &["X v. Y", "WP(C) No. 1234 of 2023", "High Court of Bombay", "", "", "", ""],
            &["X v. Y", "", "", "dlhc01 001234 2023", "", "", ""],
            &["P v. Q", "CS 1/2024", "District Court", "", "", "", ""],
            &["P v. Q", "CS 1/2024", "District Court", "", "", "", ""],
            &["P v. Q", "CS 2/2024", "District Court", "", "", "", ""],
            &["Old v Case", "", "High Court of Delhi", "", "", "", ""],
            &["M v. N", "", "District Court", "", "", "", ""],
            &["M vs. N", "", "District Court", "", "", "", ""],
            &["M v. N", "", "District Court", "", "", "", ""],
        ]);
        let duplicates: Vec<Option<&str>> = rows
            .iter()
            .map(|row| row.duplicate.as_ref().map(|(title, _)| title.as_str()))
            .collect();
        assert_eq!(
            duplicates,
            [
                Some("Old v. Case"),
                None,
                Some("Old v. Case"),
                None,
                Some("line 5 of this file"),
                None,
                Some("Old v. Case"),
                None,
                None,
                Some("line 9 of this file"),
            ]
        );
    }
}
