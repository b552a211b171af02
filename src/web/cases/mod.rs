//! Cases: the list, a new one, one case with its documents and team, failed work.

mod glance;
mod imports;
mod pages;
mod tabs;

use askama::Template;

use super::answer::{Block, Inline};
use super::assistant::PinnedView;
use super::page::{Layout, pages};
use super::parts::{CaseRef, Choice, DocumentRef, Field};
use super::proposals::ProposalRow;
use super::show::{Day, Moment, about, counted};
use crate::kernel::{CaseId, DocumentId, JobId, UserId};

pub use glance::{BranchLine, Fresh, Glance, Listed, Owing, PartyLine, Todo};
pub use imports::{ImportListPage, ImportPage, ImportRow};
pub use pages::{
    ClosePage, EditPage, FieldForm, FieldsPage, Line, NoteRow, NotesPage, NumberLine, OwnField,
    PartiesPage, PartyForm, VakalatnamaForm,
};
pub use tabs::{CaseTab, CaseTabs, Tab};

/// The cases open to the reader.
#[derive(Debug, Clone, Template)]
#[template(path = "cases/list.html")]
pub struct CasesPage {
    /// The frame.
    pub layout: Layout,
    /// The words the list is narrowed to.
    pub filter: String,
    /// Whether it is narrowed at all.
    pub narrowed: bool,
    /// Whether it is narrowed by more than words.
    pub narrows: bool,
    /// What it can be narrowed and sorted by.
    pub selects: Vec<RegisterSelect>,
    /// Whether the chamber has fields of its own, of which one may say something.
    pub has_fields: bool,
    /// What the field says.
    pub value: String,
    /// How many cases there are in all.
    pub total: usize,
    /// The address of the same list as CSV.
    pub csv: String,
    /// The cases.
    pub cases: Vec<CaseRow>,
    /// The address of the next page of the list.
    pub next: Option<String>,
}

/// A drop-down list over the register.
#[derive(Debug, Clone)]
pub struct RegisterSelect {
    /// What the form sends.
    pub name: &'static str,
    /// The label.
    pub label: &'static str,
    /// The words for no choice; none where one is always chosen.
    pub blank: &'static str,
    /// What can be chosen.
    pub choices: Vec<Choice>,
}

/// A case in a list.
#[derive(Debug, Clone)]
pub struct CaseRow {
    /// Which case.
    pub id: CaseId,
    /// Its title.
    pub title: String,
    /// Its number, as the court writes it.
    pub number: Option<String>,
    /// The court.
    pub court: Option<String>,
    /// Whom the chamber acts for.
    pub client: Option<String>,
    /// Documents in it; none when what is in it is not open to the reader.
    pub documents: Option<u64>,
    /// Documents still being read.
    pub reading: u64,
    /// Documents that could not be read.
    pub failed: u64,
    /// When something last happened in it.
    pub touched: Moment,
    /// The stage it is at.
    pub stage: Option<String>,
    /// When it is listed next.
    pub next: Option<Day>,
    /// Its tags.
    pub tags: Vec<String>,
    /// Whether it is closed.
    pub closed: bool,
}

/// The form that opens a case.
#[derive(Debug, Clone, Template)]
#[template(path = "cases/new.html")]
pub struct NewCasePage {
    /// The frame.
    pub layout: Layout,
    /// The title.
    pub title: Field,
    /// The case number.
    pub number: Field,
    /// The court.
    pub court: Field,
    /// The CNR.
    pub cnr: Field,
    /// The clients the chamber has; the form sends `client`.
    pub clients: Vec<Choice>,
    /// The name of a client it does not have yet.
    pub new_client: Field,
    /// The chamber's own fields in which something must be said.
    pub fields: Vec<OwnField>,
    /// Names of courts to choose from while typing.
    pub courts: Vec<String>,
    /// Anything wrong with the whole.
    pub problem: Option<String>,
}

/// One case.
#[derive(Debug, Clone, Template)]
#[template(path = "cases/case.html")]
pub struct CasePage {
    /// The frame.
    pub layout: Layout,
    /// What the case is.
    pub facts: CaseFacts,
    /// Its documents, the latest first.
    pub documents: Vec<DocumentRow>,
    /// The address of the next page of documents.
    pub next: Option<String>,
    /// Who works on it.
    pub members: Vec<Member>,
    /// Who could be added; empty when the reader may not add anyone.
    pub candidates: Vec<Choice>,
    /// Whether what is in the case is open to the reader.
    pub is_open: bool,
    /// Whether the reader may add and change documents.
    pub may_change: bool,
    /// Whether the reader may change the team.
    pub may_manage: bool,
    /// Who reads this, who may leave the case.
    pub reader: UserId,
    /// What may be uploaded.
    pub limits: UploadLimits,
    /// Pieces of work that failed for good.
    pub failed: u64,
    /// The pages of the case.
    pub tabs: CaseTabs,
    /// What happened last, what is next, what is owed, what is new.
    pub glance: Glance,
    /// How it can come from another case.
    pub link_kinds: Vec<Choice>,
    /// What waits for approval in it.
    pub proposals: Vec<ProposalRow>,
    /// Answers pinned in it.
    pub pinned: Vec<PinnedView>,
}

/// What a case is.
#[derive(Debug, Clone)]
pub struct CaseFacts {
    /// Which case.
    pub id: CaseId,
    /// Its title.
    pub title: String,
    /// Its number, as the court writes it.
    pub number: Option<String>,
    /// The court.
    pub court: Option<String>,
    /// The CNR.
    pub cnr: Option<String>,
    /// Whom the chamber acts for; without a client nothing can be shared.
    pub client: Option<String>,
    /// When it was registered.
    pub opened: Day,
    /// Documents in it.
    pub documents: u64,
    /// Pages in them.
    pub pages: u64,
}

/// Someone who works on a case.
#[derive(Debug, Clone)]
pub struct Member {
    /// Who.
    pub id: UserId,
    /// Their name.
    pub name: String,
    /// What they are, in a word.
    pub role: String,
    /// What they may do in the case: `lead`, `member`, `viewer`.
    pub does: &'static str,
    /// Whether the case is closed to them all the same.
    pub shut_out: bool,
}

impl CasePage {
    /// The roles in a case: as the form sends them and in words.
    #[must_use]
    pub fn roles(&self) -> [(&'static str, &'static str); 3] {
        [("lead", "leads"), ("member", "works on it"), ("viewer", "may read")]
    }
}

impl Member {
    /// What they may do in the case, in words.
    #[must_use]
    pub fn does_words(&self) -> &'static str {
        match self.does {
            "lead" => "leads the case",
            "viewer" => "may read",
            _ => "works on it",
        }
    }
}

/// What may be uploaded.
#[derive(Debug, Clone)]
pub struct UploadLimits {
    /// The largest file, in MiB.
    pub max_mib: u64,
    /// The kinds of file read, as a sentence part: `PDF, Word, mail, text and images`.
    pub kinds: String,
}

/// A document of a case.
#[derive(Debug, Clone)]
pub struct DocumentRow {
    /// Which document.
    pub id: DocumentId,
    /// Its title.
    pub title: String,
    /// What kind of file it is: `PDF`, `Word`, `Mail`.
    pub kind: String,
    /// Its latest version.
    pub version: u32,
    /// When it was added.
    pub added: Moment,
    /// By whom.
    pub added_by: String,
    /// How far it has been read.
    pub state: ReadState,
    /// Whether the client sees it.
    pub shared: bool,
}

/// How far a document has been read.
#[derive(Debug, Clone)]
pub struct ReadState {
    /// The stage.
    pub stage: Stage,
    /// Pages read.
    pub pages_done: u32,
    /// Pages in all, once known.
    pub pages_total: Option<u32>,
    /// Pages that could not be read.
    pub pages_failed: u32,
    /// Whether word search finds it.
    pub searchable: bool,
    /// Whether search by meaning finds it.
    pub semantic: bool,
    /// Why it failed.
    pub error: Option<String>,
    /// The failed work, to try again.
    pub job: Option<JobId>,
    /// Seconds left, as estimated.
    pub eta_secs: Option<u64>,
}

/// A stage of reading; the words of the `progress` event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Waiting for its turn.
    Queued,
    /// Its pages are being read.
    Reading,
    /// Its text is being put into the indexes.
    Indexing,
    /// All done.
    Ready,
    /// Given up.
    Failed,
}

impl Stage {
    /// The word of the `progress` event.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Reading => "reading",
            Self::Indexing => "indexing",
            Self::Ready => "ready",
            Self::Failed => "failed",
        }
    }
}

impl ReadState {
    /// The state in words. `progress.js` says the same as events arrive.
    #[must_use]
    pub fn words(&self) -> String {
        let found = if self.semantic {
            "Searchable by words and meaning"
        } else if self.searchable {
            "Searchable by words"
        } else {
            ""
        };
        match self.stage {
            Stage::Queued => String::from("Waiting to be read"),
            Stage::Reading => self.reading_words(),
            Stage::Indexing if self.searchable => format!("{found}; meaning follows"),
            Stage::Indexing => String::from("Preparing search"),
            Stage::Ready if found.is_empty() => String::from("Read; no text found to search"),
            Stage::Ready => found.to_owned(),
            Stage::Failed => String::from("Could not be read"),
        }
    }

    fn reading_words(&self) -> String {
        let left = self.eta_secs.map(|secs| format!(", {} left", about(secs))).unwrap_or_default();
        match self.pages_total {
            Some(total) => {
                let page = (self.pages_done + 1).min(total);
                format!("Reading page {page} of {total}{left}")
            }
            None => format!("Reading{left}"),
        }
    }

    /// Whether something is still happening.
    #[must_use]
    pub const fn is_busy(&self) -> bool {
        matches!(self.stage, Stage::Queued | Stage::Reading | Stage::Indexing)
    }

    /// Pages that could not be read, in words, when there are any.
    #[must_use]
    pub fn gaps(&self) -> Option<String> {
        let pages = counted(self.pages_failed, "page", "pages");
        (self.pages_failed > 0).then(|| format!("{pages} could not be read"))
    }
}

/// Work that failed for good, in one case.
#[derive(Debug, Clone, Template)]
#[template(path = "cases/failed.html")]
pub struct FailedPage {
    /// The frame.
    pub layout: Layout,
    /// The case.
    pub case: CaseRef,
    /// What failed.
    pub work: Vec<FailedWork>,
}

/// A piece of work that failed for good.
#[derive(Debug, Clone)]
pub struct FailedWork {
    /// Which piece.
    pub job: JobId,
    /// What was to be done: `Read the document`.
    pub what: String,
    /// The document it was for.
    pub document: Option<DocumentRef>,
    /// Why it failed, in a sentence.
    pub reason: String,
    /// How often it was tried.
    pub attempts: u32,
    /// When it was given up.
    pub failed: Moment,
}

pages!(CasesPage, NewCasePage, CasePage, FailedPage);

#[cfg(test)]
mod page_samples;
#[cfg(test)]
mod samples;
