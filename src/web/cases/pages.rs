//! The pages on which what is known of a case is changed: its file, parties, notes, end.

use askama::Template;

use super::CaseTabs;
use crate::kernel::{CaseFieldId, ConflictCheckId, NoteId, PartyId, VakalatnamaId};
use crate::web::page::{Layout, pages};
use crate::web::parts::{Choice, Field};
use crate::web::show::Moment;

/// What is known of a case, as a form.
#[derive(Debug, Clone, Template)]
#[template(path = "cases/edit.html")]
pub struct EditPage {
    /// The frame.
    pub layout: Layout,
    /// The case.
    pub tabs: CaseTabs,
    /// The revision the form was made on.
    pub revision: i64,
    /// Anything wrong with the whole.
    pub problem: Option<String>,
    /// What somebody else changed meanwhile: the field, what was sent, what stands now.
    pub clashes: Vec<(&'static str, String, String)>,
    /// What may be a slip.
    pub warnings: Vec<String>,
    /// The fields of one line, by the heading they stand under.
    pub groups: Vec<(&'static str, Vec<Line>)>,
    /// The numbers of the case: number and kind.
    pub numbers: Vec<NumberLine>,
    /// The level of the court.
    pub levels: Vec<Choice>,
    /// The clients; empty where the reader may not change whom the case is for.
    pub clients: Vec<Choice>,
    /// The acts.
    pub acts: Field,
    /// What it is about.
    pub summary: Field,
    /// The chamber's own fields.
    pub fields: Vec<OwnField>,
    /// Courts to choose from while typing.
    pub courts: Vec<String>,
    /// Tags, between commas.
    pub tags: Field,
}

/// A field of one line in a form.
#[derive(Debug, Clone)]
pub struct Line {
    /// What the form sends.
    pub name: &'static str,
    /// The label.
    pub label: &'static str,
    /// `text` or `date`.
    pub kind: &'static str,
    /// What it holds.
    pub field: Field,
    /// What to know of it.
    pub hint: &'static str,
    /// Whether courts are suggested.
    pub courts: bool,
}

/// A number of a case in the form.
#[derive(Debug, Clone)]
pub struct NumberLine {
    /// The number.
    pub number: String,
    /// The kinds, with the one it is.
    pub kinds: Vec<Choice>,
}

/// A field of the chamber's own in the form.
#[derive(Debug, Clone)]
pub struct OwnField {
    /// Which.
    pub id: CaseFieldId,
    /// Its label.
    pub label: String,
    /// `text`, `number`, `date` or `choice`.
    pub kind: &'static str,
    /// Of a choice, the words.
    pub choices: Vec<Choice>,
    /// What it holds.
    pub value: String,
    /// Whether something must be said.
    pub required: bool,
    /// What is wrong with it.
    pub error: Option<String>,
}

/// The parties of a case and the authorities to appear.
#[derive(Debug, Clone, Template)]
#[template(path = "cases/parties.html")]
pub struct PartiesPage {
    /// The frame.
    pub layout: Layout,
    /// The case.
    pub tabs: CaseTabs,
    /// What was wrong with the form just sent.
    pub problem: Option<String>,
    /// The parties.
    pub parties: Vec<PartyForm>,
    /// The form for another.
    pub new: PartyForm,
    /// The authorities to appear.
    pub vakalatnamas: Vec<VakalatnamaForm>,
    /// The form for another.
    pub new_vakalatnama: VakalatnamaForm,
    /// Conflict checks that wait for a decision: which, and how many matches, in words.
    pub checks: Vec<(ConflictCheckId, String)>,
    /// Whether the reader may change them.
    pub may_change: bool,
}

/// A party as a form.
#[derive(Debug, Clone, Default)]
pub struct PartyForm {
    /// Which; none for a new one.
    pub id: Option<PartyId>,
    /// How they are called.
    pub name: String,
    /// As the court calls them.
    pub role: String,
    /// Whether the chamber acts for them.
    pub ours: bool,
    /// Their advocates, a line each, with the enrolment number in brackets.
    pub counsel: String,
}

/// An authority to appear as a form.
#[derive(Debug, Clone, Default)]
pub struct VakalatnamaForm {
    /// Which; none for a new one.
    pub id: Option<VakalatnamaId>,
    /// For whom.
    pub parties: String,
    /// As what.
    pub capacity: String,
    /// By whom.
    pub advocates: String,
    /// In which court.
    pub court: String,
    /// When it was signed.
    pub signed_on: String,
    /// When it ended.
    pub ended_on: String,
    /// Of the certificate of the advocate before.
    pub noc: String,
    /// How far it is, in words.
    pub state_words: &'static str,
    /// How far it can be.
    pub states: Vec<Choice>,
    /// The documents of the case.
    pub documents: Vec<Choice>,
}

impl PartiesPage {
    /// The form for another party.
    #[must_use]
    pub const fn new_party(&self) -> &PartyForm {
        &self.new
    }

    /// The form for another authority to appear.
    #[must_use]
    pub const fn new_paper(&self) -> &VakalatnamaForm {
        &self.new_vakalatnama
    }
}

impl PartyForm {
    /// The end of the ids of its controls.
    #[must_use]
    pub fn key(&self) -> String {
        self.id.map_or_else(|| String::from("new"), |id| id.to_string())
    }
}

impl VakalatnamaForm {
    /// The end of the ids of its controls.
    #[must_use]
    pub fn key(&self) -> String {
        self.id.map_or_else(|| String::from("new"), |id| id.to_string())
    }
}

/// The notes of a case.
#[derive(Debug, Clone, Template)]
#[template(path = "cases/notes.html")]
pub struct NotesPage {
    /// The frame.
    pub layout: Layout,
    /// The case.
    pub tabs: CaseTabs,
    /// What was wrong with the form just sent.
    pub problem: Option<String>,
    /// What was typed for a new note.
    pub draft: String,
    /// The notes.
    pub notes: Vec<NoteRow>,
    /// Whether the reader may write.
    pub may_change: bool,
}

/// A note on a page.
#[derive(Debug, Clone)]
pub struct NoteRow {
    /// Which.
    pub id: NoteId,
    /// What it says.
    pub text: String,
    /// Whether it is pinned.
    pub pinned: bool,
    /// Who wrote it.
    pub author: String,
    /// When.
    pub written: Moment,
    /// When it was changed.
    pub edited: Option<Moment>,
    /// Whether the reader may change its words.
    pub may_edit: bool,
    /// Whether the reader may delete it.
    pub may_delete: bool,
}

/// What stands open in a case that is to be closed.
#[derive(Debug, Clone, Template)]
#[template(path = "cases/close.html")]
pub struct ClosePage {
    /// The frame.
    pub layout: Layout,
    /// The case.
    pub tabs: CaseTabs,
    /// What was wrong with the form just sent.
    pub problem: Option<String>,
    /// Whether it is closed, and how.
    pub closed: Option<String>,
    /// What stands open: words, and where to see to it.
    pub open: Vec<(String, String)>,
    /// How many documents are shared with the client.
    pub shared: u64,
    /// Whether the case is shown to the client.
    pub shown: bool,
    /// How it can end.
    pub disposals: Vec<Choice>,
    /// The day.
    pub closed_on: String,
    /// What is to be known.
    pub note: String,
    /// Why it is opened again.
    pub reason: String,
    /// Whether the reader may decide.
    pub may_decide: bool,
}

/// The chamber's own fields.
#[derive(Debug, Clone, Template)]
#[template(path = "cases/fields.html")]
pub struct FieldsPage {
    /// The frame.
    pub layout: Layout,
    /// What was wrong with the form just sent.
    pub problem: Option<String>,
    /// The fields.
    pub fields: Vec<FieldForm>,
    /// The form for another.
    pub new: FieldForm,
    /// What a field can hold.
    pub kinds: Vec<Choice>,
}

/// A field as a form.
#[derive(Debug, Clone, Default)]
pub struct FieldForm {
    /// Which; none for a new one.
    pub id: Option<CaseFieldId>,
    /// Its name.
    pub name: String,
    /// What it holds, as sent.
    pub kind: &'static str,
    /// What it holds, in words.
    pub kind_words: &'static str,
    /// Of a choice, the words, a line each.
    pub choices: String,
    /// Whether something must be said.
    pub required: bool,
    /// Whether it is shown no more.
    pub archived: bool,
}

pages!(EditPage, PartiesPage, NotesPage, ClosePage, FieldsPage);
