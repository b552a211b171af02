//! The tables of reporters, courts and statutes.

use std::sync::LazyLock;

use serde::Deserialize;

pub(super) use crate::kernel::case_numbers::patterns::{Finder, any, compile, squeeze, year};

/// A law report.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Reporter {
    pub(super) key: String,
    pub(super) forms: Vec<String>,
    pub(super) style: Style,
    /// Whether it is named before the year.
    #[serde(default)]
    pub(super) first: bool,
    /// Whether volume and page do without a year.
    pub(super) bare: Option<Bare>,
    #[expect(dead_code, reason = "rows state their source for those who read the table")]
    source: String,
}

/// How the normal form of a citation is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Style {
    /// `(2019) 4 SCC 1`
    Volume,
    /// `[1973] 4 SCR 1`
    Square,
    /// `AIR 1973 SC 1461`
    Court,
    /// `JT 2001 (3) SC 1`
    Jt,
    /// `2020 SCC OnLine SC 123`
    Online,
    /// `2003 Cri LJ 1`
    Year,
}

/// How a citation without a year is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Bare {
    /// `71 STC 401`
    Plain,
    /// `ILR 49 Mad 468`
    Court,
}

/// A court or tribunal.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Court {
    pub(super) key: String,
    pub(super) name: String,
    #[expect(dead_code, reason = "for those who read the table")]
    level: String,
    pub(super) names: Vec<String>,
    pub(super) marks: Vec<String>,
    pub(super) neutral: Vec<String>,
    #[expect(dead_code, reason = "rows state their source for those who read the table")]
    source: String,
}

/// A statute.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Statute {
    pub(super) key: String,
    pub(super) name: String,
    pub(super) year: u16,
    pub(super) names: Vec<String>,
    pub(super) abbreviations: Vec<String>,
    pub(super) division: String,
    #[expect(dead_code, reason = "rows state their source for those who read the table")]
    source: String,
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct File {
    reporter: Vec<Reporter>,
    court: Vec<Court>,
    statute: Vec<Statute>,
}

/// All tables.
pub(super) struct Tables {
    pub(super) reporters: Vec<Reporter>,
    pub(super) courts: Vec<Court>,
    pub(super) statutes: Vec<Statute>,
}

#[expect(clippy::expect_used, reason = "the tables are part of the binary and a test reads them")]
fn read(table: &str) -> File {
    toml::from_str(table).expect("a readable table")
}

pub(super) static TABLES: LazyLock<Tables> = LazyLock::new(|| Tables {
    reporters: read(include_str!("../../../index/reporters.toml")).reporter,
    courts: read(include_str!("../../../index/courts.toml")).court,
    statutes: read(include_str!("../../../index/statutes.toml")).statute,
});

/// The court a mark inside a citation stands for.
pub(super) fn court_of_mark(mark: &str) -> Option<&'static Court> {
    static FINDER: LazyLock<Finder> = LazyLock::new(|| {
        Finder::new(TABLES.courts.iter().enumerate().flat_map(|(row, court)| {
            court.marks.iter().chain([&court.key]).map(move |mark| (row, mark.as_str()))
        }))
    });
    FINDER.row(mark).and_then(|row| TABLES.courts.get(row))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_table_reads_and_no_two_rows_share_a_key() {
        let keys = [
            TABLES.reporters.iter().map(|row| row.key.clone()).collect::<Vec<_>>(),
            TABLES.courts.iter().map(|row| row.key.clone()).collect(),
            TABLES.statutes.iter().map(|row| row.key.clone()).collect(),
        ];
        for mut keys in keys {
            let count = keys.len();
            assert!(count > 20);
            keys.sort();
            keys.dedup();
            assert_eq!(keys.len(), count);
        }
    }
}
