//! The list of dates: every dated sentence of the chosen documents, by day.
//!
//! No model is needed. The documents are read whole, page by page; each line carries the
//! words it rests on and where they stand. What several documents say in the same words
//! is one line with all its places. What is not told to the day stands apart, with why.

mod read;

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use super::whole::{Cited, PageText, Progress, Unread, split};
use crate::assistant::ask::{AskError, Assistant};
use crate::documents::{DocumentError, WholeText};
use crate::kernel::{CaseId, DocumentId, Permission, Scope};

pub use read::{Dated, When};

/// How much of two sentences must be the same words for them to be one line.
const ALIKE: f64 = 0.85;

/// A line of a list of dates.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = ChronologyLine)]
pub struct Line {
    /// The day, as `YYYY-MM-DD`.
    pub on: String,
    /// What happened, on one line.
    pub what: String,
    /// The words it rests on, at every place that says so.
    pub cited: Vec<Cited>,
}

/// Something that is dated, but not to the day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = ChronologyUncertain)]
pub struct Uncertain {
    /// The time as written.
    pub written: String,
    /// Why it is no day.
    pub doubt: String,
    /// What happened, on one line.
    pub what: String,
    /// The words it rests on, at every place that says so.
    pub cited: Vec<Cited>,
}

/// A list of dates.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Chronology {
    /// What happened on a day, the earliest first.
    pub lines: Vec<Line>,
    /// What is dated, but not to the day, in the order of the documents.
    pub uncertain: Vec<Uncertain>,
    /// How many documents were read.
    pub documents: usize,
    /// How many pages were read.
    pub pages: usize,
    /// Pages nothing could be read from.
    pub unread: Vec<Unread>,
    /// The titles of documents of the case that are not read yet, or could not be.
    pub waiting: Vec<String>,
}

/// Reads the dated sentences of pages, in the order of the text.
#[must_use]
pub fn read(pages: &[PageText]) -> Vec<Dated> {
    read::read(pages)
}

impl Assistant {
    /// The list of dates of chosen documents of a case, or of all of them when none is
    /// chosen; each is read whole.
    ///
    /// # Errors
    /// Fails when the case or a document is not there or not open to the caller, or a
    /// document is of another case.
    pub async fn chronology(
        &self,
        scope: &Scope,
        case: CaseId,
        documents: &[DocumentId],
        progress: &(dyn Fn(Progress) + Send + Sync),
    ) -> Result<Chronology, AskError> {
        if !scope.may(Permission::Ask) {
            return Err(AskError::NotAllowed);
        }
        self.cases.find(scope, case).await?;
        let of_case = self.documents.list(scope, case).await?;
        if documents.iter().any(|id| !of_case.iter().any(|known| known.id == *id)) {
            return Err(DocumentError::NotFound.into());
        }
        let mut list = Chronology::default();
        let mut dated = Vec::new();
        // The oldest first, so that what is said first is the line's own words.
        for document in of_case.iter().rev() {
            if !documents.is_empty() && !documents.contains(&document.id) {
                continue;
            }
            let whole = match self.read_whole(scope, document.id, progress).await {
                Ok(whole) => whole,
                Err(AskError::Documents(DocumentError::NotFound)) => {
                    list.waiting.push(document.title.clone());
                    continue;
                }
                Err(error) => return Err(error),
            };
            let (pages, unread) = split(&whole);
            list.documents += 1;
            list.pages += pages.len();
            if !unread.is_empty() {
                let title = whole.title.clone();
                list.unread.push(Unread { document_id: whole.document, title, pages: unread });
            }
            // Reading is work for the processor, not for the loop that serves requests.
            let found = tokio::task::spawn_blocking(move || read(&pages)).await;
            let found = found.map_err(|error| DocumentError::Disk(std::io::Error::other(error)))?;
            dated.extend(found.into_iter().map(|line| placed(&whole, line)));
        }
        join(dated, &mut list);
        Ok(list)
    }
}

/// A dated sentence of a document.
fn placed(whole: &WholeText, line: Dated) -> (When, String, Cited) {
    let Dated { when, what, page, start, end, quote } = line;
    let cited = Cited {
        document_id: whole.document,
        title: whole.title.clone(),
        version_id: whole.version,
        version: whole.number,
        page,
        start,
        end,
        quote,
    };
    (when, what, cited)
}

/// Sorts dated sentences into a list; those of a day that say the same are one.
fn join(dated: Vec<(When, String, Cited)>, list: &mut Chronology) {
    let mut days: BTreeMap<NaiveDate, Vec<(BTreeSet<String>, Line)>> = BTreeMap::new();
    let mut loose: Vec<(BTreeSet<String>, Uncertain)> = Vec::new();
    for (when, what, cited) in dated {
        let words = words_of(&cited.quote);
        match when {
            When::Day(day) => {
                let lines = days.entry(day).or_default();
                let known = lines.iter_mut().find(|(known, _)| alike(known, &words));
                if let Some((_, line)) = known {
                    line.cited.push(cited);
                } else {
                    lines.push((words, Line { on: day.to_string(), what, cited: vec![cited] }));
                }
            }
            When::Uncertain { written, doubt } => {
                let same = |(known, line): &&mut (BTreeSet<String>, Uncertain)| {
                    line.written == written && alike(known, &words)
                };
                if let Some((_, line)) = loose.iter_mut().find(same) {
                    line.cited.push(cited);
                } else {
                    loose.push((words, Uncertain { written, doubt, what, cited: vec![cited] }));
                }
            }
        }
    }
    list.lines = days.into_values().flatten().map(|(_, line)| line).collect();
    list.uncertain = loose.into_iter().map(|(_, line)| line).collect();
}

/// The words of a sentence, however it is broken into lines.
fn words_of(text: &str) -> BTreeSet<String> {
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect()
}

/// Whether two sentences are the same but for a few words.
#[expect(clippy::cast_precision_loss, reason = "sentences have few words")]
fn alike(one: &BTreeSet<String>, other: &BTreeSet<String>) -> bool {
    let shared = one.intersection(other).count() as f64;
    let all = one.union(other).count() as f64;
    all > 0.0 && shared / all >= ALIKE
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(day: &str, quote: &str, page: u32) -> (When, String, Cited) {
        let cited = Cited {
            document_id: DocumentId::new(),
            title: "Plaint".to_owned(),
            version_id: crate::kernel::VersionId::new(),
            version: 1,
            page,
            start: 0,
            end: quote.len(),
            quote: quote.to_owned(),
        };
        (When::Day(day.parse().unwrap()), quote.to_owned(), cited)
    }

    #[test]
    fn lines_are_sorted_and_those_that_say_the_same_are_one() {
        let mut list = Chronology::default();
        let dated = vec![
            line("2024-09-18", "The cheque was returned unpaid on 18 September 2024.", 3),
            line("2022-04-04", "Yarn was supplied from 4 April 2022.", 1),
            line("2024-09-18", "the cheque was returned unpaid\non 18 September 2024", 9),
            line("2024-09-18", "A letter was written on 18 September 2024 to the bank.", 9),
        ];
        join(dated, &mut list);
        let told: Vec<(&str, usize)> =
            list.lines.iter().map(|line| (line.on.as_str(), line.cited.len())).collect();
        assert_eq!(told, [("2022-04-04", 1), ("2024-09-18", 2), ("2024-09-18", 1)]);
    }
}
