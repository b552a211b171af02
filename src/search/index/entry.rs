//! Entries: what is written of a version.
//!
//! A document's entry stands first and its passages after it, in order. They are
//! added as one run, which segments and merges keep together.

use chrono::NaiveDate;
use tantivy::TantivyDocument;
use tantivy::schema::Field;
use uuid::Uuid;

use super::schema::{FACETS, Fields, SEPARATOR};
use super::{IndexedPassage, IndexedVersion, authority};
use crate::search::request::FacetName;

/// The entries of a version, the document's first.
pub(super) fn entries(fields: &Fields, version: &IndexedVersion) -> Vec<TantivyDocument> {
    let mut passages: Vec<&IndexedPassage> = version.passages.iter().collect();
    passages.sort_by_key(|passage| passage.ordinal);
    let mut entries = Vec::with_capacity(passages.len() + 1);
    entries.push(document(fields, version));
    entries.extend(passages.into_iter().map(|each| passage(fields, version, each)));
    entries
}

/// The entry of a whole document.
fn document(fields: &Fields, version: &IndexedVersion) -> TantivyDocument {
    let mut entry = TantivyDocument::new();
    let columns = &fields.columns;
    entry.add_bytes(fields.organisation, version.organisation.uuid().as_bytes());
    entry.add_bytes(fields.case, version.case.uuid().as_bytes());
    entry.add_bytes(fields.document, version.document.uuid().as_bytes());
    add_id(&mut entry, columns.id, version.document.uuid());
    add_id(&mut entry, columns.version, version.version.uuid());
    add_id(&mut entry, columns.case, version.case.uuid());
    entry.add_u64(columns.passages, version.passages.len() as u64);
    entry.add_text(fields.title, &version.title);
    entry.add_text(fields.text, &version.text);
    add_words(&mut entry, fields, version);
    add_values(&mut entry, fields, version);
    entry
}

/// The entry of a passage.
fn passage(fields: &Fields, version: &IndexedVersion, passage: &IndexedPassage) -> TantivyDocument {
    let mut entry = TantivyDocument::new();
    let columns = &fields.columns;
    entry.add_bytes(fields.document, version.document.uuid().as_bytes());
    entry.add_bytes(fields.passage_case, version.case.uuid().as_bytes());
    add_id(&mut entry, columns.id, passage.id.uuid());
    entry.add_u64(columns.of_document, halves(version.document.uuid())[1]);
    entry.add_u64(columns.page, u64::from(passage.page));
    if let Some(heading) = &passage.heading {
        entry.add_text(fields.passage_text, heading);
    }
    entry.add_text(fields.passage_text, &passage.text);
    entry
}

/// What a document is and names, as words that a query's fields look for.
fn add_words(entry: &mut TantivyDocument, fields: &Fields, version: &IndexedVersion) {
    let about = &version.about;
    let mut add = |field: Field, value: &str| {
        if !value.trim().is_empty() {
            entry.add_text(field, value);
        }
    };
    add(fields.type_, &about.kind.replace('_', " "));
    add(fields.case_name, &about.case_title);
    for (field, values) in [
        (fields.judge, &about.judges),
        (fields.party, &about.parties),
        (fields.language, &about.languages),
        (fields.case_name, &about.case_numbers),
        (fields.section, &about.statutes),
    ] {
        for value in values {
            add(field, value);
        }
    }
    if let Some(court) = &about.court {
        add(fields.court, court);
    }
    if let Some((_, name)) = &about.client {
        add(fields.client, name);
    }
    for citation in about.cited.iter().flatten() {
        add(fields.cites, citation);
    }
}

/// The same as values that are filtered by and counted.
fn add_values(entry: &mut TantivyDocument, fields: &Fields, version: &IndexedVersion) {
    let about = &version.about;
    if let Some(date) = about.date {
        entry.add_i64(fields.date, days(date));
    }
    for ((name, _), field) in FACETS.iter().zip(fields.columns.facets) {
        let Some(field) = field else { continue };
        for value in distinct(values(*name, version)) {
            entry.add_text(field, value);
        }
    }
    let keys = about.cited.iter().flatten().map(|citation| authority::key(citation));
    for key in distinct(keys.collect()) {
        entry.add_text(fields.authority, key);
    }
    for group in about.cited.iter().filter(|group| group.len() > 1) {
        entry.add_text(fields.columns.parallel, group.join(&SEPARATOR.to_string()));
    }
}

/// The values of a facet.
fn values(name: FacetName, version: &IndexedVersion) -> Vec<String> {
    let about = &version.about;
    match name {
        FacetName::Case => vec![labelled(version.case.uuid(), &about.case_title)],
        FacetName::Client => {
            about.client.iter().map(|(id, name)| labelled(id.uuid(), name)).collect()
        }
        FacetName::Kind => vec![about.kind.clone()],
        FacetName::Court => about.court.iter().cloned().collect(),
        FacetName::Judge => about.judges.clone(),
        FacetName::Year => Vec::new(),
        FacetName::Party => about.parties.clone(),
        FacetName::Language => about.languages.clone(),
        FacetName::Statute => about.statutes.clone(),
        FacetName::Cited => about.cited.iter().flatten().cloned().collect(),
    }
}

/// An id with what to show for it.
fn labelled(id: Uuid, label: &str) -> String {
    format!("{id}{SEPARATOR}{label}")
}

/// Each value once; none that is empty.
fn distinct(mut values: Vec<String>) -> Vec<String> {
    values.retain(|value| !value.is_empty());
    values.sort_unstable();
    values.dedup();
    values
}

fn add_id(entry: &mut TantivyDocument, fields: [Field; 2], id: Uuid) {
    for (field, half) in fields.into_iter().zip(halves(id)) {
        entry.add_u64(field, half);
    }
}

/// The upper and the lower half of an id.
pub(super) fn halves(id: Uuid) -> [u64; 2] {
    let (high, low) = id.as_u64_pair();
    [high, low]
}

/// Days from 1970-01-01 to a date.
pub(super) fn days(date: NaiveDate) -> i64 {
    i64::from(date.to_epoch_days())
}
