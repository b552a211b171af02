//! What a task reads: documents, whole, and what could not be read of them.

use std::fmt::Write as _;

use super::parts::runs;
use super::{Order, TaskKind};
use crate::assistant::answer::AnswerError;
use crate::assistant::ask::{AskError, Assistant};
use crate::assistant::evidence::Evidence;
use crate::assistant::grounds::Fact;
use crate::documents::{Entire, PassageText};
use crate::kernel::{CaseId, Scope, VersionId};

/// What a task reads.
pub(super) struct Material {
    /// The documents, in order, each with where its passages begin.
    pub(super) subjects: Vec<Subject>,
    /// The passages of all of them, in order.
    pub(super) passages: Vec<PassageText>,
    /// The same, as something a text may rest on; each under its place from 1.
    pub(super) evidence: Vec<Evidence>,
    /// What the tables say of the case and of each document; not numbered yet.
    pub(super) facts: Vec<Fact>,
    /// The titles of documents that are not read yet.
    waiting: Vec<String>,
}

/// A document of a task.
pub(super) struct Subject {
    pub(super) title: String,
    /// `judgment`, `agreement`, …; nothing when its text does not tell.
    pub(super) kind: String,
    pub(super) version: VersionId,
    pub(super) number: i64,
    /// Its date, as told from its first pages.
    pub(super) date: Option<chrono::NaiveDate>,
    /// Its passages among all.
    pub(super) passages: std::ops::Range<usize>,
    /// Its fact among the facts.
    pub(super) fact: usize,
    pages: i64,
    unreadable: Vec<u32>,
}

impl Material {
    /// Opens what a task reads.
    pub(super) async fn open(
        assistant: &Assistant,
        scope: &Scope,
        case: CaseId,
        order: &Order,
    ) -> Result<Self, AnswerError> {
        let documents = &assistant.documents;
        let case = assistant.cases.find(scope, case).await.map_err(AskError::from)?;
        let mut wanted = Vec::new();
        let mut waiting = Vec::new();
        if let (TaskKind::Compare, [only], Some((from, to))) =
            (order.kind, order.documents.as_slice(), order.versions)
        {
            wanted.extend([(*only, Some(from)), (*only, Some(to))]);
        } else if order.documents.is_empty() {
            // Oldest first, as the file grew.
            let all = documents.list(scope, case.id).await.map_err(AskError::from)?;
            for document in all.into_iter().rev() {
                let version = documents.read_version(scope, &document, None).await;
                match version {
                    Ok(version) => wanted.push((document.id, Some(version.number))),
                    Err(_) => waiting.push(document.title),
                }
            }
        } else {
            wanted.extend(order.documents.iter().map(|&id| (id, None)));
        }
        let mut material = Self {
            subjects: Vec::new(),
            passages: Vec::new(),
            evidence: Vec::new(),
            facts: vec![about_case(&case)],
            waiting,
        };
        for (id, number) in wanted {
            let entire = documents.entire(scope, id, number).await.map_err(AskError::from)?;
            material.add(entire);
        }
        material.evidence = (1..)
            .zip(&material.passages)
            .map(|(number, passage)| Evidence::of(number, passage))
            .collect();
        Ok(material)
    }

    fn add(&mut self, entire: Entire) {
        let Entire { document, version, passages, unreadable } = entire;
        let about = version.told().unwrap_or_default();
        let mut lines = Vec::new();
        if !about.kind.is_empty() && about.kind != "other" {
            lines.push(format!("It is a document of the kind: {}.", about.kind.replace('_', " ")));
        }
        if let Some(court) = &about.court {
            lines.push(format!("Court: {court}."));
        }
        if !about.parties.is_empty() {
            lines.push(format!("Parties: {}.", about.parties.join(" v. ")));
        }
        if !about.judges.is_empty() {
            lines.push(format!("Before: {}.", about.judges.join(", ")));
        }
        if let Some(date) = about.date.as_deref().and_then(in_words) {
            lines.push(format!("Date: {date}."));
        }
        let from = self.passages.len();
        self.passages.extend(passages);
        self.facts.push(Fact {
            number: 0,
            title: format!("What {} is", document.title),
            href: format!("/documents/{}?version={}", document.id, version.number),
            text: lines.join("\n"),
        });
        self.subjects.push(Subject {
            title: document.title,
            kind: about.kind,
            version: version.version_id,
            number: version.number,
            date: about.date.as_deref().and_then(|date| date.parse().ok()),
            passages: from..self.passages.len(),
            fact: self.facts.len() - 1,
            pages: version.pages_done,
            unreadable,
        });
    }

    /// One passage of each document, to ask whether all are still open.
    pub(super) fn witnesses(&self) -> Vec<PassageText> {
        let firsts = self.subjects.iter().map(|subject| subject.passages.start);
        firsts.filter_map(|at| self.passages.get(at).cloned()).collect()
    }

    /// How many pages there are before a passage, and in all.
    pub(super) fn page_of(&self, at: usize) -> (i64, i64) {
        let total = self.subjects.iter().map(|subject| subject.pages).sum();
        let mut before = 0;
        for subject in &self.subjects {
            if subject.passages.contains(&at) {
                let page = self.passages.get(at).map_or(1, PassageText::page);
                return (before + i64::from(page), total);
            }
            before += subject.pages;
        }
        (total, total)
    }

    /// What was read and what could not be, in words.
    pub(super) fn coverage(&self) -> String {
        let mut words = match self.subjects.as_slice() {
            [] => "There was nothing to read".to_owned(),
            [only] => format!("Read the whole of {}, {}", only.title, pages(only.pages)),
            some => {
                let total = some.iter().map(|subject| subject.pages).sum();
                format!("Read the whole of {} documents, {}", some.len(), pages(total))
            }
        };
        for subject in self.subjects.iter().filter(|subject| !subject.unreadable.is_empty()) {
            let numbers = runs(&subject.unreadable);
            let _ =
                write!(words, "; of {}, what stands on {numbers} could not be read", subject.title);
        }
        if !self.waiting.is_empty() {
            let _ = write!(words, "; not read yet: {}", self.waiting.join(", "));
        }
        words + "."
    }
}

fn about_case(case: &crate::cases::Case) -> Fact {
    let mut lines = vec![format!("Title: {}.", case.title)];
    let more = [
        ("Number", &case.number),
        ("Court", &case.court),
        ("CNR", &case.cnr),
        ("The chamber acts for", &case.client_name),
    ];
    for (name, value) in more {
        if let Some(value) = value {
            lines.push(format!("{name}: {value}."));
        }
    }
    Fact {
        number: 0,
        title: "The case".to_owned(),
        href: format!("/cases/{}", case.id),
        text: lines.join("\n"),
    }
}

fn pages(number: i64) -> String {
    format!("{number} {}", if number == 1 { "page" } else { "pages" })
}

/// `2024-03-12` as `12 March 2024`.
pub(super) fn in_words(date: &str) -> Option<String> {
    let date = chrono::NaiveDate::parse_from_str(date, "%Y-%m-%d").ok()?;
    Some(date.format("%-d %B %Y").to_string())
}

#[cfg(test)]
impl Material {
    /// One document of these passages.
    pub(super) fn of(evidence: Vec<Evidence>) -> Self {
        let subject = Subject {
            title: "Paper".to_owned(),
            kind: "order".to_owned(),
            version: VersionId::new(),
            number: 1,
            date: None,
            passages: 0..evidence.len(),
            fact: 0,
            pages: 1,
            unreadable: Vec::new(),
        };
        Self {
            subjects: vec![subject],
            passages: Vec::new(),
            evidence,
            facts: Vec::new(),
            waiting: Vec::new(),
        }
    }
}
