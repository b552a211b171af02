//! What stands in a document but not in its text: hidden words, tracked
//! deletions, comments. Their beginnings are told, so that nobody is surprised.

use super::{Finding, FindingKind};

/// How many characters of each kind are told.
const TOLD: usize = 300;
/// Things of one kind told one by one; a file with more of them says so.
const MOST: usize = 20;

/// Why words are not part of the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Aside {
    /// Nobody can see them.
    Hidden,
    /// Somebody deleted them while changes were tracked.
    Deleted,
    /// They are a remark on the text.
    Comment,
}

/// The words set aside, as far as they are told, and other things found.
#[derive(Debug, Default)]
pub(super) struct Asides {
    hidden: Told,
    deleted: Told,
    comments: Told,
    findings: Vec<Finding>,
    untold: usize,
}

#[derive(Debug, Default)]
struct Told {
    text: String,
    count: usize,
    cut: bool,
}

impl Asides {
    /// Sets words aside.
    pub(super) fn take(&mut self, aside: Aside, text: &str) {
        let told = match aside {
            Aside::Hidden => &mut self.hidden,
            Aside::Deleted => &mut self.deleted,
            Aside::Comment => &mut self.comments,
        };
        for c in text.chars() {
            if told.count == TOLD {
                told.cut |= !c.is_whitespace();
                return;
            }
            let blank = c.is_whitespace();
            if !blank || !told.text.is_empty() && !told.text.ends_with(' ') {
                told.text.push(if blank { ' ' } else { c });
                told.count += 1;
            }
        }
    }

    /// Sets apart what comes next from what was set aside before.
    pub(super) fn end_line(&mut self) {
        for aside in [Aside::Hidden, Aside::Deleted, Aside::Comment] {
            self.take(aside, " ");
        }
    }

    /// Notes a thing found, once.
    pub(super) fn note(&mut self, kind: FindingKind, detail: impl Into<String>) {
        let detail: String = detail.into().chars().take(TOLD).collect();
        let finding = Finding { kind, detail };
        if self.findings.contains(&finding) {
            return;
        }
        let alike = self.findings.iter().filter(|found| found.kind == kind).count();
        if alike < MOST {
            self.findings.push(finding);
        } else {
            self.untold += 1;
        }
    }

    /// Everything found, hidden text first.
    pub(super) fn into_findings(self) -> Vec<Finding> {
        let kinds =
            [("", self.hidden), ("tracked deletion: ", self.deleted), ("comment: ", self.comments)];
        let mut findings: Vec<Finding> = kinds
            .into_iter()
            .filter_map(|(what, told)| {
                let text = told.text.trim_end();
                let rest = if told.cut { "…" } else { "" };
                let detail = format!("{what}{text}{rest}");
                (!text.is_empty()).then_some(Finding { kind: FindingKind::HiddenText, detail })
            })
            .collect();
        findings.extend(self.findings);
        if let (true, Some(last)) = (self.untold > 0, findings.last_mut()) {
            let more = format!(" (and {} more)", self.untold);
            last.detail.push_str(&more);
        }
        findings
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn details(asides: Asides) -> Vec<String> {
        asides.into_findings().into_iter().map(|finding| finding.detail).collect()
    }

    #[test]
    fn words_set_aside_are_told_by_kind() {
        let mut asides = Asides::default();
        asides.take(Aside::Deleted, "not ");
        asides.take(Aside::Hidden, "ignore\nthe  rest");
        asides.take(Aside::Deleted, "liable");
        assert_eq!(details(asides), ["ignore the rest", "tracked deletion: not liable"]);
    }

    #[test]
    fn only_the_beginning_is_told() {
        let mut asides = Asides::default();
        asides.take(Aside::Hidden, &"क".repeat(1000));
        assert_eq!(details(asides), ["क".repeat(TOLD) + "…"]);
    }

    #[test]
    fn things_found_are_told_once_and_not_without_end() {
        let mut asides = Asides::default();
        for number in 0..50 {
            asides.note(FindingKind::EmbeddedFile, format!("file {}", number / 2));
        }
        let told = details(asides);
        assert_eq!(told.len(), MOST);
        assert!(told[MOST - 1].ends_with("(and 10 more)"), "{told:?}");
    }
}
