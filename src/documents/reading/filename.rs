//! Names of files that come from outside, made safe to show and to store.

use std::collections::HashSet;

/// Most characters a name keeps; file systems take 255 bytes, and a character
/// of an Indian script has three.
const LONGEST: usize = 80;
/// Most characters of an ending such as `.pdf` that is kept when a name is cut.
const LONGEST_ENDING: usize = 8;

/// A sender's file name without folders and control characters.
pub(super) fn plain(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).find(|part| !part.trim().is_empty()).unwrap_or_default();
    clean(last)
}

/// A path inside an archive as one name: its folders, then the file, with ` - `
/// between them. Steps up and drive letters are left out.
pub(super) fn of_path(path: &str) -> String {
    let parts: Vec<&str> = path
        .split(['/', '\\'])
        .map(str::trim)
        .filter(|part| !part.is_empty() && *part != "." && *part != ".." && !part.ends_with(':'))
        .collect();
    clean(&parts.join(" - "))
}

/// A text, such as the subject of a mail, as a file name with an ending.
pub(super) fn of_text(text: &str, ending: &str) -> String {
    let name: String =
        text.chars().map(|c| if "/\\:*?\"<>|".contains(c) { ' ' } else { c }).collect();
    let mut name = clean(&name);
    if name.chars().count() + ending.len() > LONGEST {
        name = name.chars().take(LONGEST - ending.len()).collect();
    }
    format!("{}{ending}", name.trim())
}

/// Drops characters that cannot be seen, and the middle of what is too long.
fn clean(name: &str) -> String {
    // These turn the order of letters round: `fdp.exe` could be shown as `exe.pdf`.
    let turns = |c: char| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let seen = name.chars().map(|c| if c.is_whitespace() { ' ' } else { c });
    let name: String = seen.filter(|&c| !c.is_control() && !turns(c)).collect();
    let name = name.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
    if name.chars().count() <= LONGEST {
        return name;
    }
    let (stem, ending) = match name.rsplit_once('.') {
        Some((stem, ending)) if ending.chars().count() <= LONGEST_ENDING => (stem, ending),
        _ => (name.as_str(), ""),
    };
    let dot = if ending.is_empty() { "" } else { "." };
    let kept: String = stem.chars().take(LONGEST - ending.chars().count() - 1).collect();
    format!("{}{dot}{ending}", kept.trim_end())
}

/// Names given so far, so that each is given once.
#[derive(Default)]
pub(super) struct Names(HashSet<String>);

impl Names {
    /// The name itself, or with a number when it was given before.
    ///
    /// `number` is the file's place among its neighbours, so that a thousand
    /// files of one name cost a thousand steps.
    pub(super) fn give(&mut self, name: String, number: usize) -> String {
        if self.0.insert(name.to_lowercase()) {
            return name;
        }
        let (stem, ending) = match name.rsplit_once('.') {
            Some((stem, ending)) => (stem, format!(".{ending}")),
            None => (name.as_str(), String::new()),
        };
        let name = format!("{stem} ({number}){ending}");
        self.0.insert(name.to_lowercase());
        name
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_and_tricks_are_left_out() {
        assert_eq!(plain("../orders/final.pdf"), "final.pdf");
        assert_eq!(plain("C:\\x\\deed\u{202e}fdp.exe"), "deedfdp.exe");
        assert_eq!(of_path("../../etc/passwd"), "etc - passwd");
        assert_eq!(
            of_path("C:\\Orders\\.\\2024\\final order.pdf"),
            "Orders - 2024 - final order.pdf"
        );
        assert_eq!(of_text("Re: a/b", ".eml"), "Re a b.eml");
    }

    #[test]
    fn a_long_name_keeps_its_ending() {
        let long = format!("{}.pdf", "अपील ".repeat(100));
        let name = plain(&long);
        assert!(
            name.rsplit('.').next() == Some("pdf") && name.chars().count() <= LONGEST,
            "{name}"
        );
        assert!(of_text(&"x".repeat(500), ".eml").len() <= LONGEST);
    }

    #[test]
    fn no_name_is_given_twice() {
        let mut names = Names::default();
        assert_eq!(names.give("a.pdf".into(), 1), "a.pdf");
        assert_eq!(names.give("A.pdf".into(), 2), "A (2).pdf");
    }
}
