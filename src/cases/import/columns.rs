//! What the columns of a list of cases are, guessed from their headings.

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What a column of a list of cases holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = CaseListColumn)]
pub enum ListColumn {
    /// How the case is called.
    Title,
    /// Its number.
    Number,
    /// Its court.
    Court,
    /// Its national case number record.
    Cnr,
    /// For whom the chamber acts.
    Client,
    /// Its stage.
    Stage,
    /// When it is listed next.
    NextDate,
    /// Who stands on the other side.
    Opponent,
    /// Who appears for them.
    OppositeCounsel,
    /// When the chamber took it on.
    OpenedOn,
    /// What is to be noted of it.
    Notes,
    /// Nothing that is taken over.
    Ignored,
}

impl ListColumn {
    /// Every kind, as sent and in words.
    pub const ALL: [(Self, &'static str, &'static str); 12] = [
        (Self::Title, "title", "Title"),
        (Self::Number, "number", "Case number"),
        (Self::Court, "court", "Court"),
        (Self::Cnr, "cnr", "CNR"),
        (Self::Client, "client", "Client"),
        (Self::Stage, "stage", "Stage"),
        (Self::NextDate, "next_date", "Next date"),
        (Self::Opponent, "opponent", "Opponent"),
        (Self::OppositeCounsel, "opposite_counsel", "Opposite counsel"),
        (Self::OpenedOn, "opened_on", "Opened on"),
        (Self::Notes, "notes", "Notes"),
        (Self::Ignored, "ignored", "Not taken over"),
    ];

    /// The kind of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, key, _)| *key == name).map(|(column, ..)| *column)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    key: String,
    headings: Vec<String>,
    #[expect(dead_code, reason = "rows state their source for those who read the table")]
    source: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    column: Vec<Row>,
}

static ROWS: LazyLock<Vec<Row>> =
    LazyLock::new(|| read(include_str!("../../../index/case_list_columns.toml")).column);

#[expect(clippy::expect_used, reason = "the table is part of the binary and a test reads it")]
fn read(table: &str) -> File {
    toml::from_str(table).expect("a readable table")
}

/// A heading by which two are equal: no spaces, no signs, small letters.
fn plain(heading: &str) -> String {
    let kept =
        heading.chars().filter(|c| c.is_alphanumeric() || !c.is_ascii() && !c.is_whitespace());
    kept.flat_map(char::to_lowercase).collect()
}

/// What the columns are by their headings; each kind once.
pub(super) fn guess(headings: &[String]) -> Vec<ListColumn> {
    let mut taken = Vec::new();
    let guessed = headings.iter().map(|heading| {
        let heading = plain(heading);
        let row = ROWS.iter().find(|row| row.headings.iter().any(|known| plain(known) == heading));
        let column = row.and_then(|row| ListColumn::named(&row.key));
        match column.filter(|column| !taken.contains(column)) {
            Some(column) => {
                taken.push(column);
                column
            }
            None => ListColumn::Ignored,
        }
    });
    guessed.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guessed(headings: &[&str]) -> Vec<ListColumn> {
        guess(&headings.iter().map(|heading| (*heading).to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn the_table_has_a_row_for_each_kind_of_column() {
        for (column, key, _) in ListColumn::ALL {
            let known = ROWS.iter().any(|row| row.key == key);
            assert_eq!(known, column != ListColumn::Ignored, "{key}");
        }
        assert!(ROWS.iter().all(|row| ListColumn::named(&row.key).is_some()));
    }

    #[test]
    fn headings_in_english_and_hindi_are_known_and_each_kind_is_taken_once() {
        use ListColumn::{Client, Cnr, Court, Ignored, NextDate, Number, Title};
        assert_eq!(
            guessed(&["S. No.", "CASE NO.", "Case Title", "न्यायालय", "अगली तारीख", "C.N.R."]),
            [Ignored, Number, Title, Court, NextDate, Cnr]
        );
        assert_eq!(guessed(&["Client", "Client name"]), [Client, Ignored]);
    }
}
