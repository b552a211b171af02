//! What belongs to a subject: its rows, everything that names them, and the traces
//! of it elsewhere.

use std::collections::{BTreeMap, BTreeSet};

use uuid::Uuid;

use super::super::{Subject, store};
use super::{SHORTEST_MARK, books};
use crate::db::{Catalogue, DbError, Reference, Rows, Tx};
use crate::kernel::OrganisationId;

/// References that are not followed: what names the row stays.
const KEPT: &[(&str, &str)] = &[("users", "client_id")];
/// References that are emptied: the ledger keeps what a call cost, not what it was for.
pub(super) const EMPTIED: &[(&str, &str)] = &[
    ("model_calls", "case_id"),
    ("model_calls", "conversation_id"),
    ("model_calls", "invoice_line_id"),
    ("vakalatnamas", "document_id"),
    ("fee_agreements", "letter_document_id"),
];
/// Rows about a person that stay when the person goes: who did what, what it cost.
const OF_RECORD: &[&str] = &["audit_log", "model_calls", "golden_runs", "time_entries", "rates"];
/// A title shorter than this is not looked for: it would be found everywhere.
const SHORTEST_TITLE: usize = 8;

/// What belongs to a subject.
#[derive(Debug, Clone, Default)]
pub(super) struct Survey {
    /// How it is called.
    pub(super) name: String,
    /// Names by which traces are looked for.
    pub(super) marks: Vec<String>,
    /// The rows that go, by table.
    pub(super) rows: Rows,
    /// The people whose names are taken out.
    pub(super) people: BTreeSet<Uuid>,
    /// The rows of the books that stay, by table.
    pub(super) books: BTreeMap<String, u64>,
    /// Addresses that letters went to.
    pub(super) addresses: Vec<String>,
}

impl Survey {
    /// The rows of a table that go.
    pub(super) fn of(&self, table: &str) -> BTreeSet<Uuid> {
        self.rows.get(table).cloned().unwrap_or_default()
    }

    /// Whether clients stay as rows without a name, since people who signed in or the books
    /// refer to them.
    pub(super) fn keeps_clients(&self) -> bool {
        !self.people.is_empty() || !self.books.is_empty()
    }

    /// The versions that go.
    pub(super) fn versions(&self) -> BTreeSet<Uuid> {
        self.of("versions")
    }

    fn add(&mut self, table: &str, ids: impl IntoIterator<Item = Uuid>) {
        let mut ids = ids.into_iter().peekable();
        if ids.peek().is_some() {
            self.rows.entry(table.to_owned()).or_default().extend(ids);
        }
    }
}

pub(super) fn is_kept(reference: &Reference) -> bool {
    named(KEPT, reference)
}

pub(super) fn is_emptied(reference: &Reference) -> bool {
    named(EMPTIED, reference)
}

fn named(list: &[(&str, &str)], reference: &Reference) -> bool {
    list.contains(&(reference.table.as_str(), reference.column.as_str()))
}

/// The columns that name the person a row is about, where the row goes with them.
pub(super) fn about_people(catalogue: &Catalogue) -> impl Iterator<Item = &Reference> {
    catalogue.references.iter().filter(|reference| {
        reference.target == "users"
            && reference.column == "user_id"
            && !OF_RECORD.contains(&reference.table.as_str())
    })
}

/// Surveys a subject; none when it is not there. Traces are looked for by the marks
/// given, or else by the subject's own names.
pub(super) async fn survey(
    tx: &mut Tx,
    catalogue: &Catalogue,
    organisation: OrganisationId,
    subject: Subject,
    marks: Option<Vec<String>>,
) -> Result<Option<Survey>, DbError> {
    let Some(mut found) = begin(tx, organisation, subject).await? else { return Ok(None) };
    if let Some(marks) = marks {
        found.marks = marks;
    }
    for reference in about_people(catalogue) {
        if catalogue.has_ids(&reference.table) {
            let ids = tx.ids_in(&reference.table, &reference.column, &found.people).await?;
            found.add(&reference.table, ids);
        }
    }
    follow(tx, catalogue, &mut found.rows).await?;
    traces(tx, organisation, &mut found).await?;
    follow(tx, catalogue, &mut found.rows).await?;
    books::set_aside(tx, &mut found).await?;
    found.rows.retain(|_, ids| !ids.is_empty());
    Ok(Some(found))
}

/// The subject itself and what it is called.
async fn begin(
    tx: &mut Tx,
    organisation: OrganisationId,
    subject: Subject,
) -> Result<Option<Survey>, DbError> {
    let mut found = Survey::default();
    let long = |text: &Option<String>, least: usize| {
        text.clone().filter(|text| text.chars().count() >= least)
    };
    match subject {
        Subject::Client(id) => {
            let Some(client) = store::client(tx, organisation, id).await? else { return Ok(None) };
            found.marks.extend(long(&Some(client.name.clone()), SHORTEST_MARK));
            found.marks.extend(long(&client.email, SHORTEST_MARK));
            found.marks.extend(long(&client.phone, SHORTEST_MARK));
            found.addresses.extend(client.email.into_iter().chain(client.phone));
            found.name = client.name;
            found.add("clients", [id.uuid()]);
            for person in store::people_of(tx, id).await? {
                found.addresses.push(person.email);
                found.people.insert(person.id);
            }
        }
        Subject::Case(id) => {
            let Some(case) = store::case(tx, organisation, id).await? else { return Ok(None) };
            found.marks.extend(long(&Some(case.title.clone()), SHORTEST_TITLE));
            found.marks.extend(long(&case.number, SHORTEST_TITLE));
            found.marks.extend(long(&case.cnr, SHORTEST_TITLE));
            found.name = case.title;
            found.add("cases", [id.uuid()]);
        }
        Subject::Document(id) => {
            let Some(title) = store::document_title(tx, organisation, id).await? else {
                return Ok(None);
            };
            found.name = title;
            found.add("documents", [id.uuid()]);
        }
        Subject::User(id) => {
            let Some(person) = store::person(tx, organisation, id).await? else { return Ok(None) };
            found.marks.push(person.email.clone());
            found.name = person.name;
            found.addresses.push(person.email);
            found.people.insert(person.id);
        }
    }
    Ok(Some(found))
}

/// Adds every row that names one of these rows, and so on.
async fn follow(tx: &mut Tx, catalogue: &Catalogue, rows: &mut Rows) -> Result<(), DbError> {
    let mut front = rows.clone();
    while !front.is_empty() {
        let mut next = Rows::new();
        for reference in &catalogue.references {
            let Some(ids) = front.get(&reference.target) else { continue };
            if is_kept(reference) || is_emptied(reference) || !catalogue.has_ids(&reference.table) {
                continue;
            }
            let known = rows.entry(reference.table.clone()).or_default();
            let found = tx.ids_in(&reference.table, &reference.column, ids).await?;
            let new: BTreeSet<Uuid> = found.difference(known).copied().collect();
            if !new.is_empty() {
                known.extend(&new);
                next.entry(reference.table.clone()).or_default().extend(new);
            }
        }
        front = next;
    }
    Ok(())
}

/// Adds what speaks of it elsewhere: conversations whose answers rest on its documents
/// or that name it, searches kept, golden questions, exports made earlier.
async fn traces(
    tx: &mut Tx,
    organisation: OrganisationId,
    found: &mut Survey,
) -> Result<(), DbError> {
    let versions = found.versions();
    let answers = store::answers_citing(tx, &versions).await?;
    found.add("conversations", answers);
    let questions = store::questions_expecting(tx, &found.of("documents")).await?;
    found.add("golden_questions", questions);
    for id in found.of("cases").into_iter().chain(found.of("documents")) {
        let exports = store::exports_telling(tx, id).await?;
        found.add("exports", exports);
    }
    for mark in found.marks.clone() {
        let conversations = store::conversations_naming(tx, organisation, &mark).await?;
        found.add("conversations", conversations);
        let questions = store::golden_naming(tx, organisation, &mark).await?;
        found.add("golden_questions", questions);
    }
    if !found.of("cases").is_empty() || !found.of("clients").is_empty() {
        let lists = store::imports_of(tx, organisation).await?;
        found.add("imports", lists);
    }
    let ids: Vec<String> = ["cases", "clients", "documents"]
        .into_iter()
        .flat_map(|table| found.of(table))
        .map(|id| id.to_string())
        .collect();
    let marks: Vec<String> = found.marks.iter().map(|mark| mark.to_lowercase()).collect();
    for search in store::saved_searches(tx, organisation).await? {
        let decoded: Vec<String> = url::form_urlencoded::parse(search.search.as_bytes())
            .map(|(_, value)| value.to_lowercase())
            .chain([search.name.to_lowercase()])
            .collect();
        let speaks = |text: &String| {
            marks.iter().any(|mark| text.contains(mark)) || ids.iter().any(|id| text.contains(id))
        };
        if decoded.iter().any(speaks) {
            found.add("saved_searches", [search.id]);
        }
    }
    Ok(())
}
