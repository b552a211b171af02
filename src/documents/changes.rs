//! What changed from one version of a document to another, paragraph by paragraph.

use similar::{Algorithm, DiffOp, capture_diff_slices};

use super::terms::of_the_chamber;
use super::{DocumentError, Documents, store};
use crate::kernel::{DocumentId, Scope, VersionId};

/// Two paragraphs that have this share of their words in common, in percent, are one
/// paragraph that changed.
const CHANGED_PERCENT: usize = 40;

/// A paragraph in two versions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// What became of it.
    pub kind: ChangeKind,
    /// What it said, and on which page; nothing when it is new.
    pub before: Option<Paragraph>,
    /// What it says, and on which page; nothing when it is gone.
    pub after: Option<Paragraph>,
}

/// What became of a paragraph.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChangeKind {
    /// It says the same.
    Same,
    /// Its words changed.
    Changed,
    /// It is new.
    Added,
    /// It is gone.
    Removed,
}

/// A paragraph of a version, in words that changed and words that did not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paragraph {
    /// The page it begins on.
    pub page: u32,
    /// Its text in pieces, each with whether the other version lacks it.
    pub pieces: Vec<(String, bool)>,
}

/// A paragraph as cut from the pages.
struct Plain {
    page: u32,
    words: Vec<String>,
}

impl Documents {
    /// Compares two versions of a document, paragraph by paragraph; written down.
    ///
    /// # Errors
    /// Fails when the document is not open to the caller or has no such version.
    pub async fn changes(
        &self,
        scope: &Scope,
        id: DocumentId,
        from: i64,
        to: i64,
    ) -> Result<Vec<Change>, DocumentError> {
        of_the_chamber(scope)?;
        let before = self.version(scope, id, from).await?.version_id;
        let after = self.version(scope, id, to).await?.version_id;
        self.compared(scope, id, from, to).await?;
        self.between(before, after).await
    }

    /// Compares the texts of two versions, of one document or of two, which the caller
    /// has found to be open; paragraph by paragraph.
    ///
    /// # Errors
    /// Fails when the database does.
    pub(crate) async fn between(
        &self,
        before: VersionId,
        after: VersionId,
    ) -> Result<Vec<Change>, DocumentError> {
        let (before, after) = (self.paragraphs(before).await?, self.paragraphs(after).await?);
        let compared = tokio::task::spawn_blocking(move || compare(&before, &after)).await;
        compared.map_err(|error| DocumentError::Disk(std::io::Error::other(error)))
    }

    async fn paragraphs(&self, version: VersionId) -> Result<Vec<Plain>, DocumentError> {
        let mut tx = self.db.read().await?;
        let pages = store::texts(&mut tx, version).await?;
        let mut paragraphs: Vec<Plain> = Vec::new();
        for page in pages {
            let number = u32::try_from(page.number).unwrap_or(u32::MAX);
            add_paragraphs(number, &page.blanked(), &mut paragraphs);
        }
        Ok(paragraphs)
    }
}

/// Adds a page's paragraphs: runs of lines up to an empty one or a new number.
fn add_paragraphs(page: u32, text: &str, paragraphs: &mut Vec<Plain>) {
    let mut open = false;
    for line in text.lines() {
        let words: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
        let Some(first) = words.first() else {
            open = false;
            continue;
        };
        let numbered = first.ends_with(['.', ')'])
            && first.trim_matches(['(', ')', '.']).chars().all(char::is_alphanumeric)
            && first.len() <= 6;
        match paragraphs.last_mut() {
            Some(last) if open && !numbered => last.words.extend(words),
            _ => paragraphs.push(Plain { page, words }),
        }
        open = true;
    }
}

fn compare(before: &[Plain], after: &[Plain]) -> Vec<Change> {
    let keys = |side: &[Plain]| -> Vec<String> {
        side.iter().map(|paragraph| paragraph.words.join(" ")).collect()
    };
    let (old, new) = (keys(before), keys(after));
    let mut changes = Vec::new();
    for op in capture_diff_slices(Algorithm::Patience, &old, &new) {
        match op {
            DiffOp::Equal { old_index, new_index, len } => {
                let pairs = before[old_index..].iter().zip(&after[new_index..]).take(len);
                changes.extend(pairs.map(|(before, after)| Change {
                    kind: ChangeKind::Same,
                    before: Some(before.whole(false)),
                    after: Some(after.whole(false)),
                }));
            }
            DiffOp::Delete { old_index, old_len, .. } => {
                changes.extend(before[old_index..old_index + old_len].iter().map(Plain::removed));
            }
            DiffOp::Insert { new_index, new_len, .. } => {
                changes.extend(after[new_index..new_index + new_len].iter().map(Plain::added));
            }
            DiffOp::Replace { old_index, old_len, new_index, new_len } => {
                let old = &before[old_index..old_index + old_len];
                changes.extend(replaced(old, &after[new_index..new_index + new_len]));
            }
        }
    }
    changes
}

/// Pairs the paragraphs of a stretch that changed, in order.
fn replaced(before: &[Plain], after: &[Plain]) -> Vec<Change> {
    let mut changes = Vec::new();
    let mut next = 0;
    for old in before {
        // A look at the next few keeps a stretch of many paragraphs cheap.
        let near = after.iter().enumerate().skip(next).take(4);
        let partner = near.map(|(at, new)| (at, pair(old, new))).find(|(_, pair)| pair.is_some());
        let Some((at, Some(pair))) = partner else {
            changes.push(old.removed());
            continue;
        };
        changes.extend(after[next..at].iter().map(Plain::added));
        changes.push(pair);
        next = at + 1;
    }
    changes.extend(after[next..].iter().map(Plain::added));
    changes
}

/// Two paragraphs as one that changed, if they are alike enough.
fn pair(old: &Plain, new: &Plain) -> Option<Change> {
    let ops = capture_diff_slices(Algorithm::Myers, &old.words, &new.words);
    let common: usize = ops.iter().filter(|op| is_equal(op)).map(|op| op.old_range().len()).sum();
    if common * 200 < (old.words.len() + new.words.len()) * CHANGED_PERCENT {
        return None;
    }
    let (mut before, mut after) = (Vec::new(), Vec::new());
    for op in &ops {
        let same = is_equal(op);
        for (range, words, pieces) in
            [(op.old_range(), &old.words, &mut before), (op.new_range(), &new.words, &mut after)]
        {
            if !range.is_empty() {
                pieces.push((words[range].join(" "), !same));
            }
        }
    }
    Some(Change {
        kind: ChangeKind::Changed,
        before: Some(Paragraph { page: old.page, pieces: before }),
        after: Some(Paragraph { page: new.page, pieces: after }),
    })
}

fn is_equal(op: &DiffOp) -> bool {
    matches!(op, DiffOp::Equal { .. })
}

impl Plain {
    fn whole(&self, changed: bool) -> Paragraph {
        Paragraph { page: self.page, pieces: vec![(self.words.join(" "), changed)] }
    }

    fn removed(&self) -> Change {
        Change { kind: ChangeKind::Removed, before: Some(self.whole(true)), after: None }
    }

    fn added(&self) -> Change {
        Change { kind: ChangeKind::Added, before: None, after: Some(self.whole(true)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn changes(before: &str, after: &str) -> Vec<Change> {
        let cut = |text: &str| {
            let mut paragraphs = Vec::new();
            add_paragraphs(1, text, &mut paragraphs);
            paragraphs
        };
        compare(&cut(before), &cut(after))
    }

    fn kinds(changes: &[Change]) -> Vec<ChangeKind> {
        changes.iter().map(|change| change.kind).collect()
    }

    #[test]
    fn a_changed_word_is_shown_in_its_paragraph() {
        let found = changes(
            "1. The rent is Rs. 10,000\na month.\n2. The term is one year.",
            "1. The rent is Rs. 12,000 a month.\n2. The term is one year.",
        );
        assert_eq!(kinds(&found), [ChangeKind::Changed, ChangeKind::Same]);
        let after = found[0].after.as_ref().unwrap();
        assert_eq!(after.pieces[1], ("12,000".to_owned(), true));
    }

    #[test]
    fn lines_may_break_elsewhere() {
        let found = changes("The rent is\npayable monthly.", "The rent is payable\nmonthly.");
        assert_eq!(kinds(&found), [ChangeKind::Same]);
    }

    #[test]
    fn new_and_lost_paragraphs_are_told_apart() {
        let found = changes(
            "The lessor lets the shop.\n\nA deposit of two months is paid.",
            "The lessor lets the shop.\n\nDisputes go to arbitration in Jaipur.",
        );
        let expected = [ChangeKind::Same, ChangeKind::Removed, ChangeKind::Added];
        assert_eq!(kinds(&found), expected);
    }

    #[test]
    fn nothing_is_lost_between_versions() {
        let found = changes("a b c\n\nd e f\n\ng h i", "a b c\n\nx y z\n\nd e q\n\ng h i");
        let words = |side: fn(&Change) -> &Option<Paragraph>| -> Vec<String> {
            let pieces = found.iter().filter_map(|change| side(change).as_ref());
            pieces.flat_map(|it| it.pieces.iter().map(|piece| piece.0.clone())).collect()
        };
        assert_eq!(words(|change| &change.before).join(" "), "a b c d e f g h i");
        assert_eq!(words(|change| &change.after).join(" "), "a b c x y z d e q g h i");
    }
}
