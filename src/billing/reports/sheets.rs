//! Reports as tables to take away.

use super::{AgeingRow, CaseRow, Monthly};
use crate::billing::Unbilled;
use crate::paper::{Cell, Sheet};

fn heads(columns: &[&str]) -> Vec<String> {
    columns.iter().map(|&column| column.to_owned()).collect()
}

impl AgeingRow {
    /// What clients owe by age, as a table.
    #[must_use]
    pub fn sheet(rows: &[Self]) -> Sheet {
        let mut columns = heads(&["Client"]);
        columns.extend(super::Ages::default().named().iter().map(|(what, _)| (*what).to_owned()));
        columns.push("Outstanding".to_owned());
        let row = |row: &Self| {
            let mut cells = vec![Cell::text(&row.client_name)];
            cells.extend(row.ages.named().into_iter().map(|(_, paise)| Cell::Money(paise)));
            cells.push(Cell::Money(row.ages.sum()));
            cells
        };
        Sheet { name: "Ageing".to_owned(), columns, rows: rows.iter().map(row).collect() }
    }
}

impl CaseRow {
    /// What each case cost and earned, as a table.
    #[must_use]
    pub fn sheet(rows: &[Self]) -> Sheet {
        let row = |row: &Self| {
            let money = [
                row.time,
                row.billed,
                row.credited,
                row.net_tax(),
                row.collected,
                row.tds,
                row.expenses,
                row.models,
                row.margin(),
            ];
            let mut cells = vec![Cell::text(&row.title)];
            cells.extend(money.map(Cell::Money));
            cells
        };
        Sheet {
            name: "Cases".to_owned(),
            columns: heads(&[
                "Case",
                "Time value",
                "Billed",
                "Credited",
                "Tax",
                "Collected",
                "TDS",
                "Expenses",
                "AI models",
                "Margin",
            ]),
            rows: rows.iter().map(row).collect(),
        }
    }
}

impl Unbilled {
    /// What is not billed, as a table.
    #[must_use]
    pub fn sheet(rows: &[Self]) -> Sheet {
        let row = |row: &Self| {
            let mut cells = vec![Cell::text(&row.case_title)];
            cells.extend([row.work, row.expenses, row.models, row.sum()].map(Cell::Money));
            cells
        };
        Sheet {
            name: "Not billed".to_owned(),
            columns: heads(&["Case", "Work", "Expenses", "AI models", "Total"]),
            rows: rows.iter().map(row).collect(),
        }
    }
}

impl Monthly {
    /// The report as tables: sums, cases, people, GST.
    #[must_use]
    pub fn sheets(&self) -> Vec<Sheet> {
        let sum = |what: &str, paise| vec![Cell::text(what), Cell::Money(paise)];
        let sums = Sheet {
            name: "Sums".to_owned(),
            columns: heads(&["What", "Amount"]),
            rows: vec![
                sum("Billed", self.billed),
                sum("Tax in it", self.tax),
                sum("Credited", self.credited),
                sum("Tax in that", self.credited_tax),
                sum("Collected", self.collected),
                sum("TDS", self.tds),
                sum("Outstanding today", self.outstanding),
            ],
        };
        let people = self.people.iter().map(|row| {
            vec![Cell::text(&row.name), Cell::Number(row.minutes), Cell::Money(row.amount)]
        });
        let people = Sheet {
            name: "People".to_owned(),
            columns: heads(&["Person", "Minutes billed", "Amount"]),
            rows: people.collect(),
        };
        let gst = self.gst.iter().map(|row| {
            let mut cells = vec![Cell::text(row.treatment.words()), Cell::Number(row.bills)];
            cells.extend([row.value, row.cgst, row.sgst, row.igst].map(Cell::Money));
            cells
        });
        let gst = Sheet {
            name: "GST".to_owned(),
            columns: heads(&["Decision", "Bills", "Value", "CGST", "SGST", "IGST"]),
            rows: gst.collect(),
        };
        vec![sums, CaseRow::sheet(&self.cases), people, gst]
    }
}
