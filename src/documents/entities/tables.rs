//! The tables of reporters, courts, case types and statutes, and patterns made of them.

use std::collections::HashMap;
use std::sync::LazyLock;

use regex::Regex;
use serde::Deserialize;

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

/// A type of case.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CaseType {
    pub(super) key: String,
    pub(super) forms: Vec<String>,
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
    case_type: Vec<CaseType>,
    statute: Vec<Statute>,
}

/// All tables.
pub(super) struct Tables {
    pub(super) reporters: Vec<Reporter>,
    pub(super) courts: Vec<Court>,
    pub(super) case_types: Vec<CaseType>,
    pub(super) statutes: Vec<Statute>,
}

#[expect(clippy::expect_used, reason = "the tables are part of the binary and a test reads them")]
fn read(table: &str) -> File {
    toml::from_str(table).expect("a readable table")
}

pub(super) static TABLES: LazyLock<Tables> = LazyLock::new(|| Tables {
    reporters: read(include_str!("../../../index/reporters.toml")).reporter,
    courts: read(include_str!("../../../index/courts.toml")).court,
    case_types: read(include_str!("../../../index/case_types.toml")).case_type,
    statutes: read(include_str!("../../../index/statutes.toml")).statute,
});

/// Compiles a pattern made of the tables. Figures and white space are those of ASCII
/// (and the unbreakable space): patterns are several times faster so.
#[expect(clippy::expect_used, reason = "made of constants and a test compiles each")]
pub(super) fn compile(pattern: &str) -> Regex {
    let plain = pattern.replace(r"\d", "[0-9]").replace(r"\s", r"[ \t\r\n\u{a0}]");
    Regex::new(&plain).expect("a valid pattern")
}

/// A pattern for any of some forms, as they stand and in capitals, the longest first.
pub(super) fn any<'a>(forms: impl IntoIterator<Item = &'a str>) -> String {
    let mut all: Vec<String> = Vec::new();
    for form in forms {
        all.push(form.to_owned());
        all.push(form.to_uppercase());
    }
    all.sort_by(|a, b| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
    all.dedup();
    all.iter().map(|form| loose(form)).collect::<Vec<_>>().join("|")
}

/// A form as a pattern: its dots are optional and may be followed by a space, its
/// spaces are optional, and a bracket may have a space before it.
fn loose(form: &str) -> String {
    let mut pattern = String::with_capacity(form.len() * 3);
    let mut before = ' ';
    for c in form.chars() {
        match c {
            '.' => pattern.push_str(r"\.?\s?"),
            ' ' if before == '.' => {}
            ' ' => pattern.push_str(if form.len() > 12 { r"\s+" } else { r"\s*" }),
            '(' => pattern.push_str(r"\s?\(\s?"),
            ')' => pattern.push_str(r"\.?\s?\)"),
            '&' => pattern.push_str(r"\s?&\s?"),
            '\'' => pattern.push_str("['’]"),
            c => pattern.push_str(&regex::escape(c.encode_utf8(&mut [0; 4]))),
        }
        before = c;
    }
    pattern
}

/// A form without what makes no difference: only letters and figures, in capitals.
pub(super) fn squeeze(form: &str) -> String {
    form.chars()
        .filter(|c| c.is_alphanumeric() || !c.is_ascii())
        .flat_map(char::to_uppercase)
        .collect()
}

/// Finds the row a form belongs to.
pub(super) struct Finder(HashMap<String, usize>);

impl Finder {
    /// Where two rows share a form, the first has it.
    pub(super) fn new<'a>(rows: impl Iterator<Item = (usize, &'a str)>) -> Self {
        let mut forms = HashMap::new();
        for (row, form) in rows {
            forms.entry(squeeze(form)).or_insert(row);
        }
        Self(forms)
    }

    pub(super) fn row(&self, written: &str) -> Option<usize> {
        self.0.get(&squeeze(written)).copied()
    }
}

/// The court a mark inside a citation stands for.
pub(super) fn court_of_mark(mark: &str) -> Option<&'static Court> {
    static FINDER: LazyLock<Finder> = LazyLock::new(|| {
        Finder::new(TABLES.courts.iter().enumerate().flat_map(|(row, court)| {
            court.marks.iter().chain([&court.key]).map(move |mark| (row, mark.as_str()))
        }))
    });
    FINDER.row(mark).and_then(|row| TABLES.courts.get(row))
}

/// The four figures of a year written with two or four.
pub(super) fn year(written: &str) -> Option<u16> {
    let year: u16 = written.parse().ok()?;
    Some(match year {
        0..=49 => 2000 + year,
        50..=99 => 1900 + year,
        year => year,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_table_reads_and_no_two_rows_share_a_key() {
        let keys = [
            TABLES.reporters.iter().map(|row| row.key.clone()).collect::<Vec<_>>(),
            TABLES.courts.iter().map(|row| row.key.clone()).collect(),
            TABLES.case_types.iter().map(|row| row.key.clone()).collect(),
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

    #[test]
    fn forms_are_read_with_and_without_dots_and_spaces() {
        let pattern = compile(&format!("^(?:{})$", any(["S.C.C.(Cri)", "Cri.L.J."])));
        for written in ["SCC (Cri)", "S.C.C. (Cri.)", "SCC(CRI)", "Cri LJ", "CriLJ", "Cri. L. J."] {
            assert!(pattern.is_match(written), "{written}");
        }
        assert!(!pattern.is_match("SCC"));
    }
}
