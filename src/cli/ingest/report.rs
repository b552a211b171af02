//! What became of each file.

use std::path::PathBuf;

use serde_json::{Value, json};

use crate::cases::Case;
use crate::cli::out;
use crate::documents::{Document, Received};
use crate::kernel::DocumentId;

/// A file as it arrived, or why it was not taken.
pub(super) struct Arrival {
    pub(super) path: PathBuf,
    pub(super) received: Result<Received, String>,
}

/// How a document ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Outcome {
    /// It can be found, perhaps with something to be said.
    Ready(Option<String>),
    /// It cannot, and why.
    Failed(String),
}

/// A document followed to its end.
pub(super) struct Watched {
    pub(super) id: DocumentId,
    pub(super) title: String,
    /// The mail it was attached to.
    pub(super) parent: Option<DocumentId>,
    /// As the tables had it last.
    pub(super) last: Option<Document>,
    pub(super) outcome: Option<Outcome>,
}

impl Watched {
    pub(super) const fn new(id: DocumentId, title: String, parent: Option<DocumentId>) -> Self {
        Self { id, title, parent, last: None, outcome: None }
    }

    fn failed(&self) -> bool {
        matches!(self.outcome, Some(Outcome::Failed(_)))
    }

    fn pages(&self) -> (i64, i64) {
        self.last.as_ref().map_or((0, 0), |last| {
            (last.version.pages_total.unwrap_or(0), last.version.pages_unreadable)
        })
    }

    fn reason(&self) -> Option<&str> {
        match &self.outcome {
            Some(Outcome::Failed(reason)) => Some(reason),
            Some(Outcome::Ready(note)) => note.as_deref(),
            None => None,
        }
    }

    /// What to say about it besides its name: pages, and what is wrong.
    fn remarks(&self) -> String {
        let (pages, unreadable) = self.pages();
        let mut remarks = Vec::new();
        if pages > 0 {
            remarks.push(out::count(pages, "page"));
        }
        if unreadable > 0 {
            remarks.push(format!("{} could not be read", out::count(unreadable, "page")));
        }
        remarks.extend(self.reason().map(str::to_owned));
        remarks.join("; ")
    }
}

/// What became of everything.
pub(super) struct Report {
    case: Case,
    opened: bool,
    arrivals: Vec<Arrival>,
    documents: Vec<Watched>,
}

impl Report {
    pub(super) fn new(
        case: &Case,
        opened: bool,
        arrivals: Vec<Arrival>,
        documents: Vec<Watched>,
    ) -> Self {
        Self { case: case.clone(), opened, arrivals, documents }
    }

    /// How many files were not taken, or became documents that cannot be found.
    pub(super) fn failed(&self) -> usize {
        let refused = self.arrivals.iter().filter(|arrival| arrival.received.is_err()).count();
        refused + self.documents.iter().filter(|document| document.failed()).count()
    }

    /// One line a file, attachments under their mail, and a sum.
    pub(super) fn print(&self) -> anyhow::Result<()> {
        let opened = if self.opened { " (opened just now)" } else { "" };
        out::line(&format!("Case: {}{opened}", self.case.title))?;
        for arrival in &self.arrivals {
            let path = arrival.path.display();
            match &arrival.received {
                Err(reason) => out::line(&format!("  not taken      {path}: {reason}"))?,
                Ok(received) => {
                    let Some(document) = self.document(received.document) else { continue };
                    let word = word(received.duplicate, document);
                    out::line(&format!("  {word:<14} {path}: {}", document.remarks()))?;
                    for attached in self.attached(document.id) {
                        let word = self::word(false, attached);
                        let remarks = attached.remarks();
                        out::line(&format!("    {word:<12} {}: {remarks}", attached.title))?;
                    }
                }
            }
        }
        let ready = self.documents.iter().filter(|document| !document.failed()).count();
        let ready = i64::try_from(ready).unwrap_or(i64::MAX);
        let sum = format!("{} ready, {} failed", out::count(ready, "document"), self.failed());
        Ok(out::line(&sum)?)
    }

    /// The same for programs.
    pub(super) fn as_json(&self) -> Value {
        let files: Vec<Value> = self.arrivals.iter().map(|arrival| self.file(arrival)).collect();
        json!({
            "case": { "id": self.case.id, "title": self.case.title, "opened": self.opened },
            "files": files,
            "failed": self.failed(),
        })
    }

    fn file(&self, arrival: &Arrival) -> Value {
        let path = arrival.path.display().to_string();
        let received = match &arrival.received {
            Err(reason) => return json!({ "path": path, "outcome": "not taken", "reason": reason }),
            Ok(received) => received,
        };
        let Some(document) = self.document(received.document) else {
            return json!({ "path": path });
        };
        let attachments: Vec<Value> =
            self.attached(document.id).map(|attached| as_json(attached, false)).collect();
        let mut file = as_json(document, received.duplicate);
        if let Some(file) = file.as_object_mut() {
            file.insert("path".to_owned(), json!(path));
            file.insert("attachments".to_owned(), json!(attachments));
        }
        file
    }

    fn document(&self, id: DocumentId) -> Option<&Watched> {
        self.documents.iter().find(|document| document.id == id)
    }

    fn attached(&self, mail: DocumentId) -> impl Iterator<Item = &Watched> {
        self.documents.iter().filter(move |document| document.parent == Some(mail))
    }
}

/// What became of a file, in a word or two.
fn word(duplicate: bool, document: &Watched) -> &'static str {
    match (document.failed(), duplicate) {
        (true, _) => "failed",
        (false, true) => "already there",
        (false, false) => "ready",
    }
}

fn as_json(document: &Watched, duplicate: bool) -> Value {
    let (pages, unreadable) = document.pages();
    json!({
        "document_id": document.id,
        "title": document.title,
        "outcome": word(duplicate, document),
        "pages": pages,
        "pages_unreadable": unreadable,
        "reason": document.reason(),
    })
}
