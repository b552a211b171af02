//! Sample pages on which what is known of a case is changed.

use super::CaseTab;
use super::pages::{
    ClosePage, EditPage, FieldForm, FieldsPage, Line, NoteRow, NotesPage, NumberLine, OwnField,
    PartiesPage, PartyForm, VakalatnamaForm,
};
use super::tabs::CaseTabs;
use crate::kernel::Role;
use crate::web::page::{Area, Layout};
use crate::web::parts::samples::{id, moment, text};
use crate::web::parts::{Choice, Field};

fn layout(title: &str) -> Layout {
    Layout::sample(title, Area::Cases, Role::Advocate)
}

fn choice(value: &str, label: &str) -> Choice {
    Choice { value: text(value), label: text(label), chosen: value == "own" }
}

impl EditPage {
    pub(crate) fn sample() -> Self {
        let line = |name, label, kind, value: &str| Line {
            name,
            label,
            kind,
            field: Field::of(value),
            hint: "",
            courts: name == "court",
        };
        Self {
            layout: layout("Edit the case"),
            tabs: CaseTabs::sample(CaseTab::Overview),
            revision: 3,
            problem: Some(text("Somebody else changed this meanwhile.")),
            clashes: vec![("Stage", text("arguments"), text("evidence"))],
            warnings: vec![text("The CNR `DLHC` does not have the usual form.")],
            groups: vec![
                ("The case", vec![line("title", "Title", "text", "Sharma v. Kapoor")]),
                ("The court", vec![line("court", "Court", "text", "High Court of Delhi")]),
                ("FIR", vec![line("offence_on", "Day of the offence", "date", "")]),
            ],
            numbers: vec![NumberLine {
                number: text("CS(COMM) 45/2025"),
                kinds: vec![choice("own", "case number"), choice("old", "old number")],
            }],
            levels: vec![choice("high", "High Court")],
            clients: vec![choice("1", "Sharma Textiles Pvt. Ltd.")],
            acts: Field::default(),
            summary: Field::refused("x", "This is too long."),
            fields: vec![
                OwnField {
                    id: id(61),
                    label: text("Rack"),
                    kind: "text",
                    choices: Vec::new(),
                    value: text("B-12"),
                    required: true,
                    error: None,
                },
                OwnField {
                    id: id(62),
                    label: text("Colour"),
                    kind: "choice",
                    choices: vec![choice("red", "red")],
                    value: String::new(),
                    required: true,
                    error: Some(text("Say something under “Colour”.")),
                },
            ],
            courts: vec![text("High Court of Delhi")],
            tags: Field::of("commercial, urgent"),
        }
    }
}

impl PartiesPage {
    pub(crate) fn sample() -> Self {
        let vakalatnama = VakalatnamaForm {
            id: Some(id(72)),
            parties: text("Sharma Textiles"),
            advocates: text("Ananya Mehta"),
            state_words: "on record",
            states: vec![choice("on_record", "on record")],
            documents: vec![choice("1", "Vakalatnama")],
            ..VakalatnamaForm::default()
        };
        Self {
            layout: layout("Parties"),
            tabs: CaseTabs::sample(CaseTab::Parties),
            problem: Some(text("Say how the party is called.")),
            parties: vec![PartyForm {
                id: Some(id(71)),
                name: text("Kapoor Mills"),
                role: text("defendant"),
                ours: false,
                counsel: text("S. Khan (D/1234/2010)"),
            }],
            new: PartyForm::default(),
            new_vakalatnama: VakalatnamaForm { id: None, ..vakalatnama.clone() },
            vakalatnamas: vec![vakalatnama],
            checks: vec![(id(81), text("1 possible conflict"))],
            may_change: true,
        }
    }

    pub(crate) fn sample_empty() -> Self {
        let page = Self::sample();
        let (parties, vakalatnamas) = (Vec::new(), Vec::new());
        Self { problem: None, parties, vakalatnamas, may_change: false, ..page }
    }
}

impl NotesPage {
    pub(crate) fn sample() -> Self {
        Self {
            layout: layout("Notes"),
            tabs: CaseTabs::sample(CaseTab::Notes),
            problem: None,
            draft: String::new(),
            notes: vec![NoteRow {
                id: id(81),
                text: text("The client prefers to settle."),
                pinned: true,
                author: text("R. Iyer"),
                written: moment(-900),
                edited: Some(moment(-60)),
                may_edit: true,
                may_delete: true,
            }],
            may_change: true,
        }
    }

    pub(crate) fn sample_empty() -> Self {
        Self { notes: Vec::new(), ..Self::sample() }
    }
}

impl ClosePage {
    pub(crate) fn sample() -> Self {
        Self {
            layout: layout("Close the case"),
            tabs: CaseTabs::sample(CaseTab::Overview),
            problem: None,
            closed: None,
            open: vec![(text("₹7,500.00 is not billed"), text("/cases/1/money"))],
            shared: 2,
            shown: true,
            disposals: vec![choice("allowed", "Allowed")],
            closed_on: text("2026-11-20"),
            note: String::new(),
            reason: String::new(),
            may_decide: true,
        }
    }

    pub(crate) fn sample_closed() -> Self {
        Self { closed: Some(text("Closed on 3 Nov 2026: dismissed")), ..Self::sample() }
    }
}

impl FieldsPage {
    pub(crate) fn sample() -> Self {
        let rack = FieldForm {
            id: Some(id(61)),
            name: text("Rack"),
            kind: "text",
            kind_words: "a line of text",
            ..FieldForm::default()
        };
        Self {
            layout: Layout::sample("Case fields", Area::CaseFields, Role::Admin),
            problem: None,
            fields: vec![rack.clone(), FieldForm { id: Some(id(62)), archived: true, ..rack }],
            new: FieldForm::default(),
            kinds: vec![choice("text", "a line of text"), choice("choice", "a choice")],
        }
    }

    pub(crate) fn sample_empty() -> Self {
        Self { fields: Vec::new(), ..Self::sample() }
    }
}
