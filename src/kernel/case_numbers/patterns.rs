//! Patterns made of how things are written: dots and spaces that may be left out, rows
//! found by any of their forms.

use std::collections::HashMap;

use regex::Regex;

/// Compiles a pattern made of tables in `index/`. Figures and white space are those of ASCII
/// (and the unbreakable space): patterns are several times faster so.
#[expect(clippy::expect_used, reason = "made of constants and a test compiles each")]
pub(crate) fn compile(pattern: &str) -> Regex {
    let plain = pattern.replace(r"\d", "[0-9]").replace(r"\s", r"[ \t\r\n\u{a0}]");
    Regex::new(&plain).expect("a valid pattern")
}

/// A pattern for any of some forms, as they stand and in capitals, the longest first.
pub(crate) fn any<'a>(forms: impl IntoIterator<Item = &'a str>) -> String {
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
pub(crate) fn squeeze(form: &str) -> String {
    form.chars()
        .filter(|c| c.is_alphanumeric() || !c.is_ascii())
        .flat_map(char::to_uppercase)
        .collect()
}

/// Finds the row a form belongs to.
pub(crate) struct Finder(HashMap<String, usize>);

impl Finder {
    /// Where two rows share a form, the first has it.
    pub(crate) fn new<'a>(rows: impl Iterator<Item = (usize, &'a str)>) -> Self {
        let mut forms = HashMap::new();
        for (row, form) in rows {
            forms.entry(squeeze(form)).or_insert(row);
        }
        Self(forms)
    }

    pub(crate) fn row(&self, written: &str) -> Option<usize> {
        self.0.get(&squeeze(written)).copied()
    }
}

/// The four figures of a year written with two or four.
pub(crate) fn year(written: &str) -> Option<u16> {
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
    fn forms_are_read_with_and_without_dots_and_spaces() {
        let pattern = compile(&format!("^(?:{})$", any(["S.C.C.(Cri)", "Cri.L.J."])));
        for written in ["SCC (Cri)", "S.C.C. (Cri.)", "SCC(CRI)", "Cri LJ", "CriLJ", "Cri. L. J."] {
            assert!(pattern.is_match(written), "{written}");
        }
        assert!(!pattern.is_match("SCC"));
    }
}
